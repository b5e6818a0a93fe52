"""Replacement and redeployment: who is where next week.

Every man is conserved: recruits and those sent by supporters come in, the dead and the disabled go out.
"""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

from ripeness.war.parameters import PerSide, PerSideSector, Scalar


def own_soil_lost(
    share: Float[Array, "sectors"],
    first_share: Float[Array, "sectors"],
    area: Float[Array, "sectors"],
    own_soil: PerSideSector,
) -> PerSideSector:
    """Own soil that each side has lost since the decision date, km²."""
    lost = (first_share - share) * area
    return jnp.maximum(jnp.stack([lost, -lost]), 0.0) * own_soil


def home_demand(lost: PerSideSector, priority: PerSide, area: Scalar) -> PerSideSector:
    """Troops that the loss of own soil draws to a sector, thousands (claim R6 hangs on it).

    ``priority * lost / (lost + area)``: half of `priority` at `area` km² lost, nearly all of it far beyond.
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

    The line of the decision date, swollen by whatever stands beyond the first reserve, plus what a move or
    the defence of own soil asks for.
    """
    line = first_troops.sum(axis=1)
    spare = jnp.maximum(troops.sum(axis=1) + reserve - line - first_reserve, 0.0)
    return first_troops * (1.0 + spare / line)[:, None] + extra


def redeploy(
    troops: PerSideSector, reserve: PerSide, wanted: PerSideSector, limit: PerSide
) -> tuple[PerSideSector, PerSide]:
    """Move at most `limit` thousand: first from the reserve to where they lack, then between sectors.

    Between sectors the side evens out the share of the demand that is met, so a sector that asks for more
    draws on all the others (the effect that claim R6 is about).

    Returns
    -------
    Troops and reserve after the moves; their sum over a side is unchanged.
    """
    need = jnp.maximum(wanted - troops, 0.0)
    total_need = need.sum(axis=1)
    sent = jnp.minimum(jnp.minimum(reserve, total_need), limit)
    troops = troops + need * (sent / jnp.maximum(total_need, 1e-6))[:, None]
    reserve = reserve - sent

    met = troops.sum(axis=1) / jnp.maximum(wanted.sum(axis=1), 1e-6)
    gap = wanted * met[:, None] - troops
    moving = jnp.maximum(gap, 0.0).sum(axis=1)
    pace = jnp.minimum((limit - sent) / jnp.maximum(moving, 1e-6), 1.0)
    return troops + gap * pace[:, None], reserve


def heal(
    hospital: PerSide, casualties: PerSide, return_share: PerSide, return_weeks: Scalar
) -> tuple[PerSide, PerSide, PerSide]:
    """Give (those who return this week, those still in hospital, those lost for good), thousands."""
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
