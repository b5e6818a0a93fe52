"""The page of one claim in a browser: worlds are asked when the reader comes to a question."""

import re

import pytest
from asked_claims import shown_run

from ripeness.app.guard import POLICY
from ripeness.views.app_page import render_claim
from ripeness.views.page import WEB, chart_bundle
from ripeness.views.panels.claim import QUESTIONS, fragment

CLAIM = re.compile(r"http://ripeness\.test/runs/0123456789/claims/(\w+)(?:/(\w+))?")
STATIC = "http://ripeness.test/static/"


class Pages:
    """What the app would answer, the requests for answers, and how many of them fail."""

    def __init__(self, shown):
        self.shown = shown
        self.vega = chart_bundle()
        self.answers = {}
        self.asked = []
        self.failing = 0

    def answer(self, route):
        address = route.request.url
        if address.startswith(STATIC):
            return self._file(route, address.removeprefix(STATIC))
        found = CLAIM.fullmatch(address)
        assert found, address
        claim, question = found.groups()
        if question is None:
            page = render_claim(self.shown, claim)
            policy = {"content-security-policy": POLICY}
            return route.fulfill(body=page, content_type="text/html; charset=utf-8", headers=policy)
        self.asked.append(question)
        if self.failing:
            self.failing -= 1
            return route.abort()
        if question not in self.answers:
            self.answers[question] = fragment(self.shown, claim, question)
        return route.fulfill(body=self.answers[question], content_type="text/html; charset=utf-8")

    def _file(self, route, name):
        body = self.vega if name == "vega.js" else (WEB / name).read_text(encoding="utf-8")
        kind = "text/javascript" if name.endswith(".js") else "text/css"
        return route.fulfill(body=str(body), content_type=f"{kind}; charset=utf-8")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    return Pages(shown_run(tmp_path_factory.mktemp("claim")))


@pytest.fixture
def opened(browser, pages):
    """Open the page of claim L1; in the end nothing may have been complained of."""
    complaints, contexts = [], []
    pages.asked.clear()

    def open_page(width=1280, height=900, scheme="light", expected=()):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.route("http://ripeness.test/**", pages.answer)
        page.goto("http://ripeness.test/runs/0123456789/claims/L1")
        page.wait_for_selector("#effect .screen svg")
        complaints_expected.extend(expected)
        return page

    complaints_expected = []
    yield open_page
    for context in contexts:
        context.close()
    left = [each for each in complaints if not any(part in each for part in complaints_expected)]
    assert left == []


def done(page, question):
    """Wait until a question of the page is answered."""
    page.locator(f".ask-{question} [data-told]", has_text="Done.").wait_for(state="attached")


def come_to(page, question):
    page.locator(f"#{question}").scroll_into_view_if_needed()


def test_worlds_are_asked_when_the_reader_comes_and_not_before(opened, pages):
    page = opened(height=400)
    page.wait_for_timeout(300)
    assert pages.asked == []
    assert page.get_by_role("link", name="Ask 2,000 worlds").count() == len(QUESTIONS)
    for question in QUESTIONS:
        come_to(page, question)
        done(page, question)
    assert pages.asked == list(QUESTIONS)
    assert page.locator(".ask .screen svg").count() == page.locator(".ask .screen").count() > 3
    assert page.locator(".ask [aria-busy]").count() == 0
    assert page.locator(".ask-watch li").first.text_content().startswith("If ground taken")


def test_a_keyboard_comes_to_a_question_and_stays_at_its_answer(opened, pages):
    page = opened(height=400)
    page.get_by_role("link", name="Ask 2,000 worlds").nth(2).focus()
    done(page, "watch")
    assert pages.asked[0] == "watch"
    focused = "() => document.activeElement?.closest('[data-ask]')?.dataset.ask"
    assert page.evaluate(focused).endswith("/watch")
    page.keyboard.press("Tab")
    assert page.evaluate(focused).endswith("/watch")


def test_an_answer_that_does_not_come_can_be_asked_for_again(opened, pages):
    pages.failing = 1
    page = opened(height=400, expected=["net::ERR_FAILED"])
    come_to(page, "believe")
    again = page.locator(".ask-believe").get_by_role("button", name="Try again")
    again.wait_for()
    assert "No answer came" in page.locator(".ask-believe [data-room]").text_content()
    assert page.locator(".ask-believe [data-told]").text_content() == "No answer came."
    again.focus()
    page.keyboard.press("Enter")
    done(page, "believe")
    assert page.locator(".ask-believe .screen svg").count() > 0


@pytest.mark.parametrize(
    ("width", "scheme"), [(390, "light"), (390, "dark"), (768, "light"), (1280, "dark")]
)
def test_the_page_fits_and_what_is_read_stands_still(opened, width, scheme):
    page = opened(width, scheme=scheme)
    page.evaluate(
        """() => { window.shifted = 0; new PerformanceObserver((list) => {
          for (const one of list.getEntries()) window.shifted += one.hadRecentInput ? 0 : one.value;
        }).observe({ type: "layout-shift", buffered: true }); }"""
    )
    for question in QUESTIONS:
        come_to(page, question)
        done(page, question)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("window.shifted") < 0.02


def test_charts_are_drawn_again_at_another_width(opened):
    page = opened()
    come_to(page, "believe")
    done(page, "believe")
    page.set_viewport_size({"width": 390, "height": 900})
    for place in ("#effect", "#asked-believe-holds", "#crux-1-parts"):
        narrow = "(place) => document.querySelector(`${place} .screen svg`)?.clientWidth"
        page.wait_for_function(f"(place) => ({narrow})(place) <= 390", arg=place)


def test_text_of_a_claim_is_not_taken_for_markup(opened):
    page = opened()
    assert "<b>pays</b>" in page.locator("h2").text_content()
    come_to(page, "believe")
    done(page, "believe")
    assert page.locator("main b").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_page(opened, serious, scheme):
    page = opened(scheme=scheme)
    for question in QUESTIONS:
        come_to(page, question)
        done(page, question)
    assert serious(page) == []
