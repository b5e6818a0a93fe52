"""The record's tables: what happened, and what of it was known on any day.

One CSV file is a table, in the folder ``record`` of a case. In a dated table the column ``known``
holds the day from which a reader could know the row. A value that became known later than its row
has that day beside it, in a column of the same name with ``_known`` behind it. A table without the
column ``known`` is no news of the war (as the outlines of cells), and known on every day.

A record as of a day is another record, with nothing later in it: whatever reads the one reads the
other in the same way.
"""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ripeness.errors import RipenessError, UsageError, suggest

if TYPE_CHECKING:
    import pandas as pd

KNOWN = "known"
LATER = "_known"
"""Ends the name of the column that says from which day on the value before it could be known."""

DATES = ("date", "week_end", KNOWN)  # the columns in which every row has a full date

TYPES = "types.json"
"""In a record as of a day: what type each column has in the whole record, by DuckDB's names, since
a column that lost its values would show none."""

COMPUTED = ("measures",)
"""Tables that are computed from the others, and have to be computed anew from what is left."""


def list_tables(folder: Path) -> tuple[str, ...]:
    """Return the names of the tables in a case's record folder, in alphabetical order."""
    return tuple(sorted(file.stem for file in folder.glob("*.csv")))


def read_table(folder: Path, name: str, as_of: date | None = None) -> pd.DataFrame:
    """Read a table of the record.

    Parameters
    ----------
    folder
        A case's record folder.
    name
        A table's name, the stem of its file.
    as_of
        Only what was known on that day; everything if not said.

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

    file = _file(folder, name)
    texts: dict[Any, Any] = dict.fromkeys(DATES, "str")
    texts |= {column: "str" for column, type_ in _types(folder, name).items() if type_ == "VARCHAR"}
    table = _read(file, lambda: pd.read_csv(file, dtype=texts))
    if as_of is not None:
        kept = known_by(read_text(file), as_of, file).to_csv(index=False)
        texts |= dict.fromkeys(table.select_dtypes(exclude="number"), "str")
        table = pd.read_csv(io.StringIO(kept), dtype=texts)
    for column in table.columns.intersection(DATES):
        _check_days(table, column, file, blank=True)
        table[column] = pd.to_datetime(table[column], format="ISO8601")
    return table


def read_text(file: Path) -> pd.DataFrame:
    """Read a table as it is written, every value as text."""
    import pandas as pd

    return _read(file, lambda: pd.read_csv(file, dtype=str, keep_default_na=False))


def cut(folder: Path, as_of: date, into: Path) -> None:
    """Write a record that holds only what was known on a day.

    Rows that became known later are left out, and values that became known later than their row
    are blank. Tables that are computed from others are left out.

    Parameters
    ----------
    folder
        A record folder.
    as_of
        The day.
    into
        A folder that is not there yet, or empty.

    Raises
    ------
    UsageError
        The folder has something in it, or a day is not written as one.
    """
    if into.exists() and any(into.iterdir()):
        raise UsageError(f"{into} has something in it; name a new folder")
    into.mkdir(parents=True, exist_ok=True)
    for boundaries in sorted(folder.glob("*.topojson")):
        shutil.copyfile(boundaries, into / boundaries.name)
    names = [name for name in list_tables(folder) if name not in COMPUTED]
    for name in names:
        file = folder / f"{name}.csv"
        rows = known_by(read_text(file), as_of, file)
        rows.to_csv(into / file.name, index=False, lineterminator="\n")
    told = {name: _types(folder, name) for name in names}
    types = told | _sniffed(folder, [name for name in names if not told[name]])
    (into / TYPES).write_text(json.dumps(types, indent=1), encoding="utf-8")


def known_by(table: pd.DataFrame, as_of: date, file: Path) -> pd.DataFrame:
    """Leave in a table what was known on a day.

    Parameters
    ----------
    table
        Every value as text, from `read_text`.
    file
        Where it was read, to be named if a day is not written as one.
    """
    if KNOWN not in table:
        return table
    day = as_of.isoformat()
    _check_days(table, KNOWN, file)
    rows = table.loc[(table[KNOWN] <= day).to_numpy()].copy()
    for column in [str(name) for name in table if str(name).endswith(LATER)]:
        _check_days(table, column, file, blank=True)
        later = (rows[column] > day).to_numpy()
        rows.loc[later, [column.removesuffix(LATER), column]] = ""
    return rows


def day_of(word: str) -> date:
    """Read a day that a person wrote, as 2024-08-06.

    Raises
    ------
    UsageError
        It is none.
    """
    if not _is_day(word):
        raise UsageError(f"{word!r} is no day; write it as year-month-day: 2024-08-06")
    return date.fromisoformat(word)


def _file(folder: Path, name: str) -> Path:
    tables = list_tables(folder)
    if name not in tables:
        right = suggest(name, tables) or f"; there are {', '.join(tables) or 'none'}"
        raise UsageError(f"the record has no table {name!r}{right}")
    return folder / f"{name}.csv"


def _read(file: Path, read: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    try:
        return read()
    except (OSError, ValueError) as error:
        raise RipenessError(f"{file} is no table: {error}") from None


def _check_days(table: pd.DataFrame, column: str, file: Path, blank: bool = False) -> None:
    words = ["" if word != word else str(word) for word in table[column].tolist()]
    for word in dict.fromkeys(words):
        if not (_is_day(word) or (blank and not word)):
            line = 2 + words.index(word)  # the first has the names of the columns
            raise UsageError(
                f"{file}:{line}: the column {column!r} holds {word!r}, which is no day; "
                "write it as year-month-day: 2024-08-06"
            )


def _is_day(word: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", word)) and bool(date.fromisoformat(word))
    except ValueError:  # as the 31st of June
        return False


def _types(folder: Path, name: str) -> Mapping[str, str]:
    """Types of the columns as another record had them that this one was cut from, if it was."""
    file = folder / TYPES
    return json.loads(file.read_text(encoding="utf-8")).get(name, {}) if file.is_file() else {}


def _sniffed(folder: Path, names: Sequence[str]) -> dict[str, Mapping[str, str]]:
    import duckdb

    read = "DESCRIBE FROM read_csv(?, header=true, sample_size=-1)"
    found: dict[str, Mapping[str, str]] = {}
    with duckdb.connect() as database:
        for name in names:
            columns = database.execute(read, [str(folder / f"{name}.csv")]).fetchall()
            found[name] = {column[0]: column[1] for column in columns}
    return found
