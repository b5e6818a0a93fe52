"""Strikes that excite strikes: rates and spread of self- and mutually exciting counts."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

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


def test_a_truce_stops_strikes():
    rates = strike_intensity(jnp.array([0.5, 2.0]), jnp.array([0.0, 3.0]), jnp.float32(1.0))
    assert rates.tolist() == [0.0, 0.0]
