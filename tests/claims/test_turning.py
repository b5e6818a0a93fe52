"""When the record first spoke on a claim, when it turned, and when worlds moved."""

from datetime import date

import numpy as np
import pytest

from ripeness.claims.turning import Course, Standing, courses, dispersion
from ripeness.claims.verdicts import ModelVerdict, RecordVerdict, Verdict

DAYS = (None, date(2024, 8, 10), date(2024, 12, 31), date(2025, 6, 30), date(2025, 12, 31))


def course(*stands: tuple[str | None, float | None, float | None]) -> Course:
    """A claim's course, given the record's word and the interval of worlds on each day."""
    at = (
        Standing(
            day,
            word,
            None,
            None if low is None or high is None else (low + high) / 2,
            low,
            high,
            100,
        )
        for day, (word, low, high) in zip(DAYS, stands, strict=False)
    )
    return Course("L1", "L", "Something holds", tuple(at))


def verdict(name: str, record: str | None, share: float | None, worlds: int = 1_000) -> Verdict:
    return Verdict(
        id=name,
        essay="L",
        says="Something holds",
        made=None,
        horizon=None,
        kinds=("model",),
        against=(),
        hinges=(),
        record=RecordVerdict(record_verdict=record),
        model=ModelVerdict(share=share, worlds=worlds if share is not None else None),
        value=None,
        hinge=None,
        hinge_assumption=None,
        why_untested=None,
        hinge_of=(),
    )


def test_the_first_verdict_is_when_the_record_spoke_and_no_turn():
    one = course((None, None, None), ("not yet", None, None), ("supported", None, None))
    assert one.spoke is one.at[2]
    assert one.turns == ()


def test_a_turn_is_another_verdict_than_the_last_whatever_lay_between():
    one = course(
        (None, None, None),
        ("supported", None, None),
        ("not testable", None, None),
        ("mixed", None, None),
        ("mixed", None, None),
    )
    assert [at.as_of for at in one.turns] == [date(2025, 6, 30)]


def test_a_record_that_says_nothing_has_neither_spoken_nor_turned():
    one = course((None, None, None), ("not yet", None, None), ("not testable", None, None))
    assert one.spoke is None
    assert one.turns == ()


def test_worlds_moved_where_intervals_lie_apart_by_small_steps_too():
    steps = course((None, 0.1, 0.2), (None, 0.15, 0.25), (None, 0.19, 0.29), (None, 0.22, 0.32))
    assert [at.as_of for at in steps.moves] == [date(2025, 6, 30)]
    back = course((None, 0.1, 0.2), (None, 0.3, 0.4), (None, 0.1, 0.2))
    assert [at.as_of for at in back.moves] == [DAYS[1], DAYS[2]]


def test_worlds_worth_less_have_wider_intervals_and_the_same_share():
    day = DAYS[1]
    before = ([verdict("L1", None, 0.3), verdict("L2", None, None)], 1.0)
    after = ([verdict("L1", "not yet", 0.35), verdict("L2", "not testable", None)], 0.1)
    (one,) = courses({None: before, day: after})
    assert [at.record for at in one.at] == [None, "not yet"]
    assert [at.share for at in one.at] == [0.3, 0.35]
    first, second = ((at.share_high or 0) - (at.share_low or 0) for at in one.at)
    assert second == pytest.approx(first * 10**0.5 * (0.35 * 0.65 / 0.3 / 0.7) ** 0.5, rel=0.02)


@pytest.mark.parametrize("times", [1, 9])
def test_dispersion_finds_by_how_much_too_many_worlds_are_counted(times: int):
    rng = np.random.default_rng(5)
    shares = rng.uniform(0.1, 0.9, 400)
    drawn = rng.binomial(1_000 // times, shares, (2, 400)) / (1_000 // times)
    first, second = ([verdict("L1", None, float(x)) for x in row] for row in drawn)
    assert dispersion(first, second, (1.0, 1.0)) == pytest.approx(times, rel=0.25)
