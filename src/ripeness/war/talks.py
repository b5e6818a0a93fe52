"""Talks: a channel opens by a hazard that weariness raises and anger lowers, and closes again."""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp

from ripeness.war.apart import mechanism
from ripeness.war.arrays import OTHER, PerSide, Scalar, chance_of, kept_a_week, largest, total
from ripeness.war.moves import Moved
from ripeness.war.noise import Noise, Purpose
from ripeness.war.parameters import Orders, Parameters, State


def opening_chance(
    rate: Scalar,
    support_lost: PerSide,
    weight: PerSide,
    anger: PerSide,
    rung: Scalar,
    rung_weight: Scalar,
    push: Scalar,
) -> Scalar:
    """Chance that talks open this week.

    ``1 - exp(-rate * exp(weight . support_lost - anger_0 - anger_1 - rung_weight * rung + push))``.

    Parameters
    ----------
    rate
        A week.
    support_lost
        Share of society, since the decision date.
    anger, push
        Log.
    """
    log_factor = total(weight * support_lost - anger, 0) - rung_weight * rung + push
    return chance_of(rate * jnp.exp(log_factor))


def step_channel(
    is_open: Scalar, opens: Scalar, closes: Scalar, invasion: Scalar, scuttled: Scalar
) -> Scalar:
    """Whether a channel is open after this week; an invasion may end open talks at once."""
    stays = is_open * (1.0 - closes) * (1.0 - invasion * scuttled)
    return jnp.where(is_open > 0, stays, opens)


def add_anger(anger: PerSide, invaded_now: PerSide, jump: PerSide, halflife: Scalar) -> PerSide:
    """Anger a week later, log: it jumps at an invasion and halves every `halflife` weeks."""
    return anger * kept_a_week(halflife) + jump * invaded_now


class Talked(eqx.Module):
    """What is there after the week: anger (log); talks on the war, on a partial deal, a truce."""

    anger: PerSide
    talks_open: Scalar
    partial_open: Scalar
    truce: Scalar


@mechanism
def step(
    p: Parameters,
    orders: Orders,
    state: State,
    noise: Noise,
    moved: Moved,
    support: PerSide,
    rung: Scalar,
) -> Talked:
    """Open and close both channels, and strike or break a truce."""
    anger = add_anger(state.anger, moved.invades[OTHER], p.anger_jump, p.anger_halflife)
    rates = jnp.stack([p.opening_rate_full, p.opening_rate_partial])
    push = p.offer_push * largest(orders.offer_talks, 0)
    lost = p.support_start - support
    opening = opening_chance(rates, lost, p.weariness_weight, anger, rung, p.rung_weight, push)
    closing = jnp.broadcast_to(chance_of(p.closing_rate), rates.shape)
    is_open = step_channel(
        jnp.stack([state.talks_open, state.partial_open]),
        noise.happens(Purpose.TALKS_OPEN, opening),
        noise.happens(Purpose.TALKS_CLOSE, closing),
        largest(moved.invades, 0),
        noise.happens(Purpose.SCUTTLE, p.scuttle),
    )
    struck = noise.happens(Purpose.TRUCE, chance_of(p.truce_rate))
    breaks = noise.happens(Purpose.TRUCE_BREAK, chance_of(p.truce_break))
    truce = jnp.where(state.truce > 0, 1.0 - breaks, is_open[1] * struck)
    return Talked(anger, is_open[0], is_open[1], truce)
