"""Sums, maxima and powers that are written out for speed are those that everyone knows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeness.war.arrays import FEW, kept_a_week, largest, place_of_largest, raised, total


@pytest.mark.parametrize("size", [1, 2, FEW, FEW + 1])
@pytest.mark.parametrize("axis", [0, 1])
def test_sums_and_maxima_over_an_axis(size: int, axis: int):
    shape = (3, size, 5) if axis else (size, 3, 5)
    x = np.random.default_rng(size).integers(-9, 9, shape).astype(np.float32)
    np.testing.assert_array_equal(total(x, axis), x.sum(axis))
    np.testing.assert_array_equal(largest(x, axis), x.max(axis))
    np.testing.assert_array_equal(place_of_largest(x), x.argmax(0))  # many are equal: the first


def test_a_sum_over_nothing_is_zero():
    assert (
        np.asarray(total(np.ones((2, 0, 3), np.float32), 1)).tolist() == np.zeros((2, 3)).tolist()
    )


@given(st.floats(2**-20, 2**20, width=32), st.floats(-3, 3, width=32, allow_subnormal=False))
def test_powers(base: float, exponent: float):
    found = float(raised(np.asarray(base, np.float32), np.asarray(exponent, np.float32)))
    assert found == pytest.approx(base**exponent, rel=2e-5)


@pytest.mark.parametrize(
    ("exponent", "expected"), [(0.0, 1.0), (0.01, 0.0), (1.0, 0.0), (7.0, 0.0)]
)
def test_powers_of_zero(exponent: float, expected: float):
    found = float(raised(np.asarray(0.0, np.float32), np.asarray(exponent, np.float32)))
    assert found == expected


def test_what_halves_in_some_weeks_has_halved_after_them():
    assert float(kept_a_week(np.asarray(6.0, np.float32))) ** 6 == pytest.approx(0.5)
