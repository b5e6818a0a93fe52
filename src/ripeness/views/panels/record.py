"""The record: what happened, what was offered and kept, which lines were crossed, and sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ripeness.errors import UsageError
from ripeness.record.listing import RECALLED
from ripeness.record.provenance import recalled_rows
from ripeness.views import happened
from ripeness.views.panels.panel import Panel
from ripeness.views.record_figure import record_figure
from ripeness.views.shown import Shown
from ripeness.views.words import listed, long_date, quantity


@dataclass(frozen=True)
class Source:
    """A source of the case, and how much of its table, if it has one, was written from memory."""

    name: str
    title: str
    url: str | None
    confidence: str
    licence: str | None
    rows: int
    recalled: int


def panel(shown: Shown, category: str | None = None) -> Panel | None:
    """Give what happened and where that is known from; None if the case has no source at all.

    Parameters
    ----------
    category
        Only events of this kind are listed; all if not said.

    Raises
    ------
    UsageError
        If there are no events of that kind.
    """
    record, card = shown.record, shown.card
    events = happened.events(record) if record else ()
    kinds = happened.categories(events)
    if category and category not in kinds:
        raise UsageError(
            f"the record has no events of the kind {category!r}; it has {listed(kinds)}"
        )
    talks, lines = (
        (happened.talks(record), happened.lines(record)) if record is not None else ((), ())
    )
    figure = record_figure(shown.case, record, card.decision_date) if record else None
    sources = _sources(shown)
    if not (figure or events or talks or lines or sources):
        return None
    return Panel(
        id="record",
        title="What happened",
        lead=_lead(shown, len(events), len(talks), len(lines)),
        content={
            "figure": figure,
            "events": [one for one in events if category in (None, "", one.category)],
            "kinds": kinds,
            "kind": category or "",
            "talks": talks,
            "lines": lines,
            "sources": sources,
            "recalled": _recalled(shown, sources),
            "date": happened.told_date,
        },
        figures=(figure,) if figure else (),
    )


def _lead(shown: Shown, events: int, talks: int, lines: int) -> str:
    counts = [
        f"{count} {name}"
        for count, name in (
            (events, "dated events"),
            (talks, "rounds of talks and offers"),
            (lines, "declared red lines"),
        )
        if count
    ]
    if not counts:
        return "The record holds no dated events; these are the sources that the case rests on."
    holds = f"The record holds {listed(counts)}"
    day = shown.card.as_of
    known = f", as known on {long_date(day)}" if day else ""
    return f"{holds}{known}."


def _sources(shown: Shown) -> list[Source]:
    rows = recalled_rows(shown.record) if shown.record else {}
    found = []
    for name, source in shown.case.get("sources", {}).items():
        recalled, held = rows.get(source.get("table") or "", (0, 0))
        found.append(
            Source(
                name,
                source["title"],
                source.get("url"),
                source["confidence"],
                source.get("licence"),
                held,
                recalled,
            )
        )
    return found


def _recalled(shown: Shown, sources: Sequence[Source]) -> str:
    """Say how much of the record, and of what is assumed, was written from memory."""
    rows, recalled = (sum(getattr(one, part) for one in sources) for part in ("rows", "recalled"))
    assumed = list(shown.case.get("assumptions", {}).values())
    ranges = sum(one.get("confidence") == RECALLED for one in assumed)
    told = []
    if rows:
        told.append(f"{quantity(recalled)} of {quantity(rows)} rows of the record")
    if assumed:
        told.append(f"the ranges of {ranges} of {len(assumed)} assumptions")
    return (
        f"Written from memory, to be checked before they are cited: {listed(told)}." if told else ""
    )
