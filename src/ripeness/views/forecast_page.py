"""A forecast as a page: one HTML file that opens offline, with a chart a series; or as a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ripeness.record.hindcast.ahead import Forecast
from ripeness.record.hindcast.skill import FORECASTERS, WORLDS
from ripeness.views import forecast
from ripeness.views.charts.hindcast import outlook_chart
from ripeness.views.charts.theme import page_spec
from ripeness.views.figures import Figure
from ripeness.views.hindcast_summary import read_hindcast_summary
from ripeness.views.page import chart_bundle, environment, script, style, write_page
from ripeness.views.prior import times_of, unit_of
from ripeness.views.words import SPACE, long_date

MEASURED = ("median", "low_50", "high_50", "low_90", "high_90")


def render(found: Forecast, sources: Mapping[str, str], scored: Path) -> str:
    """Make the page of a forecast, which asks the network for nothing.

    Parameters
    ----------
    sources
        Titles of the case's sources by id.
    scored
        Where the summary of the case's hindcast lies, if there is one.
    """
    earlier = read_hindcast_summary(scored)
    figures = [_figure(found, name, sources, earlier) for name in found.declared]
    return (
        environment()
        .get_template("forecast.html.j2")
        .render(
            title=f"{found.title}: forecast",
            found=found,
            ran=forecast.what_was_run(found),
            reading=forecast.READING,
            earlier=earlier and (earlier["ran"], earlier["summary"]),
            exceptions=forecast.exceptions(found),
            figures=figures,
            specs={figure.id: figure.spec for figure in figures},
            css=style("style.css"),
            script=script("page.js"),
            vega=chart_bundle(),
        )
    )


def write_forecast_page(
    file: Path, found: Forecast, sources: Mapping[str, str], scored: Path
) -> Path:
    """Write the page of a forecast to a file, whole or not at all.

    Raises
    ------
    RipenessError
        If the file cannot be written.
    """
    return write_page(file, render(found, sources, scored), "the forecast")


def write_forecast_table(file: Path, found: Forecast) -> Path:
    """Write a row a day and forecaster as CSV, whole or not at all.

    Raises
    ------
    RipenessError
        If the file cannot be written.
    """
    text = found.rows.to_csv(index=False, lineterminator="\n", float_format="%.6g")
    return write_page(file, text, "the forecast")


def _figure(
    found: Forecast, series: str, sources: Mapping[str, str], earlier: Mapping[str, Any] | None
) -> Figure:
    declared = found.declared[series]
    times = times_of(declared)
    rows = found.rows.loc[found.rows["series"] == series]
    shown = rows.assign(origin=found.as_of, **{column: rows[column] * times for column in MEASURED})
    known = found.known.loc[found.known["series"] == series]
    told = dict(earlier["sentences"]).get(declared.name) if earlier else None
    how_good = f" In forecasts from past quarters: {told}" if told else ""
    named = "; ".join(sources[source] for source in declared.sources)
    return Figure(
        id=series,
        question=declared.name,
        sentence=forecast.sentence(found, series) + how_good,
        spec=page_spec(
            outlook_chart(
                known.assign(value=known["value"] * times),
                shown.loc[shown["forecaster"] == WORLDS, ["origin", "date", *MEASURED]],
                shown[["origin", "date", "forecaster", "median"]],
                FORECASTERS,
                unit_of(declared),
            )
        ),
        heads=("Date", f"Worlds: median, 90{SPACE}% band", *FORECASTERS[1:]),
        rows=tuple(_rows(found, series)),
        source=f"Record: {named}.",
    )


def _rows(found: Forecast, series: str) -> list[tuple[str, ...]]:
    by = {name: forecast.rows_of(found, series, name) for name in FORECASTERS}
    rows = []
    for at, date in enumerate(by[WORLDS]["date"]):
        median, span = forecast.said(found, series, at)
        others = [float(by[name]["median"].iloc[at]) for name in FORECASTERS[1:]]
        rows.append(
            (
                long_date(date.isoformat()),
                f"{median} ({span})",
                *forecast.written(found, series, others),
            )
        )
    return rows
