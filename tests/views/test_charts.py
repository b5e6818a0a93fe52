"""Charts: what is drawn, from which data, on which scale."""

import io
from itertools import pairwise

import pandas as pd
import pytest
import vl_convert
from made_up import PLANS, SIDES

from ripeness.claims.estimates import wilson
from ripeness.views import rundata
from ripeness.views.charts.bargaining import Frame, negotiation_chart, region_name
from ripeness.views.charts.fan import fan_chart
from ripeness.views.charts.labels import PLACES, places, spread
from ripeness.views.charts.lines import plan_lines
from ripeness.views.charts.theme import DASHES, OKABE_ITO, page_spec, plan_colour, plan_dash


@pytest.fixture
def weekly(run_folder):
    return rundata.read_weekly(run_folder)


@pytest.fixture
def samples(run_folder):
    return rundata.read_samples(run_folder)


@pytest.fixture
def deals(run_folder):
    return rundata.read_negotiation(run_folder, 26)


def drawn(chart):
    """The chart as the renderer of the report draws it; fails on a specification that is wrong."""
    return vl_convert.vegalite_to_svg(chart.to_dict(), vl_version="6.4")


def table(content):
    return pd.read_csv(io.StringIO(content))


def y_domains(spec):
    return [layer["encoding"]["y"]["scale"]["domain"] for layer in spec["layer"]]


def test_a_fan_has_a_panel_for_each_plan_and_names_its_bands(weekly, samples):
    svg = drawn(fan_chart(weekly, samples, "ground_kursk", PLANS, "km²"))
    for text in (*PLANS, "95 %", "80 %", "50 %", "median", "km²"):
        assert f">{text}<" in svg


def test_a_fan_is_small_and_carries_one_row_a_plan_and_week(weekly, samples):
    spec = fan_chart(weekly, samples, "ground_kursk", PLANS, "km²").to_dict()
    content = spec["datasets"][spec["data"]["name"]]
    assert len(table(content).dropna(subset=["q025"])) == len(PLANS) * 53
    assert len(content) < 80_000


def test_axes_of_shares_are_never_cut(weekly, samples):
    fan = fan_chart(weekly, samples, "support_ukraine", PLANS, "share", share=True).to_dict()
    lines = plan_lines(weekly, "ended", PLANS, "share of worlds", worlds=1000).to_dict()
    assert set(map(tuple, y_domains(fan["spec"]))) == {(0.0, 1.0)}
    assert set(map(tuple, y_domains(lines))) == {(0, 1.0)}


def test_lines_show_the_monte_carlo_error_of_shares_and_name_every_plan(weekly):
    chart = plan_lines(weekly, "ended", PLANS, "share of worlds", worlds=100)
    spec = chart.to_dict()
    rows = table(spec["datasets"][spec["layer"][0]["data"]["name"]]).set_index(["plan", "week"])
    share = wilson(0.416, 100)
    assert rows.loc[("hold", 104), "low"] == pytest.approx(share.low, abs=0.001)
    assert rows.loc[("hold", 104), "high"] == pytest.approx(share.high, abs=0.001)
    svg = drawn(chart)
    assert all(f">{plan}<" in svg for plan in PLANS)


def test_plans_differ_in_colour_and_in_dash():
    assert plan_colour(PLANS).to_dict()["range"] == list(OKABE_ITO[:5])
    assert plan_dash(PLANS).to_dict()["range"] == [list(dash) for dash in DASHES[:5]]


def test_the_negotiation_chart_shades_the_range_and_names_every_deal(deals):
    frame = Frame.around(deals, *SIDES)
    svg = drawn(negotiation_chart(rundata.where(deals, "plan", "hold"), SIDES, {}, frame))
    assert ">both prefer a deal here<" in svg
    assert ">land_for_land, 2 in 20<" in svg
    assert ">worth to Ukraine (points of the stake)<" in svg
    assert all(name in svg for name in set(deals["deal"]))


def test_an_empty_range_is_named():
    assert region_name(0.01) == "no deal both prefer to going on"
    assert region_name(0.2) == "both prefer a deal here"


def test_page_specifications_leave_text_to_the_page(weekly):
    spec = page_spec(plan_lines(weekly, "ended", PLANS, "share of worlds", worlds=100))
    assert spec["config"]["style"]["note"]["color"] == "var(--ink)"
    assert spec["config"]["background"] == "transparent"


@pytest.mark.parametrize("values", [[0, 0, 0], [0.9, 1.0, 0.95], [0.1, 0.5, 0.9]])
def test_labels_at_line_ends_keep_apart_in_order_and_below_the_top(values):
    found = spread(values, gap=0.06, bottom=0.0, top=1.0)
    order = sorted(range(3), key=lambda index: values[index])
    gaps = [found[above] - found[below] for below, above in pairwise(order)]
    assert min(gaps) >= 0.06 - 1e-12
    assert min(found) >= 0.0
    assert max(found) <= 1.0 + 1e-12


def test_labels_that_have_room_stay_where_they_are():
    assert spread([0.1, 0.5, 0.9], gap=0.06, bottom=0.0, top=1.0) == [0.1, 0.5, 0.9]


def test_labels_beside_points_go_where_they_cover_nothing():
    wall = (105.0, 0.0, 111.0, 300.0)
    assert places([(100.0, 100.0)], ["a deal"], [wall], 400.0) == [("right", 0)]
    assert places([(10.0, 100.0)], ["a deal"], [], 400.0) == [PLACES[0]]
    assert places([(395.0, 100.0)], ["a deal"], [], 400.0) == [("right", 0)]
