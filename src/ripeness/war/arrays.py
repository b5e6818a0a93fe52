"""The shapes that the war and the settlement speak of.

``sides`` is 2, ``sectors``, ``supporters``, ``terms`` and ``deals`` as many as the case has.
Written for one world; a block of worlds has them with the worlds as first axis.
"""

from __future__ import annotations

import jax
import numpy as np
from jaxtyping import Float, Int

Array = jax.Array | np.ndarray
"""A JAX array within the simulation, a NumPy array before and after it."""

Scalar = Float[Array, ""]
Word = Int[Array, ""]
PerSide = Float[Array, "sides"]
PerSector = Float[Array, "sectors"]
PerSideSector = Float[Array, "sides sectors"]
PerSupporter = Float[Array, "supporters"]
PerTerm = Float[Array, "terms"]

WEEKS_A_YEAR = 365.25 / 7.0

OTHER = slice(None, None, -1)
"""Indexes an array over sides so that each side gets the other's."""

FAVOUR = np.array([1.0, -1.0], np.float32)
"""Sign with which what is positive for side 0 counts for each side."""
