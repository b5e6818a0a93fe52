from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ripeness.case.distributions import (
    Beta,
    Between,
    Choice,
    Constant,
    Distribution,
    LogBetween,
    LogNormal,
    Normal,
    Triangular,
    together,
)

numbers = st.floats(-1e6, 1e6, allow_subnormal=False)
positives = st.floats(1e-3, 1e4)
shapes = st.floats(0.1, 50)


def ascending(values: st.SearchStrategy[float], size: int) -> st.SearchStrategy[list[float]]:
    return st.lists(values, min_size=size, max_size=size, unique=True).map(sorted)


bounded = st.one_of(
    ascending(numbers, 2).map(lambda ends: (Between(*ends), ends[0], ends[-1])),
    ascending(positives, 2).map(lambda ends: (LogBetween(*ends), ends[0], ends[-1])),
    ascending(numbers, 3).map(lambda ends: (Triangular(*ends), ends[0], ends[-1])),
    st.tuples(shapes, shapes).map(lambda shape: (Beta(*shape), 0.0, 1.0)),
    numbers.map(lambda value: (Constant(value), value, value)),
    st.lists(positives, min_size=1, max_size=5).map(
        lambda weights: (
            Choice(tuple("abcde"[: len(weights)]), tuple(weights)),
            0.0,
            len(weights) - 1.0,
        )
    ),
)
unbounded = st.one_of(
    st.builds(Normal, numbers, positives),
    st.builds(LogNormal, positives, st.floats(1.01, 10)),
)
probabilities = st.lists(st.floats(0, 1), min_size=1, max_size=20).map(sorted)


@given(bounded, probabilities)
def test_quantiles_ascend_within_the_bounds(
    case: tuple[Distribution, float, float], u: list[float]
) -> None:
    distribution, low, high = case
    values = distribution.quantile(np.array(u))
    assert values.shape == (len(u),)
    assert np.all(np.diff(values) >= -1e-12 * max(abs(low), abs(high), 1))
    assert np.all((low <= values) & (values <= high))


@given(st.one_of(bounded.map(lambda case: case[0]), unbounded))
def test_quantiles_in_single_precision_are_finite_and_near_those_in_double(
    distribution: Distribution,
) -> None:
    u = np.array([0.0, 0.1, 0.5, 0.9, 1.0], np.float32)
    single, double = distribution.quantile(u), distribution.quantile(u.astype(np.float64))
    assert single.dtype == np.float32
    assert np.all(np.isfinite(single))
    largest = np.abs(double[1:-1]).max()
    np.testing.assert_allclose(single[1:-1], double[1:-1], rtol=1e-4, atol=1e-4 * largest + 1e-30)


@given(st.sampled_from([Between, LogBetween, Triangular, LogNormal, Beta]), st.data())
def test_several_of_a_kind_have_the_quantiles_they_have_one_by_one(
    kind: type[Distribution], data: st.DataObject
) -> None:
    corners = 3 if kind is Triangular else 2
    low = 1.5 if kind is LogNormal else 0.1
    fields = st.lists(st.floats(low, 50), min_size=corners, max_size=corners, unique=True).map(
        sorted
    )
    several = [kind(*data.draw(fields)) for _ in range(3)]
    u = np.linspace(0, 1, 33).reshape(3, 11)
    found = together(several, np.float64).quantile(u)
    one_by_one = [one.quantile(row) for one, row in zip(several, u, strict=True)]
    np.testing.assert_array_equal(found, one_by_one)


@given(unbounded, probabilities)
def test_quantiles_ascend_and_stay_finite(distribution: Distribution, u: list[float]) -> None:
    values = distribution.quantile(np.array(u))
    assert np.all(np.diff(values) >= 0)
    assert np.all(np.isfinite(values))


@pytest.mark.parametrize(
    ("distribution", "reference"),
    [
        (Between(-2, 3), stats.uniform(-2, 5)),
        (LogBetween(0.5, 10), stats.loguniform(0.5, 10)),
        (Triangular(0, 1, 4), stats.triang(0.25, 0, 4)),
        (Triangular(0, 0, 4), stats.triang(0, 0, 4)),
        (Normal(3, 2), stats.norm(3, 2)),
        (LogNormal(3, 2), stats.lognorm(np.log(2), scale=3)),
        (Beta(2, 5), stats.beta(2, 5)),
    ],
)
def test_quantiles_are_those_of_scipy(distribution: Distribution, reference: Any) -> None:
    u = np.linspace(0.001, 0.999, 101)
    np.testing.assert_allclose(distribution.quantile(u), reference.ppf(u), rtol=1e-12, atol=1e-12)


def test_ratio_of_a_lognormal_is_its_84th_percentile_over_the_median() -> None:
    u = stats.norm.cdf([0.0, 1.0])
    np.testing.assert_allclose(LogNormal(3, 2).quantile(u), [3.0, 6.0])


def test_choice_gives_each_word_its_share() -> None:
    u = (np.arange(1000) + 0.5) / 1000
    index = Choice(("fixed", "eroding", "bluff"), (1, 1, 2)).quantile(u)
    assert [int((index == word).sum()) for word in range(3)] == [250, 250, 500]


@pytest.mark.parametrize(
    ("distribution", "words"),
    [
        (Constant(1300), "1,300"),
        (Between(0, 60), "0 to 60"),
        (LogBetween(0.5, 10), "0.5 to 10, evenly in ratio"),
        (Triangular(0, 11, 15), "0 to 15, most likely 11"),
        (Normal(0.2, 0.1), "0.2, two in three within 0.1 of it"),
        (LogNormal(2, 1.5), "2, two in three within a factor of 1.5"),
        (Beta(2, 5), "0 to 1, mean 0.29 (beta 2, 5)"),
        (Choice(("fixed", "eroding"), (1, 3)), "fixed 25%, eroding 75%"),
        (Choice(("fixed",), (1,)), "fixed"),
    ],
)
def test_distributions_say_what_they_are(distribution: Distribution, words: str) -> None:
    assert distribution.describe() == words


def test_only_constants_are_constant() -> None:
    assert Constant(1).is_constant
    assert Choice(("fixed",), (1,)).is_constant
    assert not Choice(("fixed", "eroding"), (1, 1)).is_constant
    assert not Between(0, 1).is_constant
