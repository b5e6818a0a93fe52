"""Fitting what going on is worth: least-squares Monte Carlo, backward from the horizon.

Over simulated wars that no deal ends (Longstaff and Schwartz, "Valuing American options by
simulation", 2001): the value of going on at a knot is regressed on what a side knows there; at the
knot before, wars in which talks are open settle where both prefer a deal by those fitted values.
Only *when* to settle rests on the regression; what is averaged are realised costs, ground and
deals. Wider war, rare and ruinous, counts by its chance and not by whether it came: what is put
right for that is a martingale, so the mean stays as it is, and a plan is not taken for dangerous
because two worlds in a thousand were unlucky under it (a control variate: Glasserman, "Monte Carlo
methods in financial engineering", 2003, 4.1).

The same world is trained on under every plan with the same luck. The regression takes that into
account (random effects of worlds), so the difference that a plan makes in a world, which is what
claims compare, is fitted far more exactly than the differences between worlds. Two fits, each on
half of the worlds, are averaged: each half judges the other's fit, and how far the two differ is
the error that the report states. Plain NumPy: it runs once a run.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from scipy.sparse import csr_array
from threadpoolctl import threadpool_limits

from ripeness.settlement.bargaining import Manner, bargain, pick
from ripeness.settlement.continuation import (
    FEATURE_LIMIT,
    Continuation,
    basis_size,
    quadratic,
    value_function,
)
from ripeness.settlement.deals import PerDeal, PerDealSide
from ripeness.war.arrays import SMALLEST, WEEKS_A_YEAR, PerSide, Scalar, total

KNOT_WEEKS = 4
"""Weeks between two knots; in between, coefficients are interpolated."""

RIDGE = 1e-3
"""Penalty on coefficients an observation: a thousandth of the spread of standardised features."""

NO_VARIANCE = 1e-9
"""Share of the variance under which groups are taken to be alike within: nothing to learn there."""


@dataclass(frozen=True)
class TrainingWars:
    """Wars without settlement; first axis worlds, second knots.

    Attributes
    ----------
    knots
        Weeks at which they are looked at, ascending from 0 to the horizon.
    features, believed
        Sides by features: with the true balance, and with the one that the side believes in.
    deal_value, deal_allowed
        Deals by sides, points; deals that nobody vetoes (1).
    flow
        Worth of what each side held less the cost of war, discounted to week 0 and added up since
        then, and what wider war took beyond what it was to be expected to; points.
    talks_weeks
        Weeks of open talks so far.
    over
        1 once the war ended by collapse or wider war.
    end_week, left
        When it ended, and the points that each side has from then on; the horizon, and the worth
        of the line less what war costs beyond, if it goes on.
    discount, nerve
        The worlds' own parameters.
    manner
        How their sides bargain (worlds last, as everywhere in the simulation).
    world
        Number of the world, from 0: the same in the wars that share assumptions and luck.
    """

    knots: Sequence[int]
    features: np.ndarray
    believed: np.ndarray
    deal_value: np.ndarray
    deal_allowed: np.ndarray
    flow: np.ndarray
    talks_weeks: np.ndarray
    over: np.ndarray
    end_week: np.ndarray
    left: np.ndarray
    discount: np.ndarray
    nerve: np.ndarray
    manner: Manner
    world: np.ndarray


def knots(horizon: int) -> list[int]:
    """Weeks at which the value of going on is fitted."""
    return [*range(0, horizon, KNOT_WEEKS), horizon]


def fit(wars: TrainingWars) -> Continuation:
    """Fit the values of going on.

    Worlds should be in the order of a Sobol sequence: its halves both cover the assumptions evenly.
    """
    # on one thread: the order of sums, hence the last digits, must not depend on the cores
    with threadpool_limits(1):
        at_knots = np.moveaxis(wars.features, 1, 0)  # one by one, which saves memory
        centre = np.mean([x.mean(axis=0) for x in at_knots], axis=0)
        spread = np.mean([((x - centre) ** 2).mean(axis=0) for x in at_knots], axis=0)
        scale = np.maximum(np.sqrt(spread), 1e-6)
        first = wars.world < wars.world.max() / 2
        with ThreadPoolExecutor(max_workers=2) as pool:
            fits = [
                pool.submit(_Half.fitted, wars, part, centre, scale) for part in (first, ~first)
            ]
        halves = [half.result() for half in fits]
        return _average(wars, halves, (first, ~first), centre, scale)


@dataclass(frozen=True)
class _Half:
    """Fit on half of the worlds: coefficients and attained values at knots, values it explains."""

    coefficients: np.ndarray
    low: np.ndarray
    high: np.ndarray
    target: np.ndarray

    @classmethod
    def fitted(
        cls, wars: TrainingWars, part: np.ndarray, centre: np.ndarray, scale: np.ndarray
    ) -> _Half:
        """Go backward from the horizon, fitting on `part` of the wars and valuing all of them."""
        at, value = wars.knots, wars.left
        half = cls(
            np.zeros((len(at), 2, basis_size(wars.features.shape[-1]))),
            np.zeros((len(at), 2)),
            np.zeros((len(at), 2)),
            np.zeros((len(at), *value.shape)),
        )
        for n in range(len(at) - 1, -1, -1):
            half.target[n] = value
            use = part & (wars.over[:, n] == 0)
            x = _standardise(wars.features[use, n], centre, scale)
            for side in range(2 if use.any() else 0):  # where no war goes on, nobody asks
                explained = value[use, side]
                half.coefficients[n, side] = regress(
                    quadratic(x[:, side]), explained, wars.world[use]
                )
                half.low[n, side], half.high[n, side] = explained.min(), explained.max()
            if n:
                value = _settle(wars, n, value, half, centre, scale)
                value = _carry_back(wars, n, value)
        return half

    def value(self, x: np.ndarray, knot: int) -> np.ndarray:
        """Fitted values of going on for standardised features of both sides, points."""
        constant, slopes, curvature = value_function(self.coefficients[knot])
        curved = np.stack([x[:, side] @ curvature[side] for side in range(2)], axis=1)
        fitted = constant + ((slopes + curved) * x).sum(axis=-1)
        return np.clip(fitted, self.low[knot], self.high[knot])


def _average(
    wars: TrainingWars,
    halves: Sequence[_Half],
    parts: Sequence[np.ndarray],
    centre: np.ndarray,
    scale: np.ndarray,
) -> Continuation:
    """Average the two fits, and judge each on the worlds that the other was fitted on."""
    at = wars.knots
    r2, bias, apart = [], [], []
    fresh = np.zeros((len(wars.world), 2))
    for n in range(len(at) - 1):
        alive = wars.over[:, n] == 0
        if not all((alive & part).any() for part in parts):
            break
        for half, part in zip(halves, reversed(parts), strict=True):
            x = _standardise(wars.features[alive & part, n], centre, scale)
            target = half.target[n, alive & part]
            error = half.value(x, n) - target
            if n == 0:
                fresh[alive & part] = target
            r2.append(1.0 - error.var(axis=0) / np.maximum(target.var(axis=0), 1e-12))
            bias.append(error.mean(axis=0))
        x = _standardise(wars.features[alive, n], centre, scale)
        apart.append(((halves[0].value(x, n) - halves[1].value(x, n)) ** 2).mean(axis=0))

    at_first = wars.over[:, 0] == 0
    x = _standardise(wars.features[at_first, 0], centre, scale)
    _, place, size = np.unique(wars.world[at_first], return_inverse=True, return_counts=True)
    of_world = np.stack([np.bincount(place, came) / size for came in fresh[at_first].T], axis=1)

    def mean(name: str) -> np.ndarray:
        return _between_knots((getattr(halves[0], name) + getattr(halves[1], name)) / 2, at)

    return Continuation(
        coefficients=mean("coefficients"),
        centre=centre,
        scale=scale,
        low=mean("low"),
        high=mean("high"),
        r2=np.mean(r2, axis=0),
        bias=np.mean(bias, axis=0),
        error=np.sqrt(np.mean(apart, axis=0)) / 2,
        value=np.mean([half.value(x, 0).mean(axis=0) for half in halves], axis=0),
        fresh=fresh[at_first].mean(axis=0),
        fresh_error=of_world.std(axis=0) / np.sqrt(len(size)),
    )


def _standardise(x: np.ndarray, centre: np.ndarray, scale: np.ndarray) -> np.ndarray:
    return np.clip((x - centre) / scale, -FEATURE_LIMIT, FEATURE_LIMIT)


def regress(terms: np.ndarray, target: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Regress with random effects of groups and a ridge on all but the constant.

    Feasible generalised least squares (Balestra and Nerlove 1966): the variances of what groups
    share and of what they do not come from the residuals of ordinary least squares; then a part
    ``theta = 1 - sqrt(s2_within / (s2_within + n s2_between))`` of each group's mean is taken away.

    Parameters
    ----------
    terms
        Observations by terms; the first is the constant.
    target
        What is explained.
    group
        Number of the group of each observation, from 0.
    """
    count = len(terms)
    terms = np.asarray(terms, np.float64)  # what is taken away below is most of what there is
    gram, moment = terms.T @ terms / count, terms.T @ target / count
    ordinary = least_squares(gram, moment, RIDGE)
    _, place, size = np.unique(group, return_inverse=True, return_counts=True)
    means = csr_array((1.0 / size[place], (place, np.arange(count))))
    mean_terms, mean_target = means @ terms, means @ target

    residual = target - terms @ ordinary
    shared = mean_target - mean_terms @ ordinary
    freedom = count - len(size)
    within = ((residual**2).sum() - (size * shared**2).sum()) / max(freedom, 1)
    if freedom == 0 or within <= NO_VARIANCE * (residual**2).mean():
        return ordinary
    between = max((shared**2).mean() - within * (1 / size).mean(), 0.0)
    theta = 1.0 - np.sqrt(within / (within + size * between))
    # taking theta of a group's mean from all of it takes this much of it out of sums of squares
    taken = (size * theta * (2.0 - theta) / count)[:, None] * mean_terms
    return least_squares(
        gram - taken.T @ mean_terms,
        moment - taken.T @ mean_target,
        RIDGE * within / (within + between),  # as strong against the data as before
    )


def least_squares(gram: np.ndarray, moment: np.ndarray, penalty: float) -> np.ndarray:
    """Coefficients of least squares with a ridge on all but the constant.

    Parameters
    ----------
    gram, moment
        Products of the terms with each other and with what is explained, means over observations;
        the first term is the constant.
    penalty
        On the square of a coefficient, an observation.
    """
    ridge = penalty * np.eye(len(gram))
    ridge[0, 0] = 0.0
    return np.linalg.solve(gram + ridge, moment)


def _settle(
    wars: TrainingWars,
    knot: int,
    value: np.ndarray,
    half: _Half,
    centre: np.ndarray,
    scale: np.ndarray,
) -> np.ndarray:
    """Value at a knot before it is known whether the talks since the last knot settle the war."""
    going_on = half.value(_standardise(wars.believed[:, knot], centre, scale), knot)
    agreed, struck = _expected_deal(
        np.moveaxis(wars.deal_value[:, knot], 0, -1),
        going_on.T,
        wars.deal_allowed[:, knot].T,
        wars.manner,
    )
    weeks_open = wars.talks_weeks[:, knot] - wars.talks_weeks[:, knot - 1]
    chance = (1.0 - (1.0 - wars.nerve) ** weeks_open) * np.asarray(agreed)
    chance = np.where(wars.over[:, knot] > 0, 0.0, chance)[:, None]
    return chance * np.asarray(struck).T + (1.0 - chance) * value


@jax.jit
def _expected_deal(
    value: PerDealSide, going_on: PerSide, may: PerDeal, manner: Manner
) -> tuple[Scalar, PerSide]:
    """Chance that an offer is agreed to, over who proposes, and what it then brings each side."""
    first = manner.power
    nothing = jnp.zeros_like(going_on)
    bids = [
        bargain(value, going_on, may, manner, proposes, nothing)
        for proposes in (jnp.ones_like(first), jnp.zeros_like(first))
    ]
    chances = jnp.stack([first * bids[0].agreed, (1.0 - first) * bids[1].agreed])
    agreed = total(chances, 0)
    brought = jnp.stack([pick(value, bid.deal) for bid in bids])
    mean = total(chances[:, None] * brought, 0) / jnp.maximum(agreed, SMALLEST)
    return agreed, mean


def _carry_back(wars: TrainingWars, knot: int, value: np.ndarray) -> np.ndarray:
    """Value at the knot before: what is held and what war costs on the way, then what follows."""
    since, until = wars.knots[knot - 1], wars.knots[knot]
    ended = wars.over[:, knot] > 0
    rate = (wars.discount / WEEKS_A_YEAR)[:, None]
    lasted = np.where(ended, wars.end_week, until)[:, None] - since
    flow = np.exp(rate * since) * (wars.flow[:, knot] - wars.flow[:, knot - 1])
    then = np.where(ended[:, None], wars.left, value)
    return flow + np.exp(-rate * lasted) * then


def _between_knots(values: np.ndarray, at: Sequence[int]) -> np.ndarray:
    """Interpolate along the first axis to every week from 0 to the horizon."""
    weeks = np.arange(at[-1] + 1)
    right = np.clip(np.searchsorted(at, weeks), 1, len(at) - 1)
    left = right - 1
    span = np.take(at, right) - np.take(at, left)
    part = (weeks - np.take(at, left)) / span
    shape = (-1,) + (1,) * (values.ndim - 1)
    part = part.reshape(shape)
    return (1.0 - part) * values[left] + part * values[right]
