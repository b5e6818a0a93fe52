"""No man appears or vanishes as troops are sent, shifted, brought home, wounded and healed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ripeness.war import forces, moves

SECTORS = 4
ROUNDING = 1e-5
"""Relative: some ten roundings of single precision, 6e-8 each, on sums of some ten numbers."""


def thousands(*shape: int, most: float = 300) -> st.SearchStrategy[np.ndarray]:
    return hnp.arrays(np.float32, shape, elements=st.floats(0, most, width=32))


def men(troops: object, reserve: object) -> np.ndarray:
    return np.asarray(troops).sum(axis=1) + np.asarray(reserve)


@given(
    troops=thousands(2, SECTORS),
    reserve=thousands(2, most=80),
    wanted=thousands(2, SECTORS),
    share=thousands(2, most=1),
    limit=thousands(2, most=20),
)
def test_redeployment(
    troops: np.ndarray,
    reserve: np.ndarray,
    wanted: np.ndarray,
    share: np.ndarray,
    limit: np.ndarray,
):
    fresh = share * reserve
    moved = forces.redeploy(troops, reserve, wanted, fresh, limit)
    after, left = (np.asarray(x) for x in moved)
    before = men(troops, reserve)
    slack = ROUNDING * (before + 1)
    np.testing.assert_allclose(men(after, left), before, atol=slack.max())
    assert (after >= -slack[:, None]).all()
    assert (left >= 0).all()
    arrived = np.maximum(after - troops, 0).sum(axis=1)
    most = limit + fresh + slack
    assert (arrived <= most).all(), "no more arrive anywhere than are new or can be moved in a week"


def test_redeployment_takes_the_reserve_first():
    troops, wanted = np.array([[50.0, 50.0]]), np.array([[55.0, 50.0]])
    after, left = forces.redeploy(troops, np.array([10.0]), wanted, np.zeros(1), np.array([5.0]))
    np.testing.assert_allclose(after, wanted)
    np.testing.assert_allclose(left, [5.0])


def test_new_men_are_sent_whatever_the_limit():
    """What may move in a week counts those who stand elsewhere, not those who have just come."""
    troops, wanted = np.array([[50.0, 40.0]]), np.array([[60.0, 60.0]])
    after, left = forces.redeploy(troops, np.array([9.0]), wanted, np.array([9.0]), np.zeros(1))
    np.testing.assert_allclose(after, [[53.0, 46.0]], rtol=1e-6)
    np.testing.assert_allclose(left, [0.0])


def test_without_a_reserve_the_sector_that_asks_draws_on_the_others():
    """Claim R6: the defence of own soil takes from the other sectors, evenly, as fast as it can."""
    troops, wanted = np.array([[60.0, 60.0, 0.0]]), np.array([[60.0, 60.0, 30.0]])
    after, _ = forces.redeploy(troops, np.zeros(1), wanted, np.zeros(1), np.array([6.0]))
    np.testing.assert_allclose(after, [[57.0, 57.0, 6.0]], rtol=1e-6)
    for _ in range(20):
        after, _ = forces.redeploy(after, np.zeros(1), wanted, np.zeros(1), np.array([6.0]))
    np.testing.assert_allclose(after, [[48.0, 48.0, 24.0]], rtol=1e-5)


@given(troops=thousands(2, SECTORS), reserve=thousands(2, most=80), wanted=thousands(2, most=50))
def test_sending_a_force_and_bringing_it_home(
    troops: np.ndarray, reserve: np.ndarray, wanted: np.ndarray
):
    sent = np.zeros((2, SECTORS), np.float32)
    sent[:, -1] = wanted
    there, left = (np.asarray(x) for x in moves.commit(troops, reserve, sent))
    before = men(troops, reserve)
    slack = (ROUNDING * (before + 1)).max()
    np.testing.assert_allclose(men(there, left), before, atol=slack)
    assert (there >= 0).all()
    assert (left >= 0).all()
    joined = there[:, -1] - troops[:, -1]
    assert (joined <= wanted + slack).all()
    others_halved = np.isclose(
        there[:, :-1].sum(axis=1), troops[:, :-1].sum(axis=1) / 2, atol=slack
    )
    assert (np.isclose(joined, wanted, atol=slack) | others_halved).all(), (
        "the force is complete, or half of what the other sectors had is in it"
    )

    leaving = np.zeros_like(sent)
    leaving[0, -1] = 1
    home, back = (np.asarray(x) for x in moves.withdraw(there, left, leaving))
    np.testing.assert_allclose(men(home, back), men(there, left), atol=slack)
    assert home[0, -1] == 0
    assert (home[1] == there[1]).all()


@given(
    hospital=thousands(2),
    casualties=thousands(2, most=20),
    return_share=hnp.arrays(np.float32, 2, elements=st.floats(0, 1, width=32)),
    return_weeks=st.floats(1, 30, width=32),
)
def test_wounded_return_or_are_lost(
    hospital: np.ndarray, casualties: np.ndarray, return_share: np.ndarray, return_weeks: float
):
    parts = forces.heal(hospital, casualties, return_share, np.asarray(return_weeks, np.float32))
    returning, in_hospital, lost = (np.asarray(part) for part in parts)
    total = hospital + casualties
    np.testing.assert_allclose(returning + in_hospital + lost, total, rtol=ROUNDING, atol=1e-6)
    assert (np.stack([returning, in_hospital, lost]) >= -ROUNDING).all()


def test_wounded_who_can_return_do_so_after_the_mean_time():
    hospital, back, weeks = np.array([0.0]), [], range(300)
    for week in weeks:
        hurt = np.array([10.0 if week == 0 else 0.0])
        returning, hospital, lost = forces.heal(hospital, hurt, np.array([0.6]), np.asarray(8.0))
        back.append(float(returning[0]))
        assert float(lost[0]) == pytest.approx(4.0 if week == 0 else 0.0)
    assert sum(back) == pytest.approx(6.0, rel=1e-5)
    assert np.average(weeks, weights=back) == pytest.approx(8.0, rel=1e-4)


def test_own_soil_lost_counts_what_is_ones_own_only():
    area, first = np.array([1000.0, 500.0]), np.array([0.5, 0.0])
    own = np.array([[1.0, 0.0], [0.0, 1.0]])
    lost = forces.own_soil_lost(np.array([0.4, 0.2]), first, area, own)
    np.testing.assert_allclose(lost, [[100.0, 0.0], [0.0, 100.0]], rtol=1e-5)
    gained = forces.own_soil_lost(np.array([0.6, 0.0]), first, area, own)
    assert np.asarray(gained).tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_home_demand_is_half_at_the_half_area_and_never_more_than_all():
    lost = np.array([[0.0, 200.0, 1e7]])
    drawn = forces.home_demand(lost, np.array([60.0]), np.asarray(200.0))
    np.testing.assert_allclose(drawn, [[0.0, 30.0, 60.0]], rtol=1e-4)


def test_recruits_beyond_losses_swell_the_line_evenly():
    troops, first = np.array([[110.0, 55.0]]), np.array([[100.0, 50.0]])
    wanted = forces.demand(troops, np.array([25.0]), first, np.array([10.0]), np.zeros((1, 2)))
    np.testing.assert_allclose(wanted, [[120.0, 60.0]])
    thin = forces.demand(troops / 2, np.zeros(1), first, np.array([10.0]), np.zeros((1, 2)))
    np.testing.assert_allclose(thin, first, err_msg="a side that is short still wants its line")


def test_materiel_follows_supply_less_wear():
    materiel = np.ones(2)
    for _ in range(500):
        materiel = forces.follow_supply(
            materiel, np.array([0.8, 1.0]), np.array([1.0, 2.0]), np.full(2, 0.3), np.full(2, 0.1)
        )
    np.testing.assert_allclose(materiel, [0.8, 0.7], rtol=1e-5)


def test_a_side_without_troops_wants_what_a_move_asks_for():
    none, asked = np.zeros((2, 2)), np.array([[0.0, 3.0], [0.0, 0.0]])
    wanted = forces.demand(none, np.zeros(2), none, np.zeros(2), asked)
    np.testing.assert_array_equal(wanted, asked)


@pytest.mark.parametrize(
    ("due", "invaded_in", "expected"), [(10, 3, 10), (10, 10, 10), (10, 14, 14), (10, None, None)]
)
def test_reinforcements_come_once(due: int, invaded_in: int | None, expected: int | None):
    """From the week due, but not before the invasion of own soil."""
    came = []
    for week in range(20):
        before, now = (
            np.array([float(invaded_in is not None and invaded_in <= w)]) for w in (week - 1, week)
        )
        arrives = forces.reinforcements_arrive(np.asarray(week), np.array([due]), before, now)
        came += [week] * int(np.asarray(arrives)[0, 0])
    assert came == ([] if expected is None else [expected])
