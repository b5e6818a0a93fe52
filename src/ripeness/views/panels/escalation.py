"""Escalation: how far it goes, what is believed of red lines, and both sides in the mirror."""

from __future__ import annotations

from ripeness.case.load import MIRROR_FILE
from ripeness.views.beside import read_beside
from ripeness.views.figures import Figure
from ripeness.views.ladder import clash_sentence, ladder_figure
from ripeness.views.mirror_figure import mirror_figure
from ripeness.views.panels.panel import Panel
from ripeness.views.red_lines import belief_figures, odds_figures
from ripeness.views.shown import Shown


def panel(shown: Shown) -> Panel | None:
    """Give the ladder, the beliefs and the mirror; None if the run has none of them."""
    folder, card = shown.folder, shown.card
    ladder = ladder_figure(folder, card)
    odds, beliefs = odds_figures(folder, card), belief_figures(folder, card)
    mirror = read_beside(folder, MIRROR_FILE)
    in_mirror = [mirror_figure(mirror, card)] if mirror else []
    climbs: list[Figure] = [ladder] if ladder else []
    figures = (*climbs, *odds, *beliefs, *in_mirror)
    if not figures:
        return None
    return Panel(
        id="escalation",
        title="How far it escalates",
        lead=clash_sentence(folder, card) or figures[0].sentence,
        content={
            "climbs": climbs,
            "odds": odds,
            "beliefs": beliefs,
            "mirror": in_mirror,
            "says": mirror["says"] if mirror else (),
        },
        figures=figures,
    )
