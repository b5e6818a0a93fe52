"""Ground as flat shapes: H3 cells and TopoJSON boundaries projected to kilometres.

Shapes leave here as GeoJSON in plane coordinates (kilometres east and north of the map's centre),
so that a chart draws them with an identity projection and no winding rule of the sphere applies.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

import h3

EARTH_RADIUS_KM = 6371.0
HECTOMETRES = 10
"""In a kilometre."""

Point = tuple[float, float]
Ring = list[Point]
GeoJson = dict[str, Any]


@dataclass(frozen=True)
class Albers:
    """Albers' equal-area conic projection of the sphere, so that equal areas look equal.

    Snyder, *Map Projections: A Working Manual* (USGS 1395, 1987), equations 14-1 to 14-6.

    Attributes
    ----------
    longitude, latitude
        Centre of the map, degrees.
    south, north
        Standard parallels, degrees.
    """

    longitude: float
    latitude: float
    south: float
    north: float

    def __call__(self, longitude: float, latitude: float) -> Point:
        """Project degrees to kilometres east and north of the centre."""
        n = (sin(radians(self.south)) + sin(radians(self.north))) / 2
        c = cos(radians(self.south)) ** 2 + 2 * n * sin(radians(self.south))

        def radius(degrees: float) -> float:
            return EARTH_RADIUS_KM * sqrt(c - 2 * n * sin(radians(degrees))) / n

        theta = n * radians(longitude - self.longitude)
        rho = radius(latitude)
        return rho * sin(theta), radius(self.latitude) - rho * cos(theta)


@dataclass(frozen=True)
class Unit:
    """One unit of the boundaries file: an oblast, a region, a neighbouring country.

    Attributes
    ----------
    name, country
        The unit's name and its country's code, as the file gives them.
    parts
        Projected outlines, each followed by its holes; every ring is closed.
    """

    name: str
    country: str
    parts: tuple[tuple[Ring, ...], ...]

    def centre(self) -> Point:
        """The centre of the unit's largest outline's bounding box, a place for a name."""
        outline = max((part[0] for part in self.parts), key=len)
        east, north = [x for x, _ in outline], [y for _, y in outline]
        return (min(east) + max(east)) / 2, (min(north) + max(north)) / 2


@dataclass(frozen=True)
class Boundaries:
    """Units, and the lines between them.

    Attributes
    ----------
    units
        Every unit of the file.
    lines
        Each line once, with the codes of the countries on its sides; a line with one code is a
        coast or the end of the file's world.
    """

    units: tuple[Unit, ...]
    lines: tuple[tuple[Ring, tuple[str, ...]], ...]


def read_boundaries(file: Path, project: Callable[[float, float], Point]) -> Boundaries:
    """Read the boundaries from a TopoJSON file with one object of polygons (properties n, c)."""
    topology = json.loads(file.read_text(encoding="utf-8"))
    arcs = [_decode(arc, topology["transform"], project) for arc in topology["arcs"]]
    (collection,) = topology["objects"].values()
    owners: dict[int, list[str]] = {}
    units = []
    for geometry in collection["geometries"]:
        nested = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        name, country = geometry["properties"]["n"], geometry["properties"]["c"]
        for arc in (arc for part in nested for ring in part for arc in ring):
            owners.setdefault(arc if arc >= 0 else ~arc, []).append(country)
        parts = tuple(tuple(_stitch(ring, arcs) for ring in part) for part in nested)
        units.append(Unit(name, country, parts))
    return Boundaries(
        units=tuple(units),
        lines=tuple((arcs[arc], tuple(countries)) for arc, countries in sorted(owners.items())),
    )


def cell_shape(cell: str, project: Callable[[float, float], Point], **properties: Any) -> GeoJson:
    """One H3 cell as a GeoJSON feature."""
    ring = [project(longitude, latitude) for latitude, longitude in h3.cell_to_boundary(cell)]
    return polygon([[[*ring, ring[0]]]], **properties)


def merged_shape(
    cells: Iterable[str], project: Callable[[float, float], Point], **properties: Any
) -> GeoJson:
    """Many H3 cells as one GeoJSON feature, without the lines between them."""
    outlines = h3.cells_to_geo(list(cells))
    parts = [outlines["coordinates"]]
    if outlines["type"] == "MultiPolygon":
        parts = outlines["coordinates"]
    return polygon(
        [[[project(*point) for point in ring] for ring in part] for part in parts], **properties
    )


def polygon(parts: Sequence[Sequence[Ring]], **properties: Any) -> GeoJson:
    """A GeoJSON feature of polygons, each an outline and its holes, to a tenth of a kilometre."""
    coordinates = [[_rounded(ring) for ring in part] for part in parts]
    return _feature("MultiPolygon", coordinates, properties)


def lines(rings: Sequence[Ring], **properties: Any) -> GeoJson:
    """A GeoJSON feature of lines, to a tenth of a kilometre."""
    return _feature("MultiLineString", [_rounded(ring) for ring in rings], properties)


def path_data(feature: GeoJson) -> str:
    """Write a feature as an SVG path, in hectometres east and south of the map's centre.

    Whole hectometres are finer than a pixel of the closest view, and each point is written as a
    step from the last: half the length of kilometres with a decimal.
    """
    geometry = feature["geometry"]
    closed = geometry["type"] == "MultiPolygon"
    rings = geometry["coordinates"]
    if closed:
        rings = [ring for part in rings for ring in part]
    return "".join(_ring_data(ring, closed) for ring in rings)


def _ring_data(ring: Sequence[Sequence[float]], closed: bool) -> str:
    points = [(round(x * HECTOMETRES), round(-y * HECTOMETRES)) for x, y in ring]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
    if closed:
        steps.pop()
    numbers = "".join(f"{dx:+d}{dy:+d}" for dx, dy in steps if dx or dy).replace("+", " ")
    start, end = f"M{points[0][0]} {points[0][1]}", "z" if closed else ""
    return f"{start}l{numbers.strip()}{end}" if numbers else ""


def _feature(kind: str, coordinates: list[Any], properties: dict[str, Any]) -> GeoJson:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _rounded(ring: Ring) -> list[list[float]]:
    return [[round(x, 1), round(y, 1)] for x, y in ring]


def _decode(
    arc: list[list[int]],
    transform: dict[str, list[float]],
    project: Callable[[float, float], Point],
) -> Ring:
    """Undo TopoJSON's delta coding and quantisation of one arc, and project it."""
    (scale_x, scale_y), (origin_x, origin_y) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append(project(x * scale_x + origin_x, y * scale_y + origin_y))
    return points


def _stitch(ring: list[int], arcs: list[Ring]) -> Ring:
    """Join the arcs of a ring; a negative index is the arc backwards (TopoJSON)."""
    points: Ring = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc[1:] if points else arc)
    return points
