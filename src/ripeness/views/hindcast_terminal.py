"""The hindcast for who lives in a terminal: tables within 100 columns (rich)."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ripeness.record.hindcast.hindcast import Hindcast
from ripeness.record.hindcast.skill import WORLDS, SeriesScore
from ripeness.views import hindcast
from ripeness.views.prior import unit_of
from ripeness.views.terminal import WIDTH
from ripeness.views.titled import titled


def print_hindcast(found: Hindcast, console: Console) -> None:
    """Print how good forecasts were, a row a series, who won each, and all forecasters."""
    width = min(WIDTH, console.width)
    console.print(Text(found.title, style="bold"))
    console.print(Text(hindcast.what_was_run(found)), width=width)
    console.print(_series(found), width=width)
    for one in found.summary.series:
        told = Text(f"{found.declared[one.name].name}: ", style="bold")
        console.print(told.append(hindcast.sentence(found, one), style="not bold"), width=width)
    console.print(_forecasters(found), width=width)
    console.print(Text(hindcast.summary(found), style="bold"), width=width)
    for reading in (hindcast.READING, hindcast.FORECASTERS_READ, hindcast.BASELINES_READ):
        console.print(Padding(Text(reading, style="dim"), (1, 0, 0, 0)), width=width)
    for line in hindcast.exceptions(found):
        console.print(Padding(Text(line, style="dim"), (1, 0, 0, 0)), width=width)


def _series(found: Hindcast) -> Table:
    table = titled("How far forecasts were off, and whether their bands held what came")
    table.add_column("series", ratio=1)
    table.add_column("figures\norigins", justify="right", no_wrap=True)
    table.add_column("CRPS\nworlds", justify="right", no_wrap=True)
    table.add_column("best simple\nforecaster", justify="right", no_wrap=True)
    table.add_column("skill\n90 % interval", justify="right", no_wrap=True)
    for head in ("in 50", "in 90"):
        table.add_column(head, justify="right", no_wrap=True)
    for one in found.summary.series:
        table.add_row(*_row(found, one))
    return table


def _row(found: Hindcast, one: SeriesScore) -> tuple[Text, ...]:
    declared = found.declared[one.name]
    skill, spread = hindcast.skill_shown(one.skills[one.best])
    ours, other = (hindcast.crps(found, one, who) for who in (WORLDS, one.best))
    won = one.winner == WORLDS
    return (
        Text(declared.name).append(f"\n{unit_of(declared)}", style="dim"),
        Text(str(one.figures)).append(f"\n{one.origins}", style="dim"),
        Text(ours, style="bold" if won else ""),
        Text(other, style="" if won else "bold").append(f"\n{one.best}", style="dim"),
        Text(skill).append(f"\n{spread}", style="dim"),
        *(
            Text(hindcast.inside(one, band)).append(
                f"\n{hindcast.coverage_interval(one, band)}", style="dim"
            )
            for band in (0, 1)
        ),
    )


def _forecasters(found: Hindcast) -> Table:
    table = titled("All series together")
    for place, head in enumerate(hindcast.FORECASTER_HEADS):
        table.add_column(head, justify="right" if place else "left", no_wrap=True)
    for row in hindcast.forecaster_rows(found):
        table.add_row(*row)
    return table
