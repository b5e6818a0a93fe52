"""What silence after a crossed line teaches, in closed form; tolerance as it is drawn.

Numbers in the notation of the table of results: a line somewhere on a scale of 10, steps up to 6
met no response, the next step goes to 8.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeness.war.escalation import NO_LINE, tolerance
from ripeness.war.supporters import (
    BLUFF,
    EXPONENTIAL,
    HUMPED,
    UNIFORM,
    chance_of_crossing,
    leave,
    prior_mass,
)

SINGLE = 1e-6
"""Relative error that single precision leaves after a subtraction or two of numbers near 1."""

PRIORS = (UNIFORM, EXPONENTIAL, BLUFF, HUMPED)
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


def beta_2_2(u: float) -> float:
    """Distribution function of a Beta(2, 2)."""
    return u * u * (3 - 2 * u)


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


def test_g8_humped_prior():
    """G8, a Beta(2, 2) on a scale of 10: survived 5, the step to 7 meets the line with .568."""
    assert believed(5, 7, HUMPED) == pytest.approx(0.568, rel=SINGLE)
    chances = [believed(x, x + 1, HUMPED) for x in range(9)]
    assert chances == sorted(chances), "silence makes the next step more dangerous here, too"


@given(survived=st.floats(0, 8), step=st.floats(0.1, 2), scale=st.floats(10.5, 40))
def test_g5_to_g8_for_any_step(survived: float, step: float, scale: float):
    """The chance of the step, given that there is more to the scale than was survived."""
    left, after = survived / scale, (survived + step) / scale
    expected = {
        UNIFORM: (after - left) / (1 - left),
        EXPONENTIAL: 1 - np.exp(left - after),
        BLUFF: 0.7 * (after - left) / (1 - 0.7 * left),
        HUMPED: (beta_2_2(after) - beta_2_2(left)) / (1 - beta_2_2(left)),
    }
    for prior, chance in expected.items():
        found = believed(survived, survived + step, prior, scale)
        assert found == pytest.approx(chance, abs=1e-5), prior


def salami(scale: float, stake: float, gain: float, steps: int) -> np.ndarray:
    """Small steps, each taken if supporters give leave, until the line is met or they give none.

    Parameters
    ----------
    steps
        To where a step of no size would be worth its risk; the last one goes half of itself beyond.

    Returns
    -------
    Where it stops if no line is met, what it brings on average, the chance to have met the line.
    """
    with jax.enable_x64(True):
        step = (scale - stake / gain) / (steps + 0.5)
        at = step * jnp.arange(steps + 2.0)
        never, on = jnp.full_like(at, jnp.inf), jnp.full_like(at, scale)
        chance = chance_of_crossing(at, never, at + step, on, jnp.int32(UNIFORM), jnp.float64(0.0))
        benefit, dependence, backs = jnp.array([gain * step]), jnp.ones(1), jnp.ones((len(at), 1))
        given = leave(benefit, jnp.array([stake]), dependence, backs, chance)
        taken = int(given.argmin())  # the first step for which there is no leave
        assert given[taken] == 0
        unmet = jnp.concatenate([jnp.ones(1), jnp.cumprod(1 - chance)])
        brought = unmet[:-1] * (gain * step - stake * chance)
        return np.array([at[taken], jnp.where(at < at[taken], brought, 0).sum(), 1 - unmet[taken]])


def in_small_steps(scale: float, stake: float, gain: float) -> np.ndarray:
    """The limit of small steps, in which errors are proportional to their size."""
    few, many = 1000, 3000
    fine, finest = salami(scale, stake, gain, few), salami(scale, stake, gain, many)
    ratio = (many + 0.5) / (few + 0.5)
    return (ratio * finest - fine) / (ratio - 1)


def test_g9_salami_tactics():
    """G9, a line anywhere up to 10, a stake of 3, a gain of 1 a point: stop at 7, having met the
    line with .7, for 2.45."""
    found = in_small_steps(scale=10.0, stake=3.0, gain=1.0)
    assert found == pytest.approx([7.0, 2.45, 0.7], abs=1e-6)


@given(scale=st.floats(5, 40), part=st.floats(0.1, 0.8), gain=st.floats(0.2, 5))
def test_g9_for_any_stake(scale: float, part: float, gain: float):
    """Stop at B - L / v; the value is v x (1 - x / 2B) - L x / B."""
    stake = part * scale * gain
    stop = scale - stake / gain
    met = stop / scale
    value = gain * stop * (1 - met / 2) - stake * met
    found = in_small_steps(scale, stake, gain)
    assert found == pytest.approx([stop, value, met], rel=1e-6, abs=1e-6)


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
    by_prior = {
        EXPONENTIAL: (1 - np.exp(-0.15)) / (1 - np.exp(-0.3)),
        HUMPED: (beta_2_2(0.35) - beta_2_2(0.2)) / (beta_2_2(0.5) - beta_2_2(0.2)),
    }
    assert within == pytest.approx(by_prior.get(prior, 0.5), rel=1e-5)


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
    assert drawn(0.784, HUMPED) == pytest.approx(7, rel=1e-5)
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
