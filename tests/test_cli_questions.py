"""The commands that ask worlds about claims, as a user runs them on another simulator's table."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from running import Command

LAKE = Path(__file__).parent.parent / "examples" / "lake-problem"
TABLE = ("--worlds", "worlds.parquet", "--claims", "claims.yaml")


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(LAKE, tmp_path_factory.mktemp("examples") / "lake"))


def test_judge(command: Command, lake: Path):
    done = command("judge", *TABLE, cwd=lake)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("worlds.parquet: 1,500 worlds under each of 4 plans\n")
    assert "about two in five" in done.stdout
    assert "42 % (38–45 %)" in done.stdout.replace("\N{NO-BREAK SPACE}", " ")
    assert "Opposed claims, side by side" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_judge_as_json(command: Command, lake: Path):
    found = json.loads(command("judge", *TABLE, "--json", cwd=lake).stdout)
    assert (found["schema_version"], found["worlds"]) == (1, 1500)
    verdicts = {one["id"]: one for one in found["verdicts"]}
    assert verdicts["restraint-saves"]["share"] == pytest.approx(0.4174, abs=1e-4)
    assert verdicts["use-first"]["against"] == ["restraint-saves"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("believe --claim restraint-saves", "It holds in"),
        ("crux --between restraint-saves,use-first", "What decides is whether"),
        ("matter --claim use-first", "To find out first: phosphorus that the"),
        ("watch --claim calm-deceives --by 13", "pollution in year 13 is above 0.3"),
    ],
)
def test_the_four_questions(command: Command, lake: Path, words: str, said: str):
    done = command(*words.split(), *TABLE, cwd=lake)
    assert (done.returncode, done.stderr) == (0, "")
    assert said in " ".join(done.stdout.split())
    assert max(map(len, done.stdout.splitlines())) <= 100


@pytest.mark.parametrize("question", ["believe", "crux"])
def test_as_json_and_as_a_page(command: Command, lake: Path, tmp_path: Path, question: str):
    page = tmp_path / "page.html"
    which = ("--between", "restraint-saves,use-first") if question == "crux" else ()
    which = which or ("--claim", "use-first")
    done = command(question, *TABLE, *which, "--json", "--out", page, cwd=lake)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert len(found["cruxes" if question == "crux" else "claims"]) == 1
    assert found["page"] == str(page)
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("judge", "name either a run folder, or a table with --worlds and --claims"),
        ("judge --worlds worlds.parquet", "a table of worlds needs a claims file"),
        ("judge --worlds none.csv --claims claims.yaml", "none.csv: there is no such file"),
        ("judge nowhere", "nowhere is not a run folder"),
        ("believe {table} --claim restraint", "did you mean 'restraint-saves'"),
        ("crux {table} --between use-first", "name two claims, as L9,R6"),
        ("watch {table} --claim use-first --by soon", "times are numbers separated by commas"),
        ("matter {table} --claim use-first --out no/page.html", "there is no folder 'no'"),
    ],
)
def test_wrong_input_is_a_line(command: Command, lake: Path, words: str, said: str):
    before = {path.name for path in lake.iterdir()}
    done = command(*words.format(table=" ".join(TABLE)).split(), cwd=lake)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    assert {path.name for path in lake.iterdir()} == before


def test_a_wrong_claims_file_is_told_line_by_line(command: Command, lake: Path, tmp_path: Path):
    text = (lake / "claims.yaml").read_text(encoding="utf-8")
    broken = tmp_path / "claims.yaml"
    broken.write_text(
        text.replace("holds: a.tipped < b.tipped", "holds: a.tiped < b.tipped").replace(
            "  world: scenario", "  world: scenarios"
        )
    )
    done = command("judge", "--worlds", lake / "worlds.parquet", "--claims", broken)
    assert done.returncode == 2
    assert f"{broken}:4:10: columns.world: the table has no column 'scenarios'" in done.stderr
    broken.write_text(text.replace("holds: a.tipped < b.tipped", "holds: a.tiped < b.tipped"))
    done = command("judge", "--worlds", lake / "worlds.parquet", "--claims", broken)
    assert "speaks of column 'a.tiped', which the table lacks; did you mean 'tipped'" in done.stderr
