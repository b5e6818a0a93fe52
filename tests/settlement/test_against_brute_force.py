"""Bargaining and deals against slower ways to the same answer."""

from __future__ import annotations

from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from threadpoolctl import threadpool_limits

from ripeness.case.schema import CaseFile
from ripeness.settlement import fitting
from ripeness.settlement.bargaining import bargain
from ripeness.settlement.beliefs import learn
from ripeness.settlement.continuation import FEATURES, quadratic
from ripeness.settlement.deals import Deals, allowed, deal_values, kept, worth_of_ground
from ripeness.settlement.fitting import KNOT_WEEKS, TrainingWars, fit, knots
from ripeness.war.arrays import WEEKS_A_YEAR
from ripeness.war.parameters import Parameters, Setting
from ripeness.worlds import translate
from ripeness.worlds.sampling import parameters, sample

DEALS = 6
HORIZON = 22  # the last knot is two weeks after the one before it, the others four
points = st.floats(-50, 100, width=32, allow_subnormal=False)  # XLA takes those for zero


@given(
    value=arrays(np.float32, (DEALS, 2), elements=points),
    going_on=arrays(np.float32, 2, elements=points),
    may=arrays(np.float32, DEALS, elements=st.sampled_from([0.0, 1.0])),
    power=st.floats(0, 1, width=32),
)
def test_bargaining_by_trying_every_deal(
    value: np.ndarray, going_on: np.ndarray, may: np.ndarray, power: float
):
    found = bargain(jnp.array(value), jnp.array(going_on), jnp.array(may), jnp.array(power))
    gains = {
        deal: value[deal].astype(float) - going_on
        for deal in range(DEALS)
        if may[deal] and (value[deal] >= going_on).all()
    }
    assert set(np.flatnonzero(found.feasible)) == set(gains)
    assert (int(found.nash) in gains) if gains else int(found.nash) == -1
    if gains:
        product = {deal: g[0] ** power * g[1] ** (1 - power) for deal, g in gains.items()}
        best = max(product.values())
        assert product[int(found.nash)] == pytest.approx(best, rel=1e-4, abs=1e-4)
        widest = max(g.sum() for g in gains.values())
        assert float(found.width) == pytest.approx(widest, rel=1e-5, abs=1e-4)
    else:
        assert float(found.width) == 0.0
        assert (np.asarray(found.leverage) == going_on).all()


@given(
    value=arrays(np.float32, (DEALS, 2), elements=points, unique=True),
    going_on=arrays(np.float32, 2, elements=points),
)
def test_exchanging_the_sides_exchanges_what_they_get(value: np.ndarray, going_on: np.ndarray):
    here = bargain(jnp.array(value), jnp.array(going_on), jnp.ones(DEALS), jnp.array(0.25))
    there = bargain(
        jnp.array(value[:, ::-1]), jnp.array(going_on[::-1]), jnp.ones(DEALS), jnp.array(0.75)
    )
    assert (here.feasible == there.feasible).all()
    assert float(here.width) == float(there.width)
    surplus = np.maximum(value.astype(float) - going_on, 0)
    product = surplus[:, 0] ** 0.25 * surplus[:, 1] ** 0.75
    if int(here.nash) != int(there.nash):  # as good as each other but for rounding
        assert product[int(here.nash)] == pytest.approx(product[int(there.nash)], rel=1e-4)


def test_beliefs_after_many_weeks_are_those_of_all_evidence_at_once():
    rng = np.random.default_rng(4)
    signs, fighting, sd = rng.normal(0.2, 0.4, 50), rng.uniform(0, 1, 50), 0.4
    mean, variance = np.array([0.5, -0.1]), np.array([0.09, 0.25])
    prior = 1 / variance
    m, v = mean, variance
    for sign, part in zip(signs, fighting, strict=True):
        m, v = learn(m, v, np.asarray(sign), np.asarray(sd), np.asarray(part))
    evidence = fighting / sd**2
    np.testing.assert_allclose(v, 1 / (prior + evidence.sum()))
    np.testing.assert_allclose(m, (prior * mean + (evidence * signs).sum()) * v)
    assert abs(m[0] - m[1]) < abs(mean[0] - mean[1]) / 5, "the same battles bring both together"


@pytest.fixture(scope="module")
def world(kursk: CaseFile) -> tuple[Parameters, Setting, Deals]:
    block = parameters(kursk, sample(kursk, 1, 7, 1))
    p = jax.tree.map(lambda column: np.asarray(column[0], float), block)
    return p, translate.setting(kursk), translate.deals(kursk)


def test_deal_values_by_hand(world: tuple[Parameters, Setting, Deals], kursk: CaseFile):
    """Every deal, sector by sector and term by term, at a line that has moved since the start."""
    p, setting, deals = world
    worth, keep = np.asarray(worth_of_ground(p, setting)), np.asarray(kept(p.discount, p.breach))
    share = np.clip(setting.share + np.array([-0.02, 0.01, 0.0, -0.01, 0.3, 0.0]), 0, 1)
    renewed = np.array([4.0, 6.0])
    value, given_up = deal_values(p, setting, deals, worth, share, renewed)
    for d, name in enumerate(translate.whole_deals(kursk)):
        control = [kursk.deals[name].holder(sector) for sector in kursk.sectors]
        for side, who in enumerate(kursk.sides):
            other = 1 - side
            total, given = -(1 - keep[0] * keep[1]) * renewed[side], 0.0
            for k, word in enumerate(control):
                after = {
                    "line": share[k],
                    "start": setting.share[k],
                    "recognised": setting.own_soil[0, k],
                    "ukraine": 1.0,
                    "russia": 0.0,
                }[word]
                held, then = (x if side == 0 else 1 - x for x in (share[k], after))
                total += worth[side, k] * held
                if then > held:
                    total += keep[other] * worth[side, k] * (then - held)
                else:
                    total -= worth[side, k] * (held - then)
                    given += worth[side, k] * (held - then) * setting.own_soil[side, k]
            total -= p.concession_price[side] * (1 - p.doves[side]) * given
            for t, term in enumerate(kursk.terms):
                if term in kursk.deals[name].terms:
                    gains = kursk.terms[term].benefits == who
                    total += p.term_worth[side, t] * (keep[other] if gains else -1)
            assert float(value[d, side]) == pytest.approx(total, abs=1e-3), (name, who)
            assert float(given_up[d, side]) == pytest.approx(given, abs=1e-4), (name, who)


def test_doves_make_concessions_cheaper_and_breach_makes_promises_worth_less(
    world: tuple[Parameters, Setting, Deals], kursk: CaseFile
):
    p, setting, deals = world
    dictated = translate.whole_deals(kursk).index("dictated")
    swap = translate.whole_deals(kursk).index("land_for_land")

    def value(**changed: np.ndarray) -> np.ndarray:
        q = eqx.tree_at(lambda p: [getattr(p, n) for n in changed], p, list(changed.values()))
        worth = worth_of_ground(q, setting)
        return np.asarray(deal_values(q, setting, deals, worth, setting.share, np.full(2, 5.0))[0])

    hawkish, dovish = value(doves=np.zeros(2)), value(doves=np.ones(2))
    assert dovish[dictated, 0] > hawkish[dictated, 0]
    assert dovish[dictated, 1] == hawkish[dictated, 1], "who gives up no own soil pays no price"
    faithful, faithless = value(breach=np.zeros(2)), value(breach=np.array([0.0, 0.5]))
    assert (faithless[swap] < faithful[swap]).all(), "a broken deal brings the war back to both"


def test_vetoes(kursk: CaseFile, world: tuple[Parameters, Setting, Deals]):
    _, _, deals = world
    names, terms = translate.whole_deals(kursk), list(kursk.terms)
    none_given = np.zeros((len(names), 2))
    given = none_given.copy()
    given[names.index("dictated"), 0] = 10.0
    support, veto, free = np.array([0.6, 0.6]), np.array([0.5, 0.5]), np.zeros(len(terms))
    may = np.asarray(allowed(deals, given, support, veto, free))
    assert [n for n, ok in zip(names, may, strict=True) if not ok] == ["dictated"]
    assert allowed(deals, given, np.array([0.4, 0.6]), veto, free).all(), "with support worn down"
    blocked = free.copy()
    blocked[terms.index("sanctions_relief")] = 1.0
    may = np.asarray(allowed(deals, none_given, support, veto, blocked))
    forbidden = {n for n, ok in zip(names, may, strict=True) if not ok}
    assert forbidden == {n for n in names if "sanctions_relief" in kursk.deals[n].terms}


def training_wars(count: int, horizon: int = HORIZON) -> TrainingWars:
    """Wars whose features mean nothing, with talks always open and one deal on the table."""
    rng = np.random.default_rng(6)
    weeks, at = horizon + 1, len(knots(horizon))
    features = rng.normal(size=(count, at, 2, len(FEATURES)))
    return TrainingWars(
        features=features,
        believed=features,
        deal_value=np.broadcast_to([40.0, 35.0], (count, at, 1, 2)),
        deal_allowed=np.ones((count, at, 1)),
        line=np.full((count, weeks, 2), 30.0),
        cost=np.full((count, weeks, 2), 0.2),
        talks_open=np.ones((count, weeks)),
        over=np.zeros((count, weeks)),
        left=np.zeros((count, 2)),
        discount=np.full(count, 0.08),
        nerve=np.full(count, 0.15),
        power=np.full(count, 0.5),
        tail_years=np.full(count, 1.5),
        world=np.arange(count),
    )


def test_going_on_is_worth_what_the_chance_of_the_deal_makes_of_it():
    """With open talks a deal comes by its weekly chance; the value follows in closed form."""
    rate = 0.08 / WEEKS_A_YEAR
    deal = np.array([40.0, 35.0])
    value = np.full(2, 30.0 - 0.2 * 1.5 * WEEKS_A_YEAR)
    for end, start in [(22, 20), *((w, w - KNOT_WEEKS) for w in range(20, 0, -KNOT_WEEKS))]:
        struck = 1 - 0.85 ** (end - start)
        value = struck * deal + (1 - struck) * value
        for _ in range(end - start):
            value = rate * 30.0 - 0.2 + np.exp(-rate) * value
    at_mean = fit(training_wars(400)).coefficients[0] @ quadratic(np.zeros(len(FEATURES)))
    np.testing.assert_allclose(at_mean, value, atol=1e-9)


def test_what_a_side_knows_is_found_in_the_value():
    """Where a feature tells the line, the value is linear in it, to the ridge's thousandth."""
    wars = training_wars(4000)
    told = np.random.default_rng(7).normal(size=4000)
    features = wars.features.copy()
    features[..., 0] = told[:, None, None]
    line = 30.0 + np.broadcast_to(told[:, None, None], wars.line.shape)
    none = np.zeros_like(wars.talks_open)
    found = fit(replace(wars, features=features, line=line, talks_open=none))
    rate = 0.08 / WEEKS_A_YEAR
    slope = 1.0
    for _ in range(HORIZON):
        slope = rate + np.exp(-rate) * slope
    scaled = found.coefficients[0][:, 1] / found.scale[:, 0]
    np.testing.assert_allclose(scaled, slope, rtol=3 * fitting.RIDGE)
    assert (found.r2 > 0.999).all()


def test_the_fit_is_the_same_with_any_number_of_threads():
    """In numbers enough for the library of linear algebra to divide sums among threads."""
    wars = training_wars(20_000, horizon=4)
    noisy = replace(wars, line=wars.line + np.random.default_rng(8).normal(size=wars.line.shape))
    with threadpool_limits(1):
        one = fit(noisy)
    with threadpool_limits(2):
        two = fit(noisy)
    assert one.coefficients.tobytes() == two.coefficients.tobytes()
