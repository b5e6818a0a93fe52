"""The negotiation chart: what each deal, and going on, is worth to either side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from ripeness.views.charts.labels import LETTER, LINE, RADIUS, Box, places
from ripeness.views.charts.theme import OKABE_ITO, finished, small_data
from ripeness.views.words import in_twenty, worlds_in_twenty

WIDTH, HEIGHT = 480, 380
# Labels are placed for the declared width and, below NARROW, for a phone's.
PHONE_WIDTH, NARROW = 290, 400
Range = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """The window of a negotiation chart, in points of the stake: first side across, second up."""

    across: Range
    up: Range

    @classmethod
    def around(cls, negotiation: pd.DataFrame, first: str, second: str) -> Frame:
        """The window that holds every deal and value of going on of a table, with some room."""

        def limits(side: str) -> Range:
            names = (f"value_{side}", f"reservation_{side}_low", f"reservation_{side}_high")
            shown = negotiation[list(names)]
            low, high = float(shown.min().min()), float(shown.max().max())
            room = (high - low) * 0.12 or 1.0
            return low - room, high + room

        return cls(limits(first), limits(second))

    def pixel(self, x: float, y: float, width: float) -> tuple[float, float]:
        """Where a point lies in a panel of some width, from its upper left corner."""
        (left, right), (bottom, top) = self.across, self.up
        return (x - left) / (right - left) * width, (top - y) / (top - bottom) * HEIGHT


def negotiation_chart(
    deals: pd.DataFrame, sides: Mapping[str, str], deal_names: Mapping[str, str], frame: Frame
) -> alt.LayerChart:
    """Draw the deals of one plan and week over the two sides' values.

    Parameters
    ----------
    deals
        The rows of one plan and week of a run's negotiation table, a row a deal.
    sides
        The two sides' names by id; the first goes across, the second up.
    deal_names
        The deals' names by id.
    frame
        The window, the same for all plans that are to be compared.

    Returns
    -------
    altair.LayerChart
        Deals as points, sized by the share of worlds in which both prefer them to going on; either
        side's median value of going on as a line with its 10-90 % band; the region better than
        both medians shaded and named.
    """
    first, second = sides
    one: dict[str, float] = deals.to_dict("records")[0]
    x_scale, y_scale = alt.Scale(domain=frame.across), alt.Scale(domain=frame.up)
    x_title = f"worth to {sides[first]} (points of the stake)"
    y_title = f"worth to {sides[second]} (points of the stake)"

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=x_scale, axis=alt.Axis(title=x_title, grid=False))

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=y_scale, axis=alt.Axis(title=y_title, grid=False))

    going_on = pd.DataFrame(
        [
            {
                "x": one[f"reservation_{first}"],
                "x_low": one[f"reservation_{first}_low"],
                "x_high": one[f"reservation_{first}_high"],
                "y": one[f"reservation_{second}"],
                "y_low": one[f"reservation_{second}_low"],
                "y_high": one[f"reservation_{second}_high"],
                "left": frame.across[0],
                "right": frame.across[1],
                "bottom": frame.up[0],
                "top": frame.up[1],
                "region": region_name(one["range_share"]),
                "across_name": f"going on, {sides[first]}",
                "up_name": f"going on, {sides[second]}",
            }
        ]
    )
    values = alt.Chart(small_data(going_on))
    soft_band = {"clip": True, "fill": "#8a8a84", "opacity": 0.16}
    layers = [
        values.mark_rect(**soft_band).encode(
            x=x("x_low"), x2="x_high:Q", y=y("bottom"), y2="top:Q"
        ),
        values.mark_rect(**soft_band).encode(
            x=x("left"), x2="right:Q", y=y("y_low"), y2="y_high:Q"
        ),
        values.mark_rect(clip=True, fill=OKABE_ITO[4], opacity=0.22).encode(
            x=x("x"), x2="right:Q", y=y("y"), y2="top:Q"
        ),
        values.mark_rule(style="strong", clip=True).encode(x=x("x"), y=y("bottom"), y2="top:Q"),
        values.mark_rule(style="strong", clip=True, strokeDash=[6, 3]).encode(
            y=y("y"), x=x("left"), x2="right:Q"
        ),
        values.mark_text(style="note", fontStyle="italic", align="right", dx=-4, dy=10).encode(
            x=x("right"), y=y("top"), text="region:N"
        ),
        values.mark_text(style="soft-note", align="left", dx=4, dy=-8).encode(
            x=x("x"), y=y("bottom"), text="across_name:N"
        ),
        values.mark_text(style="soft-note", align="left", dx=4, dy=-8).encode(
            x=x("left"), y=y("y"), text="up_name:N"
        ),
    ]
    labelled = small_data(_labelled(deals, first, second, deal_names, frame))
    base = alt.Chart(labelled).encode(x=x("x"), y=y("y"))
    layers.append(
        base.mark_circle(style="outline", fill=OKABE_ITO[0], fillOpacity=0.85).encode(
            size=alt.Size(
                "feasible:Q", scale=alt.Scale(domain=[0, 1], range=[25, 420]), legend=None
            ),
            tooltip=[
                alt.Tooltip("name:N", title="deal"),
                alt.Tooltip("inside:N", title="inside the range"),
                alt.Tooltip("x:Q", title=x_title, format=".1f"),
                alt.Tooltip("y:Q", title=y_title, format=".1f"),
            ],
        )
    )
    layers.append(
        base.mark_text(
            style="note", align=_by_width("align"), dx=_by_width("dx"), dy=_by_width("dy")
        )
        .transform_calculate(text=_by_width("label").expr)
        .encode(text="text:N")
    )
    chart = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)
    return finished(chart)


def _by_width(field: str) -> alt.ExprRef:
    """A column for the chart's width: ``wide_...`` or, on a phone, ``narrow_...``."""
    return alt.ExprRef(f"width < {NARROW} ? datum.narrow_{field} : datum.wide_{field}")


def region_name(range_share: float) -> str:
    """Name the region that both prefer to going on, by the share of worlds with a deal in it."""
    if round(range_share * 20) < 1:
        return "no deal both prefer to going on"
    return "both prefer a deal here"


def _labelled(
    deals: pd.DataFrame, first: str, second: str, deal_names: Mapping[str, str], frame: Frame
) -> pd.DataFrame:
    """One row a deal with its label, and where it finds room on a wide and on a narrow chart."""
    records: list[dict[str, Any]] = deals.to_dict("records")
    rows = []
    for deal in sorted(records, key=lambda deal: -deal["feasible_share"]):
        share = deal["feasible_share"]
        name = deal_names.get(deal["deal"], deal["deal"])
        rows.append(
            {
                "name": name,
                "x": round(deal[f"value_{first}"], 2),
                "y": round(deal[f"value_{second}"], 2),
                "feasible": round(share, 4),
                "inside": worlds_in_twenty(share),
                "wide_label": f"{name}, {in_twenty(share)}" if round(share * 20) else name,
                "narrow_label": name,
            }
        )
    table = pd.DataFrame(rows)
    cross = (records[0][f"reservation_{first}"], records[0][f"reservation_{second}"])
    for size, width in (("wide", WIDTH), ("narrow", PHONE_WIDTH)):
        points = [frame.pixel(x, y, width) for x, y in zip(table["x"], table["y"], strict=True)]
        drawn = _drawn(frame.pixel(*cross, width), width)
        placed = places(points, table[f"{size}_label"].tolist(), drawn, width)
        table[f"{size}_align"] = [align for align, _ in placed]
        table[f"{size}_dx"] = [RADIUS if align == "left" else -RADIUS for align, _ in placed]
        table[f"{size}_dy"] = [row * LINE for _, row in placed]
    return table


def _drawn(cross: tuple[float, float], width: float) -> list[Box]:
    """What labels had better not cover: the values of going on, their names, the region's name."""
    x, y = cross
    name = 18 * LETTER
    return [
        (x - 3, 0.0, x + 3, float(HEIGHT)),
        (0.0, y - 3, width, y + 3),
        (x, HEIGHT - LINE, x + name, float(HEIGHT)),
        (0.0, y - LINE, name, y),
        (width - 32 * LETTER, 0.0, width, LINE),
    ]
