"""How wars end under each plan, and which deals are struck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from ripeness.views.charts.theme import (
    OKABE_ITO,
    SMALLEST,
    finished,
    plan_colour,
    small_data,
)

ROW, BAR = 30, 15
NARROWEST = 300
"""Width of a panel of shares, which go from none to all: small ones are to be told apart."""

LOOKS = (
    (OKABE_ITO[0], "circle"),
    (OKABE_ITO[5], "square"),
    (OKABE_ITO[1], "diamond"),
    (OKABE_ITO[3], "triangle-up"),
)
"""Colour and shape of dots of each kind of ending."""

GREY = "#8a8a84"


def endings_chart(dots: Mapping[str, Sequence[str]], kinds: Sequence[str]) -> alt.LayerChart:
    """Draw twenty dots a plan, each for one world in 20, by how its war ends.

    Parameters
    ----------
    dots
        By plan, in their order: the kind of each of its dots, those of a kind together.
    kinds
        Names of the kinds; the last is that of wars that go on, and drawn hollow.
    """
    rows = pd.DataFrame(
        [
            {"plan": plan, "place": place, "kind": kind}
            for plan, mine in dots.items()
            for place, kind in enumerate(mine)
        ]
    )
    looks = [*LOOKS[: len(kinds) - 1], (GREY, "circle")]
    legend = alt.Legend(title="each dot: 1 in 20 worlds", orient="top", columns=2, labelLimit=320)

    def scale(values: list[str]) -> alt.Scale:
        return alt.Scale(domain=list(kinds), range=values)

    colours = [colour for colour, _ in looks]
    filled = [*colours[:-1], "transparent"]
    chart = (
        alt.Chart(small_data(rows))
        .mark_point(size=75, opacity=1, strokeWidth=1.6)
        .encode(
            x=alt.X(
                "place:Q", axis=None, scale=alt.Scale(domain=[-0.7, 19.7], nice=False, zero=False)
            ),
            y=alt.Y("plan:N", sort=list(dots), title=None, axis=alt.Axis(labelLimit=130)),
            stroke=alt.Stroke("kind:N", scale=scale(colours), legend=legend),
            fill=alt.Fill("kind:N", scale=scale(filled), legend=legend),
            shape=alt.Shape("kind:N", scale=scale([shape for _, shape in looks]), legend=legend),
            tooltip=[alt.Tooltip("plan:N", title="plan"), alt.Tooltip("kind:N", title="war")],
        )
    )
    return finished(alt.layer(chart).properties(width=520, height=ROW * len(dots)))


def deals_chart(struck: pd.DataFrame, plans: Sequence[str], deals: Sequence[str]) -> alt.FacetChart:
    """Draw how often each deal is struck, a panel a deal and a bar a plan.

    Parameters
    ----------
    struck
        A row a deal and plan: deal (its name), plan, share, low, high (of all worlds), says.
    plans, deals
        In their order.
    """
    scale = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(format="%", tickCount=5, title="of all worlds", grid=True)

    def across(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    base = alt.Chart().encode(
        y=alt.Y("plan:N", sort=list(plans), title=None, axis=alt.Axis(ticks=False, labelLimit=95)),
        tooltip=[
            alt.Tooltip("deal:N", title="deal"),
            alt.Tooltip("plan:N", title="plan"),
            alt.Tooltip("says:N", title="of all worlds"),
        ],
    )
    bars = base.mark_bar(size=BAR - 6, opacity=0.85).encode(
        x=across("share"), color=alt.Color("plan:N", scale=plan_colour(plans), legend=None)
    )
    errors = base.mark_rule(style="strong", strokeWidth=1).encode(x=across("low"), x2="high:Q")
    panel = alt.layer(bars, errors).properties(height=BAR * len(plans), width=NARROWEST)
    chart = panel.facet(
        facet=alt.Facet("deal:N", sort=list(deals), title=None),
        columns=2,
        data=small_data(struck),
        spacing=14,
        usermeta={SMALLEST: NARROWEST},
    )
    return finished(chart)
