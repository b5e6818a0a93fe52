"""The claims file: what people assert, and how each assertion is to be tested.

A claim has one kind or several. *Record* claims are decided by dated figures, *model* claims by
comparing plans over simulated worlds, a *hinge* is an assumption that other claims hang on, and a
*value* is a judgement that is listed and not tested.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator

from ripeness.claims import checks
from ripeness.claims.columns import (
    ColumnName,
    Columns,
    Part,
    Text,
    columns_of,
    valid_columns,
    wrong_columns,
)
from ripeness.claims.database import open_record
from ripeness.claims.predicates import margin
from ripeness.claims.table import Worlds, given, named
from ripeness.errors import UsageError, suggest
from ripeness.problems import Wrong
from ripeness.yamlfile import read_model, refers_to

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=60)]
PlanName = Annotated[str, Field(min_length=1, max_length=200)]
Kind = Literal["record", "model", "hinge", "value"]


def _listed(value: Any) -> Any:
    """Take one word for a list of it."""
    return [value] if isinstance(value, str) else value


class Essay(Part):
    """A text whose claims the file lists."""

    title: Text = Field(description="what readers call it")
    date_: date | None = Field(
        None, alias="date", description="the day by which it was written; its claims stand as then"
    )
    summary: Text = Field(description="what it argues, in one paragraph of our own words")


@dataclass(frozen=True)
class ModelTest:
    """How simulated worlds decide a claim: in which of them it holds, and by how much.

    Attributes
    ----------
    plans
        Two plans that are compared, ``a.`` and ``b.`` in expressions; one, whose columns are
        written plainly; or none where the table has only one.
    given, holds
        SQL, true or false: whether the claim speaks about a world, and whether it holds there.
    effect
        SQL, a number that is positive in the claim's sense; None if there is none.
    unit, says
        Its unit, and what it is; empty if nobody said.
    """

    plans: tuple[str, ...]
    given: str | None
    holds: str
    effect: str | None
    unit: str
    says: str


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
    essay: Annotated[str, refers_to("essays", "essay")] = Field(
        "", description="who makes the claim; nobody in particular if not said"
    )
    says: Text = Field(description="the claim in one sentence that makes sense alone")
    date_: date | None = Field(
        None,
        alias="date",
        description="the day by which it was made; that of its essay if not said",
    )
    horizon: date | None = Field(
        None, description="the day on which what it says can be looked up in the record"
    )
    kind: Annotated[tuple[Kind, ...], BeforeValidator(_listed)] = Field(
        (), description="record, model, hinge, value; by its tests if not said"
    )
    against: Annotated[
        tuple[Annotated[str, refers_to("claims", "claim")], ...], BeforeValidator(_listed)
    ] = Field((), description="claims that stand against it; they need not name this one too")
    hinges: tuple[ColumnName, ...] = Field((), description="the assumptions (columns) it hangs on")
    compare: tuple[PlanName, PlanName] | None = Field(
        None, description="two plans; in expressions a. is the first, b. the second, same world"
    )
    plan: PlanName | None = Field(
        None, description="one plan, instead of 'compare'; expressions use plain column names"
    )
    given: Text | None = Field(
        None, description="SQL, true or false: the worlds that the claim speaks about"
    )
    holds: Text | None = Field(
        None, description="SQL, true or false: the claim holds in this world"
    )
    effect: Text | None = Field(
        None,
        description="SQL, a number in its natural unit, positive in the claim's sense; x - y if "
        "not said and 'holds' is x > y",
    )
    unit: Text | None = Field(None, description="the unit of the effect")
    effect_says: Text | None = Field(None, description="what the effect is, in words")
    record: RecordTest | None = Field(None, description="the test on dated figures")
    value: Text | None = Field(None, description="kind value: why it is a judgement")
    hinge: Text | None = Field(None, description="kind hinge: what it is an assumption about")
    assumption: ColumnName | None = Field(
        None, description="kind hinge: the column that carries it"
    )
    untested: Text | None = Field(
        None, description="why a record or model test that its kinds call for is missing"
    )

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Its kinds: as said, or else by the tests and reasons it has."""
        has = {"record": self.record, "model": self.holds, "hinge": self.hinge, "value": self.value}
        return self.kind or tuple(kind for kind in get_args(Kind) if has[kind] is not None)

    @cached_property
    def model(self) -> ModelTest | None:
        """The test over simulated worlds, if it has one."""
        if self.holds is None:
            return None
        return ModelTest(
            plans=self.compare or ((self.plan,) if self.plan is not None else ()),
            given=self.given,
            holds=self.holds,
            effect=self.effect or margin(self.holds),
            unit=self.unit or "",
            says=self.effect_says or "",
        )


class Claims(Part):
    """All claims of a file."""

    columns: Columns | None = Field(
        None, description="what the columns of the table of worlds are, where no run says it"
    )
    essays: dict[Name, Essay] = Field({}, description="the texts that the claims come from")
    claims: tuple[Claim, ...] = Field(min_length=1, description="the claims")

    @property
    def titles(self) -> dict[str, str]:
        """What each text is called, by its id; ``""`` for claims that come from none."""
        titles = {name: essay.title for name, essay in self.essays.items()}
        stray = any(claim.essay not in titles for claim in self.claims)
        return {**titles, "": "no text in particular"} if stray else titles

    def made(self, claim: Claim) -> date | None:
        """The day by which a claim was made, if anybody said."""
        essay = self.essays.get(claim.essay)
        return claim.date_ or (essay.date_ if essay else None)

    def against(self, claim: Claim) -> tuple[str, ...]:
        """The claims that stand against one, whichever of the two says so."""
        others = [other.id for other in self.claims if claim.id in other.against]
        return tuple(dict.fromkeys((*claim.against, *others)))

    @property
    def opposed(self) -> tuple[tuple[Claim, Claim], ...]:
        """Every pair of claims that stand against each other, once, in the order of the file."""
        places = {claim.id: place for place, claim in enumerate(self.claims)}
        pairs = {
            tuple(sorted((places[claim.id], places[other])))
            for claim in self.claims
            for other in claim.against
        }
        return tuple((self.claims[a], self.claims[b]) for a, b in sorted(pairs))

    def named(self, name: str) -> Claim:
        """Give a claim by its id.

        Raises
        ------
        UsageError
            There is none; says which there are.
        """
        for claim in self.claims:
            if claim.id == name:
                return claim
        known = [claim.id for claim in self.claims]
        right = suggest(name, known) or f"; there are {', '.join(known)}"
        raise UsageError(f"there is no claim {name!r}{right}")


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


def read_claims_on(
    path: Path | str, source: Any, columns: Mapping[str, Any] | None, record: Path | None
) -> tuple[Claims, Worlds]:
    """Read a claims file and open the table that it speaks about, and check one by the other.

    Parameters
    ----------
    path
        The file.
    source
        The table; see `ripeness.claims.table.given`.
    columns
        What its columns are; as the file says, if not said.
    record
        The folder of the record's tables, if there is one.

    Raises
    ------
    UsageError
        The table, the columns or the file are wrong; says all that is.
    """
    table = given(source)
    told = None if columns is None else columns_of(columns, table.columns)
    tables = open_record(record) if record else None
    opened: list[Worlds] = []

    def wrong(data: Any) -> Iterator[Wrong]:
        yield from checks.structure(data)
        about = told
        if about is None:
            amiss = list(wrong_columns(data, table.columns))
            yield from amiss
            about = None if amiss else valid_columns(data)
        if about is not None:
            opened.append(named(table, about))
            yield from checks.sql(data, opened[0].columns, opened[0].plans, tables)

    return read_model(path, Claims, wrong), opened[0]
