"""Panels as sections of a page, the same in the report and in the app."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from jinja2 import Environment

from ripeness.views import terms
from ripeness.views import verdicts as order
from ripeness.views.page import environment
from ripeness.views.panels.panel import Panel
from ripeness.views.panels.question import record_day
from ripeness.views.shown import Shown


class Link(Protocol):
    """Give the address of a panel, of a place in it, or of a claim (panel ``claim``)."""

    def __call__(self, panel: str, anchor: str | None = None, **query: str) -> str:
        """Give the address."""
        ...


def within_page(panel: str, anchor: str | None = None, **_query: str) -> str:
    """Link to a place of the report."""
    return f"#{quote(anchor or panel)}"


def in_app(run_id: str) -> Link:
    """Link to the pages that the app has of a run."""

    def to(panel: str, anchor: str | None = None, **query: str) -> str:
        place = f"/runs/{quote(run_id)}"
        if panel == "claim":
            return f"{place}/claims/{quote(anchor or '', safe='')}"
        asked = f"?{urlencode(query)}" if query else ""
        return f"{place}/{panel}{asked}" + (f"#{quote(anchor)}" if anchor else "")

    return to


def templates() -> Environment:
    """The templates, with the filters that write verdicts."""
    shown = (order.share_figures, order.effect, order.effect_range, order.figure)
    told = (order.compared, order.other_ways, order.reason, order.begins)
    made = environment(*shown, *told, terms.explained)
    made.globals["term"] = terms.term
    return made


def told(panels: Sequence[Panel], shown: Shown, to: Link) -> dict[str, Any]:
    """What the templates of panels read, and what the page's scripts do.

    Parameters
    ----------
    to
        Gives the links of the page.
    """
    data: dict[str, Any] = {"terms": terms.TERMS}
    for panel in panels:
        data |= panel.data
    figures = [figure for panel in panels for figure in panel.figures]
    return {
        "title": shown.card.title,
        "card": shown.card,
        "panels": panels,
        "by_id": shown.by_id,
        "in_app": to is not within_page,
        "to": to,
        "record_day": record_day(shown),
        "specs": {figure.id: figure.spec for figure in figures},
        "data": data,
    }
