"""A mechanism that is switched off does nothing, and nothing else changes; the mirror exchanges."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

import ripeness
from ripeness.case.load import load
from ripeness.case.mechanisms import MECHANISMS, known, neutral_values
from ripeness.case.quantities import ESCALATION, QUANTITIES, SIDE
from ripeness.case.schema import CaseFile
from ripeness.errors import UsageError
from ripeness.settlement.books import Record, Totals
from ripeness.settlement.continuation import untrained
from ripeness.settlement.ending import DICTATED, LONGEST_KEPT
from ripeness.worlds.compiled import advanced
from ripeness.worlds.sampling import parameters, sample
from ripeness.worlds.simulate import BLOCK, block_of, simulate
from ripeness.worlds.variants import (
    RULES_OF_A_SIDE,
    Variant,
    as_it_is,
    drawn_anew,
    mirrored,
    tolerance_times,
    without,
)

ACTIONS = {"attack_rate", "strike_rate", "strike_echo", "strike_answer", "strike_damage"}
"""What a side does, can do, or suffers: no rules by which it answers a provocation."""

Came = tuple[Record, Totals]


@pytest.fixture(scope="module")
def small(small_case: Path) -> CaseFile:
    return ripeness.load(small_case).file


@pytest.fixture(scope="module")
def came(small: CaseFile) -> Callable[..., Came]:
    """Simulate the small case's plan push; as going on is worth nothing, deals are struck."""

    def run(variant: Variant = as_it_is, case: CaseFile = small) -> Came:
        return simulate(case, "push", block_of(case, 1, 0, variant), untrained(case.weeks + 1))

    return run


@pytest.fixture(scope="module")
def usual(came: Callable[..., Came]) -> Came:
    return came()


def none_of(name: str, record: Record, totals: Totals) -> np.ndarray:
    """What must be zero throughout without a mechanism, and is not with it."""
    support, fallen = record.seen.support, record.casualties
    deal = record.deal[:, -1] >= 0
    return {
        "attrition": lambda: fallen,
        "ground": lambda: record.ground - record.ground[:, :1],
        "aid": lambda: record.seen.aid - 1.0,
        "homefront": lambda: (support - support[:, :1]).round(6),
        "escalation": lambda: np.c_[totals.responses, totals.provoked, record.rung],
        "strikes": lambda: np.where(totals.harsher == 0, totals.strikes, 0),
        "anger": lambda: record.seen.anger,
        "talks": lambda: totals.talks_weeks + totals.truce_weeks,
        "truces": lambda: totals.truce_weeks,
        "learning": lambda: (record.belief - record.belief[:, :1]).round(5),
        "optimism": lambda: (record.belief[:, 0] - record.seen.balance[:, 0, None]).round(5),
        "leave": lambda: 1 - record.moved[:, -1, 0],
        "leaders": lambda: record.seen.felt_cost - record.seen.cost,
        "breach": lambda: (record.kept_weeks[:, -1] - LONGEST_KEPT) * deal,
        "collapse": lambda: record.kind == DICTATED,
    }[name]()


SILENT = (
    *("attrition", "ground", "aid", "homefront", "escalation", "strikes", "anger", "talks"),
    *("truces", "learning", "optimism", "breach"),
)


@pytest.mark.parametrize("name", SILENT)
def test_what_is_switched_off_does_nothing(name: str, came: Callable[..., Came], usual: Came):
    assert np.any(none_of(name, *usual)), "with the mechanism there is something to see"
    assert not np.any(none_of(name, *came(without([name]))))


@pytest.mark.parametrize("name", MECHANISMS)
def test_every_parameter_is_neutral_and_no_other_changes(name: str, kursk: CaseFile):
    values = sample(kursk, 1, 0, 64)
    before = parameters(kursk, values)
    after = parameters(kursk, without([name])(kursk, values))
    neutral = neutral_values([name])
    for quantity in QUANTITIES:
        now = np.asarray(getattr(after, quantity.name))
        if quantity.name in neutral:
            assert (now == neutral[quantity.name]).all()
        else:
            assert (now == np.asarray(getattr(before, quantity.name))).all()
    changed = [q for q in neutral if np.any(getattr(before, q) != getattr(after, q))]
    assert changed, "the shipped case knows the mechanism"


def test_neutral_values_are_values_that_a_case_may_give(tmp_path: Path):
    """A case file that gives all of them itself is a sound case, and has them in every world."""
    units = {quantity.name: quantity.unit for quantity in QUANTITIES}
    yaml = YAML(typ="safe", pure=True)
    case = yaml.load((Path(__file__).parents[1] / "case" / "minimal.yaml").read_text("utf-8"))
    given = case["assumptions"]
    neutral = [entry for mechanism in MECHANISMS.values() for entry in mechanism.neutral.items()]
    for quantity, value in neutral:
        for name in [name for name in given if name.split(".")[0] == quantity]:
            assert name != quantity or given[name].get("value", value) == value, (
                "two neutral values"
            )
            del given[name]
        about = {"because": "off", "sources": ["invention"], "confidence": "judgement"}
        given[quantity] = {"value": value, "unit": units[quantity], **about}
        if units[quantity].split()[0] in ("share", "chance"):
            assert 0 <= float(value) <= 1
    file = tmp_path / "off.yaml"
    with file.open("w", encoding="utf-8") as out:
        yaml.dump(case, out)
    values = sample(load(file), 1, 0, 8)
    for quantity, value in neutral_values(MECHANISMS).items():
        assert (values[quantity] == value).all()


def test_switching_off_what_is_neutral_changes_nothing_at_all(
    small: CaseFile, came: Callable[..., Came], usual: Came
):
    """The small case does not know private information, impatience, or blocked terms."""
    given = {name.split(".")[0] for name in small.assumptions}
    unknown = [name for name, m in MECHANISMS.items() if not given & set(m.neutral)]
    assert {"private-information", "impatience", "rearming", "third-parties"} <= set(unknown)
    same(usual, came(without(set(unknown) - {"learning"})))


def same(one: Came, other: Came) -> None:
    import jax

    for left, right in zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True):
        np.testing.assert_array_equal(left, right)


def test_what_a_case_leaves_to_the_default_can_be_switched_off_too(small: CaseFile):
    """It learns from battles by default, and says nothing of learning."""
    assert "learning" not in small.assumptions
    values = sample(small, 1, 0, 8)
    assert (parameters(small, values).learning == 1).all()
    assert (parameters(small, without(["learning"])(small, values)).learning == 0).all()


def test_a_variant_is_not_compiled_anew(came: Callable[..., Came]):
    came()
    compiled = advanced()._cache_size  # pyright: ignore[reportAttributeAccessIssue]
    before = compiled()
    came(without(["ground", "learning"]))
    came(mirrored)
    assert compiled() == before


def test_names_are_put_in_one_order_and_unknown_ones_are_explained():
    for names in (["leaders", "ground", "leaders"], ["ground", "leaders"]):
        assert known(names) == ("ground", "leaders")
    with pytest.raises(UsageError) as caught:
        known(["ground", "escalaton"])
    assert "no mechanism 'escalaton'; did you mean 'escalation'" in str(caught.value)
    assert "; there are attrition, recruitment, ground, " in str(caught.value)


def test_the_mirror_exchanges_what_each_side_bears_and_nothing_else(kursk: CaseFile):
    values = sample(kursk, 1, 0, 64)
    before, after = (parameters(kursk, v) for v in (values, mirrored(kursk, values)))
    for quantity in QUANTITIES:
        was, now = (np.asarray(getattr(p, quantity.name)) for p in (before, after))
        exchanged = was[::-1] if quantity.name in RULES_OF_A_SIDE else was
        np.testing.assert_array_equal(now, exchanged)
    twice = mirrored(kursk, mirrored(kursk, values))
    assert all((twice[name] == column).all() for name, column in values.items())


def test_what_is_given_by_side_is_either_a_rule_or_an_action():
    """A new quantity of escalation must be thought about: is it what a side bears, or does?"""
    by_side = {quantity.name for quantity in ESCALATION if quantity.over == SIDE}
    assert by_side == set(RULES_OF_A_SIDE) | ACTIONS


def test_sides_that_bear_the_same_see_no_difference_in_the_mirror(
    came: Callable[..., Came], usual: Came
):
    """The small case gives one tolerance for both."""
    same(usual, came(mirrored))


def test_less_tolerance_means_more_responses_of_that_side(
    came: Callable[..., Came], usual: Came, small: CaseFile
):
    first = next(iter(small.sides))
    less = came(tolerance_times(0.25, first))[1].responses.mean(axis=0)
    before = usual[1].responses.mean(axis=0)
    assert less[0] > 1.2 * before[0]
    assert less[1] == pytest.approx(before[1], rel=0.1)


def test_leave_leaders_and_collapse_in_the_shipped_case(kursk: CaseFile):
    """The moves of its plan hold need leave, its leaders are not their states, and states fall."""
    switched_off = ("leave", "leaders", "collapse")

    def seen(variant: Variant) -> list[np.ndarray]:
        block = block_of(kursk, 1, 0, variant)
        going_on = untrained(kursk.weeks + 1)
        came = simulate(kursk, "hold", block, going_on, at=[kursk.weeks])
        return [none_of(name, *came) for name in switched_off]

    assert all(np.any(there) for there in seen(as_it_is))
    assert not any(np.any(there) for there in seen(without(switched_off)))


def test_a_sample_of_a_variant_has_the_points_of_the_case(kursk: CaseFile):
    """Worlds are the same apart from what is switched off, so they can be compared one by one."""
    usual = block_of(kursk, 1, 0).values
    off = block_of(kursk, 1, 0, without(["escalation"])).values
    neutral = MECHANISMS["escalation"].neutral
    for name, column in usual.items():
        assert (off[name] == (0.0 if name in neutral else column)).all(), name
    assert len(usual["nerve"]) == BLOCK


def test_only_what_is_drawn_anew_is_other(small: CaseFile):
    names = ["tolerance", "troops.arden.plain"]
    before = sample(small, 1, 0, BLOCK)
    after = drawn_anew(names, [1, 0])(small, before)
    changed = {name for name in before if (before[name] != after[name]).any()}
    assert changed == set(names)
    again = drawn_anew(names, [1, 0])(small, before)
    assert all((after[name] == again[name]).all() for name in names)
    low, high = small.assumptions["troops.arden.plain"].between or (0.0, 0.0)
    drawn = after["troops.arden.plain"]
    assert low <= drawn.min() < drawn.max() <= high
    assert drawn.mean() == pytest.approx((low + high) / 2, rel=0.02)
    for name in names:
        assert abs(np.corrcoef(before[name], after[name])[0, 1]) < 4 / np.sqrt(BLOCK)
