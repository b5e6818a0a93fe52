"""Deals and what they are worth to each side, in points of the stake (100 = everything in dispute).

All values are stocks: a side that holds everything for good has 100. The value of a promise is what it would
be worth if kept, times how far it can be expected to be kept.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from ripeness.war.parameters import Parameters, PerSector, PerSide, PerSideSector, Setting

LINE, START, RECOGNISED, FIRST, SECOND = range(5)
"""Who holds a sector after a deal: who holds it now, who held it at the decision date, whose own soil it is, a side."""

WHOLE_STAKE = 100.0


class Deals(eqx.Module):
    """The deals that a case declares.

    Attributes
    ----------
    control
        For each deal and sector one of `LINE`, `START`, `RECOGNISED`, `FIRST`, `SECOND`.
    terms
        1 where a deal has a term.
    benefits
        1 for the side that gains from a term; the other concedes it.
    dictated_by
        For each side the deal that it imposes when the other collapses; -1 for none.
    """

    control: Int[Array, "deals sectors"]
    terms: Float[Array, "deals terms"]
    benefits: Float[Array, "sides terms"]
    dictated_by: Int[Array, "sides"]


def worth_of_ground(p: Parameters, setting: Setting) -> PerSideSector:
    """Worth of the whole of each sector to each side, points.

    Area times the sector's worth, times what a km² of one's own or of the other's soil is worth; scaled so
    that ground and terms together are the whole stake.
    """
    density = jnp.where(
        setting.own_soil > 0, p.own_soil_worth[:, None], p.foreign_soil_worth[:, None]
    )
    raw = setting.area * p.sector_worth * density
    ground = WHOLE_STAKE - p.term_worth.sum(axis=1)
    return raw * (ground / raw.sum(axis=1))[:, None]


def control_after(
    deals: Deals, setting: Setting, share: PerSector
) -> Float[Array, "deals sectors"]:
    """Share of each sector that side 0 holds after each deal."""
    holders = {
        LINE: share,
        START: setting.share,
        RECOGNISED: setting.own_soil[0],
        FIRST: jnp.ones_like(share),
        SECOND: jnp.zeros_like(share),
    }
    return sum((deals.control == word) * after for word, after in holders.items())


def line_value(worth: PerSideSector, share: PerSector) -> PerSide:
    """Worth of what each side holds now, held for good, points."""
    return jnp.stack([(worth[0] * share).sum(), (worth[1] * (1.0 - share)).sum()])


def kept(discount: Float[Array, ""], breach: PerSide) -> PerSide:
    """Share of a promise's value that survives each side's breach hazard: ``r / (r + b)``.

    The present value of a flow that stops at an exponential time, against one that does not. Powell, "War as
    a commitment problem" (2006), is the case of a breach that is certain to come.
    """
    return discount / (discount + breach)


def deal_values(
    p: Parameters,
    setting: Setting,
    deals: Deals,
    worth: PerSideSector,
    share: PerSector,
    renewed_cost: PerSide,
) -> tuple[Float[Array, "deals sides"], Float[Array, "deals sides"]]:
    """What each deal is worth to each side, and how much own soil it gives up in it.

    Ground handed over by the other side and terms it concedes count as far as its promises are kept; one's own
    concessions are certain; own soil given up has a domestic price that a leadership with more doves feels less;
    and if the deal breaks the war comes back.

    Parameters
    ----------
    renewed_cost
        Points that each side loses if the war comes back.

    Returns
    -------
    Values and own soil given up, both in points.
    """
    other = slice(None, None, -1)
    keep = kept(p.discount, p.breach)
    change = control_after(deals, setting, share) - share
    moved = jnp.stack([change, -change])  # sides, deals, sectors
    worth_moved = worth[:, None, :] * moved
    gained = jnp.maximum(worth_moved, 0.0).sum(axis=2)
    lost = jnp.maximum(-worth_moved, 0.0)
    own_given = (lost * setting.own_soil[:, None, :]).sum(axis=2)
    term_gain = (deals.terms[None] * (deals.benefits * p.term_worth)[:, None, :]).sum(axis=2)
    term_cost = (deals.terms[None] * ((1.0 - deals.benefits) * p.term_worth)[:, None, :]).sum(
        axis=2
    )
    promise = keep[other][:, None]
    price = (p.concession_price * (1.0 - p.doves))[:, None] * own_given
    war_back = ((1.0 - keep[0] * keep[1]) * renewed_cost)[:, None]
    value = (
        line_value(worth, share)[:, None]
        + promise * (gained + term_gain)
        - lost.sum(axis=2)
        - term_cost
        - price
        - war_back
    )
    return value.T, own_given.T


def allowed(
    deals: Deals,
    own_given: Float[Array, "deals sides"],
    support: PerSide,
    leader_veto: PerSide,
    blocked: Float[Array, "terms"],
) -> Float[Array, "deals"]:
    """Say which deals no leader and no third party vetoes (1) before anyone bargains.

    A leader cannot cede own soil while support for going on is above `leader_veto`; a blocked term is one
    that a third party (a supporter that would have to lift sanctions, say) will not grant.
    """
    ceded = ((own_given > 0.05) * (support > leader_veto)).max(axis=1)
    hindered = (deals.terms * blocked).max(axis=1, initial=0.0)
    return (1.0 - ceded) * (1.0 - hindered)
