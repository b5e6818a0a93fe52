"""Supporters: how much they send, and what they permit.

Aid drifts, wavers, and changes with governments. Leave for a step is given if its benefit
outweighs what supporters stake times the chance, as they believe it, that the step meets a
response.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp

from ripeness.war.apart import mechanism
from ripeness.war.arrays import (
    OTHER,
    WEEKS_A_YEAR,
    PerSector,
    PerSide,
    PerSideSupporter,
    PerSupporter,
    Scalar,
    for_each_side,
    total,
)
from ripeness.war.noise import Noise, Purpose
from ripeness.war.parameters import Orders, Parameters, Setting, State

UNIFORM, EXPONENTIAL, BLUFF, HUMPED = 0, 1, 2, 3


MOST_AID = 2.0
"""Aid never exceeds twice its level at the decision date: when the largest donor left, the others
raised theirs 1.7 times (Kiel Institute, Ukraine Support Tracker, release 29: Europe, 2024-25)."""


def drift(
    level: PerSupporter, fatigue: PerSupporter, follows: PerSupporter, client_gain: PerSupporter
) -> PerSupporter:
    """Aid's level a week later: fatigue lowers it, the client's gains (km²) may raise it."""
    changed = level * jnp.exp(-fatigue / WEEKS_A_YEAR + follows * client_gain / 1000.0)
    return jnp.minimum(changed, MOST_AID)


def waver(
    shock: PerSupporter, draw: PerSupporter, volatility: PerSupporter, memory: Scalar
) -> PerSupporter:
    """Log deviation of aid from its level a week later: a first-order autoregression."""
    return shock * jnp.exp(-1.0 / memory) + volatility * draw


def supply(
    aid: PerSupporter,
    dependence: PerSupporter,
    backs: PerSideSupporter,
    enemy_effect: PerSide,
) -> PerSide:
    """Materiel that a side's own industry and its supporters carry; 1 as at the decision date.

    Parameters
    ----------
    aid
        Times its level at the decision date.
    dependence
        Share of the client's materiel from each supporter.
    enemy_effect
        Share of supply that the enemy's deep strikes destroy.
    """
    own = 1.0 - total(backs * dependence, 1)
    return (own + total(backs * dependence * aid, 1)) * (1.0 - enemy_effect)


def prior_mass(x: PerSide, scale: PerSide, prior: Scalar, bluff_chance: Scalar) -> PerSide:
    """Chance that tolerance lies at or below x, before anything was learnt.

    Uniform on [0, scale]; exponential with mean `scale`; under ``bluff`` no line at all with
    `bluff_chance` and else uniform; under ``humped`` a Beta(2, 2) on [0, scale].
    """
    uniform = jnp.clip(x / scale, 0.0, 1.0)
    exponential = -jnp.expm1(-x / scale)
    return jnp.where(
        prior == EXPONENTIAL,
        exponential,
        jnp.where(
            prior == BLUFF,
            (1.0 - bluff_chance) * uniform,
            jnp.where(prior == HUMPED, uniform**2 * (3.0 - 2.0 * uniform), uniform),
        ),
    )


def chance_of_crossing(
    survived: PerSide,
    answered: PerSide,
    step_to: PerSide,
    scale: PerSide,
    prior: Scalar,
    bluff_chance: Scalar,
) -> PerSide:
    """Believed chance that going from `survived` to `step_to` meets a response, by Bayes.

    ``(F(step_to) - F(survived)) / (F(answered) - F(survived))``: under a uniform prior silence
    makes the next step look *more* dangerous, under an exponential one it teaches nothing, and
    where there may be no line at all it reassures (claims L6, R18). Supporters read every line as
    fixed; whether it is, is another matter.

    Parameters
    ----------
    survived
        Highest provocation that met no response.
    answered
        Lowest that met one; infinity if none did.
    step_to
        Provocation after the step.
    """

    def mass(x: PerSide) -> PerSide:
        return prior_mass(x, scale, prior, bluff_chance)

    known = mass(survived)
    top = jnp.where(jnp.isinf(answered), 1.0, mass(answered))
    reached = mass(jnp.minimum(step_to, answered))
    left = top - known
    return jnp.where(
        left > 1e-6, jnp.clip((reached - known) / jnp.maximum(left, 1e-6), 0.0, 1.0), 1.0
    )


def leave(
    benefit: PerSupporter,
    stake: PerSupporter,
    dependence: PerSupporter,
    backs: PerSideSupporter,
    chance: PerSide,
) -> PerSide:
    """Say for each side whether its supporters, weighed by what they send, gain by a step.

    Parameters
    ----------
    benefit, stake
        Points of the stake.
    chance
        Their belief, for each client's step, that it meets a response.

    Returns
    -------
    1 if leave is given; a side without supporters has it.
    """
    gain = backs * dependence * (benefit - stake * chance[:, None])
    return (total(gain, 1) >= 0.0).astype(jnp.float32)


def believed_chance(p: Parameters, state: State, step: Scalar) -> PerSide:
    """Belief of each side's supporters that its step meets a response of the other side.

    Parameters
    ----------
    step
        Provocation points of the step; the share of them laid at the supporters' door counts.
    """
    survived = state.survived[OTHER]
    after = jnp.maximum(state.provocation[OTHER] + p.blame * step, survived)
    return chance_of_crossing(
        survived,
        state.answered[OTHER],
        after,
        p.tolerance[OTHER],
        p.tolerance_prior,
        p.bluff_chance,
    )


class Supplied(eqx.Module):
    """What supporters sent: level and log deviation of aid, their product, what it carries."""

    aid_level: PerSupporter
    aid_shock: PerSupporter
    aid: PerSupporter
    supply: PerSide


@mechanism
def step(
    p: Parameters,
    setting: Setting,
    orders: Orders,
    state: State,
    noise: Noise,
    gain: PerSector,
    permitted: PerSide,
) -> Supplied:
    """Let aid drift, change with governments, and waver; say what materiel it carries.

    Parameters
    ----------
    gain
        km² this week, positive for side 0.
    permitted
        1 for a side that strikes deep.
    """
    client_gain = total(setting.backs * for_each_side(total(gain, 0))[:, None], 0)
    level = drift(state.aid_level, p.aid_fatigue, p.aid_follows_success, client_gain)
    cut = (setting.election_week == state.week) & (state.cutting > 0)
    level = level * jnp.where(cut, p.election_cut, 1.0)
    draw = noise.normal(Purpose.AID, len(level))
    shock = waver(state.aid_shock, draw, p.aid_volatility, p.aid_memory)
    aid = level * jnp.exp(shock) * orders.aid_factor
    carried = supply(aid, p.dependence, setting.backs, p.deep_strike_effect * permitted[OTHER])
    return Supplied(level, shock, aid, carried)
