"""Figures of the record, each less what those before let expect: what is left is independent.

In: figures of one series of worlds, whose errors are correlated. Out: how likely each is in worlds,
as week follows week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from ripeness.record.errors import terms
from ripeness.record.observations import Observations

LOG_ROOT = np.log(2.0 * np.pi) / 2.0


@dataclass(frozen=True)
class White:
    """Figures of one series of worlds, each less what those before let expect, in its own spread.

    Attributes
    ----------
    series
        Of the worlds.
    sources
        Names of those who observed it.
    paced
        Whether paths are looked at in times of their first value.
    known
        Week by whose end each figure is dated, never falling.
    values, sums
        What was observed, and by which sums a path comes to it: sources by figures by weeks.
    spread
        Logarithm of the standard deviation of each figure, given those before.
    """

    series: str
    sources: tuple[str, ...]
    paced: bool
    known: np.ndarray
    values: np.ndarray
    sums: np.ndarray
    spread: np.ndarray

    def logs(self, path: np.ndarray, scales: np.ndarray) -> np.ndarray:
        """Log likelihood of the figures dated by the end of a path: figures by worlds.

        Parameters
        ----------
        path
            Weeks by worlds.
        scales
            What each source has in times of the truth: sources by worlds.
        """
        figures = int(np.searchsorted(self.known, len(path) - 1, side="right"))
        weeks = min(len(path), self.sums.shape[2])
        told = self._told(path)[:weeks]
        parts = [
            scale * (sums[:figures, :weeks] @ told)
            for sums, scale in zip(self.sums, scales, strict=True)
        ]
        return self._of(slice(figures), np.sum(parts, axis=0))

    def last_logs(self, path: np.ndarray, last: np.ndarray, scales: np.ndarray) -> np.ndarray:
        """Log likelihood of the figures of the week after a path, for several values in it.

        Parameters
        ----------
        path
            Weeks by worlds.
        last
            Values of the week after: tries by worlds.
        scales
            As in `logs`.
        """
        week = len(path)
        told, last = self._told(path), last / path[0] if self.paced else last
        logs = np.zeros(last.shape)
        for figure in np.flatnonzero(self.known == week):
            sums = self.sums[:, figure]
            before = ((sums[:, :week] @ told) * scales).sum(0)
            slope = sums[:, week] @ scales
            logs += self._of(slice(figure, figure + 1), before + slope * last)
        return logs

    def _told(self, path: np.ndarray) -> np.ndarray:
        return path / path[0] if self.paced else path

    def _of(self, figures: slice, shown: np.ndarray) -> np.ndarray:
        off = self.values[figures, None] - shown
        return -0.5 * off**2 - self.spread[figures, None] - LOG_ROOT


def white(seen: Sequence[Observations]) -> White:
    """Take from the figures of one series of worlds what those before let expect."""
    of_series = terms(seen)
    factor = np.linalg.cholesky(of_series.covariance)
    whole = [
        np.where(of_series.source[:, None] == place, of_series.sums, 0.0)
        for place in range(len(seen))
    ]
    sums = [solve_triangular(factor, part, lower=True) for part in whole]
    declared = seen[0].declared
    return White(
        declared.series,
        tuple(one.name for one in seen),
        declared.how == "pace",
        of_series.known,
        solve_triangular(factor, of_series.values, lower=True),
        np.stack(sums).astype(np.float32),
        np.log(np.diag(factor)),
    )
