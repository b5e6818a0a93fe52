"""Case files with one thing wrong: each is the minimal case after a small edit.

In the edited text, ▸ stands just before the place that the problem must point at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ripeness.case.load import load
from ripeness.errors import InvalidFile
from ripeness.yamlnodes import compose

BROKEN = {
    "unknown field": (
        "  borea: {name: Borea,",
        "  borea: {▸nmae: x, name: Borea,",
        "sides.borea.nmae: unknown field 'nmae'; did you mean 'name'?",
    ),
    "unknown field at the top": (
        "weeks: 26\n",
        "weeks: 26\n▸week: 26\n",
        "week: unknown field 'week'; did you mean 'weeks'?",
    ),
    "unknown field of a move": (
        "factor: 0.5,",
        "factor: 0.5, ▸form_week: 0,",
        "plans.ask.moves[1].form_week: unknown field 'form_week'; did you mean 'from_week'",
    ),
    "text cut by a comma": (
        "{value: 5000, unit: km²,",
        "{value: 5000, because: over 5,▸000 km², unit: km²,",
        "sectors.plain.area.000 km²: unknown field '000 km²'; if it belongs to the text before it, "
        "put that text in quotes",
    ),
    "an address that a browser would run": (
        "{title: Invented for tests, ",
        "{title: Invented for tests, url: ▸'javascript:alert(1)', ",
        "sources.invention.url: 'javascript:alert(1)' is no address of a page; it begins with",
    ),
    "missing field": (
        "  borea: {name: Borea, adjective",
        "  ▸borea: {adjective",
        "sides.borea: the field 'name' is missing; add it: What people call it",
    ),
    "missing field at the top": (
        "id: minimal\ntitle: The war for the plain\n",
        "▸id: minimal\n",
        "the field 'title' is missing; add it: What people call the case",
    ),
    "a number that is text": (
        "factor: 0.5",
        "factor: ▸half",
        "plans.ask.moves[1].factor: expected a number, found the text 'half'",
    ),
    "a number in quotes": (
        "weeks: 26\n",
        'weeks: ▸"26"\n',
        "weeks: expected a whole number, found the text '26'",
    ),
    "text that is a number": (
        "name: Wait",
        "name: ▸2030",
        "plans.wait.name: expected text, found 2030; put it in quotes",
    ),
    "yes is text in YAML 1.2": (
        "dig_in: true",
        "dig_in: ▸yes",
        "plans.push.moves[0].dig_in: expected true or false, found the text 'yes'",
    ),
    "a list in place of fields": (
        "election: {date: 2030-06-03, takes_office: 2030-07-01}",
        "election: ▸[2030-06-03]",
        "supporters.harbour.election: expected fields ('name: value'), found a list",
    ),
    "no date": (
        "decision_date: 2030-05-06",
        "decision_date: ▸6 May 2030",
        "decision_date: '6 May 2030' is no date; write it as year-month-day: 2024-08-06",
    ),
    "a day that is not in the calendar": (
        "decision_date: 2030-05-06",
        "decision_date: ▸2030-02-30",
        "decision_date: '2030-02-30' is no date",
    ),
    "office before election": (
        "election: {date: 2030-06-03, takes_office: 2030-07-01}",
        "election: ▸{date: 2030-06-03, takes_office: 2030-05-01}",
        "supporters.harbour.election: the next government takes office on 2030-05-01, before it is "
        "elected; exchange date and takes_office",
    ),
    "a name with a capital": (
        "  invention: {title",
        "  ▸Invention: {title: x, confidence: found}\n  invention: {title",
        "sources.Invention: 'Invention' cannot be a name here; use lower case, digits and '_'",
    ),
    "a name that means two things": (
        "  neutrality: {",
        "  ▸plain: {name: A treaty of the plain, benefits: borea}\n  neutrality: {",
        "terms.plain: 'plain' already means a sector; use another name",
    ),
    "unknown side": (
        "backs: arden",
        "backs: ▸ardne",
        "supporters.harbour.backs: there is no side 'ardne'; did you mean 'arden'?",
    ),
    "unknown side, far from any": (
        "benefits: borea",
        "benefits: ▸xyz",
        "terms.neutrality.benefits: there is no side 'xyz'; there are arden, borea",
    ),
    "unknown sector": (
        "sector: valley",
        "sector: ▸vally",
        "plans.push.moves[0].sector: there is no sector 'vally'; did you mean 'valley'?",
    ),
    "unknown supporter": (
        "supporter: harbour",
        "supporter: ▸harbor",
        "plans.ask.moves[1].supporter: there is no supporter 'harbor'; did you mean 'harbour'?",
    ),
    "unknown deal": (
        "dictates: border}",
        "dictates: ▸boarder}",
        "sides.arden.dictates: there is no deal 'boarder'; did you mean 'border'?",
    ),
    "unknown term": (
        "terms: [guarantees]",
        "terms: [▸guarantee]",
        "deals.border.terms[0]: there is no term 'guarantee'; did you mean 'guarantees'?",
    ),
    "unknown source": (
        "tempo: {between: [0.2, 1], unit: times, because: invented, sources: [invention]",
        "tempo: {between: [0.2, 1], unit: times, because: invented, sources: [▸inventions]",
        "assumptions.tempo.sources[0]: there is no source 'inventions'; did you mean 'invention'?",
    ),
    "unknown move": (
        "do: commit",
        "do: ▸comit",
        "plans.push.moves[0].do: 'comit' is not known here; did you mean 'commit'?",
    ),
    "unknown holder": (
        "control: borea",
        "control: ▸bora",
        "deals.dictated.control: 'bora' is not known here; did you mean 'borea'?",
    ),
    "unknown sector held": (
        "island: start}",
        "▸iland: start}",
        "deals.border.control.iland: 'iland' is not known here; did you mean 'island'",
    ),
    "holders without the rest": (
        "control: {default: recognised, island",
        "control: ▸{island",
        "deals.border.control: does not say who holds the other sectors; add 'default: line'",
    ),
    "a truce with terms": (
        "  no_strikes:",
        "  ▸no_strikes:\n    terms: [neutrality]",
        "deals.no_strikes: a partial deal settles strikes only; remove its control and terms",
    ),
    "a truce dictated": (
        "dictates: dictated",
        "dictates: ▸no_strikes",
        "sides.borea.dictates: 'no_strikes' is a truce on strikes; name a deal that",
    ),
    "a deal named none": (
        "  freeze:\n",
        "  ▸none:\n",
        "deals.none: 'none' means that no deal was struck; use another name",
    ),
    "more held than there is": (
        "  plain:\n    name: The plain\n    own_soil_of: arden\n    area: {value: 5000,",
        "  ▸plain:\n    name: The plain\n    own_soil_of: arden\n    area: {value: 500,",
        "sectors.plain: the first side holds 3000 km² of 500; held_by_first may be",
    ),
    "unit of an area": (
        "{value: 800, unit: km²",
        "{value: 800, unit: ▸km2",
        "sectors.valley.area.unit: 'km2' is not known here; did you mean 'km²'?",
    ),
    "an area that is not finite": (
        "{value: 800,",
        "{value: ▸.inf,",
        "sectors.valley.area.value: expected a finite number, found inf",
    ),
    "an area below nothing": (
        "{value: 800,",
        "{value: ▸-800,",
        "sectors.valley.area.value: -800 is out of range; it must be at least 0",
    ),
    "milestone beyond the horizon": (
        "[4, 13, 26]",
        "[4, 13, ▸52]",
        "milestones[2]: week 52 lies beyond the case's 26 weeks; it may be 26",
    ),
    "milestones out of order": (
        "[4, 13, 26]",
        "▸[13, 4, 26]",
        "milestones: must ascend; write [4, 13, 26]",
    ),
    "a move beyond the horizon": (
        "from_week: 4, to_week: 8",
        "from_week: 4, to_week: ▸80",
        "plans.push.moves[2].to_week: week 80 lies beyond the case's 26 weeks",
    ),
    "a move that ends before it begins": (
        "- {do: publicise, side: arden, from_week: 4, to_week: 8",
        "- ▸{do: publicise, side: arden, from_week: 8, to_week: 4",
        "plans.push.moves[2]: ends in week 4 but begins in week 8",
    ),
    "troops where nothing is fought": (
        "sector: valley",
        "sector: ▸island",
        "plans.push.moves[0].sector: nothing is fought in 'island'; name another sector",
    ),
    "troops of no number": (
        "{do: publicise,",
        "▸{do: commit, sector: plain,",
        "plans.push.moves[2]: nothing says how many troops it commits; "
        "add the assumption 'commitment.arden.plain'",
    ),
    "id of another folder": (
        "id: minimal",
        "id: ▸minimum",
        "id: 'minimum' is not the name of its folder; write 'id: minimal'",
    ),
}


@pytest.mark.parametrize(("old", "new", "expected"), BROKEN.values(), ids=BROKEN.keys())
def test_problem_has_its_place_and_a_remedy(
    old: str, new: str, expected: str, minimal: str, problem_of: Callable[[str], str]
) -> None:
    assert old in minimal
    assert problem_of(minimal.replace(old, new, 1)).startswith(expected)


def test_all_problems_at_once_in_the_order_of_the_file(
    minimal: str, case_of: Callable[[str], Path]
) -> None:
    text = minimal
    for name in ("unknown side", "a number in quotes", "unknown field", "unknown term"):
        old, new, _ = BROKEN[name]
        text = text.replace(old, new.replace("▸", ""), 1)
    text = text.replace("  nerve:", "  nerves:")
    with pytest.raises(InvalidFile) as caught:
        load(case_of(text))
    paths = [problem.splitlines()[0].split(": ")[1] for problem in caught.value.problems]
    assert paths == [
        "weeks",
        "sides.borea.nmae",
        "supporters.harbour.backs",
        "deals.border.terms[0]",
        "assumptions",
        "assumptions.nerves",
    ]


def test_a_key_given_twice_is_shown_at_both_places(
    minimal: str, problem_of: Callable[[str], str]
) -> None:
    text = minimal.replace("weeks: 26\n", "weeks: 26\n▸weeks: 52\n", 1)
    line = minimal[: minimal.index("weeks: 26")].count("\n") + 1
    assert problem_of(text) == (
        f"weeks: 'weeks' is given twice, first at line {line}, column 1; keep one of them"
    )


def test_a_third_side(minimal: str, case_of: Callable[[str], Path]) -> None:
    corin = "sides:\n  corin: {name: Corin, adjective: Corinian}\n"
    with pytest.raises(InvalidFile, match="sides: has 3; it may have at most 2"):
        load(case_of(minimal.replace("sides:\n", corin, 1)))


JUNK = (None, True, 3, -1.5, "x", "arden", [], [[]], ["x"], {}, {"x": None}, {"do": "commit"})


def places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) of plain data."""
    keys = list(data) if isinstance(data, dict) else range(len(data))
    for key in keys:
        yield data, key
        if isinstance(data[key], dict | list):
            yield from places(data[key])


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_junk_anywhere_is_answered_in_words(
    minimal: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    node, _ = compose(minimal)
    assert node is not None
    case = node.plain()
    case["assumptions"] = {name: case["assumptions"][name] for name in ("tempo", "tolerance_kind")}
    spots = list(places(case))
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = spots[data.draw(st.integers(0, len(spots) - 1))]
        container[key] = data.draw(st.sampled_from(JUNK))
    path = tmp_path_factory.getbasetemp() / "junk.yaml"
    path.write_text(json.dumps(case), encoding="utf-8")
    with pytest.raises(InvalidFile) as caught:
        load(path)
    for problem in caught.value.problems:
        assert problem.startswith(f"{path}:1:")


def test_a_table_that_the_record_lacks(
    minimal: str, case_of: Callable[[str], Path], problem_of: Callable[[str], str]
) -> None:
    old = "confidence: judgement}\n\nsides"
    text = minimal.replace(old, "table: ▸lost, " + old, 1)
    alone = case_of(text.replace("▸", ""))
    assert load(alone).sources["invention"].table == "lost"
    record = alone.parent / "record"
    record.mkdir()
    (record / "losses.csv").touch()
    assert problem_of(text) == (
        "sources.invention.table: there is no table 'lost' in record/; did you mean 'losses'?"
    )
