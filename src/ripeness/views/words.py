"""Numbers as people read them, never with more digits than they bear."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

MINUS = "\N{MINUS SIGN}"
SPACE = "\N{NO-BREAK SPACE}"
DOTS = 20


def quantity(value: float, digits: int = 3) -> str:
    """Write a number with so many significant digits, a true minus, and commas at thousands.

    Whole numbers keep all their digits: they are counts.

    Examples
    --------
    >>> quantity(12.6789), quantity(-0.0456, 2), quantity(121_000), quantity(1041)
    ('12.7', '−0.046', '121,000', '1,041')
    """
    if not math.isfinite(value):
        return "unknown"
    if value == int(value):
        rounded, decimals = value, 0
    else:
        place = digits - 1 - math.floor(math.log10(abs(value)))
        rounded, decimals = round(value, place), max(0, place)
    text = f"{abs(rounded):,.{decimals}f}"
    if decimals:
        text = text.rstrip("0").rstrip(".")
    return MINUS + text if rounded < 0 else text


def alike(values: Sequence[float]) -> list[str]:
    """Write numbers of one kind: two significant digits, none finer than 1/100 of the largest.

    Examples
    --------
    >>> alike([0.0949, -0.371, 13.12]), alike([483.2, -98.0])
    (['0.1', '−0.4', '13'], ['480', '−98'])
    """
    largest = max(map(abs, values))
    if not largest or not math.isfinite(largest):
        return [quantity(value) for value in values]
    finest = 2 - math.floor(math.log10(largest))
    return [quantity(round(value, _place(value, 2, finest)), 12) for value in values]


def _place(value: float, digits: int, finest: int) -> int:
    """The decimal place that leaves so many significant digits, or the finest."""
    return min(finest, digits - 1 - math.floor(math.log10(abs(value)))) if value else 0


def signed(text: str) -> str:
    """Put a plus before a positive number that has been written out."""
    return text if text.startswith(MINUS) or text.strip("0.") == "" else f"+{text}"


def percent(share: float) -> str:
    """Write a share as whole percent, and never as nothing or all where it may be neither.

    Examples
    --------
    >>> [share.replace(SPACE, " ") for share in (percent(0.664), percent(0.001), percent(1.0))]
    ['66 %', 'below 1 %', 'above 99 %']
    """
    if share < 0.005:
        return f"below 1{SPACE}%"
    if share > 0.995:
        return f"above 99{SPACE}%"
    return f"{share * 100:.0f}{SPACE}%"


def interval(low: float, high: float) -> str:
    """Write the 95 % Monte Carlo interval of a share, in whole percent.

    Examples
    --------
    >>> interval(0.631, 0.688).replace(SPACE, " ")
    '63–69 %'
    """
    return f"{math.floor(low * 100)}–{math.ceil(high * 100)}{SPACE}%"


def in_twenty(share: float) -> str:
    """Write a share as so many worlds in 20, never as none and never as all.

    Examples
    --------
    >>> in_twenty(0.66), in_twenty(0.004), in_twenty(1)
    ('13 in 20', 'fewer than 1 in 20', 'more than 19 in 20')
    """
    dots = round(share * DOTS)
    if dots < 1:
        return "fewer than 1 in 20"
    if dots >= DOTS:
        return "more than 19 in 20"
    return f"{dots} in 20"


def worlds_in_twenty(share: float) -> str:
    """Write a share as words that stand in a sentence: ``13 in 20 worlds``."""
    return f"{in_twenty(share)} worlds"


def listed(items: Sequence[str]) -> str:
    """Join words as a sentence does: ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def long_date(day: str) -> str:
    """Write an ISO date as ``6 August 2024``."""
    when = date.fromisoformat(day)
    return f"{when.day} {when:%B %Y}"


def weeks_on(weeks: int) -> str:
    """Say how long after the decision a week is, in words where English has some."""
    known = {0: "at the start", 13: "three months on", 26: "half a year on", 52: "a year on"}
    known |= {104: "two years on", 156: "three years on", 1: "a week on"}
    return known.get(weeks, f"{weeks} weeks on")


def plain(name: str) -> str:
    """Write an identifier as words: ``own_soil_worth_russia`` as ``own soil worth russia``."""
    return name.replace("_", " ")
