"""The effect that a claim speaks of, over all its worlds: twenty dots, and what they say."""

from __future__ import annotations

from ripeness.views import verdicts as order
from ripeness.views.charts.dotplot import AS_SAID, OTHER, SAME, effect_chart, outcome_chart
from ripeness.views.charts.theme import page_spec
from ripeness.views.figures import Figure
from ripeness.views.rundata import RunCard
from ripeness.views.verdicts import Verdict
from ripeness.views.words import SPACE, alike, percent, quantity, signed, worlds_in_twenty

ALL_OR_NOTHING = (-100.0, 0.0, 100.0)
"""What an effect in percentage points comes to in one world, where it happens or does not."""


def effect_figure(verdict: Verdict, card: RunCard) -> Figure | None:
    """Show how an effect is spread over worlds; None if a claim measures none."""
    if not verdict["effect_quantiles"]:
        return None
    make = _outcomes if is_all_or_nothing(verdict) else _amounts
    return make(verdict, card)


def is_all_or_nothing(verdict: Verdict) -> bool:
    """Whether a claim speaks of something that happens in a world or does not."""
    percentage_points = verdict["effect_unit"] == "percentage points"
    return percentage_points and set(verdict["effect_quantiles"]) <= set(ALL_OR_NOTHING)


def _amounts(verdict: Verdict, card: RunCard) -> Figure:
    unit, says = verdict["effect_unit"] or "", verdict["effect_says"] or ""
    dots = verdict["effect_quantiles"]
    count = len(dots)
    told = [signed(text) for text in alike(dots)]
    return Figure(
        id="effect",
        question="By how much, from world to world?",
        sentence=f"{_ways(verdict)} {_middle(verdict)}",
        spec=page_spec(effect_chart(dots, unit, says)),
        heads=("Share of worlds below", unit or "Effect"),
        rows=tuple(
            (f"{(place + 0.5) / count:.1%}".replace("%", f"{SPACE}%"), value)
            for place, value in enumerate(told)
        ),
        source=_source(verdict, card, "dots are quantiles"),
    )


def _outcomes(verdict: Verdict, card: RunCard) -> Figure:
    names = _names(verdict)
    return Figure(
        id="effect",
        question="In how many worlds does it make the difference?"
        if _is_comparison(verdict)
        else "In how many worlds is it so?",
        sentence=f"Counted: {verdict['effect_says']}. {_ways(verdict)}",
        spec=page_spec(outcome_chart(verdict["effect_quantiles"], names)),
        heads=("World by world", "Share of worlds"),
        rows=tuple((name, percent(_shares(verdict)[which])) for which, name in names.items()),
        source=_source(verdict, card, "shares to the nearest dot"),
    )


def _names(verdict: Verdict) -> dict[str, str]:
    """What the ways are called in which a thing that happens or not may come out."""
    if _is_comparison(verdict):
        return {
            AS_SAID: "The plan makes the difference, as the claim says",
            SAME: "It changes nothing",
            OTHER: "It makes the opposite difference",
        }
    return {AS_SAID: "So, as the claim says", SAME: "Not so"}


def _ways(verdict: Verdict) -> str:
    """Say in how many worlds the effect goes which way."""
    said, same, other = (
        worlds_in_twenty(_shares(verdict)[which]) for which in (AS_SAID, SAME, OTHER)
    )
    if is_all_or_nothing(verdict):
        if not _is_comparison(verdict):
            return f"It is so in {said}."
        first, second = verdict["compare"]
        return (
            f"With plan ‘{first}’ instead of ‘{second}’ it comes out as the claim says in {said}, "
            f"the opposite way in {other}; the plan changes nothing in {same}."
        )
    if verdict["same_share"] * 2 * len(verdict["effect_quantiles"]) < 1:
        return f"It goes the way that the claim says in {said}, the other way in {other}."
    neither = "makes no difference" if _is_comparison(verdict) else "is nil"
    return (
        f"It goes the way that the claim says in {said}, the other way in {other}, and {neither} "
        f"in {same}."
    )


def _middle(verdict: Verdict) -> str:
    """Say what the effect is in the middle, and where most worlds lie."""
    kind = "mean" if verdict["effect_unit"] == "percentage points" else "median"
    return f"The {kind} is {order.effect(verdict)}; {order.effect_range(verdict)}."


def _shares(verdict: Verdict) -> dict[str, float]:
    same, other = verdict["same_share"], verdict["opposite_share"]
    return {AS_SAID: max(0.0, 1 - same - other), SAME: same, OTHER: other}


def _is_comparison(verdict: Verdict) -> bool:
    return len(verdict["compare"] or ()) == 2


def _source(verdict: Verdict, card: RunCard, reading: str) -> str:
    return (
        f"Model: run {card.run_id}, {quantity(verdict['worlds'])} worlds that the claim speaks "
        f"about, seed {card.seed}; each dot stands for 1 in {len(verdict['effect_quantiles'])} of "
        f"them, {reading}."
    )
