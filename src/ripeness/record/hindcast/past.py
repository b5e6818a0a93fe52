"""What a simple forecaster is given: the figures of one series known at an origin, and no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ripeness.case.schema import CaseFile
from ripeness.record.hindcast.targets import Target
from ripeness.record.observations import DAYS_A_WEEK, accumulated, figures

SAME_STEP = 0.05
"""Part of a step by which a date may lie beyond it and still count as its."""


@dataclass(frozen=True)
class Past:
    """One series as it was known at an origin, in equal steps and its own unit.

    Levels are read off straight lines between figures, back from the last one, at steps of a week
    or of the median time between figures if that is longer; figures of several sources that speak
    of the same level are one past. Amounts stay one a figure, a month being as long as another.

    Attributes
    ----------
    values
        Oldest first; at least one.
    error
        Standard deviation of one figure.
    steps
        To be forecast after the last value.
    told
        What paths of so many further steps, draws by steps, come to: draws by figures of the
        target, in the terms in which these are compared. A date between two steps is told as the
        later one.
    """

    values: np.ndarray
    error: float
    steps: int
    told: Callable[[np.ndarray], np.ndarray]


def past(target: Target, case: CaseFile, record: Path) -> Past | None:
    """Read what was known of a series at the origin of a target; none if nothing was.

    Parameters
    ----------
    record
        The record folder; what became known after the origin is left out.
    """
    declared, name = target.figures.declared, target.name
    days, values = _known(target, case, record)
    ahead = np.round(target.figures.weeks * DAYS_A_WEEK)
    if not days.size or (declared.how == "change" and days[0] >= 0):
        return None
    if declared.how in ("level", "change"):
        return _levels(declared.how, declared.error, days, values, ahead)
    dates, _ = figures(name, declared, case.decision_date, record)
    coming = np.union1d(dates[(dates > days[-1]) & (dates <= ahead[-1])], ahead)
    return _amounts(declared.how, declared.error, days, values, coming, ahead)


def _known(target: Target, case: CaseFile, record: Path) -> tuple[np.ndarray, np.ndarray]:
    """Days since the decision and figures that were known, one a day."""
    declared = target.figures.declared
    sources = {target.name: declared}
    if declared.how == "level":
        sources |= {
            name: other
            for name, other in case.observed.items()
            if (other.series, other.how) == (declared.series, "level")
        }
    found = [
        (days, values * source.times)
        for name, source in sources.items()
        for days, values in [figures(name, source, case.decision_date, record, target.origin)]
    ]
    days, values = (np.concatenate(parts) for parts in zip(*found, strict=True))
    each, place, count = np.unique(days, return_inverse=True, return_counts=True)
    return each, np.bincount(place, values, len(each)) / count


def _levels(
    how: str, error: float, days: np.ndarray, values: np.ndarray, ahead: np.ndarray
) -> Past:
    base = values[days < 0][-1] if how == "change" else 0.0
    step = max(float(np.median(np.diff(days))) if len(days) > 1 else 0.0, DAYS_A_WEEK)
    back = np.arange(np.floor((days[-1] - days[0]) / step) + 1.0)[::-1]
    leads = np.maximum(np.ceil((ahead - days[-1]) / step - SAME_STEP), 1.0).astype(int)

    def told(paths: np.ndarray) -> np.ndarray:
        return paths[:, leads - 1] - base

    return Past(np.interp(days[-1] - step * back, days, values), error, int(leads[-1]), told)


def _amounts(
    how: str,
    error: float,
    days: np.ndarray,
    values: np.ndarray,
    coming: np.ndarray,
    ahead: np.ndarray,
) -> Past:
    everyday = np.append(days, coming)
    at = np.searchsorted(everyday, ahead)

    def told(paths: np.ndarray) -> np.ndarray:
        before = np.broadcast_to(values, (len(paths), len(values)))
        return accumulated(how, everyday, np.concatenate([before, paths], axis=1))[:, at]

    return Past(values, error, len(coming), told)
