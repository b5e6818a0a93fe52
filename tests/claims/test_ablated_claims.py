"""Shares with and without a mechanism: what moved, what turned, and how sure that is."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ripeness.claims.ablation import Ablated, Fits, ablated
from ripeness.claims.answers import Answers
from ripeness.claims.estimates import ratio, ratio_difference, share_difference
from ripeness.claims.language import Claim, ModelTest

COUNT = 2048
TEST = ModelTest(("go", "stay"), None, "a.x > b.x", "a.x", "x", "x")
CLAIM = Claim.model_validate(
    {"id": "C1", "essay": "E", "says": "Going pays", "kind": ("model",)}
    | {"compare": ("go", "stay"), "holds": "a.x > b.x", "effect": "a.x"}
)


def said(holds: NDArray[np.bool_], asked: NDArray[np.bool_] | None = None) -> Answers:
    everywhere = np.ones(len(holds), bool)
    effect = np.where(holds, 1.0, -1.0)
    weights = np.ones(len(holds))
    worlds = np.arange(len(holds))
    asked = everywhere if asked is None else asked
    return Answers(TEST, worlds, asked, holds, effect, weights)


def first(share: float) -> NDArray[np.bool_]:
    return np.arange(COUNT) < round(share * COUNT)


def found(whole: float, **without: float) -> Ablated:
    variants = {name: one_fit(first(share)) for name, share in without.items()}
    return ablated([CLAIM], one_fit(first(whole)), variants)[0]


def one_fit(holds: NDArray[np.bool_], asked: NDArray[np.bool_] | None = None) -> Fits:
    return [{"C1": said(holds, asked)}]


def test_a_claim_that_holds_only_because_of_one_mechanism():
    claim = found(0.8, leaders=0.35, ground=0.8, talks=0.75)
    assert [entry.mechanism for entry in claim.needs] == ["leaders"]
    assert claim.hindered_by == ()
    assert claim.moved_most
    assert claim.moved_most.mechanism == "leaders"
    assert claim.moved_most.difference == pytest.approx(-0.45, abs=1e-3)
    by_name = {entry.mechanism: entry for entry in claim.without}
    assert (by_name["talks"].moved, by_name["talks"].turned) == (True, False)
    assert (by_name["ground"].moved, by_name["ground"].difference) == (False, 0.0)


def test_a_claim_that_only_one_mechanism_keeps_from_holding():
    claim = found(0.3, anger=0.9, ground=0.1)
    assert ([entry.mechanism for entry in claim.hindered_by], claim.needs) == (["anger"], ())


def test_a_claim_that_still_holds_in_most_worlds_does_not_need_the_mechanism():
    """At 67 % the interval reaches below two in three: a more cautious word, but no need."""
    claim = found(0.8, leaders=0.67)
    assert claim.without[0].turned
    assert claim.needs == ()
    assert found(0.67, leaders=0.8).hindered_by == ()


def test_what_needs_more_comes_first():
    claim = found(0.9, ground=0.5, leaders=0.1)
    assert [entry.mechanism for entry in claim.needs] == ["leaders", "ground"]


def test_a_handful_of_worlds_is_no_proof():
    few, more = first(0.5), first(0.5)
    few[-3:], more[-12:] = True, True
    without = {"few": one_fit(few), "more": one_fit(more)}
    claim = ablated([CLAIM], one_fit(first(0.5)), without)[0]
    assert [entry.moved for entry in claim.without] == [False, True]


def test_without_the_worlds_that_it_speaks_about_a_claim_is_not_judged():
    few = np.arange(COUNT) < 20
    claim = ablated([CLAIM], one_fit(first(0.9)), {"ground": one_fit(first(0.0), few)})[0]
    assert (claim.without[0].share, claim.without[0].worlds) == (None, 20)
    assert (claim.needs, claim.moved_most) == ((), None)


def test_claims_that_no_world_was_asked_about_are_passed_over():
    assert ablated([CLAIM], [{}], {}) == ()


def test_a_change_that_fits_do_not_agree_on_is_none():
    """With other fits the same change is -10 and +2 points: the second may be chance as well."""

    def fits(*values: float) -> Fits:
        return [{"C1": said(first(share))} for share in values]

    whole = fits(0.80, 0.80)
    claim = ablated([CLAIM], whole, {"leaders": fits(0.70, 0.82), "talks": fits(0.30, 0.34)})[0]
    leaders, talks = claim.without
    assert (leaders.difference, leaders.moved) == (pytest.approx(-0.1, abs=1e-3), False)
    assert talks.difference == pytest.approx(-0.5, abs=1e-3)
    assert talks.turned
    agreed = ablated([CLAIM], whole, {"leaders": fits(0.70, 0.70)})[0]
    assert agreed.without[0].moved
    assert agreed.fit_error == 0.0
    assert claim.fit_error is not None
    assert claim.fit_error > 0.02


def draws(seed: int, count: int = 300) -> tuple[NDArray[np.bool_], ...]:
    """Flags and worlds asked, in two runs of the same worlds."""
    luck = np.random.default_rng(seed).random((4, count))
    easy = luck[0]
    flags = easy + 0.2 * luck[1] < 0.6, easy + 0.2 * luck[2] < 0.5
    kept = luck[3] < 0.7, luck[3] + 0.3 * easy < 0.8
    return *flags, *kept


def test_the_interval_of_a_paired_difference_covers_it_as_often_as_it_says():
    one, two, kept_one, kept_two = draws(1, 2_000_000)
    truth = two[kept_two].mean() - one[kept_one].mean()
    covered, width, naive = 0, 0.0, 0.0
    for seed in range(400):
        one, two, kept_one, kept_two = draws(2 + seed)
        by = share_difference((one, two), (kept_one, kept_two), np.ones(len(one)))
        covered += by.low <= truth <= by.high
        width += by.high - by.low
        shares = (one[kept_one], two[kept_two])
        naive += 2 * 1.96 * np.sqrt(sum(s.mean() * (1 - s.mean()) / len(s) for s in shares))
    assert 0.93 <= covered / 400 <= 0.99
    assert width < 0.8 * naive, "what the runs share cancels"


def test_the_interval_of_a_ratio_of_means_covers_it_as_often_as_it_says():
    covered, covered_difference = 0, 0
    for seed in range(400):
        draw = np.random.default_rng(seed)
        below, other = draw.gamma(2, 1, (2, 200))
        above, more = draw.poisson(0.5 * below), draw.poisson(0.7 * other)
        one = np.ones(200)
        by = ratio(above, below, one)
        covered += by.low <= 0.5 <= by.high
        apart = ratio_difference((above, below), (more, other), one)
        covered_difference += apart.low <= 0.2 <= apart.high
    assert 0.92 <= covered / 400 <= 0.98
    assert 0.92 <= covered_difference / 400 <= 0.98


def test_weights_count_as_so_many_worlds():
    one, two, kept_one, kept_two = draws(1)
    twice = share_difference((one, two), (kept_one, kept_two), np.full(len(one), 2.0))
    once = share_difference((one, two), (kept_one, kept_two), np.ones(len(one)))
    assert twice == once
    heavy = np.where(np.arange(len(one)) < 100, 1.0, 0.0)
    part = share_difference((one, two), (kept_one, kept_two), heavy)
    cut = share_difference((one[:100], two[:100]), (kept_one[:100], kept_two[:100]), np.ones(100))
    assert part.value == pytest.approx(cut.value)
    assert part.high == pytest.approx(cut.high)
