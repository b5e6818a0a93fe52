"""Shares and verdicts in words, with no more precision than the sample bears."""

from __future__ import annotations

from fractions import Fraction

NEARLY_ALL = 19 / 20
MOST = 2 / 3
RARE = 1 / 12
RAREST = 1_000

_NUMBERS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PARTS = (2, 3, 4, 5, 6, 10)
_ODDS = (10, 15, 20, 30, 40, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1_000)


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


def stance(said: str | None) -> str:
    """What a verdict, as `verdict` words it, comes to: holds, hangs or fails."""
    first = said.split(" ", 1)[0] if said else ""
    return first if first in ("holds", "hangs") else "fails"


def share(value: float, low: float, high: float) -> str:
    """Say a share of worlds: 'about two in three worlds', 'fewer than 1 in 1,000 worlds'.

    Parameters
    ----------
    value, low, high
        The share and its 95 % Monte Carlo interval, between 0 and 1.
    """
    if value >= NEARLY_ALL:
        return f"nearly all worlds ({_nearly_all(value, low)})"
    if value <= RARE:
        return f"{_rare(value, high)} worlds"
    if high - low > 1 / 5:
        between = f"between about {_fraction(low)} and {_fraction(high)}"
        return f"{between} worlds" if _fraction(low) != _fraction(high) else _about(value)
    if value >= 1 - RARE:
        return f"about {_odds(1 - value) - 1} in {_odds(1 - value)} worlds"
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
    """Say a small share: one that was hardly seen is smaller than its upper bound."""
    if value * RAREST < 1:
        return f"fewer than 1 in {_at_most(1 / max(high, 1 / RAREST)):,}"
    return f"about 1 in {_odds(value):,}"


def _odds(value: float) -> int:
    """Return the round number n for which 1 in n is nearest."""
    return min(_ODDS, key=lambda odds: abs(1 / odds - value))


def _nearly_all(value: float, low: float) -> str:
    if (1 - value) * RAREST < 1:
        return f"all but fewer than 1 in {_at_most(1 / max(1 - low, 1 / RAREST)):,}"
    return "at least 19 in 20"


def _at_most(count: float) -> int:
    return max((odds for odds in _ODDS if odds <= count + 1e-9), default=int(count))
