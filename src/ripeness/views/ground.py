"""The map of the ground: what lies still on it, who held what on one day, where names stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import h3
import pandas as pd

from ripeness.views.geometry import (
    Albers,
    Boundaries,
    GeoJson,
    Point,
    Unit,
    lines,
    merged_shape,
    polygon,
    read_boundaries,
)
from ripeness.views.rundata import Cell

HELD = 0.98
TRACE = 0.02
MARGIN_KM = 15.0


@dataclass(frozen=True)
class Ground:
    """Everything that lies still on the map, in kilometres on the plane.

    Attributes
    ----------
    soil
        The first side's units, whole: property `share` is 0 where the first holds more of one, 1
        where the second does.
    held
        Cells of that soil that differ from their unit or lie inland, merged by who holds them
        (property `share`); of those on a coast or border only the ones near the front, so that few
        stick out.
    beyond
        Other land; property `own` tells the second side's own soil.
    oblast_lines, border_lines
        Lines within a country, and recognised borders and coasts.
    names
        name, x, y: what is written on the map, and where.
    bounds
        West, south, east and north of all cells, with a margin.
    """

    soil: list[GeoJson]
    held: list[GeoJson]
    beyond: list[GeoJson]
    oblast_lines: GeoJson
    border_lines: GeoJson
    names: pd.DataFrame
    bounds: tuple[float, float, float, float]


def lay_out(
    boundaries_file: Path,
    first: str,
    regions: Mapping[str, Sequence[str]],
    control: Sequence[Cell],
) -> Ground:
    """Lay out the map from the record's boundaries and the control of each cell.

    Parameters
    ----------
    boundaries_file
        TopoJSON, as :func:`ripeness.views.geometry.read_boundaries` reads it.
    first
        The first side's name, which is its country's in the table of cells.
    regions
        The names to write on the map, each with the units amid which it stands.
    control
        The cells of the first side's soil, and of what else is to be in the picture.
    """
    project = projection(control)
    boundaries = read_boundaries(boundaries_file, project)
    home = [cell for cell in control if cell.country == first]
    oblasts = {cell.oblast for cell in home}
    mine = {unit.country for unit in boundaries.units if unit.name in oblasts}
    holders = _holders(home)
    return Ground(
        soil=[
            polygon(unit.parts, share=holders.get(unit.name, 0.0))
            for unit in boundaries.units
            if unit.country in mine
        ],
        held=_held(home, holders, project),
        beyond=_beyond(control, boundaries, mine),
        oblast_lines=lines([ring for ring, of in boundaries.lines if not _is_border(of, mine)]),
        border_lines=lines([ring for ring, of in boundaries.lines if _is_border(of, mine)]),
        names=_names(regions, boundaries.units),
        bounds=_bounds([project(lon, lat) for lat, lon in map(h3.cell_to_latlng, _ids(control))]),
    )


def at_the_front(home: Sequence[Cell]) -> list[Cell]:
    """Find the cells that both sides hold a part of.

    A cell that is covered in part is at the front if a cell that the second side does not hold lies
    within two cells of it; otherwise the rest of it is sea or another country.
    """
    contested = contested_cells({cell.h3: cell.share for cell in home})
    return [cell for cell in home if cell.h3 in contested]


def contested_cells(shares: Mapping[str, float]) -> set[str]:
    """Find the cells at the front, given the second side's share of each, by their index."""
    free = {cell for cell, share in shares.items() if share <= TRACE}
    return {
        cell
        for cell, share in shares.items()
        if TRACE < share < HELD and not free.isdisjoint(_near(cell))
    }


@cache
def _near(cell: str) -> frozenset[str]:
    """The cells within two cells of one; kept, since every week of a record asks for the same."""
    return frozenset(h3.grid_disk(cell, 2))


def projection(control: Sequence[Cell]) -> Albers:
    """An equal-area projection centred on the cells, its parallels a sixth inside their span."""
    centres = [h3.cell_to_latlng(cell.h3) for cell in control]
    latitudes, longitudes = [lat for lat, _ in centres], [lon for _, lon in centres]
    south, north = min(latitudes), max(latitudes)
    return Albers(
        longitude=(min(longitudes) + max(longitudes)) / 2,
        latitude=(south + north) / 2,
        south=south + (north - south) / 6,
        north=north - (north - south) / 6,
    )


def _bounds(points: Sequence[Point]) -> tuple[float, float, float, float]:
    east, north = [x for x, _ in points], [y for _, y in points]
    return (
        min(east) - MARGIN_KM,
        min(north) - MARGIN_KM,
        max(east) + MARGIN_KM,
        max(north) + MARGIN_KM,
    )


def _ids(cells: Sequence[Cell]) -> list[str]:
    return [cell.h3 for cell in cells]


def _holders(home: Sequence[Cell]) -> dict[str, float]:
    """Who holds more of each oblast: 0 the first side, 1 the second."""
    shares: dict[str, list[float]] = {}
    for cell in home:
        shares.setdefault(cell.oblast, []).append(cell.share)
    return {name: float(sum(of) / len(of) > 0.5) for name, of in shares.items()}


def _held(home: Sequence[Cell], holders: Mapping[str, float], project: Albers) -> list[GeoJson]:
    held = {cell.h3: float(cell.share > TRACE) for cell in home}
    front = set(_ids(at_the_front(home)))
    drawn = [
        cell.h3
        for cell in home
        if cell.h3 not in front and _is_worth_drawing(cell.h3, held, holders[cell.oblast])
    ]
    shapes = []
    for share in (0.0, 1.0):
        alike = [cell for cell in drawn if held[cell] == share]
        if alike:
            shapes.append(merged_shape(alike, project, share=share))
    return shapes


def _is_worth_drawing(cell: str, held: Mapping[str, float], oblast: float) -> bool:
    """Leave out a cell on a coast or border if it and all within two cells look like its oblast."""
    inland = all(near in held for near in h3.grid_disk(cell, 1))
    return inland or {held[near] for near in h3.grid_disk(cell, 2) if near in held} != {oblast}


def _beyond(control: Sequence[Cell], boundaries: Boundaries, mine: set[str]) -> list[GeoJson]:
    in_picture = {cell.oblast for cell in control}
    theirs = {unit.country for unit in boundaries.units if unit.name in in_picture} - mine
    return [
        polygon(unit.parts, own=unit.country in theirs)
        for unit in boundaries.units
        if unit.country not in mine
    ]


def _is_border(of: tuple[str, ...], mine: set[str]) -> bool:
    """Whether a line parts two countries, or bounds the first side's soil."""
    return len(set(of)) > 1 or (len(of) == 1 and of[0] in mine)


def _names(regions: Mapping[str, Sequence[str]], units: Sequence[Unit]) -> pd.DataFrame:
    rows = []
    for name, amid in regions.items():
        centres = [unit.centre() for unit in units if unit.name in amid]
        if centres:
            x, y = (sum(values) / len(centres) for values in zip(*centres, strict=True))
            rows.append({"name": name, "x": round(x, 1), "y": round(y, 1)})
    return pd.DataFrame(rows, columns=["name", "x", "y"])
