"""The filter against the exact answer: a linear, Gaussian world has a Kalman filter."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import numpy as np
import pytest
from scipy.stats import norm

from ripeness.record.filtering import Filtered, filter_worlds
from ripeness.war.arrays import Array
from ripeness.war.noise import Noise, Purpose

WEEKS = 20
DRIFT, FIRST, SHOCK, ERROR = 0.4, 1.0, 0.5, 0.7
"""Standard deviations: of the drift a week and of the first level beforehand, of a week's shock,
and of a figure."""


@jax.jit
def shocks(luck: Array) -> Array:
    """A standard normal number for each world and week."""
    return Noise(luck.reshape(-1), luck.reshape(-1) * 0).normal(Purpose.GROUND).reshape(luck.shape)


def levels(assumptions: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """A random walk with a drift that differs between worlds; a third assumption does nothing."""
    steps = DRIFT * assumptions[:, :1] + SHOCK * np.asarray(shocks(luck), float)
    return FIRST * assumptions[:, 1:2] + np.cumsum(steps, axis=1)


@dataclass(frozen=True)
class Exact:
    """What the Kalman filter says, by week: log evidence, mean and covariance of (level, drift)."""

    evidence: np.ndarray
    mean: np.ndarray
    covariance: np.ndarray


def kalman(figures: np.ndarray) -> Exact:
    mean, covariance = np.zeros(2), np.diag([FIRST**2, DRIFT**2])
    step, shock, seen = np.array([[1.0, 1.0], [0.0, 1.0]]), np.diag([SHOCK**2, 0.0]), [1.0, 0.0]
    evidence, total, means, covariances = [], 0.0, [], []
    for figure in figures:
        mean, covariance = step @ mean, step @ covariance @ step.T + shock
        spread = covariance[0, 0] + ERROR**2
        total += norm.logpdf(figure, mean[0], np.sqrt(spread))
        gain = covariance @ seen / spread
        mean = mean + gain * (figure - mean[0])
        covariance = covariance - np.outer(gain, gain) * spread
        evidence.append(total)
        means.append(mean)
        covariances.append(covariance)
    return Exact(np.array(evidence), np.array(means), np.array(covariances))


def figures_of(seed: int) -> np.ndarray:
    chance = np.random.default_rng(seed)
    steps = DRIFT * chance.standard_normal() + SHOCK * chance.standard_normal(WEEKS + 1)
    level = FIRST * chance.standard_normal() + np.cumsum(steps)
    return level + ERROR * chance.standard_normal(WEEKS + 1)


def filtered(figures: np.ndarray, seed: int, worlds: int = 2048) -> Filtered:
    def likelihood(assumptions: np.ndarray, luck: np.ndarray) -> np.ndarray:
        return norm.logpdf(figures, levels(assumptions, luck), ERROR)

    prior = np.random.default_rng(seed).standard_normal((worlds, 3))
    return filter_worlds(likelihood, prior, WEEKS, range(0, WEEKS + 1, 10), seed)


@pytest.fixture(scope="module")
def figures() -> np.ndarray:
    return figures_of(7)


@pytest.fixture(scope="module")
def runs(figures: np.ndarray) -> list[Filtered]:
    return [filtered(figures, seed) for seed in range(8)]


def test_evidence_is_that_of_the_kalman_filter(figures: np.ndarray, runs: list[Filtered]) -> None:
    exact = kalman(figures).evidence
    found = np.array([run.evidence for run in runs])
    error = found.std(0, ddof=1) / np.sqrt(len(runs))
    assert error.max() < 0.1
    # the logarithm of an unbiased estimate lies below its truth by half its variance
    assert np.all(np.abs(found.mean(0) + found.var(0, ddof=1) / 2 - exact) < 4 * error + 1e-3)


@pytest.mark.parametrize("week", [0, 10, 20])
def test_level_and_drift_are_those_of_the_kalman_filter(
    week: int, figures: np.ndarray, runs: list[Filtered]
) -> None:
    exact = kalman(figures)
    means, variances = [], []
    for run in runs:
        worlds = run.at[week]
        level = levels(worlds.assumptions, worlds.luck)[:, week]
        known = np.stack([level, DRIFT * worlds.assumptions[:, 0]])
        means.append(known @ worlds.weight)
        variances.append(np.cov(known, aweights=worlds.weight, ddof=0).diagonal())
    for got, right in ((means, exact.mean[week]), (variances, exact.covariance[week].diagonal())):
        error = np.std(got, axis=0, ddof=1) / np.sqrt(len(runs))
        spread = np.sqrt(exact.covariance[week].diagonal())
        assert np.all(error < 0.1 * spread)
        assert np.all(np.abs(np.mean(got, axis=0) - right) < 4.5 * error)


def test_what_was_seen_says_nothing_of_an_assumption_without_effect(runs: list[Filtered]) -> None:
    for run in runs:
        worlds = run.at[WEEKS]
        mean = worlds.assumptions[:, 2] @ worlds.weight
        assert abs(mean) < 0.2
        assert 0.85 < np.sqrt((worlds.assumptions[:, 2] - mean) ** 2 @ worlds.weight) < 1.15


def test_same_seed_same_worlds(figures: np.ndarray, runs: list[Filtered]) -> None:
    again = filtered(figures, 3)
    np.testing.assert_array_equal(again.at[WEEKS].assumptions, runs[3].at[WEEKS].assumptions)
    np.testing.assert_array_equal(again.evidence, runs[3].evidence)


def test_enough_worlds_carry_the_weight_in_every_week(runs: list[Filtered]) -> None:
    for run in runs:
        assert run.effective.min() >= 1024 * 0.999
        assert run.resampled.sum() > 0


def test_a_later_figure_changes_nothing_before_it(
    figures: np.ndarray, runs: list[Filtered]
) -> None:
    other = figures.copy()
    other[11:] += 100.0
    later = filtered(other, 0)
    np.testing.assert_array_equal(later.evidence[:11], runs[0].evidence[:11])
    np.testing.assert_array_equal(later.at[10].assumptions, runs[0].at[10].assumptions)
    assert later.evidence[11] < runs[0].evidence[11]


def test_what_no_world_can_give_is_said() -> None:
    def never(_: np.ndarray, luck: np.ndarray) -> np.ndarray:
        weekly = np.zeros(luck.shape)
        weekly[:, 5] = -np.inf
        return weekly

    prior = np.random.default_rng(0).standard_normal((64, 3))
    with pytest.raises(ValueError, match="no world can give what was seen in week 5"):
        filter_worlds(never, prior, WEEKS, [], 0)
