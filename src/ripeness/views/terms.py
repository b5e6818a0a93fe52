"""The words that these pages use in a sense of their own, and what they mean by them."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

TERMS: Final = {
    "worlds": (
        "one course of the war, played out week by week with one set of assumptions and one run of "
        "luck; each world is run under every plan"
    ),
    "share of worlds": (
        "of the worlds that the assumptions allow, the part in which something holds; it is no "
        "probability of the world we live in"
    ),
    "record": "what happened: dated figures with a source each",
    "model": "the simulated worlds, all within one set of rules",
    "plan": "what one side does in the worlds, week by week; the first plan is to compare with",
    "crux": "the assumption that decides which of two opposed claims is right",
    "leverage": (
        "what a side would get from talks at the time, or from going on where they would fail"
    ),
    "points of the stake": (
        "a side that holds all that is in dispute, and for good, has 100; what it wins, pays or "
        "fears is measured by that"
    ),
    "provocation points": (
        "how much an attack on a side's soil or a crossed line adds to what it bears; they fade "
        "with time"
    ),
    "percentage points": "the difference between two shares of worlds, each in percent",
    "bargaining range": "the deals that both sides prefer to going on",
    "reservation value": "what going on is worth to a side: the least that a deal must give it",
    "rung": "how far escalation has gone, from 0, as before, to 4, nuclear use",
    "prior": "what is held likely before the record has spoken",
    "odds of lines that wear away": (
        "how many times likelier what happened is if red lines wear away as they are crossed than "
        "if they stay where they are; from 3 on called positive evidence"
    ),
    "believed chance of a response": (
        "how likely supporters hold it that the next such step is answered; each that meets no "
        "response moves it"
    ),
    "Monte Carlo interval": (
        "how well a number is known from this many worlds: with other luck it would lie there 19 "
        "times in 20; it says nothing of whether the model is right"
    ),
    "hangs on": "its verdict turns with the value that is assumed",
    "recalled": "written down from memory, to be checked before it is cited",
}
"""By the word as it stands in a sentence; longer ones are found before the shorter they hold."""

MARKED: Final = ("points of the stake", "provocation points", "percentage points", "leverage")
MARKED_TOO: Final = ("bargaining range", "reservation value", "Monte Carlo interval", "crux")
"""The terms that are explained where they stand in a text; the others would be on every line."""

_WORDS = re.compile("|".join(re.escape(word) for word in (*MARKED, *MARKED_TOO)))


def explained(text: str) -> Markup:
    """Mark the terms of a plain text, so that pointing at one shows what it means."""
    return Markup(_WORDS.sub(lambda found: term(found[0]), str(escape(text))))


def term(word: str, shown: str | None = None) -> Markup:
    """Write a term so that pointing at it shows what it means.

    Parameters
    ----------
    word
        One of `TERMS`.
    shown
        What stands there, if not the word itself.
    """
    return Markup('<span class="term" title="{}">{}</span>').format(TERMS[word], shown or word)
