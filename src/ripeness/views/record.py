"""The record in a terminal: what its tables hold, and the rows of one of them."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from ripeness.views.terminal import WIDTH

Row = Mapping[str, Any]

ABOUT_A_ROW = ("source", "confidence", "known", "licence", "note", "compiled_by")
"""Columns that say where a row comes from, and not what happened."""

RECALLED_MARK = "*"
NARROWEST = 16
"""Characters a line that a text is broken to before a column is left out."""

GAP = 2


def table_list(tables: Sequence[Row]) -> str:
    """Lay out what the tables of a record hold, a line or two a table."""
    rows = [
        {
            "table": each["table"],
            "rows": f"{each['rows']:,}",
            "recalled": f"{each['recalled']:,}" if each["recalled"] else "",
            "from": each["first"] or "",
            "to": each["last"] or "",
        }
        for each in tables
    ]
    titles = [each["holds"] for each in tables]
    head, *lines = laid_out(rows, right=("rows", "recalled")).splitlines()
    width = max(map(len, (head, *lines))) + GAP
    shown = [head.ljust(width) + "what it holds"]
    for line, title in zip(lines, titles, strict=True):
        first, *others = textwrap.wrap(title, WIDTH - width) or [""]
        shown.append((line.ljust(width) + first).rstrip())
        shown += [" " * width + other for other in others]
    return "\n".join(shown)


def table_text(rows: Sequence[Row], columns: Sequence[str], as_of: str | None, unknown: int) -> str:
    """Lay out the rows of a table, and say how many there are and what is left out.

    Parameters
    ----------
    rows
        A value of every column; None where there is none.
    columns
        In their order; as many of them as fit are shown.
    as_of
        The day of which these rows were known, or None for all rows.
    unknown
        How many rows were not yet known then.
    """
    shown, left_out = _rows(rows, columns)
    told = f"{len(rows):,} rows"
    if as_of is not None:
        told += f" known on {as_of}, {unknown:,} not yet known"
    if any(map(_is_recalled, rows)):
        told += f"; {RECALLED_MARK} recalled, at least in part"
    parts = [shown, "", told] if shown else [told]
    if left_out:
        lacking = f"For want of room without {', '.join(left_out)}; --json has every column."
        parts += textwrap.wrap(lacking, WIDTH)
    return "\n".join(parts)


def _rows(rows: Sequence[Row], columns: Sequence[str]) -> tuple[str, list[str]]:
    """Lay out the columns that fit, and name those that do not."""
    texts: list[dict[str, str]] = [
        {column: _text(row[column]) for column in columns} for row in rows
    ]
    own = [name for name in columns if name not in ABOUT_A_ROW and not name.endswith("_known")]
    filled = [name for name in own if any(text[name] for text in texts)]
    recalled = [_is_recalled(row) for row in rows]
    widths = _fitting(texts, filled, WIDTH - (GAP + 1 if any(recalled) else 0))
    shown: list[dict[str, str]] = []
    for text, mark in zip(texts, recalled, strict=True):
        cells = {name: textwrap.wrap(text[name], width) for name, width in widths.items()}
        if any(recalled):
            cells[""] = [RECALLED_MARK] if mark else []
        shown += [
            dict(zip(cells, line, strict=True))
            for line in zip_longest(*cells.values(), fillvalue="")
        ]
    numbers = [name for name in widths if all(_is_number(row[name]) for row in rows)]
    left_out = [name for name in filled if name not in widths]
    return laid_out(shown, numbers), left_out


def laid_out(rows: Sequence[Mapping[str, str]], right: Sequence[str] = ()) -> str:
    """Align cells under the names of their columns; `right` names those of numbers."""
    if not rows:
        return ""
    columns = list(rows[0])
    widths = {name: max(_head(name), *(len(row[name]) for row in rows)) for name in columns}
    heads = {name: textwrap.wrap(name.replace("_", " "), max(widths[name], 1)) for name in columns}
    tall = max(map(len, heads.values()))
    lines = [
        {name: ([""] * (tall - len(head)) + head)[line] for name, head in heads.items()}
        for line in range(tall)
    ]
    return "\n".join(
        (" " * GAP)
        .join(
            row[name].rjust(widths[name]) if name in right else row[name].ljust(widths[name])
            for name in columns
        )
        .rstrip()
        for row in (*lines, *rows)
    )


def _fitting(
    texts: Sequence[Mapping[str, str]], columns: Sequence[str], room: int
) -> dict[str, int]:
    """Widths of the columns that fit: each its least, and what is left to those that want more."""
    wanted = {name: max([_head(name), *(len(text[name]) for text in texts)]) for name in columns}
    widths: dict[str, int] = {}
    for name in columns:
        least = min(wanted[name], max(NARROWEST, _head(name)))
        if sum(widths.values()) + GAP * len(widths) + least <= room:
            widths[name] = least
    spare = room - sum(widths.values()) - GAP * (len(widths) - 1)
    for name in sorted(widths, key=lambda name: wanted[name] - widths[name]):
        more = min(wanted[name] - widths[name], spare)
        widths[name] += more
        spare -= more
    return widths


def _head(name: str) -> int:
    """Width of a column's name, a word a line."""
    return max(map(len, name.split("_")))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def _is_number(value: Any) -> bool:
    return value is None or isinstance(value, int | float)


def _is_recalled(row: Row) -> bool:
    return row.get("confidence") == "recalled"
