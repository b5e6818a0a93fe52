"""The bargaining range, the deal struck, and what deals are worth."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from haggling import NOBODY_REFUSED, bargainers, division
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ripeness.case.schema import CaseFile
from ripeness.settlement.bargaining import bargain, leverage
from ripeness.settlement.beliefs import BATTLES, battle_precision, learn
from ripeness.settlement.deals import (
    Valued,
    deal_values,
    kept,
    line_value,
    weigh,
    worth_of_ground,
)
from ripeness.war.noise import Noise, world_key
from ripeness.war.parameters import Parameters, Setting
from ripeness.worlds import translate
from ripeness.worlds.sampling import parameters, sample

POINTS = st.floats(-50, 100, width=32, allow_subnormal=False)


def agreed(win: float, cost_0: float, cost_1: float, power: float) -> tuple[np.ndarray, float]:
    """Deals inside the range, and the one struck, on a fine grid of divisions."""
    grid = np.linspace(0.0, 1.0, 20_001)
    going_on = jnp.array([win - cost_0, 1.0 - win - cost_1])
    pie = division(grid).astype(np.float32)
    table = pie, going_on, jnp.ones(len(grid)), bargainers(power=power)
    found = bargain(*table, jnp.array(1.0), NOBODY_REFUSED)
    assert found.agreed == 1.0
    return grid[np.asarray(found.feasible) > 0], float(grid[int(found.deal)])


def test_the_range_is_that_of_fearon_1995():
    """Theory A1: [p - cA, p + cB], as wide as both costs together."""
    inside, _ = agreed(0.6, 0.1, 0.2, 0.5)
    assert inside.min() == pytest.approx(0.5, abs=1e-4)
    assert inside.max() == pytest.approx(0.8, abs=1e-4)


@pytest.mark.parametrize(("power", "expected"), [(0.5, 0.65), (0.7, 0.71)])
def test_the_deal_struck_is_the_asymmetric_nash_split(power: float, expected: float):
    """Theory A2: x = p - cA + a (cA + cB)."""
    assert agreed(0.6, 0.1, 0.2, power)[1] == pytest.approx(expected, abs=1e-3)


@given(
    value=arrays(np.float32, (5, 2), elements=POINTS),
    going_on=arrays(np.float32, 2, elements=POINTS),
    allowed=arrays(np.float32, 5, elements=st.sampled_from([0.0, 1.0])),
)
def test_no_deal_is_struck_that_a_side_likes_less_than_going_on(
    value: np.ndarray, going_on: np.ndarray, allowed: np.ndarray
):
    table = jnp.array(value), jnp.array(going_on), jnp.array(allowed), bargainers()
    found = bargain(*table, jnp.array(1.0), NOBODY_REFUSED)
    inside = (allowed > 0) & (value >= going_on).all(axis=1)
    assert (np.asarray(found.feasible) > 0).tolist() == inside.tolist()
    assert (int(found.deal) >= 0) == bool(found.agreed) == inside.any()
    expected = value[int(found.deal)] if inside.any() else going_on
    got = np.asarray(leverage(*table, NOBODY_REFUSED))
    assert got == pytest.approx(expected, rel=1e-5, abs=1e-4)
    assert not inside.any() or inside[int(found.deal)]


def test_a_promise_under_a_breach_hazard_is_worth_r_over_r_plus_b():
    assert np.asarray(kept(jnp.array(0.05), jnp.array([0.0, 0.15]))) == pytest.approx([1, 0.25])


def test_beliefs_learn_by_the_normal_normal_rule():
    mean, variance = learn(
        jnp.array([0.5, -0.5]),
        jnp.array([0.04, 0.04]),
        jnp.array(0.1),
        battle_precision(jnp.int32(BATTLES), jnp.array(0.2), fighting=jnp.array(1.0)),
    )
    assert np.asarray(variance) == pytest.approx([0.02, 0.02])
    assert np.asarray(mean) == pytest.approx([0.3, -0.2])


@pytest.fixture(scope="module")
def world(kursk: CaseFile) -> tuple[Parameters, Setting]:
    block = parameters(kursk, sample(kursk, 1, 0, 1))
    return jax.tree.map(lambda column: jnp.asarray(column[..., 0]), block), translate.setting(kursk)


def test_ground_and_terms_together_are_the_whole_stake(world: tuple[Parameters, Setting]):
    p, setting = world
    total = worth_of_ground(p, setting).sum(axis=1) + p.term_worth.sum(axis=1)
    assert np.asarray(total) == pytest.approx([100.0, 100.0], rel=1e-5)


def valued(
    kursk: CaseFile, p: Parameters, setting: Setting, year_cost: float
) -> tuple[np.ndarray, Valued]:
    """Worth of the line and of every deal where both stand at the decision date."""
    deals = translate.deals(kursk)
    luck = Noise(world_key(1, 0), jnp.int32(0))
    stakes = weigh(p, setting, deals, luck, price_felt=1.0 - p.doves)
    line = line_value(stakes.worth, setting.share)
    return np.asarray(line), deal_values(stakes, deals, setting.share, line, jnp.full(2, year_cost))


def test_a_freeze_that_is_kept_is_worth_the_line(
    kursk: CaseFile, world: tuple[Parameters, Setting]
):
    p, setting = world
    faithful = eqx.tree_at(lambda q: q.breach, p, jnp.zeros(2))
    line, found = valued(kursk, faithful, setting, year_cost=9.0)
    freeze = translate.whole_deals(kursk).index("freeze")
    assert np.asarray(found.value[freeze]) == pytest.approx(line, abs=1e-4)
    assert np.asarray(found.left[freeze]) == pytest.approx(line, abs=1e-4)
    assert np.asarray(found.own_given[freeze]) == pytest.approx([0.0, 0.0])


def test_dictated_terms_are_worse_than_a_freeze_for_who_suffers_them(
    kursk: CaseFile, world: tuple[Parameters, Setting]
):
    _, found = valued(kursk, *world, year_cost=0.0)
    names = translate.whole_deals(kursk)
    freeze, dictated = names.index("freeze"), names.index("dictated")
    assert found.value[dictated, 0] < found.value[freeze, 0]
    assert found.value[dictated, 1] > found.value[freeze, 1]
    assert found.own_given[dictated, 0] > 0 == found.own_given[dictated, 1]
