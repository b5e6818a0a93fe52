"""Changes of pace, rates of events and survey shares: against published numbers and simulation."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from ripeness.record.measures import change, counts, surveys

T_2 = 4.302652729911275  # the 97.5 % quantile of Student's t with 2 degrees of freedom


def wave(n: int) -> np.ndarray:
    """The slowest cosine over n periods, of length 1."""
    return np.sqrt(2 / n) * np.cos(np.pi * (np.arange(n) + 0.5) / n)


def test_a_change_of_pace_by_hand():
    # Before all weeks alike; after, all that moves is the first of two cosines, by 0.4: its mean
    # square over both is 0.08, and the error of the mean over four weeks sqrt(0.08 / 4).
    found = change.change(np.full(4, 1.0), 3.0 + 0.4 * wave(4))
    half = T_2 * sqrt(0.08 / 4)
    assert (found.before, found.after) == pytest.approx((1, 3))
    assert (found.difference, found.low, found.high) == pytest.approx((2, 2 - half, 2 + half))
    assert found.ratio == pytest.approx(3)
    assert (found.ratio_low, found.ratio_high) == pytest.approx((3 - half, 3 + half))


def test_a_ratio_over_what_cannot_be_told_from_nothing_has_no_ends():
    found = change.change(np.array([0.0, 0.0, 0.0, 5.0]), np.full(4, 1.0))
    assert found.ratio == pytest.approx(0.8)
    assert found.ratio_low is None
    assert found.ratio_high is None
    assert change.change(np.zeros(4), np.ones(4)).ratio is None


@given(
    before=st.lists(st.floats(1, 9), min_size=4, max_size=12),
    after=st.lists(st.floats(1, 9), min_size=4, max_size=12),
    times=st.floats(0.1, 10),
)
def test_the_unit_of_amounts_does_not_matter(before: list, after: list, times: float):
    found = change.change(np.array(before), np.array(after))
    scaled = change.change(times * np.array(before), times * np.array(after))
    assert found.low <= found.difference <= found.high
    assert scaled.high == pytest.approx(times * found.high, rel=1e-6, abs=1e-9)
    if found.ratio_low is not None and scaled.ratio_low is not None:
        assert scaled.ratio_low == pytest.approx(found.ratio_low, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("memory", [0.0, 0.5])
def test_intervals_of_a_change_cover_the_truth_though_weeks_are_like_the_last(memory: float):
    draw = np.random.default_rng(8)
    hits = 0
    for _ in range(1000):
        weeks = draw.normal(size=80)
        for week in range(1, 80):
            weeks[week] += memory * weeks[week - 1]
        found = change.change(weeks[-52:-26], weeks[-26:] + 3.0)
        hits += found.low <= 3.0 <= found.high
    assert 920 <= hits <= 985  # intervals for independent weeks: 750 at a memory of 0.5


def test_placebos_are_all_dates_whose_periods_lie_on_one_side():
    amounts = np.array([1.0, 2.0, 4.0, 7.0, 5.0, 9.0, 3.0, 8.0])
    at, before, after = 4, 2, 1
    expected = []
    for date in range(8):
        periods = list(range(date - before, date + after))
        inside = periods[0] >= 0 and periods[-1] < 8
        if inside and (periods[-1] < at or periods[0] >= at):
            expected.append(amounts[date : date + after].mean() - amounts[date - 2 : date].mean())
    assert change.placebos(amounts, at, before, after) == pytest.approx(expected)
    assert len(expected) == 4


def test_the_real_date_counts_among_the_dates():
    assert change.share_as_large(2.0, [1.0, -2.0, 3.0]) == pytest.approx(3 / 4)
    assert change.share_as_large(9.0, [1.0, 2.0]) == pytest.approx(1 / 3)


def test_a_rate_ratio_against_r():
    """The second example of R's `poisson.test`: 11 events in 800 against 21 in 3,011."""
    found = counts.rate_ratio(21, 1083 + 1050 + 878, 11, 800)
    assert found.ratio == pytest.approx(1.971488, abs=1e-6)
    assert (found.low, found.high) == pytest.approx((0.8584264, 4.2772659), abs=1e-6)
    assert found.p == pytest.approx(0.07967, abs=1e-5)


def test_an_exact_interval_of_a_share_against_r():
    """`binom.test(4, 10)` gives 0.1215523 to 0.7376219."""
    assert counts.share(4, 10) == pytest.approx((0.1215523, 0.7376219), abs=1e-7)
    assert counts.share(0, 0) == (0.0, 1.0)


def test_no_event_before_leaves_a_ratio_without_upper_end():
    found = counts.rate_ratio(0, 8.0, 6, 2.0)
    assert found.ratio is None
    assert found.high is None
    assert found.low == pytest.approx((0.025 ** (1 / 6)) / (1 - 0.025 ** (1 / 6)) * 4)
    assert counts.rate_ratio(0, 8.0, 0, 2.0).p == 1.0


@settings(max_examples=20)
@given(total=st.integers(1, 30), ratio=st.floats(0.2, 5))
def test_exact_intervals_cover_at_least_what_they_promise(total: int, ratio: float):
    share = 3.0 * ratio / (2.0 + 3.0 * ratio)  # of the events that come after, given their total
    covered = 0.0
    for after in range(total + 1):
        found = counts.rate_ratio(total - after, 2.0, after, 3.0)
        inside = found.low <= ratio <= (np.inf if found.high is None else found.high)
        covered += binom.pmf(after, total, share) * inside
    assert covered >= 0.95


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [((48, 80), (56, 70), 0.0524, 0.3339), ((3, 10), (9, 10), 0.1705, 0.8090)],
)
def test_a_difference_of_shares_against_newcombe(first, second, low: float, high: float):
    """Newcombe (1998), table II, contrasts (a) and (b), method 10."""
    found = surveys.difference(first[0] / first[1], first[1], second[0] / second[1], second[1])
    assert found[0] == pytest.approx(second[0] / second[1] - first[0] / first[1])
    assert found[1:] == pytest.approx((low, high), abs=5e-5)


def test_waves_on_a_line_give_it_back():
    years = np.array([0.0, 0.5, 2.0, 2.5])
    found = surveys.trend(years, 0.2 + 0.1 * years, 1000.0)
    assert found.slope == pytest.approx(0.1)
    assert found.spread == pytest.approx(0, abs=1e-9)
    assert found.low < 0.1 < found.high


def test_the_interval_of_a_trend_covers_what_samples_vary_by():
    draw = np.random.default_rng(3)
    years = np.linspace(0, 2, 9)
    hits = 0
    for _ in range(1000):
        waves = draw.binomial(800, 0.3 + 0.05 * years) / 800
        found = surveys.trend(years, waves, 800.0)
        hits += found.low <= 0.05 <= found.high
    assert 945 <= hits <= 1000
