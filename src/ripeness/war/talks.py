"""Talks: a channel opens by a hazard that weariness raises and anger lowers, and closes again."""

from __future__ import annotations

import jax.numpy as jnp

from ripeness.war.parameters import PerSide, Scalar


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
    log_factor = (weight * support_lost).sum() - anger.sum() - rung_weight * rung + push
    return -jnp.expm1(-rate * jnp.exp(log_factor))


def step_channel(
    is_open: Scalar, opens: Scalar, closes: Scalar, invasion: Scalar, scuttled: Scalar
) -> Scalar:
    """Whether a channel is open after this week; an invasion of home soil may end open talks at once."""
    stays = is_open * (1.0 - closes) * (1.0 - invasion * scuttled)
    return jnp.where(is_open > 0, stays, opens)


def add_anger(anger: PerSide, invaded_now: PerSide, jump: PerSide, halflife: Scalar) -> PerSide:
    """Anger a week later, log: it jumps when own soil is invaded and halves every `halflife` weeks (claim R7)."""
    return anger * 0.5 ** (1.0 / halflife) + jump * invaded_now


def rate_to_chance(rate: Scalar) -> Scalar:
    """Chance that something of a given rate a week happens within a week."""
    return -jnp.expm1(-rate)
