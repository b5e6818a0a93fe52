"""From a case file to what the war and the settlement take: facts, deals and orders as arrays."""

from __future__ import annotations

from datetime import date

import numpy as np

from ripeness.case.moves import Aid, Commit, OfferTalks, Publicise, StrikeDeep
from ripeness.case.schema import CaseFile, Plan
from ripeness.settlement.deals import Deals
from ripeness.war.parameters import Orders, Setting

NEVER = -1


def week_of(case: CaseFile, day: date | None) -> int:
    """Week of the run in which a day falls; -1 for no day or one before the decision date."""
    if day is None or day < case.decision_date:
        return NEVER
    return (day - case.decision_date).days // 7


def whole_deals(case: CaseFile) -> list[str]:
    """Deals that end the war; partial ones are truces, which the talks mechanism strikes."""
    return [name for name, deal in case.deals.items() if not deal.partial]


def setting(case: CaseFile) -> Setting:
    """Give the facts of a case."""
    sides, sectors = list(case.sides), list(case.sectors.values())
    area = np.array([sector.area.value for sector in sectors], np.float32)
    held = np.array([sector.held_by_first.value for sector in sectors], np.float32)
    supporters = list(case.supporters.values())
    return Setting(
        area=area,
        share=held / area,
        own_soil=np.array(
            [[sector.own_soil_of == side for sector in sectors] for side in sides], np.float32
        ),
        fought=np.array([sector.fought for sector in sectors], np.float32),
        backs=np.array([[s.backs == side for s in supporters] for side in sides], np.float32),
        election_week=np.array(
            [week_of(case, s.election.takes_office if s.election else None) for s in supporters],
            np.int32,
        ),
        reinforcement_week=np.array(
            [week_of(case, s.reinforces_from) for s in supporters], np.int32
        ),
    )


def deals(case: CaseFile) -> Deals:
    """Give the deals that end the war."""
    sides, terms = list(case.sides), list(case.terms)
    facts, names = setting(case), whole_deals(case)
    after = {
        "line": np.zeros_like(facts.share),
        "start": facts.share,
        "recognised": facts.own_soil[0],
        sides[0]: np.ones_like(facts.share),
        sides[1]: np.zeros_like(facts.share),
    }
    holders = [[case.deals[name].holder(sector) for sector in case.sectors] for name in names]
    return Deals(
        follows=np.array([[word == "line" for word in row] for row in holders], np.float32),
        fixed=np.array(
            [[after[word][k] for k, word in enumerate(row)] for row in holders], np.float32
        ),
        terms=np.array(
            [[term in case.deals[name].terms for term in terms] for name in names], np.float32
        ).reshape(len(names), len(terms)),
        benefits=np.array(
            [[case.terms[term].benefits == side for term in terms] for side in sides], np.float32
        ).reshape(2, len(terms)),
        dictated_by=np.array(
            [
                names.index(side.dictates) if side.dictates else NEVER
                for side in case.sides.values()
            ],
            np.int32,
        ),
    )


def orders(case: CaseFile, plan: Plan) -> Orders:
    """Give what a plan orders, week by week (first axis)."""
    sides, sectors, supporters = list(case.sides), list(case.sectors), list(case.supporters)
    by_sector = np.zeros((case.weeks, 2, len(sectors)), np.float32)
    commit, opens, withdraws, dig_in = (by_sector.copy() for _ in range(4))
    by_side = np.zeros((case.weeks, 2), np.float32)
    needs_leave, strike_deep, publicise, offer_talks = (by_side.copy() for _ in range(4))
    aid = np.ones((case.weeks, len(supporters)), np.float32)
    for move in plan.moves:
        weeks = slice(move.from_week, min(move.to_week, case.weeks))
        match move:
            case Commit():
                place = sides.index(move.side), sectors.index(move.sector)
                commit[weeks, *place] = 1
                opens[move.from_week, *place] = 1
                dig_in[weeks, *place] = move.dig_in
                if move.to_week < case.weeks:
                    withdraws[move.to_week, *place] = 1
                needs_leave[weeks, place[0]] = move.needs_leave
            case StrikeDeep():
                strike_deep[weeks, sides.index(move.side)] = 1
            case Publicise():
                publicise[weeks, sides.index(move.side)] = 1
            case OfferTalks():
                offer_talks[weeks, sides.index(move.side)] = 1
            case Aid():
                aid[weeks, supporters.index(move.supporter)] = move.factor
    return Orders(
        commit, opens, withdraws, dig_in, needs_leave, strike_deep, publicise, offer_talks, aid
    )
