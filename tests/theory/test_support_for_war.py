"""What wears support for a war down: the two rival answers."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from ripeness.war import homefront
from ripeness.war.homefront import CASUALTIES, PROSPECTS

ONES = np.ones(2, np.float32)
FADING = np.asarray(0.1, np.float32)
"""Share of a shock that fades in a week."""

BEFORE = np.full(2, 1.0, np.float32)
"""Thousand casualties at the start."""


def logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


def share(driver: int, casualties: float = 0.0, net_gain: float = 0.0, weeks: float = 0.0) -> float:
    """Support that began at 60 % and halves in a hundredfold of casualties."""
    per_tenfold = (logit(0.6) - logit(0.3)) / 2
    support = homefront.support(
        0.6 * ONES,
        jnp.int32(driver),
        homefront.casualty_effect(casualties * ONES, BEFORE, per_tenfold * ONES),
        homefront.prospects_effect(net_gain * ONES, 0.8 * ONES),
        0.2 * ONES,
        jnp.float32(weeks),
        0.0 * ONES,
    )
    return float(support[0])


def test_h1_mueller_each_tenfold_of_casualties_costs_the_same():
    """60, 45 and 30 % at 1, 10 and 100 thousand.

    The law is linear in the logit, not in the share, which never leaves 0 to 100 % so; between the
    two points that it is set by, Mueller's straight line and ours are within a point.
    """
    assert share(CASUALTIES, 0) == pytest.approx(0.60, abs=1e-6)
    assert share(CASUALTIES, 9) == pytest.approx(0.45, abs=0.01)
    assert share(CASUALTIES, 99) == pytest.approx(0.30, abs=1e-6)
    steps = np.diff([logit(share(CASUALTIES, 10.0**n - 1)) for n in range(5)])
    np.testing.assert_allclose(steps, steps[0], rtol=1e-4)


def test_h1b_sidman_and_norpoth_prospects_not_casualties():
    assert share(PROSPECTS, casualties=99) == share(PROSPECTS)
    assert share(CASUALTIES, casualties=9, net_gain=500) == share(CASUALTIES, casualties=9)
    assert share(PROSPECTS, net_gain=-500) < 0.6 < share(PROSPECTS, net_gain=500)
    assert logit(share(PROSPECTS, net_gain=1000)) - logit(0.6) == pytest.approx(0.8, rel=1e-5)


@pytest.mark.parametrize("driver", [CASUALTIES, PROSPECTS])
def test_time_alone_wears_support_down(driver: int):
    year = share(driver, weeks=365.25 / 7)
    assert logit(year) - logit(0.6) == pytest.approx(-0.2, rel=1e-5)


def test_shocks_fade_and_add_up():
    nothing = np.zeros(2)
    shock = homefront.shocks(nothing, FADING, nothing, np.array([0.3, 0.0]), nothing, nothing)
    for _ in range(10):
        shock = homefront.shocks(shock, FADING, nothing, nothing, nothing, nothing)
    np.testing.assert_allclose(shock, [0.3 * 0.9**10, 0.0], rtol=1e-6)
    lost = homefront.shocks(nothing, FADING, nothing, nothing, np.array([0.0, 0.02]), nothing)
    lifted = homefront.shocks(nothing, FADING, nothing, nothing, nothing, np.array([0.1, 0.0]))
    assert lost.tolist() == [0.0, -0.02]
    assert lifted.tolist() == [0.1, 0.0]
