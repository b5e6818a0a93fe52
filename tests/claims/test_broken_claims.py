"""Broken claims files: every problem at once, at its line and column, with what would be right."""

from pathlib import Path

import pytest

from ripeness.claims.language import read_claims
from ripeness.errors import InvalidFile

COLUMNS = {"gain": "DOUBLE", "kind": "VARCHAR"}
PLANS = ["none", "hold"]

BROKEN = """\
- id: C1
  essay: F
  says: Something
  kind: [modl]
  against: [C2]
- id: C2
  essay: E
  says: Something else
  kind: [model, value]
  against: [C3]
  hinges: [gian]
  compare: [holds, none]
  given: a.kind
  holds: a.gain > (select 1)
  effect: a.gian
  unit: km²
  efect_says: what
- id: C2
  essay: E
  says: Again
  kind: [record]
  value: It is not one
  record:
    as_of: 2024-02-30
    figures:
      rain: {sql: select mm from rian, unit: mm, is: rain}
      day: {sql: select max(day) from rain, unit: day, is: a day}
    supported: rain > 10
    contradicted: snow < 5
    found: "{rain!r} mm"
    objection: One gauge
- id: C4
  essay: E
  says: Nothing
  kind: [record, hinge]
- id: C5
  essay: E
  says: Tested
  kind: [model]
  untested: It is not
  compare: [hold, none]
  plan: hold
  holds: gain > 1
- id: C6
  says: Half a test
  unit: km²
- id: C7
  says: Which plan?
  holds: gain > 1
"""


@pytest.fixture
def problems(tmp_path: Path, write_claims) -> list[str]:
    (tmp_path / "rain.csv").write_text("day,mm\n2024-01-01,2\n")
    path = write_claims(BROKEN)
    with pytest.raises(InvalidFile) as caught:
        read_claims(path, columns=COLUMNS, plans=PLANS, record=tmp_path)
    start = f"{path}:"
    assert all(problem.startswith(start) for problem in caught.value.problems)
    return [problem.removeprefix(start).splitlines()[0] for problem in caught.value.problems]


@pytest.mark.parametrize(
    "said",
    [
        "5:10: claims[0].essay: there is no essay 'F'; there are E",
        "7:10: claims[0].kind[0]: 'modl' is not known here; did you mean 'model'?",
        "9:3: claims[1]: claim 'C2' is a value claim without 'value'; add it",
        "13:13: claims[1].against[0]: there is no claim 'C3'; there are C1, C2",
        "14:12: claims[1].hinges[0]: claim 'C2' hangs on 'gian', which is no column of the table; "
        "did you mean 'gain'?",
        "15:13: claims[1].compare[0]: claim 'C2' speaks of plan 'holds', which the run "
        "lacks; it has none, hold",
        "16:10: claims[1].given: claim 'C2' has 'a.kind', which is not true or false",
        "17:10: claims[1].holds: claim 'C2' has 'a.gain > (select 1)', which may not use "
        "'(SELECT 1)'; it may have comparisons",
        "18:11: claims[1].effect: claim 'C2' speaks of column 'a.gian', which the",
        "20:3: claims[1].efect_says: unknown field 'efect_says'; did you mean 'effect_says'",
        "21:7: claims[2].id: the id 'C2' is taken; ids are unique",
        "25:3: claims[2].value: claim 'C2' is no value claim by its 'kind'; add 'value' there",
        "27:12: claims[2].record.as_of:",
        "29:19: claims[2].record.figures.rain.sql: claim 'C2' has a query that reads 'rian', "
        "which is no table of the record; did you mean 'rain'?",
        "30:18: claims[2].record.figures.day.sql: claim 'C2' has a query that is not a number",
        "32:19: claims[2].record.contradicted: claim 'C2' speaks of column 'snow', which the table",
        "33:12: claims[2].record.found: claim 'C2' has a sentence with a form that is none",
        "35:3: claims[3]: claim 'C4' is a record claim without a test; add 'record' or 'untested'",
        "35:3: claims[3]: claim 'C4' is a hinge claim without 'assumption'; add it",
        "43:3: claims[4].untested: claim 'C5' lacks no test; remove 'untested'",
        "45:3: claims[4].plan: claim 'C5' has 'compare' and 'plan'; keep one of them",
        "47:3: claims[5]: claim 'C6' says nothing that can be tested; add 'holds'",
        "49:3: claims[5].unit: claim 'C6' has 'unit' but not 'holds'; add when it holds",
        "52:10: claims[6].holds: claim 'C7' names no plan; add 'plan' or 'compare': none, hold",
    ],
)
def test_every_problem_is_reported_at_its_place(problems: list[str], said: str):
    assert any(problem.startswith(said) for problem in problems), "\n".join(problems)


@pytest.mark.parametrize(
    "text",
    [
        "- 5\n",
        "- {id: [1], against: 5, kind: 7, model: 3, record: {figures: 4, found: 2}}\n",
        "- {id: C, kind: [[x]], record: {figures: {x: {sql: 5}}, supported: [1], found: '{'}}\n",
        "- {id: C, against: [[1], {a: b}], model: {compare: hold, holds: {a: 1}, effect: 7}}\n",
        "- {id: C, model: {compare: [1, 2, 3], plan: [x], given: null, holds: 'x > 1'}}\n",
        "- {id: C, hinges: {a: 1}, assumption: [x], untested: {}}\n",
    ],
)
def test_nonsense_is_a_problem_and_not_a_crash(tmp_path: Path, write_claims, text: str):
    with pytest.raises(InvalidFile):
        read_claims(write_claims(text), columns=COLUMNS, plans=PLANS, record=tmp_path)


@pytest.mark.parametrize(
    "form",
    ["{rain.real}", "{rain[0]}", "{rain!r}", "{rain:>999999999}", "{0}", "{}", "{rain:{rain}}"],
)
def test_sentences_can_show_plain_numbers_only(write_claims, form: str):
    text = (
        "- {id: C, essay: E, says: x, kind: [record], record: {as_of: 2024-01-01, figures: {rain: "
        f"{{sql: select 1, unit: x, is: x}}}}, supported: rain > 1, contradicted: rain < 1, "
        f'found: "{form}", objection: x}}}}\n'
    )
    with pytest.raises(InvalidFile, match="has a sentence with"):
        read_claims(write_claims(text))


def test_a_measure_that_the_case_does_not_declare_and_a_test_that_begins_too_late(
    tmp_path: Path, write_claims
):
    figures = (
        "{right: {sql: \"select value from measures where measure = 'front'\", unit: x, is: x}, "
        "other: {sql: \"select max(x) from rain where measure = 'depth'\", unit: x, is: x}, "
        "wrong: {sql: \"select low from measures where measure = 'frnot'\", unit: x, is: x}}"
    )
    claim = (
        "- {id: C, essay: E, says: x, kind: [record], record: {as_of: 2024-01-31, FROM"
        f"figures: {figures}, supported: right > 1, contradicted: right < 1, found: x, "
        "objection: x}}\n"
    )
    (tmp_path / "rain.csv").write_text("measure,x\ndepth,1\n")
    path = write_claims(claim.replace("FROM", ""))
    read_claims(path, record=tmp_path, measures=["front", "frnot"])
    with pytest.raises(InvalidFile) as caught:
        read_claims(path, record=tmp_path, measures=["front"])
    assert len(caught.value.problems) == 1
    said = "reads the measure 'frnot', which the case does not declare; did you mean 'front'?"
    assert said in caught.value.problems[0]
    late = write_claims(claim.replace("FROM", "from: 2024-02-01, "))
    with pytest.raises(InvalidFile, match="says nothing until 2024-02-01, after its verdict of"):
        read_claims(late, record=tmp_path)
