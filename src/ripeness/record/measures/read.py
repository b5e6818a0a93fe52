"""From declared rows of the record to the numbers of a measure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ripeness.case.measures import (
    CountChange,
    PaceChange,
    Survey,
    SurveyChange,
    SurveyTrend,
)
from ripeness.record.measures import change, counts, surveys
from ripeness.record.measures.number import Number, ordinals
from ripeness.record.observations import numbers_of, rows_of

DAYS_A_WEEK = 7
DAYS_A_YEAR = 365.25
FEWEST_WAVES = 3


def pace_change(name: str, declared: PaceChange, record: Path) -> Iterator[Number]:
    """Give the pace before and after, how they differ, and how often other dates differ as much."""
    amounts, at = _amounts(name, declared, record)
    before, after = declared.before, declared.after
    if at < before or amounts.size < at + after:
        return
    found = change.change(amounts[at - before : at], amounts[at : at + after])
    others = change.placebos(amounts, at, before, after)
    unit, what = declared.unit, declared.name
    yield Number("before", found.before, unit, f"{what}, before", n=before)
    yield Number("after", found.after, unit, f"{what}, after", n=after)
    yield Number(
        *("difference", found.difference, unit, f"{what}, after less before"),
        *(found.low, found.high, before + after),
    )
    if found.ratio is not None:
        yield Number(
            *("ratio", found.ratio, "times", f"{what}, after in times of before"),
            *(found.ratio_low, found.ratio_high, before + after),
        )
    if others.size:
        share = change.share_as_large(found.difference, others)
        says = f"{what}: share of dates, this one among them, with a change as large, either way"
        yield Number("placebo", share, "share", says, n=1 + others.size)


def count_change(name: str, declared: CountChange, record: Path) -> Iterator[Number]:
    """Give the rates before and after, and their ratio with its exact interval."""
    days = ordinals(name, declared.date, rows_of(name, declared, record))
    begin, changed, end = (
        day.toordinal() for day in (declared.since, declared.changed, declared.until)
    )
    before = int(((days >= begin) & (days < changed)).sum())
    after = int(((days >= changed) & (days <= end)).sum())
    years = (changed - begin) / DAYS_A_YEAR, (end + 1 - changed) / DAYS_A_YEAR
    found = counts.rate_ratio(before, years[0], after, years[1])
    unit, what = declared.unit, declared.name
    yield Number("before", found.before, unit, f"{what}, before", n=before)
    yield Number("after", found.after, unit, f"{what}, after", n=after)
    if found.ratio is not None:
        says = f"{what}, after in times of before"
        yield Number("ratio", found.ratio, "times", says, found.low, found.high, before + after)
    says = f"{what}: chance of counts as unlike if the rates were the same"
    yield Number("p", found.p, "chance", says, n=before + after)


def survey_change(name: str, declared: SurveyChange, record: Path) -> Iterator[Number]:
    """Give both waves and their difference."""
    rows = rows_of(name, declared, record)
    shares = numbers_of(name, rows, declared.value) / 100
    waves = rows[declared.date].map(str).to_numpy()
    given = ~np.isnan(shares)
    first, second = (shares[given & (waves == wave)] for wave in (declared.first, declared.second))
    if first.size != 1 or second.size != 1:
        return
    answers = _effective(declared)
    for label, share in (("first", first[0]), ("second", second[0])):
        ends = surveys.wilson(share, answers)
        says = f"{declared.name}, {label} wave"
        yield Number(label, 100 * share, "%", says, 100 * ends[0], 100 * ends[1], declared.answers)
    gap, low, high = (
        100 * part for part in surveys.difference(first[0], answers, second[0], answers)
    )
    says = f"{declared.name}, second wave less first"
    yield Number("difference", gap, "percentage points", says, low, high, 2 * declared.answers)


def survey_trend(name: str, declared: SurveyTrend, record: Path) -> Iterator[Number]:
    """Give the slope over the waves, and how far they stray from it."""
    rows = rows_of(name, declared, record)
    shares = numbers_of(name, rows, declared.value) / 100
    days = ordinals(name, declared.date, rows)
    inside = (days >= declared.since.toordinal()) & (days <= declared.until.toordinal())
    chosen = inside & ~np.isnan(shares)
    if np.unique(days[chosen]).size < FEWEST_WAVES:
        return
    years = days[chosen] / DAYS_A_YEAR
    found = surveys.trend(years, shares[chosen], _effective(declared))
    waves = years.size
    says = f"{declared.name}, change a year"
    unit = "percentage points a year"
    yield Number("slope", 100 * found.slope, unit, says, 100 * found.low, 100 * found.high, waves)
    says = f"{declared.name}: spread of waves around the line, in times of that of sampling"
    yield Number("spread", found.spread, "times", says, n=waves)


def _amounts(name: str, declared: PaceChange, record: Path) -> tuple[np.ndarray, int]:
    """Amounts a period, and the place of the first one after the change."""
    rows = rows_of(name, declared, record)
    figures = numbers_of(name, rows, declared.value)
    given = ~np.isnan(figures)
    dates = ordinals(name, declared.date, rows)[given]
    days, place = np.unique(dates, return_inverse=True)
    values = np.bincount(place, figures[given], days.size)
    begin, changed, end = (
        day.toordinal() for day in (declared.since, declared.changed, declared.until)
    )
    inside = (days >= begin) & (days <= end)
    days, values = days[inside], values[inside]
    if not days.size:
        return values, 0
    if declared.figures == "amounts":
        return values, int(np.searchsorted(days, changed))
    first = -((changed - days[0]) // DAYS_A_WEEK)
    last = (days[-1] - changed) // DAYS_A_WEEK
    ends = changed + DAYS_A_WEEK * np.arange(first, last + 1)
    return np.diff(np.interp(ends, days, values)), int(-first)


def _effective(declared: Survey) -> float:
    return declared.answers / declared.design_effect
