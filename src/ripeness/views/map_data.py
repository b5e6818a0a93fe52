"""What moves on the map: each cell's share over the record, and over the worlds of each plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ripeness.errors import UsageError
from ripeness.views import rundata
from ripeness.views.ground import TRACE
from ripeness.views.ground_ahead import (
    PROBABILITIES,
    Front,
    front_abroad,
    front_at_home,
    quantiles_of,
    share_at_most,
)
from ripeness.views.ground_over_time import GroundRecord, observed_ground, read_ground_record
from ripeness.views.rundata import Cell
from ripeness.views.shown import Shown

STEPS = 20
"""Shares are shown in twentieths: of a cell, and of the worlds."""

DIGITS = "0123456789abcdefghijk"
"""One for each step, so that a cell's course is written as a word."""

NEAREST_KM2 = 10
EIGHTY = ("q10", "q50", "q90")


@dataclass(frozen=True)
class SectorGround:
    """A sector on the map.

    Attributes
    ----------
    id, name
        In the case file.
    front
        Its cells in the order in which they change hands.
    recorded
        By week of the record, km² that the first side holds more than at the decision; None if the
        record does not tell.
    worlds
        By plan, the same in the worlds: weeks by `PROBABILITIES`. Empty if the run kept none.
    """

    id: str
    name: str
    front: Front
    recorded: tuple[float, ...] | None
    worlds: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Mover:
    """A cell that changes on the map, or that both hold a part of.

    Attributes
    ----------
    cell
        As of the decision.
    sector
        Name of the sector it is in, "" if in none.
    recorded
        By week of the record, the second side's share of it, in `STEPS`.
    worlds
        By plan, the share of worlds in which the second side holds most of it, in `STEPS` by week
        since the decision; empty if no plan moves it.
    """

    cell: Cell
    sector: str
    recorded: tuple[int, ...]
    worlds: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class MovingGround:
    """All that moves: the record, the sectors in the case's order, the cells of both soils.

    The cells of the first side's soil come first.
    """

    decision: date
    record: GroundRecord
    sectors: tuple[SectorGround, ...]
    movers: tuple[Mover, ...]

    @property
    def has_worlds(self) -> bool:
        """Whether the run kept where the worlds' ground goes."""
        return any(sector.worlds for sector in self.sectors)

    def changing(self) -> dict[str, list[str]]:
        """The cells by the name of their sector."""
        found: dict[str, list[str]] = {}
        for mover in self.movers:
            found.setdefault(mover.sector, []).append(mover.cell.h3)
        return found


def read_moving_ground(shown: Shown, record_folder: Path, control: Sequence[Cell]) -> MovingGround:
    """Follow every cell of the map over the record and the worlds of a run.

    Parameters
    ----------
    record_folder
        The record, with cells.
    control
        Who held what on the day of the decision.
    """
    decision = date.fromisoformat(shown.card.decision_date)
    first = next(iter(shown.card.sides.values()))
    record = read_ground_record(record_folder, decision, control, first)
    weekly = _weekly(shown)
    sectors = tuple(
        _sector(shown, record_folder, record, control, weekly, name)
        for name, entry in shown.case["sectors"].items()
        if entry.get("map")
    )
    at_home_first = sorted(control, key=lambda cell: cell.country != first)
    return MovingGround(decision, record, sectors, _movers(record, sectors, at_home_first))


def _step(share: float) -> int:
    """Write the share of a cell in twentieths; what lies in between is never none and never all."""
    between = int(0 < share < 1)
    return min(max(round(share * STEPS), between), STEPS - between)


def _weekly(shown: Shown) -> pd.DataFrame:
    try:
        return rundata.read_weekly(shown.folder)
    except UsageError:
        return pd.DataFrame({name: [] for name in ("plan", "series", *PROBABILITIES)})


def _sector(
    shown: Shown,
    record_folder: Path,
    record: GroundRecord,
    control: Sequence[Cell],
    weekly: pd.DataFrame,
    sector: str,
) -> SectorGround:
    entry, series = shown.case["sectors"][sector], f"ground_{sector}"
    first = next(iter(shown.card.sides.values()))
    found = {plan: quantiles_of(weekly, plan, series) for plan in shown.card.plans}
    levels = {plan: values for plan, values in found.items() if len(values)}
    base = float(next(iter(levels.values()))[0].mean()) if levels else 0.0
    at_home = any(cell.country == first for cell in control if cell.oblast in entry["map"])
    if at_home:
        front = front_at_home(control, first, entry["map"], base)
        held = record.held_km2(entry["map"])
        recorded = [held[-record.weeks[0]] - km2 for km2 in held]
    else:
        front = front_abroad(control, first, entry["map"])
        decision = date.fromisoformat(shown.card.decision_date)
        recorded = observed_ground(shown.case, record_folder, decision, series, record.weeks)
    return SectorGround(
        id=sector,
        name=entry["name"],
        front=front,
        recorded=None if recorded is None else tuple(recorded),
        worlds={plan: values - base for plan, values in levels.items()},
    )


def _movers(
    record: GroundRecord, sectors: Sequence[SectorGround], control: Sequence[Cell]
) -> tuple[Mover, ...]:
    drawn = record.drawn()
    of: dict[str, SectorGround] = {}
    ahead: dict[str, Mapping[str, tuple[int, ...]]] = {}
    abroad: dict[str, list[float]] = {}
    for sector in sectors:
        tipping = sector.front.tipping()
        courses = {ground: _ahead(sector, ground) for ground in set(tipping.values())}
        for cell, ground in tipping.items():
            if cell not in of:
                of[cell], ahead[cell] = sector, courses[ground]
        if sector.recorded is not None and all(c not in drawn for c in sector.front.cells):
            by_week = [sector.front.shares(ground) for ground in sector.recorded]
            abroad |= {cell: [week[cell] for week in by_week] for cell in sector.front.cells}
    weeks, now = len(record.weeks), -record.weeks[0]
    found = []
    for cell in control:
        own = drawn.get(cell.h3) or abroad.get(cell.h3)
        course = own or [float(cell.h3 in of and of[cell.h3].front.cells[cell.h3].share)] * weeks
        worlds = ahead.get(cell.h3, {})
        moves = max(course) - min(course) > TRACE or 0 < course[now] < 1
        if moves or any(len(set(steps)) > 1 for steps in worlds.values()):
            found.append(
                Mover(
                    cell=cell,
                    sector=of[cell.h3].name if cell.h3 in of else "",
                    recorded=tuple(map(_step, course)),
                    worlds=worlds,
                )
            )
    return tuple(found)


def _ahead(sector: SectorGround, tipping: float) -> dict[str, tuple[int, ...]]:
    change = tipping - sector.front.base
    return {
        plan: tuple(np.rint(STEPS * share_at_most(values, change)).astype(int).tolist())
        for plan, values in sector.worlds.items()
    }


def payload(ground: MovingGround, plans: Mapping[str, str]) -> dict[str, Any]:
    """Write what the map's script reads.

    Parameters
    ----------
    plans
        What the plans are called, by their ids.

    Returns
    -------
    dict
        `first`, `record`, `last`: weeks, of the record's first and last and of the worlds' last;
        `known` and `held` by week of the record; for each cell its oblast, the number of its course
        in the worlds (-1 for none) and what it has from which week of the record on; for each plan
        and course, a digit a week; for each sector the change of what the first side holds, in
        the record and as low, median and high of 80 % of worlds by week, a plan at a time; nothing
        where that is not known.
    """
    record = ground.record
    oblasts = sorted({mover.cell.oblast for mover in ground.movers})
    courses: dict[tuple[str, ...], int] = {}
    cells = []
    for mover in ground.movers:
        moved = [mover.worlds[plan] for plan in plans if mover.worlds]
        words = tuple("".join(DIGITS[each] for each in steps) for steps in moved)
        course = courses.setdefault(words, len(courses)) if words else -1
        cells.append([oblasts.index(mover.cell.oblast), course, _changes(record, mover.recorded)])
    last = max(
        (len(values) - 1 for sector in ground.sectors for values in sector.worlds.values()),
        default=record.weeks[-1],
    )
    return {
        "decision": ground.decision.isoformat(),
        "first": record.weeks[0],
        "record": record.weeks[-1],
        "last": max(last, record.weeks[-1]),
        "known": [day.isoformat() for day in record.known],
        "held": [round(km2) for km2 in record.held_km2()],
        "oblasts": oblasts,
        "cells": cells,
        "plans": [
            {
                "id": plan,
                "name": name,
                "courses": [words[at] for words in courses],
                "sectors": [
                    _eighty(sector.worlds[plan]) if sector.worlds else None
                    for sector in ground.sectors
                ],
            }
            for at, (plan, name) in enumerate(plans.items())
            if ground.has_worlds
        ],
        "sectors": [
            {"name": sector.name, "record": sector.recorded and _rounded(sector.recorded)}
            for sector in ground.sectors
        ],
    }


def _changes(record: GroundRecord, steps: Sequence[int]) -> list[int]:
    """From which week on it has which step: week, step, week, step, and so on."""
    found: list[int] = []
    for week, value in zip(record.weeks, steps, strict=True):
        if not found or found[-1] != value:
            found += [week, value]
    return found


def _eighty(values: np.ndarray) -> list[list[int]]:
    at = [list(PROBABILITIES).index(name) for name in EIGHTY]
    return [_rounded(values[:, place].tolist()) for place in at]


def _rounded(values: Sequence[float]) -> list[int]:
    return [round(value / NEAREST_KM2) * NEAREST_KM2 for value in values]
