"""A pace before and after a date: how far it changed, by an interval and beside other dates.

Weeks of a war are like the weeks before them, so an interval that takes them for independent is too
narrow. Here the long-run variance is estimated from the slowest movements of the series itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEVEL = 0.95


@dataclass(frozen=True)
class Change:
    """Mean amounts a period before and after, and how they differ.

    Attributes
    ----------
    before, after
        Means, in the unit of the amounts.
    difference, low, high
        After less before, with its 95 % interval.
    ratio, ratio_low, ratio_high
        After in times of before, with its 95 % interval. The ratio is None where nothing came
        before; its ends are None where the mean before cannot be told from none.
    """

    before: float
    after: float
    difference: float
    low: float
    high: float
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None


@dataclass(frozen=True)
class _Mean:
    """A mean, the variance of its error, and how many cosines that was estimated from."""

    mean: float
    variance: float
    freedom: int

    @classmethod
    def of(cls, amounts: np.ndarray) -> _Mean:
        n = amounts.size
        count = min(int(np.ceil(0.4 * n ** (2 / 3))), n - 1)
        angles = np.pi * np.outer(np.arange(1, count + 1), np.arange(n) + 0.5) / n
        waves = np.sqrt(2 / n) * np.cos(angles) @ amounts
        return cls(float(amounts.mean()), float(np.mean(waves**2)) / n, count)


def change(before: np.ndarray, after: np.ndarray) -> Change:
    """Compare two stretches of one series.

    The long-run variance of each stretch is the mean square of its slowest cosines, as many as
    Lazarus, Lewis, Stock and Watson ("HAR inference: recommendations for practice", 2018) advise,
    ``0.4 n**(2/3)``, here rounded up. The difference of the two means then has Student's t with
    Welch's (1947) degrees of freedom; the ratio has Fieller's (1954) interval with the same t. Of
    simulated series of eight weeks on either side, in which a week keeps half of the one before,
    93 % of the intervals hold the truth; 86 % if it keeps four fifths.

    Parameters
    ----------
    before, after
        Amounts a period, in time order; two at least in each.
    """
    from scipy.stats import t as student

    first, second = _Mean.of(before), _Mean.of(after)
    variance = first.variance + second.variance
    spread = first.variance**2 / first.freedom + second.variance**2 / second.freedom
    freedom = variance**2 / spread if spread else np.inf
    quantile = float(student.ppf((1 + LEVEL) / 2, freedom))
    difference = second.mean - first.mean
    ratio_low, ratio_high = _fieller(first, second, quantile)
    return Change(
        before=first.mean,
        after=second.mean,
        difference=difference,
        low=float(difference - quantile * np.sqrt(variance)),
        high=float(difference + quantile * np.sqrt(variance)),
        ratio=second.mean / first.mean if first.mean else None,
        ratio_low=ratio_low,
        ratio_high=ratio_high,
    )


def placebos(amounts: np.ndarray, at: int, before: int, after: int) -> np.ndarray:
    """Give the same difference of means at all other dates that do not straddle the real one.

    Parameters
    ----------
    amounts
        A period each, in time order.
    at
        Where the first period after the real date stands.
    before, after
        Periods that are compared on either side of a date.

    Returns
    -------
    The difference, after less before, at each date that has all those periods on either side and
    whose periods all lie on one side of the real date.
    """
    sums = np.concatenate([[0.0], np.cumsum(amounts)])
    dates = np.arange(before, amounts.size - after + 1)
    dates = dates[(dates + after <= at) | (dates - before >= at)]
    later = (sums[dates + after] - sums[dates]) / after
    earlier = (sums[dates] - sums[dates - before]) / before
    return later - earlier


def share_as_large(difference: float, others: Sequence[float] | np.ndarray) -> float:
    """Give the share of dates, the real one among them, with a change as large, either way.

    The real date counts as one of them, as in a permutation test (Phipson and Smyth, "Permutation
    p-values should never be zero", 2010).
    """
    as_large = np.abs(np.asarray(others)) >= abs(difference)
    return float((1 + as_large.sum()) / (1 + as_large.size))


def _fieller(first: _Mean, second: _Mean, quantile: float) -> tuple[float | None, float | None]:
    """Ratios r for which ``second - r first`` lies within `quantile` standard errors of 0."""
    a = first.mean**2 - quantile**2 * first.variance
    b = first.mean * second.mean
    c = second.mean**2 - quantile**2 * second.variance
    if a <= 0:
        return None, None
    root = np.sqrt(b**2 - a * c)
    return float((b - root) / a), float((b + root) / a)
