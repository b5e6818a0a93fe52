"""A forecast in words: numbers as they are shown, and sentences made from them."""

from __future__ import annotations

import math

import pandas as pd

from ripeness.record.hindcast.ahead import Forecast
from ripeness.record.hindcast.baselines import BASELINES
from ripeness.record.hindcast.skill import WORLDS
from ripeness.views.prior import times_of, unit_of
from ripeness.views.words import SPACE, listed, long_date, percent, quantity

READING = (
    f"90{SPACE}% band: what would be measured in nine of ten worlds, with the errors of "
    "measurement of each series and the drift by which what is true has strayed from worlds so "
    "far. It is as wide as the assumptions of the case allow and knows nothing that they leave "
    "out. Changes, totals and means count from the decision. Simple forecasters (persistence, "
    "drift, local level, ETS) know the past of one series and nothing else."
)
HOW_GOOD = "How good such forecasts were: ripeness hindcast."


def what_was_run(found: Forecast) -> str:
    """Say what is forecast from when, and by whom."""
    ended = percent(found.ended)
    return (
        f"Forecasts {found.weeks} weeks ahead of what was known on "
        f"{long_date(found.as_of.isoformat())}, by {quantity(found.worlds)} worlds and "
        f"{len(BASELINES)} simple forecasters; seed {found.seed}. By the end of these weeks the "
        f"war has ended in {ended} of the worlds."
    )


def rows_of(found: Forecast, series: str, forecaster: str = WORLDS) -> pd.DataFrame:
    """The days of one series by one forecaster, the first day first."""
    rows = found.rows
    return rows.loc[(rows["series"] == series) & (rows["forecaster"] == forecaster)]


def known_last(found: Forecast, series: str) -> tuple[str, str]:
    """Write the last figure known and its day; that there is none since the decision, if so."""
    known = found.known.loc[found.known["series"] == series]
    if known.empty:
        return "none", ""
    last = known.iloc[-1]
    (value,) = written(
        found, series, [float(last["value"])], finer=1
    )  # it has no Monte Carlo error
    return value, long_date(last["date"].isoformat())


def written(found: Forecast, series: str, values: list[float], finer: int = 0) -> list[str]:
    """Write values of a series, to some twentieth of the 90 % band at its last day."""
    end, times = rows_of(found, series).iloc[-1], times_of(found.declared[series])
    width = float(end["high_90"] - end["low_90"]) * times
    return _to([value * times for value in values], width, finer)


def _to(values: list[float], width: float, finer: int = 0) -> list[str]:
    place = 1 + finer - math.floor(math.log10(max(width, 1e-9)))
    return [quantity(round(value, place), 12) for value in values]


def said(found: Forecast, series: str, at: int) -> tuple[str, str]:
    """Write what worlds say of a day (by its place): median, and 90 % band."""
    row = rows_of(found, series).iloc[at]
    values = [float(row[name]) for name in ("median", "low_90", "high_90")]
    median, low, high = written(found, series, values)
    return median, f"{low} to {high}"


def day(found: Forecast, series: str, at: int) -> str:
    """The day of a forecast, by its place."""
    return long_date(rows_of(found, series)["date"].iloc[at].isoformat())


def simple(found: Forecast, series: str) -> str:
    """The least and the greatest median of the simple forecasters at the last day."""
    medians = [float(rows_of(found, series, name)["median"].iloc[-1]) for name in BASELINES]
    low, high = written(found, series, [min(medians), max(medians)])
    return low if low == high else f"{low} to {high}"


def sentence(found: Forecast, series: str) -> str:
    """Say what worlds and simple forecasters expect of a series at the end."""
    declared = found.declared[series]
    unit, (median, span) = unit_of(declared), said(found, series, -1)
    last, since = known_last(found, series)
    end = rows_of(found, series).iloc[-1]
    told = f"On {day(found, series, -1)}: {median} ({unit}), nine of ten worlds {span}"
    if since:
        told += f"; {last} on {since}, the last figure known"
    told += f". Simple forecasters expect {simple(found, series)}."
    if declared.how == "change":
        names = ("record_median", "record_low_90", "record_high_90")
        ends = [float(end[name]) for name in names]
        middle, low, high = _to(ends, ends[2] - ends[1])
        told += f" As table {declared.table} has it: {declared.value} {middle}, {low} to {high}."
    return told


def exceptions(found: Forecast) -> list[str]:
    """Say where persistence stands in, and what was left out."""
    why: dict[tuple[str, str], list[str]] = {}
    for one in found.stand_ins:
        why.setdefault((found.declared[one.series].name, one.reason), []).append(one.forecaster)
    lines = [
        f"{name}: persistence stands in for {listed(forecasters)}; {reason}."
        for (name, reason), forecasters in why.items()
    ]
    if found.left_out:
        lines.append(f"Too little was known to forecast: {', '.join(found.left_out.values())}.")
    return lines
