"""The timeline in words, charts and on a page, and a run that was not made as of a day."""

from datetime import date
from pathlib import Path

import pytest
import vl_convert

from ripeness import cli
from ripeness.claims.turning import Course, Standing
from ripeness.errors import UsageError
from ripeness.views import timeline
from ripeness.views.timeline_page import _figure, render, write_timeline_page

ESSAYS = {"L": "the leverage essay", "R": "the restraint essay"}
ABOUT = {
    "case": "kursk-2024",
    "case_hash": "0123456789abcdef",
    "title": "Kursk, August 2024",
    "seed": 1,
    "worlds": 4_096,
    "plans": ["none", "hold"],
    "ripeness": "0.1.0",
    "dates": [
        {"as_of": "2024-08-10", "effective_worlds": 2_000},
        {"as_of": "2024-12-31", "effective_worlds": 300},
    ],
}


def at(day: str | None, word: str | None, share: float | None, error: float = 0.02) -> Standing:
    low, high = (None, None) if share is None else (share - error, share + error)
    when = date.fromisoformat(day) if day else None
    return Standing(when, word, None, share, low, high, 4_096)


@pytest.fixture(scope="module")
def courses() -> tuple[Course, ...]:
    first, second = "2024-08-10", "2024-12-31"
    return (
        Course(
            "L1",
            "L",
            "It gained more ground",
            (at(None, None, None), at(first, "not yet", None), at(second, "supported", None)),
        ),
        Course(
            "L9",
            "L",
            "Leverage grows <b>",
            (at(None, None, 0.664), at(first, "supported", 0.67), at(second, "mixed", 0.404)),
        ),
        Course("R5", "R", "It fails", (at(None, None, 0.104), at(first, None, 0.104, 0.09))),
    )


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_sentence_says_when_the_record_spoke_and_turned_and_whether_worlds_moved(courses):
    assert [plain(timeline.sentence(course)) for course in courses] == [
        "L1: the record first spoke as of 31 December 2024 (supported).",
        "L9: the record first spoke as of 10 August 2024 (supported) and turned to mixed as of 31 "
        "December 2024; worlds moved from 66 % (64–69 %) before the record to 40 % (38–43 %) as "
        "of 31 December 2024.",
        "R5: worlds have not moved beyond their error (10 % (8–13 %) before the record, 10 % "
        "(1–20 %) as of 10 August 2024).",
    ]


def test_the_summary_counts_what_spoke_turned_and_moved(courses):
    assert plain(timeline.summary(courses)) == (
        "The record spoke on 2 claims and turned on 1 (L9). Worlds moved beyond their error on 1 "
        "(L9) of 2."
    )


def test_a_chart_draws_only_what_was_asked(courses):
    figure = _figure("L", "the leverage essay", courses[:2])
    svg = vl_convert.vegalite_to_svg(figure.spec, vl_version="6.4")
    assert all(f">{text}<" in svg for text in ("L1", "L9", "before", "31 Dec 24", "supported"))
    assert svg.count("claim: L1;") == 2, "two verdicts and no share"
    assert svg.count("claim: L9;") == 3 + 3 + 2, "shares, their intervals and two verdicts"


def test_the_page_is_one_file_that_opens_offline(courses, tmp_path: Path, browser):
    file = write_timeline_page(tmp_path / "page.html", ABOUT, courses, ESSAYS)
    assert list(tmp_path.iterdir()) == [file]
    complaints = []
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_selector(".screen:not(:has(svg))", state="detached")
    assert page.locator(".screen svg").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert [text for text in complaints if not text.startswith(("file:", "data:"))] == []


def test_text_of_a_claims_file_is_not_taken_for_markup(courses):
    page = render(ABOUT, courses, ESSAYS)
    assert "Leverage grows &lt;b&gt;" in page
    assert "2,000 on 10 August 2024 and 300 on 31 December 2024" in page


def test_a_run_without_a_day_has_learned_nothing(run_folder: Path):
    with pytest.raises(UsageError, match="--as-of"):
        cli.learned(run_folder)
