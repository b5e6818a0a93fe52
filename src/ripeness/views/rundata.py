"""What the views read: a run's card (``run.json``) and small tables, and the cells of the map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

import duckdb
import pandas as pd

from ripeness.errors import UsageError

SAMPLES = 5
CONTROL, CELLS, BOUNDARIES = "control_cells.csv", "cells.csv", "boundaries.topojson"


@dataclass(frozen=True)
class RunCard:
    """What was run, as ``run.json`` says it.

    Attributes
    ----------
    worlds, charted_worlds
        How many worlds there are, and how many of them the charts draw on.
    sides, sectors, deals
        Names by id, in the order of the case.
    columns
        Unit and meaning of each column of the table of worlds, by its name.
    fit
        By side, the share of variance that its estimated value of going on explains out of sample.
    fit_error
        By side, the standard error of that estimate, points of the stake.
    without
        The mechanisms that were switched off.
    decision_date
        ISO date; week 0 begins on it.
    milestones
        Weeks after the decision at which outcomes are kept.
    as_of
        ISO date of the day to whose knowledge worlds are held; None if they know nothing of the
        record.
    """

    run_id: str
    case: str
    title: str
    case_hash: str
    version: str
    seed: int
    worlds: int
    charted_worlds: int
    weeks: int
    decision_date: str
    plans: tuple[str, ...]
    milestones: tuple[int, ...]
    sides: Mapping[str, str]
    sectors: Mapping[str, str]
    deals: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]
    fit: Mapping[str, float]
    fit_error: Mapping[str, float]
    without: tuple[str, ...] = ()
    as_of: str | None = None

    @classmethod
    def of(cls, run: Mapping[str, Any]) -> RunCard:
        """Take the card from the content of ``run.json``."""
        return cls(
            run_id=run["run_id"],
            case=run["case"],
            title=run["title"],
            case_hash=run["case_hash"],
            version=run["ripeness"],
            seed=run["seed"],
            worlds=run["worlds"],
            charted_worlds=run["charted_worlds"],
            weeks=run["weeks"],
            decision_date=str(run["decision_date"]),
            plans=tuple(run["plans"]),
            milestones=tuple(run["milestones"]),
            sides=_names(run["sides"]),
            sectors=_names(run["sectors"]),
            deals=_names(run["deals"]),
            columns=run["columns"],
            fit=run["settlement"]["r2_out_of_sample"],
            fit_error=run["settlement"]["error_points"],
            without=tuple(run.get("without", ())),
            as_of=run.get("as_of"),
        )

    def nearest_milestone(self, weeks: int) -> int:
        """The milestone closest to so many weeks after the decision."""
        return min(self.milestones, key=lambda milestone: abs(milestone - weeks))


@dataclass(frozen=True)
class Cell:
    """One H3 cell of the map of the ground.

    Attributes
    ----------
    h3
        The cell's index.
    oblast, country
        In which its centre lies.
    km2
        Its area, sea included.
    share
        Share of it held by the second side, 0 to 1.
    known
        Day of that figure; None if there never was one.
    """

    h3: str
    oblast: str
    country: str
    km2: float
    share: float
    known: date | None


def read_weekly(folder: Path) -> pd.DataFrame:
    """Weekly quantiles over worlds: plan, series, week, q025 ... q975, mean."""
    return _read(folder, "weekly", "select * from t order by plan, series, week")


def read_samples(folder: Path, count: int = SAMPLES) -> pd.DataFrame:
    """The first `count` whole trajectories: plan, world, week and a column a series."""
    first = f"select distinct world from t order by world limit {int(count)}"
    query = f"select * from t where world in ({first}) order by plan, world, week"
    return _read(folder, "trajectories", query)


def read_negotiation(folder: Path, week: int) -> pd.DataFrame:
    """The deals as both sides value them at one milestone, a row for each plan and deal."""
    return _read(folder, "negotiation", f"select * from t where week = {int(week)}")


def where(frame: pd.DataFrame, column: str, value: object) -> pd.DataFrame:
    """The rows of a frame in which a column has a value."""
    return cast(pd.DataFrame, frame[frame[column] == value])


def has_map(record_folder: Path) -> bool:
    """Whether a record holds what the map of the ground needs."""
    return all((record_folder / name).is_file() for name in (CONTROL, CELLS, BOUNDARIES))


def read_control(record_folder: Path, day: str) -> tuple[Cell, ...]:
    """Read who held what as known on a day.

    The last share known on the day is carried forward; a cell that was never listed holds 0.
    """
    with duckdb.connect() as connection:
        rows = connection.execute(
            """
            with last as (
                select h3_cell, arg_max(share_occupied, date) as share, max(date) as known
                from read_csv(?) where date <= ?::date group by h3_cell
            )
            select h3_cell, oblast, country, cell_km2, coalesce(share, 0.0), known
            from read_csv(?) left join last using (h3_cell) order by h3_cell
            """,
            [str(record_folder / CONTROL), day, str(record_folder / CELLS)],
        ).fetchall()
    return tuple(Cell(*row) for row in rows)


def _read(folder: Path, table: str, query: str) -> pd.DataFrame:
    file = folder / f"{table}.parquet"
    if not file.is_file():
        raise UsageError(f"'{folder}' is not a whole run: {file.name} is missing")
    with duckdb.connect() as connection:
        connection.read_parquet(str(file)).create_view("t")
        return connection.execute(query).df()


def _names(entries: list[dict[str, str]]) -> dict[str, str]:
    return {entry["id"]: entry.get("name", entry["id"]) for entry in entries}
