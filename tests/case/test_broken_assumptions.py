"""Cases with one assumption wrong; ▸ stands before the place that the problem must point at."""

from __future__ import annotations

from collections.abc import Callable

import pytest

WHY = "because: invented, sources: [invention], confidence: judgement"

# The assumption's line in the minimal case begins so; what replaces it; what must be said.
BROKEN = {
    "unknown quantity": (
        "tempo: ",
        f"tempo: {{between: [0.2, 1], unit: times, {WHY}}}\n"
        f"  ▸tenpo: {{between: [0.2, 1], unit: times, {WHY}}}",
        "assumptions.tenpo: there is no quantity 'tenpo'; did you mean 'tempo'",
    ),
    "unknown side": (
        "rally: ",
        f"rally: {{value: 1, unit: logit, {WHY}}}\n"
        f"  ▸rally.boera: {{value: 1, unit: logit, {WHY}}}",
        "assumptions.rally.boera: there is no side 'boera'; did you mean 'borea'?",
    ),
    "unknown sector": (
        "troops.island: ",
        f"troops: {{value: 0, unit: thousand troops, {WHY}}}\n"
        f"  ▸troops.arden.islnd: {{value: 0, unit: thousand troops, {WHY}}}",
        "assumptions.troops.arden.islnd: there is no side or sector 'islnd'; did you mean 'island'",
    ),
    "names in the wrong order": (
        "troops.arden.valley: ",
        f"troops: {{value: 0, unit: thousand troops, {WHY}}}\n"
        f"  ▸troops.valley.arden: {{value: 0, unit: thousand troops, {WHY}}}",
        "assumptions.troops.valley.arden: 'troops' is given by side and sector; "
        "write troops.<side>.<sector>",
    ),
    "a side where there is none": (
        "nerve: ",
        f"nerve: {{value: 0.1, unit: chance a week, {WHY}}}\n"
        f"  ▸nerve.arden: {{value: 0.1, unit: chance a week, {WHY}}}",
        "assumptions.nerve.arden: 'nerve' is given once for the whole case; write 'nerve'",
    ),
    "nothing given": (
        "nerve: ",
        "",
        "assumptions: nothing gives 'nerve' (chance a week, that a deal",
    ),
    "nothing given for one combination": (
        "troops.borea.valley: ",
        "",
        "assumptions: nothing gives 'troops' (thousand troops, committed to the sector at the "
        "decision date); add troops.borea.valley",
    ),
    "wrong unit": (
        "home_priority.borea: ",
        f"home_priority.borea: {{value: 1, unit: ▸troops, {WHY}}}",
        "assumptions.home_priority.borea.unit: the unit of 'home_priority' is not 'troops'; "
        "write 'unit: thousand troops'",
    ),
    "no form": (
        "tempo: ",
        f"tempo: ▸{{unit: times, {WHY}}}",
        "assumptions.tempo: has no value; give it as one of value, between, log_between",
    ),
    "two forms": (
        "tempo: ",
        f"tempo: ▸{{value: 1, between: [0, 1], unit: times, {WHY}}}",
        "assumptions.tempo: is given as value and as between; keep one of them",
    ),
    "bounds reversed": (
        "tempo: ",
        f"tempo: {{between: ▸[1, 0.2], unit: times, {WHY}}}",
        "assumptions.tempo.between: the bounds are reversed; write [0.2, 1]",
    ),
    "bounds the same": (
        "tempo: ",
        f"tempo: {{between: ▸[1, 1], unit: times, {WHY}}}",
        "assumptions.tempo.between: from 1 to 1 is one value; write 'value: 1'",
    ),
    "one bound": (
        "tempo: ",
        f"tempo: {{between: ▸[1], unit: times, {WHY}}}",
        "assumptions.tempo.between: the list is too short; it has no item 2",
    ),
    "three bounds": (
        "tempo: ",
        f"tempo: {{between: ▸[1, 2, 3], unit: times, {WHY}}}",
        "assumptions.tempo.between: has 3; it may have at most 2",
    ),
    "a bound that is not finite": (
        "tempo: ",
        f"tempo: {{between: [1, ▸.inf], unit: times, {WHY}}}",
        "assumptions.tempo.between[1]: expected a finite number, found inf",
    ),
    "a value that is not a number": (
        "tempo: ",
        f"tempo: {{value: ▸.nan, unit: times, {WHY}}}",
        "assumptions.tempo.value: expected a finite number, found nan",
    ),
    "a clock time is text": (
        "tempo: ",
        f"tempo: {{value: ▸12:30, unit: times, {WHY}}}",
        "assumptions.tempo.value: 'tempo' is a number, not '12:30'; write one",
    ),
    "log_between from nothing": (
        "tempo: ",
        f"tempo: {{log_between: [▸0, 1], unit: times, {WHY}}}",
        "assumptions.tempo.log_between[0]: 0 is out of range; it must be more than 0",
    ),
    "triangle out of order": (
        "tempo: ",
        f"tempo: {{triangular: ▸[0, 3, 1], unit: times, {WHY}}}",
        "assumptions.tempo.triangular: must be [lowest, most likely, highest], ascending: [0",
    ),
    "normal without spread": (
        "tempo: ",
        f"tempo: {{normal: [1, ▸0], unit: times, {WHY}}}",
        "assumptions.tempo.normal[1]: 0 is out of range; it must be more than 0",
    ),
    "lognormal that shrinks": (
        "tempo: ",
        f"tempo: {{lognormal: {{median: 1, ratio: ▸0.5}}, unit: times, {WHY}}}",
        "assumptions.tempo.lognormal.ratio: 0.5 is out of range; it must be more than 1",
    ),
    "beta below nothing": (
        "tempo: ",
        f"tempo: {{beta: [▸-1, 2], unit: times, {WHY}}}",
        "assumptions.tempo.beta[0]: -1 is out of range; it must be more than 0",
    ),
    "a weight of nothing": (
        "tolerance_kind: ",
        f"tolerance_kind: {{choice: {{fixed: ▸0, eroding: 1}}, unit: word, {WHY}}}",
        "assumptions.tolerance_kind.choice.fixed: 0 is out of range; it must be more than 0",
    ),
    "unknown choice": (
        "tolerance_kind: ",
        f"tolerance_kind: {{choice: {{▸fixd: 1, eroding: 1}}, unit: word, {WHY}}}",
        "assumptions.tolerance_kind.choice.fixd: 'fixd' is no choice for 'tolerance_kind'; "
        "did you mean 'fixed'?",
    ),
    "unknown word": (
        "tolerance_kind: ",
        f"tolerance_kind: {{value: ▸soft, unit: word, {WHY}}}",
        "assumptions.tolerance_kind.value: 'soft' is no choice for 'tolerance_kind'; "
        "it is fixed or eroding",
    ),
    "a number for a choice": (
        "tolerance_kind: ",
        f"tolerance_kind: {{▸between: [0, 1], unit: word, {WHY}}}",
        "assumptions.tolerance_kind.between: 'tolerance_kind' is fixed or eroding; write",
    ),
    "a choice for a number": (
        "tempo: ",
        f"tempo: {{▸choice: {{slow: 1, fast: 1}}, unit: times, {WHY}}}",
        "assumptions.tempo.choice: 'tempo' is a number; give it by value, between",
    ),
    "no reason": (
        "tempo: ",
        "▸tempo: {value: 1, unit: times, sources: [invention], confidence: judgement}",
        "assumptions.tempo: the field 'because' is missing; add it: Why these values",
    ),
    "an empty reason": (
        "tempo: ",
        'tempo: {value: 1, unit: times, because: ▸" ", sources: [invention], confidence: found}',
        "assumptions.tempo.because: this text is empty; write it",
    ),
    "no source": (
        "tempo: ",
        "tempo: {value: 1, unit: times, because: so, sources: ▸[], confidence: judgement}",
        "assumptions.tempo.sources: is empty; give at least 1",
    ),
    "unknown confidence": (
        "tempo: ",
        "tempo: {value: 1, unit: times, because: so, sources: [invention], confidence: ▸guessed}",
        "assumptions.tempo.confidence: 'guessed' is not known here; it must be found, claimed",
    ),
}


@pytest.mark.parametrize(("begins", "new", "expected"), BROKEN.values(), ids=BROKEN.keys())
def test_problem_has_its_place_and_a_remedy(
    begins: str, new: str, expected: str, minimal: str, problem_of: Callable[[str], str]
) -> None:
    text = minimal
    if "▸" not in new:
        text = text.replace("\nassumptions:", "\n▸assumptions:")
    lines = [f"  {new}" if line.strip().startswith(begins) else line for line in text.split("\n")]
    assert lines != text.split("\n")
    assert problem_of("\n".join(lines)).startswith(expected)
