"""What the record taught by a day: worlds that agree with what was known then.

In: a case, its record cut to a day. Out: blocks of worlds, each with the assumptions and the luck
that let it come as it came, and from the day on luck of its own; and what was learned about each
assumption. Run under another plan they are what would have happened: the same world, another
decision (Pearl, "Causality", 2009, section 1.4.4: abduction, action, prediction).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ripeness.case.distributions import Choice, Distribution
from ripeness.case.schema import CaseFile
from ripeness.errors import UsageError
from ripeness.record.assimilation import Likelihood, assimilate
from ripeness.record.filtering import Filtered, Worlds
from ripeness.record.followed import Progress
from ripeness.record.observations import Observations, observed_by
from ripeness.settlement.continuation import Continuation
from ripeness.war.noise import world_key
from ripeness.worlds import store
from ripeness.worlds.request import Request
from ripeness.worlds.run import rows_of_block, run
from ripeness.worlds.simulate import BLOCK, Block, block_of

MOST_WEIGHED = 4 * BLOCK
"""Worlds that are weighed; a run of more has some of them several times, with other futures."""

LEAST_LEARNED = 0.1
"""Share of its variance that an assumption must lose, or a quarter of a standard deviation that it
must move, to count as identified: less is within the error of the filter."""
MOVED = 0.25


GRID = 1000
"""Quantiles of the prior by which its spread is said."""


@dataclass(frozen=True)
class Taught:
    """What was learned about one assumption.

    Attributes
    ----------
    name
        In the case file.
    unit
        Its unit.
    before, after
        5, 50 and 95 % quantiles of its values; of a choice, the chance of each word.
    shrinkage
        Share of the variance that is gone, in terms in which it was normal beforehand; negative
        where what was seen sets it wider.
    moved
        How far the mean moved, in standard deviations beforehand.
    """

    name: str
    unit: str
    before: dict[str, float]
    after: dict[str, float]
    shrinkage: float
    moved: float

    @property
    def identified(self) -> bool:
        """Whether the record says anything about it."""
        return self.shrinkage >= LEAST_LEARNED or abs(self.moved) >= MOVED


@dataclass(frozen=True)
class Learned:
    """Worlds that agree with what was known on a day.

    Attributes
    ----------
    as_of
        The day.
    observed
        The figures they were weighed by.
    likelihood
        How they were weighed.
    filtered
        How the filter fared, week by week.
    seed
        The same seed gives the same worlds.
    """

    as_of: date
    observed: tuple[Observations, ...]
    likelihood: Likelihood
    filtered: Filtered
    seed: int

    @cached_property
    def worlds(self) -> Worlds:
        """The worlds that were weighed, as they are known by the day."""
        (worlds,) = self.filtered.at.values()
        return worlds

    def drawn(self, count: int) -> np.ndarray:
        """Draw worlds by their weights, in no order: places among `worlds`."""
        chance = np.random.default_rng([self.seed, 0xD4A3])
        points = (np.arange(count) + chance.random()) / count
        totals = np.cumsum(self.worlds.weight)
        places = np.searchsorted(totals / totals[-1], points)
        return chance.permutation(np.minimum(places, len(totals) - 1))

    def block(self, drawn: np.ndarray, number: int) -> Block:
        """Arrange a block of drawn worlds, with luck to the horizon.

        Parameters
        ----------
        drawn
            As from `drawn`; as many as whole blocks have.
        number
            Of the block; the first has world 0.
        """
        worlds, case = self.worlds, self.likelihood.case
        numbers = np.arange(number * BLOCK, (number + 1) * BLOCK).astype(np.uint32)
        places = drawn[numbers]
        keys = np.asarray(world_key(self.seed, numbers))
        luck = np.broadcast_to(keys, (case.weeks + 1, BLOCK)).copy()
        luck[: worlds.week + 1] = worlds.luck[places].T
        return replace(self.likelihood.block(worlds.assumptions[places], luck.T), worlds=numbers)

    @cached_property
    def taught(self) -> tuple[Taught, ...]:
        """What was learned about each assumption, in the order of the case file."""
        z, weight = self.worlds.assumptions, self.worlds.weight
        means = z.T @ weight
        variances = ((z - means) ** 2).T @ weight
        points = self.likelihood.points(z[self.drawn(len(z))])
        case, found = self.likelihood.case, []
        for place, (name, drawn) in enumerate(points.items()):
            assumption = case.assumptions[name]
            grid = (np.arange(GRID) + 0.5) / GRID
            before, after = (_said(assumption.distribution, x) for x in (grid, drawn))
            gone = 1.0 - float(variances[place])
            found.append(Taught(name, assumption.unit, before, after, gone, float(means[place])))
        return tuple(found)

    def record(self) -> dict[str, Any]:
        """Give it as plain data, ready for JSON."""
        filtered = self.filtered
        return {
            "as_of": self.as_of.isoformat(),
            "plan": self.likelihood.plan,
            "weeks": self.worlds.week,
            "weighed": len(self.worlds.weight),
            "figures": {seen.name: len(seen.dates) for seen in self.observed},
            "log_evidence": round(float(filtered.evidence[-1]), 2),
            "effective": [round(float(x)) for x in filtered.effective],
            "resampled": [int(x) for x in filtered.resampled],
            "accepted": dict(zip(("fitted", "anew"), filtered.accepted, strict=True)),
            "assumptions": [
                {
                    "name": one.name,
                    "unit": one.unit,
                    "before": one.before,
                    "after": one.after,
                    "shrinkage": round(one.shrinkage, 3),
                    "moved": round(one.moved, 3),
                    "identified": one.identified,
                }
                for one in self.taught
            ],
        }


def _said(distribution: Distribution, points: np.ndarray) -> dict[str, float]:
    """Say how an assumption spreads, given at which of its quantiles worlds lie."""
    values = distribution.quantile(points)
    if isinstance(distribution, Choice):
        shares = [float((values == place).mean()) for place in range(len(distribution.words))]
        return dict(zip(distribution.words, shares, strict=True))
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
    return {"q05": float(low), "q50": float(middle), "q95": float(high)}


def learn(
    case: CaseFile,
    record: Path,
    as_of: date,
    continuation: Continuation,
    worlds: int,
    seed: int,
    progress: Progress,
) -> Learned:
    """Weigh worlds under the plan that was really followed by what was known on a day.

    Parameters
    ----------
    record
        A record folder, cut to what was known on that day.
    continuation
        The fitted value of going on, as in the run that follows.
    worlds
        How many are weighed.
    seed
        The same seed gives the same worlds.

    Raises
    ------
    UsageError
        If the case does not say what was observed, nothing was known yet, or no world agrees.
    """
    plan = _followed(case)
    observed = observed_by(case, record, as_of)
    week = min(-(-(as_of - case.decision_date).days // 7), case.weeks)
    likelihood = Likelihood(case, plan, observed, continuation)

    def told(done: int) -> None:
        progress("learning from the record", ((1 + done) / (1 + week)) ** 2)

    try:
        filtered = assimilate(likelihood, worlds, week, [week], seed, told)
    except ValueError as error:
        raise UsageError(
            f"as of {as_of}: {error}; run more worlds, or look at 'observed'"
        ) from None
    return Learned(as_of, observed, likelihood, filtered, seed)


def _followed(case: CaseFile) -> str:
    """Give the plan that was followed, of a case that says what was observed under it."""
    if case.followed is None or not case.observed:
        raise UsageError(
            f"case {case.id!r} cannot be run as of a day: add 'followed' (the plan that was "
            "followed) and 'observed' (which figures of the record speak of which series)"
        )
    return case.followed.plan


def run_as_of(asked: Request, folder: Path, progress: Progress) -> Learned:
    """Run a case in worlds that agree with what was known on a day.

    Parameters
    ----------
    asked
        With a day, and a record cut to it.
    folder
        A new folder, which gets what every run has, and the same worlds before the record.
    """
    as_of, record = asked.as_of, asked.record
    assert as_of is not None, "asked as of a day"
    assert record is not None, "which takes a record"
    _followed(asked.case)  # before anything that takes long
    blocks = -(-asked.worlds // BLOCK)
    found: list[Learned] = []

    def worlds_of(continuation: Continuation) -> Callable[[int], Block]:
        weighed = min(blocks * BLOCK, MOST_WEIGHED)
        learned = learn(asked.case, record, as_of, continuation, weighed, asked.seed, of_the_first)
        drawn = learned.drawn(blocks * BLOCK)
        found.append(learned)
        for number in range(blocks):
            progress("running worlds before the record", 0.7 + 0.1 * number / blocks)
            unweighed = block_of(asked.case, asked.seed, number)
            # As in the run itself, so that the same program need not be compiled twice.
            charts = {"weekly": [], "trajectories": [], "negotiation": []} if number == 0 else None
            rows, _ = rows_of_block(asked, continuation, unweighed, charts)
            place = folder / store.BEFORE / "worlds" / f"block-{number:05d}.parquet"
            store.write_table(rows, place)
        return lambda number: learned.block(drawn, number)

    def of_the_first(what: str, done: float) -> None:
        progress(what, 0.1 + 0.6 * done)

    def of_the_rest(what: str, done: float) -> None:
        progress(what, 0.1 * done if done == 0 else 0.8 + 0.2 * done)

    run(asked, folder, of_the_rest, worlds_of=worlds_of)
    return found[0]
