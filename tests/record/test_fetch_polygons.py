"""Areas are geodesic: against closed forms, and against figures that the record has."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from shapely import Polygon, box

from ripeness.record.fetch.polygons import cell_share, square_km

CELLS = Path("src/ripeness/cases/kursk-2024/record/cells.csv")
SEMI_MAJOR, FLATTENING = 6378.137, 1 / 298.257223563  # WGS84, km


def zone(north: float) -> float:
    """Area between the equator and a parallel, km² a radian of longitude (Snyder 1987, 3-12)."""
    squared = FLATTENING * (2 - FLATTENING)
    e, sine = np.sqrt(squared), np.sin(np.radians(north))
    inner = sine / (1 - squared * sine**2) + np.log((1 + e * sine) / (1 - e * sine)) / (2 * e)
    return SEMI_MAJOR**2 * (1 - squared) / 2 * inner


def test_a_degree_by_a_degree_has_the_area_of_its_zone() -> None:
    # Points every 0.01°, so that geodesics keep to the parallels.
    east = np.linspace(36.0, 37.0, 101)
    ring = [(x, 50.0) for x in east] + [(x, 51.0) for x in east[::-1]]
    exact = np.radians(1.0) * (zone(51.0) - zone(50.0))
    assert square_km(Polygon(ring)) == pytest.approx(exact, rel=1e-6)


def test_holes_count_out_whatever_way_a_ring_runs() -> None:
    outer, hole = box(36, 50, 37, 51), box(36.4, 50.4, 36.6, 50.6)
    ring = Polygon(outer.exterior.coords, [hole.exterior.coords])
    assert square_km(ring) == pytest.approx(square_km(outer) - square_km(hole), rel=1e-9)
    assert square_km(ring) == pytest.approx(square_km(ring.reverse()), rel=1e-12)


def test_cells_have_the_areas_that_the_record_gives() -> None:
    import h3

    rows = pd.read_csv(CELLS).iloc[::200]
    found = [
        square_km(Polygon([(x, y) for y, x in h3.cell_to_boundary(cell)]))
        for cell in rows["h3_cell"]
    ]
    assert np.allclose(found, rows["cell_km2"], rtol=0.005)


def test_half_of_a_cell() -> None:
    import h3

    cell = pd.read_csv(CELLS)["h3_cell"].iloc[0]
    north, east = h3.cell_to_latlng(cell)
    assert cell_share(box(east - 5, north - 5, east, north + 5), cell) == pytest.approx(
        0.5, abs=0.02
    )
    assert cell_share(box(east - 5, north - 5, east + 5, north + 5), cell) == 1.0
    assert cell_share(box(0, 0, 1, 1), cell) == 0.0
