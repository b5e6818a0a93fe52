"""Which panels there are, in which order, and those that a run has."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ripeness.case.load import HINDCAST_FILE
from ripeness.views import rundata
from ripeness.views.panels import (
    claims,
    course,
    escalation,
    explorer,
    hindcast,
    limits,
    map,
    negotiation,
    question,
    record,
)
from ripeness.views.panels.panel import Panel
from ripeness.views.shown import Shown

Choices = Mapping[str, str]
"""What the reader chose in a panel, as the page's address says it."""

Make = Callable[[Shown, Choices | None], Panel | None]
"""Makes a panel; where there are no choices, it is for the report, behind which is no server."""


def _without_choices(make: Callable[[Shown], Panel | None]) -> Make:
    return lambda shown, _choices: make(shown)


def _explorer(shown: Shown, choices: Choices | None) -> Panel | None:
    return explorer.panel(shown, in_report=choices is None)


def _negotiation(shown: Shown, choices: Choices | None) -> Panel | None:
    if choices is None:
        return negotiation.panel(shown)
    plan = choices.get("plan") or negotiation.most_spoken_of(shown)
    return negotiation.panel(shown, plan, choices.get("week"))


def _record(shown: Shown, choices: Choices | None) -> Panel | None:
    return record.panel(shown, (choices or {}).get("category"))


PANELS: dict[str, tuple[str, Make]] = {
    "question": ("Question", _without_choices(question.panel)),
    "claims": ("Claims", _without_choices(claims.panel)),
    "explorer": ("Explorer", _explorer),
    "map": ("Map", _without_choices(map.panel)),
    "course": ("Course", _without_choices(course.panel)),
    "negotiation": ("Negotiation", _negotiation),
    "escalation": ("Escalation", _without_choices(escalation.panel)),
    "record": ("Record", _record),
    "hindcast": ("Hindcast", _without_choices(hindcast.panel)),
    "limits": ("Limits", _without_choices(limits.panel)),
}
"""By id: what a tab calls it, and what makes it."""

NEEDS: dict[str, Callable[[Shown], bool]] = {
    "claims": lambda shown: bool(shown.verdicts),
    "explorer": explorer.is_there,
    "map": lambda shown: shown.record is not None and rundata.has_map(shown.record),
    "hindcast": lambda shown: (shown.folder / HINDCAST_FILE).is_file(),
}
"""Whether a run has what a panel needs, where that can be seen without making it."""


def tabs(shown: Shown) -> dict[str, str]:
    """What the tabs call the panels that a run has, by their ids."""
    return {
        name: title
        for name, (title, _) in PANELS.items()
        if name not in NEEDS or NEEDS[name](shown)
    }
