"""Expressions of claims: SQL that can compare and calculate, and nothing else.

A claims file may come from a stranger. Its expressions are parsed, checked against a list of what
is allowed, and only what was understood is written out again and run. Works for any table.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from ripeness.errors import suggest

MAX_LENGTH = 2_000
MAX_DEPTH = 100

ALLOWED: frozenset[type[exp.Expr]] = frozenset(
    {
        *(exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren),
        *(exp.And, exp.Or, exp.Not, exp.Is, exp.Between, exp.In),
        *(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE),
        *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg),
        *(exp.Abs, exp.Least, exp.Greatest, exp.Coalesce, exp.Case, exp.If),
        *(exp.Cast, exp.DataType),
    }
)
TEXTS = ("VARCHAR", "ENUM")
TYPES = frozenset({"INT", "BIGINT", "FLOAT", "DOUBLE", "BOOLEAN", "VARCHAR", "TEXT", "DATE"})
CHAINS = (exp.And, exp.Or, exp.Add, exp.Sub, exp.Mul, exp.Div)
MEANS = (
    "comparisons, and, or, not, in, between, + - * /, abs, least, greatest, coalesce, case and cast"
)

# What it warns of would quote a stranger's text on the terminal; what is wrong is said by us.
logging.getLogger("sqlglot").addHandler(logging.NullHandler())


class Refused(Exception):
    """An expression that is not run; says why, and what would be right."""


@dataclass(frozen=True)
class Expression:
    """A checked expression.

    Attributes
    ----------
    sql
        What is run.
    columns
        The columns it names, as (alias, column); the alias is empty where none was written.
    """

    sql: str
    columns: tuple[tuple[str, str], ...]


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Check an expression against what is allowed.

    Raises
    ------
    Refused
        It is not SQL, not one expression, or does what an expression may not.
    """
    tree = parse_one(text)
    for node in tree.walk():
        if type(node) not in ALLOWED:
            raise Refused(f"may not use {quoted(node)}; it may have {MEANS}")
        if isinstance(node, exp.DataType) and str(node.this.value) not in TYPES:
            raise Refused(f"may not cast to {quoted(node)}; cast to integer, double or boolean")
        if isinstance(node, exp.Column) and node.args.get("db"):
            raise Refused(
                f"has {quoted(node)}, which is no column; write a.column, b.column or column"
            )
    found = dict.fromkeys((column.table, column.name) for column in tree.find_all(exp.Column))
    return Expression(rendered(tree), tuple(found))


def margin(text: str) -> str | None:
    """By how much an expression holds, as SQL: ``(x) - (y)`` of ``x > y``; None if unclear."""
    try:
        tree = parse_one(text)
    except Refused:
        return None
    while isinstance(tree, exp.Paren):
        tree = tree.this
    more, less = (exp.GT, exp.GTE), (exp.LT, exp.LTE)
    if not isinstance(tree, (*more, *less)):
        return None
    sides = [rendered(side) for side in (tree.this, tree.expression)]
    left, right = sides if isinstance(tree, more) else reversed(sides)
    return f"({left}) - ({right})"


def parse_one(text: str) -> exp.Expr:
    """Parse one piece of SQL, whatever it does; raises `Refused` if it is not one."""
    if len(text) > MAX_LENGTH:
        raise Refused(f"has {len(text):,} characters; it may have {MAX_LENGTH:,}")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Refused("holds half of a character; write all of it")
    try:
        trees = sqlglot.parse(text, read="duckdb")
    except RecursionError:
        raise Refused("is nested too deeply; flatten it") from None
    except SqlglotError as error:
        raise Refused(f"is not SQL: {_reason(error)}") from None
    if len(trees) != 1 or trees[0] is None:
        raise Refused("must be one expression, without ';'")
    if _depth(trees[0]) > MAX_DEPTH:  # before anything recurses into it
        raise Refused("is nested too deeply; flatten it")
    return trees[0]


def rendered(tree: exp.Expr) -> str:
    """Write checked SQL out again: what is run is what was understood, comments left out."""
    return tree.sql(dialect="duckdb", comments=False)


def quoted(node: exp.Expr) -> str:
    """Quote a piece of SQL for a message."""
    return shown(rendered(node))


def shown(text: str) -> str:
    """Quote a text for a message, cut to a readable length."""
    return repr(text if len(text) <= 60 else text[:57] + "...")


def unknown_columns(
    expression: Expression, columns: Mapping[str, str], plans: Sequence[str]
) -> Iterator[str]:
    """Say of each column that does not exist what would be right.

    Parameters
    ----------
    expression
        A checked expression.
    columns
        The columns that there are, with their types.
    plans
        Two plans where columns carry ``a.`` or ``b.``; otherwise columns are written plainly.
    """
    paired = len(plans) == 2
    for alias, name in expression.columns:
        written = f"{alias}.{name}" if alias else name
        if name not in columns:
            yield f"speaks of column {written!r}, which the table lacks{suggest(name, columns)}"
        elif paired and not alias:
            yield (
                f"speaks of column {name!r} without its plan; "
                f"write a.{name} (under {plans[0]}) or b.{name} (under {plans[1]})"
            )
        elif alias and not (paired and alias in ("a", "b")):
            right = f"a.{name} or b.{name}" if paired else name
            yield f"speaks of {written!r}; write {right}"


def compared_texts(text: str, columns: Mapping[str, str]) -> Iterator[str]:
    """Say of texts that are compared by their order what is wrong: numbers would be meant."""
    for node in parse_one(text).find_all(exp.GT, exp.GTE, exp.LT, exp.LTE):
        sides = [side.unnest() for side in (node.this, node.expression)]
        if all(
            isinstance(side, exp.Column) and columns.get(side.name, "").startswith(TEXTS)
            for side in sides
        ):
            yield (
                f"compares texts, {quoted(node)}; if these are numbers, the table has cells that "
                "are none: leave those empty, and write others as 1.5"
            )


def _depth(tree: exp.Expr) -> int:
    """How deep an expression is nested; ``x and y and z`` is no deeper than ``x and y``."""
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        chain = type(node) if isinstance(node, CHAINS) else None
        waiting += [(part, depth + (type(part) is not chain)) for part in node.iter_expressions()]
    return deepest


def _reason(error: SqlglotError) -> str:
    details = getattr(error, "errors", None)
    if not details:
        return "a quote or comment in it is never closed"
    said, near = str(details[0]["description"]), str(details[0]["highlight"])
    return f"{'something is missing' if said.startswith('Required') else 'stumbled'} at {near!r}"
