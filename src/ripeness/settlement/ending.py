"""How wars end: by wider war, by collapse and dictated terms, or by a deal."""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp

from ripeness.settlement.bargaining import pick
from ripeness.settlement.deals import Deals, PerDealSide
from ripeness.war.apart import mechanism
from ripeness.war.arrays import OTHER, WEEKS_A_YEAR, PerSide, Scalar, Word, largest, total
from ripeness.war.escalation import TOP_RUNG
from ripeness.war.noise import Noise, Purpose
from ripeness.war.parameters import Parameters, State

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
    """

    kind: Word
    week: Word
    deal: Word


@mechanism
def end(p: Parameters, deals: Deals, state: State, struck: Word) -> Ending:
    """Whether, and how, the war ends this week: by wider war, else by collapse, else by a deal.

    Parameters
    ----------
    struck
        The deal that talks have brought; -1 for none.
    """
    beaten = state.weak_weeks >= p.collapse_weeks
    alone = beaten & ~beaten[OTHER]
    imposed = largest(jnp.where(alone, deals.dictated_by[OTHER], -1), 0)
    kind = jnp.where(
        state.rung >= TOP_RUNG,
        WIDER_WAR,
        jnp.where(imposed >= 0, DICTATED, jnp.where(struck >= 0, DEAL, GOING_ON)),
    )
    deal = jnp.where(kind == DEAL, struck, jnp.where(kind == DICTATED, imposed, -1))
    return Ending(kind.astype(jnp.int32), state.week, deal.astype(jnp.int32))


def left_after(p: Parameters, ending: Ending, value: PerDealSide, line: PerSide) -> PerSide:
    """Points that each side has from the end on; the worth of the line if the war goes on.

    Parameters
    ----------
    value, line
        Worth of each deal, and of what is held; points, to states or to their leaderships.
    """
    left = jnp.where(ending.deal >= 0, pick(value, ending.deal), line)
    return jnp.where(ending.kind == WIDER_WAR, line - p.wider_war_loss, left)


def kept_weeks(p: Parameters, luck: Noise, deal: Word) -> Scalar:
    """Weeks that a deal lasts: until the first breach, by either side's hazard; 0 without one."""
    hazard = total(p.breach, 0) / WEEKS_A_YEAR
    lasted = -jnp.log(luck.uniform(Purpose.DEAL_KEPT)) / jnp.maximum(hazard, 1e-9)
    return jnp.where(deal >= 0, jnp.minimum(lasted, LONGEST_KEPT), 0.0)
