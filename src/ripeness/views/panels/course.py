"""The course: how it goes under each plan, week by week."""

from __future__ import annotations

from ripeness.views.panels.panel import Panel
from ripeness.views.paths import fan_figures, line_figures
from ripeness.views.shown import Shown

ELSEWHERE = "leverage_"
"""Begins the names of series that the panel of negotiation shows."""


def panel(shown: Shown) -> Panel | None:
    """Give the weekly series; None if the run kept none that is shown."""
    figures = [
        figure
        for figure in (
            *line_figures(shown.folder, shown.card),
            *fan_figures(shown.folder, shown.card),
        )
        if not figure.id.startswith(ELSEWHERE)
    ]
    if not figures:
        return None
    return Panel(
        id="course",
        title="How it goes under each plan",
        lead="Every plan runs in the same worlds with the same luck.",
        figures=tuple(figures),
    )
