"""The whole war in plain Python, one world at a time: what EMA Workbench runs fastest.

In: the case, the parameters of a world, its luck. Out: how its war stands at the horizon, and what
had added up by then.

The loop is that of settlement/course.py: every week the front and the rest of the war, what both
sides learn of it, and in the weeks in which an offer is made the bargaining; until a deal, a
collapse, a wider war or the horizon. In its favour it leaves out what Ripeness computes beside: the
records of some weeks; peaks, first dates and a few counts among the totals; what a sign of the
balance would tell sides that do not learn; and the weeks after a war's end. Knows neither JAX nor
Ripeness.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import settlement_in_python as settlement
from deals_in_python import Deal, deals_of, weigh
from in_python import Plain, as_lists, first_balance, usual_losses
from state_in_python import Orders, first_state, plan_of
from week_in_python import waging

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Case:
    """What is the same in all worlds of a case under a plan."""

    facts: Plain
    deals: list[Deal]
    dictated_by: list[int]
    plan: list[Orders]
    weekly: list[list[settlement.Fitted]]
    terms: int


def case_of(facts: Arrays, deals: Arrays, orders: Arrays, continuation: Arrays) -> Case:
    """Arrange what is the same in all worlds.

    Parameters
    ----------
    facts, deals
        As in `ripeness.war.parameters.Setting` and `ripeness.settlement.deals.Deals`.
    orders, continuation
        As in `ripeness.war.parameters.Orders` and `ripeness.settlement.continuation.Fitted`, with
        the weeks as first axis.
    """
    return Case(
        facts=as_lists(facts),
        deals=deals_of(as_lists(deals)),
        dictated_by=[int(number) for number in deals["dictated_by"]],
        plan=plan_of(as_lists(orders)),
        weekly=settlement.fitted_of(as_lists(continuation)),
        terms=deals["terms"].shape[1],
    )


def normal_lanes(sectors: int, supporters: int) -> dict[str, int]:
    """How many standard normal numbers a week needs for each purpose."""
    return {"ground": sectors, "aid": supporters, "materiel": 2, "support": 2, "signal": 1}


UNIFORM_LANES = {"escalation": 9, "talks": 7, "offer": 2}
"""How many uniform numbers a week needs for each purpose, as the mechanisms take them."""


def first_lanes(supporters: int, terms: int) -> dict[str, int]:
    """How many uniform numbers a world needs once for each purpose."""
    return {
        "autonomy": 2,
        "election": supporters,
        "partial_start": 1,
        "term_blocked": terms,
        "private_cost": 2,
    }


def draw(case: Case, world: int) -> tuple[Plain, Plain]:
    """Draw the luck of a world: that of the first week, and that of every week.

    The latter's purposes are in the order of `state_in_python.WeekLuck`.
    """
    rng = np.random.default_rng(world)
    weeks, supporters = len(case.plan), len(case.facts["backs"][0])
    normal = normal_lanes(len(case.facts["area"]), supporters).items()
    first = first_lanes(supporters, case.terms).items()
    once = {name: rng.random(size).tolist() for name, size in first}
    weekly = {name: rng.standard_normal((weeks, size)).tolist() for name, size in normal}
    for name, size in UNIFORM_LANES.items():
        weekly[name] = rng.random((weeks, size)).tolist()
    return once, weekly


def course(case: Case, p: Plain, first: Plain, weekly: Plain) -> Plain:
    """Run the war of a world until it ends or the horizon is reached.

    Parameters
    ----------
    p
        Parameters as in `ripeness.war.parameters.Parameters`.
    first, weekly
        Luck as from `draw`.

    Returns
    -------
    How the war stands, as in `state_in_python.State`; what had added up, as in
    `settlement_in_python.Totals`; kind and week of its end and the deal that ended it.
    """
    facts, usual = case.facts, usual_losses(case.facts, p)
    blocked = [u < x for u, x in zip(first["term_blocked"], p["term_blocked"], strict=True)]
    stakes = weigh(facts, p, case.deals, blocked)
    wage = waging(facts, p, usual)
    settle = settlement.settling(facts, p, stakes, case.weekly, first["private_cost"], usual)
    state = first_state(facts, p, first, first_balance(facts, p))
    totals = settlement.no_totals(len(p["dependence"]))
    kind, deal, week = settlement.GOING_ON, -1, 0
    for orders, *luck in zip(case.plan, *weekly.values(), strict=True):
        fought, risen = wage(state, week, orders, luck)
        struck = settle(state, totals, week, fought, risen, luck)
        week += 1
        kind, deal = settlement.ending(p, state, struck, case.dictated_by)
        if kind != settlement.GOING_ON:
            break
    stand = {f.name: getattr(part, f.name) for part in (state, totals) for f in fields(part)}
    return {**stand, "kind": kind, "end_week": week, "deal": deal}
