"""What becomes of claims in the same worlds without a mechanism: shares, and which verdicts change.

In: what worlds answer with everything at work, and with one mechanism after the other switched off.
Out: for each claim and mechanism the share of worlds in which it then holds.

What going on is worth to a side is fitted on simulated wars, so a share has two errors: that of the
worlds counted, and that of the fit. Some runs are made with several fits. The first gives the
shares; how far the others lie from it gives the error of the fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from ripeness.claims import estimates, words
from ripeness.claims.answers import Answers
from ripeness.claims.estimates import Estimate
from ripeness.claims.judge import sum_up
from ripeness.claims.language import Claim
from ripeness.claims.verdicts import ModelVerdict

Fits = Sequence[Mapping[str, Answers]]
"""What the same worlds answer, by claim, with one fit after the other."""


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
        Share without the mechanism less share with it, in the same worlds, with a 95 % interval
        for both errors.
    moved
        Whether that difference is beyond its error.
    turned
        Whether it is, and the verdict is another one of three: holds, hangs, fails.
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
    """A claim with everything at work, and without one mechanism after the other.

    Attributes
    ----------
    whole
        With everything at work.
    fit_error
        Standard error of a share for want of an exact fit; None if it is not judged, or if there is
        only one fit.
    without
        Without each mechanism.
    """

    id: str
    essay: str
    says: str
    whole: ModelVerdict
    fit_error: float | None
    without: tuple[Without, ...]

    @property
    def needs(self) -> tuple[Without, ...]:
        """The mechanisms without which a claim that holds no longer does, the greatest first."""
        if _stance(self.whole) != "holds":
            return ()
        return _greatest_first(e for e in self.without if e.turned and (e.share or 0) < words.MOST)

    @property
    def hindered_by(self) -> tuple[Without, ...]:
        """The mechanisms without which a claim that does not hold does, the greatest first."""
        if (self.whole.share or 0) >= words.MOST:
            return ()
        holding = (e for e in self.without if words.stance(e.model_verdict) == "holds")
        return _greatest_first(e for e in holding if e.turned)

    @property
    def moved_most(self) -> Without | None:
        """The mechanism that moves the share most; None if none does beyond Monte Carlo error."""
        return next(iter(_greatest_first(e for e in self.without if e.moved)), None)

    def as_record(self) -> dict[str, Any]:
        """Return the claim as one record, ready for JSON."""
        about = ("share", "share_low", "share_high", "worlds", "model_verdict")
        moved = self.moved_most
        return {
            "id": self.id,
            "essay": self.essay,
            "says": self.says,
            **{name: getattr(self.whole, name) for name in about},
            "fit_error": self.fit_error,
            "needs": [entry.mechanism for entry in self.needs],
            "hindered_by": [entry.mechanism for entry in self.hindered_by],
            "moved_most_by": moved.mechanism if moved else None,
            "without": [asdict(entry) for entry in self.without],
        }


def ablated(
    claims: Iterable[Claim], whole: Fits, without: Mapping[str, Fits]
) -> tuple[Ablated, ...]:
    """Hold each claim's share without each mechanism against its share with all of them.

    Parameters
    ----------
    claims
        The claims; those that no world was asked about are passed over.
    whole
        What worlds answer with everything at work.
    without
        What the same worlds answer without each mechanism, with as many of the same fits.
    """
    return tuple(
        _ablated(
            claim,
            [said[claim.id] for said in whole],
            {name: [said[claim.id] for said in fits] for name, fits in without.items()},
        )
        for claim in claims
        if claim.id in whole[0]
    )


def _ablated(
    claim: Claim, whole: Sequence[Answers], without: Mapping[str, Sequence[Answers]]
) -> Ablated:
    changes = {name: _changes(whole, fits) for name, fits in without.items()}
    shares = [[sum_up(said).share for said in fits] for fits in (whole, *without.values())]
    usual = _mean([_variance([by.value for by in change]) for change in changes.values()])
    error = _mean([_variance([s for s in row if s is not None]) for row in shares])
    return Ablated(
        id=claim.id,
        essay=claim.essay,
        says=claim.says,
        whole=sum_up(whole[0]),
        fit_error=None if error is None else float(np.sqrt(error)),
        without=tuple(
            _compared(name, whole[0], fits[0], changes[name], usual)
            for name, fits in without.items()
        ),
    )


def _changes(whole: Sequence[Answers], without: Sequence[Answers]) -> list[Estimate]:
    """Difference of shares with each fit that judges both."""
    return [
        estimates.share_difference(
            (before.holds, after.holds), (before.asked, after.asked), before.weights
        )
        for before, after in zip(whole, without, strict=False)
        if sum_up(before).share is not None and sum_up(after).share is not None
    ]


def _compared(
    mechanism: str,
    whole: Answers,
    without: Answers,
    changes: Sequence[Estimate],
    usual: float | None,
) -> Without:
    """Take the difference with the first fit.

    The error of the fit is the greater of what fits differ by for this mechanism and by what they
    do on average over all that have several: two or three fits alone may agree by chance.
    """
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
    by = changes[0]
    own = _variance([change.value for change in changes])
    fit = max(own or 0.0, usual or 0.0)
    half = float(np.hypot(by.high - by.value, estimates.Z * np.sqrt(fit)))
    moved = abs(by.value) > half
    return replace(
        found,
        difference=by.value,
        difference_low=by.value - half,
        difference_high=by.value + half,
        moved=moved,
        turned=moved and words.stance(after.model_verdict) != words.stance(before.model_verdict),
    )


def _variance(values: Sequence[float]) -> float | None:
    return float(np.var(values, ddof=1)) if len(values) > 1 else None


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _stance(whole: ModelVerdict) -> str:
    return words.stance(whole.model_verdict)


def _greatest_first(entries: Iterable[Without]) -> tuple[Without, ...]:
    return tuple(sorted(entries, key=lambda entry: -abs(entry.difference or 0.0)))
