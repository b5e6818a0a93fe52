"""Queries over the record: one SELECT over its tables, which can reach nothing else."""

from pathlib import Path

import duckdb
import pytest

from ripeness.claims.database import (
    MEASURES,
    described,
    limited,
    open_record,
    tables_in,
)
from ripeness.claims.predicates import Refused
from ripeness.claims.queries import parse_query
from ripeness.claims.table import open_worlds
from ripeness.errors import RipenessError, UsageError

TABLES = ("aid", "polls")


@pytest.mark.parametrize(
    "text",
    [
        "select sum(x) from aid where month like '2024%'",
        "with w as (select x - lag(x) over (order by month) as g from aid) select max(g) from w",
        "select count(*) filter (where x > 1) from aid join polls on aid.x = polls.x",
        "select (select max(x) from aid) - 3",
    ],
)
def test_what_a_query_may_do(text: str):
    assert parse_query(text, TABLES)


@pytest.mark.parametrize(
    "text",
    [
        "select * from '/etc/passwd'",
        "select * from read_csv('/etc/passwd')",
        "select * from glob('/*')",
        "select count(*) from secrets",
        "select count(*) from main.aid",
        "select count(*) from information_schema.tables",
        "select count(*) from duckdb_settings()",
        "select count(*) from aid; drop table aid",
        "copy aid to 'x'",
        "attach 'x' as y",
        "pragma version",
        "with recursive t as (select 1 as n union all select n + 1 from t) select max(n) from t",
        "select length(repeat('x', 100000000000))",
        "select count(*) from range(100000000000)",
        "select max(n) from (select unnest([1, 2]) as n)",
        "insert into aid values (1)",
        "create table t as select 1",
        "x > 1",
    ],
)
def test_hostile_queries_are_refused(text: str):
    with pytest.raises(Refused):
        parse_query(text, TABLES)


def test_a_misspelt_table_is_answered_with_the_nearest():
    with pytest.raises(Refused, match=r"reads 'aids', which is no table .* did you mean 'aid'"):
        parse_query("select count(*) from aids", TABLES)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM '{file}'",
        "SELECT * FROM read_text('{file}')",
        "COPY aid TO '{file}'",
        "ATTACH '{file}.db'",
        "SET memory_limit = '10GB'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
    ],
)
def test_a_record_database_is_shut_even_to_what_the_check_would_let_through(
    tmp_path: Path, text: str
):
    (tmp_path / "record").mkdir()
    (tmp_path / "record" / "aid.csv").write_text("month,x\n2024-01,1\n")
    other = tmp_path / "secret.csv"
    other.write_text("a\n1\n")
    with open_record(tmp_path / "record") as database:
        assert tables_in(database) == ["aid", "measures"]
        with pytest.raises(duckdb.Error):
            database.execute(text.format(file=other))
    assert other.read_text() == "a\n1\n"


def test_a_query_that_runs_too_long_is_interrupted(tmp_path: Path):
    endless = "SELECT count(*) FROM range(100000000) a, range(100000) b"
    database = open_record(tmp_path)
    with pytest.raises(UsageError, match=r"more than 0\.2 s"), limited(database, seconds=0.2):
        database.execute(endless).fetchall()


def test_what_is_no_table_is_said(tmp_path: Path):
    with pytest.raises(UsageError, match="there is no such file of worlds"):
        open_worlds([tmp_path / "none.parquet"])
    (tmp_path / "worlds.parquet").write_text("this is no Parquet")
    with pytest.raises(UsageError, match="cannot be read as worlds"):
        open_worlds([tmp_path / "worlds.parquet"])
    with pytest.raises(UsageError, match="the list of files is empty"):
        open_worlds([])
    (tmp_path / "broken.csv").write_bytes(b"\xff\xfe\x00a,b\n\x00")
    with pytest.raises(RipenessError, match="is no table"):
        open_record(tmp_path)


def test_the_table_of_measures_is_there_before_anything_is_measured(tmp_path: Path):
    with open_record(tmp_path) as database:
        assert described(database, "SELECT * FROM measures") == MEASURES
        assert database.execute("SELECT count(*) FROM measures").fetchall() == [(0,)]
    (tmp_path / "measures.csv").write_text("measure,number,value,low,high,n,unit,is\n")
    with open_record(tmp_path) as database:
        assert described(database, "SELECT sum(value) FROM measures") == {'sum("value")': "DOUBLE"}
