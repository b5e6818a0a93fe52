"""What claims rest on, in words and in a terminal: shares with and without each mechanism."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ripeness.claims.estimates import Z
from ripeness.views.terminal import WIDTH
from ripeness.views.words import interval, listed, percent, quantity

Record = Mapping[str, Any]
"""A claim as `ripeness.claims.ablation.Ablated.as_record` gives it."""

ALL = "every mechanism"
SAME, UNTOLD, TURNED = "·", "–", "*"
LEGEND = (
    f"Percent of worlds in which a claim holds, in the same worlds with the same luck. {SAME}: no "
    f"change beyond the error of the difference; {TURNED}: another verdict (it holds, hangs on the "
    f"assumptions, or fails); {UNTOLD}: the claim speaks about too few of these worlds. The error "
    "of the fit is that of what going on is worth to each side, which is fitted on simulated wars. "
    "Of changes just beyond the error one in twenty is chance."
)


def finding(claim: Record) -> str:
    """Say in a sentence or two which mechanisms a claim rests on."""
    without = {entry["mechanism"]: entry for entry in claim["without"]}
    if claim["share"] is None:
        return f"{claim['id']} speaks about too few of these worlds to be judged."
    holds = f"{claim['id']} holds in {_share(claim)} of worlds"
    if (fit := Z * (claim["fit_error"] or 0)) > (claim["share_high"] - claim["share_low"]) / 2:
        holds += f", give or take {100 * fit:.0f} points for the fit"
    most = without.get(claim["moved_most_by"])
    if most is None:
        return f"{holds}; no mechanism moves it beyond the error."
    turning = [without[name] for name in claim["needs"] or claim["hindered_by"]]
    if not turning:
        return f"{holds}, moved most by {_named(most)}: {_share(most)} without it."
    first, *others = turning
    if others:
        each = listed([f"{_named(entry)} ({_percent(entry['share'])})" for entry in turning])
        each = " or ".join(each.rsplit(" and ", 1))
        does = "no longer does so in most worlds" if claim["needs"] else "holds in most worlds"
        told = f"{holds}; without any one of {each} it {does}."
    elif claim["needs"]:
        told = f"{holds}, but in {_share(first)} without {_named(first)}"
        told += ": it holds in most worlds only because of that mechanism."
    else:
        told = f"{holds}, but in {_share(first)} without {_named(first)}"
        told += ": only without that mechanism does it hold in most worlds."
    if most is not first:
        told += f" It is moved most by {_named(most)}: {_share(most)} without it."
    return told


def print_ablation(ablation: Mapping[str, Any], console: Console) -> None:
    """Print the shares as tables, and what each claim rests on in sentences.

    Parameters
    ----------
    ablation
        As `ripeness.experiments.ablation.Ablation.as_record` gives it.
    console
        Where to print.
    """
    width = min(WIDTH, console.width)
    console.print(Text(ablation["title"], style="bold"))
    console.print(
        f"{quantity(ablation['worlds'])} worlds under each of the plans "
        f"{listed(ablation['plans'])}, and again without each mechanism; seed {ablation['seed']}",
        width=width,
        highlight=False,
    )
    names = [entry["name"] for entry in ablation["mechanisms"]]
    for claims in _abreast(ablation["claims"], width - max(map(len, (*names, ALL))) - 1):
        console.print()
        console.print(_shares(claims, names), width=width)
    console.print()
    console.print(Text(LEGEND, style="dim"), width=width)
    findings = [("", claim["finding"]) for claim in ablation["claims"]]
    means = [(entry["name"], entry["without"]) for entry in ablation["mechanisms"]]
    console.print(_listing("What each claim rests on", findings), width=width)
    console.print(_listing("What it means to be without", means), width=width)


def _listing(title: str, lines: Sequence[tuple[str, str]]) -> Table:
    table = Table(
        title=f"\n{title}",
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        show_header=False,
    )
    if any(name for name, _ in lines):
        table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for name, line in lines:
        table.add_row(*(Text(cell) for cell in (name, line)[-len(table.columns) :]))
    return table


def _abreast(claims: Sequence[Record], width: int) -> Iterator[list[Record]]:
    """Claims that fit side by side, those of each text for themselves."""
    for _, same in groupby(claims, key=lambda claim: claim["essay"]):
        group: list[Record] = []
        for claim in same:
            if sum(map(_room, (*group, claim))) > width:
                yield group
                group = []
            group.append(claim)
        yield group


def _room(claim: Record) -> int:
    return max(len(claim["id"]), 4) + 2


def _shares(claims: Sequence[Record], mechanisms: Sequence[str]) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="bold")
    table.add_column("without", no_wrap=True)
    for claim in claims:
        table.add_column(claim["id"], justify="right", no_wrap=True, min_width=4)
    table.add_row(ALL, *(_whole_percent(claim) for claim in claims), style="bold")
    table.add_row("  Monte Carlo ±", *(_error(claim) for claim in claims), style="dim")
    table.add_row("  fit ±", *(_fit_error(claim) for claim in claims), style="dim")
    for number, mechanism in enumerate(mechanisms):
        table.add_row(mechanism, *(_cell(claim["without"][number]) for claim in claims))
    return table


def _whole_percent(entry: Record) -> str:
    return UNTOLD if entry["share"] is None else f"{100 * entry['share']:.0f} "


def _error(claim: Record) -> str:
    if claim["share"] is None:
        return ""
    return f"{50 * (claim['share_high'] - claim['share_low']):.0f} "


def _fit_error(claim: Record) -> str:
    error = claim["fit_error"]
    return "" if error is None or claim["share"] is None else f"{100 * Z * error:.0f} "


def _cell(entry: Record) -> Text:
    if entry["share"] is None or entry["difference"] is None:
        return Text(f"{UNTOLD} ", style="dim")
    if not entry["moved"]:
        return Text(f"{SAME} ", style="dim")
    mark = TURNED if entry["turned"] else " "
    return Text(f"{100 * entry['share']:.0f}{mark}", style="bold" if entry["turned"] else "")


def _share(entry: Record) -> str:
    return f"{_percent(entry['share'])} ({interval(entry['share_low'], entry['share_high'])})"


def _percent(share: float) -> str:
    return percent(share).replace("below", "fewer than").replace("above", "more than")


def _named(entry: Record) -> str:
    return entry["mechanism"].replace("-", " ")
