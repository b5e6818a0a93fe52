"""The runs that lie in a folder, and those of them that are open."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ripeness import workbench
from ripeness.app.aside import Aside, Kept
from ripeness.errors import RipenessError
from ripeness.views.rundata import RunCard
from ripeness.workbench import Run

DAMAGED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What comes of reading a file that is not what it should be."""

RUN_ID = re.compile(r"[0-9a-f]{6,40}")
MOST_OPEN = 3
"""Runs that are kept open: each holds the columns that were asked of it in memory."""


@dataclass(frozen=True)
class Listed:
    """A run in the folder.

    Attributes
    ----------
    id
        The run's id.
    folder
        Where it lies.
    card
        What was run.
    made
        When it was.
    seconds
        What it took, by what it was spent on, as its log says; empty if that says nothing.
    version
        Changes when the run is written anew.
    """

    id: str
    folder: Path
    card: RunCard
    made: datetime
    seconds: dict[str, float]
    version: int


class Runs:
    """The runs in a folder, and in no other place: what a name says is never used as a path.

    Parameters
    ----------
    folder
        Holds a folder a run; it need not be there yet. Links in it are not followed.
    aside
        Where runs are opened and asked.
    """

    def __init__(self, folder: Path, aside: Aside) -> None:
        self.folder = folder
        self._aside = aside
        self._seen: dict[Path, Listed] = {}
        self._open = Kept(aside, MOST_OPEN)

    def listed(self) -> list[Listed]:
        """List the runs, the newest first; of those with the same id, the newest."""
        folders = sorted(self.folder.iterdir()) if self.folder.is_dir() else []
        found = [run for folder in folders if (run := self._listed(folder)) is not None]
        self._seen = {run.folder: run for run in found}
        newest: dict[str, Listed] = {}
        for run in sorted(found, key=lambda run: run.made, reverse=True):
            newest.setdefault(run.id, run)
        return list(newest.values())

    def find(self, run_id: str) -> Listed | None:
        """Look a run up in the listing."""
        return next((run for run in self.listed() if run.id == run_id), None)

    async def opened(self, listed: Listed) -> Run:
        """Open a run with all that is shown of it, once, in a thread.

        Raises
        ------
        TooLong
            If that takes long.
        RipenessError
            If it cannot be read.
        """

        def open_and_judge() -> Run:
            run = workbench.open_run(listed.folder)
            _ = run.shown  # judges the claims, which takes seconds
            return run

        return await self._open.get((listed.folder, listed.version), open_and_judge)

    def _listed(self, folder: Path) -> Listed | None:
        file = folder / "run.json"
        try:
            if folder.is_symlink() or folder.name.startswith(".") or not file.is_file():
                return None
            version = file.stat().st_mtime_ns
            seen = self._seen.get(folder)
            if seen is not None and seen.version == version:
                return seen
            card = _card(workbench.open_run(folder).about)
            made, seconds = _log(folder / "log.json", version)
            return Listed(card.run_id, folder, card, made, seconds, version)
        except (OSError, RipenessError, *DAMAGED):  # gone meanwhile, or of another version
            return None


def _card(about: dict[str, Any]) -> RunCard:
    """Read what was run; what is not what it should be is an error of those in `DAMAGED`."""
    card = RunCard.of(about)
    days = (card.decision_date, card.as_of or card.decision_date)
    texts = (card.title, card.case, *card.plans, *card.without)
    if not RUN_ID.fullmatch(card.run_id) or not all(isinstance(text, str) for text in texts):
        raise ValueError("its texts are none")
    if not all(date.fromisoformat(day) for day in days) or card.worlds + card.seed < 0:
        raise ValueError("its numbers are none")
    return card


def _log(file: Path, written: int) -> tuple[datetime, dict[str, float]]:
    """When a run was made and what it took; when its files were written, if it does not say."""
    try:
        log = json.loads(file.read_text(encoding="utf-8"))
        seconds = {str(what): float(taken) for what, taken in log["seconds"].items()}
        return datetime.fromisoformat(log["started"]).astimezone(), seconds
    except (OSError, *DAMAGED):
        return datetime.fromtimestamp(written / 1e9, UTC).astimezone(), {}
