"""Verdicts: for each claim what the record says and what the worlds say, never blended."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class RecordVerdict:
    """What the record says of a claim.

    Attributes
    ----------
    record_verdict
        ``supported``, ``contradicted``, ``mixed``, ``not testable``, or ``not yet`` before the day
        from which the test says anything.
    record_found
        What was found, in a sentence.
    record_begins
        If ``not yet``, the day from which the test says anything.
    record_as_of
        The day whose knowledge the verdict rests on.
    record_figures
        The figures that decide it, each with name, value (None if the record has none), unit and
        what it ``is``.
    """

    record_verdict: str | None = None
    record_found: str | None = None
    record_objection: str | None = None
    record_begins: str | None = None
    record_as_of: str | None = None
    record_figures: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class ModelVerdict:
    """What the worlds say of a claim.

    Attributes
    ----------
    compare, given, holds
        The plans of the test; in SQL, which worlds it speaks about (None for all), and when it
        holds.
    model_verdict, share_words
        In words.
    share, share_low, share_high
        Share of worlds in which the claim holds, with its 95 % Monte Carlo interval.
    worlds
        How many worlds the claim speaks about.
    opposite_share, same_share
        Shares of worlds in which the effect is negative, and exactly zero.
    effect_median, effect_low, effect_high
        Median, 5 % and 95 % quantile of the effect over worlds.
    effect_mean, effect_mean_low, effect_mean_high
        Mean of the effect with its 95 % Monte Carlo interval: the one to read where the effect is
        a difference in chances.
    effect_quantiles
        Twenty values of the effect, ascending, each of which stands for one world in 20: the
        quantiles at 1/40, 3/40 and so on. Empty if no effect is measured.
    before_share, before_share_low, before_share_high, before_words
        The same share before the record, where the worlds' weights or their making know it.
    families
        Each family of priors or rival mechanisms: its column (``family``), its ``word``, and the
        share of worlds of that word in which the claim holds, with ``low``, ``high``, ``worlds``.
    """

    compare: tuple[str, ...] | None = None
    given: str | None = None
    holds: str | None = None
    model_verdict: str | None = None
    share: float | None = None
    share_low: float | None = None
    share_high: float | None = None
    share_words: str | None = None
    worlds: int | None = None
    opposite_share: float | None = None
    same_share: float | None = None
    effect_median: float | None = None
    effect_low: float | None = None
    effect_high: float | None = None
    effect_mean: float | None = None
    effect_mean_low: float | None = None
    effect_mean_high: float | None = None
    effect_quantiles: tuple[float, ...] = ()
    effect_unit: str | None = None
    effect_says: str | None = None
    before_share: float | None = None
    before_share_low: float | None = None
    before_share_high: float | None = None
    before_words: str | None = None
    families: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Verdict:
    """A claim with its verdicts; fields that do not apply are None.

    Attributes
    ----------
    made
        The day by which the claim was made, as an ISO date.
    horizon
        The day on which what it says can be looked up, as an ISO date.
    """

    id: str
    essay: str
    says: str
    made: str | None
    horizon: str | None
    kinds: tuple[str, ...]
    against: tuple[str, ...]
    hinges: tuple[str, ...]
    record: RecordVerdict
    model: ModelVerdict
    value: str | None
    hinge: str | None
    hinge_assumption: str | None
    why_untested: str | None
    hinge_of: tuple[str, ...]

    def as_record(self) -> dict[str, Any]:
        """Return the verdict as one flat record, ready for JSON."""
        record = {}
        for name, value in asdict(self).items():
            fields = value if name in ("record", "model") else {name: value}
            for field, part in fields.items():
                record[field] = list(part) if isinstance(part, tuple) else part
        return record


@dataclass(frozen=True)
class Verdicts:
    """The verdicts on all claims, in the order of the claims file."""

    rows: tuple[Verdict, ...]

    def records(self) -> list[dict[str, Any]]:
        """Return one flat record a claim, ready for JSON."""
        return [row.as_record() for row in self.rows]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a claim."""
        import pandas as pd

        return pd.DataFrame.from_records(self.records())
