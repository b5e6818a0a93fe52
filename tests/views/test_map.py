"""What the map shows: the record week by week, and the share of worlds in which a cell is held."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from ripeness.views import page
from ripeness.views.ground import contested_cells
from ripeness.views.ground_ahead import PROBABILITIES, front_abroad, front_at_home, share_at_most
from ripeness.views.ground_over_time import observed_ground, read_ground_record
from ripeness.views.map_data import STEPS, payload, read_moving_ground
from ripeness.views.panels import map as map_panel
from ripeness.views.rundata import read_control

DECISION = date(2024, 8, 6)
GROUND = 10_647.0  # km² of Donetsk that Ukraine held
KURSK_HELD = {
    "table": "kursk_area",
    "where": {"estimator": ["DeepState", "DeepState via Agentstvo", "UK MoD"]},
    "name": "Area held in Kursk",
    "series": "ground_kursk",
    "unit": "km²",
    "date": "date",
    "value": "central_km2",
    "how": "level",
    "error": 40.0,
    "bias": 0.15,
    "drift": 20.0,
    "because": "a test",
    "sources": ["kursk_area"],
    "confidence": "found",
}
"""Figures of an area in the record, as the case declares them."""


@pytest.fixture(scope="module")
def control(record_folder):
    return read_control(record_folder, DECISION.isoformat())


@pytest.fixture(scope="module")
def recorded(record_folder, control):
    return read_ground_record(record_folder, DECISION, control, "Ukraine")


@pytest.fixture(scope="module")
def donetsk(control):
    return front_at_home(control, "Ukraine", ["Donetsk"], GROUND)


@pytest.fixture(scope="module")
def kursk(control):
    return front_abroad(control, "Ukraine", ["Kursk"])


@pytest.fixture(scope="module")
def moving(shown, record_folder, control):
    return read_moving_ground(shown, record_folder, control)


def held_by_first(front, ground):
    return sum((1 - share) * front.cells[cell].km2 for cell, share in front.shares(ground).items())


def test_shares_of_worlds_are_those_that_counting_gives():
    luck = np.random.default_rng(1)
    # A third of the worlds hold nothing, as where ground is lost again.
    ground = np.where(luck.random(50_000) < 1 / 3, 0.0, luck.gamma(4, 100, 50_000))
    quantiles = np.quantile(ground, [*PROBABILITIES.values()])[None]
    for value in (0.0, 50.0, 200.0, 400.0, 700.0, 2_000.0):
        counted = (ground <= value).mean()
        # At the atom the quantiles know no more than that 1 in 4 worlds lie in it, and not half.
        assert share_at_most(quantiles, value)[0] == pytest.approx(counted, abs=0.09)
    assert share_at_most(quantiles, -1.0)[0] == 0
    for name, at in list(PROBABILITIES.items())[2:-1]:
        value = float(np.quantile(ground, at))
        assert share_at_most(quantiles, value)[0] == pytest.approx(at), name


def test_shares_of_worlds_rise_with_ground_and_lie_between_0_and_1():
    luck = np.random.default_rng(2)
    quantiles = np.sort(luck.normal(0, 100, (50, len(PROBABILITIES))).round(-1), axis=1)
    shares = np.array([share_at_most(quantiles, value) for value in range(-400, 400, 5)])
    assert (np.diff(shares, axis=0) >= -1e-12).all()
    assert shares.min() == 0
    assert shares.max() == 1


@pytest.mark.parametrize("change", [-8_000, -2_000, -300, 0, 300, 2_000, 8_000])
def test_ground_that_changes_hands_adds_up(donetsk, change):
    before = held_by_first(donetsk, GROUND)
    assert held_by_first(donetsk, GROUND + change) - before == pytest.approx(change, abs=1e-6)


def test_no_cell_goes_against_the_rest_and_each_tips_where_half_of_it_is_held(donetsk):
    tipping = donetsk.tipping()
    last = donetsk.shares(GROUND - 11_000)
    for ground in np.arange(GROUND - 11_000, GROUND + 11_000, 137.0):
        shares = donetsk.shares(ground)
        assert all(shares[cell] <= last[cell] + 1e-12 for cell in shares)
        for cell, share in shares.items():
            if abs(share - 0.5) > 1e-9:
                assert (share > 0.5) == (ground <= tipping[cell])
        last = shares


def test_a_raid_spreads_from_one_way_in(kursk, control):
    assert set(kursk.shares(0.0).values()) == {1.0}
    assert held_by_first(kursk, 950.0) == pytest.approx(950.0)
    touched = {cell for cell, share in kursk.shares(950.0).items() if share < 1}
    assert len(touched) < 8
    (way_in,) = kursk.gaining[0]
    near_sudzha = next(cell for cell in control if cell.h3 == way_in.h3)
    assert near_sudzha.oblast == "Kursk"
    assert kursk.shares(way_in.km2)[way_in.h3] == 0


def test_a_sector_without_ground_of_the_other_side_begins_at_the_border(control):
    sumy = front_at_home(control, "Ukraine", ["Sumy"], 6_180.0)
    assert sumy.gaining == ()
    belt = {cell.h3 for cell in sumy.losing[0]}
    assert {share > 0 for cell, share in sumy.shares(5_000.0).items() if cell in belt} == {True}
    assert {share for cell, share in sumy.shares(5_000.0).items() if cell not in belt} == {0.0}


@pytest.mark.parametrize("week", [-4, 0, 30, 72])
def test_the_record_of_a_week_is_what_was_known_on_its_day(recorded, record_folder, week):
    at = week - recorded.weeks[0]
    known = read_control(record_folder, (DECISION + timedelta(weeks=week)).isoformat())
    held = sum(cell.share * cell.km2 for cell in known if cell.country == "Ukraine")
    assert recorded.held_km2()[at] == pytest.approx(held)
    assert recorded.known[at] == max(cell.known for cell in known if cell.known)
    by_oblast = sum(cell.share * cell.km2 for cell in known if cell.oblast == "Donetsk")
    assert recorded.held_km2(["Donetsk"])[at] == pytest.approx(by_oblast)


def test_the_record_ends_with_its_last_day(recorded):
    assert recorded.weeks[0] < 0 < recorded.weeks[-1]
    assert recorded.known[-1] == date(2025, 12, 25)


def test_on_the_day_of_the_decision_the_map_shows_the_control_known_then(moving, control):
    now = -moving.record.weeks[0]
    drawn = {mover.cell.h3: mover.recorded[now] for mover in moving.movers}
    home = {cell.h3: cell.share for cell in control if cell.country == "Ukraine"}
    contested = contested_cells(home)
    assert contested <= drawn.keys()
    for cell, step in drawn.items():
        if cell in contested:
            assert abs(step / STEPS - home[cell]) <= 1 / STEPS
            assert 0 < step < STEPS
        elif cell in home:
            assert step == (STEPS if home[cell] > 0.02 else 0)
        else:
            assert step == STEPS  # its own soil


def test_worlds_begin_as_the_record_stands_and_part(moving):
    now = -moving.record.weeks[0]
    some = [mover for mover in moving.movers if mover.worlds]
    assert {plan for mover in some for plan in mover.worlds} == {
        "none", "raid", "hold", "hold-and-strike", "talks-first"
    }  # fmt: skip
    for mover in some:
        begins = {steps[0] for steps in mover.worlds.values()}
        if abs(mover.recorded[now] - STEPS / 2) > 1:
            assert begins == {STEPS if mover.recorded[now] > STEPS / 2 else 0}
    assert any(0 < steps[-1] < STEPS for mover in some for steps in mover.worlds.values())


def test_the_record_of_an_area_is_carried_forward_from_its_estimates(record_folder):
    case = {"observed": {"held": KURSK_HELD}}
    weeks = range(-2, 60)
    held = observed_ground(case, record_folder, DECISION, "ground_kursk", weeks)
    assert held is not None
    assert held[:3] == [0, 0, 0]
    assert held[-weeks[0] + 4] == 900  # of 31 August
    assert held[-weeks[0] + 9] == 900
    assert held[-1] == 5.5
    assert observed_ground(case, record_folder, DECISION, "ground_donetsk", weeks) is None
    assert observed_ground({}, record_folder, DECISION, "ground_kursk", weeks) is None


def written(panel):
    template = page.environment().get_template("panels/map.html.j2")
    return template.render(panel=panel, content=panel.content, in_app=True)


def test_the_panel_is_small_and_has_a_map_without_scripts(shown):
    panel = map_panel.panel(shown)
    assert panel is not None
    text = written(panel)
    assert len(text) + len(page.environment().from_string("{{ d | tojson }}").render(
        d=panel.data["map"]
    )) < 200_000  # fmt: skip
    assert "Russia held about 104,800 km² of Ukraine" in text
    assert text.count('<path class="s') > 150
    assert " style=" not in text
    assert len(panel.data["map"]["cells"]) == sum(map(len, panel.content["cells"].values()))


def test_the_table_tells_the_record_and_each_plan(shown):
    panel = map_panel.panel(shown)
    assert panel is not None
    donetsk, *_ = panel.content["rows"]
    assert donetsk[0] == "Donetsk"
    assert donetsk[1].startswith("−4,5")
    assert len(donetsk) == len(panel.content["heads"]) == 2 + 5


def test_a_run_without_weekly_series_has_the_record_alone(shown, tmp_path):
    panel = map_panel.panel(replace(shown, folder=tmp_path))
    assert panel is not None
    assert panel.data["map"]["plans"] == []
    assert panel.data["map"]["last"] == panel.data["map"]["record"]
    assert "worlds" not in written(panel)


def test_a_case_without_cells_has_no_map(shown, tmp_path):
    assert map_panel.panel(replace(shown, record=None)) is None
    assert map_panel.panel(replace(shown, record=tmp_path)) is None


def test_what_the_script_reads_says_what_the_map_says(moving):
    data = payload(moving, {"none": "No incursion", "hold": "Hold"})
    hold = data["plans"][1]
    for (oblast, course, changes), mover in zip(data["cells"], moving.movers, strict=True):
        assert data["oblasts"][oblast] == mover.cell.oblast
        assert changes[:2] == [moving.record.weeks[0], mover.recorded[0]]
        if mover.worlds:
            read = [int(digit, 36) for digit in hold["courses"][course]]
            assert tuple(read) == mover.worlds["hold"]
