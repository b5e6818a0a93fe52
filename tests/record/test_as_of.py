"""A record as of a day holds nothing that became known later, in any table, on any day."""

import calendar
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Any

import pandas as pd
import pytest

from ripeness import errors
from ripeness.claims.database import open_record
from ripeness.claims.language import read_claims
from ripeness.claims.record import judge_record
from ripeness.errors import UsageError
from ripeness.record.tables import cut, known_by, list_tables, read_table, read_text

CASE = Path(errors.__file__).parent / "cases" / "kursk-2024"
RECORD = CASE / "record"
MONTHS = [date(year, month, 1) for year in range(2022, 2027) for month in range(1, 13)]
DAYS = [date(2022, 1, 1), date(2024, 8, 10), date(2024, 12, 31), date(2026, 12, 31)]

UNDATED = {
    "cells": "outlines and areas on the map: nothing of the war is in it",
}
"""Tables that are the same on every day, and why."""

WHERE_READ = {"source", "licence", "compiled_by"}
"""Columns that say where a row was read, which may well be a later page about earlier events."""

FORESEEN = ["Putin set 20 January 2025 as deadline"]
"""What speaks of a later day without having been written later: plans."""

MONTHS_IN_WORDS = calendar.month_name[1:]
A_DAY = re.compile(
    r"\b(?P<iso>\d{4}-\d\d(?:-\d\d)?)\b"
    rf"|\b(?P<day>\d\d? )?(?P<month>{'|'.join(MONTHS_IN_WORDS)}) (?P<year>20\d\d)"
)


@pytest.fixture(scope="module")
def tables() -> dict[str, Any]:
    """Every dated table, as it is written."""
    whole = {name: read_text(RECORD / f"{name}.csv") for name in list_tables(RECORD)}
    return {name: table for name, table in whole.items() if name not in UNDATED}


@pytest.fixture(scope="module")
def cuts(tmp_path_factory: pytest.TempPathFactory) -> Callable[[date], Path]:
    """Give the folder of the record as of a day."""
    made: dict[date, Path] = {}

    def cut_on(day: date) -> Path:
        if day not in made:
            made[day] = tmp_path_factory.mktemp("cut") / "record"
            cut(RECORD, day, made[day])
        return made[day]

    return cut_on


def days_in(text: str) -> list[str]:
    """Days that a text names, as 2024-08-06 or 2024-08."""
    found = []
    for match in A_DAY.finditer(text):
        if match["iso"]:
            found.append(match["iso"])
        else:
            month = 1 + MONTHS_IN_WORDS.index(match["month"])
            day = f"-{int(match['day']):02}" if match["day"] else ""
            found.append(f"{match['year']}-{month:02}{day}")
    return found


def named_later(table: Any, day: date) -> list[tuple[str, str]]:
    """Cells that name a later day, with their column; where a row was read does not count."""
    texts = [str(column) for column in table if column not in WHERE_READ]
    return [
        (column, word)
        for column in texts
        for word in table[column].unique().tolist()
        if any(found > day.isoformat()[: len(found)] for found in days_in(word))
        and not any(foreseen in word for foreseen in FORESEEN)
    ]


def test_days_are_found_in_texts():
    text = "first on 2024-08-06, then August 2024, 20 January 2025; 2024-09"
    assert days_in(text) == ["2024-08-06", "2024-08", "2025-01-20", "2024-09"]


def test_tables_that_are_the_same_on_every_day_are_known():
    columns = {name: read_text(RECORD / f"{name}.csv").columns for name in list_tables(RECORD)}
    assert {name for name in columns if "known" not in columns[name]} == set(UNDATED)
    wars: Any = read_text(CASE.parent / "two-sided-war" / "record" / "wars.csv")
    assert "known" not in wars  # wars that were over long before any day that is asked about
    assert wars["end"].max() < "2022"


@pytest.mark.parametrize("day", MONTHS, ids=str)
def test_nothing_later_is_left(tables: dict[str, Any], day: date):
    for name, table in tables.items():
        left: Any = known_by(table, day, Path(f"{name}.csv"))
        assert (left["known"] <= day.isoformat()).all(), name
        assert named_later(left, day) == [], name


@pytest.mark.parametrize("day", MONTHS, ids=str)
def test_a_value_that_came_later_than_its_row_is_blank_until_then(
    tables: dict[str, Any], day: date
):
    for name, table in tables.items():
        left: Any = known_by(table, day, Path(f"{name}.csv"))
        whole = table.loc[left.index]
        for column in [str(c) for c in table if str(c).endswith("_known")]:
            of = column.removesuffix("_known")
            later = whole[column] > day.isoformat()
            assert (left.loc[later, [of, column]] == "").all().all(), (name, of)
            assert (left.loc[~later, of] == whole.loc[~later, of]).all(), (name, of)


def test_later_values_are_later_than_their_row_and_there_is_a_value(
    tables: dict[str, Any],
):
    for name, table in tables.items():
        for column in [str(c) for c in table if str(c).endswith("_known")]:
            late = table[table[column] != ""]
            assert (late[column] > late["known"]).all(), (name, column)
            assert (late[column.removesuffix("_known")] != "").all(), (name, column)


def test_what_was_known_stays_known(tables: dict[str, Any]):
    for name, table in tables.items():
        before: Any = known_by(table, MONTHS[0], Path(f"{name}.csv"))
        for day in MONTHS[2::2]:
            after = known_by(table, day, Path(f"{name}.csv"))
            earlier = after.loc[before.index]
            assert ((before == earlier) | (before == "")).all().all(), (name, day)
            before = after


@pytest.mark.parametrize(
    ("table", "day", "newest"),
    [
        ("control", "2024-08-10", "2024-08-10"),
        ("strikes", "2024-08-10", "2024-08-09"),  # the day's launches are reported the day after
        ("losses", "2024-08-11", "2024-08-11"),
    ],
)
def test_a_row_is_there_from_the_day_on_which_it_was_known(table: str, day: str, newest: str):
    rows: Any = read_table(RECORD, table, date.fromisoformat(day))
    assert rows.iloc[:, 0].max() == pd.Timestamp(newest)


@pytest.mark.parametrize(
    ("table", "row", "column", "before", "after"),
    [
        # Ukraine's command claimed the strike on Saky weeks after it.
        ("attacks", {"id": "a03"}, "attributed_to", "2022-09-06", "2022-09-07"),
        # The grain deal of July 2022 was ended a year later.
        (
            "negotiations",
            {"round": "Black Sea Grain Initiative"},
            "date_end",
            "2023-07-16",
            "2023-07-17",
        ),
        ("red_lines", {"id": "rl14"}, "observed_response", "2024-08-26", "2024-12-17"),
    ],
)
def test_values_that_came_later(
    table: str, row: dict[str, str], column: str, before: str, after: str
):
    def value(day: str) -> Any:
        rows: Any = read_table(RECORD, table, date.fromisoformat(day))
        (found,) = rows.loc[(rows[list(row)] == pd.Series(row)).all(axis=1).to_numpy(), column]
        return found

    assert pd.isna(value(before))
    assert not pd.isna(value(after))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_cut_record_is_read_like_any_other(cuts: Callable[[date], Path], day: date):
    folder = cuts(day)
    assert list_tables(folder) == list_tables(RECORD)
    assert (folder / "boundaries.topojson").read_bytes() == (
        RECORD / "boundaries.topojson"
    ).read_bytes()
    for name in list_tables(RECORD):
        left: Any = read_table(folder, name)
        pd.testing.assert_frame_equal(left, read_table(RECORD, name, day), check_dtype=False)
        if "known" in left:
            assert (left["known"] <= pd.Timestamp(day)).all()


def test_a_cut_record_that_is_late_enough_is_the_whole_record(cuts: Callable[[date], Path]):
    for name in list_tables(RECORD):
        assert (cuts(DAYS[-1]) / f"{name}.csv").read_text() == (RECORD / f"{name}.csv").read_text()


@pytest.mark.parametrize("day", DAYS[:-1], ids=str)
def test_cutting_twice_is_cutting_once(cuts: Callable[[date], Path], tmp_path: Path, day: date):
    cut(cuts(DAYS[-1]), day, tmp_path / "later")
    cut(cuts(day), day, tmp_path / "again")
    for file in cuts(day).iterdir():
        for folder in ("later", "again"):
            assert (tmp_path / folder / file.name).read_bytes() == file.read_bytes(), file.name


@pytest.mark.parametrize("day", DAYS[:-1], ids=str)
def test_whatever_came_later_a_cut_record_is_the_same(
    cuts: Callable[[date], Path], tables: dict[str, Any], tmp_path: Path, day: date
):
    other = tmp_path / "other"
    copytree(RECORD, other)
    for name, table in tables.items():
        changed = table.copy()
        for column in [str(c) for c in table if str(c) != "known" and str(c)[-6:] != "_known"]:
            known = table.get(f"{column}_known", "")
            later = (table["known"] > day.isoformat()) | (known > day.isoformat())
            changed.loc[later, column] = table[column].iloc[0]
        assert changed.equals(table) == (table["known"].max() <= day.isoformat()), name
        changed.to_csv(other / f"{name}.csv", index=False, lineterminator="\n")
    cut(other, day, tmp_path / "cut")
    for name in tables:
        after = (tmp_path / "cut" / f"{name}.csv").read_bytes()
        assert after == (cuts(day) / f"{name}.csv").read_bytes(), name


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_claim_can_be_asked_on_any_day(cuts: Callable[[date], Path], day: date):
    claims = read_claims(CASE / "claims.yaml")
    with open_record(cuts(day)) as database:
        verdicts = [judge_record(claim, database).record_verdict for claim in claims.claims]
    with open_record(RECORD) as database:
        whole = [judge_record(claim, database).record_verdict for claim in claims.claims]
    assert (verdicts == whole) == (day == DAYS[-1])


def test_what_is_computed_from_the_tables_is_not_carried_over(
    cuts: Callable[[date], Path], tmp_path: Path
):
    cut(cuts(DAYS[-1]), DAYS[-1], tmp_path / "run")
    (tmp_path / "run" / "measures.csv").write_text("measure,value\nlater,1\n")
    cut(tmp_path / "run", DAYS[1], tmp_path / "cut")
    assert "measures" not in list_tables(tmp_path / "cut")


@pytest.mark.parametrize("word", ["2024-8-1", "August", "2024-02-30", ""])
def test_a_day_that_is_none_is_said_with_its_place(tmp_path: Path, word: str):
    (tmp_path / "front.csv").write_text(f"km2,known\n1,2024-08-06\n2,{word}\n")
    with pytest.raises(UsageError, match=rf"front.csv:3: the column 'known' holds '{word}'"):
        cut(tmp_path, date(2024, 8, 6), tmp_path / "cut")


def test_a_folder_that_has_something_in_it_stays_as_it_is(tmp_path: Path):
    (tmp_path / "mine.csv").write_text("a\n1\n")
    with pytest.raises(UsageError, match="has something in it"):
        cut(RECORD, date(2024, 8, 6), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.csv"]
