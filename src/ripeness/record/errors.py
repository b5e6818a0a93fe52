"""Errors of figures: each its own, those that figures share, and how truth drifts from worlds.

No model is the truth. What was observed of a series is taken to be what a world has, a drift that
wanders from it, and errors of measurement (Kennedy and O'Hagan, "Bayesian calibration of computer
models", Journal of the Royal Statistical Society B 63, 2001); all are normal. So figures a world
misses by little and for long do not count as so many independent signs against it, and a forecast
begins where the record stands and not where the world does. What share of the truth a source is off
by is one of the world's own assumptions: put into the covariance in times of what was observed, it
would pull worlds below all figures (Peelle's puzzle: D'Agostini, Nuclear Instruments and Methods A
346, 1994).

In: the figures of one series of the worlds. Out: by which sums a path becomes what is compared, the
covariance of the errors, and draws of figures to come given those before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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


def draw(
    past: Sequence[Observations],
    ahead: Observations,
    paths: np.ndarray,
    scales: Mapping[str, np.ndarray],
    chance: np.random.Generator,
) -> np.ndarray:
    """Draw figures to come, given worlds and how far the figures before lie from them.

    Parameters
    ----------
    past
        What was observed before, of the same series of the worlds, by any source.
    ahead
        Dates of the figures to come, after those of the same source; its values are not looked at.
    paths
        The series: worlds by weeks, from week 0 to that of the last figure.
    scales
        By name of the source, in times of the truth what it has in each world.

    Returns
    -------
    Worlds by figures, in the terms of `ahead`.
    """
    source = next((one for one in past if one.name == ahead.name), None)
    begun = len(source.weeks) if source else 0
    seen = [_joined(source, ahead) if source else ahead]
    seen += [one for one in past if one.name != ahead.name]
    every = terms(seen)
    first = paths[:, :1] if ahead.declared.how == "pace" else 1.0
    scale = np.stack([scales[one.name] for one in seen])[every.source].T
    truth = paths[:, : every.sums.shape[1]] @ every.sums.T / first * scale
    new = (every.source == 0) & (np.cumsum(every.source == 0) > begun)
    known = every.covariance[np.ix_(~new, ~new)]
    lean = np.linalg.solve(known, every.covariance[np.ix_(~new, new)]).T
    left = every.covariance[np.ix_(new, new)] - lean @ every.covariance[np.ix_(~new, new)]
    luck = chance.standard_normal((len(paths), int(new.sum())))
    off = (every.values - truth)[:, ~new]
    drawn = truth[:, new] + off @ lean.T + luck @ _root(left).T
    if ahead.declared.how not in ("total", "pace"):
        return drawn
    times = seen[0].weeks if ahead.declared.how == "pace" else np.ones_like(seen[0].weeks)
    before = seen[0].values[begun - 1] * times[begun - 1] if begun else 0.0
    return (before + np.cumsum(drawn, axis=1)) / times[begun:]


def _joined(source: Observations, ahead: Observations) -> Observations:
    """Figures of one source before and to come, of which the values are left out."""
    unknown = np.full_like(ahead.values, source.values[-1])
    return replace(
        ahead,
        dates=(*source.dates, *ahead.dates),
        weeks=np.concatenate([source.weeks, ahead.weeks]),
        values=np.concatenate([source.values, unknown]),
        errors=np.concatenate([source.errors, ahead.errors]),
    )


def _root(covariance: np.ndarray) -> np.ndarray:
    """A square root of a covariance that rounding may have made a little less than positive."""
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2.0)
    return vectors * np.sqrt(np.maximum(values, 0.0))
