"""The worlds of the explorer: a sample of whole worlds, its columns in bins, and exact answers.

A row is a world, under all plans together: its assumptions once, its outcomes once a plan, and what
each claim comes to in it. Columns are named as elsewhere, an outcome with its plan before it
(``hold:ended``); ``claim/L9`` is what a claim comes to, ``pairs/ended`` how the other plans fare
against the first.

For the server: `packed` gives columns as bytes, `exact` answers ranges from all worlds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ripeness.claims import within
from ripeness.claims.estimates import Estimate
from ripeness.claims.inquiry import Inquiry
from ripeness.claims.sameworlds import in_order_of
from ripeness.errors import UsageError, suggest
from ripeness.views.binning import MISSING, Binned, Bins, binned, binned_words
from ripeness.views.shown import Shown
from ripeness.views.verdicts import meaning

ROWS, BINS = 200_000, 128
"""Of the app: so many worlds at most, and bins a column."""

MOST_COLUMNS = 120
CLAIM, PAIRS = "claim/", "pairs/"
NOT_ASKED, FAILS, HOLDS = 0, 1, 2
LESS, SAME, MORE = 0, 1, 2
MOST_PLANS = 6
"""So many plans are compared in one byte a world."""
SEED = 1

Read = dict[tuple[str | None, str], NDArray[Any]]
"""Columns by plan and name, in the order of worlds."""


def packed(
    shown: Shown,
    names: Sequence[str],
    rows: int = ROWS,
    bins: int = BINS,
    differences: bool = False,
) -> bytes:
    """Give columns of the sample.

    Parameters
    ----------
    rows, bins
        So many worlds at most, and bins a column.
    differences
        Whether an outcome under a later plan is given as what it has more than under the first one
        named, modulo 256, and ``beside``, the place of that one among the columns: plans often come
        to the same, so that this compresses to a third.

    Returns
    -------
    bytes
        Four bytes, the length of what follows as an unsigned number, its lowest byte first; JSON
        that says how many rows there are and what each column is; then the columns, a byte a row.

    Raises
    ------
    UsageError
        For too many columns, or one that there is not.
    """
    if len(names) > MOST_COLUMNS:
        raise UsageError(f"{len(names)} columns at once; {MOST_COLUMNS} are the most")
    asked = _asked(shown)
    worlds, weights = _worlds(asked)
    read, kept = _read(shown, asked, names), sampled(weights, rows)
    columns = [_column(shown, asked, name, read, worlds, bins, kept) for name in names]
    if differences:
        columns = list(_beside_first(columns))
    head = {"rows": len(kept), "columns": [about for about, _ in columns]}
    told = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    return b"".join([len(told).to_bytes(4, "little"), told, *(of.tobytes() for _, of in columns)])


def _beside_first(
    columns: Sequence[tuple[dict[str, Any], Bins]],
) -> Iterator[tuple[dict[str, Any], Bins]]:
    first: dict[str, int] = {}
    for place, (about, bins) in enumerate(columns):
        plan, outcome = within.split(about["name"])
        if plan is None or about["kind"] == "claim" or first.setdefault(outcome, place) == place:
            yield about, bins
        else:
            beside = first[outcome]
            yield about | {"beside": beside}, bins - columns[beside][1]


def _read(shown: Shown, asked: Inquiry, names: Sequence[str]) -> Read:
    """Read what columns need, each plan's at once."""
    needed: dict[str | None, dict[str, None]] = {}
    for name in names:
        if name.startswith(CLAIM):
            continue
        if name.startswith(PAIRS):
            for plan in shown.card.plans:
                needed.setdefault(plan, {})[_known(asked, name.removeprefix(PAIRS))] = None
            continue
        plan, column = within.split(name)
        within.ranges(asked, {name: _anything(asked, column)})  # says so if there is none
        needed.setdefault(plan, {})[column] = None
    first = next(iter(asked.worlds.plans), None)
    read: Read = {}
    for plan, columns in needed.items():
        _, values = within.values(asked, tuple(columns), first if plan is None else plan)
        read |= {(plan, column): of for column, of in zip(columns, values, strict=True)}
    return read


def _known(asked: Inquiry, outcome: str) -> str:
    if outcome not in asked.worlds.columns:
        raise UsageError(f"there is no outcome {outcome!r}{suggest(outcome, asked.worlds.columns)}")
    return outcome


def _worlds(asked: Inquiry) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """All worlds in order, and what each counts."""
    weighted = asked.worlds.weighted
    worlds, columns = within.values(
        asked, ("weight",) if weighted else (), next(iter(asked.worlds.plans), None)
    )
    if not weighted:
        return worlds, np.ones(len(worlds))
    return worlds, np.ma.filled(columns[0].astype(np.float64), 0.0)


def sampled(weights: NDArray[np.float64], rows: int) -> NDArray[np.intp]:
    """Choose whole worlds, each to count the same.

    The first ones, which are balanced, where all count the same; otherwise drawn systematically in
    proportion to their weights, so that one of much weight comes more than once.
    """
    count = min(rows, len(weights))
    if weights.min() == weights.max():
        return np.arange(count)
    reached = np.cumsum(weights) / weights.sum()
    start = np.random.default_rng(SEED).random()
    places = np.searchsorted(reached, (start + np.arange(count)) / count)
    return np.minimum(places, len(weights) - 1)


def exact(shown: Shown, told: Mapping[str, Any], outcome: str | None = None) -> dict[str, Any]:
    """Answer ranges from all worlds.

    Parameters
    ----------
    told
        Ranges, as :func:`ripeness.claims.within.ranges` reads them.
    outcome
        The outcome by which plans are compared; none if they are not.

    Raises
    ------
    UsageError
        If a range is wrong, or there is no such outcome.
    """
    asked = _asked(shown)
    left = within.remaining(asked, within.ranges(asked, told))
    plans: dict[str, Any] = {}
    if outcome is not None:
        spreads = within.spreads(asked, left, outcome, shown.card.plans)
        plans = {plan: asdict(spread) for plan, spread in spreads.items()}
    return {
        "worlds": int(left.kept.sum()),
        "of": len(left.kept),
        "claims": {
            name: {"worlds": count, **_ends(estimate)}
            for name, (estimate, count) in within.within(asked, left).items()
        },
        "plans": plans,
    }


def _ends(estimate: Estimate | None) -> dict[str, float | None]:
    if estimate is None:
        return {"share": None, "low": None, "high": None}
    return {"share": estimate.value, "low": estimate.low, "high": estimate.high}


def _asked(shown: Shown) -> Inquiry:
    if shown.asked is None:
        raise UsageError("this run has no claims that worlds could answer")
    return shown.asked


def _column(
    shown: Shown,
    asked: Inquiry,
    name: str,
    read: Read,
    worlds: NDArray[Any],
    bins: int,
    kept: NDArray[np.intp],
) -> tuple[dict[str, Any], Bins]:
    """What a column is, and the bin of each row."""
    if name.startswith(CLAIM):
        return {"name": name, "kind": "claim"}, _claim(asked, name.removeprefix(CLAIM), worlds)[
            kept
        ]
    if name.startswith(PAIRS):
        outcome = name.removeprefix(PAIRS)
        return {"name": name, "kind": "pairs"}, _pairs(
            [read[plan, outcome] for plan in shown.card.plans]
        )[kept]
    plan, column = within.split(name)
    of = _binned(asked, column, read[plan, column][kept], bins)
    about = shown.card.columns.get(column, {})
    told = {
        "name": name,
        "kind": of.kind,
        "starts": of.starts,
        "end": of.end,
        "unit": about.get("unit", ""),
        "means": meaning(about) or column,
        "assumed": about.get("assumed", ""),
    }
    return told, of.bins


def _anything(asked: Inquiry, column: str) -> list[None] | list[str]:
    words = asked.worlds.columns.get(column) == "VARCHAR"
    return [] if words else [None, None]


def _binned(asked: Inquiry, column: str, values: NDArray[Any], bins: int) -> Binned:
    if asked.worlds.columns[column] == "VARCHAR":
        words = asked.worlds.words(column)
        if len(words) >= MISSING:
            raise UsageError(f"column {column!r} has too many words to show")
        return binned_words(np.ma.filled(values.astype(object), "").tolist(), words)
    return binned(np.ma.filled(values.astype(np.float64), np.nan), bins)


def _claim(asked: Inquiry, name: str, worlds: NDArray[Any]) -> Bins:
    """What a claim comes to in each world."""
    if name not in asked.said:
        raise UsageError(f"worlds do not answer to a claim {name!r}")
    said = asked.said[name]
    states = np.where(said.asked, np.where(said.holds, HOLDS, FAILS), NOT_ASKED).astype(np.uint8)
    return in_order_of(worlds, said.worlds, states, NOT_ASKED)


def _pairs(columns: Sequence[NDArray[Any]]) -> Bins:
    """Whether each plan but the first has more of an outcome than it, the same, or less.

    One number for all of them: a digit of base three each, the second plan's the lowest.
    """
    if len(columns) > MOST_PLANS:
        raise UsageError(f"{len(columns)} plans compared at once; {MOST_PLANS} are the most")
    reference, *others = (np.ma.filled(of.astype(np.float64), np.nan) for of in columns)
    found = np.zeros(len(reference), np.int64)
    missing = np.isnan(reference)
    for place, value in enumerate(others):
        missing |= np.isnan(value)
        digit = np.where(value > reference, MORE, np.where(value < reference, LESS, SAME))
        found += digit * 3**place
    found[missing] = MISSING
    return found.astype(np.uint8)
