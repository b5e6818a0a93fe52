"""Which panels there are, in which order, and those that a run has."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ripeness.views.panels import claims, course, limits, question
from ripeness.views.panels.panel import Panel
from ripeness.views.shown import Shown

Choices = Mapping[str, str]
"""What the reader chose in a panel, as the page's address says it."""

Make = Callable[[Shown, Choices], Panel | None]


def _without_choices(make: Callable[[Shown], Panel | None]) -> Make:
    return lambda shown, _choices: make(shown)


PANELS: dict[str, tuple[str, Make]] = {
    "question": ("Question", _without_choices(question.panel)),
    "claims": ("Claims", _without_choices(claims.panel)),
    "course": ("Course", _without_choices(course.panel)),
    "limits": ("Limits", _without_choices(limits.panel)),
}
"""By id: what a tab calls it, and what makes it."""
