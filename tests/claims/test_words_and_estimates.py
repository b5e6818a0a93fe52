"""Shares in words, and the intervals that they rest on."""

import numpy as np
import pytest

from ripeness.claims import estimates, words


def said(holds: int, worlds: int) -> str:
    found = estimates.share(np.arange(worlds) < holds, np.ones(worlds))
    return words.share(found.value, found.low, found.high)


@pytest.mark.parametrize(
    ("holds", "worlds", "share"),
    [
        (0, 100, "fewer than 1 in 20 worlds"),
        (0, 20_000, "fewer than 1 in 1,000 worlds"),
        (3, 20_000, "fewer than 1 in 1,000 worlds"),
        (100, 20_000, "about 1 in 200 worlds"),
        (1_250, 20_000, "about 1 in 15 worlds"),
        (2_000, 20_000, "about one in ten worlds"),
        (10_050, 20_000, "about half of the worlds"),
        (13_333, 20_000, "about two in three worlds"),
        (18_000, 20_000, "about nine in ten worlds"),
        (18_750, 20_000, "about 14 in 15 worlds"),
        (12, 13, "between about two in three and nine in ten worlds"),
        (13, 20, "between about two in five and five in six worlds"),
        (19_100, 20_000, "nearly all worlds (at least 19 in 20)"),
        (20_000, 20_000, "nearly all worlds (all but fewer than 1 in 1,000)"),
        (100, 100, "nearly all worlds (all but fewer than 1 in 20)"),
    ],
)
def test_shares_in_words_say_no_more_than_the_sample_bears(holds: int, worlds: int, share: str):
    assert said(holds, worlds) == share


@pytest.mark.parametrize(
    ("low", "high", "same", "verdict"),
    [
        (0.96, 0.98, 0, "holds in nearly every world"),
        (0.94, 0.97, 0, "holds in most worlds"),
        (0.66, 0.68, 0, "hangs on the assumptions"),
        (0.4, 0.6, 0, "hangs on the assumptions"),
        (0.32, 0.34, 0, "hangs on the assumptions"),
        (0.1, 0.2, 0.1, "fails in most worlds"),
        (0.01, 0.04, 0.1, "fails in nearly every world"),
        (0.1, 0.2, 0.7, "makes no difference in most worlds"),
        (0.0, 0.02, 0.97, "makes no difference in nearly every world"),
    ],
)
def test_an_interval_across_a_boundary_gets_the_more_cautious_word(
    low: float, high: float, same: float, verdict: str
):
    assert words.verdict(low, high, same) == verdict


def test_wilson_interval_of_ten_in_twenty():
    found = estimates.share(np.arange(20) < 10, np.ones(20))
    assert (found.low, found.high) == pytest.approx((0.2993, 0.7007), abs=1e-4)


def test_weights_count_and_widen_the_interval():
    flags = np.array([True, False, False, False])
    assert estimates.share(flags, np.array([3.0, 1, 1, 1])).value == pytest.approx(0.5)
    assert estimates.effective_size(np.array([3.0, 1, 1, 1])) == pytest.approx(3)
    assert estimates.effective_size(np.array([1.0, 0, 0])) == 1


def test_an_interval_covers_the_truth_as_often_as_it_says():
    draw = np.random.default_rng(2)
    weights = draw.uniform(0.5, 1.5, 200)
    kept = [estimates.share(draw.random(200) < 0.3, weights) for _ in range(2_000)]
    assert np.mean([one.low <= 0.3 <= one.high for one in kept]) == pytest.approx(0.95, abs=0.015)


def test_weighted_quantiles_and_mean():
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0])
    assert estimates.quantiles(values, weights, (0.0, 0.25, 0.5, 0.75, 1.0)) == (1, 1, 2, 2, 3)
    found = estimates.mean(values, weights)
    assert found.value == 2
    assert found.low < 2 < found.high
