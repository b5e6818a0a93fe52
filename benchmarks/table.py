"""The results as a table for people: measured, against Ripeness, and the aim.

In: rows. Out: lines of at most 100 characters.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Row:
    """One thing measured.

    Attributes
    ----------
    name, unit
        What, and in what unit.
    values
        What each repeat measured.
    ratio
        The median against that of Ripeness for the same task, if there is such.
    aim
        In words.
    met
        Whether the aim is met, if there is one.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    ratio: float | None = None
    aim: str = ""
    met: bool | None = None

    @property
    def median(self) -> float:
        """The middle of the repeats."""
        return float(np.median(self.values))

    def as_json(self) -> dict[str, Any]:
        """Give everything, with the median."""
        return {**asdict(self), "median": self.median}


def table(groups: dict[str, list[Row]]) -> str:
    """Lay out groups of rows under their headings."""
    lines = [_line("", "measured (least-most)", "× Ripeness", "aim")]
    for heading, rows in groups.items():
        lines += ["", heading, *[_of(row) for row in rows]]
    return "\n".join(line.rstrip() for line in lines)


def _of(row: Row) -> str:
    measured = f"{digits(row.median)} {row.unit}"
    if len(row.values) > 1:
        measured = f"{digits(row.median)} ({_range(row.values)}) {row.unit}"
    verdict = {True: "met: ", False: "missed: ", None: ""}[row.met]
    ratio = "" if row.ratio is None else digits(row.ratio)
    return _line(f"  {row.name}", measured, ratio, verdict + row.aim)


def _range(values: tuple[float, ...]) -> str:
    return f"{digits(min(values))}-{digits(max(values))}"


def _line(name: str, measured: str, ratio: str, aim: str) -> str:
    return f"{name:<36}{measured:<28}{ratio:>11}  {aim}"


def digits(number: float) -> str:
    """Write a number with two digits, or all before the point: timings bear no more."""
    if number >= 10:
        return f"{number:,.0f}"
    return f"{number:.2g}" if number < 0.001 else f"{float(f'{number:.2g}'):g}"
