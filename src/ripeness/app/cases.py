"""The cases that the app offers: those that come with Ripeness, and those named at its start."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock

from ripeness import workbench
from ripeness.case.load import CLAIMS_FILE, shipped
from ripeness.errors import RipenessError
from ripeness.workbench import Case

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Offered:
    """A case that can be run.

    Attributes
    ----------
    case
        The case.
    last_day
        The last day that its record speaks of, if worlds can be held to what was known on a day;
        None if they cannot.
    """

    case: Case
    last_day: date | None


class Cases:
    """Known cases by their ids; a file that was changed is read anew.

    Parameters
    ----------
    named
        Names or paths, as `ripeness.load` takes them. One with the id of a shipped case takes its
        place.

    Raises
    ------
    UsageError
        If one of those named is none.
    """

    def __init__(self, named: Sequence[str] = ()) -> None:
        self._lock = Lock()
        self._read: dict[str, tuple[object, Offered]] = {}
        found = {name: name for name in shipped()}
        for name in named:
            found[workbench.load(name).file.id] = name
        self.sources: Mapping[str, str] = found
        """What `ripeness.load` takes, by the case's id."""

    def __getitem__(self, name: str) -> Offered:
        """Read a case.

        Raises
        ------
        KeyError
            If there is none of that id.
        RipenessError
            If it is wrong by now.
        """
        with self._lock:
            source = self.sources[name]
            known = self._read.get(name)
            if known is None or known[0] != _state(known[1].case):
                case = workbench.load(source)
                known = self._read[name] = (_state(case), Offered(case, _last_day(case)))
            return known[1]

    def __contains__(self, name: object) -> bool:
        """Whether there is a case of that id."""
        return name in self.sources

    def titles(self) -> dict[str, str]:
        """What each case is called; one that is wrong by now, by its id."""
        return {name: self._title(name) for name in self.sources}

    def _title(self, name: str) -> str:
        try:
            return self[name].case.file.title
        except RipenessError:
            return name


def _state(case: Case) -> object:
    """What changes when a case's files are written to."""
    files = (case.path, case.path.parent / CLAIMS_FILE)
    return [(file.stat().st_mtime_ns, file.stat().st_size) for file in files if file.is_file()]


def _last_day(case: Case) -> date | None:
    if case.file.followed is None or not case.file.observed:
        return None
    lasts = [held.last for held in case.tables() if held.last and DAY.fullmatch(held.last)]
    last = date.fromisoformat(max(lasts)) if lasts else case.file.decision_date
    return last if last > case.file.decision_date else None
