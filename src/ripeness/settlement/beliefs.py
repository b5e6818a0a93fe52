"""What each side believes of the balance of power, and how fighting and talking teach it.

Both begin with the truth plus their own optimism; every week's battle is a noisy sign of the
balance, the same for both (normal-normal Bayes), so beliefs converge as the war goes on
(Slantchev, "The principle of convergence in wartime negotiations", 2003). What the other side asks
for in talks tells what it believed at the start. Rival structures: *none*, *battles*, *battles and
offers*.
"""

from __future__ import annotations

import jax.numpy as jnp

from ripeness.war.arrays import PerSide, Scalar, Word

NONE, BATTLES, BATTLES_AND_OFFERS = 0, 1, 2


def learn(
    mean: PerSide, variance: PerSide, sign: PerSide, precision: PerSide
) -> tuple[PerSide, PerSide]:
    """Update beliefs about the log power ratio by a sign of it.

    ``1/v' = 1/v + precision`` and ``m' = v' * (m/v + precision * sign)``.

    Parameters
    ----------
    mean, variance
        Of each side's belief, log power and its square.
    sign
        What the balance looks like to each side, log power.
    precision
        One over the variance of the sign's error.

    Returns
    -------
    Mean and variance after it.
    """
    new_variance = 1.0 / (1.0 / variance + precision)
    return new_variance * (mean / variance + precision * sign), new_variance


def battle_precision(learning: Word, sign_sd: Scalar, fighting: Scalar) -> Scalar:
    """Precision of a week of fighting as a sign: ``fighting / sd**2``, 0 if nobody learns.

    Parameters
    ----------
    sign_sd
        Noise of a whole week's fighting, log power.
    fighting
        Share of the front that fought.
    """
    return jnp.where(learning == NONE, 0.0, fighting / sign_sd**2)


def offer_precision(
    learning: Word, weeks: Scalar, others_variance: PerSide, offer_sd: Scalar, talking: Scalar
) -> PerSide:
    """Precision that one more week of talks adds to what a side knows through the other's offers.

    A week of talks tells what the other believed at the start with an error of s.d. `offer_sd`, and
    that belief was itself a sign of the balance with the other's variance v. So n weeks have taught
    ``n / (n v + sd**2)``, never more than ``1 / v``: talks do not replace what neither side knew.

    Parameters
    ----------
    weeks
        Of talks before.
    others_variance
        Variance of the other side's first belief, for each side.
    talking
        1 if this is a week of talks.
    """

    def taught(n: Scalar) -> PerSide:
        return n / (n * others_variance + offer_sd**2)

    gained = talking * (taught(weeks + 1.0) - taught(weeks))
    return jnp.where(learning == BATTLES_AND_OFFERS, gained, 0.0)
