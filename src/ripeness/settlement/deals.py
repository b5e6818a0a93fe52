"""Deals and what they are worth to each side, in points of the stake (100 = everything in dispute).

All values are stocks: a side that holds everything for good has 100. The value of a promise is
what it would be worth if kept, times how far it can be expected to be kept.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Float, Int

from ripeness.settlement.leaders import office_lost
from ripeness.war.arrays import (
    OTHER,
    Array,
    PerSector,
    PerSide,
    PerSideSector,
    Scalar,
    largest,
    total,
)
from ripeness.war.noise import Noise, Purpose
from ripeness.war.parameters import Parameters, Setting

PerDeal = Float[Array, "deals *worlds"]
PerDealSide = Float[Array, "deals sides *worlds"]

WHOLE_STAKE = 100.0

CEDED = 0.05
"""Points of own soil from which on a deal counts as ceding it: less is rounding of the line."""


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


class Stakes(eqx.Module):
    """What a war is about in a world, as far as it stays the same in all weeks.

    Attributes
    ----------
    worth
        Of the whole of each sector to each side, points.
    gained, given_up
        What a sector handed over by the other side is worth as far as the promise is kept, and what
        handing it over costs, the domestic price of own soil included; points.
    own
        Worth of a side's own soil, points; 0 elsewhere.
    first_line
        Worth of what each side holds at the decision date, points.
    terms, promised_terms
        Worth of a deal's terms to each side as far as they are kept, and if they are; points.
    hindered
        1 for a deal with a term that a third party will not allow.
    broken
        Chance-weighted years of renewed war that a broken deal brings.
    lost_rearmed
        Points of ground that a renewed war would cost, weighed by the chance that the other side
        brings it.
    """

    worth: PerSideSector
    gained: PerSideSector
    given_up: PerSideSector
    own: PerSideSector
    first_line: PerSide
    terms: PerDealSide
    promised_terms: PerDealSide
    hindered: PerDeal
    broken: Scalar
    lost_rearmed: PerSide


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
    """
    return discount / (discount + breach)


def promise(kept: PerSide, now: PerSide, after: PerSide) -> PerSide:
    """Worth of having `now` until a promise is broken, and `after` from then on; points.

    ``kept * now + (1 - kept) * after``. Where the other side's power grows, `after` falls with it,
    and no promise may be worth enough (Fearon, "Rationalist explanations for war", 1995; Powell,
    "War as a commitment problem", 2006).
    """
    return kept * now + (1.0 - kept) * after


def weigh(
    p: Parameters, setting: Setting, deals: Deals, luck: Noise, price_felt: PerSide
) -> Stakes:
    """Weigh what a war is about.

    Parameters
    ----------
    luck
        That of week 0.
    price_felt
        Share of the domestic price of ceding own soil that counts: all of it for the state, less
        for a leadership with doves.
    """
    worth = worth_of_ground(p, setting)
    keep = kept(p.discount, p.breach)[OTHER]
    terms = deals.terms[:, None]
    gains = total(terms * deals.benefits * p.term_worth, 2)
    concedes = total(terms * (1.0 - deals.benefits) * p.term_worth, 2)
    blocked = luck.happens(Purpose.TERM_BLOCKED, p.term_blocked)
    price = (p.concession_price * price_felt)[:, None] * setting.own_soil
    none = jnp.zeros_like(keep)
    return Stakes(
        worth=worth,
        gained=promise(keep[:, None], worth, jnp.zeros_like(worth)),
        given_up=worth * (1.0 + price),
        own=worth * setting.own_soil,
        first_line=line_value(worth, setting.share),
        terms=promise(keep, gains, jnp.zeros_like(gains)) - concedes,
        promised_terms=gains - concedes,
        hindered=(total(deals.terms * blocked, 1) > 0).astype(jnp.float32),
        broken=(1.0 - keep[0] * keep[1]) * p.renewed_war_years,
        lost_rearmed=promise(keep, none, p.rearmed_loss),
    )


class Valued(eqx.Module):
    """What deals are worth.

    Attributes
    ----------
    value, own_given
        Points to each side; own soil that it gives up, points.
    left
        What the deal leaves it with if it is kept, ground and terms, points.
    """

    value: PerDealSide
    own_given: PerDealSide
    left: PerDealSide


def deal_values(
    stakes: Stakes, deals: Deals, share: PerSector, line: PerSide, year_cost: PerSide
) -> Valued:
    """What each deal is worth to each side, and how much own soil it gives up in it.

    Ground handed over by the other side and terms it concedes count as far as its promises are
    kept; one's own concessions are certain; and if the deal breaks the war comes back.

    Parameters
    ----------
    share
        Of each sector held by side 0.
    line
        Worth of what each side holds, points.
    year_cost
        Cost of a year of war to each side, points.
    """
    kept_ground = given = left = 0.0
    for sector in range(len(share)):
        change = (1.0 - deals.follows[:, sector]) * (deals.fixed[:, sector] - share[sector])
        own = jnp.stack([change, -change], axis=1)
        # what is handed over costs more than what is received brings: the lesser of two lines
        kept_ground += jnp.minimum(own * stakes.gained[:, sector], own * stakes.given_up[:, sector])
        given += jnp.maximum(-own, 0.0) * stakes.own[:, sector]
        left += own * stakes.worth[:, sector]
    renewed = stakes.broken * year_cost + stakes.lost_rearmed
    return Valued(
        value=line + kept_ground + stakes.terms - renewed,
        own_given=jnp.asarray(given),
        left=line + left + stakes.promised_terms,
    )


def as_leaders_see(p: Parameters, stakes: Stakes, valued: Valued) -> PerDealSide:
    """Worth of each deal to each leadership, points: less where it costs it the office."""
    worse_by = stakes.first_line - valued.left
    return valued.value - office_lost(worse_by, p.office_stake, p.office_loss, p.doves)


def allowed(
    own_given: PerDealSide, support: PerSide, leader_veto: PerSide, hindered: PerDeal
) -> PerDeal:
    """Say which deals no leader and no third party vetoes (1) before anyone bargains.

    A leader cannot cede own soil while support for going on is above `leader_veto`; a blocked term
    is one that a third party (a supporter that would have to lift sanctions, say) will not grant.
    """
    ceded = largest((own_given > CEDED) * (support > leader_veto), 1)
    return (1.0 - ceded) * (1.0 - hindered)
