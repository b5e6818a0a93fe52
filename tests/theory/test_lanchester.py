"""Lanchester's laws and what was computed from them, as corners of the generalised law of losses.

Losses come in weekly steps; here the step goes to zero. Two step sizes show that the error falls
in proportion to the step, and their extrapolation is compared with the closed form. Strengths
include the border guards (`THIN`) who are in every sector.
"""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeness.war import attrition
from ripeness.war.attrition import THIN

pytestmark = pytest.mark.usefixtures("double_precision")

LOGARITHMIC, LINEAR, SQUARE = 0.0, 1.0, 2.0
SCALE = 1000.0
"""Reference strength: rates below are given per head, the law's per reference strength."""


@partial(jax.jit, static_argnames="steps")
def fought(
    strength: jax.Array,
    rate: jax.Array,
    law: jax.Array,
    duration: float,
    steps: int,
    arriving: float = 0.0,
) -> jax.Array:
    """Strength of both sides after fighting; `arriving` join side 0 per unit of time.

    `rate` is the share of the reference strength that each side loses in a unit of time at parity.
    """
    dt = duration / steps

    def step(strength: jax.Array, _: None) -> tuple[jax.Array, None]:
        there = (strength - THIN)[:, None]
        power = attrition.log_power(there, jnp.ones(2), jnp.float64(1.0))
        lost = attrition.losses(there, power, jnp.array([SCALE]), rate * dt, law, jnp.ones(1))
        return strength - lost[:, 0] + jnp.array([arriving * dt, 0.0]), None

    return jax.lax.scan(step, strength, None, length=steps)[0]


def limit(
    strength: list[float], rate: list[float], law: float, duration: float, **more: float
) -> np.ndarray:
    """Strength in the limit of small steps, after checking that there is one."""
    given = jnp.array(strength, float), jnp.array(rate), jnp.array(law), float(duration)
    coarse, fine, finest = (np.asarray(fought(*given, n, **more)) for n in (2000, 4000, 8000))
    # the error of a step of Euler's method is proportional to its size
    np.testing.assert_allclose((coarse - fine) / (fine - finest), 2.0, rtol=0.05)
    return 2 * finest - fine


def per_head(a: float, b: float) -> list[float]:
    """Rates of the law where a head of side 0 kills `a`, a head of side 1 kills `b`."""
    return [b, a]


def test_f1_square_law_on_the_way():
    left = limit([1000, 800], per_head(0.01, 0.01), SQUARE, 20)
    np.testing.assert_allclose(left, [858.998, 614.717], atol=5e-3)


@pytest.mark.parametrize(
    ("strength", "a", "b", "survivors", "time"),
    [
        pytest.param([1000, 800], 0.01, 0.01, 600, 109.8612, id="F1"),
        pytest.param([1000, 800], 0.01, 0.012, 481.6638, 124.1359, id="F2"),
        pytest.param([1000, 1000], 0.02, 0.01, 707.1068, 62.3225, id="F3"),
    ],
)
def test_square_law_survivors_and_time(
    strength: list[float], a: float, b: float, survivors: float, time: float
):
    """Just before the end, when the weaker side is down to a hundredth of what it was."""
    last = 0.01 * strength[1]
    # near the end the weaker side melts at the constant rate a * survivors
    before_end = last / (a * survivors)
    left = limit(strength, per_head(a, b), SQUARE, time - before_end)
    assert left[1] == pytest.approx(last, rel=1e-3)
    invariant = np.sqrt(left[0] ** 2 - b / a * left[1] ** 2)
    assert invariant == pytest.approx(survivors, abs=1e-3)


def test_f4_one_enemy_after_the_other():
    """50 against 40 leaves 30, as if 50, 40 and 30 were sides of a right triangle."""
    left = limit([50, 40], per_head(0.01, 0.01), SQUARE, 100)
    assert np.sqrt(left[0] ** 2 - left[1] ** 2) == pytest.approx(30, abs=1e-5)
    even = limit([30, 30], per_head(0.01, 0.01), SQUARE, 100)
    np.testing.assert_allclose(even, 30 * np.exp(-1), rtol=1e-6)


def test_f5_linear_law():
    rate = [1e-5 * SCALE] * 2
    left = limit([1000, 800], rate, LINEAR, 100)
    np.testing.assert_allclose(left, [579.6843, 379.6843], atol=5e-4)
    later = limit([1000, 800], rate, LINEAR, 2000)
    assert later[0] - later[1] == pytest.approx(200, abs=1e-6), "what the stronger ends with"
    assert later[1] / later[0] == pytest.approx(0.8 * np.exp(-4), rel=1e-4)


def test_logarithmic_law():
    """Each side melts at its own rate, whoever faces it."""
    left = limit([1000, 300], [0.01, 0.02], LOGARITHMIC, 50)
    np.testing.assert_allclose(left, [1000 * np.exp(-0.5), 300 * np.exp(-1.0)], rtol=1e-6)


def test_f10_iwo_jima():
    """Engel's fit, with the landings: US and Japanese strength on days 6, 18, 28 and 36."""
    rate = per_head(0.0106, 0.0544)
    landings = {1: 54_000, 2: 0, 3: 6_000, 5: 0, 6: 13_000, 18: 0, 28: 0, 36: 0}
    parts = 1000.0  # of a man: so that the border guards weigh nothing
    strength = np.array([THIN, 21_500 * parts])
    day, seen = 0, {}
    for until, landing in landings.items():
        given = jnp.array(strength), jnp.array(rate), jnp.array(SQUARE), float(until - day)
        fine = np.asarray(fought(*given, 4000, arriving=landing * parts))
        finest = np.asarray(fought(*given, 8000, arriving=landing * parts))
        strength, day = 2 * finest - fine, until
        seen[day] = strength / parts
    expected = {
        6: (66_453.7, 18_274.3),
        18: (57_136.6, 10_467.9),
        28: (53_042.4, 4_656.4),
        36: (51_985.2, 216.8),
    }
    for day, there in expected.items():
        np.testing.assert_allclose(seen[day], there, atol=0.06)


def slope_of_losses(
    law: float, ratio: np.ndarray, materiel: float, rate: list[float]
) -> np.ndarray:
    """Slopes of the log loss ratio on the log force ratio, against a side of one hundred."""
    strength = jnp.array([100 * ratio, np.full_like(ratio, 100.0)])
    power = attrition.log_power(strength - THIN, jnp.array([materiel, 1.0]), jnp.float64(0.7))
    reference = jnp.full(len(ratio), 100.0)
    lost = attrition.losses(
        strength - THIN, power, reference, jnp.array(rate), jnp.array(law), jnp.ones(len(ratio))
    )
    return np.diff(np.log(lost[0] / lost[1])) / np.diff(np.log(ratio))


@pytest.mark.parametrize(
    ("law", "slope"), [(LOGARITHMIC, 1.0), (0.71, 0.29), (LINEAR, 0.0), (1.5, -0.5), (SQUARE, -1.0)]
)
def test_f_slope_of_the_loss_ratio_on_the_force_ratio(law: float, slope: float):
    """F, empirical check: square law -1, linear 0, logarithmic +1; the record of 654 battles
    (CDB90) has 0.29."""
    ratio = np.array([0.25, 0.5, 1.0, 2.0, 4.0])
    found = slope_of_losses(law, ratio, materiel=1.0, rate=[0.01, 0.01])
    np.testing.assert_allclose(found, slope, atol=1e-12)


@given(
    law=st.floats(LOGARITHMIC, SQUARE),
    step=st.floats(1.1, 3.0),
    materiel=st.floats(0.5, 2.0),
    rate=st.tuples(st.floats(0.001, 0.02), st.floats(0.001, 0.02)),
)
def test_f_slope_for_any_law(law: float, step: float, materiel: float, rate: tuple[float, float]):
    """``1 - law`` wherever effectiveness is constant, whoever has the better materiel."""
    ratio = step ** np.arange(-2.0, 3.0)
    found = slope_of_losses(law, ratio, materiel, list(rate))
    np.testing.assert_allclose(found, 1 - law, atol=1e-9)
