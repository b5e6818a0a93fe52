"""The hindcast as a page of documentation: Markdown, with the chart of skill beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import vl_convert

from ripeness.record.hindcast.hindcast import Hindcast
from ripeness.views import hindcast
from ripeness.views.hindcast_page import SERIES_HEADS, series_cells, skill_of
from ripeness.views.page import VEGA_LITE, write_page


def write_hindcast_notes(file: Path, found: Hindcast) -> Path:
    """Write the hindcast as Markdown, and its chart of skill as a picture of the same name.

    Raises
    ------
    RipenessError
        If a file cannot be written.
    """
    picture = file.with_suffix(".svg")
    chart = vl_convert.vegalite_to_svg(skill_of(found).to_dict(), vl_version=VEGA_LITE)
    write_page(picture, chart, "the chart of the hindcast")
    return write_page(file, render(found, picture.name), "the hindcast")


def render(found: Hindcast, picture: str) -> str:
    """Make the page; `picture` is where its chart lies."""
    named = {one.name: found.declared[one.name].name for one in found.summary.series}
    series = [(named[one.name], *series_cells(found, one)) for one in found.summary.series]
    sentences = [
        f"- **{named[one.name]}.** {hindcast.sentence(found, one)}" for one in found.summary.series
    ]
    parts = (
        f"# {found.title}: hindcast",
        f"{hindcast.what_was_run(found)} Written by `ripeness hindcast {found.case}`.",
        f"**{hindcast.summary(found)}**",
        _table(("Series", *SERIES_HEADS), series),
        "\n".join(sentences),
        f"![Error of the worlds beside that of simple forecasters]({picture})",
        _table(hindcast.FORECASTER_HEADS, hindcast.forecaster_rows(found)),
        hindcast.READING,
        hindcast.LOG_SCORE_READ,
        hindcast.FORECASTERS_READ,
        hindcast.BASELINES_READ,
        *hindcast.exceptions(found),
    )
    return "\n\n".join(parts) + "\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows))
