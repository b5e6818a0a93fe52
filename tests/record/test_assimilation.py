"""What is observed weighs worlds of the Kursk case, run with luck of their own in each week."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

import ripeness
from ripeness.case.schema import CaseFile
from ripeness.record.assimilation import Likelihood, assimilate, path
from ripeness.record.filtering import FEWEST, TRIES
from ripeness.record.observations import Observations, compared, observed_by
from ripeness.settlement.continuation import untrained
from ripeness.worlds import columns
from ripeness.worlds.simulate import BLOCK, block_of, glimpse, shared, simulate

DAY, WEEKS, WORLDS = date(2024, 9, 17), 6, BLOCK
SEEN = ("donetsk", "kursk_held", "kursk_claimed", "russian_losses", "european_aid")


@pytest.fixture(scope="module")
def observed(kursk: CaseFile) -> list[Observations]:
    record = Path(ripeness.__file__).parent / "cases/kursk-2024/record"
    return [seen for seen in observed_by(kursk, record, DAY) if seen.name in SEEN]


@pytest.fixture(scope="module")
def likelihood(kursk: CaseFile, observed: list[Observations]) -> Likelihood:
    return Likelihood(kursk, "hold", observed, untrained(kursk.weeks + 1))


@pytest.fixture(scope="module")
def drawn(likelihood: Likelihood) -> tuple[np.ndarray, np.ndarray]:
    """Assumptions and luck as they are beforehand."""
    chance = np.random.default_rng(0)
    return chance.standard_normal((WORLDS, len(likelihood.names))), lucks(chance, WORLDS, WEEKS + 1)


def lucks(chance: np.random.Generator, *shape: int) -> np.ndarray:
    return chance.integers(0, 2**32, shape, dtype=np.uint32)


def test_the_same_luck_in_every_week_gives_the_worlds_of_a_run(kursk: CaseFile) -> None:
    block, continuation = block_of(kursk, 1, 0), untrained(kursk.weeks + 1)
    record, _ = simulate(kursk, "hold", block, continuation, at=range(WEEKS + 1))
    seen = glimpse(shared(kursk, "hold", continuation), block, WEEKS)
    compared_series = 0
    for column in columns.series(kursk, record):
        if column.name.startswith(("ground_", "casualties_", "support_", "aid_")):
            followed = path(kursk, seen, column.name)[: WEEKS + 1].T
            np.testing.assert_array_equal(followed, np.asarray(column.values), column.name)
            compared_series += 1
    assert compared_series == len(kursk.sectors) + 2 * len(kursk.sides) + len(kursk.supporters)


@pytest.mark.parametrize("week", [1, 4, WEEKS])
def test_a_luck_that_is_tried_is_as_likely_as_when_it_is_lived(
    week: int, likelihood: Likelihood, drawn: tuple[np.ndarray, np.ndarray]
) -> None:
    assumptions, luck = drawn
    tries = lucks(np.random.default_rng(1), WORLDS, TRIES)
    ahead = likelihood.ahead(assumptions, luck, week, tries)
    for place in (0, TRIES - 1):
        lived = luck.copy()
        lived[:, week] = tries[:, place]
        until = likelihood.until(assumptions, lived, week)[:, week]
        # a world that was impossible before is not judged anew
        possible = np.isfinite(until)
        assert possible.any()
        np.testing.assert_allclose(ahead[possible, place], until[possible], rtol=1e-4, atol=1e-3)
        assert not np.isfinite(ahead[~possible, place]).any()


def test_week_0_says_nothing(likelihood: Likelihood, drawn: tuple[np.ndarray, np.ndarray]) -> None:
    assumptions, luck = drawn
    assert not likelihood.until(assumptions, luck, 0).any()
    assert not likelihood.ahead(assumptions, luck, 0, np.repeat(luck[:, :1], TRIES, axis=1)).any()


def test_later_luck_changes_no_earlier_week(
    likelihood: Likelihood, drawn: tuple[np.ndarray, np.ndarray]
) -> None:
    assumptions, luck = drawn
    other = luck.copy()
    other[:, 4:] = lucks(np.random.default_rng(2), WORLDS, WEEKS + 1 - 4)
    one, two = (likelihood.until(assumptions, given, WEEKS) for given in (luck, other))
    np.testing.assert_array_equal(one[:, :4], two[:, :4])
    assert np.any(one[:, 4:] != two[:, 4:])
    early = likelihood.until(assumptions, luck, 3)
    np.testing.assert_allclose(early, one[:, :4], rtol=1e-4, atol=1e-3)


def test_a_figure_counts_from_the_week_in_which_its_day_lies(
    likelihood: Likelihood, observed: list[Observations]
) -> None:
    decided = likelihood.case.decision_date
    for figures in likelihood.observed:
        days = [
            (day - decided).days
            for seen in observed
            if seen.name in figures.sources
            for day in seen.dates
        ]
        np.testing.assert_array_equal(figures.known, np.sort(np.ceil(np.array(days) / 7)))


def test_two_sources_of_one_series_are_weighed_together(likelihood: Likelihood) -> None:
    sources = {figures.series: figures.sources for figures in likelihood.observed}
    assert sources["ground_kursk"] == ("kursk_held", "kursk_claimed")


def test_a_source_that_may_say_too_much_lets_worlds_have_less(
    kursk: CaseFile,
    observed: list[Observations],
    drawn: tuple[np.ndarray, np.ndarray],
) -> None:
    """If losses may be overstated, worlds with fewer become likelier, and say by how much."""
    losses = next(one for one in observed if one.name == "russian_losses")
    sure = replace(losses, declared=losses.declared.model_copy(update={"bias": 0.0}))
    known, unsure = (
        Likelihood(kursk, "hold", [one], untrained(kursk.weeks + 1)) for one in (sure, losses)
    )
    paths = path(kursk, known.follow(*drawn, WEEKS), "casualties_russia")[: WEEKS + 1]
    lost = paths[WEEKS] - paths[0]
    few = (lost > 0.6 * losses.values[-1]) & (lost < 0.8 * losses.values[-1])
    if_sure, if_not = (one.until(*drawn, WEEKS).sum(1) for one in (known, unsure))
    few &= np.isfinite(if_sure)
    assert few.sum() > 10
    assert np.all(if_not[few] > if_sure[few])
    (figures,) = unsure.observed
    (off,) = figures.off(paths[:, few], np.random.default_rng(4))
    assert 1.0 + off.mean() == pytest.approx(np.mean(losses.values[-1] / lost[few]), rel=0.1)


def test_a_world_in_which_the_incursion_did_not_take_place_is_impossible(
    likelihood: Likelihood, drawn: tuple[np.ndarray, np.ndarray]
) -> None:
    weekly = likelihood.until(*drawn, WEEKS)
    seen = likelihood.follow(*drawn, WEEKS)
    side = list(likelihood.case.sides).index("ukraine")
    went = seen.moved[WEEKS, side] > 0
    goes_on = seen.going_on[WEEKS] > 0
    assert 0.5 < went.mean() < 1.0
    assert not np.isfinite(weekly[~went, 1:].sum(1)).any()
    assert not np.isfinite(weekly[~goes_on].sum(1)).any()
    assert np.isfinite(weekly[went & goes_on]).all()


def test_worlds_that_were_weighed_lie_nearer_to_what_was_observed(
    likelihood: Likelihood, observed: list[Observations]
) -> None:
    found = assimilate(likelihood, WORLDS, WEEKS, [0, WEEKS], 1, lambda _week: None)
    assert found.effective.min() >= FEWEST * WORLDS
    for name, at_most in (("kursk_claimed", 0.5), ("donetsk", 0.8)):
        figures = next(seen for seen in observed if seen.name == name)
        off = {}
        for week, worlds in found.at.items():
            # before anything is known, with any luck in the weeks to come
            later = lucks(np.random.default_rng(3), WORLDS, WEEKS - week)
            luck = np.concatenate([worlds.luck, later], axis=1)
            seen = likelihood.follow(worlds.assumptions, luck, WEEKS)
            paths = path(likelihood.case, seen, figures.declared.series)[: WEEKS + 1].T
            shown = compared(figures.declared.how, paths, figures.weeks)
            off[week] = worlds.weight @ np.abs(shown - figures.values).mean(1)
        assert off[WEEKS] < at_most * off[0], name


def test_worlds_are_weighed_the_same_on_any_number_of_cores(likelihood: Likelihood) -> None:
    """Linear algebra adds in another order on two threads, and steps go by what it gives."""
    found = []
    for threads in (1, 2):
        with threadpool_limits(threads, "blas"):
            found.append(assimilate(likelihood, WORLDS, 3, [3], 1, lambda _week: None).at[3])
    one, two = found
    np.testing.assert_array_equal(one.assumptions, two.assumptions)
    np.testing.assert_array_equal(one.weight, two.weight)


def test_worlds_are_followed_on_from_where_the_same_ones_were_left_off(
    kursk: CaseFile, observed: list[Observations], drawn: tuple[np.ndarray, np.ndarray]
) -> None:
    def anew() -> Likelihood:
        return Likelihood(kursk, "hold", observed, untrained(kursk.weeks + 1))

    assumptions, luck = drawn
    tries = lucks(np.random.default_rng(1), WORLDS, TRIES)
    others, other_luck = assumptions[::-1].copy(), luck.copy()
    other_luck[:, 2] = tries[:, 0]
    left_off = anew()
    for z, given, week in (
        (assumptions, luck, 1),
        (assumptions, luck, 4),
        (assumptions, other_luck, 5),  # from where they were in week 3, with other luck before
        (others, other_luck, 5),
        (others, other_luck, 2),  # back
    ):
        found = left_off.ahead(z, given, week, tries)
        np.testing.assert_array_equal(found, anew().ahead(z, given, week, tries))
