"""Sequential Monte Carlo over worlds: weigh them week by week, and let the likely ones multiply.

A world is its assumptions and its luck; what happens in it follows. So a filter need not carry how
worlds stand: it keeps the two, and what they come to is computed anew. Worlds are weighted by what
was seen week by week; when few carry the weight, they are resampled and each is moved by Markov
chain steps that leave the target alone (resample-move: Gilks and Berzuini 2001; Chopin 2002), with
a week's figures let in by degrees where they surprise (Del Moral, Doucet and Jasra 2006, section
2.3). Both kinds of step are exact but for the mean and the covariance that they are tuned by, which
are those of the worlds themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

FEWEST = 0.5
"""Share of worlds that the effective sample size must not fall below."""

ROUNDS = 4
"""Steps of each kind that a world is moved by after resampling."""

WANTED = 0.3
"""Share of steps to be accepted, near the best for random walks (Roberts and Rosenthal 2001)."""

SOME = 0.15
"""Share of assumptions that a step changes; those that nothing depends on then move freely."""

LARGEST = 1.0
SMALLEST = 0.02
"""Bounds of the size of a step: 1 is a new draw from the fitted normal distribution."""

Likelihood = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Log likelihood of what became known in each week (worlds by weeks; -inf for what cannot be),
given assumptions (worlds by assumptions, each standard normal beforehand) and luck (worlds by
weeks, 32 bits each, beginning with that of the decision date). A week may depend on the luck of no
later week."""

Told = Callable[[int], None]
"""Told the week up to which worlds were weighed."""


@dataclass(frozen=True)
class Worlds:
    """Worlds that carry what is known by a week.

    Attributes
    ----------
    week
        Weeks since the decision date up to whose end figures are in.
    assumptions
        Worlds by assumptions, standard normal beforehand.
    luck
        Worlds by weeks, from the decision date to the last week that is ever looked at.
    weight
        Of each world; they sum to 1.
    evidence
        Natural logarithm of the probability density of all figures so far.
    """

    week: int
    assumptions: np.ndarray
    luck: np.ndarray
    weight: np.ndarray
    evidence: float

    @property
    def effective(self) -> float:
        """Effective sample size (Kish 1965): that many equal worlds would say as much."""
        return float(1.0 / np.sum(self.weight**2))


@dataclass(frozen=True)
class Filtered:
    """How worlds were weighed, week by week.

    Attributes
    ----------
    effective, evidence, resampled
        By week, from 0: effective sample size, log evidence so far, how often it resampled.
    accepted
        Mean shares of steps accepted: in assumptions, in luck.
    at
        The worlds at the weeks asked for.
    """

    effective: np.ndarray
    evidence: np.ndarray
    resampled: np.ndarray
    accepted: tuple[float, float]
    at: dict[int, Worlds]


def filter_worlds(
    likelihood: Likelihood,
    assumptions: np.ndarray,
    weeks: int,
    at: Sequence[int],
    seed: int,
    told: Told = lambda _week: None,
) -> Filtered:
    """Weigh worlds by what became known week by week.

    Parameters
    ----------
    assumptions
        A sample of the prior, worlds by assumptions, standard normal.
    weeks
        The last week whose figures are let in.
    at
        Weeks at which the worlds are kept.
    seed
        The same seed gives the same numbers.

    Raises
    ------
    ValueError
        If no world can give what was seen.
    """
    chance = np.random.default_rng([seed, 0xF117E4])
    swarm = _Swarm(likelihood, assumptions, weeks, chance)
    effective, evidence, resampled = (np.zeros(weeks + 1) for _ in range(3))
    kept: dict[int, Worlds] = {}
    for week in range(weeks + 1):
        resampled[week] = swarm.let_in(week)
        effective[week], evidence[week] = swarm.worlds(week).effective, swarm.evidence
        if week in at:
            kept[week] = swarm.worlds(week)
        told(week)
    return Filtered(effective, evidence, resampled, swarm.accepted, kept)


class _Swarm:
    """Worlds on their way through the weeks.

    `weekly` holds the log likelihood of every week; `gone` is what counts of it so far.
    """

    def __init__(
        self,
        likelihood: Likelihood,
        assumptions: np.ndarray,
        weeks: int,
        chance: np.random.Generator,
    ) -> None:
        self.likelihood, self.chance = likelihood, chance
        self.z = assumptions.astype(float)
        self.luck = self._new_luck(len(assumptions), weeks + 1)
        self.weekly = likelihood(self.z, self.luck)
        self.share = np.zeros(weeks + 1)
        self.log_weight = np.full(len(self.z), -np.log(len(self.z)))
        self.evidence = 0.0
        self.steps = np.array([0.3, 0.1])
        self.tried: list[tuple[int, float]] = []

    @property
    def accepted(self) -> tuple[float, float]:
        by_kind = [[share for kind, share in self.tried if kind == k] for k in (0, 1)]
        means = [float(np.mean(shares)) if shares else float("nan") for shares in by_kind]
        return means[0], means[1]

    def worlds(self, week: int) -> Worlds:
        return Worlds(week, self.z.copy(), self.luck.copy(), np.exp(self.log_weight), self.evidence)

    def let_in(self, week: int) -> int:
        """Let in the figures of a week, by degrees if need be; return how often it resampled."""
        times = 0
        while self.share[week] < 1.0:
            left = 1.0 - self.share[week]
            part = _largest_part(self.log_weight, self.weekly[:, week], left)
            weight = self.log_weight + _times(part, self.weekly[:, week])
            total = _log_sum(weight)
            if not np.isfinite(total):
                raise ValueError(f"no world can give what was seen in week {week}")
            self.evidence += total
            self.log_weight = weight - total
            self.share[week] = 1.0 if part == left else self.share[week] + part
            if _effective(self.log_weight) < FEWEST * len(self.z) * (1.0 + 1e-6) or part < left:
                self._resample()
                for _ in range(ROUNDS):
                    self._step_assumptions(week)
                    self._step_luck(week)
                times += 1
        return times

    def _resample(self) -> None:
        """Systematic resampling; children of one world go separate ways from the next week on."""
        count = len(self.z)
        points = (np.arange(count) + self.chance.random()) / count
        totals = np.cumsum(np.exp(self.log_weight))
        parents = np.minimum(np.searchsorted(totals / totals[-1], points), count - 1)
        self.z, self.luck, self.weekly = self.z[parents], self.luck[parents], self.weekly[parents]
        self.log_weight = np.full(count, -np.log(count))

    def _step_assumptions(self, week: int) -> None:
        """Propose some assumptions anew, given the others, by the normal fitted to all worlds.

        Preconditioned Crank-Nicolson (Cotter and others 2013) about the fitted conditional mean.
        """
        size = self.steps[0]
        some = self.chance.random(self.z.shape[1]) < SOME
        some[self.chance.integers(len(some))] = True
        fitted = np.cov(self.z.T).reshape(len(some), -1) + 1e-6 * np.eye(len(some))
        precision = np.linalg.inv(fitted)
        spread = np.linalg.inv(precision[np.ix_(some, some)])
        away = self.z - self.z.mean(0)
        lean = -away[:, ~some] @ precision[np.ix_(~some, some)] @ spread
        mean = self.z.mean(0)[some] + lean
        factor = np.linalg.cholesky(spread)
        old = self.z[:, some]
        luck = self.chance.standard_normal(old.shape) @ factor.T
        new = mean + np.sqrt(1.0 - size**2) * (old - mean) + size * luck

        def against_fitted(z: np.ndarray) -> np.ndarray:
            apart = solve_triangular(factor, (z - mean).T, lower=True)
            return 0.5 * (apart**2).sum(0) - 0.5 * (z**2).sum(1)

        z = self.z.copy()
        z[:, some] = new
        self._accept(0, week, z, self.luck, against_fitted(new) - against_fitted(old))

    def _step_luck(self, week: int) -> None:
        """Propose new luck for some weeks, and for all that are still to come."""
        fresh = self._new_luck(*self.luck.shape)
        some = self.chance.random(self.luck.shape) < self.steps[1]
        some[np.arange(len(some)), self.chance.integers(0, week + 1, len(some))] = True
        luck = np.where(some, fresh, self.luck)
        luck[:, week + 1 :] = fresh[:, week + 1 :]
        self._accept(1, week, self.z, luck, np.zeros(len(luck)))

    def _accept(
        self, kind: int, week: int, z: np.ndarray, luck: np.ndarray, favour: np.ndarray
    ) -> None:
        weekly = self.likelihood(z, luck)
        counts = self.share[: week + 1]
        gain = _counted(weekly, counts) - _counted(self.weekly, counts) + favour
        taken = np.log(self.chance.random(len(z))) < gain
        self.z = np.where(taken[:, None], z, self.z)
        self.luck = np.where(taken[:, None], luck, self.luck)
        self.weekly = np.where(taken[:, None], weekly, self.weekly)
        share = float(taken.mean())
        self.tried.append((kind, share))
        self.steps[kind] = np.clip(
            self.steps[kind] * np.exp(share - WANTED), (SMALLEST, 0.002)[kind], LARGEST
        )

    def _new_luck(self, *shape: int) -> np.ndarray:
        return self.chance.integers(0, 2**32, shape, dtype=np.uint32)


def _times(part: float, log_likelihood: np.ndarray) -> np.ndarray:
    """A part of a log likelihood; none of what cannot be is still impossible, unless part is 0."""
    return part * log_likelihood if part > 0 else np.zeros_like(log_likelihood)


def _counted(weekly: np.ndarray, share: np.ndarray) -> np.ndarray:
    used = share > 0
    return weekly[:, : len(share)][:, used] @ share[used] if used.any() else np.zeros(len(weekly))


def _effective(log_weight: np.ndarray) -> float:
    return float(np.exp(2.0 * _log_sum(log_weight) - _log_sum(2.0 * log_weight)))


def _log_sum(logs: np.ndarray) -> float:
    return float(np.logaddexp.reduce(logs))


def _largest_part(log_weight: np.ndarray, log_likelihood: np.ndarray, most: float) -> float:
    """The largest part of a week's figures that leaves enough worlds with weight."""
    fewest = FEWEST * len(log_weight)

    def enough(part: float) -> bool:
        weight = log_weight + _times(part, log_likelihood)
        return np.isfinite(_log_sum(weight)) and _effective(weight) >= fewest

    if enough(most):
        return most
    low, high = 0.0, most
    while high - low > 1e-4 * most:
        middle = (low + high) / 2.0
        low, high = (middle, high) if enough(middle) else (low, middle)
    return low if low > 0 else high
