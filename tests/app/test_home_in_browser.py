"""The first page in a real browser: come in by the link, start a run, watch it, open it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from served import Served, folder_of_runs

MINUTES = 120_000


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, kursk_run: Path, small_case: Path):
    """An app of this file's own, with a small case, whose link is not spent."""
    folder, run_id = folder_of_runs(tmp_path_factory.mktemp("home"), kursk_run)
    own = Served(folder, run_id, cases=[str(small_case)], enter=False)
    yield own
    own.close()


@pytest.fixture(scope="module")
def context(browser: Browser, own: Served):
    """A browser that came in by the link."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(own.link)
    expect(page).to_have_url(f"{own.address}/?case=kursk-2024&worlds=8192&seed=1{ALL_PLANS}")
    page.close()
    yield context
    context.close()


ALL_PLANS = "".join(
    f"&plans={plan}" for plan in ("none", "raid", "hold", "hold-and-strike", "talks-first")
)


@pytest.fixture
def page(context) -> Iterator[Page]:
    """A page of which the browser may not complain."""
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert complaints == []


@pytest.mark.usefixtures("context")
def test_another_browser_is_not_let_in(browser: Browser, own: Served):
    page = browser.new_page()
    page.goto(own.link)
    expect(page.get_by_role("heading")).to_have_text(
        "This link was used already, or is of another start"
    )
    page.goto(own.address)
    expect(page.get_by_role("heading")).to_have_text("Ripeness does not know this browser")
    page.close()


def test_scripts_cannot_read_the_cookie(page: Page, own: Served):
    page.goto(own.address)
    assert page.evaluate("document.cookie") == ""


def test_a_small_run_is_started_watched_and_opened(page: Page, own: Served):
    page.goto(own.address)
    page.get_by_role("link", name="The war for the plain").click()
    for plan in ("Wait too", "Push later"):
        page.get_by_role("checkbox", name=plan).uncheck()
    page.get_by_label("as many as I say:").check()
    page.get_by_label("Number of worlds").fill("300")
    expect(page.locator("[data-expected]")).to_have_text(
        re.compile(r"^It takes some \d+ (seconds|minutes) here\.$")
    )
    chosen = "?case=minimal&worlds=300&seed=1&plans=wait&plans=push"
    expect(page).to_have_url(f"{own.address}/{chosen}")

    page.reload()  # what was chosen is in the address
    expect(page.get_by_label("Number of worlds")).to_have_value("300")
    expect(page.get_by_role("checkbox", name="Push later")).not_to_be_checked()
    page.get_by_role("button", name="Start the run").click()

    job = page.get_by_role("listitem").filter(has_text="300 worlds, 2 plans")
    expect(job.get_by_role("progressbar")).to_be_visible()
    expect(job).to_contain_text("running worlds", timeout=MINUTES)
    heard = page.get_by_role("status").filter(has_text="300 worlds, 2 plans")
    expect(heard).to_contain_text("running worlds")
    expect(job).to_contain_text("done in 0:", timeout=MINUTES)
    expect(job.get_by_role("progressbar")).to_be_hidden()
    expect(job.get_by_role("button")).to_be_hidden()
    row = page.get_by_role("row").filter(has_text="The war for the plain")
    expect(row).to_contain_text("300")
    expect(row).to_contain_text("wait, push")

    page.get_by_role("button", name="Start the run").click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("There is this very run already. Open it")
    assert len(page.get_by_role("listitem").filter(has_text="300 worlds, 2 plans").all()) == 1

    job.get_by_role("link", name="Open the run").click()
    expect(page).to_have_url(f"{own.address}/runs/{_run_of('minimal', own)}/question")
    expect(page.get_by_role("heading", level=1)).to_have_text("The war for the plain")


def test_a_run_is_cancelled_by_keyboard(page: Page, own: Served):
    page.goto(f"{own.address}/?case=minimal&worlds=900000&plans=wait")
    page.get_by_role("button", name="Start the run").focus()
    page.keyboard.press("Enter")
    cancel = page.get_by_role("button", name="Cancel The war for the plain: 900,000 worlds, 1 plan")
    cancel.focus()
    page.keyboard.press("Enter")
    job = page.get_by_role("listitem").filter(has_text="900,000 worlds")
    expect(job).to_contain_text("cancelled; nothing was kept", timeout=30_000)
    expect(cancel).to_be_hidden()
    assert not [file for file in own.runs.iterdir() if file.name.startswith(".")]


def test_what_cannot_be_run_is_told_beside_the_button(context, own: Served):
    page = context.new_page()
    page.goto(f"{own.address}/?case=minimal&worlds=300")
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    expect(page.get_by_text("Choose at least one plan.")).to_be_visible()
    expect(page.get_by_role("button", name="Start the run")).to_be_disabled()
    page.get_by_role("checkbox", name="Push later").check()
    page.evaluate("document.querySelector('[name=case]').value = 'none'")
    page.get_by_role("button", name="Start the run").click()
    expect(page.get_by_role("alert")).to_contain_text("there is no case 'none'")
    page.close()


def test_a_past_run_can_be_run_again_with_a_change(page: Page, own: Served):
    page.goto(own.address)
    page.get_by_role("row").filter(has_text=own.run_id).get_by_role("link").last.click()
    expect(page.get_by_label("Number of worlds")).to_have_value("300")
    chosen = [
        box.get_attribute("value") for box in page.get_by_role("checkbox", checked=True).all()
    ]
    assert chosen == ["none", "hold"]
    page.get_by_label("As of").fill("2024-12-31")
    expect(page).to_have_url(re.compile("&as_of=2024-12-31&"))


@pytest.mark.parametrize("width", [1280, 390])
def test_it_stands_still_fits_and_can_be_used_by_all(context, own: Served, serious, width: int):
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(own.address)
    page.wait_for_timeout(800)
    shifts = """new Promise((done) => new PerformanceObserver((list) =>
      done(list.getEntries().reduce((sum, one) => sum + one.value, 0)))
      .observe({ type: "layout-shift", buffered: true })) """
    shifted = page.evaluate(f"Promise.race([{shifts}, new Promise((r) => setTimeout(r, 300, 0))])")
    assert shifted < 0.01
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert serious(page) == []
    page.close()


def _run_of(case: str, own: Served) -> str:
    (folder,) = own.runs.glob(f"{case}-*")
    return folder.name.removeprefix(f"{case}-")
