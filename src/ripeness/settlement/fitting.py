"""Fitting what going on is worth: least-squares Monte Carlo, backward from the horizon.

Over simulated wars that no deal ends (Longstaff and Schwartz, "Valuing American options by
simulation", 2001): the value of going on at a knot is regressed on what a side knows there; at the
knot before, wars in which talks are open settle where both prefer a deal by those fitted values.
Only *when* to settle rests on the regression; what is averaged are realised costs, ground and
deals. Plain NumPy: it runs once a run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from ripeness.settlement.continuation import FEATURE_LIMIT, Continuation, basis_size, quadratic
from ripeness.war.arrays import WEEKS_A_YEAR

KNOT_WEEKS = 4
"""Weeks between two knots; in between, coefficients are interpolated."""

RIDGE = 1e-3
"""Penalty on coefficients an observation: a thousandth of the spread of standardised features."""


@dataclass(frozen=True)
class TrainingWars:
    """Wars without settlement; first axis worlds, second knots or weeks (0 to the horizon).

    Attributes
    ----------
    features, believed
        At knots, sides by features: with the true balance, and with the one that the side believes
        in.
    deal_value, deal_allowed
        At knots: deals by sides, points; deals that nobody vetoes (1).
    line, cost
        Each week: worth of the line and cost of the week, points, per side.
    talks_open, over
        Each week: 1 if talks on the war are open; 1 once it ended by collapse or wider war.
    left
        Points that each side has from the end on, if it ended.
    discount, nerve, power, tail_years
        The worlds' own parameters.
    fitted_on
        True for the wars to fit on; the others judge the fit. Both should cover the assumptions
        evenly: alternate points of a Sobol sequence do not, its halves do.
    """

    features: np.ndarray
    believed: np.ndarray
    deal_value: np.ndarray
    deal_allowed: np.ndarray
    line: np.ndarray
    cost: np.ndarray
    talks_open: np.ndarray
    over: np.ndarray
    left: np.ndarray
    discount: np.ndarray
    nerve: np.ndarray
    power: np.ndarray
    tail_years: np.ndarray
    fitted_on: np.ndarray


def knots(horizon: int) -> list[int]:
    """Weeks at which the value of going on is fitted."""
    return [*range(0, horizon, KNOT_WEEKS), horizon]


def fit(wars: TrainingWars) -> Continuation:
    """Fit the values of going on, backward from the horizon."""
    with threadpool_limits(
        1
    ):  # the order of sums, hence the last digits, must not depend on the cores
        return _fit(wars)


def _fit(wars: TrainingWars) -> Continuation:
    horizon = wars.line.shape[1] - 1
    at = knots(horizon)
    centre = wars.features[wars.fitted_on].mean(axis=(0, 1))
    scale = np.maximum(wars.features[wars.fitted_on].std(axis=(0, 1)), 1e-6)
    rate = wars.discount / WEEKS_A_YEAR

    value = wars.line[:, horizon] - (
        wars.cost[:, horizon] * (wars.tail_years * WEEKS_A_YEAR)[:, None]
    )
    value = np.where(wars.over[:, horizon, None] > 0, wars.left, value)
    count = len(at)
    coefficients = np.zeros((count, 2, basis_size()))
    low, high = np.zeros((count, 2)), np.zeros((count, 2))
    r2, bias = np.zeros((count - 1, 2)), np.zeros((count - 1, 2))
    for n in range(count - 1, -1, -1):
        week = at[n]
        alive = wars.over[:, week] == 0
        x = _standardise(wars.features[:, n], centre, scale)
        use = alive & wars.fitted_on
        test = alive & ~wars.fitted_on
        for side in range(2):
            terms = quadratic(x[:, side])
            target = value[:, side]
            coefficients[n, side] = _ridge(terms[use], target[use])
            low[n, side], high[n, side] = target[use].min(), target[use].max()
            if n < count - 1:
                guess = np.clip(terms[test] @ coefficients[n, side], low[n, side], high[n, side])
                error = target[test] - guess
                r2[n, side] = 1.0 - error.var() / max(target[test].var(), 1e-12)
                bias[n, side] = -error.mean()
        if n == 0:
            break
        value = _settle(
            wars, n, at[n - 1], week, value, coefficients[n], centre, scale, low[n], high[n]
        )
        value = _carry_back(wars, at[n - 1], week, value, rate)
    return Continuation(
        _between_knots(coefficients, at),
        centre,
        scale,
        _between_knots(low, at),
        _between_knots(high, at),
        r2,
        bias.mean(axis=0),
    )


def _standardise(x: np.ndarray, centre: np.ndarray, scale: np.ndarray) -> np.ndarray:
    return np.clip((x - centre) / scale, -FEATURE_LIMIT, FEATURE_LIMIT)


def _ridge(terms: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Least squares with a ridge on all but the constant."""
    gram = terms.T @ terms / len(terms)
    penalty = RIDGE * np.eye(len(gram))
    penalty[0, 0] = 0.0
    return np.linalg.solve(gram + penalty, terms.T @ target / len(terms))


def _settle(
    wars: TrainingWars,
    knot: int,
    since: int,
    week: int,
    value: np.ndarray,
    coefficients: np.ndarray,
    centre: np.ndarray,
    scale: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
) -> np.ndarray:
    """Value at a knot before it is known whether the talks since the last knot settle the war."""
    x = _standardise(wars.believed[:, knot], centre, scale)
    going_on = np.clip((quadratic(x) * coefficients).sum(axis=-1), low, high)
    surplus = wars.deal_value[:, knot] - going_on[:, None]
    feasible = (wars.deal_allowed[:, knot] > 0) & (surplus >= 0).all(axis=2)
    gain = np.maximum(surplus, 0.0)
    power = wars.power[:, None]
    product = np.where(feasible, gain[..., 0] ** power * gain[..., 1] ** (1 - power), -1.0)
    best = product.argmax(axis=1)
    struck = np.take_along_axis(wars.deal_value[:, knot], best[:, None, None], axis=1)[:, 0]
    weeks_open = wars.talks_open[:, since + 1 : week + 1].sum(axis=1)
    chance = (1.0 - (1.0 - wars.nerve) ** weeks_open) * feasible.any(axis=1)
    chance = np.where(wars.over[:, week] > 0, 0.0, chance)[:, None]
    return chance * struck + (1.0 - chance) * value


def _carry_back(
    wars: TrainingWars, since: int, week: int, value: np.ndarray, rate: np.ndarray
) -> np.ndarray:
    """Value at the knot before: what is held and what war costs on the way, then what follows."""
    for t in range(week, since, -1):
        flow = rate[:, None] * wars.line[:, t] - wars.cost[:, t]
        going_on = flow + np.exp(-rate)[:, None] * value
        value = np.where(wars.over[:, t, None] > 0, wars.left, going_on)
    return value


def _between_knots(values: np.ndarray, at: list[int]) -> np.ndarray:
    """Interpolate along the first axis to every week from 0 to the horizon."""
    weeks = np.arange(at[-1] + 1)
    right = np.clip(np.searchsorted(at, weeks), 1, len(at) - 1)
    left = right - 1
    span = np.take(at, right) - np.take(at, left)
    part = (weeks - np.take(at, left)) / span
    shape = (-1,) + (1,) * (values.ndim - 1)
    part = part.reshape(shape)
    return (1.0 - part) * values[left] + part * values[right]
