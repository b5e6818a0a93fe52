"""What XLA is to compute on its own, before what uses it.

Left alone it melts a whole week into a few loops that compute numbers again for each use and no
longer run on vectors of worlds: twenty times slower. An `optimization_barrier` is dropped on the
CPU; a call that may not be inlined stays.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import jax
from jax.experimental.xla_metadata import set_xla_metadata

P = ParamSpec("P")
R = TypeVar("R")
X = TypeVar("X")


def mechanism(step: Callable[P, R]) -> Callable[P, R]:
    """Compile a step of the week for itself; nothing else about it changes."""

    @jax.jit
    def compiled(*args: P.args, **kwargs: P.kwargs) -> R:
        with set_xla_metadata(inlineable="true"):  # what is within may melt together
            return step(*args, **kwargs)

    @wraps(step)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        walled = jax.default_backend() == "cpu"  # measured there only
        with set_xla_metadata(inlineable="false" if walled else "true"):
            return compiled(*args, **kwargs)

    return called


@mechanism
def apart(x: X) -> X:
    """Give x, computed once, before whatever uses it."""
    return x
