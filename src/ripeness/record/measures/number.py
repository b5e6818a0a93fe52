"""What a measure gives: numbers, each with its interval and what it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A number that a measure gives.

    Attributes
    ----------
    number
        Its name within the measure.
    value, unit
        What it is, and in what.
    says
        What it is, in words.
    low, high
        Its 95 % interval, or range; None where it has none, or an end that is no number.
    n
        How many rows, dates or waves it rests on.
    """

    number: str
    value: float
    unit: str
    says: str
    low: float | None = None
    high: float | None = None
    n: int | None = None
