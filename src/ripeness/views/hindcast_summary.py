"""The hindcast in short, as data that lies beside a case and goes into the reports of its runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from ripeness.record.hindcast.hindcast import Hindcast
from ripeness.record.hindcast.skill import WORLDS, SeriesScore
from ripeness.views import hindcast
from ripeness.views.beside import write_beside
from ripeness.views.charts.hindcast import forecasts_chart
from ripeness.views.charts.theme import page_spec
from ripeness.views.figures import Figure
from ripeness.views.hindcast_page import SERIES_HEADS, series_cells, skill_figure
from ripeness.views.prior import times_of, unit_of
from ripeness.views.words import SPACE, long_date, quantity

FORECAST = ("median", "low_90", "low_50", "high_50", "high_90")


def write_hindcast_summary(file: Path, found: Hindcast, rests: Mapping[str, Any]) -> Path:
    """Write what a report shows of a hindcast: its words, tables, and what its charts are made of.

    Parameters
    ----------
    rests
        What it rests on: ``case_hash``, ``worlds``, ``seed``, ``ripeness``.

    Raises
    ------
    RipenessError
        If the file cannot be written.
    """
    content = {
        **rests,
        "case": found.case,
        "ran": hindcast.what_was_run(found),
        "summary": hindcast.summary(found),
        "reading": hindcast.READING,
        "heads": ("Series", *SERIES_HEADS),
        "rows": [
            (found.declared[one.name].name, *series_cells(found, one))
            for one in found.summary.series
        ],
        "sentences": [
            (found.declared[one.name].name, hindcast.sentence(found, one))
            for one in found.summary.series
        ],
        "figure": asdict(skill_figure(found)),
        "together": {
            "heads": hindcast.FORECASTER_HEADS,
            "rows": hindcast.forecaster_rows(found),
            "reading": f"{hindcast.FORECASTERS_READ} {hindcast.BASELINES_READ}",
        },
        "exceptions": hindcast.exceptions(found),
        "forecasts": [_forecast(found, one) for one in found.summary.series],
    }
    return write_beside(file, content, "the summary of the hindcast")


def read_hindcast_summary(file: Path) -> dict[str, Any] | None:
    """Read such a summary, its charts as `Figure`s; none if there is no file."""
    if not file.is_file():
        return None
    content = json.loads(file.read_text(encoding="utf-8"))
    charts = [forecast_figure(one) for one in content.get("forecasts", ())]
    return content | {"figure": Figure(**content["figure"]), "figures": charts}


def _forecast(found: Hindcast, one: SeriesScore) -> dict[str, Any]:
    """What a series' chart is made of: the worlds' forecasts, the best simple one's, the record."""
    declared = found.declared[one.name]
    scores = found.scores.loc[found.scores["series"] == one.name]
    times = times_of(declared)
    by = {
        who: scores.loc[scores["forecaster"] == who].to_dict("records")
        for who in (WORLDS, one.best)
    }
    return {
        "id": one.name,
        "name": declared.name,
        "unit": unit_of(declared),
        "best": one.best,
        "sentence": hindcast.sentence(found, one),
        "columns": ("origin", "date", "value", *FORECAST, "best_median", "in_90"),
        "rows": [
            (
                ours["origin"].isoformat(),
                ours["date"].isoformat(),
                *(float(ours[name]) * times for name in ("value", *FORECAST)),
                float(other["median"]) * times,
                int(ours["in_90"]),
            )
            for ours, other in zip(by[WORLDS], by[one.best], strict=True)
        ],
    }


def forecast_figure(content: Mapping[str, Any]) -> Figure:
    """Show forecasts of one series from every origin, and what came."""
    table = pd.DataFrame(content["rows"], columns=list(content["columns"]))
    table = table.assign(
        **{name: table[name].map(date.fromisoformat) for name in ("origin", "date")}
    )
    best, unit = content["best"], content["unit"]
    medians = pd.concat(
        [
            table[["origin", "date"]].assign(forecaster=who, median=table[column])
            for who, column in ((WORLDS, "median"), (best, "best_median"))
        ]
    )
    days = table["date"].tolist()
    chart = forecasts_chart(
        table.drop(columns="best_median"),
        medians,
        (WORLDS, best),
        unit,
        (min(table["origin"].tolist()), max(days)),
    )
    return Figure(
        id=f"hindcast-{content['id']}",
        question=content["name"],
        sentence=content["sentence"],
        spec=page_spec(chart),
        heads=("Figure of", "Forecast from", f"Record, {unit}", *_heads(best)),
        rows=tuple(_row(row) for row in table.to_dict("records")),
        source=(
            f"Bands hold 50 and 90{SPACE}% of what would be measured in the worlds; dots are "
            "figures of the record, diamonds those outside the wider band."
        ),
    )


def _heads(best: str) -> tuple[str, ...]:
    return f"Worlds: median, 90{SPACE}% band", f"Median of {best}"


def _row(row: Mapping[Any, Any]) -> tuple[str, ...]:
    value, middle, low, high, best = (
        _three(row[name]) for name in ("value", "median", "low_90", "high_90", "best_median")
    )
    return (
        long_date(row["date"].isoformat()),
        long_date(row["origin"].isoformat()),
        value,
        f"{middle} ({low} to {high})",
        best,
    )


def _three(value: float) -> str:
    return quantity(float(f"{value:.3g}"), 12)
