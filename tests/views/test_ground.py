"""The map: projection, boundaries, who held what on the day."""

import re
from itertools import accumulate, pairwise
from math import pi, radians, sin

import pytest

from ripeness.views.geometry import EARTH_RADIUS_KM, Albers, cell_shape, path_data, read_boundaries
from ripeness.views.ground import at_the_front, lay_out
from ripeness.views.rundata import read_control

DAY = "2024-08-06"


@pytest.fixture(scope="module")
def control(record_folder):
    return read_control(record_folder, DAY)


def area(ring):
    """Area of a closed ring by the shoelace formula, positive if counter-clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def test_albers_reproduces_snyders_worked_example():
    # Snyder 1987, appendix A, sphere of radius 1: parallels 29.5 and 45.5, origin 23 N 96 W,
    # point 35 N 75 W; x = 0.2952720, y = 0.2416774.
    x, y = Albers(-96.0, 23.0, 29.5, 45.5)(-75.0, 35.0)
    assert x / EARTH_RADIUS_KM == pytest.approx(0.2952720, abs=1e-7)
    assert y / EARTH_RADIUS_KM == pytest.approx(0.2416774, abs=1e-7)


def test_albers_keeps_areas():
    project = Albers(32.0, 48.0, 46.0, 51.0)
    steps = [k / 200 for k in range(201)]
    edge = [(30 + 2 * t, 46.0) for t in steps] + [(32.0, 46 + 3 * t) for t in steps]
    edge += [(32 - 2 * t, 49.0) for t in steps] + [(30.0, 49 - 3 * t) for t in steps]
    truth = EARTH_RADIUS_KM**2 * (2 * pi / 180) * (sin(radians(49)) - sin(radians(46)))
    assert area([project(*point) for point in edge]) == pytest.approx(truth, rel=1e-5)


def test_cells_have_their_published_area(control):
    cell = next(cell for cell in control if cell.oblast == "Donetsk")
    shape = cell_shape(cell.h3, Albers(37.0, 48.0, 46.0, 50.0))
    (ring,) = shape["geometry"]["coordinates"][0]
    assert abs(area(ring)) == pytest.approx(cell.km2, rel=0.01)


def test_boundaries_close_and_tell_recognised_borders_from_others(record_folder):
    found = read_boundaries(record_folder / "boundaries.topojson", Albers(32, 48, 46, 51))
    assert {"Kursk", "Odesa", "Zaporizhzhia"} <= {unit.name for unit in found.units}
    assert all(part[0][0] == part[0][-1] for unit in found.units for part in unit.parts)
    assert any(set(of) == {"UA", "RU"} for _, of in found.lines)


def test_control_is_carried_forward_and_nothing_later_is_known(record_folder, control):
    held = sum(cell.share * cell.km2 for cell in control if cell.country == "Ukraine")
    assert held == pytest.approx(105_000, rel=0.02)
    assert max(cell.known for cell in control if cell.known).isoformat() <= DAY
    assert {cell.share for cell in control if cell.known is None} == {0.0}
    later = read_control(record_folder, "2025-12-31")
    assert sum(cell.share * cell.km2 for cell in later) > held


def test_cells_cut_by_a_coast_are_not_called_contested(control):
    front = at_the_front([cell for cell in control if cell.country == "Ukraine"])
    assert "Crimea" not in {cell.oblast for cell in front}
    assert {"Donetsk", "Kherson", "Kharkiv"} <= {cell.oblast for cell in front}


def test_the_map_has_both_sides_soil_and_the_names(record_folder, control):
    regions = {"Kursk": ["Kursk"], "Luhansk and Kharkiv": ["Luhansk", "Kharkiv"], "sea": []}
    ground = lay_out(record_folder / "boundaries.topojson", "Ukraine", regions, control)
    assert ground.names["name"].tolist() == ["Kursk", "Luhansk and Kharkiv"]
    assert {shape["properties"]["own"] for shape in ground.beyond} == {True, False}
    assert {shape["properties"]["share"] for shape in ground.soil} == {0.0, 1.0}
    assert {shape["properties"]["share"] for shape in ground.held} == {0.0, 1.0}


def test_a_path_draws_the_same_shape(control):
    shape = cell_shape(control[0].h3, Albers(37.0, 48.0, 46.0, 50.0))
    numbers = [int(number) for number in re.findall(r"-?\d+", path_data(shape))]
    steps = list(zip(numbers[::2], numbers[1::2], strict=True))
    points = list(accumulate(steps, lambda at, step: (at[0] + step[0], at[1] + step[1])))
    (ring,) = shape["geometry"]["coordinates"][0]
    assert [[x / 10, -y / 10] for x, y in points] == ring[:-1]
