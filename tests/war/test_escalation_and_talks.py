"""Provocation, responses and the ladder; what opens and shuts talks; what aid does."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeness.war import escalation, moves, supporters, talks
from ripeness.war.escalation import ERODING, FIXED, TOP_RUNG

unit = st.floats(0, 1, width=32)


def test_provocation_is_half_forgotten_in_its_halflife():
    provocation = jnp.array([8.0, 0.0])
    for _ in range(6):
        provocation = escalation.add_provocation(provocation, jnp.zeros(2), jnp.float32(6.0))
    np.testing.assert_allclose(provocation, [4.0, 0.0], rtol=1e-5)
    added = escalation.add_provocation(provocation, jnp.array([0.0, 3.0]), jnp.float32(1e9))
    np.testing.assert_allclose(added, [4.0, 3.0], rtol=1e-5)


def test_only_an_eroding_line_wears_away():
    whole, steps = jnp.ones(2), jnp.array([2.0, 0.0])
    worn = escalation.wear_patience(whole, steps, jnp.int32(ERODING), jnp.float32(0.1))
    np.testing.assert_allclose(worn, [0.81, 1.0], rtol=1e-6)
    fixed = escalation.wear_patience(whole, steps, jnp.int32(FIXED), jnp.float32(0.1))
    assert fixed.tolist() == [1.0, 1.0]


def response(provocation: float, line: float = 5.0, accidents: float = 0.0) -> float:
    given = jnp.array([provocation]), jnp.array([line])
    return float(escalation.response_chance(*given, jnp.float32(2.0), jnp.float32(accidents))[0])


def test_no_response_below_the_line_but_by_accident():
    assert response(5.0) == 0.0
    assert response(4.9, accidents=0.01) == pytest.approx(1 - np.exp(-0.01), rel=1e-5)
    assert response(7.0) == pytest.approx(1 - np.exp(-1), rel=1e-6)
    rising = [response(x) for x in np.linspace(0, 20, 41)]
    assert rising == sorted(rising)
    assert rising[-1] < 1


def test_each_rung_is_as_hard_as_the_first():
    climbed = [float(escalation.climb_chance(jnp.float32(0.3), jnp.float32(r))) for r in range(4)]
    np.testing.assert_allclose(climbed, [0.3, 0.09, 0.027, 0.0081], rtol=1e-5)


@pytest.mark.parametrize(
    ("rung", "climbs", "calms", "after"),
    [
        (0, 0, 1, 0),
        (1, 0, 1, 0),
        (1, 0, 0, 1),
        (2, 1, 0, 3),
        (2, 1, 1, 3),
        (3, 1, 0, TOP_RUNG),
        (TOP_RUNG, 0, 1, TOP_RUNG),
        (TOP_RUNG, 1, 0, TOP_RUNG),
    ],
)
def test_the_ladder_goes_a_rung_at_a_time_and_has_no_way_back_from_its_top(
    rung: float, climbs: float, calms: float, after: float
):
    given = (jnp.float32(x) for x in (rung, climbs, calms))
    assert float(escalation.next_rung(*given)) == after


def opening(
    weariness: float = 0.0, anger: float = 0.0, rung: float = 0.0, push: float = 0.0
) -> float:
    lost, anger_of = jnp.array([weariness, 0.0]), jnp.array([0.0, anger])
    weight = jnp.array([3.0, 3.0])
    chance = talks.opening_chance(
        jnp.float32(0.02),
        lost,
        weight,
        anger_of,
        jnp.float32(rung),
        jnp.float32(0.5),
        jnp.float32(push),
    )
    return float(chance)


def test_talks_open_by_their_rate():
    assert opening() == pytest.approx(1 - np.exp(-0.02), rel=1e-5)
    assert opening(push=np.log(2)) == pytest.approx(1 - np.exp(-0.04), rel=1e-5)


@given(a=unit, b=unit, weariness=unit, anger=unit, rung=st.integers(0, 4))
def test_weariness_opens_talks_and_anger_and_escalation_keep_them_shut(
    a: float, b: float, weariness: float, anger: float, rung: int
):
    less, more = sorted((a, b))
    assert opening(less, anger, rung) <= opening(more, anger, rung)
    assert opening(weariness, less, rung) >= opening(weariness, more, rung)
    assert opening(weariness, anger, rung) >= opening(weariness, anger, rung + 1)
    assert 0 < opening(weariness, anger, rung) < 1


def test_anger_jumps_at_an_invasion_and_halves():
    anger = talks.add_anger(jnp.zeros(2), jnp.array([0.0, 1.0]), jnp.full(2, 1.5), jnp.float32(10))
    np.testing.assert_allclose(anger, [0.0, 1.5])
    for _ in range(10):
        anger = talks.add_anger(anger, jnp.zeros(2), jnp.full(2, 1.5), jnp.float32(10))
    np.testing.assert_allclose(anger, [0.0, 0.75], rtol=1e-5)


@pytest.mark.parametrize(
    ("is_open", "opens", "closes", "invasion", "scuttled", "after"),
    [
        (0, 0, 0, 0, 0, 0),
        (0, 1, 0, 0, 0, 1),
        (1, 0, 0, 0, 0, 1),
        (1, 0, 1, 0, 0, 0),
        (1, 0, 0, 1, 1, 0),
        (1, 0, 0, 1, 0, 1),
        (1, 0, 0, 0, 1, 1),
    ],
)
def test_a_channel_closes_by_itself_or_when_an_invasion_scuttles_it(
    is_open: int, opens: int, closes: int, invasion: int, scuttled: int, after: int
):
    given = (jnp.float32(x) for x in (is_open, opens, closes, invasion, scuttled))
    assert float(talks.step_channel(*given)) == after


@pytest.mark.parametrize(
    ("leave", "needs_leave", "autonomous", "goes"),
    [(0, 0, 0, 1), (0, 1, 0, 0), (1, 1, 0, 1), (0, 1, 1, 1)],
)
def test_a_move_takes_place_with_leave_or_without_need_of_it_or_against_it(
    leave: int, needs_leave: int, autonomous: int, goes: int
):
    def settle(authorised: float, begins: float) -> float:
        given = (
            jnp.array([float(x)]) for x in (authorised, begins, leave, needs_leave, autonomous)
        )
        return float(moves.authorise(*given)[0])

    assert settle(0, begins=1) == goes
    assert settle(1, begins=0) == 1, "what was settled holds"
    assert settle(0, begins=0) == 0


def test_aid_fatigue_success_and_ceiling():
    level = jnp.array([1.0, 1.0, 1.9])
    fatigue, follows = jnp.array([0.2, 0.0, 0.0]), jnp.array([0.0, 0.5, 0.5])
    gain = jnp.array([0.0, -100.0, 1000.0])
    for _ in range(52):
        level = supporters.drift(level, fatigue, follows, gain)
    a_year = 52 * 7 / 365.25
    expected = [np.exp(-0.2 * a_year), np.exp(-0.05 * 52), supporters.MOST_AID]
    np.testing.assert_allclose(level, expected, rtol=1e-5)


def test_aid_wavers_and_comes_back():
    shock = supporters.waver(jnp.zeros(1), jnp.ones(1), jnp.array([0.1]), jnp.float32(8))
    assert float(shock[0]) == pytest.approx(0.1)
    for _ in range(8):
        shock = supporters.waver(shock, jnp.zeros(1), jnp.array([0.1]), jnp.float32(8))
    assert float(shock[0]) == pytest.approx(0.1 * np.exp(-1), rel=1e-5)


def test_supply_is_own_industry_and_what_supporters_send_less_what_is_hit():
    backs = jnp.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    carried = supporters.supply(
        jnp.array([0.5, 1.0, 2.0]), jnp.array([0.4, 0.2, 0.1]), backs, jnp.array([0.0, 0.1])
    )
    np.testing.assert_allclose(carried, [0.4 + 0.2 + 0.2, (0.9 + 0.2) * 0.9], rtol=1e-6)
