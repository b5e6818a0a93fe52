"""A table of worlds, whoever made it: Parquet, CSV, Feather, or a frame in memory.

In: where the table is, and what its columns are. Out: a view ``worlds`` with the columns ``world``,
``plan``, ``weight`` and all others, in a database that can read nothing else. One row is a world
under a plan.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from ripeness.claims.columns import KEYS, Columns
from ripeness.claims.database import (
    connect,
    described,
    first_line,
    identifier,
    limited,
    literal,
    lock,
    no_pattern,
)
from ripeness.errors import UsageError

FRAME = "frame"
"""What a frame in memory is called in SQL."""

CELLS = 24_000_000
"""So many values are fetched at once, which bounds memory."""

MOST_WORDS = 200
"""A column of more words than these is not asked about: it names things rather than kinds."""

_PARQUET, _CSV, _FEATHER = (
    (".parquet", ".pq"),
    (".csv", ".tsv", ".txt", ".gz"),
    (".feather", ".arrow"),
)
_INTEGERS = frozenset(
    f"{sign}{size}" for sign in ("", "U") for size in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT")
) - {"UBIGINT"}
_FLOATS = frozenset({"FLOAT", "DOUBLE"})
_LARGE = ("DECIMAL", "UBIGINT", "HUGEINT", "UHUGEINT", "BIGNUM")
_SORTED = frozenset({"UBIGINT", "VARCHAR", "BOOLEAN", "DATE", "TIMESTAMP"})
_AS_TOLD = "hive_partitioning=false"  # a folder's name, such as plan=low, adds no column
_CSV_OPTIONS = "header=true, sample_size=-1, nullstr=['', 'NA', 'NULL']"
_DECIMAL_COMMA = "[-+]?[0-9.]*(,[0-9]+)?([eE][-+]?[0-9]+)?"


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
    aligned
        Whether each plan's rows are the same worlds in the same, rising order.
    threads
        How many may fetch at once: a frame in memory is seen by one connection only.
    memory
        Columns that were read before, by plan and name, so that each question need not read them.
    found_words
        The words of columns that were looked up before.
    """

    database: DuckDBPyConnection
    columns: dict[str, str]
    about: Columns
    plans: tuple[str, ...]
    rows: int
    weighted: bool
    aligned: bool
    threads: int
    memory: dict[tuple[str, str], NDArray[np.float64]] = field(
        default_factory=dict, repr=False, compare=False
    )
    found_words: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def assumptions(self) -> list[str]:
        """The columns that were assumed; none if nobody said which."""
        return self.about.assumed(self.columns)

    @property
    def outcomes(self) -> list[str]:
        """The columns that came out; none if nobody said which."""
        return self.about.came_out(self.columns)

    def words(self, column: str) -> tuple[str, ...]:
        """Give what a column says, as words in alphabetical order; `MOST_WORDS` and one at most."""
        if column not in self.found_words:
            name = identifier(column)
            query = f"SELECT DISTINCT {name}::VARCHAR AS word FROM worlds WHERE {name} IS NOT NULL"
            found = self._reader().execute(f"{query} ORDER BY word LIMIT {MOST_WORDS + 1}")
            self.found_words[column] = tuple(word for (word,) in found.fetchall())
        return self.found_words[column]

    def fetch(
        self, expressions: Sequence[str], plans: Sequence[str], columns: Collection[str] = ()
    ) -> tuple[NDArray[Any], list[NDArray[Any]]]:
        """Evaluate checked SQL in each world that has all of the plans, in the order of worlds.

        Parameters
        ----------
        expressions
            With ``a.`` and ``b.`` before columns if there are two plans.
        plans
            Two, one or none.
        columns
            Those that the expressions name, if there are two plans.

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
        if len(plans) == 2 and self.aligned:
            # Row beside row is quicker than a join; whether they are the same worlds is seen.
            fields = ("a.world", "b.world", *expressions)
            worlds, others, *values = self._run(fields, _side_by_side(plans, columns))
            if np.array_equal(worlds, others) and _rises(worlds):
                return worlds, values
        first = "a." if len(plans) == 2 else ""
        worlds, *values = self._run((f"{first}world", *expressions), _under(plans))
        worlds = np.asarray(worlds)
        if _rises(worlds):
            return worlds, values
        # Joins come in no order: sums are to be the same every time.
        order = np.argsort(worlds, kind="stable")
        return worlds[order], [value[order] for value in values]

    def _run(self, fields: Sequence[str], source: str) -> list[Any]:
        named = ", ".join(f"({field}) AS c{place}" for place, field in enumerate(fields))
        database = self._reader()
        with limited(database):
            found = database.execute(f"SELECT {named} FROM {source}").fetchnumpy()
        return [found[f"c{place}"] for place in range(len(fields))]

    def _reader(self) -> DuckDBPyConnection:
        """What a question is read by: one of its own where several may be asked at once."""
        return self.database if self.threads == 1 else self.database.cursor()


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
        source = [source]
    if not isinstance(source, Sequence) or not all(isinstance(file, str | Path) for file in source):
        return _frame(source)
    files = [file for path in source for file in _files_of(Path(path))]
    if not files:
        raise UsageError("there are no worlds to judge: the list of files is empty")
    suffix = files[0].suffix.lower()
    if suffix in _FEATHER:
        return _feather(files)
    if suffix not in (*_PARQUET, *_CSV):
        known = ", ".join((*_PARQUET[:1], *_CSV[:2], *_FEATHER))
        raise UsageError(f"{files[0]}: worlds are read from files that end in {known}")
    paths = [str(file.resolve()) for file in files]
    database = connect(paths)
    try:
        if suffix in _PARQUET:
            table = _one_table(database, files, paths, "read_parquet({}, " + _AS_TOLD + ")")
            return Given(database, table, str(files[0]), described(database, f"FROM {table}"))
        read = "read_csv({}, " + f"{_AS_TOLD}, {_CSV_OPTIONS})"
        # A text is parsed once, not for every question.
        table = _one_table(database, files, paths, read)
        database.execute(f"CREATE TABLE given AS FROM {table}")
        columns = described(database, "FROM given")
        _check_cells(database, files[0], columns)
        return Given(database, "given", str(files[0]), columns)
    except duckdb.Error as error:
        raise UsageError(f"{files[0]} cannot be read as worlds: {_why(error)}") from None


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
            if name not in {*about.keys, *KEYS}
        ),
    ]
    if about.weight in columns:
        weight = f"TRY_CAST({identifier(about.weight)} AS DOUBLE)"
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
    try:
        files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
        if files and not files[0].is_file():
            raise UsageError(f"{path}: there is no such file of worlds")
    except OSError as error:  # such as a text that is too long for a name
        raise UsageError(f"{str(path)[:60]!r} is no file of worlds: {error.strerror}") from None
    if not files:
        raise UsageError(f"{path}: there are no Parquet files in this folder; name the files")
    return files


def _one_table(
    database: DuckDBPyConnection, files: Sequence[Path], paths: Sequence[str], read: str
) -> str:
    """Give SQL that reads files as one table; by `read`, SQL with braces where they go."""
    each = [f"[{literal(no_pattern(path))}]" for path in paths]
    if len(files) == 1:
        return read.format(each[0])
    columns = [described(database, f"FROM {read.format(one)}") for one in each]
    _check_same(files, columns)
    listed = read.format(f"[{', '.join(one[1:-1] for one in each)}]")
    # Where one file has whole numbers and another others, the whole ones give way.
    alike = all(of_file == columns[0] for of_file in columns)
    return listed if alike else listed.removesuffix(")") + ", union_by_name=true)"


def _check_same(files: Sequence[Path], columns: Sequence[Collection[str]]) -> None:
    for file, names in zip(files, columns, strict=True):
        if other := set(names) ^ set(columns[0]):
            told = ", ".join(map(repr, sorted(other)[:6]))
            what = "files of one table have the same"
            raise UsageError(f"{file} has other columns than {files[0]} ({told}); {what}")


def _check_cells(database: DuckDBPyConnection, file: Path, columns: Mapping[str, str]) -> None:
    """Refuse a text whose cells were not told apart, or whose numbers were not read as such."""
    if len(columns) == 1 and (names := next(iter(columns))) and set(names) & set(",;|\t"):
        what = f"some lines have more or fewer cells than the first, {names[:60]!r}"
        raise UsageError(f"{file}: {what}; give all of them the same")
    for name, type_ in columns.items():
        column = identifier(name)
        query = f"""SELECT min({column}) FILTER ({column} LIKE '%,%') FROM given
            HAVING bool_and(regexp_full_match({column}, '{_DECIMAL_COMMA}'))"""
        if type_ == "VARCHAR" and (row := database.execute(query).fetchone()) and row[0]:
            what = f"the numbers in {name!r} have a comma, such as {row[0]!r}"
            raise UsageError(f"{file}: {what}; write them with a point, as in 1.5")


def _why(error: duckdb.Error) -> str:
    """Say why a file cannot be read; what DuckDB says of some texts is of use to nobody."""
    if "not utf-8" in str(error):
        return "it is not UTF-8; save it as UTF-8"
    if "Error when sniffing" in str(error):
        return "its cells cannot be told apart; write a line of names, and as many cells a line"
    return first_line(error)


def _frame(frame: Any) -> Given:
    database = connect([])
    try:
        if isinstance(frame, np.ndarray):
            raise TypeError("its columns have no names")
        database.register(FRAME, frame)
        label = f"the {type(frame).__name__}"
        return Given(database, FRAME, label, described(database, f"FROM {FRAME}"))
    except (duckdb.Error, ImportError, RuntimeError, TypeError) as error:
        kind = f"{type(frame).__module__.split('.')[0]}.{type(frame).__name__}"
        why = f" ({first_line(error)})" if isinstance(error, duckdb.Error | ImportError) else ""
        what = "give a file, a pandas or polars frame, or an Arrow table"
        kind = kind.removeprefix("builtins.")
        raise UsageError(f"a thing of type {kind} cannot be read as worlds{why}; {what}") from None


def _feather(files: Sequence[Path]) -> Given:
    try:
        from pyarrow import ArrowException, concat_tables, feather
    except ImportError:
        what = "pip install pyarrow, or write the table as Parquet"
        raise UsageError(f"{files[0]}: to read Feather, {what}") from None
    try:
        tables = [feather.read_table(str(file)) for file in files]
        _check_same(files, [table.column_names for table in tables])
        whole = concat_tables(tables, promote_options="permissive")
        return replace(_frame(whole), label=str(files[0]))
    except (ArrowException, OSError) as error:
        raise UsageError(f"{files[0]} cannot be read as worlds: {first_line(error)}") from None


def _world(name: str, columns: Mapping[str, str]) -> str:
    if name not in columns:
        return "row_number() OVER () AS world"
    column, type_ = identifier(name), columns[name]
    if type_ in _INTEGERS:
        return f"{column}::BIGINT AS world"
    if type_ in _FLOATS:
        return f"CASE WHEN NOT isnan({column}) THEN {column} END AS world"
    return f"{column}{'' if type_ in _SORTED else '::VARCHAR'} AS world"


def _widened(name: str, type_: str) -> str:
    column = identifier(name)
    if type_ in _INTEGERS:
        return f"{column}::BIGINT AS {column}"
    if type_ in _FLOATS:
        return f"CASE WHEN isnan({column}) THEN NULL ELSE {column}::DOUBLE END AS {column}"
    if type_.startswith(_LARGE) and not type_.endswith("]"):
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
    numbers = [
        _one_row_a_world(table, plan, rows)
        for plan, rows, _ in (counted if about.world in table.columns else ())
    ]
    aligned = bool(numbers) and all(
        _rises(one) and np.array_equal(one, numbers[0]) for one in numbers
    )
    weighted = about.weight in table.columns and _weights_differ(table, about)
    plans = tuple(str(plan) for plan, _, _ in counted) if has_plans else ()
    most = max(rows for _, rows, _ in counted)
    columns = described(database, "FROM worlds")
    threads = 1 if table.source == FRAME else 2
    return Worlds(database, columns, about, plans, most, weighted, aligned, threads)


def _rises(worlds: NDArray[Any]) -> bool:
    return worlds.dtype != object and bool((worlds[1:] > worlds[:-1]).all())


def _one_row_a_world(table: Given, plan: str | None, rows: int) -> NDArray[Any]:
    """Give the worlds of a plan; refuse a world that has two rows."""
    where = f"plan = {literal(plan)}" if plan is not None else "TRUE"
    query = f"SELECT world FROM worlds WHERE {where}"
    worlds = np.asarray(table.database.execute(query).fetchnumpy()["world"])
    if _rises(worlds):
        return worlds
    distinct = len(np.unique(worlds)) if worlds.dtype != object else len(set(worlds))
    if distinct < rows:
        of_plan = f"plan {plan!r} has" if plan is not None else "the table has"
        right = "" if plan is not None else "; name its column of plans under 'columns: plan'"
        raise UsageError(
            f"{table.label}: {of_plan} {rows:,} rows for {distinct:,} worlds; "
            f"a table of worlds has one row a world and plan{right}"
        )
    return worlds


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


def _side_by_side(plans: Sequence[str], columns: Collection[str]) -> str:
    """Lay the rows of two plans beside each other, whatever their worlds."""
    named = ", ".join(map(identifier, dict.fromkeys(("world", *columns))))
    first, second = (
        f"(SELECT {named} FROM worlds WHERE plan = {literal(plan)}) {alias}"
        for plan, alias in zip(plans, "ab", strict=True)
    )
    return f"{first} POSITIONAL JOIN {second}"
