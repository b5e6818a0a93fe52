"""What worlds say within ranges: claims, and outcomes under each plan, among worlds that remain.

In: an inquiry, and what is demanded of worlds: a range of a number, or some of a column's words,
under a plan where plans differ. Out: exact shares and quantiles over all worlds that remain, the
same that judging a table of these worlds alone would give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ripeness.claims import estimates
from ripeness.claims.answers import Answers
from ripeness.claims.checks import NUMBERS
from ripeness.claims.database import identifier
from ripeness.claims.estimates import Estimate
from ripeness.claims.inquiry import Inquiry
from ripeness.errors import UsageError, suggest

MOST_RANGES = 31
MOST_NUMBER = 1e300
TENTHS = (0.1, 0.5, 0.9)

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Range:
    """What is demanded of a column.

    Attributes
    ----------
    column
        Its name.
    plan
        Under which plan; None for an assumption, which is the same under all.
    low, high
        A number must be at least `low` and under `high`; None is no limit.
    words
        One of these words; None if the column is one of numbers.
    """

    column: str
    plan: str | None
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Within:
    """The worlds that remain.

    Attributes
    ----------
    worlds, of
        How many remain, and of how many.
    claims
        Share of the remaining worlds in which each claim holds, with how many were asked; None
        where none was.
    """

    worlds: int
    of: int
    claims: dict[str, tuple[Estimate | None, int]]


@dataclass(frozen=True)
class Spread:
    """An outcome under one plan, among the worlds that remain.

    Attributes
    ----------
    low, middle, high
        The values under which it lies in a tenth, half and nine tenths of them.
    more, same, less
        In what share of them it is more than under the first plan, the same, or less.
    """

    low: float
    middle: float
    high: float
    more: Estimate
    same: Estimate
    less: Estimate


def ranges(asked: Inquiry, told: Mapping[str, Any]) -> tuple[Range, ...]:
    """Read ranges as a page sends them, and check them.

    Parameters
    ----------
    told
        By the column's name, with ``plan:`` before it for an outcome: two numbers, either of which
        may be None, or a list of words.

    Raises
    ------
    UsageError
        For too many, an unknown column or plan, or a range that is none.
    """
    if len(told) > MOST_RANGES:
        raise UsageError(f"{len(told)} ranges at once; {MOST_RANGES} are the most")
    return tuple(_range(asked, name, limits) for name, limits in told.items())


def split(name: str) -> tuple[str | None, str]:
    """Take a name apart into plan and column: an assumption's has no plan."""
    plan, colon, column = name.rpartition(":")
    return (plan, column) if colon else (None, name)


def _range(asked: Inquiry, name: str, limits: Any) -> Range:
    plan, column = split(name)
    worlds = asked.worlds
    if column not in worlds.columns:
        raise UsageError(f"there is no column {column!r}{suggest(column, worlds.columns)}")
    if plan is not None and plan not in worlds.plans:
        raise UsageError(f"there is no plan {plan!r}{suggest(plan, worlds.plans)}")
    if not isinstance(limits, list | tuple):
        raise UsageError(f"{name}: give two numbers, or a list of words")
    if not NUMBERS.match(worlds.columns[column]):
        known = worlds.words(column)
        if wrong := [word for word in limits if word not in known]:
            raise UsageError(f"{name} is never {wrong[0]!r}; it is one of {', '.join(known)}")
        return Range(column, plan, words=tuple(limits))
    if len(limits) != 2 or not all(map(_is_limit, limits)):
        raise UsageError(f"{name}: give two numbers, the lower and the upper end; null is no end")
    return Range(column, plan, low=limits[0], high=limits[1])


def _is_limit(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value is None or (number and abs(value) <= MOST_NUMBER)


def remaining(asked: Inquiry, demanded: Sequence[Range]) -> tuple[NDArray[Any], Mask]:
    """Find the worlds that meet every demand.

    Returns
    -------
    The worlds in order, and which of them remain.
    """
    worlds, _ = values(asked, (), _first(asked))
    kept = np.ones(len(worlds), bool)
    for one in demanded:
        plan = one.plan if one.plan is not None else _first(asked)
        mine, (column,) = values(asked, (one.column,), plan)
        met = np.zeros(len(worlds), bool)
        met[np.isin(worlds, mine)] = _met(one, column)[np.isin(mine, worlds)]
        kept &= met
    return worlds, kept


def values(
    asked: Inquiry, columns: Sequence[str], plan: str | None
) -> tuple[NDArray[Any], list[NDArray[Any]]]:
    """Read columns under a plan, in the order of worlds; missing where the table has nothing."""
    return asked.worlds.fetch(
        [identifier(column) for column in columns], () if plan is None else (plan,)
    )


def _met(one: Range, column: NDArray[Any]) -> Mask:
    if one.words is not None:
        return np.isin(np.ma.filled(column.astype(object), ""), one.words)
    value = np.ma.filled(column.astype(np.float64), np.nan)
    met = ~np.isnan(value)
    if one.low is not None:
        met &= value >= one.low
    if one.high is not None:
        met &= value < one.high
    return met


def within(asked: Inquiry, demanded: Sequence[Range]) -> Within:
    """Judge claims over the worlds that meet every demand, all of them counted."""
    worlds, kept = remaining(asked, demanded)
    claims = {name: _judged(said, worlds, kept) for name, said in asked.said.items()}
    return Within(int(kept.sum()), len(worlds), claims)


def _judged(said: Answers, worlds: NDArray[Any], kept: Mask) -> tuple[Estimate | None, int]:
    mine = said.asked & _of(said.worlds, worlds, kept)
    count = int(mine.sum())
    return (estimates.share(said.holds[mine], said.weights[mine]) if count else None), count


def _of(mine: NDArray[Any], worlds: NDArray[Any], kept: Mask) -> Mask:
    """Which of these worlds remain."""
    if np.array_equal(mine, worlds):
        return kept
    place = np.minimum(np.searchsorted(worlds, mine), len(worlds) - 1)
    return (worlds[place] == mine) & kept[place]


def spreads(
    asked: Inquiry, demanded: Sequence[Range], outcome: str, plans: Sequence[str]
) -> dict[str, Spread]:
    """Give an outcome under each plan among the worlds that remain, beside the first plan.

    Parameters
    ----------
    plans
        Those to give; the first is the one that the others are compared with.

    Raises
    ------
    UsageError
        If there is no such outcome, or it is none of numbers.
    """
    types = asked.worlds.columns
    if not NUMBERS.match(types.get(outcome, "")):
        numbers = [name for name in asked.worlds.outcomes if NUMBERS.match(types[name])]
        raise UsageError(f"there is no outcome {outcome!r} in numbers{suggest(outcome, numbers)}")
    worlds, kept = remaining(asked, demanded)
    columns = {plan: _numbers(asked, outcome, plan, worlds) for plan in plans}
    weights = _weights(asked, worlds)
    first = columns[plans[0]]
    found = {}
    for plan, column in columns.items():
        mine = kept & ~np.isnan(column) & ~np.isnan(first)
        if not mine.any():
            continue
        low, middle, high = estimates.quantiles(column[mine], weights[mine], TENTHS)
        more, less = column[mine] > first[mine], column[mine] < first[mine]
        shares = (estimates.share(flags, weights[mine]) for flags in (more, ~(more | less), less))
        found[plan] = Spread(low, middle, high, *shares)
    return found


def _numbers(asked: Inquiry, column: str, plan: str, worlds: NDArray[Any]) -> NDArray[np.float64]:
    mine, (value,) = values(asked, (column,), plan)
    found = np.full(len(worlds), np.nan)
    number = np.ma.filled(value.astype(np.float64), np.nan)
    found[np.isin(worlds, mine)] = number[np.isin(mine, worlds)]
    return found


def _weights(asked: Inquiry, worlds: NDArray[Any]) -> NDArray[np.float64]:
    if not asked.worlds.weighted:
        return np.ones(len(worlds))
    _, (weights,) = values(asked, ("weight",), _first(asked))
    return np.ma.filled(weights.astype(np.float64), 0.0)


def _first(asked: Inquiry) -> str | None:
    return next(iter(asked.worlds.plans), None)
