"""How far a verdict goes from one end of an assumption to the other.

For each assumption that a claim's author says it hangs on: the share of worlds in which the claim
holds where the assumption lies in its lowest third, and where in its highest.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ripeness.claims import estimates
from ripeness.claims.answers import Answers
from ripeness.claims.checks import NUMBERS
from ripeness.claims.database import identifier
from ripeness.claims.estimates import Estimate
from ripeness.claims.inquiry import Inquiry
from ripeness.claims.sameworlds import in_order_of

FEWEST_WORLDS = 50
"""A third with fewer says nothing."""

THIRD = 1 / 3


@dataclass(frozen=True)
class Ends:
    """A claim at both ends of an assumption.

    Attributes
    ----------
    claim, assumption
        The claim's id, and the assumption's column.
    under, above
        Where the lowest third ends and the highest begins, in the assumption's unit.
    lowest, highest
        Share of the worlds there in which the claim holds.
    """

    claim: str
    assumption: str
    under: float
    above: float
    lowest: Estimate
    highest: Estimate

    def as_record(self) -> dict[str, Any]:
        """Return it as one record, ready for JSON."""
        return asdict(self)


def ends(asked: Inquiry) -> tuple[Ends, ...]:
    """Find how far each claim that worlds answer goes along the numbers it is said to hang on."""
    hung = {name: asked.claims.named(name).hinges for name in asked.tested}
    numbers = [
        column
        for column in dict.fromkeys(column for names in hung.values() for column in names)
        if NUMBERS.match(asked.worlds.columns.get(column, ""))
    ]
    if not numbers:
        return ()
    plans = asked.worlds.plans[:1]
    worlds, columns = asked.worlds.fetch([identifier(name) for name in numbers], plans)
    values = {
        name: np.ma.filled(column.astype(np.float64), np.nan)
        for name, column in zip(numbers, columns, strict=True)
    }
    found = (
        _ends(claim, column, asked.said[claim], worlds, values[column])
        for claim, names in hung.items()
        for column in names
        if column in values
    )
    return tuple(each for each in found if each is not None)


def _ends(
    claim: str,
    column: str,
    said: Answers,
    worlds: NDArray[Any],
    values: NDArray[np.float64],
) -> Ends | None:
    """Of one claim along one assumption; none where too few worlds lie at an end."""
    value = in_order_of(said.worlds, worlds, values, np.nan)
    kept = said.asked & ~np.isnan(value)
    if kept.sum() < FEWEST_WORLDS:
        return None
    under, above = estimates.quantiles(value[kept], said.weights[kept], (THIRD, 1 - THIRD))
    lowest, highest = kept & (value <= under), kept & (value > above)
    if min(lowest.sum(), highest.sum()) < FEWEST_WORLDS:
        return None
    return Ends(
        claim,
        column,
        under,
        above,
        estimates.share(said.holds[lowest], said.weights[lowest]),
        estimates.share(said.holds[highest], said.weights[highest]),
    )
