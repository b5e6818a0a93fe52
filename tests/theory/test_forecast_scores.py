"""Scores of forecasts: closed forms, and what they are made of."""

from __future__ import annotations

import numpy as np
import pytest
import scoringrules
from scipy.special import ndtri

from ripeness.record.hindcast.scores import crps, log_score, murphy, wilson

NORMAL = ndtri((np.arange(100_000) + 0.5) / 100_000)
"""So many equally likely points of the standard normal distribution."""


@pytest.mark.parametrize(
    ("mean", "sd", "value", "expected"),
    [
        (0, 1, 0, 0.233695),
        (0, 1, 1, 0.602441),
        (0, 1, 2, 1.452792),
        (0, 1, -1.5, 0.994424),
        (2, 3, 5, 1.807324),
    ],
)
def test_h4_crps_of_a_normal_forecast(mean: float, sd: float, value: float, expected: float):
    draws = mean + sd * NORMAL[:, None]
    assert crps(draws, np.array([value]))[0] == pytest.approx(expected, abs=5e-5)
    assert scoringrules.crps_normal(value, mean, sd) == pytest.approx(expected, abs=1e-6)


def test_h4_mean_crps_of_a_calibrated_forecast():
    came = ndtri((np.arange(400) + 0.5) / 400)
    draws = np.broadcast_to(NORMAL[::100, None], (1000, 400))
    assert crps(draws, came).mean() == pytest.approx(0.564190, abs=2e-3)


def test_h5_three_draws():
    """As draws of something wider, .333333; as all that it is, .666667."""
    draws, value = np.array([[1.0], [2.0], [4.0]]), np.array([3.0])
    assert crps(draws, value)[0] == pytest.approx(0.333333, abs=1e-6)
    assert crps(np.repeat(draws, 100_000, axis=0), value)[0] == pytest.approx(0.666667, abs=1e-5)


def test_h6_what_a_brier_score_is_made_of():
    chances = np.array([0.1] * 4 + [0.8] * 5 + [0.5])
    came = np.array([0, 0, 0, 1, 1, 1, 1, 0, 1, 1])
    found = murphy(chances, came)
    assert found.reliability == pytest.approx(0.034, abs=1e-9)
    assert found.resolution == pytest.approx(0.085, abs=1e-9)
    assert found.uncertainty == pytest.approx(0.24, abs=1e-9)
    assert found.brier == pytest.approx(0.189, abs=1e-9)
    assert found.brier == pytest.approx(np.mean((chances - came) ** 2))


def test_log_score_is_that_of_scoringrules_where_it_is_finite():
    luck = np.random.default_rng(1)
    draws, values = luck.normal(3.0, 2.0, (500, 4)), np.array([3.0, 0.0, 8.0, 12.0])
    ours = log_score(draws, values, np.full(4, 1e-9))
    assert ours == pytest.approx(scoringrules.logs_ensemble(values, draws.T), rel=1e-9)


def test_a_forecast_that_was_certain_and_wrong_scores_badly_but_not_infinitely():
    same = np.full((100, 2), 5.0)
    right, wrong = log_score(same, np.array([5.0, 90.0]), np.ones(2))
    assert right == pytest.approx(np.log(0.1 * np.sqrt(2 * np.pi)))
    assert wrong - right == pytest.approx(0.5 * 850**2)


def test_interval_of_a_share():
    """Wilson's interval solves (p - share)² = z² p (1 - p) / n."""
    for limit in wilson(7, 10):
        assert (limit - 0.7) ** 2 == pytest.approx(1.644854**2 * limit * (1 - limit) / 10, rel=1e-5)
