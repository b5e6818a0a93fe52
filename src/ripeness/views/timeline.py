"""The timeline in words: when the record spoke and turned, and whether the worlds moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ripeness.claims.turning import Course, Standing
from ripeness.views.words import SPACE, interval, listed, long_date, percent, quantity

BEFORE = "before the record"
READING = (
    "The record's verdict is on what was known on the day. The share is that of worlds that agree "
    "with what was known then, in which the claim holds; before the record, of all that the "
    f"assumptions allow. Its 95{SPACE}% interval counts as many independent worlds as they are "
    "worth, by how far a second filter with another seed comes to other shares; worlds moved where "
    "two intervals do not overlap. All days share one fit of what going on is worth, whose error "
    "`ripeness ablate` shows."
)


def when(day: date | None) -> str:
    """Name a day, or that there is none yet."""
    return long_date(day.isoformat()) if day else BEFORE


def what_was_run(about: Mapping[str, Any]) -> str:
    """Say which worlds there are, and what those weighed on each day are worth."""
    worth = [
        f"{quantity(one['effective_worlds'])} on {long_date(one['as_of'])}"
        for one in about["dates"]
    ]
    return (
        f"{quantity(about['worlds'])} worlds under each of the plans {listed(about['plans'])}; "
        f"seed {about['seed']}. Those weighed by the record are worth so many independent ones: "
        f"{listed(worth)}."
    )


def sentence(course: Course) -> str:
    """Say of a claim when the record spoke and turned, and whether worlds moved."""
    return f"{course.id}: {told(course)}"


def told(course: Course) -> str:
    """Say the same without the claim's name."""
    return f"{'; '.join(part for part in (_record(course), _worlds(course)) if part)}."


def _record(course: Course) -> str:
    words = [one.record for one in course.at if one.as_of]
    if not any(words):
        return ""
    spoke = course.spoke
    if spoke is None:
        return (
            "the record says nothing yet" if words[-1] == "not yet" else "the record cannot test it"
        )
    told = f"the record first spoke as of {when(spoke.as_of)} ({spoke.record})"
    if course.turns:
        turns = [f"to {one.record} as of {when(one.as_of)}" for one in course.turns]
        return f"{told} and turned {listed(turns)}"
    if spoke is course.at[-1]:
        return told
    return f"{told} and has not turned since"


def _worlds(course: Course) -> str:
    shares = course.shares
    if len(shares) < 2:
        return ""
    first, last = shares[0], shares[-1]
    if not course.moves:
        return (
            "worlds have not moved beyond their error "
            f"({figures(first)} {_since(first)}, {figures(last)} {_since(last)})"
        )
    moves = [f"to {figures(one)} {_since(one)}" for one in course.moves]
    return f"worlds moved from {figures(first)} {_since(first)} {listed(moves)}"


def figures(one: Standing) -> str:
    """Write a share with its interval: ``66 % (63–69 %)``."""
    if one.share is None or one.share_low is None or one.share_high is None:
        return "no share"
    return f"{percent(one.share)} ({interval(one.share_low, one.share_high)})"


def whole_percent(share: float) -> str:
    """Write a share as a number of percent for a narrow place: ``66``, ``<1``, ``>99``."""
    return percent(share).removesuffix(f"{SPACE}%").replace("below ", "<").replace("above ", ">")


def _since(one: Standing) -> str:
    return f"as of {when(one.as_of)}" if one.as_of else BEFORE


def summary(courses: Sequence[Course]) -> str:
    """Say how many claims the record decided and turned, and how many the worlds moved on."""
    spoke = [one for one in courses if one.spoke]
    turned = [one.id for one in spoke if one.turns]
    asked = [one for one in courses if len(one.shares) > 1]
    moved = [one.id for one in asked if one.moves]
    return (
        f"The record spoke on {len(spoke)} claims and turned on {_these(turned)}. Worlds moved "
        f"beyond their error on {_these(moved)} of {len(asked)}."
    )


def _these(names: Sequence[str]) -> str:
    return f"{len(names)} ({listed(names)})" if names else "none"
