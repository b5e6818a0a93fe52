"""The report in a real browser, from a file and without a network."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from ripeness.views.report import write_report

OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What text may be at least against its ground (WCAG 2.2, 1.4.3).
CONTRAST = """() => {
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const ground = light(rgb(getComputedStyle(document.body).backgroundColor));
  const texts = [...document.querySelectorAll("body *, .chart text")].filter((element) =>
    element.checkVisibility() && !element.closest('[data-chart="map"]')
    && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  return Math.min(...texts.map((element) => {
    const style = getComputedStyle(element);
    const ink = light(rgb(element.closest("svg.marks") ? style.fill : style.color));
    return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
  }));
}"""


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None and os.environ.get("RIPENESS_REQUIRE_BROWSER") != "1":
        pytest.skip("no chromium found; install it, or set RIPENESS_REQUIRE_BROWSER=1 to insist")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory, run_folder, verdicts, case, record_folder):
    file = tmp_path_factory.mktemp("report") / "report.html"
    return write_report(file, run_folder, verdicts, case, record_folder).as_uri()


@pytest.fixture
def opened(browser, report):
    """Open the report; on closing, nothing may have been asked of the network or complained of."""
    pages, complaints = [], []

    def at(width, scheme="light"):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url))
        page.goto(report)
        page.wait_for_function(
            "document.querySelectorAll('.screen svg').length"
            " === document.querySelectorAll('.screen').length"
        )
        pages.append(page)
        return page

    yield at
    for page in pages:
        page.close()
    assert [text for text in complaints if not text.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "dark")])
def test_it_draws_fits_and_can_be_read(opened, width, scheme):
    page = opened(width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CONTRAST) >= 4.5
    wide = page.eval_on_selector_all(
        ".chart", "all => all.filter((c) => c.scrollWidth > c.clientWidth + 1).length"
    )
    assert wide == 0


def test_charts_are_images_with_a_sentence(opened):
    page = opened(1280)
    labels = page.eval_on_selector_all(".chart[role=img]", "all => all.map((c) => c.ariaLabel)")
    assert len(labels) == page.locator(".chart").count()
    assert any("Half a year on the median is highest at" in label for label in labels)


def test_the_map_is_filled_and_names_the_ground(opened):
    svg = opened(1280).locator('[data-chart="map"] svg')
    assert "Kursk" in svg.text_content()
    box = svg.bounding_box()
    assert box["width"] > 700
    assert box["height"] > 500


def test_claims_filter_by_essay_and_kind_and_links_bring_them_back(opened):
    page = opened(1280)
    shown = page.locator(".claims tbody:visible")
    assert shown.count() == 8
    page.get_by_label("Essay").select_option("R")
    assert shown.count() == 3
    page.get_by_label("Kind").select_option("record")
    assert shown.count() == 1
    assert page.locator("#filter output").text_content() == "1 of 8 claims"
    page.locator("#R6 .against a").click()
    page.wait_for_function("!document.getElementById('L9').hidden")
    assert shown.count() == 8


def test_print_has_charts_fit_for_paper_and_the_evidence_open(opened):
    page = opened(1280)
    page.wait_for_selector(".paper svg", state="attached")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("details.evidence:not([open])").count() == 0
    assert page.locator("figure:has(.paper) .screen:visible").count() == 0
    widths = page.eval_on_selector_all(".paper svg", "all => all.map((s) => s.clientWidth)")
    assert 500 < max(widths) <= 690
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.evidence[open]").count() == 0
    assert page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")


def test_without_scripts_all_verdicts_and_tables_stand(browser, report):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(report)
    assert page.locator(".claims tbody:visible").count() == 8
    assert page.locator("#filter").is_hidden()
    assert page.locator("figure table").count() == 14
    page.close()
