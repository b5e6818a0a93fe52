"""The front under EMA Workbench: run by speed.py with the Python that has EMA Workbench.

In: a file of worlds that speed.py wrote. Out, as JSON: its version, and for each way to run it the
seconds that each of a few repeats took and how many weeks of worlds that was.

Made as fast as its documentation and its own speed-ups of its examples go: the evaluator that is
faster of the two, no logging, three scalar outcomes, and where the model runs many replications,
all of them at once in NumPy. EMA Workbench is even spared its sampling: an experiment is the number
of a world, whose parameters lie in memory.
"""

from __future__ import annotations

import json
import sys
import time
from functools import cache
from importlib.metadata import version
from typing import Any

import in_numpy
import in_python
import numpy as np
from ema_workbench import (  # pyright: ignore[reportMissingImports]
    Constant,
    IntegerParameter,
    Model,
    MultiprocessingEvaluator,
    ScalarOutcome,
    Scenario,
    SequentialEvaluator,
)

PROCESSES = 2
REPLICATIONS = 1000
"""Worlds that share their parameters in a model that runs many at once."""

OUTCOMES = ("ground", "dead_of_first", "dead_of_second")


@cache
def worlds_in(path: str) -> dict[str, dict[str, np.ndarray]]:
    """Read worlds: facts, parameters and first stand, each by name."""
    groups: dict[str, dict[str, np.ndarray]] = {"facts": {}, "given": {}, "start": {}}
    with np.load(path) as file:
        for name in file.files:
            group, field = name.split(".")
            groups[group][field] = file[name].astype(float)
    return groups


def one_world(world: int, path: str, weeks: int) -> dict[str, float]:
    """Run one world with luck of its own."""
    worlds = worlds_in(path)
    luck = np.random.default_rng(world).standard_normal((weeks, len(worlds["facts"]["area"])))
    p, start = (
        in_python.as_lists({name: x[..., world] for name, x in worlds[group].items()})
        for group in ("given", "start")
    )
    stand = in_python.course(in_python.as_lists(worlds["facts"]), p, start, luck.tolist())
    return dict(zip(OUTCOMES, (sum(stand["share"]), *stand["dead"]), strict=True))


def replicated(world: int, path: str, weeks: int) -> dict[str, float]:
    """Run the parameters of one world with many kinds of luck at once; give means."""
    worlds = worlds_in(path)
    sectors = len(worlds["facts"]["area"])
    luck = np.random.default_rng(world).standard_normal((weeks, sectors, REPLICATIONS))
    p, start = (
        {name: x[..., world, None] for name, x in worlds[group].items()}
        for group in ("given", "start")
    )
    stand = in_numpy.course(worlds["facts"], p, start, luck)
    found = stand["share"].sum(0).mean(), *stand["dead"].mean(1)
    return dict(zip(OUTCOMES, map(float, found), strict=True))


def seconds(function: Any, path: str, weeks: int, runs: int, repeats: int) -> dict[str, Any]:
    """Time a model in as many runs under both evaluators."""
    model = Model("front", function=function)
    count = worlds_in(path)["given"]["troops"].shape[-1]
    model.uncertainties = [IntegerParameter("world", 0, count - 1)]
    model.constants = [Constant("path", path), Constant("weeks", weeks)]
    model.outcomes = [ScalarOutcome(name) for name in OUTCOMES]
    scenarios = [Scenario(str(n), world=n % count) for n in range(runs)]

    def timed(evaluator: Any) -> list[float]:
        evaluator.perform_experiments(scenarios[:PROCESSES])
        took = []
        for _ in range(repeats):
            begun = time.perf_counter()
            evaluator.perform_experiments(scenarios)
            took.append(time.perf_counter() - begun)
        return took

    with SequentialEvaluator(model) as evaluator:
        found = {"sequential": timed(evaluator)}
    with MultiprocessingEvaluator(model, n_processes=PROCESSES) as evaluator:
        found["multiprocessing"] = timed(evaluator)
    return found


def main() -> None:
    """Run: the file of worlds, weeks, runs of one world, repeats; all as arguments."""
    path, weeks, runs, repeats = sys.argv[1], *map(int, sys.argv[2:5])
    many = max(runs // 20, PROCESSES)
    ways = {
        "a world a run": (one_world, runs, 1),
        f"{REPLICATIONS:,} worlds a run": (replicated, many, REPLICATIONS),
    }
    found = {
        name: {
            "world_weeks": count * worlds * weeks,
            "seconds": seconds(function, path, weeks, count, repeats),
        }
        for name, (function, count, worlds) in ways.items()
    }
    print(json.dumps({"version": version("ema_workbench"), "ways": found}))


if __name__ == "__main__":
    main()
