"""Line charts: a share of worlds by week for each plan, such as that of wars that have ended."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from ripeness.claims.estimates import wilson
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
) -> alt.LayerChart:
    """Draw a series that is a share of worlds under each plan, named at the end of its line.

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
        How many worlds the shares are of; their 95 % Monte Carlo interval is the band.
    """
    table = weekly.loc[weekly["series"] == series, ["plan", "week", "mean"]]
    shares = [wilson(mean, worlds) for mean in table["mean"].tolist()]
    table = table.assign(low=[share.low for share in shares], high=[share.high for share in shares])
    ends = table.loc[table["week"] == table["week"].max(), ["plan", "week", "mean"]]
    ends = ends.assign(place=spread(ends["mean"].tolist(), LABEL_GAP, 0.0, 1.0))
    week = week_axis(max(weekly["week"].tolist()), marks=4)
    values = alt.Scale(domain=[0, 1.0])
    y_axis = alt.Axis(format="%", title=unit, tickCount=5)
    base = alt.Chart(small_data(table))
    line = base.mark_line(strokeWidth=2).encode(
        x=week,
        y=alt.Y("mean:Q", scale=values, axis=y_axis),
        color=alt.Color("plan:N", scale=plan_colour(plans), legend=None),
        strokeDash=alt.StrokeDash("plan:N", scale=plan_dash(plans), legend=None),
        tooltip=[
            alt.Tooltip("plan:N", title="plan"),
            alt.Tooltip("week:Q", title="week"),
            alt.Tooltip("mean:Q", title=unit, format=".0%"),
        ],
    )
    names = (
        alt.Chart(small_data(ends))
        .mark_text(style="note", align="left", dx=5)
        .encode(x=week, y=alt.Y("place:Q", scale=values, axis=y_axis), text="plan:N")
    )
    band = base.mark_area(opacity=0.18).encode(
        x=week,
        y=alt.Y("low:Q", scale=values, axis=y_axis),
        y2="high:Q",
        color=alt.Color("plan:N", scale=plan_colour(plans), legend=None),
    )
    return finished(alt.layer(band, line, names).properties(width=520, height=240))
