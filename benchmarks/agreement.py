"""Whether the peers compute what Ripeness computes: nobody is timed for another task.

In: how the front stands in the same worlds by two programs. Out: nothing, or an error.
"""

from __future__ import annotations

import numpy as np

from ripeness.errors import RipenessError

Plain = dict[str, np.ndarray]

TOLERANCES = {"share": 1e-4, "troops": 0.05, "reserve": 0.05, "dead": 0.05, "materiel": 1e-4}
"""A tenth of a thousandth of a sector, 50 men, a tenth of a thousandth of the materiel: what
half a year of single-precision rounding stays well under, and a term left out or a draw of other
luck goes far beyond."""

NEARLY_ALL = 0.999
"""Share of worlds that must agree: in the others a rounding may have tipped a threshold."""


def check(peer: str, found: Plain, expected: Plain) -> None:
    """Compare two stands of the same worlds.

    Raises
    ------
    RipenessError
        If they differ by more than rounding in more than one world in a thousand.
    """
    for name, tolerance in TOLERANCES.items():
        apart = np.abs(found[name] - expected[name])
        agree = (apart <= tolerance).reshape(-1, apart.shape[-1]).all(axis=0)
        if agree.mean() < NEARLY_ALL:
            raise RipenessError(
                f"{peer} and Ripeness differ in {name!r} in {1 - agree.mean():.1%} of worlds, by "
                f"{apart.max():.3g} at most: they compute different things, so their speeds "
                "are not compared"
            )
