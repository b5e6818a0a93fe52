"""Databases that claims are run in: they can read one table of worlds, or the record, and no more.

External access is switched off and the configuration locked before any text from a claims file
reaches DuckDB; from then on a database can read the files it was opened for, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import duckdb
from duckdb import DuckDBPyConnection

from ripeness.errors import RipenessError, UsageError

MEMORY_LIMIT = "1GB"
SECONDS = 20.0

_INTEGERS = frozenset(
    f"{sign}{size}" for sign in ("", "U") for size in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT")
)
_FLOATS = frozenset({"FLOAT", "DOUBLE"})


def open_worlds(files: Sequence[Path]) -> DuckDBPyConnection:
    """Open a table of worlds, read in place, as the view ``worlds``.

    Integers become ``BIGINT`` and floats ``DOUBLE``, so that no arithmetic of a claim overflows;
    a float that is not a number becomes missing, so that no comparison takes it for a large one.

    Parameters
    ----------
    files
        Parquet files with the same columns, among them ``world`` and ``plan``.

    Raises
    ------
    UsageError
        There is no file, or it holds no table of worlds.
    """
    if not files:
        raise UsageError("there are no worlds to judge: the list of files is empty")
    for file in files:
        if not file.is_file():
            raise UsageError(f"{file}: there is no such file of worlds")
    paths = [str(file.resolve()) for file in files]
    connection = _connect(paths)
    source = f"read_parquet([{', '.join(map(literal, paths))}])"
    try:
        columns = described(connection, f"SELECT * FROM {source}")
    except duckdb.Error as error:
        raise UsageError(f"{files[0]} cannot be read as worlds: {first_line(error)}") from None
    for needed in ("world", "plan"):
        if needed not in columns:
            raise UsageError(f"{files[0]} is no table of worlds: it has no column {needed!r}")
    parts = ", ".join(_widened(name, type_) for name, type_ in columns.items())
    connection.execute(f"CREATE VIEW worlds AS SELECT {parts} FROM {source}")
    _lock(connection)
    return connection


def open_record(folder: Path) -> DuckDBPyConnection:
    """Open the record's tables, loaded into memory; `folder` holds a CSV file a table.

    Where it says in types.json what types columns have, they need not show it by their values.
    """
    types = folder / "types.json"
    known = json.loads(types.read_text(encoding="utf-8")) if types.is_file() else {}
    tables = {file.stem: file.resolve() for file in sorted(folder.glob("*.csv"))}
    connection = _connect([str(file) for file in tables.values()])
    for name, file in tables.items():
        try:
            options = ["header=true", "sample_size=-1"]
            if told := known.get(name):
                pairs = [f"{literal(column)}: {literal(type_)}" for column, type_ in told.items()]
                options.append(f"types={{{', '.join(pairs)}}}")
            read = f"read_csv({literal(str(file))}, {', '.join(options)})"
            connection.execute(f"CREATE TABLE {identifier(name)} AS FROM {read}")
        except duckdb.Error as error:
            raise RipenessError(f"{file} is no table: {first_line(error)}") from None
    _lock(connection)
    return connection


def open_empty() -> DuckDBPyConnection:
    """Open a database without tables, to check expressions in."""
    connection = _connect([])
    _lock(connection)
    return connection


def no_rows(columns: Mapping[str, str]) -> str:
    """Return SQL for a table with the columns and types given, to check expressions against."""
    parts = [f"NULL::{type_} AS {identifier(name)}" for name, type_ in columns.items()]
    return f"(SELECT {', '.join(parts or ['1'])})"


def tables_in(connection: DuckDBPyConnection) -> list[str]:
    """Return the names of the tables."""
    return [row[0] for row in connection.execute("SHOW TABLES").fetchall()]


def described(connection: DuckDBPyConnection, query: str) -> dict[str, str]:
    """Return the columns of a query and their types, without running it."""
    rows = connection.execute(f"DESCRIBE {query}").fetchall()
    return {row[0]: row[1] for row in rows}


@contextmanager
def limited(connection: DuckDBPyConnection, seconds: float = SECONDS) -> Iterator[None]:
    """Interrupt what the connection does when the time is up."""
    timer = Timer(seconds, connection.interrupt)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def first_line(error: Exception) -> str:
    """Return what DuckDB says, without its hints and pointers."""
    return str(error).splitlines()[0]


def identifier(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text for SQL."""
    return "'" + text.replace("'", "''") + "'"


def _connect(readable: Sequence[str]) -> DuckDBPyConnection:
    connection = duckdb.connect(
        config={
            "memory_limit": MEMORY_LIMIT,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )
    connection.execute(f"SET allowed_paths = [{', '.join(map(literal, readable))}]")
    connection.execute("SET enable_external_access = false")
    return connection


def _lock(connection: DuckDBPyConnection) -> None:
    connection.execute("SET lock_configuration = true")


def _widened(name: str, type_: str) -> str:
    column = identifier(name)
    if type_ in _INTEGERS:
        return f"{column}::BIGINT AS {column}"
    if type_ in _FLOATS:
        return f"CASE WHEN isnan({column}) THEN NULL ELSE {column}::DOUBLE END AS {column}"
    return column
