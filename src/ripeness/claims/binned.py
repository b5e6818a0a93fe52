"""Assumptions in bins: the grain at which boxes are cut and shares are taken.

Numbers fall into bins that hold about as many worlds each, or one bin a value where there are few
values; words into one bin a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ripeness.claims.assumptions import Assumption

BINS = 250
"""Most bins of an assumption: its limits are placed to 0.4 % of the worlds."""


@dataclass(frozen=True)
class Binned:
    """Assumptions in bins.

    Attributes
    ----------
    assumptions
        The assumptions.
    codes
        The bin of each assumption in each world; shape (assumptions, worlds).
    counts
        How many bins each has.
    edges
        Of numbers, the values where one bin ends and the next begins; empty for words.
    """

    assumptions: tuple[Assumption, ...]
    codes: NDArray[np.uint8]
    counts: tuple[int, ...]
    edges: tuple[NDArray[np.float64], ...]

    @property
    def worlds(self) -> int:
        """How many worlds there are."""
        return self.codes.shape[1]

    def rows(self, assumptions: Sequence[int]) -> Binned:
        """Keep some of the assumptions."""
        some = list(assumptions)
        return Binned(
            tuple(self.assumptions[row] for row in some),
            self.codes[some],
            tuple(self.counts[row] for row in some),
            tuple(self.edges[row] for row in some),
        )


def binned(assumptions: Sequence[Assumption], bins: int = BINS) -> Binned:
    """Put assumptions into bins.

    Parameters
    ----------
    assumptions
        The same worlds in all.
    bins
        Most bins of one; at most 256.
    """
    codes = np.empty((len(assumptions), len(assumptions[0].values)), np.uint8)

    def put(row: int) -> NDArray[np.float64]:
        assumption = assumptions[row]
        if assumption.words:
            codes[row] = assumption.values
            return np.zeros(0)
        between = _edges(assumption.values, bins)
        codes[row] = np.searchsorted(between, assumption.values, side="right")
        return between

    with ThreadPoolExecutor(2) as pool:
        edges = tuple(pool.map(put, range(len(assumptions))))
    counts = tuple(
        len(one.words) or len(between) + 1 for one, between in zip(assumptions, edges, strict=True)
    )
    return Binned(tuple(assumptions), codes, counts, edges)


def histogram(
    codes: NDArray[np.uint8], weights: NDArray[np.float64], bins: int
) -> NDArray[np.float64]:
    """Sum the weights of the worlds in each bin."""
    return np.bincount(codes, weights, bins).astype(np.float64, copy=False)


def _edges(values: NDArray[np.float64], bins: int) -> NDArray[np.float64]:
    """Values between bins: a bin a value where there are few, else bins of about equal size.

    All values are looked at: of a Sobol sequence, every second or fourth is no sample.
    """
    ordered = np.sort(values)
    new = np.flatnonzero(ordered[1:] > ordered[:-1]) + 1
    if len(new) < bins:
        return ordered[new - 1] / 2 + ordered[new] / 2
    places = (np.arange(1, bins) * len(ordered)) // bins
    between = ordered[places]
    # A value that fills a bin alone, such as zero where something did not happen, has one alone.
    filling = np.unique(between[between == np.concatenate([ordered[:1], between[:-1]])])
    after = np.searchsorted(ordered, filling, side="right")
    filling, after = filling[after < len(ordered)], after[after < len(ordered)]
    ends = filling / 2 + ordered[after] / 2
    return np.unique(np.concatenate([between[between > ordered[0]], ends]))
