"""Where a case's figures come from: its sources, what rests on each, and what is only recalled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ripeness.case.schema import CaseFile
from ripeness.record.listing import RECALLED
from ripeness.record.tables import list_tables, read_text


@dataclass(frozen=True)
class Sourced:
    """A source of the case file, and what rests on it.

    Attributes
    ----------
    name, title, confidence, licence, url, table
        As the case file gives them.
    rows, recalled_rows
        Of its table in the record, and how many of them are only recalled.
    figures
        What of the case file names it, as ``assumptions.loss_rate``.
    recalled_figures
        Those of them that are themselves only recalled.
    """

    name: str
    title: str
    confidence: str
    licence: str | None
    url: str | None
    table: str | None
    rows: int
    recalled_rows: int
    figures: tuple[str, ...]
    recalled_figures: tuple[str, ...]

    @property
    def recalled(self) -> bool:
        """Whether it is general knowledge itself, or its table or a figure has some."""
        return bool(self.confidence == RECALLED or self.recalled_rows or self.recalled_figures)


@dataclass(frozen=True)
class Read:
    """Where rows of a table were read: so many of them in one place."""

    table: str
    source: str
    confidence: str
    licence: str
    rows: int


@dataclass(frozen=True)
class Sources:
    """All that a case rests on.

    Attributes
    ----------
    sourced
        The case file's sources.
    read
        Where the rows of the record's tables were read.
    recalled_assumptions
        Assumptions whose range was written from memory.
    """

    sourced: tuple[Sourced, ...]
    read: tuple[Read, ...]
    recalled_assumptions: tuple[str, ...]

    def as_record(self) -> dict[str, Any]:
        """Return all of it as one record, ready for JSON."""
        return {
            "sources": [{**asdict(each), "recalled": each.recalled} for each in self.sourced],
            "read": [asdict(each) for each in self.read],
            "recalled_assumptions": list(self.recalled_assumptions),
        }


def sources(case: CaseFile, folder: Path | None) -> Sources:
    """List what a case and its record rest on; `folder` is None if it has no record."""
    rows = _confidences(folder) if folder is not None else {}
    named = list(_named(case.model_dump(mode="json")))
    return Sources(
        sourced=tuple(
            Sourced(
                name=name,
                title=source.title,
                confidence=source.confidence,
                licence=source.licence,
                url=source.url,
                table=source.table,
                rows=len(rows.get(source.table or "", ())),
                recalled_rows=rows.get(source.table or "", []).count(RECALLED),
                figures=tuple(figure for figure, part in named if name in part["sources"]),
                recalled_figures=tuple(
                    figure
                    for figure, part in named
                    if name in part["sources"] and part.get("confidence") == RECALLED
                ),
            )
            for name, source in case.sources.items()
        ),
        read=tuple(_read(folder)) if folder is not None else (),
        recalled_assumptions=recalled_assumptions(case),
    )


def recalled_assumptions(case: CaseFile) -> tuple[str, ...]:
    """Names of the assumptions whose range was written from memory."""
    return tuple(name for name, a in case.assumptions.items() if a.confidence == RECALLED)


def recalled_rows(folder: Path) -> dict[str, tuple[int, int]]:
    """Give for each table of a record how many rows are only recalled, and how many it has."""
    return {name: (of.count(RECALLED), len(of)) for name, of in _confidences(folder).items()}


def _confidences(folder: Path) -> dict[str, list[str]]:
    """The confidence of every row of every table; blank where the table has none."""
    found = {}
    for name in list_tables(folder):
        table = read_text(folder / f"{name}.csv")
        found[name] = table["confidence"].tolist() if "confidence" in table else [""] * len(table)
    return found


def _named(part: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Find the parts of a case file that name sources, with the path to each."""
    if not isinstance(part, dict):
        return
    if isinstance(part.get("sources"), list):
        yield path, part
    for name, inner in part.items():
        yield from _named(inner, f"{path}.{name}" if path else str(name))


def _read(folder: Path) -> Iterator[Read]:
    told = ["source", "confidence", "licence"]
    for name in list_tables(folder):
        table = read_text(folder / f"{name}.csv")
        if set(told) <= set(table.columns):
            counts = Counter(zip(*(table[column].tolist() for column in told), strict=True))
            for (source, confidence, licence), rows in counts.items():
                yield Read(name, source, confidence, licence, rows)
