"""Mechanisms switched off and the mirror, as a user has them: on a small case with two claims."""

# pandas 3 types what a frame yields as unions that hardly any comparison passes.
# pyright: reportGeneralTypeIssues=false, reportAttributeAccessIssue=false
# pyright: reportArgumentType=false, reportCallIssue=false, reportOptionalOperand=false

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import pandas as pd
import pytest
from running import Command, MadeOnce, few_training_wars

import ripeness as rp
from ripeness import cli
from ripeness.case.mechanisms import MECHANISMS
from ripeness.errors import UsageError

CLAIMS = """\
essays:
  A: {title: the bold essay, summary: Going is worth it.}
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
- id: A2
  essay: A
  says: Going into the valley is not answered
  kind: [model]
  compare: [push, wait]
  holds: a.responses_borea <= b.responses_borea
  effect: b.responses_borea - a.responses_borea
  unit: responses
  effect_says: fewer responses
"""
EQUAL = (
    "  tolerance: {log_between: [1, 12], unit: provocation points, because: invented, "
    "sources: [invention], confidence: judgement}\n"
)
"""How the small case gives one tolerance for both sides."""


@pytest.fixture(scope="session")
def made(small_case: Path, made_once: MadeOnce) -> Path:
    """What the commands wrote and printed, in one process, so that the case is compiled once."""

    def fill(folder: Path) -> None:
        case, other = folder / "case" / "minimal", folder / "other" / "minimal"
        for place in (case, other):
            shutil.copytree(small_case, place)
            (place / "claims.yaml").write_text(CLAIMS, encoding="utf-8")
        text = (other / "case.yaml").read_text(encoding="utf-8")
        assert EQUAL in text
        apart = EQUAL + EQUAL.replace("tolerance:", "tolerance.borea:").replace("1, 12", "0.5, 3")
        (other / "case.yaml").write_text(text.replace(EQUAL, apart), encoding="utf-8")

        def say(name: str, command: Callable[..., None], case: Path, **options: object) -> None:
            with (
                (folder / f"{name}.out").open("w", encoding="utf-8") as out,
                redirect_stdout(out),
                few_training_wars(),
            ):
                command(str(case), worlds=200, **options)

        off = "escalation"
        say("ablate", cli.ablate, case, without="ground,private-information")
        say("kept", cli.ablate, case, without=off, out=folder / "kept", as_json=True)
        say("run", cli.run, case, plans="wait,push", without=off, out=folder / "run")
        say("mirror", cli.mirror, case, plans="wait,push")
        kept = folder / "mirror.json"
        say("apart", cli.mirror, other, plans="push", as_json=True, out=kept)

    return made_once("ablations", fill)


def printed(made: Path, name: str) -> str:
    return (made / f"{name}.out").read_text(encoding="utf-8")


def test_a_table_of_what_becomes_of_claims(made: Path):
    shown = printed(made, "ablate")
    lines = shown.splitlines()
    assert max(map(len, lines)) <= 100
    rows = {line.split()[0]: line.split()[1:] for line in reversed(lines) if line.split()}
    assert rows["private-information"] == ["·", "·"], "the case does not know it"
    assert "0*" in rows["ground"]
    together = " ".join(shown.split())
    assert "A1 holds in" in together
    assert "it holds in most worlds only because of that mechanism" in together


def test_the_table_as_data_and_in_a_folder(made: Path):
    found = json.loads(printed(made, "kept"))
    assert found == json.loads((made / "kept" / "ablation.json").read_text(encoding="utf-8"))
    assert (found["schema_version"], found["worlds"], found["plans"]) == (1, 200, ["wait", "push"])
    neutral = dict.fromkeys(MECHANISMS["escalation"].neutral, 0)
    assert [(m["name"], m["neutral"]) for m in found["mechanisms"]] == [("escalation", neutral)]
    by_id = {claim["id"]: claim for claim in found["claims"]}
    without = by_id["A2"]["without"][0]
    assert without["share"] == 1.0 > by_id["A2"]["share"]
    assert without["difference"] == pytest.approx(1 - by_id["A2"]["share"])
    assert without["moved"]
    frame = pd.read_csv(made / "kept" / "ablation.csv")
    assert list(frame["claim"]) == ["A1", "A2"]
    assert set(frame["mechanism"]) == {"escalation"}


def test_runs_that_are_kept_are_runs(made: Path, tmp_path: Path):
    """Each is what `ripeness run --without` makes, and can be opened, judged and reported."""
    kept = rp.open_run(made / "kept" / "without-escalation")
    ran = rp.open_run(made / "run")
    assert kept.about["run_id"] == ran.about["run_id"]
    pd.testing.assert_frame_equal(kept.table(), ran.table(), check_exact=True)
    whole = rp.open_run(made / "kept" / "whole")
    shares = [verdict["share"] for verdict in whole.records()]
    assert shares == [claim["share"] for claim in json.loads(printed(made, "kept"))["claims"]]
    assert kept.report(tmp_path / "report.html").is_file()


def test_a_run_says_what_it_is_without(made: Path):
    run = rp.open_run(made / "run")
    assert run.about["without"] == ["escalation"]
    assert "; without escalation" in " ".join(printed(made, "run").split())
    assert "without escalation" in (made / "run" / "report.html").read_text(encoding="utf-8")
    assert run.about["columns"]["provocation_attack"]["assumed"] == "0 (without escalation)"
    assert "(judgement)" in run.about["columns"]["tolerance"]["assumed"]
    table = run.table()
    whole = rp.open_run(made / "kept" / "whole")
    assert run.about["run_id"] != whole.about["run_id"]
    assert (table["responses_borea"] == 0).all()
    assert (table["provocation_attack"] == 0).all()
    usual = whole.table()
    assert (usual["provocation_attack"] > 0).all()
    one = table[table["plan"] == "push"].reset_index(drop=True)
    other = usual[usual["plan"] == "push"].reset_index(drop=True)
    pd.testing.assert_series_equal(one["tolerance"], other["tolerance"])


def test_the_mirror_of_sides_alike(made: Path):
    """The small case gives one tolerance for both: in the mirror everything is as it was."""
    shown = printed(made, "mirror")
    assert max(map(len, shown.splitlines())) <= 100
    assert [line.split()[1] for line in shown.splitlines() if line.startswith("Plan '")] == [
        "'wait'",
        "'push'",
    ]
    for line in shown.splitlines():
        if line.startswith("  responses"):
            before, after, difference = (
                cell.split("±")[0].strip() for cell in line.split("  ") if "±" in cell
            )
            assert before == after
            assert float(difference) == 0
    together = " ".join(shown.split())
    assert "no difference beyond Monte Carlo error" in together
    assert "put in, not found out" in together
    assert "would answer twice as often with 0." in together


def test_the_mirror_as_data(made: Path):
    """Borea bears a quarter of what Arden bears: in Arden's shoes it answers less."""
    found = json.loads(printed(made, "apart"))
    assert found["sides"] == {"arden": "Arden", "borea": "Borea"}
    assert found["assumed"]["borea"]["tolerance"] == "0.5 to 3, evenly in ratio"
    (plan,) = found["plans"]
    arden, borea = plan["sides"]
    assert (arden["side"], borea["side"]) == ("arden", "borea")
    for part in ("provoked", "responses", "harsher", "responses_a_point"):
        by = borea[part]
        apart = by["mirrored"]["value"] - by["as_it_is"]["value"]
        assert by["difference"]["value"] == pytest.approx(apart)
        assert by["difference"]["low"] <= apart <= by["difference"]["high"]
    assert borea["responses"]["difference"]["high"] < 0 < arden["responses"]["difference"]["low"]
    assert borea["fewer"]["value"] > borea["more"]["value"]
    for entry in found["doubling"]:
        assert entry["tolerance"]["low"] < entry["tolerance"]["value"] < 1
        assert entry["times_then"] >= 2
    assert "fewer, beyond Monte Carlo error" in found["says"][1]
    assert "put in, not found out" in found["says"][2]
    kept = json.loads((made / "mirror.json").read_text(encoding="utf-8"))
    assert kept["says"] == found["says"]
    assert kept["plans"][0]["sides"][1]["responses"]["as_it_is"]["value"] == pytest.approx(
        borea["responses"]["as_it_is"]["value"], rel=1e-3
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("run kursk-2024 --without escalaton", "did you mean 'escalation'; there are attrition, "),
        ("ablate kursk-2024 --without ground,xyz", "there is no mechanism 'xyz'; there are "),
        ("ablate kursk-2024 --worlds 0", "worlds must be from 1 to 10,000,000, not 0"),
        ("mirror kursk-2024 --plans hodl", "has no plan 'hodl'; did you mean 'hold'?"),
        ("mirror kursk-2024 --out mirror.html", "'mirror.html' must end in .json"),
    ],
)
def test_wrong_words(command: Command, tmp_path: Path, words: str, expected: str):
    done = command(*words.split(), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert expected in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_with_nothing_that_provokes_there_is_nothing_to_mirror():
    case = rp.load("two-sided-war")
    with (
        few_training_wars(),
        pytest.raises(UsageError, match="nothing provokes either side of 'two"),
    ):
        case.mirror(worlds=9, plans=["fight"])


def test_what_has_no_claims_cannot_be_ablated(command: Command, small_case: Path):
    done = command("ablate", small_case)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "case 'minimal' has no claims whose verdicts could change\n"


def test_a_folder_that_is_something_else_is_left_alone(made: Path, tmp_path: Path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    case = rp.load(made / "case" / "minimal")
    with pytest.raises(UsageError, match="exists and is not an ablation folder; choose another"):
        case.ablate(worlds=10, without=["ground"], out=tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
