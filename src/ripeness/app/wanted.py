"""What the page may ask for, told in words where it is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from ripeness.app.cases import Cases
from ripeness.errors import UsageError, suggest
from ripeness.workbench import Case

MOST_WORLDS = 1_000_000
"""More take hours and gigabytes, and are for the command line."""


@dataclass(frozen=True)
class Wanted:
    """A run that somebody wants.

    Attributes
    ----------
    case
        The case's id.
    plans
        In the order of the case.
    worlds, seed
        How many worlds, and the seed of their luck.
    as_of
        The day to whose knowledge worlds are held; None if they know nothing of the record.
    """

    case: str
    plans: tuple[str, ...]
    worlds: int
    seed: int
    as_of: str | None

    def run_id(self, case: Case) -> str:
        """The id that the run will have.

        Raises
        ------
        UsageError
            If the case cannot be run so.
        """
        return case.run_id(self.worlds, self.seed, self.plans, as_of=self.as_of)


def json_object(body: bytes, fields: Iterable[str]) -> dict[str, Any]:
    """Read the JSON object that a page posted.

    Raises
    ------
    UsageError
        If it is none, or has other fields than those named.
    """
    try:
        text = body.decode("utf-8")
        content = json.loads(text, parse_constant=_no_number, parse_int=_number)
    except (ValueError, RecursionError):
        raise UsageError("the request is not JSON in UTF-8") from None
    if not isinstance(content, dict):
        raise UsageError("the request is not a JSON object")
    known = list(fields)
    for name in content:
        if name not in known:
            right = suggest(name, known) or f"; there are {', '.join(known) or 'none'}"
            raise UsageError(f"unknown field {name[:60]!r}{right}")
    return content


def wanted(body: bytes, cases: Cases) -> Wanted:
    """Read what run is asked for.

    Raises
    ------
    UsageError
        If it is none that there can be.
    """
    content = json_object(body, ("case", "plans", "worlds", "seed", "as_of"))
    name = _field(content, "case", str, "the id of a case")
    if name not in cases:
        right = suggest(name, cases.sources) or f"; there are {', '.join(cases.sources)}"
        raise UsageError(f"there is no case {name[:60]!r}{right}")
    offered = cases[name]
    plans = _field(content, "plans", list, "a list of plans' ids")
    known = offered.case.file.plans
    for plan in plans:
        if plan not in tuple(known):
            raise UsageError(f"case {name!r} has no plan {plan!r}; it has {', '.join(known)}"[:300])
    if not plans:
        raise UsageError("choose at least one plan")
    worlds = _field(content, "worlds", int, "a whole number")
    if not 1 <= worlds <= MOST_WORLDS:
        raise UsageError(
            f"worlds must be from 1 to {MOST_WORLDS:,} here; `ripeness run` can do more"
        )
    seed = _field(content, "seed", int, "a whole number")
    as_of = content.get("as_of")
    if as_of is not None:
        as_of = _day(as_of, offered.case, offered.last_day).isoformat()
    return Wanted(name, tuple(plan for plan in known if plan in plans), worlds, seed, as_of)


def _field(content: Mapping[str, Any], name: str, kind: type, what: str) -> Any:
    value = content.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise UsageError(f"{name}: {'is missing' if value is None else 'is not'}; give {what}")
    return value


def _day(value: object, case: Case, last: date | None) -> date:
    if last is None:
        raise UsageError(f"as_of: case {case.file.id!r} has no record that worlds can be held to")
    first = case.file.decision_date
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None or not first < day <= last:
        raise UsageError(f"as_of: name a day after {first} and up to {last}, as {last}")
    return day


def _number(word: str) -> int | float:
    """Read a whole number; one beyond all counts as other numbers are read."""
    return int(word) if len(word) < 20 else float(word)


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")
