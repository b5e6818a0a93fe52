"""The explorer in a real browser: brushes by keyboard and pointer, against numbers from Python."""

import numpy as np
import pytest
from playwright.sync_api import expect

import ripeness
from ripeness.views.explored import exact

GRIT = "home_priority_russia"


@pytest.fixture(scope="module")
def run(served):
    return ripeness.open_run(next(served.runs.glob("kursk-2024-*")))


@pytest.fixture
def explorer(browser, served):
    """The page of the explorer; nothing may have been complained of in the end."""
    complaints = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    served.open(page, f"/runs/{served.run_id}/explorer")
    page.wait_for_selector("[data-explorer][data-ready]")
    yield page
    context.close()
    assert complaints == []


def told(page, claim):
    return page.locator(f"[data-verdict={claim}] .told").inner_text()


def remaining(page):
    count, _, _ = page.locator("[data-basis]").inner_text().partition(" of ")
    return int(count.replace(",", ""))


def settled(page):
    page.wait_for_function(
        "() => document.querySelector('[data-basis]').textContent.includes('exactly')"
    )


def expected(run, ranges):
    """What Python says of the same ranges: worlds, and a claim's share in percent."""
    found = exact(run.shown, ranges)
    claim = found["claims"]["R6"]
    return found["worlds"], claim["worlds"], claim["share"]


def test_a_keyboard_brush_turns_verdicts_to_the_numbers_that_python_gives(explorer, run):
    before = told(explorer, "R6")
    thumb = explorer.locator(f"[data-column={GRIT}] [role=slider]").nth(1)
    thumb.focus()
    for key in ("PageDown", "PageDown", "PageDown", "PageDown", "ArrowLeft", "ArrowRight"):
        explorer.keyboard.press(key)
    assert "thousand troops" in thumb.get_attribute("aria-valuetext")
    inside = remaining(explorer)
    sample = told(explorer, "R6")
    bounds = run.table(GRIT, "plan")
    values = bounds[bounds["plan"] == "hold"][GRIT].to_numpy(float)
    high = np.sort(values)[inside]  # the first world that is out
    worlds, asked, share = expected(run, {GRIT: [None, float(high)]})
    assert worlds == inside < 300
    assert sample != before
    assert f"{round(100 * share)}\N{NO-BREAK SPACE}%" in sample
    assert asked >= 50
    settled(explorer)
    assert told(explorer, "R6") == sample  # the sample is all worlds here
    explorer.keyboard.press("Escape")
    assert remaining(explorer) == 300
    assert told(explorer, "R6") == before


def test_a_pointer_brush_moves_along_undoes_and_lies_in_the_address(explorer):
    plot = explorer.locator(f"[data-column={GRIT}] .plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()

    def drag(start, end):
        y = box["y"] + box["height"] / 2
        explorer.mouse.move(box["x"] + start * box["width"], y)
        explorer.mouse.down()
        explorer.mouse.move(box["x"] + end * box["width"], y, steps=4)
        explorer.mouse.up()

    drag(0.1, 0.4)
    drawn = remaining(explorer)
    assert 60 < drawn < 120
    told_before = explorer.locator(f"[data-column={GRIT}] .ends strong").inner_text()
    drag(0.2, 0.5)  # from inside: the part moves along
    assert explorer.locator(f"[data-column={GRIT}] .ends strong").inner_text() != told_before
    assert 60 < remaining(explorer) < 120
    settled(explorer)
    moved = remaining(explorer)
    explorer.reload()
    explorer.wait_for_selector("[data-explorer][data-ready]")
    assert remaining(explorer) == moved
    drag(0.9, 0.95)
    explorer.get_by_role("button", name="Undo").click()
    assert remaining(explorer) == moved
    explorer.get_by_role("button", name="Let go of all").click()
    assert remaining(explorer) == 300
    assert "b=" not in explorer.url


def test_outcomes_and_words_brush_too_and_plans_follow(explorer, run):
    explorer.get_by_label("under plan").select_option("hold")
    more = explorer.get_by_label("Another column")
    if explorer.locator("[data-column=tolerance_kind]").count() == 0:
        more.select_option("tolerance_kind")
    more.select_option("support_ukraine_w26")
    explorer.wait_for_selector("[data-column=support_ukraine_w26] [role=slider]:focus")
    eroding = explorer.get_by_role("button", name="eroding")
    eroding.click()
    assert eroding.get_attribute("aria-pressed") == "false"
    worlds, _, _ = expected(run, {"tolerance_kind": ["fixed"]})
    assert remaining(explorer) == worlds
    rung = explorer.locator("[data-column=highest_rung] [role=slider]").first
    rung.focus()
    explorer.keyboard.press("ArrowRight")
    worlds, _, _ = expected(run, {"tolerance_kind": ["fixed"], "hold:highest_rung": [1.0, None]})
    assert remaining(explorer) == worlds
    explorer.locator("[data-choose=outcome]").select_option("highest_rung")
    row = explorer.locator(".plans-compared [data-plan=hold]")
    assert row.locator(".told").inner_text().startswith(("1 (", "2 ("))
    assert "more in" in row.inner_text()


def test_where_no_world_is_left_it_says_so_and_the_last_step_can_be_undone(explorer):
    for name in ("tolerance_russia", GRIT, "blame"):
        if remaining(explorer) == 0:
            break
        thumb = explorer.locator(f"[data-column={name}] [role=slider]").nth(1)
        thumb.focus()
        explorer.keyboard.press("Home")
    assert remaining(explorer) == 0
    turned = explorer.locator("[data-turned]")
    assert turned.inner_text().startswith("No world is left.")
    assert told(explorer, "R6") == "too few worlds to say"
    explorer.wait_for_function(
        "() => document.querySelector('[data-status]').textContent.startsWith('No world')"
    )
    explorer.get_by_role("button", name="Undo").click()
    assert not turned.inner_text().startswith("No world is left.")


def test_what_is_left_is_told_to_those_who_listen(explorer):
    explorer.locator(f"[data-column={GRIT}] [role=slider]").nth(1).focus()
    for _ in range(6):
        explorer.keyboard.press("PageDown")
    explorer.wait_for_function(
        "() => document.querySelector('[data-status]').textContent.includes('Most moved: ')"
    )


def test_brushes_are_listed_also_those_of_a_plan_that_is_not_chosen(explorer, run):
    explorer.locator("[data-choose=plan]").select_option("hold")
    explorer.locator("[data-column=highest_rung] [role=slider]").first.focus()
    explorer.keyboard.press("ArrowRight")
    explorer.locator("[data-choose=plan]").select_option("none")
    explorer.locator("[data-choose=outcome]").select_option("highest_rung")
    worlds, _, _ = expected(run, {"hold:highest_rung": [1.0, None]})
    assert remaining(explorer) == worlds < 300
    # before the server answers: no world that remains lies on the lowest rung under that plan
    plans = explorer.locator(".plans-compared")
    assert "(0 to" not in plans.locator("[data-plan=hold] .told").inner_text()
    settled(explorer)
    assert "(0 to" not in plans.locator("[data-plan=hold] .told").inner_text()
    explorer.reload()
    explorer.wait_for_selector("[data-explorer][data-ready]")
    assert explorer.locator("[data-choose=plan]").input_value() == "none"
    assert explorer.locator("[data-choose=outcome]").input_value() == "highest_rung"
    assert remaining(explorer) == worlds
    explorer.get_by_role("list", name="What is taken").get_by_role("button").click()
    assert remaining(explorer) == 300


def test_a_step_that_changes_nothing_is_none_to_undo(explorer):
    undo = explorer.get_by_role("button", name="Undo")
    explorer.locator(f"[data-column={GRIT}] .plot").click()
    explorer.locator(f"[data-column={GRIT}] [role=slider]").first.focus()
    explorer.keyboard.press("Home")
    assert undo.is_disabled()
    explorer.keyboard.press("ArrowRight")
    assert undo.is_enabled()


def test_verdicts_that_moved_most_come_first_once_a_brush_rests(explorer):
    before = [row.get_attribute("data-verdict") for row in explorer.locator(".verdicts li").all()]
    explorer.locator(f"[data-column={GRIT}] [role=slider]").nth(1).focus()
    for _ in range(6):
        explorer.keyboard.press("PageDown")
    settled(explorer)
    rows = explorer.locator(".verdicts li").all()
    assert "moved" in rows[0].get_attribute("class")
    first = rows[0].get_attribute("data-verdict")
    assert explorer.locator("[data-turned]").inner_text().startswith(f"{first} holds in ")
    explorer.keyboard.press("Escape")
    assert before == [
        row.get_attribute("data-verdict") for row in explorer.locator(".verdicts li").all()
    ]


def test_no_word_taken_leaves_no_world_also_when_the_page_is_opened_again(explorer):
    if explorer.locator("[data-column=tolerance_kind]").count() == 0:
        explorer.get_by_label("Another column").select_option("tolerance_kind")
    for word in ("eroding", "fixed"):
        explorer.get_by_role("button", name=word, exact=True).click()
    assert remaining(explorer) == 0
    explorer.reload()
    explorer.wait_for_selector("[data-explorer][data-ready]")
    explorer.wait_for_selector("[data-explorer].empty")


def test_worlds_that_do_not_come_are_told_where_they_would_be_seen(browser, served):
    context = browser.new_context()
    page = context.new_page()
    page.route("**/explorer/columns*", lambda route: route.abort())
    served.open(page, f"/runs/{served.run_id}/explorer")
    said = page.locator("[data-turned]")
    expect(said).to_contain_text("The worlds could not be had")
    expect(said).to_be_in_viewport()
    expect(page.locator("[data-status]")).to_have_text(said.inner_text())
    context.close()
