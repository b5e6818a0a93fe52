"""The explorer: move an assumption, or demand an outcome, and see which verdicts turn.

In the app the columns come from the server, more at wish, and exact answers too; in the report a
coarser sample lies in the page.
"""

from __future__ import annotations

from typing import Any

from ripeness.claims.within import split
from ripeness.views import page, turns
from ripeness.views import verdicts as order
from ripeness.views.explored import CLAIM, MOST_PLANS, PAIRS, packed
from ripeness.views.figures import HALF_A_YEAR
from ripeness.views.panels.panel import Panel
from ripeness.views.shown import Shown
from ripeness.views.verdicts import meaning
from ripeness.views.words import quantity

LEADING = 8
"""So many assumptions are shown at first."""

REPORTED_ROWS, REPORTED_BINS = 20_000, 40
"""Of the report, which is to stay small."""


def panel(shown: Shown, in_report: bool = False) -> Panel | None:
    """Give the explorer; None if there is no claim that worlds answer.

    Parameters
    ----------
    in_report
        Whether the worlds lie in the page itself, as there is no server.
    """
    if not is_there(shown):
        return None
    card = shown.card
    assumed, outcomes = leading_assumptions(shown), leading_outcomes(shown, in_report)
    plan = card.plans[min(1, len(card.plans) - 1)]
    claims = [_claim(verdict) for verdict in shown.verdicts if verdict["share"] is not None]
    names = [
        *assumed,
        *(f"{plan}:{outcome}" for outcome in outcomes for plan in card.plans),
        *(f"{PAIRS}{outcome}" for outcome in outcomes if 1 < len(card.plans) <= MOST_PLANS),
        *(f"{CLAIM}{claim['id']}" for claim in claims),
    ]
    content = {
        "assumed": [_about(shown, name) for name in assumed],
        "outcomes": [_about(shown, name) for name in outcomes],
        "plan": plan,
        "plans": {name: shown.case["plans"].get(name, {}).get("name", name) for name in card.plans},
        "more": [] if in_report else _more(shown, names),
        "worlds": quantity(min(card.worlds, REPORTED_ROWS) if in_report else card.worlds),
    }
    return Panel(
        id="explorer",
        title="Move an assumption, and watch the verdicts turn",
        lead=(
            "Each histogram shows the worlds by one assumption or outcome. Take a part of one: "
            "only worlds in that part remain, and every verdict is given for them."
        ),
        content=content,
        data={
            "explorer": {
                "address": None if in_report else f"/runs/{card.run_id}/explorer",
                "names": names,
                "packed": _inside(shown, names) if in_report else None,
                "worlds": card.worlds,
                "plans": list(card.plans),
                "claims": claims,
            }
        },
    )


def is_there(shown: Shown) -> bool:
    """Whether there is a claim that worlds answer."""
    return shown.ask is not None and any(v["share"] is not None for v in shown.verdicts)


def leading_assumptions(shown: Shown) -> list[str]:
    """The assumptions that turn some claim furthest, then those that most claims hang on."""
    turning = [one["assumption"] for one in turns.leading(shown.ends, shown.verdicts, LEADING)]
    hinges = [hinge.column for hinge in order.hinges(shown.verdicts, shown.card.columns)]
    known = [name for name in dict.fromkeys((*turning, *hinges)) if _varies(shown, name)]
    return known[:LEADING]


def _varies(shown: Shown, name: str) -> bool:
    """Whether an assumption has more than one value in these worlds."""
    about = shown.card.columns.get(name, {})
    return about.get("role") == "assumption" and not _is_one_number(about.get("assumed", ""))


def _is_one_number(assumed: str) -> bool:
    value, _, _ = assumed.partition(" ")
    rest = assumed.removeprefix(value).strip()
    return rest.startswith("(") and value.replace(".", "").lstrip("-").isdigit()


def leading_outcomes(shown: Shown, few: bool) -> list[str]:
    """Both sides' hands, how soon the war ends, talks, escalation, and what it is worth to them."""
    card = shown.card
    week = card.nearest_milestone(HALF_A_YEAR)
    wanted = [
        *(f"leverage_{side}_w{week}" for side in card.sides),
        "end_week",
        f"talks_open_w{week}",
        "highest_rung",
    ]
    if not few:
        wanted += [f"payoff_{side}" for side in card.sides]
    return [name for name in wanted if card.columns.get(name, {}).get("role") == "outcome"]


def _about(shown: Shown, name: str) -> dict[str, str]:
    about = shown.card.columns[name]
    told = meaning(about)
    return {
        "name": name,
        "means": told[:1].upper() + told[1:],
        "assumed": about.get("assumed", ""),
    }


def _more(shown: Shown, names: list[str]) -> list[tuple[str, list[dict[str, str]], bool]]:
    """What can be added, assumptions and outcomes apart: a title, columns, and whether outcomes."""
    there = {split(name)[1] for name in names}
    columns = shown.card.columns
    left = [name for name in columns if name not in there]
    return [
        ("Assumptions", [_about(shown, name) for name in left if _varies(shown, name)], False),
        (
            "Outcomes, under the plan chosen",
            [_about(shown, name) for name in left if columns[name]["role"] == "outcome"],
            True,
        ),
    ]


def _claim(verdict: order.Verdict) -> dict[str, Any]:
    return {
        name: verdict[name]
        for name in ("id", "says", "essay", "against", "share", "share_low", "share_high")
    }


def _inside(shown: Shown, names: list[str]) -> str:
    """The columns as the report holds them: compressed, and as text."""
    content = packed(shown, names, REPORTED_ROWS, REPORTED_BINS, differences=True)
    return page.packed(content)
