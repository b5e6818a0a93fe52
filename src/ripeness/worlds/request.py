"""What is to be run, checked before the model is loaded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from ripeness.case import mechanisms
from ripeness.case.schema import CaseFile
from ripeness.errors import UsageError, suggest
from ripeness.worlds import store

MOST_WORLDS = 10_000_000


@dataclass(frozen=True)
class Request:
    """What is to be run.

    Attributes
    ----------
    case
        The case.
    texts
        The texts of its files by name (``case.yaml``, ``claims.yaml``); they are copied and hashed.
    record
        The folder of its record, which is copied, or None.
    seed, worlds, plans, without
        Any two runs with the same of these have the same rows; `without` names the mechanisms that
        are switched off.
    as_of
        The day to whose knowledge worlds are held, and the record is cut; none if worlds know
        nothing of the record.
    """

    case: CaseFile
    texts: dict[str, str]
    record: Path | None
    seed: int
    worlds: int
    plans: tuple[str, ...]
    without: tuple[str, ...] = ()
    as_of: date | None = None

    @property
    def run_id(self) -> str:
        """Ten hexadecimal digits that stand for everything that determines the rows."""
        about = [
            store.FORMAT,
            version("ripeness"),
            self.case_hash,
            self.seed,
            self.worlds,
            self.plans,
            self.without,
        ]
        if self.as_of is not None and self.record is not None:
            tables = {file.name: file.read_text() for file in sorted(self.record.glob("*.csv"))}
            about += [self.as_of.isoformat(), tables]
        return hashlib.sha256(json.dumps(about).encode()).hexdigest()[:10]

    @property
    def case_hash(self) -> str:
        """Hash of the case's files."""
        text = json.dumps(self.texts, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def request(
    case: CaseFile,
    texts: dict[str, str],
    record: Path | None,
    seed: int,
    worlds: int,
    plans: Iterable[str] | None,
    without: Iterable[str] = (),
) -> Request:
    """Check what is asked for.

    Raises
    ------
    UsageError
        For an unknown plan or mechanism, or a number of worlds or a seed out of bounds.
    """
    chosen = tuple(dict.fromkeys(case.plans if plans is None else plans))
    for plan in chosen:
        if plan not in case.plans:
            hint = suggest(plan, case.plans) or f"; it has {', '.join(case.plans)}"
            raise UsageError(f"case {case.id!r} has no plan {plan!r}{hint}")
    if not chosen:
        raise UsageError(f"no plan to run; case {case.id!r} has {', '.join(case.plans)}")
    if not 1 <= worlds <= MOST_WORLDS:
        raise UsageError(f"worlds must be from 1 to {MOST_WORLDS:,}, not {worlds:,}")
    if not 0 <= seed < 2**31:
        raise UsageError(f"seed must be from 0 to {2**31 - 1}, not {seed}")
    return Request(case, texts, record, seed, worlds, chosen, mechanisms.known(without))
