"""The ground ahead: where it would change hands if worlds move it a number of km² in a sector.

The model knows how much ground the first side holds in a sector, not where. For a map it is taken
evenly along the sector's front, what lies nearest first: cells in rings about what the other side
holds, each ring filling before the next begins, and each cell of a ring by the same part.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

import h3
import numpy as np
import pandas as pd

from ripeness.views.ground import TRACE, contested_cells
from ripeness.views.rundata import Cell, where

PROBABILITIES = {
    "q025": 0.025, "q10": 0.1, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q90": 0.9, "q975": 0.975
}  # fmt: skip
"""The quantiles that a run keeps of its weekly series."""

Ring = tuple[Cell, ...]


@dataclass(frozen=True)
class Front:
    """A sector's cells in the order in which they change hands.

    Attributes
    ----------
    base
        What the first side holds, km², as the cells stand.
    losing
        What changes hands if the first side holds less: rings, the nearest first.
    gaining
        And if it holds more.
    """

    base: float
    losing: tuple[Ring, ...]
    gaining: tuple[Ring, ...]

    @property
    def cells(self) -> dict[str, Cell]:
        """The cells, by their index."""
        return {cell.h3: cell for ring in (*self.losing, *self.gaining) for cell in ring}

    def shares(self, ground: float) -> dict[str, float]:
        """Give the second side's share of each cell when the first holds so much ground.

        Parameters
        ----------
        ground
            km² held by the first side in the sector.
        """
        found = {name: cell.share for name, cell in self.cells.items()}
        for ring, before, size in _measured(self.losing, _not_second):
            part = min(max((self.base - ground - before) / size, 0.0), 1.0)
            found |= {cell.h3: cell.share + part * (1 - cell.share) for cell in ring if part}
        for ring, before, size in _measured(self.gaining, _second):
            part = min(max((ground - self.base - before) / size, 0.0), 1.0)
            found |= {cell.h3: cell.share * (1 - part) for cell in ring if part}
        return found

    def tipping(self) -> dict[str, float]:
        """Give for each cell the ground, km², up to which the second side holds most of it.

        The first side holds more than half of the cell where it holds more ground than that in the
        sector.
        """
        found = {name: inf if cell.share >= 0.5 else -inf for name, cell in self.cells.items()}
        for ring, before, size in _measured(self.losing, _not_second):
            for cell in ring:
                if cell.share < 0.5:
                    part = (0.5 - cell.share) / (1 - cell.share)
                    found[cell.h3] = self.base - before - part * size
        for ring, before, size in _measured(self.gaining, _second):
            for cell in ring:
                if cell.share >= 0.5:
                    part = (cell.share - 0.5) / cell.share
                    found[cell.h3] = self.base + before + part * size
        return found


def front_at_home(
    control: Sequence[Cell], first: str, oblasts: Collection[str], ground: float
) -> Front:
    """Order the cells of a sector on the first side's soil about the line of control.

    The line bounds what the second side wholly holds of that soil, or its own soil where it holds
    none of the sector; a pocket away from the line stands still.

    Parameters
    ----------
    control
        Who holds what; cells of the second side's own soil count as its own.
    first
        The first side's name, which is its country's in the table of cells.
    oblasts
        Those of the sector.
    ground
        What the first side holds of the sector, km².
    """
    home = [cell for cell in control if cell.country == first]
    contested = contested_cells({cell.h3: cell.share for cell in home})
    whole = [
        cell if cell.h3 in contested else replace(cell, share=float(cell.share > TRACE))
        for cell in home
    ]
    mine = {cell.h3: cell for cell in whole if cell.oblast in oblasts}
    free = {cell.h3 for cell in whole if cell.share == 0}
    held = {cell.h3 for cell in whole if cell.share == 1}
    abroad = {cell.h3 for cell in control if cell.country != first}
    at_line = _rings(_of(mine, contested), held)
    at_front = tuple(cell for ring in at_line for cell in ring)
    line = {cell.h3 for cell in at_front}
    losing = _rings(_of(mine, free), held | line) or _rings(_of(mine, free), abroad)
    gaining = _rings(_of(mine, held), free | contested)
    first_ring = (at_front,) if at_front else ()
    return Front(ground, (*first_ring, *losing), (*first_ring, *gaining))


def front_abroad(control: Sequence[Cell], first: str, oblasts: Collection[str]) -> Front:
    """Order the cells of a sector on the second side's soil about a way in from the border.

    The way in is the cell on the border that lies nearest to the middle of the sector's regions.
    """
    soil = {cell.h3 for cell in control if cell.country == first}
    mine = {
        cell.h3: replace(cell, share=1.0)
        for cell in control
        if cell.country != first and cell.oblast in oblasts
    }
    border = [name for name in mine if not soil.isdisjoint(h3.grid_disk(name, 1))]
    if not border:
        return Front(0.0, (), ())
    places = np.array([h3.cell_to_latlng(name) for name in mine])
    middle = (float(places[:, 0].mean()), float(places[:, 1].mean()))
    way_in = min(border, key=lambda cell: h3.great_circle_distance(h3.cell_to_latlng(cell), middle))
    return Front(0.0, (), ((mine[way_in],), *_rings(mine, {way_in})))


def share_at_most(quantiles: np.ndarray, ground: float) -> np.ndarray:
    """Give the share of worlds in which a series is at most a value, week by week.

    Parameters
    ----------
    quantiles
        Weeks by quantiles of `PROBABILITIES`, ascending in each week.
    ground
        The value.

    Returns
    -------
    numpy.ndarray
        Straight between the quantiles; 0 or 1 outside them, where it is below 1 in 40 or above 39.
    """
    at = np.array([0.0, *PROBABILITIES.values(), 1.0])
    below = (quantiles <= ground).sum(axis=1)
    weeks, last = np.arange(len(quantiles)), quantiles.shape[1]
    inside = (below > 0) & (below < last)
    left = quantiles[weeks, np.maximum(below - 1, 0)]
    right = quantiles[weeks, np.minimum(below, last - 1)]
    width = np.where(inside, right - left, 1.0)
    between = at[below] + (at[np.minimum(below + 1, last)] - at[below]) * (ground - left) / width
    return np.where(inside, between, (below == last).astype(float))


def quantiles_of(weekly: pd.DataFrame, plan: str, series: str) -> np.ndarray:
    """Take the quantiles of a series from the weekly table: weeks by `PROBABILITIES`."""
    rows = where(where(weekly, "plan", plan), "series", series)
    return rows[list(PROBABILITIES)].to_numpy(dtype=float)


def _not_second(cell: Cell) -> float:
    return (1 - cell.share) * cell.km2


def _second(cell: Cell) -> float:
    return cell.share * cell.km2


def _measured(
    rings: Sequence[Ring], changing: Callable[[Cell], float]
) -> Iterator[tuple[Ring, float, float]]:
    """Each ring with the km² that change hands before it, and in it."""
    before = 0.0
    for ring in rings:
        size = sum(changing(cell) for cell in ring)
        yield ring, before, size
        before += size


def _of(cells: Mapping[str, Cell], wanted: Collection[str]) -> dict[str, Cell]:
    return {name: cell for name, cell in cells.items() if name in wanted}


def _rings(cells: Mapping[str, Cell], start: Collection[str]) -> list[Ring]:
    """Part cells into rings about a start, as far as they hang together."""
    rings, seen, outer = [], set(start), set(start)
    while outer:
        near = {name for cell in outer for name in h3.grid_disk(cell, 1)}
        outer = (near & cells.keys()) - seen
        seen |= outer
        if outer:
            rings.append(tuple(cells[name] for name in sorted(outer)))
    return rings
