"""The timeline for who lives in a terminal: a row a claim, a column a day (rich)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ripeness.claims.turning import Course, Standing
from ripeness.views.terminal import MARKS, WIDTH
from ripeness.views.timeline import READING, sentence, summary, what_was_run, whole_percent
from ripeness.views.titled import titled

MOVED = "*"
LEGEND = (
    f"{', '.join(f'{mark} {word}' for word, mark in MARKS.items())}: the record. "
    f"Numbers: percent of worlds; {MOVED} moved beyond the error since the start, or the last "
    f"{MOVED}."
)


def print_timeline(
    about: Mapping[str, Any],
    courses: Sequence[Course],
    essays: Mapping[str, str],
    console: Console,
) -> None:
    """Print how each claim stands on each day, and when it turned.

    Parameters
    ----------
    about
        As `ripeness.experiments.timeline.Timeline.record` gives it.
    courses
        How each claim stands on each day.
    essays
        What each essay is called in a sentence, by its id.
    """
    width = min(WIDTH, console.width)
    console.print(Text(about["title"], style="bold"))
    console.print(Text(what_was_run(about)), width=width)
    for essay, title in essays.items():
        mine = [course for course in courses if course.essay == essay]
        if mine:
            console.print(_table(f"Claims of {title}", mine), width=width)
    console.print(Padding(Text(LEGEND, style="dim"), (1, 0, 1, 0)), width=width)
    for course in courses:
        console.print(Text(sentence(course)), width=width)
    console.print(Padding(Text(summary(courses), style="bold"), (1, 0, 0, 0)), width=width)
    console.print(Padding(Text(READING, style="dim"), (1, 0, 0, 0)), width=width)


def _table(title: str, courses: Sequence[Course]) -> Table:
    table = titled(title)
    table.add_column("", style="bold", no_wrap=True)
    table.add_column("claim", ratio=1, no_wrap=True, overflow="ellipsis")
    for one in courses[0].at:
        table.add_column(_head(one.as_of), justify="right", no_wrap=True, min_width=5)
    for course in courses:
        cells = (_cell(one, one in course.moves) for one in course.at)
        table.add_row(course.id, Text(course.says), *cells)
    return table


def _head(day: date | None) -> str:
    return f"{day.day} {day:%b}\n{day.year}" if day else "before\nrecord"


def _cell(one: Standing, moved: bool) -> Text:
    mark = MARKS.get(one.record or "", " ")
    share = "" if one.share is None else whole_percent(one.share)
    end = MOVED if moved else " "
    return Text(f"{mark}{share:>3}{end}", style="bold" if moved else "")
