"""Verdicts on anybody's table of worlds, in a terminal: every claim, then opposed ones together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ripeness.views.small_charts import CELLS, bar
from ripeness.views.terminal import MARKS, WIDTH, shares
from ripeness.views.titled import titled
from ripeness.views.verdicts import Verdict, effect, effect_range, opposed_pairs, share_figures
from ripeness.views.words import interval, listed, percent

CAUTION = (
    "A share of worlds is not a probability. Intervals are 95 % Monte Carlo intervals; two plans "
    "of one world are one draw."
)
APART = 0.1
"""Words of a family are told if the claim's share differs by so much between them."""


def print_judged(
    verdicts: Sequence[Verdict],
    about: str,
    ablation: Sequence[Mapping[str, Any]],
    console: Console,
    plans: Sequence[Table] = (),
) -> None:
    """Print the verdicts on all claims.

    Parameters
    ----------
    verdicts
        As `ripeness.claims.verdicts.Verdict.as_record` gives them.
    about
        What was asked, in a line.
    ablation
        What each claim rests on, if the run was also made without its mechanisms.
    console
        Where to print.
    plans
        What comes of each plan, of a run.
    """
    width = min(WIDTH, console.width)
    console.print(Text(about), width=width)
    table = titled("What each claim comes to", gap=1)
    table.add_column("", style="bold", max_width=20, overflow="fold")
    table.add_column("claim", ratio=34)
    table.add_column("worlds", ratio=28)
    table.add_column("effect", ratio=28)
    for verdict in verdicts:
        table.add_row(
            Text(verdict["id"]), Text(verdict["says"]), _worlds(verdict), _effect(verdict)
        )
    console.print(table, width=width)
    for each in plans:
        console.print(each, width=width)
    for title, lines in (
        ("What the record shows", _recorded(verdicts)),
        ("Before the record, and after", _before(verdicts)),
        ("Apart by rival mechanism or prior", _families(verdicts)),
        ("Without a mechanism", [(one["id"], one["finding"]) for one in ablation]),
        ("Opposed claims, side by side", _opposed(verdicts)),
    ):
        if lines:
            console.print(_lines(title, lines), width=width)
    console.print(Padding(Text(CAUTION, style="italic"), (1, 0, 0, 0)), width=width)


def _worlds(verdict: Verdict) -> Text:
    if verdict["share"] is None:
        why = verdict["why_untested"] or "no test over worlds"
        word = verdict["record_verdict"]
        return Text(f"{MARKS[word]} {word} by the record" if word else why, style="dim")
    return shares(verdict).append(f"\nof {verdict['worlds']:,} worlds", style="dim")


def _effect(verdict: Verdict) -> Text:
    amount = effect(verdict)
    if amount is None:
        return Text("none measured", style="dim")
    text = Text(amount)
    if spread := effect_range(verdict):
        text.append(f"\n{spread}")
    if verdict["effect_says"]:
        text.append(f"\n{verdict['effect_says']}", style="dim")
    return text


def _recorded(verdicts: Sequence[Verdict]) -> list[tuple[str, str]]:
    return [
        (v["id"], f"{v['record_verdict']}: {v['record_found']}")
        for v in verdicts
        if v["record_found"]
    ]


def _before(verdicts: Sequence[Verdict]) -> list[tuple[str, str]]:
    told = []
    for v in verdicts:
        if v["before_share"] is not None:
            before = interval(v["before_share_low"], v["before_share_high"])
            told.append(
                (
                    v["id"],
                    f"{bar(v['before_share'])} {percent(v['before_share'])} ({before}) before, "
                    f"{bar(v['share'])} {share_figures(v)} after",
                )
            )
    return told


def _families(verdicts: Sequence[Verdict]) -> list[tuple[str, str]]:
    told = []
    for verdict in verdicts:
        for family, words in groupby(verdict["families"], key=lambda one: one["family"]):
            entries = list(words)
            shares = [one["share"] for one in entries]
            lowest, highest = min(entries, key=_share), max(entries, key=_share)
            if max(shares) - min(shares) >= APART and highest["low"] > lowest["high"]:
                each = [f"{percent(one['share'])} if {one['word']}" for one in entries]
                told.append((verdict["id"], f"{family.replace('_', ' ')}: {listed(each)}"))
    return told


def _share(entry: Mapping[str, Any]) -> float:
    return entry["share"]


def _opposed(verdicts: Sequence[Verdict]) -> list[tuple[str, str]]:
    return [
        (f"{a['id']} against {b['id']}", f"{_stands(a)}\n{_stands(b)}")
        for a, b in opposed_pairs(verdicts)
    ]


def _stands(verdict: Verdict) -> str:
    parts, drawn = [], " " * CELLS
    if verdict["share"] is not None:
        drawn = bar(verdict["share"])
        parts.append(f"holds in {share_figures(verdict)} of worlds")
    if verdict["record_verdict"]:
        parts.append(f"the record: {verdict['record_verdict']}")
    return f"{drawn} {verdict['id']} {', '.join(parts) or 'is not tested'}"


def _lines(title: str, lines: Sequence[tuple[str, str]]) -> Any:
    table = titled(title)
    table.show_header = False
    table.add_column(style="bold", max_width=24, overflow="fold")
    table.add_column(ratio=1)
    for name, line in lines:
        table.add_row(Text(name), Text(line))
    return table
