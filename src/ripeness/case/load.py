"""Finding and reading case files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ripeness.case.checks import check_case
from ripeness.case.measures import measured_parts
from ripeness.case.observed import in_record, observed_parts
from ripeness.case.schema import CaseFile
from ripeness.errors import UsageError, suggest
from ripeness.problems import Wrong
from ripeness.yamlfile import each, read_model

CASE_FILE = "case.yaml"
CLAIMS_FILE = "claims.yaml"
RECORD_FOLDER = "record"
HINDCAST_FILE, MIRROR_FILE, TIMELINE_FILE = "hindcast.json", "mirror.json", "timeline.json"
"""What may lie beside a case file, made once: runs copy it to show it."""

_SHIPPED = Path(__file__).parent.parent / "cases"


def shipped() -> tuple[str, ...]:
    """Return the names of the cases that come with Ripeness."""
    return tuple(sorted(file.parent.name for file in _SHIPPED.glob(f"*/{CASE_FILE}")))


def load(name_or_path: str | Path) -> CaseFile:
    """Read and check a case.

    Parameters
    ----------
    name_or_path
        The name of a shipped case, a folder that holds a case.yaml, or a case file.

    Raises
    ------
    UsageError
        There is no such case, or its file cannot be read.
    InvalidFile
        The file is wrong; holds all its problems.
    """
    path = case_file(name_or_path)

    def checks(data: Any) -> Iterator[Wrong]:
        yield from check_case(data)
        yield from _fits_its_folder(data, path)
        parts = (*observed_parts(data), *measured_parts(data))
        yield from in_record(parts, path.parent / RECORD_FOLDER)

    return read_model(path, CaseFile, checks)


def case_file(name_or_path: str | Path) -> Path:
    """Return the file of a case, given as `load` takes it; its existence is not sure."""
    if name_or_path in shipped():
        return _SHIPPED / name_or_path / CASE_FILE
    path = Path(name_or_path)
    if path.is_dir():
        return path / CASE_FILE
    names_a_file = path.suffix in (".yaml", ".yml") or any(
        mark in str(name_or_path) for mark in (os.sep, "/")
    )
    if not path.exists() and not names_a_file:
        known = shipped()
        right = suggest(str(name_or_path), known) or f"; there are {', '.join(known)}"
        raise UsageError(f"there is no case {str(name_or_path)!r}{right}")
    return path


def _fits_its_folder(data: Any, path: Path) -> Iterator[Wrong]:
    """The case has its folder's name; where a record lies beside it, that has the tables named."""
    folder = path.resolve().parent
    name = data.get("id")
    if path.name == CASE_FILE and isinstance(name, str) and name != folder.name:
        what = f"{name!r} is not the name of its folder; write 'id: {folder.name}'"
        yield Wrong(("id",), what)
    tables = [file.stem for file in (folder / RECORD_FOLDER).glob("*")]
    for place, table in each(data, "sources", "*", "table"):
        if tables and isinstance(table, str) and table not in tables:
            right = suggest(table, tables) or f"; put it there as {table}.csv"
            yield Wrong(place, f"there is no table {table!r} in {RECORD_FOLDER}/{right}")
