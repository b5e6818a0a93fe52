"""Columns in bins, for a page that counts them: at most 255 bins, a byte a world.

A bin holds the values from its edge up to the next; the first and the last have no end on the
outside. So a range of bins is a range of values, whatever other worlds have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MISSING = 255
FEW = 24
"""So many different values get a bin each."""

TAILS = (0.002, 0.998)
"""What lies beyond these shares of the worlds goes into the first or the last bin, if it is far."""

FAR = 1.2
"""So many times the width between the tails is not far."""

DIGITS = 4
MANY_TIMES = 5.0
"""From a range of so many times on, of numbers above 0, bins may be even in ratio."""

Bins = NDArray[np.uint8]


@dataclass(frozen=True)
class Binned:
    """A column in bins.

    Attributes
    ----------
    kind
        ``range`` of numbers, few ``values``, or ``words``.
    starts
        Where each bin starts, or its word, in order.
    end
        Where the last bin ends as it is drawn; None of words.
    bins
        The bin of each world; `MISSING` where it has no value.
    """

    kind: str
    starts: tuple[float | str, ...]
    end: float | None
    bins: Bins


def binned_words(values: Sequence[str | None], words: Sequence[str]) -> Binned:
    """Give each world the place of its word."""
    places = {word: place for place, word in enumerate(words)}
    bins = np.array([places.get(value or "", MISSING) for value in values], np.uint8)
    return Binned("words", tuple(words), None, bins)


def binned(values: NDArray[np.float64], most: int) -> Binned:
    """Put numbers into bins.

    Parameters
    ----------
    values
        One a world; not a number where it has none.
    most
        So many bins at most; no more than 255.
    """
    known = values[~np.isnan(values)]
    different = np.unique(known)
    values_apart = _few(different, most)
    if values_apart:
        kind, edges, end = "values", values_apart, values_apart[-1]
    else:
        kind, edges = "range", _edges(known, different, most)
        end = edges.pop()
    bins = np.searchsorted(np.array(edges[1:]), values, side="right").astype(np.uint8)
    bins[np.isnan(values)] = MISSING
    return Binned(kind, tuple(edges), end, bins)


def _few(different: NDArray[np.float64], most: int) -> list[float]:
    """Values that get a bin each: few ones, or whole numbers of which all fit; otherwise none."""
    if len(different) <= min(FEW, most):
        return [float(value) for value in different] or [0.0]
    least, greatest = int(different[0]), int(different[-1])
    if (different == np.round(different)).all() and greatest - least < most:
        return [float(value) for value in range(least, greatest + 1)]
    return []


def _edges(known: NDArray[np.float64], different: NDArray[np.float64], most: int) -> list[float]:
    """The edges of bins of one width, of whole numbers, or even in ratio."""
    low, high = _ends(known, different)
    if (different == np.round(different)).all():
        width = -(-(int(high) - int(low) + 1) // most)
        return [float(edge) for edge in range(int(low), int(high) + 1 + width, width)]
    if _is_even_in_ratio(low, float(np.median(known)), high):
        edges = np.geomspace(low, high, most + 1)
    else:
        edges = np.linspace(low, high, most + 1)
    # a few digits are enough to say where a bin starts, as long as no two start in one place
    return sorted({float(f"{edge:.{DIGITS}g}") for edge in edges})


def _ends(known: NDArray[np.float64], different: NDArray[np.float64]) -> tuple[float, float]:
    """Where bins begin and end: with the least and the greatest, unless these are far out."""
    least, greatest = float(different[0]), float(different[-1])
    low, high = (float(end) for end in np.quantile(known, TAILS))
    return (
        (least, greatest) if greatest - least <= FAR * (high - low) or low == high else (low, high)
    )


def _is_even_in_ratio(low: float, middle: float, high: float) -> bool:
    """Whether the median lies nearer to the middle in ratio than in difference."""
    if low <= 0 or high < MANY_TIMES * low:
        return False
    in_ratio = np.log(middle / low) / np.log(high / low)
    return bool(abs(in_ratio - 0.5) < abs((middle - low) / (high - low) - 0.5))
