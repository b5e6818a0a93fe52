"""Simple forecasters, which know of one series its past and nothing else.

Each is given equally spaced values and draws paths of further ones. What a forecaster cannot fit is
left to persistence, and it is said why. What was never below zero stays so, or never above.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ripeness.record.hindcast.past import Past

DRAWS = 1_000
"""Paths that each forecaster draws."""

FEWEST = 10
"""Values from which on something is fitted: what statsmodels wants for its own starting values."""

FEWEST_PATHS = 8
"""Past paths of changes from which on persistence spreads as they did."""

TRENDS = ((None, False), ("add", False), ("add", True))
"""Trends that exponential smoothing chooses from: none, additive, damped."""


@dataclass(frozen=True)
class Drawn:
    """What a simple forecaster says.

    Attributes
    ----------
    paths
        Draws by steps, in the unit of the values.
    stands_in
        Why this is persistence in place of what was asked for; empty if it is not.
    """

    paths: np.ndarray
    stands_in: str = ""


class CannotFit(Exception):
    """Why a model cannot be fitted to a series."""


def persistence(past: Past, luck: np.random.Generator) -> np.ndarray:
    """Draw the last value, and around it changes like those over as many steps in the past.

    Paths are sums of past paths of changes with standard normal weights, which gives them the mean
    square of past changes at each step and their products between steps. A series too short for
    that walks at random with the mean square of its single steps, and one of a single figure
    spreads by its error.
    """
    values, steps = past.values, past.steps
    starts = len(values) - steps
    if starts >= FEWEST_PATHS:
        windows = np.lib.stride_tricks.sliding_window_view(values, steps + 1)
        changes = windows[:, 1:] - windows[:, :1]
        weights = luck.standard_normal((DRAWS, starts)) / np.sqrt(starts)
        return values[-1] + weights @ changes
    if len(values) == 1:
        return values[-1] + past.error * np.repeat(luck.standard_normal((DRAWS, 1)), steps, 1)
    step = np.sqrt(np.mean(np.diff(values) ** 2))
    return values[-1] + step * np.cumsum(luck.standard_normal((DRAWS, steps)), axis=1)


def drift(past: Past, luck: np.random.Generator) -> np.ndarray:
    """Draw a random walk that goes on by its mean past change.

    Hyndman and Athanasopoulos (2021), Forecasting: principles and practice, section 5.2, with
    their variance of `k` steps, `k (1 + k / changes)` times that of a change: the mean is uncertain
    too.
    """
    changes = np.diff(past.values)
    if len(changes) < 2:
        raise CannotFit("it has fewer than three values")
    sd = changes.std(ddof=1)
    mean = changes.mean() + sd / np.sqrt(len(changes)) * luck.standard_normal((DRAWS, 1))
    walked = np.cumsum(mean + sd * luck.standard_normal((DRAWS, past.steps)), axis=1)
    return past.values[-1] + walked


def local_level(past: Past, luck: np.random.Generator) -> np.ndarray:
    """Draw from a random walk seen with noise, fitted by maximum likelihood (statsmodels).

    Harvey (1989), Forecasting, structural time series models and the Kalman filter.
    """
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    values, unscaled = _scaled(past)
    model: Any = UnobservedComponents(values, irregular=True, level=True, stochastic_level=True)
    fit = model.fit(disp=False)
    if not fit.mle_retvals["converged"]:
        raise CannotFit("its fit did not converge")
    noise, walk = np.sqrt(fit.params)
    level = fit.predicted_state[0, -1]
    level_sd = np.sqrt(fit.predicted_state_cov[0, 0, -1])
    moved = walk * luck.standard_normal((DRAWS, past.steps))
    moved[:, 0] = level + level_sd * luck.standard_normal(DRAWS)
    return unscaled(np.cumsum(moved, axis=1) + noise * luck.standard_normal(moved.shape))


def smoothing(past: Past, luck: np.random.Generator) -> np.ndarray:
    """Draw from exponential smoothing with additive errors (statsmodels' ETS).

    Its trend - none, additive or damped - is the one with the least AIC of those that converge.
    Hyndman, Koehler, Ord and Snyder (2008), Forecasting with exponential smoothing.
    """
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    values, unscaled = _scaled(past)
    models = [ETSModel(values, "add", trend, damped) for trend, damped in TRENDS]
    fits: list[Any] = [model.fit(disp=False) for model in models]
    fits = [fit for fit in fits if fit.mle_retvals["converged"] and np.isfinite(fit.aic)]
    if not fits:
        raise CannotFit("its fit did not converge")
    best = min(fits, key=lambda fit: fit.aic)
    drawn = best.simulate(past.steps, anchor="end", repetitions=DRAWS, rng=luck)
    return unscaled(np.asarray(drawn).reshape(past.steps, DRAWS).T)


BASELINES: dict[str, Callable[[Past, np.random.Generator], np.ndarray]] = {
    "persistence": persistence,
    "drift": drift,
    "local level": local_level,
    "ETS": smoothing,
}


def forecast(name: str, past: Past, seed: int) -> Drawn:
    """Draw paths of further values by one of the `BASELINES`; it never fails."""

    def luck() -> np.random.Generator:
        return np.random.default_rng([seed, *name.encode()])

    reason = ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            paths = BASELINES[name](past, luck())
        if not np.isfinite(paths).all():
            raise CannotFit("its forecast is not finite")
    except (CannotFit, ValueError, ArithmeticError, np.linalg.LinAlgError) as error:
        reason = str(error) if isinstance(error, CannotFit) else "its fit failed"
        paths = persistence(past, luck())
    low = 0.0 if past.values.min() >= 0.0 else -np.inf
    high = 0.0 if past.values.max() <= 0.0 < -low else np.inf
    return Drawn(np.clip(paths, low, high), reason)


def _scaled(past: Past) -> tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    """Give values of mean 0 and standard deviation 1, for fits to converge, and the way back."""
    values = past.values
    if len(values) < FEWEST:
        raise CannotFit(f"it has fewer than {FEWEST} values")
    mean, sd = values.mean(), values.std()
    if np.ptp(values) == 0:
        raise CannotFit("its values never changed")
    return (values - mean) / sd, lambda scaled: mean + sd * scaled
