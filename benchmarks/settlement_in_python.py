"""The settlement in plain Python, one world at a time: beliefs, costs, deals, bargaining, endings.

The equations are those of settlement/course.py and all that it calls. As in in_python.py each part
is a function that is given the facts and a world's parameters and gives the function that steps it
by a week; what is asked for only when an offer is made is computed only then. Knows neither JAX nor
Ripeness.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, expm1, inf, log
from operator import add, mul

from deals_in_python import Stakes, Worth
from escalation_in_python import TOP_RUNG
from in_python import WEEKS_A_YEAR, Fought, PerSide, PerSideSector, Plain
from state_in_python import Escalated, State, WeekLuck

NO_LEARNING, BATTLES_AND_OFFERS = 0, 2
PROPOSER, ULTIMATUM = 1, 2
GOING_ON, DEAL, DICTATED, WIDER_WAR = range(4)
CEDED, FEATURE_LIMIT = 0.05, 3.0
SMALLEST, LEAST_RATE, SURE = 1.1754943508222875e-38, 1e-6, 1e-6


@dataclass(slots=True)
class Fitted:
    """The fitted value of going on of one side in one week, as `continuation.Fitted` has it.

    ``curvature`` has for each feature its products with itself and those after it.
    """

    constant: float
    slopes: list[float]
    curvature: list[list[float]]
    low: float
    high: float
    centre: list[float]
    scale: list[float]


@dataclass(slots=True)
class Totals:
    """What has added up since the decision date, as `ripeness.settlement.books.Totals` has it."""

    war_cost: PerSide
    flow: PerSide
    strikes: PerSide
    responses: PerSide
    aid_sent: list[float]
    talks_weeks: float


Surplus = tuple[int, float, float]
"""Number of a deal and what each side gains by it over going on, points."""

Offer = tuple[int, bool, float]
"""The deal that is proposed, whether both agree, and the place that a refusal would show."""

SAME = 1e-6
"""Deals whose scores, which are logarithms, are this near count as equal: the first is taken.

Where nothing is held in a sector, two deals may differ in its last square millimetre only, which
single precision rounds away.
"""

NO_OFFER: Offer = (-1, False, 0.0)

Learn = Callable[[State, Fought, float, float], None]
Cost = Callable[[int, PerSide, list[int]], PerSide]
Negotiate = Callable[[State, int, PerSide, PerSide], list[Surplus]]
Bargain = Callable[[list[Surplus], int, PerSide], Offer]
Settle = Callable[[State, Totals, int, Fought, Escalated, WeekLuck], int]


def no_totals(supporters: int) -> Totals:
    """Give the totals at the decision date."""
    return Totals([0.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0] * supporters, 0.0)


def fitted_of(continuation: Plain) -> list[list[Fitted]]:
    """Arrange the fitted values of going on, given with the weeks as first axis, then sides."""

    def of(week: int, i: int) -> Fitted:
        named = {name: x[week][i] for name, x in continuation.items()}
        upper = [row[n:] for n, row in enumerate(named.pop("curvature"))]
        return Fitted(**named, curvature=upper)

    return [[of(week, i) for i in range(2)] for week in range(len(continuation["constant"]))]


def settling(
    facts: Plain,
    p: Plain,
    stakes: Stakes,
    weekly: list[list[Fitted]],
    place: PerSide,
    usual: PerSide,
) -> Settle:
    """Give the function that settles a week: what both learn, what it costs, what is agreed.

    It takes the state, the totals, the week, what it brought and its luck. It moves the first two
    on and gives the deal that is struck; -1 for none. `place` is where, within the doubt of the
    other, the value of going on lies to each side; `usual` are the casualties of the decision date.
    """
    learn, cost_of = learning(p), costing(p, usual)
    negotiate, bargain = negotiating(facts, p, stakes, weekly), bargaining(p, place)
    power, nerve = p["bargaining_power"], p["nerve"]
    refusals_teach = p["learning"] == BATTLES_AND_OFFERS
    rate = p["discount"] / WEEKS_A_YEAR
    worth0, worth1 = stakes.worth
    whole1 = sum(worth1)

    def offer(state: State, week: int, line: PerSide, cost: PerSide, u: float) -> int:
        """Make an offer; give the deal if both agree, and else -1."""
        proposer = 0 if u < power else 1
        table = negotiate(state, week, line, cost)
        deal, agreed, shown = bargain(table, proposer, state.refused)
        if agreed:
            return deal
        if deal >= 0 and refusals_teach:
            state.refused[1 - proposer] = max(state.refused[1 - proposer], shown)
        return -1

    def settle(
        state: State, totals: Totals, week: int, fought: Fought, risen: Escalated, luck: WeekLuck
    ) -> int:
        signal, (nerves, proposes) = luck[4], luck[7]
        learn(state, fought, totals.talks_weeks, signal[0])
        share = state.share
        line0, line1 = line = [sum(map(mul, worth0, share)), whole1 - sum(map(mul, worth1, share))]
        cost0, cost1 = cost = cost_of(week + 1, fought.casualties, risen.strikes)
        struck = -1
        if state.talks_open and nerves < nerve:
            struck = offer(state, week + 1, line, cost, proposes)
        totals.talks_weeks += state.talks_open
        totals.war_cost[0] += cost0
        totals.war_cost[1] += cost1
        discounted = exp(-rate * week)
        totals.flow[0] += discounted * (rate * line0 - cost0)
        totals.flow[1] += discounted * (rate * line1 - cost1)
        totals.strikes = list(map(add, totals.strikes, risen.strikes))
        totals.responses = list(map(add, totals.responses, risen.responses))
        totals.aid_sent = list(map(add, totals.aid_sent, state.aid))
        return struck

    return settle


def learning(p: Plain) -> Learn:
    """Give the function that lets both sides learn from a week's fighting and from its talks.

    It takes the state, the fighting, weeks of talks before and the draw of the battle's sign.
    """
    kind, signal_sd = p["learning"], p["signal_sd"]
    offer_var = p["offer_sd"] ** 2
    first_vars = [sd**2 for sd in p["belief_sd"]]

    def update(state: State, i: int, sign: float, precision: float) -> None:
        variance = state.belief_var[i]
        after = 1.0 / (1.0 / variance + precision)
        state.belief_mean[i] = after * (state.belief_mean[i] / variance + precision * sign)
        state.belief_var[i] = after

    def learn(state: State, fought: Fought, talks_weeks: float, draw: float) -> None:
        sign = overall_balance(fought, state.troops) + signal_sd * draw
        precision = max(fought.engaged) / signal_sd**2
        update(state, 0, sign, precision)
        update(state, 1, sign, precision)
        if kind == BATTLES_AND_OFFERS and state.talks_open:
            for i in range(2):
                variance = first_vars[1 - i]
                now = (talks_weeks + 1.0) / ((talks_weeks + 1.0) * variance + offer_var)
                told = now - talks_weeks / (talks_weeks * variance + offer_var)
                update(state, i, state.first_belief[1 - i], told)

    def learn_nothing(*_: object) -> None:
        """Nobody learns."""

    return learn_nothing if kind == NO_LEARNING else learn


def overall_balance(fought: Fought, troops: PerSideSector) -> float:
    """Log power ratio of the whole front: sectors weighed by the troops that fight there."""
    weights = [
        engaged * (first + second)
        for engaged, first, second in zip(fought.engaged, *troops, strict=True)
    ]
    return sum(map(mul, weights, fought.balance)) / max(sum(weights), 1e-6)


def costing(p: Plain, usual: PerSide) -> Cost:
    """Give the function for what a week of war costs both sides, points.

    It takes weeks since the decision date, casualties of both sides and their mass strikes; `usual`
    are the casualties of the decision date.
    """
    share = p["casualty_share"]
    weekly0, weekly1 = (cost / WEEKS_A_YEAR for cost in p["war_cost"])
    usual0, usual1 = usual
    by_losses0, by_losses1 = weekly0 * share / usual0, weekly1 * share / usual1
    rest0, rest1 = weekly0 * (1.0 - share), weekly1 * (1.0 - share)
    growth0, growth1 = ((1.0 + growth) ** (1.0 / WEEKS_A_YEAR) for growth in p["war_cost_growth"])
    damage0, damage1 = p["strike_damage"]

    def cost(week: int, casualties: PerSide, strikes: list[int]) -> PerSide:
        return [
            by_losses0 * casualties[0] + rest0 * growth0**week + damage0 * strikes[1],
            by_losses1 * casualties[1] + rest1 * growth1**week + damage1 * strikes[0],
        ]

    return cost


def negotiating(facts: Plain, p: Plain, stakes: Stakes, weekly: list[list[Fitted]]) -> Negotiate:
    """Give the function that weighs every deal against going on, as both leaderships see them.

    It takes the state, its week, worth of what both sides hold and the week's cost to them. It
    gives the deals that nobody vetoes: their number and what each side gains by them.
    """
    first, veto = facts["share"], p["leader_veto"]
    own0, own1 = stakes.own
    felt = [1.0 - p["insulation"][i] * (1.0 - p["doves"][i]) for i in range(2)]
    office = [(1.0 - p["doves"][i]) * p["office_stake"][i] for i in range(2)]
    enough, discount, tail_years = p["office_loss"], p["discount"], p["tail_years"]

    def reservations(state: State, week: int, line: PerSide, years: PerSide) -> PerSide:
        lost = [
            sum(x * max(a - b, 0.0) for x, a, b in zip(own0, first, state.share, strict=True)),
            sum(x * max(b - a, 0.0) for x, a, b in zip(own1, first, state.share, strict=True)),
        ]
        values = []
        for i, fitted in enumerate(weekly[week]):
            other = 1 - i
            balance = -state.belief_mean[1] if i else state.belief_mean[0]
            known = [
                *(line[i], balance, years[i], state.support[i], state.support[other]),
                *(lost[i], state.anger[i], state.materiel[i], state.materiel[other]),
                *(state.talks_open, discount, tail_years),
            ]
            values.append(value_of_going_on(fitted, known))
        return values

    def worth_to(i: int, deal: Worth, state: State, line: float, year: float) -> float | None:
        """Worth of a deal to the leadership of side `i`, points; None if it vetoes it."""
        gained, given_up, own, worth = (
            of[i] for of in (stakes.gained, stakes.given_up, stakes.own, stakes.worth)
        )
        kept = ceded = left = 0.0
        for k, share in deal.moves:
            change = state.share[k] - share if i else share - state.share[k]
            kept += min(change * gained[k], change * given_up[k])
            left += change * worth[k]
            if change < 0.0:
                ceded -= change * own[k]
        if ceded > CEDED and state.support[i] > veto[i]:
            return None
        worse_by = stakes.first_line[i] - (line + left + deal.promised_terms[i])
        lost = office[i] * min(max(worse_by / enough[i], 0.0), 1.0)
        renewed = stakes.broken * year + stakes.lost_rearmed[i]
        return line + kept + deal.terms[i] - renewed - lost

    def negotiate(state: State, week: int, line: PerSide, cost: PerSide) -> list[Surplus]:
        years = [cost[i] * felt[i] * WEEKS_A_YEAR for i in range(2)]
        reservation = reservations(state, week, line, years)
        table = []
        for deal in stakes.deals:
            first = worth_to(0, deal, state, line[0], years[0])
            second = worth_to(1, deal, state, line[1], years[1])
            if first is not None and second is not None:
                table.append((deal.number, first - reservation[0], second - reservation[1]))
        return table

    return negotiate


def value_of_going_on(fitted: Fitted, known: list[float]) -> float:
    """Value of going on for a side that knows this, in the order of the fit's features; points."""
    x = []
    for feature, centre, scale in zip(known, fitted.centre, fitted.scale, strict=True):
        standard = (feature - centre) / scale
        x.append(min(max(standard, -FEATURE_LIMIT), FEATURE_LIMIT))
    value = fitted.constant
    for n, (slope, row) in enumerate(zip(fitted.slopes, fitted.curvature, strict=True)):
        value += x[n] * (slope + sum(map(mul, row, x[n:])))
    return min(max(value, fitted.low), fitted.high)


def bargaining(p: Plain, place: PerSide) -> Bargain:
    """Give the function that finds the deal that is proposed, if any.

    It takes the table, the side that proposes and up to where refusals have shown the truth of each
    side not to lie. `place` is where it lies within the other's doubt.
    """
    protocol, power = p["bargaining_protocol"], p["bargaining_power"]
    own_weights = [power, 1.0 - power]
    if protocol == PROPOSER:
        own_weights = proposers_shares([p["closing_rate"] + rate for rate in p["impatience"]])
    elif protocol == ULTIMATUM:
        own_weights = [1.0, 1.0]
    doubt = [max(cost, SURE) for cost in p["private_cost"]]

    def bargain(table: list[Surplus], i: int, refused: PerSide) -> Offer:
        other, weight = 1 - i, own_weights[i]
        best, offer = -inf, NO_OFFER
        for number, first, second in table:
            own, theirs = (second, first) if i else (first, second)
            both = own >= 0.0 and theirs >= 0.0
            shown = place[other] + theirs / (2.0 * doubt[other])
            chance = float(both)
            if protocol == ULTIMATUM:
                left = max(1.0 - refused[other], SURE)
                takes = min(max((shown - refused[other]) / left, 0.0), 1.0)
                chance = takes if own > 0.0 else 0.0
            if chance <= 0.0:
                continue
            hoped, rest = log(max(own * chance, SMALLEST)), log(max(theirs, SMALLEST))
            score = weight * hoped + (1.0 - weight) * rest
            if score > best + SAME:
                best, offer = score, (number, both, min(max(shown, 0.0), 1.0))
        return offer

    return bargain


def proposers_shares(delay: PerSide) -> PerSide:
    """Each side's share of the surplus when it proposes (Rubinstein 1982)."""
    rate = [max(each, LEAST_RATE) for each in delay]
    return [expm1(-rate[1 - i]) / expm1(-sum(rate)) for i in range(2)]


def ending(p: Plain, state: State, struck: int, dictated_by: list[int]) -> tuple[int, int]:
    """How the war stands after a week, and the deal that ended it; -1 for none.

    Parameters
    ----------
    struck
        The deal that talks have brought; -1 for none.
    dictated_by
        For each side the deal that it imposes when the other collapses; -1 for none.
    """
    if state.rung >= TOP_RUNG:
        return WIDER_WAR, -1
    weak0, weak1 = state.weak_weeks
    beaten0, beaten1 = weak0 >= p["collapse_weeks"], weak1 >= p["collapse_weeks"]
    if beaten0 != beaten1:
        imposed = dictated_by[1 if beaten0 else 0]
        if imposed >= 0:
            return DICTATED, imposed
    return (DEAL, struck) if struck >= 0 else (GOING_ON, -1)
