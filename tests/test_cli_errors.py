"""What goes wrong, as a user sees it: one clear line, an exit code, and nothing left behind."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from running import Command, command_line

import ripeness

USAGE, FAILED, INTERRUPTED = 2, 1, 130


def said(done: subprocess.CompletedProcess[str], code: int) -> str:
    """What a failed command says, after checking that it is one line and nothing else."""
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.endswith("\n")
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.rstrip("\n")


def everything_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("frobnicate", 'Unknown command "frobnicate"'),
        ("chek kursk-2024", 'Did you mean "check"?'),
        ("run kursk-2024 --wrlds 10", "Unknown option: --wrlds. Did you mean --worlds?"),
        ("run", "CASE requires an argument"),
        ("run kursk-2024 --worlds abc", "'abc' is not a whole number"),
        ("run kursk-2024 --worlds 1.5", "is not a whole number"),
        ("run kursk-2024 --worlds 0", "worlds must be from 1 to 10,000,000, not 0"),
        ("run kursk-2024 --seed -1", "seed must be from 0 to 2147483647, not -1"),
        ("run kursk-2024 --plans none,hodl", "has no plan 'hodl'; did you mean 'hold'?"),
        ("run kursk-2042", "there is no case 'kursk-2042'; did you mean 'kursk-2024'?"),
        ("run marne", "there is no case 'marne'; there are kursk-2024"),
        ("check nowhere/case.yaml", "nowhere/case.yaml: there is no such file"),
        ("report nowhere", "nowhere is not a run folder: it has no run.json"),
    ],
)
def test_wrong_words(command: Command, tmp_path: Path, words: str, expected: str):
    done = command(*words.split(" "), cwd=tmp_path)
    assert expected in said(done, USAGE)
    assert everything_in(tmp_path) == set()


@pytest.fixture
def broken_claims(tmp_path: Path) -> Path:
    """The Kursk case, with a column that does not exist and a predicate that is a number."""
    folder = tmp_path / "kursk-2024"
    shutil.copytree(ripeness.load("kursk-2024").path.parent, folder)
    path = folder / "claims.yaml"
    text = path.read_text(encoding="utf-8")
    holds = re.findall(r"^  holds: (.*)$", text, re.MULTILINE)
    assert "leverage_ukraine_w26" in text
    text = text.replace("a.leverage_ukraine_w26", "a.leverage_ukrain_w26", 1)
    text = text.replace(f"holds: {holds[-1]}\n", "holds: a.moved + 1\n")
    path.write_text(text, encoding="utf-8")
    return folder


def test_wrong_claims_are_all_reported_at_their_place(
    command: Command, broken_claims: Path, tmp_path: Path
):
    """By check before, and by run before it computes anything."""
    before = everything_in(tmp_path)
    checked = command("check", broken_claims, "--json")
    ran = command("run", broken_claims, "--out", tmp_path / "run")
    assert (checked.returncode, ran.returncode, ran.stdout) == (USAGE, USAGE, "")
    assert "Traceback" not in checked.stderr + ran.stderr
    found = json.loads(checked.stdout)
    assert not found["valid"]
    assert "\n".join(found["problems"]) + "\n" == ran.stderr

    path = re.escape(str(broken_claims / "claims.yaml"))
    problems = re.findall(rf"^{path}:(\d+):(\d+): (.*)$", ran.stderr, re.MULTILINE)
    assert len(problems) == len(found["problems"]) == 2
    lines = (broken_claims / "claims.yaml").read_text(encoding="utf-8").splitlines()
    (line, _, unknown), (other_line, _, number) = problems
    assert "leverage_ukrain_w26" in lines[int(line) - 1]
    assert "did you mean" in unknown
    assert "leverage_ukraine_w26" in unknown
    assert "a.moved + 1" in lines[int(other_line) - 1]
    assert "true or false" in number
    assert everything_in(tmp_path) == before


def test_a_run_of_another_version(command: Command, kursk_run: Path, tmp_path: Path):
    folder = tmp_path / "old"
    shutil.copytree(kursk_run, folder)
    about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    (folder / "run.json").write_text(json.dumps({**about, "format": 99}), encoding="utf-8")
    before = everything_in(tmp_path)
    error = said(command("report", folder, "-o", tmp_path / "report.html"), USAGE)
    assert "format 99" in error
    assert "run the case again" in error
    assert everything_in(tmp_path) == before


@pytest.mark.parametrize(
    "damage",
    [
        lambda run: (run / "run.json").write_text("{}"),
        lambda run: (run / "run.json").write_text('{"format": 1}'),
        lambda run: (run / "run.json").write_text("no JSON"),
        lambda run: (run / "weekly.parquet").unlink(),
        lambda run: (run / "worlds" / "block-00000.parquet").write_text("not Parquet"),
        lambda run: shutil.rmtree(run / "worlds"),
        lambda run: (run / "case.yaml").unlink(),
    ],
    ids=["empty", "format only", "no JSON", "no weekly", "no Parquet", "no worlds", "no case"],
)
def test_a_damaged_run(
    command: Command, kursk_run: Path, tmp_path: Path, damage: Callable[[Path], object]
):
    folder = tmp_path / "damaged"
    shutil.copytree(kursk_run, folder)
    damage(folder)
    before = everything_in(tmp_path)
    error = said(command("report", folder, "-o", tmp_path / "report.html"), USAGE)
    assert str(folder) in error or "'damaged'" in error
    assert everything_in(tmp_path) == before


def test_a_place_that_is_something_else(command: Command, small_case: Path, tmp_path: Path):
    """What is not a run folder is the user's own, and not overwritten."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    done = command("run", small_case, "--worlds", "10", "--out", tmp_path / "mine")
    assert said(done, USAGE) == (
        f"{tmp_path / 'mine'} exists and is not a run folder; choose another with --out"
    )
    assert everything_in(tmp_path) == {"mine", "mine/thesis.txt"}
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A place with room for 300 kB, and Python to execute before a command that writes there."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(place)]
    mounted = shutil.which("mount") and subprocess.run(mount, capture_output=True).returncode == 0
    if not mounted:  # only root may mount; a limit on the size of files fails the same writes
        yield place, "resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))"
        return
    try:
        yield place, ""
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_fills(command: Command, small_case: Path, small_disk: tuple[Path, str]):
    place, before = small_disk
    done = command("run", small_case, "--worlds", "500", "--out", place / "run", before=before)
    error = said(done, FAILED)
    assert error.startswith(f"cannot write {place / 'run'}: ")
    assert error.endswith("; nothing was kept")
    assert everything_in(place) == set()


def test_an_interrupted_run_leaves_nothing(small_case: Path, tmp_path: Path):
    words = ("run", small_case, "--worlds", "300", "--out", tmp_path / "run")
    process = subprocess.Popen(
        command_line(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 120
    while not everything_in(tmp_path):
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(1)  # well into the work
    while process.poll() is None:  # a library may swallow one Ctrl-C; people press again
        os.kill(process.pid, signal.SIGINT)
        time.sleep(2)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (INTERRUPTED, "")
    assert err == "interrupted; nothing was kept\n"
    assert everything_in(tmp_path) == set()


PRESSED_IN_A_CALLBACK = """
import gc, os, signal, sys
from pathlib import Path
from ripeness import cli

def press(phase, about):
    pressed = place / "pressed"
    if any(place.iterdir()) and not pressed.exists():
        pressed.touch()
        os.kill(os.getpid(), signal.SIGINT)

place = Path(sys.argv.pop())
gc.callbacks.append(press)
cli.main()
"""


def test_ctrl_c_that_falls_into_a_callback_is_heard(small_case: Path, tmp_path: Path):
    """Python drops what is raised there, and JAX has such a callback in garbage collection."""
    words = ("run", small_case, "--worlds", "300", "--out", tmp_path / "run", tmp_path)
    program = [sys.executable, "-c", PRESSED_IN_A_CALLBACK, *map(str, words)]
    done = subprocess.run(program, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (INTERRUPTED, "")
    assert done.stderr == "interrupted; nothing was kept\n"
    assert everything_in(tmp_path) == {"pressed"}


PRESSED_IN_A_QUERY = """
import os, signal, threading, time
import duckdb
from ripeness import cli

def press():
    while True:
        time.sleep(1)
        os.kill(os.getpid(), signal.SIGINT)

@cli.app.command
def ask():
    threading.Thread(target=press, daemon=True).start()
    duckdb.sql("select sum(sin(range)) from range(150000000)").fetchall()

cli.main()
"""


def test_ctrl_c_during_a_query_is_heard():
    """Pressed until it is heard, as people do."""
    program = [sys.executable, "-c", PRESSED_IN_A_QUERY, "ask"]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (INTERRUPTED, "")
    assert done.stderr == "interrupted; nothing was kept\n"


def test_a_reader_that_goes_away(tmp_path: Path):
    """As in `ripeness schema | head -1`: no complaint."""
    with (tmp_path / "err").open("w") as err:
        process = subprocess.Popen(
            command_line("schema"), stdout=subprocess.PIPE, stderr=err, text=True
        )
        assert process.stdout
        assert process.stdout.readline() == "{\n"
        process.stdout.close()
        process.wait(30)
    assert (tmp_path / "err").read_text() == ""
