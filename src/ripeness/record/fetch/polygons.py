"""Polygons of held ground into areas by oblast and shares of H3 cells, on the ellipsoid WGS84."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ripeness.errors import RipenessError, UsageError
from ripeness.record.fetch.download import Download
from ripeness.record.fetch.series import UKRAINE_KM2
from ripeness.record.fetch.source import PROVENANCE, UNSTATED, Parsed, Schema
from ripeness.record.tables import read_text

if TYPE_CHECKING:
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

OBLASTS = {
    "Luhansk": ("Luhansk",),
    "Donetsk": ("Donetsk",),
    "Zaporizhzhia": ("Zaporizhzhia",),
    "Kherson": ("Kherson",),
    "Crimea+Sevastopol": ("Crimea", "Sevastopol"),
    "Kharkiv": ("Kharkiv",),
    "Sumy": ("Sumy",),
    "Mykolaiv": ("Mykolaiv",),
    "Dnipropetrovsk": ("Dnipropetrovsk",),
}
"""Rows of a date in `control`, and their units of the boundaries; the rest is unassigned."""

REST = "other/unassigned"
CHANGE = 0.02
"""Change of a cell's share that is worth a row."""

AREA_SCHEMA = Schema(
    columns=("date", "oblast", "km2", *PROVENANCE),
    key=("date", "oblast"),
    ranges={"km2": (0.0, UKRAINE_KM2)},
    required=("km2",),
    part=None,
)
CELLS_SCHEMA = Schema(
    columns=("date", "h3_cell", "share_occupied", *PROVENANCE),
    key=("date", "h3_cell"),
    ranges={"share_occupied": (0.0, 1.0)},
    required=("share_occupied",),
    part=None,
)


def area_by_oblast(files: Sequence[Download], folder: Path) -> Parsed:
    """Cut the polygons of each date by oblast: km² of each.

    The boundaries are 1 to 2 km off, other than those that the table's figures were cut by. So what
    changed since the first of the dates is added to the table's figures of that date, which the
    table must have; the series has no step where it was brought up to date.
    """
    import pandas as pd

    units = _units(folder / "boundaries.topojson")
    table = read_text(folder / "control.csv")
    notes: list[str] = []
    dated = [(day, _cut(held, units)) for day, held in _dated(files, notes)]
    joined, first = dated[0]
    known = table[table["date"] == joined]
    level = {str(name): float(km2) for name, km2 in zip(known["oblast"], known["km2"], strict=True)}
    if set(level) != set(first):
        raise RipenessError(f"the table has no areas on {joined}, from which changes could count")
    rows = [
        (day, oblast, max(round(level[oblast] + km2 - first[oblast], 2), 0.0))
        for day, found in dated
        for oblast, km2 in found.items()
    ]
    found = pd.DataFrame(rows, columns=pd.Index(["date", "oblast", "km2"]))
    return Parsed(_sourced(found, "oblast"), tuple(notes))


def share_of_cells(files: Sequence[Download], folder: Path) -> Parsed:
    """Share of each cell that is held, where it changed by 0.02 or more since its last row."""
    import pandas as pd

    cells = [str(cell) for cell in read_text(folder / "cells.csv")["h3_cell"]]
    before = read_text(folder / "control_cells.csv")
    notes: list[str] = []
    dated = _dated(files, notes)
    earlier = before[before["date"] < dated[0][0]]
    last = {
        str(cell): float(share)
        for cell, share in zip(earlier["h3_cell"], earlier["share_occupied"], strict=True)
    }
    rows = []
    for day, held in dated:
        for cell in cells:
            share = round(cell_share(held, cell), 2)
            if abs(share - last.get(cell, 0.0)) > CHANGE - 1e-9:
                rows.append((day, cell, share))
                last[cell] = share
    found = pd.DataFrame(rows, columns=pd.Index(["date", "h3_cell", "share_occupied"]))
    return Parsed(_sourced(found, "H3 cell"), tuple(notes))


def square_km(shape: BaseGeometry) -> float:
    """Area of a shape in degrees of longitude and latitude, km².

    Edges are geodesics of WGS84 (C. F. F. Karney, Algorithms for geodesics, 2013, section 6).
    """
    from pyproj import Geod

    return _geodesic(Geod(ellps="WGS84"), shape)


def cell_share(held: BaseGeometry, cell: str) -> float:
    """Share of an H3 cell's area that is held, 0 to 1."""
    import h3
    from shapely import Polygon

    outline = Polygon([(east, north) for north, east in h3.cell_to_boundary(cell)])
    if not held.intersects(outline):
        return 0.0
    if held.contains(outline):
        return 1.0
    return square_km(held.intersection(outline)) / square_km(outline)


def _sourced(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Say where rows come from; a day's map is known on that day."""
    return rows.assign(
        source=f"DeepState map polygons, cut by {by}, geodesic area",
        confidence="estimated",
        known=rows["date"],
        licence=UNSTATED,
    )


def _cut(held: BaseGeometry, units: dict[str, BaseGeometry]) -> dict[str, float]:
    found = {
        oblast: sum(square_km(held.intersection(units[name])) for name in names)
        for oblast, names in OBLASTS.items()
    }
    return found | {REST: square_km(held) - sum(found.values())}


def _geodesic(geod: Any, shape: BaseGeometry) -> float:
    from shapely import get_parts, orient_polygons

    # An intersection can leave lines and points besides; they have no area.
    parts = [part for part in get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")]
    return sum(abs(geod.geometry_area_perimeter(orient_polygons(part))[0]) for part in parts) / 1e6


def _dated(files: Sequence[Download], notes: list[str]) -> list[tuple[str, BaseGeometry]]:
    """What is held on each date, in the order of dates; the name of a file has its date."""
    found = []
    for file in files:
        name = re.search(r"(\d{4})(\d\d)(\d\d)\.geojson$", file.url)
        if not name:
            raise RipenessError("the file's name does not end in its date, as 20240806.geojson")
        day = "-".join(name.groups())
        held, repaired = _held(file.body)
        if repaired:
            notes.append(f"{day}: {repaired} polygons crossed themselves and were repaired")
        found.append((day, held))
    return sorted(found, key=lambda pair: pair[0])


def _held(body: bytes) -> tuple[BaseGeometry, int]:
    """Join the polygons of a GeoJSON feature collection, and say how many were repaired."""
    _needs_shapely()
    from shapely import make_valid, prepare, union_all
    from shapely.geometry import shape

    try:
        features = json.loads(body)["features"]
        shapes = [shape(feature["geometry"]) for feature in features]
    except Exception as error:  # shapely raises many kinds at coordinates that are none
        raise RipenessError(f"the file is no GeoJSON of polygons ({error})") from None
    shapes = [one for one in shapes if one.geom_type in ("Polygon", "MultiPolygon")]
    if not shapes:
        raise RipenessError("the file has no polygons")
    broken = sum(not one.is_valid for one in shapes)
    held = union_all([make_valid(one) for one in shapes])
    west, south, east, north = held.bounds
    if west < -180.0 or east > 180.0 or south < -90.0 or north > 90.0:
        raise RipenessError("its coordinates are no degrees of longitude and latitude")
    prepare(held)
    return held, broken


def _units(file: Path) -> dict[str, BaseGeometry]:
    """Ukraine's units of a TopoJSON file, in degrees."""
    _needs_shapely()
    from shapely import MultiPolygon, Polygon, make_valid

    topology = json.loads(file.read_text(encoding="utf-8"))
    (scale_x, scale_y), (origin_x, origin_y) = topology["transform"].values()
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + origin_x, y * scale_y + origin_y))
        arcs.append(points)
    units: dict[str, BaseGeometry] = {}
    (collection,) = topology["objects"].values()
    for geometry in collection["geometries"]:
        if geometry["properties"]["c"] != "UA":
            continue
        nested = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        parts = [[_ring(ring, arcs) for ring in part] for part in nested]
        joined = MultiPolygon([Polygon(part[0], part[1:]) for part in parts])
        units[geometry["properties"]["n"]] = make_valid(joined)
    return units


def _ring(ring: list[int], arcs: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    """Join the arcs of a ring; a negative index is the arc backwards (TopoJSON)."""
    points: list[tuple[float, float]] = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    return points


def _needs_shapely() -> None:
    try:
        import pyproj  # noqa: F401
        import shapely  # noqa: F401
    except ImportError:
        raise UsageError(
            "polygons need shapely and pyproj: pip install 'ripeness[record]'"
        ) from None
