"""What is wrong with a claims file beyond the shape of its fields: references, tests, SQL.

The checks walk the plain data of a file, valid or not, so that all problems are found at once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection

from ripeness.claims.database import (
    described,
    first_line,
    no_rows,
    open_empty,
    tables_in,
)
from ripeness.claims.predicates import Refused, compared_texts, parse, shown, unknown_columns
from ripeness.claims.queries import measures_named, parse_query
from ripeness.claims.sentences import wrong_sentence
from ripeness.errors import suggest
from ripeness.problems import Wrong
from ripeness.yamlfile import each

Place = tuple[str | int, ...]
"""Keys and indices that lead to a part of a file."""

NUMBERS = re.compile(r"(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*)$")


def structure(data: Any) -> Iterator[Wrong]:
    """Find ids given twice, kinds without their test or reason, and tests without a condition."""
    items = [(path, claim) for path, claim in each(data, "claims", "*") if isinstance(claim, dict)]
    by_id: dict[str, dict[str, Any]] = {}
    for path, claim in items:
        name = claim.get("id")
        if isinstance(name, str) and name in by_id:
            yield Wrong((*path, "id"), f"the id {name!r} is taken; ids are unique")
        elif isinstance(name, str):
            by_id[name] = claim
    for path, claim in items:
        yield from _untested(path, claim)
        yield from _plans_named(path, claim)
        yield from _without_test(path, claim)


def sql(
    data: Any,
    columns: Mapping[str, str] | None,
    plans: Collection[str] | None,
    record: DuckDBPyConnection | None,
) -> Iterator[Wrong]:
    """Find names, expressions, queries and sentences that cannot be used.

    Parameters
    ----------
    data
        The plain data of a claims file.
    columns, plans
        Those of the table of worlds; without them names are not checked.
    record
        The record's tables; without them queries are checked for their form only.
    """
    tables = tuple(tables_in(record)) if record else None
    with open_empty() as scratch:
        for path, claim in each(data, "claims", "*"):
            if not isinstance(claim, dict):
                continue
            wrongs = [
                *_assumptions(claim, columns),
                *_plans(claim, plans),
                *_model(claim, columns, scratch),
                *_record(claim, record, tables, scratch),
            ]
            for wrong in wrongs:
                what = f"claim {claim.get('id')!r} {wrong.what}"
                yield replace(wrong, path=(*path, *wrong.path), what=what)


def measured(data: Any, measures: Collection[str] | None) -> Iterator[Wrong]:
    """Find figures that read a measure which the case does not declare."""
    for path, text in each(data, "claims", "*", "record", "figures", "*", "sql"):
        if measures is None or not isinstance(text, str):
            continue
        for name in measures_named(text):
            if name not in measures:
                right = suggest(name, measures) or f"; there are {', '.join(measures) or 'none'}"
                what = f"reads the measure {name!r}, which the case does not declare{right}"
                yield Wrong(path, what)


def _untested(path: Place, claim: dict[str, Any]) -> Iterator[Wrong]:
    kinds = claim.get("kind")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    named = f"claim {claim.get('id')!r}"
    if kinds is None and not claim.get("untested"):
        if not any(claim.get(field) for field in ("holds", "record", "hinge", "value")):
            yield Wrong(path, f"{named} says nothing that can be tested; add 'holds'")
        return
    if not isinstance(kinds, list):
        return
    has = {"model": "holds", "record": "record"}
    missing = [kind for kind in has if kind in kinds and claim.get(has[kind]) is None]
    if missing and not claim.get("untested"):
        right = f"add {has[missing[0]]!r} or 'untested'"
        yield Wrong(path, f"{named} is a {missing[0]} claim without a test; {right}")
    if claim.get("untested") and not missing:
        yield Wrong((*path, "untested"), f"{named} lacks no test; remove 'untested'", at_key=True)
    for kind, fields in (("value", ["value"]), ("hinge", ["hinge", "assumption"])):
        for field in fields:
            if kind in kinds and claim.get(field) is None:
                yield Wrong(path, f"{named} is a {kind} claim without {field!r}; add it")
    for kind, field in (*has.items(), ("value", "value"), ("hinge", "hinge")):
        if claim.get(field) is not None and kind not in kinds:
            what = f"{named} is no {kind} claim by its 'kind'; add {kind!r} there"
            yield Wrong((*path, field), what, at_key=True)


def _plans_named(path: Place, claim: dict[str, Any]) -> Iterator[Wrong]:
    if "compare" in claim and "plan" in claim:
        what = f"claim {claim.get('id')!r} has 'compare' and 'plan'; keep one of them"
        yield Wrong((*path, "plan"), what, at_key=True)


def _without_test(path: Place, claim: dict[str, Any]) -> Iterator[Wrong]:
    for field in ("compare", "plan", "given", "effect", "unit", "effect_says"):
        if field in claim and claim.get("holds") is None:
            what = f"claim {claim.get('id')!r} has {field!r} but not 'holds'; add when it holds"
            yield Wrong((*path, field), what, at_key=True)
            return


def _assumptions(claim: dict[str, Any], columns: Mapping[str, str] | None) -> Iterator[Wrong]:
    for pattern in (("hinges", "*"), ("assumption",)):
        for place, name in each(claim, *pattern):
            if columns is not None and isinstance(name, str) and name not in columns:
                what = f"hangs on {name!r}, which is no column of the table{suggest(name, columns)}"
                yield Wrong(place, what)


def _plans(claim: dict[str, Any], plans: Collection[str] | None) -> Iterator[Wrong]:
    if plans is None:
        return
    for pattern in (("compare", "*"), ("plan",)):
        for place, plan in each(claim, *pattern):
            if isinstance(plan, str) and plan not in plans:
                known = ", ".join(plans) or "none: 'columns: plan' names the column that tells them"
                yield Wrong(place, f"speaks of plan {plan!r}, which the run lacks; it has {known}")
    if claim.get("holds") and len(plans) > 1 and not {"compare", "plan"} & {*_said(claim)}:
        yield Wrong(("holds",), f"names no plan; add 'plan' or 'compare': {', '.join(plans)}")


def _said(claim: dict[str, Any]) -> Iterator[str]:
    return (name for name, value in claim.items() if value is not None)


def _model(
    claim: dict[str, Any], columns: Mapping[str, str] | None, scratch: DuckDBPyConnection
) -> Iterator[Wrong]:
    compared = [plan for _, plan in each(claim, "compare", "*")]
    for field, kind in (("given", "truth"), ("holds", "truth"), ("effect", "number")):
        for place, text in each(claim, field):
            if isinstance(text, str):
                for what in _wrong_expression(text, kind, columns, compared, scratch):
                    yield Wrong(place, what)


def _record(
    claim: dict[str, Any],
    record: DuckDBPyConnection | None,
    tables: tuple[str, ...] | None,
    scratch: DuckDBPyConnection,
) -> Iterator[Wrong]:
    figures: dict[str, str] = {}
    for place, text in each(claim, "record", "figures", "*", "sql"):
        figures[str(place[-2])] = "DOUBLE"
        if isinstance(text, str) and (what := _wrong_query(text, record, tables)):
            yield Wrong(place, what)
    if not figures:
        return
    for field in ("supported", "contradicted"):
        for place, text in each(claim, "record", field):
            if isinstance(text, str):
                for what in _wrong_expression(text, "truth", figures, [], scratch):
                    yield Wrong(place, what)
    for place, text in each(claim, "record", "found"):
        if isinstance(text, str) and (what := wrong_sentence(text, figures)):
            yield Wrong(place, what)


def _wrong_expression(
    text: str,
    kind: str,
    columns: Mapping[str, str] | None,
    compared: list[str],
    scratch: DuckDBPyConnection,
) -> list[str]:
    """Say what is wrong with an expression that must give a ``"truth"`` or a ``"number"``."""
    try:
        expression = parse(text)
    except Refused as refusal:
        return [f"has {shown(text)}, which {refusal}"]
    if columns is None:
        return []
    if unknown := list(unknown_columns(expression, columns, compared)):
        return unknown
    if texts := list(compared_texts(text, columns)):
        return texts
    table = no_rows({name: columns[name] for _, name in expression.columns})
    tables = f"{table} a, {table} b" if len(compared) == 2 else table
    wrong = _wrong_type(f"SELECT ({expression.sql}) AS it FROM {tables}", kind, scratch)
    return [f"has {shown(text)}, which {wrong}"] if wrong else []


def _wrong_query(
    text: str, record: DuckDBPyConnection | None, tables: tuple[str, ...] | None
) -> str:
    try:
        query = parse_query(text, tables)
    except Refused as refusal:
        return f"has a query that {refusal}"
    wrong = _wrong_type(query, "number", record) if record else ""
    return wrong and f"has a query that {wrong}"


def _wrong_type(query: str, kind: str, database: DuckDBPyConnection) -> str:
    try:
        types = list(described(database, query).values())
    except duckdb.Error as error:
        return f"cannot be run: {first_line(error)}"
    if len(types) != 1:
        return f"gives {len(types)} columns; it must give one number"
    if kind == "truth" and types[0] != "BOOLEAN":
        return f"is not true or false ({types[0]}); compare it with something, as in 'x > 0'"
    if kind == "number" and not NUMBERS.match(types[0]):
        return f"is not a number ({types[0]}); write 'cast(... as integer)' to count with it"
    return ""
