"""Verdict records put in order for a reader, and the words for what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ripeness.claims.phrases import READS_ON
from ripeness.views.words import SPACE, alike, interval, long_date, percent, plain, quantity, signed

Verdict = Mapping[str, Any]


@dataclass(frozen=True)
class Hinge:
    """An assumption that verdicts hang on.

    Attributes
    ----------
    column
        Its name in the table of worlds.
    meaning
        What it is, in the claim's words or the run's; empty if neither says.
    assumed
        The values it is given, and how well they are known.
    claim
        The claim that asserts something about it, if one does.
    dependents
        The claims whose verdicts hang on it.
    """

    column: str
    meaning: str
    assumed: str
    claim: Verdict | None
    dependents: tuple[Verdict, ...]

    @property
    def name(self) -> str:
        """The column's name as words."""
        return plain(self.column)


def is_tested(verdict: Verdict) -> bool:
    """Whether the record or the model says anything of the claim."""
    decided = verdict["record_verdict"] in ("supported", "contradicted", "mixed")
    return decided or verdict["share"] is not None


def tested(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The claims of which the record or the model says something."""
    return [verdict for verdict in verdicts if is_tested(verdict)]


def judgements(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The claims that are value judgements, wholly or in part."""
    return [verdict for verdict in verdicts if verdict["value"]]


def untested(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The claims of which at least one test is missing."""
    return [
        v
        for v in verdicts
        if v["why_untested"] or not (is_tested(v) or is_early(v) or v["hinge"] or v["value"])
    ]


def is_early(verdict: Verdict) -> bool:
    """Whether the claim's test on the record says nothing before a later day."""
    return verdict["record_verdict"] == "not yet"


def begins(verdict: Verdict) -> str:
    """From which day on the record can say anything of a claim."""
    return f"The test says nothing before {long_date(verdict['record_begins'])}."


def early(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The claims whose test on the record says nothing before a later day."""
    return [verdict for verdict in verdicts if is_early(verdict)]


def past_horizon(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The claims that worlds and record both speak of, once what they say can be looked up."""
    return [
        v
        for v in verdicts
        if v["horizon"]
        and v["record_verdict"] in ("supported", "contradicted", "mixed")
        and v["record_as_of"] >= v["horizon"]
        and v["share"] is not None
    ]


def foresight(verdicts: Sequence[Verdict]) -> str:
    """Say how often the worlds leaned the way that the record then went."""
    past = past_horizon(verdicts)
    went = [v for v in past if v["record_verdict"] != "mixed"]
    right = sum((v["share"] > 0.5) == (v["record_verdict"] == "supported") for v in went)
    told = f"Of {len(past)} such claims the record then bore out or contradicted {len(went)}"
    return f"{told}; most worlds had gone the same way in {right or 'none'} of them."


def opposed_pairs(verdicts: Sequence[Verdict]) -> list[tuple[Verdict, Verdict]]:
    """Every pair of claims that stand against each other, once."""
    by_id = {verdict["id"]: verdict for verdict in verdicts}
    pairs: dict[frozenset[str], tuple[Verdict, Verdict]] = {}
    for verdict in verdicts:
        for other in verdict["against"]:
            if other in by_id:
                pairs.setdefault(frozenset((verdict["id"], other)), (verdict, by_id[other]))
    return list(pairs.values())


def hinges(verdicts: Sequence[Verdict], columns: Mapping[str, Mapping[str, str]]) -> list[Hinge]:
    """The assumptions that verdicts hang on, those with most claims hanging on them first.

    Parameters
    ----------
    verdicts
        All verdict records of a run.
    columns
        Meaning of each column of the table of worlds, from the run's card.
    """
    about = {v["hinge_assumption"]: v for v in verdicts if v["hinge_assumption"]}
    names = [*about, *(name for v in verdicts for name in v["hinges"])]
    found = []
    for name in dict.fromkeys(names):
        claim = about.get(name)
        named = set(claim["hinge_of"]) if claim else set()
        found.append(
            Hinge(
                column=name,
                meaning=claim["hinge"] if claim else meaning(columns.get(name, {})),
                assumed=columns.get(name, {}).get("assumed", ""),
                claim=claim,
                dependents=tuple(v for v in verdicts if name in v["hinges"] or v["id"] in named),
            )
        )
    return sorted(found, key=lambda hinge: -len(hinge.dependents))


def meaning(column: Mapping[str, str]) -> str:
    """A column's unit and meaning as one phrase: ``weeks in which anger halves``."""
    unit, told = column.get("unit", ""), column.get("meaning", "")
    if told.split(" ", 1)[0] in READS_ON:
        return f"{unit} {told}"
    return told if unit in ("", "word") else f"{told} ({unit})"


def reason(verdict: Verdict) -> str:
    """Why a claim is not tested."""
    return verdict["why_untested"] or "the claims file gives no test"


def share_figures(verdict: Verdict) -> str:
    """The share of worlds in which a claim holds, and its interval: ``66 % (63–69 %)``."""
    low, high = verdict["share_low"], verdict["share_high"]
    return f"{percent(verdict['share'])} ({interval(low, high)})"


def effect(verdict: Verdict) -> str | None:
    """The effect in its natural unit: the mean of percentage points, otherwise the median."""
    numbers = _effect_numbers(verdict)
    return None if numbers is None else f"{numbers[0]} {verdict['effect_unit'] or ''}".strip()


def effect_range(verdict: Verdict) -> str | None:
    """Where the effect lies in 90 % of worlds; for percentage points, the mean's interval."""
    numbers = _effect_numbers(verdict)
    if numbers is None or len(numbers) < 3:
        return None
    span = f"{numbers[1]} to {numbers[2]}"
    return (
        f"{span}, Monte Carlo interval" if _is_mean(verdict) else f"{span} in 90{SPACE}% of worlds"
    )


def _effect_numbers(verdict: Verdict) -> list[str] | None:
    kind = "effect_mean" if _is_mean(verdict) else "effect"
    middle = verdict["effect_mean" if _is_mean(verdict) else "effect_median"]
    ends = [verdict[f"{kind}_{end}"] for end in ("low", "high")]
    if middle is None:
        return None
    return [signed(text) for text in alike([middle, *(end for end in ends if end is not None)])]


def _is_mean(verdict: Verdict) -> bool:
    """Whether the effect is a difference in chances, whose median over worlds says nothing."""
    return verdict["effect_unit"] == "percentage points"


def figure(entry: Mapping[str, Any]) -> str:
    """A figure of the record with its unit: ``480 km²``."""
    value = entry["value"]
    if value is None:
        return "no figure"
    number = value if isinstance(value, str) else quantity(float(value))
    return f"{number} {entry['unit'] or ''}".strip()


def other_ways(verdict: Verdict) -> str:
    """In what share of worlds the effect runs the other way, or there is none."""
    return (
        f"{percent(verdict['opposite_share'])} of worlds have an effect the other way, "
        f"{percent(verdict['same_share'])} have none"
    )


def compared(verdict: Verdict) -> str:
    """What the model compared, in words."""
    plans = verdict["compare"] or ()
    if len(plans) == 2:
        return f"plan '{plans[0]}' against plan '{plans[1]}' in the same world"
    return f"plan '{plans[0]}'" if plans else ""
