"""Strikes that excite strikes: rates and spread of self- and mutually exciting counts."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import gammaln

from ripeness.war.arrays import Array
from ripeness.war.escalation import excite, strike_intensity
from ripeness.war.noise import Noise, Purpose, world_key

DECAY = jnp.float32(1.5)
NO_TRUCE = jnp.float32(0.0)


def expected_rates(
    background: list[float], echo: list[float], answer: list[float], weeks: int = 400
) -> np.ndarray:
    """Rates that the recursion settles on if strikes, and answers to them, come as expected."""
    excitation = jnp.zeros(2)
    for _ in range(weeks):
        rate = strike_intensity(jnp.array(background), excitation, NO_TRUCE)
        excitation = excite(excitation, rate, rate[::-1], jnp.array(echo), jnp.array(answer), DECAY)
    return np.asarray(strike_intensity(jnp.array(background), excitation, NO_TRUCE))


def test_g1_mean_rate():
    rates = expected_rates([0.5, 0.2], echo=[0.6, 0.0], answer=[0.0, 0.0])
    np.testing.assert_allclose(rates, [1.25, 0.2], rtol=1e-5)


def test_g4_two_sides():
    rates = expected_rates([0.2, 0.1], echo=[0.3, 0.2], answer=[0.4, 0.5])
    np.testing.assert_allclose(rates, [0.555556, 0.472222], rtol=1e-5)


def test_g4_all_that_follows_one_strike():
    """One strike of a side, and all that it brings on both, generation after generation."""
    for first, progeny in ((0, 3.611111), (1, 3.055556)):
        struck = jnp.zeros(2).at[first].set(1.0)
        excitation, total = jnp.zeros(2), 1.0
        for _ in range(200):
            excitation = excite(
                excitation,
                struck,
                struck[::-1],
                jnp.array([0.3, 0.2]),
                jnp.array([0.4, 0.5]),
                DECAY,
            )
            struck = strike_intensity(jnp.zeros(2), excitation, NO_TRUCE)
            total += float(struck.sum())
        assert total == pytest.approx(progeny, rel=1e-4)


def test_g1_mean_and_spread_of_drawn_counts():
    """Counts in long windows: mean 1.25 a week, variance 6.25 times the mean."""
    worlds, weeks, warm_up = 4096, 2000, 100
    one = jnp.ones(1, jnp.float32)

    def world(number: jax.Array) -> jax.Array:
        def week(excitation: Array, week: jax.Array) -> tuple[Array, Array]:
            rate = strike_intensity(0.5 * one, excitation, NO_TRUCE)
            strikes = Noise(world_key(1, number), week).count(Purpose.STRIKES, rate)
            after = excite(excitation, strikes, 0 * one, 0.6 * one, 0 * one, DECAY)
            return after, jnp.where(week >= warm_up, strikes[0], 0.0)

        _, strikes = jax.lax.scan(week, 0 * one, jnp.arange(weeks + warm_up))
        return strikes.sum()

    counted = np.asarray(jax.jit(jax.vmap(world))(jnp.arange(worlds)), float)
    mean_error = np.sqrt(7.8125 / (weeks * worlds))
    assert abs(counted.mean() / weeks - 1.25) < 4 * mean_error
    # relative standard error of a variance: sqrt(2 / worlds)
    assert counted.var() / counted.mean() == pytest.approx(6.25, rel=4 * np.sqrt(2 / worlds))


CLUSTERS = 2**17


def clusters(echo: float) -> np.ndarray:
    """Strikes that come of one, itself included, in worlds where nothing else provokes any."""
    one = jnp.ones(1, jnp.float32)
    weeks = 400  # a cluster whose strikes bring .9 more in their turn is all but surely over then

    def world(number: jax.Array) -> Array:
        def week(carry: tuple[Array, Array], week: jax.Array) -> tuple[tuple[Array, Array], None]:
            excitation, so_far = carry
            rate = strike_intensity(0 * one, excitation, NO_TRUCE)
            strikes = Noise(world_key(2, number), week).count(Purpose.STRIKES, rate)
            after = excite(excitation, strikes, 0 * one, echo * one, 0 * one, DECAY)
            return (after, so_far + strikes[0]), None

        struck = excite(0 * one, one, 0 * one, echo * one, 0 * one, DECAY)
        return jax.lax.scan(week, (struck, jnp.float32(1.0)), jnp.arange(weeks))[0][1]

    return np.asarray(jax.jit(jax.vmap(world))(jnp.arange(CLUSTERS)), float)


def borel(n: int, mean: float) -> float:
    """Chance that a cluster has n strikes, where each brings `mean` more (Borel 1942)."""
    return float(np.exp(-mean * n + (n - 1) * np.log(mean * n) - gammaln(n + 1)))


def test_g2_size_of_clusters():
    """G2, one strike and its echoes at .6: mean 2.5, variance 9.375, chances of 1, 2, 3 and more.

    The published chances, and the formula that they come from.
    """
    found = clusters(0.6)
    squares = (found - 2.5) ** 2
    assert abs(found.mean() - 2.5) < 4 * np.sqrt(9.375 / CLUSTERS)
    assert abs(squares.mean() - 9.375) < 4 * squares.std() / np.sqrt(CLUSTERS)
    for size, chance in ((1, 0.548812), (2, 0.180717), (3, 0.089261)):
        assert borel(size, 0.6) == pytest.approx(chance, abs=1e-6)
        check_chance(found == size, chance)
    check_chance(found >= 10, 0.035091)


@pytest.mark.parametrize(("echo", "ten"), [(0.9, 0.186271), (0.3, None), (0.75, None)])
def test_g2_large_clusters(echo: float, ten: float | None):
    """G2, ten strikes or more at .9: .186271; the same at other echoes."""
    chance = 1 - sum(borel(size, echo) for size in range(1, 10))
    assert ten is None or chance == pytest.approx(ten, abs=1e-6)
    check_chance(clusters(echo) >= 10, chance)


def check_chance(happened: np.ndarray, chance: float) -> None:
    error = np.sqrt(chance * (1 - chance) / len(happened))
    assert abs(happened.mean() - chance) < 4 * error


def test_a_truce_stops_strikes():
    rates = strike_intensity(jnp.array([0.5, 2.0]), jnp.array([0.0, 3.0]), jnp.float32(1.0))
    assert rates.tolist() == [0.0, 0.0]
