"""Errors of figures: each its own, those that figures share, and how truth drifts from worlds.

No model is the truth. What was observed of a series is taken to be what a world has, a drift that
wanders from it, and errors of measurement (Kennedy and O'Hagan, "Bayesian calibration of computer
models", Journal of the Royal Statistical Society B 63, 2001); all are normal. So figures a world
misses by little and for long do not count as so many independent signs against it, and a forecast
begins where the record stands and not where the world does. What share of the truth a source is off
by is kept apart (`white`).

In: the figures of one series of the worlds. Out: by which sums a path becomes what is compared, and
the covariance of the errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ripeness.record.observations import DAYS_A_WEEK, YEAR, Observations, straight


@dataclass(frozen=True)
class Terms:
    """Figures of one series of the worlds, in terms in which their own errors are independent.

    What is compared is a level, a change since the decision, or what was added since the figure
    before: errors of amounts add up in their total.

    Attributes
    ----------
    source
        By figure, the place of its source among those given.
    known
        By figure, the whole week since the decision by whose end it is dated.
    values
        By figure, what was observed, in the unit of the series (times weeks for a pace).
    sums
        By which a path from week 0 becomes what is compared: figures by weeks. For a pace it has
        then to be divided by the first value of the path.
    covariance
        Of the errors, the drift, and the figure from which changes count: figures by figures.
    """

    source: np.ndarray
    known: np.ndarray
    values: np.ndarray
    sums: np.ndarray
    covariance: np.ndarray


def terms(seen: Sequence[Observations]) -> Terms:
    """Put the figures of one series of the worlds, of one source or several, into such terms.

    Parameters
    ----------
    seen
        The figures of each source; none has more than one a week.
    """
    last = max(2, 1 + max(int(np.ceil(one.weeks[-1])) for one in seen))
    each = np.eye(last)
    parts = []
    for place, one in enumerate(seen):
        how, declared = one.declared.how, one.declared
        begun = np.diff(one.weeks, prepend=0.0)
        adds = how in ("total", "pace")
        scale = one.weeks if how == "pace" else np.ones_like(one.weeks)
        values, sums = one.values * scale, straight(how, each, one.weeks) * scale
        if adds:
            values, sums = np.diff(values, prepend=0.0), np.diff(sums, axis=1, prepend=0.0)
        parts.append(
            {
                "source": np.full(len(values), place),
                "known": np.ceil(one.weeks).astype(int),
                "values": values,
                "sums": sums.T,
                "own": _own(one, begun),
                "base": np.full(len(values), declared.error if how == "change" else 0.0),
                "drifts": declared.drift * (begun if adds else np.ones_like(begun)),
                "week": one.weeks - begun / 2.0 if adds else one.weeks,
            }
        )
    every = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.argsort(every["known"], kind="stable")
    every = {name: column[order] for name, column in every.items()}
    same = every["source"][:, None] == every["source"]
    wandered = np.minimum(every["week"][:, None], every["week"])
    covariance = (
        np.diag(every["own"] ** 2)
        + np.where(same, np.outer(every["base"], every["base"]), 0.0)
        + np.outer(every["drifts"], every["drifts"]) * wandered
    )
    return Terms(every["source"], every["known"], every["values"], every["sums"], covariance)


def _own(seen: Observations, begun: np.ndarray) -> np.ndarray:
    """Standard deviation of each figure's own error, in terms in which these are independent."""
    error = seen.declared.error
    if seen.declared.how == "total":
        added = np.diff(seen.errors**2, prepend=0.0)
        return np.sqrt(
            np.maximum(added, (error / 2.0) ** 2)
        )  # a part of an amount has a part of it
    return error * begun if seen.declared.how == "pace" else np.full(len(begun), error)


def bias(seen: Observations) -> float:
    """Standard deviation of the error that all figures share, as a share of the truth.

    For a pace it has in it that of the year before, whose mean is a mean of as many amounts.
    """
    if seen.declared.how != "pace":
        return seen.declared.bias
    amounts = YEAR / DAYS_A_WEEK / float(np.median(np.diff(seen.weeks, prepend=0.0)))
    return float(np.hypot(seen.declared.bias, seen.declared.error / np.sqrt(amounts)))
