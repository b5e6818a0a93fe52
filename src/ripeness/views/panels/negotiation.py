"""Negotiation: what could be agreed, how strong hands are, what is agreed, how wars end."""

from __future__ import annotations

from collections import Counter

from ripeness.errors import UsageError
from ripeness.views.deals import (
    deals_figure,
    endings_figure,
    negotiation_figures,
    range_sentence,
)
from ripeness.views.figures import HALF_A_YEAR
from ripeness.views.panels.panel import Panel
from ripeness.views.paths import fan_figures
from ripeness.views.shown import Shown
from ripeness.views.words import listed, weeks_on


def panel(shown: Shown, plan: str | None = None, week: str | None = None) -> Panel | None:
    """Give what could be and what is agreed; None if no deal can be in the run.

    Parameters
    ----------
    plan
        Whose deals are shown; those of all if not said, as in the report, where nothing is chosen.
    week
        One of the run's milestones; that nearest to half a year if not said.

    Raises
    ------
    UsageError
        If the run has no such plan or milestone.
    """
    card = shown.card
    if not card.deals:
        return None
    at = _milestone(shown, week)
    if plan is not None and plan not in card.plans:
        raise UsageError(f"the run has no plan {plan!r}; it has {listed(card.plans)}")
    deals = negotiation_figures(shown.folder, card, at, None if plan is None else [plan])
    leverage = fan_figures(shown.folder, card, "leverage_")
    made = (endings_figure(shown.folder, card), deals_figure(shown.folder, card))
    ends = [figure for figure in made if figure is not None]
    if not (deals or leverage or ends):
        return None
    return Panel(
        id="negotiation",
        title="What could be agreed, and what is",
        lead=range_sentence(shown.folder, at),
        content={
            "plan": plan,
            "week": at,
            "weeks": {each: weeks_on(each) for each in card.milestones},
            "deals": deals,
            "leverage": leverage,
            "ends": ends,
        },
        figures=(*deals, *leverage, *ends),
    )


def most_spoken_of(shown: Shown) -> str:
    """The plan that most claims set against another; the last one if none does."""
    plans = shown.card.plans
    first = Counter(verdict["compare"][0] for verdict in shown.verdicts if verdict["compare"])
    return max(reversed(plans), key=lambda plan: first[plan])


def _milestone(shown: Shown, week: str | None) -> int:
    milestones = shown.card.milestones
    if week is None:
        return shown.card.nearest_milestone(HALF_A_YEAR)
    if week not in map(str, milestones):
        has = listed([str(each) for each in milestones])
        raise UsageError(f"the run keeps no deals of week {week!r}; it keeps those of {has}")
    return int(week)
