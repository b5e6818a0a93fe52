"""Whether the peers compute what Ripeness computes: nobody is timed for another task.

In: how the same worlds stand by two programs. Out: nothing, or an error.
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

COUNTED = 0.5
"""For what is counted, yes or no, or a number of a list: the same."""

WHOLE_TOLERANCES = {
    **dict.fromkeys(("share", "materiel", "aid", "support", "anger", "belief_mean"), 1e-3),
    **dict.fromkeys(("troops", "casualties"), 0.05),
    **dict.fromkeys(("war_cost", "flow", "aid_sent"), 0.01),
    **dict.fromkeys(("rung", "talks_open", "truce", "talks_weeks"), COUNTED),
    **dict.fromkeys(("strikes", "responses", "kind", "end_week", "deal"), COUNTED),
}
"""Of a whole war, which is longer: also log power, shares of society, points, weeks of aid."""

WHOLE_NEARLY_ALL = 0.99
"""Share of whole wars that must agree: in the others a rounding may have tipped a draw against a
chance, or the choice between deals that are worth the same but for rounding. In the Kursk case that
names another deal in one war in a thousand, and nothing else differs; ten times as many may."""


def check(
    peer: str,
    found: Plain,
    expected: Plain,
    tolerances: dict[str, float] = TOLERANCES,
    nearly_all: float = NEARLY_ALL,
) -> None:
    """Compare two stands of the same worlds.

    Raises
    ------
    RipenessError
        If they differ by more than rounding in more worlds than a rounding may tip over.
    """
    for name, tolerance in tolerances.items():
        apart = np.abs(found[name] - expected[name])
        agree = (apart <= tolerance).reshape(-1, apart.shape[-1]).all(axis=0)
        if agree.mean() < nearly_all:
            raise RipenessError(
                f"{peer} and Ripeness differ in {name!r} in {1 - agree.mean():.1%} of worlds, by "
                f"{apart.max():.3g} at most: they compute different things, so their speeds "
                "are not compared"
            )


def check_whole(peer: str, found: Plain, expected: Plain) -> None:
    """Compare how whole wars of the same worlds stand.

    Raises
    ------
    RipenessError
        If they differ by more than rounding in more than one world in a hundred.
    """
    check(peer, found, expected, WHOLE_TOLERANCES, WHOLE_NEARLY_ALL)
