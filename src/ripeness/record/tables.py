"""The record's tables: what happened, one CSV file a table, in the folder ``record`` of a case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ripeness.errors import RipenessError, UsageError, suggest

if TYPE_CHECKING:
    import pandas as pd

DATES = ("date", "week_end")  # the columns in which every row has a full date


def list_tables(folder: Path) -> tuple[str, ...]:
    """Return the names of the tables in a case's record folder, in alphabetical order."""
    return tuple(sorted(file.stem for file in folder.glob("*.csv")))


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """Read a table of the record.

    Parameters
    ----------
    folder
        A case's record folder.
    name
        A table's name, the stem of its file.

    Returns
    -------
    DataFrame
        One row a figure. Full dates become timestamps; columns in which a source gives only a
        month or a year stay text.

    Raises
    ------
    UsageError
        There is no such table, or a column of dates holds something else.
    """
    import pandas as pd

    tables = list_tables(folder)
    if name not in tables:
        right = suggest(name, tables) or f"; there are {', '.join(tables) or 'none'}"
        raise UsageError(f"the record has no table {name!r}{right}")
    file = folder / f"{name}.csv"
    try:
        table = pd.read_csv(file)
    except (OSError, ValueError) as error:
        raise RipenessError(f"{file} is no table: {error}") from None
    for column in table.columns.intersection(DATES):
        try:
            table[column] = pd.to_datetime(table[column], format="ISO8601")
        except ValueError as error:
            said = str(error).splitlines()[0]
            raise UsageError(f"{file}: the column {column!r} must hold dates: {said}") from None
    return table
