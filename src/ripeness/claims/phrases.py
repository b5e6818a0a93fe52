"""Phrases for what the four questions find: limits, shares and assumptions as people say them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ripeness.claims.words import RAREST

if TYPE_CHECKING:
    from ripeness.claims.assumptions import Assumption
    from ripeness.claims.boxes import Limit
    from ripeness.claims.estimates import Estimate

SPACE = "\N{NO-BREAK SPACE}"

READS_ON = frozenset(
    [
        "of",
        "in",
        "by",
        "that",
        "until",
        "under",
        "over",
        "beyond",
        "after",
        "drawn",
        "gained",
        "lost",
        "made",
        "committed",
        "uncommitted",
    ]
)
"""First words of a meaning that goes on from its unit, as in "weeks, in which anger halves"."""

UNSAID = ("share", "chance", "word", "number")
"""Units that a number is understood to have."""


def called(name: str, unit: str, means: str) -> str:
    """Call a column what it means, or else by its name in words.

    Examples
    --------
    >>> called("ground_w4", "km²", "held in Kursk"), called("luck", "", "")
    ('held in Kursk', 'luck')
    """
    if not means:
        return name.replace("_", " ")
    if means.split(" ", 1)[0] in READS_ON and unit:
        return f"{unit} {means}"
    return means


def with_unit(number: str, unit: str, means: str) -> str:
    """Put the unit behind a number, unless its column is called by it or it explains a scale."""
    called_by_it = bool(means) and means.split(" ", 1)[0] in READS_ON
    scale = unit[:1].isdigit()
    repeated = unit.lower() in means.lower()
    if not unit or unit in UNSAID or called_by_it or scale or repeated:
        return number
    return f"{number}{SPACE}%" if unit == "%" else f"{number} {unit}"


def limit_phrase(limit: Limit, assumption: Assumption) -> str:
    """Say a limit: ``worth of own soil (Russia) is above 1.4 times``."""
    what = called(assumption.name, assumption.unit, assumption.means)
    if limit.side == "among":
        return f"{what} is {either(limit.words)}"
    value = near(limit.value, limit.low, limit.high)
    side = "above" if limit.side == "above" else "under"
    return f"{what} is {side} {with_unit(value, assumption.unit, assumption.means)}"


def near(value: float, low: float, high: float) -> str:
    """Write a value with the digits that the range it may lie in allows; four at most.

    Examples
    --------
    >>> near(1.4372, 1.38, 1.49), near(0.29852, 0.298, 0.302), near(12034.0, 11000.0, 13000.0)
    ('1.44', '0.299', '12,000')
    """
    if low == high:
        return f"{value:,.4g}".replace("-", "\N{MINUS SIGN}")
    width = max((high - low) / 2, abs(value) * 1e-3, 1e-12)
    place = -math.floor(math.log10(width))
    rounded = round(value, place)
    text = f"{rounded:,.{max(0, place)}f}"
    return text.replace("-", "\N{MINUS SIGN}") if rounded else "0"


def either(words: Sequence[str]) -> str:
    """Join words as a choice: ``a, b or c``."""
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def both(phrases: Sequence[str]) -> str:
    """Join phrases that hold together: ``a, b and c``."""
    return " and ".join([", ".join(phrases[:-1]), phrases[-1]]) if len(phrases) > 1 else phrases[0]


def of_worlds(share: Estimate) -> str:
    """Say a share of worlds: ``91 % of worlds``, ``fewer than 1 in 1,000 worlds``."""
    said = percent(share)
    return f"{said} of worlds" if said.endswith("%") else f"{said} worlds"


def percent(share: Estimate) -> str:
    """Write a share as percent, to what its error allows; never as none or all.

    Examples
    --------
    >>> percent(Estimate(0.9134, 0.905, 0.92)).replace(SPACE, " ")
    '91 %'
    >>> percent(Estimate(0.43, 0.3, 0.57)).replace(SPACE, " ")
    'about 45 %'
    """
    half = (share.high - share.low) / 2
    if share.value * RAREST < 1:
        return "fewer than 1 in 1,000" if share.high * RAREST < 1 else "hardly any"
    if (1 - share.value) * RAREST < 1:
        return "all but fewer than 1 in 1,000" if (1 - share.low) * RAREST < 1 else "nearly all"
    if half > 0.05:
        return f"about {5 * round(share.value * 20)}{SPACE}%"
    if not 0.01 <= share.value <= 0.99:
        return f"less than 1{SPACE}%" if share.value < 0.5 else f"more than 99{SPACE}%"
    return f"{share.value * 100:.0f}{SPACE}%"
