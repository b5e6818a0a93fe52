"""The timeline as a page: one HTML file that opens offline, with the essays side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from ripeness.claims.turning import Course, Standing
from ripeness.views import timeline
from ripeness.views.charts.theme import page_spec
from ripeness.views.charts.timeline import verdicts_chart
from ripeness.views.figures import Figure
from ripeness.views.page import chart_bundle, environment, script, style, write_page


def render(about: Mapping[str, Any], courses: Sequence[Course], essays: Mapping[str, str]) -> str:
    """Make the page of a timeline, which asks the network for nothing.

    Parameters
    ----------
    about
        As `ripeness.experiments.timeline.Timeline.record` gives it.
    courses
        How each claim stands on each day.
    essays
        What each essay is called in a sentence, by its id.
    """
    by_essay = {
        essay: mine
        for essay in essays
        if (mine := [course for course in courses if course.essay == essay])
    }
    figures = [_figure(essay, essays[essay], mine) for essay, mine in by_essay.items()]
    return (
        environment()
        .get_template("timeline.html.j2")
        .render(
            title=f"{about['title']}: timeline",
            about=about,
            ran=timeline.what_was_run(about),
            summary=timeline.summary(courses),
            reading=timeline.READING,
            figures=figures,
            lists=[
                (
                    _capital(essays[essay]),
                    [(one.id, one.says, _capital(timeline.told(one))) for one in mine],
                )
                for essay, mine in by_essay.items()
            ],
            specs={figure.id: figure.spec for figure in figures},
            css=style("style.css"),
            script=script("page.js"),
            vega=chart_bundle(),
        )
    )


def write_timeline_page(
    file: Path, about: Mapping[str, Any], courses: Sequence[Course], essays: Mapping[str, str]
) -> Path:
    """Write the page of a timeline to a file, whole or not at all.

    Raises
    ------
    RipenessError
        If the file cannot be written.
    """
    return write_page(file, render(about, courses, essays), "the timeline")


def _figure(essay: str, title: str, courses: Sequence[Course]) -> Figure:
    days = [_short(one.as_of) for one in courses[0].at]
    rows = [_row(course, one) for course in courses for one in course.at]
    return Figure(
        id=f"timeline-{essay}",
        question=f"Claims of {title}",
        sentence=timeline.summary(courses),
        spec=page_spec(verdicts_chart(pd.DataFrame(rows), [course.id for course in courses], days)),
        heads=("Claim", *(_capital(timeline.when(one.as_of)) for one in courses[0].at)),
        rows=tuple(
            (f"{course.id} {course.says}", *(_cell(one) for one in course.at)) for course in courses
        ),
        source=(
            "Dots: percent of worlds in which the claim holds, bars their 95 % intervals. Below "
            "them: the record's verdict on the same day. Where either is missing it has no test."
        ),
    )


def _row(course: Course, one: Standing) -> dict[str, Any]:
    shares = {"share": one.share, "low": one.share_low, "high": one.share_high}
    return {
        "claim": course.id,
        "says": course.says,
        "day": _short(one.as_of),
        "record": one.record,
        **{name: None if value is None else 100 * value for name, value in shares.items()},
    }


def _cell(one: Standing) -> str:
    parts = [one.record or "", timeline.figures(one) if one.share is not None else ""]
    return "; ".join(part for part in parts if part)


def _short(day: date | None) -> str:
    return f"{day.day} {day:%b %y}" if day else "before"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
