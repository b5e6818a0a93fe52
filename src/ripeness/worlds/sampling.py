"""Sampling assumptions: a value of every uncertain number for every world.

A scrambled Sobol sequence through the inverse distributions, so that a few thousand worlds cover
the space of assumptions evenly (Owen 1997; scipy.stats.qmc). World n is the n-th point whatever
the number of worlds.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ripeness.case.distributions import Choice
from ripeness.case.quantities import QUANTITIES, Quantity
from ripeness.case.resolve import SECTIONS, indices, resolve
from ripeness.case.schema import CaseFile
from ripeness.war.parameters import Parameters

Sample = Mapping[str, np.ndarray]
"""For each assumption the values of a block of worlds; words by their place in the catalogue."""

PRODUCTION, TRAINING = 0, 1
"""Two sequences of worlds that have no point in common: those one reports, those one fits on."""


def uncertain(case: CaseFile) -> list[str]:
    """Names of the assumptions that differ between worlds."""
    return [name for name, a in case.assumptions.items() if not a.distribution.is_constant]


def sample(
    case: CaseFile, seed: int, first: int, count: int, sequence: int = PRODUCTION
) -> dict[str, np.ndarray]:
    """Sample the assumptions of worlds ``first`` to ``first + count - 1``.

    Parameters
    ----------
    sequence
        `PRODUCTION` or `TRAINING`.

    Returns
    -------
    For each assumption of the case, also the constant ones, an array of single-precision values.
    """
    from scipy.stats import qmc  # here, because loading it would slow every `ripeness check`

    names = uncertain(case)
    engine = qmc.Sobol(len(names), scramble=True, rng=np.random.default_rng([seed, sequence]))
    if first:
        engine.fast_forward(first)
    points = dict(zip(names, engine.random(count).T, strict=True)) if names else {}
    return valued(case, points, count)


def valued(case: CaseFile, points: Mapping[str, np.ndarray], count: int) -> dict[str, np.ndarray]:
    """Give the assumptions of worlds that stand at given quantiles of their distributions.

    Parameters
    ----------
    points
        For each uncertain assumption the quantiles, one a world.
    """
    half = np.full(count, 0.5)
    values = {}
    for name, assumption in case.assumptions.items():
        drawn = assumption.distribution.quantile(points.get(name, half))
        values[name] = _as_catalogued(name, assumption.distribution, drawn).astype(np.float32)
    return values


def unsampled(case: CaseFile, count: int) -> Sample:
    """Stand in for a sample where only its shape matters."""
    return {name: np.zeros(count, np.float32) for name in case.assumptions}


def _as_catalogued(name: str, distribution: object, drawn: np.ndarray) -> np.ndarray:
    """Number words by their place in the catalogue, not by their order in the case file."""
    if not isinstance(distribution, Choice):
        return drawn
    choices = quantity_of(name).choices
    places = np.array([choices.index(word) for word in distribution.words])
    return places[drawn.astype(int)]


def quantity_of(assumption: str) -> Quantity:
    """Give the quantity that an assumption is about."""
    name = assumption.split(".")[0]
    return next(quantity for quantity in QUANTITIES if quantity.name == name)


def parameters(case: CaseFile, values: Sample) -> Parameters:
    """Arrange sampled assumptions as the parameters of a block of worlds (last axis).

    Parameters
    ----------
    values
        As from `sample`; names that a variant added are as good as the case's own.
    """
    count = len(next(iter(values.values())))
    given = resolve(case, values)
    fields = {}
    for quantity in QUANTITIES:
        columns = []
        for index in indices(case, quantity):
            source = given[quantity.name, index]
            columns.append(
                values[source] if isinstance(source, str) else np.full(count, source, np.float32)
            )
        shape = tuple(len(getattr(case, SECTIONS[kind])) for kind in quantity.over)
        block = np.stack(columns) if columns else np.zeros((0, count), np.float32)
        block = block.reshape(*shape, count)
        fields[quantity.name] = block.astype(np.int32) if quantity.choices else block
    return Parameters(**fields)
