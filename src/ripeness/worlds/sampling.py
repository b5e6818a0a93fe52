"""Sampling assumptions: a value of every uncertain number for every world.

A scrambled Sobol sequence through the inverse distributions, so that a few thousand worlds cover
the space of assumptions evenly (Owen 1997; scipy.stats.qmc). World n is the n-th point whatever
the number of worlds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ripeness.case.distributions import Choice, Distribution, together
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
    return prior(case).valued(points, count)


@dataclass(frozen=True)
class Prior:
    """The assumptions of a case, ready to be valued for many blocks of worlds.

    Attributes
    ----------
    names
        Of all assumptions, in the order of the case.
    numbers
        Names of those with distributions of one kind, and these as one (`together`).
    words
        Name, distribution, and the places of its words in the catalogue.
    """

    names: tuple[str, ...]
    numbers: tuple[tuple[tuple[str, ...], Distribution], ...]
    words: tuple[tuple[str, Choice, np.ndarray], ...]

    def valued(self, points: Mapping[str, np.ndarray], count: int) -> dict[str, np.ndarray]:
        """Give the assumptions of worlds that stand at given quantiles of their distributions.

        Parameters
        ----------
        points
            For each uncertain assumption the quantiles, one a world.
        """
        half = np.full(count, 0.5, np.float32)
        values = dict.fromkeys(self.names, half)
        for names, distribution in self.numbers:
            rows = np.stack([points.get(name, half) for name in names])
            values |= zip(names, distribution.quantile(rows).astype(np.float32), strict=True)
        for name, choice, places in self.words:
            index = choice.quantile(points.get(name, half)).astype(int)
            values[name] = places[index].astype(np.float32)
        return values


def prior(case: CaseFile, precision: type[np.floating] = np.float64) -> Prior:
    """Take a case's assumptions together, to be valued in a precision."""
    kinds: dict[type[Distribution], dict[str, Distribution]] = {}
    words = []
    for name, assumption in case.assumptions.items():
        distribution = assumption.distribution
        if isinstance(distribution, Choice):
            choices = quantity_of(name).choices
            places = np.array([choices.index(word) for word in distribution.words])
            words.append((name, distribution, places))
        else:
            kinds.setdefault(type(distribution), {})[name] = distribution
    numbers = [
        (tuple(alike), together(list(alike.values()), precision)) for alike in kinds.values()
    ]
    return Prior(tuple(case.assumptions), tuple(numbers), tuple(words))


def unsampled(case: CaseFile, count: int) -> Sample:
    """Stand in for a sample where only its shape matters."""
    return {name: np.zeros(count, np.float32) for name in case.assumptions}


def quantity_of(assumption: str) -> Quantity:
    """Give the quantity that an assumption is about."""
    name = assumption.split(".")[0]
    return next(quantity for quantity in QUANTITIES if quantity.name == name)


@dataclass(frozen=True)
class Layout:
    """Where the parameters of worlds are found among their assumptions.

    Attributes
    ----------
    defaults
        What the case leaves to the catalogue.
    rows
        By quantity, where in the assumptions, followed by the defaults, each of its values is; of
        the shape that the quantity has.
    """

    defaults: np.ndarray
    rows: dict[str, np.ndarray]

    def parameters(self, values: Sample) -> Parameters:
        """Arrange sampled assumptions as the parameters of a block of worlds (last axis)."""
        sampled = np.stack(list(values.values()))
        defaults = np.broadcast_to(self.defaults[:, None], (len(self.defaults), sampled.shape[1]))
        found = np.concatenate([sampled, defaults])
        return Parameters(
            **{
                quantity.name: found[self.rows[quantity.name]].astype(
                    np.int32 if quantity.choices else np.float32, copy=False
                )
                for quantity in QUANTITIES
            }
        )


def layout(case: CaseFile, names: Iterable[str]) -> Layout:
    """Find where the parameters of worlds are, whose assumptions have names in an order.

    Parameters
    ----------
    names
        Those that a variant added are as good as the case's own.
    """
    place = {name: row for row, name in enumerate(names)}
    given = resolve(case, place)
    defaults: list[float] = []
    rows = {}
    for quantity in QUANTITIES:
        of_quantity = []
        for index in indices(case, quantity):
            source = given[quantity.name, index]
            if isinstance(source, str):
                of_quantity.append(place[source])
            else:
                of_quantity.append(len(place) + len(defaults))
                defaults.append(source)
        shape = tuple(len(getattr(case, SECTIONS[kind])) for kind in quantity.over)
        rows[quantity.name] = np.array(of_quantity, int).reshape(shape)
    return Layout(np.array(defaults, np.float32), rows)


def parameters(case: CaseFile, values: Sample) -> Parameters:
    """Arrange sampled assumptions as the parameters of a block of worlds (last axis).

    Parameters
    ----------
    values
        As from `sample`; names that a variant added are as good as the case's own.
    """
    return layout(case, values).parameters(values)
