"""The home front: what share of society is for going on.

On the logit scale: what the war as a whole does (casualties or prospects, and time), plus shocks that fade.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp

from ripeness.war.ground import WEEKS_A_YEAR
from ripeness.war.parameters import PerSide, Scalar, Word

CASUALTIES, PROSPECTS = 0, 1


def casualty_effect(casualties: PerSide, before: PerSide, sensitivity: PerSide) -> PerSide:
    """Logit change of support as the log of casualties grows (Mueller, "War, Presidents and Public Opinion", 1973).

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
        What the first invasion of own soil adds, what its continued loss takes, what taking enemy soil adds.
    """
    return shock * (1.0 - fading) + draw + rallied - humiliated + lifted
