"""Every claim: what the record and the worlds say of it, and what stands against it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ripeness.views import learned as taught
from ripeness.views import verdicts as order
from ripeness.views.panels.panel import Panel
from ripeness.views.shown import Shown
from ripeness.views.verdicts import Verdict

KINDS = {
    "record": "record: decided by dated facts",
    "model": "model: decided over simulated worlds",
    "hinge": "hinge: an assumption that others hang on",
    "value": "value: a judgement",
}


def panel(shown: Shown) -> Panel | None:
    """Give all verdicts; None if nothing is claimed."""
    if not shown.verdicts:
        return None
    return Panel(
        id="claims",
        title="What each claim comes to",
        lead=(
            "The record says what happened. The model says in what share of simulated worlds a "
            "claim holds. The two verdicts are never blended."
        ),
        content={
            "essays": shown.essays,
            "kinds": KINDS,
            "words": _words(shown),
            "verdicts": shown.verdicts,
            "pairs": _pairs(shown),
            "past": order.past_horizon(shown.verdicts),
            "foresight": order.foresight(shown.verdicts),
            "hinges": order.hinges(shown.verdicts, shown.card.columns),
            "judgements": order.judgements(shown.verdicts),
            "early": order.early(shown.verdicts),
            "untested": order.untested(shown.verdicts),
            "learned": _taught(shown),
        },
    )


def _words(shown: Shown) -> list[str]:
    """The verdicts that some claim has, of the record and then of the model."""
    record = [f"record: {v['record_verdict']}" for v in shown.verdicts if v["record_verdict"]]
    model = [f"model: {v['model_verdict']}" for v in shown.verdicts if v["model_verdict"]]
    return [*dict.fromkeys(sorted(record)), *dict.fromkeys(sorted(model))]


def _pairs(shown: Shown) -> list[tuple[Verdict, Verdict, str]]:
    """Opposed claims, with what decides between them."""
    told = {frozenset((one["first"], one["second"])): one["sentence"] for one in shown.cruxes}
    return [
        (a, b, told.get(frozenset((a["id"], b["id"])), ""))
        for a, b in order.opposed_pairs(shown.verdicts)
    ]


def _taught(shown: Shown) -> Mapping[str, Any] | None:
    """What the record taught, of a run as of a day."""
    if shown.learned is None:
        return None
    found = taught.lessons(shown.learned, shown.card)
    return {
        "weighed": taught.weighed(shown.learned),
        "heads": taught.HEADS,
        "lessons": taught.leading(found),
        "unidentified": taught.unidentified(found),
        "fared": taught.fared(shown.learned),
        "reading": taught.READING,
    }
