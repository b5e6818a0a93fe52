"""The bargaining range, the deal struck, and leverage.

In: what each deal and going on are worth to each side. Out: which deals both prefer, the Nash deal
among them.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
import numpy as np

from ripeness.settlement.deals import PerDeal, PerDealSide
from ripeness.war.arrays import PerSide, Scalar, Word, largest, place_of_largest, raised, total


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

    feasible: PerDeal
    nash: Word
    leverage: PerSide
    width: Scalar


def nash_product(surplus: PerDealSide, power: Scalar) -> PerDeal:
    """Asymmetric Nash product of both sides' gains: ``s0**b * s1**(1-b)`` (Nash 1950)."""
    gain = jnp.maximum(surplus, 0.0)
    return raised(gain[:, 0], power) * raised(gain[:, 1], 1.0 - power)


def pick(value: PerDealSide, deal: Word) -> PerSide:
    """Give what one deal is worth to each side; a sum, which is quicker than a look-up."""
    chosen = np.arange(len(value)).reshape((-1, *[1] * deal.ndim)) == deal
    return total(value * chosen[:, None], 0)


def bargain(
    value: PerDealSide,
    reservation: PerSide,
    allowed: PerDeal,
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
    feasible = allowed * (surplus[:, 0] >= 0.0) * (surplus[:, 1] >= 0.0)
    exists = largest(feasible, 0) > 0
    score = jnp.where(feasible > 0, nash_product(surplus, power), -1.0)
    nash = place_of_largest(score)
    leverage = jnp.where(exists, pick(value, nash), reservation)
    width = largest(jnp.where(feasible > 0, total(surplus, 1), 0.0), 0)
    return Range(feasible, jnp.where(exists, nash, -1), leverage, width)
