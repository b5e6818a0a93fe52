"""Replacement and redeployment: who is where next week.

Every man is conserved: recruits and those sent by supporters come in, the dead and the disabled go
out.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Int

from ripeness.war.apart import mechanism
from ripeness.war.arrays import (
    OTHER,
    Array,
    PerSector,
    PerSide,
    PerSideSector,
    PerSideSupporter,
    Scalar,
    Word,
    for_each_side,
    total,
)
from ripeness.war.battle import Fought
from ripeness.war.moves import Moved
from ripeness.war.noise import Noise, Purpose
from ripeness.war.parameters import Parameters, Setting, State


def own_soil_lost(
    share: PerSector,
    first_share: PerSector,
    area: PerSector,
    own_soil: PerSideSector,
) -> PerSideSector:
    """Own soil that each side has lost since the decision date, km²."""
    return jnp.maximum(for_each_side((first_share - share) * area), 0.0) * own_soil


def home_demand(lost: PerSideSector, priority: PerSide, area: Scalar) -> PerSideSector:
    """Troops that the loss of own soil draws to a sector, thousands (claim R6 hangs on it).

    ``priority * lost / (lost + area)``: half of `priority` at `area` km² lost, nearly all of it
    far beyond.
    """
    return priority[:, None] * lost / (lost + area)


def demand(
    troops: PerSideSector,
    reserve: PerSide,
    first_troops: PerSideSector,
    first_reserve: PerSide,
    extra: PerSideSector,
) -> PerSideSector:
    """Troops wanted in each sector, thousands.

    The line of the decision date, swollen by whatever stands beyond the first reserve, plus what a
    move or the defence of own soil asks for.
    """
    line = total(first_troops, 1)
    spare = jnp.maximum(total(troops, 1) + reserve - line - first_reserve, 0.0)
    return first_troops * (1.0 + spare / jnp.maximum(line, 1e-6))[:, None] + extra


def reinforcements_arrive(
    week: Word, due: Int[Array, "supporters *worlds"], before: PerSide, now: PerSide
) -> PerSideSupporter:
    """Whether reinforcements for a side arrive this week: 1 or 0.

    They come once: in the week due, or if the side's own soil is invaded only later, then.

    Parameters
    ----------
    due
        Week from which each supporter reinforces.
    before, now
        1 once the side's own soil was invaded, before and after this week.
    """
    at_once = jnp.where(week == due, now[:, None], 0.0)
    return jnp.where(week > due, (now - before)[:, None], at_once)


def redeploy(
    troops: PerSideSector,
    reserve: PerSide,
    wanted: PerSideSector,
    fresh: PerSide,
    limit: PerSide,
) -> tuple[PerSideSector, PerSide]:
    """Send troops from the reserve to where they lack, then shift them between sectors.

    New and healed men go where they are needed as they come; of those who stand elsewhere, in the
    reserve or in a sector, at most `limit` thousand move. Between sectors the side evens out the
    share of the demand that is met, so a sector that asks for more draws on all the others (the
    effect that claim R6 is about).

    Parameters
    ----------
    reserve
        Thousands, with the `fresh` among them.

    Returns
    -------
    Troops and reserve after the moves; their sum over a side is unchanged.
    """
    need = jnp.maximum(wanted - troops, 0.0)
    total_need = total(need, 1)
    sent = jnp.minimum(jnp.minimum(reserve, total_need), fresh + limit)
    troops = troops + need * (sent / jnp.maximum(total_need, 1e-6))[:, None]
    reserve = reserve - sent

    asked = total(wanted, 1)
    met = total(troops, 1) / jnp.maximum(asked, 1e-6)
    gap = jnp.where(asked[:, None] > 1e-6, wanted * met[:, None] - troops, 0.0)
    moving = total(jnp.maximum(gap, 0.0), 1)
    left = limit - jnp.maximum(sent - fresh, 0.0)
    pace = jnp.minimum(left / jnp.maximum(moving, 1e-6), 1.0)
    return troops + gap * pace[:, None], reserve


def heal(
    hospital: PerSide, casualties: PerSide, return_share: PerSide, return_weeks: Scalar
) -> tuple[PerSide, PerSide, PerSide]:
    """Give those who return this week, those in hospital, those lost for good; thousands."""
    returning = hospital / return_weeks
    return (
        returning,
        hospital - returning + return_share * casualties,
        (1.0 - return_share) * casualties,
    )


def follow_supply(
    materiel: PerSide, supply: PerSide, intensity: PerSide, wear: PerSide, speed: PerSide
) -> PerSide:
    """Materiel a week later (1 = as at the decision date).

    It relaxes at rate `speed` to what supply carries, less the wear of fighting harder than then.
    """
    carried = supply - wear * (intensity - 1.0)
    return jnp.maximum(materiel + speed * (carried - materiel), 0.05)


class Replaced(eqx.Module):
    """Where everyone is after the week; thousands, and km² of own soil lost.

    ``invaded`` is 1 once the side's own soil was invaded.
    """

    troops: PerSideSector
    reserve: PerSide
    hospital: PerSide
    dead: PerSide
    invaded: PerSide
    own_soil_lost: PerSideSector


@mechanism
def step(p: Parameters, setting: Setting, state: State, moved: Moved, fought: Fought) -> Replaced:
    """Take the week's casualties, bring in the new and the healed, and shift troops."""
    returning, hospital, lost = heal(
        state.hospital, fought.casualties, p.return_share, p.return_weeks
    )
    soil = own_soil_lost(fought.share, setting.share, setting.area, setting.own_soil)
    newly = (total(soil, 1) > 0) * moved.invades[OTHER]
    invaded = jnp.maximum(state.invaded, newly)
    arrive = reinforcements_arrive(state.week, setting.reinforcement_week, state.invaded, invaded)
    sent = total(setting.backs * p.reinforcement * arrive, 1)
    fresh = p.recruits + returning
    reserve = moved.reserve + fresh + sent
    left = moved.troops - fought.losses
    extra = moved.committed + home_demand(soil, p.home_priority, p.home_priority_area)
    wanted = demand(left, reserve, p.troops, p.reserve, extra)
    troops, reserve = redeploy(left, reserve, wanted, fresh, p.shift_limit)
    return Replaced(troops, reserve, hospital, state.dead + lost, invaded, soil)


@mechanism
def resupply(
    p: Parameters, state: State, supply: PerSide, intensity: PerSide, noise: Noise
) -> PerSide:
    """Materiel of both sides after the week (1 = as at the decision date)."""
    followed = follow_supply(state.materiel, supply, intensity, p.wear, p.materiel_speed)
    return followed * jnp.exp(p.materiel_noise * noise.normal(Purpose.MATERIEL, len(supply)))
