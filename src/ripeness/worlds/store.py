"""The run folder: Parquet parts, weekly quantiles, whole trajectories, and what was run.

A folder is written beside its place and moved there when it is whole, so nothing half-written is
ever found.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from ripeness.errors import RipenessError, UsageError, suggest

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
"""Version of the folder's layout; a reader refuses another."""

BEFORE = "before"
"""Folder, in that of a run as of a day, of the same worlds before the record."""

FULL = "No space left"
ABOUT = (
    "run_id",
    "ripeness",
    "case",
    "title",
    "case_hash",
    "seed",
    "worlds",
    "charted_worlds",
    "weeks",
    "decision_date",
    "milestones",
    "plans",
    "sides",
    "sectors",
    "supporters",
    "deals",
    "settlement",
    "columns",
)
"""What every run.json says."""


@contextmanager
def whole_folder(place: Path, kind: str = "run") -> Iterator[Path]:
    """Give a new folder to write to; it takes its place only if nothing fails.

    Parameters
    ----------
    place
        Where it is to be. What is there already is replaced if it is a folder of the same kind.
    kind
        A folder of the kind ``run`` is known by its ``run.json``.

    Raises
    ------
    RipenessError
        If the place cannot be written or the disk is full.
    """
    beside = place.parent / f".{place.name}.{os.getpid()}.partial"
    made = [parent for parent in place.absolute().parents if not parent.exists()]
    try:
        if place.exists() and not (place / f"{kind}.json").is_file():
            named = f"{'an' if kind[0] in 'aeiou' else 'a'} {kind} folder"
            raise UsageError(f"{place} exists and is not {named}; choose another with --out")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir()
        yield beside
        old = place.parent / f".{place.name}.{os.getpid()}.old"
        if place.exists():
            place.rename(old)
        beside.rename(place)
        shutil.rmtree(old, ignore_errors=True)
    except (OSError, duckdb.IOException) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        if FULL in str(error):
            reason = "no space left on the disk"
        raise RipenessError(f"cannot write {place}: {reason}; nothing was kept") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        for parent in made:
            with suppress(OSError):  # not empty: the run took its place, or another is under way
                parent.rmdir()


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as Parquet, the same bytes for the same rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("frame", frame)
        target = str(path).replace("'", "''")
        connection.execute(
            f"copy (select * from frame) to '{target}' (format parquet, compression zstd)"
        )


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write a JSON file for people and programs."""
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_run(folder: Path) -> dict[str, Any]:
    """Read what a run folder says of itself.

    Raises
    ------
    UsageError
        If it is not a run folder, or one of another format.
    """
    path = folder / "run.json"
    if not path.is_file():
        raise UsageError(f"{folder} is not a run folder: it has no run.json")
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        written_as = about["format"]
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise UsageError(f"{path} cannot be read as a run: {error}") from error
    if written_as != FORMAT:
        raise UsageError(
            f"{folder} was written by another version of ripeness (format {written_as}; this one "
            f"reads format {FORMAT}): run the case again"
        )
    if missing := [name for name in ABOUT if name not in about]:
        raise UsageError(f"{path} is damaged: it lacks {missing[0]!r}; run the case again")
    return about


def parts(folder: Path) -> list[Path]:
    """List the Parquet parts of the table, in order."""
    found = sorted((folder / "worlds").glob("block-*.parquet"))
    if not found:
        raise UsageError(f"{folder} has no worlds: run the case again")
    return found


def read_columns(folder: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Read columns of the table of worlds, all if none is named.

    Raises
    ------
    UsageError
        If there is no such column.
    """
    with duckdb.connect() as connection:
        table = connection.read_parquet([str(part) for part in parts(folder)])
        for name in columns:
            if name not in table.columns:
                raise UsageError(f"the table has no column {name!r}{suggest(name, table.columns)}")
        wanted = ", ".join(f'"{name}"' for name in columns) or "*"
        return table.project(wanted).df()
