"""Escalation and talks in plain Python, one world at a time.

The equations are those of war/escalation.py and talks.py. As in in_python.py each mechanism is a
function that is given a world's parameters and gives the function that steps it by a week. Knows
neither JAX nor Ripeness.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from math import exp

from in_python import PerSide, Plain
from state_in_python import Escalated, Moved, Orders, State

ERODING = 1
TOP_RUNG, MAX_COUNT = 4.0, 12

Escalate = Callable[[State, Orders, Moved, list[float]], Escalated]
Talk = Callable[[State, Orders, PerSide, list[float]], None]


def escalating(p: Plain) -> Escalate:
    """Give the function that adds up provocations, draws responses, and strikes on each rear.

    Uniform numbers that it takes: for each side those of responses, climbs, attacks and strikes,
    and the one of calm.
    """
    chances0, chances1 = (chances_of_counts(rate) for rate in p["attack_rate"])
    usual_blame = min(max(p["blame"], 0.0), 1.0)
    public_blame = min(max(p["blame"] + p["publicity"], 0.0), 1.0)
    of_invasion, of_strikes = p["provocation_invasion"], p["provocation_strikes"]
    of_attack = p["provocation_attack"]
    kept, width = 0.5 ** (1.0 / p["provocation_halflife"]), p["response_width"]
    erodes, left = p["tolerance_kind"] == ERODING, max(1.0 - p["erosion"], 0.0)
    accidents, calm = p["accident_rate"], p["calm"]
    accident_chance = 1.0 - exp(-accidents)
    (rate0, rate1), (echo0, echo1) = p["strike_rate"], p["strike_echo"]
    answer0, answer1 = p["strike_answer"]
    excited = exp(-1.0 / p["strike_decay"])
    spread = 1.0 - excited

    def suffer(state: State, i: int, step: float, answers: float, climbs: float) -> float:
        """Let side `i` suffer a step; give -1 for no response, 0 for one, 1 if it climbs."""
        provocation = state.provocation[i] * kept + step
        if erodes and step:
            state.patience[i] *= left**step
        excess = provocation - state.tolerance[i] * state.patience[i]
        chance = accident_chance if excess <= 0.0 else 1.0 - exp(-excess / width - accidents)
        if answers < chance:
            state.provocation[i] = 0.0  # a response settles the account
            state.answered[i] = min(state.answered[i], provocation)
            return float(climbs < p["climb"] ** (state.rung + 1.0))
        state.provocation[i] = provocation
        if provocation > state.survived[i]:
            state.survived[i] = provocation
        return -1.0

    def escalate(state: State, orders: Orders, moved: Moved, luck: list[float]) -> Escalated:
        first, second, climb0, climb1, calms, attack0, attack1, strike0, strike1 = luck
        (invades0, invades1), (permitted0, permitted1) = moved.invades, moved.permitted
        attacks0 = bisect_left(chances0, attack0) + invades0
        attacks1 = bisect_left(chances1, attack1) + invades1
        blame0 = public_blame if orders.publicise[0] else usual_blame
        blame1 = public_blame if orders.publicise[1] else usual_blame
        made0 = of_invasion * invades0 + of_strikes * permitted0 + of_attack * attacks0
        made1 = of_invasion * invades1 + of_strikes * permitted1 + of_attack * attacks1
        came0 = suffer(state, 0, blame1 * made1, first, climb0)
        came1 = suffer(state, 1, blame0 * made0, second, climb1)
        excitation0, excitation1 = state.excitation
        war = 1.0 - state.truce
        strikes0 = counted((rate0 + excitation0) * war + (came0 == 0.0), strike0)
        strikes1 = counted((rate1 + excitation1) * war + (came1 == 0.0), strike1)
        state.excitation[0] = excitation0 * excited + spread * (
            echo0 * strikes0 + answer0 * attacks1
        )
        state.excitation[1] = excitation1 * excited + spread * (
            echo1 * strikes1 + answer1 * attacks0
        )
        if state.rung < TOP_RUNG:
            if came0 > 0.0 or came1 > 0.0:
                state.rung += 1.0
            elif state.rung and came0 < 0.0 and came1 < 0.0 and calms < calm:
                state.rung -= 1.0
        return Escalated([came0 >= 0.0, came1 >= 0.0], [strikes0, strikes1])

    return escalate


def chances_of_counts(mean: float) -> list[float]:
    """Chances of a Poisson count of at most 0, 1, 2 and so on."""
    term = total = exp(-mean)
    chances = [total]
    for n in range(1, MAX_COUNT):
        term *= mean / n
        total += term
        chances.append(total)
    return chances


def counted(mean: float, u: float) -> int:
    """Give the Poisson count at quantile u, cut at `MAX_COUNT`."""
    term = total = exp(-mean)
    count = 0
    while u > total and count < MAX_COUNT:
        count += 1
        term *= mean / count
        total += term
    return count


def talking(p: Plain) -> Talk:
    """Give the function that opens and closes both channels, and strikes or breaks a truce.

    It takes the state, whose support and rung are those after the week, the orders, who invades,
    and uniform numbers: those of opening and of closing for both channels, and the ones of a
    scuttle, of a truce and of its breach.
    """
    rate_full, rate_partial = p["opening_rate_full"], p["opening_rate_partial"]
    kept, (jump0, jump1) = 0.5 ** (1.0 / p["anger_halflife"]), p["anger_jump"]
    (start0, start1), (weight0, weight1) = p["support_start"], p["weariness_weight"]
    rung_weight, offer_push, scuttle = p["rung_weight"], p["offer_push"], p["scuttle"]
    closing_chance = 1.0 - exp(-p["closing_rate"])
    truce_chance, break_chance = 1.0 - exp(-p["truce_rate"]), 1.0 - exp(-p["truce_break"])

    def talk(state: State, orders: Orders, invades: PerSide, luck: list[float]) -> None:
        opens_full, opens_partial, closes_full, closes_partial, scuttles, strikes, breaks = luck
        anger, (support0, support1) = state.anger, state.support
        anger[0] = anger0 = anger[0] * kept + jump0 * invades[1]
        anger[1] = anger1 = anger[1] * kept + jump1 * invades[0]
        weary = weight0 * (start0 - support0) - anger0 + weight1 * (start1 - support1) - anger1
        factor = exp(weary - rung_weight * state.rung + offer_push * max(orders.offer_talks))
        scuttled = max(invades) * (scuttles < scuttle)
        if not state.talks_open:
            state.talks_open = float(opens_full < 1.0 - exp(-rate_full * factor))
        elif scuttled or closes_full < closing_chance:
            state.talks_open = 0.0
        if not state.partial_open:
            state.partial_open = float(opens_partial < 1.0 - exp(-rate_partial * factor))
        elif scuttled or closes_partial < closing_chance:
            state.partial_open = 0.0
        if state.truce:
            state.truce = float(breaks >= break_chance)
        elif state.partial_open:
            state.truce = float(strikes < truce_chance)

    return talk
