"""What is on the table in a week: what going on and each deal are worth to those who decide."""

from __future__ import annotations

import equinox as eqx

from ripeness.settlement.bargaining import Manner, manner
from ripeness.settlement.continuation import Fitted, predict
from ripeness.settlement.deals import (
    Deals,
    PerDeal,
    PerDealSide,
    Stakes,
    allowed,
    as_leaders_see,
    deal_values,
)
from ripeness.settlement.leaders import office_lost
from ripeness.settlement.seen import Seen, known
from ripeness.war.apart import apart
from ripeness.war.arrays import WEEKS_A_YEAR, PerSide
from ripeness.war.noise import Noise, Purpose
from ripeness.war.parameters import Parameters, State


class Table(eqx.Module):
    """What is on the table in a week, in points, as leaderships value it.

    Attributes
    ----------
    reservation
        Value of going on to each side.
    line
        Worth of what each side holds, if the war stopped there.
    value, may
        Worth of each deal to each side; 1 for a deal that nobody vetoes.
    """

    reservation: PerSide
    line: PerSide
    value: PerDealSide
    may: PerDeal


def negotiate(
    p: Parameters,
    deals: Deals,
    stakes: Stakes,
    fitted: Fitted,
    state: State,
    seen: Seen,
) -> Table:
    """Weigh every deal against going on, as both leaderships see them after a week."""
    year = seen.felt_cost * WEEKS_A_YEAR
    valued = deal_values(stakes, deals, state.share, seen.line, year)
    worse_by = stakes.first_line - seen.line
    return Table(
        reservation=apart(predict(known(p, seen, state.belief_mean), fitted)),
        line=seen.line - office_lost(worse_by, p.office_stake, p.office_loss, p.doves),
        value=apart(as_leaders_see(p, stakes, valued)),
        may=allowed(valued.own_given, seen.support, p.leader_veto, stakes.hindered),
    )


def bargaining_manner(p: Parameters, luck: Noise) -> Manner:
    """How the sides of a world bargain; `luck` is that of week 0."""
    return manner(
        p.bargaining_protocol,
        p.bargaining_power,
        p.closing_rate + p.impatience,
        p.private_cost,
        luck.uniform(Purpose.PRIVATE_COST, 2),
    )
