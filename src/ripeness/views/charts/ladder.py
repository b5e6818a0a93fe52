"""The ladder of escalation: under each plan, a dot for one world in 20 on its highest rung."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from textwrap import wrap
from typing import Any

import altair as alt

from ripeness.views.charts.theme import finished, plan_colour

RUNG_HEIGHT = 46
IN_A_ROW = 10
"""Dots beside each other; more of a rung form a second row."""

ASTRIDE = 0.13
"""Of the height of a rung."""

LETTERS = 13
"""Letters a line of a rung's name: what has room beside small multiples."""


def ladder_chart(
    dots: Mapping[str, Sequence[int]], few: Mapping[str, Sequence[int]], rungs: Sequence[str]
) -> alt.FacetChart:
    """Draw a ladder a plan, all on the same rungs.

    Parameters
    ----------
    dots
        By plan, in their order: the rung of each of its twenty dots, ascending.
    few
        By plan: the rungs that fewer worlds reach than a dot stands for.
    rungs
        Their names, from the bottom up.

    Returns
    -------
    altair.FacetChart
        Rungs as rules from the bottom up, dots on them, words on rungs without a dot.
    """
    plans = list(dots)
    names = "|".join(" / ".join(wrap(name, LETTERS)) for name in rungs)
    height = alt.Y(
        "rung:Q",
        scale=alt.Scale(domain=[-0.5, len(rungs) - 0.5], nice=False, zero=False),
        axis=alt.Axis(
            title=None,
            grid=False,
            domain=False,
            ticks=False,
            values=list(range(len(rungs))),
            labelExpr=f"split(split('{names}', '|')[datum.value], ' / ')",
            labelLimit=90,
            labelLineHeight=12,
        ),
    )
    across = alt.X(
        "place:Q",
        axis=None,
        scale=alt.Scale(domain=[-0.8, IN_A_ROW - 0.2], nice=False, zero=False),
    )
    rows = [row for plan in plans for row in (*_dots(plan, dots[plan]), *_few(plan, few[plan]))]
    rows += [{"plan": plan, "rung": n, "kind": "rung"} for plan in plans for n in range(len(rungs))]
    base = alt.Chart().encode(y=height)

    def only(kind: str) -> alt.Chart:
        return base.transform_filter(f"datum.kind == '{kind}'")

    rules = only("rung").mark_rule(style="reference", opacity=0.35)
    points = (
        only("dot")
        .mark_circle(style="outline", size=58, opacity=1)
        .encode(
            x=across,
            color=alt.Color("plan:N", scale=plan_colour(plans), legend=None),
            tooltip=[alt.Tooltip("plan:N", title="plan"), alt.Tooltip("says:N", title="dot")],
        )
    )
    words = (
        only("few")
        .mark_text(style="soft-note", align="left", fontSize=10, dy=-7)
        .encode(x=across, text="says:N")
    )
    panel = alt.layer(rules, points, words).properties(height=RUNG_HEIGHT * len(rungs), width=200)
    chart = panel.facet(
        facet=alt.Facet("plan:N", sort=plans, title=None),
        columns=len(plans),
        data=alt.InlineData(values=rows),
        spacing=14,
    )
    return finished(chart)


def _dots(plan: str, rungs: Sequence[int]) -> list[dict[str, Any]]:
    rows = []
    for rung, same in groupby(rungs):
        count = len(list(same))
        for number in range(count):
            # a second row stands below the first, and both astride of the rung
            shift = ASTRIDE * (1 - 2 * (number // IN_A_ROW)) if count > IN_A_ROW else 0.0
            rows.append(
                {
                    "plan": plan,
                    "rung": rung + shift,
                    "kind": "dot",
                    "place": number % IN_A_ROW,
                    "says": f"1 in 20 worlds, {count} of them here",
                }
            )
    return rows


def _few(plan: str, rungs: Sequence[int]) -> list[dict[str, Any]]:
    says = "fewer than 1 in 20"
    return [{"plan": plan, "rung": n, "kind": "few", "place": -0.6, "says": says} for n in rungs]
