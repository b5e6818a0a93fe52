"""A forecast for who lives in a terminal: a row a series, within 100 columns (rich)."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ripeness.record.hindcast.ahead import Forecast
from ripeness.views import forecast
from ripeness.views.prior import unit_of
from ripeness.views.terminal import WIDTH
from ripeness.views.titled import titled


def print_forecast(found: Forecast, console: Console) -> None:
    """Print what figures will be, a row a series and a sentence each."""
    width = min(WIDTH, console.width)
    console.print(Text(found.title, style="bold"))
    console.print(Text(forecast.what_was_run(found)), width=width)
    console.print(_series(found), width=width)
    for name, declared in found.declared.items():
        told = Text(f"{declared.name}: ", style="bold")
        console.print(told.append(forecast.sentence(found, name), style="not bold"), width=width)
    for line in (*forecast.exceptions(found), forecast.READING, forecast.HOW_GOOD):
        console.print(Padding(Text(line, style="dim"), (1, 0, 0, 0)), width=width)


def _series(found: Forecast) -> Table:
    table = titled("What figures will be: median, 90 % band")
    table.add_column("series", ratio=1)
    for head in ("last known", "half-way", "at the end", "simple\nforecasters"):
        table.add_column(head, justify="right", no_wrap=True)
    for name, declared in found.declared.items():
        last, since = forecast.known_last(found, name)
        half = (len(forecast.rows_of(found, name)) - 1) // 2
        table.add_row(
            Text(declared.name).append(f"\n{unit_of(declared)}", style="dim"),
            Text(last).append(f"\n{since}", style="dim"),
            *(
                Text(median).append(f"\n{span}\n{forecast.day(found, name, at)}", style="dim")
                for at in (half, -1)
                for median, span in [forecast.said(found, name, at)]
            ),
            forecast.simple(found, name),
        )
    return table
