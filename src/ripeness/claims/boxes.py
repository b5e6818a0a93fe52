"""The box to believe in: limits that hold on other worlds, matter, and would be found again.

In: worlds, and which of them are wanted. Out: the simplest box in which most of them are wanted,
each limit with how sure it is, and the curve of boxes that trade coverage for density.

Half of the worlds find the box; the other half, which it has not seen, decides where peeling stops
and which limits stay, and gives its figures. Then it is found again in resampled worlds: a limit
that fewer than half of them find is dropped, and the range of where they place it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from ripeness.claims import prim
from ripeness.claims.binned import Binned
from ripeness.claims.estimates import Estimate, effective_size, wilson
from ripeness.claims.prim import Box, Data, Fares

QUASI_P = 0.05
"""A limit whose gain in density chance would give as often as this is dropped."""

LEAST_GAIN = 0.03
"""A limit is dropped, too, without which the box explains all but this part of what it explains:
true limits that hardly matter make a sentence longer and no wiser."""

RESAMPLES = 20
RESAMPLED_WORLDS = 16_384
"""So many worlds find a box in a resample at most, and so many weigh it: its range is then that of
so many."""

FOUND_AGAIN = 0.5
"""A limit that fewer resamples find is dropped: another sample would not name it."""


@dataclass(frozen=True)
class Limit:
    """One limit of a box.

    Attributes
    ----------
    assumption
        Its place among the assumptions.
    side
        ``above`` or ``below`` a value, or ``among`` words.
    value
        The value; not a number for words.
    words
        The words inside.
    low, high
        Where 90 % of resamples that find the limit place it; those of `value` for words.
    quasi_p
        How often chance would raise the density as much (B. Bryant and R. Lempert, "Thinking inside
        the box", Technological Forecasting and Social Change 77, 2010), on held-out worlds.
    found
        Share of resamples that find it.
    keeps
        Share of all worlds that this limit alone leaves inside.
    """

    assumption: int
    side: str
    value: float
    words: tuple[str, ...]
    low: float
    high: float
    quasi_p: float
    found: float
    keeps: float


@dataclass(frozen=True)
class Found:
    """A box, and how it fares on held-out worlds.

    Attributes
    ----------
    limits
        Its limits.
    density, coverage, mass
        See `prim.Fares`; with 95 % Monte Carlo intervals.
    base
        Share of wanted worlds overall.
    explained
        Share of the variance between wanted and other worlds that the box explains.
    curve
        The boxes that peeling passed through: how many assumptions each limits, how it fares where
        it was found, and on held-out worlds.
    """

    limits: tuple[Limit, ...]
    density: Estimate
    coverage: Estimate
    mass: Estimate
    base: Estimate
    explained: float
    curve: tuple[tuple[int, Fares, Fares], ...]


Side = tuple[int, str]
"""An assumption and the side of its limit."""


def find(
    assumptions: Binned, wanted: NDArray[np.bool_], weights: NDArray[np.float64], seed: int
) -> Found | None:
    """Find the box to believe in.

    Parameters
    ----------
    assumptions
        Of all worlds, in bins.
    wanted
        The worlds that it should hold.
    weights
        What each world counts.
    seed
        Parts the worlds into halves, and resamples them.

    Returns
    -------
    None if no box tells wanted worlds from others.
    """
    draw = np.random.default_rng(seed)
    worlds = prim.data(assumptions, wanted, weights)
    halves = np.array_split(draw.permutation(assumptions.worlds), 2)
    finding, held_out = worlds.of(np.sort(halves[0])), worlds.of(np.sort(halves[1]))
    steps = prim.peel(finding, held_out)
    # Assumptions that peeling never cuts, down to the smallest box, are no contenders.
    rows = prim.limited(steps[-1].box)
    if not rows:
        return None
    finding, held_out = finding.rows(rows), held_out.rows(rows)
    box = _kept(_best(steps, held_out.size)[rows], finding, held_out)
    few = worlds.of(np.sort(halves[1][:RESAMPLED_WORLDS])).rows(rows)
    again = [_again(finding, few, draw) for _ in range(RESAMPLES)]
    box = _found_again(box, again, finding)
    if not prim.limited(box):
        return None
    sides = [side for each in again for side in _sides(each, finding)]
    limits = [
        _limit(side, box, again, assumptions.rows(rows), sides.count(side) / RESAMPLES, held_out)
        for side in _sides(box, finding)
    ]
    curve = tuple((len(prim.limited(step.box)), step.found, step.held_out) for step in steps)
    placed = tuple(replace(one, assumption=rows[one.assumption]) for one in limits)
    return replace(_weighed(box, held_out), limits=placed, curve=curve)


def _best(steps: Sequence[prim.Step], size: float) -> Box:
    """Where to stop peeling: the first box that explains as much as any, within its error.

    Judged on `size` held-out worlds; the error is that of a squared correlation.
    """
    most = max(step.held_out.explained for step in steps)
    error = 2.0 * np.sqrt(most) * (1.0 - most) / np.sqrt(size)
    return next(step.box for step in steps if step.held_out.explained >= most - error)


def _kept(box: Box, finding: Data, held_out: Data) -> Box:
    """Place the limits well, and drop one by one those that held-out worlds do not need."""
    box = prim.extend(prim.paste(box, finding), finding)
    while sides := _sides(box, finding):
        whole = prim.weigh(box, held_out).explained
        without = {side: _without(box, side) for side in sides}
        left = {side: prim.weigh(other, held_out).explained for side, other in without.items()}
        weakest = max(left, key=lambda side: left[side])
        needed = left[weakest] < (1.0 - LEAST_GAIN) * whole
        if needed and _quasi_p(box, without[weakest], held_out) < QUASI_P:
            return box
        box = prim.paste(without[weakest], finding, new_ends=False)
    return box


def _again(finding: Data, held_out: Data, draw: np.random.Generator) -> Box:
    """Find the box in worlds drawn with replacement."""
    worlds = finding.resampled(RESAMPLED_WORLDS, draw)
    steps = prim.peel(worlds, held_out)
    return _kept(_best(steps, held_out.size), worlds, held_out)


def _found_again(box: Box, again: Sequence[Box], worlds: Data) -> Box:
    """Drop the limits that too few resamples find, and place the others anew."""
    sides = [side for each in again for side in _sides(each, worlds)]
    rare = [s for s in _sides(box, worlds) if sides.count(s) < FOUND_AGAIN * len(again)]
    if not rare:
        return box
    for side in rare:
        box = _without(box, side)
    return prim.paste(box, worlds, new_ends=False)


def _sides(box: Box, worlds: Data) -> list[Side]:
    """List the limits of a box."""
    sides: list[Side] = []
    for row in prim.limited(box):
        if worlds.words[row]:
            sides.append((row, "among"))
            continue
        held = np.flatnonzero(box[row])
        sides += [(row, "above")] if held[0] > 0 else []
        sides += [(row, "below")] if held[-1] < worlds.bins - 1 else []
    return sides


def _without(box: Box, side: Side) -> Box:
    row, kind = side
    box = box.copy()
    held = np.flatnonzero(box[row])
    if kind != "below":
        box[row, : held[0]] = True
    if kind != "above":
        box[row, held[-1] :] = True
    if kind == "among":
        box[row] = True
    return box


def _quasi_p(box: Box, without: Box, worlds: Data) -> float:
    """How often worlds of the box without a limit would be as rich as those within, by chance."""
    held = prim.inside(box, worlds)
    if not held.any():
        return 1.0
    size = effective_size(worlds.weights[held])
    rich = prim.weigh(box, worlds).density * size
    loose = prim.weigh(without, worlds).density
    # P(X >= k) of a binomial, for numbers of worlds that weights make fractional.
    return float(betainc(max(rich, 1e-9), size - rich + 1.0, loose))


def _limit(
    side: Side,
    box: Box,
    again: Sequence[Box],
    assumptions: Binned,
    found: float,
    held_out: Data,
) -> Limit:
    row, kind = side
    quasi_p = _quasi_p(box, _without(box, side), held_out)
    alone = np.ones_like(box)
    alone[row] = _one_sided(box[row], kind)
    keeps = prim.weigh(alone, held_out).mass
    if kind == "among":
        words = tuple(
            word
            for word, inside in zip(assumptions.assumptions[row].words, box[row], strict=False)
            if inside
        )
        return Limit(row, kind, np.nan, words, np.nan, np.nan, quasi_p, found, keeps)
    value = _value(box, side, assumptions)
    placed = [_value(each, side, assumptions) for each in again if side in _sides(each, held_out)]
    low, high = np.quantile(placed, [0.05, 0.95], method="nearest") if placed else (value, value)
    ends = min(float(low), value), max(float(high), value)
    return Limit(row, kind, value, (), *ends, quasi_p, found, keeps)


def _one_sided(bins: NDArray[np.bool_], kind: str) -> NDArray[np.bool_]:
    """Keep only the limit of one side."""
    places, held = np.arange(len(bins)), np.flatnonzero(bins)
    if kind == "above":
        return places >= held[0]
    return places <= held[-1] if kind == "below" else bins


def _value(box: Box, side: Side, assumptions: Binned) -> float:
    row, kind = side
    held, edges = np.flatnonzero(box[row]), assumptions.edges[row]
    place = held[0] - 1 if kind == "above" else held[-1]
    return float(edges[min(place, len(edges) - 1)])


def _weighed(box: Box, worlds: Data) -> Found:
    fared = prim.weigh(box, worlds)
    held = prim.inside(box, worlds)
    inside = effective_size(worlds.weights[held]) if held.any() else 1.0
    wanted = effective_size(worlds.weights[worlds.wanted])
    return Found(
        limits=(),
        density=wilson(fared.density, inside),
        coverage=wilson(fared.coverage, wanted),
        mass=wilson(fared.mass, worlds.size),
        base=wilson(worlds.base, worlds.size),
        explained=fared.explained,
        curve=(),
    )
