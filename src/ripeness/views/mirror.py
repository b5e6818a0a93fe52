"""The mirror in words and in a terminal: what each side answers, and would in the other's shoes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import floor, log10
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ripeness.views.terminal import WIDTH
from ripeness.views.words import MINUS, SPACE, listed, percent, plain, quantity

Record = Mapping[str, Any]

OF_A_SIDE = {
    "provoked": "provocation suffered, points",
    "responses": "responses",
    "harsher": "of them harsher strikes",
    "responses_a_point": "responses a point of provocation",
}
OF_BOTH = {
    "highest_rung": "highest rung reached, 0 to 4",
    "direct_clash": "direct clash, % of worlds",
    "nuclear_use": "nuclear use, % of worlds",
}
SHARES = ("direct_clash", "nuclear_use")
LEGEND = (
    "Mirrored: each side has the other's tolerance of provocation, what it and its supporters bear "
    "without a response; everything else, the luck too, is the same. ±: Monte Carlo error."
)


def sentences(mirror: Record) -> list[str]:
    """Say what it shows, for each side where it is provoked most, and what that hangs on."""
    most = [
        max(mirror["plans"], key=lambda plan: plan["sides"][i]["provoked"]["as_it_is"]["value"])
        for i in range(2)
    ]
    return [
        *(_counterpart(mirror, plan, i) for i, plan in enumerate(most)),
        _assumption(mirror),
        *(_hangs_on(mirror, i) for i in range(2)),
    ]


def _counterpart(mirror: Record, plan: Record, i: int) -> str:
    """What the other would have answered in a side's place."""
    side = plan["sides"][i]
    name, other = _names(mirror, i)
    before, after = (number(side["responses"][key]) for key in ("as_it_is", "mirrored"))
    return (
        f"Under '{plan['plan']}' {name} suffered {number(side['provoked']['as_it_is'])} points of "
        f"provocation and answered {before} times; {other} in its place, under the same rules, "
        f"{after} times ({_judged(side['responses']['difference'])}), more often in "
        f"{percent(side['more']['value'])} of worlds and less often in "
        f"{percent(side['fewer']['value'])}."
    )


def _judged(difference: Record) -> str:
    if difference["low"] <= 0 <= difference["high"]:
        return "no difference beyond Monte Carlo error"
    return f"{'more' if difference['value'] > 0 else 'fewer'}, beyond Monte Carlo error"


def _assumption(mirror: Record) -> str:
    """What a difference, or that there is none, follows from."""
    names = list(mirror["sides"].values())
    first, second = (
        "; ".join(f"{plain(quantity)} {values}" for quantity, values in rules.items())
        for rules in mirror["assumed"].values()
    )
    if first == second:
        return (
            f"What {listed(names)} tolerate is assumed alike ({first}). That on average they "
            "answer alike is therefore put in, not found out: nothing here says who bears more."
        )
    return (
        f"What {names[0]} tolerates ({first}) and what {names[1]} does ({second}) are assumptions: "
        "a difference in what they answer follows from these, and is put in, not found out."
    )


def _hangs_on(mirror: Record, i: int) -> str:
    entry, (name, _) = mirror["doubling"][i], _names(mirror, i)
    if entry["times_then"] is None:
        return f"{name} never answers, whatever its tolerance."
    found = entry["tolerance"]
    if found is None:
        return (
            f"Even with {quantity(entry['least_tried'], 2)} times its tolerance {name} would "
            f"answer only {quantity(entry['times_then'], 2)} times as often."
        )
    value, low, high = (f"{found[key]:.2f}" for key in ("value", "low", "high"))
    return (
        f"{name} would answer twice as often with {value} ({low} to {high}) times its tolerance, "
        "all else the same."
    )


def _names(mirror: Record, i: int) -> tuple[str, str]:
    """The name of a side, and of the other."""
    names = list(mirror["sides"].values())
    return names[i], names[1 - i]


def print_mirror(mirror: Record, console: Console) -> None:
    """Print a table for each plan, and in sentences what they show.

    Parameters
    ----------
    mirror
        As `ripeness.experiments.mirror.Mirror.as_record` gives it.
    console
        Where to print.
    """
    width = min(WIDTH, console.width)
    console.print(Text(f"{mirror['title']}: in the mirror", style="bold"))
    about = f"{quantity(mirror['worlds'])} worlds under each plan, seed {mirror['seed']}"
    console.print(Text(f"{about}. {LEGEND}"), width=width)
    for plan in mirror["plans"]:
        console.print()
        console.print(_table(mirror, plan), width=width)
    console.print()
    for sentence in mirror["says"]:
        console.print(Text(sentence), width=width)


def _table(mirror: Record, plan: Record) -> Table:
    table = Table(box=None, padding=(0, 2), pad_edge=False, header_style="bold")
    table.add_column(f"Plan '{plan['plan']}'", min_width=36, no_wrap=True)
    for title in ("as it is", "mirrored", "difference"):
        table.add_column(title, justify="right", min_width=16, no_wrap=True)
    for i, side in enumerate(plan["sides"]):
        name, other = _names(mirror, i)
        table.add_row(name, f"as {name}", f"as {other}", "", style="bold")
        for key, title in OF_A_SIDE.items():
            if side[key] is not None:
                table.add_row(f"  {title}", *_cells(side[key], 1.0))
    table.add_row("both", style="bold")
    for key, title in OF_BOTH.items():
        table.add_row(f"  {title}", *_cells(plan[key], 100.0 if key in SHARES else 1.0))
    return table


def _cells(compared: Record, times: float) -> Iterator[str]:
    for key in ("as_it_is", "mirrored"):
        yield number(compared[key], times)
    yield number(compared["difference"], times, signed=True)


def number(estimate: Record, times: float = 1.0, signed: bool = False) -> str:
    """A number with its Monte Carlo error, and no digit finer than that."""
    value, error = times * estimate["value"], times * (estimate["high"] - estimate["low"]) / 2
    digits = max(0, -floor(log10(error))) if error > 0 else 0
    text = f"{value:{'+' if signed else ''}.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("+-")
    return f"{text.replace('-', MINUS)}{SPACE}±{SPACE}{error:.{digits}f}"
