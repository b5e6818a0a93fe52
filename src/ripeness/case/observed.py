"""What was observed of the war, and what of the worlds it is held against.

An observation model, declared: which figures of which table speak of which weekly series, how one
is made comparable with the other, and how far a figure may lie from the truth.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from ripeness.case.fields import (
    Confidence,
    Day,
    NotNegative,
    Number,
    Part,
    PlanName,
    Sources,
    Text,
    YesNo,
)
from ripeness.errors import suggest
from ripeness.problems import DataPath, Wrong
from ripeness.yamlfile import each

Where = dict[str, Text | Annotated[tuple[Text, ...], Field(min_length=1)]]


def _not_zero(times: float) -> float:
    if times == 0:
        raise ValueError("0 makes every figure the same; write what turns it into the series' unit")
    return times


def _after_the_decision(day: date, info: ValidationInfo) -> date:
    decided = info.context["document"].get("decision_date") if info.context else None
    if decided is not None and day.isoformat() <= str(decided):
        raise ValueError(f"{day} is not after the decision of {decided}; name a later day")
    return day


class Followed(Part):
    """The plan that was really followed."""

    plan: PlanName = Field(description="Which of the plans comes nearest to what was done")
    until: Annotated[Day, AfterValidator(_after_the_decision)] = Field(
        description="Last day of the record that is held against worlds under it"
    )
    because: Text = Field(description="Why this plan, and why until then")
    sources: Sources = Field(description="Where that comes from, by the names under 'sources'")


class Figures(Part):
    """Where figures stand in the record."""

    table: Text = Field(description="The file in record/ that holds them, without ending")
    where: Where = Field(
        {}, description="Which rows: for each column the value, or the list of values, to keep"
    )


class Observed(Figures):
    """Figures of the record that speak of a weekly series of the worlds."""

    name: Text = Field(description="What people call it")
    series: Text = Field(description="The series, as ground_<sector> or casualties_<side>")
    unit: Text = Field(description="The unit of the series")
    date: Text = Field(
        description="The column of dates; a month or a year stands for its last day, and an amount "
        "counts for the time since the date before"
    )
    value: Text = Field(description="The column of figures")
    sum: YesNo = Field(False, description="Whether the rows of one date are parts of one figure")
    how: Literal["level", "change", "total", "pace"] = Field(
        description="What is compared. level: the figure with the series; change: both less what "
        "they were before the decision; total: amounts added up since the decision with the "
        "change of the series; pace: mean amount since the decision, in times of that of the year "
        "before, with the mean of the series since the decision, in times of its first value"
    )
    times: Annotated[Number, AfterValidator(_not_zero)] = Field(
        1.0, description="What turns a figure into the unit of the series: -1, or 0.01 for percent"
    )
    error: NotNegative = Field(
        description="Standard deviation of one figure around the truth, each figure by itself; in "
        "the unit of the series, for a pace in times of the mean of the year before"
    )
    bias: NotNegative = Field(
        0.0,
        description="Standard deviation of an error that all its figures share, as a share of "
        "the truth: 0.2 for a source that may count a fifth too many or too few",
    )
    drift: NotNegative = Field(
        0.0,
        description="How far the truth may wander from what a world has in a week, as standard "
        "deviation in the unit of the series (of an amount a week for a total, of an amount in "
        "times of the mean of the year before for a pace); in n weeks it is the root of n times it",
    )
    because: Text = Field(description="Why these figures, and why this error and drift")
    sources: Sources = Field(description="Where they come from, by the names under 'sources'")
    confidence: Confidence = Field(description="How well the figures are known")

    @model_validator(mode="after")
    def _inexact(self) -> Observed:
        if self.error == 0 and self.bias == 0:
            raise ValueError("no figure is exact; give its error or its bias")
        return self


class Durations(Figures):
    """Lengths of wars of the past, against which those of the worlds are held."""

    column: Text = Field(description="The column that says how long each war lasted")
    unit: Literal["days", "weeks", "months", "years"] = Field(description="Its unit")
    within: Annotated[Number, Field(gt=1)] = Field(
        description="By what factor a simulated length may differ from the recorded one: 2 for "
        "from half of it to twice"
    )
    because: Text = Field(description="Why these wars, and why this factor")
    sources: Sources = Field(description="Where they come from, by the names under 'sources'")
    confidence: Confidence = Field(description="How well the lengths are known")


def plan_given(data: Any) -> Iterator[Wrong]:
    """Yield a section that needs to know which plan was followed, where nothing says so."""
    for section in ("observed", "durations"):
        if section in data and "followed" not in data:
            what = "nothing says which plan was followed; add 'followed' with its plan"
            yield Wrong((section,), what, at_key=True)


def observed_parts(data: Any) -> Iterator[tuple[DataPath, Any]]:
    """Yield each part of the sections that speaks of a table of the record, with its path."""
    yield from each(data, "observed", "*")
    yield from each(data, "durations")


def in_record(parts: Iterable[tuple[DataPath, Any]], record: Path) -> Iterator[Wrong]:
    """Yield the tables, columns and words to look for that the record does not have."""
    tables = sorted(file.stem for file in record.glob("*.csv"))
    read = cache(lambda table: _columns(record / f"{table}.csv"))
    for path, figures in parts:
        table = figures.get("table") if isinstance(figures, dict) else None
        if not tables or not isinstance(table, str):
            continue
        if table not in tables:
            right = suggest(table, tables) or f"; put it there as {table}.csv"
            yield Wrong((*path, "table"), f"there is no table {table!r} in {record.name}/{right}")
        elif columns := read(table):
            yield from _in_table(path, figures, table, columns)


def _in_table(
    path: DataPath, figures: dict[str, Any], table: str, columns: dict[str, set[str]]
) -> Iterator[Wrong]:
    named = [
        ((*path, field), figures[field], False)
        for field in ("date", "value", "column", "answered")
        if isinstance(figures.get(field), str)
    ]
    named += [
        ((*path, *place), column, False) for place, column in each(figures, "amounts", "*", "*")
    ]
    named += [((*path, *place), place[-1], True) for place, _ in each(figures, "where", "*")]
    for place, column, at_key in named:
        if column not in columns:
            right = suggest(str(column), columns) or f"; it has {', '.join(columns)}"
            yield Wrong(place, f"the table {table!r} has no column {column!r}{right}", at_key)
    for place, wanted in each(figures, "where", "*"):
        known = columns.get(str(place[-1]), set())
        listed = list(enumerate(wanted)) if isinstance(wanted, list) else [(None, wanted)]
        for index, word in listed:
            if known and isinstance(word, str) and word not in known:
                at = (*path, *place) if index is None else (*path, *place, index)
                right = suggest(word, known) or "; look for the words that it does have"
                yield Wrong(at, f"no row of {table!r} has {word!r} in {place[-1]!r}{right}")


def _columns(file: Path) -> dict[str, set[str]]:
    """Give the words in each column of a table; none where the file is no table."""
    try:
        with file.open(encoding="utf-8", newline="") as text:
            rows = list(csv.reader(text))
    except (OSError, ValueError, csv.Error):
        return {}
    head, *body = rows or [[]]
    return {
        column: {row[place] for row in body if place < len(row)}
        for place, column in enumerate(head)
    }
