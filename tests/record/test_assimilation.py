"""What is observed weighs worlds of the Kursk case, run with luck of their own in each week."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

import ripeness
from ripeness.case.schema import CaseFile
from ripeness.record.assimilation import Likelihood, assimilate, measured, path
from ripeness.record.observations import compared, observe
from ripeness.settlement.continuation import untrained
from ripeness.worlds import columns
from ripeness.worlds.simulate import BLOCK, block_of, glimpse, simulate

WEEKS = 6
SEEN = ("donetsk", "kursk_claimed", "russian_losses", "european_aid")


@pytest.fixture(scope="module")
def likelihood(kursk: CaseFile) -> Likelihood:
    record = Path(ripeness.__file__).parent / "cases/kursk-2024/record"
    observed = [
        observe(name, kursk.observed[name], kursk.decision_date, WEEKS * 7, record) for name in SEEN
    ]
    return Likelihood(kursk, "hold", observed, untrained(kursk.weeks + 1), WEEKS)


def test_the_same_luck_in_every_week_gives_the_worlds_of_a_run(kursk: CaseFile) -> None:
    block, continuation = block_of(kursk, 1, 0), untrained(kursk.weeks + 1)
    record, _ = simulate(kursk, "hold", block, continuation, at=range(WEEKS + 1))
    # a run mixes seed and number of a world to its key, as following does with seed 0
    keys = np.broadcast_to(keys_of(block.seed, block.worlds), (WEEKS, BLOCK))
    seen = glimpse(kursk, "hold", block.parameters, keys, continuation)
    for column in columns.series(kursk, record):
        if column.name.startswith(("ground_", "casualties_", "support_", "aid_")):
            np.testing.assert_array_equal(
                path(kursk, seen, column.name), np.asarray(column.values), column.name
            )


def keys_of(seed: np.ndarray, worlds: np.ndarray) -> np.ndarray:
    from ripeness.war.noise import world_key

    return np.asarray(world_key(int(seed), worlds))


def test_later_luck_changes_no_earlier_week(likelihood: Likelihood) -> None:
    chance = np.random.default_rng(0)
    assumptions = chance.standard_normal((64, likelihood.size))
    luck = chance.integers(0, 2**32, (64, WEEKS + 1), dtype=np.uint32)
    other = luck.copy()
    other[:, 3:] = chance.integers(0, 2**32, (64, WEEKS + 1 - 3), dtype=np.uint32)
    one, two = likelihood(assumptions, luck), likelihood(assumptions, other)
    np.testing.assert_array_equal(one[:, :4], two[:, :4])
    assert np.any(one[:, 4:] != two[:, 4:])


def test_what_was_added_sums_to_the_total_that_was_observed(likelihood: Likelihood) -> None:
    for figures in likelihood.observed:
        seen = figures.observations
        if seen.declared.how in ("total", "pace"):
            times = seen.weeks if seen.declared.how == "pace" else 1.0
            np.testing.assert_allclose(np.cumsum(figures.values), seen.values * times, rtol=1e-9)
            np.testing.assert_array_less(0.0, figures.errors)


def test_a_figure_counts_from_the_week_in_which_its_day_lies(likelihood: Likelihood) -> None:
    decided = likelihood.case.decision_date
    for figures in likelihood.observed:
        for day, week in zip(figures.observations.dates, figures.known, strict=True):
            assert 7 * (week - 1) < (day - decided).days <= 7 * week


def test_a_world_in_which_the_incursion_did_not_take_place_is_impossible(
    likelihood: Likelihood,
) -> None:
    chance = np.random.default_rng(1)
    assumptions = chance.standard_normal((512, likelihood.size))
    luck = chance.integers(0, 2**32, (512, WEEKS + 1), dtype=np.uint32)
    weekly = likelihood(assumptions, luck)
    (part,) = likelihood.follow(assumptions, luck)
    went = path(likelihood.case, part, "ground_kursk")[:, WEEKS] > 0
    assert not np.isfinite(weekly[~went, 1:]).any()
    assert np.isfinite(weekly[went]).all(1).mean() > 0.9


def test_worlds_that_were_weighed_lie_nearer_to_what_was_observed(likelihood: Likelihood) -> None:
    found = assimilate(likelihood, 1024, [0, WEEKS], 1, lambda _week: None)
    assert found.effective.min() >= 0.499 * 1024
    held = next(f for f in likelihood.observed if f.observations.name == "kursk_claimed")
    off = {}
    for week, worlds in found.at.items():
        (part,) = likelihood.follow(worlds.assumptions, worlds.luck)
        paths = path(likelihood.case, part, "ground_kursk")
        truth = compared("level", paths, held.observations.weeks)
        off[week] = worlds.weight @ np.abs(truth - held.values).mean(1)
    assert off[WEEKS] < 0.5 * off[0]
    assert date(2024, 8, 12) in held.observations.dates


def test_measured_errors_of_changes_leave_out_that_of_their_first_figure(
    likelihood: Likelihood,
) -> None:
    donetsk = likelihood.observed[SEEN.index("donetsk")]
    assert set(donetsk.errors) == {donetsk.observations.declared.error}
    assert measured(donetsk.observations).observations is donetsk.observations
