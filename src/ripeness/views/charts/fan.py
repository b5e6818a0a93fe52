"""Fan charts: one series under each plan, as bands over worlds with a few whole worlds in them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from ripeness.views.charts.labels import spread
from ripeness.views.charts.theme import finished, plan_colour, small_data, week_axis

BANDS = (("q025", "q975", "95 %"), ("q10", "q90", "80 %"), ("q25", "q75", "50 %"))
QUANTILES = ("q025", "q10", "q25", "q50", "q75", "q90", "q975")
PANEL_HEIGHT = 130
LABEL_GAP = 0.11
MOST_WEEKS = 52
"""Of more, every second is drawn, or fewer: it looks the same, and takes half the room."""


def fan_chart(
    weekly: pd.DataFrame,
    samples: pd.DataFrame,
    series: str,
    plans: Sequence[str],
    unit: str,
    share: bool = False,
) -> alt.FacetChart:
    """Draw one series under each plan, a panel a plan, all on the same scales.

    Parameters
    ----------
    weekly
        Columns plan, series, week and the quantiles q025, q10, q25, q50, q75, q90, q975.
    samples
        Whole worlds: plan, world, week and a column for the series.
    series
        Which series to draw.
    plans
        The plans in order; the first is the one that the others are compared with.
    unit
        Title of the value axis.
    share
        Whether the series is a share, whose axis then runs from 0 to 1.

    Returns
    -------
    altair.FacetChart
        Bands of 50, 80 and 95 % of worlds, the median, some worlds; dashed the first plan's median.
    """
    table, worlds = _one_row_a_week(weekly, samples, series, plans)
    low, high = _limits(table, worlds, share)
    table = pd.concat([table, _band_labels(table, low, high)])
    values = alt.Scale(domain=[low, high], nice=False, zero=False)
    y_axis = alt.Axis(format="%" if share else ",.6~g", tickCount=4, title=unit)
    week = week_axis(max(weekly["week"].tolist()), marks=2)
    colour = alt.Color("plan:N", scale=plan_colour(plans), legend=None)

    def height(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=values, axis=y_axis)

    base = alt.Chart().transform_filter("!datum.label").encode(x=week)
    bands = [
        base.mark_area(opacity=0.22).encode(y=height(under), y2=f"{over}:Q", color=colour)
        for under, over, _ in BANDS
    ]
    whole_worlds = [base.mark_line(style="sample", clip=True).encode(y=height(w)) for w in worlds]
    first_plan = base.mark_line(style="reference", strokeDash=[3, 3]).encode(y=height("first"))
    median = base.mark_line(strokeWidth=1.8).encode(
        y=height("q50"),
        color=colour,
        tooltip=[
            alt.Tooltip("plan:N", title="plan"),
            alt.Tooltip("week:Q", title="week"),
            *(
                alt.Tooltip(f"{q}:Q", title=title, format=",.3~r")
                for q, title in (("q50", "median"), ("q025", "2.5 %"), ("q975", "97.5 %"))
            ),
        ],
    )
    labels = (
        alt.Chart()
        .transform_filter("datum.label")
        .mark_text(style="note", align="right", dx=-3, fontSize=10)
        .encode(x=week, y=height("q50"), text="label:N")
    )
    panel = alt.layer(*bands, *whole_worlds, first_plan, median, labels)
    facet = alt.Facet("plan:N", sort=list(plans), title=None)
    chart = panel.properties(height=PANEL_HEIGHT, width=200).facet(
        facet=facet, columns=len(plans), data=small_data(table), spacing=14
    )
    return finished(chart)


def _one_row_a_week(
    weekly: pd.DataFrame, samples: pd.DataFrame, series: str, plans: Sequence[str]
) -> tuple[pd.DataFrame, list[str]]:
    """One row a plan and week: the quantiles, the first plan's median, a column a sample world."""
    last = weekly["week"].max()
    drawn = (weekly["week"] % max(1, last // MOST_WEEKS) == 0) | (weekly["week"] == last)
    table = weekly.loc[drawn & (weekly["series"] == series), ["plan", "week", *QUANTILES]]
    first = table.loc[table["plan"] == plans[0], ["week", "q50"]].rename(columns={"q50": "first"})
    table = table.merge(first, on="week")
    wide = samples.pivot(index=["plan", "week"], columns="world", values=series)
    worlds = [f"world_{number}" for number in range(len(wide.columns))]
    wide.columns = worlds
    return table.merge(wide.reset_index(), on=["plan", "week"]), worlds


def _limits(table: pd.DataFrame, worlds: list[str], share: bool) -> tuple[float, float]:
    if share:
        return 0.0, 1.0
    shown = table[["q025", "q975", *worlds]]
    low, high = float(shown.min().min()), float(shown.max().max())
    room = (high - low) * 0.04 or 1.0
    return (0.0 if 0 <= low < high / 3 else low - room), high + room


def _band_labels(table: pd.DataFrame, low: float, high: float) -> pd.DataFrame:
    """The bands' names, each in its band at the end of the panel where the bands are widest."""
    rows: list[dict[str, Any]] = table.to_dict("records")
    weeks = max(row["week"] for row in rows)
    ends = [row for row in rows if row["week"] == weeks]
    end = max(ends, key=lambda row: row["q975"] - row["q025"])
    edges = [end["q50"], *(end[over] for _, over, _ in reversed(BANDS))]
    inside = [edges[0], *((under + over) / 2 for under, over in pairwise(edges))]
    names = ["median", *(name for *_, name in reversed(BANDS))]
    gap = LABEL_GAP * (high - low)
    places = spread(inside, gap, low, high - gap / 2)
    return pd.DataFrame({"plan": end["plan"], "week": end["week"], "q50": places, "label": names})
