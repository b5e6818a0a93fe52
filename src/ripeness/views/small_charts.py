"""Charts of a few letters for a terminal: bars, dots and intervals, each beside its number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

CELLS: Final = 10
FULL, HALF, EMPTY = "█", "▌", "░"
STEPS: Final = "○◔◑◕●"
"""The more, the fuller."""

LINE, FROM, TO, MIDDLE = "─", "├", "┤", "●"
ZERO, ZERO_WITHIN = "┊", "┼"


def bar(share: float) -> str:
    """Draw a share as a bar of ten cells, each half of which is 1 in 20.

    Examples
    --------
    >>> bar(0.66), bar(0.02), bar(1.0)
    ('██████▌░░░', '░░░░░░░░░░', '██████████')
    """
    halves = round(share * 2 * CELLS)
    return (FULL * (halves // 2) + HALF * (halves % 2)).ljust(CELLS, EMPTY)


def dots(levels: Sequence[int]) -> str:
    """Draw a dot for each level, from 0 to 4, the fuller the higher.

    Examples
    --------
    >>> dots([0, 0, 1, 4])
    '○○◔●'
    """
    return "".join(STEPS[level] for level in levels)


def span(low: float, middle: float, high: float, ends: tuple[float, float], width: int) -> str:
    """Draw an interval and what lies in its middle, on an axis between two ends.

    Zero is marked if it lies between the ends.

    Examples
    --------
    >>> span(-10.0, 10.0, 20.0, (-20.0, 40.0), 13)
    '  ├─┼─●─┤    '
    >>> span(-10.0, 0.0, 20.0, (-20.0, 40.0), 13)
    '  ├─●───┤    '
    >>> span(10.0, 20.0, 30.0, (-20.0, 40.0), 13)
    '    ┊ ├─●─┤  '
    """
    least, most = ends
    per_cell = (most - least) / (width - 1) or 1.0

    def place(value: float) -> int:
        return min(width - 1, max(0, round((value - least) / per_cell)))

    cells = [" "] * width
    begin, end = place(low), place(high)
    cells[begin : end + 1] = [LINE] * (end + 1 - begin)
    if least <= 0 <= most:
        cells[place(0.0)] = ZERO_WITHIN if low <= 0 <= high else ZERO
    cells[begin], cells[end] = FROM, TO
    cells[place(middle)] = MIDDLE
    return "".join(cells)
