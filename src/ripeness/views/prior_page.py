"""The prior check as a page: one HTML file that opens offline, with a fan chart a series."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ripeness.record.priorcheck import NINE_TENTHS, PriorCheck, SeriesCheck
from ripeness.views import prior
from ripeness.views.charts.observed import observed_chart
from ripeness.views.charts.theme import page_spec
from ripeness.views.figures import Figure
from ripeness.views.page import chart_bundle, environment, script, style, write_page
from ripeness.views.words import SPACE, long_date, percent


def render(check: PriorCheck, sources: Mapping[str, str]) -> str:
    """Make the page of a prior check, which asks the network for nothing.

    Parameters
    ----------
    sources
        Titles of the case's sources by id.
    """
    weeks = max((int(one.fan["week"].iloc[-1]) for one in check.series), default=0)
    figures = [_figure(one, check, weeks, sources) for one in check.series]
    title = f"{check.title}: prior check"
    return (
        environment()
        .get_template("prior.html.j2")
        .render(
            title=title,
            check=check,
            ran=prior.what_was_run(check),
            summary=prior.summary(check),
            reading=prior.READING,
            caution=prior.CAUTION,
            rows=[_row(one) for one in check.series],
            durations=prior.duration_rows(check.durations) if check.durations else [],
            figures=figures,
            specs={figure.id: figure.spec for figure in figures},
            css=style("style.css"),
            script=script("page.js"),
            vega=chart_bundle(),
        )
    )


def write_prior_page(file: Path, check: PriorCheck, sources: Mapping[str, str]) -> Path:
    """Write the page of a prior check to a file, whole or not at all.

    Raises
    ------
    RipenessError
        If the file cannot be written.
    """
    return write_page(file, render(check, sources), "the prior check")


def _figure(one: SeriesCheck, check: PriorCheck, weeks: int, sources: Mapping[str, str]) -> Figure:
    seen, declared = one.observations, one.observations.declared
    since = long_date(check.decided.isoformat())
    unit = prior.unit_shown(one)
    chart = observed_chart(_fan(one), _record(one), weeks, since, unit)
    named = "; ".join(sources[source] for source in declared.sources)
    return Figure(
        id=seen.name,
        question=declared.name,
        sentence=f"{one.verdict[:1].upper()}{one.verdict[1:]}. {prior.sentence(one)}",
        spec=page_spec(chart),
        heads=("Date", f"Record, {unit}", "Error", f"90{SPACE}% band", "Rank"),
        rows=tuple(_rows(one)),
        source=(
            f"Record: {named}. Why these figures, with this error: {declared.because.rstrip('.')}. "
            f"Worlds: {declared.series}, {one.meaning}."
        ),
    )


def _fan(one: SeriesCheck) -> pd.DataFrame:
    shown = one.fan * prior.times_shown(one)
    return shown.assign(week=one.fan["week"])


def _record(one: SeriesCheck) -> pd.DataFrame:
    seen, times = one.observations, prior.times_shown(one)
    reach = seen.error * NINE_TENTHS / 2.0
    low, high = one.bands[0.9].T
    return pd.DataFrame(
        {
            "week": seen.weeks,
            "date": [long_date(day.isoformat()) for day in seen.dates],
            "value": seen.values * times,
            "low": (seen.values - reach) * times,
            "high": (seen.values + reach) * times,
            "low_90": low * times,
            "high_90": high * times,
            "inside": one.inside(0.9).astype(int),
        }
    )


def _row(one: SeriesCheck) -> dict[str, Any]:
    last = len(one.observations.dates) - 1
    return {
        "id": one.observations.name,
        "name": one.observations.declared.name,
        "cells": (
            prior.unit_shown(one),
            prior.inside(one, 0.5),
            prior.inside(one, 0.9),
            percent(float(np.median(one.ranks))),
            f"{prior.value(one, last)} ({prior.span(one, last)})",
            prior.relative_width(one),
            one.verdict,
        ),
    }


def _rows(one: SeriesCheck) -> list[tuple[str, ...]]:
    return [
        (
            long_date(day.isoformat()),
            prior.value(one, at),
            prior.written(one, [float(one.observations.error[at])], finer=1)[0],
            prior.span(one, at),
            percent(float(one.ranks[at])),
        )
        for at, day in enumerate(one.observations.dates)
    ]
