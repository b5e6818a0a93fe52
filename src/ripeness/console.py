"""What all commands share: their options' types, JSON, progress, and the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter, Token

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 100


def _whole_number(_type: type, tokens: Sequence[Token]) -> int:
    """Read a whole number; unlike the command line library, refuse 1.5 rather than round it."""
    word = tokens[0].value
    try:
        return int(word.replace("_", "").replace(",", ""))
    except ValueError:
        raise ValueError(f"{word!r} is not a whole number") from None


WholeNumber = Annotated[int, Parameter(converter=_whole_number)]
JsonFlag = Annotated[bool, Parameter(name="--json", negative=())]
QuietFlag = Annotated[bool, Parameter(name=["--quiet", "-q"], negative=())]


def names(words: str | None) -> list[str] | None:
    """Take names apart that are separated by commas."""
    return [word.strip() for word in words.split(",")] if words is not None else None


def print_json(content: dict[str, Any]) -> None:
    """Print one JSON object with the version of its layout."""
    print(json.dumps({"schema_version": 1, **content}, indent=2, ensure_ascii=False))


def the_console() -> Console:
    """Give the terminal, or a fixed width where there is none."""
    from rich.console import Console

    return Console() if sys.stdout.isatty() else Console(width=PIPED_WIDTH)


@contextmanager
def progress(silent: bool) -> Iterator[Callable[[str, float], None]]:
    """Show a bar on standard error if that is a terminal."""
    if silent or not sys.stderr.isatty():
        yield _no_progress
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    parts = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*parts, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda what, done: bar.update(task, description=what, completed=done)


def _no_progress(_what: str, _done: float) -> None:
    """Tell nobody."""
