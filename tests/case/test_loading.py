from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from ripeness.case import load as loader
from ripeness.case.distributions import Between, Choice
from ripeness.case.editors import json_schema, schema_text
from ripeness.case.load import case_file, load, shipped
from ripeness.case.quantities import QUANTITIES
from ripeness.case.resolve import first_given, indices, resolve
from ripeness.case.schema import CaseFile
from ripeness.errors import UsageError
from ripeness.yamlnodes import compose

CASES = Path(loader.__file__).parent.parent / "cases"


def test_a_case_is_read_whole(minimal: str, case_of: Callable[[str], Path]) -> None:
    case = load(case_of(minimal))
    assert list(case.sides) == ["arden", "borea"]
    assert case.decision_date == date(2030, 5, 6)
    assert case.milestones == (4, 13, 26)
    assert case.deals["border"].holder("plain") == "recognised"
    assert case.deals["border"].holder("island") == "start"
    assert case.deals["dictated"].holder("plain") == "borea"
    assert [move.do for move in case.plans["push"].moves] == ["commit", "strike_deep", "publicise"]
    assert case.assumptions["reserve"].distribution == Between(10, 30)
    assert case.assumptions["tolerance_kind"].distribution == Choice(("fixed", "eroding"), (1, 1))


def test_a_case_is_found_by_folder_and_by_file(
    minimal: str, case_of: Callable[[str], Path]
) -> None:
    path = case_of(minimal)
    assert load(path.parent) == load(path) == load(str(path))
    assert case_file(path) == case_file(path.parent) == path


@pytest.mark.parametrize("name", shipped())
def test_shipped_cases_are_sound_and_carry_the_schema_line(name: str) -> None:
    assert load(name).id == name
    first = case_file(name).read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../case.schema.json"


def test_kursk_is_shipped() -> None:
    assert "kursk-2024" in shipped()


def test_an_unknown_case_says_which_there_are() -> None:
    with pytest.raises(UsageError, match="no case 'kursk'; did you mean 'kursk-2024'"):
        load("kursk")
    with pytest.raises(UsageError, match="no case 'x'; there are kursk-2024"):
        load("x")
    with pytest.raises(UsageError, match=r"nowhere/case\.yaml: there is no such file"):
        load("nowhere/case.yaml")


def test_a_folder_without_a_case(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"case\.yaml: there is no such file"):
        load(tmp_path)


def test_the_most_specific_name_wins(minimal: str, case_of: Callable[[str], Path]) -> None:
    case = load(case_of(minimal))
    assert first_given(case.assumptions, "troops", ("borea", "valley")) == "troops.borea.valley"
    assert first_given(case.assumptions, "troops", ("borea", "island")) == "troops.island"
    assert first_given(case.assumptions, "term_worth", ("borea", "neutrality")) == (
        "term_worth.borea.neutrality"
    )
    assert first_given(case.assumptions, "term_worth", ("arden", "neutrality")) == "term_worth"
    assert first_given(case.assumptions, "nerve", ()) == "nerve"
    assert first_given(case.assumptions, "terrain", ("plain",)) is None


def test_every_quantity_is_resolved(minimal: str, case_of: Callable[[str], Path]) -> None:
    case = load(case_of(minimal))
    resolved = resolve(case)
    assert resolved["terrain", ("plain",)] == 0.0
    assert resolved["home_priority", ("borea",)] == "home_priority.borea"
    assert set(resolved) == {
        (quantity.name, index) for quantity in QUANTITIES for index in indices(case, quantity)
    }


def test_the_schema_file_is_up_to_date() -> None:
    file = CASES / "case.schema.json"
    assert file.read_text(encoding="utf-8") == schema_text(), (
        f"the models have changed: run `ripeness schema > {os.path.relpath(file)}`"
    )


def test_the_json_schema_takes_good_cases_and_refuses_bad_ones(minimal: str) -> None:
    node, _ = compose(minimal)
    assert node is not None
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(node.plain(), schema)
    for old, new in (("tempo:", "tenpo:"), ("unit: times", "unit: time"), ("id:", "ib:")):
        node, _ = compose(minimal.replace(old, new, 1))
        assert node is not None
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(node.plain(), schema)


def test_every_field_is_described() -> None:
    schema = CaseFile.model_json_schema()
    for part in (schema, *schema["$defs"].values()):
        for name, field in part["properties"].items():
            assert field.get("description"), f"{part['title']}.{name}"


def test_checking_a_case_loads_nothing_heavy() -> None:
    heavy = {"scipy", "jax", "pandas", "duckdb", "altair"}
    program = (
        "import json, sys; from ripeness.case.load import load; load('kursk-2024'); "
        "print(json.dumps(list(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert heavy.isdisjoint(json.loads(done.stdout))
