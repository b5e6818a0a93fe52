"""What a record holds: its tables, their spans, and how much of them is only recalled."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ripeness.case.schema import CaseFile
from ripeness.record.tables import list_tables, read_text

RECALLED = "recalled"
"""The confidence of what was written from memory, to be checked before it is cited."""

WHEN = ("date", "week_end", "month", "date_start", "start_date", "field_start", "threat_date")
"""Columns that say when something happened; a table has one of them, or is not about time."""


@dataclass(frozen=True)
class Held:
    """A table of the record.

    Attributes
    ----------
    table
        Its name.
    rows, recalled
        How many rows it has, and how many of them are only recalled.
    first, last
        The earliest and latest date that a row is about, as precise as the source has them; None
        for a table that is not about time.
    holds
        What it is a table of, in the words of the case file.
    """

    table: str
    rows: int
    recalled: int
    first: str | None
    last: str | None
    holds: str


def held(case: CaseFile, folder: Path) -> tuple[Held, ...]:
    """List the tables of a case's record folder."""
    titles = {source.table: source.title for source in case.sources.values() if source.table}
    return tuple(
        _held(folder / f"{name}.csv", titles.get(name, "")) for name in list_tables(folder)
    )


def _held(file: Path, holds: str) -> Held:
    rows = read_text(file)
    when = next((column for column in WHEN if column in rows), None)
    days = sorted(day for day in rows[when].tolist() if day) if when else []
    return Held(
        table=file.stem,
        rows=len(rows),
        recalled=rows["confidence"].tolist().count(RECALLED) if "confidence" in rows else 0,
        first=days[0] if days else None,
        last=days[-1] if days else None,
        holds=holds,
    )
