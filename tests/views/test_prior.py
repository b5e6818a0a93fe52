"""The prior check as people read it: in a terminal, as a page, in its charts."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import vl_convert
from rich.console import Console

from ripeness.case.observed import Observed
from ripeness.record.observations import Observations
from ripeness.record.priorcheck import PriorCheck, check_durations, check_series
from ripeness.views import prior
from ripeness.views.prior_page import render, write_prior_page
from ripeness.views.prior_terminal import print_prior_check
from ripeness.views.words import SPACE

DECIDED = date(2024, 8, 6)
WEEKS = np.array([1.0, 8.0, 20.0])


def observed(name: str, values: list[float], how: str, unit: str, error: float) -> Observations:
    declared = Observed.model_validate(
        {
            "name": f"About {name}",
            "series": name,
            "unit": unit,
            "table": "front",
            "date": "date",
            "value": "km2",
            "how": how,
            "error": error,
            "because": "a <b>reason</b>",
            "sources": ("maps",),
            "confidence": "claimed",
        }
    )
    dates = tuple(DECIDED + timedelta(weeks=int(week)) for week in WEEKS)
    return Observations(name, declared, dates, WEEKS, np.array(values), np.full(3, error))


@pytest.fixture(scope="module")
def check() -> PriorCheck:
    """One series inside, one outside on two of three dates, one in a very wide band."""
    steps = np.random.default_rng(3).standard_normal((1000, 22)) * 100
    walks = np.cumsum(steps, axis=1)
    walks -= walks[:, :1]
    series = (
        observed("ground", [-40, -150, -210], "change", "km²", 20),
        observed("losses", [900, 1800, 60], "total", "thousand", 1),
        observed("support", [0.5, 0.501, 0.5], "level", "share", 0.001),
    )
    paths = {"ground": walks, "losses": np.abs(walks), "support": 0.5 + walks / 1e4}
    lasted = np.array([8.0] * 300 + [np.inf] * 700)
    return PriorCheck(
        case="invented",
        title="An invented war",
        plan="hold",
        decided=DECIDED,
        until=date(2024, 12, 31),
        seed=1,
        worlds=1500,
        kept=1000,
        over=0.3,
        series=tuple(check_series(one, "as it goes", paths[one.name], 1) for one in series),
        durations=check_durations(lasted, np.array([6.0, 26.0, 52.0]), 104, 2),
    )


def plain(text: str) -> str:
    return " ".join(text.replace(SPACE, " ").split())


def test_a_sentence_says_where_the_record_lies_in_numbers(check: PriorCheck):
    inside, outside, wide = (plain(prior.sentence(one)) for one in check.series)
    low, high = check.series[0].bands[0.9][2].round(-2)
    span = f"−{-low:.0f} to {high:.0f}"
    assert inside == (
        "All 3 figures lie inside the 90 % band; on 24 December 2024 the record has a change of "
        f"−210 km², nine of ten worlds {span}."
    )
    assert outside.startswith(
        "Outside the 90 % band at 2 of 3 figures, above it; on 13 August 2024"
    )
    assert "a total of 900 thousand, nine of ten worlds" in outside
    assert "the record has 50 %," in wide
    assert "The band is very wide: " in wide


def test_the_terminal_shows_every_series_and_what_lies_outside(check: PriorCheck):
    shown = io.StringIO()
    print_prior_check(check, Console(file=shown, width=140))
    lines = shown.getvalue().splitlines()
    assert max(map(len, lines)) <= 100
    text = plain(shown.getvalue())
    assert "1,000 of 1,500 worlds under plan hold" in text
    assert "About losses: Outside the 90 % band at 2 of 3 figures" in text
    assert "About ground: " not in text
    assert "The record is inside most weeks in 2 of 3 series." in text
    assert "one in ten ends within 8 weeks 6 weeks within a factor of 2" in text
    assert "half end within over 104 weeks 26 weeks further apart" in text
    assert "nine in ten end within over 104 weeks 52 weeks beyond the horizon" in text


def test_charts_show_bands_and_mark_what_lies_outside(check: PriorCheck):
    from ripeness.views.prior_page import _figure

    inside, outside, _ = (
        vl_convert.vegalite_to_svg(_figure(one, check, 21, {"maps": "Maps"}).spec, vl_version="6.4")
        for one in check.series
    )
    for text in ("90 %", "50 %", "median", "weeks since 6 August 2024", "km², change"):
        assert f">{text}<" in inside
    assert outside.count("#D55E00") == 2
    assert "#D55E00" not in inside


def test_the_page_is_one_file_that_opens_offline(check: PriorCheck, tmp_path: Path, browser):
    file = write_prior_page(tmp_path / "page.html", check, {"maps": "Maps"})
    assert list(tmp_path.iterdir()) == [file]
    complaints = []
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_selector(".screen:not(:has(svg))", state="detached")
    assert page.locator(".screen svg").count() == 3
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert [text for text in complaints if not text.startswith(("file:", "data:"))] == []


def test_a_page_shows_what_the_case_says_as_text(check: PriorCheck):
    page = render(check, {"maps": "Maps & more"})
    assert "a &lt;b&gt;reason&lt;/b&gt;" in page
    assert "Record: Maps &amp; more." in page
