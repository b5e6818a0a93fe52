"""Expressions from strangers: what they may do, and that they may do nothing else."""

import pytest

from ripeness.claims.predicates import Refused, parse, unknown_columns

COLUMNS = {"leverage_ukraine_w26": "DOUBLE", "plan": "VARCHAR"}


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("a.x > b.x", "a.x > b.x"),
        ("a.x - -1 >= 0", "a.x - -1 >= 0"),
        ("x between 1 and 2 or not y in ('u', 'v')", "x BETWEEN 1 AND 2 OR NOT y IN ('u', 'v')"),
        ("case when x > 0 then 1 else 0 end = 1", "CASE WHEN x > 0 THEN 1 ELSE 0 END = 1"),
        ("greatest(a.x, 0) < 1 -- why not", "GREATEST(a.x, 0) < 1"),
        ("cast(x = 'it''s' as integer) > 0", "CAST(x = 'it''s' AS INT) > 0"),
        ("coalesce(abs(x), 0) / 2 is not null", "NOT COALESCE(ABS(x), 0) / 2 IS NULL"),
    ],
)
def test_what_an_expression_may_do(text: str, sql: str):
    assert parse(text).sql == sql


def test_columns_are_told_with_their_alias_once():
    assert parse("a.x > b.x and a.x > y").columns == (("a", "x"), ("b", "x"), ("", "y"))


@pytest.mark.parametrize(
    "text",
    [
        "a.x > 1; DROP TABLE worlds",
        "a.x > (select max(x) from worlds)",
        "a.x in (select 1)",
        "exists(select 1)",
        "read_csv('/etc/passwd') is null",
        "read_text('/etc/passwd') = ''",
        "COPY worlds TO 'x'",
        "ATTACH 'x.db'",
        "PRAGMA database_list",
        "SET memory_limit = '1TB'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "select 1",
        "repeat('x', 1000000000) = ''",
        "getenv('HOME') = ''",
        "current_setting('x') = ''",
        "a.x > 1) or (1 = 1",
        "a.x > 1 union select 1",
        "[x for x in range(1000000000)] = []",
        "list_transform([1], x -> x) = [1]",
        "main.worlds.x > 1",
        "a.* > 1",
        "*",
        "x as y",
        "$1 = 1",
        "?",
        "x::decimal(38, 37) > 1",
        "x::struct(a int) is null",
        "count(*) > 1",
        "row_number() over () = 1",
        "x ** 1000000 > 1",
        "x like '%a%'",
        "'unclosed",
        "x >",
        "",
        "-- nothing",
        "(" * 400 + "1" + ")" * 400,
        "not " * 400 + "x",
        "x = '" + "y" * 3_000 + "'",
    ],
)
def test_hostile_or_broken_expressions_are_refused(text: str):
    with pytest.raises(Refused):
        parse(text)


@pytest.mark.parametrize(
    ("text", "plans", "said"),
    [
        (
            "a.leverge_ukraine_w26 > 1",
            ["hold", "none"],
            "speaks of column 'a.leverge_ukraine_w26', which the table lacks; "
            "did you mean 'leverage_ukraine_w26'?",
        ),
        (
            "leverage_ukraine_w26 > 1",
            ["hold", "none"],
            "speaks of column 'leverage_ukraine_w26' without its plan; "
            "write a.leverage_ukraine_w26 (under hold) or b.leverage_ukraine_w26 (under none)",
        ),
        (
            "a.leverage_ukraine_w26 > 1",
            ["hold"],
            "speaks of 'a.leverage_ukraine_w26'; write leverage_ukraine_w26",
        ),
        (
            "c.plan = 'x'",
            ["hold", "none"],
            "speaks of 'c.plan'; write a.plan or b.plan",
        ),
    ],
)
def test_columns_that_do_not_exist(text: str, plans: list[str], said: str):
    assert list(unknown_columns(parse(text), COLUMNS, plans)) == [said]
