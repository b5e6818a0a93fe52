"""What battles, offers and refusals teach, where a closed form or a theorem says it."""

from __future__ import annotations

from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from haggling import bargainers, division
from hypothesis import given
from hypothesis import strategies as st

from ripeness.case.schema import CaseFile
from ripeness.settlement import bargaining
from ripeness.settlement.bargaining import ULTIMATUM, in_range
from ripeness.settlement.beliefs import (
    BATTLES,
    BATTLES_AND_OFFERS,
    NONE,
    battle_precision,
    learn,
    offer_precision,
)
from ripeness.settlement.course import learn_from_refusal
from ripeness.war.arrays import OTHER
from ripeness.war.noise import Noise
from ripeness.war.parameters import Parameters, State
from ripeness.war.week import first_state
from ripeness.worlds import translate
from ripeness.worlds.sampling import parameters, sample

pytestmark = pytest.mark.usefixtures("double_precision")

bargain = jax.jit(bargaining.bargain)

EXACT = 1e-6
SIGN_SD = 0.5
"""Noise of a battle as a sign of the chance to win; its size drops out."""

Believed = tuple[np.ndarray, np.ndarray]
"""Mean and variance of both sides' beliefs."""


def fought(prior: Believed, battles: np.ndarray, learning: int = BATTLES) -> Believed:
    """What both believe after battles that both see alike."""
    told = battle_precision(jnp.int32(learning), jnp.array(SIGN_SD), fighting=jnp.array(1.0))
    mean, variance = prior
    for sign in battles:
        mean, variance = learn(mean, variance, jnp.full(2, sign), told)
    return np.asarray(mean), np.asarray(variance)


def worth_battles(mean: tuple[float, float], battles: float) -> Believed:
    """Beliefs before the first battle, as firm as if they came from so many."""
    return np.array(mean), np.full(2, SIGN_SD**2 / battles)


@pytest.mark.parametrize(("battles", "gap"), [(0, 0.4), (5, 0.266667), (10, 0.2), (20, 0.133333)])
def test_c1_the_same_battles_bring_beliefs_together(battles: int, gap: float):
    """C1, priors Beta(8, 2) and Beta(4, 6): the gap is 4 / (10 + n) whatever the results.

    Means of .8 and .4, as firm as ten battles: the normal-normal rule has the same weights.
    """
    for seed in range(3):
        results = np.random.default_rng(seed).normal(0.6, SIGN_SD, battles)
        mean, _ = fought(worth_battles((0.8, 0.4), 10), results)
        assert mean[0] - mean[1] == pytest.approx(gap, abs=EXACT)


def opens_after(prior: Believed, cost: float, most: int) -> int:
    """Battles until there is a division that both prefer to going on, at a cost of `cost` each."""
    for battles in range(most):
        mean, _ = fought(prior, np.full(battles, 0.6))
        claims = mean[0] - cost, mean[1] + cost  # least that side 0 takes, most that 1 gives
        menu = division(np.array([claims[0], sum(claims) / 2, claims[1]]))
        going_on = np.array([claims[0], 1 - claims[1]])
        if np.asarray(in_range(jnp.array(menu - going_on), jnp.ones(3)))[1]:
            return battles
    return most


def test_c1_the_range_opens_after_ten_battles():
    """C1: at n = 10, where both costs together are .2 (and a millionth, against rounding)."""
    prior = worth_battles((0.8, 0.4), 10)
    assert opens_after(prior, 0.1 + EXACT, most=20) == 10
    assert opens_after(prior, 0.1 - EXACT, most=20) == 11


@given(
    firm=st.floats(1, 20), mean=st.floats(0.5, 0.9), gap=st.floats(0.05, 0.4), n=st.integers(0, 30)
)
def test_c1_for_any_priors(firm: float, mean: float, gap: float, n: int):
    found, variance = fought(worth_battles((mean, mean - gap), firm), np.linspace(-1, 2, n))
    assert found[0] - found[1] == pytest.approx(gap * firm / (firm + n), abs=EXACT)
    np.testing.assert_allclose(variance, SIGN_SD**2 / (firm + n), atol=EXACT)


class Haggled(NamedTuple):
    """Week after week of ultimatums (first axis) to sides of many kinds (second axis).

    Attributes
    ----------
    kind
        Place in the range of doubt, 0 the least stubborn.
    offered, taken, refused
        What the offer leaves the other side; 1 if it takes it; up to where in the range its
        refusals have shown, before the week, that it does not lie.
    """

    kind: np.ndarray
    offered: np.ndarray
    taken: np.ndarray
    refused: np.ndarray


KINDS, WEEKS, MENU = 64, 30, 801


def haggle(
    of_war: tuple[Parameters, State], p: float, cost: float, low: float, high: float
) -> Haggled:
    """Make side 0 offer every week; the other's cost of war lies anywhere from `low` to `high`."""
    given, state = of_war
    kind = (np.arange(KINDS) + 0.5) / KINDS
    doubt = (high - low) / 2
    manner = bargainers(ULTIMATUM, np.ones(KINDS), doubt=(0.0, doubt), place=np.stack([kind, kind]))
    shares = np.linspace(p - cost, p + high, MENU)
    menu = np.broadcast_to(division(shares)[..., None], (MENU, 2, KINDS))
    cost_b = high - kind * (high - low)
    going_on = np.stack(np.broadcast_arrays(p - cost, 1 - p - cost_b))
    weeks = []
    for _ in range(WEEKS):
        before = np.asarray(state.refused)[1]
        bid = bargain(
            menu, going_on, jnp.ones((MENU, KINDS)), manner, jnp.ones(KINDS), state.refused
        )
        state = learn_from_refusal(given, state, bid)
        offered = 1 - shares[np.asarray(bid.deal)]
        weeks.append((offered, np.asarray(bid.agreed), before))
    return Haggled(kind, *(np.stack(column) for column in zip(*weeks, strict=True)))


@pytest.fixture(scope="module")
def of_war(kursk: CaseFile) -> tuple[Parameters, State]:
    """As many worlds as there are kinds, of which only what refusals teach matters here."""
    p = parameters(kursk, sample(kursk, 1, 0, KINDS))
    p = eqx.tree_at(lambda p: p.learning, p, jnp.full(KINDS, BATTLES_AND_OFFERS))
    setting = jax.tree.map(lambda leaf: leaf[..., None], translate.setting(kursk))
    luck = Noise(jnp.zeros(KINDS, jnp.uint32), jnp.zeros(KINDS, jnp.int32))
    state = first_state(p, setting, luck)
    return p, eqx.tree_at(lambda s: s.refused, state, jnp.zeros((2, KINDS)))


def check_skimming(found: Haggled) -> None:
    assert found.taken.any(axis=0).all(), "somebody never settles"
    settled = found.taken.argmax(axis=0)
    assert (np.diff(settled) >= 0).all(), "tougher kinds settle later"
    terms = found.offered[settled, np.arange(KINDS)]
    later = np.diff(settled) > 0
    assert (np.diff(terms)[later] > 0).all(), "and on better terms"
    assert (np.diff(terms)[~later] == 0).all()
    # the chance that the other side is of the less stubborn half, as the side that offers sees it
    weak = np.maximum(0.5 - found.refused, 0) / np.maximum(1 - found.refused, 1e-9)
    until = np.arange(1, WEEKS)[:, None] <= settled
    assert (np.diff(weak, axis=0)[until] <= 0).all()
    assert (np.diff(found.refused, axis=0)[until] > 0).all(), "every refusal teaches"


def test_c5_skimming(of_war: tuple[Parameters, State]):
    """C5, screening (Fudenberg and Tirole 1983; Powell, "Bargaining and learning while fighting",
    2004): tougher kinds settle later and on better terms, the chance of a weak one falls."""
    found = haggle(of_war, p=0.5, cost=0.02, low=0.0, high=0.4)
    check_skimming(found)
    assert found.taken.argmax(axis=0).max() >= 3, "several offers, or nothing is skimmed"


@given(
    p=st.floats(0.4, 0.5),
    cost=st.floats(0.01, 0.1),
    low=st.floats(0, 0.1),
    more=st.floats(0.1, 0.3),
)
def test_c5_for_any_doubt(
    of_war: tuple[Parameters, State], p: float, cost: float, low: float, more: float
):
    """Each offer is the best against the kinds that are left: half way to where all gain by it."""
    found = haggle(of_war, p, cost, low, low + more)
    check_skimming(found)
    toughest = np.asarray(found.refused[:, -1])
    offers = toughest[1 : found.taken[:, -1].argmax() + 1]
    gain = (low + more + cost) / more  # of a demand that only the least stubborn take
    expected, refused = [], 0.0
    for _ in offers:
        refused = min((gain + refused) / 2, 1.0)
        expected.append(refused)
    # a step of the menu is this much of the range
    assert offers == pytest.approx(expected, abs=2 * (more + low + cost) / more / MENU)


def test_c5_who_learns_from_battles_alone_makes_the_same_offer_again(
    of_war: tuple[Parameters, State],
):
    given, state = of_war
    stubborn = eqx.tree_at(lambda p: p.learning, given, jnp.full(KINDS, BATTLES))
    found = haggle((stubborn, state), p=0.5, cost=0.02, low=0.0, high=0.4)
    assert (found.offered == found.offered[0]).all()
    assert not found.taken[:, -1].any()


def test_c6_without_learning_nobody_moves():
    """C6, Langlois and Langlois (2012): rivals may stand firm for ever; learning can be off."""
    prior = worth_battles((0.8, 0.4), 10)
    mean, variance = fought(prior, np.linspace(-1, 2, 100), learning=NONE)
    assert (mean == prior[0]).all()
    assert (variance == prior[1]).all()
    told = offer_precision(
        jnp.int32(NONE), jnp.array(3.0), prior[1], jnp.array(0.2), jnp.array(1.0)
    )
    assert (np.asarray(told) == 0).all()


def talked(prior: Believed, weeks: int, offer_sd: float, learning: int) -> Believed:
    """What both believe after weeks of talks; each comes to know the other's first belief."""
    first, variance_of_first = prior
    mean, variance = prior
    for week in range(weeks):
        told = offer_precision(
            jnp.int32(learning),
            jnp.array(float(week)),
            variance_of_first[OTHER],
            jnp.array(offer_sd),
            jnp.array(1.0),
        )
        mean, variance = learn(mean, variance, first[OTHER], told)
    return np.asarray(mean), np.asarray(variance)


firmness = st.tuples(st.floats(0.5, 20), st.floats(0.5, 20))


@given(firm=firmness, weeks=st.integers(1, 40), offer_sd=st.floats(0.05, 2))
def test_offers_teach_no_more_than_the_other_knew(
    firm: tuple[float, float], weeks: int, offer_sd: float
):
    """The weeks add up to n / (n v + s**2), v the other's first variance: below 1 / v for ever."""
    prior = np.array([0.8, 0.4]), SIGN_SD**2 / np.array(firm)
    _, variance = talked(prior, weeks, offer_sd, BATTLES_AND_OFFERS)
    gained, others = 1 / variance - 1 / prior[1], prior[1][::-1]
    np.testing.assert_allclose(gained, weeks / (weeks * others + offer_sd**2), rtol=1e-9)
    assert (gained < 1 / others).all()


@given(
    firm=firmness, battles=st.integers(0, 20), weeks=st.integers(1, 20), offer_sd=st.floats(0.1, 1)
)
def test_offers_teach_what_the_same_battles_do_not(
    firm: tuple[float, float], battles: int, weeks: int, offer_sd: float
):
    """Slantchev, "The principle of convergence in wartime negotiations" (2003): offers carry
    information of their own, so beliefs are nearer with talks than without after any battles."""
    prior = np.array([0.8, 0.4]), SIGN_SD**2 / np.array(firm)
    results = np.random.default_rng(battles).normal(0.6, SIGN_SD, battles)
    gaps = {}
    for learning in (BATTLES, BATTLES_AND_OFFERS):
        # normal-normal learning does not mind the order, so the battles may come after
        mean, _ = fought(talked(prior, weeks, offer_sd, learning), results)
        gaps[learning] = mean[0] - mean[1]
    assert gaps[BATTLES_AND_OFFERS] < gaps[BATTLES]
