"""Surveys: how far two waves differ, and the trend over many, with the error of sampling.

Samples are drawn in clusters and weighted, so that they are worth fewer answers than they have: as
many as their number divided by the design effect (Kish, "Survey Sampling", 1965).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Z = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""


@dataclass(frozen=True)
class Trend:
    """A line through shares.

    Attributes
    ----------
    slope, low, high
        Change of the share a year, with its 95 % interval.
    spread
        Spread of the waves around the line, in times of what sampling explains.
    """

    slope: float
    low: float
    high: float
    spread: float


def wilson(share: float, answers: float) -> tuple[float, float]:
    """Give the 95 % interval of a share (Wilson, 1927); `answers` is the effective number."""
    centre = share + Z**2 / (2 * answers)
    half = Z * np.sqrt(share * (1 - share) / answers + Z**2 / (4 * answers**2))
    whole = 1 + Z**2 / answers
    return float((centre - half) / whole), float((centre + half) / whole)


def difference(
    first: float, first_answers: float, second: float, second_answers: float
) -> tuple[float, float, float]:
    """Give the second share less the first, with its 95 % interval.

    Newcombe, "Interval estimation for the difference between independent proportions", 1998,
    method 10: from the two shares' own intervals.

    Parameters
    ----------
    first_answers, second_answers
        Effective numbers of answers.
    """
    first_low, first_high = wilson(first, first_answers)
    second_low, second_high = wilson(second, second_answers)
    gap = second - first
    down = np.hypot(second - second_low, first_high - first)
    up = np.hypot(second_high - second, first - first_low)
    return gap, float(gap - down), float(gap + up)


def trend(years: np.ndarray, shares: np.ndarray, answers: float) -> Trend:
    """Fit a line to shares by weighted least squares.

    Each wave weighs as much as its sampling error allows. Where the waves lie further from the line
    than sampling explains, the interval is widened by as much (Birge, 1932) and taken from
    Student's t.

    Parameters
    ----------
    years
        When the waves were, in years, three at least, not all at once.
    shares
        Of each wave, above 0 and below 1.
    answers
        Effective number of answers of each wave.
    """
    from scipy.stats import t as student

    weights = answers / (shares * (1 - shares))
    centred = years - np.average(years, weights=weights)
    across = np.sum(weights * centred**2)
    slope = float(np.sum(weights * centred * shares) / across)
    rest = shares - np.average(shares, weights=weights) - slope * centred
    freedom = years.size - 2
    spread = float(np.sqrt(np.sum(weights * rest**2) / freedom))
    half = float(student.ppf(0.975, freedom)) * max(1.0, spread) / np.sqrt(across)
    return Trend(slope, float(slope - half), float(slope + half), spread)
