"""Scores of forecasts that are draws, once what they forecast is known.

Each draw stands for as much probability as any other. Scores are negatively oriented: less is
better. Both are proper: a forecaster does best, on average, to say what it believes (Gneiting and
Raftery, Strictly proper scoring rules, 2007).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

KERNEL = 0.1
"""Least width of a kernel, in standard deviations of the figure's own error: nothing to a forecast
that has that error in it, and a density to one whose draws are all the same."""


def crps(draws: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Give the continuous ranked probability score, in the unit of the figures.

    The fair estimate (Ferro 2014): few draws of a distribution score on average as many do.

    Parameters
    ----------
    draws
        Draws by figures.
    values
        What came: figures.
    """
    import scoringrules

    return np.asarray(scoringrules.crps_ensemble(values, draws.T, estimator="pwm"))


def log_score(draws: np.ndarray, values: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """Give the negative logarithm of the density that the draws gave to what came.

    The density is that of normal kernels around the draws with Silverman's width (1986,
    section 3.4.2), as in `scoringrules.logs_ensemble`, but summed in logarithms: what lies far from
    every draw scores badly rather than infinitely.

    Parameters
    ----------
    draws
        Draws by figures.
    values
        What came: figures.
    errors
        Standard deviation of each figure's own error, which bounds the width from below (`KERNEL`).
    """
    from scipy.special import logsumexp

    low, high = np.quantile(draws, [0.25, 0.75], axis=0)
    silverman = 1.06 * np.minimum(draws.std(0, ddof=1), (high - low) / 1.34) * len(draws) ** -0.2
    width = np.maximum(silverman, KERNEL * errors)
    logs = -0.5 * ((values - draws) / width) ** 2 - np.log(width * np.sqrt(2.0 * np.pi))
    return np.log(len(draws)) - logsumexp(logs, axis=0)


def band(draws: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Give the limits of the central share of draws, one each a figure."""
    low, high = np.quantile(draws, [(1.0 - share) / 2.0, (1.0 + share) / 2.0], axis=0)
    return low, high


def wilson(inside: int, figures: int, level: float = 0.9) -> tuple[float, float]:
    """Give the interval of a share that was counted (Wilson 1927), each figure one draw."""
    from scipy.stats import binomtest

    found = binomtest(inside, figures).proportion_ci(level, method="wilson")
    return float(found.low), float(found.high)


@dataclass(frozen=True)
class Murphy:
    """What a Brier score is made of: `reliability - resolution + uncertainty`.

    Attributes
    ----------
    reliability
        Mean squared distance between the chance that was said and how often it then came; 0 is
        best.
    resolution
        How far that differs between one chance said and another; more is better.
    uncertainty
        The Brier score of always saying how often it came.
    """

    reliability: float
    resolution: float
    uncertainty: float

    @property
    def brier(self) -> float:
        """Mean squared distance between the chance that was said and what came, 0 or 1."""
        return self.reliability - self.resolution + self.uncertainty


def murphy(chances: np.ndarray, came: np.ndarray) -> Murphy:
    """Take a Brier score apart (Murphy 1973).

    Parameters
    ----------
    chances
        That were said, from 0 to 1; those that are equal are one group.
    came
        Whether it then came, 0 or 1.
    """
    _, group, count = np.unique(chances, return_inverse=True, return_counts=True)
    often = np.bincount(group, came) / count
    said = np.bincount(group, chances) / count
    overall = came.mean()
    return Murphy(
        reliability=float(count @ (said - often) ** 2 / len(came)),
        resolution=float(count @ (often - overall) ** 2 / len(came)),
        uncertainty=float(overall * (1.0 - overall)),
    )
