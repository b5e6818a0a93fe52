"""How a claim stood on one day after the other, from the timeline that lies with a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from ripeness.case.load import TIMELINE_FILE
from ripeness.views.beside import read_beside, rests_on
from ripeness.views.charts.overtime import overtime_chart
from ripeness.views.charts.theme import page_spec
from ripeness.views.figures import Figure
from ripeness.views.rundata import RunCard
from ripeness.views.verdicts import Verdict
from ripeness.views.words import interval, long_date, percent

READING = (
    "Dots: share of worlds that agree with what was known then, lines their 95 % intervals; below "
    "them the record's verdict on the same day. Where either is missing it has no test."
)


def overtime_figure(folder: Path, card: RunCard, verdict: Verdict) -> Figure | None:
    """Show a claim's verdicts over time; None if there is no timeline of it.

    Parameters
    ----------
    folder, card
        Of the run.
    """
    told = read_beside(folder, TIMELINE_FILE)
    if told is None:
        return None
    course = next((one for one in told["claims"] if one["id"] == verdict["id"]), None)
    # a timeline of other words under the same name is of another claim
    if course is None or course["says"] != verdict["says"]:
        return None
    return Figure(
        id="overtime",
        question="How did the verdicts change as more became known?",
        sentence=_capital(course["sentence"].removeprefix(f"{verdict['id']}: ")),
        spec=page_spec(overtime_chart(pd.DataFrame([_row(one) for one in course["at"]]))),
        heads=("As known on", "Record", "Share of worlds (95 %)"),
        rows=tuple(
            (_day(one["as_of"]), one["record"] or "no test", _share(one)) for one in course["at"]
        ),
        source=f"{rests_on(told, card)} {READING}",
    )


def _row(one: Mapping[str, Any]) -> dict[str, Any]:
    shares = {"share": one["share"], "low": one["share_low"], "high": one["share_high"]}
    return {
        "day": _short(one["as_of"]),
        "record": one["record"],
        **{name: None if value is None else 100 * value for name, value in shares.items()},
    }


def _share(one: Mapping[str, Any]) -> str:
    if one["share"] is None:
        return "no share"
    return f"{percent(one['share'])} ({interval(one['share_low'], one['share_high'])})"


def _day(day: str | None) -> str:
    return long_date(day) if day else "Before the record"


def _short(day: str | None) -> str:
    when = date.fromisoformat(day) if day else None
    return f"{when.day} {when:%b %y}" if when else "before"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
