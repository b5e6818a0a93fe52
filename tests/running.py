"""Running the command line from tests, and the types of the fixtures that they share."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pandas as pd
import pytest

from ripeness.worlds import run, simulate

ON_ONE_CORE = "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})"
"""To be executed before: only one core from here on."""


class Command(Protocol):
    """Run the command line to its end, as a user does; `before` is Python to execute first."""

    def __call__(
        self, *words: str | Path, before: str = "", cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]: ...


ParquetReader = Callable[[Path], pd.DataFrame]


class MadeOnce(Protocol):
    """Give a folder that one worker of the session fills, while the others wait for it."""

    def __call__(self, name: str, fill: Callable[[Path], object]) -> Path: ...


def command_line(*words: str | Path, before: str = "") -> list[str]:
    ripeness_itself = "os.execv(sys.executable, [sys.executable, '-m', 'ripeness', *sys.argv[1:]])"
    program = f"import os, resource, sys; {before}; {ripeness_itself}"
    start = ["-c", program] if before else ["-m", "ripeness"]
    return [sys.executable, *start, *map(str, words)]


@contextmanager
def few_training_wars() -> Iterator[None]:
    """Fit what going on is worth on two blocks of worlds, in this process: it takes most of a run.

    For tests of all that comes after; what the fit is worth is tested elsewhere, on as many as
    users have.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module in (run, simulate):
            patch.setattr(module, "TRAINING_WORLDS", 2 * simulate.BLOCK)
        yield
