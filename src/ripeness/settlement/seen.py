"""What a week looks like, and what each side knows when it weighs going on."""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp

from ripeness.settlement.continuation import PerSideFeature
from ripeness.settlement.deals import Stakes, line_value
from ripeness.settlement.leaders import felt_share
from ripeness.war.apart import mechanism
from ripeness.war.arrays import OTHER, WEEKS_A_YEAR, PerSide, PerSupporter, Scalar, raised, total
from ripeness.war.parameters import Parameters, Setting, State
from ripeness.war.week import Happened


class Seen(eqx.Module):
    """What a week looks like to both sides, and to the books.

    Attributes
    ----------
    line, cost, felt_cost, soil_lost
        Points: worth of what each side holds, cost of the week to it and as its leadership feels
        it, worth of its own soil lost.
    support
        Share of society for going on.
    anger
        Log.
    materiel
        1 as at the decision date.
    talks_open
        1 if talks on the war are open.
    aid
        Of each supporter, times its level at the decision date.
    balance
        True log power ratio of the front, positive for side 0; the sides see a sign of it only.
    """

    line: PerSide
    cost: PerSide
    felt_cost: PerSide
    soil_lost: PerSide
    support: PerSide
    anger: PerSide
    materiel: PerSide
    talks_open: Scalar
    aid: PerSupporter
    balance: Scalar


def week_cost(p: Parameters, week: Scalar, intensity: PerSide, enemy_strikes: PerSide) -> PerSide:
    """Cost of a week of war to each side, points.

    ``war_cost / 52 * (c * intensity + (1 - c) * (1 + growth)**years) + damage * strikes``:
    casualties move with the fighting, the rest (economy, mobilisation, emigration) grows with the
    war's length.
    """
    years = week / WEEKS_A_YEAR
    burden = p.casualty_share * intensity + (1.0 - p.casualty_share) * raised(
        1.0 + p.war_cost_growth, years
    )
    return p.war_cost / WEEKS_A_YEAR * burden + p.strike_damage * enemy_strikes


@mechanism
def see(p: Parameters, setting: Setting, stakes: Stakes, s: State, h: Happened) -> Seen:
    """Look at how the world stands after a week, and what the week brought."""
    cost = week_cost(p, s.week.astype(jnp.float32), h.intensity, h.strikes[OTHER])
    return Seen(
        line=line_value(stakes.worth, s.share),
        cost=cost,
        felt_cost=cost * felt_share(p.insulation, p.doves),
        soil_lost=total(stakes.worth * h.own_soil_lost / setting.area, 1),
        support=h.support,
        anger=s.anger,
        materiel=s.materiel,
        talks_open=s.talks_open,
        aid=h.aid,
        balance=h.balance,
    )


def known(p: Parameters, seen: Seen, balance: PerSide) -> PerSideFeature:
    """What each side knows, in the order of `continuation.FEATURES`.

    Parameters
    ----------
    balance
        Log power ratio, positive for side 0, for each side: the true one, or that it believes in.
    """
    return jnp.stack(
        [
            seen.line,
            jnp.stack([balance[0], -balance[1]]),
            seen.felt_cost * WEEKS_A_YEAR,
            seen.support,
            seen.support[OTHER],
            seen.soil_lost,
            seen.anger,
            seen.materiel,
            seen.materiel[OTHER],
            jnp.broadcast_to(seen.talks_open, seen.line.shape),
            jnp.broadcast_to(p.discount, seen.line.shape),
            jnp.broadcast_to(p.tail_years, seen.line.shape),
        ],
        axis=1,
    )
