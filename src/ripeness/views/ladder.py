"""How far it escalates: the ladder of a run under each plan, as figure and in words."""

from __future__ import annotations

from pathlib import Path

from ripeness.views.charts.ladder import ladder_chart
from ripeness.views.charts.theme import page_spec
from ripeness.views.deals import worlds_source
from ripeness.views.figures import Figure
from ripeness.views.rundata import RunCard
from ripeness.views.shares import Shares, across_plans, exact, shares_of, twenty
from ripeness.views.words import SPACE

RUNGS = (
    "as before",
    "sabotage of supporters",
    "strikes on supplies outside",
    "direct clash",
    "nuclear use",
)
"""The ladder of escalation, from the bottom up."""

CLASH = 3
"""From this rung on there is a direct clash with a supporter."""

LEVELS = list(range(len(RUNGS)))


def ladder_figure(folder: Path, card: RunCard) -> Figure | None:
    """The highest rung that a world reaches, under each plan; none without a table of worlds."""
    shares = shares_of(folder, "highest_rung::int", LEVELS)
    if not shares:
        return None
    reach = [shares_of(folder, f"(highest_rung >= {rung})", [True]) for rung in LEVELS[1:]]
    dots = {plan: twenty(shares[plan]) for plan in card.plans}
    few = {plan: [rung for rung in LEVELS if rung not in mine] for plan, mine in dots.items()}
    return Figure(
        id="ladder",
        question="How far up the ladder does it go?",
        sentence=ladder_sentence(shares, card),
        spec=page_spec(ladder_chart(dots, few, RUNGS)),
        heads=("Plan", *(f"{name} or worse" for name in RUNGS[1:-1]), RUNGS[-1], RUNGS[0]),
        rows=tuple(
            (plan, *(exact(reached[plan][True]) for reached in reach), exact(shares[plan][0]))
            for plan in card.plans
        ),
        source=worlds_source(
            card,
            f"each dot: 1 in 20 worlds, by the highest rung reached by week {card.weeks}; in the "
            f"table: worlds that reach a rung, with 95{SPACE}% Monte Carlo intervals",
        ),
    )


def ladder_sentence(shares: Shares, card: RunCard) -> str:
    """Say how often it leaves the ground, and how often it comes to a direct clash."""
    leaves = {plan: 1 - shares[plan][0].value for plan in card.plans}
    clash = {plan: sum(shares[plan][rung].value for rung in LEVELS[CLASH:]) for plan in card.plans}
    return (
        f"It escalates beyond what was before {across_plans(leaves)}; to {RUNGS[CLASH]} or worse "
        f"it comes {across_plans(clash)}."
    )


def clash_sentence(folder: Path, card: RunCard) -> str:
    """Say how often it comes to a direct clash; empty without a table of worlds."""
    shares = shares_of(folder, f"(highest_rung >= {CLASH})", [True])
    if not shares:
        return ""
    clash = {plan: shares[plan][True].value for plan in card.plans}
    return f"It comes to {RUNGS[CLASH]} or worse {across_plans(clash)}."
