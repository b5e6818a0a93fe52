"""Queries of claims over the record: one SELECT over its tables that gives one number."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from sqlglot import exp

from ripeness.claims.predicates import ALLOWED, Refused, parse_one, quoted, rendered
from ripeness.errors import suggest

ALLOWED_IN_QUERIES = ALLOWED | {
    *(exp.Select, exp.From, exp.Where, exp.Join, exp.Group, exp.Having, exp.Distinct, exp.Star),
    *(exp.Order, exp.Ordered, exp.Limit, exp.Subquery, exp.Exists, exp.Union),
    *(exp.With, exp.CTE, exp.Table, exp.TableAlias, exp.Alias),
    *(exp.Filter, exp.Window, exp.WindowSpec, exp.Lag, exp.Lead, exp.RowNumber),
    *(exp.Count, exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Median, exp.ArgMin, exp.ArgMax),
    *(exp.Like, exp.Lower, exp.Round, exp.DateDiff, exp.TimestampTrunc, exp.Var),
}


@lru_cache(maxsize=4096)
def parse_query(text: str, tables: tuple[str, ...] | None) -> str:
    """Check a query against what is allowed; return the SQL to run.

    Parameters
    ----------
    text
        The query.
    tables
        The tables of the record; without them their names are not checked.

    Raises
    ------
    Refused
        It is not one SELECT, reads something other than the record, or does what it may not.
    """
    tree = parse_one(text)
    if not isinstance(tree, exp.Select):
        raise Refused("must be one SELECT over the record's tables")
    for node in tree.walk():
        if type(node) not in ALLOWED_IN_QUERIES:
            raise Refused(f"may not use {quoted(node)}")
        if isinstance(node, exp.With) and node.args.get("recursive"):
            raise Refused("may not be recursive")
    for table in tree.find_all(exp.Table):
        _check_table(table, tables)
    return rendered(tree)


def tables_read(text: str) -> set[str]:
    """Return the names of the tables that a checked query reads."""
    tree = parse_one(text)
    given = {part.alias for part in tree.find_all(exp.CTE)}
    return {table.name for table in tree.find_all(exp.Table)} - given


def measures_named(text: str) -> list[str]:
    """List the measures that a query of that one table names, as in ``measure = 'front'``.

    A query that cannot be parsed names none: it is reported elsewhere.
    """
    try:
        tree = parse_one(text)
    except Refused:
        return []
    if tables_read(text) != {"measures"}:
        return []
    return [
        equal.expression.name
        for equal in tree.find_all(exp.EQ)
        if isinstance(equal.this, exp.Column) and equal.this.name == "measure"
        if isinstance(equal.expression, exp.Literal)
    ]


def _check_table(table: exp.Table, tables: Collection[str] | None) -> None:
    plain = isinstance(table.this, exp.Identifier) and not table.args.get("db")
    if not plain:
        raise Refused(f"reads {quoted(table)}, which is no table of the record")
    if tables is not None and table.name not in tables and not _given(table):
        right = suggest(table.name, tables) or f"; there are {', '.join(tables)}"
        raise Refused(f"reads {table.name!r}, which is no table of the record{right}")


def _given(table: exp.Table) -> bool:
    """Whether a query gives a table itself, in a ``with`` that reaches this place.

    Elsewhere the same name means what the database has under it, such as its own catalogue.
    """
    below, node = table, table.parent
    while node is not None:
        if isinstance(node, exp.With):  # one part sees those before it
            parts = node.expressions[: below.index]
        else:
            reaching = node.args.get("with_")
            parts = reaching.expressions if reaching and reaching is not below else []
        if any(part.alias == table.name for part in parts):
            return True
        below, node = node, node.parent
    return False
