"""The one door of randomness: a number for (seed, world, week, purpose, lane), nothing else.

A counter-based generator in 32-bit integer arithmetic: no state is carried, so a world's luck does
not depend on the order of blocks, the number of cores, or which other worlds are run, and two
plans for one world meet the same luck (common random numbers).
"""

from __future__ import annotations

import math
from enum import IntEnum

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Int, UInt32

from ripeness.war.apart import apart
from ripeness.war.arrays import Array


class Purpose(IntEnum):
    """What a draw is for. A number is never used again for another purpose."""

    GROUND = 1
    AID = 2
    ELECTION = 3
    MATERIEL = 4
    SUPPORT = 5
    AUTONOMY = 6
    RESPONSE = 7
    CLIMB = 8
    CALM = 9
    ATTACKS = 10
    STRIKES = 11
    TALKS_OPEN = 12
    TALKS_CLOSE = 13
    SCUTTLE = 14
    TRUCE = 15
    TRUCE_BREAK = 16
    PARTIAL_START = 17
    BATTLE_SIGNAL = 18
    NERVE = 19
    TERM_BLOCKED = 20
    DEAL_KEPT = 21
    OPTIMISM = 22
    PROPOSER = 23
    PRIVATE_COST = 24


_GOLDEN = 0x9E3779B9  # 2**32 / golden ratio: neighbouring counters land far apart


def mix(x: UInt32[Array, "*n"]) -> UInt32[Array, "*n"]:
    """Scramble 32-bit words so that every input bit moves every output bit.

    The two-round xor-multiply finaliser "lowbias32" (C. Wellons, "Prospecting for hash functions",
    2018).
    """
    x = x ^ (x >> 16)
    x = x * jnp.uint32(0x7FEB352D)
    x = x ^ (x >> 15)
    x = x * jnp.uint32(0x846CA68B)
    return x ^ (x >> 16)


def world_key(seed: Int[Array, ""] | int, world: Int[Array, ""] | int) -> UInt32[Array, ""]:
    """Give the key of one world of a run."""
    return mix(mix(jnp.uint32(seed) + jnp.uint32(_GOLDEN)) ^ mix(jnp.uint32(world)))


CENTRE = np.array(
    (
        *(2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 2.1858087e-04),
        *(-1.25372503e-03, -4.17768164e-03, 2.46640727e-01, 1.50140941e00),
    ),
    np.float32,
)
TAILS = np.array(
    (
        *(-2.00214257e-04, 1.00950558e-04, 1.34934322e-03, -3.67342844e-03, 5.73950773e-03),
        *(-7.6224613e-03, 9.43887047e-03, 1.00167406e00, 2.83297682e00),
    ),
    np.float32,
)
"""Coefficients of Giles's polynomials, the highest power first."""


def inverse_normal(u: Float[Array, "*n"]) -> Float[Array, "*n"]:
    """Give the standard normal number at quantile u of (0, 1), to some 3e-7 of its size.

    Giles, "Approximating the erfinv function" (GPU Computing Gems, 2011), table of the
    single-precision polynomials. `jax.lax.erf_inv` is the same; but of ``1 - x**2`` with
    ``x = 2 u - 1`` nothing is lost if it is computed as ``4 u (1 - u)``, whose logarithm takes half
    the time.
    """
    w = -jnp.log(4.0 * u * (1.0 - u))
    near, far = w - 2.5, jnp.sqrt(w) - 3.0
    factor = jnp.where(
        w < 5.0, jnp.polyval(CENTRE, near, unroll=16), jnp.polyval(TAILS, far, unroll=16)
    )
    return math.sqrt(2.0) * factor * (2.0 * u - 1.0)


class Noise(eqx.Module):
    """The luck of worlds in one week.

    Attributes
    ----------
    key
        The worlds' keys, from `world_key`.
    salt
        Their keys mixed with the week, from which all its draws come.
    """

    key: UInt32[Array, "*worlds"]
    salt: UInt32[Array, "*worlds"]

    def __init__(self, key: UInt32[Array, "*worlds"], week: Int[Array, "*worlds"]) -> None:
        """Give the luck of a week, counted from the decision date."""
        self.key = key
        self.salt = mix(key + jnp.asarray(week).astype(jnp.uint32) * jnp.uint32(_GOLDEN))

    def uniform(self, purpose: Purpose, *shape: int) -> Float[Array, "..."]:
        """Draw numbers in (0, 1), never 0 nor 1: an array of this shape for each world."""
        lane = np.arange(math.prod(shape), dtype=np.uint32).reshape((*shape, *[1] * self.salt.ndim))
        counter = lane + np.uint32(purpose << 16)
        # 23 bits are left: with 24, rounding could give 1
        bits = mix(mix(counter ^ self.salt) + self.salt) >> 9
        numbers = (bits.astype(jnp.int32).astype(jnp.float32) + 0.5) * jnp.float32(2.0**-23)
        return apart(numbers)

    def normal(self, purpose: Purpose, *shape: int) -> Float[Array, "..."]:
        """Draw standard normal numbers, through the inverse distribution."""
        return inverse_normal(self.uniform(purpose, *shape))

    def happens(self, purpose: Purpose, chance: Float[Array, "..."]) -> Float[Array, "..."]:
        """Say for each chance whether it comes true (1.0) or not (0.0)."""
        return (self.uniform(purpose, *self._of_one_world(chance)) < chance).astype(jnp.float32)

    def count(self, purpose: Purpose, mean: Float[Array, "..."]) -> Float[Array, "..."]:
        """Draw Poisson counts by inversion, cut at `MAX_COUNT`.

        Parameters
        ----------
        mean
            Expected counts, well below `MAX_COUNT`.
        """
        u = self.uniform(purpose, *self._of_one_world(mean))
        term = jnp.exp(-mean)
        total = term
        count = jnp.zeros_like(mean)
        for n in range(1, MAX_COUNT + 1):
            count = count + (u > total)
            term = term * mean / n
            total = total + term
        return count

    def _of_one_world(self, x: Float[Array, "..."]) -> tuple[int, ...]:
        return x.shape[: x.ndim - self.key.ndim]


MAX_COUNT = 12
"""No more events of one kind than this are counted in a week; no record comes near it."""
