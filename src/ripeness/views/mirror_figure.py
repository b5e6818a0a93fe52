"""The mirror as a figure: what each side answers, and would in the other's shoes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ripeness.views.beside import rests_on
from ripeness.views.charts.mirror import AS_IT_IS, MIRRORED, mirror_chart
from ripeness.views.charts.theme import page_spec
from ripeness.views.figures import Figure
from ripeness.views.mirror import number
from ripeness.views.rundata import RunCard
from ripeness.views.words import listed

Record = Mapping[str, Any]
KINDS = {"as_it_is": AS_IT_IS, "mirrored": MIRRORED}


def mirror_figure(mirror: Record, card: RunCard) -> Figure:
    """Show how often each side responds under each plan, and would with the other's tolerance.

    Parameters
    ----------
    mirror
        As `ripeness.experiments.mirror.Mirror.as_record` gives it.
    card
        Of the run that it is shown with.
    """
    plans, sides = [plan["plan"] for plan in mirror["plans"]], mirror["sides"]
    rows = [
        {
            "side": sides[side["side"]],
            "plan": plan["plan"],
            "kind": title,
            **{end: side["responses"][kind][end] for end in ("value", "low", "high")},
        }
        for plan in mirror["plans"]
        for side in plan["sides"]
        for kind, title in KINDS.items()
    ]
    return Figure(
        id="mirrored",
        question="Would the other side have answered otherwise in its place?",
        sentence=mirror_sentence(mirror),
        spec=page_spec(mirror_chart(pd.DataFrame(rows), plans, list(sides.values()))),
        heads=(
            "Plan, side",
            f"Responses, {AS_IT_IS}",
            f"Responses, {MIRRORED}",
            "Difference in the same worlds",
        ),
        rows=tuple(
            (
                f"{plan['plan']}, {sides[side['side']]}",
                *(number(side["responses"][kind]) for kind in KINDS),
                number(side["responses"]["difference"], signed=True),
            )
            for plan in mirror["plans"]
            for side in plan["sides"]
        ),
        source=rests_on(mirror, card),
    )


def mirror_sentence(mirror: Record) -> str:
    """Say whether any side answers otherwise in the other's shoes, beyond Monte Carlo error."""
    apart = [
        f"{mirror['sides'][side['side']]} under {plan['plan']}"
        for plan in mirror["plans"]
        for side in plan["sides"]
        if not side["responses"]["difference"]["low"]
        <= 0
        <= side["responses"]["difference"]["high"]
    ]
    if not apart:
        first, second = mirror["assumed"].values()
        told = "No: under no plan does either side's answer differ beyond Monte Carlo error"
        return f"{told}; what both tolerate is assumed alike." if first == second else f"{told}."
    return f"Yes, beyond Monte Carlo error: {listed(apart)}."
