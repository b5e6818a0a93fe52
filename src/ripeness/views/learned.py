"""What the record taught by a day, in words and in a terminal: assumptions before and after."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ripeness.views.rundata import RunCard
from ripeness.views.titled import titled
from ripeness.views.verdicts import meaning
from ripeness.views.words import SPACE, alike, long_date, percent, plain, quantity

MOST_SHOWN = 12
HEADS = ("Assumption", "Before", "After", "Variance gone")
READING = (
    f"Before and after: the median, with 5 and 95{SPACE}% quantiles in brackets; of words, the "
    "chance of each. Variance gone: its share, in terms in which the assumption was normal "
    "beforehand; less than none where what was seen sets it wider. In order of what was learned "
    "(the Kullback-Leibler divergence of normal distributions with these means and variances)."
)


@dataclass(frozen=True)
class Lesson:
    """What was learned about one assumption, as it is shown.

    Attributes
    ----------
    name, meaning
        In words; the meaning has the unit in it.
    before, after
        How it spreads.
    gone
        Share of the variance that is gone.
    identified
        Whether the record says anything about it.
    """

    name: str
    meaning: str
    before: str
    after: str
    gone: str
    identified: bool


def lessons(learned: Mapping[str, Any], card: RunCard) -> list[Lesson]:
    """List what was learned about each assumption, most first.

    Parameters
    ----------
    learned
        The content of ``learned.json``.
    card
        The run's card.
    """
    return [_lesson(one, card) for one in sorted(learned["assumptions"], key=_gain, reverse=True)]


def leading(found: Sequence[Lesson]) -> list[Lesson]:
    """Keep the few about which most was learned."""
    return [one for one in found if one.identified][:MOST_SHOWN]


def weighed(learned: Mapping[str, Any]) -> str:
    """Say by what worlds were weighed, and what they are worth."""
    figures = learned["figures"]
    return (
        f"As of {long_date(learned['as_of'])}: {quantity(learned['weighed'])} worlds under plan "
        f"{learned['plan']} were weighed by the {quantity(sum(figures.values()))} figures of "
        f"{len(figures)} series known by then; they carry weight as "
        f"{quantity(learned['effective'][-1])} equal ones would, and tell less, for some are much "
        "alike (`ripeness timeline` says how much less). Every plan runs with the assumptions and "
        "the luck of these worlds."
    )


def fared(learned: Mapping[str, Any]) -> str:
    """Say in a line how the filter fared."""
    times, accepted = sum(learned["resampled"]), learned["accepted"]
    steps = [value for value in accepted.values() if math.isfinite(value)]
    taken = f", {' and '.join(map(percent, steps))} of steps accepted" if times else ""
    return (
        f"Filter: {learned['weeks']} weeks, effective sample size at worst "
        f"{quantity(min(learned['effective']))}, resampled {times} times{taken}; log evidence "
        f"{quantity(round(learned['log_evidence']))}."
    )


def unidentified(found: Sequence[Lesson]) -> str:
    """Say how many assumptions the record says nothing about."""
    count = sum(not one.identified for one in found)
    return f"The record says next to nothing about {count} of {len(found)} assumptions."


def print_learned(learned: Mapping[str, Any], card: RunCard, console: Console, width: int) -> None:
    """Print all that the record taught, most first; what stays unidentified is marked."""
    found = lessons(learned, card)
    console.print(Text(card.title, style="bold"))
    console.print(Text(weighed(learned)), width=width)
    console.print(lesson_table("What the record taught", found), width=width)
    for line in (unidentified(found), fared(learned)):
        console.print(Text(line), width=width)
    console.print(Padding(Text(READING, style="dim"), (1, 0, 0, 0)), width=width)


def lesson_table(title: str, found: Sequence[Lesson]) -> Table:
    """Arrange lessons, one a row."""
    table = titled(title)
    name, before, after, gone = (head.lower() for head in HEADS)
    table.add_column(name, ratio=5)
    table.add_column(before, ratio=3)
    table.add_column(after, ratio=3)
    table.add_column(gone.replace(" ", "\n"), justify="right", no_wrap=True, min_width=12)
    for one in found:
        about = Text(one.name).append(f"\n{one.meaning}", style="dim")
        share = one.gone if one.identified else f"{one.gone}\nunidentified"
        table.add_row(about, Text(one.before), Text(one.after), Text(share))
    return table


def _lesson(one: Mapping[str, Any], card: RunCard) -> Lesson:
    column = one["name"].replace(".", "_")
    before, after = _written(one["before"], one["after"])
    return Lesson(
        name=plain(column),
        meaning=meaning(card.columns[column]),
        before=before,
        after=after,
        gone=_signed_percent(one["shrinkage"]),
        identified=one["identified"],
    )


def _written(before: Mapping[str, float], after: Mapping[str, float]) -> tuple[str, str]:
    """Write how an assumption spreads, both times with digits alike."""
    if "q50" not in before:
        first, second = (
            ", ".join(f"{plain(word)} {percent(share)}" for word, share in spread.items())
            for spread in (before, after)
        )
        return first, second
    texts = alike([spread[at] for spread in (before, after) for at in ("q50", "q05", "q95")])
    first, second = (f"{middle} ({low} to {high})" for middle, low, high in (texts[:3], texts[3:]))
    return first, second


def _signed_percent(share: float) -> str:
    return f"{quantity(round(100 * share))}{SPACE}%"


def _gain(one: Mapping[str, Any]) -> float:
    """Kullback-Leibler divergence from a standard normal distribution, nats."""
    variance = max(1.0 - one["shrinkage"], 1e-6)
    return 0.5 * (one["moved"] ** 2 + variance - 1.0 - math.log(variance))
