"""The books of a war: what has added up since the decision date, and how a week stands in them."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool

from ripeness.settlement.bargaining import Manner, bargain, leverage, width
from ripeness.settlement.deals import Deals, PerDeal, PerDealSide, deal_values, weigh
from ripeness.settlement.ending import GOING_ON, Ending, kept_weeks, left_after
from ripeness.settlement.negotiation import Table
from ripeness.settlement.seen import Seen
from ripeness.war.apart import mechanism
from ripeness.war.arrays import (
    WEEKS_A_YEAR,
    Array,
    PerSector,
    PerSide,
    PerSideSector,
    PerSupporter,
    Scalar,
    Word,
    for_each_side,
    total,
)
from ripeness.war.escalation import TOP_RUNG
from ripeness.war.noise import Noise
from ripeness.war.parameters import Parameters, Setting, State
from ripeness.war.supporters import believed_chance
from ripeness.war.week import Happened

HELD_AREA = 50.0
"""km² of ground gained from which on a gain counts as held: less is the noise of maps."""


class Totals(eqx.Module):
    """What has added up since the decision date.

    Attributes
    ----------
    war_cost, flow, felt_flow
        Points: cost of the war; discounted worth of what was held, less costs; the same with the
        costs that leaderships feel.
    misfortune
        Points: what wider war took from each side beyond what it was to be expected to; discounted.
    strikes, provoked, responses, harsher, permitted
        Mass strikes made; provocation suffered, points; responses made, those below a rung; weeks
        in which the side could strike deep.
    aid
        Of each supporter, a week's at the decision date counted as 1.
    peak_gain, peak_week, weeks_held, best_week
        km² that each side had gained in a sector at most, and the week; weeks in which it held more
        than `HELD_AREA` gained; largest net gain of a week, km².
    talks_weeks, truce_weeks, first_talks, highest_rung
        Weeks of talks on the war, of a truce; week in which talks first opened, infinity if they
        did not; highest rung reached.
    """

    war_cost: PerSide
    flow: PerSide
    felt_flow: PerSide
    misfortune: PerSide
    strikes: PerSide
    provoked: PerSide
    responses: PerSide
    harsher: PerSide
    permitted: PerSide
    aid: PerSupporter
    peak_gain: PerSideSector
    peak_week: PerSideSector
    weeks_held: PerSideSector
    best_week: PerSide
    talks_weeks: Scalar
    truce_weeks: Scalar
    first_talks: Scalar
    highest_rung: Scalar


def no_totals(p: Parameters) -> Totals:
    """The totals at the decision date."""
    sides, sectors, none = (
        jnp.zeros_like(p.reserve),
        jnp.zeros_like(p.troops),
        jnp.zeros_like(p.nerve),
    )
    return Totals(
        war_cost=sides,
        flow=sides,
        felt_flow=sides,
        misfortune=sides,
        strikes=sides,
        provoked=sides,
        responses=sides,
        harsher=sides,
        permitted=sides,
        aid=jnp.zeros_like(p.dependence),
        peak_gain=sectors,
        peak_week=sectors,
        weeks_held=sectors,
        best_week=sides - jnp.inf,
        talks_weeks=none,
        truce_weeks=none,
        first_talks=none + jnp.inf,
        highest_rung=none,
    )


@mechanism
def add_up(
    p: Parameters,
    setting: Setting,
    state: State,
    happened: Happened,
    seen: Seen,
    before: Totals,
    running: Bool[Array, "*worlds"],
) -> Totals:
    """Totals after a week, whose flow counts from its beginning; a war that is over adds none."""
    week = state.week.astype(jnp.float32)
    discounted = jnp.exp(-p.discount * (week - 1.0) / WEEKS_A_YEAR)
    net_gain = for_each_side(total(happened.gain, 0))
    gained = for_each_side((state.share - setting.share) * setting.area)
    new_peak = gained > before.peak_gain
    talking = state.talks_open > 0
    had = p.discount / WEEKS_A_YEAR * seen.line
    at_end = jnp.exp(-p.discount * week / WEEKS_A_YEAR)
    surprise = (state.rung >= TOP_RUNG) - happened.wider_war_chance
    after = Totals(
        war_cost=before.war_cost + seen.cost,
        flow=before.flow + discounted * (had - seen.cost),
        felt_flow=before.felt_flow + discounted * (had - seen.felt_cost),
        misfortune=before.misfortune + at_end * p.wider_war_loss * surprise,
        strikes=before.strikes + happened.strikes,
        provoked=before.provoked + happened.steps,
        responses=before.responses + happened.responses,
        harsher=before.harsher + happened.harsher,
        permitted=before.permitted + happened.permitted,
        aid=before.aid + happened.aid,
        peak_gain=jnp.maximum(before.peak_gain, gained),
        peak_week=jnp.where(new_peak, week, before.peak_week),
        weeks_held=before.weeks_held + (gained > HELD_AREA),
        best_week=jnp.maximum(before.best_week, net_gain),
        talks_weeks=before.talks_weeks + state.talks_open,
        truce_weeks=before.truce_weeks + state.truce,
        first_talks=jnp.where(talking, jnp.minimum(before.first_talks, week), before.first_talks),
        highest_rung=jnp.maximum(before.highest_rung, state.rung),
    )
    return jax.tree.map(lambda after, before: jnp.where(running, after, before), after, before)


class Record(eqx.Module):
    """How a war stands at the end of one week; after its end it stays as it was.

    Attributes
    ----------
    ground
        km² held by side 0 in each sector.
    casualties, war_cost, felt_flow, talks_weeks
        Since the decision date: thousands; points, as in `Totals`; weeks.
    seen, belief
        What the week looks like; what each side believes the log power ratio of the front is.
    believed_chance
        Belief of each side's supporters that its next invasion would meet a response.
    misfortune
        Points, as in `Totals`.
    leverage, reservation, expected_cost
        Points, as leaderships see it: what each side gets from bargaining, or from going on where
        that fails; the value of going on; the worth of the line less that, which is what the side
        expects the rest of the war to cost. Once the war is over: what is left, twice, and 0.
    width
        Points, of the bargaining range; 0 once the war is over.
    feasible, best, deal_value, deal_allowed
        Deals inside the range (1); the one that bargaining brings if side 0 proposes (-1 for none),
        once the war is over the deal that was struck or dictated; worth of each deal to each
        leadership, points; those that nobody vetoes (1).
    over, kind, end_week, deal, left, states_left, kept_weeks
        1 once the war is over; the `Ending`, with what it leaves to the states; weeks that its deal
        lasts.
    """

    ground: PerSector
    troops: PerSideSector
    moved: PerSide
    casualties: PerSide
    war_cost: PerSide
    felt_flow: PerSide
    misfortune: PerSide
    talks_weeks: Scalar
    seen: Seen
    belief: PerSide
    rung: Scalar
    truce: Scalar
    believed_chance: PerSide
    leverage: PerSide
    reservation: PerSide
    expected_cost: PerSide
    width: Scalar
    feasible: PerDeal
    best: Word
    deal_value: PerDealSide
    deal_allowed: PerDeal
    over: Scalar
    kind: Word
    end_week: Word
    deal: Word
    left: PerSide
    states_left: PerSide
    kept_weeks: Scalar


def write(
    p: Parameters,
    setting: Setting,
    deals: Deals,
    manner: Manner,
    luck: Noise,
    state: State,
    seen: Seen,
    totals: Totals,
    table: Table,
    ending: Ending,
) -> Record:
    """Write down how a war stands after a week; `luck` is that of week 0."""
    over = ending.kind != GOING_ON
    asked = table.value, table.reservation, table.may, manner
    left = left_after(p, ending, table.value, table.line)
    bid = bargain(*asked, jnp.ones_like(p.nerve), state.refused)
    struck = np.arange(len(table.value)).reshape((-1, *[1] * over.ndim)) == ending.deal
    return Record(
        ground=state.share * setting.area,
        troops=state.troops,
        moved=state.moved,
        casualties=state.casualties,
        war_cost=totals.war_cost,
        felt_flow=totals.felt_flow,
        misfortune=totals.misfortune,
        talks_weeks=totals.talks_weeks,
        seen=seen,
        belief=state.belief_mean,
        rung=state.rung,
        truce=state.truce,
        believed_chance=believed_chance(p, state, p.provocation_invasion),
        leverage=jnp.where(over, left, leverage(*asked, state.refused)),
        reservation=jnp.where(over, left, table.reservation),
        expected_cost=jnp.where(over, 0.0, table.line - table.reservation),
        width=jnp.where(over, 0.0, width(table.value, table.reservation, bid.feasible)),
        feasible=jnp.where(over, struck.astype(jnp.float32), bid.feasible),
        best=jnp.where(over, ending.deal, jnp.where(bid.agreed > 0, bid.deal, -1)),
        deal_value=table.value,
        deal_allowed=table.may,
        over=over.astype(jnp.float32),
        kind=ending.kind,
        end_week=ending.week,
        deal=ending.deal,
        left=left,
        states_left=_states_left(p, setting, deals, luck, state, seen, ending),
        kept_weeks=kept_weeks(p, luck, ending.deal),
    )


def _states_left(
    p: Parameters,
    setting: Setting,
    deals: Deals,
    luck: Noise,
    state: State,
    seen: Seen,
    ending: Ending,
) -> PerSide:
    """Points that each state, as against its leadership, has from the end on."""
    stakes = weigh(p, setting, deals, luck, price_felt=jnp.ones_like(p.doves))
    valued = deal_values(stakes, deals, state.share, seen.line, seen.cost * WEEKS_A_YEAR)
    return left_after(p, ending, valued.value, seen.line)
