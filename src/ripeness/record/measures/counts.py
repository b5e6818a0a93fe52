"""Counts of events before and after a date, with the time in which they were counted."""

from __future__ import annotations

from dataclasses import dataclass

LEVEL = 0.95


@dataclass(frozen=True)
class RateRatio:
    """Two rates and their ratio.

    Attributes
    ----------
    before, after
        Events a unit of time.
    ratio, low, high
        The second rate in times of the first, with its exact 95 % interval; None where there is no
        number: a ratio over no events has no upper end.
    p
        Of counts as unlike as these, or more so, if the rates were the same.
    """

    before: float
    after: float
    ratio: float | None
    low: float
    high: float | None
    p: float


def rate_ratio(before: int, time_before: float, after: int, time_after: float) -> RateRatio:
    """Compare two Poisson rates exactly.

    Given how many events there were in all, the second count is binomial (Przyborowski and
    Wilenski, "Homogeneity of results in testing samples from Poisson series", 1940), so its
    share has the interval of Clopper and Pearson (1934).

    Parameters
    ----------
    before, after
        Numbers of events.
    time_before, time_after
        How long they were counted, in the same unit.
    """
    from scipy.stats import binomtest

    total = before + after
    expected = time_after / (time_before + time_after)
    p = float(binomtest(after, total, expected).pvalue) if total else 1.0
    low, high = share(after, total)
    odds = time_before / time_after
    return RateRatio(
        before=before / time_before,
        after=after / time_after,
        ratio=after / before * odds if before else None,
        low=low / (1 - low) * odds,
        high=high / (1 - high) * odds if high < 1 else None,
        p=p,
    )


def share(hits: int, of: int) -> tuple[float, float]:
    """Give the exact 95 % interval of a share (Clopper and Pearson, 1934)."""
    from scipy.stats import binomtest

    if not of:
        return 0.0, 1.0
    found = binomtest(hits, of).proportion_ci(LEVEL, method="exact")
    return float(found.low), float(found.high)
