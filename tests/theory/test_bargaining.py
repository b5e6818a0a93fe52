"""Bargaining ranges, splits and offers that have a closed form, through what a week of talks calls.

A pie of 1, which side A (side 0) wins by war with chance p, at costs cA and cB. A deal gives A a
share of the pie; menus of deals grow finer around what is struck until the closed form shows.
"""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from haggling import bargainers, division
from hypothesis import given
from hypothesis import strategies as st

from ripeness.settlement import bargaining
from ripeness.settlement.bargaining import (
    PROPOSER,
    ULTIMATUM,
    Bid,
    Manner,
    acceptance,
    in_range,
    leverage,
    place_shown,
    proposers_share,
    width,
)

pytestmark = pytest.mark.usefixtures("double_precision")

bargain = jax.jit(bargaining.bargain)

EXACT = 1e-6
"""Within which a closed form is met."""

MENU, FINER = 101, 5
"""Deals of a menu; menus, each 25 times finer than the one before: the last is exact to 3e-8."""

A, B = 1.0, 0.0
"""Who proposes."""

Worth = Callable[[np.ndarray], np.ndarray]
"""Worth of deals to both sides, of the share that they give A."""


def offered(value: np.ndarray, going_on: np.ndarray, manner: Manner, proposes: float = A) -> Bid:
    """One week's bargaining over deals that nobody vetoes, before anyone has refused one."""
    worlds = np.shape(manner.power)
    may = jnp.ones((len(value), *worlds))
    return bargain(
        value, going_on, may, manner, jnp.full(worlds, proposes), jnp.zeros((2, *worlds))
    )


def struck(
    going_on: tuple[float, float], manner: Manner, proposes: float = A, worth: Worth = division
) -> float:
    """A's share in the deal that is proposed, on ever finer menus of divisions."""
    low, high, share = 0.0, 1.0, np.nan
    for _ in range(FINER):
        menu = np.linspace(low, high, MENU)
        bid = offered(worth(menu), np.array(going_on), manner, proposes)
        assert int(bid.deal) >= 0
        share, step = menu[int(bid.deal)], menu[1] - menu[0]
        low, high = max(share - 2 * step, 0.0), min(share + 2 * step, 1.0)
    return float(share)


def war(p: float, cost_a: float, cost_b: float) -> tuple[float, float]:
    """What war is worth to both sides."""
    return p - cost_a, 1.0 - p - cost_b


chances = st.floats(0.35, 0.65)
costs = st.floats(0.02, 0.3)
shares = st.floats(0.05, 0.95)
kept_a_week = st.floats(0.05, 0.999)


def check_range(p: float, cost_a: float, cost_b: float) -> None:
    low, high = p - cost_a, p + cost_b
    menu = np.array([low - EXACT, low + EXACT, high - EXACT, high + EXACT])
    going_on = np.array(war(p, cost_a, cost_b))
    feasible = in_range(jnp.array(division(menu) - going_on), jnp.ones(4))
    assert np.asarray(feasible).tolist() == [0.0, 1.0, 1.0, 0.0]
    found = width(division(menu), going_on, feasible)
    assert float(found) == pytest.approx(cost_a + cost_b, abs=1e-12)


def test_a1_bargaining_range():
    """A1, Fearon, "Rationalist explanations for war" (1995): [.5, .8], as wide as both costs."""
    check_range(0.6, 0.1, 0.2)


@given(p=chances, cost_a=costs, cost_b=costs)
def test_a1_for_any_costs(p: float, cost_a: float, cost_b: float):
    check_range(p, cost_a, cost_b)


@pytest.mark.parametrize(("power", "expected"), [(0.5, 0.65), (0.7, 0.71)])
def test_a2_nash_split(power: float, expected: float):
    """A2, Nash, "The bargaining problem" (1950), with weights: p - cA + a (cA + cB)."""
    found = struck(war(0.6, 0.1, 0.2), bargainers(power=power))
    assert found == pytest.approx(expected, abs=EXACT)


@given(p=chances, cost_a=costs, cost_b=costs, power=shares)
def test_a2_for_any_costs_and_weights(p: float, cost_a: float, cost_b: float, power: float):
    found = struck(war(p, cost_a, cost_b), bargainers(power=power))
    assert found == pytest.approx(p - cost_a + power * (cost_a + cost_b), abs=EXACT)


def valued_less_by_a(exponent: float) -> Worth:
    """A's worth of a share x is ``x ** exponent``; B's is what is left."""
    return lambda share: np.stack([share**exponent, 1.0 - share], axis=1)


def test_a3_risk_aversion():
    """A3, the Nash split with u = sqrt(x) and nothing to fall back on: g / (1 + g) = 1/3."""
    found = struck((0.0, 0.0), bargainers(), worth=valued_less_by_a(0.5))
    assert found == pytest.approx(1 / 3, abs=EXACT)


@given(averse=st.floats(0.1, 1.0))
def test_a3_for_any_aversion(averse: float):
    found = struck((0.0, 0.0), bargainers(), worth=valued_less_by_a(averse))
    assert found == pytest.approx(averse / (1 + averse), abs=EXACT)


def test_a4_risk_aversion_with_something_to_fall_back_on():
    """A4, the Nash split with u = sqrt(x), .5 (utility) and .2 to fall back on: .503098."""
    found = struck((0.5, 0.2), bargainers(), worth=valued_less_by_a(0.5))
    assert found == pytest.approx(0.503098, abs=EXACT)


def delay(kept_a: float, kept_b: float) -> tuple[float, float]:
    """Rate a week at which a deal put off loses its worth, of what is kept of it for a week."""
    return -np.log(kept_a), -np.log(kept_b)


@pytest.mark.parametrize(
    ("kept_a", "kept_b", "first", "second"),
    [
        (0.5, 0.5, 0.666667, 1 - 0.666667),
        (0.9, 0.9, 0.526316, 1 - 0.526316),
        (0.99, 0.99, 0.502513, 1 - 0.502513),
        (0.9, 0.8, 0.714286, 0.642857),
    ],
)
def test_a5_alternating_offers(kept_a: float, kept_b: float, first: float, second: float):
    """A5, Rubinstein, "Perfect equilibrium in a bargaining model" (1982): A's share if A, if B
    proposes."""
    given = delay(kept_a, kept_b)
    share = np.asarray(proposers_share(jnp.array(given)))
    assert [share[0], 1 - share[1]] == pytest.approx([first, second], abs=EXACT)
    manner = bargainers(PROPOSER, delay=given)
    assert struck((0.0, 0.0), manner, A) == pytest.approx(first, abs=EXACT)
    assert struck((0.0, 0.0), manner, B) == pytest.approx(second, abs=EXACT)


def test_a5_limit_of_quick_offers():
    """A5, as the time between offers goes to zero: A's share is rB / (rA + rB) = 2/3."""
    between = 2e-5
    share = np.asarray(proposers_share(jnp.array([0.05, 0.10]) * between))
    assert [share[0], 1 - share[1]] == pytest.approx([2 / 3, 2 / 3], abs=EXACT)


@given(kept_a=kept_a_week, kept_b=kept_a_week)
def test_a5_for_any_patience(kept_a: float, kept_b: float):
    """Each side's offer leaves the other what waiting to make its own would bring."""
    manner = bargainers(PROPOSER, delay=delay(kept_a, kept_b))
    first, second = struck((0.0, 0.0), manner, A), struck((0.0, 0.0), manner, B)
    assert first == pytest.approx((1 - kept_b) / (1 - kept_a * kept_b), abs=EXACT)
    assert 1 - first == pytest.approx(kept_b * (1 - second), abs=EXACT)
    assert second == pytest.approx(kept_a * first, abs=EXACT)


@pytest.mark.parametrize(
    ("breakdown", "first", "second"),
    [
        (0.2, 0.666667, 0.633333),
        (0.05, 0.653846, 0.646154),
        (0.01, 0.650754, 0.649246),
        (0.001, 0.650075, 0.649925),
    ],
)
def test_a6_risk_of_breakdown(breakdown: float, first: float, second: float):
    """A6, Binmore, Rubinstein and Wolinsky, "The Nash bargaining solution in economic modelling"
    (1986): as the risk of breakdown falls, who proposes matters less and the split is Nash's .65.
    """
    manner = bargainers(PROPOSER, delay=delay(1 - breakdown, 1 - breakdown))
    assert struck((0.5, 0.2), manner, A) == pytest.approx(first, abs=EXACT)
    assert struck((0.5, 0.2), manner, B) == pytest.approx(second, abs=EXACT)
    menu = division(np.array([first, second]))
    got = leverage(menu, jnp.array([0.5, 0.2]), jnp.ones(2), manner, jnp.zeros(2))
    assert np.asarray(got) == pytest.approx([0.65, 0.35], abs=EXACT), "the mean over who proposes"


@given(breakdown=st.floats(0.001, 0.5), p=chances, cost_a=costs, cost_b=costs)
def test_a6_for_any_risk(breakdown: float, p: float, cost_a: float, cost_b: float):
    """The proposer has 1 / (2 - risk) of the surplus."""
    manner = bargainers(PROPOSER, delay=delay(1 - breakdown, 1 - breakdown))
    found = struck(war(p, cost_a, cost_b), manner, A)
    expected = p - cost_a + (cost_a + cost_b) / (2 - breakdown)
    assert found == pytest.approx(expected, abs=EXACT)


def take_it_or_leave_it(
    p: float, cost: float, low: float, high: float, kinds: int = 4800
) -> tuple[float, float, float]:
    """A's demand where B's cost lies anywhere in [low, high]; the chance of war; A's worth of it.

    Worlds differ in B's cost: one in the middle of each of so many equal parts of the range.
    """
    doubt = (high - low) / 2
    place = (np.arange(kinds) + 0.5) / kinds
    cost_b = high - place * (high - low)
    demand = struck(
        war(p, cost, high - doubt), bargainers(ULTIMATUM, doubt=(0.0, doubt), place=(0.5, 0.5))
    )
    manner = bargainers(
        ULTIMATUM, np.ones(kinds), doubt=(0.0, doubt), place=np.stack([place, place])
    )
    going_on = np.stack(np.broadcast_arrays(p - cost, 1 - p - cost_b))
    menu = np.broadcast_to(division(np.array([demand]))[..., None], (1, 2, kinds))
    agreed = np.asarray(offered(menu, going_on, manner).agreed)
    hoped = acceptance(
        place_shown(menu[0, 1] - going_on[1], jnp.array(doubt), place), jnp.array(0.0)
    )
    # one world at most is on the wrong side of the one that is indifferent
    assert np.asarray(hoped) == pytest.approx(agreed.mean(), abs=0.5 / kinds + EXACT)
    return demand, 1 - agreed.mean(), np.where(agreed > 0, demand, p - cost).mean()


@pytest.mark.parametrize(
    ("p", "cost", "low", "high", "demand", "chance", "worth"),
    [
        (0.5, 0.1, 0.0, 0.4, 0.65, 0.375, 0.55625),
        (0.5, 0.1, 0.0, 0.2, 0.55, 0.25, 0.5125),
        (0.6, 0.05, 0.05, 0.35, 0.75, 1 / 3, 0.683333),
        (0.5, 0.1, 0.2, 0.4, 0.7, 0.0, 0.7),
        (0.5, 0.3, 0.0, 0.2, 0.5, 0.0, 0.5),
    ],
)
def test_a8_risk_of_war_against_return(
    p: float, cost: float, low: float, high: float, demand: float, chance: float, worth: float
):
    """A8, Fearon (1995), the trade-off of risk and return: the demand is p + max(l, (h - cA) / 2).

    The last two rows are corners, where a demand that all take is best.
    """
    found = take_it_or_leave_it(p, cost, low, high)
    assert found == pytest.approx((demand, chance, worth), abs=EXACT)


@given(
    p=st.floats(0.3, 0.5),
    cost=st.floats(0.01, 0.3),
    low=st.floats(0, 0.2),
    more=st.floats(0.05, 0.3),
)
def test_a8_for_any_doubt(p: float, cost: float, low: float, more: float):
    high, kinds = low + more, 4800
    demand, chance, _ = take_it_or_leave_it(p, cost, low, high)
    asked = max(low, (high - cost) / 2)
    assert demand == pytest.approx(p + asked, abs=EXACT)
    assert chance == pytest.approx((asked - low) / more, abs=0.5 / kinds + EXACT)


def test_a8b_five_kinds():
    """A8b, the discrete version (solved with Gambit as well): a demand of .70, war with chance .4.

    Costs of .04, .12, .20, .28 and .36, as likely as each other, are five equal parts of a range
    from .04 to .44: all costs in a part take the same of the five demands that can be best.
    """
    p, cost, doubt = 0.5, 0.1, 0.2
    demands = p + np.array([0.04, 0.12, 0.20, 0.28, 0.36])
    place = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
    going_on = np.stack(np.broadcast_arrays(p - cost, 1 - p - (0.44 - 0.4 * place)))
    manner = bargainers(ULTIMATUM, np.ones(5), doubt=(0.0, doubt), place=np.stack([place, place]))
    menu = np.broadcast_to(division(demands)[..., None], (5, 2, 5))
    bid = offered(menu, going_on, manner)
    np.testing.assert_allclose(demands[np.asarray(bid.deal)], 0.70, atol=EXACT)
    agreed = np.asarray(bid.agreed)
    assert 1 - agreed.mean() == pytest.approx(0.4, abs=EXACT)
    assert np.where(agreed > 0, 0.70, p - cost).mean() == pytest.approx(0.58, abs=EXACT)


def risks_war(chance_weak: np.ndarray, safe: float, risky: float, refused: float) -> np.ndarray:
    """Whether A makes the demand that only the weak kind of B takes, in worlds.

    Parameters
    ----------
    chance_weak
        That B is weak: the two kinds are two parts of the range of doubt, as long as they are
        likely.
    safe, risky
        Demands at which the strong, and the weak kind is indifferent.
    refused
        What A has where its demand is refused.
    """
    worlds = len(chance_weak)
    menu = np.broadcast_to(division(np.array([safe, risky]))[..., None], (2, 2, worlds))
    doubt = (risky - safe) / (2 * (1 - chance_weak))
    least = menu[1, 1] - 2 * doubt * chance_weak
    manner = bargainers(ULTIMATUM, doubt=np.stack([doubt, doubt]), place=(0.0, 0.0))
    going_on = np.stack(np.broadcast_arrays(refused, least))
    return np.asarray(offered(menu, going_on, manner).deal) == 1


def least_chance(risks: Callable[[np.ndarray], np.ndarray]) -> float:
    """Chance of a weak enemy from which on A takes the risk, between ever nearer bounds."""
    safe, risky = 0.0, 1.0 - EXACT
    while risky - safe > EXACT / 10:
        chances = np.linspace(safe, risky, MENU)
        first = int(np.argmax(risks(chances)))
        assert first > 0
        safe, risky = chances[first - 1], chances[first]
    return risky


def risk_on_power(strong: float, weak: float, cost_a: float, cost_b: float) -> float:
    """Least chance that war is won with `weak` rather than `strong`; after a refusal A knows."""
    return least_chance(
        lambda q: risks_war(q, strong + cost_b, weak + cost_b, refused=strong - cost_a)
    )


def test_a9_unknown_power():
    """A9, two kinds of power, .7 and .4, costs .1: the risky demand if q > .4.

    q* = (cA + cB) / (pH - pL + cA + cB), derived from Fearon (1995).
    """
    assert risk_on_power(0.4, 0.7, 0.1, 0.1) == pytest.approx(0.4, abs=EXACT)


@given(strong=st.floats(0.2, 0.4), more=st.floats(0.05, 0.3), cost_a=costs, cost_b=costs)
def test_a9_for_any_power(strong: float, more: float, cost_a: float, cost_b: float):
    expected = (cost_a + cost_b) / (more + cost_a + cost_b)
    found = risk_on_power(strong, strong + more, cost_a, cost_b)
    assert found == pytest.approx(expected, abs=EXACT)


def risk_on_cost(p: float, strong: float, weak: float, cost: float) -> float:
    """Least chance that war costs B `weak` rather than `strong`, at which A takes the risk."""
    return least_chance(lambda q: risks_war(q, p + strong, p + weak, refused=p - cost))


def test_a9b_unknown_cost():
    """A9b, two kinds of cost, .05 and .25, and cA = .1: q* = (cs + cA) / (cw + cA) = .428571."""
    assert risk_on_cost(0.5, 0.05, 0.25, 0.1) == pytest.approx(0.428571, abs=EXACT)


@given(p=chances, strong=st.floats(0.0, 0.1), more=st.floats(0.02, 0.2), cost=costs)
def test_a9b_for_any_cost(p: float, strong: float, more: float, cost: float):
    expected = (strong + cost) / (strong + more + cost)
    assert risk_on_cost(p, strong, strong + more, cost) == pytest.approx(expected, abs=EXACT)
