"""How sides bargain, said in a line, and the deals of a pie of one."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from ripeness.settlement.bargaining import NASH, Manner, manner
from ripeness.war.arrays import Array

Pair = Array | tuple[float, float]


def bargainers(
    protocol: int = NASH,
    power: Array | float = 0.5,
    delay: Pair = (0.0, 0.0),
    doubt: Pair = (0.0, 0.0),
    place: Pair = (0.5, 0.5),
) -> Manner:
    """Sides who bargain under a protocol; by default they split the gains evenly.

    What differs between worlds has them as its last axis.
    """
    worlds = np.broadcast_shapes(
        np.shape(power), *(np.shape(pair)[1:] for pair in (delay, doubt, place))
    )

    def of_sides(pair: Pair) -> Array:
        pair = jnp.asarray(pair, float)
        return jnp.broadcast_to(
            pair.reshape(2, *pair.shape[1:] or (1,) * len(worlds)), (2, *worlds)
        )

    share = jnp.broadcast_to(jnp.asarray(power, float), worlds)
    return manner(jnp.int32(protocol), share, of_sides(delay), of_sides(doubt), of_sides(place))


def division(share: np.ndarray) -> np.ndarray:
    """Deals that divide a pie of one: deals by sides."""
    return np.stack([share, 1.0 - share], axis=1)


NOBODY_REFUSED = np.zeros(2, np.float32)
"""No side has refused an offer so far."""
