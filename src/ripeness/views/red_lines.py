"""Beliefs about red lines: odds by the record, and what supporters fear in the worlds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ripeness.claims.estimates import Estimate
from ripeness.record.measures.compute import ODDS
from ripeness.views.charts.redlines import belief_chart, odds_chart
from ripeness.views.charts.theme import page_spec
from ripeness.views.deals import worlds_source
from ripeness.views.figures import Figure
from ripeness.views.rundata import RunCard
from ripeness.views.shares import exact, means_by
from ripeness.views.words import SPACE, long_date, percent, quantity, weeks_on

NONE, ALL = "none", "all"
"""Names of the coding in which no crossing is answered, and of the average over priors."""

AVERAGE = "all, as the case weighs them"
FAMILIES = ("uniform", "exponential", "bluff", "humped")
"""Of priors, in the order in which all charts show them."""

LEAST_BELIEF = 0.005
BELIEVED = "believed_chance_"
PRIOR = "tolerance_prior"


def read_odds(folder: Path) -> list[dict[str, Any]]:
    """Read how the odds of a run's record move, a record a coding, prior and week; maybe none."""
    file = folder / ODDS
    return json.loads(file.read_text(encoding="utf-8"))["odds"] if file.is_file() else []


def odds_figures(folder: Path, card: RunCard) -> list[Figure]:
    """How the odds of lines that wear away move as crossings pass, a figure a measure."""
    odds = read_odds(folder)
    by_measure: dict[str, list[dict[str, Any]]] = {}
    for row in odds:
        by_measure.setdefault(row["measure"], []).append(row)
    return [_odds_figure(rows, card, number) for number, rows in enumerate(by_measure.values())]


def _odds_figure(rows: Sequence[Mapping[str, Any]], card: RunCard, number: int) -> Figure:
    side = card.sides.get(rows[0]["side"], rows[0]["side"])
    priors = [AVERAGE if prior == ALL else prior for prior in dict.fromkeys(_each(rows, "prior"))]
    codings = {coding: _coding(rows, coding) for coding in dict.fromkeys(_each(rows, "coding"))}
    shown = pd.DataFrame(
        [
            {
                "coding": codings[row["coding"]],
                "prior": AVERAGE if row["prior"] == ALL else row["prior"],
                "when": long_date(row["date"]),
                **{name: row[name] for name in ("date", "value", "crossings", "answered")},
            }
            for row in rows
        ]
    )
    last = [row for row in rows if row["prior"] == ALL]
    weeks = [row for row in last if row["coding"] == last[0]["coding"]]
    return Figure(
        id=f"odds-{number}",
        question=f"Do the red lines of {side} wear away as they are crossed?",
        sentence=odds_sentence(rows),
        spec=page_spec(odds_chart(shown, priors, list(codings.values()))),
        heads=("Lines crossed by", "How many", "Answered", *(f"Odds, {name}" for name in codings)),
        rows=tuple(
            (
                long_date(row["date"]),
                str(row["crossings"]),
                str(row["answered"]),
                *(_odds_by(rows, coding, row["date"]) for coding in codings),
            )
            for row in weeks
        ),
        source=(
            f"Record: dated crossings of declared lines ({ODDS} in the run folder), judged by the "
            "rules of the worlds, averaged over the assumptions; odds are Bayes factors: from 3 "
            f"on called positive evidence. In the table: average over priors, 95{SPACE}% Monte "
            "Carlo interval."
        ),
    )


def odds_sentence(rows: Sequence[Mapping[str, Any]]) -> str:
    """Say what odds the whole record gives, by each way to code answers."""
    told = []
    for coding in dict.fromkeys(_each(rows, "coding")):
        ends = [_last(rows, coding, prior) for prior in dict.fromkeys(_each(rows, "prior"))]
        found = [end for end in ends if end]
        average = next((end for end in found if end["prior"] == ALL), found[-1])
        low, high = (pick(end["value"] for end in found) for pick in (min, max))
        answered = average["answered"] or "none"
        told.append(
            f"{said_odds(average['value'])} if {answered} of {average['crossings']} crossings "
            f"count as answered ({said_odds(low)} to {said_odds(high)} by the prior)"
        )
    return f"Odds of lines that wear away over lines that stay: {'; '.join(told)}."


def said_odds(value: float) -> str:
    """Write odds with the larger number first or last: ``3.6 : 1``, ``1 : 2.5``."""
    return f"{quantity(value, 2)} : 1" if value >= 1 else f"1 : {quantity(1 / value, 2)}"


def belief_figures(folder: Path, card: RunCard) -> list[Figure]:
    """What chance of a response supporters give to their side's next step, by the prior they hold.

    A figure a side, of those whose supporters' belief a run keeps.
    """
    figures = []
    for side, name in card.sides.items():
        columns = {
            week: column
            for week in card.milestones
            if (column := f"{BELIEVED}{side}_w{week}") in card.columns
        }
        rows = [
            {"plan": plan, "prior": prior, "week": week, "chance": chances[column]}
            for plan, prior, chances in means_by(folder, list(columns.values()), PRIOR)
            for week, column in columns.items()
        ]
        # of one prior there is nothing to compare, and without supporters nobody fears anything
        if (
            len(set(_each(rows, "prior"))) > 1
            and max(chance.value for chance in _each(rows, "chance")) > LEAST_BELIEF
        ):
            figures.append(_belief_figure(rows, card, name, f"belief-{side}"))
    return figures


def _belief_figure(
    rows: Sequence[Mapping[str, Any]], card: RunCard, name: str, figure: str
) -> Figure:
    priors = sorted(set(_each(rows, "prior")), key=FAMILIES.index)
    plan, end = card.plans[-1], max(_each(rows, "week"))
    means = {
        row["prior"]: row["chance"].value
        for row in rows
        if row["plan"] == plan and row["week"] == end
    }
    drawn = [
        {**row, "mean": row["chance"].value, "low": row["chance"].low, "high": row["chance"].high}
        for row in rows
    ]
    high, low = max(means, key=lambda p: means[p]), min(means, key=lambda p: means[p])
    return Figure(
        id=figure,
        question=f"What do supporters of {name} fear of its next step?",
        sentence=(
            f"{weeks_on(end).capitalize()} they give a chance of {percent(means[high])} that a "
            f"next invasion by {name} meets a response if they hold the {high} prior, and "
            f"{percent(means[low])} if the {low} one (means over worlds, plan {plan})."
        ),
        spec=page_spec(
            belief_chart(
                pd.DataFrame(drawn).drop(columns="chance"),
                priors,
                card.plans,
                "believed chance of a response",
            )
        ),
        heads=("Plan, prior", *(f"week {week}" for week in dict.fromkeys(_each(rows, "week")))),
        rows=tuple(
            (
                f"{plan}, {prior}",
                *(
                    _said_chance(row["chance"])
                    for row in rows
                    if row["plan"] == plan and row["prior"] == prior
                ),
            )
            for plan in card.plans
            for prior in priors
        ),
        source=worlds_source(
            card,
            "means over the worlds in which supporters hold a prior; what they believe moves with "
            "each provocation that meets no response; bands, and intervals in the table: Monte "
            f"Carlo error, 95{SPACE}%",
        ),
    )


def _said_chance(chance: Estimate) -> str:
    return exact(chance) if chance.high > chance.low else percent(chance.value)


def _each(rows: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in rows]


def _last(rows: Sequence[Mapping[str, Any]], coding: str, prior: str) -> Mapping[str, Any] | None:
    return next(
        (row for row in reversed(rows) if row["coding"] == coding and row["prior"] == prior), None
    )


def _coding(rows: Sequence[Mapping[str, Any]], coding: str) -> str:
    """What a way to code answers is called: by how many crossings it counts as answered."""
    end = _last(rows, coding, ALL)
    if coding == NONE or end is None:
        return "none answered"
    return f"{end['answered']} of {end['crossings']} answered"


def _odds_by(rows: Sequence[Mapping[str, Any]], coding: str, day: str) -> str:
    """The average's odds on a day, or on the last before it; even before anything was crossed."""
    known = [
        row
        for row in rows
        if row["coding"] == coding and row["prior"] == ALL and row["date"] <= day
    ]
    if not known:
        return said_odds(1.0)
    low, high = sorted((known[-1]["low"], known[-1]["high"]))
    return f"{said_odds(known[-1]['value'])} ({said_odds(low)} to {said_odds(high)})"
