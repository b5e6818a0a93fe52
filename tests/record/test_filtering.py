"""The filter against exact answers: a linear, Gaussian world has a Kalman filter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from random_walk import ASSUMPTIONS, DRIFT, ERROR, FIRST, SHOCK, Walk, kalman, levels
from scipy.stats import multivariate_normal, norm, t

from ripeness.record import filtering
from ripeness.record.filtering import FEWEST, Filtered, filter_worlds

WEEKS, WORLDS, RUNS = 20, 2048, 10

CHANCE = 1e-5
"""Of a right filter to miss a bound of these tests: for their error is estimated from few runs."""


def figures_of(seed: int) -> np.ndarray:
    chance = np.random.default_rng(seed)
    steps = DRIFT * chance.standard_normal() + SHOCK * chance.standard_normal(WEEKS + 1)
    level = FIRST * chance.standard_normal() + np.cumsum(steps)
    return level + ERROR * chance.standard_normal(WEEKS + 1)


def prior(seed: int, worlds: int = WORLDS) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((worlds, ASSUMPTIONS))


def filtered(figures: np.ndarray, seed: int) -> Filtered:
    at = range(0, WEEKS + 1, 10)
    return filter_worlds(Walk(figures), prior(seed), WEEKS, at, seed)


@pytest.fixture(scope="module")
def figures() -> np.ndarray:
    return figures_of(7)


@pytest.fixture(scope="module")
def runs(figures: np.ndarray) -> list[Filtered]:
    return [filtered(figures, seed) for seed in range(RUNS)]


def check_evidence(found: np.ndarray, exact: np.ndarray) -> None:
    """Hold log evidences, runs by weeks, against what is right."""
    error = found.std(0, ddof=1) / np.sqrt(len(found))
    assert error.max() < 0.1
    # the logarithm of an unbiased estimate lies below its truth by half its variance
    assert np.all(np.abs(found.mean(0) + found.var(0, ddof=1) / 2 - exact) < 4 * error + 1e-3)


def test_evidence_is_that_of_the_kalman_filter(figures: np.ndarray, runs: list[Filtered]) -> None:
    check_evidence(np.array([run.evidence for run in runs]), kalman(figures).evidence)


def test_evidence_does_not_hang_on_how_many_lucks_are_tried(
    figures: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filtering, "TRIES", 1)
    found = np.array([filtered(figures, seed).evidence for seed in range(8)])
    check_evidence(found, kalman(figures).evidence)


def test_worlds_that_parents_come_by_are_as_good_as_where_they_end(
    figures: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As few as may be: a twelfth of the worlds, whose every round is kept."""
    monkeypatch.setattr(filtering, "PARENTS", 1)
    runs = [filtered(figures, seed) for seed in range(RUNS)]
    check_evidence(np.array([run.evidence for run in runs]), kalman(figures).evidence)
    assert {len(run.at[WEEKS].weight) for run in runs} == {WORLDS}
    check_level_and_drift(WEEKS, figures, runs, within=0.25)


@pytest.mark.parametrize("week", [0, 10, 20])
def test_level_and_drift_are_those_of_the_kalman_filter(
    week: int, figures: np.ndarray, runs: list[Filtered]
) -> None:
    check_level_and_drift(week, figures, runs, within=0.1)


def check_level_and_drift(
    week: int, figures: np.ndarray, runs: list[Filtered], within: float
) -> None:
    """Hold what runs say against what is right, with an error within so many spreads."""
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
        assert np.all(error < within * spread)
        most = t(len(runs) - 1).isf(CHANCE / 2)
        assert np.all(np.abs(np.mean(got, axis=0) - right) < most * error)


def test_what_was_seen_says_nothing_of_an_assumption_without_effect(runs: list[Filtered]) -> None:
    for run in runs:
        worlds = run.at[WEEKS]
        mean = worlds.assumptions[:, 2] @ worlds.weight
        assert abs(mean) < 0.2
        assert 0.85 < np.sqrt((worlds.assumptions[:, 2] - mean) ** 2 @ worlds.weight) < 1.15


@dataclass(frozen=True)
class Sum:
    """Figures of the sum of two assumptions; neither a third one nor luck counts."""

    figures: np.ndarray
    error: float

    def until(self, assumptions: np.ndarray, luck: np.ndarray, week: int) -> np.ndarray:
        del luck
        both = assumptions[:, :2].sum(1, keepdims=True)
        return norm.logpdf(self.figures[: week + 1], both, self.error)

    def ahead(
        self, assumptions: np.ndarray, luck: np.ndarray, week: int, tries: np.ndarray
    ) -> np.ndarray:
        return np.repeat(self.until(assumptions, luck, week)[:, -1:], tries.shape[1], axis=1)


def test_two_assumptions_of_which_only_the_sum_is_seen_are_correlated_as_they_should_be() -> None:
    error, count = 0.3, 12
    seen = 2.5 + error * np.random.default_rng(2).standard_normal(count)
    covariance = error**2 * np.eye(count) + 2.0
    means, covariances, evidence = [], [], []
    for seed in range(8):
        run = filter_worlds(Sum(seen, error), prior(seed), count - 1, [count - 1], seed)
        worlds = run.at[count - 1]
        means.append(worlds.weight @ worlds.assumptions)
        covariances.append(np.cov(worlds.assumptions.T, aweights=worlds.weight, ddof=0))
        evidence.append(run.evidence[-1:])
    # normal given normal: with precision count / error² in the direction of the sum
    precision = np.eye(3)
    precision[:2, :2] += count / error**2
    right = np.linalg.inv(precision)
    mean = right @ np.array([1.0, 1.0, 0.0]) * seen.sum() / error**2
    assert right[0, 1] / right[0, 0] < -0.98
    for got, given in ((means, mean), (covariances, right)):
        bound = 4.5 * np.std(got, axis=0, ddof=1) / np.sqrt(len(got))
        assert np.all(np.abs(np.mean(got, axis=0) - given) < bound + 0.003)
    exact = multivariate_normal(np.zeros(count), covariance).logpdf(seen)  # pyright: ignore[reportArgumentType]
    check_evidence(np.array(evidence), np.array(exact))


@dataclass(frozen=True)
class Distance:
    """A figure of how far one assumption is from 0: from above or from below, none can tell."""

    figure: float
    error: float

    def until(self, assumptions: np.ndarray, luck: np.ndarray, week: int) -> np.ndarray:
        del luck
        weekly = np.zeros((len(assumptions), week + 1))
        weekly[:, 0] = norm.logpdf(self.figure, np.abs(assumptions[:, 0]), self.error)
        return weekly

    def ahead(
        self, assumptions: np.ndarray, luck: np.ndarray, week: int, tries: np.ndarray
    ) -> np.ndarray:
        return np.repeat(self.until(assumptions, luck, week)[:, -1:], tries.shape[1], axis=1)


def test_worlds_stay_on_both_sides_where_the_figures_cannot_tell_which() -> None:
    upper = []
    for seed in range(8):
        run = filter_worlds(Distance(1.5, 0.02), prior(seed), 3, [3], seed)
        z, weight = run.at[3].assumptions[:, 0], run.at[3].weight
        assert np.abs(np.abs(z) @ weight - 1.5) < 0.01
        upper.append((z > 0) @ weight)
    assert 0.3 < min(upper) < max(upper) < 0.7
    assert abs(np.mean(upper) - 0.5) < 4 * np.std(upper, ddof=1) / np.sqrt(len(upper))


def test_same_seed_same_worlds(figures: np.ndarray, runs: list[Filtered]) -> None:
    again = filtered(figures, 3)
    np.testing.assert_array_equal(again.at[WEEKS].assumptions, runs[3].at[WEEKS].assumptions)
    np.testing.assert_array_equal(again.at[WEEKS].luck, runs[3].at[WEEKS].luck)
    np.testing.assert_array_equal(again.evidence, runs[3].evidence)


def test_enough_worlds_carry_the_weight_in_every_week(runs: list[Filtered]) -> None:
    for run in runs:
        assert run.effective.min() >= FEWEST * WORLDS
        assert run.resampled.sum() > 0
        assert min(run.accepted) > 0.1


def test_a_later_figure_changes_nothing_before_it(
    figures: np.ndarray, runs: list[Filtered]
) -> None:
    other = figures.copy()
    other[11:] += 5.0
    later = filtered(other, 0)
    np.testing.assert_array_equal(later.evidence[:11], runs[0].evidence[:11])
    np.testing.assert_array_equal(later.at[10].assumptions, runs[0].at[10].assumptions)
    np.testing.assert_array_equal(later.at[10].luck, runs[0].at[10].luck)
    assert later.evidence[11] < runs[0].evidence[11]


class Never(Walk):
    """Figures of which that of week 5 cannot be."""

    def until(self, assumptions: np.ndarray, luck: np.ndarray, week: int) -> np.ndarray:
        weekly = super().until(assumptions, luck, week)
        weekly[:, 5:6] = -np.inf
        return weekly

    def ahead(
        self, assumptions: np.ndarray, luck: np.ndarray, week: int, tries: np.ndarray
    ) -> np.ndarray:
        logs = super().ahead(assumptions, luck, week, tries)
        return logs if week != 5 else np.full_like(logs, -np.inf)


def test_what_no_world_can_give_is_said(figures: np.ndarray) -> None:
    with pytest.raises(ValueError, match="no world can give what was seen in week 5"):
        filter_worlds(Never(figures), prior(0, 64), WEEKS, [], 0)


def test_worlds_that_cannot_be_get_no_weight_and_come_not_back() -> None:
    """Half of the worlds are impossible: what is left is the half of a normal distribution."""

    class Positive(Distance):
        def until(self, assumptions: np.ndarray, luck: np.ndarray, week: int) -> np.ndarray:
            del luck
            weekly = np.zeros((len(assumptions), week + 1))
            weekly[assumptions[:, 0] < 0, 0] = -np.inf
            return weekly

    run = filter_worlds(Positive(0.0, 0.0), prior(1), 2, [2], 1)
    worlds = run.at[2]
    assert np.all(worlds.weight[worlds.assumptions[:, 0] < 0] == 0)
    assert abs(run.evidence[-1] - np.log(0.5)) < 0.05
    assert abs(worlds.assumptions[:, 0] @ worlds.weight - np.sqrt(2 / np.pi)) < 0.05
