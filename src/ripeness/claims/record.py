"""What the record says of a claim: figures by SQL, and what they would have to be."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

import duckdb
from duckdb import DuckDBPyConnection

from ripeness.claims.database import first_line, identifier, limited
from ripeness.claims.language import Claim, RecordTest
from ripeness.claims.predicates import parse
from ripeness.claims.queries import parse_query
from ripeness.claims.sentences import filled
from ripeness.claims.verdicts import RecordVerdict
from ripeness.errors import UsageError

NOT_TESTABLE = "not testable"
NOT_YET = "not yet"


def judge_record(
    claim: Claim, database: DuckDBPyConnection | None, as_of: date | None = None
) -> RecordVerdict:
    """Hold a claim against the record.

    Parameters
    ----------
    claim
        A claim of any kind; one that is not of kind record has no record verdict.
    database
        The record's tables, from `open_record`; None if there is no record.
    as_of
        The day at which these tables were cut; None if they are whole. Before the day from which
        the test says anything the verdict is ``not yet``.

    Raises
    ------
    UsageError
        The test cannot be run, or takes too long.
    """
    if "record" not in claim.kinds:
        return RecordVerdict()
    if claim.record is None or database is None:
        return RecordVerdict(record_verdict=NOT_TESTABLE)
    test = claim.record
    if as_of is not None and as_of < test.begins:
        return RecordVerdict(
            record_verdict=NOT_YET,
            record_begins=test.begins.isoformat(),
            record_objection=test.objection,
            record_as_of=as_of.isoformat(),
        )
    try:
        values = {name: _number(figure.sql, database) for name, figure in test.figures.items()}
        return _held_against(test, values, database, as_of)
    except (duckdb.Error, UsageError) as error:
        reason = f"claim {claim.id!r} cannot be judged by the record: {first_line(error)}"
        raise UsageError(reason) from None


def _held_against(
    test: RecordTest,
    values: Mapping[str, float | None],
    database: DuckDBPyConnection,
    as_of: date | None,
) -> RecordVerdict:
    found = {name: value for name, value in values.items() if value is not None}
    complete = len(found) == len(values)
    return RecordVerdict(
        record_verdict=_verdict(test, found, database) if complete else NOT_TESTABLE,
        record_found=filled(test.found, found) if complete else None,
        record_objection=test.objection,
        record_as_of=(as_of or test.as_of).isoformat(),
        record_figures=tuple(
            {"name": name, "value": values[name], "unit": figure.unit, "is": figure.is_}
            for name, figure in test.figures.items()
        ),
    )


def _number(query: str, database: DuckDBPyConnection) -> float | None:
    with limited(database):
        row = database.execute(parse_query(query, None)).fetchone()
    value = math.nan if row is None or row[0] is None else float(row[0])
    return value if math.isfinite(value) else None


def _verdict(test: RecordTest, figures: Mapping[str, float], database: DuckDBPyConnection) -> str:
    columns = ", ".join(f"?::DOUBLE AS {identifier(name)}" for name in figures)
    truths = f"({parse(test.supported).sql}), ({parse(test.contradicted).sql})"
    query = f"SELECT {truths} FROM (SELECT {columns})"
    with limited(database):
        row = database.execute(query, list(figures.values())).fetchone()
    if row == (True, False):
        return "supported"
    return "contradicted" if row == (False, True) else "mixed"
