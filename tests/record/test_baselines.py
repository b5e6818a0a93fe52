"""Simple forecasters: what they must say where the answer is known, and that they always answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ripeness.record.hindcast.baselines import BASELINES, DRAWS, forecast
from ripeness.record.hindcast.past import Past

QUARTER = 13


def past(values: np.ndarray | list[float], steps: int = QUARTER, error: float = 1.0) -> Past:
    return Past(np.asarray(values, float), error, steps, lambda paths: paths)


def walk(length: int, seed: int, step: float = 1.0, noise: float = 0.0) -> np.ndarray:
    luck = np.random.default_rng(seed)
    steps, noises = luck.standard_normal(length) * step, luck.standard_normal(length) * noise
    return np.cumsum(steps) + noises


def test_persistence_stays_and_spreads_as_far_as_past_changes_over_as_many_steps():
    values = walk(200, seed=1)
    paths = forecast("persistence", past(values), 1).paths
    assert paths.shape == (DRAWS, QUARTER)
    for step in (1, 5, 13):
        spread = paths[:, step - 1].std()
        changes = values[step : len(values) - QUARTER + step] - values[: len(values) - QUARTER]
        assert spread == pytest.approx(np.sqrt(np.mean(changes**2)), rel=0.1)
        assert abs(np.median(paths[:, step - 1]) - values[-1]) < 4 * 1.25 * spread / DRAWS**0.5


def test_persistence_of_a_short_series_walks_by_its_single_steps():
    paths = forecast("persistence", past([-1.5, 1.5, -1.5, 1.5, -1.5]), 1).paths
    assert paths[:, 0].std() == pytest.approx(3.0, rel=0.1)
    assert paths[:, 8].std() == pytest.approx(9.0, rel=0.1)


def test_one_figure_alone_is_as_uncertain_as_it_is_itself():
    paths = forecast("persistence", past([50.0], error=7.0), 1).paths
    assert paths.std(0) == pytest.approx(np.full(QUARTER, 7.0), rel=0.1)


def test_drift_goes_on_along_a_line():
    paths = forecast("drift", past(np.arange(20.0)), 1).paths
    assert paths == pytest.approx(np.tile(np.arange(20.0, 20.0 + QUARTER), (DRAWS, 1)))


def test_drift_knows_that_its_mean_is_uncertain():
    """Hyndman and Athanasopoulos: the variance at k steps is k (1 + k / changes) times a step's."""
    values = walk(30, seed=4)
    paths = forecast("drift", past(values), 1).paths
    step = np.diff(values).std(ddof=1)
    for k in (1, 13):
        expected = step * np.sqrt(k * (1 + k / 29))
        assert paths[:, k - 1].std() == pytest.approx(expected, rel=0.1)


@pytest.mark.parametrize("name", ["local level", "ETS"])
def test_bands_hold_what_comes_as_often_as_they_say(name: str):
    """On walks seen with noise, which is what the local level takes a series for."""
    inside = []
    for seed in range(80):
        values = walk(100 + QUARTER, seed, step=1.0, noise=2.0)
        drawn = forecast(name, past(values[:100]), 1)
        low, high = np.quantile(drawn.paths, [0.05, 0.95], axis=0)
        inside.append((low <= values[100:]) & (values[100:] <= high))
    assert np.mean(inside) == pytest.approx(0.9, abs=0.06)


def test_smoothing_follows_a_trend_that_the_local_level_does_not():
    line = 5.0 * np.arange(60.0) + np.random.default_rng(2).standard_normal(60)
    trend, level = (forecast(name, past(line), 1) for name in ("ETS", "local level"))
    assert not trend.stands_in
    assert np.median(trend.paths[:, -1]) == pytest.approx(5.0 * 72, abs=5)
    assert np.median(level.paths[:, -1]) < 5.0 * 62


@pytest.mark.parametrize(
    ("values", "reason"),
    [([4.0] * 30, "its values never changed"), ([1.0, 2.0, 4.0], "it has fewer than 10 values")],
)
@pytest.mark.parametrize("name", ["local level", "ETS"])
def test_what_cannot_be_fitted_is_left_to_persistence(name: str, values: list[float], reason: str):
    drawn = forecast(name, past(values), 1)
    assert drawn.stands_in == reason
    assert np.median(drawn.paths[:, 0]) == pytest.approx(values[-1], abs=0.2)


@given(
    st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=14),
    st.integers(1, 20),
    st.sampled_from(sorted(BASELINES)),
)
def test_every_forecaster_always_answers(values: list[float], steps: int, name: str):
    paths = forecast(name, past(values, steps), 1).paths
    assert paths.shape == (DRAWS, steps)
    assert np.isfinite(paths).all()


@pytest.mark.parametrize(("turn", "beyond"), [(lambda x: x, np.less), (lambda x: -x, np.greater)])
def test_what_never_changed_its_sign_keeps_it(
    turn: Callable[[np.ndarray], np.ndarray], beyond: np.ufunc
):
    area = turn(np.array([9.0, 8, 7, 5, 6, 4, 3, 2, 3, 1, 0.5, 0.2]))
    for name in BASELINES:
        paths = forecast(name, past(area), 1).paths
        assert not beyond(paths, 0).any()
        assert (paths == 0).any()


@pytest.mark.parametrize("name", sorted(BASELINES))
def test_the_same_seed_gives_the_same_numbers(name: str):
    values = past(walk(40, seed=3, noise=1.0))
    first, again, other = (forecast(name, values, seed).paths for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()
