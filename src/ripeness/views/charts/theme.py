"""What all charts share: plan colours and dashes, the style of text and axes, small data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

# Okabe and Ito's colour-blind safe set; six plans at most can be told apart by it.
OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4], [12, 4])
FONT = "system-ui, sans-serif"
SMALLEST = "smallest"
"""What small multiples say to the page under ``usermeta``: the least width of a panel, pixels."""


@dataclass(frozen=True)
class Palette:
    """The colours of everything that is not data; each a colour or, in a page, a CSS variable."""

    ink: str = "#1c1c1a"
    soft: str = "#5a5a55"
    rule: str = "#d9d8d2"
    paper: str = "#ffffff"


LIGHT = Palette()
PAGE = Palette("var(--ink)", "var(--soft)", "var(--rule)", "transparent")


def config(palette: Palette) -> dict[str, Any]:
    """The Vega-Lite configuration of every chart, in a palette."""
    axis = {
        "labelColor": palette.soft,
        "titleColor": palette.soft,
        "titleFontWeight": "normal",
        "gridColor": palette.rule,
        "domainColor": palette.rule,
        "tickColor": palette.rule,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "labelOverlap": True,
    }
    text = {"fontSize": 11, "color": palette.ink}
    return {
        "background": palette.paper,
        "font": FONT,
        "view": {"stroke": None},
        "axis": axis,
        "header": {
            "labelColor": palette.ink,
            "labelFontWeight": "bold",
            "labelFontSize": 12,
            "labelAnchor": "start",
            "titleColor": palette.soft,
        },
        "legend": {
            "labelColor": palette.soft,
            "titleColor": palette.soft,
            "titleFontWeight": "normal",
        },
        "style": {
            "note": text,
            "soft-note": text | {"color": palette.soft},
            "reference": {"color": palette.soft, "strokeWidth": 1},
            "strong": {"color": palette.ink, "strokeWidth": 1.5},
            "outline": {"stroke": palette.ink, "strokeWidth": 0.8},
            "sample": {"color": palette.soft, "strokeWidth": 0.6, "opacity": 0.55},
        },
    }


def finished(chart: Any) -> Any:
    """Give a whole chart its configuration, in the light palette of notebooks."""
    chart.config = config(LIGHT)
    return chart


def page_spec(chart: Any) -> dict[str, Any]:
    """The Vega-Lite specification of a chart, with the page's own colours."""
    spec = chart.to_dict(validate=False)
    spec["config"] = config(PAGE)
    return spec


def plan_colour(plans: Sequence[str]) -> alt.Scale:
    """The colours of the plans, in the order of the case."""
    return alt.Scale(domain=list(plans), range=list(OKABE_ITO[: len(plans)]))


def plan_dash(plans: Sequence[str]) -> alt.Scale:
    """The dashes of the plans, in the order of the case."""
    return alt.Scale(domain=list(plans), range=[list(dash) for dash in DASHES[: len(plans)]])


def small_data(frame: pd.DataFrame, digits: int = 4) -> alt.InlineData:
    """A frame as CSV inside the specification, with so many significant digits.

    It takes about a third of the room of JSON records, and Altair's limit on rows does not apply.
    """
    content = frame.to_csv(index=False, float_format=f"%.{digits}g")
    return alt.InlineData(values=content, format=alt.DataFormat(type="csv"))


def week_axis(weeks: int, marks: int) -> alt.X:
    """The horizontal axis of a chart over weeks, with about so many marks at quarters of a year."""
    step = max(1, round(weeks / marks / 13)) * 13 if weeks >= 13 * marks else 4
    return alt.X(
        "week:Q",
        title="week",
        scale=alt.Scale(domain=[0, weeks], nice=False),
        axis=alt.Axis(grid=False, values=list(range(0, weeks + 1, step))),
    )
