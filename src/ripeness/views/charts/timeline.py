"""Verdicts over time: a panel a claim, with the share of worlds over the record's verdict."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from ripeness.views.charts.theme import OKABE_ITO, finished, small_data

PANEL_HEIGHT, PANEL_WIDTH = 84, 110
STRIP = -0.24
"""Where on the axis of shares the record's verdict is drawn: below it, apart from the worlds'."""

WORDS = ("supported", "contradicted", "mixed", "not testable", "not yet")
COLOURS = (OKABE_ITO[0], OKABE_ITO[5], OKABE_ITO[1], "#8a8a84", "#8a8a84")
SHAPES = ("circle", "cross", "diamond", "square", "triangle-up")


def verdicts_chart(
    standings: pd.DataFrame, claims: Sequence[str], days: Sequence[str]
) -> alt.FacetChart:
    """Draw how claims stand on one day after the other, a panel a claim.

    Parameters
    ----------
    standings
        One row a claim and day: claim, says, day, record (a word, or missing), share, low, high
        (percent; missing where worlds say nothing).
    claims
        Their order.
    days
        Names of the days, in order.

    Returns
    -------
    altair.FacetChart
        Dots with intervals are shares of worlds; the marks below them are the record's verdicts.
    """
    across = alt.X(
        "day:O",
        sort=list(days),
        title=None,
        scale=alt.Scale(domain=list(days)),
        axis=alt.Axis(labelAngle=-60, labelOverlap=False, labelFontSize=10, ticks=False),
    )
    scale = alt.Scale(domain=[100 * STRIP - 12, 104], nice=False, zero=False)
    axis = alt.Axis(values=[0, 50, 100], title="% of worlds", domain=False)

    def height(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=axis)

    tooltip = [
        alt.Tooltip("claim:N"),
        alt.Tooltip("says:N"),
        alt.Tooltip("day:N"),
        alt.Tooltip("record:N"),
        alt.Tooltip("share:Q", title="% of worlds", format=".0f"),
    ]
    asked = alt.Chart().transform_filter("datum.asked == 1").encode(x=across, tooltip=tooltip)
    spans = asked.mark_rule(style="strong").encode(y=height("low"), y2="high:Q")
    shares = asked.mark_point(style="strong", filled=True, size=26, opacity=1).encode(
        y=height("share")
    )
    legend = alt.Legend(title="record", orient="top", columns=3, symbolSize=60)
    words = list(WORDS)
    recorded = (
        alt.Chart()
        .transform_filter("datum.judged == 1")
        .mark_point(filled=True, size=52, opacity=1, strokeWidth=1.8)
        .encode(
            x=across,
            y=height("strip"),
            shape=alt.Shape(
                "record:N", scale=alt.Scale(domain=words, range=list(SHAPES)), legend=legend
            ),
            color=alt.Color(
                "record:N", scale=alt.Scale(domain=words, range=list(COLOURS)), legend=legend
            ),
            tooltip=tooltip,
        )
    )
    panel = alt.layer(spans, shares, recorded).properties(height=PANEL_HEIGHT, width=PANEL_WIDTH)
    table = standings.assign(
        strip=100 * STRIP,
        asked=standings["share"].notna().astype(int),
        judged=standings["record"].notna().astype(int),
    )
    chart = panel.facet(
        facet=alt.Facet("claim:N", sort=list(claims), title=None),
        columns=4,
        data=small_data(table),
        spacing=14,
    )
    return finished(chart)
