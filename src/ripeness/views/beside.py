"""What was found of a case once and lies beside it, to be shown with each of its runs.

The mirror and the timeline take minutes, so a run does not make them: it copies the files that lie
beside the case file. Each says what it rests on, which need not be what the run rests on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ripeness.views.page import write_page
from ripeness.views.rundata import RunCard
from ripeness.views.words import quantity

Record = Mapping[str, Any]

DIGITS = 4
"""Significant digits of numbers that are kept: more than any Monte Carlo error here bears."""


def write_beside(file: Path, record: Record, what: str) -> Path:
    """Write such a file, whole or not at all.

    Parameters
    ----------
    record
        What was found, with the hash of the case, the number of worlds, seed and version.
    what
        What it is called if it cannot be written.

    Raises
    ------
    RipenessError
        If the file cannot be written.
    """
    text = json.dumps(_rounded(record), indent=1, ensure_ascii=False)
    return write_page(file, text + "\n", what)


def read_beside(folder: Path, name: str) -> dict[str, Any] | None:
    """Read what a run copied; none if nothing lay beside its case."""
    file = folder / name
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def rests_on(record: Record, card: RunCard) -> str:
    """Say what it rests on, and whether the case was changed between it and the run."""
    told = (
        f"{quantity(record['worlds'])} worlds under each plan, seed {record['seed']}, case "
        f"{record['case_hash']}, Ripeness {record['ripeness']}"
    )
    if record["case_hash"] == card.case_hash:
        return f"Model, not of this run: {told}."
    return (
        f"Model, not of this run: {told}. The case has changed since: this run is of "
        f"{card.case_hash}."
    )


def _rounded(part: Any) -> Any:
    if isinstance(part, float):
        return float(f"{part:.{DIGITS}g}")
    if isinstance(part, Mapping):
        return {name: _rounded(inner) for name, inner in part.items()}
    if isinstance(part, list | tuple):
        return [_rounded(inner) for inner in part]
    return part
