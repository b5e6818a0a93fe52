"""Worlds other than as the case has them, so that what differs between the two can be seen.

Mechanisms are switched off, assumptions drawn anew, or the sides' rules exchanged.
A variant changes values after they were sampled. So its worlds have the points and the luck of the
case's own worlds, and a world of one can be compared with the same world of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from ripeness.case.mechanisms import neutral_values
from ripeness.case.resolve import first_given
from ripeness.case.schema import CaseFile
from ripeness.worlds.sampling import Sample, prior

Variant = Callable[[CaseFile, Sample], Sample]
"""Given a case and the values sampled for a block of its worlds, gives the values to use."""

RULES_OF_A_SIDE = ("tolerance", "tolerance_luck")
"""What a side bears without a response: all of the rules of escalation that each side has for
itself. Kind and family of the line, erosion, width, climb and calm are the same for both anyway.
Attacks and strikes (their rates, echoes, answers and damage) stay where they are: they are what a
side does and can do, the provocations and not the answer to them."""


def as_it_is(_case: CaseFile, values: Sample) -> Sample:
    """Change nothing."""
    return values


def without(mechanisms: Iterable[str]) -> Variant:
    """Switch mechanisms off: the quantities that they rest on take their neutral values."""
    neutral = neutral_values(mechanisms)

    def switched_off(_case: CaseFile, values: Sample) -> Sample:
        changed = dict(values)
        for quantity, value in neutral.items():
            given = [name for name in values if name.split(".")[0] == quantity]
            # the bare name is for what the case leaves to the default
            changed |= {name: _everywhere(values, value) for name in (*given, quantity)}
        return changed

    return switched_off


def drawn_anew(names: Iterable[str], seed: Sequence[int]) -> Variant:
    """Draw some assumptions a second time, all else as it was.

    The draws are independent, not of a Sobol sequence: two scrambles of the same points would not
    be independent of each other.

    Parameters
    ----------
    names
        The assumptions.
    seed
        Another for each block of worlds.
    """
    chosen = tuple(names)

    def anew(case: CaseFile, values: Sample) -> Sample:
        count = len(next(iter(values.values())))
        rng = np.random.default_rng(seed)
        drawn = prior(case).valued({name: rng.random(count) for name in chosen}, count)
        return {**values, **{name: drawn[name] for name in chosen}}

    return anew


def mirrored(case: CaseFile, values: Sample) -> Sample:
    """Let each side have the other's `RULES_OF_A_SIDE`."""
    first, second = case.sides
    changed = dict(values)
    for quantity in RULES_OF_A_SIDE:
        changed[f"{quantity}.{first}"] = _of_side(values, quantity, second)
        changed[f"{quantity}.{second}"] = _of_side(values, quantity, first)
    return changed


def tolerance_times(factor: float, side: str) -> Variant:
    """Let a side have so many times its tolerance."""

    def scaled(_case: CaseFile, values: Sample) -> Sample:
        tolerance = _of_side(values, "tolerance", side)
        return {**values, f"tolerance.{side}": np.float32(factor) * tolerance}

    return scaled


def _of_side(values: Sample, quantity: str, side: str) -> np.ndarray:
    """The values of a quantity for a side, whatever name gives them."""
    name = first_given(values, quantity, (side,))
    assert name is not None, "a loaded case gives all that has no default"
    return values[name]


def _everywhere(values: Sample, value: float) -> np.ndarray:
    return np.full(len(next(iter(values.values()))), value, np.float32)
