"""Which assumptions an answer hangs on, from one sample of worlds: no world is simulated again.

In: assumptions, the answer in each world (yes and no as 1 and 0, or any number) and weights. Out:
three numbers for each assumption, and the same for a column of random numbers, which shows what
chance alone would give. The answer also hangs on luck, which is no assumption.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from ripeness.claims.assumptions import Assumption
from ripeness.claims.estimates import Estimate, Z, effective_size, share_difference
from ripeness.claims.redraws import losses, of_so_few, related

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]

DUMMY = "random numbers"

OF_ITS_OWN = 20_250_321
"""Goes with the seed, so that no column of the worlds is drawn like the random numbers here."""

MANY_BINS, IN_A_BIN = 64, 512
"""More bins than so many are made only as far as so many worlds remain in each: in a bin of a Sobol
sequence answers are spread evenly, and what is taken off for its error is too much."""

CALLS = 1.5
"""Times the cube root of the number of worlds: in how many bins a call is made. More would find a
small region, fewer a slight slope."""

NEGLIGIBLE = 1e-9
"""Worlds of less than this part of the heaviest one's weight are left out."""


@dataclass(frozen=True)
class Index:
    """How far an answer hangs on one assumption.

    Attributes
    ----------
    name
        Of the assumption.
    first
        First-order index: share of the answer's variance that is explained once this assumption
        alone is known.
    total
        Share of the answer's variance that is no longer explained if this assumption alone is not
        known. Of independent assumptions, the total Sobol index, luck left out.
    value
        Of knowing it: in what share of worlds more one would call the answer right. None if the
        answer is not yes or no.
    """

    name: str
    first: Estimate
    total: Estimate
    value: Estimate | None


@dataclass(frozen=True)
class Indices:
    """How far an answer hangs on each assumption.

    Attributes
    ----------
    rows
        One an assumption, in their order.
    explained
        Share of the answer's variance that a fit to all assumptions explains in worlds that it was
        not made on. The rest is luck, and what the fit misses.
    dummy
        Of a column of random numbers, on which nothing hangs.
    """

    rows: tuple[Index, ...]
    explained: Estimate
    dummy: Index


class Means(NamedTuple):
    """Mean answers of the worlds in each bin.

    Attributes
    ----------
    shares
        Of the weight, by bin.
    values, errors
        Means, and the variance of their errors, by bin.
    middle
        Mean of all.
    between, real
        Variance between bins, as it is and less what the errors alone would give.
    """

    shares: Numbers
    values: Numbers
    errors: Numbers
    middle: float
    between: float
    real: float

    def shrunk(self) -> Numbers:
        """Draw means to that of all by as much as they are noise (Efron and Morris 1975)."""
        trust = self.real / (self.real + self.errors) if self.real > 0 else 0.0
        return self.middle + trust * (self.values - self.middle)


def indices(
    assumptions: Sequence[Assumption], answers: Numbers, weights: Numbers, seed: int
) -> Indices:
    """Estimate how far an answer hangs on each assumption.

    Parameters
    ----------
    assumptions
        Of a sample of worlds, correlated or not.
    answers
        One a world: 1 for yes and 0 for no, or any numbers.
    weights
        One a world, not negative, not all zero.
    seed
        The same gives the same indices.

    Returns
    -------
    Shares from 0 to 1, with intervals that count worlds as independent draws. If all worlds answer
    alike there is nothing to share out, and any share would do: 0, from 0 to 1.
    """
    draw = np.random.default_rng([seed, OF_ITS_OWN])
    kept = weights > NEGLIGIBLE * weights.max()
    answers, weights = answers[kept], weights[kept] / weights.max()
    columns = [*(one.of(kept) for one in assumptions), Assumption(DUMMY, draw.random(len(answers)))]
    least, most = answers.min(), answers.max()
    if least == most:
        found = [_of_no_variance(one.name, answers, weights) for one in columns]
        return Indices(tuple(found[:-1]), found[-1].total, found[-1])
    scaled = (answers - least) / (most - least)
    half = draw.permutation(len(answers)) < len(answers) // 2
    size = effective_size(weights)
    bins = min(np.sqrt(size), max(MANY_BINS, size / IN_A_BIN)), CALLS * np.cbrt(size)
    with threadpool_limits(1, "blas"):  # sums in the same order on any number of cores
        totals, explained = losses(columns, scaled, weights, half, draw)
        found = []
        tied = related(columns, weights)
        for place, (one, total) in enumerate(zip(columns, totals, strict=True)):
            for_share, for_calls = binned(one, weights, bins)
            first = first_order(for_share, scaled, weights)
            value = value_of_knowing((for_calls, for_share), answers, weights, half)
            whole = total if place in tied else _no_less(total, first)
            found.append(Index(one.name, first, whole, value))
    return Indices(tuple(found[:-1]), explained, found[-1])


def _no_less(total: Estimate, first: Estimate) -> Estimate:
    """Raise a total to the first-order index, which it contains where nothing is correlated.

    A fit that misses much makes totals too small. An index that may be none raises nothing.
    """
    if first.low <= 0.0:
        return total
    return Estimate(
        max(total.value, first.value), max(total.low, first.low), max(total.high, first.high)
    )


def _of_no_variance(name: str, answers: Numbers, weights: Numbers) -> Index:
    anything = Estimate(0.0, 0.0, 1.0)
    alike = answers == answers[0]
    value = _gain(alike, alike, weights) if _is_yes_or_no(answers) else None
    return Index(name, anything, anything, value)


def binned(
    assumption: Assumption, weights: Numbers, most: tuple[float, float]
) -> tuple[Places, Places]:
    """Put worlds into bins of about equal weight; few values, and words, are bins of their own.

    Parameters
    ----------
    most
        Bins of a number, at most, but at least two.

    Returns
    -------
    The place of each world's bin, by either number of bins; some places may be empty.
    """
    values, place = np.unique(assumption.values, return_inverse=True)
    mass = np.bincount(place, weights)
    reached = (np.cumsum(mass) - mass / 2) / mass.sum()

    def into(bins: int) -> Places:
        few = assumption.words or len(values) <= bins
        return place if few else (reached * bins).astype(np.intp)[place]

    return into(max(int(most[0]), 2)), into(max(int(most[1]), 2))


def _sums(bins: Places, answers: Numbers, weights: Numbers, count: int) -> Numbers:
    """Sum weights, their squares, and weighted answers to the first two powers, by bin."""
    powers = weights, weights**2, weights * answers, weights * answers**2
    return np.array([np.bincount(bins, power, count) for power in powers], dtype=np.float64)


def means(sums: Numbers) -> Means:
    """Average answers by bin; a bin of hardly a world has the others' variance.

    Parameters
    ----------
    sums
        Of `_sums`; the answers not far from zero, so that their squares are precise.
    """
    mass, squares, total, of_squares = sums
    some = np.where(mass > 0, mass, 1.0)
    shares, values = mass / mass.sum(), total / some
    size = mass**2 / np.where(mass > 0, squares, 1.0)
    within = np.maximum(of_squares / some - values**2, 0.0)
    middle = float(shares @ values)
    between = float(shares @ np.square(values - middle))
    enough = size >= 2
    within[enough] *= size[enough] / (size[enough] - 1)
    if enough.any():
        within[~enough] = np.average(within[enough], weights=mass[enough])
    else:
        within[:] = between
    errors = within / np.maximum(size, 1.0)
    return Means(
        shares, values, errors, middle, between, between - float(shares @ ((1 - shares) * errors))
    )


def first_order(bins: Places, answers: Numbers, weights: Numbers) -> Estimate:
    """Estimate the share of variance between bins.

    "Global sensitivity measures from given data" (Plischke, Borgonovo and Smith 2013), less what
    the errors of the bins' means alone would give, as in the analysis of variance. Its error is
    that of the linearised share, and that of bins which do not differ at all.
    """
    weights = weights / weights.sum()
    deviation = answers - weights @ answers
    found = means(_sums(bins, deviation, weights, int(bins.max()) + 1))
    variance = weights @ np.square(deviation)
    # means as far apart as they truly are, or their errors would count twice
    scale = np.sqrt(max(found.real, 0.0) / found.between) if found.between > 0 else 0.0
    told = (scale * found.values)[bins]
    value = found.real / variance
    pull = told * (2 * deviation - told) - max(value, 0.0) * np.square(deviation)
    chance = 2 * np.square(found.shares * found.errors).sum()
    error = np.sqrt(np.square(weights * pull).sum() * of_so_few(weights) + chance) / variance
    bounds = value - Z * error, value, max(value, 0.0) + Z * error
    low, value, high = (float(np.clip(bound, 0.0, 1.0)) for bound in bounds)
    return Estimate(value, low, high)


def value_of_knowing(
    bins: tuple[Places, Places], answers: Numbers, weights: Numbers, half: NDArray[np.bool_]
) -> Estimate | None:
    """Estimate in what share of worlds more an answer is called right.

    The expected value of partial perfect information (Strong, Oakley and Brennan, "Estimating
    multiparameter partial expected value of perfect information from a probabilistic sensitivity
    analysis sample", 2014), of a call that is yes if the chance of yes is at least even. The chance
    in a bin is found in one half of the worlds and called in the other, as it would flatter itself.

    Parameters
    ----------
    bins
        Of the assumption, and finer ones.
    half
        The worlds of one half.

    Returns
    -------
    The gain over the best call without the assumption; None if an answer is not yes or no. Calls
    for others gain somewhat less than there is to gain, so the interval reaches up to what the
    finer bins gain by calls in the very worlds they are found in, which is rather more.
    """
    if not _is_yes_or_no(answers):
        return None
    middle = np.average(answers, weights=weights)
    coarse, fine = bins
    count = int(coarse.max()) + 1
    place = coarse + count * half
    sums = _sums(place, answers - middle, weights, 2 * count).reshape(-1, 2, count)
    others = np.concatenate([means(sums[:, side]).shrunk() for side in (1, 0)])[place]
    own = means(_sums(fine, answers - middle, weights, int(fine.max()) + 1)).shrunk()[fine]
    yes = answers == 1
    fair, flattered = (
        _gain(yes == (middle >= 0.5), yes == (middle + chance >= 0.5), weights)
        for chance in (others, own)
    )
    return Estimate(fair.value, fair.low, max(fair.high, flattered.high))


def _gain(without: NDArray[np.bool_], right: NDArray[np.bool_], weights: Numbers) -> Estimate:
    every = np.ones(len(without), dtype=np.bool_)
    gain = share_difference((without, right), (every, every), weights)
    low, value, high = (float(np.clip(x, 0.0, 1.0)) for x in (gain.low, gain.value, gain.high))
    return Estimate(value, low, high)


def _is_yes_or_no(answers: Numbers) -> bool:
    return bool(((answers == 0) | (answers == 1)).all())
