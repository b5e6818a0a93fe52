"""Ground gained and lost in a week.

In: the balance of power, surprise, prepared lines and the season. Out: km² a sector, positive for
side 0.
"""

from __future__ import annotations

import jax.numpy as jnp

from ripeness.war.arrays import (
    WEEKS_A_YEAR,
    PerSector,
    PerSide,
    PerSideSector,
    Scalar,
    kept_a_week,
    softplus,
)

NO_GROUND = 1e-3
"""km² that count as nothing left to gain."""


def season(week: Scalar, depth: Scalar, low_week: Scalar) -> Scalar:
    """Factor on movement: 1 in the best week of the year, ``1 - depth`` in the worst."""
    phase = 2.0 * jnp.pi * (week - low_week) / WEEKS_A_YEAR
    return 1.0 - depth * 0.5 * (1.0 + jnp.cos(phase))


def drive(
    balance: PerSector,
    surprise: PerSector,
    fort: PerSideSector,
    defence: PerSector,
    softness: Scalar,
) -> PerSector:
    """How far attackers exceed the defence, in log power, positive for side 0.

    ``kappa * (softplus((rho - fort1 - delta) / kappa) - softplus((-rho - fort0 - delta) /
    kappa))`` with ``rho = balance + surprise``: near zero in the stalemate zone ``|rho| < delta``,
    linear beyond it. Exchanging the sides changes its sign. A breakthrough is this law at a very
    thin defence, nothing else.

    Parameters
    ----------
    balance, surprise
        Log power, positive for side 0.
    fort
        Log power of each side's prepared lines.
    defence
        Delta, log power: the defender's advantage with the terrain.
    softness
        Kappa, log power.
    """
    rho = balance + surprise
    forward = softplus((rho - fort[1] - defence) / softness)
    backward = softplus((-rho - fort[0] - defence) / softness)
    return softness * (forward - backward)


def saturate(gain: PerSector, left_to_gain: PerSector, left_to_lose: PerSector) -> PerSector:
    """Bound a week's gain, km², by the ground R that is left: ``R * (1 - exp(-gain / R))``."""
    room = jnp.maximum(jnp.where(gain > 0, left_to_gain, left_to_lose), NO_GROUND)
    bounded = -room * jnp.expm1(-jnp.abs(gain) / room)
    return jnp.sign(gain) * jnp.where(room > NO_GROUND, bounded, 0.0)


def noise_scale(gain: PerSector, engaged: PerSector, noise: Scalar, floor: Scalar) -> PerSector:
    """Standard deviation of a week's gain, km²: ``noise * sqrt(|gain| + floor)``."""
    return noise * engaged * jnp.sqrt(jnp.abs(gain) + floor)


def fade(surprise: PerSector, halflife: Scalar) -> PerSector:
    """Surprise a week later, log power."""
    return surprise * kept_a_week(halflife)


def dig(
    fort: PerSideSector,
    digging: PerSideSector,
    lost_share: PerSideSector,
    strength: PerSide,
    weeks: Scalar,
) -> PerSideSector:
    """Prepared lines a week later, log power.

    They grow towards `strength` where a side digs in, half of the way in `weeks`, and are lost in
    the measure in which the ground they stand on is.

    Parameters
    ----------
    digging
        1 where the side digs in.
    lost_share
        Share of the side's ground in the sector that it lost this week.
    """
    grown = fort + digging * (strength[:, None] - fort) * (1.0 - kept_a_week(weeks))
    return grown * (1.0 - lost_share)
