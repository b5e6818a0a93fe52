"""Assumptions as the four questions see them: one column of numbers or words, a value a world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Assumption:
    """An assumption and its value in each world.

    Attributes
    ----------
    name
        Its column in the table of worlds.
    values
        Numbers, one a world; of words, their places in `words`.
    words
        The words that it may be, in alphabetical order; empty if it is a number.
    unit, means
        Its unit, and what it is, in words; empty if nobody said.
    """

    name: str
    values: NDArray[np.float64]
    words: tuple[str, ...] = ()
    unit: str = ""
    means: str = ""

    def of(self, worlds: NDArray[np.intp] | NDArray[np.bool_]) -> Assumption:
        """Keep its values in some of the worlds."""
        return Assumption(self.name, self.values[worlds], self.words, self.unit, self.means)
