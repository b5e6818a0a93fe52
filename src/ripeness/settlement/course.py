"""The course of a war: week by week until a deal, a collapse, a wider war, or the horizon.

In: parameters, a plan's orders, the fitted values of going on. Out: how the war stands after any
number of weeks, and the record of it. A war that ended stays as it was.
"""

from __future__ import annotations

from typing import TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Bool, Int, UInt32

from ripeness.settlement import beliefs, books
from ripeness.settlement.bargaining import Manner, bargain
from ripeness.settlement.books import Record, Totals
from ripeness.settlement.continuation import Fitted
from ripeness.settlement.deals import Deals, Stakes, weigh
from ripeness.settlement.ending import GOING_ON, Ending, end
from ripeness.settlement.few import for_few
from ripeness.settlement.negotiation import bargaining_manner, negotiate
from ripeness.settlement.seen import Seen, see
from ripeness.war.apart import mechanism
from ripeness.war.arrays import OTHER, Array, PerSector, PerSide, PerSupporter, Scalar, Word
from ripeness.war.battle import usual_losses
from ripeness.war.noise import Noise, Purpose
from ripeness.war.parameters import Orders, Parameters, Setting, State
from ripeness.war.week import Happened, first_state, quiet_week, week

T = TypeVar("T")


class Given(eqx.Module):
    """What worlds are given.

    Attributes
    ----------
    orders
        Of the plan, with the weeks as first axis.
    continuation
        Value of going on, with the weeks from 0 as first axis.
    luck
        Keys, with the weeks as first axis: the first are those of what is settled at the decision
        date, the next those of the first week.
    settles
        1 to let deals end wars, 0 for the training wars.
    """

    parameters: Parameters
    setting: Setting
    deals: Deals
    orders: Orders
    continuation: Fitted
    luck: UInt32[Array, "weeks *worlds"]
    settles: Scalar


class War(eqx.Module):
    """How wars stand.

    Attributes
    ----------
    calendar
        Weeks since the decision date, also for wars that ended before.
    seen
        What the last week looked like.
    """

    calendar: Int[Array, ""]
    state: State
    seen: Seen
    totals: Totals
    ending: Ending


class Offer(eqx.Module):
    """The offer of a week and what came of it, as in `bargaining.Bid`; deal -1 if none was made."""

    deal: Word
    agreed: Scalar
    refused: PerSide


def no_offer(state: State) -> Offer:
    """A week in which no offer is made."""
    return Offer(
        jnp.full_like(state.week, -1), jnp.zeros_like(state.rung), jnp.zeros_like(state.refused)
    )


def begin(given: Given) -> War:
    """The war at the decision date."""
    return _begin(given, _standing(given))


def _begin(given: Given, standing: Standing) -> War:
    p, setting = given.parameters, given.setting
    state = first_state(p, setting, standing.luck)
    ending = Ending(
        kind=jnp.full_like(state.week, GOING_ON),
        week=state.week,
        deal=jnp.full_like(state.week, -1),
    )
    seen = see(p, setting, standing.stakes, state, quiet_week(p, setting, state))
    return War(jnp.int32(0), state, seen, books.no_totals(p), ending)


class Glimpse(eqx.Module):
    """What the record could tell of a week.

    Attributes
    ----------
    ground
        km² of each sector held by side 0.
    casualties
        Thousands of each side, since the decision date.
    support, aid
        As in `Seen`.
    going_on
        1 while nothing has ended the war.
    moved
        1 once a move of the side took place.
    """

    ground: PerSector
    casualties: PerSide
    support: PerSide
    aid: PerSupporter
    going_on: Scalar
    moved: PerSide


def advance(given: Given, war: War, weeks: Int[Array, ""]) -> tuple[War, Record]:
    """Let weeks of war go by, and write down how it stands then."""
    p, setting, deals = given.parameters, given.setting, given.deals
    standing = _standing(given)
    war = jax.lax.fori_loop(0, weeks, lambda _, war: _next(given, standing, war), war)
    fitted = _at(war.calendar, given.continuation)
    table = negotiate(p, deals, standing.stakes, fitted, war.state, war.seen)
    record = books.write(
        p,
        setting,
        deals,
        standing.manner,
        standing.luck,
        war.state,
        war.seen,
        war.totals,
        table,
        war.ending,
    )
    return war, record


class Followed(eqx.Module):
    """Wars that were followed for some weeks, and can be followed on.

    Attributes
    ----------
    war
        How they stand.
    came
        What the record could tell of each week so far (first axis), from the decision date to the
        last that there is luck for; 0 in those to come.
    """

    war: War
    came: Glimpse


def follow(given: Given, week: Int[Array, ""]) -> Followed:
    """Let weeks of war go by from the decision date, and see what the record could tell of each."""
    standing = _standing(given)
    war = _begin(given, standing)
    none = jax.tree.map(lambda x: jnp.zeros((len(given.luck), *x.shape)), _glimpse(given, war))
    return _on(given, standing, Followed(war, _written(given, none, war)), week)


def follow_on(given: Given, followed: Followed, week: Int[Array, ""]) -> Followed:
    """Let more weeks go by, up to one."""
    return _on(given, _standing(given), followed, week)


def _on(given: Given, standing: Standing, followed: Followed, week: Int[Array, ""]) -> Followed:
    def step(_: Int[Array, ""], before: Followed) -> Followed:
        war = _next(given, standing, before.war)
        return Followed(war, _written(given, before.came, war))

    return jax.lax.fori_loop(followed.war.calendar, week, step, followed)


def _written(given: Given, came: Glimpse, war: War) -> Glimpse:
    return jax.tree.map(lambda xs, x: xs.at[war.calendar].set(x), came, _glimpse(given, war))


def foresee(given: Given, war: War, keys: UInt32[Array, "tries *worlds"]) -> Glimpse:
    """Try each of some keys as luck of the next week.

    Returns
    -------
    What the record could tell of it, by key (first axis).
    """
    standing = _standing(given)
    return jax.lax.map(lambda key: _glimpse(given, _step(given, standing, key, war)), keys)


class Standing(eqx.Module):
    """What stays as it is from the decision date on."""

    luck: Noise
    stakes: Stakes
    manner: Manner
    first_losses: PerSide


def _standing(given: Given) -> Standing:
    p, setting = given.parameters, given.setting
    luck = Noise(given.luck[0], jnp.zeros_like(p.nerve, jnp.int32))
    return Standing(
        luck=luck,
        stakes=weigh(p, setting, given.deals, luck, price_felt=1.0 - p.doves),
        manner=bargaining_manner(p, luck),
        first_losses=usual_losses(p, setting),
    )


def _glimpse(given: Given, war: War) -> Glimpse:
    return Glimpse(
        ground=war.state.share * given.setting.area,
        casualties=war.state.casualties,
        support=war.seen.support,
        aid=war.seen.aid,
        going_on=(war.ending.kind == GOING_ON).astype(jnp.float32),
        moved=war.state.moved,
    )


def _at(calendar: Int[Array, ""], later: T) -> T:
    return jax.tree.map(lambda x: x[calendar], later)


def _next(given: Given, standing: Standing, war: War) -> War:
    return _step(given, standing, given.luck[war.calendar + 1], war)


def _step(given: Given, standing: Standing, key: UInt32[Array, "*worlds"], war: War) -> War:
    """One week."""
    p, setting, deals = given.parameters, given.setting, given.deals
    noise = Noise(key, war.state.week)
    orders = _at(war.calendar, given.orders)
    fitted = _at(war.calendar + 1, given.continuation)
    after, happened = week(p, setting, orders, war.state, noise, standing.first_losses)
    after = learn(p, after, happened, war.totals.talks_weeks, noise)
    seen = see(p, setting, standing.stakes, after, happened)
    made = offers_made(p, after, noise, given.settles)
    proposes = noise.happens(Purpose.PROPOSER, p.bargaining_power)

    def answered(few: tuple[Parameters, Stakes, Manner, State, Seen, Scalar]) -> Offer:
        p, stakes, manner, state, seen, proposes = few
        table = negotiate(p, deals, stakes, fitted, state, seen)
        bid = bargain(table.value, table.reservation, table.may, manner, proposes, state.refused)
        return Offer(bid.deal, bid.agreed, bid.refused)

    asked = p, standing.stakes, standing.manner, after, seen, proposes
    offer = for_few(made, answered, asked, no_offer(after))
    after = learn_from_refusal(p, after, offer)
    running = war.ending.kind == GOING_ON
    totals = books.add_up(p, setting, after, happened, seen, war.totals, running)
    ending = end(p, deals, after, jnp.where(offer.agreed > 0, offer.deal, -1))
    state, seen, ending = jax.tree.map(
        lambda new, old: jnp.where(running, new, old),
        (after, seen, ending),
        (war.state, war.seen, war.ending),
    )
    return War(war.calendar + 1, state, seen, totals, ending)


@mechanism
def learn(
    p: Parameters, state: State, happened: Happened, talks_weeks: Scalar, noise: Noise
) -> State:
    """Let both sides learn from the week's fighting, which both see alike, and from its talks.

    Parameters
    ----------
    talks_weeks
        Weeks of talks before this one.
    """
    sign = happened.balance + p.signal_sd * noise.normal(Purpose.BATTLE_SIGNAL)
    fought = beliefs.battle_precision(p.learning, p.signal_sd, happened.fighting)
    mean, variance = beliefs.learn(state.belief_mean, state.belief_var, sign, fought)
    told = beliefs.offer_precision(
        p.learning, talks_weeks, p.belief_sd[OTHER] ** 2, p.offer_sd, state.talks_open
    )
    mean, variance = beliefs.learn(mean, variance, state.first_belief[OTHER], told)
    return eqx.tree_at(lambda s: (s.belief_mean, s.belief_var), state, (mean, variance))


def offers_made(
    p: Parameters, state: State, noise: Noise, settles: Scalar
) -> Bool[Array, "*worlds"]:
    """Say in which worlds an offer is made this week: talks are open and nerves hold."""
    return (state.talks_open > 0) & (noise.uniform(Purpose.NERVE) < p.nerve * settles)


def learn_from_refusal(p: Parameters, state: State, offer: Offer) -> State:
    """Let a refusal show that going on is worth more to a side than the other had hoped."""
    refused = (offer.deal >= 0) & (offer.agreed <= 0) & (p.learning == beliefs.BATTLES_AND_OFFERS)
    shown = jnp.where(refused, jnp.maximum(state.refused, offer.refused), state.refused)
    return eqx.tree_at(lambda s: s.refused, state, shown)
