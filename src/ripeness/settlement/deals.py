"""Deals and what they are worth to each side, in points of the stake (100 = everything in dispute).

All values are stocks: a side that holds everything for good has 100. The value of a promise is
what it would be worth if kept, times how far it can be expected to be kept.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Float, Int

from ripeness.war.arrays import (
    OTHER,
    Array,
    PerSector,
    PerSide,
    PerSideSector,
    PerTerm,
    Scalar,
    largest,
    total,
)
from ripeness.war.parameters import Parameters, Setting

PerDeal = Float[Array, "deals *worlds"]
PerDealSide = Float[Array, "deals sides *worlds"]

WHOLE_STAKE = 100.0


class Deals(eqx.Module):
    """The deals that a case declares.

    Attributes
    ----------
    follows
        1 where a deal leaves a sector to who holds it when the deal is struck.
    fixed
        Share that side 0 holds after it where it does not.
    terms
        1 where a deal has a term.
    benefits
        1 for the side that gains from a term; the other concedes it.
    dictated_by
        For each side the deal that it imposes when the other collapses; -1 for none.
    """

    follows: Float[Array, "deals sectors *worlds"]
    fixed: Float[Array, "deals sectors *worlds"]
    terms: Float[Array, "deals terms *worlds"]
    benefits: Float[Array, "sides terms *worlds"]
    dictated_by: Int[Array, "sides *worlds"]


def worth_of_ground(p: Parameters, setting: Setting) -> PerSideSector:
    """Worth of the whole of each sector to each side, points.

    Area times the sector's worth, times what a km² of one's own or of the other's soil is worth;
    scaled so that ground and terms together are the whole stake.
    """
    density = jnp.where(
        setting.own_soil > 0, p.own_soil_worth[:, None], p.foreign_soil_worth[:, None]
    )
    raw = setting.area * p.sector_worth * density
    ground = WHOLE_STAKE - total(p.term_worth, 1)
    return raw * (ground / total(raw, 1))[:, None]


def line_value(worth: PerSideSector, share: PerSector) -> PerSide:
    """Worth of what each side holds now, held for good, points."""
    return total(worth * jnp.stack([share, 1.0 - share]), 1)


def kept(discount: Scalar, breach: PerSide) -> PerSide:
    """Share of a promise's value that survives each side's breach hazard: ``r / (r + b)``.

    The present value of a flow that stops at an exponential time, against one that does not.
    Powell, "War as a commitment problem" (2006), is the case of a breach that is certain to come.
    """
    return discount / (discount + breach)


def deal_values(
    p: Parameters,
    setting: Setting,
    deals: Deals,
    worth: PerSideSector,
    share: PerSector,
    renewed_cost: PerSide,
) -> tuple[PerDealSide, PerDealSide]:
    """What each deal is worth to each side, and how much own soil it gives up in it.

    Ground handed over by the other side and terms it concedes count as far as its promises are
    kept; one's own concessions are certain; own soil given up has a domestic price that a
    leadership with more doves feels less; and if the deal breaks the war comes back.

    Parameters
    ----------
    renewed_cost
        Points that each side loses if the war comes back.

    Returns
    -------
    Values and own soil given up, both in points.
    """
    keep = kept(p.discount, p.breach)
    change = deals.follows * share + deals.fixed - share
    handed_over = jnp.maximum(jnp.stack([change, -change], axis=1), 0.0)
    gained = total(handed_over * worth, 2)
    lost = total(handed_over[:, OTHER] * worth, 2)
    own_given = total(handed_over[:, OTHER] * worth * setting.own_soil, 2)
    terms = deals.terms[:, None]
    term_gain = total(terms * deals.benefits * p.term_worth, 2)
    term_cost = total(terms * (1.0 - deals.benefits) * p.term_worth, 2)
    value = (
        line_value(worth, share)
        + keep[OTHER] * (gained + term_gain)
        - lost
        - term_cost
        - p.concession_price * (1.0 - p.doves) * own_given
        - (1.0 - keep[0] * keep[1]) * renewed_cost
    )
    return value, own_given


def allowed(
    deals: Deals,
    own_given: PerDealSide,
    support: PerSide,
    leader_veto: PerSide,
    blocked: PerTerm,
) -> PerDeal:
    """Say which deals no leader and no third party vetoes (1) before anyone bargains.

    A leader cannot cede own soil while support for going on is above `leader_veto`; a blocked term
    is one that a third party (a supporter that would have to lift sanctions, say) will not grant.
    """
    ceded = largest((own_given > 0.05) * (support > leader_veto), 1)
    hindered = total(deals.terms * blocked, 1) > 0
    return (1.0 - ceded) * (1.0 - hindered)
