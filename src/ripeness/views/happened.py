"""What happened, as the record has it: events, talks and red lines, read for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ripeness.record.observations import last_day
from ripeness.record.tables import KNOWN, LATER, list_tables, read_text
from ripeness.views.words import long_date, plain

EVENTS, NEGOTIATIONS, RED_LINES = "events", "negotiations", "red_lines"
"""Tables that are shown as what happened, by their usual names; a record may have none of them."""

ABOUT_A_ROW = ("source", "confidence", KNOWN, "licence", "note")
BESIDE = " ; "
"""Stands between the sources of a row that has several."""


@dataclass(frozen=True)
class Link:
    """A source of a row: what it is called, and its address if it has one."""

    name: str
    url: str | None


@dataclass(frozen=True)
class Event:
    """Something that happened.

    Attributes
    ----------
    when
        ISO date.
    figure
        What was counted, as ``11,000 troops``; empty if nothing was.
    """

    when: str
    category: str
    actor: str
    says: str
    figure: str
    confidence: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Talks:
    """A round of talks, or an offer: what was put, what came of it.

    Attributes
    ----------
    when
        As precise as the source has it.
    terms
        All else that the record says of it, by what it is about.
    """

    when: str
    name: str
    agreed: str
    kept: str
    outcome: str
    terms: tuple[tuple[str, str], ...]
    confidence: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Line:
    """A declared red line, and what became of it; empty where it was not crossed."""

    declared: str
    by: str
    threshold: str
    threat: str
    crossed: str
    how: str
    response: str
    confidence: str
    links: tuple[Link, ...]


def events(record: Path) -> tuple[Event, ...]:
    """Read the dated events, in order; none if the record has no such table."""
    found = [
        Event(
            when=row["date"],
            category=row.get("category", ""),
            actor=row.get("actor", ""),
            says=row.get("event", ""),
            figure=_figure(row),
            confidence=row.get("confidence", ""),
            links=links(row.get("source", "")),
        )
        for row in _rows(record, EVENTS)
    ]
    return tuple(sorted(found, key=lambda event: event.when))


def talks(record: Path) -> tuple[Talks, ...]:
    """Read the rounds of talks, in order; none if the record has no such table."""
    apart = {"date_start", "date_end", "round", "agreement_reached", "kept_or_violated", "outcome"}
    found = [
        Talks(
            when=row["date_start"],
            name=row.get("round", ""),
            agreed=row.get("agreement_reached", ""),
            kept=row.get("kept_or_violated", ""),
            outcome=row.get("outcome", ""),
            terms=tuple(
                (plain(name), text)
                for name, text in row.items()
                if text and name not in (*apart, *ABOUT_A_ROW) and not name.endswith(LATER)
            ),
            confidence=row.get("confidence", ""),
            links=links(row.get("source", "")),
        )
        for row in _rows(record, NEGOTIATIONS)
    ]
    return tuple(sorted(found, key=lambda one: one.when))


def lines(record: Path) -> tuple[Line, ...]:
    """Read the declared red lines, those first that were crossed first; maybe none."""
    found = [
        Line(
            declared=row.get("threat_date", ""),
            by=row.get("stated_by", ""),
            threshold=row.get("threshold", ""),
            threat=row.get("stated_threat", ""),
            crossed=row["crossed_date"],
            how=row.get("how_crossed", ""),
            response=row.get("observed_response", ""),
            confidence=row.get("confidence", ""),
            links=links(row.get("source", "")),
        )
        for row in _rows(record, RED_LINES)
    ]
    return tuple(sorted(found, key=lambda line: (not line.crossed, line.crossed)))


def links(source: str) -> tuple[Link, ...]:
    """Take apart what a row gives as its source: addresses by their host, all else as it stands."""
    return tuple(
        Link(urlsplit(part).netloc.removeprefix("www."), part)
        if part.startswith(("https://", "http://"))
        else Link(part, None)
        for part in map(str.strip, source.split(BESIDE))
        if part
    )


def day_of(when: str) -> date:
    """The last day of what a source gives as a day, a month or a year."""
    return date.fromordinal(last_day("the record", "date", when))


def told_date(when: str) -> str:
    """Write a day, a month or a year as people do; a day in full."""
    if len(when) == len("2024-08-06"):
        return long_date(when)
    if len(when) == len("2024-08"):
        return f"{date.fromisoformat(f'{when}-01'):%B %Y}"
    return when


def categories(found: Sequence[Event]) -> list[str]:
    """The kinds of events, in alphabetical order."""
    return sorted({event.category for event in found})


def _rows(record: Path, table: str) -> list[dict[str, str]]:
    if table not in list_tables(record):
        return []
    rows: list[dict[Any, Any]] = read_text(record / f"{table}.csv").to_dict("records")
    return rows


def _figure(row: dict[str, str]) -> str:
    value, unit = row.get("value", ""), row.get("unit", "")
    if not value:
        return ""
    number = float(value)
    return f"{number:,.0f} {unit}" if number == int(number) else f"{number:,} {unit}"
