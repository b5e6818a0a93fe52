"""Worlds as the four questions see them: assumptions beside what each world answers.

In: the table of worlds, and their answers to a claim. Out: for the worlds that the claim speaks
about, a column for each assumption, whether it holds, and what the world counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ripeness.claims.answers import Answers
from ripeness.claims.assumptions import Assumption
from ripeness.claims.database import identifier, literal
from ripeness.claims.table import CELLS, MOST_WORDS, Worlds
from ripeness.errors import UsageError

MOST_WORLDS = 200_000
"""So many worlds are asked the four questions at most, drawn from all: more hardly tell more."""

MOST_MISSING = 0.1
"""Worlds that lack an assumption are left out, up to this share: more could not speak for all."""

NUMBERS = ("BIGINT", "DOUBLE")
WORDS = ("VARCHAR", "BOOLEAN", "ENUM")


@dataclass(frozen=True)
class Sample:
    """Worlds that a claim speaks about.

    Attributes
    ----------
    assumptions
        Those that differ between worlds.
    worlds
        The worlds, by their number or name.
    holds
        Whether the claim holds in each.
    weights
        What each counts.
    """

    assumptions: tuple[Assumption, ...]
    worlds: NDArray[Any]
    holds: NDArray[np.bool_]
    weights: NDArray[np.float64]

    def of(self, kept: NDArray[np.intp]) -> Sample:
        """Keep some of the worlds."""
        return Sample(
            tuple(assumption.of(kept) for assumption in self.assumptions),
            self.worlds[kept],
            self.holds[kept],
            self.weights[kept],
        )


def sample(worlds: Worlds, said: Answers, seed: int) -> Sample:
    """Put the assumptions beside the answers.

    Parameters
    ----------
    worlds
        The table of worlds.
    said
        What they answer to the claim.
    seed
        The same seed draws the same worlds from a table of more than may be asked.

    Raises
    ------
    UsageError
        Nobody said which columns are assumptions, or too many worlds lack some.
    """
    kept = np.flatnonzero(said.asked)
    if len(kept) > MOST_WORLDS:
        kept = np.sort(np.random.default_rng(seed).choice(kept, MOST_WORLDS, replace=False))
    names = worlds.assumptions
    if not names:
        raise UsageError(
            "no column is known to be an assumption; say which are under 'columns: assumptions'"
        )
    assumptions = read(worlds, names, said.test.plans, said.worlds[kept])
    if not assumptions:
        about = f"the {len(kept):,} worlds that the claim speaks about"
        raise UsageError(f"no assumption differs between {about}")
    found = Sample(assumptions, said.worlds[kept], said.holds[kept], said.weights[kept])
    missing = np.array([~np.isfinite(one.values) for one in assumptions])
    whole = np.flatnonzero(~missing.any(axis=0))
    lacking = 1 - len(whole) / len(kept)
    if lacking > MOST_MISSING:
        share = missing.mean(axis=1)
        most = int(share.argmax())
        raise UsageError(
            f"{lacking:.0%} of the worlds lack an assumption, most often "
            f"{assumptions[most].name!r} ({share[most]:.0%}); give it a value in all of them, or "
            "leave it out of 'columns: assumptions'"
        )
    return found if lacking == 0 else found.of(whole)


def read(
    worlds: Worlds, names: Sequence[str], plans: Sequence[str], wanted: NDArray[Any]
) -> tuple[Assumption, ...]:
    """Read columns of some worlds under the first of the plans.

    Parameters
    ----------
    names
        The columns; those of neither numbers nor words, or the same in all worlds, are left out.
    wanted
        The worlds, in their order.

    Returns
    -------
    The columns; a value that is missing is not a number.
    """
    words = {
        name: worlds.words(name) if worlds.columns[name].startswith(WORDS) else () for name in names
    }
    usable = [
        name
        for name in names
        if worlds.columns[name] in NUMBERS or 1 < len(words[name]) <= MOST_WORDS
    ]
    found = []
    for name, values in _columns(worlds, usable, words, plans[:1], wanted):
        if np.nanmin(values, initial=np.inf) < np.nanmax(values, initial=-np.inf):
            about = worlds.about.about(name)
            found.append(Assumption(name, values, words[name], about.unit, about.means))
    return tuple(found)


def _columns(
    worlds: Worlds,
    names: Sequence[str],
    words: Mapping[str, Sequence[str]],
    plans: Sequence[str],
    wanted: NDArray[Any],
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Read columns, some at a time, and keep them where they are few enough."""
    plan = "".join(plans)
    kept = worlds.rows * len(names) <= CELLS
    at_once = max(1, CELLS // worlds.rows)
    for start in range(0, len(names), at_once):
        some = names[start : start + at_once]
        lacking = [name for name in some if (plan, name) not in worlds.memory]
        fields = [_as_number(name, words[name]) for name in lacking]
        numbers, columns = worlds.fetch(["1", *fields], plans)
        places = np.searchsorted(numbers, wanted)
        read = {
            name: np.ma.filled(np.ma.asarray(column, np.float64), np.nan)
            for name, column in zip(lacking, columns[1:], strict=True)
        }
        if kept:
            worlds.memory.update({(plan, name): values for name, values in read.items()})
        for name in some:
            yield name, (read[name] if name in read else worlds.memory[plan, name])[places]


def _as_number(name: str, words: Sequence[str]) -> str:
    column = identifier(name)
    if not words:
        return f"{column}::DOUBLE"
    return f"list_position([{', '.join(map(literal, words))}], {column}::VARCHAR) - 1"
