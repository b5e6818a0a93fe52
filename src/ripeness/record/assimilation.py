"""Assimilation: worlds under the plan that was really followed, weighed by what was observed.

In: a case, its figures, a date. Out: worlds whose assumptions and luck agree with what was known by
then, what the record taught about each assumption, and how well the case foresaw its figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.special import ndtr, ndtri

from ripeness.case.moves import Commit
from ripeness.case.schema import CaseFile
from ripeness.record.filtering import Filtered, Told, filter_worlds
from ripeness.record.observations import Observations, straight
from ripeness.settlement.continuation import Continuation
from ripeness.settlement.course import Glimpse
from ripeness.war.arrays import Array
from ripeness.worlds.sampling import parameters, uncertain, valued
from ripeness.worlds.simulate import BLOCK, Block, foresee, glimpse

LOG_SCALE = np.log(2.0 * np.pi) / 2.0


@dataclass(frozen=True)
class Measured:
    """Figures of one series, in terms in which their own errors are independent.

    Attributes
    ----------
    observations
        The figures.
    known
        Week in which each is known, with all before it; never falling.
    values, errors
        Of what is compared, in the unit of the series: a level, a change since the decision, or
        what was added since the figure before.
    sums
        By which a path becomes what is compared: figures by weeks.
    """

    observations: Observations
    known: np.ndarray
    values: np.ndarray
    errors: np.ndarray
    sums: csr_array

    def of(self, path: np.ndarray) -> np.ndarray:
        """The same of a simulated path, weeks by worlds: figures known by its end, by worlds."""
        figures = int(np.searchsorted(self.known, len(path) - 1, side="right"))
        weeks = min(len(path), self.sums.shape[1])
        return self.sums[:figures, :weeks] @ path[:weeks] / self._first(path)

    def ending(self, path: np.ndarray, last: np.ndarray, figure: int) -> np.ndarray:
        """The same of one figure, for several values of the week after a path: tries by worlds."""
        sums = self.sums[[figure]]
        shown = sums[:, : len(path)] @ path + sums[0, len(path)] * last
        return shown / self._first(path)

    def _first(self, path: np.ndarray) -> np.ndarray | float:
        return path[0] if self.observations.declared.how == "pace" else 1.0


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
    known = np.maximum.accumulate(np.ceil(seen.weeks).astype(int))
    each = np.eye(max(2, known[-1] + 1))
    sums = csr_array(_added(how, seen.weeks, straight(how, each, seen.weeks)).T, dtype=np.float32)
    return Measured(seen, known, _added(how, seen.weeks, seen.values[None])[0], errors, sums)


def _added(how: str, weeks: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Amounts between one figure and the next, where amounts were added up; else the figures."""
    if how == "pace":
        values = values * weeks
    return np.diff(values, axis=1, prepend=0.0) if how in ("total", "pace") else values


class Likelihood:
    """How likely what was observed is in a world, week by week (`filtering.Likelihood`).

    Its assumptions are those of the case, and for each observed series two more: by what share its
    source is off, and by how much the figure from which its changes count.
    """

    def __init__(
        self,
        case: CaseFile,
        plan: str,
        observed: Sequence[Observations],
        continuation: Continuation,
    ) -> None:
        self.case, self.plan, self.continuation = case, plan, continuation
        self.names = uncertain(case)
        self.observed = [measured(seen) for seen in observed]
        self.sent = [
            (list(case.sides).index(move.side), move.from_week)
            for move in case.plans[plan].moves
            if isinstance(move, Commit)
        ]

    @property
    def size(self) -> int:
        """How many assumptions there are."""
        return len(self.names) + 2 * len(self.observed)

    def block(self, assumptions: np.ndarray, luck: np.ndarray) -> Block:
        """Arrange worlds, to run them."""
        points = ndtr(assumptions[:, : len(self.names)])
        values = valued(self.case, dict(zip(self.names, points.T, strict=True)), len(points))
        keys = np.ascontiguousarray(luck.T)
        return Block(np.arange(len(luck)), keys, values, parameters(self.case, values))

    def follow(self, assumptions: np.ndarray, luck: np.ndarray, week: int) -> Glimpse:
        """Run a block of worlds under the followed plan up to a week."""
        return glimpse(self.case, self.plan, self.block(assumptions, luck), self.continuation, week)

    def until(self, assumptions: np.ndarray, luck: np.ndarray, week: int) -> np.ndarray:
        """Give the log likelihood of what became known in each week: worlds by weeks."""

        def of(part: slice) -> np.ndarray:
            z = assumptions[part]
            seen = self.follow(z, luck[part], week)
            weekly = np.zeros((week + 1, len(z)))
            for n, figures in enumerate(self.observed):
                series = figures.observations.declared.series
                truth = figures.of(path(self.case, seen, series)[: week + 1])
                if len(truth):
                    weeks, first = np.unique(figures.known[: len(truth)], return_index=True)
                    logs = self._logs(n, slice(len(truth)), z, truth)
                    weekly[weeks] += np.add.reduceat(logs, first, axis=0)
            for w in range(1, week + 1):
                weekly[w, ~self._possible(seen.going_on[w], seen.moved[w], w)] = -np.inf
            return weekly.T

        return _in_blocks(of, len(assumptions))

    def ahead(
        self, assumptions: np.ndarray, luck: np.ndarray, week: int, tries: np.ndarray
    ) -> np.ndarray:
        """Give the log likelihood of what becomes known in a week for several lucks of it."""
        if week == 0:  # nothing can be known yet
            return np.zeros(tries.shape)

        def of(part: slice) -> np.ndarray:
            z, keys = assumptions[part], np.ascontiguousarray(tries[part].T)
            block = self.block(z, luck[part])
            before, tried = foresee(self.case, self.plan, block, self.continuation, week - 1, keys)
            logs = np.zeros(keys.shape)
            for n, figures in enumerate(self.observed):
                series = figures.observations.declared.series
                for k in np.flatnonzero(figures.known == week):
                    begun, last = path(self.case, before, series), path(self.case, tried, series)
                    logs += self._logs(
                        n, slice(k, k + 1), z, figures.ending(begun[:week], last, int(k))
                    )
            logs[~self._possible(tried.going_on, tried.moved, week)] = -np.inf
            return logs.T

        return _in_blocks(of, len(assumptions))

    def _logs(self, n: int, which: slice, assumptions: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """Log likelihood of figures of a series, or of one in several tries: each by worlds."""
        figures = self.observed[n]
        declared, first = figures.observations.declared, len(self.names) + 2 * n
        expected = truth * np.float32(1.0 + declared.bias * assumptions[:, first])
        if declared.how == "change":
            expected += np.float32(declared.error * assumptions[:, first + 1])
        errors = figures.errors[which, None]
        off = (figures.values[which, None] - expected) / errors
        return -0.5 * off**2 - np.log(errors) - LOG_SCALE

    def _possible(self, going_on: Array, moved: Array, week: int) -> np.ndarray:
        """Whether a war goes on in a week, and all who were sent by its beginning went."""
        sent = [side for side, begin in self.sent if begin < week]
        went = np.all(np.asarray(moved)[..., sent, :] > 0, axis=-2)
        return (np.asarray(going_on) > 0) & went


def _in_blocks(of: Callable[[slice], np.ndarray], worlds: int) -> np.ndarray:
    parts = [slice(start, start + BLOCK) for start in range(0, worlds, BLOCK)]
    with ThreadPoolExecutor(max_workers=2) as pool:
        return np.concatenate(list(pool.map(of, parts)))


def path(case: CaseFile, seen: Glimpse, series: str) -> np.ndarray:
    """Give a series of worlds by its name: weeks (or tries) by worlds."""
    kind, _, of = series.partition("_")
    places = {
        "ground": list(case.sectors),
        "casualties": list(case.sides),
        "support": list(case.sides),
        "aid": list(case.supporters),
    }
    return np.asarray(getattr(seen, kind))[:, places[kind].index(of)]


def assimilate(
    likelihood: Likelihood, worlds: int, weeks: int, at: Sequence[int], seed: int, told: Told
) -> Filtered:
    """Weigh worlds by all that was observed, week by week.

    Parameters
    ----------
    worlds
        How many.
    weeks
        The last week since the decision whose figures are let in.
    at
        Weeks since the decision at which the worlds are kept.
    """
    from scipy.stats import qmc

    engine = qmc.Sobol(likelihood.size, scramble=True, rng=np.random.default_rng([seed, 2]))
    points = np.clip(engine.random(worlds), 1e-9, 1.0 - 1e-9)
    return filter_worlds(likelihood, ndtri(points), weeks, at, seed, told)
