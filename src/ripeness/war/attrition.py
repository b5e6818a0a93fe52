"""Combat losses by the generalised Lanchester law.

In: troops, materiel and the tempo of a sector. Out: casualties of both sides, thousands a week.
"""

from __future__ import annotations

import jax.numpy as jnp

from ripeness.war.arrays import OTHER, PerSector, PerSide, PerSideSector, Scalar, total

THIN = 0.25
"""Thousand troops: border guards and police, who are everywhere. Keeps a log power ratio finite."""

SMALLEST_REFERENCE = 10.0
"""Thousand troops: reference strength of a sector that is all but empty at the decision date."""


def log_power(troops: PerSideSector, materiel: PerSide, exponent: Scalar) -> PerSideSector:
    """Log of combat power, in thousands of troops with the materiel of the decision date.

    ``ln P = ln(troops + THIN) + exponent * ln(materiel)``.
    """
    return jnp.log(troops + THIN) + (exponent * jnp.log(materiel))[:, None]


def balance(log_power: PerSideSector) -> PerSector:
    """Log power ratio of each sector, positive for side 0: ``rho = ln(P0 / P1)``."""
    return log_power[0] - log_power[1]


def engaged(troops: PerSideSector) -> PerSector:
    """Share of a sector's fighting that takes place: 0 where a side has no one, near 1 else."""
    presence = troops / (troops + 1.0)
    return presence[0] * presence[1]


def reference_strength(troops: PerSideSector) -> PerSector:
    """Strength at which a loss rate means the same under every law, thousands: both sides' mean."""
    return jnp.maximum(total(troops, 0) / 2.0, SMALLEST_REFERENCE)


def exponents(law: Scalar) -> tuple[Scalar, Scalar]:
    """Exponents (p of the enemy's power, q of one's own troops) of the law.

    0 gives the logarithmic law (0, 1), 1 the linear law (1, 1), 2 the square law (1, 0); in
    between the exponents move in a straight line. Form: Bracken, "Lanchester models of the
    Ardennes campaign" (1995).
    """
    return jnp.minimum(law, 1.0), jnp.minimum(2.0 - law, 1.0)


def losses(
    troops: PerSideSector,
    log_power: PerSideSector,
    reference: PerSector,
    rate: PerSide,
    law: Scalar,
    tempo: PerSector,
) -> PerSideSector:
    """Casualties of a week.

    ``loss_i = rate_i * tempo * N * (P_j / N)**p * (troops_i / N)**q``, never more than half of
    those there.

    Parameters
    ----------
    troops
        Thousands.
    log_power
        Log of combat power, from `log_power`.
    reference
        N, thousands.
    rate
        Share of N a week at parity.
    law
        0 logarithmic, 1 linear, 2 square.
    tempo
        Times.

    Returns
    -------
    Casualties in thousands, sides by sectors.
    """
    p, q = exponents(law)
    scale = jnp.log(reference)
    enemy = log_power[OTHER] - scale
    own = jnp.log(troops + THIN) - scale
    loss = rate[:, None] * tempo * reference * jnp.exp(p * enemy + q * own)
    return jnp.minimum(loss, 0.5 * troops)
