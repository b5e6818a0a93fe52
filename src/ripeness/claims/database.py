"""Databases that claims are run in: they can read one table of worlds, or the record, and no more.

External access is switched off and the configuration locked before any text from a claims file
reaches DuckDB; from then on a database can read the files it was opened for, and nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Timer

import duckdb
from duckdb import DuckDBPyConnection

from ripeness.errors import RipenessError, UsageError

MEMORY_LIMIT = "1GB"
SECONDS = 60.0

MEASURES = {
    "measure": "VARCHAR",
    "number": "VARCHAR",
    "value": "DOUBLE",
    "low": "DOUBLE",
    "high": "DOUBLE",
    "n": "DOUBLE",
    "unit": "VARCHAR",
    "is": "VARCHAR",
}
"""Columns of the table ``measures``: one row a number of a measure, with its interval."""


def open_record(folder: Path) -> DuckDBPyConnection:
    """Open the record's tables, loaded into memory; `folder` holds a CSV file a table.

    Where it says in types.json what types columns have, they need not show it by their values. The
    table ``measures`` is always there, without rows where the folder does not hold it.
    """
    known = {**_types(folder / "types.json"), "measures": MEASURES}
    tables = {file.stem: file.resolve() for file in sorted(folder.glob("*.csv"))}
    connection = connect([str(file) for file in tables.values()])
    for name, file in tables.items():
        try:
            options = ["header=true", "sample_size=-1", "hive_partitioning=false"]
            if told := known.get(name):
                pairs = [f"{literal(column)}: {literal(type_)}" for column, type_ in told.items()]
                options.append(f"types={{{', '.join(pairs)}}}")
            read = f"read_csv({literal(no_pattern(str(file)))}, {', '.join(options)})"
            connection.execute(f"CREATE TABLE {identifier(name)} AS FROM {read}")
        except duckdb.Error as error:
            raise RipenessError(f"{file} is no table: {first_line(error)}") from None
    if "measures" not in tables:
        connection.execute(f"CREATE TABLE measures AS FROM {no_rows(MEASURES)} LIMIT 0")
    lock(connection)
    return connection


def _types(file: Path) -> dict[str, dict[str, str]]:
    try:
        known = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        return {table: dict(columns) for table, columns in known.items()}
    except (ValueError, TypeError, AttributeError):
        what = 'write {"table": {"column": "TYPE"}}'
        raise RipenessError(f"{file} does not say types; {what}") from None


def open_empty() -> DuckDBPyConnection:
    """Open a database without tables, to check expressions in."""
    connection = connect([])
    lock(connection)
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
    """Interrupt what the connection does when the time is up.

    Raises
    ------
    UsageError
        It was; or it took more memory than it may.
    """
    late = Event()

    def stop() -> None:
        late.set()
        connection.interrupt()

    timer = Timer(seconds, stop)
    timer.start()
    try:
        yield
    except duckdb.InterruptException:
        if late.is_set():
            raise UsageError(f"it took more than {seconds:g} s and was stopped") from None
        raise
    except duckdb.OutOfMemoryException:
        raise UsageError(f"it takes more memory than it may ({MEMORY_LIMIT})") from None
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


def no_pattern(path: str) -> str:
    """Write a path so that DuckDB takes it for one file, whatever letters it has."""
    return re.sub(r"([*?[])", r"[\1]", path)


def connect(readable: Sequence[str]) -> DuckDBPyConnection:
    """Open a database that reads some files and nothing else: no other file, no Python variable.

    What is divided by zero is missing, as what is not a number is.
    """
    connection = duckdb.connect(
        config={
            # Parquet's statistics pass over what is not a number, and DuckDB would believe them.
            "disabled_optimizers": "statistics_propagation",
            "memory_limit": MEMORY_LIMIT,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
            "ieee_floating_point_ops": "false",
            "error_on_division_by_zero": "false",
        }
    )
    connection.execute("SET temp_directory = ''")  # it could be read, and written to
    paths = dict.fromkeys([*readable, *map(no_pattern, readable)])
    connection.execute(f"SET allowed_paths = [{', '.join(map(literal, paths))}]")
    connection.execute("SET enable_external_access = false")
    return connection


def lock(connection: DuckDBPyConnection) -> None:
    """Let nobody change what the database may do."""
    connection.execute("SET lock_configuration = true")
