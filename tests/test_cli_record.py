"""`ripeness record`, as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import ripeness

Command = Callable[..., CompletedProcess[str]]

RECORD = Path(ripeness.__file__).parent / "cases/kursk-2024/record"


def test_a_downloaded_file_goes_into_a_copy_of_the_record(command: Command, tmp_path: Path) -> None:
    export, into = tmp_path / "export.csv", tmp_path / "mine"
    lines = (RECORD / "aid.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    newest = lines[-1].replace(lines[-1].split(",")[0], "2026-01", 1)
    export.write_text("".join([*lines, newest]), encoding="utf-8")
    asked = "record", "fetch", "kursk-2024", "--only", "aid", "--file", str(export)
    done = command(*asked, "--into", str(into), "--json")
    assert done.returncode == 0, done.stderr
    (told,) = json.loads(done.stdout)["fetched"]
    assert (told["rows_after"] - told["rows_before"], told["rows_changed"]) == (1, 0)
    assert (into / "aid.csv").read_text(encoding="utf-8").splitlines()[-1].startswith("2026-01,")
    assert (into / "losses.csv").read_bytes() == (RECORD / "losses.csv").read_bytes()


def test_a_web_page_in_place_of_a_table_changes_nothing(command: Command, tmp_path: Path) -> None:
    page, into = tmp_path / "page.html", tmp_path / "mine"
    page.write_text("<!DOCTYPE html><html><body>Log in</body></html>", encoding="utf-8")
    asked = "record", "fetch", "kursk-2024", "--only", "aid", "--file", str(page)
    failed = command(*asked, "--into", str(into))
    assert failed.returncode == 1
    assert "aid: " in failed.stderr
    assert "nothing was changed" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert (into / "aid.csv").read_bytes() == (RECORD / "aid.csv").read_bytes()


def test_a_series_that_there_is_not_is_answered_with_the_nearest(
    command: Command, tmp_path: Path
) -> None:
    asked = "record", "fetch", "kursk-2024", "--only", "lossess", "--into", str(tmp_path / "mine")
    failed = command(*asked)
    assert failed.returncode == 2
    assert "did you mean 'losses'?" in failed.stderr
    assert not (tmp_path / "mine").exists()


def test_a_record_of_another_war_has_no_public_series(command: Command, tmp_path: Path) -> None:
    failed = command("record", "fetch", "two-sided-war", "--into", str(tmp_path / "mine"))
    assert failed.returncode == 2
    assert "the public series are of the war in Ukraine" in failed.stderr
