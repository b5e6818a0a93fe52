"""The ground over time, from the record: who held what, week by week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from pathlib import Path
from typing import Any

import duckdb

from ripeness.case.observed import Observed
from ripeness.errors import UsageError
from ripeness.record.observations import observe
from ripeness.views.ground import TRACE, contested_cells
from ripeness.views.rundata import CONTROL, Cell

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class GroundRecord:
    """Who held the first side's soil, in each week of the record.

    Weeks count from the decision, as the worlds' do; the days of the record need not be theirs, so
    that a week has what was last known on its day.

    Attributes
    ----------
    weeks
        From the first of which the record knows to the last; the decision's, 0, is among them.
    known
        By week, the day of the last figures.
    home
        The cells of the first side's soil.
    shares
        By cell that the record ever speaks of, the second side's share week by week, 0 to 1.
    """

    weeks: range
    known: tuple[date, ...]
    home: tuple[Cell, ...]
    shares: Mapping[str, tuple[float, ...]]

    def held_km2(self, oblasts: Iterable[str] | None = None) -> list[float]:
        """Add up what the second side held, by week; in some oblasts or in all."""
        wanted = None if oblasts is None else set(oblasts)
        cells = [
            (cell.km2, self.shares[cell.h3])
            for cell in self.home
            if cell.h3 in self.shares and (wanted is None or cell.oblast in wanted)
        ]
        return [sum(km2 * of[at] for km2, of in cells) for at in range(len(self.weeks))]

    def drawn(self) -> dict[str, tuple[float, ...]]:
        """Give the shares as a map shows them, by cell: in between only at the front.

        Elsewhere a cell that is held in part is cut by a coast or a border.
        """
        unheld = dict.fromkeys((cell.h3 for cell in self.home), 0.0)
        weeks = []
        for at in range(len(self.weeks)):
            shares = {cell: of[at] for cell, of in self.shares.items()}
            contested = contested_cells(unheld | shares)
            weeks.append(
                {
                    cell: share if cell in contested else float(share > TRACE)
                    for cell, share in shares.items()
                }
            )
        return {cell: tuple(week[cell] for week in weeks) for cell in self.shares}


def read_ground_record(
    record_folder: Path, decision: date, control: Sequence[Cell], first: str
) -> GroundRecord:
    """Read the control of cells over all days of the record.

    Parameters
    ----------
    decision
        The day on which week 0 begins.
    control
        The cells, as of any day.
    first
        The first side's name, which is its country's in the table of cells.
    """
    home = tuple(cell for cell in control if cell.country == first)
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select date, h3_cell, share_occupied from read_csv(?) order by date",
            [str(record_folder / CONTROL)],
        ).fetchall()
    days = sorted({day for day, _, _ in rows})
    weeks = range(min(0, _week_of(days[0], decision)), max(0, _week_of(days[-1], decision)) + 1)
    ours = {cell.h3 for cell in home}
    figures: dict[str, dict[int, float]] = {}
    for day, cell, share in rows:  # of several in one week, the last
        if cell in ours:
            figures.setdefault(cell, {})[_week_of(day, decision)] = share
    return GroundRecord(
        weeks=weeks,
        known=tuple(max(day for day in days if day <= decision + week * WEEK) for week in weeks),
        home=home,
        shares={cell: tuple(carried(of, weeks, 0.0)) for cell, of in figures.items()},
    )


def observed_ground(
    case: Mapping[str, Any], record_folder: Path, decision: date, series: str, weeks: range
) -> list[float] | None:
    """Read what the first side held in a sector of which the record knows the area alone.

    Parameters
    ----------
    case
        The content of the case file, which says what was observed.
    series
        The worlds' series of that ground.
    weeks
        Those wanted.

    Returns
    -------
    list of float or None
        km² by week, carried forward from the last estimate and 0 before the first; None if the case
        declares none.
    """
    figures: dict[int, tuple[date, float]] = {}
    for name, content in case.get("observed", {}).items():
        declared = Observed.model_validate(content)
        if declared.series != series or declared.how != "level":
            continue
        try:
            seen = observe(name, declared, decision, weeks[-1] * 7, record_folder)
        except UsageError:
            continue  # the record has too little of it
        for day, value in zip(seen.dates, seen.values.tolist(), strict=True):
            week = _week_of(day, decision)
            figures[week] = max(figures.get(week, (day, value)), (day, value))
    if not figures:
        return None
    return carried({week: value for week, (_, value) in figures.items()}, weeks, 0.0)


def carried(figures: Mapping[int, float], weeks: range, before: float) -> list[float]:
    """Carry the last figure forward into each week, beginning with a value before the first."""
    carried_on, last = [], before
    for week in weeks:
        last = figures.get(week, last)
        carried_on.append(last)
    return carried_on


def _week_of(day: date, decision: date) -> int:
    """The first week on whose day a figure of a day is known."""
    return ceil((day - decision) / WEEK)
