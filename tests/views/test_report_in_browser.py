"""The report in a real browser, from a file and without a network."""

import pytest

import ripeness
from ripeness.views.explored import exact
from ripeness.views.report import write_report

# What text may be at least against its ground (WCAG 2.2, 1.4.3).
CONTRAST = """() => {
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const ground = light(rgb(getComputedStyle(document.body).backgroundColor));
  const texts = [...document.querySelectorAll("body *, .chart text")].filter((element) =>
    element.checkVisibility() && !element.closest("[data-map]")
    && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  return Math.min(...texts.map((element) => {
    const style = getComputedStyle(element);
    const ink = light(rgb(element.closest("svg.marks") ? style.fill : style.color));
    return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
  }));
}"""


@pytest.fixture(scope="module")
def report(tmp_path_factory, shown):
    file = tmp_path_factory.mktemp("report") / "report.html"
    return write_report(file, shown).as_uri()


@pytest.fixture(scope="module")
def opened(browser, report):
    """Open the report; in the end nothing may have been asked of the network or complained of."""
    complaints = []

    def at(width, scheme="light"):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url))
        page.goto(report)
        page.wait_for_selector(".room", state="detached")
        return page

    yield at
    assert [text for text in complaints if not text.startswith(("file:", "data:"))] == []


@pytest.fixture(scope="module")
def wide(opened):
    """The report at 1280 pixels, in light colours; each test leaves it as it was."""
    return opened(1280)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_it_draws_fits_and_can_be_read(opened, width, scheme):
    page = opened(width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CONTRAST) >= 4.5
    too_wide = "all => all.filter((chart) => chart.scrollWidth > chart.clientWidth + 1).length"
    assert page.eval_on_selector_all(".chart", too_wide) == 0
    page.close()


def test_charts_are_images_with_a_sentence(wide):
    labels = wide.eval_on_selector_all(".chart[role=img]", "all => all.map((c) => c.ariaLabel)")
    assert len(labels) == wide.locator(".chart").count()
    assert any("Half a year on the median is highest at" in label for label in labels)


def test_axes_explain_their_words_to_who_points_at_them(wide):
    axis = wide.locator(
        "[data-chart=leverage_ukraine] .role-axis-title text", has_text="stake"
    ).first
    axis.scroll_into_view_if_needed()
    at = axis.bounding_box()
    middle = [at["x"] + at["width"] / 2, at["y"] + at["height"] / 2]
    told = "([x, y]) => document.elementFromPoint(x, y)?.querySelector('title')?.textContent"
    assert wide.evaluate(told, middle).startswith("points of the stake: a side that holds all")


def test_the_map_is_filled_and_names_the_ground(wide):
    svg = wide.locator("[data-map] svg.map-picture")
    assert "Kursk" in svg.text_content()
    box = svg.bounding_box()
    assert box["width"] > 600
    assert box["height"] > 500


def test_claims_filter_by_essay_and_kind_and_links_bring_them_back(wide):
    shown = wide.locator(".claims tbody:visible")
    assert shown.count() == 8
    wide.get_by_label("Essay").select_option("R")
    assert shown.count() == 3
    wide.get_by_label("Kind").select_option("record")
    assert shown.count() == 1
    assert wide.locator("[data-filter] output").text_content() == "1 of 8 claims"
    wide.locator("#R6 .against a").click()
    wide.wait_for_function("!document.getElementById('L9').hidden")
    assert shown.count() == 8


def test_print_has_charts_fit_for_paper_and_the_evidence_open(wide):
    wide.wait_for_selector(".paper svg", state="attached")
    wide.evaluate("dispatchEvent(new Event('beforeprint'))")
    wide.emulate_media(media="print")
    assert wide.locator("details.evidence:not([open])").count() == 0
    assert wide.locator("figure:has(.paper) .screen:visible").count() == 0
    widths = wide.eval_on_selector_all(".paper svg", "all => all.map((s) => s.clientWidth)")
    assert 500 < max(widths) <= 690
    wide.evaluate("dispatchEvent(new Event('afterprint'))")
    assert wide.locator("details.evidence[open]").count() == 0
    wide.emulate_media(media="screen")
    assert wide.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")


def test_without_scripts_all_verdicts_and_tables_stand(browser, report):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(report)
    assert page.locator(".claims tbody:visible").count() == 8
    assert page.locator("[data-filter]").is_hidden()
    assert page.locator("figure table").count() == page.locator("[data-chart]").count()
    page.close()


@pytest.fixture(scope="module")
def explored(browser, tmp_path_factory, kursk_run):
    """The report of a real run, from a file."""
    run = ripeness.open_run(kursk_run)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(run.report(tmp_path_factory.mktemp("explored") / "report.html").as_uri())
    page.wait_for_selector("[data-explorer][data-ready]")
    return run, page


def test_the_explorer_works_in_a_file_and_agrees_with_python(explored):
    run, page = explored
    page.locator("[data-column=home_priority_russia] [role=slider]").nth(1).focus()
    for _ in range(5):
        page.keyboard.press("PageDown")
    inside = int(page.locator("[data-basis]").inner_text().split(" of ")[0])
    values = run.table("home_priority_russia", "plan").query("plan == 'hold'")
    high = float(values["home_priority_russia"].sort_values().iloc[inside])
    found = exact(run.shown, {"home_priority_russia": [None, high]})
    assert found["worlds"] == inside < 300
    share = page.locator("[data-verdict=R6] .told").inner_text()
    assert f"{round(100 * found['claims']['R6']['share'])}\N{NO-BREAK SPACE}%" in share


def test_the_map_plays_in_a_file(explored):
    _, page = explored
    before = page.locator("[data-map] [data-date]").inner_text()
    page.locator("[data-map] input[type=range]").focus()
    page.keyboard.press("PageUp")
    assert page.locator("[data-map] [data-date]").inner_text() != before
