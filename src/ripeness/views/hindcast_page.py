"""The hindcast as a page: one HTML file that opens offline, with a chart a series and of skill."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import altair as alt
import pandas as pd

from ripeness.record.hindcast.baselines import BASELINES
from ripeness.record.hindcast.hindcast import Hindcast
from ripeness.record.hindcast.skill import FORECASTERS, WORLDS, SeriesScore
from ripeness.record.hindcast.targets import GROUND
from ripeness.views import hindcast
from ripeness.views.charts.hindcast import forecasts_chart, skill_chart
from ripeness.views.charts.theme import page_spec
from ripeness.views.figures import Figure
from ripeness.views.page import chart_bundle, environment, script, style, write_page
from ripeness.views.prior import times_of, unit_of
from ripeness.views.words import SPACE, long_date, percent

MEASURED = ("value", "median", "low_50", "high_50", "low_90", "high_90")


def render(found: Hindcast, sources: Mapping[str, str]) -> str:
    """Make the page of a hindcast, which asks the network for nothing.

    Parameters
    ----------
    sources
        Titles of the case's sources by id.
    """
    skill = skill_figure(found)
    figures = [_figure(found, one, sources) for one in found.summary.series]
    return (
        environment()
        .get_template("hindcast.html.j2")
        .render(
            title=f"{found.title}: hindcast",
            found=found,
            ran=hindcast.what_was_run(found),
            summary=hindcast.summary(found),
            readings=(hindcast.READING, hindcast.LOG_SCORE_READ, hindcast.BASELINES_READ),
            series_heads=("Series", *SERIES_HEADS),
            rows=[
                {
                    "id": one.name,
                    "name": found.declared[one.name].name,
                    "cells": series_cells(found, one),
                }
                for one in found.summary.series
            ],
            heads=hindcast.FORECASTER_HEADS,
            forecasters=hindcast.forecaster_rows(found),
            forecasters_read=hindcast.FORECASTERS_READ,
            exceptions=hindcast.exceptions(found),
            skill=skill,
            figures=figures,
            specs={figure.id: figure.spec for figure in (skill, *figures)},
            css=style("style.css"),
            script=script("page.js"),
            vega=chart_bundle(),
        )
    )


def write_hindcast_page(file: Path, found: Hindcast, sources: Mapping[str, str]) -> Path:
    """Write the page of a hindcast to a file, whole or not at all.

    Raises
    ------
    RipenessError
        If the file cannot be written.
    """
    return write_page(file, render(found, sources), "the hindcast")


SERIES_HEADS = (
    "Unit",
    "Figures (origins)",
    "CRPS of the worlds",
    "Best simple forecaster",
    f"Skill (90{SPACE}% interval)",
    "Log score (of the best)",
    f"In 50{SPACE}%",
    f"In 90{SPACE}%",
)


def series_cells(found: Hindcast, one: SeriesScore) -> tuple[str, ...]:
    """What a row of the table of series says, under `SERIES_HEADS`."""
    skill, spread = hindcast.skill_shown(one.skills[one.best])
    return (
        unit_of(found.declared[one.name]),
        f"{one.figures} ({one.origins})",
        hindcast.crps(found, one, WORLDS),
        f"{hindcast.crps(found, one, one.best)} ({one.best})",
        f"{skill} ({spread})" if spread else skill,
        hindcast.log_scores(one),
        *(
            f"{hindcast.inside(one, band)} ({hindcast.coverage_interval(one, band)})"
            for band in (0, 1)
        ),
    )


def skill_of(found: Hindcast) -> alt.LayerChart:
    """Draw how large the worlds' error is beside that of each simple forecaster, by series."""
    rows = [
        (found.declared[one.name].name, baseline, 1 - skill.value, 1 - skill.high, 1 - skill.low)
        for one in found.summary.series
        for baseline, skill in one.skills.items()
    ]
    ratios = pd.DataFrame(rows, columns=["series", "forecaster", "times", "low", "high"])
    names = [found.declared[one.name].name for one in found.summary.series]
    return skill_chart(ratios, names, list(BASELINES))


def skill_figure(found: Hindcast) -> Figure:
    """Show skill with its chart and its table."""
    return Figure(
        id="skill",
        question="Who forecast better?",
        sentence=hindcast.summary(found),
        spec=page_spec(skill_of(found)),
        heads=("Series", *(f"Error beside {name}" for name in BASELINES)),
        rows=tuple(
            (
                found.declared[one.name].name,
                *(hindcast.times(skill) for skill in one.skills.values()),
            )
            for one in found.summary.series
        ),
        source=(
            "CRPS of the worlds in times of that of each simple forecaster: left of the line at 1 "
            "they forecast better. Bars: 90 % intervals of a bootstrap over origins, where there "
            "are three or more."
        ),
    )


def _figure(found: Hindcast, one: SeriesScore, sources: Mapping[str, str]) -> Figure:
    declared = found.declared[one.name]
    scores = found.scores.loc[found.scores["series"] == one.name]
    shown = scores.assign(
        **{column: scores[column] * times_of(declared) for column in MEASURED},
        in_90=scores["in_90"].astype(int),
    )
    ours = shown.loc[shown["forecaster"] == WORLDS, ["origin", "date", *MEASURED, "in_90"]]
    medians = shown[["origin", "date", "forecaster", "median"]]
    unit = unit_of(declared)
    time = found.origins[0], max(found.scores["date"].tolist())
    named = "; ".join(sources[source] for source in declared.sources)
    return Figure(
        id=one.name,
        question=declared.name,
        sentence=hindcast.sentence(found, one),
        spec=page_spec(forecasts_chart(ours, medians, FORECASTERS, unit, time)),
        heads=(
            "Origin",
            "Date",
            f"Record, {unit}",
            f"Worlds: median, 90{SPACE}% band",
            "Rank",
            *CRPS,
        ),
        rows=tuple(_rows(found, one.name, scores)),
        source=f"Record: {named}." + (f" It is {declared.because}." if one.name == GROUND else ""),
    )


CRPS = tuple(f"CRPS, {name}" for name in FORECASTERS)


def _rows(found: Hindcast, series: str, scores: pd.DataFrame) -> list[tuple[str, ...]]:
    by = {who: scores.loc[scores["forecaster"] == who].to_dict("records") for who in FORECASTERS}

    def shown(value: float) -> str:
        return hindcast.shown(found, series, value)

    return [
        (
            long_date(ours["origin"].isoformat()),
            long_date(ours["date"].isoformat()),
            shown(ours["value"]),
            f"{shown(ours['median'])} ({shown(ours['low_90'])} to {shown(ours['high_90'])})",
            percent(ours["rank"]),
            *(shown(rows[place]["crps"]) for rows in by.values()),
        )
        for place, ours in enumerate(by[WORLDS])
    ]
