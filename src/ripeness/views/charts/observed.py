"""A fan of worlds with the record in it: bands over worlds, figures with their error."""

from __future__ import annotations

from itertools import pairwise

import altair as alt
import pandas as pd

from ripeness.views.charts.labels import spread
from ripeness.views.charts.theme import OKABE_ITO, finished, small_data, week_axis

BANDS = (("q05", "q95", "90 %"), ("q25", "q75", "50 %"))
WIDTH, HEIGHT = 420, 230
LABEL_GAP = 0.07
WORLDS, OUTSIDE = OKABE_ITO[0], OKABE_ITO[5]


def observed_chart(
    fan: pd.DataFrame, figures: pd.DataFrame, weeks: int, since: str, unit: str
) -> alt.LayerChart:
    """Draw where the figures of the record lie among the worlds.

    Parameters
    ----------
    fan
        Quantiles over worlds by week: week, q05, q25, q50, q75, q95.
    figures
        The record: week, value, low and high of its error, inside (1 if it counts as inside).
    weeks
        End of the axis of time.
    since
        The day of week 0, as it is read.
    unit
        Title of the value axis.

    Returns
    -------
    altair.LayerChart
        Bands of 50 and 90 % of worlds and their median; the record as dots with bars, those outside
        as diamonds in another colour.
    """
    low = min(*fan["q05"].tolist(), *figures["low"].tolist())
    high = max(*fan["q95"].tolist(), *figures["high"].tolist())
    room = (high - low) * 0.04 or 1.0
    values = alt.Scale(domain=[low - room, high + room], nice=False, zero=False)
    axis = alt.Axis(format=",.6~g", tickCount=5, title=unit)
    week = week_axis(weeks, marks=2).title(f"weeks since {since}")

    def height(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=values, axis=axis)

    worlds = alt.Chart(small_data(fan)).encode(x=week)
    bands = [
        worlds.mark_area(opacity=0.22, color=WORLDS).encode(y=height(under), y2=f"{over}:Q")
        for under, over, _ in BANDS
    ]
    median = worlds.mark_line(strokeWidth=1.5, color=WORLDS).encode(y=height("q50"))
    record = alt.Chart(small_data(figures)).encode(x=week)
    bars = record.mark_rule(style="strong", strokeWidth=1).encode(y=height("low"), y2="high:Q")
    tooltip = [
        alt.Tooltip("date:N", title="date"),
        alt.Tooltip("value:Q", title="record", format=",.4~r"),
        alt.Tooltip("low_90:Q", title="5 % of worlds", format=",.3~r"),
        alt.Tooltip("high_90:Q", title="95 % of worlds", format=",.3~r"),
    ]
    dots = (
        record.transform_filter("datum.inside == 1")
        .mark_point(style="strong", filled=True, opacity=1, size=22)
        .encode(y=height("value"), tooltip=tooltip)
    )
    strays = (
        record.transform_filter("datum.inside == 0")
        .mark_point(shape="diamond", filled=True, opacity=1, size=70, color=OUTSIDE)
        .encode(y=height("value"), tooltip=tooltip)
    )
    labels = (
        alt.Chart(small_data(_labels(fan, weeks, low, high)))
        .mark_text(style="note", align="left", dx=4, fontSize=10)
        .encode(x=week, y=height("place"), text="label:N")
    )
    chart = alt.layer(*bands, median, bars, dots, strays, labels)
    return finished(chart.properties(width=WIDTH, height=HEIGHT))


def _labels(fan: pd.DataFrame, weeks: int, low: float, high: float) -> pd.DataFrame:
    """What the bands are called, each at the end of its upper half."""
    end = fan.iloc[-1]
    edges = [float(end["q50"]), *(float(end[over]) for _, over, _ in reversed(BANDS))]
    inside = [edges[0], *((under + over) / 2 for under, over in pairwise(edges))]
    names = ["median", *(name for *_, name in reversed(BANDS))]
    places = spread(inside, LABEL_GAP * (high - low), low, high)
    week = min(weeks, float(end["week"]))
    return pd.DataFrame({"week": week, "place": places, "label": names})
