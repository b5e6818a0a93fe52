"""What a public series is: where it lies, how it becomes rows, and what those must be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ripeness.errors import RipenessError
from ripeness.record.fetch.download import Download

if TYPE_CHECKING:
    import pandas as pd

PROVENANCE = ("source", "confidence", "known", "licence")
"""Columns in which every row says where it comes from, and from which day it could be known."""

UNSTATED = "not stated"
"""The licence of a source that states none."""


@dataclass(frozen=True)
class Schema:
    """What the rows of a table must be.

    Attributes
    ----------
    columns
        All of them, in their order.
    key
        The columns that tell rows apart; the first holds the date, as 2024-08-06 or 2024-08.
    ranges
        Lowest and highest plausible value of each column of numbers, in the column's unit.
    required
        Columns of numbers in which every row has one.
    part
        The rows of the table that the source gives whole, as values of columns; none for all. A
        source that gives single dates alone has None.
    """

    columns: tuple[str, ...]
    key: tuple[str, ...]
    ranges: Mapping[str, tuple[float, float]]
    required: tuple[str, ...] = ()
    part: Mapping[str, str] | None = field(default_factory=dict)


@dataclass(frozen=True)
class Parsed:
    """The rows that a source gives, and notes on what was repaired or left out."""

    rows: pd.DataFrame
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """A public series.

    Attributes
    ----------
    name
        Of the series, for a person to type.
    table
        The table of the record that it brings up to date.
    urls
        Its files; none if the publisher has no file that a program can read.
    parse
        Makes rows of the downloaded files; the folder is the record's, with boundaries and cells.
    schema
        What those rows must be.
    gaps
        Whether single files may be missing from the server.
    """

    name: str
    table: str
    urls: tuple[str, ...]
    parse: Callable[[Sequence[Download], Path], Parsed]
    schema: Schema
    gaps: bool = False


def check(rows: pd.DataFrame, schema: Schema, existing: pd.DataFrame) -> None:
    """Refuse rows that cannot be what the source is known to give.

    Raises
    ------
    RipenessError
        Says what is wrong with them.
    """
    import numpy as np
    import pandas as pd

    if list(rows.columns) != list(schema.columns):
        raise RipenessError(f"the columns are {', '.join(rows.columns)}")
    if rows.empty and schema.part is None:
        return  # nothing changed on the ground
    if rows.empty:
        raise RipenessError("there is no row of data")
    dates = rows[schema.key[0]].map(str)
    good = dates.str.fullmatch(r"\d{4}-\d\d(-\d\d)?")
    if not good.all() or pd.to_datetime(dates, errors="coerce", format="ISO8601").isna().any():
        raise RipenessError(f"the column {schema.key[0]!r} holds something else than dates")
    if (rows["known"].map(str) < dates).to_numpy().any():
        raise RipenessError("the column 'known' holds days before what they are about")
    for column, (low, high) in schema.ranges.items():
        try:
            numbers = rows[column].to_numpy(float)
        except (TypeError, ValueError):
            raise RipenessError(
                f"the column {column!r} holds something else than numbers"
            ) from None
        empty = np.isnan(numbers)
        if column in schema.required and empty.any():
            raise RipenessError(f"the column {column!r} has empty places")
        wrong = numbers[~empty & ((numbers < low) | (numbers > high))]
        if wrong.size:
            raise RipenessError(f"{column!r} is {wrong[0]:g}, and can be {low:g} to {high:g}")
    twice = rows.duplicated(list(schema.key))
    if twice.any():
        what = ", ".join(str(value) for value in rows.loc[twice, list(schema.key)].iloc[0])
        raise RipenessError(f"two rows are about {what}")
    if schema.part is None:
        return
    here = existing
    for column, value in schema.part.items():
        here = here[here[column] == value]
    if len(rows) < len(here) / 2:
        raise RipenessError(f"it has {len(rows)} rows where the table has {len(here)}")
