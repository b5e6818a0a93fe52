"""Worlds are paired across plans, and a world's row depends on nothing but the world.

On runs of a small invented case; the Kursk case is compared byte for byte in test_run_folder.
"""

# pandas 3 types what a frame yields as unions that hardly any comparison passes.
# pyright: reportGeneralTypeIssues=false, reportAttributeAccessIssue=false
# pyright: reportArgumentType=false, reportCallIssue=false, reportOptionalOperand=false
# pyright: reportReturnType=false

from __future__ import annotations

from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from running import MadeOnce, ParquetReader, few_training_wars

import ripeness
from ripeness import cli
from ripeness.errors import RipenessError
from ripeness.settlement.continuation import untrained
from ripeness.worlds.simulate import BLOCK, Block, block_of, simulate

OPENS = 10
"""Week in which the plan push-later begins."""


def fill(folder: Path, small_case: Path) -> None:
    """Make all that the tests compare, in one process, so that the case is compiled once."""
    case = ripeness.load(small_case)
    case.run(worlds=300, seed=1, out=folder / "usual")
    case.run(worlds=100, seed=1, out=folder / "fewer")
    case.run(worlds=BLOCK + 50, seed=1, out=folder / "more")
    case.run(worlds=300, seed=2, out=folder / "other seed")
    text = (small_case / "case.yaml").read_text(encoding="utf-8")
    for name, troops in (("war", "[60, 90]"), ("another war", "[60, 91]")):
        file = folder / f"{name}.yaml"
        file.write_text(text.replace("[60, 90]", troops), encoding="utf-8")
        ripeness.load(file).run(worlds=10, plans=["wait"], out=folder / name)

    block = block_of(case.file, 1, 1)
    going_on = untrained(case.file.weeks + 1)

    def ground(order: slice) -> np.ndarray:
        shuffled = {name: column[order] for name, column in block.values.items()}
        again = Block.of(case.file, 1, block.worlds[order], shuffled)
        came = simulate(case.file, "push", again, going_on)
        return came[0].ground[order]

    backward = ground(slice(None, None, -1))
    np.savez(folder / "order.npz", forward=ground(slice(None)), backward=backward)

    with (folder / "cli.out").open("w") as out, redirect_stdout(out):
        try:
            cli.run(str(small_case), worlds=10, out=folder / "cli")
        except RipenessError as error:
            print(f"failed: {error}")


@pytest.fixture(scope="session")
def runs(small_case: Path, made_once: MadeOnce) -> Path:
    def filled(folder: Path) -> None:
        with few_training_wars():
            fill(folder, small_case)

    return made_once("small-runs", filled)


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


def test_before_its_move_a_plan_is_as_if_there_were_none(runs: Path, parquet: ParquetReader):
    whole = parquet(runs / "usual" / "trajectories.parquet").sort_values(["world", "week"])
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


def test_the_file_that_was_run_is_kept_with_the_run(runs: Path):
    """Whatever it was called; and two files that differ do not pass for the same run."""
    one, other = (ripeness.open_run(runs / name) for name in ("war", "another war"))
    assert (one.folder / "case.yaml").read_bytes() == (runs / "war.yaml").read_bytes()
    assert one.case_file == ripeness.load(runs / "war.yaml").file
    assert one.about["run_id"] != other.about["run_id"]


def test_a_case_without_claims_runs_all_the_same(runs: Path):
    """There is nothing to judge, so the command says only where the run lies."""
    said = (runs / "cli.out").read_text()
    assert "failed" not in said
    assert str(runs / "cli") in said
    assert len(ripeness.open_run(runs / "cli").table()) == 4 * 10
