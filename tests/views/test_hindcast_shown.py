"""The hindcast as people read it: in a terminal, as a page, in its charts."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
import vl_convert
from rich.console import Console

from ripeness.case.observed import Observed
from ripeness.record.hindcast.hindcast import Hindcast, StandIn
from ripeness.record.hindcast.skill import FORECASTERS, WORLDS
from ripeness.views import hindcast
from ripeness.views.hindcast_notes import write_hindcast_notes
from ripeness.views.hindcast_page import render, write_hindcast_page
from ripeness.views.hindcast_terminal import print_hindcast
from ripeness.views.words import SPACE

ORIGINS = tuple(date(2024, 9, 30) + timedelta(days=92 * place) for place in range(4))


def declared(name: str, how: str, unit: str) -> Observed:
    return Observed.model_validate(
        {
            "name": f"About {name}",
            "series": name,
            "unit": unit,
            "table": "front",
            "date": "date",
            "value": "km2",
            "how": how,
            "error": 1.0,
            "because": "invented",
            "sources": ("maps",),
            "confidence": "claimed",
        }
    )


def rows(name: str, origin: date, weeks: int, errors: dict[str, float], scale: float):
    """Forecasts of zero by all, with the errors that are said; ours miss every other figure."""
    for who in FORECASTERS:
        for week in range(1, weeks + 1):
            inside = who != WORLDS or week % 2 == 1
            yield {
                "origin": origin,
                "series": name,
                "date": origin + timedelta(weeks=week),
                "week": float(week),
                "forecaster": who,
                "value": scale * (0.5 if inside else 3.0),
                "median": 0.0,
                "low_50": -scale,
                "high_50": scale,
                "low_90": -2 * scale,
                "high_90": 2 * scale,
                "crps": errors[who] * (1 + 0.1 * (origin.month % 2)),
                "log_score": 1.0,
                "rank": 0.6 if inside else 0.99,
                "in_50": inside,
                "in_90": inside,
                "chance_more": 0.8,
                "more": True,
            }


@pytest.fixture(scope="module")
def found() -> Hindcast:
    """One series that the worlds win, one that drift wins, one with too few origins to tell."""
    won = dict.fromkeys(FORECASTERS, 80.0) | {WORLDS: 40.0}
    lost = dict.fromkeys(FORECASTERS, 30.0) | {WORLDS: 60.0, "drift": 20.0}
    open_ = dict.fromkeys(FORECASTERS, 0.03) | {WORLDS: 0.02}
    scores = [
        *(row for origin in ORIGINS for row in rows("ground", origin, 6, won, 100.0)),
        *(row for origin in ORIGINS for row in rows("losses", origin, 6, lost, 10.0)),
        *(row for origin in ORIGINS[:2] for row in rows("support", origin, 2, open_, 0.1)),
    ]
    return Hindcast(
        case="invented",
        title="An invented war",
        origins=ORIGINS,
        weeks=13,
        seed=1,
        worlds=1500,
        declared={
            "ground": declared("ground", "change", "km²"),
            "losses": declared("losses", "total", "thousand"),
            "support": declared("support", "level", "share"),
        },
        scores=pd.DataFrame(scores),
        stand_ins=(StandIn("support", ORIGINS[0], "ETS", "it has fewer than 10 values"),),
        left_out=(("support", ORIGINS[2]),),
    )


def plain(text: str) -> str:
    return " ".join(text.replace(SPACE, " ").split())


def test_a_sentence_says_who_wins_and_how_sure_that_is(found: Hindcast):
    won, lost, few = (plain(hindcast.sentence(found, one)) for one in found.summary.series)
    assert won.startswith("The worlds win: CRPS 42 (km², change), 0.5 times (0.5 to 0.5) that of")
    assert lost.startswith("A simple forecaster wins: drift, CRPS 21 (thousand, total); that of ")
    assert "the worlds, 63, is 3 times (3 to 3) as much" in lost
    assert "Inside the worlds' 90 % band: 12 of 24 figures, from 4 of 4 origins." in lost
    right = (
        "The worlds win: CRPS 2.1 (%) of the worlds, 3.15 of persistence, too few figures to tell "
    )
    assert few.startswith(right)


def test_a_lead_within_the_interval_may_be_luck(found: Hindcast):
    scores = found.scores.copy()
    ours = (scores["forecaster"] == WORLDS) & (scores["series"] == "ground")
    scores.loc[ours & (scores["origin"] == ORIGINS[0]), "crps"] = 200.0
    (one, *_) = replace(found, scores=scores).summary.series
    assert ", so that it may be luck." in hindcast.sentence(found, one)


def test_the_summary_counts_who_won(found: Hindcast):
    told = plain(hindcast.summary(found))
    assert told.startswith("The worlds forecast best in 2 of 3 series, a simple forecaster in 1. ")
    # cube root of 1/2 times 3 times 2/3; draws that lack the third series give root 3/2
    assert "the error of the worlds is 1 times (1 to 1.2) that of drift" in told
    assert told.endswith("Their 90 % bands held 50 % of 52 figures.")


def test_the_terminal_shows_every_series_and_what_was_left_out(found: Hindcast):
    shown = io.StringIO()
    print_hindcast(found, Console(file=shown, width=140))
    assert max(map(len, shown.getvalue().splitlines())) <= 100
    text = plain(shown.getvalue())
    for one in found.summary.series:
        assert plain(hindcast.sentence(found, one)) in text
    assert "by 1,500 worlds and 4 simple forecasters" in text
    assert "About support, ETS from 1 of 4 origins." in text
    assert "Left out, as no figure to start from was known: About support from 2 April 2025" in text


def test_charts_show_bands_medians_and_what_came(found: Hindcast):
    from ripeness.views.hindcast_page import _figure, skill_figure

    dense, _, sparse = (
        vl_convert.vegalite_to_svg(_figure(found, one, {"maps": "Maps"}).spec, vl_version="6.4")
        for one in found.summary.series
    )
    for svg in (dense, sparse):
        assert all(f">{name}<" in svg for name in FORECASTERS)
    assert ">km², change<" in dense
    assert ">%<" in sparse
    assert dense.count('aria-roledescription="area mark container"') == 2 * len(ORIGINS)
    assert "area mark" not in sparse
    skill = vl_convert.vegalite_to_svg(skill_figure(found).spec, vl_version="6.4")
    assert all(f">{declared.name}<" in skill for declared in found.declared.values())
    assert ">worlds' error, times<" in skill


def test_the_page_is_one_file_that_opens_offline(found: Hindcast, tmp_path: Path, browser):
    file = write_hindcast_page(tmp_path / "page.html", found, {"maps": "Maps"})
    assert list(tmp_path.iterdir()) == [file]
    complaints = []
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_selector(".screen:not(:has(svg))", state="detached")
    assert page.locator(".screen svg").count() == 4
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert [text for text in complaints if not text.startswith(("file:", "data:"))] == []


def test_the_page_says_who_won_as_the_terminal_does(found: Hindcast):
    page = render(found, {"maps": "Maps & more"})
    assert "A simple forecaster wins: drift" in page
    assert "Record: Maps &amp; more." in page


def test_notes_are_markdown_with_every_series_and_a_picture(found: Hindcast, tmp_path: Path):
    file = write_hindcast_notes(tmp_path / "notes.md", found)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.md", "notes.svg"]
    text = file.read_text(encoding="utf-8")
    assert "](notes.svg)" in text
    lines = text.splitlines()
    for one in found.summary.series:
        name = found.declared[one.name].name
        (row,) = (line for line in lines if line.startswith(f"| {name} |"))
        assert row.count("|") == 10
        assert f"- **{name}.** {hindcast.sentence(found, one)}" in lines
    svg = (tmp_path / "notes.svg").read_text(encoding="utf-8")
    assert svg.startswith("<svg")
    assert ">About losses<" in svg
