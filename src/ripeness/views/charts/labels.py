"""Where labels find room: at the ends of lines, and beside points."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal

# Typical width of a letter, height of a line at the charts' font size, and room that a dot takes.
LETTER, LINE = 5.8, 15.0
RADIUS = 8.0

Box = tuple[float, float, float, float]
Point = tuple[float, float]
# How the text is aligned to its point, and how many lines below it.
Place = tuple[Literal["left", "right"], int]
PLACES: tuple[Place, ...] = (
    ("left", 0),
    ("right", 0),
    ("left", -1),
    ("right", -1),
    ("left", 1),
    ("right", 1),
    ("left", -2),
    ("right", -2),
    ("left", 2),
    ("right", 2),
)


def spread(values: Sequence[float], gap: float, bottom: float, top: float) -> list[float]:
    """Move label positions apart, as little as may be, so that no two are nearer than `gap`.

    Labels that crowd form a stack around the mean of what they name, within `bottom` and `top` if
    they can. Their order is kept; equal values keep the order in which they are given.
    """
    order = sorted(range(len(values)), key=lambda index: values[index])
    stacks: list[list[int]] = []

    def lowest(stack: list[int]) -> float:
        height = (len(stack) - 1) * gap
        middle = sum(values[index] for index in stack) / len(stack)
        return max(bottom, min(middle - height / 2, top - height))

    for index in order:
        stacks.append([index])
        while len(stacks) > 1 and lowest(stacks[-1]) < lowest(stacks[-2]) + len(stacks[-2]) * gap:
            stacks[-2:] = [stacks[-2] + stacks[-1]]
    places = list(values)
    for stack in stacks:
        for step, index in enumerate(stack):
            places[index] = lowest(stack) + step * gap
    return places


def places(
    points: Sequence[Point], labels: Sequence[str], obstacles: Sequence[Box], width: float
) -> list[Place]:
    """Choose for each label, in turn, the place beside its point where it covers least of anything.

    Parameters
    ----------
    points
        Pixels from the upper left corner.
    labels
        The text for each point.
    obstacles
        Boxes (left, top, right, bottom) that labels had better not cover, beside the points.
    width
        Of the chart, pixels; labels stay inside.
    """
    dots = [(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in points]
    taken = list(obstacles)
    chosen = []
    for number, (point, label) in enumerate(zip(points, labels, strict=True)):
        others = [*taken, *dots[:number], *dots[number + 1 :]]
        best = min(PLACES, key=partial(_cost, point, label, others, width))
        taken.append(_box(point, label, best))
        chosen.append(best)
    return chosen


def _cost(point: Point, label: str, others: Sequence[Box], width: float, place: Place) -> float:
    """Square pixels covered, those beyond the chart's edge threefold."""
    mine = _box(point, label, place)
    outside = max(0.0, mine[2] - width) + max(0.0, -mine[0])
    return sum(_overlap(mine, other) for other in others) + 3 * outside * LINE


def _box(point: Point, label: str, place: Place) -> Box:
    align, row = place
    length = len(label) * LETTER
    left = point[0] + RADIUS if align == "left" else point[0] - RADIUS - length
    middle = point[1] + row * LINE
    return left, middle - LINE / 2, left + length, middle + LINE / 2


def _overlap(a: Box, b: Box) -> float:
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    return max(0.0, wide) * max(0.0, high)
