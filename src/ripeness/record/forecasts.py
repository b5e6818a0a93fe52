"""Forecasts of figures that were still to come, from worlds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from ripeness.case.schema import CaseFile
from ripeness.record.followed import Progress, run_followed
from ripeness.record.hindcast.targets import Forecasts, targets
from ripeness.record.observations import compared
from ripeness.record.priorcheck import measure


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

    Worlds run under the plan that was followed with assumptions as the case gives them, and know
    nothing of what was observed before the origin.

    Parameters
    ----------
    record
        The record folder; of what came after an origin only the dates of figures are used.
    weeks
        How far ahead.
    worlds
        How many; those in which a move of the plan does not take place are then left out.
    seed
        The same seed gives the same numbers.

    Returns
    -------
    For each of `targets` draws of its figures, with errors like those of the record.
    """
    assert case.followed is not None, "what cannot be answered is not asked (`answerable`)"
    found = targets(case, record, origins, weeks)
    last = max(int(np.ceil(target.figures.weeks[-1])) for target in found)
    wanted = {target.figures.declared.series for target in found}
    ran = run_followed(case, case.followed.plan, wanted, worlds, seed, last, progress)
    drawn = {}
    for target in found:
        seen = target.figures
        truth = compared(seen.declared.how, ran.paths[seen.declared.series], seen.weeks)
        luck = np.random.default_rng(
            [seed, *target.origin.isoformat().encode(), *seen.name.encode()]
        )
        drawn[target.origin, target.name] = measure(truth, seen, luck)
    return drawn
