"""A world whose exact answer is known: a random walk with a drift, seen with errors.

In: figures. Out: how likely they are in worlds (`ripeness.record.filtering.Likelihood`), and what
the Kalman filter says, by which the filter over worlds is judged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri
from scipy.stats import norm

DRIFT, FIRST, SHOCK, ERROR = 0.4, 1.0, 0.5, 0.7
"""Standard deviations: of the drift a week and of the first level beforehand, of a week's shock,
and of a figure."""

ASSUMPTIONS = 3
"""The drift, the first level, and one that does nothing."""


def levels(assumptions: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Give the walks of worlds: worlds by weeks, as many as there is luck for."""
    steps = DRIFT * assumptions[:, :1] + SHOCK * _normal(luck)
    return FIRST * assumptions[:, 1:2] + np.cumsum(steps, axis=1)


@dataclass(frozen=True)
class Walk:
    """How likely figures, one a week from week 0, are in worlds (as `filtering.Likelihood`)."""

    figures: np.ndarray

    def until(self, assumptions: np.ndarray, luck: np.ndarray, week: int) -> np.ndarray:
        """Give the log likelihood of the figure of each week up to one."""
        weeks = week + 1
        return norm.logpdf(self.figures[:weeks], levels(assumptions, luck[:, :weeks]), ERROR)

    def ahead(
        self, assumptions: np.ndarray, luck: np.ndarray, week: int, tries: np.ndarray
    ) -> np.ndarray:
        """Give the log likelihood of the figure of a week for several lucks of it."""
        step = DRIFT * assumptions[:, 0]
        begun = levels(assumptions, luck[:, :week])[:, -1] if week else FIRST * assumptions[:, 1]
        last = (begun + step)[:, None] + SHOCK * _normal(tries)
        return norm.logpdf(self.figures[week], last, ERROR)


@dataclass(frozen=True)
class Exact:
    """What the Kalman filter says, by week: log evidence, mean and covariance of (level, drift)."""

    evidence: np.ndarray
    mean: np.ndarray
    covariance: np.ndarray


def kalman(figures: np.ndarray) -> Exact:
    """Give the exact answer to figures, one a week from week 0 (Kalman 1960)."""
    mean, covariance = np.zeros(2), np.diag([FIRST**2, DRIFT**2])
    step, shock, seen = np.array([[1.0, 1.0], [0.0, 1.0]]), np.diag([SHOCK**2, 0.0]), [1.0, 0.0]
    evidence, total, means, covariances = [], 0.0, [], []
    for figure in figures:
        mean, covariance = step @ mean, step @ covariance @ step.T + shock
        spread = covariance[0, 0] + ERROR**2
        total += norm.logpdf(figure, mean[0], np.sqrt(spread))
        gain = covariance @ seen / spread
        mean = mean + gain * (figure - mean[0])
        covariance = covariance - np.outer(gain, gain) * spread
        evidence.append(total)
        means.append(mean)
        covariances.append(covariance)
    return Exact(np.array(evidence), np.array(means), np.array(covariances))


def _normal(luck: np.ndarray) -> np.ndarray:
    """Standard normal numbers from luck of 32 bits."""
    return ndtri((luck + 0.5) / 2.0**32)
