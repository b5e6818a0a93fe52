"""What matters: which assumptions move a claim, and which is most worth finding out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ripeness.claims import estimates
from ripeness.claims.answers import Answers
from ripeness.claims.believe import enough
from ripeness.claims.estimates import Estimate
from ripeness.claims.indices import Index, indices
from ripeness.claims.language import Claim
from ripeness.claims.phrases import called, near, percent
from ripeness.claims.sample import sample
from ripeness.claims.table import Worlds

if TYPE_CHECKING:
    import pandas as pd

NUMBERS = ("first", "total", "value")


@dataclass(frozen=True)
class Matters:
    """How far a claim hangs on one assumption.

    Attributes
    ----------
    assumption, unit, means
        Its column, unit and meaning.
    first, total
        Its first-order and total share of the variance of the claim's answer.
    value
        In what share of worlds more one would call the claim right by knowing it.
    """

    assumption: str
    unit: str
    means: str
    first: Estimate
    total: Estimate
    value: Estimate | None


@dataclass(frozen=True)
class Matter:
    """Which assumptions move a claim: the research agenda, in order.

    Attributes
    ----------
    id, says
        Of the claim.
    worlds
        How many were asked.
    share
        Of them, those in which it holds.
    explained
        Share of the variance of the answer that all assumptions together explain; the rest is luck.
    rows
        The assumptions, those first that are most worth knowing.
    dummy
        The same of random numbers, on which nothing hangs.
    """

    id: str
    says: str
    worlds: int
    share: Estimate
    explained: Estimate
    rows: tuple[Matters, ...]
    dummy: Matters

    @property
    def sentence(self) -> str:
        """What to find out first, in plain words."""
        of_all = f"All assumptions together explain {percent(self.explained)} of the variance"
        if self.explained.low <= 0.0:
            of_all = "Assumptions explain no part of the variance that could be told from luck"
        turning = [row for row in self.rows if row.value is not None and row.value.low > 0]
        if turning:
            lead = turning[0]
            assert lead.value is not None, "it is worth something"
            low, value, high = (
                1000 * x for x in (lead.value.low, lead.value.value, lead.value.high)
            )
            more = f"{near(value, low, high)} more of 1,000 worlds"
            return (
                f"{of_all}. To find out first: {_called(lead)}; knowing it, one would call the "
                f"claim right in {more}."
            )
        moving = [row for row in self.rows if row.first.low > self.dummy.first.high]
        if moving:
            return (
                f"{of_all}. No single assumption, if known, would change the best call; it is "
                f"moved most by {_called(moving[0])} ({percent(moving[0].first)} of the variance)."
            )
        return f"{of_all}, and no single assumption does more than chance."

    def as_record(self) -> dict[str, Any]:
        """Return it as one record, ready for JSON."""
        return {
            **asdict(self),
            "rows": [asdict(row) for row in self.rows],
            "sentence": self.sentence,
        }

    def to_frame(self) -> pd.DataFrame:
        """Return one row an assumption, the dummy last."""
        import pandas as pd

        rows = []
        for row in (*self.rows, self.dummy):
            flat: dict[str, Any] = {"assumption": row.assumption}
            for name in NUMBERS:
                estimate = getattr(row, name) or Estimate(np.nan, np.nan, np.nan)
                flat |= {name: estimate.value}
                flat |= {f"{name}_low": estimate.low, f"{name}_high": estimate.high}
            rows.append(flat)
        return pd.DataFrame.from_records(rows)

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        from html import escape

        table = self.to_frame().head(12).to_html(index=False)
        return f"<p>{escape(self.says)}</p><p>{escape(self.sentence)}</p>{table}"


def matter(claim: Claim, worlds: Worlds, said: Answers, seed: int = 1) -> Matter:
    """Find which assumptions move a claim, and what it is worth to know each.

    Parameters
    ----------
    claim
        The claim.
    worlds, said
        The table of worlds, and what they answer to it.
    seed
        The same seed gives the same numbers.

    Raises
    ------
    UsageError
        No column is known to be an assumption, or the claim speaks about too few worlds.
    """
    enough(claim, said)
    asked = sample(worlds, said, seed)
    found = indices(asked.assumptions, asked.holds.astype(np.float64), asked.weights, seed)
    rows = [
        _row(index, one.unit, one.means)
        for one, index in zip(asked.assumptions, found.rows, strict=True)
    ]
    rows.sort(key=lambda row: (-(row.value.value if row.value else 0.0), -row.first.value))
    return Matter(
        claim.id,
        claim.says,
        len(asked.worlds),
        estimates.share(asked.holds, asked.weights),
        found.explained,
        tuple(rows),
        _row(found.dummy, "", ""),
    )


def _row(index: Index, unit: str, means: str) -> Matters:
    return Matters(index.name, unit, means, index.first, index.total, index.value)


def _called(row: Matters) -> str:
    return called(row.assumption, row.unit, row.means)
