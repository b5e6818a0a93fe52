"""Values of some worlds in the order of others: columns of one table need not have the same."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", bound=np.generic)


def in_order_of(
    worlds: NDArray[Any], mine: NDArray[Any], values: NDArray[T], missing: Any
) -> NDArray[T]:
    """Give each world its value.

    Parameters
    ----------
    worlds
        Those wanted.
    mine
        Those that have values, in rising order.
    values
        One of each of `mine`.
    missing
        What a world gets that is none of them.
    """
    if np.array_equal(worlds, mine):
        return values
    found = np.full(len(worlds), missing, values.dtype)
    if len(mine):
        place = np.minimum(np.searchsorted(mine, worlds), len(mine) - 1)
        there = mine[place] == worlds
        found[there] = values[place[there]]
    return found
