"""A table of worlds, whoever made it: Parquet, CSV, Feather, or a frame in memory.

In: where the table is, and what its columns are. Out: a view ``worlds`` with the columns ``world``,
``plan``, ``weight`` and all others, in a database that can read nothing else. One row is a world
under a plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from ripeness.claims.columns import Columns
from ripeness.claims.database import (
    connect,
    described,
    first_line,
    identifier,
    limited,
    literal,
    lock,
)
from ripeness.errors import UsageError

CELLS = 24_000_000
"""So many values are fetched at once, which bounds memory."""

_PARQUET, _CSV, _FEATHER = (
    (".parquet", ".pq"),
    (".csv", ".tsv", ".txt", ".gz"),
    (".feather", ".arrow"),
)
_INTEGERS = frozenset(
    f"{sign}{size}" for sign in ("", "U") for size in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT")
)
_FLOATS = frozenset({"FLOAT", "DOUBLE"})


@dataclass(frozen=True)
class Given:
    """A table as it was given, before anybody said what its columns are.

    Attributes
    ----------
    database
        Where it can be read, and nothing else.
    source
        SQL that gives it.
    label
        What it is called in messages.
    columns
        Its columns and their DuckDB types.
    """

    database: DuckDBPyConnection
    source: str
    label: str
    columns: dict[str, str]


@dataclass(frozen=True)
class Worlds:
    """A table of worlds that questions can be asked of.

    Attributes
    ----------
    database
        Has the view ``worlds``; can read nothing else.
    columns
        Its columns and their DuckDB types.
    about
        What the columns are.
    plans
        In alphabetical order; none if no column names one.
    rows
        How many there are under a plan, at most.
    weighted
        Whether worlds count differently.
    """

    database: DuckDBPyConnection
    columns: dict[str, str]
    about: Columns
    plans: tuple[str, ...]
    rows: int
    weighted: bool

    @property
    def assumptions(self) -> list[str]:
        """The columns that were assumed; none if nobody said which."""
        return self.about.assumed(self.columns)

    @property
    def outcomes(self) -> list[str]:
        """The columns that came out; none if nobody said which."""
        return self.about.came_out(self.columns)

    def fetch(
        self, expressions: Sequence[str], plans: Sequence[str]
    ) -> tuple[NDArray[Any], list[NDArray[Any]]]:
        """Evaluate checked SQL in each world that has all of the plans, in the order of worlds.

        Parameters
        ----------
        expressions
            With ``a.`` and ``b.`` before columns if there are two plans.
        plans
            Two, one or none.

        Returns
        -------
        The worlds, and one array an expression; masked where it is missing.

        Raises
        ------
        UsageError
            It takes too long, or too much memory.
        duckdb.Error
            It cannot be run.
        """
        first = "a." if len(plans) == 2 else ""
        fields = [f"{first}world", *expressions]
        named = ", ".join(f"({field}) AS c{place}" for place, field in enumerate(fields))
        with limited(self.database):
            found = self.database.execute(f"SELECT {named} FROM {_under(plans)}").fetchnumpy()
        worlds = np.asarray(found["c0"])
        values = [found[f"c{place}"] for place in range(1, len(fields))]
        if worlds.dtype != object and (worlds[1:] > worlds[:-1]).all():
            return worlds, values
        # Joins come in no order: sums are to be the same every time.
        order = np.argsort(worlds, kind="stable")
        return worlds[order], [value[order] for value in values]


def given(source: Any) -> Given:
    """Open a table in place, as it is.

    Parameters
    ----------
    source
        A file, files with the same columns, a folder of Parquet files, or a frame in memory: of
        pandas or polars, or an Arrow table.

    Raises
    ------
    UsageError
        There is no such table, or it cannot be read.
    """
    if isinstance(source, str | Path):
        source = _files_of(Path(source))
    if not isinstance(source, Sequence):
        return _frame(source)
    files = [Path(file) for file in source]
    if not files:
        raise UsageError("there are no worlds to judge: the list of files is empty")
    for file in files:
        if not file.is_file():
            raise UsageError(f"{file}: there is no such file of worlds")
    suffix = files[0].suffix.lower()
    if suffix in _FEATHER:
        return _feather(files)
    if suffix not in (*_PARQUET, *_CSV):
        known = ", ".join((*_PARQUET[:1], *_CSV[:2], *_FEATHER))
        raise UsageError(f"{files[0]}: worlds are read from files that end in {known}")
    paths = [str(file.resolve()) for file in files]
    database = connect(paths)
    listed = f"[{', '.join(map(literal, paths))}]"
    try:
        if suffix in _PARQUET:
            table = f"read_parquet({listed})"
        else:  # a text is parsed once, not for every question
            read = f"read_csv({listed}, header=true, sample_size=-1)"
            database.execute(f"CREATE TABLE given AS FROM {read}")
            table = "given"
        return Given(database, table, str(files[0]), described(database, f"FROM {table}"))
    except duckdb.Error as error:
        raise UsageError(f"{files[0]} cannot be read as worlds: {first_line(error)}") from None


def named(table: Given, about: Columns) -> Worlds:
    """Read a table as one of worlds.

    Integers become ``BIGINT`` and floats ``DOUBLE``, so that no arithmetic of a claim overflows;
    a float that is not a number becomes missing, so that no comparison takes it for a large one.

    Parameters
    ----------
    about
        What the columns are. A table without a column of plans has worlds under one plan; without
        one of worlds each row is a world; without one of weights all worlds count the same.

    Raises
    ------
    UsageError
        It is no table of worlds; says why.
    """
    database, columns = table.database, table.columns
    parts = [
        _world(about.world, columns),
        f"{identifier(about.plan)}::VARCHAR AS plan" if about.plan in columns else "NULL AS plan",
        *(
            _widened(name, type_)
            for name, type_ in columns.items()
            if name not in (*about.keys, "world", "plan", "weight")
        ),
    ]
    if about.weight in columns:
        weight = f"{identifier(about.weight)}::DOUBLE"
        parts.append(f"CASE WHEN NOT isnan({weight}) THEN {weight} END AS weight")
    try:
        database.execute(f"CREATE VIEW worlds AS SELECT {', '.join(parts)} FROM {table.source}")
        lock(database)
        return _checked(table, about)
    except duckdb.Error as error:
        raise UsageError(f"{table.label} is no table of worlds: {first_line(error)}") from None


def open_worlds(source: Any, about: Columns | None = None) -> Worlds:
    """Open a table of worlds; see `given` and `named`."""
    return named(given(source), about or Columns())


def _files_of(path: Path) -> list[Path]:
    return sorted(path.glob("*.parquet")) or [path] if path.is_dir() else [path]


def _frame(frame: Any) -> Given:
    database = connect([])
    try:
        database.register("given", frame)
        label = f"the {type(frame).__name__}"
        return Given(database, "given", label, described(database, "FROM given"))
    except (duckdb.Error, ImportError) as error:
        kind = f"{type(frame).__module__.split('.')[0]}.{type(frame).__name__}"
        what = "give a file, a pandas or polars frame, or an Arrow table"
        raise UsageError(
            f"a {kind} cannot be read as worlds ({first_line(error)}); {what}"
        ) from None


def _feather(files: Sequence[Path]) -> Given:
    try:
        from pyarrow import ArrowException, concat_tables, feather
    except ImportError:
        what = "pip install pyarrow, or write the table as Parquet"
        raise UsageError(f"{files[0]}: to read Feather, {what}") from None
    try:
        return _frame(concat_tables([feather.read_table(str(file)) for file in files]))
    except (ArrowException, OSError) as error:
        raise UsageError(f"{files[0]} cannot be read as worlds: {first_line(error)}") from None


def _world(name: str, columns: Mapping[str, str]) -> str:
    if name not in columns:
        return "row_number() OVER () AS world"
    integer = columns[name] in _INTEGERS
    return f"{identifier(name)}{'::BIGINT' if integer else ''} AS world"


def _widened(name: str, type_: str) -> str:
    column = identifier(name)
    if type_ in _INTEGERS:
        return f"{column}::BIGINT AS {column}"
    if type_ in _FLOATS:
        return f"CASE WHEN isnan({column}) THEN NULL ELSE {column}::DOUBLE END AS {column}"
    if type_.startswith(("DECIMAL", "HUGEINT", "UHUGEINT")):
        return f"{column}::DOUBLE AS {column}"
    return column


def _checked(table: Given, about: Columns) -> Worlds:
    """Count rows by plan; refuse a table that has two rows for one world and plan."""
    database = table.database
    counted = database.execute(
        "SELECT plan, count(*), count(world) FROM worlds GROUP BY plan ORDER BY plan"
    ).fetchall()
    if not counted:
        raise UsageError(f"{table.label} is no table of worlds: it has no rows")
    has_plans = about.plan in table.columns
    for plan, rows, told in counted:
        if told < rows or (has_plans and plan is None):
            lacking = about.world if told < rows else about.plan
            raise UsageError(f"{table.label}: some rows lack their {lacking!r}")
    if len(counted) > 1 and about.world not in table.columns:
        raise UsageError(
            f"{table.label} has {len(counted)} plans but no column {about.world!r} that says which "
            "rows are the same world; name it under 'columns: world'"
        )
    for plan, rows, _ in counted if about.world in table.columns else ():
        _one_row_a_world(database, plan, rows)
    weighted = about.weight in table.columns and _weights_differ(table, about)
    plans = tuple(str(plan) for plan, _, _ in counted) if has_plans else ()
    most = max(rows for _, rows, _ in counted)
    return Worlds(database, described(database, "FROM worlds"), about, plans, most, weighted)


def _one_row_a_world(database: DuckDBPyConnection, plan: str | None, rows: int) -> None:
    where = f"plan = {literal(plan)}" if plan is not None else "TRUE"
    query = f"SELECT world FROM worlds WHERE {where}"
    worlds = np.asarray(database.execute(query).fetchnumpy()["world"])
    if worlds.dtype != object and (worlds[1:] > worlds[:-1]).all():
        return
    distinct = len(np.unique(worlds)) if worlds.dtype != object else len(set(worlds))
    if distinct < rows:
        of_plan = f"plan {plan!r} has" if plan is not None else "the table has"
        right = "" if plan is not None else "; name its column of plans under 'columns: plan'"
        raise UsageError(
            f"{of_plan} {rows:,} rows for {distinct:,} worlds; "
            f"a table of worlds has one row a world and plan{right}"
        )


def _weights_differ(table: Given, about: Columns) -> bool:
    """Whether worlds count differently; refuse weights that are none."""
    least, most, lacking = table.database.execute(
        "SELECT min(weight), max(weight), count(*) - count(weight) FROM worlds"
    ).fetchall()[0]
    if lacking or not 0 <= least <= most < float("inf") or most == 0:
        what = "numbers that are not negative, and not all zero"
        raise UsageError(f"{table.label}: the weights ({about.weight!r}) must be {what}")
    return least < most


def _under(plans: Sequence[str]) -> str:
    if len(plans) == 2:
        where = f"a.plan = {literal(plans[0])} AND b.plan = {literal(plans[1])}"
        return f"worlds a JOIN worlds b USING (world) WHERE {where}"
    return f"worlds WHERE plan = {literal(plans[0])}" if plans else "worlds"
