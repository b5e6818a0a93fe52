"""Choices in a panel, in a real browser: shown at once and in place, and without scripts too."""

import pytest

CHARTS_STAND = (
    "() => !document.querySelector('.room') && document.querySelector('[data-chart] svg')"
)


@pytest.fixture
def complaints():
    """What pages complained of; in the end nothing may have been."""
    said = []
    yield said
    assert said == []


@pytest.fixture
def opened(browser, served, complaints):
    """Open a page of the run."""
    contexts = []

    def open_page(address, scripts=True, width=1280):
        context = browser.new_context(
            java_script_enabled=scripts, viewport={"width": width, "height": 700}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        served.open(page, f"/runs/{served.run_id}/{address}")
        if scripts:
            page.wait_for_function(CHARTS_STAND)
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_another_plan_is_shown_in_place(opened):
    page = opened("negotiation")
    plan = page.get_by_role("combobox", name="Plan")
    assert plan.input_value() == "hold"
    page.evaluate("scrollTo(0, 60); window.stays = true")
    plan.focus()
    plan.select_option("none")
    page.wait_for_selector("#deals-none [data-chart] svg")
    assert "plan=none" in page.url
    assert page.evaluate("window.stays && scrollY") == 60, "the page is the same, and has not moved"
    assert page.evaluate("document.activeElement.name") == "plan"
    sentence = page.locator("#deals-none figcaption p").text_content()
    assert page.get_by_role("status").last.text_content() == sentence
    page.get_by_role("combobox", name="Week").select_option("52")
    page.wait_for_function(
        "() => document.querySelector('#deals-none').textContent.includes('A year on')"
    )
    assert {"plan=none", "week=52"} <= set(page.url.partition("?")[2].split("&"))
    page.go_back()
    page.wait_for_function(
        "() => !document.querySelector('#deals-none').textContent.includes('A year on')"
    )
    page.go_back()
    page.wait_for_selector("#deals-hold [data-chart] svg")
    assert page.get_by_role("combobox", name="Plan").input_value() == "hold"


def test_the_table_of_a_chart_that_came_later_is_that_of_the_plan(opened):
    page = opened("negotiation?plan=none&week=13")
    assert page.locator("#deals-none").count() == 1
    assert page.get_by_role("combobox", name="Week").input_value() == "13"
    assert page.locator("#deals-none figcaption").text_content().find("Three months on") > 0


def test_events_of_a_kind(opened):
    page = opened("record")
    everything = page.locator("#events ~ table tbody").first.locator("tr").count()
    page.get_by_role("combobox", name="Kind").select_option("north korea")
    page.wait_for_function(
        "() => location.search.includes('category=north') "
        "&& document.querySelector('[data-told]').textContent === '6 events'"
    )
    assert everything > 6
    assert page.get_by_role("status").last.text_content() == "6 events"
    page.get_by_role("combobox", name="Kind").select_option("")
    page.wait_for_function(
        f"() => document.querySelector('[data-told]').textContent === '{everything} events'"
    )


def test_the_event_nearest_to_the_pointer_is_written_out(opened):
    page = opened("record")
    chart = page.locator("#record-over-time svg")
    assert "Point at a mark" in chart.text_content()
    box = chart.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 130)
    page.wait_for_function(
        "() => !document.querySelector('#record-over-time').textContent.includes('Point at a mark')"
    )
    assert " 202" in chart.text_content()


def test_without_scripts_a_button_shows_the_choice(opened):
    page = opened("negotiation", scripts=False)
    page.get_by_role("combobox", name="Plan").select_option("none")
    page.get_by_role("button", name="Show").click()
    assert page.locator("#deals-none").count() == 1
    assert page.locator("#deals-hold").count() == 0


def test_what_cannot_be_chosen_is_told_to_people(served):
    answer = served.ask("GET", f"/runs/{served.run_id}/negotiation?plan=hodl")
    assert answer.status == 400
    assert "the run has no plan" in answer.text
    assert "Traceback" not in answer.text
