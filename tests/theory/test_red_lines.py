"""What silence after a crossed line teaches, in closed form; tolerance as it is drawn.

Numbers in the notation of the table of results: a line somewhere on a scale of 10, steps up to 6
met no response, the next step goes to 8.
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeness.war.escalation import NO_LINE, tolerance
from ripeness.war.supporters import (
    BLUFF,
    EXPONENTIAL,
    UNIFORM,
    chance_of_crossing,
    leave,
    prior_mass,
)

SINGLE = 1e-6
"""Relative error that single precision leaves after a subtraction or two of numbers near 1."""

PRIORS = (UNIFORM, EXPONENTIAL, BLUFF)
NEVER = np.inf


def believed(
    survived: float,
    step_to: float,
    prior: int,
    scale: float = 10.0,
    bluff: float = 0.3,
    answered: float = NEVER,
) -> float:
    met, line, step, on = (
        jnp.array([x], jnp.float32) for x in (survived, answered, step_to, scale)
    )
    chance = chance_of_crossing(met, line, step, on, jnp.int32(prior), jnp.float32(bluff))
    return float(chance[0])


def drawn(luck: float, prior: int, scale: float = 10.0, bluff: float = 0.3) -> float:
    given = jnp.array([scale], jnp.float32), jnp.array([luck], jnp.float32)
    return float(tolerance(*given, jnp.int32(prior), jnp.float32(bluff))[0])


def test_g5_uniform_prior_silence_makes_the_next_step_more_dangerous():
    assert believed(6, 8, UNIFORM) == pytest.approx(0.5, rel=SINGLE)
    # the hazard 1 / (B - x) = .25, as the chance of a small step
    assert believed(6, 6.01, UNIFORM) / 0.01 == pytest.approx(0.25, rel=1e-4)
    chances = [believed(x, x + 1, UNIFORM) for x in range(9)]
    assert chances == sorted(chances)


def test_g6_exponential_prior_silence_teaches_nothing():
    for survived in (0, 3, 6, 12):
        chance = believed(survived, survived + 2, EXPONENTIAL)
        assert chance == pytest.approx(0.181269, abs=2e-6)


def test_g7_possible_bluff_silence_reassures():
    assert believed(6, 8, BLUFF) == pytest.approx(0.241379, abs=1e-6)
    bluff = 1 - believed(6, 10, BLUFF)
    assert bluff == pytest.approx(0.517241, abs=1e-6)
    to_the_end = [believed(x, 10, BLUFF) for x in range(10)]
    assert to_the_end == sorted(to_the_end, reverse=True)


def test_g10_clean_tests():
    """Ten clean tests of a line that is uniform: the chance that a longer row is clean, too."""
    assert 1 - believed(10, 15, UNIFORM, scale=26) == pytest.approx(11 / 16, rel=SINGLE)


@pytest.mark.parametrize("prior", PRIORS)
def test_a_line_once_met_bounds_what_is_believed(prior: int):
    """Between the survived 2 and the answered 5 the line lies for sure; beyond, a step meets it."""
    assert believed(2, 5, prior, answered=5) == pytest.approx(1.0, rel=SINGLE)
    assert believed(2, 7, prior, answered=5) == pytest.approx(1.0, rel=SINGLE)
    assert believed(2, 2, prior, answered=5) == 0.0
    within = believed(2, 3.5, prior, answered=5)
    expected = 0.5 if prior != EXPONENTIAL else (1 - np.exp(-0.15)) / (1 - np.exp(-0.3))
    assert within == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("prior", PRIORS)
@given(luck=st.floats(0.001, 0.999), scale=st.floats(0.1, 100))
def test_drawn_tolerance_has_the_distribution_that_supporters_believe_in(
    prior: int, luck: float, scale: float
):
    line = drawn(luck, prior, scale)
    given = jnp.array([line], jnp.float32), jnp.array([scale], jnp.float32)
    mass = float(prior_mass(*given, jnp.int32(prior), jnp.float32(0.3))[0])
    expected = luck if line < NO_LINE else 0.7  # no line: what lies below is all that has one
    assert mass == pytest.approx(expected, abs=1e-5)


def test_tolerance_at_quantiles():
    assert drawn(0.6, UNIFORM) == pytest.approx(6, rel=SINGLE)
    assert drawn(1 - np.exp(-1), EXPONENTIAL) == pytest.approx(10, rel=1e-5)
    assert drawn(0.35, BLUFF) == pytest.approx(5, rel=SINGLE)
    assert drawn(0.71, BLUFF) == NO_LINE


@pytest.mark.parametrize(("chance", "given_leave"), [(0.24, 1.0), (0.25, 1.0), (0.26, 0.0)])
def test_leave_is_given_while_the_stake_times_the_chance_is_less_than_the_benefit(
    chance: float, given_leave: float
):
    backs = jnp.array([[1.0, 0.0], [0.0, 1.0]])
    benefit, stake, weight = jnp.array([5.0, 0.0]), jnp.array([20.0, 1.0]), jnp.array([0.5, 0.5])
    leaves = leave(benefit, stake, weight, backs, jnp.array([chance, 0.01]))
    assert leaves.tolist() == [given_leave, 0.0]


def test_who_has_no_supporters_needs_no_leave():
    backs = jnp.array([[1.0], [0.0]])
    leaves = leave(jnp.zeros(1), jnp.ones(1), jnp.ones(1), backs, jnp.ones(2))
    assert leaves.tolist() == [0.0, 1.0]
