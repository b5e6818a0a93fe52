"""One value that splits worlds in two: where on a column wanted worlds part from others best.

In: a column in bins, which worlds are wanted, and what each counts. Out: the split that explains
most of the variance between wanted and other worlds, and the range of it in resampled worlds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ripeness.claims.assumptions import Assumption
from ripeness.claims.binned import Binned, histogram

RESAMPLES = 50


@dataclass(frozen=True)
class Split:
    """Two parts of the worlds, by one column.

    Attributes
    ----------
    column
        The column.
    value, low, high
        Where it splits numbers, and the range of that in 90 % of resamples; not a number for words.
    words
        Of words, those of the richer part.
    above
        Whether the part richer in wanted worlds lies above the value.
    rich
        The worlds of the richer part.
    """

    column: Assumption
    value: float
    low: float
    high: float
    words: tuple[str, ...]
    above: bool
    rich: NDArray[np.bool_]


def best_split(
    columns: Binned,
    row: int,
    wanted: NDArray[np.bool_],
    weights: NDArray[np.float64],
    finding: NDArray[np.bool_],
    draw: np.random.Generator | None,
) -> Split | None:
    """Find the split of a column that explains most; None if it has none.

    Parameters
    ----------
    columns, row
        The columns in bins, and which of them.
    wanted, weights
        Which worlds are wanted, and what each counts.
    finding
        The worlds on which the split is found.
    draw
        To resample worlds for the range of the value; without it there is none.
    """
    column, codes, count = columns.assumptions[row], columns.codes[row], columns.counts[row]
    some = codes[finding]
    mass = histogram(some, weights[finding], count)
    rich = histogram(some, (weights * wanted)[finding], count)
    if column.words:
        inside = _richer_words(mass, rich)
        words = tuple(word for word, kept in zip(column.words, inside, strict=True) if kept)
        if len(words) in (0, count):
            return None
        return Split(column, np.nan, np.nan, np.nan, words, True, inside[codes])
    if count < 2 or rich.sum() <= 0 or rich.sum() >= mass.sum():
        return None
    place, above = _best_place(mass, rich)
    value = low = high = float(columns.edges[row][place])
    if draw is not None:
        again = [_best_place(*_resampled(mass, rich, len(some), draw))[0] for _ in range(RESAMPLES)]
        ends = np.quantile(columns.edges[row][again], [0.05, 0.95], method="nearest")
        low, high = min(value, float(ends[0])), max(value, float(ends[1]))
    side = codes > place if above else codes <= place
    return Split(column, value, low, high, (), above, side)


def explained(
    part: NDArray[np.bool_], wanted: NDArray[np.bool_], weights: NDArray[np.float64]
) -> float:
    """Share of the variance between wanted and other worlds that a part explains (phi squared)."""
    total = weights.sum()
    mass, base = weights[part].sum() / total, weights[wanted].sum() / total
    both = weights[part & wanted].sum() / total
    spread = mass * (1 - mass) * base * (1 - base)
    return float((both - mass * base) ** 2 / spread) if spread > 1e-12 else 0.0


def _best_place(mass: NDArray[np.float64], rich: NDArray[np.float64]) -> tuple[int, bool]:
    """After which bin to split, and whether the part above is the richer one."""
    total, base = mass.sum(), rich.sum() / mass.sum()
    below = np.cumsum(mass)[:-1] / total
    surplus = np.cumsum(rich)[:-1] / total - below * base
    spread = below * (1 - below)
    gain = np.where(spread > 1e-9, surplus**2 / np.maximum(spread, 1e-9), 0.0)
    place = int(gain.argmax())
    return place, bool(surplus[place] < 0)


def _richer_words(mass: NDArray[np.float64], rich: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The words of the richer part: those that come first by their share of wanted worlds."""
    there = mass > 0
    base = rich.sum() / max(mass.sum(), 1e-12)
    order = np.argsort(-np.where(there, rich / np.maximum(mass, 1e-12), -1.0), kind="stable")
    left = np.cumsum(mass[order]) / max(mass.sum(), 1e-12)
    surplus = np.cumsum(rich[order]) / max(mass.sum(), 1e-12) - left * base
    spread = left * (1 - left)
    gain = np.where(spread > 1e-9, surplus**2 / np.maximum(spread, 1e-9), 0.0)
    inside = np.zeros(len(mass), bool)
    inside[order[: int(gain.argmax()) + 1]] = gain.max() > 0
    return inside


def _resampled(
    mass: NDArray[np.float64], rich: NDArray[np.float64], count: int, draw: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw worlds with replacement: only how many fall into each bin matters."""
    chances = np.concatenate([rich, mass - rich]).clip(0.0)
    drawn = draw.multinomial(count, chances / chances.sum()).astype(np.float64)
    first = drawn[: len(mass)]
    return first + drawn[len(mass) :], first
