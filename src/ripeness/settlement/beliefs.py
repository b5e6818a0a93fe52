"""What each side believes of the balance of power, and how fighting teaches it.

Both begin with the truth plus their own optimism; every week's battle is a noisy sign of the
balance, the same for both (normal-normal Bayes), so beliefs converge as the war goes on
(Slantchev, "The principle of convergence in wartime negotiations", 2003).
"""

from __future__ import annotations

from ripeness.war.arrays import PerSide, Scalar


def learn(
    mean: PerSide, variance: PerSide, sign: Scalar, sign_sd: Scalar, fighting: Scalar
) -> tuple[PerSide, PerSide]:
    """Update beliefs about the log power ratio by a week of fighting.

    ``1/v' = 1/v + fighting/sd**2`` and ``m' = v' * (m/v + fighting * sign/sd**2)``.

    Parameters
    ----------
    mean, variance
        Of each side's belief, log power and its square.
    sign
        The balance as this week's battles showed it, log power.
    sign_sd
        Noise of a whole week's fighting.
    fighting
        Share of the front that fought.

    Returns
    -------
    Mean and variance after the week.
    """
    precision = fighting / sign_sd**2
    new_variance = 1.0 / (1.0 / variance + precision)
    return new_variance * (mean / variance + precision * sign), new_variance
