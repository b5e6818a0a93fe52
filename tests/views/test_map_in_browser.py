"""The map in a real browser: slider, play, plans, views, keyboard."""

import re
from dataclasses import replace

import pytest
from test_map import KURSK_HELD

from ripeness.views import page
from ripeness.views.panels import map as map_panel

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<title>Map</title><style>{{ css }}</style></head><body><main><h2>{{ panel.title }}</h2>
{% include "panels/map.html.j2" %}</main>
<script type="application/json" id="data-map">{{ panel.data["map"] | tojson }}</script>
<script type="module">{{ script }}
startMap(document);</script></body></html>"""

# How often each class occurs among the cells.
SHADES = """() => { const found = {};
  for (const cell of document.querySelectorAll(".map .cells path"))
    found[cell.getAttribute("class")] = (found[cell.getAttribute("class")] ?? 0) + 1;
  return found; }"""


@pytest.fixture(scope="module")
def address(tmp_path_factory, shown):
    case = {**shown.case, "observed": {"held": KURSK_HELD}, "followed": {"plan": "hold"}}
    panel = map_panel.panel(replace(shown, case=case))
    assert panel is not None
    file = tmp_path_factory.mktemp("map") / "map.html"
    made = page.environment().from_string(PAGE)
    file.write_text(
        made.render(
            panel=panel,
            content=panel.content,
            css=page.style("style.css", "map.css"),
            script=page.script("map.js"),
        ),
        encoding="utf-8",
    )
    return file.as_uri()


@pytest.fixture(scope="module")
def opened(browser, address):
    """Open the map; in the end nothing may have been asked of the network or complained of."""
    complaints = []

    def at(query="", width=1280, **how):
        page = browser.new_page(viewport={"width": width, "height": 900}, **how)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url))
        page.goto(address + query)
        page.wait_for_selector("[data-frame][tabindex]")
        return page

    yield at
    assert [text for text in complaints if not text.startswith(("file:", "data:"))] == []


@pytest.fixture
def opened_map(opened):
    page = opened()
    yield page
    page.close()


def day(page):
    return page.locator("[data-date]").text_content()


def test_it_begins_on_the_day_of_the_decision_as_it_was_drawn_without_scripts(browser, address):
    with_scripts = browser.new_page()
    with_scripts.goto(address)
    with_scripts.wait_for_selector("[data-frame][tabindex]")
    without = browser.new_context(java_script_enabled=False).new_page()
    without.goto(address)
    # Without scripts the picture is there, and nothing that would not work.
    assert without.locator(".map-picture").bounding_box()["height"] > 400
    assert without.locator(".map-controls").is_hidden()
    for part in ("[data-picture] .cells", "[data-told]", "[data-date]", "[data-track]"):
        assert (
            with_scripts.locator(part).all_inner_texts() == without.locator(part).all_inner_texts()
        )
    classes = "all => all.map((cell) => cell.outerHTML)"
    assert with_scripts.eval_on_selector_all(
        ".cells path", classes
    ) == without.eval_on_selector_all(".cells path", classes)
    with_scripts.close()
    without.close()


def test_the_slider_goes_by_keyboard_and_says_the_day(opened_map):
    slider = opened_map.get_by_role("slider", name="Date")
    before = opened_map.evaluate(SHADES)
    slider.focus()
    slider.press("ArrowRight")
    assert day(opened_map) == "13 August 2024"
    assert slider.get_attribute("aria-valuetext") == "13 August 2024, record"
    slider.press("Home")
    assert day(opened_map) == "9 July 2024"
    slider.press("End")
    assert day(opened_map) == "4 August 2026"
    assert slider.get_attribute("aria-valuetext") == "4 August 2026, worlds"
    assert opened_map.evaluate(SHADES) != before
    assert "day=2026-08-04" in opened_map.url


def test_play_goes_through_the_record_into_the_worlds_and_stops(opened):
    page = opened("?day=2025-12-23")
    assert page.locator("[data-track]").text_content().startswith("Record")
    page.get_by_role("button", name="Play").click()
    assert page.locator("[data-told]").get_attribute("aria-live") == "off"
    page.wait_for_selector(".map.in-worlds")
    assert page.locator("[data-track]").text_content().startswith("Worlds, plan")
    page.get_by_role("button", name="Pause").click()
    stopped = day(page)
    page.wait_for_timeout(400)
    assert day(page) == stopped
    assert page.locator("[data-told]").get_attribute("aria-live") == "polite"
    page.evaluate("""() => { const slider = document.querySelector("[data-week]");
      slider.value = slider.max - 1; slider.dispatchEvent(new Event("input")); }""")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('[data-play]').textContent === 'Play'")
    assert day(page) == "4 August 2026"
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('[data-date]').textContent.includes('2024')")
    page.close()


def test_another_plan_shows_its_worlds(opened_map):
    opened_map.get_by_role("slider", name="Date").fill("26")
    record = opened_map.evaluate(SHADES)
    opened_map.get_by_label("under the plan").select_option("none")
    assert opened_map.get_by_label("what the worlds say").is_checked()
    without = opened_map.evaluate(SHADES)
    opened_map.get_by_label("under the plan").select_option("hold-and-strike")
    assert opened_map.evaluate(SHADES) not in (record, without)
    assert "plan=hold-and-strike" in opened_map.url
    change = opened_map.locator(".map-sectors tr", has_text="Donetsk").locator("td")
    assert re.fullmatch(r"−\d+ \(−\d+ to \+?−?\d+\)", change.text_content())
    opened_map.get_by_label("what happened").check()
    assert opened_map.evaluate(SHADES) == record


def test_the_address_brings_it_back(opened):
    page = opened("?day=2025-02-04&track=worlds&plan=raid&at=Kursk")
    assert day(page) == "4 February 2025"
    assert page.get_by_label("under the plan").input_value() == "raid"
    assert page.get_by_label("Look at").input_value() == "Kursk"
    assert page.locator("[data-track]").text_content() == "Worlds, plan ‘raid’, week 26"
    page.close()
    page = opened("?day=soon&plan=nonsense&at=%3Cscript%3E")
    assert day(page) == "6 August 2024"
    page.close()


def test_kursk_fills_the_view_when_looked_at(opened_map):
    opened_map.get_by_role("slider", name="Date").fill("6")
    cell = opened_map.locator(".abroad.cells path:not(.s20)").first
    far = cell.bounding_box()["width"]
    place = opened_map.locator(".map-picture").bounding_box()
    opened_map.get_by_label("Look at").select_option("Kursk")
    near = cell.bounding_box()
    assert near["width"] > 2.5 * far
    assert place["x"] < near["x"] < place["x"] + place["width"]
    assert opened_map.locator(".map-picture").bounding_box() == place
    size = (
        "text => parseFloat(getComputedStyle(text).fontSize) / text.ownerSVGElement"
        ".viewBox.baseVal.width * text.ownerSVGElement.clientWidth"
    )
    assert opened_map.locator(".map text.sector").first.evaluate(size) == pytest.approx(12.5, 0.1)


def test_cells_speak_when_pointed_at_and_by_arrow_keys(opened_map):
    told = opened_map.locator("[data-cell]")
    opened_map.locator(".at-home.cells path.s12").first.hover(force=True)
    assert "Russia holds about 60 % of this cell" in told.text_content()
    frame = opened_map.locator("[data-frame]")
    frame.focus()
    heard = {told.text_content()}
    for key in ("ArrowUp", "ArrowUp", "ArrowLeft", "ArrowDown", "ArrowRight"):
        frame.press(key)
        heard.add(told.text_content())
    assert len(heard) >= 3
    opened_map.get_by_role("slider", name="Date").fill("80")
    assert "20 worlds" in told.text_content()


def test_without_motion_it_goes_on_by_four_weeks_a_press(opened):
    page = opened(reduced_motion="reduce")
    page.get_by_role("button", name="Four weeks on").click()
    assert day(page) == "3 September 2024"
    page.wait_for_timeout(500)
    assert day(page) == "3 September 2024"
    page.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_nothing_moves_or_overflows_while_days_pass(opened, width, scheme):
    page = opened(width=width, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    tops = page.evaluate("""() => { const slider = document.querySelector("[data-week]");
      const tops = new Set(), legends = document.querySelector(".map-legends");
      for (let week = -4; week <= 104; week++) {
        slider.value = week; slider.dispatchEvent(new Event("input"));
        tops.add(legends.getBoundingClientRect().top);
      }
      return [...tops]; }""")
    assert len(tops) == 1
    page.close()
