"""The report's charts with what stands around them: question, sentence, table, source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ripeness.views import rundata
from ripeness.views.charts.bargaining import Frame, negotiation_chart
from ripeness.views.charts.map import ground_map
from ripeness.views.charts.theme import page_spec
from ripeness.views.ground import lay_out
from ripeness.views.rundata import Cell, RunCard
from ripeness.views.words import long_date, percent, quantity, weeks_on, worlds_in_twenty

HALF_A_YEAR = 26
AXIS, FACET_HEADS = 40, 62
"""What stands around the panels of a chart, in pixels."""


@dataclass(frozen=True)
class Figure:
    """A chart and all that stands around it.

    Attributes
    ----------
    id
        Short name, unique on the page.
    question
        Title of the figure.
    sentence
        The answer in one sentence, made from the data; also read out in place of the picture.
    spec
        The Vega-Lite specification, in the page's own colours.
    heads, rows
        The data as a table.
    source
        Where the data comes from.
    """

    id: str
    question: str
    sentence: str
    spec: dict[str, Any]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    source: str

    @property
    def height(self) -> int:
        """The room that the chart will take in a wide page, in pixels."""
        if "facet" in self.spec:
            return self.spec["spec"]["height"] + FACET_HEADS
        return self.spec["height"] + AXIS


def model_source(card: RunCard, reading: str = "") -> str:
    """The source line of a chart of the run, and how it is to be read."""
    what = (
        f"Model: run {card.run_id}, {quantity(card.charted_worlds)} worlds a plan, seed {card.seed}"
    )
    return f"{what}; {reading}." if reading else f"{what}."


def map_figure(record_folder: Path, card: RunCard, regions: Mapping[str, Sequence[str]]) -> Figure:
    """The map of the ground on the day of the decision, as it was known on that day."""
    first, second = card.sides.values()
    control = rundata.read_control(record_folder, card.decision_date)
    home = [cell for cell in control if cell.country == first]
    ground = lay_out(record_folder / rundata.BOUNDARIES, first, regions, control)
    held, whole = _held_km2(home), sum(cell.km2 for cell in home)
    known = max(cell.known for cell in control if cell.known)
    return Figure(
        id="map",
        question=f"Who held what on {long_date(card.decision_date)}?",
        sentence=(
            f"{second} held about {quantity(round(held, -3))} km² of {first}, "
            f"{percent(held / whole)} of it; both held a part of the outlined cells at the front."
        ),
        spec=page_spec(ground_map(ground, (first, second))),
        heads=("Oblast", f"Held by {second}, km²", "Share of the oblast"),
        rows=_oblast_rows(home),
        source=(
            f"Record: share of each H3 cell as known on {long_date(known.isoformat())} "
            "(control_cells.csv in the case's record); boundaries: boundaries.topojson there."
        ),
    )


def negotiation_figures(folder: Path, card: RunCard) -> list[Figure]:
    """The negotiation chart of each plan, about half a year after the decision."""
    week = card.nearest_milestone(HALF_A_YEAR)
    table = rundata.read_negotiation(folder, week).dropna()
    if table.empty:
        return []
    first, second = card.sides
    frame = Frame.around(table, first, second)
    reading = (
        "of the worlds in which the war still goes on; lines: median value of going on, bands: "
        "10 to 90 % of worlds; dots: medians"
    )
    figures = []
    for plan in card.plans:
        deals = rundata.where(table, "plan", plan)
        if deals.empty:
            continue
        figures.append(
            Figure(
                id=f"deals-{plan}",
                question=f"Plan ‘{plan}’: is there a deal that both prefer to going on?",
                sentence=negotiation_sentence(deals, card, week),
                spec=page_spec(negotiation_chart(deals, card.sides, card.deals, frame)),
                heads=(
                    "Deal",
                    f"Worth to {card.sides[first]}",
                    f"Worth to {card.sides[second]}",
                    "Inside the range",
                    "Best by the Nash product",
                    "Struck by then, of all worlds",
                ),
                rows=_deal_rows(deals, card),
                source=model_source(card, reading),
            )
        )
    return figures


def negotiation_sentence(deals: pd.DataFrame, card: RunCard, week: int) -> str:
    """Say in how many worlds there is a deal, and which lies inside the range most often."""
    rows = deals.to_dict("records")
    found, when = rows[0]["range_share"], weeks_on(week).capitalize()
    if round(found * 20) < 1:
        return f"{when} there is one in {worlds_in_twenty(found)}."
    best = max(rows, key=lambda row: row["feasible_share"])
    return (
        f"{when} there is one in {worlds_in_twenty(found)}; most often it is "
        f"{card.deals.get(best['deal'], best['deal'])}, inside the range in "
        f"{worlds_in_twenty(best['feasible_share'])}."
    )


def _held_km2(cells: Sequence[Cell]) -> float:
    return sum(cell.share * cell.km2 for cell in cells)


def _oblast_rows(home: Sequence[Cell]) -> tuple[tuple[str, ...], ...]:
    rows = []
    for name in sorted({cell.oblast for cell in home}):
        cells = [cell for cell in home if cell.oblast == name]
        held, whole = _held_km2(cells), sum(cell.km2 for cell in cells)
        if held >= 1:
            rows.append((name, quantity(round(held, -1)), percent(held / whole)))
    return tuple(rows)


def _deal_rows(deals: pd.DataFrame, card: RunCard) -> tuple[tuple[str, ...], ...]:
    def worth(deal: Mapping[str, float], side: str) -> str:
        middle, low, high = (deal[f"value_{side}{end}"] for end in ("", "_low", "_high"))
        return f"{quantity(round(middle))} ({quantity(round(low))} to {quantity(round(high))})"

    rows: list[dict[str, Any]] = deals.to_dict("records")
    return tuple(
        (
            card.deals.get(deal["deal"], deal["deal"]),
            *(worth(deal, side) for side in card.sides),
            *(worlds_in_twenty(deal[f"{kind}_share"]) for kind in ("feasible", "best", "struck")),
        )
        for deal in sorted(rows, key=lambda deal: -deal["feasible_share"])
    )
