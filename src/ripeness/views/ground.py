"""The map of the ground on one day, from the record: who held what, and where the names stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import h3
import pandas as pd

from ripeness.views.geometry import (
    Albers,
    Boundaries,
    GeoJson,
    Point,
    Unit,
    cell_shape,
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
    """Everything the map draws, in kilometres on the plane.

    Attributes
    ----------
    settled
        The first side's soil that one of the two holds: property `share` is 0 where the first holds
        it, 1 where the second does. Whole oblasts come first, by who holds more of them, then the
        cells; of those on a coast or border only the ones near the front, so that few stick out.
    contested
        Each cell at the front that both hold a part of; `share` is the second side's part.
    beyond
        Other land; property `own` tells the second side's own soil.
    oblast_lines, border_lines
        Lines within a country, and recognised borders and coasts.
    names
        name, x, y: what is written on the map, and where.
    window
        A feature that the map is fitted to.
    aspect
        Height over width of the window.
    """

    settled: list[GeoJson]
    contested: list[GeoJson]
    beyond: list[GeoJson]
    oblast_lines: GeoJson
    border_lines: GeoJson
    names: pd.DataFrame
    window: GeoJson
    aspect: float


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
    centres = [h3.cell_to_latlng(cell.h3) for cell in control]
    project = _projection(centres)
    boundaries = read_boundaries(boundaries_file, project)
    home = [cell for cell in control if cell.country == first]
    oblasts = {cell.oblast for cell in home}
    mine = {unit.country for unit in boundaries.units if unit.name in oblasts}
    west, south, east, north = _bounds([project(lon, lat) for lat, lon in centres])
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    front = at_the_front(home)
    return Ground(
        settled=_settled(home, front, boundaries, mine, project),
        contested=[
            cell_shape(cell.h3, project, share=round(cell.share, 2), oblast=cell.oblast)
            for cell in front
        ],
        beyond=_beyond(control, boundaries, mine),
        oblast_lines=lines([ring for ring, of in boundaries.lines if not _is_border(of, mine)]),
        border_lines=lines([ring for ring, of in boundaries.lines if _is_border(of, mine)]),
        names=_names(regions, boundaries.units),
        window=polygon([[corners]]),
        aspect=(north - south) / (east - west),
    )


def at_the_front(home: Sequence[Cell]) -> list[Cell]:
    """Find the cells that both sides hold a part of.

    A cell that is covered in part is at the front if a cell that the second side does not hold lies
    within two cells of it; otherwise the rest of it is sea or another country.
    """
    free = {cell.h3 for cell in home if cell.share <= TRACE}
    return [
        cell
        for cell in home
        if TRACE < cell.share < HELD and not free.isdisjoint(h3.grid_disk(cell.h3, 2))
    ]


def _projection(centres: Sequence[tuple[float, float]]) -> Albers:
    """An equal-area projection centred on the cells, its parallels a sixth inside their span."""
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


def _settled(
    home: Sequence[Cell],
    front: Sequence[Cell],
    boundaries: Boundaries,
    mine: set[str],
    project: Albers,
) -> list[GeoJson]:
    held = {cell.h3: float(cell.share > TRACE) for cell in home}
    shares: dict[str, list[float]] = {}
    for cell in home:
        shares.setdefault(cell.oblast, []).append(cell.share)
    oblasts = {name: float(sum(of) / len(of) > 0.5) for name, of in shares.items()}
    shapes = [
        polygon(unit.parts, share=oblasts.get(unit.name, 0.0))
        for unit in boundaries.units
        if unit.country in mine
    ]
    rest = [cell for cell in home if cell not in front]
    drawn = [cell.h3 for cell in rest if _is_worth_drawing(cell.h3, held, oblasts[cell.oblast])]
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
