"""Moves and supporters in plain Python, one world at a time.

The equations are those of war/moves.py and supporters.py. As in in_python.py each mechanism is a
function that is given the facts and a world's parameters and gives the function that steps it by a
week. Knows neither JAX nor Ripeness.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, expm1, inf, log
from operator import mul

from in_python import WEEKS_A_YEAR, PerSector, PerSide, Plain
from state_in_python import BLUFF, EXPONENTIAL, HUMPED, Moved, Orders, State

MOST_AID = 2.0

Move = Callable[[State, Orders], Moved]
Send = Callable[[State, Orders, int, float, PerSide, list[float]], PerSide]


def moving(facts: Plain, p: Plain) -> Move:
    """Give the function that carries out what a plan orders, as far as supporters allow.

    It moves troops, reserve and surprise on and settles which moves are authorised.
    """
    moved = Moved([0.0, 0.0], [0.0, 0.0], [], [])

    def move(state: State, orders: Orders) -> Moved:
        nonlocal moved
        if orders.as_before:
            return moved
        nobody = [0.0, 0.0]
        invades, permitted = carry_out(facts, p, state, orders) if orders.news else (nobody, nobody)
        committed, digging = [], []
        for i, allowed in enumerate(state.authorised):
            ordered = map(mul, orders.commit[i], p["commitment"][i])
            committed.append([thousands * allowed for thousands in ordered])
            digging.append([digs * allowed for digs in orders.dig_in[i]])
        moved = Moved(invades, permitted, committed, digging)
        return moved

    return move


def carry_out(facts: Plain, p: Plain, state: State, orders: Orders) -> tuple[PerSide, PerSide]:
    """Begin and end moves; give who steps onto the other's own soil, and who may strike deep."""
    # the provocation that strikes pile up to if they go on
    lasting_strikes = p["provocation_strikes"] * p["provocation_halflife"] / log(2.0)
    invades, permitted = [0.0, 0.0], [0.0, 0.0]
    for i in range(2):
        if max(orders.opens[i]) > 0.0:
            allowed = has_leave(facts, p, state, i, p["provocation_invasion"])
            alone = max(state.autonomous[i], 1.0 - orders.needs_leave[i])
            state.authorised[i] = max(allowed, alone)
        if state.authorised[i]:
            withdraw(state, i, orders.withdraws[i])
            commit(state, i, list(map(mul, orders.opens[i], p["commitment"][i])))
            gained = p["surprise"][i] * (-1.0 if i else 1.0)
            for k, opens in enumerate(orders.opens[i]):
                state.surprise[k] += opens * gained
            invades[i] = max(map(mul, orders.opens[i], facts["own_soil"][1 - i]))
        if orders.strike_deep[i]:
            permitted[i] = has_leave(facts, p, state, i, lasting_strikes)
    return invades, permitted


def withdraw(state: State, i: int, leaving: PerSector) -> None:
    """Bring the troops of side `i` home to the reserve where its move ends (1)."""
    troops = state.troops[i]
    for k, ends in enumerate(leaving):
        if ends:
            state.reserve[i] += troops[k]
            troops[k] = 0.0


def commit(state: State, i: int, wanted: PerSector) -> None:
    """Send the troops of a move of side `i`, from its reserve and then from other sectors."""
    asked = sum(wanted)
    if not asked:
        return
    troops = state.troops[i]
    from_reserve = min(state.reserve[i], asked)
    others = sum(have for have, more in zip(troops, wanted, strict=True) if more <= 0.0)
    drawn = min(asked - from_reserve, 0.5 * others)
    kept = 1.0 - drawn / max(others, 1e-6)
    sent = (from_reserve + drawn) / asked
    state.troops[i] = [
        have + more * sent if more > 0.0 else have * kept
        for have, more in zip(troops, wanted, strict=True)
    ]
    state.reserve[i] -= from_reserve


def has_leave(facts: Plain, p: Plain, state: State, i: int, step: float) -> float:
    """Say (1) whether the supporters of side `i`, weighed by what they send, gain by its step."""
    chance = believed_chance(p, state, i, step)
    gain = sum(
        backs * dependence * (benefit - stake * chance)
        for backs, dependence, benefit, stake in zip(
            facts["backs"][i],
            p["dependence"],
            p["permission_benefit"],
            p["clash_stake"],
            strict=True,
        )
    )
    return float(gain >= 0.0)


def believed_chance(p: Plain, state: State, i: int, step: float) -> float:
    """Belief of the supporters of side `i` that its step meets a response of the other side.

    Parameters
    ----------
    step
        Provocation points of the step; the share of them laid at the supporters' door counts.
    """
    other = 1 - i
    survived, answered = state.survived[other], state.answered[other]
    scale = p["tolerance"][other]
    after = max(state.provocation[other] + p["blame"] * step, survived)
    known = prior_mass(p, survived, scale)
    top = prior_mass(p, answered, scale) if answered < inf else 1.0
    if top - known <= 1e-6:
        return 1.0
    reached = prior_mass(p, min(after, answered), scale)
    return min(max((reached - known) / (top - known), 0.0), 1.0)


def prior_mass(p: Plain, x: float, scale: float) -> float:
    """Chance that tolerance lies at or below x, before anything was learnt."""
    if p["tolerance_prior"] == EXPONENTIAL:
        return -expm1(-x / scale)
    uniform = min(max(x / scale, 0.0), 1.0)
    if p["tolerance_prior"] == BLUFF:
        return (1.0 - p["bluff_chance"]) * uniform
    if p["tolerance_prior"] == HUMPED:
        return uniform**2 * (3.0 - 2.0 * uniform)
    return uniform


def sending(facts: Plain, p: Plain) -> Send:
    """Give the function that lets aid drift, change with governments, and waver.

    It takes the state, the orders, the week, km² that side 0 gained, who may strike deep, and the
    draws of aid. It gives the materiel that supply carries to each side, 1 at the decision date.
    """
    kept = exp(-1.0 / p["aid_memory"])
    effect = p["deep_strike_effect"]
    own, supporters = [1.0, 1.0], []
    for m, dependence in enumerate(p["dependence"]):
        client = 0 if facts["backs"][0][m] else 1
        own[client] -= dependence
        drift = -p["aid_fatigue"][m] / WEEKS_A_YEAR
        follows = p["aid_follows_success"][m] / 1000.0 * (-1.0 if client else 1.0)
        supporters.append(
            (
                *(m, client, dependence, drift, exp(drift), follows, p["aid_volatility"][m]),
                *(facts["election_week"][m], p["election_cut"][m]),
            )
        )

    def send(
        state: State,
        orders: Orders,
        week: int,
        gained: float,
        permitted: PerSide,
        draw: list[float],
    ) -> PerSide:
        levels, shocks, sent = state.aid_level, state.aid_shock, state.aid
        supply = own[:]
        for m, client, dependence, drift, drifted, follows, volatility, due, cut in supporters:
            level = levels[m] * (exp(drift + follows * gained) if follows else drifted)
            if level > MOST_AID:
                level = MOST_AID
            if week == due and state.cutting[m]:
                level *= cut
            levels[m] = level
            shocks[m] = shock = shocks[m] * kept + volatility * draw[m]
            sent[m] = aid = level * exp(shock) * orders.aid_factor[m]
            supply[client] += dependence * aid
        if any(permitted):
            supply[0] *= 1.0 - effect * permitted[1]
            supply[1] *= 1.0 - effect * permitted[0]
        return supply

    return send
