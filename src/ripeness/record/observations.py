"""What was observed, as dated figures with their error, and the same of simulated paths.

The case file declares which figures of the record speak of which weekly series of the worlds. Here
they are read and put into the terms in which both can be compared: a figure and a path go through
the same comparison, in `observe` and in `compared`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ripeness.case.observed import Durations, Figures, Observed, Where
from ripeness.case.schema import CaseFile
from ripeness.errors import UsageError, suggest
from ripeness.record.tables import read_table

if TYPE_CHECKING:
    import pandas as pd

DAYS_A_WEEK = 7.0
YEAR = 364.0
"""Days before the decision over which the mean is taken that a pace is measured in: 52 weeks."""

DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
DAYS = {"days": 1.0, "weeks": 7.0, "months": 365.25 / 12, "years": 365.25}


@dataclass(frozen=True)
class Observations:
    """What was observed of one series, in the terms in which it is compared, by date.

    Attributes
    ----------
    name
        In the case file.
    declared
        What the case file says of it.
    dates
        Ascending, all after the decision; at most one in a week of the run, as worlds have.
    weeks
        Since the decision.
    values
        In the unit of the series; for a pace in times of the year before.
    errors
        Standard deviation of each value by itself, in the same unit; an error of the first value,
        from which changes count, is in it.
    """

    name: str
    declared: Observed
    dates: tuple[date, ...]
    weeks: np.ndarray
    values: np.ndarray
    errors: np.ndarray

    @property
    def error(self) -> np.ndarray:
        """Standard deviation of each value, with the error that all of them share."""
        return np.hypot(self.errors, self.declared.bias * self.values)

    def to_frame(self) -> pd.DataFrame:
        """Give the figures, one row a figure: date, week, value, error, where it comes from."""
        import pandas as pd

        return pd.DataFrame(
            {
                "observed": self.name,
                "series": self.declared.series,
                "date": self.dates,
                "week": self.weeks,
                "value": self.values,
                "unit": self.declared.unit,
                "error": self.error,
                "source": ", ".join(self.declared.sources),
            }
        )


class Lacking(UsageError):
    """The record has what the case file names, but too few figures to compare."""


def observations(case: CaseFile, record: Path) -> tuple[Observations, ...]:
    """Read everything that was observed up to the day to which the prior is checked.

    Parameters
    ----------
    record
        The case's record folder.

    Raises
    ------
    UsageError
        If the record does not have what the case file names, or no figure to compare.
    """
    assert case.followed is not None, "a loaded case that observes says what was followed"
    last = min((case.followed.until - case.decision_date).days, case.weeks * 7)
    return tuple(
        observe(name, declared, case.decision_date, last, record)
        for name, declared in case.observed.items()
    )


def observed_by(case: CaseFile, record: Path, day: date) -> tuple[Observations, ...]:
    """Read what was observed up to a day; series of which too little was known are left out.

    Parameters
    ----------
    record
        A record folder, cut to what was known on that day.

    Raises
    ------
    UsageError
        If the record does not have what the case file names.
    """
    last, found = min((day - case.decision_date).days, case.weeks * 7), []
    for name, declared in case.observed.items():
        try:
            found.append(observe(name, declared, case.decision_date, last, record))
        except Lacking:
            continue
    return tuple(found)


def observe(
    name: str, declared: Observed, decided: date, last: float, record: Path
) -> Observations:
    """Read what was observed of one series.

    Parameters
    ----------
    decided
        The decision date.
    last
        Days after it up to which figures count.
    """
    rows = rows_of(name, declared, record)
    days, values = _figures(name, declared, rows, decided)
    values = values * declared.times
    if declared.how == "level":
        errors = np.full_like(values, declared.error)
    elif declared.how == "change":
        before = days < 0
        if not before.any():
            raise Lacking(_lacks(name, "a figure before the decision, to count changes from"))
        values = values - values[before][-1]
        errors = np.full_like(values, np.sqrt(2.0) * declared.error)
    else:
        values, errors = _added_up(name, declared, days, values)
    counts = days <= last
    days, values, errors = days[counts], values[counts], errors[counts]
    kept = _last_of_each_week(days)
    if not kept.any():
        raise Lacking(_lacks(name, "a figure after the decision, in the time that is compared"))
    dates = tuple(date.fromordinal(decided.toordinal() + int(day)) for day in days[kept])
    return Observations(name, declared, dates, days[kept] / DAYS_A_WEEK, values[kept], errors[kept])


def figures(
    name: str, declared: Observed, decided: date, record: Path, as_of: date | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Read the figures of one series as they stand in the table, those before the decision too.

    Parameters
    ----------
    decided
        The decision date.
    as_of
        Only what was known on that day, and of no later day; everything if not said.

    Returns
    -------
    Days since the decision, ascending, and figures, in the table's unit.
    """
    rows = matching(name, read_table(record, declared.table, as_of), declared.where)
    days, values = _figures(name, declared, rows, decided)
    counts = days <= (as_of or date.max).toordinal() - decided.toordinal()
    return days[counts], values[counts]


def compared(how: str, paths: np.ndarray, weeks: np.ndarray) -> np.ndarray:
    """Put simulated paths into the terms of the figures that they are compared with.

    Parameters
    ----------
    how
        As in the case file: level, change, total or pace.
    paths
        Worlds by weeks, from week 0.
    weeks
        At which to look, above 0 for a pace; between whole weeks a path is taken as straight.

    Returns
    -------
    Worlds by looks.
    """
    shown = straight(how, paths, weeks)
    return shown / paths[:, :1] if how == "pace" else shown


def straight(how: str, paths: np.ndarray, weeks: np.ndarray) -> np.ndarray:
    """Put paths into the terms of figures as far as that is linear: all but a pace's first week."""
    if how == "level":
        return _at(paths, weeks)
    if how in ("change", "total"):
        return _at(paths, weeks) - paths[:, :1]
    area = np.cumsum((paths[:, 1:] + paths[:, :-1]) / 2.0, axis=1)
    return _at(np.pad(area, ((0, 0), (1, 0))), weeks) / weeks


def lengths(declared: Durations, record: Path) -> np.ndarray:
    """Read how many weeks each war of the past lasted, ascending."""
    rows = rows_of("durations", declared, record)
    found = np.sort(numbers_of("durations", rows, declared.column))
    found = found[~np.isnan(found)]
    if not found.size:
        raise UsageError(_lacks("durations", "a length"))
    return found * DAYS[declared.unit] / DAYS_A_WEEK


def _added_up(
    name: str, declared: Observed, days: np.ndarray, amounts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Total of amounts since the decision, or their pace, by the last day of each, with its error.

    An amount is spread evenly over the days since the one before, so that the one in whose time
    the decision falls counts in part. Errors of single amounts are independent.
    """
    since = YEAR if declared.how == "pace" else 0.0
    if days.size < 2 or days[0] > -since or (np.diff(days) == 0).any():
        what = f"amounts, one a date, that reach back to {since:.0f} days before the decision"
        raise Lacking(_lacks(name, what))
    values = accumulated(declared.how, days, amounts)
    parts = _parts(days, 0.0, days[1:, None])
    squares = (parts**2).sum(1)
    if declared.how == "total":
        errors = np.sqrt(squares)
    else:
        before = _parts(days, -YEAR, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):  # dates before the decision
            lately = squares / parts.sum(1) ** 2
        earlier = (before**2).sum() / before.sum() ** 2
        errors = np.sqrt(lately + values[1:] ** 2 * earlier)
    return values, declared.error * np.append(np.nan, errors)


def accumulated(how: str, days: np.ndarray, amounts: np.ndarray) -> np.ndarray:
    """Total of amounts since the decision, or their pace, by the day of each; NaN by the first.

    Parameters
    ----------
    how
        As in the case file: total or pace.
    days
        Since the decision, ascending; the last of the time that an amount counts for.
    amounts
        In the table's unit; the last axis is that of `days`.
    """
    values = amounts[..., 1:] @ _parts(days, 0.0, days[1:, None]).T
    if how == "pace":
        before = amounts[..., 1:] @ _parts(days, -YEAR, 0.0) / YEAR
        with np.errstate(divide="ignore", invalid="ignore"):  # dates before the decision
            values = values / days[1:] / before[..., None]
    return np.concatenate([np.full_like(amounts[..., :1], np.nan), values], axis=-1)


def _parts(days: np.ndarray, begin: float, end: float | np.ndarray) -> np.ndarray:
    """What part of the time between one day and the next lies between two others."""
    inside = np.minimum(days[1:], end) - np.maximum(days[:-1], begin)
    return np.maximum(inside, 0.0) / np.diff(days)


def _figures(
    name: str, declared: Observed, rows: pd.DataFrame, decided: date
) -> tuple[np.ndarray, np.ndarray]:
    """Days since the decision and figures, in the order of their dates."""
    values = numbers_of(name, rows, declared.value)
    days = np.array([last_day(name, declared.date, word) for word in rows[declared.date]])
    days = days - float(decided.toordinal())
    given = ~np.isnan(values)
    days, values = days[given], values[given]
    if declared.sum:
        found, place, rows_of = np.unique(days, return_inverse=True, return_counts=True)
        whole = rows_of == rows_of.max(initial=0)
        return found[whole], np.bincount(place, values)[whole]
    order = np.argsort(days, kind="stable")
    return days[order], values[order]


def _last_of_each_week(days: np.ndarray) -> np.ndarray:
    week = np.ceil(days / DAYS_A_WEEK)
    return (days > 0) & (week != np.append(week[1:], np.inf))


def _at(paths: np.ndarray, weeks: np.ndarray) -> np.ndarray:
    before = np.minimum(np.floor(weeks).astype(int), paths.shape[1] - 2)
    part = weeks - before
    return paths[:, before] * (1.0 - part) + paths[:, before + 1] * part


def rows_of(name: str, figures: Figures, record: Path) -> pd.DataFrame:
    """Read the rows of a table that are meant; `name` is whose they are, for messages."""
    return matching(name, read_table(record, figures.table), figures.where)


def matching(name: str, table: pd.DataFrame, where: Where) -> pd.DataFrame:
    """Keep the rows that have the words wanted in each column."""
    for column, wanted in where.items():
        _known(name, table, column)
        words = [wanted] if isinstance(wanted, str) else list(wanted)
        table = table.loc[table[column].map(str).isin(words).to_numpy()]
    return table


def numbers_of(name: str, rows: pd.DataFrame, column: str) -> np.ndarray:
    """Give a column of numbers; those that lack are not a number."""
    _known(name, rows, column)
    try:
        return rows[column].to_numpy(float)
    except (TypeError, ValueError):
        raise UsageError(f"{name!r}: the column {column!r} does not hold numbers") from None


def last_day(name: str, column: str, word: object) -> int:
    """Ordinal of a day; of the last one of a month or a year."""
    text = str(word)[: len("2024-08-06")]
    try:
        match [int(part) for part in text.split("-")] if DATE.fullmatch(text) else []:
            case [year]:
                return date(year, 12, 31).toordinal()
            case [year, month]:
                return date(year, month, monthrange(year, month)[1]).toordinal()
            case [year, month, day]:
                return date(year, month, day).toordinal()
    except ValueError:  # as the 31st of June
        pass
    raise UsageError(f"{name!r}: {text!r} in the column {column!r} is no date")


def _known(name: str, table: pd.DataFrame, column: str) -> None:
    if column not in table.columns:
        right = suggest(column, table.columns) or f"; it has {', '.join(table.columns)}"
        raise UsageError(f"{name!r}: its table has no column {column!r}{right}")


def _lacks(name: str, what: str) -> str:
    return f"{name!r}: the record lacks {what}; look at its table, 'where' and dates"
