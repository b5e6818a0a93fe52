"""Worlds under the plan that was really followed, held against what was observed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ripeness.case.moves import Commit
from ripeness.case.schema import CaseFile
from ripeness.errors import RipenessError, UsageError, suggest
from ripeness.record.observations import Observations, lengths, observations
from ripeness.record.priorcheck import PriorCheck, check_durations, check_series
from ripeness.settlement.ending import GOING_ON
from ripeness.worlds import columns
from ripeness.worlds.simulate import BLOCK, blank, block_of, simulate, train

Progress = Callable[[str, float], None]
"""Told what is being done, and what share of the whole is done (0 to 1)."""


@dataclass(frozen=True)
class Followed:
    """What is kept of worlds: the observed series by name (worlds by weeks), and their end.

    Attributes
    ----------
    lasted
        Weeks; infinity for a war still going at the horizon.
    """

    paths: dict[str, np.ndarray]
    lasted: np.ndarray


def prior_check(
    case: CaseFile, record: Path, worlds: int, seed: int, progress: Progress
) -> PriorCheck:
    """Run the case's prior under the plan that was followed, and see where the record lies in it.

    Parameters
    ----------
    record
        The case's record folder.
    worlds
        How many; those in which a move of the plan does not take place are then left out.
    seed
        The same seed gives the same numbers.

    Raises
    ------
    UsageError
        If the case names what its record or its worlds do not have.
    """
    assert case.followed is not None, "what cannot be answered is not asked (`answerable`)"
    plan, until = case.followed.plan, case.followed.until
    progress("reading the record", 0.0)
    observed = observations(case, record)
    past = lengths(case.durations, record) if case.durations else None
    meanings = _known(case, observed)
    last = max((int(np.ceil(seen.weeks[-1])) for seen in observed), default=1)
    progress("fitting what going on is worth", 0.1)
    ran = run_followed(case, plan, set(meanings), worlds, seed, last, progress)
    progress("comparing", 0.95)
    checks = tuple(
        check_series(seen, meanings[seen.declared.series], ran.paths[seen.declared.series], seed)
        for seen in observed
    )
    durations = None
    if case.durations and past is not None:
        durations = check_durations(ran.lasted, past, case.weeks, case.durations.within)
    return PriorCheck(
        case=case.id,
        title=case.title,
        plan=plan,
        decided=case.decision_date,
        until=until,
        seed=seed,
        worlds=worlds,
        kept=len(ran.lasted),
        over=float((ran.lasted <= last).mean()),
        series=checks,
        durations=durations,
    )


def _known(case: CaseFile, observed: tuple[Observations, ...]) -> dict[str, str]:
    """Meanings of the observed series, if worlds have them in the unit that the case says."""
    if not observed:
        return {}
    there_are = {column.name: column for column in columns.series(case, blank(case, 1)[0])}
    for seen in observed:
        name, unit = seen.declared.series, seen.declared.unit
        if name not in there_are:
            right = suggest(name, there_are) or f"; there are {', '.join(there_are)}"
            raise UsageError(f"observed.{seen.name}: worlds have no series {name!r}{right}")
        if unit != there_are[name].unit:
            right = there_are[name].unit
            raise UsageError(
                f"observed.{seen.name}: the unit of {name!r} is not {unit!r}; write 'unit: {right}'"
            )
    wanted = {seen.declared.series for seen in observed}
    return {name: there_are[name].meaning for name in there_are if name in wanted}


def run_followed(
    case: CaseFile,
    plan: str,
    wanted: set[str],
    worlds: int,
    seed: int,
    last: int,
    progress: Progress,
) -> Followed:
    """Run blocks of worlds and keep what is compared, of those in which the plan took place.

    Parameters
    ----------
    wanted
        The series to keep, by name.
    last
        Week up to which they are kept.
    """
    continuation = train(case, seed, [plan])
    parts: dict[str, list[np.ndarray]] = {name: [] for name in wanted}
    lasted = []
    blocks = -(-worlds // BLOCK)
    to_the_end = range(last + 1, case.weeks + 1)[-1:] if case.durations else ()
    at = [*range(last + 1), *to_the_end]
    for number in range(blocks):
        progress("running worlds", 0.5 + 0.45 * number / blocks)
        block = block_of(case, seed, number)
        record, _ = simulate(case, plan, block, continuation, at=at)
        asked = block.worlds < worlds
        kept = asked & _took_place(case, plan, np.asarray(record.moved)[:, -1])
        for column in columns.series(case, record):
            if column.name in wanted:
                path = np.asarray(column.values)[kept, : last + 1]
                parts[column.name].append(path.astype(np.float64))
        ended = np.asarray(record.kind)[:, -1] != GOING_ON
        lasted.append(np.where(ended, np.asarray(record.end_week)[:, -1], np.inf)[kept])
    if not sum(map(len, lasted)):
        raise RipenessError(
            f"in none of {worlds:,} worlds did the moves of plan {plan!r} take place; run more"
        )
    return Followed(
        {name: np.concatenate(part) for name, part in parts.items()}, np.concatenate(lasted)
    )


def _took_place(case: CaseFile, plan: str, moved: np.ndarray) -> np.ndarray:
    """Worlds in which every side that the plan sends somewhere went.

    Parameters
    ----------
    moved
        Worlds by sides: 1 once a move of the side took place.
    """
    went = moved > 0
    sent = {move.side for move in case.plans[plan].moves if isinstance(move, Commit)}
    stayed = np.array([side not in sent for side in case.sides])
    return np.all(went | stayed, axis=1)
