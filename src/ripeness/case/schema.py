"""What a case file holds."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from ripeness.case.assumption import Assumption
from ripeness.case.deals import Deal, Term
from ripeness.case.fields import (
    Address,
    Confidence,
    Count,
    Day,
    DealName,
    HyphenName,
    Name,
    NotNegative,
    Part,
    SideName,
    Sources,
    Text,
    Week,
    YesNo,
)
from ripeness.case.measures import Measure
from ripeness.case.moves import Move
from ripeness.case.observed import Durations, Followed, Observed


class Source(Part):
    """Where a figure comes from."""

    title: Text = Field(description="Author, title and date, as a reader would look it up")
    url: Address | None = Field(None, description="Where to read it, https://…")
    table: Text | None = Field(
        None, description="The file in record/ that holds it, without ending"
    )
    licence: Text | None = Field(None, description="On what terms others may use it")
    confidence: Confidence = Field(description="How well its figures are known")


class Area(Part):
    """An area, and how it is known."""

    value: NotNegative = Field(description="The area in km²")
    unit: Literal["km²"] = Field(description="The unit: km²")
    sources: Sources = Field(description="Where it comes from, by the names under 'sources'")
    confidence: Confidence = Field(description="How well the figure is known")
    because: Text | None = Field(None, description="How it was arrived at, where that needs saying")


class Side(Part):
    """A party that fights."""

    name: Text = Field(description="What people call it")
    adjective: Text = Field(description="The adjective, as in 'Ukrainian troops'")
    dictates: DealName | None = Field(
        None, description="The deal that it imposes when the other side collapses"
    )


class Election(Part):
    """An election that may change a supporter's aid."""

    date: Day = Field(description="Day of the election, as 2024-11-05")
    takes_office: Day = Field(description="Day on which the next government takes office")

    @model_validator(mode="after")
    def _office_after_election(self) -> Election:
        if self.takes_office < self.date:
            raise ValueError(
                f"the next government takes office on {self.takes_office}, before it is elected; "
                "exchange date and takes_office"
            )
        return self


class Supporter(Part):
    """A party that helps a side without fighting as one."""

    name: Text = Field(description="What people call it")
    backs: SideName = Field(description="The side that it helps")
    election: Election | None = Field(None, description="An election that may change its aid")
    reinforces_from: Day | None = Field(
        None, description="From when it sends troops if its client's own soil is invaded"
    )


class Sector(Part):
    """A part of the ground."""

    name: Text = Field(description="What people call it")
    own_soil_of: SideName = Field(description="The side whose recognised soil it is")
    area: Area = Field(description="The area that can change hands")
    held_by_first: Area = Field(
        description="What the first side holds of that area at the decision date"
    )
    fought: YesNo = Field(
        True, description="Whether it is fought over; if not, only a deal can move it"
    )
    map: tuple[Text, ...] = Field((), description="Names of its regions on the map")

    @model_validator(mode="after")
    def _held_within_area(self) -> Sector:
        if self.held_by_first.value > self.area.value:
            raise ValueError(
                f"the first side holds {self.held_by_first.value:g} km² of {self.area.value:g}; "
                "held_by_first may be the area at most"
            )
        return self


class Plan(Part):
    """A course of action, to compare with others."""

    name: Text = Field(description="What people call it")
    meaning: Text = Field(description="What it does, in one sentence")
    moves: tuple[Move, ...] = Field(description="What it orders; [] for nothing")


def _ascending(weeks: tuple[int, ...]) -> tuple[int, ...]:
    right = sorted(set(weeks))
    if list(weeks) != right:
        raise ValueError(f"must ascend; write {right}")
    return weeks


class CaseFile(Part):
    """A conflict, and what is assumed about it."""

    id: HyphenName = Field(description="Short name: lower case, digits, hyphens; as its folder's")
    title: Text = Field(description="What people call the case")
    question: Text = Field(description="What is being decided, in one sentence")
    summary: Text = Field(description="The case in a paragraph, for who does not know it")
    decision_date: Day = Field(description="Day of the decision, when week 0 begins: 2024-08-06")
    weeks: Count = Field(description="The horizon: how many weeks a world runs")
    milestones: Annotated[
        tuple[Annotated[Week, Field(ge=1)], ...], Field(min_length=1), AfterValidator(_ascending)
    ] = Field(description="Weeks at which outcomes are recorded, ascending")
    sources: dict[Name, Source] = Field(description="Where figures come from")
    sides: Annotated[dict[Name, Side], Field(min_length=2, max_length=2)] = Field(
        description="The two sides, in order; the first is the one whose ground is measured"
    )
    supporters: dict[Name, Supporter] = Field({}, description="Who helps them")
    sectors: Annotated[dict[Name, Sector], Field(min_length=1)] = Field(
        description="The parts of the ground, in order"
    )
    terms: dict[Name, Term] = Field({}, description="What deals may settle beside ground")
    deals: Annotated[dict[Name, Deal], Field(min_length=1)] = Field(
        description="The ways to end it"
    )
    plans: Annotated[dict[HyphenName, Plan], Field(min_length=1)] = Field(
        description="The courses of action to compare"
    )
    assumptions: dict[str, Assumption] = Field(
        description="What is assumed: quantity, quantity.side, quantity.side.sector and so on"
    )
    followed: Followed | None = Field(None, description="The plan that was really followed")
    observed: dict[Name, Observed] = Field(
        {}, description="Which figures of the record speak of which series of the worlds"
    )
    durations: Durations | None = Field(
        None, description="How long wars of the past lasted, to hold simulated wars against"
    )
    measures: dict[Name, Measure] = Field(
        {}, description="What is measured on the record, for claims to be held against"
    )
