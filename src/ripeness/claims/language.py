"""The claims file: what people assert, and how each assertion is to be tested.

A claim has one kind or several. *Record* claims are decided by dated figures, *model* claims by
comparing plans over simulated worlds, a *hinge* is an assumption that other claims hang on, and a
*value* is a judgement that is listed and not tested.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ripeness.claims import checks
from ripeness.claims.database import open_record
from ripeness.problems import Wrong
from ripeness.yamlfile import read_model, refers_to

Text = Annotated[str, Field(min_length=1, max_length=2_000)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=60)]
Kind = Literal["record", "model", "hinge", "value"]


class Part(BaseModel):
    """A part of a claims file: unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Essay(Part):
    """A text whose claims the file lists."""

    title: Text = Field(description="what readers call it")
    date_: date | None = Field(
        None, alias="date", description="the day by which it was written; its claims stand as then"
    )
    summary: Text = Field(description="what it argues, in one paragraph of our own words")


class ModelTest(Part):
    """How simulated worlds decide a claim: in which of them it holds, and by how much."""

    compare: tuple[Name, Name] | None = Field(
        None, description="two plans; in expressions a. is the first, b. the second, same world"
    )
    plan: Name | None = Field(
        None, description="one plan, instead of 'compare'; expressions use plain column names"
    )
    given: Text | None = Field(
        None, description="SQL, true or false: the worlds that the claim speaks about"
    )
    holds: Text = Field(description="SQL, true or false: the claim holds in this world")
    effect: Text = Field(
        description="SQL, a number in its natural unit, positive in the claim's sense"
    )
    unit: Text = Field(description="the unit of the effect")
    effect_says: Text = Field(description="what the effect is, in words")

    @property
    def plans(self) -> tuple[str, ...]:
        """The plans that the test needs, in the order of its aliases."""
        return self.compare or ((self.plan,) if self.plan else ())


class Figure(Part):
    """A number taken from the record."""

    sql: Text = Field(description="one SELECT over the record's tables that gives one number")
    unit: Text = Field(description="its unit")
    is_: Text = Field(alias="is", description="what the number is")


class RecordTest(Part):
    """How the record decides a claim: figures, and what they would have to be."""

    as_of: date = Field(description="the day whose knowledge the verdict, as stated, rests on")
    from_: date | None = Field(
        None,
        alias="from",
        description="the first day from which the test says anything; as_of if not said",
    )
    figures: dict[Name, Figure] = Field(min_length=1, description="the figures that decide it")
    supported: Text = Field(description="SQL over the figures: true if they bear the claim out")
    contradicted: Text = Field(description="SQL over the figures: true if they speak against it")
    found: Text = Field(description="what was found, with figures in braces, such as {gain:.0f}")
    objection: Text = Field(description="the strongest objection to this test, in one line")

    @property
    def begins(self) -> date:
        """The first day from which the test says anything."""
        return self.from_ or self.as_of

    @model_validator(mode="after")
    def _begins_in_time(self) -> RecordTest:
        if self.begins > self.as_of:
            raise ValueError(f"says nothing until {self.begins}, after its verdict of {self.as_of}")
        return self


class Claim(Part):
    """One assertion, its kinds, and its tests."""

    id: Name = Field(description="a short name, unique in the file")
    essay: Annotated[str, refers_to("essays", "essay")] = Field(description="who makes the claim")
    says: Text = Field(description="the claim in one sentence that makes sense alone")
    horizon: date | None = Field(
        None, description="the day on which what it says can be looked up in the record"
    )
    kind: tuple[Kind, ...] = Field(min_length=1, description="record, model, hinge, value")
    against: tuple[Annotated[str, refers_to("claims", "claim")], ...] = Field(
        (), description="claims that stand against it; each must name this one too"
    )
    hinges: tuple[Name, ...] = Field((), description="the assumptions (columns) it hangs on")
    model: ModelTest | None = Field(None, description="the test over simulated worlds")
    record: RecordTest | None = Field(None, description="the test on dated figures")
    value: Text | None = Field(None, description="kind value: why it is a judgement")
    hinge: Text | None = Field(None, description="kind hinge: what it is an assumption about")
    assumption: Name | None = Field(None, description="kind hinge: the column that carries it")
    untested: Text | None = Field(
        None, description="why a record or model test that its kinds call for is missing"
    )


class Claims(Part):
    """All claims of a case."""

    essays: dict[Name, Essay] = Field(description="the texts that the claims come from")
    claims: tuple[Claim, ...] = Field(min_length=1, description="the claims")


def read_claims(
    path: Path | str,
    *,
    columns: Mapping[str, str] | None = None,
    plans: Collection[str] | None = None,
    record: Path | None = None,
    measures: Collection[str] | None = None,
) -> Claims:
    """Read a claims file and check all of it, the SQL too.

    Parameters
    ----------
    path
        The file.
    columns
        The columns of the table of worlds and their DuckDB types, such as ``DOUBLE`` or
        ``VARCHAR``; without them the names in expressions are not checked.
    plans
        The plans that there are; without them plan names are not checked.
    record
        The folder of the record's tables; without it queries are checked for their form only.
    measures
        The measures that the table ``measures`` has or will have; without them their names are
        not checked.

    Raises
    ------
    InvalidFile
        Holds everything that is wrong with the file, each at its line and column.
    """
    tables = open_record(record) if record else None

    def wrong(data: object) -> list[Wrong]:
        return [
            *checks.structure(data),
            *checks.sql(data, columns, plans, tables),
            *checks.measured(data, measures),
        ]

    return read_model(path, Claims, wrong)
