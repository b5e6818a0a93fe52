"""A week of war in plain Python, one world at a time: all mechanisms in their order.

Those of the home front (war/homefront.py), of materiel and of weakness (week.py) are here, the
others in in_python.py, moves_in_python.py and escalation_in_python.py. Each is a function that is
given the facts and a world's parameters and gives the function that steps it by a week. Knows
neither JAX nor Ripeness.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log, log10
from operator import mul

from escalation_in_python import escalating, talking
from in_python import (
    WEEKS_A_YEAR,
    Fought,
    PerSector,
    PerSide,
    Plain,
    fighting,
    follow_supply,
    replacing,
)
from moves_in_python import moving, sending
from state_in_python import Escalated, Orders, State, WeekLuck

PROSPECTS = 1

Feel = Callable[[State, int, PerSector, float, float, float, float], None]
Resupply = Callable[[State, PerSide, PerSide, list[float]], None]
Weaken = Callable[[State], None]
Wage = Callable[[State, int, Orders, WeekLuck], tuple[Fought, Escalated]]


def waging(facts: Plain, p: Plain, usual: PerSide) -> Wage:
    """Give the function that steps a world by a week of war.

    It takes the state, the week, its orders and its luck, and gives what the settlement looks at.
    """
    move, fight, send = moving(facts, p), fighting(facts, p), sending(facts, p)
    replace0, replace1 = (replacing(facts, p, i) for i in range(2))
    feel0, feel1 = (feeling(facts, p, i) for i in range(2))
    escalate, talk, weaken = escalating(p), talking(p), weakening(p)
    resupply = resupplying(p, usual)

    def wage(state: State, week: int, orders: Orders, luck: WeekLuck) -> tuple[Fought, Escalated]:
        ground, aid, materiel, support, _, escalation, talks, _ = luck
        moved = move(state, orders)
        invades0, invades1 = invades = moved.invades
        before0, before1 = state.invaded
        fought = fight(state, week, moved.digging, ground)
        lost0 = replace0(state, week, fought, moved.committed[0], invades1)
        lost1 = replace1(state, week, fought, moved.committed[1], invades0)
        casualties, gain = fought.casualties, fought.gain
        state.casualties[0] += casualties[0]
        state.casualties[1] += casualties[1]
        supply = send(state, orders, week, sum(gain), moved.permitted, aid)
        feel0(state, week, gain, invades1, before0, lost0, support[0])
        feel1(state, week, gain, invades0, before1, lost1, support[1])
        escalated = escalate(state, orders, moved, escalation)
        talk(state, orders, invades, talks)
        resupply(state, casualties, supply, materiel)
        weaken(state)
        return fought, escalated

    return wage


def feeling(facts: Plain, p: Plain, i: int) -> Feel:
    """Give the function that lets the society of side `i` feel a week.

    It takes the state, the week, km² that side 0 gained in each sector and its casualties; whether
    the other side steps onto its soil (1), whether it had done so before, km² of own soil lost, and
    the draw of support.
    """
    sign = -1.0 if i else 1.0
    kept, noise = 1.0 - p["support_return"], p["support_noise"]
    rally, humiliation, lift = p["rally"][i], p["humiliation"][i], p["lift"][i] / 1000.0
    start, weariness = p["support_start"][i], p["weariness"][i] / WEEKS_A_YEAR
    start = log(start / (1.0 - start))
    enemy_soil = facts["own_soil"][1 - i]
    by_prospects = p["support_driver"] == PROSPECTS
    won, area = p["prospects_sensitivity"][i] / 1000.0 * sign, facts["area"]
    first_held = sum(map(mul, facts["share"], area))
    before, sensitivity = p["casualties_start"][i], p["casualty_sensitivity"][i]

    def feel(
        state: State,
        week: int,
        gain: PerSector,
        invaded_now: float,
        invaded_before: float,
        lost_area: float,
        draw: float,
    ) -> None:
        shock = state.support_shock[i] * kept + noise * draw
        if invaded_now:
            shock += rally * invaded_now * (1.0 - invaded_before)
        if lost_area > 1.0:
            shock -= humiliation * state.invaded[i]
        taken = sign * sum(map(mul, gain, enemy_soil))
        if taken > 0.0:
            shock += lift * taken
        state.support_shock[i] = shock
        if by_prospects:
            driven = won * (sum(map(mul, state.share, area)) - first_held)
        else:
            driven = -sensitivity * log10((before + state.casualties[i]) / before)
        logit = start + driven - weariness * (week + 1) + shock
        state.support[i] = 1.0 / (1.0 + exp(-logit))

    return feel


def resupplying(p: Plain, usual: PerSide) -> Resupply:
    """Give the function that lets materiel follow supply; `usual` are the first casualties.

    It takes the state, the week's casualties, what supply carries and the draws of materiel.
    """
    noise = p["materiel_noise"]
    sides = list(zip(range(2), usual, p["wear"], p["materiel_speed"], strict=True))

    def resupply(state: State, casualties: PerSide, supply: PerSide, draw: list[float]) -> None:
        for i, first, wear, speed in sides:
            intensity = casualties[i] / first
            followed = follow_supply(state.materiel[i], supply[i], intensity, wear, speed)
            state.materiel[i] = followed * exp(noise * draw[i])

    return resupply


def weakening(p: Plain) -> Weaken:
    """Give the function that counts weeks on end under a floor of support or of strength."""
    floors = [
        floor * (sum(troops) + reserve)
        for floor, troops, reserve in zip(
            p["strength_floor"], p["troops"], p["reserve"], strict=True
        )
    ]
    sides = list(zip(range(2), p["support_floor"], floors, strict=True))

    def weaken(state: State) -> None:
        for i, support_floor, strength_floor in sides:
            strong = sum(state.troops[i]) + state.reserve[i] >= strength_floor
            if strong and state.support[i] >= support_floor:
                state.weak_weeks[i] = 0.0
            else:
                state.weak_weeks[i] += 1.0

    return weaken
