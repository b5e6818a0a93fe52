"""What comes of each plan, in a terminal: when wars end, how far they go, who has leverage."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rich.table import Table
from rich.text import Text

from ripeness.claims.estimates import Estimate
from ripeness.views import rundata
from ripeness.views.figures import HALF_A_YEAR
from ripeness.views.ladder import RUNGS
from ripeness.views.rundata import RunCard
from ripeness.views.shares import shares_of, twenty
from ripeness.views.small_charts import bar, dots, span
from ripeness.views.titled import titled
from ripeness.views.words import DOTS, alike, interval, listed, percent, weeks_on

TOLD_OF = (26, 52, 104)
"""Weeks after the decision, or the milestones next to them, at which wars are counted."""

AXIS = 31
"""Letters of an axis."""


def plan_tables(folder: Path, card: RunCard) -> list[Table]:
    """Make a table of each of these, as far as the run has what it needs."""
    made = (_endings(folder, card), _rungs(folder, card), *_leverage(folder, card))
    return [table for table in made if table is not None]


def _endings(folder: Path, card: RunCard) -> Table | None:
    weeks = sorted({card.nearest_milestone(week) for week in TOLD_OF})
    ended = {week: shares_of(folder, f"ended_w{week}::int", [1]) for week in weeks}
    if not all(ended.values()):
        return None
    table = titled("Worlds in which the war has ended")
    table.add_column("plan", min_width=_longest(card))
    for week in weeks:
        table.add_column(weeks_on(week), ratio=1)
    for plan in card.plans:
        shares = [ended[week][plan][1] for week in weeks]
        cells = [Text(f"{bar(share.value)}\n{_figures(share)}") for share in shares]
        table.add_row(Text(plan), *cells)
    return table


def _rungs(folder: Path, card: RunCard) -> Table | None:
    shares = shares_of(folder, "highest_rung::int", range(len(RUNGS)))
    if not shares:
        return None
    table = titled("How far it escalates: 20 worlds by the highest rung that they reach")
    table.add_column("plan", min_width=_longest(card))
    table.add_column("worlds", min_width=DOTS)
    table.add_column("so many of them", ratio=1)
    for plan in card.plans:
        mine = twenty(shares[plan])
        count = Counter(mine)
        told = [f"{count[rung]} {name}" for rung, name in enumerate(RUNGS) if count[rung]]
        table.add_row(Text(plan), Text(dots(mine)), Text(listed(told)))
    return table


def _leverage(folder: Path, card: RunCard) -> list[Table]:
    week, weekly = card.nearest_milestone(HALF_A_YEAR), rundata.read_weekly(folder)
    then = rundata.where(weekly, "week", week)
    made = []
    for side, name in card.sides.items():
        found = rundata.where(then, "series", f"leverage_{side}").to_dict("records")
        rows = {row["plan"]: row for row in found}
        if not set(card.plans) <= set(rows):
            continue
        ends = min(row["q10"] for row in found), max(row["q90"] for row in found)
        table = titled(f"Leverage of {name} {weeks_on(week)}, points of the stake")
        table.add_column("plan", min_width=_longest(card))
        low, high = alike(ends)
        table.add_column(f"{low}{high:>{AXIS - len(low)}}", min_width=AXIS)
        table.add_column("median (80 % of worlds)", ratio=1)
        for plan in card.plans:
            three = [rows[plan][name] for name in ("q10", "q50", "q90")]
            low, middle, high = alike(three)
            drawn = span(three[0], three[1], three[2], ends, AXIS)
            table.add_row(Text(plan), Text(drawn), Text(f"{middle} ({low} to {high})"))
        made.append(table)
    return made


def _figures(share: Estimate) -> str:
    return f"{percent(share.value)} ({interval(share.low, share.high)})"


def _longest(card: RunCard) -> int:
    return max(map(len, card.plans))
