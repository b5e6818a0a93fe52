"""The command line as a user runs it, where all goes well; for the rest see test_cli_errors."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from running import Command

import ripeness

COMMANDS = {
    "run",
    "prior-check",
    "ablate",
    "believe",
    "crux",
    "forecast",
    "hindcast",
    "judge",
    "learned",
    "matter",
    "mirror",
    "check",
    "schema",
    "cases",
    "record",
    "report",
    "serve",
    "sources",
    "timeline",
    "watch",
}
RECORD_COMMANDS = {"record fetch", "record list", "record show"}
ANSI = re.compile(r"\x1b")


def test_help_lists_the_commands(command: Command):
    done = command("--help")
    assert done.returncode == 0
    listed = re.findall(r"│ (\w[\w-]*) +[A-Z]", done.stdout)
    assert set(listed) == COMMANDS
    assert done.stderr == ""


@pytest.mark.parametrize("name", sorted({*COMMANDS, *RECORD_COMMANDS} - {"record"}))
def test_every_command_explains_itself(command: Command, name: str):
    done = command(*name.split(), "--help")
    assert done.returncode == 0
    assert f"ripeness {name}" in done.stdout
    assert "--json" in done.stdout


def test_version(command: Command):
    assert command("--version").stdout.strip() == ripeness.__version__


def test_cases(command: Command):
    assert command("cases").stdout.startswith("kursk-2024  Kursk, August 2024\n")
    listed = json.loads(command("cases", "--json").stdout)
    assert listed["schema_version"] == 1
    assert [case["id"] for case in listed["cases"]] == ["kursk-2024", "two-sided-war"]


def test_check_finds_nothing_wrong_with_sound_cases(command: Command, small_case: Path):
    done = command("check", small_case)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("minimal: nothing wrong (4 plans, 4 deals, 3 sectors, ")
    found = json.loads(command("check", "kursk-2024", "--json").stdout)
    assert (found["valid"], found["claims"], found["plans"]) == (True, 43, 5)


def test_the_schema_is_a_schema_and_the_shipped_case_fits_it(command: Command, small_case: Path):
    schema = json.loads(command("schema").stdout)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for folder in (ripeness.load("kursk-2024").path.parent, small_case):
        text = (folder / "case.yaml").read_text(encoding="utf-8")
        # as an editor has it: YAML 1.2, and dates as the text that they are written as
        case = json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))
        assert list(validator.iter_errors(case)) == []
        case["plans"] = 3
        assert list(validator.iter_errors(case)) != []


def test_the_shipped_schema_is_the_one_printed(command: Command):
    """Shipped cases name it in their first line; editors read it from beside them."""
    case = ripeness.load("kursk-2024").path
    first_line = case.read_text(encoding="utf-8").splitlines()[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(.+)", first_line)
    assert found
    shipped = (case.parent / found[1]).read_text(encoding="utf-8")
    assert json.loads(shipped) == json.loads(command("schema").stdout)


def test_a_run_as_data(kursk_runs: Path):
    """--json prints one object, with every claim in it, and nothing else anywhere."""
    printed = json.loads((kursk_runs / "first.out").read_text(encoding="utf-8"))
    assert (kursk_runs / "first.err").read_text(encoding="utf-8") == ""
    expected = {
        "schema_version": 1,
        "run": str(kursk_runs / "first"),
        "case": "kursk-2024",
        "seed": 1,
        "worlds": 300,
        "plans": ["none", "hold"],
        "ripeness": ripeness.__version__,
    }
    assert {name: printed[name] for name in expected} == expected
    ids = [verdict["id"] for verdict in printed["verdicts"]]
    assert ids == [f"L{n}" for n in range(1, 24)] + [f"R{n}" for n in range(1, 21)]
    saved = json.loads((kursk_runs / "first" / "verdicts.json").read_text(encoding="utf-8"))
    assert saved["verdicts"] == printed["verdicts"]
    assert saved["essays"]["L"]["title"] == "the leverage essay"
    assert {one["claim"] for one in saved["ends"]} <= set(ids)


def test_a_run_as_a_table(kursk_runs: Path):
    """Every claim is there, and where the run and its report lie."""
    shown = (kursk_runs / "second.out").read_text(encoding="utf-8")
    assert not ANSI.search(shown), "no colours where nobody looks"
    folder = kursk_runs / "second"
    assert shown.endswith(f"Run:    {folder}\nReport: {folder / 'report.html'}\n")
    for claim in [f"L{n}" for n in range(1, 24)] + [f"R{n}" for n in range(1, 21)]:
        assert re.search(rf"^{claim}\b", shown, re.MULTILINE), claim
    assert max(map(len, shown.splitlines()[:-2])) <= 100


def test_progress_is_shown_on_a_terminal_beside_the_results(kursk_runs: Path):
    """The second run had a terminal for its standard error, and a file for its results."""
    told = (kursk_runs / "second.err").read_bytes().decode()
    for what in ("checking the claims", "running worlds", "writing the report"):
        assert what in told
        assert what not in (kursk_runs / "second.out").read_text(encoding="utf-8")


def test_a_report_can_be_written_again_and_elsewhere(
    command: Command, kursk_run: Path, tmp_path: Path
):
    target = tmp_path / "again.html"
    done = command("report", kursk_run, "--output", target)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{target}\n", "")
    assert target.read_bytes() == (kursk_run / "report.html").read_bytes()
