"""Compiled once a machine: what XLA made of the simulation is kept between runs.

In: nothing. Out: the steps of a simulation, compiled or fetched from the cache.
"""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path

import jax

from ripeness.settlement.course import advance, begin, follow, follow_on, foresee

WIDE = {"xla_cpu_prefer_vector_width": 512}
"""How XLA is to compile: with the widest vectors of the processor, not half of them. A sixth faster
where there are 512 bits; elsewhere nothing changes."""

SHORTEST = 0.2
"""Seconds of compilation from which on its result is kept."""


@cache
def begun():
    """Compile how a block of wars begins, once a process."""
    _keep_compiled()
    return jax.jit(begin, compiler_options=WIDE)


@cache
def advanced():
    """Compile how weeks of war go by, once a process for any number of weeks."""
    _keep_compiled()
    return jax.jit(advance, compiler_options=WIDE)


@cache
def followed():
    """Compile how worlds are followed from the decision date on, once a process."""
    _keep_compiled()
    return jax.jit(follow, compiler_options=WIDE)


@cache
def followed_on():
    """Compile how worlds that were followed are followed on, once a process.

    It takes over the memory of how they stood: to copy all weeks takes longer than to add one.
    """
    _keep_compiled()
    return jax.jit(follow_on, donate_argnames="followed", compiler_options=WIDE)


@cache
def foreseen():
    """Compile how some lucks of the next week are tried, once a process."""
    _keep_compiled()
    return jax.jit(foresee, compiler_options=WIDE)


def _keep_compiled() -> None:
    """Let JAX keep compiled programs in the user's cache, unless the user chose a place for them.

    Where nothing can be written, every run compiles anew.
    """
    if jax.config.jax_compilation_cache_dir is not None:  # pyright: ignore[reportAttributeAccessIssue]
        return
    place = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ripeness" / "jax"
    try:
        place.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=place).close()
    except OSError:
        return
    jax.config.update("jax_compilation_cache_dir", str(place))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", SHORTEST)
