"""Shares and verdicts in words, with no more precision than the sample bears."""

from __future__ import annotations

from fractions import Fraction

NEARLY_ALL = 19 / 20
MOST = 2 / 3
RAREST = 1_000

_NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 7: "seven", 9: "nine", 10: "ten"}
_PARTS = (2, 3, 4, 5, 10)


def verdict(low: float, high: float, same: float = 0.0) -> str:
    """Say how a claim fares over the worlds.

    Parameters
    ----------
    low, high
        The Monte Carlo interval of the share of worlds in which it holds; an interval across a
        boundary gets the more cautious word.
    same
        The share of worlds in which what the claim says makes no difference at all.
    """
    if low >= NEARLY_ALL:
        return "holds in nearly every world"
    if low >= MOST:
        return "holds in most worlds"
    if high > 1 - MOST:
        return "hangs on the assumptions"
    if same >= NEARLY_ALL:
        return "makes no difference in nearly every world"
    if same > 1 / 2:
        return "makes no difference in most worlds"
    return "fails in nearly every world" if high <= 1 - NEARLY_ALL else "fails in most worlds"


def share(value: float, low: float, high: float) -> str:
    """Say a share of worlds: 'about two in three worlds', 'fewer than 1 in 1,000 worlds'.

    Parameters
    ----------
    value, low, high
        The share and its 95 % Monte Carlo interval, between 0 and 1.
    """
    if value >= NEARLY_ALL:
        return f"nearly all worlds ({_nearly_all(value, low)})"
    if value <= 1 - NEARLY_ALL:
        return f"{_rare(value, high)} worlds"
    if high - low > 1 / 5:
        between = f"between about {_fraction(low)} and {_fraction(high)}"
        return f"{between} worlds" if _fraction(low) != _fraction(high) else _about(value)
    return _about(value)


def _about(value: float) -> str:
    said = _fraction(value)
    return "about half of the worlds" if said == "one in two" else f"about {said} worlds"


def _fraction(value: float) -> str:
    """Return the nearest of the simple fractions, such as 'two in three'."""
    kept = min(max(value, 1 / 10), 9 / 10)
    fractions = sorted({Fraction(k, n) for n in _PARTS for k in range(1, n)})
    nearest = min(fractions, key=lambda fraction: abs(float(fraction) - kept))
    return f"{_NUMBERS[nearest.numerator]} in {_NUMBERS[nearest.denominator]}"


def _rare(value: float, high: float) -> str:
    """Say a small share: one that was not seen is smaller than its upper bound."""
    if value * RAREST < 1:
        return f"fewer than 1 in {_rounded_down(min(1 / max(high, 1e-12), RAREST)):,}"
    return f"about 1 in {_rounded_down(1 / value):,}"


def _nearly_all(value: float, low: float) -> str:
    if (1 - value) * RAREST < 1:
        return f"all but fewer than 1 in {_rounded_down(min(1 / max(1 - low, 1e-12), RAREST)):,}"
    return "at least 19 in 20"


def _rounded_down(count: float) -> int:
    """Round down to one digit, and a larger count to 1, 2 or 5 and zeros."""
    steps = [digit * 10**power for power in range(1, 7) for digit in (1, 2, 5)]
    if count < steps[0]:
        return max(1, int(count + 1e-9))
    return max(step for step in steps if step <= count + 1e-9)
