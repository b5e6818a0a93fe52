"""The map of the ground: who holds what on one day, blue to orange through near-white."""

from __future__ import annotations

import json

import altair as alt
import pandas as pd

from ripeness.views.charts.theme import ASPECT, FONT, finished
from ripeness.views.geometry import GeoJson
from ripeness.views.ground import Ground

WIDTH = 760
# Light blue over near-white to a deep orange, so that it reads in grey too: light, lightest, dark.
BLUE, WHITE, ORANGE = "#9dc0de", "#f7f4ee", "#c8641b"
OWN_SOIL, ELSEWHERE = "#f0dcc8", "#e7e7e3"
INK = "#1c1c1a"


def ground_map(ground: Ground, sides: tuple[str, str]) -> alt.LayerChart:
    """Draw the ground by the share of it that the second side holds.

    Parameters
    ----------
    ground
        The shapes, as :func:`ripeness.views.ground.lay_out` gives them.
    sides
        The names of the two sides.

    Returns
    -------
    altair.LayerChart
        The first side's land in blue, what the second holds of it in orange, contested cells in
        between and outlined; the second side's own soil pale; recognised borders heavier.
    """
    first, second = sides
    beyond = alt.Fill(
        "properties.own:N",
        scale=alt.Scale(domain=[True, False], range=[OWN_SOIL, ELSEWHERE]),
        legend=None,
    )
    held = alt.Color(
        "properties.share:Q",
        scale=alt.Scale(domain=[0, 0.5, 1], range=[BLUE, WHITE, ORANGE], interpolate="rgb"),
        legend=alt.Legend(
            title=f"share of a cell of {first} that {second} holds",
            format="%",
            orient="bottom",
            gradientLength=220,
            values=[0, 0.5, 1],
            titleLimit=400,
        ),
    )
    layers = [
        _shapes(ground.settled).mark_geoshape(clip=True).encode(color=held),
        _shapes(ground.contested)
        .mark_geoshape(clip=True, stroke=INK, strokeWidth=0.5)
        .encode(
            color=held,
            tooltip=[
                alt.Tooltip("properties.oblast:N", title="oblast"),
                alt.Tooltip("properties.share:Q", title=f"held by {second}", format=".0%"),
            ],
        ),
        _shapes(ground.beyond).mark_geoshape(clip=True).encode(fill=beyond),
        _outline(ground.oblast_lines, 0.4),
        _outline(ground.border_lines, 1.3),
        *_names(ground.names),
    ]
    chart = (
        alt.layer(*layers)
        .project(type="identity", reflectY=True, fit=ground.window)
        .properties(
            width=WIDTH, height=round(WIDTH * ground.aspect), usermeta={ASPECT: ground.aspect}
        )
    )
    return finished(chart)


def _shapes(features: list[GeoJson]) -> alt.Chart:
    # As text, because Altair copies what it understands again for every layer.
    content = json.dumps(features, separators=(",", ":"))
    return alt.Chart(alt.InlineData(values=content, format=alt.DataFormat(type="json")))


def _outline(feature: GeoJson, width: float) -> alt.Chart:
    return _shapes([feature]).mark_geoshape(clip=True, filled=False, stroke=INK, strokeWidth=width)


def _names(names: pd.DataFrame) -> list[alt.Chart]:
    """Each name twice: a pale halo, and the letters on it."""
    base = alt.Chart(alt.InlineData(values=names.to_dict("records"))).encode(
        longitude="x:Q", latitude="y:Q", text="name:N"
    )
    size = alt.ExprRef("width < 400 ? 9 : 12")
    text = {"font": FONT, "fontSize": size, "fontWeight": "bold"}
    halo = base.mark_text(**text, fill=WHITE, stroke=WHITE, strokeWidth=3, strokeJoin="round")
    return [halo, base.mark_text(**text, fill=INK)]
