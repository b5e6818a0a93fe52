"""The books of a world: what each week is worth to both sides, and what has added up."""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp

from ripeness.settlement.bargaining import bargain
from ripeness.settlement.continuation import Fitted, PerSideFeature, predict
from ripeness.settlement.deals import (
    Deals,
    PerDeal,
    PerDealSide,
    allowed,
    deal_values,
    line_value,
)
from ripeness.war.apart import mechanism
from ripeness.war.arrays import (
    OTHER,
    WEEKS_A_YEAR,
    PerSector,
    PerSide,
    PerSideSector,
    PerSupporter,
    PerTerm,
    Scalar,
    Word,
    raised,
    total,
)
from ripeness.war.battle import overall_balance
from ripeness.war.parameters import Parameters, Setting, State
from ripeness.war.week import Happened


class Seen(eqx.Module):
    """What both sides see of a week.

    Attributes
    ----------
    line, cost, soil_lost
        Points: worth of what each side holds, cost of the week to it, worth of its own soil lost.
    support
        Share of society for going on.
    anger
        Log.
    materiel
        1 as at the decision date.
    talks_open
        1 if talks on the war are open.
    """

    line: PerSide
    cost: PerSide
    soil_lost: PerSide
    support: PerSide
    anger: PerSide
    materiel: PerSide
    talks_open: Scalar


class Record(eqx.Module):
    """A world at the end of one week; after the war's end it stays as it was.

    Attributes
    ----------
    ground
        km² held by side 0 in each sector.
    casualties, war_cost
        Thousands and points since the decision date.
    seen, balance, belief
        What both sides see; the true log power ratio of the front, what each side believes it is.
    leverage, reservation, expected_cost
        Points: what each side gets from the Nash deal, or from going on if no deal is feasible;
        the value of going on; the worth of the line less that, which is what the side expects the
        rest of the war to cost.
    width
        Points, of the bargaining range.
    feasible, nash, deal_value, deal_allowed
        Deals inside the range (1); the Nash deal (-1 for none); worth of each deal to each side,
        points; those that nobody vetoes (1).
    over
        1 once the war is over.
    """

    ground: PerSector
    troops: PerSideSector
    aid: PerSupporter
    casualties: PerSide
    war_cost: PerSide
    seen: Seen
    balance: Scalar
    belief: PerSide
    rung: Scalar
    truce: Scalar
    believed_chance: PerSide
    leverage: PerSide
    reservation: PerSide
    expected_cost: PerSide
    width: Scalar
    feasible: PerDeal
    nash: Word
    deal_value: PerDealSide
    deal_allowed: PerDeal
    over: Scalar


class Totals(eqx.Module):
    """What has added up since the decision date.

    Attributes
    ----------
    war_cost, flow
        Points: cost of the war; discounted worth of what was held, less costs.
    strikes, provoked, responses, harsher, permitted
        Mass strikes made; provocation suffered, points; responses made, those below a rung; weeks
        in which the side could strike deep.
    moved
        1 once a move of the side took place.
    talks_weeks, truce_weeks, highest_rung
        Weeks of talks on the war, of a truce; highest rung reached.
    """

    war_cost: PerSide
    flow: PerSide
    strikes: PerSide
    provoked: PerSide
    responses: PerSide
    harsher: PerSide
    permitted: PerSide
    moved: PerSide
    talks_weeks: Scalar
    truce_weeks: Scalar
    highest_rung: Scalar


def no_totals(p: Parameters) -> Totals:
    """The totals at the decision date."""
    sides, none = jnp.zeros_like(p.reserve), jnp.zeros_like(p.nerve)
    return Totals(sides, sides, sides, sides, sides, sides, sides, sides, none, none, none)


def add_up(p: Parameters, state: State, happened: Happened, seen: Seen, before: Totals) -> Totals:
    """Totals after a week, whose flow counts from its beginning (as in `fitting`)."""
    begun = state.week.astype(jnp.float32) - 1.0
    discounted = jnp.exp(-p.discount * begun / WEEKS_A_YEAR)
    return Totals(
        war_cost=before.war_cost + seen.cost,
        flow=before.flow + discounted * (p.discount / WEEKS_A_YEAR * seen.line - seen.cost),
        strikes=before.strikes + happened.strikes,
        provoked=before.provoked + happened.steps,
        responses=before.responses + happened.responses,
        harsher=before.harsher + happened.harsher,
        permitted=before.permitted + happened.permitted,
        moved=state.moved,
        talks_weeks=before.talks_weeks + state.talks_open,
        truce_weeks=before.truce_weeks + state.truce,
        highest_rung=jnp.maximum(before.highest_rung, state.rung),
    )


def week_cost(p: Parameters, week: Scalar, intensity: PerSide, enemy_strikes: PerSide) -> PerSide:
    """Cost of a week of war to each side, points.

    ``war_cost / 52 * (c * intensity + (1 - c) * (1 + growth)**years) + damage * strikes``:
    casualties move with the fighting, the rest (economy, mobilisation, emigration) grows with the
    war's length.
    """
    years = week / WEEKS_A_YEAR
    burden = p.casualty_share * intensity + (1.0 - p.casualty_share) * raised(
        1.0 + p.war_cost_growth, years
    )
    return p.war_cost / WEEKS_A_YEAR * burden + p.strike_damage * enemy_strikes


def see(p: Parameters, setting: Setting, worth: PerSideSector, s: State, h: Happened) -> Seen:
    """Look at how the world stands after a week, and what the week brought."""
    return Seen(
        line=line_value(worth, s.share),
        cost=week_cost(p, s.week.astype(jnp.float32), h.intensity, h.strikes[OTHER]),
        soil_lost=total(worth * h.own_soil_lost / setting.area, 1),
        support=h.support,
        anger=s.anger,
        materiel=s.materiel,
        talks_open=s.talks_open,
    )


def known(p: Parameters, seen: Seen, balance: PerSide) -> PerSideFeature:
    """What each side knows, in the order of `continuation.FEATURES`.

    Parameters
    ----------
    balance
        Log power ratio, positive for side 0, for each side: the true one, or that it believes in.
    """
    return jnp.stack(
        [
            seen.line,
            jnp.stack([balance[0], -balance[1]]),
            seen.cost * WEEKS_A_YEAR,
            seen.support,
            seen.support[OTHER],
            seen.soil_lost,
            seen.anger,
            seen.materiel,
            seen.materiel[OTHER],
            jnp.broadcast_to(seen.talks_open, seen.line.shape),
            jnp.broadcast_to(p.discount, seen.line.shape),
            jnp.broadcast_to(p.tail_years, seen.line.shape),
        ],
        axis=1,
    )


@mechanism
def write(
    p: Parameters,
    setting: Setting,
    deals: Deals,
    worth: PerSideSector,
    blocked: PerTerm,
    state: State,
    happened: Happened,
    before: Totals,
    fitted: Fitted,
) -> tuple[Record, Totals]:
    """Write the record of a week.

    Parameters
    ----------
    worth
        Of each sector to each side, points.
    blocked
        1 for a term that a third party will not allow.
    state, happened
        How the world stands after the week, and what the week brought.
    before
        Totals up to the week.

    Returns
    -------
    The record, and the totals with the week in them.
    """
    seen = see(p, setting, worth, state, happened)
    totals = add_up(p, state, happened, seen, before)
    reservation = predict(known(p, seen, state.belief_mean), fitted)
    renewed_cost = seen.cost * WEEKS_A_YEAR * p.renewed_war_years
    value, own_given = deal_values(p, setting, deals, worth, state.share, renewed_cost)
    may = allowed(deals, own_given, happened.support, p.leader_veto, blocked)
    found = bargain(value, reservation, may, p.bargaining_power)
    record = Record(
        ground=state.share * setting.area,
        troops=state.troops,
        aid=happened.aid,
        casualties=state.casualties,
        war_cost=totals.war_cost,
        seen=seen,
        balance=overall_balance(happened.balance, happened.engaged, state.troops),
        belief=state.belief_mean,
        rung=state.rung,
        truce=state.truce,
        believed_chance=happened.believed_chance,
        leverage=found.leverage,
        reservation=reservation,
        expected_cost=seen.line - reservation,
        width=found.width,
        feasible=found.feasible,
        nash=found.nash,
        deal_value=value,
        deal_allowed=may,
        over=jnp.zeros_like(p.nerve),
    )
    return record, totals
