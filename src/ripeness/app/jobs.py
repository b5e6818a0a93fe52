"""What is being run: one thing at a time, each in a process of its own, the others in a queue."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

from ripeness.errors import UsageError

MOST_WAITING = 8
MOST_OVER = 20
"""So many that are over are remembered."""

GRACE = 3.0
"""Seconds that a process has to stop by itself; then it is killed."""

State = Literal["waiting", "running", "done", "failed", "cancelled"]
UNDER_WAY: tuple[State, ...] = ("waiting", "running")
KILLED = "it was ended from outside, perhaps because memory ran out; run fewer worlds"


class QueueFull(UsageError):
    """As many wait as may."""


@dataclass
class Job:
    """Something to do.

    Attributes
    ----------
    id
        Its number.
    title
        What it is, for people.
    task
        What the process is told; ``do`` says which of `worker.TASKS` it is.
    state
        How it stands.
    what, done
        What is being done, and which share of the whole is done.
    run
        The id of the run that came of it.
    problem
        Why it failed, for people.
    began, ended
        On the clock of `time.monotonic`.
    """

    id: str
    title: str
    task: Mapping[str, Any]
    state: State = "waiting"
    what: str = ""
    done: float = 0.0
    run: str | None = None
    problem: str | None = None
    began: float | None = None
    ended: float | None = None
    process: subprocess.Popen[str] | None = field(default=None, repr=False)
    unwanted: bool = False

    def shown(self) -> dict[str, Any]:
        """What a page shows of it; `seconds` is how long it has been running."""
        until = self.ended if self.ended is not None else time.monotonic()
        return {
            "id": self.id,
            "title": self.title,
            "state": self.state,
            "what": self.what,
            "done": round(self.done, 3),
            "seconds": round(until - self.began, 1) if self.began is not None else 0.0,
            "run": self.run,
            "problem": self.problem,
        }


class Jobs:
    """A queue, and a thread that does what waits in it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._jobs: list[Job] = []
        self._numbers = 0
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin with the work."""
        self._thread.start()

    def add(self, title: str, task: Mapping[str, Any]) -> dict[str, Any]:
        """Put something into the queue; the same as one there or under way is that one.

        Raises
        ------
        QueueFull
            If as many wait as may.
        """
        with self._changed:
            for job in self._jobs:
                if job.task == task and job.state in UNDER_WAY and not job.unwanted:
                    return job.shown()
            if sum(job.state == "waiting" for job in self._jobs) >= MOST_WAITING:
                what = f"{MOST_WAITING} runs are waiting already; cancel one, or wait"
                raise QueueFull(what)
            self._numbers += 1
            job = Job(str(self._numbers), title, dict(task))
            over = [one for one in self._jobs if one.state not in UNDER_WAY]
            for old in over[: max(0, len(over) - MOST_OVER)]:
                self._jobs.remove(old)
            self._jobs.append(job)
            self._changed.notify_all()
            return job.shown()

    def cancel(self, job_id: str) -> dict[str, Any] | None:
        """Stop something, or take it out of the queue; None if there is nothing of that number."""
        with self._changed:
            job = next((job for job in self._jobs if job.id == job_id), None)
            if job is None:
                return None
            if job.state == "waiting":
                job.state = "cancelled"
            elif job.state == "running" and not job.unwanted:
                job.unwanted = True
                job.what = "stopping"
                if job.process is not None:
                    _stop(job.process)
            return job.shown()

    def shown(self) -> list[dict[str, Any]]:
        """What a page shows of all, in the order in which they came."""
        with self._changed:
            return [job.shown() for job in self._jobs]

    def close(self) -> None:
        """Stop what is under way, begin nothing more, and wait until nothing is half-written."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for job in self.shown():
            self.cancel(job["id"])
        if self._thread.is_alive():
            self._thread.join(2 * GRACE)

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                self._do(job)
            except Exception as error:  # as when no process can be started
                self._over(job, "failed", f"it could not be started: {error}")

    def _next(self) -> Job | None:
        with self._changed:
            while not self._closed:
                job = next((job for job in self._jobs if job.state == "waiting"), None)
                if job is not None:
                    job.state, job.began = "running", time.monotonic()
                    return job
                self._changed.wait()
            return None

    def _do(self, job: Job) -> None:
        with tempfile.TemporaryDirectory(prefix="ripeness-") as place:
            # -P: what lies in the folder that the server was started in is not to be imported
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "ripeness.app.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                start_new_session=True,  # Ctrl-C is for the server, which tells the process
                env={**os.environ, "TMPDIR": place},
            )
            assert process.stdin is not None
            assert process.stdout is not None
            with suppress(BrokenPipeError):
                process.stdin.write(json.dumps(job.task) + "\n")
                process.stdin.flush()
            with self._changed:
                job.process = process
                if job.unwanted:  # cancelled before there was a process
                    _stop(process)
            try:
                self._hear(job, process.stdout)
                code = process.wait()
            finally:
                process.kill()  # of no effect on one that is over
                with suppress(OSError):
                    process.stdin.close()
                process.stdout.close()
        _clear(Path(job.task["runs"]), process.pid)
        if job.run is not None:
            self._over(job, "done")
        elif job.unwanted:
            self._over(job, "cancelled")
        else:
            self._over(job, "failed", job.problem or f"{KILLED} (exit code {code})")

    def _hear(self, job: Job, answers: IO[str]) -> None:
        """Take down what the process tells until it goes."""
        for line in answers:
            told = json.loads(line)
            with self._changed:
                job.run = told.get("run", job.run)
                job.problem = told.get("problem", job.problem)
                if not job.unwanted:
                    job.what = told.get("what", job.what)
                    job.done = max(job.done, told.get("done", job.done))

    def _over(self, job: Job, state: State, problem: str | None = None) -> None:
        with self._changed:
            job.process = None
            job.state, job.problem, job.ended = state, problem, time.monotonic()


def _stop(process: subprocess.Popen[str]) -> None:
    """Tell a process to stop, and kill it if it has not after a while."""
    assert process.stdin is not None
    with suppress(OSError):
        process.stdin.close()

    def kill() -> None:
        if process.poll() is None:
            process.kill()

    timer = threading.Timer(GRACE, kill)
    timer.daemon = True
    timer.start()


def _clear(runs: Path, pid: int) -> None:
    """Remove what a process that was killed could not: the folder that it had not finished."""
    for left in runs.glob(f".*.{pid}.partial") if runs.is_dir() else ():
        shutil.rmtree(left, ignore_errors=True)
