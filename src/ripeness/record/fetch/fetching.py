"""A series brought up to date in a folder of tables: all of it, or nothing is changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from ripeness.errors import RipenessError, UsageError
from ripeness.record.fetch.download import Client, Download, Missing, download
from ripeness.record.fetch.merge import Merged, merge, replace
from ripeness.record.fetch.source import Source, check
from ripeness.record.tables import read_text

LOG = "fetched.json"


@dataclass(frozen=True)
class Fetched:
    """What a fetch did.

    Attributes
    ----------
    source, table
        Their names.
    urls, sha256
        The files read, and the checksum of each.
    when
        UTC, ISO 8601.
    rows_before, rows_after, rows_changed
        Of the table; changed are those of before that have new values.
    notes
        What was repaired or left out.
    """

    source: str
    table: str
    urls: tuple[str, ...]
    sha256: tuple[str, ...]
    when: str
    rows_before: int
    rows_after: int
    rows_changed: int
    notes: tuple[str, ...]


def fetch(source: Source, folder: Path, client: Client, export: Path | None = None) -> Fetched:
    """Bring one series up to date.

    Parameters
    ----------
    folder
        A record with its tables, which may be written to.
    export
        A file that the user has downloaded; read in place of the source's own.

    Raises
    ------
    RipenessError
        Says why the series cannot be had; nothing is changed then.
    """
    file = folder / f"{source.table}.csv"
    try:
        files, notes = _files(source, client, export)
        existing = read_text(file)
        if list(existing.columns) != list(source.schema.columns):
            raise UsageError(
                f"{file} has the columns of another version of ripeness; name a new folder"
            )
        parsed = source.parse(files, folder)
        check(parsed.rows, source.schema, existing)
        merged = merge(existing, parsed.rows, source.schema.key)
        fetched = _account(source, files, (*notes, *parsed.notes), len(existing), merged)
        log = folder / LOG
        logs = json.loads(log.read_text(encoding="utf-8")) if log.exists() else {}
        logs[source.name] = asdict(fetched)
        content = json.dumps(logs, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        table = merged.table.to_csv(index=False, lineterminator="\n")
        replace({file: table.encode(), log: content.encode()})
    except RipenessError as error:
        raise type(error)(f"{source.name}: {error}; nothing was changed") from None
    except (OSError, ValueError) as error:
        raise RipenessError(f"{source.name}: {error}; nothing was changed") from None
    return fetched


def fetch_all(
    folder: Path, sources: Sequence[Source], client: Client
) -> tuple[tuple[Fetched, ...], tuple[str, ...]]:
    """Bring several series up to date; one that fails does not keep the others from it.

    Returns
    -------
    What was done, and for each series that could not be had why.
    """
    done, failed = [], []
    for source in sources:
        try:
            done.append(fetch(source, folder, client))
        except RipenessError as error:
            failed.append(str(error))
    return tuple(done), tuple(failed)


def copy_record(record: Path, into: Path) -> None:
    """Copy a case's record to the user's folder; files that are there already stay."""
    into.mkdir(parents=True, exist_ok=True)
    for file in sorted(record.iterdir()):
        if file.is_file() and not (into / file.name).exists():
            shutil.copyfile(file, into / file.name)


def _files(
    source: Source, client: Client, export: Path | None
) -> tuple[list[Download], tuple[str, ...]]:
    if export is not None:
        return [Download(export.name, export.read_bytes())], ()
    if not source.urls:
        raise UsageError(
            "its publisher has no file that a program can read; pass a CSV export of it"
        )
    files, missing = [], []
    for url in source.urls:
        try:
            files.append(download(url, client))
        except Missing:
            if not source.gaps:
                raise
            missing.append(url.rsplit("/", 1)[-1])
    if not files:
        raise RipenessError("the server has none of its files")
    return files, (f"not on the server: {', '.join(missing)}",) if missing else ()


def _account(
    source: Source, files: list[Download], notes: tuple[str, ...], before: int, merged: Merged
) -> Fetched:
    return Fetched(
        source=source.name,
        table=source.table,
        urls=tuple(file.url for file in files),
        sha256=tuple(file.sha256 for file in files),
        when=datetime.now(UTC).isoformat(timespec="seconds"),
        rows_before=before,
        rows_after=len(merged.table),
        rows_changed=merged.changed,
        notes=notes,
    )
