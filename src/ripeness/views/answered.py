"""What the four questions find of a claim or a pair: a title, paragraphs, and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ripeness.claims.estimates import Estimate
from ripeness.claims.phrases import called, either, near, percent
from ripeness.views import words
from ripeness.views.charts import questions as charts
from ripeness.views.charts.theme import page_spec
from ripeness.views.figures import Figure
from ripeness.views.words import SPACE

Record = Mapping[str, Any]


TITLES = {
    "believe": "What would you have to believe?",
    "crux": "What decides which of the two is right?",
    "matter": "What is most worth finding out?",
    "watch": "What should one watch?",
}


@dataclass(frozen=True)
class Note:
    """What stands in place of a figure where there is nothing to draw; empty only keeps its room.

    Attributes
    ----------
    question, sentence
        As those of a figure.
    """

    question: str = ""
    sentence: str = ""
    spec: None = None


@dataclass(frozen=True)
class Section:
    """What is said of one claim, or of a pair.

    Attributes
    ----------
    anchor
        Its id on the page, made by us: those of claims come from a stranger's file.
    title
        Its title.
    says
        The ids of the claims of a pair, and what they say; the title does for one.
    lines
        Paragraphs.
    figures
        Its figures, in two columns if the page is wide.
    points
        What it says in a list.
    """

    anchor: str
    title: str
    says: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    figures: tuple[Figure | Note, ...]
    points: tuple[str, ...] = ()


def believe(anchor: str, record: Record) -> Section:
    """Show what one would have to believe: both boxes, and what a wider or narrower one gives."""
    boxes = {way: record[way] for way in ("holds", "fails")}
    figures: list[Figure | Note] = [_box(anchor, way, box) for way, box in boxes.items()]
    if any(box["limits"] for box in boxes.values()):
        figures += [_curve(anchor, way, box, record["share"]) for way, box in boxes.items()]
    return Section(anchor, _titled(record), (), (_overall(record),), tuple(figures))


def _box(anchor: str, way: str, box: Record) -> Figure | Note:
    question = f"What makes it {_verb(way)}?"
    sentence = f"It {box['sentence']}."
    if not box["limits"]:
        return Note(question, sentence)
    return Figure(
        id=f"{anchor}-{way}",
        question=question,
        sentence=sentence,
        spec=page_spec(charts.box_chart(box["limits"], way)),
        heads=(
            "Assumption",
            "Limit",
            f"90{SPACE}% of resamples",
            "Keeps",
            "Found again",
            "By chance",
        ),
        rows=tuple(_limit_row(limit) for limit in box["limits"]),
        source=(
            f"Coloured: the worlds that a limit keeps. In brackets: where 90{SPACE}% of resamples "
            "place it."
        ),
    )


def _limit_row(limit: Record) -> tuple[str, ...]:
    if "words" in limit:
        value, ends = either(limit["words"]), ""
    else:
        number = near(limit["value"], limit["low"], limit["high"])
        value = f"{'above' if limit['side'] == 'above' else 'under'} {number}"
        ends = charts.span(limit["low"], limit["high"])
    p = limit["quasi_p"]
    return (
        charts.name_with_unit(limit),
        value,
        ends,
        words.percent(limit["keeps"]),
        f"{round(20 * limit['found'])} in 20",
        "fewer than 1 in 1,000" if p < 0.001 else f"{1000 * p:.0f} in 1,000",
    )


def _curve(anchor: str, way: str, box: Record, share: Record) -> Figure | Note:
    if not box["limits"]:
        return Note()
    # The first box of the curve has no limit: its density is the share among held-out worlds.
    whole = [step["density"] for step in box["curve"] if not step["assumptions"]]
    overall = share["value"] if way == "holds" else 1 - share["value"]
    base = whole[0] if whole else overall
    coverage, density = _told(box["coverage"]), _told(box["density"])
    return Figure(
        id=f"{anchor}-{way}-curve",
        question=f"To {_verb(way)}: what would a wider or a narrower box give?",
        sentence=(
            f"This box covers {coverage} of the worlds in which it {way}; inside, it {way} in "
            f"{density} of worlds. A narrower one is mostly denser and covers less."
        ),
        spec=page_spec(charts.curve_chart(box, way, base)),
        heads=("Assumptions limited", "Coverage", "Density", "Worlds inside"),
        rows=tuple(
            (str(step["assumptions"]), *(words.percent(step[name]) for name in FARES))
            for step in box["curve"]
        ),
        source=(
            "Dots: boxes that the search passed through; numbers: how many assumptions they limit. "
            "This box was widened where that cost little, so it need not be one of them."
        ),
    )


FARES = ("coverage", "density", "mass")


def crux(anchor: str, record: Record) -> Section:
    """Show what decides between two claims: how often they part, and what tells which is right."""
    names = record["first"], record["second"]
    figures: list[Figure] = []
    if record["only_first"] is not None:
        figures.append(_parts(anchor, record))
    if record["deciders"]:
        figures.append(_deciders(anchor, record))
    return Section(
        anchor,
        " against ".join(names),
        tuple(zip(names, record["says"], strict=True)),
        (record["sentence"],),
        tuple(figures),
    )


PARTS = ("only_first", "both", "neither", "only_second")


def _parts(anchor: str, record: Record) -> Figure:
    first, second = record["first"], record["second"]
    only = [Estimate(**record[name]) for name in ("only_first", "only_second")]
    heads = (f"only {first}", "both", "neither", f"only {second}")
    return Figure(
        id=f"{anchor}-parts",
        question="How often do the two part?",
        sentence=f"One holds without the other in {words.percent(sum(e.value for e in only))} of "
        f"{record['worlds']:,} worlds.",
        spec=page_spec(charts.parts_chart(record)),
        heads=("Which holds", f"Share of worlds (95{SPACE}%)"),
        rows=tuple(
            (head, _interval(record[name])) for head, name in zip(heads, PARTS, strict=True)
        ),
        source="Shares of the worlds that both claims speak about.",
    )


ASKED = {
    "which": "What decides which is right?",
    "whether": "What decides whether they part?",
    "holds": "What does it hang on?",
}


def _deciders(anchor: str, record: Record) -> Figure:
    title = {
        "which": [f"worlds in which it is {record['first']},", "of those in which only one is (%)"],
        "whether": ["worlds in which they part (%)"],
        "holds": ["worlds in which it holds (%)"],
    }[record["asked"]]
    found = record["deciders"]
    explained = words.percent(found[0]["explained"])
    of = "This assumption" if len(found) == 1 else f"The first of these {len(found)} assumptions"
    return Figure(
        id=f"{anchor}-deciders",
        question=ASKED[record["asked"]],
        sentence=f"{of} explains {explained} of the variance by itself.",
        spec=page_spec(charts.deciders_chart(record, title)),
        heads=("If", "Switches at", "If so", "Otherwise", "Explains"),
        rows=tuple(
            (
                one["condition"],
                "" if one["value"] is None else charts.span(one["low"], one["high"]),
                *(_interval(one[name]) for name in ("first_if", "first_else")),
                words.percent(one["explained"]),
            )
            for one in found
        ),
        source=f"Lines: 95{SPACE}% intervals; upright: one world in two.",
    )


def matter(anchor: str, record: Record) -> Section:
    """Show which assumptions are worth knowing, and how far each moves the answer."""
    more = len(record["rows"]) - charts.MOST
    source = f"Lines: 95{SPACE}% intervals."
    if more > 0:
        source += f" The table has {more} more assumptions."
    lines, figures = [_overall(record), record["sentence"]], [_indices(anchor, record, source)]
    values = [row["value"] for row in (*record["rows"], record["dummy"]) if row["value"]]
    if any(1000 * value["high"] >= 1 for value in values):
        figures.insert(0, _value(anchor, record, source))
    elif values:
        lines.append("Knowing any one of them would help in fewer than 1 of 1,000 worlds.")
    return Section(anchor, _titled(record), (), tuple(lines), tuple(figures))


def _value(anchor: str, record: Record, source: str) -> Figure:
    rows = (*record["rows"], record["dummy"])
    worth = sum(worth_knowing(row) for row in record["rows"])
    return Figure(
        id=f"{anchor}-value",
        question="Knowing which would change the best call?",
        sentence=(
            f"{worth or 'None'} of {len(record['rows'])} assumptions would, by more than the error "
            "of the estimate."
        ),
        spec=page_spec(charts.value_chart(record)),
        heads=("Assumption", f"More of 1,000 worlds (95{SPACE}%)"),
        rows=tuple((charts.name_with_unit(row), charts.worth(row)) for row in rows),
        source=source,
    )


def _indices(anchor: str, record: Record, source: str) -> Figure:
    lead = max(record["rows"], key=lambda row: row["total"]["value"])
    alone, total = (_told(lead[name]) for name in ("first", "total"))
    return Figure(
        id=f"{anchor}-indices",
        question="How far does each move the answer?",
        sentence=(
            f"Furthest goes {called_as(lead)}: {alone} of the variance alone, {total} with others."
        ),
        spec=page_spec(charts.indices_chart(record)),
        heads=("Assumption", f"Alone (95{SPACE}%)", f"With others (95{SPACE}%)"),
        rows=tuple(
            (charts.name_with_unit(row), *(_interval(row[name]) for name in ("first", "total")))
            for row in (*record["rows"], record["dummy"])
        ),
        source=f"{source} The rest of the variance is luck.",
    )


def watch(anchor: str, record: Record) -> Section:
    """Show which early signs change a claim's odds."""
    lines = [_overall(record)]
    if record["plan"]:
        lines.append(f"Signs are those under plan {record['plan']}.")
    if record["decided"] is not None:
        lines.append(f"It is decided after {record['decided']:g} {record['time']}.")
    if not record["indicators"]:
        nothing = "Nothing that can be seen so early changes its odds."
        return Section(anchor, _titled(record), (), (" ".join(lines), nothing), ())
    first = record["indicators"][0]
    figure = Figure(
        id=f"{anchor}-signs",
        question="Which early signs change its odds most?",
        sentence=(
            f"In the first {first['by']:g} {record['time']}: if {first['sign']}, it holds in "
            f"{_told(first['if_seen'])} of worlds, otherwise in {_told(first['if_not'])}."
        ),
        spec=page_spec(charts.signs_chart(record)),
        heads=("Sign", "By", "Odds if seen", "If not", "Seen in", "Holds if seen", "Lead"),
        rows=tuple(_sign_row(one, record["time"]) for one in record["indicators"]),
        source=(
            "Filled: by how much the sign multiplies the odds; hollow: by how much its "
            f"absence does; lines: 95{SPACE}% intervals; upright: odds unchanged."
        ),
    )
    points = tuple(dict.fromkeys(_sign(one) for one in record["indicators"]))
    return Section(anchor, _titled(record), (), (" ".join(lines),), (figure,), points[:MOST_SIGNS])


MOST_SIGNS = 5
"""So many signs are told as sentences; chart and table have all."""


def _sign(one: Record) -> str:
    """Say what a sign and its absence tell."""
    return (
        f"If {one['sign']}, it holds in {_told(one['if_seen'])} of worlds; if not, in "
        f"{_told(one['if_not'])}. So it is in {_told(one['frequency'])} of worlds."
    )


def _sign_row(one: Record, time: str) -> tuple[str, ...]:
    ratios = [Estimate(**one[name]) for name in ("ratio", "absent")]
    return (
        one["sign"],
        f"{one['by']:g} {time}",
        *(f"{charts.times(each)} ({charts.span(each.low, each.high)})" for each in ratios),
        _told(one["frequency"]),
        _interval(one["if_seen"]),
        "" if one["lead"] is None else f"{one['lead']:g} {time}",
    )


def worth_knowing(row: Record) -> bool:
    """Whether to know an assumption would change the best call, beyond the estimate's error."""
    return row["value"] is not None and row["value"]["low"] > 0


def called_as(row: Record) -> str:
    """Call an assumption what it means, or else by its name."""
    return called(row["assumption"], row["unit"], row["means"])


def _titled(record: Record) -> str:
    return f"{record['id']}: {record['says']}"


def _overall(record: Record) -> str:
    return f"In this model it holds in {_interval(record['share'])} of {record['worlds']:,} worlds."


def _told(estimate: Record) -> str:
    return percent(Estimate(**estimate))


def _interval(estimate: Record) -> str:
    """Write a share with its 95 % interval."""
    low, high = max(0.0, estimate["low"]), min(1.0, estimate["high"])
    return f"{words.percent(estimate['value'])} ({words.interval(low, high)})"


def _verb(way: str) -> str:
    return {"holds": "hold", "fails": "fail"}[way]
