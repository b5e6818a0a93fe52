"""The shapes that the war and the settlement speak of.

``sides`` is 2, ``sectors``, ``supporters``, ``terms`` and ``deals`` as many as the case has.
Every equation reads as for one world. A block of worlds has one more axis, the last, so that the
same number of all its worlds lies side by side in memory, which is what a processor adds and
multiplies quickly; what is the same in all worlds has an axis of one there.
"""

from __future__ import annotations

import functools
import math
import operator

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Int

from ripeness.war.apart import apart

Array = jax.Array | np.ndarray
"""A JAX array within the simulation, a NumPy array before and after it."""

Scalar = Float[Array, "*worlds"]
Word = Int[Array, "*worlds"]
PerSide = Float[Array, "sides *worlds"]
PerSector = Float[Array, "sectors *worlds"]
PerSideSector = Float[Array, "sides sectors *worlds"]
PerSupporter = Float[Array, "supporters *worlds"]
PerSideSupporter = Float[Array, "sides supporters *worlds"]
PerTerm = Float[Array, "terms *worlds"]

WEEKS_A_YEAR = 365.25 / 7.0

SMALLEST = float(np.finfo(np.float32).tiny)
"""The least number above 0 in single precision."""

OTHER = slice(None, None, -1)
"""Indexes an array over sides so that each side gets the other's."""


def for_each_side(favour: Float[Array, "*any"]) -> Float[Array, "sides *any"]:
    """Give what is positive for side 0 as each side sees it: side 1 with the sign changed."""
    return jnp.stack([favour, -favour])


FEW = 32
"""Numbers of an axis that are written out one by one.

XLA then keeps to instructions on vectors of worlds; its own sums, maxima and powers on the CPU do
not, and take several times as long.
"""


def total(x: Float[Array, "..."], axis: int) -> Float[Array, "..."]:
    """Sum over an axis of sides, sectors, supporters or deals."""
    if 0 < x.shape[axis] <= FEW:
        return functools.reduce(operator.add, jnp.unstack(apart(x), axis=axis))
    return jnp.asarray(x).sum(axis)


def largest(x: Float[Array, "..."], axis: int) -> Float[Array, "..."]:
    """Maximum over an axis of sides, sectors, supporters or deals."""
    if x.shape[axis] <= FEW:
        return functools.reduce(jnp.maximum, jnp.unstack(apart(x), axis=axis))
    return jnp.asarray(x).max(axis)


def place_of_largest(x: Float[Array, "deals *worlds"]) -> Word:
    """Where along the first axis the maximum stands; the first of equals."""
    if len(x) > FEW:
        return jnp.argmax(x, axis=0)
    numbers = apart(x)
    best, place = numbers[0], jnp.zeros_like(numbers[0], jnp.int32)
    for n in range(1, len(x)):
        place = jnp.where(numbers[n] > best, n, place)
        best = jnp.maximum(numbers[n], best)
    return place


def raised(base: Float[Array, "*any"], exponent: Float[Array, "*any"]) -> Float[Array, "*any"]:
    """``base ** exponent`` for a base of 0 or more; 1 for any base to the power of 0."""
    power = jnp.exp(exponent * jnp.log(jnp.maximum(base, SMALLEST)))
    return jnp.where((base <= 0.0) & (exponent > 0.0), 0.0, power)


def softplus(x: Float[Array, "*any"]) -> Float[Array, "*any"]:
    """``ln(1 + exp(x))``, to an absolute error of single precision's rounding of 1.

    `jax.nn.softplus` keeps the last digits of numbers near 0 too, at twice the time.
    """
    return jnp.maximum(x, 0.0) + jnp.log(1.0 + jnp.exp(-jnp.abs(x)))


def chance_of(rate: Float[Array, "*any"]) -> Float[Array, "*any"]:
    """Chance that something of a given rate a week happens within a week: ``1 - exp(-rate)``.

    As exact as chances need be: the numbers that they are held against come in steps of 2**-23.
    """
    return 1.0 - jnp.exp(-rate)


def kept_a_week(halflife: Float[Array, "*any"]) -> Float[Array, "*any"]:
    """Share left after a week of what halves in `halflife` weeks."""
    return jnp.exp(-math.log(2.0) / halflife)
