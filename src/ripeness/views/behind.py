"""What stands behind a claim's verdicts: the assumptions it hangs on, and the record's sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ripeness.claims.queries import measures_named, tables_read
from ripeness.views import turns
from ripeness.views.rundata import RunCard
from ripeness.views.shown import Shown
from ripeness.views.verdicts import Verdict, meaning
from ripeness.views.words import plain

CONFIDENCE = {
    "found": "found in a source",
    "claimed": "claimed by a party to the war",
    "estimated": "estimated from what is known",
    "recalled": "from memory, to be checked before it is cited",
    "judgement": "a judgement",
    "mixed": "partly found, partly not",
}
"""How well a figure is known, by the word that the case file has for it."""


@dataclass(frozen=True)
class Source:
    """Where a figure comes from.

    Attributes
    ----------
    title, url, licence
        As the case file gives them.
    known
        How well it is known, in words.
    table
        The table of the record that was made from it; None if there is none.
    """

    title: str
    url: str | None
    licence: str | None
    known: str
    table: str | None


@dataclass(frozen=True)
class Assumed:
    """An assumption that a claim hangs on.

    Attributes
    ----------
    column
        Its name in the table of worlds.
    meaning
        What it is, with its unit; its name in words if nobody says.
    values
        The values that it is given in the worlds.
    because
        Why these.
    known
        How well they are known, in words.
    sources
        Where they come from.
    turns
        In how many worlds the claim holds at both ends of it; empty if that was not asked.
    """

    column: str
    meaning: str
    values: str
    because: str
    known: str
    sources: tuple[Source, ...]
    turns: str


def assumed(shown: Shown, verdict: Verdict) -> list[Assumed]:
    """Tell of the assumptions that a claim hangs on or asserts, first those that turn it most."""
    names = [*dict.fromkeys(filter(None, (*verdict["hinges"], verdict["hinge_assumption"])))]
    # `ripeness.worlds.columns.column_name` says the same, and takes seconds to load
    given = {name.replace(".", "_"): one for name, one in shown.case["assumptions"].items()}
    ends = {one["assumption"]: one for one in shown.ends if one["claim"] == verdict["id"]}
    return [
        _assumed(name, given.get(name, {}), shown.card, shown.case["sources"], ends.get(name))
        for name in sorted(names, key=lambda name: -turns.turned(ends[name]) if name in ends else 0)
    ]


def _assumed(
    column: str,
    given: Mapping[str, Any],
    card: RunCard,
    sources: Mapping[str, Mapping[str, Any]],
    ends: Mapping[str, Any] | None,
) -> Assumed:
    told = card.columns.get(column, {})
    values = told.get("assumed", "")
    confidence: str = given.get("confidence", "")
    return Assumed(
        column=column,
        meaning=meaning(told) or plain(column),
        values=values.removesuffix(f" ({confidence})"),
        because=given.get("because", ""),
        known=CONFIDENCE.get(confidence, confidence),
        sources=tuple(_source(sources[name]) for name in given.get("sources", ())),
        turns=_turns(ends, told.get("unit", "")) if ends is not None else "",
    )


def _turns(ends: Mapping[str, Any], unit: str) -> str:
    """Say how far the assumption turns the claim, and whether that may be luck."""
    said = turns.told(ends, unit)
    return f"{said}." if turns.differs(ends) else f"{said}; the difference may be luck."


def record_sources(shown: Shown, claim: str) -> list[Source]:
    """Tell where the figures come from by which the record decides a claim."""
    test = shown.asked.claims.named(claim).record if shown.asked is not None else None
    if test is None:
        return []
    tables = _tables([figure.sql for figure in test.figures.values()], shown.case["measures"])
    found = [one for one in shown.case["sources"].values() if one.get("table") in tables]
    return [_source(one) for one in found]


def _tables(queries: Sequence[str], measures: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The tables that queries read, and those from which the measures were made that they read."""
    read = {table for query in queries for table in tables_read(query)}
    for name in {name for query in queries for name in measures_named(query)} & set(measures):
        measure = measures[name]
        read |= {part["table"] for part in (measure, measure.get("outcome")) if part}
    return read


def _source(given: Mapping[str, Any]) -> Source:
    confidence: str = given["confidence"]
    return Source(
        title=given["title"],
        url=given["url"],
        licence=given["licence"],
        known=CONFIDENCE.get(confidence, confidence),
        table=given.get("table"),
    )
