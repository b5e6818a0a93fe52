"""The same answers for who lives in a terminal: tables within 100 columns (rich)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ripeness.views.answer import CAUTION, answer
from ripeness.views.learned import fared, leading, lesson_table, lessons, unidentified, weighed
from ripeness.views.plans_terminal import plan_tables
from ripeness.views.rundata import RunCard
from ripeness.views.shown import Shown
from ripeness.views.small_charts import bar
from ripeness.views.titled import titled
from ripeness.views.verdicts import (
    Verdict,
    begins,
    early,
    effect,
    effect_range,
    hinges,
    judgements,
    reason,
    share_figures,
    tested,
    untested,
)
from ripeness.views.words import listed, long_date, quantity

WIDTH = 100
OF_THE_FILTER = (
    "Worlds that the record weighed tell less than as many drawn by themselves: "
    "`ripeness timeline` shows how much less."
)
MARKS = {
    "supported": "✓",
    "contradicted": "✗",
    "mixed": "±",
    "not testable": "–",
    "not yet": "…",
}


def print_verdicts(shown: Shown, console: Console) -> None:
    """Print what the claims come to, what they hang on, what is not tested, and the answer.

    Parameters
    ----------
    shown
        The run.
    console
        Where to print; rich heeds NO_COLOR.
    """
    card, verdicts, learned = shown.card, shown.verdicts, shown.learned
    width = min(WIDTH, console.width)
    parts: list[RenderableType] = [_claims(verdicts), *plan_tables(shown.folder, card)]
    if learned is not None:
        parts += _taught(learned, card)
    said = answer(verdicts, shown.essays, card.columns, shown.ends)
    for title, lines in (
        ("What the record shows", _record_lines(verdicts)),
        ("What the verdicts hang on", _hinge_lines(verdicts, card)),
        ("Value judgements, listed and not tested", _judgement_lines(verdicts)),
        ("Not yet: the record cannot say so early", _early_lines(verdicts)),
        ("Not testable yet", _untested_lines(verdicts)),
        ("The answer so far", [("", line) for line in said]),
    ):
        if lines:
            parts.append(_listing(title, lines))
    of_the_filter = f" {OF_THE_FILTER}" if learned is not None else ""
    parts.append(
        Padding(Text(f"{CAUTION} {_of_the_fit(card)}{of_the_filter}", style="italic"), (1, 0, 0, 0))
    )
    console.print(Text(card.title, style="bold"))
    console.print(Text(_what_was_run(card)), width=width)
    if learned is not None:
        console.print(Text(weighed(learned)), width=width)
    for part in parts:
        console.print(part, width=width)


def _of_the_fit(card: RunCard) -> str:
    errors = [f"{card.sides[side]} to {error:.1f}" for side, error in card.fit_error.items()]
    return (
        f"Intervals count worlds alone. What going on is worth is fitted, for {listed(errors)} "
        "points of the stake; how far that moves a claim `ripeness ablate` shows."
    )


def _what_was_run(card: RunCard) -> str:
    return (
        f"{quantity(card.worlds)} worlds under each of the plans {listed(card.plans)}; "
        f"seed {card.seed}, run {card.run_id}"
        + (f"; without {listed(card.without)}" if card.without else "")
    )


def _claims(verdicts: Sequence[Verdict]) -> Table:
    table = titled("What each claim comes to", gap=1)
    table.add_column("", style="bold", no_wrap=True)
    table.add_column("claim", ratio=36)
    table.add_column("record", min_width=14, no_wrap=True)
    table.add_column("model", ratio=23)
    table.add_column("effect", ratio=29)
    for verdict in tested(verdicts):
        table.add_row(
            Text(verdict["id"]), _says(verdict), _record(verdict), _model(verdict), _effect(verdict)
        )
    return table


def _says(verdict: Verdict) -> Text:
    says = Text(verdict["says"])
    if verdict["against"]:
        says.append(f"\nagainst {listed(verdict['against'])}", style="dim")
    return says


def _record(verdict: Verdict) -> Text:
    word = verdict["record_verdict"]
    return Text(f"{MARKS[word]} {word}") if word else Text("no test", style="dim")


def _model(verdict: Verdict) -> Text:
    if verdict["share"] is None:
        return Text("no test", style="dim")
    return shares(verdict)


def shares(verdict: Verdict) -> Text:
    """The verdict of worlds: in words, as a bar, and in figures."""
    return Text(
        f"{verdict['model_verdict']}\n{bar(verdict['share'])}\n{verdict['share_words']}\n"
        f"{share_figures(verdict)}"
    )


def _effect(verdict: Verdict) -> Text:
    amount = effect(verdict)
    if amount is None:
        return Text("none measured", style="dim")
    text = Text(amount)
    spread = effect_range(verdict)
    if spread:
        text.append(f"\n{spread}")
    return text.append(f"\n{verdict['effect_says']}", style="dim")


def _record_lines(verdicts: Sequence[Verdict]) -> list[tuple[str, str]]:
    return [(v["id"], v["record_found"]) for v in verdicts if v["record_found"]]


def _hinge_lines(verdicts: Sequence[Verdict], card: RunCard) -> list[tuple[str, str]]:
    """Hinges that a claim asserts or several hang on, then in one line those of a single claim."""
    lines, alone = [], []
    for hinge in hinges(verdicts, card.columns):
        on_it = listed([verdict["id"] for verdict in hinge.dependents]) or "no claim"
        if hinge.claim or len(hinge.dependents) > 1:
            asserted = f" Asserted: {hinge.claim['says']}." if hinge.claim else ""
            identifier = hinge.claim["id"] if hinge.claim else ""
            says = f"{hinge.name}: {hinge.meaning}. On it: {on_it}.{asserted}"
            lines.append((identifier, says))
        else:
            alone.append(f"{hinge.name} ({on_it})")
    return [*lines, ("", f"With one claim each: {'; '.join(alone)}.")] if alone else lines


def _judgement_lines(verdicts: Sequence[Verdict]) -> list[tuple[str, str]]:
    return [(v["id"], f"{v['says']}. A judgement: {v['value']}") for v in judgements(verdicts)]


def _early_lines(verdicts: Sequence[Verdict]) -> list[tuple[str, str]]:
    return [(v["id"], f"{v['says']}. {begins(v)}") for v in early(verdicts)]


def _taught(learned: Mapping[str, Any], card: RunCard) -> list[RenderableType]:
    found = lessons(learned, card)
    rest = f"{unidentified(found)} `ripeness learned` prints all. {fared(learned)}"
    title = f"What the record taught most by {long_date(learned['as_of'])}"
    return [lesson_table(title, leading(found)), Padding(Text(rest), (1, 0, 0, 0))]


def _untested_lines(verdicts: Sequence[Verdict]) -> list[tuple[str, str]]:
    return [(v["id"], f"{v['says']}. Why: {reason(v)}") for v in untested(verdicts)]


def _listing(title: str, lines: Sequence[tuple[str, str]]) -> Table:
    table = titled(title, gap=0)
    table.show_header = False
    if any(name for name, _ in lines):
        table.add_column(style="bold", no_wrap=True, min_width=3)
    table.add_column(ratio=1)
    for name, line in lines:
        cells = (name, line) if len(table.columns) == 2 else (line,)
        table.add_row(*(Text(cell) for cell in cells))
    return table
