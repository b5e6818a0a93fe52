"""Worlds are paired across plans, and a world's row depends on nothing but the world.

On runs of a small invented case; the Kursk case is compared byte for byte in test_run_folder.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import ripeness
from ripeness.settlement.continuation import untrained
from ripeness.worlds.simulate import BLOCK, block_of, simulate

OPENS = 10
"""Week in which the plan push-later begins."""


def fill(case: ripeness.Case, folder: Path) -> None:
    """All the runs that the tests compare, in one process, so that the case is compiled once."""
    case.run(worlds=300, seed=1, out=folder / "usual")
    case.run(worlds=100, seed=1, out=folder / "fewer")
    case.run(worlds=BLOCK + 50, seed=1, out=folder / "more")
    case.run(worlds=300, seed=2, out=folder / "other seed")

    values, worlds = block_of(case.file, 1, 1)
    going_on = untrained(case.file.weeks + 1)

    def ground(order: slice) -> np.ndarray:
        shuffled = {name: column[order] for name, column in values.items()}
        came = simulate(case.file, "push", shuffled, worlds[order], 1, going_on)
        return came[0].ground[order]

    np.savez(
        folder / "order.npz", forward=ground(slice(None)), backward=ground(slice(None, None, -1))
    )


@pytest.fixture(scope="session")
def runs(small_case: Path, made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    return made_once("small-runs", lambda folder: fill(ripeness.load(small_case), folder))


@pytest.fixture(scope="session")
def usual(runs: Path) -> pd.DataFrame:
    return ripeness.open_run(runs / "usual").table()


def of_plan(table: pd.DataFrame, plan: str) -> pd.DataFrame:
    rows = table[table["plan"] == plan].drop(columns="plan")
    return rows.sort_values("world").reset_index(drop=True)


def rows_of(runs: Path, name: str, worlds: int) -> pd.DataFrame:
    table = ripeness.open_run(runs / name).table()
    table = table[table["world"] < worlds]
    return table.sort_values(["plan", "world"]).reset_index(drop=True)


def test_a_plan_that_orders_nothing_changes_nothing(usual: pd.DataFrame):
    """The null test: plans without moves have the same rows, so every claim compares to zero."""
    pd.testing.assert_frame_equal(
        of_plan(usual, "wait"), of_plan(usual, "wait-too"), check_exact=True
    )


def test_a_plan_that_orders_something_changes_something(usual: pd.DataFrame):
    for plan in ("push", "push-later"):
        gained = of_plan(usual, plan)["peak_gain_arden_valley"]
        assert (gained > of_plan(usual, "wait")["peak_gain_arden_valley"]).mean() > 0.5


def test_before_its_move_a_plan_is_as_if_there_were_none(runs: Path):
    whole = pd.read_parquet(runs / "usual" / "trajectories.parquet").sort_values(["world", "week"])
    waiting, later = (
        whole[whole["plan"] == plan].drop(columns="plan").reset_index(drop=True)
        for plan in ("wait", "push-later")
    )
    early, opened = waiting["week"] <= OPENS, waiting["week"] == OPENS + 1
    pd.testing.assert_frame_equal(waiting[early], later[early], check_exact=True)
    sent = later["troops_arden_valley"] > waiting["troops_arden_valley"]
    assert sent[opened].mean() > 0.5


def test_rows_do_not_depend_on_how_many_worlds_there_are(runs: Path):
    some, all_of_them = rows_of(runs, "fewer", 100), rows_of(runs, "usual", 100)
    pd.testing.assert_frame_equal(some, all_of_them, check_exact=True)
    pd.testing.assert_frame_equal(
        rows_of(runs, "more", 300), rows_of(runs, "usual", 300), check_exact=True
    )


def test_rows_do_not_depend_on_their_order_in_a_block(runs: Path):
    with np.load(runs / "order.npz") as ground:
        assert (ground["forward"] == ground["backward"]).all()


def test_blocks_follow_on_each_other(runs: Path):
    table = ripeness.open_run(runs / "more").table("world", "plan", "reserve")
    for _, rows in table.groupby("plan"):
        assert rows["world"].tolist() == list(range(BLOCK + 50))
        assert rows["reserve"].nunique() > BLOCK, "worlds of two blocks are different worlds"


def test_another_seed_is_another_sample_and_other_luck(runs: Path, usual: pd.DataFrame):
    other = ripeness.open_run(runs / "other seed").table()
    for column in ("reserve", "ground_plain_w4", "casualties_borea_w26"):
        assert not np.isin(other[column], usual[column]).any(), column


def test_all_plans_of_a_world_have_the_same_assumptions(usual: pd.DataFrame, runs: Path):
    about = ripeness.open_run(runs / "usual").about
    assumed = [name for name, column in about["columns"].items() if column["role"] == "assumption"]
    assert len(assumed) > 90
    assert (usual.groupby("world")[assumed].nunique() == 1).all(axis=None)
