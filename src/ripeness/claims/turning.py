"""How verdicts change as more becomes known: when the record spoke, and whether it turned.

In: a claim's verdicts as of one day after the other. The record and the worlds are followed apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from ripeness.claims.estimates import wilson
from ripeness.claims.verdicts import Verdict

DECIDED = ("supported", "contradicted", "mixed")


@dataclass(frozen=True)
class Standing:
    """How a claim stands as of a day.

    Attributes
    ----------
    as_of
        The day; None before the record, in worlds that know nothing of it.
    record
        The record's verdict, in a word; None if the claim has no record test, or before the record.
    model
        The verdict of worlds, in words; None if they were not asked, or too few answer.
    share, share_low, share_high
        Share of worlds in which it holds, with its 95 % Monte Carlo interval, which counts as many
        worlds as they are worth.
    worlds
        How many worlds the claim speaks about.
    """

    as_of: date | None
    record: str | None
    model: str | None
    share: float | None
    share_low: float | None
    share_high: float | None
    worlds: int | None

    def as_record(self) -> dict[str, Any]:
        """Return it as one record, ready for JSON."""
        return {**asdict(self), "as_of": self.as_of.isoformat() if self.as_of else None}


@dataclass(frozen=True)
class Course:
    """How a claim stands on each day, in their order.

    Attributes
    ----------
    id, essay, says
        Of the claim.
    at
        First before the record.
    """

    id: str
    essay: str
    says: str
    at: tuple[Standing, ...]

    @property
    def spoke(self) -> Standing | None:
        """Where the record first decided something."""
        return next((one for one in self.at if one.record in DECIDED), None)

    @property
    def turns(self) -> tuple[Standing, ...]:
        """Where the record decides otherwise than when it last decided anything."""
        decided = [one for one in self.at if one.record in DECIDED]
        return tuple(now for before, now in pairwise(decided) if now.record != before.record)

    @property
    def shares(self) -> tuple[Standing, ...]:
        """Where enough worlds answer."""
        return tuple(one for one in self.at if one.share is not None)

    @property
    def moves(self) -> tuple[Standing, ...]:
        """Where the interval of worlds lies apart from that of the last move, or of the start.

        Intervals of two days that do not overlap differ by more than their error, and rather more
        than that.
        """
        moved: list[Standing] = []
        for one in self.shares:
            last = moved[-1] if moved else self.shares[0]
            if _apart(one, last):
                moved.append(one)
        return tuple(moved)

    def as_record(self) -> dict[str, Any]:
        """Return it as one record, ready for JSON."""
        return {
            "id": self.id,
            "essay": self.essay,
            "says": self.says,
            "first_spoke": _day(self.spoke),
            "turned": [_day(one) for one in self.turns],
            "moved": [_day(one) for one in self.moves],
            "at": [one.as_record() for one in self.at],
        }


def standing(verdict: Verdict, as_of: date | None, worth: float) -> Standing:
    """Take from a verdict how a claim stands.

    Parameters
    ----------
    as_of
        The day; None before the record.
    worth
        What part of the worlds' number they are worth: 1 if each was drawn by itself.
    """
    model = verdict.model
    interval = None
    if model.share is not None and model.worlds:
        interval = wilson(model.share, model.worlds * worth)
    return Standing(
        as_of=as_of,
        record=verdict.record.record_verdict if as_of else None,
        model=model.model_verdict,
        share=model.share,
        share_low=interval.low if interval else None,
        share_high=interval.high if interval else None,
        worlds=model.worlds,
    )


def courses(at: Mapping[date | None, tuple[Sequence[Verdict], float]]) -> tuple[Course, ...]:
    """Follow each claim that the record or worlds are asked about through the days.

    Parameters
    ----------
    at
        By day, None before the record: the verdicts on all claims in the same order, and what part
        of the worlds' number they are worth.
    """
    found = []
    for row in zip(*(verdicts for verdicts, _ in at.values()), strict=True):
        days = zip(at.items(), row, strict=True)
        stands = tuple(standing(verdict, day, worth) for (day, (_, worth)), verdict in days)
        found.append(Course(row[0].id, row[0].essay, row[0].says, stands))
    return tuple(
        course
        for course in found
        if course.shares or any(one.record not in (None, "not testable") for one in course.at)
    )


def dispersion(
    first: Sequence[Verdict], second: Sequence[Verdict], worths: tuple[float, float]
) -> float:
    """Say how much wider than their nominal error shares lie apart in two independent samples.

    Pearson's statistic over its degrees of freedom, pooled over all claims, at least 1 (McCullagh
    and Nelder, "Generalized Linear Models", 1989, section 4.5).

    Parameters
    ----------
    first, second
        The verdicts of either sample on the same claims.
    worths
        What part of their number the worlds of either sample nominally are worth.

    Returns
    -------
    By what to multiply the nominal variance.
    """
    squares = []
    for one, other in zip(first, second, strict=True):
        a, b = one.model, other.model
        if a.share is None or b.share is None or not a.worlds or not b.worlds:
            continue
        sizes = a.worlds * worths[0], b.worlds * worths[1]
        pooled = (a.share * sizes[0] + b.share * sizes[1] + 1.0) / (sum(sizes) + 2.0)
        variance = pooled * (1.0 - pooled) * sum(1.0 / size for size in sizes)
        squares.append((a.share - b.share) ** 2 / variance)
    return max(1.0, sum(squares) / len(squares)) if squares else 1.0


def _apart(a: Standing, b: Standing) -> bool:
    bounds = (a.share_low, a.share_high, b.share_low, b.share_high)
    low_a, high_a, low_b, high_b = (bound or 0.0 for bound in bounds)
    return low_a > high_b or low_b > high_a


def _day(one: Standing | None) -> str | None:
    return one.as_of.isoformat() if one and one.as_of else None
