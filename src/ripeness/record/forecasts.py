"""Forecasts of figures that were still to come, from worlds that agree with those before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from ripeness.case.schema import CaseFile
from ripeness.record.assimilation import path
from ripeness.record.errors import draw
from ripeness.record.followed import Progress
from ripeness.record.hindcast.targets import Forecasts, Target, targets
from ripeness.record.learning import Learned, learn
from ripeness.record.tables import cut
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

    Worlds run under the plan that was followed and agree with what was known at the origin; a
    figure is what a world comes to, the drift that lay between the world and the figures before,
    and errors like theirs.

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
    assert case.followed is not None, "what cannot be answered is not asked (`answerable`)"
    found = targets(case, record, origins, weeks)
    continuation = train(case, seed, [case.followed.plan])
    blocks = -(-worlds // BLOCK)
    drawn = {}
    for number, origin in enumerate(origins):

        def of_origin(what: str, done: float, number: int = number) -> None:
            progress(what, (number + done) / len(origins))

        with TemporaryDirectory(prefix="ripeness-") as place:
            cut(record, origin, Path(place) / "record")
            learned = learn(
                case, Path(place) / "record", origin, continuation, blocks * BLOCK, seed, of_origin
            )
        ahead = [target for target in found if target.origin == origin]
        drawn |= {
            (origin, name): draws[:worlds] for name, draws in _drawn(learned, ahead, blocks).items()
        }
    return drawn


def _drawn(learned: Learned, ahead: Sequence[Target], blocks: int) -> dict[str, np.ndarray]:
    """Draw the figures to come after one origin: by name of the series, worlds by figures."""
    likelihood, places = learned.likelihood, learned.drawn(blocks * BLOCK)
    case, plan = likelihood.case, likelihood.plan
    last = max(int(np.ceil(target.figures.weeks[-1])) for target in ahead)
    seen: list[Glimpse] = []
    for number in range(blocks):
        block = learned.block(places, number)
        seen.append(glimpse(case, plan, block, likelihood.continuation, last))
    scales = {
        name: likelihood.scales(learned.worlds.assumptions[places], [name])[0]
        for name in case.observed
    }
    drawn = {}
    for target in ahead:
        declared = target.figures.declared
        paths = [path(case, part, declared.series)[: last + 1] for part in seen]
        like = (declared.series, declared.how)
        past = [one for one in learned.observed if (one.declared.series, one.declared.how) == like]
        chance = np.random.default_rng(
            [learned.seed, *target.origin.isoformat().encode(), *target.name.encode()]
        )
        together = np.concatenate(paths, axis=1).T.astype(float)
        drawn[target.name] = draw(past, target.figures, together, scales, chance)
    return drawn
