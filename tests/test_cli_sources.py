"""`ripeness sources`, as a user runs it: on a small case of which some was written from memory."""

from __future__ import annotations

import json
import shutil
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from running import Command, MadeOnce
from test_cli_ablation import CLAIMS, EQUAL

import ripeness as rp
from ripeness import cli
from ripeness.errors import UsageError
from ripeness.experiments.recalled import total_index

RECORD = """\
  record:
    as_of: 2024-01-01
    figures:
      raids: {sql: "select count(*) from raids where place = 'valley'", unit: raids, is: raids}
    supported: raids > 1
    contradicted: raids < 1
    found: "{raids:.0f} raids"
    objection: a list made for tests
"""
RAIDS = """\
date,place,source,confidence,known,licence
2023-01-01,valley,a paper,found,2023-01-02,not stated
2023-02-01,valley,general knowledge,recalled,2023-02-02,none needed
2023-03-01,plain,general knowledge,recalled,2023-03-02,none needed
"""


@pytest.fixture(scope="module")
def made(small_case: Path, made_once: MadeOnce) -> Path:
    """What the command printed of a case in which the tolerance of provocation is recalled."""

    def fill(folder: Path) -> None:
        case = folder / "minimal"
        shutil.copytree(small_case, case)
        (case / "record").mkdir()
        (case / "record" / "raids.csv").write_text(RAIDS, encoding="utf-8")
        kind = "  kind: [model]\n"
        claims = CLAIMS.replace(kind, kind.replace("[", "[record, ") + RECORD, 1)
        (case / "claims.yaml").write_text(claims, encoding="utf-8")
        text = (case / "case.yaml").read_text(encoding="utf-8")
        remembered = EQUAL.replace("confidence: judgement", "confidence: recalled")
        (case / "case.yaml").write_text(text.replace(EQUAL, remembered), encoding="utf-8")
        for name, as_json in (("text", False), ("json", True)):
            with (folder / name).open("w", encoding="utf-8") as out, redirect_stdout(out):
                cli.sources(str(case), worlds=1_000, as_json=as_json)

    return made_once("sources", fill)


@pytest.fixture(scope="module")
def found(made: Path) -> dict[str, Any]:
    return json.loads((made / "json").read_text(encoding="utf-8"))


def test_a_source_says_what_rests_on_it_and_what_of_that_is_recalled(found: dict[str, Any]):
    (source,) = found["sources"]
    assert source["name"] == "invention"
    assert source["recalled_figures"] == ["assumptions.tolerance"]
    assert {"assumptions.tolerance", "assumptions.loss_rate"} < set(source["figures"])
    assert source["recalled"]
    assert found["recalled_assumptions"] == ["tolerance"]


def test_where_every_row_was_read(found: dict[str, Any]):
    read = {each["source"]: each["rows"] for each in found["read"]}
    assert read == {"a paper": 1, "general knowledge": 2}


def test_a_claim_rests_on_what_it_is_about(found: dict[str, Any]):
    ground, responses = found["claims"]
    # How much a side bears without an answer decides on answers, and not on ground.
    assert responses["share"]["low"] > 0.1
    assert ground["share"] is None or ground["share"]["high"] < responses["share"]["low"]
    assert ground["record"] == [{"table": "raids", "recalled": 2, "rows": 3}]
    assert responses["record"] == []


def test_the_same_in_a_terminal(made: Path, found: dict[str, Any]):
    text = (made / "text").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert max(map(len, lines)) <= 100
    assert "* invention: Invented for tests" in lines
    share = found["claims"][1]["share"]
    assert f"{share['value']:.0%} ({share['low']:.0%} to {share['high']:.0%})" in text
    assert "raids 2 of 3" in text


def test_a_case_without_claims_lists_its_sources_only(command: Command):
    listed = command("sources", "two-sided-war", "--json")
    assert listed.returncode == 0, listed.stderr
    told = json.loads(listed.stdout)
    assert told["sources"]
    assert told["claims"] == []
    with pytest.raises(UsageError, match="has no claims"):
        rp.load("two-sided-war").rest_on_recalled()


def test_every_source_of_the_kursk_case_is_listed():
    case = rp.load("kursk-2024")
    listed = case.sources()
    assert [each.name for each in listed.sourced] == list(case.file.sources)
    attacks = next(each for each in listed.sourced if each.name == "attacks")
    assert (attacks.rows, attacks.recalled_rows, attacks.recalled) == (26, 6, True)
    named = {figure for each in listed.sourced for figure in each.figures}
    assert {f"assumptions.{name}" for name in case.file.assumptions} <= named
    assert sum(each.rows for each in listed.read if each.table == "polls") == 90


def halves(seed: int, worlds: int = 20_000) -> np.ndarray:
    return np.random.default_rng(seed).random(worlds) < 0.5


def test_a_total_index_against_closed_forms():
    one, other, one_anew = halves(1), halves(2), halves(3)
    rng = np.random.default_rng(0)
    # Both must hold: variance 3/16, and with the other known 1/4 in half of all worlds, so 2/3.
    both = total_index(one & other, one_anew & other, rng)
    assert both is not None
    assert both.low < 2 / 3 < both.high
    assert both.high - both.low < 0.04
    either = total_index(one ^ other, one_anew ^ other, rng)  # worth nothing without the other
    assert either is not None
    assert either.value == pytest.approx(1.0, abs=0.02)
    nothing = total_index(other, other, rng)
    assert nothing is not None
    assert (nothing.value, nothing.low, nothing.high) == (0.0, 0.0, 0.0)


def test_the_interval_of_a_total_index_covers_it():
    covered = 0
    for seed in range(200):
        one, other, anew = (halves(3 * seed + i, 500) for i in range(3))
        found = total_index(one & other, anew & other, np.random.default_rng(seed))
        assert found is not None
        covered += found.low <= 2 / 3 <= found.high
    assert 0.90 <= covered / 200 <= 0.99


def test_answers_that_are_nearly_all_the_same_have_no_share():
    yes = np.ones(1_000, bool)
    few = yes.copy()
    few[:5] = False
    assert total_index(yes, yes, np.random.default_rng(0)) is None
    assert total_index(yes, few, np.random.default_rng(0)) is None
