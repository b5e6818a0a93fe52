"""The kinds of field that the parts of a case file are made of."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    ValidationInfo,
)

from ripeness.yamlfile import refers_to


class Part(BaseModel):
    """A part of a case file: fixed once read, and without fields nobody knows."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _identifier(pattern: str, rule: str) -> AfterValidator:
    def check(word: str) -> str:
        if not re.fullmatch(pattern, word):
            raise ValueError(f"{word!r} cannot be a name here; {rule}")
        return word

    return AfterValidator(check)


def _address(word: str) -> str:
    if not re.match(r"https?://[^\s]+\Z", word):
        raise ValueError(f"{word!r} is no address of a page; it begins with https:// or http://")
    return word


def _day(value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and len(value) == len("2024-08-06"):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError(f"{value!r} is no date; write it as year-month-day: 2024-08-06")


def _within_horizon(week: int, info: ValidationInfo) -> int:
    weeks = info.context["document"].get("weeks") if info.context else None
    if isinstance(weeks, int) and week > weeks:
        raise ValueError(f"week {week} lies beyond the case's {weeks} weeks; it may be {weeks}")
    return week


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Address = Annotated[
    str, AfterValidator(_address), Field(json_schema_extra={"pattern": "^https?://"})
]
"""Of a page; nothing that a browser would run, as pages make a link of it."""

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Positive = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0)]
NotNegative = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0)]
Count = Annotated[int, Field(strict=True, ge=1)]
YesNo = StrictBool
Day = Annotated[date, BeforeValidator(_day)]
Week = Annotated[int, Field(strict=True, ge=0), AfterValidator(_within_horizon)]

Confidence = Literal["found", "claimed", "estimated", "recalled", "judgement", "mixed"]

# Names become parts of column names, so they keep to what SQL takes without quotes.
Name = Annotated[
    str,
    _identifier("[a-z][a-z0-9_]*", "use lower case, digits and '_', and begin with a letter"),
]
HyphenName = Annotated[
    str,
    _identifier("[a-z][a-z0-9-]*", "use lower case, digits and '-', and begin with a letter"),
]

SideName = Annotated[str, refers_to("sides", "side")]
SectorName = Annotated[str, refers_to("sectors", "sector")]
SupporterName = Annotated[str, refers_to("supporters", "supporter")]
TermName = Annotated[str, refers_to("terms", "term")]
PlanName = Annotated[str, refers_to("plans", "plan")]
DealName = Annotated[str, refers_to("deals", "deal")]
SourceName = Annotated[str, refers_to("sources", "source")]

Sources = Annotated[tuple[SourceName, ...], Field(min_length=1)]
