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
from ripeness.settlement.books import Record
from ripeness.settlement.continuation import Fitted
from ripeness.settlement.deals import Deals, worth_of_ground
from ripeness.war.arrays import OTHER, WEEKS_A_YEAR, Array, Scalar
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
    """How the war ended: kind, week, deal (-1 for none), weeks that the deal was kept."""

    kind: Int[Array, ""]
    week: Int[Array, ""]
    deal: Int[Array, ""]
    kept_weeks: Scalar


def course(
    p: Parameters,
    setting: Setting,
    deals: Deals,
    orders: Orders,
    key: UInt32[Array, ""],
    continuation: tuple[Array, ...],
    settles: Scalar,
) -> tuple[Record, Ending]:
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
    The record of every week from 0 (the decision date) to the horizon, and the ending.
    """
    constant, slopes, curvature, centre, scale, low, high = continuation
    luck = Noise(key, jnp.int32(0))
    worth = worth_of_ground(p, setting)
    blocked = luck.happens(Purpose.TERM_BLOCKED, p.term_blocked)
    first_losses = usual_losses(p, setting)

    def step(
        carry: tuple[State, Record, Ending], given: tuple[Orders, *tuple[Array, ...]]
    ) -> tuple[tuple[State, Record, Ending], Record]:
        state, before, ending = carry
        week_orders, *week_fit = given
        noise = Noise(key, state.week)
        after, happened = week(p, setting, week_orders, state, noise, first_losses)
        after = learn_from_battle(p, after, happened, noise)
        record = books.write(
            p, setting, deals, worth, blocked, after, happened, before.totals, fitted(*week_fit)
        )
        new_ending = end(p, deals, after, record, noise, settles)
        record = close(p, record, new_ending)
        running = ending.kind == GOING_ON
        carry = jax.tree.map(
            lambda new, old: jnp.where(running, new, old),
            (after, record, new_ending),
            (state, before, ending),
        )
        return carry, carry[1]

    def fitted(*of_week: Array) -> Fitted:
        return Fitted(*of_week, centre=centre, scale=scale)

    state = first_state(p, setting, luck)
    none = books.no_totals(p)
    quiet = quiet_week(p, setting, state)
    at_first = fitted(constant[0], slopes[0], curvature[0], low[0], high[0])
    first = books.write(p, setting, deals, worth, blocked, state, quiet, none, at_first)
    first = eqx.tree_at(lambda record: record.totals, first, none)
    going_on = Ending(jnp.int32(GOING_ON), jnp.int32(0), jnp.int32(-1), jnp.zeros_like(p.nerve))
    (_, _, ending), later = jax.lax.scan(
        step,
        (state, first, going_on),
        (orders, constant[1:], slopes[1:], curvature[1:], low[1:], high[1:]),
    )
    return jax.tree.map(lambda a, b: jnp.concatenate([a[None], b]), first, later), ending


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
    return Ending(kind.astype(jnp.int32), state.week, deal.astype(jnp.int32), kept)


def close(p: Parameters, record: Record, ending: Ending) -> Record:
    """Book what each side has from the end, if this is it; its leverage becomes that."""
    by_deal = pick(record.deal_value, ending.deal)
    final = jnp.where(
        ending.kind == WIDER_WAR,
        record.line - p.wider_war_loss,
        jnp.where(ending.deal >= 0, by_deal, record.line),
    )
    ended = ending.kind != GOING_ON
    return eqx.tree_at(
        lambda r: (r.over, r.final, r.leverage),
        record,
        (ended.astype(jnp.float32), final, jnp.where(ended, final, record.leverage)),
    )
