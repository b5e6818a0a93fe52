"""The Kursk case's record: what its tables hold agrees with figures known from elsewhere."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ripeness import errors
from ripeness.errors import RipenessError, UsageError
from ripeness.record.tables import list_tables, read_table

RECORD = Path(errors.__file__).parent / "cases" / "kursk-2024" / "record"


def table(name: str) -> Any:
    """Read a table; pandas' own types are too wide for what the tests do with it."""
    return read_table(RECORD, name)


ROWS = {
    "aid": 240,
    "attacks": 26,
    "casualties": 312,
    "cells": 2_860,
    "control": 1_140,
    "control_isw": 202,
    "control_cells": 1_041,
    "events": 51,
    "kursk_area": 31,
    "losses": 201,
    "negotiations": 26,
    "nuclear_soil": 17,
    "polls": 90,
    "red_lines": 18,
    "security_counts": 12,
    "security_events": 41,
    "statements": 37,
    "strikes": 1_191,
}


def test_every_table_is_listed_and_whole():
    assert {name: len(table(name)) for name in list_tables(RECORD)} == ROWS


@pytest.mark.parametrize("name", sorted(set(ROWS) - {"cells"}))
def test_every_figure_says_where_it_comes_from_and_how_well_it_is_known(name: str):
    rows = table(name)
    assert rows[["source", "known", "licence"]].notna().all().all()
    assert set(rows["confidence"]) <= {"found", "claimed", "estimated", "recalled"}


def test_no_figure_is_later_than_the_record_claims():
    for name in ROWS:
        figures = table(name)
        for column in figures.columns.intersection(["date", "week_end"]):
            assert figures[column].max() <= pd.Timestamp("2025-12-31")


@pytest.mark.parametrize(
    ("first", "last", "gain"),
    [
        ("2024-07-08", "2024-08-05", 5.5),
        ("2024-08-06", "2024-09-02", 12.4),
        ("2024-11-01", "2024-12-01", 24.2),
    ],
)
def test_net_gain_a_day(first: str, last: str, gain: float):
    held = table("control").groupby("date")["km2"].sum()
    days = (pd.Timestamp(last) - pd.Timestamp(first)).days
    assert (held[last] - held[first]) / days == pytest.approx(gain, abs=0.05)


@pytest.mark.parametrize(("year", "total"), [("2024", 46.4), ("2025", 0.5)])
def test_american_aid(year: str, total: float):
    aid = table("aid")
    chosen = aid[(aid["donor_group"] == "US") & aid["month"].str.startswith(year)]
    assert chosen["allocations_total_eur_bn"].sum() == pytest.approx(total, abs=0.05)


@pytest.mark.parametrize(
    ("start", "percent"), [("2022-05-13", 10), ("2024-05", 32), ("2024-09", 32), ("2024-12", 38)]
)
def test_readiness_for_concessions(start: str, percent: int):
    polls = table("polls")
    asked = polls["measure"] == "ready_for_some_territorial_concession"
    assert polls[asked & (polls["field_start"] == start)]["percent"].tolist() == [percent]


def test_cells_that_change_hands_are_known():
    assert set(table("control_cells")["h3_cell"]) <= set(table("cells")["h3_cell"])


def test_an_unknown_table_is_answered_with_the_nearest(tmp_path: Path):
    with pytest.raises(UsageError, match=r"no table 'poll'; did you mean 'polls'"):
        read_table(RECORD, "poll")
    with pytest.raises(UsageError, match="there are none"):
        read_table(tmp_path, "polls")


def test_a_file_that_is_no_table_is_said(tmp_path: Path):
    (tmp_path / "aid.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RipenessError, match="is no table"):
        read_table(tmp_path, "aid")
