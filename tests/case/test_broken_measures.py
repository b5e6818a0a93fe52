"""Measures wrongly declared: each the invented case with one thing wrong, after ▸."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ripeness.case.load import load
from ripeness.case.measures import EventStudy, PaceChange

MEASURES = """
measures:
  pace:
    kind: pace change
    name: Ground taken in the valley
    table: front
    where: {map: one}
    date: date
    value: km2
    figures: levels
    changed: 2030-05-06
    before: 4
    after: 8
    since: 2030-01-01
    until: 2030-12-31
    unit: km² a week
    because: invented
    sources: [invention]
  answers:
    kind: event study
    name: Raids after speeches
    table: speeches
    date: day
    outcome:
      table: raids
      date: date
      amounts: {all: [by_day, by_night]}
    windows: [7, 3]
    lists: {all: {}, loud: {tone: loud}}
    heavy_from: 1.5
    declared: {tone: loud}
    until: 2030-12-31
    because: invented
    sources: [invention]
  mood:
    kind: survey change
    name: Those for peace
    table: polls
    date: wave
    value: percent
    first: "2030-05"
    second: "2030-06"
    answers: 1000
    design_effect: 1.3
    because: invented
    sources: [invention]
"""

BROKEN = {
    "a kind that is none": (
        "kind: pace change",
        "kind: ▸pace changes",
        "measures.pace.kind: 'pace changes' is not known here; did you mean 'pace change' or "
        "'count change' or 'survey change'?",
    ),
    "dates out of order": (
        "  pace:\n    kind: pace change\n    name: Ground taken in the valley",
        "  ▸pace:\n    kind: pace change\n    name: Out of order",
        "measures.pace: the dates must ascend: since, changed, until",
    ),
    "too few periods": (
        "  pace:\n    kind: pace change\n    name: Ground taken in the valley",
        "  ▸pace:\n    kind: pace change\n    name: Too few",
        "measures.pace: an interval needs 4 periods on either side; write more",
    ),
    "a table that is none": (
        "table: front",
        "table: ▸fornt",
        "measures.pace.table: there is no table 'fornt' in record/; did you mean 'front'?",
    ),
    "a column that is none": (
        "value: km2",
        "value: ▸km",
        "measures.pace.value: the table 'front' has no column 'km'; did you mean 'km2'?",
    ),
    "a column of the outcome that is none": (
        "[by_day, by_night]",
        "[by_day, ▸by_nihgt]",
        "measures.answers.outcome.amounts.all[1]: the table 'raids' has no column 'by_nihgt'; "
        "did you mean 'by_night'?",
    ),
    "a word of a list that no row has": (
        "loud: {tone: loud}",
        "loud: {tone: ▸lout}",
        "measures.answers.lists.loud.tone: no row of 'speeches' has 'lout' in 'tone'; "
        "did you mean 'loud'?",
    ),
    "a design effect below one": (
        "design_effect: 1.3",
        "design_effect: ▸0.9",
        "measures.mood.design_effect: 0.9 is out of range; it must be at least 1",
    ),
}


@pytest.fixture(autouse=True)
def with_record(tmp_path: Path) -> None:
    record = tmp_path / "minimal" / "record"
    record.mkdir(parents=True)
    (record / "front.csv").write_text("date,km2,map\n2030-06-01,5,one\n2030-06-01,6,two\n")
    (record / "speeches.csv").write_text("day,tone\n2030-06-01,loud\n")
    (record / "raids.csv").write_text("date,by_day,by_night\n2030-06-01,1,2\n")
    (record / "polls.csv").write_text("wave,percent\n2030-05,50\n")


def test_what_is_declared_well_is_read(minimal: str, case_of: Callable[[str], Path]):
    measures = load(case_of(minimal + MEASURES)).measures
    assert isinstance(measures["pace"], PaceChange)
    assert isinstance(measures["answers"], EventStudy)
    assert measures["answers"].lists == {"all": {}, "loud": {"tone": "loud"}}


@pytest.mark.parametrize(("old", "new", "says"), BROKEN.values(), ids=BROKEN)
def test_one_problem_at_its_place(
    minimal: str, problem_of: Callable[[str], str], old: str, new: str, says: str
):
    declared = MEASURES
    if "Out of order" in new:
        declared = declared.replace("since: 2030-01-01", "since: 2030-06-01")
    if "Too few" in new:
        declared = declared.replace("before: 4", "before: 3")
    assert old in declared
    assert problem_of(minimal + declared.replace(old, new, 1)) == says
