"""A panel: one subject of a run, as a page of the app or a section of the report shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ripeness.views.figures import Figure


@dataclass(frozen=True)
class Panel:
    """One subject, ready to be written into a page.

    Attributes
    ----------
    id
        Short name: the app's address of it, the report's anchor, and the name of its template in
        ``templates/panels``.
    title
        The question it answers.
    lead
        The answer in one sentence, made from the results.
    content
        What its template reads, as ``content``.
    figures
        Its charts, whose specifications go into the page.
    data
        What its script reads, by name: JSON in the page, in an element with the id
        ``data-<name>``.
    """

    id: str
    title: str
    lead: str
    content: Mapping[str, Any] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
