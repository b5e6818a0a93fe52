"""The question: what is to be decided, what the texts say of it, where they part, the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ripeness.views import turns
from ripeness.views import verdicts as order
from ripeness.views.answer import CAUTION, answer
from ripeness.views.panels.panel import Panel
from ripeness.views.shown import Shown
from ripeness.views.verdicts import Verdict

LEADING_PAIRS, LEADING_TURNS = 3, 4
BARE = ("share", "chance", "times", "log", "logit", "exponent")
"""Units that say nothing beside what is measured."""


def panel(shown: Shown) -> Panel:
    """Give the first thing to be seen of a run."""
    said = (
        answer(shown.verdicts, shown.essays, shown.card.columns, shown.ends)
        if shown.verdicts
        else ()
    )
    return Panel(
        id="question",
        title="The question",
        lead=shown.case["question"],
        content={
            "case": shown.case,
            "answer": said,
            "caution": CAUTION,
            "pairs": leading_pairs(shown),
            "turns": leading_turns(shown),
            "as_of": record_day(shown),
            "learned": shown.learned is not None,
        },
    )


def leading_turns(shown: Shown) -> list[dict[str, Any]]:
    """What turns verdicts most, each with the claim that it turns most."""
    columns = shown.card.columns
    hinges = {hinge.column: hinge for hinge in order.hinges(shown.verdicts, columns)}
    found = []
    for ends in turns.leading(shown.ends, shown.verdicts, LEADING_TURNS):
        hinge = hinges[ends["assumption"]]
        unit = columns.get(hinge.column, {}).get("unit", "")
        unit = "" if unit in BARE or unit in hinge.meaning else unit
        found.append({"hinge": hinge, "claim": ends["claim"], "told": turns.told(ends, unit)})
    return found


def leading_pairs(shown: Shown) -> list[tuple[Verdict, Verdict, Mapping[str, Any]]]:
    """Opposed claims that worlds answer, those first between which one assumption decides most.

    No claim comes twice: three pairs are to show three disagreements.
    """
    told = {frozenset((one["first"], one["second"])): one for one in shown.cruxes}
    pairs = [
        (a, b, told[frozenset((a["id"], b["id"]))])
        for a, b in order.opposed_pairs(shown.verdicts)
        if frozenset((a["id"], b["id"])) in told
        and a["share"] is not None
        and b["share"] is not None
    ]
    leading: list[tuple[Verdict, Verdict, Mapping[str, Any]]] = []
    for pair in sorted(pairs, key=lambda pair: -decides(pair[2])):
        seen = {verdict["id"] for first, second, _ in leading for verdict in (first, second)}
        if seen.isdisjoint((pair[0]["id"], pair[1]["id"])):
            leading.append(pair)
    return leading[:LEADING_PAIRS]


def decides(crux: Mapping[str, Any]) -> float:
    """How much of the variance the first of a crux's assumptions explains by itself, 0 to 1."""
    return max((one["explained"] for one in crux["deciders"]), default=0.0)


def record_day(shown: Shown) -> str | None:
    """The latest day to which a verdict of the record speaks, as an ISO date."""
    return max((v["record_as_of"] for v in shown.verdicts if v["record_as_of"]), default=None)
