"""The question: what is to be decided, what the texts say of it, where they part, the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ripeness.views import verdicts as order
from ripeness.views.answer import CAUTION, answer
from ripeness.views.panels.panel import Panel
from ripeness.views.shown import Shown
from ripeness.views.verdicts import Verdict

LEADING_PAIRS, LEADING_HINGES = 3, 4


def panel(shown: Shown) -> Panel:
    """Give the first thing to be seen of a run."""
    said = answer(shown.verdicts, shown.essays, shown.card.columns) if shown.verdicts else ()
    return Panel(
        id="question",
        title="The question",
        lead=shown.case["question"],
        content={
            "case": shown.case,
            "answer": said,
            "caution": CAUTION,
            "pairs": leading_pairs(shown),
            "hinges": [
                hinge
                for hinge in order.hinges(shown.verdicts, shown.card.columns)
                if hinge.dependents
            ][:LEADING_HINGES],
            "as_of": record_day(shown),
            "learned": shown.learned is not None,
        },
    )


def leading_pairs(shown: Shown) -> list[tuple[Verdict, Verdict, Mapping[str, Any]]]:
    """Opposed claims that worlds answer, those first between which one assumption decides most."""
    told = {frozenset((one["first"], one["second"])): one for one in shown.cruxes}
    pairs = [
        (a, b, told[frozenset((a["id"], b["id"]))])
        for a, b in order.opposed_pairs(shown.verdicts)
        if frozenset((a["id"], b["id"])) in told
        and a["share"] is not None
        and b["share"] is not None
    ]
    return sorted(pairs, key=lambda pair: -decides(pair[2]))[:LEADING_PAIRS]


def decides(crux: Mapping[str, Any]) -> float:
    """How much of the variance the first of a crux's assumptions explains by itself, 0 to 1."""
    return max((one["explained"] for one in crux["deciders"]), default=0.0)


def record_day(shown: Shown) -> str | None:
    """The latest day to which a verdict of the record speaks, as an ISO date."""
    return max((v["record_as_of"] for v in shown.verdicts if v["record_as_of"]), default=None)
