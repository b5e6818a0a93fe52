"""How one claim stands on one day after the other: worlds, and below them the record."""

from __future__ import annotations

import altair as alt
import pandas as pd

from ripeness.views.charts.theme import finished, small_data
from ripeness.views.charts.timeline import COLOURS, SHAPES, WORDS

WIDTH, HEIGHT, STRIP_HEIGHT = 520, 220, 36
STRIP = -12
"""Where the record's marks stand, below shares that begin at 0."""


def overtime_chart(standings: pd.DataFrame) -> alt.LayerChart:
    """Draw how a claim stands, day by day.

    Parameters
    ----------
    standings
        One row a day, in order: day (its name), record (a word, or missing), share, low, high
        (percent; missing where worlds say nothing).

    Returns
    -------
    altair.LayerChart
        Dots with intervals are shares of worlds; the marks below them are the record's verdicts,
        alone if worlds say nothing.
    """
    days = standings["day"].tolist()
    across = alt.X(
        "day:O",
        sort=days,
        title="as known on",
        scale=alt.Scale(domain=days),
        axis=alt.Axis(labelAngle=-45, labelOverlap=False, ticks=False),
    )
    words, found = list(WORDS), standings["record"].dropna().unique().tolist()
    there = [place for place, word in enumerate(words) if word in found]
    alone = all(map(pd.isna, standings["share"].tolist()))
    ends = [2 * STRIP if there else 0, 0 if alone else 104]
    scale = alt.Scale(domain=ends, nice=False, zero=False)
    shares = alt.Axis(
        values=[0, 25, 50, 75, 100], title="share of worlds in which it holds (%)", domain=False
    )
    axis = None if alone else shares

    def height(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=axis)

    tip = [
        alt.Tooltip("day:N", title="as known on"),
        alt.Tooltip("record:N"),
        alt.Tooltip("share:Q", title="% of worlds", format=".0f"),
    ]
    table = standings.assign(
        strip=STRIP,
        asked=standings["share"].notna().astype(int),
        judged=standings["record"].notna().astype(int),
    )
    rows = alt.Chart(small_data(table)).encode(x=across, tooltip=tip)
    asked, judged = (rows.transform_filter(f"datum.{which} == 1") for which in ("asked", "judged"))
    legend = alt.Legend(title="record", orient="top", columns=3, symbolSize=60)

    def scaled(looks: tuple[str, ...]) -> alt.Scale:
        return alt.Scale(
            domain=[words[place] for place in there], range=[looks[place] for place in there]
        )

    marks = judged.mark_point(filled=True, size=70, opacity=1, strokeWidth=1.8).encode(
        y=height("strip"),
        shape=alt.Shape("record:N", scale=scaled(SHAPES), legend=legend),
        color=alt.Color("record:N", scale=scaled(COLOURS), legend=legend),
    )
    layers = [
        asked.mark_line(style="sample").encode(y=height("share")),
        asked.mark_rule(style="strong").encode(y=height("low"), y2="high:Q"),
        asked.mark_point(style="strong", filled=True, size=45, opacity=1).encode(y=height("share")),
        *([marks] if there else []),
    ]
    return finished(
        alt.layer(*layers).properties(width=WIDTH, height=STRIP_HEIGHT if alone else HEIGHT)
    )
