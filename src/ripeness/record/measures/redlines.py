"""Do red lines stay, or wear away? What a record of crossings says of it, by Bayes' rule.

The mechanism of the worlds (`ripeness.war.escalation`) is asked how probable it makes the record,
week by week: a line that is crossed adds provocation, which fades, and wears down patience that
erodes; where provocation exceeds the tolerance a response grows likely, and a response settles the
account. The probability is averaged over the case's prior, once with lines that stay (`fixed`) and
once with lines that wear away (`eroding`). The ratio of the two is the Bayes factor (Kass and
Raftery, "Bayes factors", 1995: from 3 on positive evidence, from 20 strong).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ripeness.war.arrays import Array, Word
from ripeness.war.escalation import (
    add_provocation,
    response_chance,
    tolerance,
    wear_patience,
)
from ripeness.war.parameters import Parameters

DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Weeks:
    """A record of crossings by week, from the first crossing to the last crossing or response.

    Attributes
    ----------
    crossings
        How many lines were crossed in the week.
    answered
        Whether there was a response in it.
    """

    crossings: np.ndarray
    answered: np.ndarray


@dataclass(frozen=True)
class Factor:
    """Bayes factor, with the 95 % interval of its Monte Carlo error."""

    value: float
    low: float
    high: float


def by_week(crossed: np.ndarray, responses: np.ndarray) -> Weeks:
    """Sort crossings and responses into weeks.

    Parameters
    ----------
    crossed, responses
        Days, as ordinals, in any order; no response comes before the first crossing.
    """
    begin = crossed.min()
    weeks = int((max(crossed.max(), responses.max(initial=begin)) - begin) // DAYS_A_WEEK) + 1
    crossings = np.bincount(((crossed - begin) // DAYS_A_WEEK).astype(int), minlength=weeks)
    answered = np.bincount(((responses - begin) // DAYS_A_WEEK).astype(int), minlength=weeks)
    return Weeks(crossings, answered > 0)


def likelihoods(
    weeks: Weeks, p: Parameters, side: int, kind: int, prior: Word, points: Array
) -> np.ndarray:
    """Give the probability of the record in each world.

    Parameters
    ----------
    p
        Parameters of worlds, as `ripeness.worlds.sampling.parameters` arranges them.
    side
        Whose lines they are, by its place.
    kind, prior
        Whether they erode, and the family of the tolerance's prior, by their numbers.
    points
        Provocation of one crossing in each world.
    """
    asked = _asked(weeks, p, side, kind, prior, points)
    return np.exp(np.asarray(_log_likelihood(*asked), np.float64))


def likelihoods_by_week(
    weeks: Weeks, p: Parameters, side: int, kind: int, prior: Word, points: Array, at: np.ndarray
) -> np.ndarray:
    """Give the probability of the record up to the end of some weeks, one row a week.

    Parameters
    ----------
    weeks, p, side, kind, prior, points
        As for `likelihoods`, which gives what would be the row of the last week.
    at
        Which weeks, counted from 0.
    """
    asked = _asked(weeks, p, side, kind, prior, points)
    return np.exp(np.asarray(_log_likelihood_by_week(*asked))[at].astype(np.float64))


def factor(fixed: np.ndarray, eroding: np.ndarray) -> Factor | None:
    """Give the mean likelihood of `eroding` in times of that of `fixed`, over the same worlds.

    The error is that of a ratio of two means, on the logarithm (delta method). There is no factor
    where no world of a kind could have made the record.
    """
    above, below = eroding.mean(), fixed.mean()
    if not (above and below):
        return None
    half = 1.96 * (eroding / above - fixed / below).std(ddof=1) / np.sqrt(fixed.size)
    value = above / below
    return Factor(float(value), float(value * np.exp(-half)), float(value * np.exp(half)))


Asked = tuple[tuple[Array, Array], Array, Array, Word, Array, Array, Array, Array]
"""Crossings and answers by week, points, line, kind, half-life, erosion, width, accidents."""


def _asked(weeks: Weeks, p: Parameters, side: int, kind: int, prior: Word, points: Array) -> Asked:
    own = {name: getattr(p, name)[side] for name in ("tolerance", "tolerance_luck")}
    line = tolerance(own["tolerance"], own["tolerance_luck"], prior, p.bluff_chance)
    seen = jnp.asarray(weeks.crossings, jnp.float32), jnp.asarray(weeks.answered)
    shared = (p.provocation_halflife, p.erosion, p.response_width, p.accident_rate)
    return seen, jnp.asarray(points), line, jnp.int32(kind), *shared


@jax.jit
def _log_likelihood(*asked: Any) -> Array:
    return _weeks(*asked)[0][2]


@jax.jit
def _log_likelihood_by_week(*asked: Any) -> Array:
    return _weeks(*asked)[1]


def _weeks(
    seen: tuple[Array, Array],
    points: Array,
    line: Array,
    kind: Word,
    halflife: Array,
    erosion: Array,
    width: Array,
    accidents: Array,
) -> tuple[tuple[Array, Array, Array], Array]:
    """Give what stands at the end, and the log likelihood up to the end of each week."""

    def week(
        state: tuple[Array, Array, Array], this: tuple[Array, Array]
    ) -> tuple[tuple[Array, Array, Array], Array]:
        provocation, patience, found = state
        crossings, response = this
        step = points * crossings
        provocation = add_provocation(provocation, step, halflife)
        patience = wear_patience(patience, step, kind, erosion)
        chance = response_chance(provocation, line * patience, width, accidents)
        found = found + jnp.log(jnp.where(response, chance, 1.0 - chance))
        return (provocation * (1.0 - response), patience, found), found

    nothing = jnp.zeros_like(line)
    return jax.lax.scan(week, (nothing, nothing + 1.0, nothing), seen)
