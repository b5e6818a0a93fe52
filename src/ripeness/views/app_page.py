"""The pages that the app has of a run: each shows one panel, or one claim."""

from __future__ import annotations

from collections.abc import Mapping

from ripeness.errors import UsageError, suggest
from ripeness.views.page import WEB
from ripeness.views.panels import choose, claim
from ripeness.views.panels.panel import Panel
from ripeness.views.sections import in_app, templates, told
from ripeness.views.shown import Shown

PANELS: dict[str, str] = {name: title for name, (title, _) in choose.PANELS.items()}
"""What the tabs call the panels, by their ids."""


def render_panel(shown: Shown, name: str, query: Mapping[str, str]) -> str:
    """Make the page of a panel.

    Parameters
    ----------
    name
        The panel's id.
    query
        What the reader chose in it, as the page's address says it.

    Raises
    ------
    UsageError
        If there is no such panel, the run has not what it needs, or a choice is none of those that
        there are.
    """
    if name not in choose.PANELS:
        raise UsageError(f"there is no panel {name!r}{suggest(name, choose.PANELS)}")
    title, make = choose.PANELS[name]
    panel = make(shown, query)
    if panel is None:
        raise UsageError(f"this run has nothing to show under “{title}”")
    return _page(panel, shown, name)


def render_claim(shown: Shown, claim_id: str) -> str:
    """Make the page of a claim.

    Raises
    ------
    UsageError
        If there is no such claim.
    """
    return _page(claim.panel(shown, claim_id), shown, "claims")


def _page(panel: Panel, shown: Shown, here: str) -> str:
    """Make the page of a panel, under a tab; a panel may have a style sheet of its own."""
    own = f"{panel.id}.css"
    page = templates().get_template("app/run.html.j2")
    return page.render(
        **told([panel], shown, in_app(shown.card.run_id)),
        tabs=choose.tabs(shown),
        here=here,
        styles=[own] if (WEB / own).is_file() else [],
    )
