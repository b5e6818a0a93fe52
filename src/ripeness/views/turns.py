"""What turns verdicts most of what claims are said to hang on, each with the claim it turns most.

Assumptions that no claim names are not looked at here: `ripeness matter` looks at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ripeness.views.verdicts import Verdict
from ripeness.views.words import alike, worlds_in_twenty

Ends = Mapping[str, Any]
"""A claim at both ends of an assumption, as `ripeness.claims.ends.Ends.as_record` gives it."""


def leading(ends: Sequence[Ends], verdicts: Sequence[Verdict], count: int) -> list[Ends]:
    """The assumptions that turn some claim furthest, beyond Monte Carlo error, once each.

    Where claims stand against each other, only those count: it is there that people disagree. One
    for each claim comes first: several are to tell of several claims.
    """
    opposed = {verdict["id"] for verdict in verdicts if verdict["against"]}
    among = [one for one in ends if not opposed or one["claim"] in opposed]
    found: dict[str, Ends] = {}
    for one in sorted(filter(differs, among), key=turned, reverse=True):
        found.setdefault(one["assumption"], one)
    first: dict[str, Ends] = {}
    for one in found.values():
        first.setdefault(one["claim"], one)
    rest = [one for one in found.values() if one not in first.values()]
    return [*first.values(), *rest][:count]


def turned(ends: Ends) -> float:
    """How much more often a claim holds at one end than at the other, as a share of worlds."""
    return abs(ends["highest"]["value"] - ends["lowest"]["value"])


def differs(ends: Ends) -> bool:
    """Whether the two ends differ by more than luck: their intervals have nothing in common."""
    lowest, highest = ends["lowest"], ends["highest"]
    return lowest["high"] < highest["low"] or highest["high"] < lowest["low"]


def told(ends: Ends, unit: str) -> str:
    """Say in how many worlds a claim holds at both ends of an assumption.

    Parameters
    ----------
    unit
        The assumption's; empty if it need not be said.
    """
    under, above = alike([ends["under"], ends["above"]])
    return (
        f"{ends['claim']} holds in {worlds_in_twenty(ends['lowest']['value'])} where it is low "
        f"({f'under {under} {unit}'.strip()}), in {worlds_in_twenty(ends['highest']['value'])} "
        f"where it is high (above {above})"
    )
