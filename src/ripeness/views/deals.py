"""What could be agreed, what is, and how wars end: figures of a run under each plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ripeness.views import rundata
from ripeness.views.charts.bargaining import Frame, negotiation_chart
from ripeness.views.charts.endings import deals_chart, endings_chart
from ripeness.views.charts.theme import page_spec
from ripeness.views.figures import HALF_A_YEAR, Figure, model_source
from ripeness.views.rundata import RunCard
from ripeness.views.shares import Shares, across_plans, exact, shares_of, twenty
from ripeness.views.words import (
    SPACE,
    listed,
    quantity,
    weeks_on,
    worlds_in_twenty,
)

ENDINGS = {
    "deal": "ends in a deal",
    "dictated": "one side collapses, terms are dictated",
    "wider war": "becomes a wider war",
    "still going": "still goes on at the end",
}
"""What becomes of a war, by the word of the table of worlds; the last has not ended."""


def negotiation_figures(
    folder: Path, card: RunCard, week: int | None = None, plans: Sequence[str] | None = None
) -> list[Figure]:
    """The negotiation chart of each plan at a week, on the same scales for all plans.

    Parameters
    ----------
    week
        One of the run's milestones; that nearest to half a year if not said.
    plans
        Of which plans; of all if not said.
    """
    week = card.nearest_milestone(HALF_A_YEAR) if week is None else week
    table = rundata.read_negotiation(folder, week).dropna()
    if table.empty:
        return []
    first, second = card.sides
    frame = Frame.around(table, first, second)
    reading = (
        "of the worlds in which the war still goes on; lines: median value of going on, bands: "
        f"10 to 90{SPACE}% of worlds; dots: medians"
    )
    figures = []
    for plan in card.plans if plans is None else plans:
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


def range_sentence(folder: Path, week: int) -> str:
    """Say under which plan there most often is a deal that both prefer, and under which least."""
    table = rundata.read_negotiation(folder, week).dropna()
    rows: list[dict[str, Any]] = table.to_dict("records")
    found = {row["plan"]: row["range_share"] for row in rows}
    when = weeks_on(week).capitalize()
    if not found:
        return f"{when} no war goes on."
    return (
        f"{when} there is a deal that both sides prefer to going on {across_plans(found)}, of "
        "those in which the war still goes on."
    )


def endings_figure(folder: Path, card: RunCard) -> Figure | None:
    """How wars end by the horizon under each plan; none if the run has no table of worlds."""
    shares = shares_of(folder, "end_kind", list(ENDINGS))
    if not shares:
        return None
    dots = {plan: [ENDINGS[kind] for kind in twenty(shares[plan])] for plan in card.plans}
    return Figure(
        id="endings",
        question=f"How does the war end by week {card.weeks}?",
        sentence=endings_sentence(shares, card),
        spec=page_spec(endings_chart(dots, list(ENDINGS.values()))),
        heads=("Plan", *ENDINGS.values()),
        rows=tuple((plan, *map(exact, shares[plan].values())) for plan in card.plans),
        source=worlds_source(card, f"in the table: 95{SPACE}% Monte Carlo intervals"),
    )


def endings_sentence(shares: Shares, card: RunCard) -> str:
    """Say how often wars go on, and how often they end in a deal."""

    def said(kind: str) -> str:
        return across_plans({plan: shares[plan][kind].value for plan in card.plans})

    when = weeks_on(card.weeks).capitalize()
    return f"{when} the war still goes on {said('still going')}; a deal ended it {said('deal')}."


def deals_figure(folder: Path, card: RunCard) -> Figure | None:
    """Which deals are struck by the horizon under each plan; none if none is in any world."""
    shares = shares_of(folder, "deal", list(card.deals), "end_kind = 'deal'")
    struck = [deal for deal in card.deals if any(mine[deal].value for mine in shares.values())]
    if not struck:
        return None
    names = [card.deals[deal] for deal in struck]
    rows = [
        {
            "deal": card.deals[deal],
            "plan": plan,
            "share": share.value,
            "low": share.low,
            "high": share.high,
            "says": exact(share),
        }
        for deal in struck
        for plan in card.plans
        for share in (shares[plan][deal],)
    ]
    return Figure(
        id="deals-struck",
        question=f"Which deals are struck by week {card.weeks}?",
        sentence=deals_sentence(shares, card),
        spec=page_spec(deals_chart(pd.DataFrame(rows), card.plans, names)),
        heads=("Plan", *names),
        rows=tuple((plan, *(exact(shares[plan][deal]) for deal in struck)) for plan in card.plans),
        source=worlds_source(card, f"shares of all worlds, with 95{SPACE}% Monte Carlo intervals"),
    )


def deals_sentence(shares: Shares, card: RunCard) -> str:
    """Say which deal is struck most often under each plan, those plans together that agree."""
    leading: dict[str, list[str]] = {}
    for plan in card.plans:
        mine = shares[plan]
        leading.setdefault(max(mine, key=lambda deal: mine[deal].value), []).append(plan)
    told = []
    for deal, plans in leading.items():
        most = max(shares[plan][deal].value for plan in plans)
        often = f"{worlds_in_twenty(most)}{' at most' if len(plans) > 1 else ''}"
        told.append(f"{card.deals[deal]} under {listed(plans)} ({often})")
    return f"Struck most often: {'; '.join(told)}."


def worlds_source(card: RunCard, reading: str) -> str:
    """The source line of a chart of all worlds, not only of those whose weeks are kept."""
    return (
        f"Model: run {card.run_id}, {quantity(card.worlds)} worlds a plan, seed {card.seed}; "
        f"{reading}."
    )


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
