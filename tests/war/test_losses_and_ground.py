"""Losses and movement in a sector: bounded, fair to both sides, and still where nobody fights."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ripeness.war import attrition, ground

SECTORS = 3


def numbers(low: float, high: float, *shape: int) -> st.SearchStrategy[np.ndarray]:
    """Single-precision arrays, as the simulation has them."""
    bounds = float(np.float32(low)), float(np.float32(high))
    return hnp.arrays(np.float32, shape, elements=st.floats(*bounds, width=32))


def number(low: float, high: float) -> st.SearchStrategy[np.ndarray]:
    return numbers(low, high)


def single(x: float) -> np.ndarray:
    """A number as the simulation has it."""
    return np.asarray(x, np.float32)


def per_sector(low: float, high: float) -> st.SearchStrategy[np.ndarray]:
    return numbers(low, high, SECTORS)


def per_side_sector(low: float, high: float) -> st.SearchStrategy[np.ndarray]:
    return numbers(low, high, 2, SECTORS)


@given(
    troops=per_side_sector(0, 300),
    materiel=numbers(0.05, 3, 2),
    rate=numbers(0.001, 0.5, 2),
    law=number(0, 2),
    tempo=per_sector(0, 10),
)
def test_losses_are_never_more_than_half_and_mirror_each_other(
    troops: np.ndarray, materiel: np.ndarray, rate: np.ndarray, law: np.ndarray, tempo: np.ndarray
):
    def lost(troops: np.ndarray, materiel: np.ndarray, rate: np.ndarray) -> np.ndarray:
        power = attrition.log_power(troops, materiel, jnp.float32(0.7))
        reference = attrition.reference_strength(troops)
        return np.asarray(attrition.losses(troops, power, reference, rate, law, tempo))

    there = lost(troops, materiel, rate)
    assert (there >= 0).all()
    assert (there <= 0.5 * troops).all()
    assert (lost(troops[::-1], materiel[::-1], rate[::-1]) == there[::-1]).all()


def test_at_parity_every_law_costs_the_same():
    troops = np.full((2, 1), 100 - attrition.THIN, np.float32)
    power = attrition.log_power(troops, np.ones(2), jnp.float32(1.0))
    for law in (0.0, 0.7, 1.0, 2.0):
        lost = attrition.losses(
            troops, power, jnp.array([100.0]), jnp.array([0.01, 0.02]), jnp.float32(law), np.ones(1)
        )
        np.testing.assert_allclose(lost, [[1.0], [2.0]], rtol=1e-6)


def test_nobody_fights_where_one_side_has_no_one():
    troops = np.array([[0.0, 5.0, 50.0], [80.0, 0.0, 50.0]])
    engaged = np.asarray(attrition.engaged(troops))
    assert engaged[:2].tolist() == [0.0, 0.0]
    assert 0.95 < engaged[2] < 1


def test_better_supplied_side_has_the_power():
    """Twice the materiel at exponent 1 counts as twice the troops, guards included."""
    power = attrition.log_power(np.full((2, 1), 10.0), np.array([2.0, 1.0]), jnp.float32(1.0))
    assert float(attrition.balance(power)[0]) == pytest.approx(np.log(2), rel=1e-6)


@given(
    balance=per_sector(-8, 8),
    surprise=per_sector(-2, 2),
    fort=per_side_sector(0, 2),
    defence=per_sector(0, 2),
    softness=number(0.015625, 1),
)
def test_exchanging_the_sides_exactly_reverses_the_drive(
    balance: np.ndarray,
    surprise: np.ndarray,
    fort: np.ndarray,
    defence: np.ndarray,
    softness: np.ndarray,
):
    there = np.asarray(ground.drive(balance, surprise, fort, defence, softness))
    mirrored = np.asarray(ground.drive(-balance, -surprise, fort[::-1], defence, softness))
    assert (mirrored == -there).all()


def drive(rho: float, fort: float = 0.0) -> float:
    """Drive at a balance, against a defence of 0.5 and prepared lines of side 1."""
    forts = np.array([[0.0], [fort]])
    given = np.array([rho]), np.zeros(1), forts, np.array([0.5]), single(0.05)
    return float(ground.drive(*given)[0])


def test_drive_is_stalemate_then_linear():
    assert drive(0.0) == 0.0
    assert abs(drive(0.25)) < 0.01
    assert drive(1.5) == pytest.approx(1.0, abs=1e-3)
    assert drive(-1.5) == pytest.approx(-1.0, abs=1e-3)
    assert drive(1.5, fort=0.6) == pytest.approx(0.4, abs=1e-3), "lines hold the attacker up"
    assert drive(-1.5, fort=0.6) == pytest.approx(-1.0, abs=1e-3), "not the one who built them"
    balances = np.linspace(-3, 3, 61)
    assert (np.diff([drive(rho) for rho in balances]) >= 0).all()


@given(gain=per_sector(-1e5, 1e5), left=per_sector(0, 3e4), held=per_sector(0, 3e4))
def test_no_more_ground_changes_hands_than_there_is(
    gain: np.ndarray, left: np.ndarray, held: np.ndarray
):
    bounded = np.asarray(ground.saturate(gain, left, held))
    assert (bounded <= left).all()
    assert (-bounded <= held).all()
    assert (np.abs(bounded) <= np.abs(gain) * (1 + 1e-6)).all()
    assert (bounded * gain >= 0).all(), "never the other way round"
    mirrored = np.asarray(ground.saturate(-gain, held, left))
    assert (mirrored == -bounded).all()


def test_small_gains_pass_and_what_is_not_there_cannot_be_gained():
    gain = np.array([1.0, 1.0, -1.0, 0.0])
    room = np.array([1e4, 0.0, 1e4, 1e4])
    held = np.array([1e4, 1e4, 0.0, 1e4])
    bounded = np.asarray(ground.saturate(gain, room, held))
    np.testing.assert_allclose(bounded, [1.0, 0.0, 0.0, 0.0], rtol=1e-4)


@given(week=number(0, 500), depth=number(0, 1), low=number(0, 52))
def test_season_slows_by_its_depth_at_most(week: np.ndarray, depth: np.ndarray, low: np.ndarray):
    factor = float(ground.season(week, depth, low))
    assert 1 - depth - 1e-6 <= factor <= 1 + 1e-6
    a_year_later = float(ground.season(week + single(365.25 / 7), depth, low))
    assert a_year_later == pytest.approx(factor, abs=1e-3)


def test_season_is_worst_in_its_week_and_best_half_a_year_later():
    def season(week: float) -> float:
        return float(ground.season(single(week), single(0.4), single(30)))

    assert season(30) == pytest.approx(0.6)
    assert season(30 + 365.25 / 14) == pytest.approx(1.0)


def test_surprise_halves_and_lines_grow_half_way():
    assert float(ground.fade(np.ones(1), single(3))[0]) == pytest.approx(0.5 ** (1 / 3))
    fort = np.zeros((2, 1))
    digging, none_lost = np.array([[1.0], [0.0]]), np.zeros((2, 1))
    for _ in range(6):
        fort = ground.dig(fort, digging, none_lost, np.array([0.8, 0.8]), single(6))
    np.testing.assert_allclose(fort, [[0.4], [0.0]], rtol=1e-5)
    overrun = ground.dig(
        fort, digging * 0, np.array([[0.25], [0.0]]), np.array([0.8, 0.8]), single(6)
    )
    np.testing.assert_allclose(overrun, [[0.3], [0.0]], rtol=1e-5)
