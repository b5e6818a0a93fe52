"""Line charts: one number a week for each plan, such as the share of wars that have ended."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from ripeness.views.charts.labels import spread
from ripeness.views.charts.theme import (
    finished,
    plan_colour,
    plan_dash,
    small_data,
    week_axis,
)

LABEL_GAP = 0.06


def plan_lines(
    weekly: pd.DataFrame,
    series: str,
    plans: Sequence[str],
    unit: str,
    worlds: int,
    top: float = 1.0,
) -> alt.LayerChart:
    """Draw the mean of one series under each plan, every plan named at the end of its line.

    Parameters
    ----------
    weekly
        Columns plan, series, week, mean.
    series
        Which series to draw.
    plans
        The plans in order.
    unit
        Title of the value axis.
    worlds
        How many worlds the mean is over.
    top
        End of the value axis, which begins at 0. At 1 the series is a share of worlds: it is
        written in percent and gets the band of its Monte Carlo error (95 %).
    """
    share = top == 1.0
    table = weekly.loc[weekly["series"] == series, ["plan", "week", "mean"]]
    if share:
        error = 1.96 * np.sqrt(table["mean"] * (1 - table["mean"]) / worlds)
        table = table.assign(
            low=(table["mean"] - error).clip(lower=0), high=(table["mean"] + error).clip(upper=1)
        )
    ends = table.loc[table["week"] == table["week"].max(), ["plan", "week", "mean"]]
    ends = ends.assign(place=spread(ends["mean"].tolist(), LABEL_GAP * top, 0.0, top))
    week = week_axis(max(weekly["week"].tolist()), marks=4)
    values = alt.Scale(domain=[0, top])
    y_axis = alt.Axis(format="%" if share else "~g", title=unit, tickCount=5)
    base = alt.Chart(small_data(table))
    line = base.mark_line(strokeWidth=2).encode(
        x=week,
        y=alt.Y("mean:Q", scale=values, axis=y_axis),
        color=alt.Color("plan:N", scale=plan_colour(plans), legend=None),
        strokeDash=alt.StrokeDash("plan:N", scale=plan_dash(plans), legend=None),
        tooltip=[
            alt.Tooltip("plan:N", title="plan"),
            alt.Tooltip("week:Q", title="week"),
            alt.Tooltip("mean:Q", title=unit, format=".0%" if share else ".2~f"),
        ],
    )
    names = (
        alt.Chart(small_data(ends))
        .mark_text(style="note", align="left", dx=5)
        .encode(x=week, y=alt.Y("place:Q", scale=values, axis=y_axis), text="plan:N")
    )
    layers = [line, names]
    if share:
        band = base.mark_area(opacity=0.18).encode(
            x=week,
            y=alt.Y("low:Q", scale=values, axis=y_axis),
            y2="high:Q",
            color=alt.Color("plan:N", scale=plan_colour(plans), legend=None),
        )
        layers.insert(0, band)
    return finished(alt.layer(*layers).properties(width=520, height=240))
