"""Numbers as people read them."""

import doctest

import pytest

from ripeness.views import words


def test_examples_in_docstrings_hold():
    assert doctest.testmod(words).failed == 0


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0, 3, "0"),
        (9.999, 3, "10"),
        (-0.4, 2, "−0.4"),
        (483.2, 2, "480"),
        (1041, 2, "1,041"),
        (104_870.5, 3, "105,000"),
        (float("nan"), 3, "unknown"),
    ],
)
def test_quantities_bear_no_more_digits_than_asked(value, digits, text):
    assert words.quantity(value, digits) == text


@pytest.mark.parametrize(
    ("text", "with_sign"), [("4.2", "+4.2"), ("−0.4", "−0.4"), ("0", "0"), ("0.00", "0.00")]
)
def test_only_positive_numbers_get_a_plus(text, with_sign):
    assert words.signed(text) == with_sign


@pytest.mark.parametrize("share", [0.0, 0.001, 0.024])
def test_a_rare_share_is_never_called_none(share):
    assert words.in_twenty(share) == "fewer than 1 in 20"


@pytest.mark.parametrize("share", [0.98, 1.0])
def test_a_large_share_is_never_called_all(share):
    assert words.in_twenty(share) == "more than 19 in 20"


def test_times_after_the_decision_have_names():
    assert words.weeks_on(26) == "half a year on"
    assert words.weeks_on(8) == "8 weeks on"
    assert words.long_date("2024-08-06") == "6 August 2024"
