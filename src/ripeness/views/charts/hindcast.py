"""Forecasts from past days with what then came, how far they were off, and forecasts to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import altair as alt
import pandas as pd

from ripeness.views.charts.theme import OKABE_ITO, finished, small_data

WIDTH, HEIGHT = 420, 230
ROW = 46
COLOURS = (OKABE_ITO[0], *(OKABE_ITO[place] for place in (1, 3, 5, 2)))
DASHES = ([1, 0], [2, 2], [7, 3], [9, 3, 2, 3], [4, 4])
SHAPES = ("circle", "square", "diamond", "triangle-up", "triangle-down")
BANDS = (("low_90", "high_90"), ("low_50", "high_50"))
QUARTERS = alt.TimeIntervalStep(interval="month", step=3)
FEW = 4
"""Figures of an origin up to which its bands are bars, one a figure."""


def forecasts_chart(
    ours: pd.DataFrame,
    medians: pd.DataFrame,
    forecasters: Sequence[str],
    unit: str,
    time: tuple[date, date],
) -> alt.LayerChart:
    """Draw the forecasts of one series from every origin, and what came.

    Parameters
    ----------
    ours
        Forecasts of the first forecaster and figures: origin, date, value, low_90, low_50, high_50,
        high_90, in_90.
    medians
        Of all forecasters: origin, date, forecaster, median.
    forecasters
        Their order; the first has bands.
    unit
        Title of the value axis.
    time
        First and last day of the axis of time.

    Returns
    -------
    altair.LayerChart
        From each origin bands of 50 and 90 %, and a median a forecaster; figures as dots, those
        outside the 90 % band as diamonds.
    """
    axes = _axes(ours, medians, ours["value"].tolist(), unit, time)
    tooltip = [
        alt.Tooltip("date:N", title="date"),
        alt.Tooltip("value:Q", title="record", format=",.4~r"),
        alt.Tooltip("low_90:Q", title="5 % of worlds", format=",.3~r"),
        alt.Tooltip("high_90:Q", title="95 % of worlds", format=",.3~r"),
    ]
    worlds = alt.Chart(small_data(ours, 5)).encode(x=axes.day, detail="origin:N")
    came = [
        worlds.transform_filter(f"datum.in_90 == {inside}")
        .mark_point(style="strong", filled=True, opacity=1, size=size, shape=shape)
        .encode(y=axes.height("value"), tooltip=tooltip)
        for inside, shape, size in ((1, "circle", 18), (0, "diamond", 60))
        if inside in ours["in_90"].tolist()
    ]
    chart = alt.layer(*_forecasts(ours, medians, forecasters, axes), *came)
    return finished(chart.properties(width=WIDTH, height=HEIGHT))


def outlook_chart(
    known: pd.DataFrame,
    ours: pd.DataFrame,
    medians: pd.DataFrame,
    forecasters: Sequence[str],
    unit: str,
) -> alt.LayerChart:
    """Draw the record of one series as it was known, and forecasts of what is to come.

    Parameters
    ----------
    known
        The record: date, value.
    ours, medians, forecasters, unit
        As of `forecasts_chart`, of one origin; nothing is known of what came.

    Returns
    -------
    altair.LayerChart
        Figures as dots, then bands of 50 and 90 %, and a median a forecaster.
    """
    days = [*known["date"].tolist(), *ours["date"].tolist()]
    axes = _axes(ours, medians, known["value"].tolist(), unit, (min(days), max(days)))
    record = alt.Chart(small_data(known, 5)).encode(x=axes.day)
    dots = record.mark_point(style="strong", filled=True, opacity=1, size=14).encode(
        y=axes.height("value"),
        tooltip=[
            alt.Tooltip("date:N", title="date"),
            alt.Tooltip("value:Q", title="record", format=",.4~r"),
        ],
    )
    chart = alt.layer(*_forecasts(ours, medians, forecasters, axes), dots)
    return finished(chart.properties(width=WIDTH, height=HEIGHT))


@dataclass(frozen=True)
class _Axes:
    """The axes of time and of values."""

    day: alt.X
    values: alt.Scale
    axis: alt.Axis

    def height(self, field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=self.values, axis=self.axis)


def _axes(
    ours: pd.DataFrame,
    medians: pd.DataFrame,
    record: Sequence[float],
    unit: str,
    time: tuple[date, date],
) -> _Axes:
    shown = [*ours[["low_90", "high_90"]].to_numpy().ravel(), *medians["median"].tolist(), *record]
    low, high = min(shown), max(shown)
    room = (high - low) * 0.04 or 1.0
    values = alt.Scale(domain=[low - room, high + room], nice=False, zero=False)
    axis = alt.Axis(format=",.6~g", tickCount=5, title=unit)
    ends = [alt.DateTime(year=d.year, month=d.month, date=d.day, utc=True) for d in time]
    day = alt.X(
        "date:T",
        title=None,
        scale=alt.Scale(type="utc", domain=ends, padding=8),
        axis=alt.Axis(format="%b %Y", grid=False, tickCount=QUARTERS),
    )
    return _Axes(day, values, axis)


def _forecasts(
    ours: pd.DataFrame, medians: pd.DataFrame, forecasters: Sequence[str], axes: _Axes
) -> list[alt.Chart]:
    """Bands of the worlds and a median a forecaster: bars and marks where figures are few."""
    few = max(ours["origin"].value_counts().tolist()) <= FEW
    worlds = alt.Chart(small_data(ours, 5)).encode(x=axes.day, detail="origin:N")
    bands = [
        (
            worlds.mark_rule(opacity=0.3, strokeWidth=9, color=COLOURS[0])
            if few
            else worlds.mark_area(opacity=0.22, color=COLOURS[0])
        ).encode(y=axes.height(under), y2=f"{over}:Q")
        for under, over in BANDS
    ]
    lines = alt.Chart(small_data(medians, 5)).encode(
        x=axes.day,
        y=axes.height("median"),
        detail="origin:N",
        color=_colour(forecasters),
        tooltip=["forecaster:N", "origin:N", "date:N", alt.Tooltip("median:Q", format=",.4~r")],
    )
    if few:
        drawn = lines.mark_point(size=36, filled=False, strokeWidth=1.5).encode(
            shape=_shape(forecasters)
        )
    else:
        drawn = lines.mark_line(strokeWidth=1.5).encode(
            strokeDash=alt.StrokeDash(
                "forecaster:N",
                scale=alt.Scale(domain=list(forecasters), range=[list(dash) for dash in DASHES]),
                legend=_legend(forecasters),
            )
        )
    return [*bands, drawn]


def skill_chart(
    ratios: pd.DataFrame, series: Sequence[str], baselines: Sequence[str]
) -> alt.LayerChart:
    """Draw how large the worlds' error is in times of that of each simple forecaster.

    Parameters
    ----------
    ratios
        Columns series, forecaster, times, low and high (the interval; missing where there is none).
    series
        From the top down.
    baselines
        The simple forecasters.

    Returns
    -------
    altair.LayerChart
        A row a series, on a logarithmic axis; left of the line at 1 the worlds win.
    """
    across = alt.Scale(type="log", nice=False)
    axis = alt.Axis(format="~g", tickCount=6, title="worlds' error, times")
    place = {
        "y": alt.Y("series:N", sort=list(series), title=None, axis=alt.Axis(labelLimit=220)),
        "yOffset": alt.YOffset("forecaster:N", sort=list(baselines)),
    }
    spans = (
        alt.Chart(small_data(ratios.dropna(), 3))
        .mark_rule(strokeWidth=1.5)
        .encode(
            **place,
            x=alt.X("low:Q", scale=across, axis=axis),
            x2="high:Q",
            color=_colour(baselines, 1),
        )
    )
    dots = (
        alt.Chart(small_data(ratios, 3))
        .mark_point(filled=True, size=55, opacity=1)
        .encode(
            **place,
            x=alt.X("times:Q", scale=across, axis=axis),
            color=_colour(baselines, 1),
            shape=_shape(baselines, 1),
            tooltip=[
                "series:N",
                "forecaster:N",
                *(alt.Tooltip(f"{name}:Q", format=".2~r") for name in ("times", "low", "high")),
            ],
        )
    )
    even = alt.Chart(small_data(pd.DataFrame({"even": [1.0]}))).mark_rule(style="reference")
    line = even.encode(x=alt.X("even:Q", scale=across, axis=axis))
    chart = alt.layer(line, spans, dots)
    return finished(chart.properties(width=560, height=ROW * len(series)))


def _colour(forecasters: Sequence[str], first: int = 0) -> alt.Color:
    """Colours of forecasters, of which the first is the so-manieth of all."""
    scale = alt.Scale(domain=list(forecasters), range=list(COLOURS[first:]))
    return alt.Color("forecaster:N", scale=scale, legend=_legend(forecasters))


def _shape(forecasters: Sequence[str], first: int = 0) -> alt.Shape:
    scale = alt.Scale(domain=list(forecasters), range=list(SHAPES[first:]))
    return alt.Shape("forecaster:N", scale=scale, legend=_legend(forecasters))


def _legend(forecasters: Sequence[str]) -> alt.Legend:
    """A legend in two rows, to fit a phone."""
    return alt.Legend(title=None, orient="top", columns=-(-len(forecasters) // 2), symbolSize=80)
