"""Charts of the four questions: boxes to believe in, cruxes, what matters, what to watch.

All but the curve have rows, each with its name as lines of text above its marks: a long name needs
no wide axis, and the same chart fits a telephone. Names are data, never part of a specification.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from textwrap import wrap
from typing import Any, Literal

import altair as alt

from ripeness.claims.estimates import Estimate
from ripeness.claims.phrases import called, either, near, percent
from ripeness.views import words
from ripeness.views.charts.labels import places
from ripeness.views.charts.theme import OKABE_ITO, finished

Record = Mapping[str, Any]
Rows = list[dict[str, Any]]

WIDTH = 520
LINE, GAP, BAR, DOT = 15, 13, 12, 16
NARROW, HEIGHT = 290, 240
"""Of the curve, on a telephone."""

LETTERS = 50
"""So many letters of a line fit a telephone."""

BLUE, ORANGE = OKABE_ITO[:2]
GREY = "#8a8a84"
COLOURS = {"holds": BLUE, "fails": ORANGE}

MOST = 12
"""So many assumptions are drawn of those that matter."""

LEAST_SPAN, LEAST_WORTH = (0.8, 1.25), 10.0
"""What the axes reach at least: of odds, and of worlds of 1,000."""


def box_chart(limits: Sequence[Record], way: str) -> alt.LayerChart:
    """Draw a box: a bar an assumption over all worlds in its order, the part inside dark.

    Parameters
    ----------
    limits
        As `Belief.as_record` gives those of a box.
    way
        ``holds`` or ``fails``.
    """
    rows, height = placed(
        [_bar(list(mine)) for _, mine in groupby(limits, itemgetter("assumption"))]
    )
    edges: Rows = []
    for row in rows:
        row |= {"top": row["mark_y"], "bottom": row["mark_y"] + BAR, "whole": 0, "all": 1}
        y = row["bottom"] + 4
        for edge in row.pop("edges"):
            edges.append(edge | {"y": y, "top": row["top"] - 3, "bottom": y - 1})
            y += LINE * len(edge["text"])
    across = _axis("worlds in the order of the assumption, its lowest first (%)")
    bars, marks = alt.Chart(_data(rows)), alt.Chart(_data(edges))
    tip = [alt.Tooltip("says:N", title="limit")]

    def part(start: str, end: str, colour: str, opacity: float) -> alt.Chart:
        return bars.mark_bar(color=colour, opacity=opacity).encode(
            x=across(start), x2=alt.X2(f"{end}:Q"), y=_y("top"), y2=alt.Y2("bottom:Q"), tooltip=tip
        )

    texts = marks.encode(x=across("x"), y=_y("y"), text=alt.Text("text:N"))
    edge = marks.mark_rule(style="strong").encode(
        x=across("x"),
        y=_y("top"),
        y2=alt.Y2("bottom:Q"),
        tooltip=[*tip, alt.Tooltip("again:N", title="found")],
    )
    layers = [part("whole", "all", GREY, 0.28), part("from", "to", COLOURS[way], 1.0), edge]
    labels = [_sided(texts, left, "top", 3) for left in (True, False)]
    return _chart([*_texts(rows), *layers, *labels], height)


def curve_chart(box: Record, way: str, base: float) -> alt.LayerChart:
    """Draw what narrowing costs: the boxes that the search passed through, and the one it told.

    Parameters
    ----------
    box
        As `Belief.as_record` gives it.
    way
        ``holds`` or ``fails``.
    base
        Share of all held-out worlds in which the claim does so.
    """
    count = len({limit["assumption"] for limit in box["limits"]})
    told = _step({name: box[name]["value"] for name in ("coverage", "density")}, count)
    steps = [_step(step, step["assumptions"]) | {"place": n} for n, step in enumerate(box["curve"])]
    title = [f"coverage: of the worlds in which it {way},", "those inside (%)"]
    across = _axis(title, grid=True)
    up = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", title=f"density: inside, it {way} (%)", tickCount=5),
    )
    tip = [alt.Tooltip(f"{name}:N", title=name) for name in ("limits", "coverage", "density")]
    points = alt.Chart(_data(steps)).encode(x=across("x"), y=up)
    best = alt.Chart(_data([told])).encode(x=across("x"), y=up)
    overall = alt.Chart(
        _data([{"y": base, "text": f"overall, in this half {words.percent(base)}"}])
    ).encode(y=up)
    colour = COLOURS[way]
    diamond = best.mark_point(shape="diamond", style="outline", fill=colour, size=110, opacity=1)
    names = alt.Chart(_data(_labels(steps, told))).encode(
        x=across("x"), y=up, text=alt.Text("text:N")
    )
    layers = [
        overall.mark_rule(style="reference", strokeDash=[4, 3]),
        # Boxes that are both poorer and narrower are never passed: there it covers none.
        overall.mark_text(style="soft-note", align="left", baseline="top", dx=3, dy=4).encode(
            x=alt.XValue(0), text=alt.Text("text:N")
        ),
        points.mark_line(color=colour, strokeWidth=1, opacity=0.6).encode(
            order=alt.Order("place:Q")
        ),
        points.mark_circle(color=colour, size=34, opacity=1).encode(tooltip=tip),
        diamond.encode(tooltip=tip),
        *(_sided(names, left, "middle", 8) for left in (True, False)),
    ]
    return _chart(layers, HEIGHT)


def parts_chart(crux: Record) -> alt.LayerChart:
    """Draw how often two claims hold together, neither, or one alone: a bar in four parts."""
    looks = [
        ("only_first", f"only {crux['first']}", BLUE, 1.0),
        ("both", "both", BLUE, 0.45),
        ("neither", "neither", GREY, 0.28),
        ("only_second", f"only {crux['second']}", ORANGE, 1.0),
    ]
    rows: Rows = []
    start = 0.0
    for place, (name, label, colour, opacity) in enumerate(looks):
        end = min(1.0, start + crux[name]["value"])
        look = {"colour": colour, "opacity": opacity, "start": start, "end": end}
        text = f"{label}: {percent(Estimate(**crux[name]))}"
        rows.append(look | {"text": text, "key": 17 * place, "key_end": 17 * place + 11})
        start = end
    top = 17 * len(rows) + 4
    rows = [row | {"top": top, "bottom": top + 26} for row in rows]
    base = alt.Chart(_data(rows)).encode(
        color=alt.Color("colour:N", scale=None),
        opacity=alt.Opacity("opacity:Q", scale=None),
        tooltip=[alt.Tooltip("text:N", title="share")],
    )
    across = _axis("of all worlds that both speak about (%)")("start")
    key, key_end = alt.XValue(0), alt.X2Value(14)
    layers = [
        base.mark_bar().encode(x=across, x2=alt.X2("end:Q"), y=_y("top"), y2=alt.Y2("bottom:Q")),
        base.mark_rect().encode(x=key, x2=key_end, y=_y("key"), y2=alt.Y2("key_end:Q")),
        alt.Chart(_data(rows))
        .mark_text(style="note", align="left", baseline="top")
        .encode(x=alt.XValue(20), y=_y("key"), text=alt.Text("text:N")),
    ]
    return _chart(layers, top + 30)


def deciders_chart(crux: Record, title: Sequence[str]) -> alt.LayerChart:
    """Draw for each decider what share it makes, on its one side and on the other.

    Parameters
    ----------
    crux
        As `Crux.as_record` gives it.
    title
        Of the axis, in lines.
    """
    rows: Rows = []
    for one in crux["deciders"]:
        sides = [Estimate(**one[name]) for name in ("first_if", "first_else")]
        told = f"{percent(sides[0])} if so, {percent(sides[1])} otherwise"
        rows.append(_row(one["condition"], told, sides))
    return _dots(rows, ("if so", "otherwise"), _axis(list(title)), 0.5)


def value_chart(matter: Record) -> alt.LayerChart:
    """Draw what it is worth to know each assumption, in worlds of 1,000."""
    rows: Rows = []
    for row in (*matter["rows"][:MOST], matter["dummy"]):
        if row["value"] is not None:
            ends = {end: 1000 * max(0.0, row["value"][end]) for end in ("value", "low", "high")}
            head = _head(row, matter)
            rows.append(_row(_called(row), f"{worth(row)} of 1,000", [Estimate(**ends)], head))
    top = max([LEAST_WORTH, *(row["marks"][0].high for row in rows)])
    title = "worlds more of 1,000 that one would call right"
    across = _axis(title, alt.Scale(domain=[0, top], nice=True), format=",~f")
    return _dots(rows, ("knowing it",), across)


def indices_chart(matter: Record) -> alt.LayerChart:
    """Draw of each assumption what share of the variance it explains, alone and with others."""
    rows: Rows = []
    for row in (*matter["rows"][:MOST], matter["dummy"]):
        marks = [Estimate(**row[index]) for index in ("first", "total")]
        alone, total = map(percent, marks)
        told = f"{alone}, alone or" if alone == total else f"{alone} alone, {total}"
        rows.append(_row(_called(row), f"{told} with others", marks, _head(row, matter)))
    across = _axis("of why it holds or not (share of variance, %)")
    return _dots(rows, ("alone", "with others"), across)


def signs_chart(watch: Record) -> alt.LayerChart:
    """Draw by how much each sign, and its absence, multiplies the odds, time by time."""
    rows: Rows = []
    for by, signs in groupby(watch["indicators"], itemgetter("by")):
        head = f"In the first {by:g} {watch['time']}"
        for one in signs:
            marks = [Estimate(**one[name]) for name in ("ratio", "absent")]
            lead = "" if one["lead"] is None else f", {one['lead']:g} {watch['time']} ahead"
            seen = f"seen in {percent(Estimate(**one['frequency']))} of worlds{lead}"
            told = f"odds {times(marks[0])} if seen, {times(marks[1])} if not; {seen}"
            rows.append(_row(one["sign"], told, marks, head))
            head = ""
    drawn = [each for row in rows for each in row["marks"]]
    low = min([LEAST_SPAN[0], *(each.low for each in drawn)]) / 1.05
    high = max([LEAST_SPAN[1], *(each.high for each in drawn)]) * 1.05
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    looks = {"values": _ticks(low, high), "format": ",~g", "tickCount": alt.Undefined}
    across = _axis("odds that it holds, times (log scale)", scale, **looks)
    return _dots(rows, ("seen", "not seen"), across, 1.0)


def worth(row: Record) -> str:
    """Say in how many worlds of 1,000 more one would call a claim right by knowing an assumption.

    Examples
    --------
    >>> worth({"value": {"value": 0.1727, "low": 0.136, "high": 0.2094}})
    '170 (140–210)'
    >>> worth({"value": {"value": 0.0, "low": 0.0, "high": 0.0018}})
    'at most 2'
    """
    if row["value"] is None:
        return "unknown"
    low, value, high = (1000 * max(0.0, row["value"][end]) for end in ("low", "value", "high"))
    if low <= 0:
        return f"at most {math.ceil(float(f'{high:.2g}'))}" if high >= 1 else "fewer than 1"
    return f"{near(value, low, high)} ({span(low, high)})"


def times(ratio: Estimate) -> str:
    """Say a likelihood ratio with no more digits than its interval allows, as ``× 1.9``."""
    return f"×{words.SPACE}{near(ratio.value, ratio.low, ratio.high)}"


def span(low: float, high: float) -> str:
    """Write a range, once if both of its ends are written alike."""
    return "–".join(dict.fromkeys(near(end, low, high) for end in (low, high)))


def name_with_unit(row: Record) -> str:
    """Call an assumption what it means, with its unit unless its name goes on from it."""
    name, unit = _called(row), row["unit"]
    return name if not unit or name.startswith(unit) else f"{name} ({unit})"


def wrapped(text: str) -> list[str]:
    """Break a text into lines that fit a telephone."""
    return wrap(text, LETTERS) or [""]


def placed(rows: Sequence[Mapping[str, Any]]) -> tuple[Rows, int]:
    """Place rows below each other: where their lines of text and their marks begin, in pixels.

    Parameters
    ----------
    rows
        Each with a `head`, perhaps empty, `lines` and `soft` lines, and `room`, its marks' height.

    Returns
    -------
    The rows with their places, and the height of all.
    """
    found: Rows = []
    y = 0
    for row in rows:
        y += 4 if row["head"] and found else 0
        text_y = y + (LINE + 6 if row["head"] else 0)
        soft_y = text_y + LINE * len(row["lines"])
        mark_y = soft_y + LINE * len(row["soft"]) + 3
        places = {"head_y": y, "text_y": text_y, "soft_y": soft_y, "mark_y": mark_y}
        found.append({**row, **places})
        y = mark_y + row["room"] + GAP
    return found, y - GAP + 6


def _bar(limits: Sequence[Record]) -> dict[str, Any]:
    """Make the row of one assumption of a box; a limit is named at its edge."""
    ends = {limit["side"]: limit["keeps"] for limit in limits}
    edges: Rows = []
    for limit in limits:
        at = 1 - limit["keeps"] if limit["side"] == "above" else limit["keeps"]
        again = f"in {round(20 * limit['found'])} of 20 resamples"
        edge = {"x": at, "left": at < 0.5, "says": limit["phrase"], "again": again}
        edges.append(edge | {"text": wrapped(_limit(limit))})
    return {
        "head": "",
        "lines": wrapped(name_with_unit(limits[0])),
        "soft": [],
        "from": 1 - ends.get("above", 1.0),
        "to": ends.get("below", ends.get("among", 1.0)),
        "edges": edges,
        "says": "; ".join(limit["phrase"] for limit in limits),
        "room": BAR + 4 + LINE * sum(len(edge["text"]) for edge in edges),
    }


def _limit(limit: Record) -> str:
    if "words" in limit:
        return either(limit["words"])
    low, high = limit["low"], limit["high"]
    value, ends = near(limit["value"], low, high), span(low, high)
    side = "above" if limit["side"] == "above" else "under"
    return f"{side} {value}" if ends == value else f"{side} {value} ({ends})"


def _step(step: Record, count: int) -> dict[str, Any]:
    """Make a point of the curve."""
    x, y = step["coverage"], step["density"]
    limits = f"{count} assumption{'' if count == 1 else 's'}"
    told = {"coverage": words.percent(x), "density": words.percent(y)}
    return {"x": x, "y": y, "count": count, "limits": limits, **told}


def _labels(steps: Sequence[Record], told: Record) -> Rows:
    """Name the box that is told, and number steps that limit one more, where there is room."""
    named, apart = [(told, "this box")], [(told["x"], told["y"])]
    before = 0
    for step in steps:
        here = step["x"], step["y"]
        if step["count"] > before and all(math.dist(here, each) > 0.07 for each in apart):
            named.append((step, str(step["count"])))
            apart.append(here)
        before = step["count"]

    def pixels(step: Record) -> tuple[float, float]:
        return NARROW * step["x"], HEIGHT * (1 - step["y"])

    above = (0, -HEIGHT, NARROW, 0)
    taken = [above, *((x - 3, y - 3, x + 3, y + 3) for x, y in map(pixels, steps))]
    points, texts = [pixels(step) for step, _ in named], [text for _, text in named]
    found = places(points, texts, taken, NARROW)
    return [
        {
            "text": text,
            "x": step["x"],
            "y": step["y"] - down * LINE / HEIGHT,
            "left": side == "left",
        }
        for (step, text), (side, down) in zip(named, found, strict=True)
    ]


def _row(says: str, told: str, marks: Sequence[Estimate], head: str = "") -> dict[str, Any]:
    """Make a row of dots: what it is of, what they tell in words, and the dots."""
    lines = {"head": head, "lines": wrapped(says), "soft": wrapped(told)}
    return {**lines, "says": f"{says}: {told}", "marks": marks, "room": DOT}


def _dots(
    rows: Rows,
    kinds: tuple[str, ...],
    across: Callable[[str], alt.X],
    reference: float | None = None,
) -> alt.LayerChart:
    """Draw rows of estimates with intervals: a filled dot, and perhaps a hollow diamond."""
    rows, height = placed(rows)
    marks: Rows = []
    for row in rows:
        both = row.pop("marks")
        middle = row["mark_y"] + DOT / 2
        row |= {"y": middle, "above": middle - 8, "below": middle + 8, "reference": reference}
        row |= {"value": both[0].value, "other": both[-1].value}
        for kind, each, shift in zip(kinds, both, (-2, 2), strict=False):
            # Intervals that cover each other are drawn beside each other.
            y = middle + shift if len(kinds) > 1 else middle
            ends = {"value": each.value, "low": each.low, "high": each.high}
            marks.append({"kind": kind, "y": y, "says": row["says"], **ends})
    legend = alt.Legend(title=None, orient="top") if len(kinds) > 1 else None

    def scale(*looks: str) -> alt.Scale:
        return alt.Scale(domain=list(kinds), range=list(looks[: len(kinds)]))

    stroke = alt.Stroke("kind:N", scale=scale(BLUE, ORANGE), legend=legend)
    fill = alt.Fill("kind:N", scale=scale(BLUE, "transparent"), legend=legend)
    shape = alt.Shape("kind:N", scale=scale("circle", "diamond"), legend=legend)
    tip = [alt.Tooltip("says:N", title="in short")]
    lines = alt.Chart(_data(rows)).encode(y=_y("y"))
    dots = alt.Chart(_data(marks)).encode(y=_y("y"), stroke=stroke, tooltip=tip)
    layers = [
        *_texts(rows),
        lines.mark_rule(color=GREY, opacity=0.35).encode(x=alt.XValue(0), x2=alt.X2Value("width")),
        lines.mark_rule(color=GREY, opacity=0.4, strokeWidth=3).encode(
            x=across("value"), x2=alt.X2("other:Q")
        ),
        dots.mark_rule(strokeWidth=2).encode(x=across("low"), x2=alt.X2("high:Q")),
        dots.mark_point(size=70, strokeWidth=2, opacity=1).encode(
            x=across("value"), fill=fill, shape=shape
        ),
    ]
    if reference is not None:
        at = lines.mark_rule(style="reference", strokeWidth=1.5)
        layers.insert(3, at.encode(x=across("reference"), y=_y("above"), y2=alt.Y2("below:Q")))
    return _chart(layers, height)


def _texts(rows: Rows) -> list[alt.Chart]:
    """Write the lines of text of rows: heads, names, and what is told of them."""

    def text(field: str, place: str, style: str, weight: Literal["bold", "normal"]) -> alt.Chart:
        mark = alt.Chart(_data(rows)).mark_text(
            style=style, fontWeight=weight, align="left", baseline="top", lineHeight=LINE
        )
        return mark.encode(x=alt.XValue(0), y=_y(place), text=alt.Text(f"{field}:N"))

    return [
        text("head", "head_y", "note", "bold"),
        text("lines", "text_y", "note", "normal"),
        text("soft", "soft_y", "soft-note", "normal"),
    ]


def _sided(
    texts: alt.Chart, left: bool, baseline: Literal["top", "middle"], away: int
) -> alt.Chart:
    """Write those of some texts that begin at their points, or those that end there."""
    align: Literal["left", "right"] = "left" if left else "right"
    return texts.transform_filter(alt.datum.left == left).mark_text(
        style="note",
        align=align,
        baseline=baseline,
        dx=away if left else -away,
        lineHeight=LINE,
    )


def _called(row: Record) -> str:
    return called(row["assumption"], row["unit"], row["means"])


def _head(row: Record, matter: Record) -> str:
    return "For comparison" if row is matter["dummy"] else ""


def _axis(
    title: str | list[str], scale: alt.Scale | None = None, **looks: Any
) -> Callable[[str], alt.X]:
    """Make an axis for any field: one of shares, which is never cut, unless a scale is given."""
    scale = scale or alt.Scale(domain=[0, 1], nice=False)
    usual = {"format": "%", "tickCount": 5, "grid": False}
    axis = alt.Axis(title=title, **(usual | looks))
    return lambda field: alt.X(f"{field}:Q", scale=scale, axis=axis)


def _y(field: str) -> alt.Y:
    """A height in pixels from the top."""
    return alt.Y(f"{field}:Q", scale=None, axis=None)


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers on a logarithmic axis, as many as it has room for."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks: list[float] = []
    for steps in (
        (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8),
        (1, 1.5, 2, 3, 5, 7),
        (1, 2, 5),
        (1, 3),
        (1,),
    ):
        every = [float(f"{step}e{decade}") for decade in decades for step in steps]
        ticks = [tick for tick in every if low <= tick <= high]
        if len(ticks) <= 8:
            break
    return ticks


def _data(rows: Sequence[Mapping[str, Any]]) -> alt.InlineData:
    """Rows as data of a chart, numbers with so many digits as a picture needs."""
    return alt.InlineData(
        values=[
            {k: float(f"{v:.4g}") if isinstance(v, float) else v for k, v in row.items()}
            for row in rows
        ]
    )


def _chart(layers: Sequence[alt.Chart], height: int) -> alt.LayerChart:
    return finished(alt.layer(*layers).properties(width=WIDTH, height=height))
