"""From the table of red lines to Bayes factors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import jax.numpy as jnp
import numpy as np

from ripeness.case.measures import RedLines
from ripeness.case.schema import CaseFile
from ripeness.record.measures import redlines
from ripeness.record.measures.number import Number
from ripeness.record.observations import last_day, rows_of
from ripeness.war.escalation import ERODING, FIXED
from ripeness.worlds.sampling import parameters, quantity_of, sample

WORLDS = 32_768
"""Draws from the prior, a power of 2 as its sequence likes."""

SEED = 1


def red_lines(name: str, declared: RedLines, record: Path, case: CaseFile) -> Iterator[Number]:
    """Give the Bayes factor of lines that erode over lines that stay, by coding and by family."""
    rows = rows_of(name, declared, record)
    rows = rows[rows[declared.date].notna()]
    crossed = np.array([last_day(name, declared.date, word) for word in rows[declared.date]])
    rows = rows[crossed <= declared.until.toordinal()]
    crossed = crossed[crossed <= declared.until.toordinal()]
    if not crossed.size:
        return
    p = parameters(case, sample(case, SEED, 0, WORLDS))
    side = list(case.sides).index(declared.side)
    families = dict(enumerate(quantity_of("tolerance_prior").choices))
    for coding, where in declared.codings.items():
        answered = rows.index.isin(_answered(name, declared, where, record))
        given = rows[declared.answered].notna().to_numpy()
        responses = [
            max(day, last_day(name, declared.answered, word)) if known else day
            for day, word, known in zip(crossed, rows[declared.answered], given, strict=True)
        ]
        weeks = redlines.by_week(crossed, np.array(responses)[answered])
        says = f"{declared.name} ({coding}): crossings coded as answered"
        yield Number(f"{coding}_answered", float(answered.sum()), "lines", says, n=crossed.size)
        for family, prior in (
            *((word, number) for number, word in families.items()),
            ("all", None),
        ):
            of = p.tolerance_prior if prior is None else jnp.int32(prior)
            fixed, eroding = (
                redlines.likelihoods(weeks, p, side, kind, of, declared.points)
                for kind in (FIXED, ERODING)
            )
            found = redlines.factor(fixed, eroding)
            says = f"{declared.name} ({coding}), prior {family}: odds of eroding over fixed lines"
            yield Number(
                *(f"{coding}_{family}", found.value, "times", says),
                *(found.low, found.high, crossed.size),
            )


def _answered(name: str, declared: RedLines, where: object, record: Path) -> object:
    if not where:
        return []
    return rows_of(name, declared.model_copy(update={"where": where}), record).index
