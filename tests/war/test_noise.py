"""The one door of randomness: even, uncorrelated, and the same whatever else is drawn."""

from __future__ import annotations

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ripeness.war.arrays import Array
from ripeness.war.noise import MAX_COUNT, Noise, Purpose, world_key

WORLDS, WEEKS, LANES = 2048, 104, 6
MASK = 0xFFFFFFFF


def mixed(x: int) -> int:
    """The hash "lowbias32" in plain integers."""
    x ^= x >> 16
    x = x * 0x7FEB352D & MASK
    x ^= x >> 15
    x = x * 0x846CA68B & MASK
    return x ^ x >> 16


def by_hand(seed: int, world: int, week: int, purpose: int, lane: int) -> float:
    """A number of the noise as its documentation says, without any array library."""
    key = mixed(mixed(seed + 0x9E3779B9 & MASK) ^ mixed(world))
    of_week = mixed(key + week * 0x9E3779B9 & MASK)
    bits = mixed(mixed((purpose << 16) + lane ^ of_week) + of_week & MASK)
    return ((bits >> 9) + 0.5) / 2**23


def numbers(
    seed: int,
    worlds: Sequence[int] = range(WORLDS),
    weeks: Sequence[int] = range(WEEKS),
    purpose: Purpose = Purpose.GROUND,
    lanes: int = LANES,
) -> np.ndarray:
    """Numbers in (0, 1): worlds by weeks by lanes."""

    def of(world: jax.Array, week: jax.Array) -> Array:
        return Noise(world_key(seed, world), week).uniform(purpose, lanes)

    over_weeks = jax.vmap(of, in_axes=(None, 0))
    over_worlds = jax.vmap(over_weeks, in_axes=(0, None))
    given = jnp.array(worlds, jnp.uint32), jnp.array(weeks, jnp.int32)
    return np.asarray(jax.jit(over_worlds)(*given))


@pytest.fixture(scope="module")
def drawn() -> np.ndarray:
    return numbers(seed=1).astype(float)


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Correlation in standard errors, for independent numbers one standard normal."""
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1] * np.sqrt(a.size))


@given(
    seed=st.integers(0, 2**31 - 1),
    world=st.integers(0, 10**7),
    week=st.integers(0, 500),
    purpose=st.sampled_from(Purpose),
)
def test_numbers_are_those_of_the_published_hash(
    seed: int, world: int, week: int, purpose: Purpose
):
    noise = Noise(world_key(seed, world), jnp.int32(week))
    expected = [by_hand(seed, world, week, purpose, lane) for lane in range(3)]
    assert noise.uniform(purpose, 3).tolist() == expected


def test_numbers_spread_evenly(drawn: np.ndarray):
    assert stats.kstest(drawn.ravel(), "uniform").pvalue > 0.001
    counts, _ = np.histogram(drawn, bins=1000, range=(0, 1))
    assert stats.chisquare(counts).pvalue > 0.001


def test_pairs_spread_evenly(drawn: np.ndarray):
    """Even on the square, too: lattices and stripes show in pairs of neighbours."""
    for axis in range(3):
        here = np.take(drawn, range(drawn.shape[axis] - 1), axis).ravel()
        there = np.take(drawn, range(1, drawn.shape[axis]), axis).ravel()
        counts, _, _ = np.histogram2d(here, there, bins=32, range=[(0, 1), (0, 1)])
        assert stats.chisquare(counts.ravel()).pvalue > 0.001


@pytest.mark.parametrize("distance", [1, 2, 4, 52])
def test_worlds_and_weeks_know_nothing_of_each_other(drawn: np.ndarray, distance: int):
    assert abs(correlation(drawn[distance:], drawn[:-distance])) < 4
    assert abs(correlation(drawn[:, distance:], drawn[:, :-distance])) < 4


def test_lanes_know_nothing_of_each_other(drawn: np.ndarray):
    table = np.corrcoef(drawn.reshape(-1, LANES), rowvar=False)
    off = table[~np.eye(LANES, dtype=bool)]
    assert np.abs(off).max() * np.sqrt(WORLDS * WEEKS) < 5


def test_purposes_know_nothing_of_each_other():
    columns = np.stack([numbers(1, range(512), purpose=p, lanes=1).ravel() for p in Purpose])
    table = np.corrcoef(columns.astype(float))
    off = table[~np.eye(len(Purpose), dtype=bool)]
    assert np.abs(off).max() * np.sqrt(columns.shape[1]) < 5


def test_seeds_give_other_numbers(drawn: np.ndarray):
    other = numbers(seed=2).astype(float)
    assert abs(correlation(drawn, other)) < 4
    assert not (drawn == other).all(axis=(1, 2)).any()


def test_a_number_depends_on_nothing_else_that_is_drawn(drawn: np.ndarray):
    """Not on which other worlds and weeks there are, their order, or the number of lanes."""
    worlds, weeks = [1999, 3, 700], [50, 0, 103]
    some = numbers(1, worlds, weeks, lanes=2)
    assert (some == drawn[np.ix_(worlds, weeks, range(2))]).all()


def test_numbers_are_never_0_or_1():
    """At either end a normal draw would be infinite; worlds and weeks here once drew a 1.

    The pairs are ends of the range of the underlying bits, found by search.
    """
    for world, week, lane in [(15827, 41, 1), (17735, 13, 1)]:
        drawn = numbers(1, [world], [week])[0, 0, lane]
        assert 0.9999998 < drawn < 1.0
    noise = Noise(world_key(1, 15827), jnp.int32(41))
    assert np.isfinite(noise.normal(Purpose.GROUND, LANES)).all()


def test_purposes_keep_their_numbers():
    """A purpose that is renumbered, or given another's number, changes every run ever made."""
    values = [purpose.value for purpose in Purpose.__members__.values()]
    assert len(set(values)) == len(values)
    assert min(values) > 0
    assert max(values) < 2**16, "more would share counters with the lanes"


def of_worlds(draw: str, *arguments: object, worlds: int = 200_000) -> np.ndarray:
    def of(world: jax.Array) -> jax.Array:
        return getattr(Noise(world_key(7, world), jnp.int32(0)), draw)(*arguments)

    return np.asarray(jax.jit(jax.vmap(of))(jnp.arange(worlds, dtype=jnp.uint32)), float)


def test_normal_numbers_are_normal():
    drawn = of_worlds("normal", Purpose.AID, 1).ravel()
    assert stats.kstest(drawn, "norm").pvalue > 0.001


@pytest.mark.parametrize("chance", [0.01, 0.3, 0.97])
def test_things_happen_as_often_as_they_should(chance: float):
    happened = of_worlds("happens", Purpose.SCUTTLE, jnp.array([chance]))
    error = np.sqrt(chance * (1 - chance) / happened.size)
    assert abs(happened.mean() - chance) < 4 * error
    assert set(np.unique(happened)) == {0.0, 1.0}


@pytest.mark.parametrize("mean", [0.05, 0.7, 3.0])
def test_counts_are_poisson(mean: float):
    counts = of_worlds("count", Purpose.STRIKES, jnp.array([mean])).ravel()
    n = counts.size
    assert abs(counts.mean() - mean) < 4 * np.sqrt(mean / n)
    # the variance of a sample variance of a Poisson count is mean * (1 + 2 mean) / n
    assert abs(counts.var() - mean) < 4 * np.sqrt(mean * (1 + 2 * mean) / n)
    seen = np.bincount(counts.astype(int), minlength=MAX_COUNT + 1)
    expected = stats.poisson.pmf(np.arange(MAX_COUNT + 1), mean) * n
    usual = expected > 5
    assert (
        stats.chisquare(
            seen[usual], expected[usual] * seen[usual].sum() / expected[usual].sum()
        ).pvalue
        > 0.001
    )


def test_impossible_and_certain_things():
    """A chance of 0 never comes true and one of 1 always does; no expectation, no events."""
    assert not of_worlds("happens", Purpose.NERVE, jnp.zeros(1)).any()
    assert of_worlds("happens", Purpose.NERVE, jnp.ones(1)).all()
    assert not of_worlds("count", Purpose.ATTACKS, jnp.zeros(1)).any()
