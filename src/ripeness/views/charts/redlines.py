"""Beliefs about red lines: odds as crossings pass, and what supporters fear of the next step."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from ripeness.views.charts.theme import (
    DASHES,
    OKABE_ITO,
    SMALLEST,
    finished,
    small_data,
    week_axis,
)

HEIGHT = 240
NARROWEST = 220
"""Pixels that a panel of dates needs."""

COLOURS = (OKABE_ITO[0], OKABE_ITO[5], OKABE_ITO[2], OKABE_ITO[3])
ALL = "#8a8a84"
MARKS = (0.01, 0.03, 0.1, 1 / 3, 1, 3, 10, 30, 100)
QUARTERS = alt.TimeIntervalStep(interval="month", step=6)


def odds_chart(odds: pd.DataFrame, priors: Sequence[str], codings: Sequence[str]) -> alt.FacetChart:
    """Draw how odds move as dated crossings pass, a line a family of priors, a panel a coding.

    Parameters
    ----------
    odds
        A row a coding, prior and date: coding (its name), prior, date, when (the same as it is
        read), value, crossings, answered.
    priors, codings
        In their order.

    Returns
    -------
    altair.FacetChart
        Steps on a logarithmic axis, with a rule at even odds: above it lines that wear away.
    """
    low, high = min(odds["value"].tolist()), max(odds["value"].tolist())
    least = max([mark for mark in MARKS if mark <= min(low, 0.3)], default=MARKS[0])
    most = min([mark for mark in MARKS if mark >= max(high, 3)], default=MARKS[-1])
    scale = alt.Scale(type="log", domain=[min(least, low), max(most, high)], nice=False)
    axis = alt.Axis(
        title="odds of lines that wear away",
        values=[mark for mark in MARKS if least <= mark <= most],
        labelExpr="datum.value < 0.9 ? '1 : ' + format(1 / datum.value, '.2~r') : "
        "format(datum.value, '.2~r') + ' : 1'",
    )
    day = alt.X(
        "date:T",
        title=None,
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(format="%b %y", grid=False, tickCount=QUARTERS, labelOverlap=True),
    )
    base = alt.Chart()
    even = base.mark_rule(style="reference", strokeWidth=1.5).encode(
        y=alt.Y("even:Q", scale=scale, axis=axis)
    )
    lines = base.mark_line(interpolate="step-after", strokeWidth=2).encode(
        x=day,
        y=alt.Y("value:Q", scale=scale, axis=axis),
        color=_colour(priors),
        strokeDash=_dash(priors),
    )
    marks = base.mark_circle(size=26, opacity=1).encode(
        x=day,
        y=alt.Y("value:Q", scale=scale, axis=axis),
        color=_colour(priors),
        tooltip=[
            alt.Tooltip("when:N", title="week that ends on"),
            alt.Tooltip("prior:N", title="prior of where lines lie"),
            alt.Tooltip("crossings:Q", title="lines crossed by then"),
            alt.Tooltip("answered:Q", title="of them answered"),
            alt.Tooltip("value:Q", title="odds", format=".2~r"),
        ],
    )
    panel = alt.layer(even, lines, marks).properties(height=HEIGHT, width=300)
    chart = panel.facet(
        facet=alt.Facet("coding:N", sort=list(codings), title=None),
        columns=2,
        data=small_data(odds.assign(even=1)),
        spacing=14,
        usermeta={SMALLEST: NARROWEST},
    )
    return finished(chart)


def belief_chart(
    beliefs: pd.DataFrame, priors: Sequence[str], plans: Sequence[str], unit: str
) -> alt.FacetChart:
    """Draw what chance supporters give to a response, by the prior they hold, a panel a plan.

    Parameters
    ----------
    beliefs
        A row a plan, prior and week: plan, prior, week, mean, and low and high of its error.
    priors, plans
        In their order.
    unit
        Title of the axis.
    """
    scale = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(format="%", tickCount=4, title=unit)
    either = alt.Chart().encode(
        x=week_axis(max(beliefs["week"].tolist()), marks=2), color=_colour(priors)
    )
    base = either.encode(y=alt.Y("mean:Q", scale=scale, axis=axis))
    band = either.mark_area(opacity=0.22, clip=True).encode(
        y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q"
    )
    lines = base.mark_line(strokeWidth=2).encode(strokeDash=_dash(priors))
    marks = base.mark_circle(size=22, opacity=1).encode(
        tooltip=[
            alt.Tooltip("plan:N", title="plan"),
            alt.Tooltip("prior:N", title="prior of where lines lie"),
            alt.Tooltip("week:Q", title="week"),
            alt.Tooltip("mean:Q", title=unit, format=".0%"),
        ]
    )
    panel = alt.layer(band, lines, marks).properties(height=150, width=200)
    chart = panel.facet(
        facet=alt.Facet("plan:N", sort=list(plans), title=None),
        columns=len(plans),
        data=small_data(beliefs),
        spacing=14,
    )
    return finished(chart)


def _colour(priors: Sequence[str]) -> alt.Color:
    scale = alt.Scale(domain=list(priors), range=[*COLOURS, ALL][: len(priors)])
    return alt.Color("prior:N", scale=scale, legend=_legend())


def _dash(priors: Sequence[str]) -> alt.StrokeDash:
    scale = alt.Scale(domain=list(priors), range=[list(dash) for dash in DASHES[: len(priors)]])
    return alt.StrokeDash("prior:N", scale=scale, legend=_legend())


def _legend() -> alt.Legend:
    return alt.Legend(
        title="prior of where lines lie",
        orient="top",
        columns=3,
        symbolType="stroke",
        symbolSize=400,
        symbolStrokeWidth=2,
        symbolOpacity=1,
    )
