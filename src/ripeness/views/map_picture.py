"""The map as a picture: paths and names for an SVG element, and the views it can be seen in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import h3

from ripeness.views.geometry import (
    HECTOMETRES,
    Albers,
    GeoJson,
    cell_shape,
    merged_shape,
    path_data,
)
from ripeness.views.ground import Ground, lay_out, projection
from ripeness.views.rundata import BOUNDARIES, Cell

HEIGHT_OVER_WIDTH = 0.86
"""Of every view, so that the page does not move when another is chosen."""

MARGIN_KM = 45.0
NARROWEST_KM = 260.0
LETTER_KM, LINE_KM = 8.0, 18.0
"""What a letter and a line of a name cover of the map."""

WHOLE_FRONT, WHOLE_MAP = "the whole front", "the whole map"

ViewBox = tuple[int, int, int, int]


@dataclass(frozen=True)
class Name:
    """What is written on the map, and where; strong for a sector, and not for a region."""

    text: str
    x: int
    y: int
    strong: bool

    def hides(self, other: Name) -> bool:
        """Whether one would be written over the other, seen from as far as the whole front."""
        room = (len(self.text) + len(other.text)) / 2 * LETTER_KM * HECTOMETRES
        return abs(self.x - other.x) < room and abs(self.y - other.y) < LINE_KM * HECTOMETRES


@dataclass(frozen=True)
class Picture:
    """What an SVG element draws, all in hectometres east and south of the centre.

    Attributes
    ----------
    soil, beyond
        The first side's recognised soil, and the second's; their cells are clipped to them.
    elsewhere
        Others' land.
    held
        What lies under the cells: whether the second side holds it, and its path; a later one
        covers an earlier.
    home, abroad
        By cell that changes, its outline: on the first side's soil, and on the second's.
    home_outline, abroad_outline
        About all of those, on either soil.
    regions, borders
        Lines within a country, and recognised borders and coasts.
    names
        Of sectors and regions.
    views
        By name, the view box of each view: left, top, width, height. The first is of all that ever
        changes, the last of the whole picture.
    """

    soil: str
    beyond: str
    elsewhere: str
    held: tuple[tuple[bool, str], ...]
    home: Mapping[str, str]
    abroad: Mapping[str, str]
    home_outline: str
    abroad_outline: str
    regions: str
    borders: str
    names: tuple[Name, ...]
    views: Mapping[str, ViewBox]


def draw_map(
    record_folder: Path,
    first: str,
    sectors: Mapping[str, Sequence[str]],
    control: Sequence[Cell],
    changing: Mapping[str, Collection[str]],
) -> Picture:
    """Draw the map of the ground.

    Parameters
    ----------
    record_folder
        Has the boundaries.
    first
        The first side's name, which is its country's in the table of cells.
    sectors
        The sectors' names, each with its regions.
    control
        Who holds what on the day of the decision.
    changing
        The cells that are drawn one by one, by the name of their sector, or "" for none.
    """
    named = {name: [*regions] for name, regions in sectors.items()}
    named |= {cell.oblast: [cell.oblast] for cell in control if cell.oblast not in named}
    ground = lay_out(record_folder / BOUNDARIES, first, named, control)
    project = projection(control)
    drawn = {cell for cells in changing.values() for cell in cells}
    home = [cell.h3 for cell in control if cell.h3 in drawn and cell.country == first]
    abroad = [cell.h3 for cell in control if cell.h3 in drawn and cell.country != first]
    return Picture(
        soil=_joined(ground.soil),
        beyond=_joined(ground.beyond, own=True),
        elsewhere=_joined(ground.beyond, own=False),
        held=tuple(
            (shape["properties"]["share"] > 0.5, path_data(shape))
            for shape in (*ground.soil, *ground.held)
            if shape in ground.held or shape["properties"]["share"] > 0.5
        ),
        home={cell: path_data(cell_shape(cell, project)) for cell in home},
        abroad={cell: path_data(cell_shape(cell, project)) for cell in abroad},
        home_outline=path_data(merged_shape(home, project)) if home else "",
        abroad_outline=path_data(merged_shape(abroad, project)) if abroad else "",
        regions=path_data(ground.oblast_lines),
        borders=path_data(ground.border_lines),
        names=_names(ground, sectors),
        views=_views(ground.bounds, changing, project),
    )


def _names(ground: Ground, sectors: Collection[str]) -> tuple[Name, ...]:
    """The names of sectors, and those of regions that are out of their way."""
    names = [
        Name(row["name"], *_hectometres(row["x"], -row["y"]), row["name"] in sectors)
        for row in ground.names.to_dict("records")
    ]
    strong = [name for name in names if name.strong]
    weak = [name for name in names if not (name.strong or any(map(name.hides, strong)))]
    return (*weak, *strong)


def _joined(shapes: Sequence[GeoJson], **properties: bool) -> str:
    """The paths of those shapes that have some properties, as one."""
    return "".join(
        path_data(shape)
        for shape in shapes
        if all(shape["properties"][name] == value for name, value in properties.items())
    )


def _views(
    bounds: tuple[float, float, float, float],
    changing: Mapping[str, Collection[str]],
    project: Albers,
) -> dict[str, ViewBox]:
    """The view boxes of all that changes, of each sector in which something does, and of all."""
    places = {
        sector: [project(lon, lat) for lat, lon in map(h3.cell_to_latlng, cells)]
        for sector, cells in changing.items()
    }
    around = {WHOLE_FRONT: [point for points in places.values() for point in points]}
    around |= {sector: points for sector, points in places.items() if sector}
    views = {
        name: _view_box(
            min(x for x, _ in points) - MARGIN_KM,
            min(y for _, y in points) - MARGIN_KM,
            max(x for x, _ in points) + MARGIN_KM,
            max(y for _, y in points) + MARGIN_KM,
        )
        for name, points in around.items()
        if points
    }
    return views | {WHOLE_MAP: _view_box(*bounds)}


def _view_box(west: float, south: float, east: float, north: float) -> ViewBox:
    """A view box of the shape that all have, about a rectangle in kilometres."""
    width = max(east - west, (north - south) / HEIGHT_OVER_WIDTH, NARROWEST_KM)
    left, top = (west + east - width) / 2, (south + north + width * HEIGHT_OVER_WIDTH) / 2
    return (*_hectometres(left, -top), *_hectometres(width, width * HEIGHT_OVER_WIDTH))


def _hectometres(x: float, y: float) -> tuple[int, int]:
    return round(x * HECTOMETRES), round(y * HECTOMETRES)
