"""An assumption: an uncertain number or word, with its unit, its reason and its sources."""

from __future__ import annotations

from math import isfinite
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from ripeness.case.distributions import (
    Beta,
    Between,
    Choice,
    Constant,
    Distribution,
    LogBetween,
    LogNormal,
    Normal,
    Triangular,
)
from ripeness.case.fields import Confidence, Number, Part, Positive, Sources, Text

FORMS = (
    "value",
    "between",
    "log_between",
    "triangular",
    "normal",
    "lognormal",
    "beta",
    "choice",
)


def _number_or_word(value: Any) -> Any:
    if isinstance(value, float) and not isfinite(value):
        raise ValueError(f"expected a finite number, found {value:g}")
    if isinstance(value, bool | list | dict):
        raise ValueError("expected a number or a word; write one")
    return value


def _ascending(bounds: tuple[float, float]) -> tuple[float, float]:
    low, high = bounds
    if low == high:
        raise ValueError(f"from {low:g} to {high:g} is one value; write 'value: {low:g}'")
    if low > high:
        raise ValueError(f"the bounds are reversed; write [{high:g}, {low:g}]")
    return bounds


def _triangle(corners: tuple[float, float, float]) -> tuple[float, float, float]:
    low, mode, high = corners
    if not (low <= mode <= high and low < high):
        right = ", ".join(f"{corner:g}" for corner in sorted(corners))
        raise ValueError(f"must be [lowest, most likely, highest], ascending: [{right}]")
    return corners


class LogNormalShape(Part):
    """A lognormal distribution."""

    median: Positive = Field(description="Half the worlds lie below it")
    ratio: Annotated[Number, Field(gt=1)] = Field(
        description="The 84th percentile over the median: 2 puts two in three worlds within a "
        "factor of 2"
    )


class Assumption(Part):
    """What a quantity is taken to be: in exactly one form, and why."""

    value: Annotated[Number | str | None, BeforeValidator(_number_or_word)] = Field(
        None, description="One number, or one word, the same in every world"
    )
    between: Annotated[tuple[Number, Number], AfterValidator(_ascending)] | None = Field(
        None, description="[lowest, highest]: every value as likely"
    )
    log_between: Annotated[tuple[Positive, Positive], AfterValidator(_ascending)] | None = Field(
        None, description="[lowest, highest], above 0: every ratio as likely"
    )
    triangular: Annotated[tuple[Number, Number, Number], AfterValidator(_triangle)] | None = Field(
        None, description="[lowest, most likely, highest]"
    )
    normal: tuple[Number, Positive] | None = Field(
        None, description="[mean, standard deviation] of a normal distribution"
    )
    lognormal: LogNormalShape | None = Field(
        None, description="{median, ratio} of a lognormal distribution"
    )
    beta: tuple[Positive, Positive] | None = Field(
        None, description="[a, b] of a beta distribution on 0 to 1"
    )
    choice: Annotated[dict[str, Positive], Field(min_length=1)] | None = Field(
        None, description="Words, each with its weight: {fixed: 1, eroding: 1}"
    )
    unit: Text = Field(description="The unit, as the catalogue of quantities gives it")
    because: Text = Field(description="Why these values: the reason, for a reader who doubts")
    sources: Sources = Field(description="Where they come from, by the names under 'sources'")
    confidence: Confidence = Field(description="How well the figure is known")

    @model_validator(mode="after")
    def _one_form(self) -> Assumption:
        given = [form for form in FORMS if getattr(self, form) is not None]
        if len(given) > 1:
            raise ValueError(f"is given as {' and as '.join(given)}; keep one of them")
        if not given:
            raise ValueError(f"has no value; give it as one of {', '.join(FORMS)}")
        return self

    @property
    def distribution(self) -> Distribution:
        """The distribution that the one given form stands for."""
        if isinstance(self.value, str):
            return Choice((self.value,), (1.0,))
        if self.value is not None:
            return Constant(self.value)
        if self.between:
            return Between(*self.between)
        if self.log_between:
            return LogBetween(*self.log_between)
        if self.triangular:
            return Triangular(*self.triangular)
        if self.normal:
            return Normal(*self.normal)
        if self.lognormal:
            return LogNormal(self.lognormal.median, self.lognormal.ratio)
        if self.beta:
            return Beta(*self.beta)
        assert self.choice is not None
        return Choice(tuple(self.choice), tuple(self.choice.values()))
