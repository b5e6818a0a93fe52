"""What the four questions find, in a terminal: boxes, cruxes, what matters, what to watch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ripeness.claims.phrases import called, near, with_unit
from ripeness.views.terminal import WIDTH
from ripeness.views.titled import titled
from ripeness.views.words import SPACE, interval, percent, quantity

Record = Mapping[str, Any]

BAR = 24
FULL, EMPTY = "█", "░"


def print_beliefs(beliefs: Sequence[Record], console: Console) -> None:
    """Print what one would have to believe for each claim, as `Belief.as_record` gives it."""
    width = min(WIDTH, console.width)
    for belief in beliefs:
        _head(belief, console, width)
        for way in ("holds", "fails"):
            box = belief[way]
            console.print(Text(f"\nIt {box['sentence']}."), width=width)
            if box["limits"]:
                console.print(_box(box), width=width)
    legend = (
        f"{FULL} the worlds that a limit keeps. Range: where 90 % of resamples place the limit. p: "
        "how often chance would gain as much. Found: in how many of 20 resamples. All figures are "
        "of worlds on which the box was not found."
    )
    console.print(Padding(Text(legend, style="dim"), (1, 0, 0, 0)), width=width)


def _box(box: Record) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 2), header_style="dim")
    table.add_column("assumption", max_width=40)
    table.add_column("", no_wrap=True, min_width=BAR)
    table.add_column("limit")
    table.add_column("range", no_wrap=True)
    table.add_column("p", justify="right", no_wrap=True)
    table.add_column("found", justify="right", no_wrap=True)
    for limit in box["limits"]:
        what = called(limit["assumption"], limit["unit"], limit["means"])
        if "words" in limit:
            value, span = " or ".join(limit["words"]), ""
        else:
            number = near(limit["value"], limit["low"], limit["high"])
            sign = ">" if limit["side"] == "above" else "<"
            value = f"{sign} {with_unit(number, limit['unit'], limit['means'])}"
            ends = [near(limit[end], limit["low"], limit["high"]) for end in ("low", "high")]
            span = "–".join(dict.fromkeys(ends))
        table.add_row(
            Text(what),
            _bar(limit),
            Text(value),
            Text(span),
            _chance(limit["quasi_p"]),
            f"{round(20 * limit['found'])}/20",
        )
    return table


def _bar(limit: Record) -> Text:
    kept = round(limit["keeps"] * BAR)
    full, empty = FULL * kept, EMPTY * (BAR - kept)
    return Text(empty + full if limit["side"] == "above" else full + empty)


def _chance(p: float) -> str:
    return "<.001" if p < 0.001 else f"{p:.3f}".lstrip("0")


def print_cruxes(cruxes: Sequence[Record], console: Console) -> None:
    """Print what decides between two claims, for each pair, as `Crux.as_record` gives it."""
    width = min(WIDTH, console.width)
    for crux in cruxes:
        console.print(
            Text(f"\n{crux['first']} against {crux['second']}", style="bold"), width=width
        )
        for name, says in zip((crux["first"], crux["second"]), crux["says"], strict=True):
            console.print(Text(f"{name}: {says}", style="dim"), width=width)
        console.print(Text(crux["sentence"]), width=width)
        if crux["deciders"]:
            console.print(_deciders(crux), width=width)
    legend = (
        "Switch: the value at which it changes which of the two is right, in 90 % of resamples; * "
        "where the likelier of the two is another one on its other side. Explains: how much of the "
        "variance this assumption alone does; luck and the rest are left."
    )
    console.print(Padding(Text(legend, style="dim"), (1, 0, 0, 0)), width=width)


def _deciders(crux: Record) -> Table:
    right = {
        "which": f"only {crux['first']} right",
        "whether": "they part",
        "holds": "it holds",
    }[crux["asked"]]
    table = Table(box=None, padding=(0, 2, 0, 2), header_style="dim")
    table.add_column("if", ratio=1)
    table.add_column("switch", no_wrap=True)
    table.add_column(right, justify="right")
    table.add_column("otherwise", justify="right")
    table.add_column("explains", justify="right")
    for one in crux["deciders"]:
        span = ""
        if one["value"] is not None:
            ends = [near(one[end], one["low"], one["high"]) for end in ("low", "high")]
            span = "–".join(dict.fromkeys(ends))
        turns = "*" if one["turns"] and crux["asked"] == "which" else ""
        table.add_row(
            Text(one["condition"]),
            Text(span + turns),
            _share(one["first_if"]),
            _share(one["first_else"]),
            percent(one["explained"]),
        )
    return table


def print_matters(matters: Sequence[Record], console: Console) -> None:
    """Print which assumptions move each claim, as `Matter.as_record` gives it."""
    width = min(WIDTH, console.width)
    for matter in matters:
        _head(matter, console, width)
        console.print(Text(matter["sentence"]), width=width)
        table = titled("What to find out first")
        table.add_column("assumption", ratio=1)
        table.add_column("knowing it", justify="right")
        table.add_column("alone", justify="right")
        table.add_column("with others", justify="right")
        for row in (*matter["rows"][:10], matter["dummy"]):
            what = called(row["assumption"], row["unit"], row["means"])
            dummy = row is matter["dummy"]
            table.add_row(
                Text(what, style="dim" if dummy else ""),
                _points(row["value"]),
                _index(row["first"]),
                _index(row["total"]),
            )
        console.print(table, width=width)
        if len(matter["rows"]) > 10:
            console.print(Text(f"and {len(matter['rows']) - 10} more; --json has all", style="dim"))
    legend = (
        "Knowing it: in how many more of 1,000 worlds one would call the claim right (expected "
        "value of partial perfect information). Alone, with others: first-order and total share of "
        "the variance. All with 95 % intervals. The last row is a column of random numbers: what "
        "nothing looks like."
    )
    console.print(Padding(Text(legend, style="dim"), (1, 0, 0, 0)), width=width)


def print_watches(watches: Sequence[Record], console: Console) -> None:
    """Print what to watch for each claim, as `Watch.as_record` gives it."""
    width = min(WIDTH, console.width)
    for watch in watches:
        _head(watch, console, width)
        if not watch["indicators"]:
            console.print(Text("Nothing that can be seen so early changes its odds."), width=width)
        for by, group in groupby(watch["indicators"], key=lambda one: one["by"]):
            under = f", under plan {watch['plan']}" if watch["plan"] else ""
            table = titled(f"In the first {by:g} {watch['time']}{under}")
            table.add_column("sign", ratio=1)
            table.add_column("odds if seen", justify="right")
            table.add_column("if not", justify="right")
            table.add_column("seen in", justify="right")
            table.add_column("lead", justify="right")
            for one in group:
                lead = "" if one["lead"] is None else f"{one['lead']:g} {watch['time']}"
                table.add_row(
                    Text(one["sign"]),
                    _ratio(one["ratio"]),
                    _ratio(one["absent"]),
                    percent(one["frequency"]["value"]),
                    lead,
                )
            console.print(table, width=width)
    legend = (
        "Odds: by how much the sign, or its absence, multiplies the odds that the claim holds "
        "(likelihood ratio, 95 % interval). Lead: from when it can be seen until the claim is "
        "decided. A sign is no cause."
    )
    console.print(Padding(Text(legend, style="dim"), (1, 0, 0, 0)), width=width)


def _head(record: Record, console: Console, width: int) -> None:
    console.print(Text(f"\n{record['id']}: {record['says']}", style="bold"), width=width)
    told = record["share"]
    console.print(
        Text(f"Holds in {_share(told)} of {record['worlds']:,} worlds.", style="dim"), width=width
    )


def _share(estimate: Record) -> str:
    return f"{percent(estimate['value'])} ({interval(estimate['low'], estimate['high'])})"


def _points(estimate: Record | None) -> str:
    if estimate is None:
        return "–"
    low, value, high = (1000 * estimate[end] for end in ("low", "value", "high"))
    return f"{value:.0f} ({max(0.0, low):.0f}–{high:.0f})"


def _index(estimate: Record) -> str:
    low, value, high = (100 * max(0.0, estimate[end]) for end in ("low", "value", "high"))
    if value < 0.5:
        return f"below 1{SPACE}% (0–{high:.0f})" if high >= 1.5 else f"below 1{SPACE}%"
    return f"{value:.0f}{SPACE}% ({low:.0f}–{high:.0f})"


def _ratio(estimate: Record) -> str:
    low, value, high = (quantity(estimate[end], 2) for end in ("low", "value", "high"))
    return f"×{SPACE}{value} ({low}–{high})"
