"""The course of one world: week by week until a deal, a collapse, a wider war, or the horizon.

In: one world's parameters, a plan's orders, the fitted values of going on. Out: a record of every
week and how it ended. Written for one world; `vmap` runs a block of them.
"""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Int, UInt32

from ripeness.settlement import beliefs, books
from ripeness.settlement.bargaining import pick
from ripeness.settlement.books import Record, Totals
from ripeness.settlement.continuation import Fitted
from ripeness.settlement.deals import Deals, worth_of_ground
from ripeness.war.arrays import OTHER, WEEKS_A_YEAR, Array, PerSide, Scalar
from ripeness.war.battle import overall_balance, usual_losses
from ripeness.war.escalation import TOP_RUNG
from ripeness.war.noise import Noise, Purpose
from ripeness.war.parameters import Orders, Parameters, Setting, State
from ripeness.war.week import Happened, first_state, quiet_week, week

GOING_ON, DEAL, DICTATED, WIDER_WAR = range(4)
"""How a war stands or ended."""

LONGEST_KEPT = 1040.0
"""Weeks (twenty years) after which a deal counts as kept."""


class Ending(eqx.Module):
    """How the war ended.

    Attributes
    ----------
    kind
        `GOING_ON`, `DEAL`, `DICTATED` or `WIDER_WAR`.
    week
        In which it ended; the last week so far if it goes on.
    deal
        Struck or dictated; -1 for none.
    kept_weeks
        That the deal lasts.
    left
        Points that each side has from then on; the worth of the line if the war goes on.
    """

    kind: Int[Array, ""]
    week: Int[Array, ""]
    deal: Int[Array, ""]
    kept_weeks: Scalar
    left: PerSide


def course(
    p: Parameters,
    setting: Setting,
    deals: Deals,
    orders: Orders,
    key: UInt32[Array, ""],
    continuation: tuple[Array, ...],
    settles: Scalar,
) -> tuple[Record, Totals, Ending]:
    """Run one world.

    Parameters
    ----------
    orders
        Of the plan, with the weeks as first axis.
    key
        The world's key of luck.
    continuation
        `Continuation.arrays()`.
    settles
        1 to let deals end wars, 0 for the training wars.

    Returns
    -------
    The record of every week from 0 (the decision date) to the horizon, what added up, the ending.
    """
    constant, slopes, curvature, centre, scale, low, high = continuation
    luck = Noise(key, jnp.int32(0))
    worth = worth_of_ground(p, setting)
    blocked = luck.happens(Purpose.TERM_BLOCKED, p.term_blocked)
    first_losses = usual_losses(p, setting)

    def fitted(*of_week: Array) -> Fitted:
        return Fitted(*of_week, centre=centre, scale=scale)

    def step(
        carry: tuple[State, Record, Totals, Ending], given: tuple[Orders, *tuple[Array, ...]]
    ) -> tuple[tuple[State, Record, Totals, Ending], Record]:
        state, _, before, ending = carry
        week_orders, *week_fit = given
        noise = Noise(key, state.week)
        after, happened = week(p, setting, week_orders, state, noise, first_losses)
        after = learn_from_battle(p, after, happened, noise)
        fit = fitted(*week_fit)
        record, totals = books.write(
            p, setting, deals, worth, blocked, after, happened, before, fit
        )
        new_ending = end(p, deals, after, record, noise, settles)
        new = after, close(record, new_ending), totals, new_ending
        running = ending.kind == GOING_ON
        carry = jax.tree.map(lambda new, old: jnp.where(running, new, old), new, carry)
        return carry, carry[1]

    state = first_state(p, setting, luck)
    none = books.no_totals(p)
    quiet = quiet_week(p, setting, state)
    at_first = fitted(constant[0], slopes[0], curvature[0], low[0], high[0])
    first, _ = books.write(p, setting, deals, worth, blocked, state, quiet, none, at_first)
    first = eqx.tree_at(lambda record: record.war_cost, first, none.war_cost)
    no_end = Ending(
        kind=jnp.int32(GOING_ON),
        week=jnp.int32(0),
        deal=jnp.int32(-1),
        kept_weeks=jnp.zeros_like(p.nerve),
        left=first.seen.line,
    )
    (_, _, totals, ending), later = jax.lax.scan(
        step,
        (state, first, none, no_end),
        (orders, constant[1:], slopes[1:], curvature[1:], low[1:], high[1:]),
    )
    whole = jax.tree.map(lambda a, b: jnp.concatenate([a[None], b]), first, later)
    return whole, totals, ending


def learn_from_battle(p: Parameters, state: State, happened: Happened, noise: Noise) -> State:
    """Let both sides learn from the week's fighting, which both see alike."""
    truth = overall_balance(happened.balance, happened.engaged, state.troops)
    sign = truth + p.signal_sd * noise.normal(Purpose.BATTLE_SIGNAL)
    mean, variance = beliefs.learn(
        state.belief_mean, state.belief_var, sign, p.signal_sd, happened.engaged.max()
    )
    return eqx.tree_at(lambda s: (s.belief_mean, s.belief_var), state, (mean, variance))


def end(
    p: Parameters, deals: Deals, state: State, record: Record, noise: Noise, settles: Scalar
) -> Ending:
    """Whether, and how, the war ends this week: by wider war, else by collapse, else by a deal."""
    beaten = state.weak_weeks >= p.collapse_weeks
    alone = beaten & ~beaten[OTHER]
    imposed = jnp.where(alone, deals.dictated_by[OTHER], -1).max()
    agreed = (
        (record.nash >= 0)
        & (state.talks_open > 0)
        & (noise.uniform(Purpose.NERVE) < p.nerve * settles)
    )
    kind = jnp.where(
        state.rung >= TOP_RUNG,
        WIDER_WAR,
        jnp.where(imposed >= 0, DICTATED, jnp.where(agreed, DEAL, GOING_ON)),
    )
    deal = jnp.where(kind == DEAL, record.nash, jnp.where(kind == DICTATED, imposed, -1))
    hazard = p.breach.sum() / WEEKS_A_YEAR
    lasted = -jnp.log(noise.uniform(Purpose.DEAL_KEPT)) / jnp.maximum(hazard, 1e-9)
    kept = jnp.where(deal >= 0, jnp.minimum(lasted, LONGEST_KEPT), 0.0)
    line = record.seen.line
    left = jnp.where(deal >= 0, pick(record.deal_value, deal), line)
    left = jnp.where(kind == WIDER_WAR, line - p.wider_war_loss, left)
    return Ending(kind.astype(jnp.int32), state.week, deal.astype(jnp.int32), kept, left)


def close(record: Record, ending: Ending) -> Record:
    """Close the books if this is the end: a side's leverage becomes what it has from then on."""
    ended = ending.kind != GOING_ON
    leverage = jnp.where(ended, ending.left, record.leverage)
    return eqx.tree_at(
        lambda r: (r.over, r.leverage), record, (ended.astype(jnp.float32), leverage)
    )
