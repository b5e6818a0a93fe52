"""The pages of a run in a real browser: they load without complaint, fit, and all can use them."""

import pytest

from ripeness.views.app_page import PANELS

SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) sum += shift.hadRecentInput ? 0 : shift.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""
CHARTS_STAND = "() => document.querySelectorAll('.room').length === 0"


@pytest.fixture
def opened(browser, served):
    """Open a page of the run; in the end nothing may have been complained of."""
    complaints, contexts = [], []

    def open_page(name, width=1280, scheme="light"):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        served.open(page, f"/runs/{served.run_id}/{name}")
        page.wait_for_function(CHARTS_STAND)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_loads_stands_still_and_fits_every_width(opened, name):
    page = opened(name)
    assert page.get_by_role("heading", level=2).count() == 1
    assert page.locator("nav .tabs [aria-current=page]").count() == 1
    assert page.evaluate(SHIFTS) < 0.1  # what web.dev calls good
    for width in (768, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PANELS)
def test_axe_finds_nothing_serious(opened, serious, name, scheme):
    page = opened(name, 390 if scheme == "dark" else 1280, scheme)
    assert serious(page) == []


def test_a_page_is_reached_by_keyboard_past_the_head(opened):
    page = opened("claims")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
