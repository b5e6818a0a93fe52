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
from ripeness.claims.sameworlds import in_order_of
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
class Remaining:
    """The worlds that meet what is demanded.

    Attributes
    ----------
    worlds
        All worlds, in rising order.
    kept
        Which of them remain.
    """

    worlds: NDArray[Any]
    kept: Mask


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


def remaining(asked: Inquiry, demanded: Sequence[Range]) -> Remaining:
    """Find the worlds that meet every demand."""
    worlds, _ = values(asked, (), _first(asked))
    kept = np.ones(len(worlds), bool)
    for one in demanded:
        plan = one.plan if one.plan is not None else _first(asked)
        mine, (column,) = values(asked, (one.column,), plan)
        kept &= in_order_of(worlds, mine, _met(one, column), False)
    return Remaining(worlds, kept)


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


def within(asked: Inquiry, left: Remaining) -> dict[str, tuple[Estimate | None, int]]:
    """Judge claims over the worlds that remain, all of them counted.

    Returns
    -------
    By the claim's id, the share of these worlds in which it holds, None if none is asked, and how
    many are.
    """
    return {name: _judged(said, left) for name, said in asked.said.items()}


def _judged(said: Answers, left: Remaining) -> tuple[Estimate | None, int]:
    mine = said.asked & in_order_of(said.worlds, left.worlds, left.kept, False)
    count = int(mine.sum())
    return (estimates.share(said.holds[mine], said.weights[mine]) if count else None), count


def spreads(
    asked: Inquiry, left: Remaining, outcome: str, plans: Sequence[str]
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
    columns = {plan: _numbers(asked, outcome, plan, left.worlds) for plan in plans}
    weights = _weights(asked, left.worlds)
    first = columns[plans[0]]
    found = {}
    for plan, column in columns.items():
        mine = left.kept & ~np.isnan(column) & ~np.isnan(first)
        if not mine.any():
            continue
        low, middle, high = estimates.quantiles(column[mine], weights[mine], TENTHS)
        more, less = column[mine] > first[mine], column[mine] < first[mine]
        shares = (estimates.share(flags, weights[mine]) for flags in (more, ~(more | less), less))
        found[plan] = Spread(low, middle, high, *shares)
    return found


def _numbers(asked: Inquiry, column: str, plan: str, worlds: NDArray[Any]) -> NDArray[np.float64]:
    mine, (value,) = values(asked, (column,), plan)
    number = np.ma.filled(value.astype(np.float64), np.nan)
    return in_order_of(worlds, mine, number, np.nan)


def _weights(asked: Inquiry, worlds: NDArray[Any]) -> NDArray[np.float64]:
    if not asked.worlds.weighted:
        return np.ones(len(worlds))
    _, (weights,) = values(asked, ("weight",), _first(asked))
    return np.ma.filled(weights.astype(np.float64), 0.0)


def _first(asked: Inquiry) -> str | None:
    return next(iter(asked.worlds.plans), None)
