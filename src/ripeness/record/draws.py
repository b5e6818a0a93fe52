"""Draws of figures to come, given worlds and the figures before.

In: the figures of one series of the worlds, the dates of those to come, and paths of worlds. Out: a
draw of the figures to come for each world, with the drift and the errors that are declared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ripeness.record.errors import bias, terms
from ripeness.record.observations import Observations
from ripeness.record.white import white


def draw(
    past: Sequence[Observations],
    ahead: Observations,
    paths: np.ndarray,
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
    off = _off(past, ahead, paths, chance)
    scale = 1.0 + np.stack([off[one.name] for one in seen])[every.source].T
    truth = paths[:, : every.sums.shape[1]] @ every.sums.T / first * scale
    new = (every.source == 0) & (np.cumsum(every.source == 0) > begun)
    known = every.covariance[np.ix_(~new, ~new)]
    lean = np.linalg.solve(known, every.covariance[np.ix_(~new, new)]).T
    left = every.covariance[np.ix_(new, new)] - lean @ every.covariance[np.ix_(~new, new)]
    luck = chance.standard_normal((len(paths), int(new.sum())))
    apart = (every.values - truth)[:, ~new]
    drawn = truth[:, new] + apart @ lean.T + luck @ _root(left).T
    if ahead.declared.how not in ("total", "pace"):
        return drawn
    times = seen[0].weeks if ahead.declared.how == "pace" else np.ones_like(seen[0].weeks)
    before = seen[0].values[begun - 1] * times[begun - 1] if begun else 0.0
    return (before + np.cumsum(drawn, axis=1)) / times[begun:]


def _off(
    past: Sequence[Observations],
    ahead: Observations,
    paths: np.ndarray,
    chance: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Draw by what share of the truth each source is off in worlds, by its name."""
    never_seen = {ahead.name: bias(ahead) * chance.standard_normal(len(paths))}
    if not past:
        return never_seen
    figures = white(past)
    return never_seen | dict(zip(figures.sources, figures.off(paths.T, chance), strict=True))


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
