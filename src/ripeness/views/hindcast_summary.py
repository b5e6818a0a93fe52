"""The hindcast in short, as data that lies beside a case and goes into the reports of its runs."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ripeness.record.hindcast.hindcast import Hindcast
from ripeness.views import hindcast
from ripeness.views.figures import Figure
from ripeness.views.hindcast_page import SERIES_HEADS, series_cells, skill_figure
from ripeness.views.page import write_page


def write_hindcast_summary(file: Path, found: Hindcast) -> Path:
    """Write what a report shows of a hindcast: the same words, table and chart as its page.

    Raises
    ------
    RipenessError
        If the file cannot be written.
    """
    content = {
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
    }
    text = json.dumps(content, indent=1, ensure_ascii=False)
    return write_page(file, text + "\n", "the summary of the hindcast")


def read_hindcast_summary(file: Path) -> dict[str, Any] | None:
    """Read such a summary, its chart as a `Figure`; none if there is no file."""
    if not file.is_file():
        return None
    content = json.loads(file.read_text(encoding="utf-8"))
    return content | {"figure": Figure(**content["figure"])}
