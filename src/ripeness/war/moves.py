"""What a plan orders this week: commit troops to a sector, withdraw them, with or without leave."""

from __future__ import annotations

import jax.numpy as jnp

from ripeness.war.parameters import PerSide, PerSideSector


def authorise(
    authorised: PerSide, begins: PerSide, leave: PerSide, needs_leave: PerSide, autonomous: PerSide
) -> PerSide:
    """Settle in the week in which a move begins whether it takes place.

    It does if its supporters give leave, if it needs none, or if the client acts against their wish (claim R20).
    What was settled then holds for the whole move.
    """
    allowed = jnp.maximum(jnp.maximum(leave, autonomous), 1.0 - needs_leave)
    return jnp.where(begins > 0, allowed, authorised)


def commit(
    troops: PerSideSector, reserve: PerSide, wanted: PerSideSector
) -> tuple[PerSideSector, PerSide]:
    """Send the troops of a move at once: from the reserve, and what it lacks from the other sectors alike.

    Parameters
    ----------
    wanted
        Thousands that the move commits to each sector this week.
    """
    total = wanted.sum(axis=1)
    from_reserve = jnp.minimum(reserve, total)
    others = jnp.where(wanted > 0, 0.0, troops)
    available = others.sum(axis=1)
    drawn = jnp.minimum(total - from_reserve, 0.5 * available)
    kept = 1.0 - drawn / jnp.maximum(available, 1e-6)
    sent = (from_reserve + drawn) / jnp.maximum(total, 1e-6)
    return jnp.where(wanted > 0, troops, troops * kept[:, None]) + wanted * sent[
        :, None
    ], reserve - from_reserve


def withdraw(
    troops: PerSideSector, reserve: PerSide, leaving: PerSideSector
) -> tuple[PerSideSector, PerSide]:
    """Bring troops home to the reserve at once; `leaving` is 1 where a move ends."""
    back = troops * leaving
    return troops - back, reserve + back.sum(axis=1)
