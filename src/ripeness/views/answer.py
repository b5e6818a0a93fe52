"""The answer so far in three sentences, made from the verdicts alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ripeness.views.verdicts import (
    Hinge,
    Verdict,
    early,
    hinges,
    is_tested,
    judgements,
    untested,
)
from ripeness.views.words import listed

CAUTION = (
    "A share of worlds is not a probability: it says in how many of the worlds that the "
    "assumptions allow a claim holds."
)
MOST_HINGES = 2


def answer(
    verdicts: Sequence[Verdict],
    essays: Mapping[str, str],
    columns: Mapping[str, Mapping[str, str]],
) -> tuple[str, str, str]:
    """Say what the record bears out, what holds in the model, and on what it hangs.

    Parameters
    ----------
    verdicts
        All verdict records of a run.
    essays
        What each essay is called in a sentence, by its id.
    columns
        Unit and meaning of each column of the table of worlds, from the run's card.
    """
    return _record(verdicts, essays), _model(verdicts, essays), _doubt(verdicts, columns)


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


def _doubt(verdicts: Sequence[Verdict], columns: Mapping[str, Mapping[str, str]]) -> str:
    leading = [hinge for hinge in hinges(verdicts, columns) if hinge.dependents][:MOST_HINGES]
    parts = [_hanging(hinge, columns) for hinge in leading] or [
        "none names an assumption it hangs on"
    ]
    judged = sum(not is_tested(v) for v in judgements(verdicts))
    waiting = sum(not is_tested(v) for v in untested(verdicts))
    soon = sum(not is_tested(v) for v in early(verdicts))
    counts = [f"{judged} can only be judged"] * bool(judged)
    counts += [f"{soon} cannot be tested so early"] * bool(soon)
    counts += [f"{waiting} cannot be tested yet"] * bool(waiting)
    rest = f"; {listed(counts)}" if counts else ""
    return f"Of {len(verdicts)} claims {', and '.join(parts)}{rest}."


def _hanging(hinge: Hinge, columns: Mapping[str, Mapping[str, str]]) -> str:
    count = len(hinge.dependents)
    unit = columns.get(hinge.column, {}).get("unit", "")
    on = hinge.meaning if hinge.claim else f"the {hinge.meaning.removesuffix(f' ({unit})')}"
    return f"{count} {'hangs' if count == 1 else 'hang'} on {on}"
