"""What views are made from: a run's folder, and what was found in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ripeness.views.rundata import RunCard
from ripeness.views.verdicts import Verdict

if TYPE_CHECKING:
    from ripeness.claims.inquiry import Inquiry


@dataclass(frozen=True)
class Shown:
    """A run that is to be shown.

    Attributes
    ----------
    folder
        A whole run folder.
    card
        What was run.
    case
        The content of the case file (``question``, ``plans``, ``sectors``, ``sources``) and, under
        ``essays``, of the claims file: title and summary by id.
    verdicts
        A record a claim.
    ends
        How far claims go from one end of an assumption to the other.
    cruxes
        What decides between claims that stand against each other.
    record
        The folder of the case's record; None if it has none.
    learned
        The content of ``learned.json``, of a run as of a day.
    ask
        Opens its claims and worlds, which takes a second; None if there is nothing to judge.
    """

    folder: Path
    card: RunCard
    case: Mapping[str, Any]
    verdicts: Sequence[Verdict]
    ends: Sequence[Mapping[str, Any]] = ()
    cruxes: Sequence[Mapping[str, Any]] = ()
    record: Path | None = None
    learned: Mapping[str, Any] | None = None
    ask: Callable[[], Inquiry] | None = None

    @cached_property
    def asked(self) -> Inquiry | None:
        """Its claims and worlds; None if there is nothing to judge."""
        return self.ask() if self.ask is not None else None

    @property
    def essays(self) -> dict[str, str]:
        """What each text whose claims are judged is called in a sentence, by its id."""
        return {key: essay["title"] for key, essay in self.case["essays"].items()}

    @property
    def by_id(self) -> dict[str, Verdict]:
        """The verdicts by their claim's id."""
        return {verdict["id"]: verdict for verdict in self.verdicts}
