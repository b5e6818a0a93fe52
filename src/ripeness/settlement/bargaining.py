"""The bargaining range, the deal struck, and leverage.

In: what each deal and going on are worth to each side. Out: which deals both prefer, the Nash deal
among them.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Float, Int

from ripeness.war.arrays import Array, PerSide, Scalar


class Range(eqx.Module):
    """What bargaining could bring in a week.

    Attributes
    ----------
    feasible
        1 for each deal that both prefer to going on.
    nash
        The feasible deal with the greatest Nash product; -1 if there is none.
    leverage
        What each side gets from it, or from going on if there is none, points.
    width
        The most that the two together gain by a feasible deal over going on, points; 0 if there is
        none.
    """

    feasible: Float[Array, "deals"]
    nash: Int[Array, ""]
    leverage: PerSide
    width: Scalar


def nash_product(surplus: Float[Array, "*n sides"], power: Scalar) -> Float[Array, "*n"]:
    """Asymmetric Nash product of both sides' gains: ``s0**b * s1**(1-b)`` (Nash 1950)."""
    gain = jnp.maximum(surplus, 0.0)
    return gain[..., 0] ** power * gain[..., 1] ** (1.0 - power)


def pick(value: Float[Array, "deals sides"], deal: Int[Array, ""]) -> PerSide:
    """Give what one deal is worth to each side; a sum, which is quicker than a look-up."""
    chosen = jnp.arange(value.shape[0]) == deal
    return (value * chosen[:, None]).sum(axis=0)


def bargain(
    value: Float[Array, "deals sides"],
    reservation: PerSide,
    allowed: Float[Array, "deals"],
    power: Scalar,
) -> Range:
    """Find the deals that both prefer to going on, and the Nash deal among them.

    Parameters
    ----------
    value
        Of each deal to each side, points.
    reservation
        Value of going on, points.
    allowed
        1 where nobody vetoes the deal.
    power
        Share of the surplus that goes to side 0.
    """
    surplus = value - reservation
    feasible = allowed * (surplus >= 0.0).all(axis=1)
    exists = feasible.max() > 0
    score = jnp.where(feasible > 0, nash_product(surplus, power), -1.0)
    nash = jnp.argmax(score)
    leverage = jnp.where(exists, pick(value, nash), reservation)
    width = jnp.where(feasible > 0, surplus.sum(axis=1), 0.0).max()
    return Range(feasible, jnp.where(exists, nash, -1), leverage, width)
