"""How it goes under each plan: the report's charts of weekly series."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ripeness.claims.estimates import wilson
from ripeness.views import rundata
from ripeness.views.charts.fan import fan_chart
from ripeness.views.charts.lines import plan_lines
from ripeness.views.charts.theme import page_spec
from ripeness.views.figures import HALF_A_YEAR, Figure, model_source
from ripeness.views.rundata import RunCard
from ripeness.views.shares import exact
from ripeness.views.words import SPACE, percent, quantity, weeks_on, worlds_in_twenty

MOST_SECTORS = 3
MOVED_KM2 = 25.0
SHARES = {"ended": "How soon does the war end?", "talks_open": "When are talks open?"}
"""Weekly series that are shares of worlds, and what they answer."""

# Quantiles and mean of one series: by plan, by week, by name.
Values = dict[str, dict[int, dict[str, float]]]


@dataclass(frozen=True)
class Series:
    """A weekly series as it is shown.

    Attributes
    ----------
    name
        Its name in the run folder.
    question
        Title of its figure.
    unit
        Title of its axis.
    write
        How one of its values is written.
    share
        Whether it is a share between 0 and 1.
    """

    name: str
    question: str
    unit: str
    write: Callable[[float], str]
    share: bool = False


def fan_figures(folder: Path, card: RunCard, only: str = "") -> list[Figure]:
    """Fan charts of the ground that the plans move, of both sides' leverage and of support.

    Parameters
    ----------
    only
        Begins the names of those series that are wanted.
    """
    weekly, samples = rundata.read_weekly(folder), rundata.read_samples(folder)
    figures = []
    for series in _fan_series(weekly, card):
        if not series.name.startswith(only):
            continue
        values = _values(weekly, series.name)
        chart = fan_chart(weekly, samples, series.name, card.plans, series.unit, series.share)
        figures.append(
            Figure(
                id=series.name,
                question=series.question,
                sentence=fan_sentence(values, series, card),
                spec=page_spec(chart),
                heads=_heads(card),
                rows=_rows(values, card, lambda row, write=series.write: _middle(row, write)),
                source=model_source(card, f"in the table: median (10 to 90{SPACE}% of worlds)"),
            )
        )
    return figures


def line_figures(folder: Path, card: RunCard) -> list[Figure]:
    """Line charts: the share of wars ended and of open talks."""
    weekly = rundata.read_weekly(folder)

    def share(row: dict[str, float]) -> str:
        return exact(wilson(row["mean"], card.charted_worlds))

    figures = []
    for name, question in SHARES.items():
        values = _values(weekly, name)
        if not values:
            continue
        chart = plan_lines(weekly, name, card.plans, "share of worlds", card.charted_worlds)
        figures.append(
            Figure(
                id=name,
                question=question,
                sentence=line_sentence(values, card),
                spec=page_spec(chart),
                heads=_heads(card),
                rows=_rows(values, card, share),
                source=model_source(
                    card, f"bands, and intervals in the table: Monte Carlo error, 95{SPACE}%"
                ),
            )
        )
    return figures


def fan_sentence(values: Values, series: Series, card: RunCard) -> str:
    """Compare the medians of the highest and the lowest plan, at half a year if they differ."""
    week = _telling_week(values, series, card)
    rows = {plan: values[plan][week] for plan in card.plans}

    def say(plan: str) -> str:
        low, high = series.write(rows[plan]["q10"]), series.write(rows[plan]["q90"])
        middle = series.write(rows[plan]["q50"])
        return f"{middle} under {plan} ({low} to {high} in four of five worlds)"

    high = max(rows, key=lambda plan: rows[plan]["q50"])
    low = min(rows, key=lambda plan: rows[plan]["q50"])
    when = weeks_on(week).capitalize()
    if series.write(rows[high]["q50"]) == series.write(rows[low]["q50"]):
        return f"{when} the median is the same under every plan: {say(card.plans[0])}."
    return f"{when} the median is highest at {say(high)} and lowest at {say(low)}."


def _telling_week(values: Values, series: Series, card: RunCard) -> int:
    """Half a year, or where plans do not differ by then the milestone at which they differ most."""

    def medians(week: int) -> list[float]:
        return [values[plan][week]["q50"] for plan in card.plans]

    half_a_year = card.nearest_milestone(HALF_A_YEAR)
    if len({series.write(median) for median in medians(half_a_year)}) > 1:
        return half_a_year
    return max(
        (half_a_year, *card.milestones), key=lambda week: max(medians(week)) - min(medians(week))
    )


def line_sentence(values: Values, card: RunCard) -> str:
    """Compare the means of the highest and the lowest plan at the end."""
    end = max(card.milestones)
    means = {plan: values[plan][end]["mean"] for plan in card.plans}
    high, low = max(means, key=lambda plan: means[plan]), min(means, key=lambda plan: means[plan])
    most, least = worlds_in_twenty(means[high]), worlds_in_twenty(means[low])
    when = weeks_on(end).capitalize()
    if most == least:
        return f"{when}: {most}, the same under every plan."
    return f"{when}: {most} under {high}, {least} under {low}."


def moved_sectors(weekly: pd.DataFrame, card: RunCard) -> list[str]:
    """The sectors where some plan's mean differs most from the first plan's, three at most."""
    gaps = {}
    for sector in card.sectors:
        values = _values(weekly, f"ground_{sector}")
        if values:
            first = values[card.plans[0]]
            gaps[sector] = max(
                abs(row["mean"] - first[week]["mean"])
                for plan in card.plans
                for week, row in values[plan].items()
            )
    moved = [sector for sector, gap in gaps.items() if gap >= MOVED_KM2]
    return sorted(moved, key=lambda sector: -gaps[sector])[:MOST_SECTORS]


def _fan_series(weekly: pd.DataFrame, card: RunCard) -> list[Series]:
    first = next(iter(card.sides.values()))
    found = []
    for sector in moved_sectors(weekly, card):
        question = f"How much ground does {first} hold: {card.sectors[sector]}?"
        found.append(Series(f"ground_{sector}", question, "km²", _whole))
    for side, name in card.sides.items():
        question = f"How strong is the hand of {name} in talks?"
        found.append(Series(f"leverage_{side}", question, "points of the stake", _tenths))
    for side, name in card.sides.items():
        question = f"How much of society in {name} is for going on?"
        found.append(Series(f"support_{side}", question, "share of society", percent, share=True))
    known = set(weekly["series"])
    return [one for one in found if one.name in known]


def _whole(value: float) -> str:
    return quantity(float(f"{round(value):.3g}"))


def _tenths(value: float) -> str:
    return quantity(round(value, 1))


def _values(weekly: pd.DataFrame, series: str) -> Values:
    rows: list[dict[str, Any]] = rundata.where(weekly, "series", series).to_dict("records")
    values: Values = {}
    for row in rows:
        values.setdefault(row["plan"], {})[row["week"]] = row
    return values


def _heads(card: RunCard) -> tuple[str, ...]:
    return ("Plan", *(f"week {week}" for week in card.milestones))


def _rows(
    values: Values, card: RunCard, write: Callable[[dict[str, float]], str]
) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (plan, *(write(values[plan][week]) for week in card.milestones)) for plan in card.plans
    )


def _middle(row: dict[str, float], write: Callable[[float], str]) -> str:
    return f"{write(row['q50'])} ({write(row['q10'])} to {write(row['q90'])})"
