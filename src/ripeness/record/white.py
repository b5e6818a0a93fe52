"""Figures of the record, each less what those before let expect: what is left is independent.

What share of the truth a source is off by is not known either. Given a path it enters figures in a
straight line and is normal, so it is integrated out: no world needs to carry it. With figures v, of
which a path comes to m (of source s to mₛ), and what source s is off by as bₛ times its bias βₛ,

    v = m + Σ βₛ bₛ mₛ + e,   b ~ N(0, I),   e ~ N(0, I)   (whitened)
    log p(v) = log N(v; m, I) + (w' P⁻¹ w - log |P|) / 2,   b | v ~ N(P⁻¹ w, P⁻¹)
    P = I + U' U,   w = U' (v - m),   Uₛ = βₛ mₛ

by completing the square (Bishop, "Pattern Recognition and Machine Learning", 2006, section 2.3.3).
It is taken in times of what a world has, and not of what was observed, which would pull worlds
below all figures (Peelle's puzzle: D'Agostini, Nuclear Instruments and Methods A 346, 1994).

In: figures of one series of worlds, whose errors are correlated. Out: how likely each is in worlds,
as week follows week, and by what share of the truth each source is off in a world.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from ripeness.record.errors import bias, terms
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
    bias
        By source, the standard deviation of what it is off by, as a share of the truth.
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
    bias: np.ndarray
    paced: bool
    known: np.ndarray
    values: np.ndarray
    sums: np.ndarray
    spread: np.ndarray

    def logs(self, path: np.ndarray) -> np.ndarray:
        """Log likelihood of the figures dated by the end of a path, each given those before.

        Parameters
        ----------
        path
            Weeks by worlds.

        Returns
        -------
        Figures by worlds.
        """
        shown = self._shown(path)
        figures = slice(shown.shape[1])
        logs, precision, weight = self._told(figures, shown)
        if self.bias.any():
            so_far = _integrated(np.cumsum(precision, axis=2), np.cumsum(weight, axis=1))
            logs += np.diff(so_far, axis=0, prepend=0.0)
        return logs

    def last_logs(self, path: np.ndarray, last: np.ndarray) -> np.ndarray:
        """Log likelihood of the figures of the week after a path, for several values in it.

        Parameters
        ----------
        path
            Weeks by worlds.
        last
            Values of the week after: tries by worlds.

        Returns
        -------
        Tries by worlds.
        """
        week = len(path)
        before = tuple(x[..., None, :] for x in self._learned(path))
        mine = self.known == week
        last = last / path[0] if self.paced else last
        shown = (self.sums[:, mine, :week] @ self._seen(path))[:, :, None]
        shown = shown + self.sums[:, mine, week, None, None] * last
        logs, precision, weight = self._told(mine, shown)
        after = before[0] + precision.sum(2), before[1] + weight.sum(1)
        return logs.sum(0) + _integrated(*after) - _integrated(*before)

    def off(self, path: np.ndarray, chance: np.random.Generator) -> np.ndarray:
        """Draw by what share of the truth each source is off, given its figures and a path.

        Parameters
        ----------
        path
            Weeks by worlds.

        Returns
        -------
        Sources by worlds.
        """
        precision, weight = self._learned(path)
        spread = np.linalg.inv(_with_prior(precision).T)
        mean = (spread @ weight.T[:, :, None])[:, :, 0]
        luck = chance.standard_normal((*mean.shape, 1))
        found = np.zeros((len(self.sources), path.shape[1]))
        found[self.bias > 0] = (mean + (np.linalg.cholesky(spread) @ luck)[:, :, 0]).T
        return self.bias[:, None] * found

    def _learned(self, path: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What all figures dated by the end of a path say of how far biased sources are off.

        Returns
        -------
        Precision, sources by sources by worlds, and precision times mean.
        """
        if not self.bias.any():
            return np.zeros((0, 0, path.shape[1])), np.zeros((0, path.shape[1]))
        shown = self._shown(path)
        _, precision, weight = self._told(slice(shown.shape[1]), shown)
        return precision.sum(2), weight.sum(1)

    def _seen(self, path: np.ndarray) -> np.ndarray:
        return path / path[0] if self.paced else path

    def _shown(self, path: np.ndarray) -> np.ndarray:
        """What a path comes to at the figures dated by its end: sources by figures by worlds."""
        figures = int(np.searchsorted(self.known, len(path) - 1, side="right"))
        weeks = min(len(path), self.sums.shape[2])
        return self.sums[:, :figures, :weeks] @ self._seen(path)[:weeks]

    def _told(
        self, figures: slice | np.ndarray, shown: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What figures say if no source is off, and what of how far each that may be is.

        Returns
        -------
        Log likelihood; precision, biased sources by biased sources, and precision times mean.
        """
        by_figure = (-1,) + (1,) * (shown.ndim - 2)
        off = self.values[figures].reshape(by_figure) - shown.sum(0)
        biased = self.bias > 0
        share = self.bias[biased].reshape(-1, 1, *by_figure[1:]) * shown[biased]
        logs = -0.5 * off**2 - self.spread[figures].reshape(by_figure) - LOG_ROOT
        return logs, share[:, None] * share, share * off


def _with_prior(precision: np.ndarray) -> np.ndarray:
    """Precision of shares that are standard normal beforehand."""
    size = len(precision)
    return precision + np.eye(size).reshape(size, size, *(1,) * (precision.ndim - 2))


def _integrated(precision: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Logarithm of the likelihood integrated over how far sources are off, less that for not off.

    Of a normal distribution: half of w' P⁻¹ w - log |P|, by elimination, for any number of figures,
    tries and worlds at once.

    Parameters
    ----------
    precision
        What figures say of it: sources by sources by all others.
    weight
        Precision times mean: sources by all others.
    """
    precision, weight = _with_prior(precision), weight.copy()
    found = np.zeros(weight.shape[1:])
    for one in range(len(weight)):
        pivot = precision[one, one]
        found += 0.5 * (weight[one] ** 2 / pivot - np.log(pivot))
        for other in range(one + 1, len(weight)):
            times = precision[other, one] / pivot
            weight[other] -= times * weight[one]
            precision[other] -= times * precision[one]
    return found


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
        np.array([bias(one) for one in seen]),
        declared.how == "pace",
        of_series.known,
        solve_triangular(factor, of_series.values, lower=True),
        np.stack(sums).astype(np.float32),
        np.log(np.diag(factor)),
    )
