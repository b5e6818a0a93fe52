"""The prior check for who lives in a terminal: tables within 100 columns (rich)."""

from __future__ import annotations

import numpy as np
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ripeness.record.priorcheck import PriorCheck, SeriesCheck
from ripeness.views import prior
from ripeness.views.terminal import WIDTH
from ripeness.views.titled import titled
from ripeness.views.words import percent


def print_prior_check(check: PriorCheck, console: Console) -> None:
    """Print where the record lies among the worlds, a row a series, and how long wars last."""
    width = min(WIDTH, console.width)
    console.print(Text(check.title, style="bold"))
    console.print(Text(prior.what_was_run(check)), width=width)
    if check.series:
        console.print(_series(check), width=width)
        outside = [one for one in check.series if not one.inside(0.9).all()]
        for one in outside:
            told = Text(f"{one.observations.declared.name}: ", style="bold")
            console.print(told.append(prior.sentence(one), style="not bold"), width=width)
        console.print(Text(prior.summary(check)), width=width)
        console.print(Padding(Text(prior.READING, style="dim"), (1, 0, 0, 0)), width=width)
    if check.durations:
        console.print(_durations(check), width=width)
    console.print(Padding(Text(prior.CAUTION, style="italic"), (1, 0, 0, 0)), width=width)


def _series(check: PriorCheck) -> Table:
    table = titled("Where the record lies among worlds that know nothing of it")
    table.add_column("observed", ratio=1)
    for head in ("in 50 %", "in 90 %", "rank"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("last figure\n90 % band", no_wrap=True)
    table.add_column("width", justify="right", no_wrap=True)
    table.add_column("the record is", max_width=17)
    for one in check.series:
        table.add_row(*_row(one))
    return table


def _row(one: SeriesCheck) -> tuple[Text, ...]:
    last = len(one.observations.dates) - 1
    name = Text(one.observations.declared.name)
    return (
        name.append(f"\n{prior.unit_shown(one)}", style="dim"),
        Text(prior.inside(one, 0.5)),
        Text(prior.inside(one, 0.9)),
        Text(percent(float(np.median(one.ranks)))),
        Text(prior.value(one, last)).append(f"\n{prior.span(one, last)}", style="dim"),
        Text(prior.relative_width(one)),
        Text(one.verdict),
    )


def _durations(check: PriorCheck) -> Table:
    assert check.durations is not None
    table = titled("How long wars last")
    heads = ("of all wars", "in the worlds", f"of {check.durations.wars} recorded", "they are")
    for head in heads:
        table.add_column(head)
    for row in prior.duration_rows(check.durations):
        table.add_row(*row)
    return table
