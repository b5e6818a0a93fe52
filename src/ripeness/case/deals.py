"""The deals that the sides may strike, and their terms."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from ripeness.case.fields import Part, SideName, TermName, Text, YesNo
from ripeness.errors import suggest

CONTROL_WORDS = ("line", "start", "recognised")
REST = "default"


def _everywhere(control: Any) -> Any:
    return {REST: control} if isinstance(control, str) else control


def _sector_or_rest(word: str, info: ValidationInfo) -> str:
    return _known(word, (REST,), "sectors", info)


def _word_or_side(word: str, info: ValidationInfo) -> str:
    return _known(word, CONTROL_WORDS, "sides", info)


def _known(word: str, words: tuple[str, ...], section: str, info: ValidationInfo) -> str:
    names = info.context["document"].get(section) if info.context else None
    if isinstance(names, dict) and word not in words and word not in names:
        known = [*words, *names]
        listed = f"; write one of {', '.join(known)}"
        raise ValueError(f"{word!r} is not known here{suggest(word, known) or listed}")
    return word


def _says_the_rest(control: dict[str, str]) -> dict[str, str]:
    if REST not in control:
        raise ValueError(f"does not say who holds the other sectors; add '{REST}: line'")
    return control


Control = Annotated[
    dict[
        Annotated[str, AfterValidator(_sector_or_rest)],
        Annotated[str, AfterValidator(_word_or_side)],
    ],
    AfterValidator(_says_the_rest),
    BeforeValidator(_everywhere, json_schema_input_type=str | dict[str, str]),
]


class Term(Part):
    """Something other than ground that a deal may settle."""

    name: Text = Field(description="What people call it")
    benefits: SideName = Field(description="The side that gains from it; the other concedes it")


class Deal(Part):
    """A way to end the war, or for a time a part of it."""

    name: Text = Field(description="What people call it")
    meaning: Text = Field(description="What it would mean, in one sentence")
    control: Control | None = Field(
        None,
        description="Who holds the sectors after: one word for all, or a map with 'default' and "
        "sectors. Words: line (who holds it now), start (as at the decision date), recognised "
        "(the side whose own soil it is), or a side (all of it)",
    )
    terms: tuple[TermName, ...] = Field((), description="The terms that it brings")
    partial: YesNo = Field(
        False, description="Whether it is a truce on strikes only, without ground or terms"
    )

    @model_validator(mode="after")
    def _settles_ground_unless_partial(self) -> Deal:
        if self.partial and (self.control is not None or self.terms):
            raise ValueError("a partial deal settles strikes only; remove its control and terms")
        if not self.partial and self.control is None:
            raise ValueError("does not say who holds the ground; add 'control: line'")
        return self

    def holder(self, sector: str) -> str:
        """Return the word that says who holds a sector after; a partial deal leaves the line."""
        control = self.control or {REST: "line"}
        return control.get(sector, control[REST])
