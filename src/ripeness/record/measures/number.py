"""What measures share: the numbers that they give, and days of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ripeness.record.observations import last_day

if TYPE_CHECKING:
    import pandas as pd


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


def ordinals(name: str, column: str, rows: pd.DataFrame) -> np.ndarray:
    """Give the days of rows as ordinals; `name` is whose they are, for messages."""
    return np.array([last_day(name, column, word) for word in rows[column]], dtype=np.int64)
