"""The home front: what share of society is for going on.

On the logit scale: what the war as a whole does (casualties or prospects, and time), plus shocks
that fade.
"""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp

from ripeness.war.apart import mechanism
from ripeness.war.arrays import OTHER, WEEKS_A_YEAR, PerSide, Scalar, Word, for_each_side, total
from ripeness.war.battle import Fought
from ripeness.war.forces import Replaced
from ripeness.war.moves import Moved
from ripeness.war.noise import Noise, Purpose
from ripeness.war.parameters import Parameters, Setting, State

CASUALTIES, PROSPECTS = 0, 1


def casualty_effect(casualties: PerSide, before: PerSide, sensitivity: PerSide) -> PerSide:
    """Logit change of support as the log of casualties grows.

    Mueller, "War, Presidents and Public Opinion" (1973).

    Parameters
    ----------
    casualties
        Thousands since the decision date.
    before
        Thousands before it.
    sensitivity
        Logit per tenfold.
    """
    return -sensitivity * jnp.log10((before + casualties) / before)


def prospects_effect(net_gain: PerSide, sensitivity: PerSide) -> PerSide:
    """Logit change of support as ground is won (Sidman and Norpoth, "Fighting to win", 2012).

    Parameters
    ----------
    net_gain
        km² gained since the decision date.
    sensitivity
        Logit per 1,000 km².
    """
    return sensitivity * net_gain / 1000.0


def support(
    start: PerSide,
    driver: Word,
    by_casualties: PerSide,
    by_prospects: PerSide,
    weariness: PerSide,
    week: Scalar,
    shock: PerSide,
) -> PerSide:
    """Share of society for going on."""
    driven = jnp.where(driver == PROSPECTS, by_prospects, by_casualties)
    logit = jnp.log(start / (1.0 - start)) + driven - weariness * week / WEEKS_A_YEAR + shock
    return jax.nn.sigmoid(logit)


def shocks(
    shock: PerSide,
    fading: Scalar,
    draw: PerSide,
    rallied: PerSide,
    humiliated: PerSide,
    lifted: PerSide,
) -> PerSide:
    """Shock to support a week later, logit.

    Parameters
    ----------
    fading
        Rate a week.
    draw
        This week's noise.
    rallied, humiliated, lifted
        What the first invasion of own soil adds, what its continued loss takes, what taking enemy
        soil adds.
    """
    return shock * (1.0 - fading) + draw + rallied - humiliated + lifted


class Felt(eqx.Module):
    """What society makes of the week: shock to support (logit), share for going on."""

    shock: PerSide
    support: PerSide


@mechanism
def step(
    p: Parameters,
    setting: Setting,
    state: State,
    noise: Noise,
    moved: Moved,
    fought: Fought,
    replaced: Replaced,
) -> Felt:
    """Let both societies feel the week's casualties, ground and invasions."""
    net_gain = for_each_side(total((fought.share - setting.share) * setting.area, 0))
    taken = for_each_side(fought.gain) * setting.own_soil[OTHER]
    shock = shocks(
        state.support_shock,
        p.support_return,
        p.support_noise * noise.normal(Purpose.SUPPORT, len(net_gain)),
        p.rally * moved.invades[OTHER] * (1.0 - state.invaded),
        p.humiliation * replaced.invaded * (total(replaced.own_soil_lost, 1) > 1.0),
        p.lift * jnp.maximum(total(taken, 1), 0.0) / 1000.0,
    )
    return Felt(
        shock,
        support(
            p.support_start,
            p.support_driver,
            casualty_effect(
                state.casualties + fought.casualties, p.casualties_start, p.casualty_sensitivity
            ),
            prospects_effect(net_gain, p.prospects_sensitivity),
            p.weariness,
            state.week.astype(jnp.float32) + 1.0,
            shock,
        ),
    )
