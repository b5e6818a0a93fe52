"""The measures that the Kursk case declares, on its own record and on parts of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from shutil import copytree

import pandas as pd
import pytest

from ripeness import errors
from ripeness.case.load import load
from ripeness.case.schema import CaseFile
from ripeness.claims.database import MEASURES, open_record
from ripeness.errors import UsageError
from ripeness.record.measures import measure, write

RECORD = Path(errors.__file__).parent / "cases" / "kursk-2024" / "record"


@pytest.fixture(scope="module")
def case() -> CaseFile:
    return load("kursk-2024")


@pytest.fixture(scope="module")
def numbers(case: CaseFile) -> pd.DataFrame:
    return measure(case, RECORD).set_index(["measure", "number"])


def test_every_measure_gives_numbers_whose_intervals_hold_them(case: CaseFile, numbers):
    assert list(dict.fromkeys(numbers.index.get_level_values(0))) == list(case.measures)
    assert numbers.index.is_unique
    assert numbers["value"].notna().all()
    given = numbers.dropna(subset=["low", "high"])
    assert len(given) > 50
    assert (given["low"] <= given["value"] + 1e-9).all()
    assert (given["value"] <= given["high"] + 1e-9).all()
    assert numbers[["unit", "is"]].map(bool).to_numpy().all()


@pytest.mark.parametrize(
    ("name", "number", "value", "low", "high"),
    [
        # by hand from the tables; intervals of rates as exact tests elsewhere give them
        ("security_all", "ratio", 9.2, 3.75, 25.8),
        ("security_terror", "ratio", 1.9, 0.3, 10.0),
        ("security_old_kinds", "ratio", 2.8, 0.77, 9.6),
        ("readiness", "difference", 22, 18.0, 25.9),
        ("gain_front", "before", 40.5, None, None),
        ("gain_front", "after", 94.4, None, None),
        ("aid_us_2025", "before", 46.4 / 12, None, None),
        ("aid_us_2025", "placebo", 1 / 12, None, None),
    ],
)
def test_numbers(numbers, name: str, number: str, value: float, low, high):
    row = numbers.loc[(name, number)]
    assert row["value"] == pytest.approx(value, abs=0.05)
    if low is not None:
        assert (row["low"], row["high"]) == pytest.approx((low, high), abs=0.05)


def test_strikes_after_attacks(numbers):
    study = numbers.loc["aftermath"]
    main = study.loc["missiles_7d_all_ratio"]
    assert main["n"] == 23
    assert main["value"] == pytest.approx(1.79, abs=0.01)
    assert study.loc["missiles_7d_all_heavy", "value"] == pytest.approx(12 / 23)
    assert study.loc["missiles_7d_all_p", "value"] == pytest.approx(0.003, abs=0.002)
    assert study.loc["declared", "value"] == pytest.approx(13 / 26)
    assert {
        f"{what}_{days}d_found_p" for what in ("missiles", "drones", "both") for days in (3, 7, 14)
    } <= set(study.index)


def test_the_odds_of_red_lines_hang_on_how_much_a_crossing_provokes(numbers):
    lines = numbers.loc["lines"]
    assert lines.loc["harsh_answered", ["value", "n"]].tolist() == [9, 17]
    families = ("uniform", "exponential", "bluff", "humped")
    assert lines.loc[[f"harsh_{family}" for family in families], "value"].between(2.5, 4).all()
    small, large = (lines.loc[f"harsh_all_at_{points}"] for points in ("0.25", "2"))
    assert large["high"] < 1 / 3
    assert small["low"] > 3
    unanswered = lines.loc[[f"none_{family}" for family in (*families, "all")], "high"]
    assert (unanswered < 1).all()  # eroding lines should have been met


def test_the_same_numbers_each_time(case: CaseFile, numbers):
    again = measure(case, RECORD).set_index(["measure", "number"])
    pd.testing.assert_frame_equal(again, numbers)


@pytest.fixture
def early(tmp_path: Path) -> Path:
    """The record without what came after 20 August 2024 in five of its tables."""
    folder = tmp_path / "record"
    copytree(RECORD, folder)
    days, months = dict.fromkeys(("control", "control_isw", "strikes"), "date"), {"aid": "month"}
    for table, column in {**days, **months, "polls": "field_end"}.items():
        rows = pd.read_csv(folder / f"{table}.csv", dtype=str)
        last = "2024-08-20" if table in days else "2024-07"
        rows[rows[column] <= last].to_csv(folder / f"{table}.csv", index=False)
    return folder


def test_what_the_record_does_not_have_yet_is_not_measured(case: CaseFile, early: Path, numbers):
    found = measure(case, early, date(2024, 8, 20)).set_index(["measure", "number"])
    assert set(found.index.get_level_values(0)) == {
        *("security_all", "security_terror", "security_old_kinds", "readiness", "refusal"),
        *("readiness_trend", "aftermath", "lines"),
    }
    before = found.loc["security_all", "ratio"], numbers.loc["security_all", "ratio"]
    assert before[0]["value"] == before[1]["value"]
    assert found.loc[("aftermath", "missiles_7d_all_ratio"), "n"] == 14


def test_events_up_to_a_later_day_are_not_counted_before_it(case: CaseFile):
    names = set(measure(case, RECORD, date(2024, 8, 15))["measure"])
    assert "readiness" in names
    assert "security_all" not in names


def test_tables_without_rows_give_nothing(case: CaseFile, tmp_path: Path):
    for file in RECORD.glob("*.csv"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8").splitlines()[0] + "\n")
    found = measure(case, tmp_path)
    assert set(found["measure"]) <= {"security_all", "security_terror", "security_old_kinds"}


def test_claims_read_the_numbers_with_their_types(case: CaseFile, tmp_path: Path, numbers):
    copytree(RECORD, tmp_path / "record")
    write(case, tmp_path / "record")
    with open_record(tmp_path / "record") as database:
        types = {row[0]: row[1] for row in database.execute("DESCRIBE measures").fetchall()}
        rows = database.execute("SELECT measure, number, value, low FROM measures").fetchall()
    assert types == MEASURES
    assert len(rows) == len(numbers)
    for name, number, value, low in rows:
        row = numbers.loc[(name, number)]
        assert value == pytest.approx(row["value"], rel=1e-12)
        assert (low is None) == bool(pd.isna(row["low"]))


def test_a_table_that_is_not_there_is_named(case: CaseFile, tmp_path: Path):
    (tmp_path / "controls.csv").write_text("date,km2\n")
    with pytest.raises(UsageError, match="no table 'control'; did you mean 'controls'"):
        measure(case, tmp_path)
