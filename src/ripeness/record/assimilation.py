"""Assimilation: worlds under the plan that was really followed, weighed by what was observed.

In: a case, its figures, a date. Out: worlds whose assumptions and luck agree with what was known by
then, what the record taught about each assumption, and how well the case foresaw its figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from ripeness.case.moves import Commit
from ripeness.case.schema import CaseFile
from ripeness.record.filtering import Filtered, Told, filter_worlds
from ripeness.record.observations import Observations, compared
from ripeness.settlement.continuation import Continuation
from ripeness.settlement.course import Glimpse
from ripeness.worlds.sampling import Sample, parameters, uncertain, valued
from ripeness.worlds.simulate import BLOCK, glimpse

LOG_SCALE = np.log(2.0 * np.pi) / 2.0


@dataclass(frozen=True)
class Measured:
    """Figures of one series, in terms in which their own errors are independent.

    Attributes
    ----------
    observations
        The figures.
    known
        Week in which each is known.
    values, errors
        Of what is compared, in the unit of the series: a level, a change since the decision, or
        what was added since the figure before.
    """

    observations: Observations
    known: np.ndarray
    values: np.ndarray
    errors: np.ndarray

    def of(self, paths: np.ndarray) -> np.ndarray:
        """The same of simulated paths: worlds by figures."""
        seen = self.observations
        how = seen.declared.how
        truth = compared(how, paths, seen.weeks)
        return _added(how, seen.weeks, truth)


def measured(seen: Observations) -> Measured:
    """Put figures into terms in which their own errors are independent.

    Errors of amounts add up in their total, so what is compared is what was added between one
    figure and the next; an error of the figure from which changes count is
    one of the likelihood's own assumptions.
    """
    how, errors = seen.declared.how, seen.errors
    if how == "change":
        errors = np.full_like(errors, seen.declared.error)
    if how in ("total", "pace"):
        scale = seen.weeks if how == "pace" else np.ones_like(seen.weeks)
        variance = np.diff((errors * scale) ** 2, prepend=0.0)
        errors = np.sqrt(np.maximum(variance, np.median(variance) / 4.0))
    return Measured(
        seen,
        np.ceil(seen.weeks).astype(int),
        _added(how, seen.weeks, seen.values[None])[0],
        errors,
    )


def _added(how: str, weeks: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Amounts between one figure and the next, where amounts were added up; else the figures."""
    if how == "pace":
        values = values * weeks
    return np.diff(values, axis=1, prepend=0.0) if how in ("total", "pace") else values


class Likelihood:
    """How likely what was observed is in a world, week by week.

    Its assumptions are those of the case, and for each observed series two more: by what share its
    source is off, and by how much the figure from which its changes count.
    """

    def __init__(
        self,
        case: CaseFile,
        plan: str,
        observed: Sequence[Observations],
        continuation: Continuation,
        weeks: int,
    ) -> None:
        self.case, self.plan, self.continuation, self.weeks = case, plan, continuation, weeks
        self.names = uncertain(case)
        self.observed = [measured(seen) for seen in observed]
        self.sent = [
            i
            for i, side in enumerate(case.sides)
            if any(isinstance(m, Commit) and m.side == side for m in case.plans[plan].moves)
        ]

    @property
    def size(self) -> int:
        """How many assumptions there are."""
        return len(self.names) + 2 * len(self.observed)

    def sample(self, assumptions: np.ndarray) -> Sample:
        """Give the case's assumptions of worlds, in their own units."""
        points = ndtr(assumptions[:, : len(self.names)])
        return valued(self.case, dict(zip(self.names, points.T, strict=True)), len(assumptions))

    def follow(self, assumptions: np.ndarray, luck: np.ndarray) -> list[Glimpse]:
        """Run worlds under the followed plan, in blocks."""
        starts = range(0, len(assumptions), BLOCK)

        def of(start: int) -> Glimpse:
            part = slice(start, start + BLOCK)
            given = parameters(self.case, self.sample(assumptions[part]))
            keys = np.ascontiguousarray(luck[part, : self.weeks].T)
            return glimpse(self.case, self.plan, given, keys, self.continuation)

        with ThreadPoolExecutor(max_workers=2) as pool:
            return list(pool.map(of, starts))

    def __call__(self, assumptions: np.ndarray, luck: np.ndarray) -> np.ndarray:
        """Log likelihood of what became known in each week: worlds by weeks."""
        parts = self.follow(assumptions, luck)
        starts = range(0, len(assumptions), BLOCK)
        return np.concatenate(
            [
                self._of_block(assumptions[start : start + BLOCK], part)
                for start, part in zip(starts, parts, strict=True)
            ]
        )

    def _of_block(self, assumptions: np.ndarray, part: Glimpse) -> np.ndarray:
        weekly = np.zeros((len(assumptions), self.weeks + 1))
        shared = assumptions[:, len(self.names) :].reshape(len(assumptions), -1, 2)
        for n, figures in enumerate(self.observed):
            declared = figures.observations.declared
            truth = figures.of(path(self.case, part, declared.series))
            expected = truth * (1.0 + declared.bias * shared[:, n, :1])
            if declared.how == "change":
                expected = expected + declared.error * shared[:, n, 1:]
            off = (figures.values - expected) / figures.errors
            logs = -0.5 * off**2 - np.log(figures.errors) - LOG_SCALE
            counts = figures.known <= self.weeks
            np.add.at(weekly.T, figures.known[counts], logs.T[counts])
        going_on = np.asarray(part.going_on).T > 0
        went = np.all(np.asarray(part.moved)[:, self.sent] > 0, axis=1).T
        went[:, 0] = True
        return np.where(going_on & went, weekly, -np.inf)


def path(case: CaseFile, part: Glimpse, series: str) -> np.ndarray:
    """Give a series of worlds by its name: worlds by weeks."""
    kind, _, of = series.partition("_")
    places = {
        "ground": list(case.sectors),
        "casualties": list(case.sides),
        "support": list(case.sides),
        "aid": list(case.supporters),
    }
    return np.asarray(getattr(part, kind), float)[:, places[kind].index(of)].T


def assimilate(
    likelihood: Likelihood, worlds: int, at: Sequence[int], seed: int, told: Told
) -> Filtered:
    """Weigh worlds by all that was observed, week by week.

    Parameters
    ----------
    worlds
        How many.
    at
        Weeks since the decision at which the worlds are kept.
    """
    from scipy.stats import qmc

    engine = qmc.Sobol(likelihood.size, scramble=True, rng=np.random.default_rng([seed, 2]))
    points = np.clip(engine.random(worlds), 1e-9, 1.0 - 1e-9)
    return filter_worlds(likelihood, ndtri(points), likelihood.weeks, at, seed, told)
