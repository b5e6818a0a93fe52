"""What becomes of claims in the same worlds without a mechanism: shares, and which verdicts change.

In: what worlds answer with everything at work, and with one mechanism after the other switched off.
Out: for each claim and mechanism the share of worlds in which it then holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from ripeness.claims import estimates, words
from ripeness.claims.judge import Answers, sum_up
from ripeness.claims.language import Claim
from ripeness.claims.verdicts import ModelVerdict


@dataclass(frozen=True)
class Without:
    """How a claim fares without a mechanism; numbers are None where too few worlds tell.

    Attributes
    ----------
    share, share_low, share_high
        Share of worlds in which it holds, with its 95 % Monte Carlo interval.
    worlds
        How many worlds it speaks about.
    difference, difference_low, difference_high
        Share without the mechanism less share with it, in the same worlds, with its interval.
    moved
        Whether that difference is beyond its Monte Carlo error.
    turned
        Whether it is, and the verdict is another one.
    """

    mechanism: str
    share: float | None
    share_low: float | None
    share_high: float | None
    worlds: int | None
    model_verdict: str | None
    difference: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None
    moved: bool = False
    turned: bool = False


@dataclass(frozen=True)
class Ablated:
    """A claim with everything at work, and without one mechanism after the other."""

    id: str
    essay: str
    says: str
    whole: ModelVerdict
    without: tuple[Without, ...]

    @property
    def needs(self) -> tuple[Without, ...]:
        """The mechanisms without which a claim that holds no longer does, the greatest first."""
        return self._turned(from_holding=True)

    @property
    def hindered_by(self) -> tuple[Without, ...]:
        """The mechanisms without which a claim that does not hold does, the greatest first."""
        return self._turned(from_holding=False)

    @property
    def moved_most(self) -> Without | None:
        """The mechanism that moves the share most; None if none does beyond Monte Carlo error."""
        moved = [entry for entry in self.without if entry.moved]
        return max(moved, key=_size, default=None)

    def _turned(self, from_holding: bool) -> tuple[Without, ...]:
        found = [
            entry
            for entry in self.without
            if entry.turned
            and words.holds(self.whole.model_verdict) == from_holding
            and words.holds(entry.model_verdict) != from_holding
        ]
        return tuple(sorted(found, key=_size, reverse=True))

    def as_record(self) -> dict[str, Any]:
        """Return the claim as one record, ready for JSON."""
        about = ("share", "share_low", "share_high", "worlds", "model_verdict")
        moved = self.moved_most
        return {
            "id": self.id,
            "essay": self.essay,
            "says": self.says,
            **{name: getattr(self.whole, name) for name in about},
            "needs": [entry.mechanism for entry in self.needs],
            "hindered_by": [entry.mechanism for entry in self.hindered_by],
            "moved_most_by": moved.mechanism if moved else None,
            "without": [asdict(entry) for entry in self.without],
        }


def ablated(
    claims: Iterable[Claim],
    whole: Mapping[str, Answers],
    without: Mapping[str, Mapping[str, Answers]],
) -> tuple[Ablated, ...]:
    """Hold each claim's share without each mechanism against its share with all of them.

    Parameters
    ----------
    claims
        The claims; those that no world was asked about are passed over.
    whole
        What worlds answer with everything at work, by claim.
    without
        What the same worlds answer without a mechanism, by mechanism and claim.
    """
    return tuple(
        Ablated(
            id=claim.id,
            essay=claim.essay,
            says=claim.says,
            whole=sum_up(whole[claim.id]),
            without=tuple(
                _compared(name, whole[claim.id], said[claim.id]) for name, said in without.items()
            ),
        )
        for claim in claims
        if claim.id in whole
    )


def _compared(mechanism: str, whole: Answers, without: Answers) -> Without:
    before, after = sum_up(whole), sum_up(without)
    found = Without(
        mechanism,
        after.share,
        after.share_low,
        after.share_high,
        after.worlds,
        after.model_verdict,
    )
    if before.share is None or after.share is None:
        return found
    by = estimates.share_difference(
        (whole.holds, without.holds), (whole.asked, without.asked), whole.weights
    )
    moved = not by.low <= 0 <= by.high
    return replace(
        found,
        difference=by.value,
        difference_low=by.low,
        difference_high=by.high,
        moved=moved,
        turned=moved and after.model_verdict != before.model_verdict,
    )


def _size(entry: Without) -> float:
    return abs(entry.difference or 0.0)
