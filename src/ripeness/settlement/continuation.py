"""What going on is worth to each side, as fitted: the features, the value function, its evaluation.

How it is fitted stands in `fitting`.
"""

from __future__ import annotations

from dataclasses import dataclass

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from ripeness.war.arrays import Array, PerSide, total

PerSideFeature = Float[Array, "sides features *worlds"]

FEATURE_LIMIT = 3.0
"""Standard deviations at which a feature is held: far from its data a quadratic runs away."""

FEATURES = (
    "worth of the line",
    "balance of power",
    "cost of a week",
    "own support",
    "other's support",
    "own soil lost",
    "own anger",
    "own materiel",
    "other's materiel",
    "talks open",
    "rate of discount",
    "years of war beyond the horizon",
)


def basis_size(features: int = len(FEATURES)) -> int:
    """Number of terms of a full quadratic."""
    return 1 + features + features * (features + 1) // 2


def quadratic(x: np.ndarray) -> np.ndarray:
    """Full quadratic basis of standardised features (last axis): 1, each, each product."""
    products = [x[..., n : n + 1] * x[..., n:] for n in range(x.shape[-1])]
    return np.concatenate([np.ones_like(x[..., :1]), x, *products], axis=-1)


def value_function(coefficients: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Constant, slopes and curvature of the quadratic with these coefficients (last axis).

    ``constant + slopes . x + x . curvature . x`` is ``quadratic(x) . coefficients``.
    """
    features = 0
    while basis_size(features) < coefficients.shape[-1]:
        features += 1
    curvature = np.zeros((*coefficients.shape[:-1], features, features))
    rows, columns = np.triu_indices(features)
    curvature[..., rows, columns] = coefficients[..., 1 + features :]
    return coefficients[..., 0], coefficients[..., 1 : 1 + features], curvature


class Fitted(eqx.Module):
    """The fitted value of going on in one week, as the simulation uses it.

    ``constant + slopes . x + x . curvature . x`` of standardised features x, kept within `low` and
    `high`.
    """

    constant: PerSide
    slopes: PerSideFeature
    curvature: Float[Array, "sides features features"]
    low: PerSide
    high: PerSide
    centre: PerSideFeature
    scale: PerSideFeature


@dataclass(frozen=True)
class Continuation:
    """Fitted values of going on.

    Attributes
    ----------
    coefficients
        Weeks by sides by basis; points.
    centre, scale
        Sides by features: what standardises a feature.
    low, high
        Weeks by sides: attained values, to which a prediction is clipped; points.
    r2, bias, error
        For each side: share of the variance explained on wars that were not used for the fit, the
        luck of wider war aside; mean of fitted less realised value on them, points; standard error
        of a fitted value, points.
    value, fresh, fresh_error
        For each side, at the decision date, points: mean fitted value; mean value realised on wars
        that were not used for the fit by settling as it says, which for a single decider is a lower
        bound of the true value; its standard error, wars of one world counting as one draw.
    """

    coefficients: np.ndarray
    centre: np.ndarray
    scale: np.ndarray
    low: np.ndarray
    high: np.ndarray
    r2: np.ndarray
    bias: np.ndarray
    error: np.ndarray
    value: np.ndarray
    fresh: np.ndarray
    fresh_error: np.ndarray

    def weekly(self) -> Fitted:
        """Give the value functions of all weeks: weeks first, worlds (one) last."""
        constant, slopes, curvature = value_function(self.coefficients)

        def single(x: np.ndarray) -> np.ndarray:
            return x.astype(np.float32)[..., None]

        return Fitted(
            constant=single(constant),
            slopes=single(slopes),
            curvature=curvature.astype(np.float32),
            low=single(self.low),
            high=single(self.high),
            centre=single(np.broadcast_to(self.centre, slopes.shape)),
            scale=single(np.broadcast_to(self.scale, slopes.shape)),
        )


def untrained(weeks: int) -> Continuation:
    """Stand in while the training wars are simulated, in which nobody settles."""
    count, size = len(FEATURES), basis_size()
    weekly, none = np.zeros((weeks, 2)), np.zeros(2)
    return Continuation(
        coefficients=np.zeros((weeks, 2, size)),
        centre=np.zeros((2, count)),
        scale=np.ones((2, count)),
        low=weekly,
        high=weekly,
        r2=none,
        bias=none,
        error=none,
        value=none,
        fresh=none,
        fresh_error=none,
    )


def predict(features: PerSideFeature, fitted: Fitted) -> PerSide:
    """Value of going on for each side in one week, points."""
    x = jnp.clip((features - fitted.centre) / fitted.scale, -FEATURE_LIMIT, FEATURE_LIMIT)
    curved = jnp.einsum("sfg,sf...->sg...", fitted.curvature, x)
    value = fitted.constant + total((fitted.slopes + curved) * x, 1)
    return jnp.clip(value, fitted.low, fitted.high)
