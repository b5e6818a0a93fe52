"""Assimilation: worlds under the plan that was really followed, weighed by what was observed.

In: a case, its figures, a date. Out: worlds whose assumptions and luck agree with what was known by
then, what the record taught about each assumption, and how well the case foresaw its figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import jax
import numpy as np
from jax.lax import erfc
from scipy.special import ndtri
from threadpoolctl import threadpool_limits

from ripeness.case.moves import Commit
from ripeness.case.schema import CaseFile
from ripeness.record.filtering import Filtered, Told, filter_worlds
from ripeness.record.observations import Observations
from ripeness.record.white import white
from ripeness.settlement.continuation import Continuation
from ripeness.settlement.course import Glimpse
from ripeness.war.arrays import Array
from ripeness.worlds.sampling import Sample, layout, prior, uncertain
from ripeness.worlds.simulate import BLOCK, Block, Followed, follow, glimpse, shared

T = TypeVar("T")


class Likelihood:
    """How likely what was observed is in a world, week by week (`filtering.Likelihood`).

    Its assumptions are those of the case that differ between worlds. What sources are off by is no
    assumption of a world: it is integrated out (`white`).
    """

    def __init__(
        self,
        case: CaseFile,
        plan: str,
        observed: Sequence[Observations],
        continuation: Continuation,
    ) -> None:
        self.case, self.plan = case, plan
        self.shared = shared(case, plan, continuation)
        self._left_off: dict[int, _LeftOff] = {}
        self.names = uncertain(case)
        self.prior, self.layout = prior(case, np.float32), layout(case, case.assumptions)
        by_series: dict[tuple[str, str], list[Observations]] = {}
        for seen in observed:
            by_series.setdefault((seen.declared.series, seen.declared.how), []).append(seen)
        self.observed = [white(seen) for seen in by_series.values()]
        self.sent = [
            (list(case.sides).index(move.side), move.from_week)
            for move in case.plans[plan].moves
            if isinstance(move, Commit)
        ]

    def points(self, assumptions: np.ndarray) -> dict[str, np.ndarray]:
        """Give at which quantiles of the prior the case's assumptions of worlds lie."""
        points = np.asarray(_points(assumptions.astype(np.float32)))
        return dict(zip(self.names, points, strict=True))

    def sample(self, assumptions: np.ndarray) -> Sample:
        """Give the case's assumptions of worlds, in their own units."""
        return self.prior.valued(self.points(assumptions), len(assumptions))

    def block(self, assumptions: np.ndarray, luck: np.ndarray) -> Block:
        """Arrange worlds, to run them."""
        values = self.sample(assumptions)
        arranged = self.layout.parameters(values)
        return Block(np.arange(len(luck)), self._keys(luck), values, arranged)

    def follow(self, assumptions: np.ndarray, luck: np.ndarray, week: int) -> Glimpse:
        """Run a block of worlds under the followed plan up to a week."""
        return glimpse(self.shared, self.block(assumptions, luck), week)

    def until(self, assumptions: np.ndarray, luck: np.ndarray, week: int) -> np.ndarray:
        """Give the log likelihood of what became known in each week: worlds by weeks."""

        def of(seen: Glimpse) -> np.ndarray:
            weekly = np.zeros((week + 1, seen.going_on.shape[1]))
            for figures in self.observed:
                logs = figures.logs(path(self.case, seen, figures.series)[: week + 1])
                for known, of_figure in zip(figures.known, logs, strict=False):
                    weekly[known] += of_figure
            weeks = np.arange(1, week + 1)
            possible = self._possible(seen.going_on[weeks], seen.moved[weeks], weeks[:, None])
            weekly[1:][~possible] = -np.inf
            return weekly.T

        parts = _parts(len(assumptions))
        blocks = [self.block(assumptions[part], luck[part]) for part in parts]
        seen = _on_threads(lambda block: glimpse(self.shared, block, week), blocks)
        return np.concatenate([of(came) for came in seen])

    def ahead(
        self, assumptions: np.ndarray, luck: np.ndarray, week: int, tries: np.ndarray
    ) -> np.ndarray:
        """Give the log likelihood of what becomes known in a week for several lucks of it."""
        if week == 0:  # nothing can be known yet
            return np.zeros(tries.shape)

        def foreseen(part: slice, new: Block | None) -> tuple[Glimpse, Glimpse]:
            z, keys = assumptions[part], np.ascontiguousarray(tries[part].T)
            followed = self._followed(part.start, new, z, luck[part], week - 1)
            return followed.came, followed.tried(keys)

        def of(before: Glimpse, tried: Glimpse) -> np.ndarray:
            logs = np.zeros(tried.going_on.shape)
            for figures in self.observed:
                if (figures.known == week).any():
                    begun = path(self.case, before, figures.series)[:week]
                    logs += figures.last_logs(begun, path(self.case, tried, figures.series))
            logs[~self._possible(tried.going_on, tried.moved, week)] = -np.inf
            return logs.T

        parts = _parts(len(assumptions))
        new = [self._new(part.start, assumptions[part], luck[part], week - 1) for part in parts]
        return np.concatenate([of(*seen) for seen in _on_threads(foreseen, parts, new)])

    def _keys(self, luck: np.ndarray) -> np.ndarray:
        """Luck as of a block: of as many weeks for any day, that it compiles once for all."""
        keys = np.zeros((self.case.weeks + 1, len(luck)), np.uint32)
        keys[: luck.shape[1]] = luck.T
        return keys

    def _new(self, place: int, z: np.ndarray, luck: np.ndarray, week: int) -> Block | None:
        """Arrange worlds that were not left off on their way to a week.

        Most weeks only add luck to worlds, which need not be followed from the decision again.
        """
        left_off = self._left_off.get(place)
        return None if left_off and left_off.by(z, luck, week) else self.block(z, luck)

    def _followed(
        self, place: int, new: Block | None, z: np.ndarray, luck: np.ndarray, week: int
    ) -> Followed:
        """Follow worlds to a week, on from where they were left off if they are not new."""
        if new:
            followed = follow(self.shared, new, week)
        else:
            followed = self._left_off[place].followed.on(self._keys(luck), week)
        self._left_off[place] = _LeftOff(z.copy(), luck.copy(), followed)
        return followed

    def _possible(self, going_on: Array, moved: Array, week: int | np.ndarray) -> np.ndarray:
        """Whether a war goes on in a week, and all who were sent by its beginning went."""
        possible = np.asarray(going_on) > 0
        for side, begin in self.sent:
            possible &= (np.asarray(moved)[..., side, :] > 0) | (week <= begin)
        return possible


@dataclass(frozen=True)
class _LeftOff:
    """Where a block of worlds was left off, and which worlds they were."""

    assumptions: np.ndarray
    luck: np.ndarray
    followed: Followed

    def by(self, assumptions: np.ndarray, luck: np.ndarray, week: int) -> bool:
        """Whether worlds have come by here on their way to a week."""
        so_far = self.followed.week + 1
        return (
            week >= self.followed.week
            and np.array_equal(assumptions, self.assumptions)
            and np.array_equal(luck[:, :so_far], self.luck[:, :so_far])
        )


@jax.jit
def _points(assumptions: Array) -> Array:
    return 0.5 * erfc(-(0.5**0.5) * assumptions.T)  # of the standard normal distribution


def _parts(worlds: int) -> list[slice]:
    """Blocks of worlds, of which no core waits for one."""
    size = min(BLOCK, -(-worlds // 2))
    return [slice(start, start + size) for start in range(0, worlds, size)]


def _on_threads(run: Callable[..., T], *blocks: Sequence[Any]) -> list[T]:
    """Run blocks of worlds, two at a time.

    Nothing else is done meanwhile: many small steps in Python wait for each other on threads, and
    where XLA runs on one it keeps the other core busy with waiting.
    """
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(run, *blocks))


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

    engine = qmc.Sobol(len(likelihood.names), scramble=True, rng=np.random.default_rng([seed, 2]))
    points = np.clip(engine.random(worlds), 1e-9, 1.0 - 1e-9)
    with threadpool_limits(1, "blas"):  # sums in the same order on any number of cores
        return filter_worlds(likelihood, ndtri(points), weeks, at, seed, told)
