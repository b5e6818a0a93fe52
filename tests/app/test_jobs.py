"""What is run beside the server: to the end, stopped, failed, one after another."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from served import Served

import ripeness
from ripeness.app import jobs
from ripeness.app.jobs import MOST_WAITING, Jobs, QueueFull

MANY = 400_000
"""Worlds that nobody waits for."""


@pytest.fixture
def queue() -> Iterator[Jobs]:
    queue = Jobs()
    queue.start()
    yield queue
    queue.close()


@pytest.fixture
def task(small_case: Path, tmp_path: Path) -> dict[str, Any]:
    """A run of 300 worlds under two plans, into a folder of runs that is not there yet."""
    return {
        "do": "run",
        "case": str(small_case),
        "runs": str(tmp_path / "runs"),
        "plans": ["wait", "push"],
        "worlds": 300,
        "seed": 1,
        "as_of": None,
    }


def until(
    queue: Jobs, holds: Callable[[dict[str, Any]], bool], job: str = "1", seconds: float = 120
) -> list[dict[str, Any]]:
    """Look at a job again and again until something holds of it; give all that was seen."""
    seen = []
    for _ in range(int(seconds / 0.02)):
        seen += [one for one in queue.shown() if one["id"] == job]
        if holds(seen[-1]):
            return seen
        time.sleep(0.02)
    raise AssertionError(f"it did not come to that: {seen[-1]}")


def over(job: dict[str, Any]) -> bool:
    return job["state"] not in ("waiting", "running")


def has_begun(job: dict[str, Any]) -> bool:
    """Whether its folder is there, though not whole."""
    return job["what"] == "fitting what going on is worth"


def writes_worlds(job: dict[str, Any]) -> bool:
    return job["what"] == "running worlds"


def left_in(task: dict[str, Any]) -> list[str]:
    runs = Path(task["runs"])
    return sorted(file.name for file in runs.iterdir()) if runs.is_dir() else []


def test_a_run_goes_to_its_end(queue: Jobs, task: dict[str, Any], small_case: Path):
    added = queue.add("A small run", task)
    assert (added["id"], added["state"], added["title"]) == ("1", "waiting", "A small run")
    seen = until(queue, over)
    states = list(dict.fromkeys(job["state"] for job in seen))
    assert states in (["waiting", "running", "done"], ["running", "done"])
    told = list(dict.fromkeys(job["what"] for job in seen if job["what"]))
    assert told[0] == "reading the case"
    assert "running worlds" in told
    for name in ("done", "seconds"):
        values = [job[name] for job in seen]
        assert values == sorted(values), f"{name} only grows"
    assert 0 < seen[-1]["seconds"] < 120
    run_id = ripeness.load(small_case).run_id(300, 1, ["wait", "push"])
    assert (seen[-1]["run"], seen[-1]["problem"]) == (run_id, None)
    assert left_in(task) == [f"minimal-{run_id}"]
    made = ripeness.open_run(Path(task["runs"]) / f"minimal-{run_id}")
    assert (made.about["worlds"], made.about["plans"]) == (300, ["wait", "push"])
    time.sleep(0.1)
    assert queue.shown()[0]["seconds"] == seen[-1]["seconds"], "its clock stands still"


@pytest.mark.parametrize("grace", [0.0, 60.0], ids=["killed", "by itself"])
def test_what_is_cancelled_leaves_nothing(
    queue: Jobs, task: dict[str, Any], grace: float, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(jobs, "GRACE", grace)
    queue.add("A long run", {**task, "worlds": MANY})
    until(queue, writes_worlds if grace else has_begun)
    assert [name for name in left_in(task) if name.endswith(".partial")], "it is being written"
    (process,) = [job.process for job in queue._jobs]
    assert process is not None
    if not grace:
        process.send_signal(signal.SIGSTOP)  # it cannot stop by itself
    stopping = queue.cancel("1")
    assert stopping is not None
    assert (stopping["state"], stopping["what"]) == ("running", "stopping")
    ended = until(queue, over)[-1]
    assert (ended["state"], ended["run"], ended["problem"]) == ("cancelled", None, None)
    assert left_in(task) == []
    assert (process.returncode == 0) == bool(grace), "killed only if it does not stop"


def test_what_is_ended_from_outside_has_failed(queue: Jobs, task: dict[str, Any]):
    queue.add("A long run", {**task, "worlds": MANY})
    until(queue, has_begun)
    (process,) = [job.process for job in queue._jobs]
    assert process is not None
    process.kill()
    ended = until(queue, over)[-1]
    assert ended["state"] == "failed"
    assert "perhaps because memory ran out; run fewer worlds" in ended["problem"]
    assert left_in(task) == []


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"as_of": "2030-01-01"}, "has no record to know anything from"),
        ({"plans": ["wiat"]}, "has no plan 'wiat'; did you mean 'wait'?"),
        ({"case": "/nowhere/case.yaml"}, "/nowhere/case.yaml"),
        ({"runs": "/proc/runs"}, "cannot write /proc/runs"),
        ({"do": "anything"}, "a fault of ripeness itself"),
    ],
)
def test_what_fails_says_why(queue: Jobs, task: dict[str, Any], change: dict[str, Any], what: str):
    queue.add("A wrong run", {**task, **change})
    ended = until(queue, over)[-1]
    assert (ended["state"], ended["run"]) == ("failed", None)
    assert what in ended["problem"]
    assert "Traceback" not in ended["problem"]
    assert left_in(task) == []


def test_a_wrong_case_says_all_that_is_wrong(
    queue: Jobs, task: dict[str, Any], small_case: Path, tmp_path: Path
):
    text = (small_case / "case.yaml").read_text(encoding="utf-8")
    folder = tmp_path / "minimal"
    folder.mkdir()
    (folder / "case.yaml").write_text(text.replace("weeks:", "wekes:"), encoding="utf-8")
    queue.add("A wrong case", {**task, "case": str(folder)})
    assert "'wekes'; did you mean 'weeks'?" in until(queue, over)[-1]["problem"]


def test_one_runs_and_the_others_wait(queue: Jobs, task: dict[str, Any]):
    long = {**task, "worlds": MANY}
    queue.add("First", long)
    until(queue, lambda job: job["state"] == "running")
    queue.add("Second", {**task, "plans": ["no such plan"]})
    queue.add("Third", {**task, "seed": 3})
    assert queue.add("First again", long)["id"] == "1", "the same is not run twice"
    assert [job["state"] for job in queue.shown()] == ["running", "waiting", "waiting"]
    cancelled = queue.cancel("3")
    assert cancelled is not None
    assert cancelled["state"] == "cancelled"
    queue.cancel("1")
    until(queue, over, "2")
    assert [job["state"] for job in queue.shown()] == ["cancelled", "failed", "cancelled"]
    assert queue.cancel("4") is None
    assert queue.cancel("1") == queue.shown()[0], "what is over stays as it is"


def test_a_queue_has_an_end(task: dict[str, Any]):
    queue = Jobs()  # nothing is done in it
    for seed in range(MOST_WAITING):
        queue.add("A run", {**task, "seed": seed})
    with pytest.raises(QueueFull, match="8 runs are waiting already; cancel one, or wait"):
        queue.add("One too many", {**task, "seed": 100})
    queue.cancel("3")
    assert queue.add("One more", {**task, "seed": 100})["state"] == "waiting"


def test_a_run_does_not_outlive_its_server(task: dict[str, Any]):
    """Where the server is killed, its end of the pipe closes."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "ripeness.app.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write(json.dumps({**task, "worlds": MANY}) + "\n")
    worker.stdin.flush()
    for line in worker.stdout:
        if has_begun({"what": "", **json.loads(line)}):
            break
    worker.stdin.close()
    assert worker.wait(60) == 0
    worker.stdout.close()
    assert left_in(task) == []


def test_the_same_run_is_not_made_again(served: Served):
    asked = {"case": "kursk-2024", "plans": ["hold", "none"], "worlds": 300, "seed": 1}
    answer = served.ask("POST", "/jobs", asked)
    assert (answer.status, answer.json) == (200, {"run": served.run_id})
    assert served.ask("GET", "/jobs").json == {"jobs": []}


def test_a_full_queue_is_told(served: Served, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jobs, "MOST_WAITING", 0)
    asked = {"case": "kursk-2024", "plans": ["none"], "worlds": 300, "seed": 7, "as_of": None}
    answer = served.ask("POST", "/jobs", asked)
    assert answer.status == 429
    assert "waiting already" in answer.json["problem"]


def test_only_jobs_that_there_are_can_be_cancelled(served: Served):
    for job in ("1", "0", "-1", "x", "..", "1%2F.."):
        assert served.ask("POST", f"/jobs/{job}/cancel", {}).status == 404
    assert served.ask("POST", "/jobs/1/cancel", {"why": "x"}).status == 400


def test_the_command_ends_quietly_and_stops_what_runs(small_case: Path, tmp_path: Path):
    words = ["serve", "--no-open", "--port", "0", "--json", "--case", str(small_case)]
    process = subprocess.Popen(
        [sys.executable, "-m", "ripeness", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    assert process.stdout is not None
    text = ""
    while not text.endswith("}\n"):
        text += process.stdout.readline()
    told = json.loads(text)
    assert told["schema_version"] == 1
    address = told["address"]
    connection = HTTPConnection(address.removeprefix("http://"), timeout=30)
    for _ in range(100):  # it listens already, and answers soon
        try:
            connection.request("GET", told["link"].removeprefix(address))
            break
        except ConnectionError:
            time.sleep(0.1)
    entered = connection.getresponse()
    entered.read()
    sent = {
        "Cookie": (entered.headers["set-cookie"] or "").partition(";")[0],
        "Origin": address,
        "Content-Type": "application/json",
    }
    asked = {"case": "minimal", "plans": ["wait"], "worlds": MANY, "seed": 1, "as_of": None}
    connection.request("POST", "/jobs", json.dumps(asked), sent)
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["job"]["state"]) == (202, "waiting")
    partial = tmp_path / "runs"
    for _ in range(600):
        if list(partial.glob(".*.partial/worlds/*")):
            break
        time.sleep(0.1)
    else:
        raise AssertionError("nothing is being written")
    connection.close()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, "")
    assert list(partial.iterdir() if partial.is_dir() else ()) == []
