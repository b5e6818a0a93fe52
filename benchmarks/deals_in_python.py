"""Deals and what they are worth, in plain Python, as far as it stays the same in all weeks.

In: the deals of a case, the parameters of one world. Out: its stakes. The equations are those of
settlement/deals.py. Knows neither JAX nor Ripeness.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import mul

from in_python import PerSector, PerSide, PerSideSector, Plain

WHOLE_STAKE = 100.0


@dataclass(slots=True)
class Deal:
    """A deal that ends the war.

    ``moves`` are the sectors that it does not leave to who holds them, each with the share that
    side 0 holds afterwards; ``terms`` are their numbers, each with the side that benefits.
    """

    moves: list[tuple[int, float]]
    terms: list[tuple[int, int]]


@dataclass(slots=True)
class Worth:
    """What a deal is worth to the sides of a world, as far as it stays the same in all weeks."""

    number: int
    moves: list[tuple[int, float]]
    terms: PerSide
    promised_terms: PerSide


@dataclass(slots=True)
class Stakes:
    """What a war is about, as `ripeness.settlement.deals.Stakes` has it; deals nobody hinders."""

    worth: PerSideSector
    gained: PerSideSector
    given_up: PerSideSector
    own: PerSideSector
    first_line: PerSide
    broken: float
    lost_rearmed: PerSide
    deals: list[Worth]


def deals_of(deals: Plain) -> list[Deal]:
    """Arrange the deals of a case, given as in `ripeness.settlement.deals.Deals`."""
    return [
        Deal(
            moves=[(k, share) for k, share in enumerate(fixed) if not follows[k]],
            terms=[(n, 0 if deals["benefits"][0][n] else 1) for n, has in enumerate(terms) if has],
        )
        for follows, fixed, terms in zip(
            deals["follows"], deals["fixed"], deals["terms"], strict=True
        )
    ]


def weigh(facts: Plain, p: Plain, deals: list[Deal], blocked: list[bool]) -> Stakes:
    """Weigh what a war is about, as leaderships see it.

    Parameters
    ----------
    blocked
        Whether a third party will not allow each term.
    """
    worth = worth_of_ground(facts, p)
    discount = p["discount"]
    keep = [discount / (discount + p["breach"][1 - i]) for i in range(2)]
    soil = facts["own_soil"]
    price = [p["concession_price"][i] * (1.0 - p["doves"][i]) for i in range(2)]

    def of(number: int, deal: Deal) -> Worth:
        terms, promised = [0.0, 0.0], [0.0, 0.0]
        for term, winner in deal.terms:
            gains, concedes = p["term_worth"][winner][term], p["term_worth"][1 - winner][term]
            terms[winner] += keep[winner] * gains
            promised[winner] += gains
            terms[1 - winner] -= concedes
            promised[1 - winner] -= concedes
        return Worth(number, deal.moves, terms, promised)

    return Stakes(
        worth=worth,
        gained=[[keep[i] * x for x in worth[i]] for i in range(2)],
        given_up=[
            [x * (1.0 + price[i] * own) for x, own in zip(worth[i], soil[i], strict=True)]
            for i in range(2)
        ],
        own=[list(map(mul, worth[i], soil[i])) for i in range(2)],
        first_line=line_values(worth, facts["share"]),
        broken=(1.0 - keep[0] * keep[1]) * p["renewed_war_years"],
        lost_rearmed=[(1.0 - keep[i]) * p["rearmed_loss"][i] for i in range(2)],
        deals=[
            of(number, deal)
            for number, deal in enumerate(deals)
            if not any(blocked[term] for term, _ in deal.terms)
        ],
    )


def worth_of_ground(facts: Plain, p: Plain) -> PerSideSector:
    """Worth of the whole of each sector to each side, points."""
    worth = []
    for i in range(2):
        own, foreign = p["own_soil_worth"][i], p["foreign_soil_worth"][i]
        raw = [
            area * times * (own if is_own else foreign)
            for area, times, is_own in zip(
                facts["area"], p["sector_worth"], facts["own_soil"][i], strict=True
            )
        ]
        scale = (WHOLE_STAKE - sum(p["term_worth"][i])) / sum(raw)
        worth.append([x * scale for x in raw])
    return worth


def line_values(worth: PerSideSector, share: PerSector) -> PerSide:
    """Worth of what each side holds now, held for good, points."""
    return [
        sum(map(mul, worth[0], share)),
        sum(x * (1.0 - held) for x, held in zip(worth[1], share, strict=True)),
    ]
