"""The report: one HTML file that opens offline, with the verdicts, the charts and their tables."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ripeness.views.page import WEB, chart_bundle, packed, script, style, write_page
from ripeness.views.panels import choose
from ripeness.views.sections import templates, told, within_page
from ripeness.views.shown import Shown


def render(shown: Shown) -> str:
    """Make the report of a run.

    Returns
    -------
    str
        A page that asks the network for nothing.

    Raises
    ------
    UsageError
        If the run lacks a table.
    """
    with ThreadPoolExecutor(max_workers=1) as aside:  # it takes seconds, and leaves Python alone
        bundle = aside.submit(chart_bundle)
        made = [make(shown, None) for _, make in choose.PANELS.values()]
    panels = [panel for panel in made if panel is not None]
    content = told(panels, shown, within_page)
    specs = content.pop("specs")
    return (
        templates()
        .get_template("report.html.j2")
        .render(
            **content,
            packed_specs=packed(json.dumps(specs, separators=(",", ":")).encode()),
            css=style(
                "style.css",
                *(f"{panel.id}.css" for panel in panels if (WEB / f"{panel.id}.css").is_file()),
            ),
            script=script("main.js"),
            vega=bundle.result(),
        )
    )


def write_report(file: Path, shown: Shown) -> Path:
    """Write the report of a run to a file, whole or not at all.

    Raises
    ------
    RipenessError
        If the run cannot be read or the file cannot be written.
    """
    return write_page(file, render(shown), "the report")
