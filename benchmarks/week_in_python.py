"""The rest of a week of war in plain Python, one world at a time.

The equations are those of war/moves.py, supporters.py, homefront.py, escalation.py, talks.py and
week.py. As in in_python.py each mechanism is a function that is given the facts and a world's
parameters and gives the function that steps it by a week. Words, such as the family of a prior, are
numbers: their place in the catalogue of quantities. Knows neither JAX nor Ripeness.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from math import asin, exp, expm1, inf, log, log1p, log10, sin
from operator import mul

from in_python import (
    WEEKS_A_YEAR,
    Fought,
    PerSector,
    PerSide,
    PerSideSector,
    Plain,
    Stand,
    fighting,
    follow_supply,
    replacing,
)

PROSPECTS, ERODING = 1, 1
EXPONENTIAL, BLUFF, HUMPED = 1, 2, 3
MOST_AID, TOP_RUNG, NO_LINE, MAX_COUNT = 2.0, 4.0, 1e6, 12


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


Move = Callable[[State, Orders], Moved]
Send = Callable[[State, Orders, int, float, PerSide, PerSide], PerSide]
Feel = Callable[[State, int, PerSector, float, float, float, float], None]
Escalate = Callable[[State, Orders, Moved, list[float]], Escalated]
Talk = Callable[[State, Orders, PerSide, list[float]], None]
Weaken = Callable[[State], None]
Resupply = Callable[[State, PerSide, PerSide, list[float]], None]

WeekLuck = list[list[float]]
"""Numbers of a week by purpose: ground, aid, materiel, support and the battle's sign, which are
standard normal; escalation, talks and offers, which are uniform."""

Wage = Callable[[State, int, Orders, WeekLuck], tuple[Fought, Escalated]]


def plan_of(orders: Plain) -> list[Orders]:
    """Arrange what a plan orders, given with the weeks as first axis."""
    plan: list[Orders] = []
    for week in zip(*orders.values(), strict=True):
        named = dict(zip(orders, week, strict=True))
        begins_or_ends = (*named["opens"], *named["withdraws"])
        news = any(map(any, begins_or_ends)) or any(named["strike_deep"])
        last = plan[-1] if plan else None
        as_before = last is not None and not news and not last.news
        as_before = as_before and (last.commit, last.dig_in) == (named["commit"], named["dig_in"])
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
        """Let side `i` suffer a week's steps; give -1 for no response, 0 for one, 1 if it climbs."""
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
