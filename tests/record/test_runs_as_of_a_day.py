"""Runs as of a day: worlds that agree with what was known then, and with nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import copytree

import numpy as np
import pandas as pd
import pytest
from running import Command, MadeOnce, ParquetReader, few_training_wars

import ripeness
from ripeness.case.schema import CaseFile
from ripeness.errors import UsageError
from ripeness.record.assimilation import path
from ripeness.record.learning import Learned, learn
from ripeness.record.observations import compared, observed_by
from ripeness.record.tables import cut, list_tables, read_text
from ripeness.settlement.continuation import untrained
from ripeness.worlds import columns
from ripeness.worlds.simulate import BLOCK, Block, simulate

CASE = Path(ripeness.__file__).parent / "cases" / "kursk-2024"
DAY, WEEKS, WORLDS, SEED = date(2024, 9, 17), 6, BLOCK, 3


def with_other_figures_later(folder: Path) -> None:
    """Copy the case, and change all that became known after the day."""
    copytree(CASE, folder)
    for name in list_tables(folder / "record"):
        table = read_text(CASE / "record" / f"{name}.csv")
        if "known" not in table:
            continue
        for column in [str(c) for c in table if str(c) != "known" and str(c)[-6:] != "_known"]:
            known = table["known"]
            if f"{column}_known" in table:
                known = np.maximum(known, table[f"{column}_known"].fillna(""))
            later = known > DAY.isoformat()
            table.loc[later, column] = table.loc[later, column].to_numpy()[::-1]
        table.to_csv(folder / "record" / f"{name}.csv", index=False, lineterminator="\n")


@pytest.fixture(scope="module")
def runs(made_once: MadeOnce) -> tuple[Path, Path]:
    """A run as of the day, and one of the case with other figures later."""

    def fill(folder: Path) -> None:
        other = folder / "other" / "kursk-2024"
        with_other_figures_later(other)
        with few_training_wars():
            for name, case in (("first", "kursk-2024"), ("later", other)):
                ripeness.load(case).run(300, SEED, ["hold"], as_of=DAY, out=folder / name)

    folder = made_once("kursk-as-of-a-day", fill)
    return folder / "first", folder / "later"


def test_whatever_came_later_worlds_verdicts_and_run_id_are_the_same(
    runs: tuple[Path, Path],
) -> None:
    first, later = runs
    changed = later.parent / "other" / "kursk-2024" / "record" / "control.csv"
    assert changed.read_bytes() != (CASE / "record" / "control.csv").read_bytes()
    same = [
        "run.json",
        "learned.json",
        "verdicts.json",
        "cruxes.json",
        "worlds/block-00000.parquet",
    ]
    same += [f"record/{name}.csv" for name in list_tables(first / "record")]
    for name in same:
        assert (first / name).read_bytes() == (later / name).read_bytes(), name
    about = json.loads((first / "run.json").read_text())
    assert about["as_of"] == DAY.isoformat()


def test_a_run_says_what_was_learned(runs: tuple[Path, Path]) -> None:
    learned = ripeness.open_run(runs[0]).learned
    assert learned["as_of"] == DAY.isoformat()
    assert len(learned["effective"]) == WEEKS + 1
    assert min(learned["effective"]) > 0
    by_name = {one["name"]: one for one in learned["assumptions"]}
    assert by_name["gain_scale.kursk"]["identified"]
    assert not by_name["tail_years"]["identified"]  # what comes after the horizon
    identified = [one["identified"] for one in by_name.values()]
    assert 1 <= sum(identified) < len(identified) / 2


def test_worlds_follow_the_record_better_than_those_of_the_prior(
    runs: tuple[Path, Path], kursk_runs: Path, parquet: ParquetReader, kursk: CaseFile
) -> None:
    figures = {seen.name: seen for seen in observed_by(kursk, CASE / "record", DAY)}
    learned, prior = (parquet(run / "worlds") for run in (runs[0], kursk_runs / "first"))

    def off(worlds: pd.DataFrame) -> float:
        """Mean distance from the area claimed in Kursk, which is of some days before week 4."""
        hold = worlds[worlds["plan"] == "hold"]
        return float((hold["ground_kursk_w4"] - figures["kursk_claimed"].values[-1]).abs().mean())

    assert off(learned) < 0.6 * off(prior)


@dataclass(frozen=True)
class Known:
    """What was learned by the day, and a block of worlds that carry it on."""

    case: CaseFile
    learned: Learned
    drawn: np.ndarray
    block: Block

    def under(self, plan: str, case: CaseFile | None = None) -> dict[str, np.ndarray]:
        """Run the block under a plan, to four weeks after the day: series, worlds by weeks."""
        case, continuation = case or self.case, untrained(self.case.weeks + 1)
        record, _ = simulate(case, plan, self.block, continuation, at=range(WEEKS + 5))
        return {column.name: np.asarray(column.values) for column in columns.series(case, record)}


@pytest.fixture(scope="module")
def known(kursk: CaseFile, tmp_path_factory: pytest.TempPathFactory) -> Known:
    record = tmp_path_factory.mktemp("known") / "record"
    cut(CASE / "record", DAY, record)
    told: list[float] = []
    continuation = untrained(kursk.weeks + 1)
    learned = learn(
        kursk, record, DAY, continuation, WORLDS, SEED, lambda _what, done: told.append(done)
    )
    assert told == sorted(told)
    assert told[-1] == 1.0
    drawn = learned.drawn(BLOCK)
    return Known(kursk, learned, drawn, learned.block(drawn, 0))


def test_worlds_are_drawn_as_often_as_they_weigh(known: Known) -> None:
    times = np.bincount(known.drawn, minlength=WORLDS)
    assert np.all(np.abs(times - BLOCK * known.learned.worlds.weight) < 1.0 + 1e-9)
    assert np.any(np.diff(known.drawn) < 0), "in no order"


def test_up_to_the_day_worlds_meet_the_luck_that_was_learned_and_then_their_own(
    known: Known,
) -> None:
    worlds, luck = known.learned.worlds, known.block.luck
    np.testing.assert_array_equal(luck[: WEEKS + 1].T, worlds.luck[known.drawn])
    later = luck[WEEKS + 1 :]
    assert np.all(later == later[0])
    assert len(np.unique(later[0])) > 0.99 * BLOCK, "even of worlds that were one until then"


def test_run_again_under_the_plan_that_was_followed_a_world_comes_as_it_was_weighed(
    known: Known,
) -> None:
    worlds, case = known.learned.worlds, known.case
    seen = known.learned.likelihood.follow(worlds.assumptions, worlds.luck, WEEKS)
    run = known.under("hold")
    names = [name for name in run if name.startswith(("ground_", "casualties_", "support_"))]
    assert len(names) == len(case.sectors) + 2 * len(case.sides)
    for name in names:
        weighed = path(case, seen, name)[: WEEKS + 1].T[known.drawn]
        np.testing.assert_allclose(run[name][:, : WEEKS + 1], weighed, rtol=1e-5, err_msg=name)


def test_plans_are_the_same_worlds_until_their_orders_differ(known: Known) -> None:
    """Of a plan that is as the one followed but for what it orders two weeks after the day."""
    hold, strike = (known.case.plans[name] for name in ("hold", "hold-and-strike"))
    begin = WEEKS + 2
    late = [
        move.model_copy(update={"from_week": begin, "to_week": 104})
        for move in strike.moves
        if move.do in ("strike_deep", "publicise")
    ]
    changed = hold.model_copy(update={"moves": (*hold.moves, *late)})
    plans = {**known.case.plans, "later": changed}
    one, two = (
        known.under("hold"),
        known.under("later", known.case.model_copy(update={"plans": plans})),
    )
    for name, values in one.items():
        np.testing.assert_array_equal(values[:, : begin + 1], two[name][:, : begin + 1], name)
    assert any(np.any(values != two[name]) for name, values in one.items())


def test_another_decision_meets_the_same_world_at_the_decision_date(known: Known) -> None:
    one, two = known.under("hold"), known.under("none")
    for name in ("ground_donetsk", "support_ukraine", "support_russia"):
        np.testing.assert_array_equal(one[name][:, 0], two[name][:, 0])
    assert np.all(two["ground_kursk"] == 0)
    assert np.all(one["ground_kursk"][:, 1] > 0), "the incursion took place, as the record says"


def test_learned_worlds_lie_nearer_to_each_series_than_the_prior(known: Known) -> None:
    chance = np.random.default_rng(5)
    likelihood, worlds = known.learned.likelihood, known.learned.worlds
    prior = chance.standard_normal(worlds.assumptions.shape)
    luck = chance.integers(0, 2**32, worlds.luck.shape, dtype=np.uint32)
    off = {}
    for name in ("donetsk", "kursk_claimed", "russian_losses"):
        figures = next(one for one in known.learned.observed if one.name == name)
        how, series = figures.declared.how, figures.declared.series
        for which, given in (
            ("prior", likelihood.follow(prior, luck, WEEKS)),
            ("learned", likelihood.follow(worlds.assumptions, worlds.luck, WEEKS)),
        ):
            paths = path(known.case, given, series)[: WEEKS + 1].T
            weight = worlds.weight if which == "learned" else np.full(WORLDS, 1 / WORLDS)
            shown = compared(how, paths, figures.weeks)
            off[which, name] = float(weight @ np.abs(shown - figures.values).mean(1))
        assert off["learned", name] < off["prior", name], name


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("kursk-2024 --as-of 2024-08-06", "as of 2024-08-06: the decision is of 2024-08-06"),
        ("kursk-2024 --as-of 2023-01-01", "name a later day"),
        ("kursk-2024 --as-of yesterday", "'yesterday' is no day"),
        ("kursk-2024 --as-of 2024-02-30", "'2024-02-30' is no day"),
        ("kursk-2024 --as-of 2024-09-17 --without anger", "leave out either --as-of or --without"),
        ("two-sided-war --as-of 2001-01-01", "'two-sided-war' cannot be run as of a day: add"),
    ],
)
def test_what_cannot_be_run_as_of_a_day_is_said_in_a_line(
    command: Command, tmp_path: Path, words: str, expected: str
) -> None:
    done = command("run", *words.split(), "--quiet", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert expected in done.stderr
    assert list(tmp_path.rglob("*.parquet")) == []


def test_a_case_without_a_record_knows_nothing(small_case: Path) -> None:
    with pytest.raises(UsageError, match="has no record to know anything from"):
        ripeness.load(small_case).run(10, as_of="2030-01-01")
