"""Forecasts of figures that were still to come, from worlds that agree with those before.

A figure to come is what a world comes to, the drift that lay between the world and the figures
before, and errors like theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from threadpoolctl import threadpool_limits

from ripeness.case.schema import CaseFile
from ripeness.errors import UsageError
from ripeness.record.assimilation import path
from ripeness.record.draws import draw
from ripeness.record.followed import Progress
from ripeness.record.hindcast.ahead import Forecast, forecast_by_all
from ripeness.record.hindcast.targets import Forecasts, Target, targets, to_come
from ripeness.record.learning import Learned, learn
from ripeness.record.observations import observed_by
from ripeness.record.tables import cut
from ripeness.settlement.continuation import Continuation
from ripeness.settlement.course import Glimpse
from ripeness.worlds.simulate import BLOCK, glimpse, train


def forecasts(
    case: CaseFile,
    record: Path,
    origins: Sequence[date],
    weeks: int,
    worlds: int,
    seed: int,
    progress: Progress,
) -> Forecasts:
    """Forecast the figures of every observed series in the weeks after each origin.

    Worlds run under the plan that was followed and agree with what was known at the origin.

    Parameters
    ----------
    record
        The record folder; of what came after an origin only the dates of figures are used.
    weeks
        How far ahead.
    worlds
        How many.
    seed
        The same seed gives the same numbers.

    Returns
    -------
    For each of `targets` draws of its figures.
    """
    found = targets(case, record, origins, weeks)
    continuation = _continuation(case, seed)
    drawn = {}
    for number, origin in enumerate(origins):

        def of_origin(what: str, done: float, number: int = number) -> None:
            progress(what, (number + done) / len(origins))

        with TemporaryDirectory(prefix="ripeness-") as place:
            known = Path(place) / "record"
            cut(record, origin, known)
            learned = learn(case, known, origin, continuation, _whole(worlds), seed, of_origin)
        ahead = [target for target in found if target.origin == origin]
        drawn |= _drawn(ahead, worlds, _Followed(learned, worlds, ahead))
    return drawn


def forecast(
    case: CaseFile,
    record: Path,
    as_of: date,
    weeks: int,
    worlds: int,
    seed: int,
    progress: Progress,
) -> Forecast:
    """Forecast the figures of every observed series that nobody knew on a day.

    Parameters
    ----------
    record
        The record folder; nothing in it that became known after the day is used.
    weeks
        How far ahead.
    worlds
        How many, under the plan that was followed.
    seed
        The same seed gives the same numbers.

    Raises
    ------
    UsageError
        If nothing was known yet, or no world agrees with it.
    """
    with TemporaryDirectory(prefix="ripeness-") as place:
        known = Path(place) / "record"
        cut(record, as_of, known)
        ahead = to_come(observed_by(case, known, as_of), as_of, weeks, case.decision_date)
        if not ahead:
            raise UsageError(
                f"as of {as_of}: no figure of what is observed was known yet; name a later day"
            )
        progress("fitting what going on is worth", 0.0)
        continuation = _continuation(case, seed)

        def of_worlds(what: str, done: float) -> None:
            progress(what, 0.1 + 0.8 * done)

        learned = learn(case, known, as_of, continuation, _whole(worlds), seed, of_worlds)
        followed = _Followed(learned, worlds, ahead)
        return forecast_by_all(
            case,
            known,
            ahead,
            _drawn(ahead, worlds, followed),
            learned.observed,
            followed.ended(worlds),
            weeks,
            seed,
            lambda what, done: progress(what, 0.9 + 0.1 * done),
        )


def _continuation(case: CaseFile, seed: int) -> Continuation:
    assert case.followed is not None, "what cannot be answered is not asked (`answerable`)"
    return train(case, seed, [case.followed.plan])


def _whole(worlds: int) -> int:
    """Worlds in as many whole blocks as these take."""
    return -(-worlds // BLOCK) * BLOCK


class _Followed:
    """Worlds that agree with what was known at an origin, up to the last figure to come.

    Attributes
    ----------
    learned
        What the record taught by the origin.
    seen
        What the record could tell of each block.
    last
        The week of the last figure.
    """

    def __init__(self, learned: Learned, worlds: int, ahead: Sequence[Target]) -> None:
        count, likelihood = _whole(worlds), learned.likelihood
        self.learned, drawn = learned, learned.drawn(count)
        self.last = max(int(np.ceil(target.figures.weeks[-1])) for target in ahead)
        self.seen: list[Glimpse] = []
        for number in range(count // BLOCK):
            block = learned.block(drawn, number)
            self.seen.append(glimpse(likelihood.shared, block, self.last))

    def ended(self, worlds: int) -> float:
        """Share of worlds in which the war has ended by the last figure."""
        going_on = np.concatenate([part.going_on[self.last] for part in self.seen])
        return 1.0 - float(np.mean(going_on[:worlds]))


def _drawn(ahead: Sequence[Target], worlds: int, followed: _Followed) -> Forecasts:
    """Draw the figures to come after one origin: by origin and series, worlds by figures."""
    learned, last = followed.learned, followed.last
    case = learned.likelihood.case
    drawn = {}
    for target in ahead:
        declared = target.figures.declared
        paths = [path(case, part, declared.series)[: last + 1] for part in followed.seen]
        like = (declared.series, declared.how)
        past = [one for one in learned.observed if (one.declared.series, one.declared.how) == like]
        chance = np.random.default_rng(
            [learned.seed, *target.origin.isoformat().encode(), *target.name.encode()]
        )
        together = np.concatenate(paths, axis=1).T.astype(float)
        with threadpool_limits(1, "blas"):  # sums in the same order on any number of cores
            draws = draw(past, target.figures, together, chance)[:worlds]
        least = -np.inf if declared.how == "change" else 0.0  # nothing is held, lost or given
        drawn[target.origin, target.name] = np.maximum(draws, least)
    return drawn
