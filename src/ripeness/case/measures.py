"""Measures of the record: which comparison, of which rows, so that a reader can repeat it.

A measure is declared here and computed in `ripeness.record.measures`. Claims then read its numbers
as the table ``measures``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from ripeness.case.fields import Count, Day, Name, Positive, SideName, Sources, Text
from ripeness.case.observed import Figures, Where
from ripeness.problems import DataPath
from ripeness.yamlfile import each

FEWEST = 4
"""Periods on either side of a date from which an interval can be told."""

Columns = Annotated[tuple[Text, ...], Field(min_length=1)]


class Reasoned(Figures):
    """Rows of a table, and why they are measured so."""

    name: Text = Field(description="What is measured")
    date: Text = Field(description="The column of dates; a month or a year stands for its last day")
    because: Text = Field(description="Why this comparison, and why each number in it")
    sources: Sources = Field(description="Where it comes from, by the names under 'sources'")


class PaceChange(Reasoned):
    """How a pace changed at a date, with an interval, and beside the same at other dates."""

    kind: Literal["pace change"] = Field(description="pace change")
    value: Text = Field(description="The column of figures; those of one date are added up")
    figures: Literal["levels", "amounts"] = Field(
        description="levels: states, whose change is counted a week; amounts: sums for the time "
        "since the date before, compared as they come"
    )
    changed: Day = Field(description="The date; levels count from it in weeks, both ways")
    before: Count = Field(description="Periods before it that are compared: weeks, or dates")
    after: Count = Field(description="Periods after it that are compared")
    since: Day = Field(description="First day from which figures count, also at other dates")
    until: Day = Field(description="Last day up to which figures count, also at other dates")
    unit: Text = Field(description="The unit of a period's figure, as km² a week")

    @model_validator(mode="after")
    def _in_order(self) -> PaceChange:
        if not self.since < self.changed < self.until:
            raise ValueError("the dates must ascend: since, changed, until")
        if min(self.before, self.after) < FEWEST:
            raise ValueError(f"an interval needs {FEWEST} periods on either side; write more")
        return self


class CountChange(Reasoned):
    """How often something happened before and after a date: rates and their ratio."""

    kind: Literal["count change"] = Field(description="count change")
    since: Day = Field(description="First day that is counted")
    changed: Day = Field(description="First day that counts as after")
    until: Day = Field(description="Last day that is counted")
    unit: Text = Field(description="The unit of the rates, as 'events a year'")

    @model_validator(mode="after")
    def _in_order(self) -> CountChange:
        if not self.since < self.changed < self.until:
            raise ValueError("the dates must ascend: since, changed, until")
        return self


class Outcome(Figures):
    """Amounts a day."""

    date: Text = Field(description="The column of days, each of them once")
    amounts: Annotated[dict[Name, Columns], Field(min_length=1)] = Field(
        description="What is counted, each as the columns that are added up for it"
    )


class EventStudy(Reasoned):
    """What came in the days after events, beside other days of the same quarter."""

    kind: Literal["event study"] = Field(description="event study")
    outcome: Outcome = Field(description="What may follow an event")
    windows: Annotated[tuple[Count, ...], Field(min_length=1)] = Field(
        description="How many days after an event count; the first is the main one"
    )
    lists: Annotated[dict[Name, Where], Field(min_length=1)] = Field(
        description="Which events, by what is known of them without their aftermath; {} for all"
    )
    heavy_from: Positive = Field(
        description="From how many times the mean of its quarter on an aftermath is called heavy"
    )
    declared: Where = Field(description="Events whose answer was announced or declared")
    until: Day = Field(description="Last day of the events and of what followed")


class Survey(Reasoned):
    """Answers to one question."""

    value: Text = Field(description="The column of percentages")
    answers: Count = Field(description="How many people each wave asked")
    design_effect: Annotated[float, Field(strict=True, ge=1)] = Field(
        description="By what factor clusters and weights raise the variance of a share"
    )


class SurveyChange(Survey):
    """How far two waves of a survey differ, with the error of sampling."""

    kind: Literal["survey change"] = Field(description="survey change")
    first: Text = Field(description="The first wave, as its word in the column of dates")
    second: Text = Field(description="The second wave")


class SurveyTrend(Survey):
    """The trend over the waves of a survey, with the error of sampling and of what waves add."""

    kind: Literal["survey trend"] = Field(description="survey trend")
    since: Day = Field(description="First day of the waves")
    until: Day = Field(description="Last day of the waves")


class RedLines(Reasoned):
    """Bayes factor of red lines that wear away against red lines that stay.

    Beside the codings it is given for a record in which no crossing was answered (``none``), and
    beside the average over all sizes of a crossing for each of them.
    """

    kind: Literal["red lines"] = Field(description="red lines")
    side: SideName = Field(description="Whose lines they are")
    answered: Text = Field(description="The column of the days of responses")
    codings: Annotated[dict[Name, Where], Field(min_length=1)] = Field(
        description="Which rows count as answered, by each way to code them"
    )
    points: Annotated[tuple[Positive, ...], Field(min_length=1)] = Field(
        description="How much provocation one crossing may be, in points: each as likely"
    )
    until: Day = Field(description="Last day of crossings that count")


Measure = Annotated[
    PaceChange | CountChange | EventStudy | SurveyChange | SurveyTrend | RedLines,
    Field(discriminator="kind"),
]


def tables_of(measure: Measure) -> set[str]:
    """Names of the tables that a measure is computed from."""
    outcome = {measure.outcome.table} if isinstance(measure, EventStudy) else set()
    return {measure.table} | outcome


def measured_parts(data: Any) -> Iterator[tuple[DataPath, Any]]:
    """Yield each part of the section that speaks of a table of the record, with its path."""
    for path, measure in each(data, "measures", "*"):
        yield path, measure
        for place, outcome in each(measure, "outcome"):
            yield (*path, *place), outcome
        for pattern in (("lists", "*"), ("codings", "*"), ("declared",)):
            for place, where in each(measure, *pattern):
                yield (*path, *place), {"table": measure.get("table"), "where": where}
