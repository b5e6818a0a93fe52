"""A titled table of the terminal: the one look of all of them (rich)."""

from __future__ import annotations

from rich.table import Table


def titled(title: str, gap: int = 0) -> Table:
    """Begin a table as wide as it may be, without lines, under a bold title.

    Parameters
    ----------
    gap
        Empty lines after each row.
    """
    return Table(
        title=f"\n{title}",
        title_justify="left",
        title_style="bold",
        box=None,
        expand=True,
        padding=(0, 2, gap, 0),
        header_style="dim",
    )
