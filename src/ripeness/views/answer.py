"""The answer so far in three sentences, made from the verdicts alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ripeness.views import turns
from ripeness.views.verdicts import (
    Hinge,
    Verdict,
    early,
    hinges,
    is_tested,
    judgements,
    untested,
)
from ripeness.views.words import in_twenty, listed

CAUTION = (
    "A share of worlds is not a probability: it says in how many of the worlds that the "
    "assumptions allow a claim holds."
)
MOST_HINGES = 2


def answer(
    verdicts: Sequence[Verdict],
    essays: Mapping[str, str],
    columns: Mapping[str, Mapping[str, str]],
    ends: Sequence[Mapping[str, Any]] = (),
) -> tuple[str, str, str]:
    """Say what the record bears out, what holds in the model, and what that turns on.

    Parameters
    ----------
    verdicts
        All verdict records of a run.
    essays
        What each essay is called in a sentence, by its id.
    columns
        Unit and meaning of each column of the table of worlds, from the run's card.
    ends
        How far claims go from one end of an assumption to the other.
    """
    doubt = _doubt(verdicts, columns, turns.leading(ends, verdicts, MOST_HINGES))
    return _record(verdicts, essays), _model(verdicts, essays), doubt


def _record(verdicts: Sequence[Verdict], essays: Mapping[str, str]) -> str:
    parts = []
    for essay, name in essays.items():
        words = [v["record_verdict"] for v in verdicts if v["essay"] == essay]
        decided = [word for word in words if word in ("supported", "contradicted", "mixed")]
        if decided:
            supported, contradicted = decided.count("supported"), decided.count("contradicted")
            parts.append(
                f"supports {supported} of {len(decided)} testable claims by {name} "
                f"and contradicts {contradicted or 'none'}"
            )
    if not parts:
        return "The record decides none of the claims yet."
    return f"The record {'; it '.join(parts)}."


def _model(verdicts: Sequence[Verdict], essays: Mapping[str, str]) -> str:
    parts = []
    for essay, name in essays.items():
        mine = [v for v in verdicts if v["essay"] == essay and v["share"] is not None]
        if mine:
            most = [v for v in mine if v["share"] > 0.5]
            best = max(mine, key=lambda v: v["share"])
            parts.append(
                f"{len(most)} of {len(mine)} testable claims by {name}, most widely that "
                f"“{best['says']}” ({best['id']}: {best['share_words']})"
            )
    if not parts:
        return "The model tests none of the claims yet."
    return f"In this model more than half of the worlds bear out {'; and '.join(parts)}."


def _doubt(
    verdicts: Sequence[Verdict],
    columns: Mapping[str, Mapping[str, str]],
    turning: Sequence[Mapping[str, Any]],
) -> str:
    found = hinges(verdicts, columns)
    if turning:
        named = {hinge.column: hinge for hinge in found}
        parts = [_turning(one, named[one["assumption"]], columns) for one in turning]
        what = f"Of what claims are said to hang on, most turns on {', and on '.join(parts)}"
    else:
        leading = [hinge for hinge in found if hinge.dependents][:MOST_HINGES]
        hanging = [_hanging(hinge, columns) for hinge in leading]
        named = ", and ".join(hanging) or "none names an assumption it hangs on"
        what = f"Of {len(verdicts)} claims {named}"
    judged = sum(not is_tested(v) for v in judgements(verdicts))
    waiting = sum(not is_tested(v) for v in untested(verdicts))
    soon = sum(not is_tested(v) for v in early(verdicts))
    counts = [f"{judged} can only be judged"] * bool(judged)
    counts += [f"{soon} cannot be tested so early"] * bool(soon)
    counts += [f"{waiting} cannot be tested yet"] * bool(waiting)
    of_all = f"of {len(verdicts)} claims " if turning else ""
    rest = f"; {of_all}{listed(counts)}" if counts else ""
    return f"{what}{rest}."


def _turning(
    ends: Mapping[str, Any], hinge: Hinge, columns: Mapping[str, Mapping[str, str]]
) -> str:
    """Name an assumption, and say how far it turns a claim."""
    low, high = (in_twenty(ends[end]["value"]) for end in ("lowest", "highest"))
    return (
        f"{_called(hinge, columns)} ({ends['claim']}: {low} worlds where it is low, {high} where "
        "it is high)"
    )


def _hanging(hinge: Hinge, columns: Mapping[str, Mapping[str, str]]) -> str:
    count = len(hinge.dependents)
    return f"{count} {'hangs' if count == 1 else 'hang'} on {_called(hinge, columns)}"


def _called(hinge: Hinge, columns: Mapping[str, Mapping[str, str]]) -> str:
    unit = columns.get(hinge.column, {}).get("unit", "")
    return hinge.meaning if hinge.claim else f"the {hinge.meaning.removesuffix(f' ({unit})')}"
