"""What is lost if one assumption is not known: a fit of the answers, and one column drawn anew.

In: assumptions, answers and weights of worlds. Out: shares of variance, each with its interval.

An assumption x_i is worth what the best guess at the answer y loses without it (Williamson,
Gilbert, Simon and Carone, "A general framework for inference on algorithm-agnostic variable
importance", 2023). A fit f is made on one half of the worlds and judged on the other, where f' is
the fit once x_i has been drawn anew given the other assumptions. The best guess without x_i is
E[f | others]; f and f' may change places and are alike given the others, so the loss is

    E[(y - E[f | others])²] - E[(y - f)²] = 2 E[(y - (f + f') / 2) (f - f')] - E[(f - f')²] / 2.

Boosted trees are timid: the gap f - f' is stretched by what suits the answers best, A / B, where A
is E[(y - (f + f') / 2) (f - f')] and B is E[(f - f')²] / 2. The loss is then A² / B. What the fit
still gets wrong about x_i makes it look smaller, by the square of the error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from ripeness.claims.assumptions import Assumption
from ripeness.claims.estimates import Estimate, Z, effective_size

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]
Guess = Callable[[Numbers], Numbers]

JUDGED = 20_000
"""Worlds of a half that a fit is judged on, at most: more would take longer than the fit."""

FEWEST = 20
"""Fewer worlds than this are not fitted."""

PACE, LEAVES, RIDGE, STEPS, PATIENCE = 0.12, 15, 50.0, 300, 10
"""How far a tree goes towards the answers, how many leaves it has, and of how many worlds more each
leaf is taken to be, which pull it to naught. How many trees at most, and how many that bring
nothing on a tenth of the worlds, set aside, before no more are grown."""

GRAIN = 128
"""Bins of an assumption for each tree, of a sample of no more than `FEW` worlds; otherwise 255."""
FEW = 20_000

CHANCE = 4.0
"""Correlations of fewer standard errors than this pass for chance."""

OWN = 1e-6
"""Share of an assumption's variance that is its own in any case, so that copies do no harm."""


class Fit(NamedTuple):
    """Boosted trees, or none if there were too few worlds.

    Attributes
    ----------
    guess
        Gives the answer for rows of assumptions.
    parts
        The same of as few trees as an assumption needs: those left out never ask for it. None if it
        makes no difference.
    orders
        Of words, where each stands among them; None for numbers.
    """

    guess: Guess
    parts: tuple[Guess | None, ...]
    orders: tuple[Numbers | None, ...]

    def rows(self, assumptions: Sequence[Assumption]) -> Numbers:
        """Arrange assumptions as `guess` and `parts` take them."""
        pairs = zip(assumptions, self.orders, strict=True)
        return np.column_stack(
            [
                one.values if order is None else order[one.values.astype(np.intp)]
                for one, order in pairs
            ]
        )


class Half(NamedTuple):
    """Worlds that a fit was not made on.

    Attributes
    ----------
    answers, weights, fitted
        y, weight and f of each world.
    redrawn
        f', by assumption and world.
    """

    answers: Numbers
    weights: Numbers
    fitted: Numbers
    redrawn: Numbers


def losses(
    assumptions: Sequence[Assumption],
    answers: Numbers,
    weights: Numbers,
    first: NDArray[np.bool_],
    draw: np.random.Generator,
) -> tuple[list[Estimate], Estimate]:
    """Estimate what is lost without each assumption, and what all of them explain.

    Parameters
    ----------
    answers, weights
        One a world; the weights positive.
    first
        The worlds of the first half; neither half empty.

    Returns
    -------
    As shares of the variance of answers. The intervals are those of the worlds judged, given the
    fits. What is explained is the squared correlation of answers and guesses.
    """

    def judge(train: NDArray[np.bool_], chance: np.random.Generator) -> Half:
        test, worth = _thinned(chance.permutation(np.flatnonzero(~train)), weights)
        # a thread for each half; several for one would add up in an order of their own
        with threadpool_limits(1, "openmp"):
            seen = [one.of(train) for one in assumptions]
            fit = fitted(seen, answers[train], weights[train], int(chance.integers(2**31)))
            return _judged([one.of(test) for one in assumptions], answers[test], worth, fit, chance)

    import_module("sklearn.ensemble")  # limits reach only libraries that are loaded already
    with ThreadPoolExecutor(2) as pool:
        halves = list(pool.map(judge, (first, ~first), draw.spawn(2)))
    answers, weights = (np.concatenate(of) for of in list(zip(*halves, strict=True))[:2])
    fits = np.concatenate([half.fitted for half in halves])
    redrawn = np.concatenate([half.redrawn for half in halves], axis=1)
    lost = [
        share_of_gap(np.sqrt(2.0) * (answers - (fits + other) / 2), fits - other, answers, weights)
        for other in redrawn
    ]
    told = [half.fitted - np.average(half.fitted, weights=half.weights) for half in halves]
    unknown = answers - np.average(answers, weights=weights)
    return lost, share_of_gap(unknown, np.concatenate(told), answers, weights)


def share_of_gap(left: Numbers, gap: Numbers, answers: Numbers, weights: Numbers) -> Estimate:
    """Estimate what share of the answers' variance is the part of `left` that a gap explains.

    By least squares, E[left gap]² / E[gap²]: as the square of a root that errs like a mean, so that
    the interval suits shares near zero too.

    Parameters
    ----------
    left, gap, answers, weights
        One a world.
    """
    weights = weights / weights.sum()
    deviation = np.square(answers - weights @ answers)
    variance = weights @ deviation
    if variance == 0:
        return Estimate(0.0, 0.0, 1.0)
    strength = weights @ np.square(gap)
    if strength > 0:
        scale = np.sqrt(strength * variance)
        root = weights @ (left * gap) / scale
        pull = left * gap / scale - root / 2 * (np.square(gap) / strength + deviation / variance)
    else:  # as for a gap of any size that explains nothing
        root, pull = 0.0, left / np.sqrt(variance)
    error = np.sqrt(np.square(weights * pull).sum() * of_so_few(weights))
    bounds = root - Z * error, root, max(root, 0.0) + Z * error
    low, value, high = (float(np.clip(bound, 0.0, 1.0) ** 2) for bound in bounds)
    return Estimate(value, low, high)


def of_so_few(weights: Numbers) -> float:
    """Say by how much a variance is larger than one about the sample's own mean shows (Bessel)."""
    size = effective_size(weights)
    return size / max(size - 1, 1e-6)


def _judged(
    assumptions: Sequence[Assumption],
    answers: Numbers,
    weights: Numbers,
    fit: Fit,
    draw: np.random.Generator,
) -> Half:
    """Judge a fit on worlds that it was not made on, one assumption after the other drawn anew."""
    rows = fit.rows(assumptions)
    guess = fit.guess(rows)
    redrawn = np.tile(guess, (len(assumptions), 1))
    for place, source in enumerate(sources(assumptions, weights, draw)):
        part = fit.parts[place]
        if part is not None:
            before = guess if part is fit.guess else part(rows)
            as_it_is = rows[:, place].copy()
            rows[:, place] = as_it_is[source]
            redrawn[place] += part(rows) - before
            rows[:, place] = as_it_is
    return Half(answers, weights, guess, redrawn)


def fitted(assumptions: Sequence[Assumption], answers: Numbers, weights: Numbers, seed: int) -> Fit:
    """Fit the mean answer by boosted trees (Friedman, "Greedy function approximation", 2001)."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    if len(answers) < FEWEST:
        middle = np.average(answers, weights=weights)
        none = (None,) * len(assumptions)
        return Fit(lambda rows: np.full(len(rows), middle), none, none)
    options: dict[str, Any] = {
        "learning_rate": PACE,
        "max_leaf_nodes": LEAVES,
        "l2_regularization": RIDGE,
        "max_iter": STEPS,
        "early_stopping": True,
        "n_iter_no_change": PATIENCE,
        "max_bins": GRAIN if len(answers) <= FEW else 255,
        "random_state": seed,
    }
    model = HistGradientBoostingRegressor(**options)
    guess: Guess = model.predict
    orders = tuple(_order(one, answers, weights) for one in assumptions)
    rows = Fit(guess, (), orders).rows(assumptions)
    alike = weights.min() == weights.max()  # which is quicker
    model.fit(rows, answers, None if alike else weights / weights.mean())
    return Fit(guess, tuple(_part(model, guess, place) for place in range(len(orders))), orders)


def _order(assumption: Assumption, answers: Numbers, weights: Numbers) -> Numbers | None:
    """Put words in the order of their mean answers, which has the best split (Fisher 1958).

    Trees take them for numbers then, which is several times as quick.
    """
    if not assumption.words:
        return None
    place, count = assumption.values.astype(np.intp), len(assumption.words)
    mass = np.bincount(place, weights, count)
    middle = np.average(answers, weights=weights)
    told = np.bincount(place, weights * answers, count) / np.where(mass > 0, mass, 1.0)
    ranks = np.argsort(np.argsort(np.where(mass > 0, told, middle), kind="stable"))
    return ranks.astype(np.float64)


def _part(model: Any, guess: Guess, column: int) -> Guess | None:
    """Take the trees that ask for a column, unless most do."""
    # the trees are scikit-learn's own business: should they move, all are asked, and it is slower
    trees = getattr(model, "_predictors", [])
    asking = [one for one in trees if any(_asks(tree.nodes, column) for tree in one)]
    if not trees or 2 * len(asking) > len(trees):
        return guess
    part = copy(model)
    part._predictors = asking
    return part.predict if asking else None


def _asks(nodes: Any, column: int) -> bool:
    return bool(((nodes["feature_idx"] == column) & (nodes["is_leaf"] == 0)).any())


def sources(
    assumptions: Sequence[Assumption], weights: Numbers, draw: np.random.Generator
) -> list[Places]:
    """Draw each assumption anew given the others: for each world, from where to take the value.

    By a Gaussian copula: in normal scores, what the others do not tell about the assumption is
    taken from another world. Only numbers that are correlated, directly or through others, by more
    than chance tell of each other; the rest and words are shuffled.

    Parameters
    ----------
    assumptions, weights
        Of the worlds; the weights positive.

    Returns
    -------
    Places of worlds, one a world, by assumption.
    """
    found = [_shuffled(weights, draw) for _ in assumptions]
    for place, (score, own) in related(assumptions, weights).items():
        order = np.argsort(score)
        ranked = score[order]
        wanted = score - own + own[found[place]]
        found[place] = order[np.searchsorted((ranked[1:] + ranked[:-1]) / 2, wanted)]
    return found


def related(
    assumptions: Sequence[Assumption], weights: Numbers
) -> dict[int, tuple[Numbers, Numbers]]:
    """Find numbers that tell of each other: by place, normal scores, and what is their own."""
    from scipy.sparse.csgraph import connected_components

    places = [place for place, one in enumerate(assumptions) if not one.words and _varies(one)]
    if len(places) < 2:
        return {}
    weights = weights / weights.sum()
    scores = np.array([_normal_scores(assumptions[place].values, weights) for place in places])
    scores -= (scores @ weights)[:, None]
    scores /= np.sqrt(np.square(scores) @ weights)[:, None]
    correlations = (scores * weights) @ scores.T
    beyond_chance = np.abs(correlations) > CHANCE / np.sqrt(effective_size(weights))
    count, group = connected_components(beyond_chance, directed=False)
    found = {}
    for members in (np.flatnonzero(group == one) for one in range(count)):
        if len(members) > 1:
            within = correlations[np.ix_(members, members)] + OWN * np.eye(len(members))
            precision = np.linalg.inv(within)
            own = precision @ scores[members] / np.diag(precision)[:, None]
            found |= {places[at]: (scores[at], rest) for at, rest in zip(members, own, strict=True)}
    return found


def _varies(assumption: Assumption) -> bool:
    return bool(assumption.values.min() < assumption.values.max())


def _normal_scores(values: Numbers, weights: Numbers) -> Numbers:
    """Give values the normal quantiles of their ranks; equal ones share the middle of theirs."""
    from scipy.special import ndtri

    _, place = np.unique(values, return_inverse=True)
    mass = np.bincount(place, weights)
    return ndtri((np.cumsum(mass) - mass / 2) / mass.sum())[place]


def _shuffled(weights: Numbers, draw: np.random.Generator) -> Places:
    """Draw a world for each world, by weight and evenly (Kitagawa 1996), in any order."""
    reached = np.cumsum(weights)
    steps = (np.arange(len(weights)) + draw.random()) * (reached[-1] / len(weights))
    return draw.permutation(np.minimum(np.searchsorted(reached, steps, "right"), len(weights) - 1))


def _thinned(worlds: Places, weights: Numbers) -> tuple[Places, Numbers]:
    """Keep so many worlds as are judged, and say what each stands for then.

    All that weigh more than their fair part; of the others an even choice, all of one weight
    (Fearnhead and Clifford, "On-line inference for hidden Markov models via particle filters",
    2003).

    Parameters
    ----------
    worlds
        In an order left to chance.
    weights
        Of all worlds.
    """
    worth = weights[worlds]
    if len(worlds) <= JUDGED:
        return worlds, worth
    ordered = np.sort(worth)
    reached = np.cumsum(ordered)
    room = JUDGED + 1 - np.arange(len(worth), 0, -1)  # once all that weigh more are kept
    last = np.flatnonzero((room > 0) & (ordered * room <= reached))[-1]
    fair = reached[last] / room[last]
    steps = np.floor(np.cumsum(np.minimum(worth / fair, 1.0)) + 0.5)
    kept = np.diff(steps, prepend=0.0) > 0
    return worlds[kept], np.maximum(worth, fair)[kept]
