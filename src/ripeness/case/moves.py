"""The moves that a plan is made of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from ripeness.case.fields import NotNegative, Part, SectorName, SideName, SupporterName, Week, YesNo


def _fought(sector: str, info: ValidationInfo) -> str:
    sectors = info.context["document"].get("sectors") if info.context else None
    entry = sectors.get(sector) if isinstance(sectors, dict) else None
    if isinstance(entry, dict) and entry.get("fought") is False:
        raise ValueError(
            f"nothing is fought in {sector!r}; name another sector, or give it 'fought: true'"
        )
    return sector


class _Lasting(Part):
    """A move that lasts from one week to another."""

    from_week: Week = Field(description="Week in which it begins; 0 is the decision date")
    to_week: Week = Field(description="Week in which it ends")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> _Lasting:
        if self.to_week <= self.from_week:
            raise ValueError(
                f"ends in week {self.to_week} but begins in week {self.from_week}; "
                "let to_week be greater than from_week"
            )
        return self


class Commit(_Lasting):
    """Send troops into a sector: as many as the assumption commitment.<side>.<sector> says."""

    do: Literal["commit"] = Field(description="Send troops into a sector")
    side: SideName = Field(description="The side that moves")
    sector: Annotated[SectorName, AfterValidator(_fought)] = Field(
        description="The sector that the troops go to"
    )
    needs_leave: YesNo = Field(
        False,
        description="Whether the side moves only if its supporters allow it, or if autonomous",
    )
    dig_in: YesNo = Field(False, description="Whether the troops prepare lines on ground taken")


class StrikeDeep(_Lasting):
    """Ask the supporters to permit strikes deep into the other side's rear."""

    do: Literal["strike_deep"] = Field(description="Ask supporters to permit deep strikes")
    side: SideName = Field(description="The side that asks")


class Publicise(_Lasting):
    """Advertise the part that the supporters' weapons have in what the side does."""

    do: Literal["publicise"] = Field(description="Advertise the supporters' part")
    side: SideName = Field(description="The side that advertises")


class OfferTalks(_Lasting):
    """Offer to talk."""

    do: Literal["offer_talks"] = Field(description="Offer to talk")
    side: SideName = Field(description="The side that offers")


class Aid(_Lasting):
    """Cut or raise a supporter's aid."""

    do: Literal["aid"] = Field(description="Cut or raise a supporter's aid")
    supporter: SupporterName = Field(description="The supporter whose aid changes")
    factor: NotNegative = Field(description="Times the aid there would be: 0 stops it, 1 keeps it")


Move = Annotated[
    Commit | StrikeDeep | Publicise | OfferTalks | Aid,
    Field(discriminator="do", description="One thing that the plan orders"),
]
