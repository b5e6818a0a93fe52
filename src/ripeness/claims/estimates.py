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
    size = effective_size(weights)
    value = float(weights[flags].sum() / weights.sum())
    centre = (value + Z**2 / (2 * size)) / (1 + Z**2 / size)
    spread = value * (1 - value) / size + Z**2 / (4 * size**2)
    half = Z * float(np.sqrt(max(spread, 0.0))) / (1 + Z**2 / size)
    return Estimate(value, max(0.0, centre - half), min(1.0, centre + half))


def mean(values: NDArray[np.float64], weights: NDArray[np.float64]) -> Estimate:
    """Estimate a mean over worlds, in the unit of the values."""
    value = float(np.average(values, weights=weights))
    variance = float(np.average(np.square(values - value), weights=weights))
    half = Z * float(np.sqrt(variance / effective_size(weights)))
    return Estimate(value, value - half, value + half)


def quantiles(
    values: NDArray[np.float64], weights: NDArray[np.float64], at: tuple[float, ...]
) -> tuple[float, ...]:
    """Return weighted quantiles: the smallest value that reaches each share of the weight."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    places = np.searchsorted(reached, np.asarray(at) - 1e-12)
    return tuple(float(value) for value in values[order][np.minimum(places, len(values) - 1)])
