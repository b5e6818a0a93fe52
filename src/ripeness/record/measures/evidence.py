"""From the table of red lines to Bayes factors."""

from __future__ import annotations

from collections.abc import Iterator
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
    p = parameters(case, sample(case, SEED, 0, WORLDS))
    codings = {
        coding: rows.index.isin(matching(name, rows, where).index)
        for coding, where in declared.codings.items()
    }
    for coding, answered in {**codings, "none": np.zeros(crossed.size, bool)}.items():
        says = f"{declared.name} ({coding}): crossings coded as answered"
        yield Number(f"{coding}_answered", float(answered.sum()), "lines", says, n=crossed.size)
        weeks = redlines.by_week(crossed, responses[answered])
        for family, found in _factors(weeks, p, declared, list(case.sides).index(declared.side)):
            says = f"{declared.name} ({coding}), prior {family}: odds of eroding over fixed lines"
            yield Number(
                *(f"{coding}_{family}", found.value, "times", says),
                *(found.low, found.high, crossed.size),
            )


def _factors(
    weeks: redlines.Weeks, p: Parameters, declared: RedLines, side: int
) -> Iterator[tuple[str, redlines.Factor]]:
    """Give the factor under each family of priors, over all, and over all by size of a crossing.

    "All" is as the case weighs the families. Worlds of one size stand together, as an evenly
    spread sequence must be cut.
    """
    place = np.arange(WORLDS) * len(declared.points) // WORLDS
    points = np.array(declared.points, np.float32)[place]

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
    for number, size in enumerate(declared.points):
        these = place == number
        if found := redlines.factor(fixed[these], eroding[these]):
            yield f"all_at_{size:g}", found
