"""Bargaining and deals against slower ways to the same answer."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from haggling import NOBODY_REFUSED, bargainers
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from threadpoolctl import threadpool_limits
from training import held_and_paid, talking

from ripeness.case.schema import CaseFile
from ripeness.settlement import fitting
from ripeness.settlement.bargaining import bargain, leverage, pick, width
from ripeness.settlement.beliefs import BATTLES, battle_precision, learn
from ripeness.settlement.continuation import FEATURES, quadratic
from ripeness.settlement.deals import (
    Deals,
    Stakes,
    Valued,
    allowed,
    as_leaders_see,
    deal_values,
    kept,
    line_value,
    weigh,
    worth_of_ground,
)
from ripeness.settlement.fitting import KNOT_WEEKS, TrainingWars, fit
from ripeness.war.arrays import FEW, WEEKS_A_YEAR, PerSector
from ripeness.war.noise import Noise, world_key
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
    table = jnp.array(value), jnp.array(going_on), jnp.array(may), bargainers(power=power)
    found = bargain(*table, jnp.array(1.0), NOBODY_REFUSED)
    widest = float(width(jnp.array(value), jnp.array(going_on), found.feasible))
    gains = {
        deal: value[deal].astype(float) - going_on
        for deal in range(DEALS)
        if may[deal] and (value[deal] >= going_on).all()
    }
    assert set(np.flatnonzero(found.feasible)) == set(gains)
    assert (int(found.deal) in gains) if gains else int(found.deal) == -1
    assert bool(found.agreed) == bool(gains)
    if gains:
        product = {deal: g[0] ** power * g[1] ** (1 - power) for deal, g in gains.items()}
        best = max(product.values())
        assert product[int(found.deal)] == pytest.approx(best, rel=1e-4, abs=1e-4)
        assert widest == pytest.approx(max(g.sum() for g in gains.values()), rel=1e-5, abs=1e-4)
    else:
        assert widest == 0.0
        assert (np.asarray(leverage(*table, NOBODY_REFUSED)) == going_on).all()


@given(
    value=arrays(np.float32, (DEALS, 2), elements=points, unique=True),
    going_on=arrays(np.float32, 2, elements=points),
)
def test_exchanging_the_sides_exchanges_what_they_get(value: np.ndarray, going_on: np.ndarray):
    def met(value: np.ndarray, going_on: np.ndarray, power: float) -> tuple[np.ndarray, int, float]:
        table = jnp.array(value), jnp.array(going_on), jnp.ones(DEALS), bargainers(power=power)
        bid = bargain(*table, jnp.array(1.0), NOBODY_REFUSED)
        return np.asarray(bid.feasible), int(bid.deal), float(width(*table[:2], bid.feasible))

    feasible, here, wide = met(value, going_on, 0.25)
    mirrored, there, as_wide = met(value[:, ::-1], going_on[::-1], 0.75)
    assert (feasible == mirrored).all()
    assert wide == as_wide
    surplus = np.maximum(value.astype(float) - going_on, 0)
    product = surplus[:, 0] ** 0.25 * surplus[:, 1] ** 0.75
    if here != there:  # as good as each other but for rounding
        assert product[here] == pytest.approx(product[there], rel=1e-4)


@pytest.mark.parametrize("deals", [1, 2, FEW, FEW + 1])
def test_each_world_gets_what_belongs_to_its_deal(deals: int):
    value = np.random.default_rng(deals).normal(size=(deals, 2, 5)).astype(np.float32)
    chosen = np.array([0, deals - 1, deals // 2, 0, -1])
    expected = [value[max(deal, 0), :, world] for world, deal in enumerate(chosen)]
    np.testing.assert_array_equal(pick(value, chosen), np.transpose(expected))


def test_beliefs_after_many_weeks_are_those_of_all_evidence_at_once():
    rng = np.random.default_rng(4)
    signs, fighting, sd = rng.normal(0.2, 0.4, 50), rng.uniform(0, 1, 50), 0.4
    mean, variance = np.array([0.5, -0.1]), np.array([0.09, 0.25])
    prior = 1 / variance
    m, v = mean, variance
    for sign, part in zip(signs, fighting, strict=True):
        told = battle_precision(jnp.int32(BATTLES), np.asarray(sd), np.asarray(part))
        m, v = learn(m, v, np.asarray(sign), told)
    evidence = fighting / sd**2
    np.testing.assert_allclose(v, 1 / (prior + evidence.sum()))
    np.testing.assert_allclose(m, (prior * mean + (evidence * signs).sum()) * v)
    assert abs(m[0] - m[1]) < abs(mean[0] - mean[1]) / 5, "the same battles bring both together"


LUCK = Noise(world_key(1, 7), jnp.int32(0))


class AtTable(NamedTuple):
    """What deals are worth in a world with a line of its own and a cost of a year of war."""

    stakes: Stakes
    valued: Valued


def at_table(
    p: Parameters, setting: Setting, deals: Deals, share: PerSector, year_cost: np.ndarray
) -> AtTable:
    stakes = weigh(p, setting, deals, LUCK, price_felt=1.0 - p.doves)
    line = line_value(stakes.worth, share)
    return AtTable(stakes, deal_values(stakes, deals, share, line, year_cost))


@pytest.fixture(scope="module")
def world(kursk: CaseFile) -> tuple[Parameters, Setting, Deals]:
    block = parameters(kursk, sample(kursk, 1, 7, 1))
    p = jax.tree.map(lambda column: np.asarray(column[..., 0], float), block)
    # what the case leaves at nothing counts here, so that the sums have to account for it
    p = eqx.tree_at(lambda p: (p.rearmed_loss, p.office_stake), p, (RISK, STAKE))
    return p, translate.setting(kursk), translate.deals(kursk)


RISK, STAKE = np.array([5.0, 3.0]), np.array([2.0, 6.0])
"""Points that a side loses to a rearmed enemy; that a leadership loses with its office."""


def test_deal_values_by_hand(world: tuple[Parameters, Setting, Deals], kursk: CaseFile):
    """Every deal, sector by sector and term by term, at a line that has moved since the start."""
    p, setting, deals = world
    worth, keep = np.asarray(worth_of_ground(p, setting)), np.asarray(kept(p.discount, p.breach))
    share = np.clip(setting.share + np.array([-0.02, 0.01, 0.0, -0.01, 0.3, 0.0]), 0, 1)
    year = np.array([4.0, 6.0])
    stakes, valued = at_table(p, setting, deals, share, year)
    leaders = np.asarray(as_leaders_see(p, stakes, valued))
    for d, name in enumerate(translate.whole_deals(kursk)):
        control = [kursk.deals[name].holder(sector) for sector in kursk.sectors]
        for side, who in enumerate(kursk.sides):
            other = 1 - side
            total, given = -(1 - keep[0] * keep[1]) * p.renewed_war_years * year[side], 0.0
            total -= (1 - keep[other]) * RISK[side]
            had = promised = 0.0
            for k, word in enumerate(control):
                after = {
                    "line": share[k],
                    "start": setting.share[k],
                    "recognised": setting.own_soil[0, k],
                    "ukraine": 1.0,
                    "russia": 0.0,
                }[word]
                begun, held, then = (
                    x if side == 0 else 1 - x for x in (setting.share[k], share[k], after)
                )
                had += worth[side, k] * begun
                promised += worth[side, k] * then
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
                    promised += p.term_worth[side, t] * (1 if gains else -1)
            assert float(valued.value[d, side]) == pytest.approx(total, abs=1e-3), (name, who)
            assert float(valued.own_given[d, side]) == pytest.approx(given, abs=1e-4), (name, who)
            assert float(valued.left[d, side]) == pytest.approx(promised, abs=1e-3), (name, who)
            falls = min(max(had - promised, 0) / p.office_loss[side], 1) * (1 - p.doves[side])
            expected = total - falls * STAKE[side]
            assert float(leaders[d, side]) == pytest.approx(expected, abs=1e-3), (name, who)


def test_doves_make_concessions_cheaper_and_breach_makes_promises_worth_less(
    world: tuple[Parameters, Setting, Deals], kursk: CaseFile
):
    p, setting, deals = world
    dictated = translate.whole_deals(kursk).index("dictated")
    swap = translate.whole_deals(kursk).index("land_for_land")

    def value(**changed: np.ndarray) -> np.ndarray:
        q = eqx.tree_at(lambda p: [getattr(p, n) for n in changed], p, list(changed.values()))
        found = at_table(q, setting, deals, setting.share, np.full(2, 5.0 / p.renewed_war_years))
        return np.asarray(found.valued.value)

    hawkish, dovish = value(doves=np.zeros(2)), value(doves=np.ones(2))
    assert dovish[dictated, 0] > hawkish[dictated, 0]
    assert dovish[dictated, 1] == hawkish[dictated, 1], "who gives up no own soil pays no price"
    faithful, faithless = value(breach=np.zeros(2)), value(breach=np.array([0.0, 0.5]))
    assert (faithless[swap] < faithful[swap]).all(), "a broken deal brings the war back to both"


def test_vetoes(kursk: CaseFile, world: tuple[Parameters, Setting, Deals]):
    p, setting, deals = world
    names, terms = translate.whole_deals(kursk), list(kursk.terms)
    none_given = np.zeros((len(names), 2))
    given = none_given.copy()
    given[names.index("dictated"), 0] = 10.0
    support, veto = np.array([0.6, 0.6]), np.array([0.5, 0.5])

    def hindered(chance: np.ndarray) -> np.ndarray:
        q = eqx.tree_at(lambda p: p.term_blocked, p, chance)
        return np.asarray(weigh(q, setting, deals, LUCK, price_felt=1.0 - p.doves).hindered)

    free = hindered(np.zeros(len(terms)))
    may = np.asarray(allowed(given, support, veto, free))
    assert [n for n, ok in zip(names, may, strict=True) if not ok] == ["dictated"]
    assert allowed(given, np.array([0.4, 0.6]), veto, free).all(), "with support worn down"
    blocked = np.zeros(len(terms))
    blocked[terms.index("sanctions_relief")] = 1.0
    may = np.asarray(allowed(none_given, support, veto, hindered(blocked)))
    forbidden = {n for n, ok in zip(names, may, strict=True) if not ok}
    assert forbidden == {n for n in names if "sanctions_relief" in kursk.deals[n].terms}


def training_wars(line: np.ndarray) -> TrainingWars:
    """Wars whose features mean nothing, from worlds by weeks by sides of the line."""
    wars = held_and_paid(line, np.full_like(line, 0.2), discount=0.08, tail_years=1.5, seed=6)
    return replace(wars, nerve=np.full(len(line), 0.15))


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
    wars = talking(training_wars(np.full((400, HORIZON + 1, 2), 30.0)), deal)
    at_mean = fit(wars).coefficients[0] @ quadratic(np.zeros(len(FEATURES)))
    np.testing.assert_allclose(at_mean, value, atol=1e-9)


def test_what_a_side_knows_is_found_in_the_value():
    """Where a feature tells the line, the value is linear in it, to the ridge's thousandth."""
    told = np.random.default_rng(7).normal(size=4000)
    wars = training_wars(np.broadcast_to(30.0 + told[:, None, None], (4000, HORIZON + 1, 2)))
    features = wars.features.copy()
    features[..., 0] = told[:, None, None]
    found = fit(replace(wars, features=features))
    rate = 0.08 / WEEKS_A_YEAR
    slope = 1.0
    for _ in range(HORIZON):
        slope = rate + np.exp(-rate) * slope
    scaled = found.coefficients[0][:, 1] / found.scale[:, 0]
    np.testing.assert_allclose(scaled, slope, rtol=3 * fitting.RIDGE)
    assert (found.r2 > 0.999).all()


def test_the_fit_is_the_same_with_any_number_of_threads():
    """In numbers enough for the library of linear algebra to divide sums among threads."""
    noise = np.random.default_rng(8).normal(size=(20_000, 5, 2))
    noisy = talking(training_wars(30.0 + noise), np.array([40.0, 35.0]))
    with threadpool_limits(1):
        one = fit(noisy)
    with threadpool_limits(2):
        two = fit(noisy)
    assert one.coefficients.tobytes() == two.coefficients.tobytes()
