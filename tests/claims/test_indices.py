"""What an answer hangs on, where it can be worked out; the published functions are in theory/."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import qmc
from threadpoolctl import threadpool_limits

from ripeness.claims import redraws
from ripeness.claims.assumptions import Assumption
from ripeness.claims.estimates import Estimate, Z
from ripeness.claims.indices import Index, Indices, binned, indices, value_of_knowing

Numbers = NDArray[np.float64]


def numbers(x: Numbers) -> list[Assumption]:
    return [Assumption(f"x{place + 1}", column) for place, column in enumerate(x.T)]


def equal(x: Numbers) -> Numbers:
    return np.ones(len(x))


def by_luck(chance: NDArray[np.floating], draw: np.random.Generator) -> Numbers:
    return (draw.random(len(chance)) < chance).astype(np.float64)


BOX = np.array([0.3, 0.4, 0.5])
"""Sides of the box x1 < .3, x2 > .6, x3 < .5."""


def in_box(x: Numbers) -> Numbers:
    return ((x[:, 0] < 0.3) & (x[:, 1] > 0.6) & (x[:, 2] < 0.5)).astype(np.float64)


def box_indices(outside: float = 0.0, inside: float = 1.0) -> tuple[Numbers, Numbers, float]:
    """First-order and total indices, and the share explained, of yes with these chances.

    Whether a world is in the box is a product of independent flags, so that its mean given one flag
    is that flag times the others' shares, and it varies with a flag only where the others hold.
    """
    share, flags = BOX.prod(), BOX * (1 - BOX)
    yes = outside + (inside - outside) * share
    scale = (inside - outside) ** 2 / (yes * (1 - yes))
    first, total = (share / BOX) ** 2 * flags, share / BOX * flags
    return scale * first, scale * total, scale * share * (1 - share)


def values(found: Indices, which: str) -> list[float]:
    return [getattr(row, which).value for row in found.rows]


def estimates(found: Indices) -> list[Estimate]:
    every = [one for row in (*found.rows, found.dummy) for one in (row.first, row.total, row.value)]
    return [found.explained, *(one for one in every if one is not None)]


@pytest.fixture(scope="module")
def boxed() -> Indices:
    x = qmc.Sobol(8, rng=np.random.default_rng(1)).random_base2(14)
    return indices(numbers(x), in_box(x), equal(x), seed=0)


def test_a_hidden_box(boxed: Indices):
    first, total, _ = box_indices()
    assert values(boxed, "first") == pytest.approx([*first, *np.zeros(5)], abs=0.01)
    assert values(boxed, "total") == pytest.approx([*total, *np.zeros(5)], abs=0.02)
    assert boxed.explained.value > 0.98
    assert [row.name for row in boxed.rows] == [f"x{place}" for place in range(1, 9)]


def test_a_call_that_no_value_turns_is_worth_nothing_more(boxed: Indices):
    """Even in the best range of each number, the box holds a fifth of the worlds."""
    assert values(boxed, "value") == [0] * 8
    assert all(row.value is not None and row.value.high < 0.001 for row in boxed.rows)


def test_random_numbers_show_what_chance_gives(boxed: Indices):
    assert boxed.dummy.name not in [row.name for row in boxed.rows]
    for row in (boxed.dummy, *boxed.rows[3:]):
        assert row.first.low == 0
        assert row.first.value < 0.002
        assert row.total.high < 0.001
    assert boxed.dummy.total.high < boxed.rows[2].total.low


def test_luck_leaves_less_to_lose():
    """Nine in ten worlds of the box say yes, and one in ten of the others."""
    draw = np.random.default_rng(2)
    x = draw.random((30_000, 6))
    found = indices(numbers(x), by_luck(0.1 + 0.8 * in_box(x), draw), equal(x), seed=0)
    first, total, explained = box_indices(0.1, 0.9)
    assert values(found, "first") == pytest.approx([*first, *np.zeros(3)], abs=0.008)
    assert values(found, "total") == pytest.approx([*total, *np.zeros(3)], abs=0.02)
    assert found.explained.value == pytest.approx(explained, abs=0.02)
    assert found.dummy.total.value < 0.001


def test_pure_luck_is_explained_by_nothing():
    draw = np.random.default_rng(3)
    x = draw.random((4_000, 6))
    found = indices(numbers(x), by_luck(np.full(4_000, 0.5), draw), equal(x), seed=0)
    for row in (*found.rows, found.dummy):
        assert row.first.value < 0.01
        assert row.first.low <= 0.001
        assert row.total.low <= 0.001
        assert row.value is not None
        assert row.value.value < 0.01
    assert found.explained.value < 0.005


def test_what_only_goes_together_with_what_matters_loses_nothing():
    """x3 is x1 but for a little: knowing it alone tells much, missing it costs nothing.

    The answer hangs on the sign of x1. Two draws of x1 given x3 have a correlation of r² and differ
    in sign with a chance of arccos(r²) / pi, half of which is the variance that x3 leaves. The bin
    in which the sign turns takes off up to a hundredth.
    """
    draw = np.random.default_rng(4)
    x = draw.standard_normal((20_000, 4))
    x[:, 2] = x[:, 0] + 0.3 * draw.standard_normal(20_000)
    found = indices(numbers(x), by_luck(0.1 + 0.8 * (x[:, 0] > 0), draw), equal(x), seed=0)
    left = 0.64 * np.arccos(1 / 1.09) / (2 * np.pi) / 0.25
    assert values(found, "first") == pytest.approx([0.64, 0, 0.64 - left, 0], abs=0.03)
    assert values(found, "total") == pytest.approx([left, 0, 0, 0], abs=0.01)
    assert found.rows[2].total.high < 0.002


@pytest.mark.parametrize("correlation", [-0.5, 0.0, 0.8])
def test_correlated_numbers_lose_what_the_others_do_not_tell(correlation: float):
    """y = x1 + x2 + luck, normal: E[y | x1] = (1 + r) x1, and x1 given x2 has variance 1 - r²."""
    draw = np.random.default_rng(5)
    x = draw.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], 8_000)
    y = x.sum(axis=1) + 0.5 * draw.standard_normal(8_000)
    found = indices(numbers(x), y, equal(x), seed=0)
    variance = 2 + 2 * correlation + 0.25
    first, total = (1 + correlation) ** 2 / variance, (1 - correlation**2) / variance
    assert values(found, "first") == pytest.approx([first, first], abs=0.025)
    assert values(found, "total") == pytest.approx([total, total], abs=0.025)


def test_redrawn_numbers_keep_to_the_others():
    """A redraw has the correlations of the number it stands for, and r² with the number itself."""
    draw = np.random.default_rng(6)
    x = draw.multivariate_normal([0, 0, 0], [[1, 0.8, 0], [0.8, 1, 0], [0, 0, 1]], 16_000)
    x[:, 0] = np.exp(x[:, 0])
    places = redraws.sources(numbers(x), equal(x), draw)
    anew = x[places[0], 0]
    assert np.quantile(anew, [0.1, 0.5, 0.9]) == pytest.approx(
        np.quantile(x[:, 0], [0.1, 0.5, 0.9]), rel=0.05
    )
    before, *others = np.log(x[:, 0]), x[:, 1], x[:, 2]
    seen = [np.corrcoef(np.log(anew), other)[0, 1] for other in (before, *others)]
    assert seen == pytest.approx([0.64, 0.8, 0.0], abs=0.02)
    assert sorted(places[2]) == list(range(16_000)), "shuffled"


def test_weights_make_the_sample_one_of_other_worlds():
    """y = x1 + x2 + luck: with weight 2 x1, x1 has variance 1/18 instead of 1/12."""
    draw = np.random.default_rng(7)
    x = draw.random((10_000, 3))
    y = x[:, 0] + x[:, 1] + draw.standard_normal(10_000) / 6
    for weights, first in ((equal(x), 1 / 12), (2 * x[:, 0], 1 / 18)):
        found = indices(numbers(x), y, weights, seed=0)
        expected = np.array([first, 1 / 12, 0]) / (first + 1 / 12 + 1 / 36)
        assert values(found, "first") == pytest.approx(expected, abs=0.02)
        assert values(found, "total") == pytest.approx(expected, abs=0.02)


def test_worlds_of_no_weight_are_not_there():
    x = np.random.default_rng(8).random((3_000, 3))
    first = np.arange(3_000) < 1_000
    whole = indices(numbers(x), in_box(x), first.astype(np.float64), seed=0)
    assert whole == indices(numbers(x[first]), in_box(x[first]), np.ones(1_000), seed=0)


def test_unequal_weights_widen_intervals():
    """By the root of what the sample is worth less, here about a third (Kish 1965)."""
    draw = np.random.default_rng(9)
    x = draw.random((4_000, 3))
    y = by_luck(0.1 + 0.8 * (x[:, 0] > 0.4), draw)
    even = indices(numbers(x), y, equal(x), seed=0).rows[0]
    uneven = indices(numbers(x), y, draw.lognormal(sigma=1, size=4_000), seed=0).rows[0]
    for one, wider in ((even.first, uneven.first), (even.total, uneven.total)):
        assert 1.3 < (wider.high - wider.low) / (one.high - one.low) < 2.2


def test_few_judged_worlds_stand_for_all(monkeypatch: pytest.MonkeyPatch):
    """With the heavy ones among them, thinning costs little of what a weighted sample is worth."""
    wider = []
    for seed in (10, 11, 12):
        draw = np.random.default_rng(seed)
        x = draw.random((8_000, 3))
        y = by_luck(0.1 + 0.8 * (x[:, 0] > 0.4), draw)
        weights = draw.lognormal(sigma=1.5, size=8_000)
        half = draw.permutation(8_000) < 4_000
        every, some = (
            monkeypatch.setattr(redraws, "JUDGED", judged)
            or redraws.losses(numbers(x), y, weights, half, np.random.default_rng(0))[0][0]
            for judged in (20_000, 1_000)
        )
        assert some.low < every.value < some.high
        wider.append((some.high - some.low) / (every.high - every.low))
    assert 1 < np.prod(wider) ** (1 / 3) < 1.4, "and not 2, the root of 4,000 / 1,000"


WORDS = ("east", "north", "south", "west")
CHANCES = np.array([0.9, 0.1, 0.6, 0.4])


def test_words_are_told_apart():
    """Whatever their order: the middle two differ in nothing but luck from no word at all."""
    draw = np.random.default_rng(11)
    codes = draw.integers(0, 4, 12_000)
    other = draw.random(12_000)
    worded = [
        Assumption("other", other),
        Assumption("where", codes.astype(np.float64), WORDS),
        Assumption("always", np.zeros(12_000), ("so",)),
    ]
    found = indices(worded, by_luck(CHANCES[codes], draw), np.ones(12_000), seed=0)
    _, where, always = found.rows
    expected = CHANCES.var() / 0.25
    assert where.first.value == pytest.approx(expected, abs=0.02)
    assert where.total.value == pytest.approx(expected, abs=0.02)
    assert where.value is not None
    assert where.value.value == pytest.approx(
        np.maximum(CHANCES, 1 - CHANCES).mean() - 0.5, abs=0.02
    )
    assert (always.first.value, always.total.value) == (0, 0)


def test_trees_left_out_of_a_part_do_not_ask_for_the_assumption():
    """What a part says of a change in its assumption is what the whole fit says."""
    draw = np.random.default_rng(12)
    rows = draw.random((3_000, 30))
    worded = (2, 5)
    rows[:, worded] = np.floor(3 * rows[:, worded])
    columns = numbers(rows)
    for place in worded:
        columns[place] = Assumption("w", rows[:, place], ("a", "b", "c"))
    chance = 0.2 + 0.3 * (rows[:, 2] == 1) + 0.3 * (rows[:, 0] > 0.5) * rows[:, 29]
    changes = []
    with threadpool_limits(1):
        fit = redraws.fitted(columns, by_luck(chance, draw), np.ones(3_000), seed=0)
        for place, part in enumerate(fit.parts):
            changed = rows.copy()
            changed[:, place] = draw.permutation(changed[:, place])
            change = fit.guess(changed) - fit.guess(rows)
            changes.append(np.abs(change).mean())
            of_part = part(changed) - part(rows) if part else np.zeros(3_000)
            assert of_part == pytest.approx(change, abs=1e-12)
    assert sum(part is not fit.guess for part in fit.parts) > 10, "or nothing is saved"
    assert {0, 2, 29} == set(np.argsort(changes)[-3:])


Chance = Callable[[Numbers], Numbers]


@pytest.mark.parametrize(
    ("chance", "worth"),
    [
        (lambda x: np.where(x < 0.5, 0.2, 0.8), 0.3),
        (lambda x: np.where(x < 0.25, 0.8, 0.3), 0.15),
        (lambda x: x, 0.25),
        (lambda x: 0.05 + 0.4 * x, 0.0),
        (lambda x: 0.55 + 0.4 * x, 0.0),
    ],
    ids=["step", "quarter", "slope", "never yes", "always yes"],
)
@pytest.mark.parametrize("weighted", [False, True])
def test_the_value_of_knowing(chance: Chance, worth: float, weighted: bool):
    """How much more often one is right who calls yes where it is likelier than no."""
    draw = np.random.default_rng(13)
    x, weights = draw.random(20_000), np.ones(20_000)
    if weighted:  # a sample with more of the greater numbers, which weigh less
        x = np.sqrt(x)
        weights = 1 / x.clip(0.01)
    answers, half = by_luck(chance(x), draw), draw.random(20_000) < 0.5
    for column, gained in ((x, worth), (draw.random(20_000), 0.0)):
        fine, coarse = binned(Assumption("x", column), weights, (64, 40))
        found = value_of_knowing((coarse, fine), answers, weights, half)
        assert found is not None
        assert found.value == pytest.approx(gained, abs=0.015)
        assert found.low <= gained <= found.high
        assert found.high - found.low < 0.05


def test_an_even_claim_is_not_called_better_for_nothing():
    """A call made on the worlds that it was learned from would be right a third more often."""
    for seed in range(12):
        draw = np.random.default_rng(seed)
        x = draw.random((200, 1))
        (row,) = indices(numbers(x), by_luck(np.full(200, 0.5), draw), equal(x), seed).rows
        assert row.value is not None
        assert row.value.low < 0.02
        assert row.value.value < 0.1


def test_the_same_seed_gives_the_same_indices_on_any_number_of_threads():
    draw = np.random.default_rng(14)
    x = draw.random((6_000, 5))
    columns = [*numbers(x), Assumption("w", np.floor(3 * draw.random(6_000)), ("a", "b", "c"))]
    y = by_luck(0.1 + 0.8 * in_box(x), draw)
    found = indices(columns, y, equal(x), seed=0)
    with threadpool_limits(1):
        assert indices(columns, y, equal(x), seed=0) == found
    other = indices(columns, y, equal(x), seed=1)
    assert other.dummy != found.dummy
    assert values(other, "first") == values(found, "first"), "bins leave nothing to chance"


def test_neither_unit_nor_origin_matters():
    draw = np.random.default_rng(15)
    x = draw.random((1_000, 3))
    y = x[:, 0] + x[:, 1] ** 2 + draw.random(1_000) / 3
    found = indices(numbers(x), y, equal(x), seed=0)
    for scaled in (1e-150 * y, 1e6 * y - 1e7, -y):
        again = indices(numbers(np.exp(5 * x)), scaled, equal(x), seed=0)
        for which in ("first", "total"):
            assert values(again, which) == pytest.approx(values(found, which), abs=0.01)


def anything(
    worlds: int, heavy: int = 0, yes: int | None = None
) -> tuple[Indices, list[Assumption]]:
    """Indices of a mixed lot of assumptions in a few worlds, some of them heavy, some yes."""
    draw = np.random.default_rng(16)
    x = draw.random(worlds)
    columns = [
        Assumption("x", x),
        Assumption("copy", x),
        Assumption("turned", 1 - x),
        Assumption("constant", np.full(worlds, 3.0)),
        Assumption("flag", (x > 0.5).astype(np.float64)),
        Assumption("wide", np.exp(100 * x)),
        Assumption("one word", np.zeros(worlds), ("so",)),
        Assumption("words", draw.integers(0, 3, worlds).astype(np.float64), ("a", "b", "c")),
        Assumption("many", np.floor(300 * draw.random(worlds)), tuple(map(str, range(300)))),
    ]
    answers = (x > 0.4 if yes is None else np.arange(worlds) < yes).astype(np.float64)
    weights = np.where(np.arange(worlds) < heavy, 1.0, 1e-5) if heavy else np.ones(worlds)
    return indices(columns, answers, weights, seed=0), columns


@pytest.mark.parametrize(
    ("worlds", "heavy", "yes"),
    [
        *((worlds, 0, None) for worlds in (1, 2, 3, 10, 39, 50, 300)),
        *((300, heavy, None) for heavy in (1, 2, 10)),
        *((300, heavy, yes) for heavy in (0, 2) for yes in (0, 1, 299, 300)),
    ],
)
def test_however_little_there_is_to_go_by(worlds: int, heavy: int, yes: int | None):
    found, columns = anything(worlds, heavy, yes)
    assert [row.name for row in found.rows] == [one.name for one in columns]
    for one in estimates(found):
        assert 0 <= one.low <= one.value <= one.high <= 1
    for row in found.rows:
        if row.name in ("constant", "one word"):
            assert row.total.value == 0
            assert row.first.value == pytest.approx(0, abs=1e-12)
    if worlds < 4 or heavy == 1:
        assert found.rows[0].total.high == 1, "hardly a world says nothing"


@pytest.mark.parametrize("answer", [0.0, 1.0, 0.1])
def test_where_all_worlds_answer_alike_any_share_would_do(answer: float):
    x = np.random.default_rng(17).random((50, 2))
    found = indices(numbers(x), np.full(50, answer), equal(x), seed=0)
    unknown = Estimate(0.0, 0.0, 1.0)
    value = None if answer == 0.1 else Estimate(0.0, 0.0, Z / 50)
    assert found.rows[0] == Index("x1", unknown, unknown, value)
    assert found.explained == unknown


def test_no_assumptions():
    y = np.random.default_rng(18).random(200)
    found = indices([], y, np.ones(200), seed=0)
    assert found.rows == ()
    assert found.explained.value < 0.05
