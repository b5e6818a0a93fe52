"""The books of one world: what each week is worth to both sides, and what has added up."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Float, Int

from ripeness.settlement.bargaining import bargain
from ripeness.settlement.continuation import Fitted, predict
from ripeness.settlement.deals import Deals, allowed, deal_values, line_value
from ripeness.war.arrays import (
    FAVOUR,
    OTHER,
    WEEKS_A_YEAR,
    Array,
    PerSector,
    PerSide,
    PerSideSector,
    PerSupporter,
    PerTerm,
    Scalar,
)
from ripeness.war.battle import overall_balance
from ripeness.war.parameters import Parameters, Setting, State
from ripeness.war.week import Happened


class Totals(eqx.Module):
    """What has added up since the decision date.

    Attributes
    ----------
    war_cost, flow
        Points: cost of the war; discounted worth of what was held, less costs.
    strikes, provoked, responses, harsher, permitted
        Mass strikes made; provocation suffered, points; responses made, those below a rung; weeks
        in which the side could strike deep.
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
    talks_weeks: Scalar
    truce_weeks: Scalar
    highest_rung: Scalar


class Record(eqx.Module):
    """One world at the end of one week; after the war's end it stays as it was.

    Attributes
    ----------
    ground
        km² held by side 0 in each sector.
    casualties
        Thousands since the decision date.
    leverage, reservation, expected_cost
        Points: what each side gets from the Nash deal, or from going on if no deal is feasible;
        the value of going on; the worth of the line less that, which is what the side expects the
        rest of the war to cost.
    width
        Points, of the bargaining range.
    feasible, nash, deal_value, deal_allowed
        Deals inside the range (1); the Nash deal (-1 for none); worth of each deal to each side,
        points; those that nobody vetoes (1).
    features, believed, line, cost
        What the fit of continuation values needs: what a side knows, with the true balance and
        with the one it believes in; worth of the line and cost of the week, points.
    over, final
        1 once the war is over; points that each side has from then on.
    """

    ground: PerSector
    troops: PerSideSector
    aid: PerSupporter
    support: PerSide
    anger: PerSide
    casualties: PerSide
    moved: PerSide
    rung: Scalar
    talks_open: Scalar
    truce: Scalar
    believed_chance: PerSide
    leverage: PerSide
    reservation: PerSide
    expected_cost: PerSide
    width: Scalar
    feasible: Float[Array, "deals"]
    nash: Int[Array, ""]
    deal_value: Float[Array, "deals sides"]
    deal_allowed: Float[Array, "deals"]
    features: Float[Array, "sides features"]
    believed: Float[Array, "sides features"]
    line: PerSide
    cost: PerSide
    over: Scalar
    final: PerSide
    totals: Totals


def no_totals(p: Parameters) -> Totals:
    """The totals at the decision date."""
    sides, none = jnp.zeros_like(p.reserve), jnp.zeros_like(p.nerve)
    return Totals(sides, sides, sides, sides, sides, sides, sides, none, none, none)


def week_cost(p: Parameters, week: Scalar, intensity: PerSide, enemy_strikes: PerSide) -> PerSide:
    """Cost of a week of war to each side, points.

    ``war_cost / 52 * (c * intensity + (1 - c) * (1 + growth)**years) + damage * strikes``:
    casualties move with the fighting, the rest (economy, mobilisation, emigration) grows with the
    war's length.
    """
    years = week / WEEKS_A_YEAR
    burden = (
        p.casualty_share * intensity + (1.0 - p.casualty_share) * (1.0 + p.war_cost_growth) ** years
    )
    return p.war_cost / WEEKS_A_YEAR * burden + p.strike_damage * enemy_strikes


def known(
    p: Parameters,
    line: PerSide,
    balance: PerSide,
    cost: PerSide,
    lost: PerSide,
    support: PerSide,
    state: State,
) -> Float[Array, "sides features"]:
    """What each side knows, in the order of `continuation.FEATURES`.

    Parameters
    ----------
    balance
        Log power in the side's own favour.
    lost
        Worth of its own soil lost, points.
    """
    return jnp.stack(
        [
            line,
            balance,
            cost * WEEKS_A_YEAR,
            support,
            support[OTHER],
            lost,
            state.anger,
            state.materiel,
            state.materiel[OTHER],
            jnp.broadcast_to(state.talks_open, line.shape),
            jnp.broadcast_to(p.discount, line.shape),
            jnp.broadcast_to(p.tail_years, line.shape),
        ],
        axis=1,
    )


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
) -> Record:
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
    """
    line = line_value(worth, state.share)
    weeks = state.week.astype(jnp.float32)
    cost = week_cost(p, weeks, happened.intensity, happened.strikes[OTHER])
    lost = (worth * happened.own_soil_lost / setting.area).sum(axis=1)
    truth = overall_balance(happened.balance, happened.engaged, state.troops)
    features = known(p, line, FAVOUR * truth, cost, lost, happened.support, state)
    believed = known(p, line, FAVOUR * state.belief_mean, cost, lost, happened.support, state)
    reservation = predict(believed, fitted)
    renewed_cost = cost * WEEKS_A_YEAR * p.renewed_war_years
    value, own_given = deal_values(p, setting, deals, worth, state.share, renewed_cost)
    may = allowed(deals, own_given, happened.support, p.leader_veto, blocked)
    found = bargain(value, reservation, may, p.bargaining_power)
    flow = jnp.exp(-p.discount * weeks / WEEKS_A_YEAR) * (p.discount / WEEKS_A_YEAR * line - cost)
    brought = Totals(
        cost,
        flow,
        happened.strikes,
        happened.steps,
        happened.responses,
        happened.harsher,
        happened.permitted,
        state.talks_open,
        state.truce,
        jnp.maximum(state.rung - before.highest_rung, 0.0),
    )
    return Record(
        ground=state.share * setting.area,
        troops=state.troops,
        aid=happened.aid,
        support=happened.support,
        anger=state.anger,
        casualties=state.casualties,
        moved=state.moved,
        rung=state.rung,
        talks_open=state.talks_open,
        truce=state.truce,
        believed_chance=happened.believed_chance,
        leverage=found.leverage,
        reservation=reservation,
        expected_cost=line - reservation,
        width=found.width,
        feasible=found.feasible,
        nash=found.nash,
        deal_value=value,
        deal_allowed=may,
        features=features,
        believed=believed,
        line=line,
        cost=cost,
        over=jnp.zeros_like(p.nerve),
        final=line,
        totals=jax.tree.map(jnp.add, before, brought),
    )
