"""The limits: what the numbers do and do not say."""

from __future__ import annotations

from ripeness.views.answer import CAUTION
from ripeness.views.panels.panel import Panel
from ripeness.views.shown import Shown
from ripeness.views.terms import TERMS


def panel(shown: Shown) -> Panel:
    """Give what every number of a run must be read with."""
    return Panel(
        id="limits",
        title="What these numbers are, and are not",
        lead="Each verdict maps assumptions to a conclusion; none predicts anything.",
        content={"caution": CAUTION, "learned": shown.learned is not None, "terms": TERMS},
    )
