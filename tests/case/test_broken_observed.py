"""What was observed, wrongly declared: each the invented case with one thing wrong, after ▸."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ripeness.case.load import load
from ripeness.errors import InvalidFile

FOLLOWED = """
followed:
  plan: push
  until: 2030-08-01
  because: Arden went into the valley
  sources: [invention]

observed:
  valley:
    name: Ground in the valley
    series: ground_valley
    unit: km²
    table: front
    where: {map: [one, two]}
    date: date
    value: km2
    how: level
    error: 10
    because: invented
    sources: [invention]
    confidence: judgement

durations:
  table: wars
  column: days
  unit: days
  within: 2
  because: invented
  sources: [invention]
  confidence: judgement
"""

BROKEN = {
    "a plan that is none": (
        "plan: push",
        "plan: ▸puhs",
        "followed.plan: there is no plan 'puhs'; did you mean 'push'?",
    ),
    "an end before the decision": (
        "until: 2030-08-01",
        "until: ▸2030-05-06",
        "followed.until: 2030-05-06 is not after the decision of 2030-05-06; name a later day",
    ),
    "no plan for what was observed": (
        FOLLOWED[: FOLLOWED.index("durations")],
        "\n▸",
        "durations: nothing says which plan was followed; add 'followed' with its plan",
    ),
    "a comparison that is none": (
        "how: level",
        "how: ▸levels",
        "observed.valley.how: 'levels' is not known here; did you mean 'level'?",
    ),
    "an exact figure": (
        "  valley:\n    name: Ground in the valley",
        "  ▸valley:\n    name: Exact",
        "observed.valley: no figure is exact; give its error or its bias",
    ),
    "times nothing": (
        "how: level",
        "how: level\n    times: ▸0",
        "observed.valley.times: 0 makes every figure the same; write what turns it into the "
        "series' unit",
    ),
    "a source that is none": (
        "sources: [invention]\n    confidence",
        "sources: [▸inventoin]\n    confidence",
        "observed.valley.sources[0]: there is no source 'inventoin'; did you mean 'invention'?",
    ),
    "a table that is none": (
        "table: front",
        "table: ▸fornt",
        "observed.valley.table: there is no table 'fornt' in record/; did you mean 'front'?",
    ),
    "a column of figures that is none": (
        "value: km2",
        "value: ▸km",
        "observed.valley.value: the table 'front' has no column 'km'; did you mean 'km2'?",
    ),
    "a column of dates that is none": (
        "date: date",
        "date: ▸wk",
        "observed.valley.date: the table 'front' has no column 'wk'; it has date, km2, map",
    ),
    "a column to look in that is none": (
        "where: {map:",
        "where: {▸mpa:",
        "observed.valley.where.mpa: the table 'front' has no column 'mpa'; did you mean 'map'?",
    ),
    "a word that no row has": (
        "[one, two]",
        "[one, ▸tow]",
        "observed.valley.where.map[1]: no row of 'front' has 'tow' in 'map'; did you mean 'two'?",
    ),
    "a factor below one": (
        "within: 2",
        "within: ▸0.5",
        "durations.within: 0.5 is out of range; it must be more than 1",
    ),
    "lengths in a column that is none": (
        "column: days",
        "column: ▸day",
        "durations.column: the table 'wars' has no column 'day'; did you mean 'days'?",
    ),
}


@pytest.fixture
def with_record(tmp_path: Path) -> None:
    record = tmp_path / "minimal" / "record"
    record.mkdir(parents=True)
    (record / "front.csv").write_text("date,km2,map\n2030-06-01,5,one\n2030-06-01,6,two\n")
    (record / "wars.csv").write_text("days\n20\n")


@pytest.mark.usefixtures("with_record")
def test_what_is_declared_well_is_read(minimal: str, case_of: Callable[[str], Path]):
    case = load(case_of(minimal + FOLLOWED))
    assert case.followed is not None
    assert case.followed.plan == "push"
    assert case.observed["valley"].where == {"map": ("one", "two")}
    assert case.observed["valley"].times == 1
    assert case.durations is not None


@pytest.mark.usefixtures("with_record")
@pytest.mark.parametrize(("old", "new", "says"), BROKEN.values(), ids=BROKEN)
def test_one_problem_at_its_place(
    minimal: str, problem_of: Callable[[str], str], old: str, new: str, says: str
):
    declared = FOLLOWED.replace("error: 10", "error: 0") if "Exact" in new else FOLLOWED
    assert old in declared
    assert problem_of(minimal + declared.replace(old, new, 1)) == says


@pytest.mark.usefixtures("with_record")
def test_a_table_that_cannot_be_read_is_left_to_whoever_reads_it(
    minimal: str, case_of: Callable[[str], Path], tmp_path: Path
):
    (tmp_path / "minimal" / "record" / "front.csv").write_bytes(b"\xff\xfe")
    assert load(case_of(minimal + FOLLOWED)).observed


@pytest.mark.usefixtures("with_record")
def test_all_problems_at_once(minimal: str, case_of: Callable[[str], Path]):
    wrong = FOLLOWED.replace("km2", "km").replace("[one, two]", "three").replace("days\n", "dys\n")
    with pytest.raises(InvalidFile) as caught:
        load(case_of(minimal + wrong))
    assert len(caught.value.problems) == 4  # and 'dys' is no unit either
