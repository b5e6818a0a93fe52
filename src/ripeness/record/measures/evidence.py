"""From the table of red lines to Bayes factors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from ripeness.case.measures import RedLines
from ripeness.case.schema import CaseFile
from ripeness.record.measures import redlines
from ripeness.record.measures.number import Number, ordinals
from ripeness.record.observations import last_day, matching, rows_of
from ripeness.war.escalation import ERODING, FIXED
from ripeness.war.parameters import Parameters
from ripeness.worlds.sampling import parameters, quantity_of, sample

WORLDS = 32_768
"""Draws from the prior, a power of 2 as its sequence likes."""

SEED = 1


def red_lines(name: str, declared: RedLines, record: Path, case: CaseFile) -> Iterator[Number]:
    """Give the Bayes factor of lines that erode over lines that stay, by coding and by family.

    A response counts in the week of its day, or of the crossing where that is later or its day is
    not given.
    """
    side = list(case.sides).index(declared.side)
    p = None
    for coded in _coded(name, declared, record):
        p = p or parameters(case, sample(case, SEED, 0, WORLDS))
        coding, crossings = coded.coding, coded.crossed.size
        says = f"{declared.name} ({coding}): crossings coded as answered"
        yield Number(f"{coding}_answered", float(coded.responses.size), "lines", says, n=crossings)
        weeks = redlines.by_week(coded.crossed, coded.responses)
        for family, found in _factors(weeks, p, declared, side):
            says = f"{declared.name} ({coding}), prior {family}: odds of eroding over fixed lines"
            yield Number(
                *(f"{coding}_{family}", found.value, "times", says),
                *(found.low, found.high, crossings),
            )


@dataclass(frozen=True)
class Passed:
    """What a record says of red lines when so much of it had passed.

    Attributes
    ----------
    coding
        Which crossings count as answered.
    prior
        Family of the tolerance's prior; ``all`` as the case weighs them.
    day
        End of the week.
    crossings, answered
        How many lines had been crossed by then, and how many of them answered.
    odds
        Of lines that erode over lines that stay.
    """

    coding: str
    prior: str
    day: date
    crossings: int
    answered: int
    odds: redlines.Factor


def odds_as_crossings_pass(
    name: str, declared: RedLines, record: Path, case: CaseFile
) -> Iterator[Passed]:
    """Give the same after each week in which a line was crossed, or a crossing answered.

    The last of a coding and family is what `red_lines` gives.
    """
    side, families = list(case.sides).index(declared.side), quantity_of("tolerance_prior").choices
    p = None
    for coded in _coded(name, declared, record):
        p = p or parameters(case, sample(case, SEED, 0, WORLDS))
        points = _points(declared)
        weeks = redlines.by_week(coded.crossed, coded.responses)
        at = np.flatnonzero((weeks.crossings > 0) | weeks.answered)
        ends = coded.crossed.min() + (at + 1) * redlines.DAYS_A_WEEK - 1
        by_family = np.array(
            [
                [
                    redlines.likelihoods_by_week(
                        weeks, p, side, kind, np.full(WORLDS, n, np.int32), points, at
                    )
                    for kind in (FIXED, ERODING)
                ]
                for n in range(len(families))
            ]
        )
        own = np.asarray(p.tolerance_prior)[None, None, None]
        every = [*by_family, np.take_along_axis(by_family, own, axis=0)[0]]
        for family, (fixed, eroding) in zip((*families, "all"), every, strict=True):
            for row, end in enumerate(ends.tolist()):
                if found := redlines.factor(fixed[row], eroding[row]):
                    yield Passed(
                        *(coded.coding, family, date.fromordinal(end)),
                        int((coded.crossed <= end).sum()),
                        int((coded.responses <= end).sum()),
                        found,
                    )


@dataclass(frozen=True)
class _Coded:
    """Days of crossings and of responses to them, as ordinals, by one way to code them."""

    coding: str
    crossed: np.ndarray
    responses: np.ndarray


def _coded(name: str, declared: RedLines, record: Path) -> Iterator[_Coded]:
    rows = rows_of(name, declared, record)
    rows = rows.loc[rows[declared.date].notna().to_numpy()]
    crossed = ordinals(name, declared.date, rows)
    counts = crossed <= declared.until.toordinal()
    rows, crossed = rows.loc[counts], crossed[counts]
    if not crossed.size:
        return
    words = rows[declared.answered].astype(object).fillna("")
    given = [last_day(name, declared.answered, word) if word else 0 for word in words]
    responses = np.maximum(crossed, given)
    for coding, where in declared.codings.items():
        answered = rows.index.isin(matching(name, rows, where).index)
        yield _Coded(coding, crossed, responses[answered])
    yield _Coded("none", crossed, responses[:0])


def _points(declared: RedLines) -> np.ndarray:
    """Provocation of one crossing in each world; worlds of one size stand together."""
    place = np.arange(WORLDS) * len(declared.points) // WORLDS
    return np.array(declared.points, np.float32)[place]


def _factors(
    weeks: redlines.Weeks, p: Parameters, declared: RedLines, side: int
) -> Iterator[tuple[str, redlines.Factor]]:
    """Give the factor under each family of priors, over all, and over all by size of a crossing.

    "All" is as the case weighs the families. Worlds of one size stand together, as an evenly
    spread sequence must be cut.
    """
    points = _points(declared)
    families = quantity_of("tolerance_prior").choices
    kinds = FIXED, ERODING
    by_family = [
        [
            redlines.likelihoods(weeks, p, side, kind, np.full(WORLDS, n, np.int32), points)
            for kind in kinds
        ]
        for n in range(len(families))
    ]
    for family, of_kinds in zip(families, by_family, strict=True):
        if found := redlines.factor(*of_kinds):
            yield family, found
    # A world has the likelihood that it has under its own family.
    fixed, eroding = np.take_along_axis(
        np.array(by_family), np.asarray(p.tolerance_prior)[None, None], axis=0
    )[0]
    if found := redlines.factor(fixed, eroding):
        yield "all", found
    for size in declared.points:
        these = points == np.float32(size)
        if found := redlines.factor(fixed[these], eroding[these]):
            yield f"all_at_{size:g}", found
