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


def test_tables_are_listed_with_their_span_and_what_is_recalled(command: Command) -> None:
    listed = command("record", "list", "kursk-2024", "--json")
    assert listed.returncode == 0, listed.stderr
    tables = {each["table"]: each for each in json.loads(listed.stdout)["tables"]}
    assert set(tables) == {file.stem for file in RECORD.glob("*.csv")}
    assert tables["attacks"]["rows"] == 26
    assert tables["attacks"]["recalled"] == 6
    assert (tables["control"]["first"], tables["control"]["last"]) == ("2024-07-08", "2025-12-29")
    text = command("record", "list", "kursk-2024")
    assert max(map(len, text.stdout.splitlines())) <= 100
    assert all(name in text.stdout for name in tables)


def test_a_table_is_shown_as_it_was_known_on_a_day(command: Command) -> None:
    shown = command("record", "show", "kursk-2024", "control", "--as-of", "2024-08-10")
    assert shown.returncode == 0, shown.stderr
    lines = shown.stdout.splitlines()
    assert max(map(len, lines)) <= 100
    assert lines[0].split() == ["date", "oblast", "km2"]
    assert lines[-3].startswith("2024-08-10")
    assert lines[-1] == "140 rows known on 2024-08-10, 1,000 not yet known"
    assert not any(line.startswith("2024-08-11") for line in lines)


def test_a_shown_table_has_every_column_as_json(command: Command) -> None:
    asked = "record", "show", "kursk-2024", "red_lines", "--as-of", "2024-08-20"
    told = json.loads(command(*asked, "--json").stdout)
    rows = {row["id"]: row for row in told["rows"]}
    assert len(rows) + told["rows_not_yet_known"] == 18
    assert rows["rl14"]["crossed_date"] == "2024-08-06"
    assert rows["rl14"]["observed_response"] is None  # most of it was still to come
    assert "rl15" not in rows
    text = command(*asked).stdout
    assert max(map(len, text.splitlines())) <= 100
    assert "* recalled" in text
    assert "For want of room without" in text


def test_a_wrong_table_or_day_is_answered_with_what_would_be_right(command: Command) -> None:
    wrong = {
        ("controls",): "no table 'controls'; did you mean 'control'",
        ("control", "--as-of", "10.8.2024"): "write it as year-month-day: 2024-08-06",
        ("control", "--as-of", "2024-02-30"): "'2024-02-30' is no day",
    }
    for words, right in wrong.items():
        failed = command("record", "show", "kursk-2024", *words)
        assert failed.returncode == 2
        assert right in failed.stderr
        assert len(failed.stderr.splitlines()) == 1
