"""A run as of a day and the timeline, as a user has them: on a small case with a record."""

# pandas 3 types what a frame yields as unions that hardly any comparison passes.
# pyright: reportGeneralTypeIssues=false, reportAttributeAccessIssue=false

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from observing import observe
from running import MadeOnce, few_training_wars

import ripeness as rp
from ripeness import cli
from ripeness.errors import UsageError
from ripeness.record.days import half_years

CLAIMS = """\
essays:
  A: {title: the bold essay, summary: Going is worth it.}
  B: {title: the meek essay, summary: It is not.}
claims:
- id: A1
  essay: A
  says: Going into the valley gains ground there
  kind: [model]
  compare: [push, wait]
  holds: a.peak_gain_arden_valley > b.peak_gain_arden_valley + 10
  effect: a.peak_gain_arden_valley - b.peak_gain_arden_valley
  unit: km²
  effect_says: more ground taken
- id: B2
  essay: B
  says: Going is folly
  kind: [value]
  value: Folly is a judgement
"""
ON_THE_RECORD = """\
- id: {id}
  essay: {id[0]}
  says: {says}
  kind: [record]
  record:
    from: {begins}
    as_of: 2030-07-08
    figures:
      held:
        sql: select km2 from front order by date desc limit 1
        unit: km²
        is: held in the plain
    supported: held > 2950
    contradicted: held < 2900
    found: Arden holds {{held:,.0f}} km².
    objection: It is invented.
"""
HELD = (3000, 2998, 2990, 2984, 2979, 2970, 2961, 2952, 2940, 2931)
FIRST, SECOND = "2030-05-12", "2030-07-01"


@pytest.fixture(scope="session")
def made(small_case: Path, made_once: MadeOnce) -> Path:
    """What the commands wrote and printed, in one process, so that the case is compiled once."""

    def fill(folder: Path) -> None:
        case = observe(small_case, folder / "minimal", HELD, late=1)
        held = (("A2", "Arden holds the plain", FIRST), ("B1", "It does in summer", SECOND))
        recorded = (
            ON_THE_RECORD.format(id=name, says=says, begins=begins) for name, says, begins in held
        )
        (case / "claims.yaml").write_text("".join([CLAIMS, *recorded]), encoding="utf-8")

        def say(name: str, command: Callable[..., None], what: Path, **options: object) -> None:
            with (
                (folder / f"{name}.out").open("w", encoding="utf-8") as out,
                redirect_stdout(out),
                few_training_wars(),
            ):
                command(str(what), **options)

        dates = f"{SECOND},{FIRST}"
        say("timeline", cli.timeline, case, worlds=512, dates=dates, out=folder / "page.html")
        kept = folder / "timeline.json"
        say("data", cli.timeline, case, worlds=512, dates=FIRST, as_json=True, out=kept)
        say("run", cli.run, case, worlds=512, as_of=FIRST, out=folder / "run")
        say("learned", cli.learned, folder / "run")
        say("taught", cli.learned, folder / "run", as_json=True)

    return made_once("as-of", fill)


def printed(made: Path, name: str) -> str:
    return (made / f"{name}.out").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def data(made: Path) -> dict[str, Any]:
    return json.loads(printed(made, "data"))


@pytest.fixture(scope="session")
def run(made: Path) -> rp.Run:
    return rp.open_run(made / "run")


def test_days_are_four_after_the_decision_and_the_ends_of_half_years_that_the_record_knows(
    made: Path,
):
    days = half_years(made / "minimal" / "record", date(2030, 5, 6))
    assert [day.isoformat() for day in days] == ["2030-05-10", "2030-06-30"]


def test_claims_that_nothing_is_asked_about_are_left_out(data):
    assert [claim["id"] for claim in data["claims"]] == ["A1", "A2", "B1"]


def test_it_is_kept_for_runs_to_show_as_it_was_found(data, made: Path):
    kept = json.loads((made / "timeline.json").read_text(encoding="utf-8"))
    assert [claim["sentence"] for claim in kept["claims"]] == [
        claim["sentence"] for claim in data["claims"]
    ]
    assert kept["case_hash"] == data["case_hash"]


def test_before_the_record_there_is_no_verdict_of_it(data):
    words = {claim["id"]: [at["record"] for at in claim["at"]] for claim in data["claims"]}
    assert words == {"A1": [None, None], "A2": [None, "supported"], "B1": [None, "not yet"]}


def test_a_day_of_the_timeline_is_what_a_run_as_of_it_is(data, run: rp.Run):
    ours = {claim["id"]: claim["at"][1] for claim in data["claims"]}
    theirs = run.verdicts().set_index("id")
    assert ours["A1"]["share"] == theirs.loc["A1", "share"]
    for claim in ("A2", "B1"):
        assert ours[claim]["record"] == theirs.loc[claim, "record_verdict"]
    # what was weighed is worth no more than as many worlds drawn by themselves
    assert ours["A1"]["share_low"] < theirs.loc["A1", "share_low"]
    assert data["dates"][0]["effective_worlds"] < 512


def test_shares_before_the_record_stand_beside_those_after(data, run: rp.Run):
    (verdict,) = (one for one in run.records() if one["id"] == "A1")
    before = data["claims"][0]["at"][0]
    assert verdict["before_share"] == before["share"]
    assert verdict["before_share_low"] <= before["share"] <= verdict["before_share_high"]
    assert "worlds" in verdict["before_words"]


def test_the_timeline_is_printed_within_100_columns_with_a_sentence_a_claim(made: Path):
    text = printed(made, "timeline")
    assert max(map(len, text.splitlines())) <= 100
    words = " ".join(text.split())
    assert "A2: the record first spoke as of 12 May 2030 (supported) and turned to mixed" in words
    assert "B1: the record first spoke as of 1 July 2030 (mixed)." in words
    assert "The record spoke on 2 claims and turned on 1 (A2)." in words
    assert "A1: worlds " in words


def test_a_run_says_as_of_when_by_what_and_what_was_learned(made: Path, run: rp.Run):
    text = printed(made, "run")
    assert max(map(len, text.split("\nRun:")[0].splitlines())) <= 100
    words = " ".join(text.split())
    assert "As of 12 May 2030: 2,048 worlds under plan push were weighed by the 1 figures" in words
    assert "What the record taught most by 12 May 2030" in words
    assert "log evidence" in words
    report = (run.folder / "report.html").read_text(encoding="utf-8")
    assert "What the record taught by 12 May 2030" in report
    assert "Not yet: the record cannot say so early" in report


def test_a_claim_whose_day_has_not_come_is_no_claim_without_a_test(made: Path):
    text = printed(made, "run")
    early = text.split("Not yet: the record cannot say so early")[1].split("The answer so far")[0]
    assert "B1" in early
    assert "The test says nothing before 1 July 2030." in " ".join(early.split())
    assert "Not testable yet" not in text


def test_all_that_was_learned_is_printed_and_what_was_not_is_marked(made: Path, run: rp.Run):
    text, taught = printed(made, "learned"), json.loads(printed(made, "taught"))
    assert {**run.learned, **taught} == taught
    assert max(map(len, text.splitlines())) <= 100
    unknown = sum(not one["identified"] for one in taught["assumptions"])
    assert text.count("unidentified") == unknown > 0
    count = len(taught["assumptions"])
    assert f"next to nothing about {unknown} of {count} assumptions" in " ".join(text.split())


@pytest.mark.parametrize(
    ("dates", "right"),
    [("2030-05-06", "name a later day"), ("soon", "year-month-day"), ("", "year-month-day")],
)
def test_a_wrong_day_is_refused_before_anything_runs(made: Path, dates: str, right: str):
    with pytest.raises(UsageError, match=right):
        cli.timeline(str(made / "minimal"), dates=dates)


def test_a_case_without_a_record_has_no_timeline(made: Path, tmp_path: Path):
    shutil.copytree(made / "minimal", tmp_path / "minimal")
    shutil.rmtree(tmp_path / "minimal" / "record")
    (tmp_path / "minimal" / "claims.yaml").write_text(CLAIMS, encoding="utf-8")
    with pytest.raises(UsageError, match="no record"):
        rp.load(tmp_path / "minimal").timeline()
