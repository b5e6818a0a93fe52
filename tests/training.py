"""Training wars made up by hand, to which the value of going on is fitted in tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from haggling import bargainers

from ripeness.settlement.continuation import FEATURES
from ripeness.settlement.fitting import TrainingWars, knots
from ripeness.war.arrays import WEEKS_A_YEAR


def held_and_paid(
    line: np.ndarray, cost: np.ndarray, discount: float, tail_years: float, seed: int
) -> TrainingWars:
    """Wars in which sides hold a line at a cost, know nothing of use, and never talk.

    Parameters
    ----------
    line, cost
        Worlds by weeks (from 0 to the horizon) by sides, points; the cost of the week that begins
        then.
    discount, tail_years
        A year; years of war still to be paid for at the horizon.
    """
    count, weeks, _ = line.shape
    at = knots(weeks - 1)
    features = np.random.default_rng(seed).normal(size=(count, len(at), 2, len(FEATURES)))
    none = np.zeros((count, len(at)))
    return TrainingWars(
        knots=at,
        features=features,
        believed=features,
        deal_value=np.zeros((count, len(at), 1, 2)),
        deal_allowed=np.ones((count, len(at), 1)),
        flow=added_up(line, cost, discount)[:, at],
        talks_weeks=none,
        over=none,
        end_week=np.full(count, weeks - 1),
        left=line[:, -1] - cost[:, -1] * tail_years * WEEKS_A_YEAR,
        discount=np.full(count, discount),
        nerve=np.full(count, 0.5),
        manner=bargainers(power=np.full(count, 0.5)),
        world=np.arange(count),
    )


def added_up(line: np.ndarray, cost: np.ndarray, discount: float) -> np.ndarray:
    """Worth of what is held less the cost of war, discounted and added up until each week."""
    rate = discount / WEEKS_A_YEAR
    weeks = np.arange(line.shape[1] - 1)
    flows = np.exp(-rate * weeks)[:, None] * (rate * line - cost)[:, :-1]
    return np.concatenate([np.zeros_like(flows[:, :1]), flows.cumsum(axis=1)], axis=1)


def talking(wars: TrainingWars, deal: np.ndarray) -> TrainingWars:
    """The same wars with talks open all the time and one deal on the table, worth so much."""
    return replace(
        wars,
        deal_value=np.broadcast_to(deal, wars.deal_value.shape),
        talks_weeks=np.broadcast_to(np.array(wars.knots, float), wars.over.shape),
    )


def weekly(features: np.ndarray, flow: np.ndarray, left: np.ndarray, kept: float) -> TrainingWars:
    """Wars with a knot every week, in which both sides know the same and never talk.

    Parameters
    ----------
    features
        Worlds by weeks by features.
    flow
        Worlds by weeks by sides, points: what a week that begins brings, before discounting.
    left
        Worlds by sides, points: what the horizon leaves.
    kept
        Worth of a point a week later.
    """
    count, weeks, _ = features.shape
    known = np.repeat(features[:, :, None], 2, axis=2)
    none = np.zeros((count, weeks))
    discounted = (kept ** np.arange(weeks - 1))[:, None] * flow[:, :-1]
    return TrainingWars(
        knots=range(weeks),
        features=known,
        believed=known,
        deal_value=np.zeros((count, weeks, 1, 2)),
        deal_allowed=np.ones((count, weeks, 1)),
        flow=np.concatenate([np.zeros((count, 1, 2)), discounted.cumsum(axis=1)], axis=1),
        talks_weeks=none,
        over=none,
        end_week=np.full(count, weeks - 1),
        left=left,
        discount=np.full(count, -np.log(kept) * WEEKS_A_YEAR),
        nerve=np.ones(count),
        manner=bargainers(power=np.full(count, 0.5)),
        world=np.arange(count),
    )


def first_decides(wars: TrainingWars, settles_for: np.ndarray, may: np.ndarray) -> TrainingWars:
    """The same wars where side 0 may settle every week, and side 1 agrees to everything.

    Parameters
    ----------
    settles_for, may
        Worlds by weeks: points that side 0 has by settling; where it may (1).
    """
    anything = np.full_like(settles_for, 1e6)
    return replace(
        wars,
        deal_value=np.stack([settles_for, anything], axis=-1)[:, :, None],
        deal_allowed=may[..., None].astype(float),
        talks_weeks=np.broadcast_to(np.arange(settles_for.shape[1], dtype=float), may.shape),
    )
