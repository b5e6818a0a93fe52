"""PRIM, the patient rule induction method: the simplest box of assumptions rich in some worlds.

In: assumptions in bins, which worlds are wanted, and what each counts. Out: the boxes that peeling
passes through, and how each fares on worlds that it was not found on; or a box with better limits.

Peeling cuts away a thin slice at a time, the one that raises the share of wanted worlds most for
what it costs (J. Friedman and N. Fisher, "Bump hunting in high-dimensional data", Statistics and
Computing 9, 1999; the patient criterion, section 14.1). It does not know when to stop: on noisy
data it goes on to boxes that are small and dense by luck. So every box is weighed on held-out
worlds too, and what counts there is how much of the variance between wanted and other worlds it
explains. Pasting moves every limit, outwards too, to where the box explains most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ripeness.claims.binned import Binned, histogram

PEEL = 0.05
"""Share of a box's weight that is cut away at a time (alpha of Friedman and Fisher, who advise 0.05
to 0.1)."""

LEAST_MASS = 0.02
"""Share of all weight below which peeling ends."""

FEWEST = 20
"""Worlds that a box must have where it is found."""

ROUNDS = 6
"""Most rounds of pasting; it settles in two or three."""

CHANCE = 20.0
"""A new limit must explain so much more, times the worlds: among hundreds of assumptions' ends and
places the best that does nothing reaches 15 to 20 (the largest of so many chi-squares)."""


@dataclass(frozen=True)
class Data:
    """Worlds to find or to weigh boxes on.

    Attributes
    ----------
    codes
        Bin of each assumption in each world; shape (assumptions, worlds).
    words
        Which assumptions are words: their bins have no order.
    bins
        The most bins that any assumption has.
    wanted
        The worlds that a box should hold.
    weights
        What each world counts.
    drawn
        Of a resample, how many equally weighted worlds it stands for.
    """

    codes: NDArray[np.uint8]
    words: NDArray[np.bool_]
    bins: int
    wanted: NDArray[np.bool_]
    weights: NDArray[np.float64]
    drawn: float | None = None

    @cached_property
    def total(self) -> float:
        """The weight of all worlds."""
        return float(self.weights.sum())

    @cached_property
    def rich(self) -> NDArray[np.float64]:
        """The weight of a world if it is wanted, otherwise 0."""
        return self.weights * self.wanted

    @cached_property
    def base(self) -> float:
        """The share of wanted worlds."""
        return float(self.rich.sum() / self.total)

    @cached_property
    def size(self) -> float:
        """How many equally weighted worlds would tell as much (Kish 1965)."""
        return self.drawn or float(self.total**2 / np.square(self.weights).sum())

    @cached_property
    def least(self) -> float:
        """The least share of all weight that a box may have."""
        return max(LEAST_MASS, FEWEST / self.size)

    @cached_property
    def places(self) -> NDArray[np.intp]:
        """For each world, the places of its bins in one long histogram of all assumptions."""
        offsets = np.arange(len(self.codes))[:, None] * self.bins
        return np.ascontiguousarray((self.codes + offsets).T)

    @property
    def everything(self) -> Box:
        """The box without limits."""
        return np.ones((len(self.codes), self.bins), bool)

    def rows(self, assumptions: Sequence[int]) -> Data:
        """Keep some of the assumptions."""
        some = list(assumptions)
        return replace(self, codes=self.codes[some], words=self.words[some])

    def of(self, worlds: NDArray[np.intp]) -> Data:
        """Take some of the worlds."""
        kept = self.wanted[worlds], self.weights[worlds]
        return replace(self, codes=self.codes[:, worlds], wanted=kept[0], weights=kept[1])

    def resampled(self, most: int, draw: np.random.Generator) -> Data:
        """Draw worlds with replacement, `most` or as many as there are."""
        count = len(self.wanted)
        drawn = draw.integers(0, count, min(count, most))
        places, times = np.unique(drawn, return_counts=True)
        again = self.of(places)
        size = self.size * len(drawn) / count
        return replace(again, weights=again.weights * times, drawn=size)


Box = NDArray[np.bool_]
"""Which bins of each assumption are inside; shape (assumptions, bins)."""


def data(assumptions: Binned, wanted: NDArray[np.bool_], weights: NDArray[np.float64]) -> Data:
    """Arrange worlds to find boxes on."""
    words = np.array([bool(one.words) for one in assumptions.assumptions])
    return Data(assumptions.codes, words, max(assumptions.counts), wanted, weights)


def limited(box: Box) -> list[int]:
    """List the assumptions that a box limits."""
    return [int(row) for row in np.flatnonzero(~box.all(axis=1))]


def inside(box: Box, worlds: Data) -> NDArray[np.bool_]:
    """Say which worlds a box holds."""
    held = np.ones(len(worlds.wanted), bool)
    for row in limited(box):
        held &= box[row][worlds.codes[row]]
    return held


@dataclass(frozen=True)
class Fares:
    """How a box fares.

    Attributes
    ----------
    density
        Share of its worlds that are wanted.
    coverage
        Share of all wanted worlds that it holds.
    mass
        Share of all worlds that it holds.
    explained
        Share of the variance between wanted and other worlds that it explains: the square of the
        correlation of the two (phi); 0 if it is poorer than all worlds together.
    """

    density: float
    coverage: float
    mass: float
    explained: float


def weigh(box: Box, worlds: Data) -> Fares:
    """Say how a box fares on some worlds."""
    return _fares(np.flatnonzero(inside(box, worlds)), worlds)


def _fares(held: NDArray[np.intp], worlds: Data) -> Fares:
    mass = float(worlds.weights[held].sum() / worlds.total)
    rich = float(worlds.rich[held].sum() / worlds.total)
    if mass <= 0.0 or worlds.base <= 0.0:
        return Fares(0.0, 0.0, mass, 0.0)
    explained = float(_explained(np.array(mass), np.array(rich), worlds.base))
    return Fares(rich / mass, rich / worlds.base, mass, explained)


def _explained(
    mass: NDArray[np.float64], rich: NDArray[np.float64], base: float
) -> NDArray[np.float64]:
    """Square of phi of boxes from their shares of all weight; 0 where they are poorer than all."""
    surplus = np.maximum(rich - mass * base, 0.0)
    spread = mass * (1.0 - mass) * base * (1.0 - base)
    return np.where(spread > 1e-12, surplus**2 / np.maximum(spread, 1e-12), 0.0)


@dataclass(frozen=True)
class Step:
    """A box that peeling passed through: how it fares where found, and on held-out worlds."""

    box: Box
    found: Fares
    held_out: Fares


def peel(worlds: Data, held_out: Data) -> list[Step]:
    """Peel from all worlds inwards.

    Parameters
    ----------
    worlds
        Where boxes are found.
    held_out
        Other worlds, where they are weighed too.

    Returns
    -------
    The boxes in their order, that of all worlds first.
    """
    box = worlds.everything
    held, test = np.arange(len(worlds.wanted)), np.arange(len(held_out.wanted))
    mass, rich = _histograms(worlds, held)
    steps = []
    while True:
        steps.append(Step(box.copy(), _fares(held, worlds), _fares(test, held_out)))
        cut = _best_cut(mass, rich, worlds)
        if cut is None:
            return steps
        row, bins = cut
        box[row] &= ~bins
        gone = bins[worlds.codes[row][held]]
        less_mass, less_rich = _histograms(worlds, held[gone])
        mass, rich = mass - less_mass, rich - less_rich
        held = held[~gone]
        test = test[~bins[held_out.codes[row][test]]]


def _histograms(
    worlds: Data, held: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share of all weight that some worlds, and the wanted among them, have in each bin."""
    shape = len(worlds.codes), worlds.bins
    both = []
    for some in (held, held[worlds.wanted[held]]):
        weights = np.repeat(worlds.weights[some] / worlds.total, shape[0])
        counted = np.bincount(worlds.places[some].ravel(), weights, shape[0] * shape[1])
        both.append(counted.reshape(shape))
    return both[0], both[1]


def _best_cut(
    mass: NDArray[np.float64], rich: NDArray[np.float64], worlds: Data
) -> tuple[int, NDArray[np.bool_]] | None:
    """Find the slice whose loss raises density most for each world lost; None to end peeling.

    Parameters
    ----------
    mass, rich
        Share of all weight in the box, and of its wanted worlds; shape (assumptions, bins).
    """
    total, wanted = mass[0].sum(), rich[0].sum()
    ordered, words = np.flatnonzero(~worlds.words), np.flatnonzero(worlds.words)
    rows = np.arange(len(ordered))
    below = np.cumsum(mass[ordered], axis=1)
    low = (below < PEEL * total).sum(axis=1)
    high = (total - below > PEEL * total).sum(axis=1)

    def slices(shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """What is cut away: of an assumption with an order either end, of others one word."""
        below = np.cumsum(shares[ordered], axis=1)
        above = below[:, -1] - below[rows, high] + shares[ordered, high]
        return np.concatenate([below[rows, low], above, shares[words].ravel()])

    lost = slices(mass)
    left = total - lost
    allowed = (lost > 1e-9) & (left >= worlds.least)
    density = (wanted - slices(rich)) / np.where(allowed, left, 1.0)
    gain = np.where(allowed, (density - wanted / total) / np.maximum(lost, 1e-9), -np.inf)
    best = int(gain.argmax())
    if gain[best] <= 1e-9:
        return None
    bins = np.arange(worlds.bins)
    if best < len(ordered):
        return int(ordered[best]), bins <= low[best]
    if best < 2 * len(ordered):
        row = best - len(ordered)
        return int(ordered[row]), bins >= high[row]
    row, word = divmod(best - 2 * len(ordered), worlds.bins)
    return int(words[row]), bins == word


def paste(box: Box, worlds: Data, new_ends: bool = True) -> Box:
    """Move the limits of a box, one after the other, in or out, to where it explains most.

    A limit that is best placed where it cuts off nothing is none any more.

    Parameters
    ----------
    new_ends
        Whether an assumption that has a limit on one side may get one on the other.
    """
    box = box.copy()
    rows = limited(box)
    outside = np.zeros(len(worlds.wanted), np.int16)
    for row in rows:
        outside += ~box[row][worlds.codes[row]]
    for _ in range(ROUNDS):
        before = box.copy()
        for row in rows:
            codes = worlds.codes[row]
            out = ~box[row][codes]
            # Worlds that no other limit keeps out.
            free = np.flatnonzero(outside == out)
            weights = worlds.weights[free] / worlds.total
            mass = histogram(codes[free], weights, worlds.bins)
            rich = histogram(codes[free], weights * worlds.wanted[free], worlds.bins)
            if worlds.words[row]:
                moved = _best_word_set(mass, rich, worlds)
            else:
                moved = _best_ends(box[row], mass, rich, worlds, new_ends)
            if not np.array_equal(moved, box[row]):
                outside += (~moved[codes]).astype(np.int16) - out
                box[row] = moved
        if np.array_equal(before, box):
            break
    return box


def extend(box: Box, worlds: Data) -> Box:
    """Add limits on assumptions without any, one at a time, while they explain more than chance."""
    while True:
        added = _best_new_limit(box, worlds)
        if added is None:
            return box
        row, bins = added
        more = box.copy()
        more[row] = bins
        more = paste(more, worlds)
        if weigh(more, worlds).explained <= weigh(box, worlds).explained:
            return box
        box = more


def _best_new_limit(box: Box, worlds: Data) -> tuple[int, NDArray[np.bool_]] | None:
    held = np.flatnonzero(inside(box, worlds))
    mass, rich = _histograms(worlds, held)
    total, wanted = mass[0].sum(), rich[0].sum()
    free = box.all(axis=1)
    best = float(_explained(np.array(total), np.array(wanted), worlds.base))
    best, found = best + CHANCE / worlds.size, None
    bins = np.arange(worlds.bins)
    rows = np.flatnonzero(free & ~worlds.words)
    if len(rows):
        below = np.cumsum(mass[rows], axis=1), np.cumsum(rich[rows], axis=1)
        above = total - below[0], wanted - below[1]
        for (left, yes), side in ((below, "below"), (above, "above")):
            explained = _explained(left, yes, worlds.base)
            explained = np.where((left >= worlds.least) & (left < total - 1e-9), explained, 0.0)
            place = np.unravel_index(explained.argmax(), explained.shape)
            if explained[place] > best:
                best = explained[place]
                kept = bins <= place[1] if side == "below" else bins > place[1]
                found = int(rows[place[0]]), kept
    for row in np.flatnonzero(free & worlds.words):
        kept = _best_word_set(mass[row], rich[row], worlds)
        gained = _explained(mass[row][kept].sum(), rich[row][kept].sum(), worlds.base)
        if not kept.all() and gained > best:
            best, found = float(gained), (int(row), kept)
    return found


def _best_ends(
    bins: NDArray[np.bool_],
    mass: NDArray[np.float64],
    rich: NDArray[np.float64],
    worlds: Data,
    new_ends: bool,
) -> NDArray[np.bool_]:
    """Move the lower end of an interval to where the box explains most, then the upper."""
    places = np.arange(len(bins))
    for flip in (slice(None), slice(None, None, -1)):
        bins, mass, rich = bins[flip], mass[flip], rich[flip]
        held = np.flatnonzero(bins)
        now, last = int(held[0]), int(held[-1]) + 1
        left = np.cumsum(mass[:last][::-1])[::-1]
        wanted = np.cumsum(rich[:last][::-1])[::-1]
        explained = np.where(left >= worlds.least, _explained(left, wanted, worlds.base), -1.0)
        first = int(explained.argmax())
        # A limit that cuts off nothing is none.
        first = 0 if mass[:first].sum() <= 1e-9 else first
        free = mass[:now].sum() <= 1e-9
        now = 0 if free else now
        # A free end is cut only if that explains more than chance.
        more = explained[first] - explained[now]
        if more > (CHANCE / worlds.size if free else 0.0) and (new_ends or not free):
            now = first
        bins = (places >= now) & (places < last)
        bins, mass, rich = bins[flip], mass[flip], rich[flip]
    return bins


def _best_word_set(
    mass: NDArray[np.float64], rich: NDArray[np.float64], worlds: Data
) -> NDArray[np.bool_]:
    """Choose the words with which the box explains most: those that are richest come first."""
    share = rich / np.maximum(mass, 1e-12)
    order = np.argsort(-share, kind="stable")
    order = order[mass[order] > 0]
    left, wanted = np.cumsum(mass[order]), np.cumsum(rich[order])
    explained = np.where(left >= worlds.least, _explained(left, wanted, worlds.base), -1.0)
    count = int(explained.argmax()) + 1
    if count == len(order):
        return np.ones(len(mass), bool)
    chosen = np.zeros(len(mass), bool)
    chosen[order[:count]] = True
    return chosen
