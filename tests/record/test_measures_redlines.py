"""Bayes factors of red lines: closed forms for single crossings, and records made by each kind."""

from __future__ import annotations

import numpy as np
import pytest

from ripeness.case.load import load
from ripeness.record.measures.redlines import Weeks, by_week, factor, likelihoods
from ripeness.war.escalation import ERODING, FIXED
from ripeness.war.parameters import Parameters
from ripeness.war.supporters import BLUFF, EXPONENTIAL, HUMPED, UNIFORM
from ripeness.worlds.sampling import parameters, sample

COUNT = 4096
SCALE, BLUFF_CHANCE, EROSION = 10.0, 0.3, 0.1


@pytest.fixture(scope="module")
def hard() -> Parameters:
    """Worlds that differ in luck alone, with lines that answer at once when they are passed."""
    case = load("kursk-2024")
    given = {
        "tolerance.russia": SCALE,
        "bluff_chance": BLUFF_CHANCE,
        "erosion": EROSION,
        "response_width": 1e-4,
        "accident_rate": 0.0,
        "provocation_halflife": 1e9,
    }
    values = dict(sample(case, 1, 0, COUNT))
    values |= {name: np.full(COUNT, value, np.float32) for name, value in given.items()}
    return parameters(case, values)


def chance(hard: Parameters, weeks: Weeks, kind: int, prior: int) -> float:
    priors = np.full(COUNT, prior, np.int32)
    points = np.ones(COUNT, np.float32)
    return float(likelihoods(weeks, hard, 1, kind, priors, points).mean())


def survives(prior: int, x: float) -> float:
    """Chance that a line lies beyond x on a scale of 10."""
    u = min(x / SCALE, 1.0)
    return {
        UNIFORM: 1 - u,
        EXPONENTIAL: float(np.exp(-x / SCALE)),
        BLUFF: 1 - (1 - BLUFF_CHANCE) * u,
        HUMPED: 1 - u**2 * (3 - 2 * u),
    }[prior]


@pytest.mark.parametrize("prior", [UNIFORM, EXPONENTIAL, BLUFF, HUMPED])
def test_silence_is_as_likely_as_that_the_line_lies_beyond(hard: Parameters, prior: int):
    silent = Weeks(np.array([6]), np.array([False]))
    worn = 6 / (1 - EROSION) ** 6  # where a line must have begun to lie at 6 after six points
    assert chance(hard, silent, FIXED, prior) == pytest.approx(survives(prior, 6), abs=2e-3)
    assert chance(hard, silent, ERODING, prior) == pytest.approx(survives(prior, worn), abs=2e-3)


def test_a_response_after_silence_lies_between_two_crossings(hard: Parameters):
    record = Weeks(np.array([6, 0, 2]), np.array([False, False, True]))
    expected = survives(UNIFORM, 6) - survives(UNIFORM, 8)
    assert chance(hard, record, FIXED, UNIFORM) == pytest.approx(expected, abs=2e-3)


def test_a_response_settles_the_account(hard: Parameters):
    again = Weeks(np.array([8, 0, 3]), np.array([True, False, False]))
    expected = survives(UNIFORM, 3) - survives(UNIFORM, 8)  # the line lies between 3 and 8
    assert chance(hard, again, FIXED, UNIFORM) == pytest.approx(expected, abs=2e-3)


def test_answers_after_ever_shorter_waits_are_for_lines_that_erode_alone(hard: Parameters):
    shorter = Weeks(np.ones(11, int), np.isin(np.arange(11), [4, 7, 10]))
    least, most = 4 / (1 - EROSION) ** 4, 3 / (1 - EROSION) ** 8  # where the line must have begun
    assert chance(hard, shorter, FIXED, UNIFORM) == 0
    found = chance(hard, shorter, ERODING, UNIFORM)
    assert found == pytest.approx((most - least) / SCALE, abs=2e-3)


def test_what_neither_kind_can_make_gives_no_odds():
    assert factor(np.zeros(3), np.ones(3)) is None
    assert factor(np.ones(3), np.zeros(3)) is None


def test_the_monte_carlo_error_covers():
    draw = np.random.default_rng(4)
    hits = 0
    for _ in range(400):
        fixed, luck = draw.gamma(2.0, 1.0, 500), draw.gamma(2.0, 1.0, 500)
        found = factor(fixed, 0.5 * fixed + luck)
        assert found is not None
        hits += found.low <= 1.5 <= found.high
    assert 365 <= hits <= 395


def test_crossings_and_responses_fall_into_weeks():
    weeks = by_week(np.array([100, 93, 101, 130]), np.array([102, 137]))
    assert weeks.crossings.tolist() == [1, 2, 0, 0, 0, 1, 0]
    assert weeks.answered.tolist() == [False, True, False, False, False, False, True]
