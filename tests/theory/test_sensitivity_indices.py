"""Sensitivity indices of functions whose indices have a closed form, from one sample of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import qmc

from ripeness.claims.assumptions import Assumption
from ripeness.claims.estimates import Estimate
from ripeness.claims.indices import Indices, binned, first_order, indices
from ripeness.claims.redraws import share_of_gap, sources

Numbers = NDArray[np.float64]


def ishigami(x: Numbers) -> Numbers:
    """Ishigami and Homma (1990), a = 7 and b = .1, of numbers between 0 and 1."""
    a, b, c = (2 * x.T - 1) * np.pi
    return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)


G = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])


def g_function(x: Numbers) -> Numbers:
    """Sobol's g-function (Saltelli and Sobol 1995)."""
    return np.prod((np.abs(4 * x - 2) + G) / (1 + G), axis=1)


class Known(NamedTuple):
    """A function of numbers between 0 and 1, its variance and its indices."""

    function: Callable[[Numbers], Numbers]
    variance: float
    first: tuple[float, ...]
    total: tuple[float, ...]


KNOWN = {
    "ishigami": Known(
        ishigami, 13.844588, (0.313905, 0.442411, 0.0), (0.557589, 0.442411, 0.243684)
    ),
    "g-function": Known(
        g_function,
        0.465426,
        (0.716192, 0.179048, 0.023676, 0.007162, *(0.000072,) * 4),
        (0.787144, 0.242198, 0.034317, 0.010460, *(0.000105,) * 4),
    ),
}


def assumptions(x: Numbers) -> list[Assumption]:
    return [Assumption(f"x{place + 1}", column) for place, column in enumerate(x.T)]


def shares(found: Indices, which: str) -> list[float]:
    return [getattr(row, which).value for row in found.rows]


class Sampled(NamedTuple):
    known: Known
    answers: Numbers
    found: Indices


@pytest.fixture(scope="module", params=KNOWN)
def sampled(request: pytest.FixtureRequest) -> Sampled:
    known = KNOWN[request.param]
    x = qmc.Sobol(len(known.first), rng=np.random.default_rng(1)).random_base2(15)
    answers = known.function(x)
    return Sampled(known, answers, indices(assumptions(x), answers, np.ones(len(x)), seed=1))


def test_h7_variance(sampled: Sampled):
    assert sampled.answers.var() == pytest.approx(sampled.known.variance, rel=0.003)


def test_h7_first_order_indices(sampled: Sampled):
    """To about what 32,768 worlds drawn at random would err by."""
    assert shares(sampled.found, "first") == pytest.approx(sampled.known.first, abs=0.005)


def test_h7_total_indices(sampled: Sampled):
    """To twice what 32,768 worlds drawn anew would err by."""
    assert shares(sampled.found, "total") == pytest.approx(sampled.known.total, abs=0.015)


def test_h7_next_to_nothing_is_told_from_nothing(sampled: Sampled):
    """A hundredth of a per cent of variance is above what random numbers show."""
    dummy = sampled.found.dummy
    assert dummy.total.high < 1e-5 < min(shares(sampled.found, "total"))
    assert dummy.first.value < 0.002


def test_h7_everything_is_explained(sampled: Sampled):
    """There is no luck: what is missing is the fit's."""
    assert 0.99 < sampled.found.explained.value < 1
    assert sampled.found.dummy.value is None, "there is no call to make on a number"


def test_h7_intervals_are_as_wide_as_the_errors(sampled: Sampled):
    """But for what a fit misses, and for bins of a Sobol sequence, of which too much is taken off:
    their means err by less than those of random worlds."""
    missed = {"total": 1 - sampled.found.explained.value, "first": 64 / len(sampled.answers)}
    for which, too_little in missed.items():
        for row, true in zip(sampled.found.rows, getattr(sampled.known, which), strict=True):
            found: Estimate = getattr(row, which)
            assert found.low - 0.5 * (found.high - found.low) < true
            assert true < found.high + 0.5 * (found.high - found.low) + too_little
            assert found.high - found.low < 0.03


def covered(found: list[Estimate], true: float) -> float:
    return float(np.mean([one.low <= true <= one.high for one in found]))


def spread_in_errors(found: list[Estimate]) -> float:
    """How far estimates are spread, in what their intervals make of their standard error."""
    errors = [(one.high - one.low) / (2 * 1.96) for one in found]
    return float(np.std([one.value for one in found]) / np.mean(errors))


DRAWS, WORLDS = 250, 2_000


@pytest.mark.parametrize(("place", "true"), [(0, 0.313905), (1, 0.442411)])
def test_intervals_of_first_order_indices_cover_as_often_as_they_say(place: int, true: float):
    found = []
    for seed in range(DRAWS):
        x = np.random.default_rng(seed).random((WORLDS, 3))
        bins, _ = binned(assumptions(x)[place], np.ones(WORLDS), (np.sqrt(WORLDS), 2))
        found.append(first_order(bins, ishigami(x), np.ones(WORLDS)))
    assert covered(found, true) == pytest.approx(0.95, abs=0.04)
    assert spread_in_errors(found) == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize("weighted", [False, True])
def test_intervals_cover_a_first_order_index_of_zero(weighted: bool):
    """Of the third of Ishigami's numbers, which matters through the first alone."""
    found = []
    for seed in range(DRAWS):
        draw = np.random.default_rng(seed)
        x = draw.random((WORLDS, 3))
        weights = draw.exponential(size=WORLDS) if weighted else np.ones(WORLDS)
        bins, _ = binned(assumptions(x)[2], weights, (np.sqrt(WORLDS), 2))
        found.append(first_order(bins, ishigami(x), weights))
    assert covered(found, 0.0) > 0.94
    assert np.mean([one.value for one in found]) < 0.008, "the noise of bins is taken off"


@pytest.mark.parametrize(
    ("place", "true", "luck"), [(0, 0.557589, 4.0), (1, 0.442411, 4.0), (2, 0.243684, 0.0)]
)
def test_intervals_of_total_indices_cover_as_often_as_they_say(
    place: int, true: float, luck: float
):
    """If the fit is what it should be; luck of such a spread takes off its share."""
    true *= 13.844588 / (13.844588 + luck**2)
    found = []
    for seed in range(DRAWS):
        draw = np.random.default_rng(seed)
        x, weights = draw.random((WORLDS, 3)), draw.uniform(0.5, 1.5, WORLDS)
        anew = x.copy()
        anew[:, place] = x[sources(assumptions(x), weights, draw)[place], place]
        known, other = ishigami(x), ishigami(anew)
        answers = known + luck * draw.standard_normal(len(x))
        left = np.sqrt(2) * (answers - (known + other) / 2)
        found.append(share_of_gap(left, known - other, answers, weights))
    assert np.mean([one.value for one in found]) == pytest.approx(true, abs=0.005)
    assert covered(found, true) == pytest.approx(0.95, abs=0.04)
    assert spread_in_errors(found) == pytest.approx(1, abs=0.15)
