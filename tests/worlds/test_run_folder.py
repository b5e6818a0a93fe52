"""The run folder: the same bytes for the same run, all that was promised, sound numbers."""

# pandas 3 types what a frame yields as unions that hardly any comparison passes.
# pyright: reportGeneralTypeIssues=false, reportAttributeAccessIssue=false
# pyright: reportArgumentType=false, reportCallIssue=false, reportOptionalOperand=false

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import ripeness
from ripeness import Run
from ripeness.case.schema import CaseFile

WEEKLY = {"plan", "series", "week", "q025", "q10", "q25", "q50", "q75", "q90", "q975", "mean"}
FILES = {
    "run.json",
    "log.json",
    "case.yaml",
    "claims.yaml",
    "weekly.parquet",
    "trajectories.parquet",
    "negotiation.parquet",
    "continuation.npz",
    "verdicts.json",
    "cruxes.json",
    "report.html",
    "hindcast.json",
    "mirror.json",
    "timeline.json",
    "red_lines.json",
    "worlds/block-00000.parquet",
}
NOT_COMPARED = "log.json"  # when it was run, for how long, on what
PROMISED = """
    ended end_week end_kind deal deal_kept_weeks moved highest_rung direct_clash nuclear_use
    first_talks_week talks_weeks truce_struck truce_weeks range_width_w4 rung_w8 talks_open_w13
    truce_w26 ended_w104
"""
PROMISED_OF_SIDES = """
    leverage_{}_w26 reservation_{}_w52 support_{}_w104 anger_{}_w4 casualties_{}_w8 war_cost_{}_w13
    believed_chance_{}_w4 war_expected_cost_{}_w26 best_week_{} casualties_{}_w104 provocations_{}
    responses_{} harsher_strikes_{} strikes_{} permissions_{} payoff_{}
"""
PROMISED_OF_GROUND = "peak_gain_{0}_{1} peak_week_{0}_{1} weeks_held_{0}_{1} troops_{0}_{1}_w26"

ParquetReader = Callable[[Path], pd.DataFrame]


@pytest.fixture(scope="module")
def run(kursk_run: Path) -> Run:
    return ripeness.open_run(kursk_run)


@pytest.fixture(scope="module")
def table(run: Run) -> pd.DataFrame:
    return run.table()


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_the_same_run_has_the_same_bytes(kursk_runs: Path):
    """Made twice at once, the second time on one core."""
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("this system cannot hold a process to one core")
    first, second = files(kursk_runs / "first"), files(kursk_runs / "second")
    assert first.keys() == second.keys()
    different = {name for name in first if first[name] != second[name]}
    assert different <= {NOT_COMPARED}


def test_a_run_folder_has_everything_and_nothing_else(kursk_run: Path):
    found = {name for name in files(kursk_run) if not name.startswith("record/")}
    assert found == FILES
    shipped = ripeness.load("kursk-2024").path.parent
    for name in ("case.yaml", "claims.yaml"):
        assert (kursk_run / name).read_bytes() == (shipped / name).read_bytes()
    record = files(kursk_run / "record")
    assert record.pop("measures.csv").startswith(b"measure,number,value,low,high,n,unit,is\n")
    assert record == files(shipped / "record")


def test_what_the_run_says_of_itself(run: Run):
    about = json.loads((run.folder / "run.json").read_text(encoding="utf-8"))
    assert about == run.about
    expected = {"format": 1, "case": "kursk-2024", "seed": 1, "worlds": 300, "weeks": 104}
    assert expected.items() <= about.items()
    assert about["plans"] == ["none", "hold"]
    assert about["decision_date"] == "2024-08-06"
    assert about["milestones"] == [4, 8, 13, 26, 52, 104]
    assert len(about["run_id"]) == 10
    assert [side["id"] for side in about["sides"]] == ["ukraine", "russia"]
    assert "no_strikes" not in [deal["id"] for deal in about["deals"]], "a truce ends no war"


def test_every_column_is_described_and_every_promised_one_is_there(
    run: Run, table: pd.DataFrame, kursk: CaseFile
):
    described = run.about["columns"]
    assert set(table.columns) == set(described)
    for name, about in described.items():
        more = {"assumed"} if about["role"] == "assumption" else set()
        assert set(about) == {"role", "unit", "meaning"} | more, name
        assert all(about.values()), name
    promised = set(PROMISED.split())
    for side in kursk.sides:
        promised |= {name.format(side) for name in PROMISED_OF_SIDES.split()}
        for sector in kursk.sectors:
            promised |= {name.format(side, sector) for name in PROMISED_OF_GROUND.split()}
    promised |= {f"ground_{sector}_w52" for sector in kursk.sectors}
    promised |= {f"{name}_{s}" for s in kursk.supporters for name in ("payoff",)}
    promised |= {f"aid_{s}_w26" for s in kursk.supporters}
    promised |= {f"feasible_{d}_w8" for d, deal in kursk.deals.items() if not deal.partial}
    promised |= {name.replace(".", "_") for name in kursk.assumptions}
    assert promised <= set(table.columns)


def test_every_world_has_a_row_under_every_plan(table: pd.DataFrame):
    for plan in ("none", "hold"):
        assert table[table["plan"] == plan]["world"].tolist() == list(range(300))
    assert len(table) == 600
    assert (table["weight"] == 1).all()


def test_no_number_is_missing_or_infinite(
    table: pd.DataFrame, kursk_run: Path, parquet: ParquetReader
):
    weekly = parquet(kursk_run / "weekly.parquet")
    whole = parquet(kursk_run / "trajectories.parquet")
    for frame in (table, weekly, whole):
        numbers = frame.select_dtypes("number")
        bad = [name for name in numbers if not np.isfinite(numbers[name]).all()]
        assert bad == []
        assert frame.select_dtypes(exclude="number").notna().all(axis=None)


def test_outcomes_agree_with_each_other(table: pd.DataFrame):
    t = table
    going_on = t["end_kind"] == "still going"
    assert set(t["end_kind"]) <= {"deal", "dictated", "wider war", "still going"}
    assert (t["ended"] == ~going_on).all()
    assert (t["end_week"][going_on] == 105).all()
    assert t["end_week"][~going_on].between(1, 104).all()
    assert ((t["deal"] == "none") == t["end_kind"].isin(["still going", "wider war"])).all()
    assert ((t["deal_kept_weeks"] > 0) == (t["deal"] != "none")).all()
    for week in (4, 8, 13, 26, 52, 104):
        assert (t[f"ended_w{week}"] == (t["end_week"] <= week)).all()
    feasible = t.filter(regex="^feasible_.*_w26$").max(axis=1) > 0
    assert ((t["range_width_w26"] > 0) <= feasible).all()
    assert (t["nuclear_use"] == (t["highest_rung"] >= 4)).all()
    assert ((t["end_kind"] == "wider war") == (t["nuclear_use"] == 1)).all()
    assert ((t["talks_weeks"] == 0) == (t["first_talks_week"] == 105)).all()
    assert (t["harsher_strikes_russia"] <= t["responses_russia"]).all()
    assert (t["moved"] == t[["moved_ukraine", "moved_russia"]].max(axis=1)).all()


def test_nobody_moves_without_a_move(table: pd.DataFrame):
    none, hold = (table[table["plan"] == plan] for plan in ("none", "hold"))
    assert not none["moved"].any()
    assert not none["peak_gain_ukraine_kursk"].any()
    assert 0.05 < hold["moved"].mean() <= 1
    stayed = hold["moved"].to_numpy() == 0
    same = none.columns.drop("plan")
    pd.testing.assert_frame_equal(
        hold[stayed][same].reset_index(drop=True), none[stayed][same].reset_index(drop=True)
    )


def test_ground_stays_within_its_sector(table: pd.DataFrame, kursk: CaseFile):
    for name, sector in kursk.sectors.items():
        held = table[[f"ground_{name}_w{week}" for week in kursk.milestones]].to_numpy()
        assert held.min() >= 0
        assert held.max() <= sector.area.value * (1 + 1e-6)
        if not sector.fought:
            assert np.ptp(held) == 0, "only a deal moves it"


def test_weekly_quantiles_are_those_of_the_worlds(
    table: pd.DataFrame, kursk_run: Path, parquet: ParquetReader
):
    weekly = parquet(kursk_run / "weekly.parquet")
    assert set(weekly.columns) == WEEKLY
    assert sorted(weekly["week"].unique()) == list(range(105))
    order = ["q025", "q10", "q25", "q50", "q75", "q90", "q975"]
    assert (weekly[order].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    indexed = weekly.set_index(["plan", "series", "week"]).sort_index()
    for series in ("leverage_ukraine", "ground_donetsk", "support_russia"):
        for plan in ("none", "hold"):
            values = table[table["plan"] == plan][f"{series}_w26"]
            row = indexed.loc[(plan, series, 26)]
            assert row["mean"] == pytest.approx(values.mean(), rel=1e-5)
            assert row["q50"] in values.to_numpy()
            assert (values <= row["q90"]).mean() == pytest.approx(0.9, abs=0.01)


def test_whole_worlds_pass_through_their_milestones(
    table: pd.DataFrame, kursk_run: Path, parquet: ParquetReader
):
    whole = parquet(kursk_run / "trajectories.parquet")
    assert whole["world"].nunique() == 64
    for week in (4, 104):
        there = whole[whole["week"] == week].set_index(["plan", "world"]).sort_index()
        rows = table[table["world"] < 64].set_index(["plan", "world"]).sort_index()
        for series in there.columns.drop("week"):
            assert (there[series] == rows[f"{series}_w{week}"]).all(), series


def test_negotiation_at_milestones(
    kursk_run: Path, table: pd.DataFrame, run: Run, parquet: ParquetReader
):
    met = parquet(kursk_run / "negotiation.parquet")
    deals = [deal["id"] for deal in run.about["deals"]]
    assert len(met) == 2 * 6 * len(deals)
    for (plan, week), rows in met.groupby(["plan", "week"]):
        assert rows["deal"].tolist() == deals
        assert (rows["feasible_share"] <= rows["range_share"] + 1e-9).all()
        of_plan = table[table["plan"] == plan]
        going_on = of_plan[of_plan["end_week"] > week]
        ranged = going_on.filter(regex=f"^feasible_.*_w{week}$").max(axis=1) > 0
        assert rows["range_share"].to_numpy() == pytest.approx(ranged.mean(), abs=1e-9)
        # who may only take or leave an offer leaves some that were not worth it, range or not
        surely = ranged & (going_on["bargaining_protocol"] != "ultimatum")
        assert surely.mean() - 1e-9 <= rows["best_share"].sum() <= ranged.mean() + 1e-9
        struck = of_plan[(of_plan["end_week"] <= week)]["deal"].value_counts()
        for deal, share in zip(rows["deal"], rows["struck_share"], strict=True):
            assert share == pytest.approx(struck.get(deal, 0) / 300)
        for side in ("ukraine", "russia"):
            for name in (f"value_{side}", f"reservation_{side}"):
                assert (rows[f"{name}_low"] <= rows[name]).all()
                assert (rows[name] <= rows[f"{name}_high"]).all()
            assert rows[f"reservation_{side}"].nunique() == 1, "going on is the same for all deals"
