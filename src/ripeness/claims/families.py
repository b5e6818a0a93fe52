"""Verdicts apart by family: the share of worlds in which a claim holds under each rival mechanism.

A family is a column of words, such as the kind of a red line or the family of a prior. Where a
claim holds under one word and not under another, the verdict over all worlds hides that.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ripeness.claims.answers import Answers
from ripeness.claims.database import identifier, literal
from ripeness.claims.estimates import wilson
from ripeness.claims.table import Worlds

MOST_WORDS = 12
FEWEST_WORLDS = 50


@dataclass(frozen=True)
class Families:
    """Which word of each family each world has.

    Attributes
    ----------
    words
        The words of each family, by its column.
    worlds
        The worlds, in order.
    kinds
        The words that occur together: by family, for each such kind, the place of its word from 1.
    kind
        For each world its kind.
    """

    words: dict[str, tuple[str, ...]]
    worlds: NDArray[Any]
    kinds: tuple[NDArray[np.intp], ...]
    kind: NDArray[np.intp]


def rival_families(worlds: Worlds) -> Families:
    """Read the families that a table names, from the first of its plans."""
    words = {
        column: found
        for column in worlds.about.families
        if column in worlds.columns and 2 <= len(found := worlds.words(column)) <= MOST_WORDS
    }
    if not words:
        return Families({}, np.zeros(0), (), np.zeros(0, np.intp))
    places = [
        f"coalesce(list_position([{', '.join(map(literal, told))}], {identifier(column)}::VARCHAR)"
        f", 0)::INTEGER"
        for column, told in words.items()
    ]
    sizes = [len(told) + 1 for told in words.values()]
    strides = [prod(sizes[place + 1 :]) for place in range(len(sizes))]
    joint = " + ".join(
        f"{place}::BIGINT * {stride}" for place, stride in zip(places, strides, strict=True)
    )
    numbers, (codes,) = worlds.fetch([joint], worlds.plans[:1])
    kinds, kind = np.unique(np.ma.filled(codes, 0), return_inverse=True)
    return Families(words, numbers, np.unravel_index(kinds, sizes), kind)


def _totals(
    kind: NDArray[np.intp], count: int, asked: NDArray[np.bool_], said: Answers
) -> dict[str, NDArray[np.float64]]:
    """Sum by kind: worlds asked, their weights, squares of these, and weights where it holds."""
    yes = asked & said.holds
    if said.weights.min() == said.weights.max():  # counting is quicker
        worlds, holding = (
            np.bincount(kind[some], minlength=count).astype(np.float64) for some in (asked, yes)
        )
        return {"worlds": worlds, "weight": worlds, "square": worlds, "yes": holding}
    counted = {
        "worlds": asked.astype(np.float64),
        "weight": said.weights * asked,
        "square": np.square(said.weights) * asked,
        "yes": said.weights * yes,
    }
    return {
        key: np.bincount(kind, values, count).astype(np.float64) for key, values in counted.items()
    }


def by_family(said: Answers, families: Families) -> tuple[dict[str, Any], ...]:
    """Give the share of worlds in which a claim holds, for each word of each family."""
    if not families.words:
        return ()
    kind, count, asked = families.kind, len(families.kinds[0]), said.asked
    if not np.array_equal(families.worlds, said.worlds):
        places = np.searchsorted(families.worlds, said.worlds)
        places = np.minimum(places, len(kind) - 1)
        kind, asked = kind[places], asked & (families.worlds[places] == said.worlds)
    totals = _totals(kind, count, asked, said)
    found = []
    for axis, (column, words) in enumerate(families.words.items()):
        for place, word in enumerate(words, start=1):
            of = {
                key: float(values[families.kinds[axis] == place].sum())
                for key, values in totals.items()
            }
            if of["worlds"] < FEWEST_WORLDS:
                continue
            share = wilson(of["yes"] / of["weight"], of["weight"] ** 2 / of["square"])
            found.append(
                {
                    "family": column,
                    "word": word,
                    "share": share.value,
                    "low": share.low,
                    "high": share.high,
                    "worlds": int(of["worlds"]),
                }
            )
    return tuple(found)
