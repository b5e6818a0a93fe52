"""The fit of continuation values where the answer is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from training import held_and_paid, talking

from ripeness.settlement.continuation import FEATURES, Continuation, quadratic
from ripeness.settlement.fitting import TrainingWars, fit, regress
from ripeness.war.arrays import WEEKS_A_YEAR

HORIZON = 24
RATE = 0.08
WORLDS = 400
LINE, COST = 30.0, 0.2


@pytest.fixture
def wars() -> TrainingWars:
    """Wars that differ only in features that mean nothing: line and cost are the same in all."""
    weeks = (WORLDS, HORIZON + 1, 2)
    return held_and_paid(
        np.full(weeks, LINE), np.full(weeks, COST), discount=RATE, tail_years=2.0, seed=5
    )


def annuity(weeks: int) -> float:
    """Value of holding the line at its cost for so many weeks, then of what the horizon leaves."""
    rate = RATE / WEEKS_A_YEAR
    value = LINE - COST * 2.0 * WEEKS_A_YEAR
    for _ in range(weeks):
        value = rate * LINE - COST + np.exp(-rate) * value
    return value


def fitted_at_mean(fitted: Continuation, week: int) -> np.ndarray:
    """Value for a side that knows nothing out of the ordinary."""
    middle = quadratic(np.zeros(len(FEATURES)))
    return fitted.coefficients[week] @ middle


@pytest.mark.parametrize("week", [0, 8, 24])
def test_without_talks_going_on_is_worth_the_annuity(wars: TrainingWars, week: int):
    assert fitted_at_mean(fit(wars), week) == pytest.approx([annuity(HORIZON - week)] * 2, abs=1e-9)


def test_a_deal_that_both_prefer_raises_the_value_of_going_on(wars: TrainingWars):
    deal = talking(wars, np.full(2, LINE))
    with_deal, without = fitted_at_mean(fit(deal), 0), fitted_at_mean(fit(wars), 0)
    assert (without < with_deal).all()
    assert (with_deal < LINE).all()


def test_a_deal_that_one_side_refuses_changes_nothing(wars: TrainingWars):
    refused = talking(wars, np.array([LINE, -100.0]))
    assert fitted_at_mean(fit(refused), 0) == pytest.approx(fitted_at_mean(fit(wars), 0))


def test_vetoed_deals_change_nothing(wars: TrainingWars):
    vetoed = replace(talking(wars, np.full(2, LINE)), deal_allowed=np.zeros_like(wars.deal_allowed))
    assert fitted_at_mean(fit(vetoed), 0) == pytest.approx(fitted_at_mean(fit(wars), 0))


def test_wars_that_are_over_have_what_the_end_left(wars: TrainingWars):
    at = np.array(wars.knots)
    ended = replace(
        wars,
        over=np.broadcast_to((at >= 12).astype(float), wars.over.shape),
        end_week=np.full(WORLDS, 12),
        flow=wars.flow[:, np.minimum(np.arange(len(at)), list(at).index(12))],
        left=np.full((WORLDS, 2), 7.0),
    )
    rate = RATE / WEEKS_A_YEAR
    value = 7.0
    for _ in range(12):  # the war lasts through its last week
        value = rate * LINE - COST + np.exp(-rate) * value
    assert fitted_at_mean(fit(ended), 0) == pytest.approx([value] * 2, abs=1e-9)


def test_random_effects_find_the_effect_that_worlds_hide():
    """An effect of 1 within worlds that differ by 100: least squares errs by far more."""
    rng = np.random.default_rng(2)
    group = np.repeat(np.arange(500), 4)
    treated = np.tile([0.0, 0.0, 1.0, 1.0], 500)
    target = treated + rng.normal(size=500)[group] * 100.0 + rng.normal(size=2000) * 0.5
    terms = np.stack([np.ones(2000), treated], axis=1)
    assert regress(terms, target, group)[1] == pytest.approx(1.0, abs=0.1)


def test_random_effects_of_single_worlds_are_least_squares():
    rng = np.random.default_rng(3)
    terms = np.concatenate([np.ones((300, 1)), rng.normal(size=(300, 3))], axis=1)
    target = terms @ [1.0, 2.0, -1.0, 0.5] + rng.normal(size=300) * 0.1
    found = regress(terms, target, np.arange(300))
    assert found == pytest.approx([1.0, 2.0, -1.0, 0.5], abs=0.03)
