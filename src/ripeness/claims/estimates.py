"""Weighted shares, means and quantiles of a sample of worlds, each with its Monte Carlo error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Z = 1.959964  # two-sided 95 %


@dataclass(frozen=True)
class Estimate:
    """A number estimated from worlds, with its 95 % Monte Carlo interval."""

    value: float
    low: float
    high: float


def effective_size(weights: NDArray[np.float64]) -> float:
    """Return how many equally weighted worlds would tell as much (Kish 1965)."""
    return float(weights.sum() ** 2 / np.square(weights).sum())


def share(flags: NDArray[np.bool_], weights: NDArray[np.float64]) -> Estimate:
    """Estimate a share of worlds, with Wilson's (1927) score interval.

    Parameters
    ----------
    flags
        One a world, paired worlds being one draw.
    weights
        Not negative, not all zero.
    """
    if weights.min() == weights.max():
        return wilson(float(np.count_nonzero(flags) / len(flags)), float(len(flags)))
    value = float(weights[flags].sum() / weights.sum())
    return wilson(value, effective_size(weights))


def wilson(value: float, size: float) -> Estimate:
    """Give a share its score interval (Wilson 1927), as of so many independent draws."""
    centre = (value + Z**2 / (2 * size)) / (1 + Z**2 / size)
    spread = value * (1 - value) / size + Z**2 / (4 * size**2)
    half = Z * float(np.sqrt(max(spread, 0.0))) / (1 + Z**2 / size)
    # Rounding must not put a share of all beyond its own interval.
    low, high = min(centre - half, value), max(centre + half, value)
    return Estimate(value, max(0.0, low), min(1.0, high))


def mean(values: NDArray[np.float64], weights: NDArray[np.float64]) -> Estimate:
    """Estimate a mean over worlds, in the unit of the values."""
    if weights.min() == weights.max():  # no need to multiply
        value, variance, size = float(values.mean()), float(values.var()), float(len(values))
    else:
        value = float(np.average(values, weights=weights))
        variance = float(np.average(np.square(values - value), weights=weights))
        size = effective_size(weights)
    half = Z * float(np.sqrt(variance / size))
    return Estimate(value, value - half, value + half)


def ratio(
    above: NDArray[np.float64], below: NDArray[np.float64], weights: NDArray[np.float64]
) -> Estimate:
    """Estimate the ratio of two means over worlds; its variance is that of its linearisation."""
    return _within(*_linear_ratio(above, below, weights))


def ratio_difference(
    first: tuple[NDArray[np.float64], NDArray[np.float64]],
    second: tuple[NDArray[np.float64], NDArray[np.float64]],
    weights: NDArray[np.float64],
) -> Estimate:
    """Estimate by how much a ratio of means is greater in a second run of the same worlds.

    A world is one draw, whatever the runs.

    Parameters
    ----------
    first, second
        Of both runs: what stands above and what stands below, of every world.
    """
    before, pull_before = _linear_ratio(*first, weights)
    after, pull_after = _linear_ratio(*second, weights)
    return _within(after - before, pull_after - pull_before)


def share_difference(
    flags: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    kept: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    weights: NDArray[np.float64],
) -> Estimate:
    """Estimate by how much a share is greater in a second run of the same worlds.

    As if one more world had come out differently, so that a handful of worlds is no proof (Agresti
    and Min, "Simple improved confidence intervals for comparing matched proportions", 2005).

    Parameters
    ----------
    flags
        Of every world, in both runs.
    kept
        The worlds that each share is over; neither none.
    weights
        Of every world.
    """
    first, second = (
        ((flag & keep).astype(np.float64), keep.astype(np.float64))
        for flag, keep in zip(flags, kept, strict=True)
    )
    found = ratio_difference(first, second, weights)
    fewest = min(effective_size(weights * keep) for _, keep in (first, second))
    half = float(np.hypot(found.high - found.value, Z / fewest))
    return Estimate(found.value, found.value - half, found.value + half)


def _linear_ratio(
    above: NDArray[np.float64], below: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """Give a ratio of weighted sums, and how far each world pulls it from its value."""
    whole = (weights * below).sum()
    value = float((weights * above).sum() / whole)
    return value, weights * (above - value * below) / whole


def _within(value: float, pull: NDArray[np.float64]) -> Estimate:
    half = Z * float(np.sqrt(np.square(pull).sum()))
    return Estimate(value, value - half, value + half)


def quantiles(
    values: NDArray[np.float64], weights: NDArray[np.float64], at: tuple[float, ...]
) -> tuple[float, ...]:
    """Return weighted quantiles: the smallest value that reaches each share of the weight."""
    if weights.min() == weights.max():  # to sort values alone is quicker
        ends = np.ceil((np.asarray(at) - 1e-12) * len(values)).astype(np.intp) - 1
        ends = ends.clip(0, len(values) - 1)
        return tuple(float(value) for value in np.sort(values)[ends])
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    places = np.searchsorted(reached, np.asarray(at) - 1e-12)
    return tuple(float(value) for value in values[order][np.minimum(places, len(values) - 1)])
