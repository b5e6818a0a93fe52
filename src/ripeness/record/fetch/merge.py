"""New rows into an old table, without losing any, and the file replaced in one go."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Merged:
    """A table after a merge, as text, and how many rows were changed and added."""

    table: pd.DataFrame
    changed: int
    added: int


def merge(existing: pd.DataFrame, rows: pd.DataFrame, key: tuple[str, ...]) -> Merged:
    """Add rows to a table, and update those that have the same key.

    Rows that the source no longer has stay, and so does the spelling of a number that is equal. A
    row that changes in nothing else stays known from the day it was known.

    Parameters
    ----------
    existing
        The table as text.
    rows
        With the same columns, of any type.
    """
    import pandas as pd

    old = existing.set_index(list(key), drop=False)
    new = rows.map(_text).set_index(list(key), drop=False)
    both = new.index.intersection(old.index)
    told = [column for column in existing.columns if column != "known"]
    before, after = old[told], new[told]
    same = [all(map(_equal, before.loc[at], after.loc[at])) for at in both]
    updates = both[[not equal for equal in same]]
    added = new.loc[~new.index.isin(old.index)]
    table = old.copy()
    table.loc[updates] = new.loc[updates]
    if len(added):
        table = pd.concat([table, added])
        table = table.reset_index(drop=True).sort_values(key[0], kind="stable")
    return Merged(table.reset_index(drop=True), len(updates), len(added))


def replace(files: dict[Path, bytes]) -> None:
    """Write files so that a reader sees each one whole, as it was or as it is now.

    All are written beside their places first, so that a full disk changes none of them.
    """
    ready: list[tuple[Path, Path]] = []
    try:
        for file, content in files.items():
            handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
            ready.append((Path(name), file))
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(0o644)  # mkstemp's is for the owner alone
        for temporary, file in ready:
            temporary.replace(file)
    finally:
        for temporary, _ in ready:
            temporary.unlink(missing_ok=True)


def _text(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _equal(one: str, other: str) -> bool:
    if one == other:
        return True
    try:
        return float(one) == float(other)
    except ValueError:
        return False
