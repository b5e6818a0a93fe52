"""How a world stands and what its sides are ordered, in plain Python.

In: facts, orders, the parameters and the first luck of one world, as numbers and lists. Out: the
first state, which the mechanisms of a week move on. Words, such as the family of a prior, are
numbers: their place in the catalogue of quantities. Knows neither JAX nor Ripeness.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, inf, log1p, sin

from in_python import PerSide, PerSideSector, Plain, Stand

EXPONENTIAL, BLUFF, HUMPED = 1, 2, 3
NO_LINE = 1e6

WeekLuck = list[list[float]]
"""Numbers of a week by purpose: ground, aid, materiel, support and the battle's sign, which are
standard normal; escalation, talks and offers, which are uniform."""


@dataclass(slots=True)
class State(Stand):
    """How a world stands; names and units as in `ripeness.war.parameters.State`.

    ``aid`` and ``support`` are those of the last week.
    """

    autonomous: PerSide
    cutting: list[float]
    authorised: PerSide
    aid_level: list[float]
    aid_shock: list[float]
    aid: list[float]
    casualties: PerSide
    support_shock: PerSide
    support: PerSide
    anger: PerSide
    provocation: PerSide
    survived: PerSide
    answered: PerSide
    patience: PerSide
    rung: float
    excitation: PerSide
    talks_open: float
    partial_open: float
    truce: float
    weak_weeks: PerSide
    belief_mean: PerSide
    belief_var: PerSide
    first_belief: PerSide
    refused: PerSide
    tolerance: PerSide


@dataclass(slots=True)
class Orders:
    """What a plan orders in one week, as in `ripeness.war.parameters.Orders`.

    ``news`` where a move begins or ends, or somebody asks to strike deep; ``as_before`` where
    moves only go on as they did in the week before.
    """

    commit: PerSideSector
    opens: PerSideSector
    withdraws: PerSideSector
    dig_in: PerSideSector
    needs_leave: PerSide
    strike_deep: PerSide
    publicise: PerSide
    offer_talks: PerSide
    aid_factor: list[float]
    news: bool
    as_before: bool


@dataclass(slots=True)
class Moved:
    """What orders came to; ``committed`` in thousands, the others 1 for yes."""

    invades: PerSide
    permitted: PerSide
    committed: PerSideSector
    digging: PerSideSector


@dataclass(slots=True)
class Escalated:
    """What a week of escalation brought: whether each side responded; mass strikes it made."""

    responses: list[bool]
    strikes: list[int]


def plan_of(orders: Plain) -> list[Orders]:
    """Arrange what a plan orders, given with the weeks as first axis."""
    plan: list[Orders] = []
    for week in zip(*orders.values(), strict=True):
        named = dict(zip(orders, week, strict=True))
        begins_or_ends = (*named["opens"], *named["withdraws"])
        news = any(map(any, begins_or_ends)) or any(named["strike_deep"])
        as_before = bool(plan) and not news and not plan[-1].news
        if as_before:
            ordered = plan[-1].commit, plan[-1].dig_in
            as_before = ordered == (named["commit"], named["dig_in"])
        plan.append(Orders(**named, news=news, as_before=as_before))
    return plan


def tolerances(p: Plain) -> PerSide:
    """Tolerance of both sides: the quantile `tolerance_luck` of its prior, provocation points."""

    def of(scale: float, luck: float) -> float:
        if p["tolerance_prior"] == EXPONENTIAL:
            return -scale * log1p(-luck)
        if p["tolerance_prior"] == BLUFF:
            line = 1.0 - p["bluff_chance"]
            return scale * luck / line if luck < line else NO_LINE
        if p["tolerance_prior"] == HUMPED:
            return scale * (0.5 - sin(asin(1.0 - 2.0 * luck) / 3.0))
        return scale * luck

    return list(map(of, p["tolerance"], p["tolerance_luck"]))


def first_state(facts: Plain, p: Plain, luck: Plain, balance: float) -> State:
    """How a world stands at the decision date.

    Parameters
    ----------
    luck
        Of the first week: uniform numbers by purpose.
    balance
        Log power ratio of the front, positive for side 0.
    """
    believed = [balance + p["optimism"][0], balance - p["optimism"][1]]
    supporters = len(p["dependence"])

    def happens(purpose: str, chance: list[float]) -> list[float]:
        return [float(u < x) for u, x in zip(luck[purpose], chance, strict=True)]

    return State(
        share=facts["share"][:],
        troops=[side[:] for side in p["troops"]],
        reserve=p["reserve"][:],
        hospital=[0.0, 0.0],
        dead=[0.0, 0.0],
        materiel=[1.0, 1.0],
        surprise=[0.0] * len(facts["area"]),
        fort=[[0.0] * len(facts["area"]) for _ in range(2)],
        invaded=[0.0, 0.0],
        autonomous=happens("autonomy", p["autonomy"]),
        cutting=happens("election", p["election_stop"]),
        authorised=[0.0, 0.0],
        aid_level=[1.0] * supporters,
        aid_shock=[0.0] * supporters,
        aid=[1.0] * supporters,
        casualties=[0.0, 0.0],
        support_shock=[0.0, 0.0],
        support=p["support_start"][:],
        anger=[0.0, 0.0],
        provocation=[0.0, 0.0],
        survived=[0.0, 0.0],
        answered=[inf, inf],
        patience=[1.0, 1.0],
        rung=0.0,
        excitation=[0.0, 0.0],
        talks_open=0.0,
        partial_open=happens("partial_start", [p["partial_open_at_start"]])[0],
        truce=0.0,
        weak_weeks=[0.0, 0.0],
        belief_mean=believed,
        belief_var=[sd**2 for sd in p["belief_sd"]],
        first_belief=believed[:],
        refused=[0.0, 0.0],
        tolerance=tolerances(p),
    )
