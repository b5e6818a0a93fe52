"""The mirror: the same worlds with each side in the other's shoes (claim R14).

Each side gets the other's tolerance of provocation, while all that happens to it stays as it was.
What a side then answers is what the other would have answered to the same under the same rules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from importlib.metadata import version
from math import exp, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ripeness.case.resolve import first_given
from ripeness.claims import estimates
from ripeness.claims.estimates import Estimate
from ripeness.errors import UsageError
from ripeness.settlement.continuation import Continuation
from ripeness.views.mirror import sentences
from ripeness.war.escalation import TOP_RUNG
from ripeness.worlds.request import Request
from ripeness.worlds.simulate import BLOCK, block_of, simulate, train
from ripeness.worlds.variants import (
    RULES_OF_A_SIDE,
    Variant,
    as_it_is,
    mirrored,
    tolerance_times,
)

CLASH_RUNG = 3.0
"""From this rung on there is a direct clash with a supporter."""

LEAST_TOLERANCE = 2.0**-6
"""Times a side's own: no less is tried in the search for where its responses double."""

Progress = Callable[[str, float], None]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Escalated:
    """What a war came to in each world; sides on the second axis.

    Attributes
    ----------
    provoked
        Provocation suffered, points.
    responses, harsher
        Responses made; those that stayed harsher strikes.
    highest_rung
        Of the ladder, 0 to 4.
    """

    provoked: Numbers
    responses: Numbers
    harsher: Numbers
    highest_rung: Numbers


@dataclass(frozen=True)
class Compared:
    """A number as it is, mirrored, and the difference in the same worlds, each with its interval.

    ``difference`` is mirrored less as it is.
    """

    as_it_is: Estimate
    mirrored: Estimate
    difference: Estimate


@dataclass(frozen=True)
class MirroredSide:
    """What a side suffers and answers under a plan, as it is and in the other's shoes.

    Attributes
    ----------
    provoked, responses, harsher
        Provocation suffered (points), responses made, those that stayed harsher strikes.
    responses_a_point
        Responses for each point of provocation suffered; None if nothing provoked it.
    more, fewer
        Shares of worlds in which it answers more often in the other's shoes, or less often.
    """

    side: str
    provoked: Compared
    responses: Compared
    harsher: Compared
    responses_a_point: Compared | None
    more: Estimate
    fewer: Estimate


@dataclass(frozen=True)
class MirroredPlan:
    """A plan as it is and mirrored; `highest_rung` is 0 to 4, the others are shares of worlds."""

    plan: str
    sides: tuple[MirroredSide, ...]
    highest_rung: Compared
    direct_clash: Compared
    nuclear_use: Compared


@dataclass(frozen=True)
class Doubling:
    """At which tolerance a side would answer twice as often, over all plans.

    Attributes
    ----------
    tolerance
        Times its tolerance; None if it never answers, or not even the least tolerance tried makes
        it answer twice as often.
    least_tried, times_then
        The least tolerance tried, times its own, and how many times as often it then answers.
    """

    side: str
    tolerance: Estimate | None
    least_tried: float
    times_then: float | None


@dataclass(frozen=True)
class Mirror:
    """A case in the mirror.

    Attributes
    ----------
    asked
        What was run.
    plans
        What came of each plan.
    doubling
        For each side, what its answers hang on.
    """

    asked: Request
    plans: tuple[MirroredPlan, ...]
    doubling: tuple[Doubling, ...]

    def as_record(self) -> dict[str, Any]:
        """Return all of it as one record, ready for JSON."""
        asked = self.asked
        record = {
            "case": asked.case.id,
            "title": asked.case.title,
            "case_hash": asked.case_hash,
            "seed": asked.seed,
            "worlds": asked.worlds,
            "ripeness": version("ripeness"),
            "sides": {name: side.name for name, side in asked.case.sides.items()},
            "assumed": {
                name: {quantity: _assumed(asked, quantity, name) for quantity in RULES_OF_A_SIDE}
                for name in asked.case.sides
            },
            "plans": [asdict(plan) for plan in self.plans],
            "doubling": [asdict(entry) for entry in self.doubling],
        }
        return {**record, "says": sentences(record)}


def mirror(asked: Request, progress: Progress) -> Mirror:
    """Run a case as it is and mirrored, then with ever less tolerance of each side.

    Raises
    ------
    UsageError
        If nothing provokes either side in any world.
    """
    plans, sides = asked.plans, list(asked.case.sides)
    progress("as it is", 0.0)
    going_on = train(asked.case, asked.seed, list(plans))
    usual = _come_to(asked, going_on, as_it_is)
    if not any(plan.provoked.any() or plan.responses.any() for plan in usual):
        raise UsageError(
            f"nothing provokes either side of {asked.case.id!r} under {', '.join(plans)}, so there "
            "is nothing to mirror"
        )
    progress("mirrored", 0.4)
    exchanged = train(asked.case, asked.seed, list(plans), mirrored)
    turned = _come_to(asked, exchanged, mirrored)
    progress("less tolerance", 0.8)
    return Mirror(
        asked,
        tuple(_plan(plan, sides, *pair) for plan, *pair in zip(plans, usual, turned, strict=True)),
        tuple(_doubling(asked, going_on, usual, i) for i in range(len(sides))),
    )


def _come_to(asked: Request, going_on: Continuation, variant: Variant) -> list[Escalated]:
    """Run all plans in all worlds; what each comes to, world by world."""
    blocks = [
        block_of(asked.case, asked.seed, number, variant)
        for number in range(-(-asked.worlds // BLOCK))
    ]

    def of_plan(plan: str) -> Escalated:
        totals = [
            simulate(asked.case, plan, block, going_on, at=[asked.case.weeks])[1]
            for block in blocks
        ]

        def joined(name: str) -> Numbers:
            columns = [np.asarray(getattr(block, name), np.float64) for block in totals]
            return np.concatenate(columns)[: asked.worlds]

        return Escalated(
            joined("provoked"), joined("responses"), joined("harsher"), joined("highest_rung")
        )

    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(of_plan, asked.plans))


def _plan(plan: str, sides: Sequence[str], usual: Escalated, turned: Escalated) -> MirroredPlan:
    rungs = usual.highest_rung, turned.highest_rung
    return MirroredPlan(
        plan,
        tuple(_side(side, i, usual, turned) for i, side in enumerate(sides)),
        highest_rung=_means(*rungs),
        direct_clash=_shares(*(rung >= CLASH_RUNG for rung in rungs)),
        nuclear_use=_shares(*(rung >= TOP_RUNG for rung in rungs)),
    )


def _side(side: str, i: int, usual: Escalated, turned: Escalated) -> MirroredSide:
    provoked = usual.provoked[:, i], turned.provoked[:, i]
    responses = usual.responses[:, i], turned.responses[:, i]
    one = np.ones(len(responses[0]))
    suffers = all(points.any() for points in provoked)
    return MirroredSide(
        side,
        provoked=_means(*provoked),
        responses=_means(*responses),
        harsher=_means(usual.harsher[:, i], turned.harsher[:, i]),
        responses_a_point=_ratios(responses, provoked) if suffers else None,
        more=estimates.share(responses[1] > responses[0], one),
        fewer=estimates.share(responses[1] < responses[0], one),
    )


def _means(usual: Numbers, turned: Numbers) -> Compared:
    one = np.ones(len(usual))
    return _ratios((usual, turned), (one, one))


def _ratios(above: tuple[Numbers, Numbers], below: tuple[Numbers, Numbers]) -> Compared:
    one = np.ones(len(above[0]))
    usual, turned = zip(above, below, strict=True)
    return Compared(
        estimates.ratio(*usual, one),
        estimates.ratio(*turned, one),
        estimates.ratio_difference(usual, turned, one),
    )


def _shares(usual: NDArray[np.bool_], turned: NDArray[np.bool_]) -> Compared:
    one, every = np.ones(len(usual)), np.ones(len(usual), bool)
    return Compared(
        estimates.share(usual, one),
        estimates.share(turned, one),
        estimates.share_difference((usual, turned), (every, every), one),
    )


def _doubling(
    asked: Request, going_on: Continuation, usual: Sequence[Escalated], i: int
) -> Doubling:
    """Halve a side's tolerance until it answers twice as often, and interpolate.

    Leaders value going on as in the case itself: one side's tolerance hardly changes that.
    """
    side = list(asked.case.sides)[i]
    before = _answers(usual, i)
    if not before.any():
        return Doubling(side, None, 1.0, None)
    one = np.ones(len(before))
    tried = [(1.0, Estimate(1.0, 1.0, 1.0))]
    while tried[-1][1].value < 2.0 and tried[-1][0] > LEAST_TOLERANCE:
        factor = tried[-1][0] / 2.0
        after = _answers(_come_to(asked, going_on, tolerance_times(factor, side)), i)
        tried.append((factor, estimates.ratio(after, before, one)))
    least, then = tried[-1]
    reached = _where_doubled(tried[-2], tried[-1]) if then.value >= 2.0 else None
    return Doubling(side, reached, least, then.value)


def _answers(plans: Sequence[Escalated], i: int) -> Numbers:
    """Responses of a side in each world, over all plans."""
    return np.sum([plan.responses[:, i] for plan in plans], axis=0)


def _where_doubled(nearer: tuple[float, Estimate], further: tuple[float, Estimate]) -> Estimate:
    """Interpolate, evenly in ratio, between two factors of which only the second doubles."""
    (near, before), (far, after) = nearer, further
    slope = log(after.value / before.value) / log(far / near)
    part = log(2.0 / before.value) / log(after.value / before.value)
    factor = near ** (1.0 - part) * far**part
    errors = [(times.high - times.value) / times.value for times in (before, after)]
    error = ((1.0 - part) * errors[0] + part * errors[1]) / abs(slope)
    return Estimate(factor, factor * exp(-error), factor * exp(error))


def _assumed(asked: Request, quantity: str, side: str) -> str:
    """Say what a quantity of a side is assumed to be."""
    name = first_given(asked.case.assumptions, quantity, (side,))
    assert name is not None, "a loaded case gives all that has no default"
    return asked.case.assumptions[name].distribution.describe()
