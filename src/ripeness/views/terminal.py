"""The same answers for who lives in a terminal: tables within 100 columns (rich)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ripeness.views.answer import CAUTION, answer
from ripeness.views.rundata import RunCard
from ripeness.views.verdicts import (
    Verdict,
    effect,
    effect_range,
    hinges,
    judgements,
    reason,
    share_figures,
    tested,
    untested,
)
from ripeness.views.words import listed, quantity

WIDTH = 100
MARKS = {"supported": "✓", "contradicted": "✗", "mixed": "±", "not testable": "–"}
BAR_CELLS = 20


def print_verdicts(
    verdicts: Sequence[Verdict],
    run: Mapping[str, Any],
    console: Console,
    essays: Mapping[str, str],
) -> None:
    """Print what the claims come to: tested claims, hinges, judgements, what cannot be tested, the answer.

    Parameters
    ----------
    verdicts
        All verdict records of the run.
    run
        The content of ``run.json``.
    console
        Where to print; rich heeds NO_COLOR.
    essays
        What each essay is called in a sentence, by its id.
    """
    card = RunCard.of(run)
    width = min(WIDTH, console.width)
    by_id = {verdict["id"]: verdict for verdict in verdicts}
    parts: list[RenderableType] = [_claims(verdicts, by_id)]
    for title, lines in (
        ("What the verdicts hang on", _hinge_lines(verdicts, card)),
        ("Value judgements, listed and not tested", _judgement_lines(verdicts)),
        ("Not testable yet", _untested_lines(verdicts)),
    ):
        if lines:
            parts.append(_listing(title, lines))
    parts.append(_listing("The answer so far", [("", line) for line in answer(verdicts, essays)]))
    parts.append(Padding(Text(CAUTION, style="italic"), (1, 0, 0, 0)))
    console.print(Text(card.title, style="bold"))
    console.print(Text(_what_was_run(card)), width=width)
    for part in parts:
        console.print(part, width=width)


def _what_was_run(card: RunCard) -> str:
    return (
        f"{quantity(card.worlds)} worlds under each of the plans {listed(card.plans)}; seed {card.seed}, "
        f"run {card.run_id}"
    )


def _claims(verdicts: Sequence[Verdict], by_id: Mapping[str, Verdict]) -> Table:
    table = _table("What each claim comes to")
    table.add_column("", style="bold", no_wrap=True)
    table.add_column("claim", ratio=40)
    table.add_column("record", min_width=14, no_wrap=True)
    table.add_column("model", ratio=24)
    table.add_column("effect", ratio=24)
    for verdict in tested(verdicts):
        word = verdict["record_verdict"]
        table.add_row(
            Text(verdict["id"]),
            _says(verdict, by_id),
            Text(f"{MARKS[word]} {word}") if word else Text("no test", style="dim"),
            _model(verdict),
            _effect(verdict),
        )
    return table


def _says(verdict: Verdict, by_id: Mapping[str, Verdict]) -> Text:
    says = Text(verdict["says"])
    if verdict["record_found"]:
        says.append(f"\nrecord: {verdict['record_found']}", style="dim")
    against = [f"{other}: {by_id[other]['says']}" for other in verdict["against"] if other in by_id]
    if against:
        says.append(f"\nagainst {'; '.join(against)}", style="dim")
    return says


def _model(verdict: Verdict) -> Text:
    if verdict["share"] is None:
        return Text("no test", style="dim")
    filled = round(verdict["share"] * BAR_CELLS)
    text = Text(verdict["model_verdict"])
    text.append(f"\n{'█' * filled}{'░' * (BAR_CELLS - filled)}", style="dim")
    return text.append(f"\n{verdict['share_words']}\n{share_figures(verdict)}")


def _effect(verdict: Verdict) -> Text:
    amount = effect(verdict)
    if amount is None:
        return Text("none measured", style="dim")
    text = Text(amount)
    spread = effect_range(verdict)
    if spread:
        text.append(f"\n{spread}", style="dim")
    return text.append(f"\n{verdict['effect_says']}", style="dim")


def _hinge_lines(verdicts: Sequence[Verdict], card: RunCard) -> list[tuple[str, str]]:
    lines = []
    for hinge in hinges(verdicts, card.columns):
        on_it = listed([verdict["id"] for verdict in hinge.dependents]) or "no claim"
        says = f"{hinge.meaning} ({hinge.column}). On it: {on_it}."
        if hinge.claim:
            says += f" Asserted: {hinge.claim['says']}."
        lines.append((hinge.claim["id"] if hinge.claim else "", says))
    return lines


def _judgement_lines(verdicts: Sequence[Verdict]) -> list[tuple[str, str]]:
    return [(v["id"], f"{v['says']}. A judgement: {v['value']}") for v in judgements(verdicts)]


def _untested_lines(verdicts: Sequence[Verdict]) -> list[tuple[str, str]]:
    return [(v["id"], f"{v['says']}. Why: {reason(v)}") for v in untested(verdicts)]


def _listing(title: str, lines: Sequence[tuple[str, str]]) -> Table:
    table = _table(title)
    table.show_header = False
    if any(name for name, _ in lines):
        table.add_column(style="bold", no_wrap=True, min_width=3)
    table.add_column(ratio=1)
    for name, line in lines:
        cells = (name, line) if len(table.columns) == 2 else (line,)
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _table(title: str) -> Table:
    return Table(
        title=f"\n{title}",
        title_justify="left",
        title_style="bold",
        box=None,
        expand=True,
        padding=(0, 2, 1, 0),
        header_style="dim",
    )
