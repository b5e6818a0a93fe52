"""What runs a case beside the server: a process that can be stopped at any time.

In: one line of JSON on standard input, and the end of the input when it is to stop (or the server
is gone). Out: lines of JSON, ``{"what": ..., "done": ...}`` as it goes on, and at the end
``{"run": id}`` or, if it failed, ``{"problem": ...}`` with a message for people.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO

from ripeness.errors import RipenessError
from ripeness.interrupts import hear_every_interrupt, interrupt

NICE = 5
"""How far it steps back behind the server and the browser, which are to stay responsive."""

AGAIN = 10.0
"""Seconds until it is interrupted again: libraries drop an interrupt that reaches them."""

Tell = Callable[[Mapping[str, Any]], None]


def main() -> None:
    """Do one task, and go."""
    answers = _answers()

    def tell(content: Mapping[str, Any]) -> None:
        answers.write(json.dumps(content) + "\n")
        answers.flush()

    signal.signal(signal.SIGINT, signal.default_int_handler)
    hear_every_interrupt()
    try:
        task = json.loads(sys.stdin.readline())
        threading.Thread(target=_stop_at_the_end_of_the_input, daemon=True).start()
        if hasattr(os, "nice"):
            os.nice(NICE)
        TASKS[task["do"]](task, tell)
    except KeyboardInterrupt:
        pass  # who stopped it knows, and nothing half-written is left
    except BrokenPipeError:
        pass  # the server is gone
    except Exception as error:
        tell({"problem": _in_words(error)})
    os._exit(0)  # a computation still under way would keep a usual exit waiting


def run(task: Mapping[str, Any], tell: Tell) -> None:
    """Run a case into a folder of runs."""
    tell({"what": "reading the case", "done": 0.0})
    from ripeness import workbench

    def progress(what: str, done: float) -> None:
        tell({"what": what, "done": done})

    case = workbench.load(task["case"])
    asked = {name: task[name] for name in ("worlds", "seed", "plans", "as_of")}
    folder = Path(task["runs"]) / f"{case.file.id}-{case.run_id(**asked)}"
    made = case.run(**asked, out=folder, progress=progress)
    tell({"run": made.about["run_id"]})


TASKS: dict[str, Callable[[Mapping[str, Any], Tell], None]] = {"run": run}
"""What can be done, by what a task says under ``do``."""


def _answers() -> TextIO:
    """Give what answers are written to, and send all else that is printed to standard error."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _stop_at_the_end_of_the_input() -> None:
    sys.stdin.read()
    while True:
        interrupt()
        time.sleep(AGAIN)


def _in_words(error: Exception) -> str:
    if isinstance(error, RipenessError):
        return str(error)
    if isinstance(error, MemoryError):
        return "out of memory; run fewer worlds"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'file'}: {error.strerror}"
    at = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(at.filename).name}:{at.lineno}"
    return f"a fault of ripeness itself, please report it: {error!r} at {place}"


if __name__ == "__main__":
    main()
