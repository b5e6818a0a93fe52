"""The bargaining range, the deal that bargaining brings, and leverage.

In: what each deal and going on are worth to each side. Out: which deals both prefer, and the one
that the protocol picks among them. Three rival protocols:

- *nash*: the greatest Nash product with a weight for each side (Nash 1950).
- *proposer*: one side proposes and has the first mover's share of an alternating-offers game, in
  which every week of delay may end the talks or is worth less (Rubinstein 1982; Binmore, Rubinstein
  and Wolinsky 1986).
- *ultimatum*: one side makes an offer that the other takes or leaves, without knowing exactly what
  going on is worth to it (Fearon 1995): it asks for more at the risk of a refusal.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Float

from ripeness.settlement.deals import PerDeal, PerDealSide
from ripeness.war.apart import apart
from ripeness.war.arrays import (
    FEW,
    OTHER,
    SMALLEST,
    Array,
    PerSide,
    Scalar,
    Word,
    largest,
    place_of_largest,
    total,
)

NASH, PROPOSER, ULTIMATUM = 0, 1, 2

LEAST_RATE = 1e-6
"""A week's loss by delay under which nobody would count it; keeps Rubinstein's share a number."""

SURE = 1e-6
"""Points, or share of a range, of doubt that count as none; keeps the chance of a yes a number."""


class Manner(eqx.Module):
    """How the sides of a world bargain.

    Attributes
    ----------
    ultimatum
        1 under that protocol.
    power
        Chance that side 0 proposes.
    weights
        Weight of side 0 in the product that is maximised, when it proposes and when side 1 does.
    doubt
        Points: half the range within which the other side knows what going on is worth to it.
    place
        Where in that range the truth lies, 0 the least stubborn, 1 the most.
    """

    ultimatum: Scalar
    power: Scalar
    weights: PerSide
    doubt: PerSide
    place: PerSide


def manner(protocol: Word, power: Scalar, delay: PerSide, doubt: PerSide, place: PerSide) -> Manner:
    """Say how the sides bargain under a protocol.

    Parameters
    ----------
    power
        Weight of side 0 in the Nash product; under the other protocols the chance that it proposes.
    delay
        Rate a week at which an agreement put off loses its worth to each side.
    """
    share = proposers_share(delay)
    alternating = jnp.stack([share[0], 1.0 - share[1]])
    at_once = jnp.stack([jnp.ones_like(power), jnp.zeros_like(power)])
    weights = jnp.where(
        protocol == NASH, power, jnp.where(protocol == PROPOSER, alternating, at_once)
    )
    doubt = jnp.maximum(doubt, SURE)
    return Manner((protocol == ULTIMATUM).astype(power.dtype), power, weights, doubt, place)


class Bid(eqx.Module):
    """What bargaining comes to.

    Attributes
    ----------
    feasible
        1 for each deal that both prefer to going on.
    deal
        The deal that is proposed; -1 if there is none to propose.
    agreed
        1 if both prefer it to going on.
    refused
        Up to where in the answering side's range of doubt a refusal would show that it does not
        lie; 0 for the side that proposes.
    """

    feasible: PerDeal
    deal: Word
    agreed: Scalar
    refused: PerSide


def proposers_share(delay: PerSide) -> PerSide:
    """Each side's share of the surplus when it proposes: ``(1 - d_j) / (1 - d_i d_j)``.

    With ``d = exp(-delay)`` a week between offers (Rubinstein 1982).
    """
    rate = jnp.maximum(delay, LEAST_RATE)
    return jnp.expm1(-rate[OTHER]) / jnp.expm1(-total(rate, 0))


def place_shown(surplus: PerDeal, doubt: Scalar, place: Scalar) -> PerDeal:
    """Where in a side's range of doubt the type lies that is indifferent to a deal."""
    return place + surplus / (2.0 * doubt)


def acceptance(shown: PerDeal, refused: Scalar) -> PerDeal:
    """Chance, as the other side sees it, that a side takes a deal; all places left are as likely.

    ``(shown - refused) / (1 - refused)`` within 0 and 1: what was refused tells that the side is
    tougher (screening: Fudenberg and Tirole 1983, Powell 2004).
    """
    return jnp.clip((shown - refused) / jnp.maximum(1.0 - refused, SURE), 0.0, 1.0)


def in_range(surplus: PerDealSide, may: PerDeal) -> PerDeal:
    """Say which deals both prefer to going on (1), of those that nobody vetoes."""
    return apart(may * (surplus[:, 0] >= 0.0) * (surplus[:, 1] >= 0.0))


def bargain(
    value: PerDealSide,
    reservation: PerSide,
    may: PerDeal,
    manner: Manner,
    proposes: Scalar,
    refused: PerSide,
) -> Bid:
    """Find the deals that both prefer to going on, and the deal that is proposed.

    It maximises ``s_0**a * s_1**(1 - a)``, with s the gains over going on and `a` side 0's weight.
    Under *nash* and *proposer* only deals inside the range are proposed. Under *ultimatum* only the
    proposer's gain counts, times the chance that the other takes the deal.

    Parameters
    ----------
    value
        Of each deal to each side, points.
    reservation
        Value of going on, points.
    may
        1 where nobody vetoes the deal.
    proposes
        1 if side 0 makes the offer, 0 if side 1 does.
    refused
        Up to where in each side's range of doubt its refusals have shown that it does not lie.
    """
    surplus = apart(value - reservation)
    feasible = in_range(surplus, may)
    first = proposes > 0

    def answering(x: Float[Array, "sides *worlds"]) -> Scalar:
        return jnp.where(first, x[1], x[0])

    theirs = jnp.where(first, surplus[:, 1], surplus[:, 0])
    own = jnp.where(first, surplus[:, 0], surplus[:, 1])
    shown = apart(place_shown(theirs, answering(manner.doubt), answering(manner.place)))
    takes = acceptance(shown, answering(refused))
    ultimatum = manner.ultimatum > 0
    chance = apart(jnp.where(ultimatum, may * (own > 0.0) * takes, feasible))
    hoped = jnp.log(jnp.maximum(own * chance, SMALLEST))
    left = jnp.log(jnp.maximum(theirs, SMALLEST))
    a = apart(jnp.where(first, manner.weights[0], 1.0 - manner.weights[1]))
    score = jnp.where(chance > 0.0, a * hoped + (1.0 - a) * left, -jnp.inf)
    best = apart(place_of_largest(score))
    exists = pick(chance, best) > 0.0
    known = apart(jnp.where(exists, jnp.clip(pick(shown, best), 0.0, 1.0), 0.0))
    return Bid(
        feasible=feasible,
        deal=jnp.where(exists, best, -1),
        agreed=exists * pick(feasible, best),
        refused=jnp.stack([(1.0 - proposes) * known, proposes * known]),
    )


def pick(value: Float[Array, "deals ..."], deal: Word) -> Float[Array, "..."]:
    """Give what belongs to one deal, to the first one for -1.

    Few choices written out are quicker than a look-up.
    """
    if len(value) > FEW:
        place = jnp.maximum(deal, 0).reshape((1,) * (value.ndim - deal.ndim) + deal.shape)
        return jnp.take_along_axis(value, place, axis=0)[0]
    chosen = value[0]
    for n in range(1, len(value)):
        chosen = jnp.where(deal == n, value[n], chosen)
    return chosen


def width(value: PerDealSide, reservation: PerSide, feasible: PerDeal) -> Scalar:
    """Most that the two together gain by a deal over going on, points; 0 if there is no range."""
    return largest(jnp.where(feasible > 0, total(value - reservation, 1), 0.0), 0)


def leverage(
    value: PerDealSide, reservation: PerSide, may: PerDeal, manner: Manner, refused: PerSide
) -> PerSide:
    """What each side gets from bargaining now, or from going on where it fails; points.

    Under the protocols in which one side proposes, the mean over who does.
    """

    def got(proposes: Scalar) -> PerSide:
        bid = bargain(value, reservation, may, manner, proposes, refused)
        return jnp.where(bid.agreed > 0, pick(value, bid.deal), reservation)

    ones = jnp.ones_like(manner.power)
    first, second = got(ones), got(jnp.zeros_like(ones))
    return second + manner.power * (first - second)  # exact where both are the same
