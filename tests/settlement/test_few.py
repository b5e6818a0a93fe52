"""Computing for a few worlds gives them what computing for all would, and leaves the others."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ripeness.settlement.few import AT_ONCE, for_few

WORLDS = 3 * AT_ONCE + 5  # more than are computed together, and no multiple of it


@jax.jit
def scaled_where_asked(asked: jax.Array, x: jax.Array, factor: jax.Array) -> jax.Array:
    return for_few(asked, lambda few: few[0] * few[1], (x, factor), jnp.full((2, WORLDS), -1.0))


@given(
    asked=arrays(bool, WORLDS, elements=st.booleans()),
    seed=st.integers(0, 1000),
)
def test_those_asked_get_what_all_would_get_and_the_others_nothing(asked: np.ndarray, seed: int):
    x = np.random.default_rng(seed).normal(size=(2, WORLDS)).astype(np.float32)
    factor = np.array([[2.0], [3.0]], np.float32)  # the same in all worlds
    found = scaled_where_asked(asked, x, factor)
    np.testing.assert_array_equal(found, np.where(asked, x * factor, -1.0))


def test_a_block_smaller_than_what_is_computed_together():
    asked = jnp.array([False, True, True])
    found = for_few(asked, lambda x: x + 1, jnp.array([1.0, 2.0, 3.0]), jnp.zeros(3))
    np.testing.assert_array_equal(found, [0.0, 3.0, 4.0])
