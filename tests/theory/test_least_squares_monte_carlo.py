"""Least-squares Monte Carlo where finance has the answer: American puts.

Longstaff and Schwartz, "Valuing American options by simulation: a simple least-squares approach"
(2001): a put on a share at 40, a rate of 6 % a year, 50 dates a year at which it may be exercised.
A war is a share's course, a week is a date, to settle is to exercise: the fit is the one that
values going on in wars, with the price and the payoff for what a side knows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.stats import norm
from training import first_decides, weekly

from ripeness.settlement.continuation import Continuation
from ripeness.settlement.fitting import fit, least_squares

STRIKE, RATE, DATES = 40.0, 0.06, 50

TREE = {
    (0.2, 1): {36: 4.478, 38: 3.250, 40: 2.314, 42: 1.617, 44: 1.110},
    (0.2, 2): {36: 4.840, 38: 3.745, 40: 2.885, 42: 2.213, 44: 1.690},
    (0.4, 1): {36: 7.102, 38: 6.148, 40: 5.312, 42: 4.583, 44: 3.948},
    (0.4, 2): {36: 8.507, 38: 7.669, 40: 6.917, 42: 6.245, 44: 5.642},
}
"""Value by volatility, years and price: binomial trees of 60 or 30 steps a date, which meet the
finite differences of Longstaff and Schwartz's Table 1 to .005."""

TREE_ERROR = 0.005
SHORT = 0.02
"""By how much settling where the fit says so may fall short of the best: the quadratic is not the
true value of waiting. Longstaff and Schwartz's own values, from other polynomials, are up to .02
below their finite differences."""

Features = Callable[[np.ndarray], np.ndarray]
"""What the holder knows, of the price; last axis."""


def price_and_payoff(price: np.ndarray) -> np.ndarray:
    return np.stack([price, np.maximum(STRIKE - price, 0)], axis=-1)


def more_features(price: np.ndarray) -> np.ndarray:
    """Fifteen terms of a quadratic instead of six."""
    payoff = np.maximum(STRIKE - price, 0)
    more = payoff**3 / STRIKE**2, STRIKE * np.log(price / STRIKE)
    return np.stack([price, payoff, *more], axis=-1)


def courses(price: float, volatility: float, years: int, paths: int, seed: int) -> np.ndarray:
    """Prices at every date, in pairs of mirrored luck (antithetic paths)."""
    luck = np.random.default_rng(seed).standard_normal((paths // 2, DATES * years))
    luck = np.stack([luck, -luck], axis=1).reshape(paths, -1)
    growth = (RATE - volatility**2 / 2) / DATES + volatility / np.sqrt(DATES) * luck
    return price * np.exp(np.concatenate([np.zeros((paths, 1)), growth.cumsum(axis=1)], axis=1))


def put(
    price: np.ndarray, features: Features = price_and_payoff, early: bool = True
) -> Continuation:
    """Fit the put on courses of the price; exercise only in the money, if not early at the end."""
    payoff = np.maximum(STRIKE - price, 0)
    may = payoff > 0
    if not early:
        may[:, :-1] = False
    nothing = np.zeros((*price.shape, 2))
    wars = weekly(features(price), nothing, nothing[:, -1], kept=np.exp(-RATE / DATES))
    # a pair shares its luck, as plans of a world do
    return fit(replace(first_decides(wars, payoff, may), world=np.arange(len(price)) // 2))


@pytest.mark.parametrize("price", [36, 38, 40, 42, 44])
@pytest.mark.parametrize(("volatility", "years"), TREE)
def test_e_table_1(volatility: float, years: int, price: int):
    """E, Table 1: as fitted, and on courses that were not fitted on, which bound it from below."""
    fitted = put(courses(price, volatility, years, paths=10_000, seed=price))
    expected, error = TREE[volatility, years][price], 4 * fitted.fresh_error[0] + TREE_ERROR
    assert expected - error - SHORT < fitted.value[0] < expected + error
    assert expected - error - SHORT < fitted.fresh[0] < expected + error


@cache
def first_cell(features: Features) -> Continuation:
    return put(courses(36, 0.2, 1, paths=40_000, seed=1), features)


def test_e_first_cell_with_more_paths():
    """E, price 36, volatility .2, one year: 4.478, within one part in a hundred."""
    fitted = first_cell(price_and_payoff)
    assert 4 * fitted.fresh_error[0] < 0.045
    assert abs(fitted.fresh[0] - 4.478) < 4 * fitted.fresh_error[0] + SHORT
    assert fitted.fresh[0] < 4.478 + 4 * fitted.fresh_error[0]


def test_e_more_than_twice_the_basis_changes_little():
    """E: less than one part in a hundred, both as fitted and on fresh courses."""
    few, many = first_cell(price_and_payoff), first_cell(more_features)
    assert many.coefficients.shape[-1] > 2 * few.coefficients.shape[-1]
    assert many.value[0] == pytest.approx(few.value[0], rel=0.01)
    assert many.fresh[0] == pytest.approx(few.fresh[0], rel=0.01)


def european(price: float, volatility: float, years: float) -> float:
    """Black and Scholes' value of a put."""
    spread = volatility * np.sqrt(years)
    moneyness = (np.log(price / STRIKE) + (RATE + volatility**2 / 2) * years) / spread
    paid = STRIKE * np.exp(-RATE * years) * norm.cdf(spread - moneyness)
    return paid - price * norm.cdf(-moneyness)


@pytest.mark.parametrize(
    ("price", "volatility", "years", "value"), [(36, 0.2, 1, 3.844), (44, 0.3, 2, None)]
)
def test_e_european_put(price: float, volatility: float, years: int, value: float | None):
    """E, price 36, volatility .2, one year, exercise at the end only: 3.844."""
    exact = european(price, volatility, years)
    assert value is None or exact == pytest.approx(value, abs=5e-4)
    fitted = put(courses(price, volatility, years, paths=10_000, seed=2), early=False)
    assert abs(fitted.value[0] - exact) < 4 * fitted.fresh_error[0]


EIGHT_PATHS = np.array(
    [
        [1.00, 1.09, 1.08, 1.34],
        [1.00, 1.16, 1.26, 1.54],
        [1.00, 1.22, 1.07, 1.03],
        [1.00, 0.93, 0.97, 0.92],
        [1.00, 1.11, 1.56, 1.52],
        [1.00, 0.76, 0.77, 0.90],
        [1.00, 0.92, 0.84, 1.01],
        [1.00, 0.88, 1.22, 1.34],
    ]
)
"""Longstaff and Schwartz's worked example, section 1: a put at 1.10, three dates, 6 % a date."""


def test_e_worked_example():
    """E, coefficients at dates 2 and 1; the American put is worth .114434, the European .056381."""
    payoff, kept = np.maximum(1.10 - EIGHT_PATHS, 0), np.exp(-0.06)
    value = payoff[:, 3]
    assert (value * kept**3).mean() == pytest.approx(0.056381, abs=1e-6)
    expected = {2: [-1.069988, 2.983411, -1.813576], 1: [2.037512, -3.335443, 1.356457]}
    for date in (2, 1):
        value = kept * value
        inside = payoff[:, date] > 0
        price = EIGHT_PATHS[inside, date]
        terms = np.stack([np.ones_like(price), price, price**2], axis=1)
        found = least_squares(terms.T @ terms, terms.T @ value[inside], penalty=0.0)
        assert found == pytest.approx(expected[date], abs=1e-6)
        exercised = payoff[inside, date] > terms @ found
        value[inside] = np.where(exercised, payoff[inside, date], value[inside])
    assert (kept * value).mean() == pytest.approx(0.114434, abs=1e-6)
