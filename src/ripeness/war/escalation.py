"""Escalation: provocation piles up and fades; beyond tolerance a response grows likely.

Tolerance is unknown and of one of two kinds: *fixed*, a line that stays where it is, or *eroding*,
patience that every step wears down. The same rules hold for both sides. Strikes on the rear excite
each other.
"""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp

from ripeness.war.apart import mechanism
from ripeness.war.arrays import (
    OTHER,
    PerSide,
    Scalar,
    Word,
    chance_of,
    kept_a_week,
    largest,
    raised,
    total,
)
from ripeness.war.moves import Moved
from ripeness.war.noise import Noise, Purpose
from ripeness.war.parameters import Orders, Parameters, State
from ripeness.war.supporters import BLUFF, EXPONENTIAL, HUMPED

FIXED, ERODING = 0, 1
TOP_RUNG = 4.0
NO_LINE = 1e6
"""Provocation points that no war reaches: the tolerance of a side that has no line."""


def tolerance(scale: PerSide, luck: PerSide, prior: Word, bluff_chance: Scalar) -> PerSide:
    """Give the tolerance that lies at quantile `luck` of its prior, provocation points."""
    exponential = -scale * jnp.log1p(-luck)
    bluff = jnp.where(luck < 1.0 - bluff_chance, scale * luck / (1.0 - bluff_chance), NO_LINE)
    # the inverse of u**2 * (3 - 2 u) on [0, 1], by the trigonometric solution of a cubic
    humped = scale * (0.5 - jnp.sin(jnp.arcsin(1.0 - 2.0 * luck) / 3.0))
    bounded = jnp.where(prior == HUMPED, humped, scale * luck)
    return jnp.where(prior == EXPONENTIAL, exponential, jnp.where(prior == BLUFF, bluff, bounded))


def add_provocation(provocation: PerSide, steps: PerSide, halflife: Scalar) -> PerSide:
    """Provocation a week later: half of it is forgotten in `halflife` weeks."""
    return provocation * kept_a_week(halflife) + steps


def wear_patience(patience: PerSide, steps: PerSide, kind: Word, erosion: Scalar) -> PerSide:
    """Share of tolerance left: a point of provocation wears away `erosion` of one that erodes."""
    return jnp.where(kind == ERODING, patience * raised(1.0 - erosion, steps), patience)


def response_chance(
    provocation: PerSide, tolerance: PerSide, width: Scalar, accidents: Scalar
) -> PerSide:
    """Chance of a response this week: ``1 - exp(-(excess / width) - accidents)``."""
    excess = jnp.maximum(provocation - tolerance, 0.0)
    return chance_of(excess / width + accidents)


def climb_chance(climb: Scalar, rung: Scalar) -> Scalar:
    """Chance that a response climbs, ``climb ** (rung + 1)``: each rung is as hard as the first."""
    return raised(climb, rung + 1.0)


def next_rung(rung: Scalar, climbs: Scalar, calms: Scalar) -> Scalar:
    """Rung a week later; the top one is absorbing."""
    moved = jnp.clip(rung + climbs - calms * (climbs == 0), 0.0, TOP_RUNG)
    return jnp.where(rung >= TOP_RUNG, rung, moved)


def top_chance(rung: Scalar, climbs: PerSide) -> Scalar:
    """Chance that the top rung is reached this week, from that of each side's climbing one."""
    either = 1.0 - (1.0 - climbs[0]) * (1.0 - climbs[1])
    return jnp.where(rung == TOP_RUNG - 1.0, either, 0.0)


def strike_intensity(rate: PerSide, excitation: PerSide, truce: Scalar) -> PerSide:
    """Expected mass strikes of each side this week; none while a truce holds."""
    return (rate + excitation) * (1.0 - truce)


def excite(
    excitation: PerSide,
    strikes: PerSide,
    enemy_attacks: PerSide,
    echo: PerSide,
    answer: PerSide,
    decay: Scalar,
) -> PerSide:
    """Strikes a week that what happened adds, spread over `decay` weeks.

    A self- and mutually exciting count (Hawkes, "Spectra of some self-exciting and mutually
    exciting point processes", 1971) in weekly steps: each strike brings `echo` more in all, each
    enemy attack `answer`.
    """
    kept = jnp.exp(-1.0 / decay)
    brought = echo * strikes + answer * enemy_attacks
    return excitation * kept + brought * (1.0 - kept)


class Escalated(eqx.Module):
    """Where escalation stands after the week, and what happened in it.

    Attributes
    ----------
    steps
        Provocation suffered, points.
    responses, harsher
        1 if the side responded; 1 if that stayed below a rung.
    strikes
        Mass strikes made.
    wider_war_chance
        With which the top rung was to be reached this week.
    """

    provocation: PerSide
    survived: PerSide
    answered: PerSide
    patience: PerSide
    rung: Scalar
    excitation: PerSide
    steps: PerSide
    responses: PerSide
    harsher: PerSide
    strikes: PerSide
    wider_war_chance: Scalar


@mechanism
def step(p: Parameters, orders: Orders, state: State, noise: Noise, moved: Moved) -> Escalated:
    """Add up the week's provocations, draw the responses, and the strikes on each rear."""
    attacks = noise.count(Purpose.ATTACKS, p.attack_rate) + moved.invades
    blame = jnp.clip(p.blame + p.publicity * orders.publicise, 0.0, 1.0)
    made = blame * (
        p.provocation_invasion * moved.invades
        + p.provocation_strikes * moved.permitted
        + p.provocation_attack * attacks
    )
    steps = made[OTHER]
    provocation = add_provocation(state.provocation, steps, p.provocation_halflife)
    patience = wear_patience(state.patience, steps, p.tolerance_kind, p.erosion)
    line = state.tolerance * patience
    chance = response_chance(provocation, line, p.response_width, p.accident_rate)
    responses = noise.happens(Purpose.RESPONSE, chance)
    climbing = jnp.broadcast_to(climb_chance(p.climb, state.rung), chance.shape)
    climbs = responses * noise.happens(Purpose.CLIMB, climbing)
    harsher = responses - climbs
    calms = noise.happens(Purpose.CALM, p.calm) * (total(responses, 0) == 0)
    intensity = strike_intensity(p.strike_rate, state.excitation, state.truce)
    strikes = noise.count(Purpose.STRIKES, intensity + harsher)
    return Escalated(
        # a response settles the account: what it answered no longer provokes
        provocation=provocation * (1.0 - responses),
        survived=jnp.maximum(state.survived, provocation * (1.0 - responses)),
        answered=jnp.where(responses > 0, jnp.minimum(state.answered, provocation), state.answered),
        patience=patience,
        rung=next_rung(state.rung, largest(climbs, 0), calms),
        excitation=excite(
            state.excitation,
            strikes,
            attacks[OTHER],
            p.strike_echo,
            p.strike_answer,
            p.strike_decay,
        ),
        steps=steps,
        responses=responses,
        harsher=harsher,
        strikes=strikes,
        wider_war_chance=top_chance(state.rung, chance * climbing),
    )
