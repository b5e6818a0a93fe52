"""The mirror: what each side answers, and what the other would have answered in its place."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from ripeness.views.charts.theme import OKABE_ITO, SMALLEST, finished, small_data

AS_IT_IS, MIRRORED = "as it is", "in the other's shoes"
ROW, NARROWEST = 30, 180


def mirror_chart(
    responses: pd.DataFrame, plans: Sequence[str], sides: Sequence[str]
) -> alt.FacetChart:
    """Draw responses a war as it is and mirrored, with intervals: a panel a side, a row a plan.

    Parameters
    ----------
    responses
        A row a side, plan and kind: side (its name), plan, kind (`AS_IT_IS` or `MIRRORED`), value,
        low, high.
    plans, sides
        In their order.
    """
    kinds = [AS_IT_IS, MIRRORED]
    top = 1.05 * max(responses["high"].tolist())
    scale = alt.Scale(domain=[0, top], nice=False)
    axis = alt.Axis(title="responses a war", tickCount=5)
    legend = alt.Legend(title=None, orient="top", symbolSize=80)

    def of_kind(looks: list[str]) -> alt.Scale:
        return alt.Scale(domain=kinds, range=looks)

    def across(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    stroke = alt.Stroke("kind:N", scale=of_kind([OKABE_ITO[0], OKABE_ITO[5]]), legend=legend)
    base = alt.Chart().encode(
        y=alt.Y("plan:N", sort=list(plans), title=None, axis=alt.Axis(ticks=False, labelLimit=95)),
        yOffset=alt.YOffset("kind:N", sort=kinds, scale=alt.Scale(paddingOuter=0.4)),
        stroke=stroke,
    )
    spans = base.mark_rule(strokeWidth=2).encode(x=across("low"), x2="high:Q")
    dots = base.mark_point(size=60, strokeWidth=2, opacity=1).encode(
        x=across("value"),
        fill=alt.Fill("kind:N", scale=of_kind([OKABE_ITO[0], "transparent"]), legend=legend),
        shape=alt.Shape("kind:N", scale=of_kind(["circle", "diamond"]), legend=legend),
        tooltip=[
            alt.Tooltip("side:N", title="side"),
            alt.Tooltip("plan:N", title="plan"),
            alt.Tooltip("kind:N", title="tolerance"),
            *(
                alt.Tooltip(f"{name}:Q", title=title, format=".2f")
                for name, title in (("value", "responses"), ("low", "from"), ("high", "to"))
            ),
        ],
    )
    panel = alt.layer(spans, dots).properties(height=ROW * len(plans), width=300)
    chart = panel.facet(
        facet=alt.Facet("side:N", sort=list(sides), title=None),
        columns=2,
        data=small_data(responses),
        spacing=14,
        usermeta={SMALLEST: NARROWEST},
    )
    return finished(chart)
