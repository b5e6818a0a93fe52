"""Why a side that declines may fight today: a promise that will be broken, in closed form.

A pie of 1 a period, worth 1 for good. Power shifts once. A deal gives the declining side (side 0)
a share of today's pie; from tomorrow on the risen side keeps to it no longer, and what war would
bring under the new balance decides. So the promise breaks for sure after one period, and of its
worth ``1 - d`` is kept, with d the weight of a period later.

Rows follow from the condition for preventive war in Fearon, "Rationalist explanations for war"
(1995), as the table of results derives it. Powell, "War as a commitment problem" (2006): large and
rapid shifts of power lead to war.
"""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from haggling import bargainers, division
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ripeness.settlement import bargaining
from ripeness.settlement.deals import kept, promise

pytestmark = pytest.mark.usefixtures("double_precision")

bargain = jax.jit(bargaining.bargain)

EXACT = 1e-6
MENU = 101
SLOW = 1000
"""Periods over which a slow shift is spread."""

DISCOUNT = 0.05
"""A year; with the hazard of breach it gives what is kept of a promise, whatever its own value."""


def kept_for_a_period(d: float) -> np.ndarray:
    """What is kept of a promise that breaks after one period: ``1 - d``, by a fitting hazard."""
    hazard = DISCOUNT * d / (1 - d)
    return np.asarray(kept(jnp.array(DISCOUNT), jnp.array([hazard, hazard])))


def deal_today(d: float, tomorrow: np.ndarray) -> np.ndarray:
    """Worth of every division of today's pie, and of what comes tomorrow; worlds last."""
    today = division(np.linspace(0.0, 1.0, MENU))[..., None]
    broken = kept_for_a_period(d)[:, None]
    return np.asarray(promise(broken, today, tomorrow))


def is_war(d: float, war_now: np.ndarray, tomorrow: np.ndarray) -> np.ndarray:
    """Whether no division of today's pie is better than war for both; sides by worlds."""
    worlds = tomorrow.shape[1]
    value, may = deal_today(d, tomorrow), jnp.ones((MENU, worlds))
    manner = bargainers(power=np.full(worlds, 0.5))
    bid = bargain(value, war_now, may, manner, jnp.ones(worlds), jnp.zeros((2, worlds)))
    return np.asarray(bid.agreed) == 0


def later_terms(win: np.ndarray, cost: tuple[float, float], power: float) -> np.ndarray:
    """What each side has when they bargain under the new balance, by side 0's power to do so.

    The range [win - cost_0, win + cost_1], and no wider, as a menu of deals.
    """
    worlds = len(win)
    part = np.linspace(0.0, 1.0, MENU)[:, None]
    shares = win - cost[0] + part * sum(cost)
    value = np.stack([shares, 1 - shares], axis=1)
    war = np.stack([win - cost[0] - 1e-9, 1 - win - cost[1] - 1e-9])  # its ends are inside
    manner, ones = bargainers(power=np.full(worlds, power)), jnp.ones((MENU, worlds))
    bid = bargain(value, war, ones, manner, jnp.ones(worlds), jnp.zeros((2, worlds)))
    chosen = np.asarray(bid.deal), np.arange(worlds)
    return np.stack([shares[chosen], 1 - shares[chosen]])


Fights = Callable[[np.ndarray], np.ndarray]
"""Whether there is war today, of the declining side's chance to win tomorrow."""


def critical(fights: Fights, high: float) -> float:
    """Chance to win tomorrow, below today's `high`, under which the declining side fights today."""
    low = 0.0
    while high - low > EXACT / 10:
        win = np.linspace(low, high, MENU)
        war = fights(win)
        assert war[0]
        assert not war[-1]
        first = int(np.argmin(war))
        low, high = win[first - 1], win[first]
    return high


def one_off(d: float, win: float, cost: float) -> Fights:
    """Row B1: war costs once, and today's war is won with chance `win`.

    In worth a period, war costs ``cost * (1 - d)`` then; tomorrow's war likewise. The risen side
    pushes the other down to what war would leave it.
    """
    return by_flow(d, win, (cost * (1 - d), cost * (1 - d)), later_power=0.0)


def test_b1_preventive_war():
    """B1, Fearon (1995): the risen side wins with .3 today; war if with more than .334444 later."""
    d, p1, cost = 0.9, 0.3, 0.1
    fights = one_off(d, 1 - p1, cost)
    assert 1 - critical(fights, 0.7) == pytest.approx(0.334444, abs=EXACT)
    assert fights(np.array([1 - 0.7])).all()


weights = st.floats(0.5, 0.98)
war_costs = st.floats(0.02, 0.2)


@given(d=weights, p1=st.floats(0.1, 0.5), cost=war_costs)
def test_b1_for_any_costs(d: float, p1: float, cost: float):
    """War if ``d p2 - p1 > c (1 - d)**2``."""
    p2 = (p1 + cost * (1 - d) ** 2) / d
    assume(p2 < 0.97)
    assert 1 - critical(one_off(d, 1 - p1, cost), 1 - p1) == pytest.approx(p2, abs=EXACT)


def by_flow(
    d: float, win: float | np.ndarray, cost: tuple[float, float], later_power: float
) -> Fights:
    """Rows B2 to B4: war costs every period; the declining side's later power to bargain."""

    def fights(later: np.ndarray) -> np.ndarray:
        terms = later_terms(later, cost, later_power)
        now = np.stack(np.broadcast_arrays(win - cost[0], 1 - win - cost[1] + 0 * later))
        return is_war(d, now, terms)

    return fights


@pytest.mark.parametrize(
    ("later_power", "expected"),
    [
        pytest.param(0.0, 0.655556, id="B2"),
        pytest.param(1.0, 0.455556, id="B3"),
        pytest.param(0.5, 0.555556, id="B4"),
    ],
)
def test_b2_to_b4_later_power_to_bargain(later_power: float, expected: float):
    """B2 none later, B3 all of it, B4 an even (Nash) split: P1 = .7, d = .9, costs .1."""
    found = critical(by_flow(0.9, 0.7, (0.1, 0.1), later_power), 0.7)
    assert found == pytest.approx(expected, abs=EXACT)


def test_b2_a_large_shift_means_war():
    """B2: down from .7 to .3 the shift is worth .43, what peace offers .11."""
    assert by_flow(0.9, 0.7, (0.1, 0.1), 0.0)(np.array([0.3])).all()


@given(
    d=weights, win=st.floats(0.5, 0.95), cost_0=war_costs, cost_1=war_costs, power=st.floats(0, 1)
)
def test_b2_to_b4_for_any_costs(d: float, win: float, cost_0: float, cost_1: float, power: float):
    """War if ``P1 - c0 > (1 - d) + d (P2 - c0 + power (c0 + c1))``."""
    power = round(power * (MENU - 1)) / (MENU - 1)  # a split that is on the menu
    later = (win - cost_0 - (1 - d)) / d + cost_0 - power * (cost_0 + cost_1)
    assume(later > 0.02)
    found = critical(by_flow(d, win, (cost_0, cost_1), power), win)
    assert found == pytest.approx(later, abs=EXACT)


@given(
    d=weights, win=st.floats(0.05, 0.95), cost_0=war_costs, cost_1=war_costs, power=st.floats(0, 1)
)
def test_b5_no_shift_no_war(d: float, win: float, cost_0: float, cost_1: float, power: float):
    assert not by_flow(d, win, (cost_0, cost_1), power)(np.array([win])).any()


@settings(max_examples=30)  # each looks for four critical shifts
@given(
    d=weights,
    win=st.floats(0.6, 0.95),
    cost=war_costs,
    more=st.floats(0.01, 0.1),
    power=st.sampled_from([0.0, 0.25, 0.5, 0.75]),
)
def test_b5_costs_and_later_power_make_larger_shifts_bearable(
    d: float, win: float, cost: float, more: float, power: float
):
    assume(by_flow(d, win, (cost + more, cost + more), power + 0.25)(np.zeros(1)).all())

    def bearable(cost: float, power: float) -> float:
        return win - critical(by_flow(d, win, (cost, cost), power), win)

    assert bearable(cost + more, power) > bearable(cost, power)
    assert bearable(cost, power + 0.25) > bearable(cost, power)


@given(d=weights, win=st.floats(0.5, 0.95), part=st.floats(0.1, 1.0), cost=war_costs)
def test_b5_a_slow_shift_of_the_same_size_means_peace(
    d: float, win: float, part: float, cost: float
):
    """In steps so small that today's pie makes up for each."""
    shift = part * win
    assume(by_flow(d, win, (cost, cost), 0.0)(np.array([win - shift])).all())
    assert shift * d / SLOW < (1 - d) * (1 + cost - win)
    on_the_way = win - shift * np.arange(SLOW + 1) / SLOW
    assert not by_flow(d, on_the_way[:-1], (cost, cost), 0.0)(on_the_way[1:]).any()
