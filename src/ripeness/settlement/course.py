"""The course of a world: week by week until a deal, a collapse, a wider war, or the horizon.

In: parameters, a plan's orders, the fitted values of going on. Out: a record of every week and how
it ended.
"""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import UInt32

from ripeness.settlement import beliefs, books
from ripeness.settlement.bargaining import pick
from ripeness.settlement.books import Record, Totals
from ripeness.settlement.continuation import Fitted
from ripeness.settlement.deals import Deals, worth_of_ground
from ripeness.war.apart import mechanism
from ripeness.war.arrays import OTHER, WEEKS_A_YEAR, Array, PerSide, Scalar, Word, largest, total
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

    kind: Word
    week: Word
    deal: Word
    kept_weeks: Scalar
    left: PerSide


def course(
    p: Parameters,
    setting: Setting,
    deals: Deals,
    orders: Orders,
    key: UInt32[Array, "*worlds"],
    continuation: Fitted,
    settles: Scalar,
) -> tuple[Record, Totals, Ending]:
    """Run a world, or a block of worlds at once.

    Parameters
    ----------
    orders
        Of the plan, with the weeks as first axis.
    key
        The worlds' keys of luck.
    continuation
        Value of going on, with the weeks from 0 as first axis.
    settles
        1 to let deals end wars, 0 for the training wars.

    Returns
    -------
    The record of every week from 0 (the decision date) to the horizon, what added up, the ending.
    """
    luck = Noise(key, jnp.zeros_like(p.nerve, jnp.int32))
    worth = worth_of_ground(p, setting)
    blocked = luck.happens(Purpose.TERM_BLOCKED, p.term_blocked)
    first_losses = usual_losses(p, setting)

    def step(
        carry: tuple[State, Record, Totals, Ending], given: tuple[Orders, Fitted]
    ) -> tuple[tuple[State, Record, Totals, Ending], Record]:
        state, _, before, ending = carry
        week_orders, fitted = given
        noise = Noise(key, state.week)
        after, happened = week(p, setting, week_orders, state, noise, first_losses)
        after = learn_from_battle(p, after, happened, noise)
        record, totals = books.write(
            p, setting, deals, worth, blocked, after, happened, before, fitted
        )
        new_ending = end(p, deals, after, record, noise, settles)
        new = after, close(record, new_ending), totals, new_ending
        running = ending.kind == GOING_ON
        carry = jax.tree.map(lambda new, old: jnp.where(running, new, old), new, carry)
        return carry, carry[1]

    state = first_state(p, setting, luck)
    none = books.no_totals(p)
    quiet = quiet_week(p, setting, state)
    at_first = jax.tree.map(lambda x: x[0], continuation)
    later_weeks = jax.tree.map(lambda x: x[1:], continuation)
    first, _ = books.write(p, setting, deals, worth, blocked, state, quiet, none, at_first)
    first = eqx.tree_at(lambda record: record.war_cost, first, none.war_cost)
    no_end = Ending(
        kind=jnp.full_like(state.week, GOING_ON),
        week=state.week,
        deal=jnp.full_like(state.week, -1),
        kept_weeks=jnp.zeros_like(p.nerve),
        left=first.seen.line,
    )
    (_, _, totals, ending), later = jax.lax.scan(
        step,
        (state, first, none, no_end),
        (orders, later_weeks),
    )
    whole = jax.tree.map(lambda a, b: jnp.concatenate([a[None], b]), first, later)
    return whole, totals, ending


@mechanism
def learn_from_battle(p: Parameters, state: State, happened: Happened, noise: Noise) -> State:
    """Let both sides learn from the week's fighting, which both see alike."""
    truth = overall_balance(happened.balance, happened.engaged, state.troops)
    sign = truth + p.signal_sd * noise.normal(Purpose.BATTLE_SIGNAL)
    mean, variance = beliefs.learn(
        state.belief_mean, state.belief_var, sign, p.signal_sd, largest(happened.engaged, 0)
    )
    return eqx.tree_at(lambda s: (s.belief_mean, s.belief_var), state, (mean, variance))


@mechanism
def end(
    p: Parameters, deals: Deals, state: State, record: Record, noise: Noise, settles: Scalar
) -> Ending:
    """Whether, and how, the war ends this week: by wider war, else by collapse, else by a deal."""
    beaten = state.weak_weeks >= p.collapse_weeks
    alone = beaten & ~beaten[OTHER]
    imposed = largest(jnp.where(alone, deals.dictated_by[OTHER], -1), 0)
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
    hazard = total(p.breach, 0) / WEEKS_A_YEAR
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
