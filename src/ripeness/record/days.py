"""The days as of which a record is looked at, if nobody names others."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from ripeness.errors import UsageError
from ripeness.record.tables import KNOWN, list_tables, read_text

FIRST_NEWS = timedelta(days=4)
"""After the decision: what was known when the first opinions were."""

HALVES = ((6, 30), (12, 31))


def half_years(record: Path, decided: date) -> tuple[date, ...]:
    """Give four days after the decision, then the end of every half-year that the record knows.

    Parameters
    ----------
    record
        A record folder.
    decided
        The day of the decision.

    Raises
    ------
    UsageError
        If no row of the record says from when on it was known.
    """
    first, last = decided + FIRST_NEWS, last_known(record)
    ends = (date(y, *end) for y in range(decided.year, last.year + 1) for end in HALVES)
    return (first, *(day for day in ends if first < day <= last))


def last_known(record: Path) -> date:
    """Give the last day on which something became known.

    Raises
    ------
    UsageError
        If no row says from when on it was known.
    """
    tables = (read_text(record / f"{name}.csv") for name in list_tables(record))
    days = [day for table in tables if KNOWN in table for day in table[KNOWN].tolist()]
    if not days:
        raise UsageError(f"{record} has no table with a column {KNOWN!r}; name the days")
    return date.fromisoformat(max(days))
