"""The record over time as a figure: what happened, and the series that were measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from ripeness.case.observed import Observed
from ripeness.errors import UsageError
from ripeness.record.observations import figures
from ripeness.views import happened
from ripeness.views.charts.events import Happening, Strip, record_chart
from ripeness.views.charts.theme import page_spec
from ripeness.views.figures import Figure
from ripeness.views.happened import day_of
from ripeness.views.prior import times_of, unit_of
from ripeness.views.words import long_date, plain, quantity

BEFORE = timedelta(weeks=26)
"""So much of the time before the decision is shown."""

MOST_STRIPS, MOST_LANES = 5, 6
OTHER, TALKS, CROSSED = "other", "talks", "red lines"
"""Lanes of what is not of the more frequent kinds, of offers and talks, and of crossed lines."""


def record_figure(case: Mapping[str, Any], record: Path, decided: str) -> Figure | None:
    """Show events over series, from half a year before the decision on; none without any.

    Parameters
    ----------
    case
        The content of the case file.
    record
        The folder of the record, whole or as of a day.
    decided
        The day of the decision, an ISO date.
    """
    decision = date.fromisoformat(decided)
    happenings, lanes = _happenings(record, decision - BEFORE)
    strips = list(_strips(case, record, decision))
    days = [*(one.day for one in happenings), *(day for strip in strips for day in strip.days)]
    if not days:
        return None
    sources = [case["sources"][name]["title"] for name in _sources(case, strips)]
    return Figure(
        id="record-over-time",
        question="What happened, and what was measured meanwhile?",
        sentence=_sentence(happenings, strips, decision, max(days)),
        spec=page_spec(
            record_chart(happenings, lanes, strips, decision, (decision - BEFORE, max(days)))
        ),
        heads=("Series", "Last before the decision", "Last in the record", "Figures shown"),
        rows=tuple(_row(strip, decision) for strip in strips),
        source=(
            f"Record: tables of the case; dashed: the decision of {long_date(decided)}. "
            f"Series: {'; '.join(sources)}."
        ),
    )


def _happenings(record: Path, since: date) -> tuple[list[Happening], list[str]]:
    """All that has a day in the time shown, and its lanes: kinds of events, talks, red lines."""
    events = [one for one in happened.events(record) if day_of(one.when) >= since]
    counts = Counter(event.category for event in events)
    kinds = sorted(counts, key=lambda kind: -counts[kind])
    own = kinds if len(kinds) <= MOST_LANES else kinds[: MOST_LANES - 1]
    found = [
        Happening(
            day_of(event.when),
            event.category if event.category in own else OTHER,
            f"{event.actor}: {event.says}" + (f" ({event.figure})" if event.figure else ""),
        )
        for event in events
    ]
    found += [
        Happening(day_of(one.when), TALKS, f"{one.name}: {one.outcome}")
        for one in happened.talks(record)
        if day_of(one.when) >= since
    ]
    found += [
        Happening(day_of(line.crossed), CROSSED, f"{line.threshold}: {line.how}")
        for line in happened.lines(record)
        if line.crossed and day_of(line.crossed) >= since
    ]
    lanes = [*own, OTHER, TALKS, CROSSED]
    return found, [lane for lane in lanes if any(one.lane == lane for one in found)]


def _strips(case: Mapping[str, Any], record: Path, decision: date) -> list[Strip]:
    """The series that are held against worlds, one of each table, in the order of the case."""
    found: dict[str, Strip] = {}
    for name, entry in case.get("observed", {}).items():
        if entry["table"] in found or len(found) == MOST_STRIPS:
            continue
        strip = _strip(name, Observed.model_validate(entry), record, decision)
        if strip is not None:
            found[entry["table"]] = strip
    return list(found.values())


def _strip(name: str, declared: Observed, record: Path, decision: date) -> Strip | None:
    try:
        days, values = figures(name, declared, decision, record)
    except UsageError:  # a record as of an early day may lack the table's rows
        return None
    shown, unit = _comparable(declared, days, values)
    inside = days >= -BEFORE.days
    if shown is None or inside.sum() < 2:
        return None
    ordinals = (days[inside] + decision.toordinal()).astype(int).tolist()
    return Strip(
        declared.name,
        unit,
        tuple(date.fromordinal(day) for day in ordinals),
        tuple(shown[inside].tolist()),
    )


def _comparable(
    declared: Observed, days: np.ndarray, values: np.ndarray
) -> tuple[np.ndarray | None, str]:
    """Figures as they are compared with worlds, or amounts as they stand in the table."""
    if declared.how in ("total", "pace"):
        return values, plain(declared.value)
    values = values * declared.times * times_of(declared)
    if declared.how == "level":
        return values, unit_of(declared)
    before = days < 0
    known = values[before][-1] if before.any() else None
    return (None if known is None else values - known), unit_of(declared)


def _sources(case: Mapping[str, Any], strips: Sequence[Strip]) -> list[str]:
    names = {strip.name for strip in strips}
    entries = [one for one in case.get("observed", {}).values() if one["name"] in names]
    return list(dict.fromkeys(source for one in entries for source in one["sources"]))


def _sentence(
    happenings: Sequence[Happening], strips: Sequence[Strip], decision: date, last: date
) -> str:
    since = sum(one.day >= decision for one in happenings)
    return (
        f"{since} dated events, talks and crossings between {long_date(decision.isoformat())} and "
        f"{long_date(last.isoformat())}, over {len(strips)} series."
    )


def _row(strip: Strip, decision: date) -> tuple[str, ...]:
    known = list(zip(strip.days, strip.values, strict=True))
    before = [pair for pair in known if pair[0] < decision]

    def told(pair: tuple[date, float] | None) -> str:
        if pair is None:
            return "none"
        return f"{quantity(float(f'{pair[1]:.4g}'), 4)} on {long_date(pair[0].isoformat())}"

    return (
        f"{strip.name} ({strip.unit})",
        told(before[-1] if before else None),
        told(known[-1]),
        str(len(known)),
    )
