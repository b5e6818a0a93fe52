"""What was to be forecast on past days, and what forecasts of it look like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from ripeness.case.observed import Observed
from ripeness.case.schema import CaseFile
from ripeness.errors import UsageError
from ripeness.record.observations import DAYS_A_WEEK, Observations, figures, observe

GROUND = "ground"
"""Name of the ground of several observed series together."""

Forecasts = Mapping[tuple[date, str], np.ndarray]
"""Draws of the figures of each target, with their errors of measurement, by origin and name of the
observed series: worlds by figures, each as likely as any other. The rows of one origin are the same
worlds in every series."""


@dataclass(frozen=True)
class Target:
    """Figures of one series that were to be forecast on one day.

    Attributes
    ----------
    origin
        The last day whose knowledge a forecast may use.
    figures
        Those dated within the weeks after it, or before it and not yet published; at least one.
        Where nobody knows them yet their values are not a number.
    """

    origin: date
    figures: Observations

    @property
    def name(self) -> str:
        """Of the series."""
        return self.figures.name

    @property
    def leads(self) -> np.ndarray:
        """Weeks from the origin to each figure."""
        days = [(day - self.origin).days for day in self.figures.dates]
        return np.array(days, float) / DAYS_A_WEEK


def origins(case: CaseFile, record: Path, weeks: int) -> tuple[date, ...]:
    """Choose the days to forecast from: ends of quarters since the decision, as far as is known.

    The weeks after the last must lie within the time that worlds run, and end no later than the
    last figure of any observed series.

    Raises
    ------
    UsageError
        If there is no such day.
    """
    decided = case.decision_date
    days = [figures(name, seen, decided, record)[0] for name, seen in case.observed.items()]
    known = max((each[-1] for each in days if each.size), default=0.0)
    last = decided + timedelta(days=min(known, case.weeks * DAYS_A_WEEK)) - timedelta(weeks=weeks)
    firsts = [
        date(year, month, 1)
        for year in range(decided.year, last.year + 2)
        for month in (1, 4, 7, 10)
    ]
    found = [day for first in firsts if decided < (day := first - timedelta(days=1)) <= last]
    if not found:
        raise UsageError(
            f"no end of a quarter since {decided} has {weeks} weeks of figures after it"
        )
    return tuple(found)


def targets(
    case: CaseFile, record: Path, origins: Sequence[date], weeks: int
) -> tuple[Target, ...]:
    """Find what is to be forecast: the figures of every observed series in the weeks after origins.

    Parameters
    ----------
    record
        The record folder that says what came.
    weeks
        How far ahead.

    Raises
    ------
    UsageError
        If the record does not have what the case file names, or nothing for any origin.
    """
    last = (max(origins) + timedelta(weeks=weeks) - case.decision_date).days
    seen = {
        name: observe(name, declared, case.decision_date, last, record)
        for name, declared in case.observed.items()
    }
    found = [
        Target(origin, ahead)
        for origin in origins
        for one in seen.values()
        if (ahead := _between(one, origin, origin + timedelta(weeks=weeks))).dates
    ]
    if not found:
        raise UsageError(f"the record has no figures in the {weeks} weeks after any origin")
    return tuple(found)


def to_come(
    observed: Sequence[Observations], origin: date, weeks: int, decided: date
) -> tuple[Target, ...]:
    """Say of which days figures are forecast that nobody knows yet.

    Levels and changes are forecast week by week from the origin. Totals and means are so at the
    pace at which their amounts were published, from the last amount known: those of some time
    before the origin may be still to come.

    Parameters
    ----------
    observed
        The figures known at the origin, of every series.
    weeks
        How far ahead.
    """
    end, found = (origin - decided).days + weeks * 7, []
    for seen in observed:
        if seen.declared.how in ("level", "change"):
            days = np.arange(end - (weeks - 1) * 7, end + 1, 7)
            errors = np.full(len(days), seen.errors[-1])
        else:
            known = np.round(seen.weeks * DAYS_A_WEEK)
            step = max(float(np.median(np.diff(known, prepend=0.0))), DAYS_A_WEEK)
            days = np.round(np.arange(known[-1] + step, end + 1e-9, step)).astype(int)
            added = seen.declared.error**2 * np.arange(1, len(days) + 1)
            errors = np.sqrt(seen.errors[-1] ** 2 + added)
        if len(days):
            dates = tuple(decided + timedelta(days=int(day)) for day in days)
            unknown = np.full(len(days), np.nan)
            ahead = replace(
                seen, dates=dates, weeks=days / DAYS_A_WEEK, values=unknown, errors=errors
            )
            found.append(Target(origin, ahead))
    return tuple(found)


def ground(case: CaseFile) -> tuple[Observed, tuple[str, ...]] | None:
    """Declare the ground of several series together, read as changes from one table.

    Returns
    -------
    The declaration, and the names of the series whose sum it is; none if there are not two.
    """
    parts = {
        name: declared
        for name, declared in case.observed.items()
        if declared.series.startswith("ground_") and declared.how == "change"
    }
    first = next(iter(parts.values()), None)
    if first is None or len(parts) < 2 or len({*map(_read_from, parts.values())}) > 1:
        return None
    column = next(iter(first.where))
    words = [part.where[column] for part in parts.values()]
    where = tuple(word for some in words for word in ([some] if isinstance(some, str) else some))
    error = float(np.sqrt(sum(part.error**2 for part in parts.values())))
    names = [part.name for part in parts.values()]
    told = {"name": "Ground in total", "because": f"the sum of {', '.join(names)}"}
    read = {"series": GROUND, "where": {column: where}, "sum": True, "error": error}
    return first.model_copy(update=told | read), tuple(parts)


def with_ground(
    case: CaseFile, found: Sequence[Target], forecasts: Forecasts
) -> tuple[tuple[Target, ...], Forecasts]:
    """Add the sum of ground to what is to be forecast, and to the forecasts: world by world."""
    declared = ground(case)
    if declared is None:
        return tuple(found), forecasts
    whole, names = declared
    by_key = {(target.origin, target.name): target for target in found}
    more, drawn = [], dict(forecasts)
    for origin in dict.fromkeys(target.origin for target in found):
        parts = [by_key.get((origin, name)) for name in names]
        seen = [part.figures for part in parts if part is not None]
        if len(seen) < len(names) or len({one.dates for one in seen}) > 1:
            continue
        together = replace(
            seen[0],
            name=GROUND,
            declared=whole,
            values=np.sum([part.values for part in seen], axis=0),
            errors=np.sqrt(np.sum([part.errors**2 for part in seen], axis=0)),
        )
        more.append(Target(origin, together))
        drawn[origin, GROUND] = np.sum([forecasts[origin, name] for name in names], axis=0)
    return (*more, *found), drawn


def _read_from(declared: Observed) -> tuple[object, ...]:
    """Say where figures stand, but for the one column that chooses them if there is one."""
    columns = tuple(declared.where) if len(declared.where) == 1 else declared.name
    return declared.table, declared.date, declared.value, declared.times, columns


def _between(seen: Observations, after: date, until: date) -> Observations:
    kept = [place for place, day in enumerate(seen.dates) if after < day <= until]
    return replace(
        seen,
        dates=tuple(seen.dates[place] for place in kept),
        weeks=seen.weeks[kept],
        values=seen.values[kept],
        errors=seen.errors[kept],
    )
