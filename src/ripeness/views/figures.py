"""The report's charts with what stands around them: question, sentence, table, source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ripeness.views.rundata import RunCard
from ripeness.views.words import quantity

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

    def _repr_mimebundle_(self, **_how: Any) -> Any:
        """Show the chart in a notebook, as Altair shows one there, in colours for white paper."""
        import altair as alt

        from ripeness.views.charts.theme import LIGHT, config

        show = alt.renderers.get()
        return show({**self.spec, "config": config(LIGHT)}) if show is not None else {}

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
