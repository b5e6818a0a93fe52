"""The hindcast: how good forecasts of the case were, beside simple ones, and what came."""

from __future__ import annotations

from ripeness.case.load import HINDCAST_FILE
from ripeness.views.beside import rests_on
from ripeness.views.hindcast_summary import read_hindcast_summary
from ripeness.views.panels.panel import Panel
from ripeness.views.shown import Shown


def panel(shown: Shown) -> Panel | None:
    """Give its scores and forecasts; None if none lay beside the case when the run was made."""
    found = read_hindcast_summary(shown.folder / HINDCAST_FILE)
    if found is None:
        return None
    return Panel(
        id="hindcast",
        title="How good its forecasts were",
        lead=found["summary"],
        content={
            "scored": found,
            "rests": rests_on(found, shown.card) if "case_hash" in found else "",
        },
        figures=(found["figure"], *found["figures"]),
    )
