"""The record over time: events in lanes by their kind, and series under them on the same axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import shorten, wrap

import altair as alt
import pandas as pd

from ripeness.views.charts.theme import OKABE_ITO, finished, small_data
from ripeness.views.words import long_date, quantity

WIDTH = 700
LANE, STRIP, HEAD = 19, 74, 50
"""Heights in pixels: of a lane of events, of a series, and of what stands above it."""

READ, LINE, LETTERS, LINES = 62, 15, 52, 4
"""Room above the lanes where the event that is pointed at is written: pixels, and how it fits."""

HINT = "Point at a mark to read what happened; all is listed below."
EVENTS, SERIES = OKABE_ITO[5], OKABE_ITO[0]


@dataclass(frozen=True)
class Happening:
    """Something that happened on a day, in a lane of the chart."""

    day: date
    lane: str
    says: str


@dataclass(frozen=True)
class Strip:
    """A series of the record as it is drawn: its days, ascending, and figures."""

    name: str
    unit: str
    days: tuple[date, ...]
    values: tuple[float, ...]


def record_chart(
    happenings: Sequence[Happening],
    lanes: Sequence[str],
    strips: Sequence[Strip],
    decision: date,
    time: tuple[date, date],
) -> alt.LayerChart:
    """Draw what happened over what was measured.

    Parameters
    ----------
    happenings
        All of them inside the time that is shown.
    lanes
        From the top down.
    strips
        Series, from the top down, inside that time too.
    decision
        The day to be marked.
    time
        First and last day of the axis.
    """
    begin = READ + LANE * len(lanes)
    height = begin + (HEAD + STRIP) * len(strips)
    ends = [alt.DateTime(year=d.year, month=d.month, date=d.day, utc=True) for d in time]
    months = max(1, round((time[1] - time[0]).days / 30.4 / 6))
    across = alt.X(
        "date:T",
        title=None,
        scale=alt.Scale(type="utc", domain=ends, padding=6),
        axis=alt.Axis(
            format="%b %y",
            grid=False,
            tickCount=alt.TimeIntervalStep(interval="month", step=months),
        ),
    )
    rule = alt.Chart(
        alt.InlineData(values=[{"date": decision.isoformat(), "y": READ, "y2": height}])
    )
    decided = rule.mark_rule(style="reference", strokeDash=[4, 3]).encode(
        x=across, y=_y("y"), y2="y2:Q"
    )
    layers = [decided]
    if happenings:
        layers += _events(happenings, lanes, across, decision)
    for number, strip in enumerate(strips):
        layers += _strip(strip, begin + (HEAD + STRIP) * number, across)
    return finished(alt.layer(*layers).properties(width=WIDTH, height=height))


def _events(
    happenings: Sequence[Happening], lanes: Sequence[str], across: alt.X, decision: date
) -> list[alt.Chart]:
    rows = [
        {
            "number": number,
            "date": one.day.isoformat(),
            "y": READ + LANE * (lanes.index(one.lane) + 0.5),
            "lines": _wrapped(f"{long_date(one.day.isoformat())}: {one.says}"),
        }
        for number, one in enumerate(happenings)
    ]
    names = [{"y": READ + LANE * (number + 0.5), "name": lane} for number, lane in enumerate(lanes)]
    pointed = alt.selection_point(
        name="pointed", fields=["number"], nearest=True, on="pointerover", empty=False
    )
    marks = alt.Chart(alt.InlineData(values=rows)).encode(y=_y("y"))
    return [
        alt.Chart(alt.InlineData(values=names))
        .mark_text(style="soft-note", align="left", fontSize=10.5)
        .encode(x=alt.XValue(2), y=_y("y"), text="name:N"),
        marks.mark_point(filled=True, size=60, strokeWidth=1.2, color=EVENTS)
        .encode(
            x=across,
            opacity=alt.condition(pointed, alt.value(1.0), alt.value(0.6)),
        )
        .add_params(pointed),
        marks.transform_filter(pointed)
        .mark_text(style="note", align="left", baseline="top", lineHeight=LINE)
        .encode(x=alt.XValue(2), y=alt.YValue(0), text="lines:N"),
        alt.Chart(alt.InlineData(values=[{"hint": HINT, "date": decision.isoformat()}]))
        .transform_filter("!length(data('pointed_store'))")
        .mark_text(style="soft-note", align="left", baseline="top", fontStyle="italic")
        .encode(x=alt.XValue(2), y=alt.YValue(0), text="hint:N"),
    ]


def _strip(strip: Strip, top: float, across: alt.X) -> list[alt.Chart]:
    """Draw one series between two heights, with marks of its own scale."""
    least, most = min(strip.values), max(strip.values)
    ticks = ticks_of(0.0 if 0 <= least < most / 2 else least, most)
    low, high = min(least, ticks[0]), max(most, ticks[-1])
    bottom = top + HEAD + STRIP

    def at(value: float) -> float:
        return bottom - (value - low) / (high - low or 1.0) * STRIP

    table = pd.DataFrame(
        {
            "date": [day.isoformat() for day in strip.days],
            "when": [long_date(day.isoformat()) for day in strip.days],
            "y": [at(value) for value in strip.values],
            "value": [quantity(float(f"{value:.4g}"), 4) for value in strip.values],
        }
    )
    marks = [{"y": at(tick), "label": quantity(tick, 4), "left": 0} for tick in ticks]
    head = alt.InlineData(
        values=[{"y": top + 8, "below": top + 21, "name": strip.name, "unit": strip.unit}]
    )
    over = alt.Chart(head).encode(x=alt.XValue(2))
    line = alt.Chart(small_data(table)).encode(x=across, y=_y("y"))
    scale = alt.Chart(alt.InlineData(values=marks)).encode(y=_y("y"))
    tip = [alt.Tooltip("when:N", title="day"), alt.Tooltip("value:N", title=strip.unit)]
    return [
        over.mark_text(style="note", align="left", baseline="top", fontWeight="bold").encode(
            y=_y("y"), text="name:N"
        ),
        over.mark_text(style="soft-note", align="left", baseline="top").encode(
            y=_y("below"), text="unit:N"
        ),
        scale.mark_rule(style="reference", opacity=0.3).encode(
            x=alt.XValue(0), x2=alt.X2Value("width")
        ),
        scale.mark_text(style="soft-note", align="left", fontSize=10, dy=-6).encode(
            x=alt.XValue(2), text="label:N"
        ),
        line.mark_line(strokeWidth=1.4, color=SERIES),
        line.mark_circle(size=14 if len(strip.days) > 20 else 32, opacity=1, color=SERIES).encode(
            tooltip=tip
        ),
    ]


def ticks_of(low: float, high: float) -> list[float]:
    """Round numbers that a scale is marked with: two or three, about from the low to the high.

    Examples
    --------
    >>> ticks_of(0, 1320), ticks_of(-4200, 130), ticks_of(3, 3)
    ([0.0, 500.0, 1000.0], [-4000.0, -2000.0, 0.0], [3.0])
    """
    if high <= low:
        return [float(low)]
    rough = (high - low) / 3
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= rough)
    first = math.ceil(low / step - 1e-9)
    return [step * n + 0.0 for n in range(first, math.floor(high / step + 1e-9) + 1)]


def _wrapped(text: str) -> list[str]:
    return wrap(shorten(text, LETTERS * LINES, placeholder=" …"), LETTERS)[:LINES]


def _y(field: str) -> alt.Y:
    """A height in pixels from the top."""
    return alt.Y(f"{field}:Q", scale=None, axis=None)
