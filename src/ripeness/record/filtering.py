"""Sequential Monte Carlo over worlds: weigh them week by week, and let the likely ones multiply.

A world is its assumptions and its luck; what happens in it follows. So a filter need not carry how
worlds stand: it keeps the two, and what they come to is computed anew. Each week a world tries
several lucks and keeps one by how well it agrees with the week's figures, so that weights differ
by the mean over the tries alone (look-ahead: Lin, Chen and Liu 2013). When few worlds carry the
weight, parents are resampled and moved by Markov chain steps that leave the target alone
(resample-move: Gilks and Berzuini 2001; Chopin 2002), and the worlds they come by are kept
(waste-free: Dau and Chopin 2022), with a week's figures let in by degrees where they surprise
(Del Moral, Doucet and Jasra 2006, section 2.3). The steps are exact but for what they are tuned
by, which is taken from the worlds themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.linalg import solve_triangular

FEWEST = 0.2
"""Share of worlds that the effective sample size must not fall below."""

TRIES = 4
"""Lucks that a world tries in a new week."""

ROUNDS = 12
"""Steps of each kind that each parent is moved by after resampling."""

PARENTS = 2048
"""Worlds that are resampled and moved, at least (or all, of fewer). The number of parents times
that of rounds says what means over the worlds are worth, and how long it takes; how many worlds
they come by are kept hardly counts (`benchmarks/README.md`)."""

WANTED = 0.3
"""Share of steps to be accepted, near the best for random walks (Roberts and Rosenthal 2001)."""

SOME = 0.15
"""Share of assumptions that a step by the fitted normal distribution changes."""

OFTEN = 0.5
"""Largest chance that a step draws an assumption, or a week's luck, anew."""

LEARNED = 200.0
"""Draws that count as much as all that was learned before of what drawing anew costs."""

CHEAPEST = 0.01
"""Least cost of drawing anew that can be told from none."""

LARGEST = 1.0
SMALLEST = 0.02
"""Bounds of the size of a step: 1 is a new draw from the fitted normal distribution."""


class Likelihood(Protocol):
    """How likely figures are, given assumptions and luck.

    Assumptions are worlds by assumptions, each standard normal beforehand; luck is worlds by weeks,
    32 bits each, beginning with that of the decision date. What happens in a week may depend on the
    luck of no later week. Log likelihoods are -inf for what cannot be.
    """

    def until(self, assumptions: np.ndarray, luck: np.ndarray, week: int) -> np.ndarray:
        """Give that of what became known in each week up to one: worlds by weeks from 0."""
        ...

    def ahead(
        self, assumptions: np.ndarray, luck: np.ndarray, week: int, tries: np.ndarray
    ) -> np.ndarray:
        """Give that of what becomes known in a week for several lucks of it: worlds by tries."""
        ...


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
        Worlds by weeks, from the decision date to the week.
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
        Mean shares of steps accepted: by the fitted normal, of things drawn anew.
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
        effective[week], evidence[week] = _effective(swarm.log_weight), swarm.evidence
        if week in at:
            kept[week] = swarm.worlds(week)
        told(week)
    return Filtered(effective, evidence, resampled, swarm.accepted, kept)


class _Swarm:
    """Worlds on their way through the weeks.

    `weekly` holds the log likelihood of every week so far; `share` is what counts of it.
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
        count, size = assumptions.shape
        self.luck = np.zeros((count, weeks + 1), np.uint32)
        self.weekly = np.zeros((count, weeks + 1))
        self.share = np.zeros(weeks + 1)
        self.log_weight = np.full(count, -np.log(count))
        self.evidence = 0.0
        self.drift = _Drift()
        self.anew = _Anew(size + weeks + 1)

    @property
    def accepted(self) -> tuple[float, float]:
        means = [np.mean(kind.accepted or [np.nan]) for kind in (self.drift, self.anew)]
        return float(means[0]), float(means[1])

    def worlds(self, week: int) -> Worlds:
        luck = self.luck[:, : week + 1].copy()
        return Worlds(week, self.z.copy(), luck, np.exp(self.log_weight), self.evidence)

    def let_in(self, week: int) -> int:
        """Let in the figures of a week, by degrees if need be; return how often it resampled."""
        tries = _lucks(self.chance, (len(self.z), TRIES))
        logs = self.likelihood.ahead(self.z, self.luck, week, tries)
        part = _largest_part(self.log_weight, logs, 1.0)
        kept = _chosen(_times(part, logs), self.chance.random(len(logs)))
        self.luck[:, week], self.weekly[:, week] = _of(tries, kept), _of(logs, kept)
        times = self._count(week, part, logs)
        while self.share[week] < 1.0:
            logs = self.weekly[:, week, None]
            times += self._count(
                week, _largest_part(self.log_weight, logs, 1.0 - self.share[week]), logs
            )
        return times

    def _count(self, week: int, part: float, logs: np.ndarray) -> int:
        """Let in a part of a week's figures, and move the worlds if few carry the weight then."""
        weight = self.log_weight + _mean(_times(part, logs))
        total = _log_sum(weight)
        if not np.isfinite(total):
            raise ValueError(f"no world can give what was seen in week {week}")
        self.evidence += total
        self.log_weight = weight - total
        self.share[week] = min(1.0, self.share[week] + part)
        few = FEWEST * len(self.z) * (1.0 + 1e-6)
        if self.share[week] == 1.0 and _effective(self.log_weight) >= few:
            return 0
        self._move(week)
        return 1

    def _move(self, week: int) -> None:
        """Resample parents, move them, and keep as many worlds that they come by as there were."""
        count = len(self.z)
        parents = min(count, max(PARENTS, -(-count // ROUNDS)))
        of_each = -(-count // parents)
        kept_after = {ROUNDS * (stop + 1) // of_each for stop in range(of_each)}
        self.drift.fit(self.z, np.exp(self.log_weight))
        self._resample(parents)
        kept = []
        for done in range(1, ROUNDS + 1):
            self._drift(week)
            self._draw_anew(week)
            if done in kept_after:
                kept.append((self.z.copy(), self.luck.copy(), self.weekly.copy()))
        self.z, self.luck, self.weekly = (
            np.stack(x, axis=1).reshape(-1, x[0].shape[1])[:count] for x in zip(*kept, strict=True)
        )
        self.log_weight = np.full(count, -np.log(count))

    def _resample(self, count: int) -> None:
        """Systematic resampling, of some of the worlds; they no longer have weights."""
        points = (np.arange(count) + self.chance.random()) / count
        totals = np.cumsum(np.exp(self.log_weight))
        parents = np.minimum(np.searchsorted(totals / totals[-1], points), len(totals) - 1)
        self.z, self.luck, self.weekly = self.z[parents], self.luck[parents], self.weekly[parents]

    def _drift(self, week: int) -> None:
        """Propose a step of some assumptions by the normal distribution fitted to all worlds."""
        z, favour = self.drift.proposed(self.z, self.chance)
        self.drift.learn(self._accept(week, z, self.luck, favour))

    def _draw_anew(self, week: int) -> None:
        """Propose some assumptions, and the luck of some weeks, as they were beforehand."""
        count, size = self.z.shape
        some = self.anew.some(count, size + week + 1, self.chance)
        z, luck = self.z.copy(), self.luck.copy()
        of_z, of_luck = some[:, :size], some[:, size:]
        z[of_z] = self.chance.standard_normal(np.count_nonzero(of_z))
        luck[:, : week + 1][of_luck] = _lucks(self.chance, (int(of_luck.sum()),))
        self.anew.learn(some, self._accept(week, z, luck, np.zeros(count)))

    def _accept(self, week: int, z: np.ndarray, luck: np.ndarray, favour: np.ndarray) -> np.ndarray:
        """Accept what is proposed or not (Metropolis and Hastings); give the chances it had."""
        so_far = slice(week + 1)
        weekly, share = self.likelihood.until(z, luck, week), self.share[so_far]
        gain = weekly @ share - self.weekly[:, so_far] @ share + favour
        taken = np.log(self.chance.random(len(z))) < gain
        self.z[taken], self.luck[taken] = z[taken], luck[taken]
        self.weekly[taken, so_far] = weekly[taken]
        return np.exp(np.minimum(gain, 0.0))


class _Drift:
    """Steps by the normal distribution fitted to all worlds, of a size that is learned."""

    def __init__(self) -> None:
        self.size = 0.3
        self.accepted: list[float] = []

    def fit(self, z: np.ndarray, weight: np.ndarray) -> None:
        """Fit the normal distribution, whose mean and precision the steps go by.

        It is fitted as if there were as many worlds more as assumptions, spread as beforehand: the
        few that carry the weight would seem to tell each assumption from all others, and the steps
        that leaves are too short to part their children.
        """
        size, different = z.shape[1], 1.0 / np.sum(weight**2)
        self.mean = weight @ z
        fitted = different * np.cov(z.T, aweights=weight).reshape(size, -1) + size * np.eye(size)
        self.precision = np.linalg.inv(fitted / (different + size))

    def proposed(self, z: np.ndarray, chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Move some assumptions, given the others; say by what the target must favour it.

        Preconditioned Crank-Nicolson (Cotter and others 2013) about the fitted conditional mean.
        """
        some = chance.random(z.shape[1]) < SOME
        some[chance.integers(len(some))] = True
        spread = np.linalg.inv(self.precision[np.ix_(some, some)])
        factor = np.linalg.cholesky(spread)
        lean = np.zeros((len(some), len(spread)))
        lean[~some] = self.precision[np.ix_(~some, some)] @ spread
        mean = self.mean[some] + self.mean @ lean - z @ lean
        old = z[:, some]
        apart = solve_triangular(factor, (old - mean).T, lower=True)
        stepped = np.sqrt(1.0 - self.size**2) * apart
        stepped += self.size * chance.standard_normal(apart.shape)
        new = mean + (factor @ stepped).T
        moved = z.copy()
        moved[:, some] = new
        fitted = (stepped**2).sum(0) - (apart**2).sum(0)
        before = (new**2).sum(1) - (old**2).sum(1)
        return moved, 0.5 * (fitted - before)

    def learn(self, accepted: np.ndarray) -> None:
        share = float(accepted.mean())
        self.accepted.append(share)
        self.size = float(np.clip(self.size * np.exp(share - WANTED), SMALLEST, LARGEST))


class _Anew:
    """Draws of some things anew: the more often, the less each costs in steps accepted."""

    def __init__(self, size: int) -> None:
        self.cost = np.full(size, 1.0)
        self.drawn = np.full(size, 1.0)
        self.scale = 1.2 / size
        self.accepted: list[float] = []

    def some(self, worlds: int, size: int, chance: np.random.Generator) -> np.ndarray:
        """Choose what each world draws anew."""
        often = np.minimum(OFTEN, self.scale / np.maximum(self.cost[:size], CHEAPEST))
        return chance.random((worlds, size), np.float32) < often

    def learn(self, some: np.ndarray, accepted: np.ndarray) -> None:
        """Learn what drawing each thing costs: how the logarithm of acceptance falls."""
        share = float(accepted.mean())
        self.accepted.append(share)
        size = some.shape[1]
        drawn = some.sum(0)
        with_it = (accepted @ some + share) / (drawn + 1.0)
        without = (accepted.sum() - accepted @ some + share) / (len(some) - drawn + 1.0)
        cost = np.log(np.maximum(without, 1e-9) / np.maximum(with_it, 1e-9))
        weight = drawn / (drawn + LEARNED)
        self.cost[:size] += weight * (np.maximum(cost, 0.0) - self.cost[:size])
        self.scale *= np.exp(share - WANTED)


def _times(part: float, log_likelihood: np.ndarray) -> np.ndarray:
    """A part of a log likelihood; none of what cannot be is still impossible, unless part is 0."""
    return part * log_likelihood if part > 0 else np.zeros_like(log_likelihood)


def _mean(logs: np.ndarray) -> np.ndarray:
    """Logarithm of the mean over tries."""
    return np.logaddexp.reduce(logs, axis=1) - np.log(logs.shape[1])


def _chosen(logs: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Choose a try for each world by how likely it is; any, where none is possible."""
    top = logs.max(1, keepdims=True)
    totals = np.cumsum(np.exp(logs - np.where(np.isfinite(top), top, 0.0)), axis=1)
    place = (totals <= points[:, None] * totals[:, -1:]).sum(1)
    return np.minimum(place, logs.shape[1] - 1)


def _of(tries: np.ndarray, kept: np.ndarray) -> np.ndarray:
    return np.take_along_axis(tries, kept[:, None], axis=1)[:, 0]


def _lucks(chance: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return chance.integers(0, 2**32, shape, dtype=np.uint32)


def _effective(log_weight: np.ndarray) -> float:
    return float(np.exp(2.0 * _log_sum(log_weight) - _log_sum(2.0 * log_weight)))


def _log_sum(logs: np.ndarray) -> float:
    return float(np.logaddexp.reduce(logs))


def _largest_part(log_weight: np.ndarray, logs: np.ndarray, most: float) -> float:
    """The largest part of a week's figures that leaves enough worlds with weight."""
    fewest = FEWEST * len(log_weight)

    def enough(part: float) -> bool:
        weight = log_weight + _mean(_times(part, logs))
        return np.isfinite(_log_sum(weight)) and _effective(weight) >= fewest

    if enough(most):
        return most
    low, high = 0.0, most
    while high - low > 1e-4 * most:
        middle = (low + high) / 2.0
        low, high = (middle, high) if enough(middle) else (low, middle)
    return low if low > 0 else high
