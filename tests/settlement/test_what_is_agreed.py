"""The bargaining range, the deal struck, and what deals are worth."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ripeness.case.schema import CaseFile
from ripeness.settlement.bargaining import bargain
from ripeness.settlement.beliefs import learn
from ripeness.settlement.deals import deal_values, kept, line_value, worth_of_ground
from ripeness.war.parameters import Parameters, Setting
from ripeness.worlds import translate
from ripeness.worlds.sampling import parameters, sample

POINTS = st.floats(-50, 100, width=32, allow_subnormal=False)


def split(share: np.ndarray) -> np.ndarray:
    """Deals that divide a pie of one."""
    return np.stack([share, 1.0 - share], axis=1).astype(np.float32)


def agreed(win: float, cost_0: float, cost_1: float, power: float) -> tuple[np.ndarray, float]:
    """Deals inside the range, and the one struck, on a fine grid of divisions."""
    grid = np.linspace(0.0, 1.0, 20_001)
    going_on = jnp.array([win - cost_0, 1.0 - win - cost_1])
    found = bargain(split(grid), going_on, jnp.ones(len(grid)), jnp.array(power))
    return grid[np.asarray(found.feasible) > 0], float(grid[int(found.nash)])


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
    found = bargain(jnp.array(value), jnp.array(going_on), jnp.array(allowed), jnp.array(0.5))
    inside = (allowed > 0) & (value >= going_on).all(axis=1)
    assert (np.asarray(found.feasible) > 0).tolist() == inside.tolist()
    assert (int(found.nash) >= 0) == inside.any()
    expected = value[int(found.nash)] if inside.any() else going_on
    assert np.asarray(found.leverage) == pytest.approx(expected, rel=1e-5, abs=1e-4)
    assert not inside.any() or inside[int(found.nash)]


def test_a_promise_under_a_breach_hazard_is_worth_r_over_r_plus_b():
    assert np.asarray(kept(jnp.array(0.05), jnp.array([0.0, 0.15]))) == pytest.approx([1, 0.25])


def test_beliefs_learn_by_the_normal_normal_rule():
    mean, variance = learn(
        jnp.array([0.5, -0.5]),
        jnp.array([0.04, 0.04]),
        jnp.array(0.1),
        jnp.array(0.2),
        jnp.array(1.0),
    )
    assert np.asarray(variance) == pytest.approx([0.02, 0.02])
    assert np.asarray(mean) == pytest.approx([0.3, -0.2])


@pytest.fixture(scope="module")
def world(kursk: CaseFile) -> tuple[Parameters, Setting]:
    block = parameters(kursk, sample(kursk, 1, 0, 1))
    return jax.tree.map(lambda column: jnp.asarray(column[0]), block), translate.setting(kursk)


def test_ground_and_terms_together_are_the_whole_stake(world: tuple[Parameters, Setting]):
    p, setting = world
    total = worth_of_ground(p, setting).sum(axis=1) + p.term_worth.sum(axis=1)
    assert np.asarray(total) == pytest.approx([100.0, 100.0], rel=1e-5)


def test_a_freeze_that_is_kept_is_worth_the_line(
    kursk: CaseFile, world: tuple[Parameters, Setting]
):
    p, setting = world
    faithful = eqx.tree_at(lambda q: q.breach, p, jnp.zeros(2))
    worth = worth_of_ground(faithful, setting)
    value, given = deal_values(
        faithful, setting, translate.deals(kursk), worth, setting.share, jnp.array([9.0, 9.0])
    )
    freeze = translate.whole_deals(kursk).index("freeze")
    line = np.asarray(line_value(worth, setting.share))
    assert np.asarray(value[freeze]) == pytest.approx(line, abs=1e-4)
    assert np.asarray(given[freeze]) == pytest.approx([0.0, 0.0])


def test_dictated_terms_are_worse_than_a_freeze_for_who_suffers_them(
    kursk: CaseFile, world: tuple[Parameters, Setting]
):
    p, setting = world
    worth = worth_of_ground(p, setting)
    value, given = deal_values(
        p, setting, translate.deals(kursk), worth, setting.share, jnp.zeros(2)
    )
    names = translate.whole_deals(kursk)
    freeze, dictated = names.index("freeze"), names.index("dictated")
    assert value[dictated, 0] < value[freeze, 0]
    assert value[dictated, 1] > value[freeze, 1]
    assert given[dictated, 0] > 0 == given[dictated, 1]
