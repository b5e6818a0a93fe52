"""Computing something for the few worlds that need it, within a block of all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import jax
import jax.numpy as jnp
from jaxtyping import Bool

from ripeness.war.arrays import Array

X = TypeVar("X")
R = TypeVar("R")

AT_ONCE = 64
"""Worlds computed together: few enough to cost little, enough for most weeks of a block."""


def for_few(asked: Bool[Array, "worlds"], compute: Callable[[X], R], given: X, nothing: R) -> R:
    """Compute for the worlds that are asked, and leave `nothing` in the others.

    Parameters
    ----------
    compute
        From what `AT_ONCE` worlds are given to their results; worlds are the last axis of both.
    given, nothing
        Of all worlds; what is the same in all has an axis of one there.
    """
    count = len(asked)

    def of_few(x: Array, places: Array) -> Array:
        return x if x.shape[-1] == 1 else jnp.take(x, places, axis=-1, mode="clip")

    def next_few(carry: tuple[Array, R]) -> tuple[Array, R]:
        left, results = carry
        places = jnp.nonzero(left, size=min(AT_ONCE, count), fill_value=count)[0]
        came = compute(jax.tree.map(lambda x: of_few(x, places), given))
        results = jax.tree.map(
            lambda old, new: jnp.asarray(old).at[..., places].set(new, mode="drop"), results, came
        )
        return jnp.asarray(left).at[places].set(False, mode="drop"), results

    return jax.lax.while_loop(lambda carry: carry[0].any(), next_few, (asked, nothing))[1]
