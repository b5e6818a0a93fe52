"""Quantile dotplots: twenty dots, each for one world in 20, along the effect of a claim.

People read them better than densities and intervals (M. Kay and others, "When (ish) is my bus?",
2016; M. Fernandes and others, "Uncertainty displays using quantile dotplots", 2018).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from textwrap import wrap
from typing import Any, Final

import altair as alt

from ripeness.views.charts.theme import OKABE_ITO, finished
from ripeness.views.words import worlds_in_twenty

WIDTH = 520
DOT = 13
"""Room of a dot, pixels."""

STEPS = 22
"""So many dots have room beside each other on a telephone."""

LETTERS = 46
"""So many letters of a line fit a telephone."""

BLUE, ORANGE, GREY = OKABE_ITO[0], OKABE_ITO[5], "#8a8a84"
AS_SAID, SAME, OTHER = "as the claim says", "no difference", "the other way"
LOOKS: Final = {
    AS_SAID: (BLUE, BLUE, "circle"),
    SAME: (GREY, "transparent", "diamond"),
    OTHER: (ORANGE, "transparent", "circle"),
}
"""Stroke, fill and shape of a dot, by the side on which it lies."""


def side(value: float) -> str:
    """On which side of no effect a value lies, as the legend calls it."""
    return SAME if value == 0 else AS_SAID if value > 0 else OTHER


def effect_chart(quantiles: Sequence[float], unit: str, says: str) -> alt.LayerChart:
    """Draw the distribution of an effect over worlds as a quantile dotplot.

    Parameters
    ----------
    quantiles
        Ascending, each for as many worlds; above 0 where the effect goes the claim's way.
    unit
        Of the effect.
    says
        What the effect is.

    Returns
    -------
    altair.LayerChart
        Filled dots lie on the claim's side of the line at zero.
    """
    places = stacked(quantiles)
    height = DOT * (1 + max(level for _, level in places))
    rows = [
        {
            "x": float(f"{place:.4g}"),
            "y": height - DOT * (level + 0.5),
            "side": side(value),
            "value": float(f"{value:.3g}"),
        }
        for (place, level), value in zip(places, quantiles, strict=True)
    ]
    ends = [0.0, *(place for place, _ in places)]
    least, most = min(ends), max(ends)
    beyond = (most - least or 1.0) / (2 * STEPS)
    across = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[least - beyond, most + beyond], nice=False, zero=False),
        axis=alt.Axis(title=_titled(says, unit), grid=False, tickCount=6),
    )
    zero = (
        alt.Chart(_data([{"x": 0}])).mark_rule(style="reference", strokeWidth=1.5).encode(x=across)
    )
    tip = [alt.Tooltip("value:Q", title=unit or "effect"), alt.Tooltip("side:N", title="goes")]
    dots = _dots(rows, tip).encode(x=across, y=_height("y"))
    return finished(alt.layer(zero, dots).properties(width=WIDTH, height=height))


def outcome_chart(quantiles: Sequence[float], names: Mapping[str, str]) -> alt.LayerChart:
    """Draw an effect that is all or nothing: a row of dots for each way it may come out.

    Parameters
    ----------
    quantiles
        Each for as many worlds; only the sign counts.
    names
        What each row is called, by its side, in their order from the top.
    """
    count = Counter(map(side, quantiles))
    rows, labels = [], []
    for line, (which, name) in enumerate(names.items()):
        top = line * (3 * DOT + 6)
        told = f"{name}: {worlds_in_twenty(count[which] / len(quantiles))}"
        labels.append({"y": top + DOT, "text": told})
        rows += [
            {"x": DOT * (place + 0.5), "y": top + 2 * DOT, "side": which, "told": told}
            for place in range(count[which])
        ]
    across = alt.X("x:Q", scale=None, axis=None)
    dots = _dots(rows, [alt.Tooltip("told:N", title="worlds")], legend=False)
    texts = alt.Chart(_data(labels)).mark_text(style="note", align="left", baseline="bottom", dy=-2)
    layers = [
        texts.encode(x=alt.XValue(0), y=_height("y"), text=alt.Text("text:N")),
        dots.encode(x=across, y=_height("y")),
    ]
    height = len(names) * (3 * DOT + 6)
    return finished(alt.layer(*layers).properties(width=WIDTH, height=height))


def stacked(values: Sequence[float]) -> list[tuple[float, int]]:
    """Give each value a place along the axis, and its level in the stack of dots there.

    Places are a dot apart, unless the values are so anyway, and none moves a value to or across
    zero.
    """
    ends = [0.0, *values]
    step = (max(ends) - min(ends) or 1.0) / STEPS
    apart = all(b - a >= step for a, b in pairwise(sorted({0.0, *values})))
    whole = any(value == 0 for value in values)

    def place(value: float) -> float:
        if apart or value == 0:
            return value
        if whole:  # zero has a stack of its own, and its neighbours stand a dot away
            steps = max(1, round(abs(value) / step))
            return step * (steps if value > 0 else -steps)
        return step * (value // step + 0.5)

    levels: Counter[float] = Counter()
    found = []
    for value in values:
        at = place(value)
        found.append((at, levels[at]))
        levels[at] += 1
    return found


def _dots(rows: Sequence[Mapping[str, Any]], tip: list[alt.Tooltip], legend: bool = True) -> Any:
    """Draw dots in the look of their side."""
    there = {row["side"] for row in rows}
    sides = [each for each in LOOKS if each in there]
    shown = alt.Legend(title=None, orient="top", symbolSize=90) if legend else None

    def scale(look: int) -> alt.Scale:
        return alt.Scale(domain=sides, range=[LOOKS[each][look] for each in sides])

    return (
        alt.Chart(_data(rows))
        .mark_point(size=90, strokeWidth=1.8, opacity=1)
        .encode(
            stroke=alt.Stroke("side:N", scale=scale(0), legend=shown),
            fill=alt.Fill("side:N", scale=scale(1), legend=shown),
            shape=alt.Shape("side:N", scale=scale(2), legend=shown),
            tooltip=tip,
        )
    )


def _titled(says: str, unit: str) -> list[str]:
    """The title of the axis, in lines: what the effect is, and its unit."""
    told = f"{says} ({unit})" if says and unit else says or unit or "effect"
    return wrap(told, LETTERS)


def _height(field: str) -> alt.Y:
    """A height in pixels from the top."""
    return alt.Y(f"{field}:Q", scale=None, axis=None)


def _data(rows: Sequence[Mapping[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=[dict(row) for row in rows])
