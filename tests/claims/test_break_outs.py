"""Claims files that try to break out: they can read the run and nothing else.

Each attack goes in through `rp.ask`, as a user's file would, and must come out as one readable
problem; then the database behind is tried without the checks in front of it. Canaries lie beside
the table and the record: nothing may show them, and no file may be made or changed.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

import ripeness as rp
from ripeness.claims import database, record
from ripeness.errors import InvalidFile, RipenessError, UsageError

CANARY = "c4n4ry"
WORLDS = 80

HOSTILE = [
    # files
    "read_csv('canary.csv') is null",
    "read_csv_auto('canary.csv') is null",
    "read_text('canary.csv') = ''",
    "read_blob('canary.csv') is null",
    "read_json('canary.json') is null",
    "read_parquet('canary.parquet') is null",
    "parquet_metadata('canary.parquet') is null",
    "sniff_csv('canary.csv') is null",
    "glob('*') is null",
    "a.x > (select count(*) from 'canary.csv')",
    'a.x > (from "canary.csv")',
    "'canary.csv'.secret = 'x'",
    '"canary.csv".secret is null',
    "from 'canary.csv'",
    'table "canary.csv"',
    "exists(from glob('/etc/*'))",
    "copy worlds to 'stolen.csv'",
    "copy (select 1) to 'stolen.csv'",
    "export database 'stolen'",
    "import database 'stolen'",
    "attach 'stolen.db'",
    "attach 'canary.db' as c (read_only)",
    "detach memory",
    "install httpfs",
    "force install httpfs from 'http://127.0.0.1:1'",
    "load 'stolen.duckdb_extension'",
    # settings, catalogue, environment
    "pragma database_list",
    "set memory_limit = '1TB'",
    "set enable_external_access = true",
    "reset memory_limit",
    "call enable_logging(storage='file')",
    "use memory",
    "checkpoint",
    "a.x > (select count(*) from duckdb_settings())",
    "a.x > (select count(*) from information_schema.tables)",
    "a.x > (select count(*) from sqlite_master)",
    "a.x > (select count(*) from worlds)",
    "getenv('HOME') = ''",
    "current_setting('home_directory') = ''",
    "getvariable('x') is null",
    "current_user = 'x'",
    "current_database() = 'x'",
    "current_query() = 'x'",
    "version() = 'x'",
    "now() is null",
    "current_date > '2020-01-01'",
    "random() > 0.5",
    "uuid() is null",
    "pg_typeof(a.x) = 'x'",
    "pg_catalog.pg_typeof(a.x) = 'x'",
    "main.worlds.x > 1",
    "memory.main.worlds.x > 1",
    "query('select 1') is null",
    "query_table('worlds') is null",
    "nextval('s') > 1",
    "write_log('x') is null",
    "error('x')",
    # Python
    "canary_frame is null",
    "a.x > (from canary_frame)",
    "a.x > canary_frame.secret",
    "$1 = a.x",
    "? = a.x",
    ":x = a.x",
    "$x = a.x",
    "a.x > #1",
    "execute p(1)",
    "prepare p as select 1",
    # more than one expression, or another than that
    "a.x > 1; drop table worlds",
    "a.x > 1; select 1",
    "; a.x > 1",
    "a.x > 1) or (1 = 1",
    "a.x > 1) as it, (select 1",
    "a.x > 1 from worlds --",
    "a.x > 1 union select 1",
    "a.x > 1 limit 1",
    "a.x > 1 order by 1",
    "a.x > 1 as y",
    "select 1",
    "with t as (select 1) select * from t",
    "insert into worlds values (1)",
    "update worlds set x = 1",
    "delete from worlds",
    "create table t as select 1",
    "create macro f(x) as 1",
    "drop view worlds",
    "alter table worlds drop x",
    "explain select 1",
    "describe worlds",
    "summarize worlds",
    "values (1)",
    "case when a.x > 1 then (select 1) end = 1",
    "coalesce(a.x, (select 1)) > 1",
    "least(a.x, (select 1)) > 1",
    "a.x in (select 1)",
    "a.x between (select 0) and 1",
    "a.x = any(select 1)",
    "a.x > all(select 1)",
    "exists(select 1)",
    "not exists(select 1)",
    # much of everything
    "repeat('x', 1000000000) = ''",
    "lpad('x', 1000000000, 'y') = ''",
    "a.word || a.word = ''",
    "a.x ** 1000000 > 1",
    "2 ^ 1000000 > 1",
    "factorial(170) > 1",
    "range(1000000000) is null",
    "list_transform([1], z -> z) = [1]",
    "[z for z in range(1000000000)] = []",
    "unnest([1, 2]) = 1",
    "count(*) > 1",
    "sum(a.x) over () > 1",
    "row_number() over () = 1",
    "(" * 300 + "a.x" + ")" * 300 + " > 1",
    "not " * 400 + "a.flag",
    "- " * 400 + "a.x > 1",
    "a.x is not " * 150 + "null",
    "a." * 400 + "x > 1",
    "least(a.x, " * 120 + "1" + ")" * 120 + " > 1",
    "case when a.flag then " * 60 + "1" + " end" * 60 + " = 1",
    "x[" * 200 + "1" + "]" * 200 + " = 1",
    "a.x > 1 or " * 200 + "a.flag",
    "a.word = '" + "y" * 3_000 + "'",
    # exotic types and operators
    "cast(a.x as blob) is null",
    "cast(a.x as json) is null",
    "cast(a.x as int[]) is null",
    "cast(a.x as struct(y int)) is null",
    "cast(a.x as map(int, int)) is null",
    "cast(a.x as decimal(38, 37)) > 1",
    "cast(a.x as enum('y')) is null",
    "cast(a.x as timestamp) is null",
    "cast(a.x as interval) is null",
    "cast(a.x as bit) is null",
    "cast(a.x as uuid) is null",
    "cast(a.x as variant) is null",
    "cast(a.x as worlds) is null",
    "try_cast(a.x as int) > 1",
    "a.x::regtype is null",
    "a.word::regclass is null",
    "{'y': a.x} is null",
    "[a.x] is null",
    "map {'y': 1} is null",
    "row(a.x, 1) is null",
    "(a.x, b.x) > (1, 2)",
    "a.x > interval '1' day",
    "a.word like '%a%'",
    "a.word similar to 'a'",
    "a.word ~ 'a'",
    "a.word glob '*'",
    "a.word collate nocase = 'x'",
    "a.* = 1",
    "* = 1",
    "columns('.*') > 1",
    "columns(*) > 1",
    "struct_extract(a, 'x') > 1",
    "a.x->>'y' = 'z'",
    "a['x'] > 1",
    "a.rowid > 1",
    "a > b",
    # comments, quotes, letters
    "a.x > --1",
    "a.x > 1 /* never closed",
    "a.x > 'never closed",
    'a."x > 1',
    "a.word = 'it's'",
    "a.word = E'\\x41'",
    "a.word = $$x$$",
    "a.word = U&'\\0041'",
    "a.x > 0x10",
    "a.x > 1\0",
    "ａ.x > 1",
    "a.х > 1",  # a Cyrillic letter
    "a.x\u200b > 1",
    "a.x > １",
    "a.x ＞ 1",
    "",
    "   ",
    "-- nothing",
    "/* nothing */",
]

HARMLESS = [
    "a.x - -1 > b.x",
    "- -a.x < 1",
    "a.x - (-(-1)) > b.x",
    "a.x > 1 -- ; drop view worlds",
    "a.x > 1 /* ; attach 'stolen.db' */",
    "/*+ a hint */ a.x > 1",
    "a.x > 1;",
    "a.word = 'read_text(''canary.csv'')'",
    "a.word = '; drop view worlds --'",
    "a.word = '\\'",
    "a.word = '\u202e'",
    '"a"."x" > 1',
    "a.x > 1e300 * 1e300",
    "a.x > 1e999",
    "a.x > 0." + "0" * 400 + "1",
    "a.n / 0 > 1",
    "a.n / (a.n - a.n) > 0",
    "1 / 0 is null",
    "1+" * 900 + "1 > 0",
    "a.x > 1 or " * 150 + "a.flag",
    "a.x in (" + ", ".join(map(str, range(400))) + ")",
]

SELECTS = [
    "select count(*) from 'canary.csv'",
    'select count(*) from "canary.csv"',
    "select count(*) from read_csv('canary.csv')",
    "select count(*) from read_text('canary.txt')",
    "select count(*) from read_parquet('../canary.parquet')",
    "select count(*) from glob('/etc/*')",
    "select count(*) from sniff_csv('canary.csv')",
    "select count(*) from duckdb_settings()",
    "select count(*) from duckdb_settings",
    "select count(*) from sqlite_master",
    "select count(*) from pg_class",
    "select count(*) from information_schema.tables",
    "select count(*) from pragma_database_list",
    "select count(*) from pragma_table_info('aid')",
    "select count(*) from main.aid",
    "select count(*) from canary_frame",
    "select count(*) from query('select 1')",
    "select count(*) from query_table('aid')",
    "select count(*) from range(1000000000)",
    "select count(*) from generate_series(1, 1000000000)",
    "select count(*) from unnest([1, 2])",
    "select count(*) from aid, lateral (select 1)",
    "select count(*) from (values (1))",
    "select count(*) from (describe aid)",
    "select count(*) from (summarize aid)",
    "select count(*) from (show tables)",
    "select count(*) from (pivot aid on month using sum(x))",
    "select count(*) from (insert into aid values ('x', 1) returning *)",
    "with t as (delete from aid returning *) select count(*) from t",
    "select count(*) from aid tablesample 10%",
    "select count(*) from aid at (version => 1)",
    "select count(*) from aid for update",
    "select max(x) into y from aid",
    "select count(columns(*)) from aid",
    "select max(getenv('HOME')) from aid",
    "select max(current_setting('memory_limit')) from aid",
    "select nextval('s')",
    "select getvariable('x')",
    "select random()",
    "select length(repeat('x', 1000000000))",
    "select sum(x) filter (where read_text('canary.txt') = '') from aid",
    "select max(n) from (select unnest([1, 2]) as n)",
    "select list(x) from aid",
    "select string_agg(month, '') from aid",
    "select $1",
    "select ?",
    "select 1; select 2",
    "select 1 union select 2",
    "(select 1)",
    "values (1)",
    "x > 1",
    "copy aid to 'stolen.csv'",
    "copy (select 1) to 'stolen.csv'",
    "export database 'stolen'",
    "attach 'stolen.db'",
    "attach ':memory:' as m",
    "pragma memory_limit='1TB'",
    "set memory_limit = '1TB'",
    "reset memory_limit",
    "call pragma_version()",
    "install httpfs",
    "load httpfs",
    "create table t as select 1",
    "create secret (type s3)",
    "drop table aid",
    "insert into aid values ('x', 1)",
    "update aid set x = 1",
    "explain analyze select 1",
    "with recursive t as (select 1 as n union all select n + 1 from t) select max(n) from t",
    "with t as (with recursive u as (select 1 as n union all select n from u) select n from u) "
    "select max(n) from t",
    # a name given in one place, and meant in another
    "select (with sqlite_master as (select 1 as n) select max(n) from sqlite_master) "
    "+ (select count(*) from sqlite_master)",
    "with a as (select count(*) as n from duckdb_views), duckdb_views as (select 1 as n) "
    "select max(n) from a",
    "with pg_class as (select count(*) as n from pg_class) select max(n) from pg_class",
    'with a as (select count(*) as n from "canary.csv"), "canary.csv" as (select 1 as n) '
    "select max(n) from a",
    # no number, or not one
    "select month from aid",
    "select * from aid",
    "select x, x + 1 from aid",
    "select max(aid) from aid",
    "select min(x, 3) from aid",
    "select true",
    "select null",
    "select sum(y) from aid",
    "select",
    "select from aid",
    "",
    "select " + "(" * 300 + "1" + ")" * 300,
    "select " + "- " * 500 + "1",
    "select '" + "x" * 3_000 + "' = ''",
]

SENTENCES = [
    "{g.__class__}",
    "{g.__class__.__mro__}",
    "{g.real}",
    "{g[0]}",
    "{g!r}",
    "{g!s}",
    "{g:>999999999}",
    "{g:999999999}",
    "{g:.999999999f}",
    "{g:{g}}",
    "{g:{h}}",
    "{g:n}",
    "{g:x}",
    "{g:%Y}",
    "{}",
    "{0}",
    "{ g }",
    "{h}",
    "{self}",
    "{",
    "}",
    "{g",
    "{{g}",
    "{g}}",
]

STATEMENTS = [
    "SELECT * FROM '{folder}/canary.csv'",
    'SELECT * FROM "{folder}/canary.csv"',
    "SELECT * FROM 'canary.csv'",
    "SELECT * FROM '{folder}/canary.parquet'",
    "SELECT * FROM read_csv('{folder}/canary.csv')",
    "SELECT * FROM read_text('{folder}/canary.txt')",
    "SELECT * FROM read_text('{folder}/record/../canary.txt')",
    "SELECT * FROM read_text('{table}/../canary.txt')",
    "SELECT * FROM read_blob('{folder}/canary.txt')",
    "SELECT * FROM read_json('{folder}/canary.json')",
    "SELECT * FROM read_parquet('{folder}/canary.parquet')",
    "SELECT * FROM read_parquet('{folder}/*.parquet')",
    "SELECT * FROM parquet_schema('{folder}/canary.parquet')",
    "SELECT * FROM sniff_csv('{folder}/canary.csv')",
    "SELECT * FROM glob('{folder}/*')",
    "SELECT * FROM glob('/tmp/*')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_text('/proc/self/environ')",
    "SELECT * FROM read_csv('http://127.0.0.1:1/canary.csv')",
    "SELECT * FROM query('SELECT * FROM read_text(''{folder}/canary.txt'')')",
    "SELECT * FROM query_table('{folder}/canary.csv')",
    "SELECT * FROM canary_frame",
    "SELECT * FROM pd",
    "SELECT getenv('HOME')",
    "COPY (SELECT 1) TO '{folder}/stolen.csv'",
    "COPY (SELECT 1) TO '/tmp/ripeness-stolen.csv'",
    "COPY (SELECT 1) TO '/dev/stdout'",
    "COPY (SELECT 1 AS x) TO '{folder}/stolen' (FORMAT parquet, PARTITION_BY (x))",
    "EXPORT DATABASE '{folder}/stolen'",
    "IMPORT DATABASE '{folder}'",
    "ATTACH '{folder}/stolen.db'",
    "ATTACH '{folder}/canary.db' (READ_ONLY)",
    "INSTALL httpfs",
    "INSTALL '{folder}/stolen.duckdb_extension'",
    "LOAD httpfs",
    "LOAD '{folder}/stolen.duckdb_extension'",
    "UPDATE EXTENSIONS",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "RESET lock_configuration",
    "SET allowed_paths = ['/etc/passwd']",
    "SET allowed_directories = ['/']",
    "SET temp_directory = '{folder}/stolen'",
    "SET memory_limit = '100GB'",
    "RESET memory_limit",
    "PRAGMA memory_limit='100GB'",
    "SET threads = 64",
    "SET python_enable_replacements = true",
    "SET disabled_optimizers = ''",
    "SET ieee_floating_point_ops = true",
    "SET profiling_output = '{folder}/stolen.json'",
    "PRAGMA enable_profiling='json'",
    "SET log_query_path = '{folder}/stolen.log'",
    "CALL enable_logging('QueryLog', storage='file', storage_path='{folder}/stolen')",
    "CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'x')",
    "SELECT count(*) FROM (SELECT hash(range) AS h FROM range(30000000) ORDER BY h)",
]

CLAIM = {"id": "C", "says": "x", "compare": ["go", "stay"], "holds": "a.x > b.x"}
FIGURE = {"sql": "select sum(x) from aid", "unit": "x", "is": "x"}
RECORD = {
    "as_of": "2024-01-01",
    "figures": {"g": FIGURE},
    "supported": "g > 1",
    "contradicted": "g < 1",
    "found": "{g:.0f}",
    "objection": "x",
}


def shortly(text: str) -> str:
    return ascii(text[:50])


def read_by(sql: str) -> dict[str, Any]:
    """A claim that a query of the record decides."""
    return {"id": "R", "says": "x", "record": {**RECORD, "figures": {"g": {**FIGURE, "sql": sql}}}}


def files_in(*folders: Path) -> dict[Path, tuple[int, int]]:
    found = [file for folder in folders if folder.exists() for file in folder.rglob("*")]
    return {file: (file.stat().st_size, file.stat().st_mtime_ns) for file in found}


@pytest.fixture(scope="module", autouse=True)
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a table, a record and canaries, in which Python runs; it must stay as it is."""
    folder = tmp_path_factory.mktemp("place")
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "world": np.tile(np.arange(WORLDS), 2),
            "plan": np.repeat(["go", "stay"], WORLDS),
            "x": rng.normal(size=2 * WORLDS),
            "n": rng.integers(0, 5, 2 * WORLDS),
            "word": rng.choice(["red", "blue"], 2 * WORLDS),
            "flag": rng.random(2 * WORLDS) > 0.5,
        }
    )
    canary = pd.DataFrame({"secret": [CANARY]})
    (folder / "record").mkdir()
    with duckdb.connect() as connection:
        connection.from_df(frame).write_parquet(str(folder / "worlds.parquet"))
        connection.from_df(canary).write_parquet(str(folder / "canary.parquet"))
    with duckdb.connect(str(folder / "canary.db")) as connection:
        connection.execute(f"CREATE TABLE canary AS SELECT '{CANARY}' AS secret")
    canary.to_csv(folder / "canary.csv", index=False)
    canary.to_csv(folder / "record" / "canary.txt", index=False)
    (folder / "canary.txt").write_text(CANARY)
    (folder / "canary.json").write_text(json.dumps({"secret": CANARY}))
    months = "".join(f"2024-{place % 12 + 1:02d},{place}\n" for place in range(2_000))
    (folder / "record" / "aid.csv").write_text("month,x\n" + months)
    watched = folder, Path.home() / ".duckdb"
    before = files_in(*watched)
    with contextlib.chdir(folder):
        yield folder
    assert files_in(*watched) == before


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a claims file, elsewhere than where nothing may change."""

    def write(*claims: dict[str, Any], **sections: Any) -> Path:
        return written(tmp_path / "claims.yaml", *claims, **sections)

    return write


def written(path: Path, *claims: dict[str, Any], **sections: Any) -> Path:
    """Write claims one a line, from line 2 on."""
    lines = "".join(f"- {as_yaml(claim)}\n" for claim in claims)
    more = "".join(f"{name}: {as_yaml(section)}\n" for name, section in sections.items())
    path.write_text(f"claims:\n{lines}{more}", encoding="utf-8")
    return path


def as_yaml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\u200b", "\\u200b")


def problems(path: Path, record: Path | None = None) -> dict[int, list[str]]:
    """Ask about a file that is wrong, and give its problems by line, each a readable sentence."""
    canary_frame = pd.DataFrame({"secret": [CANARY]})
    with pytest.raises(InvalidFile) as caught:
        rp.ask("worlds.parquet", path, record=record)
    assert CANARY in canary_frame.secret[0]
    found: dict[int, list[str]] = {}
    for problem in caught.value.problems:
        first = problem.splitlines()[0]
        where = re.match(rf"{re.escape(str(path))}:(\d+):(\d+): (\S+: )?", first)
        assert where, first
        assert "Traceback" not in problem
        assert CANARY not in problem
        assert problem.replace("\n", "").isprintable()
        assert len(first) < 600
        found.setdefault(int(where[1]), []).append(first[where.end() :])
    return found


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    """What is said of each hostile expression in each field of a claim, all asked at once."""
    said = {}
    for field in ("holds", "given", "effect"):
        path = tmp_path_factory.mktemp(field) / "claims.yaml"
        claims = [{**CLAIM, "id": f"C{n}", field: text} for n, text in enumerate(HOSTILE)]
        found = problems(written(path, *claims))
        for line, text in enumerate(HOSTILE, start=2):
            said[field, text] = " ".join(found.get(line, []))
    return said


@pytest.mark.parametrize("text", HOSTILE, ids=shortly)
def test_hostile_expressions_are_refused_in_every_field(refused, text: str):
    for field in ("holds", "given", "effect"):
        assert re.search(r"claim 'C\d+' |this text is empty", refused[field, text]), field


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("read_text('canary.csv') = ''", "may not use \"READ_TEXT('canary.csv')\"; it may have"),
        ("a.x > 1; select 1", "must be one expression, without ';'"),
        ("canary_frame is null", "speaks of column 'canary_frame', which the table lacks"),
        ("main.worlds.x > 1", "which is no column; write a.column, b.column or column"),
        ("cast(a.x as blob) is null", "may not cast to 'BLOB'; cast to integer, double or boolean"),
        ("- " * 400 + "a.x > 1", "is nested too deeply; flatten it"),
        ("a.word = '" + "y" * 3_000 + "'", "characters"),
        ("a.x > 'never closed", "a quote or comment in it is never closed"),
    ],
)
def test_what_is_refused_is_answered_with_what_would_be_right(refused, text: str, said: str):
    assert said in refused["given", text]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The verdicts on what only looks hostile, by its text."""
    claims = [{**CLAIM, "id": f"C{n}", "holds": text} for n, text in enumerate(HARMLESS)]
    path = written(tmp_path_factory.mktemp("harmless") / "claims.yaml", *claims)
    verdicts = rp.ask("worlds.parquet", path).judge().records()
    return dict(zip(HARMLESS, verdicts, strict=True))


@pytest.mark.parametrize("text", HARMLESS, ids=shortly)
def test_what_only_looks_hostile_is_judged(judged, text: str):
    verdict = judged[text]
    assert verdict["share"] is None or 0 <= verdict["share"] <= 1
    for figure in ("effect_median", "effect_mean", "effect_mean_low", "effect_high"):
        assert verdict[figure] is None or np.isfinite(verdict[figure])


def test_what_is_divided_by_zero_answers_nothing(judged):
    assert judged["a.n / 0 > 1"]["worlds"] == 0
    assert judged["a.n / (a.n - a.n) > 0"]["worlds"] == 0
    assert judged["1 / 0 is null"]["share"] == 1


@pytest.mark.parametrize(
    "text",
    [
        "a.n * 9223372036854775807 > 1",
        "a.n + 9223372036854775807 > 1",
        "cast(a.x * 1e300 as integer) > 1",
        "cast('x' as date) is null",
        "cast(a.word as integer) > 1",
        "a.x > 'x'",
        f"a.n * {'9' * 38} * {'9' * 38} > 1",
        f"a.n > {'9' * 400}",
    ],
)
def test_what_fails_only_when_it_runs_is_said_of_its_claim(write, text: str):
    asked = rp.ask("worlds.parquet", write(CLAIM, {**CLAIM, "id": "D", "holds": text}))
    with pytest.raises(UsageError, match=r"^claim 'D' cannot be judged: [^\n]+$"):
        asked.judge()


def test_a_refused_command_is_not_quoted_on_the_terminal(write, monkeypatch, capsys):
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # as where nobody set up logging
    problems(write({**CLAIM, "holds": "explain select '\x1b[31m'"}))
    assert capsys.readouterr() == ("", "")


def test_half_a_character_is_refused_where_duckdb_would_fail(write):
    for text in ("a.word = '\ud83d'", "a.\udfff > 1"):
        path = write(CLAIM)
        path.write_text(f"claims:\n- {json.dumps({**CLAIM, 'holds': text})}\n")
        assert "half of a character" in " ".join(problems(path)[2])


@pytest.fixture(scope="module")
def refused_selects(place: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    claims = [{**read_by(text), "id": f"C{n}"} for n, text in enumerate(SELECTS)]
    path = written(tmp_path_factory.mktemp("selects") / "claims.yaml", *claims)
    found = problems(path, place / "record")
    return {text: " ".join(found.get(line, [])) for line, text in enumerate(SELECTS, start=2)}


@pytest.mark.parametrize("text", SELECTS, ids=shortly)
def test_hostile_queries_of_the_record_are_refused(refused_selects, text: str):
    assert re.search(r"claim 'C\d+' has a query that |text is empty", refused_selects[text])


def test_a_name_that_a_query_gives_reaches_where_it_should(place: Path, write):
    doubled = [f"a{n} as (select x.n + y.n as n from a{n - 1} x, a{n - 1} y)" for n in range(1, 25)]
    texts = {
        "with t as (select 1 as x) select max(x) from t": 1,
        "with t as (select x from aid), u as (select x from t) select max(x) from u": 1_999,
        "select max(n) from (with t as (select 1 as n) select n from t)": 1,
        "with t as (select 1 as n) select (select max(n) from t) + (select max(x) from aid)": 2_000,
        "with t as (with u as (select 1 as n) select n from u) select max(n) from t": 1,
        "with t as (select 1 as n) select max(n) from (select n from t union all select 2)": 2,
        "with aid as (select 1 as x) select max(x) from aid": 1,
        f"with a0 as (select 1 as n), {', '.join(doubled)} select max(n) from a24": 2**24,
    }
    claims = [{**read_by(text), "id": f"R{n}"} for n, text in enumerate(texts)]
    asked = rp.ask("worlds.parquet", write(*claims), record=place / "record")
    values = [row.record.record_figures[0]["value"] for row in asked.judge().rows]
    assert values == list(texts.values())


@pytest.mark.parametrize(
    "text",
    [
        "select count(*) from aid a, aid b, aid c, aid d, aid e",
        "select count(*) from aid a join aid b on a.x <> b.x join aid c on a.x < c.x, aid d",
    ],
)
def test_a_query_without_end_is_stopped(place: Path, write, monkeypatch, text: str):
    monkeypatch.setattr(record, "limited", partial(database.limited, seconds=0.2))
    asked = rp.ask("worlds.parquet", write(read_by(text)), record=place / "record")
    with pytest.raises(UsageError, match=r"took more than 0\.2 s and was stopped"):
        asked.judge()


@pytest.mark.parametrize(
    "text",
    [
        "select median(a.x * b.x + a.x) from aid a, aid b",
        "select count(distinct a.x * 2000 + b.x) from aid a, aid b",
        "select max(n) from (select row_number() over (order by a.x * b.x) as n from aid a, aid b)",
    ],
)
def test_a_query_that_takes_much_memory_is_stopped(place: Path, write, monkeypatch, text: str):
    monkeypatch.setattr(database, "MEMORY_LIMIT", "24MB")
    asked = rp.ask("worlds.parquet", write(read_by(text)), record=place / "record")
    with pytest.raises(UsageError, match=r"takes more memory than it may \(24MB\)"):
        asked.judge()


@pytest.mark.parametrize(
    "part",
    [
        {"figures": {"g": {**FIGURE, "sql": "select sum(cast(month as int)) from aid"}}},
        {"figures": {"g": {**FIGURE, "sql": "select (select x from aid)"}}},
        {"figures": {"g": {**FIGURE, "sql": "select max(x) + 9223372036854775807 from aid"}}},
        {"supported": "g > 'x'"},
        {"contradicted": "cast('x' as integer) > g"},
    ],
)
def test_a_record_test_that_fails_when_it_runs_is_said_of_its_claim(place: Path, write, part):
    claim = {"id": "R", "says": "x", "record": RECORD | part}
    asked = rp.ask("worlds.parquet", write(claim), record=place / "record")
    with pytest.raises(UsageError, match="claim 'R'"):
        asked.judge()


@pytest.mark.parametrize(
    "text", ["select sum(x * 1e308) from aid", "select 1e999", "select -1e999"]
)
def test_a_figure_that_is_infinite_is_none(place: Path, write, text: str):
    asked = rp.ask("worlds.parquet", write(read_by(text)), record=place / "record")
    assert asked.judge().records()[0]["record_verdict"] == "not testable"


def test_what_is_divided_by_zero_is_no_figure(place: Path, write):
    texts = ("select 1 / 0", "select 0 / 0", "select sum(x) / (count(*) - 2000) from aid")
    claims = [{**read_by(text), "id": f"R{n}"} for n, text in enumerate(texts)]
    asked = rp.ask("worlds.parquet", write(*claims), record=place / "record")
    assert [row.record.record_verdict for row in asked.judge().rows] == 3 * ["not testable"]


@pytest.fixture(scope="module")
def refused_parts(place: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said of sentences, and of hostile conditions over figures."""
    conditions = [text for text in HOSTILE if "worlds" in text or "canary" in text]
    parts = [{"found": text} for text in SENTENCES]
    parts += [{"supported": text} for text in conditions]
    claims = [{"id": f"C{n}", "says": "x", "record": RECORD | part} for n, part in enumerate(parts)]
    path = written(tmp_path_factory.mktemp("parts") / "claims.yaml", *claims)
    found = problems(path, place / "record")
    said = {
        text: " ".join(found.get(line, []))
        for line, part in enumerate(parts, start=2)
        for text in part.values()
    }
    assert all("claim 'C" in said[text] for text in conditions)
    return said


@pytest.mark.parametrize("text", SENTENCES)
def test_sentences_show_figures_and_nothing_of_python(refused_parts, text: str):
    assert "has a sentence w" in refused_parts[text]


def test_a_newline_after_the_form_of_a_figure_is_refused(place: Path, write):
    path = write({"id": "R", "says": "x", "record": {**RECORD, "found": "{g:\n}"}})
    with pytest.raises(InvalidFile, match="has a sentence with a form that is none"):
        rp.ask("worlds.parquet", path, record=place / "record")


def test_ids_and_names_of_figures_are_plain_words(place: Path, write):
    names = [
        "x' OR '1'='1",
        'x"; drop view worlds --',
        "../x",
        "<b>",
        "a\nb",
        "a b",
        "__id__",
        "Ｃ",
    ]
    claims = [{**CLAIM, "id": name} for name in names]
    claims += [{**read_by("select 1"), "id": f"R{n}"} for n in range(len(names))]
    for name, claim in zip(names, claims[len(names) :], strict=True):
        claim["record"]["figures"][name] = FIGURE
    said = problems(write(*claims), place / "record")
    for line in range(2, 2 + len(claims)):
        assert "is not written as it must be: ^[A-Za-z]" in said[line][0]


def test_plans_that_are_called_like_sql_are_plans(place: Path, write):
    names = [
        "x' OR '1'='1",
        "go' UNION SELECT 1 --",
        "go'; COPY worlds TO 'stolen.csv'; --",
        "go\\' OR 1=1 --",
        'go" --',
        "go\n--",
    ]
    claims = [{**CLAIM, "id": f"C{n}", "compare": [name, "stay"]} for n, name in enumerate(names)]
    said = problems(write(*claims))
    assert all("which the run lacks; it has go, stay" in said[n + 2][0] for n in range(len(names)))
    frame = duckdb.from_parquet(str(place / "worlds.parquet")).df()
    go = frame[frame.plan == "go"]
    odd = pd.concat([frame, *(go.assign(plan=name) for name in names)])
    plain, *others = rp.ask(odd, write(CLAIM, *claims)).judge().rows
    assert all(other.model.share == plain.model.share for other in others)


def test_columns_that_are_called_like_sql_are_columns(place: Path, write):
    names = [
        "x\" FROM read_csv('canary.csv') --",
        "x' FROM read_csv('canary.csv') --",
        'x" AS world, (SELECT secret FROM "canary.csv") AS plan --',
        "x; attach 'stolen.db'",
        "*",
        "worlds.x",
        "x" * 300,
        "\x1b[31m",
    ]
    for name in names:
        keys = dict.fromkeys(("world", "plan", "weight"), name)
        with pytest.raises(InvalidFile) as caught:
            rp.ask(
                "worlds.parquet",
                write(CLAIM, columns={**keys, "assumptions": [name], "families": [name]}),
            )
        assert len(caught.value.problems) >= 5
        assert CANARY not in str(caught.value)
    frame = duckdb.from_parquet(str(place / "worlds.parquet")).df()
    odd = frame.assign(**dict.fromkeys(names, frame.x))
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    claims = [{**CLAIM, "id": f"C{n}", "holds": f"a.{x} > b.{x}"} for n, x in enumerate(quoted)]
    plain, *others = rp.ask(odd, write(CLAIM, *claims)).judge().rows
    assert all(other.model.share == plain.model.share for other in others)


def test_keys_and_words_that_are_called_like_sql_are_read_as_they_are(write):
    frame = duckdb.from_parquet("worlds.parquet").df()
    world, plan, weight, word = 'w" --', "p'", 'w"; drop view worlds', "'); attach 'stolen.db' --"
    odd = frame.assign(**{weight: 2.0}, word=frame.word.replace("red", word))
    odd = odd.rename(columns={"world": world, "plan": plan})
    for table in (odd, odd.astype({"word": "category", plan: "category"})):
        said = {"world": world, "plan": plan, "weight": weight, "families": ["word"]}
        claim = {**CLAIM, "given": "a.word = '" + word.replace("'", "''") + "'"}
        (verdict,) = (
            rp.ask(table, write(CLAIM, {**claim, "id": "D"}, columns=said)).judge().rows[1:]
        )
        assert verdict.model.worlds == int((frame.word[frame.plan == "go"] == "red").sum())


BOMB = "".join(
    f"{name}: &{name} [{', '.join([f'*{below}'] * 9)}]\n"
    for below, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &a [1, 1, 1, 1]\n" + BOMB, "more than 200,000 values"),
        ("claims: &a\n- id: A\n  says: *a\n", "refers to itself"),
        ("claims: " + "[" * 3_000 + "]" * 3_000, "nested more than 20 deep"),
        ("claims: " + "{a: " * 3_000 + "1" + "}" * 3_000, "nested more than 20 deep"),
        ("claims: !!python/object/apply:os.system ['touch stolen']\n", "a tag"),
        ("!!python/name:os.system {}\n", "a tag"),
        ("claims:\n- {id: A, says: x, holds: 1 > 0, <<: {unit: x}}\n", "unknown field '<<'"),
        ("claims:\n- {id: A, says: x, holds: " + "9" * 5_000 + "}\n", "expected text"),
        ("claims:\n- {id: A, says: x, holds: 1 > 0, ? [a] : b}\n", "this key is not a word"),
        ("claims: \x07\n", "a control character"),
        ("claims:\n" + "- *a\n", "refers to no '&a'"),
        ("claims:\n- &a {id: A, says: x, holds: 1 > 0}\n" + "- *a\n" * 60, "more than 50 aliases"),
        ("x: " + "y" * 2_100_000, "more than 2 MB"),
        ("claims: [{}]\n---\nclaims: []\n", "a second document"),
        ("", "the file is empty"),
        ("- id: A\n", "must hold fields"),
        ("claims: 5\n", "expected a list"),
        ("claims: []\n", "give at least 1"),
        ("claims: [5, null, [x], {}]\n", "expected fields"),
    ],
    ids=shortly,
)
def test_hostile_yaml_is_a_problem_at_its_place(tmp_path: Path, text: str, said: str):
    path = tmp_path / "claims.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidFile, match=re.escape(said)) as caught:
        rp.ask("worlds.parquet", path)
    assert str(caught.value).startswith(f"{path}:")


@pytest.mark.parametrize("digits", ["0x" + "f" * 400, "0o" + "7" * 5_000])
def test_a_number_of_any_size_is_a_problem_too(tmp_path: Path, digits: str):
    path = tmp_path / "claims.yaml"
    path.write_text(f"claims:\n- {{id: A, says: {digits}, holds: 1 > 0}}\n")
    with pytest.raises(InvalidFile, match="names no plan"):
        rp.ask("worlds.parquet", path)


# Behind the checks: what the database itself lets nobody do.


@pytest.fixture(scope="module")
def opened(place: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """The databases of a table and of a record, with little memory."""
    path = written(tmp_path_factory.mktemp("opened") / "claims.yaml", CLAIM)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "MEMORY_LIMIT", "64MB")
        asked = rp.ask("worlds.parquet", path)
        return [asked.worlds.database, database.open_record(place / "record")]


@pytest.mark.parametrize("text", STATEMENTS, ids=shortly)
def test_a_database_is_shut_behind_the_checks(place: Path, opened, text: str):
    canary_frame = pd.DataFrame({"secret": [CANARY]})
    statement = text.format(folder=place, table=place / "worlds.parquet")
    for connection in opened:
        with pytest.raises(duckdb.Error) as caught:
            connection.execute(statement).fetchall()
        assert CANARY not in str(caught.value)
    assert not Path("/tmp/ripeness-stolen.csv").exists()
    assert CANARY in canary_frame.secret[0]


def test_a_table_in_memory_opens_no_file_at_all(place: Path, write):
    frame = duckdb.from_parquet("worlds.parquet").df()
    asked = rp.ask(frame, write(CLAIM))
    for file in ("worlds.parquet", "canary.parquet", str(place / "worlds.parquet")):
        with pytest.raises(duckdb.PermissionException):
            asked.worlds.database.execute(f"SELECT * FROM '{file}'")


def test_the_files_of_a_table_are_read_and_no_others_like_them(tmp_path: Path, write):
    """Letters that DuckDB takes for patterns stand for themselves."""
    frame = duckdb.from_parquet("worlds.parquet").df()
    for name in ("run[1]", "run*", "run?", "run1", "run2"):
        (tmp_path / name).mkdir()
        other = frame if name in ("run[1]", "run*", "run?") else frame.assign(x=0.0)
        duckdb.from_df(other).write_parquet(str(tmp_path / name / "worlds.parquet"))
        other.to_csv(tmp_path / name / "worlds.csv", index=False)
    (plain,) = rp.ask(frame, write(CLAIM)).judge().records()
    for name in ("run[1]", "run*", "run?"):
        for source in (tmp_path / name, tmp_path / name / "worlds.csv"):
            asked = rp.ask(source, write(CLAIM))
            assert asked.judge().records() == [plain]
            with pytest.raises(duckdb.Error):
                asked.worlds.database.execute(f"SELECT * FROM '{tmp_path}/run1/worlds.parquet'")


def test_a_record_is_read_where_its_folder_is_called_like_a_pattern(tmp_path: Path):
    for name in ("r*", "r[1]", "r1", "month=7"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "aid.csv").write_text(f"month,x\n{name},1\n")
    for name in ("r*", "r[1]", "month=7"):
        with database.open_record(tmp_path / name) as connection:
            assert connection.execute("SELECT month, x FROM aid").fetchall() == [(name, 1)]


@pytest.mark.parametrize(
    "text",
    ["{", "[]", "5", '{"aid": 5}', '{"aid": {"x": "nonsense"}}', '{"aid": {"y": "INTEGER"}}'],
)
def test_types_of_a_record_that_are_none_are_said(tmp_path: Path, text: str):
    (tmp_path / "aid.csv").write_text("month,x\n2024-01,1\n")
    (tmp_path / "types.json").write_text(text)
    with pytest.raises(RipenessError, match=r"does not say types|is no table"):
        database.open_record(tmp_path)
