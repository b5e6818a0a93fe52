"""The models under EMA Workbench: run by speed.py with the Python that has EMA Workbench.

Two of them: the whole week with its settlement, a world a run, in plain Python; and the front alone
in NumPy, a world a run, as equations are usually written down, and many.

In: a file of worlds that speed.py wrote. Out, as JSON: its version, and for each way to run it the
seconds that each of a few repeats took and how many weeks of worlds that was.

Made as fast as its documentation and its own speed-ups of its examples go: the evaluator that is
faster of the two, no logging, a few scalar outcomes, and where the model runs many replications,
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
import numpy as np
import whole_in_python
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

OUTCOMES = {
    "whole": ("end_kind", "end_week", "ground", "cost_to_first", "cost_to_second"),
    "front": ("ground", "dead_of_first", "dead_of_second"),
}


@cache
def arrays_in(path: str, model: str) -> dict[str, dict[str, np.ndarray]]:
    """Read what a model is given, by group and name."""
    groups: dict[str, dict[str, np.ndarray]] = {}
    with np.load(path) as file:
        for name in file.files:
            of_model, group, field = name.split(".")
            if of_model == model:
                groups.setdefault(group, {})[field] = file[name].astype(float)
    return groups


@cache
def case_in(path: str) -> whole_in_python.Case:
    """Read what is the same in all worlds of the whole war."""
    arrays = arrays_in(path, "whole")
    same = ("facts", "deals", "orders", "continuation")
    return whole_in_python.case_of(**{group: arrays[group] for group in same})


def one_world(world: int, path: str) -> dict[str, float]:
    """Run the whole war of one world with luck of its own."""
    case, given = case_in(path), arrays_in(path, "whole")["given"]
    p = {name: x[..., world].tolist() for name, x in given.items()}
    stand = whole_in_python.course(case, p, *whole_in_python.draw(case, world))
    found = stand["kind"], stand["end_week"], sum(stand["share"]), *stand["war_cost"]
    return dict(zip(OUTCOMES["whole"], found, strict=True))


def replicated(world: int, path: str, weeks: int, replications: int) -> dict[str, float]:
    """Run the front with the parameters of one world and many kinds of luck; give means."""
    worlds = arrays_in(path, "front")
    sectors = len(worlds["facts"]["area"])
    luck = np.random.default_rng(world).standard_normal((weeks, sectors, replications))
    p, start = (
        {name: x[..., world, None] for name, x in worlds[group].items()}
        for group in ("given", "start")
    )
    stand = in_numpy.course(worlds["facts"], p, start, luck)
    found = stand["share"].sum(0).mean(), *stand["dead"].mean(1)
    return dict(zip(OUTCOMES["front"], map(float, found), strict=True))


def seconds(model: Model, path: str, runs: int, repeats: int) -> dict[str, list[float]]:
    """Time a model in as many runs under both evaluators."""
    count = arrays_in(path, model.name)["given"]["troops"].shape[-1]
    model.uncertainties = [IntegerParameter("world", 0, count - 1)]
    model.outcomes = [ScalarOutcome(name) for name in OUTCOMES[model.name]]
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
    whole = Model("whole", function=one_world)
    whole.constants = [Constant("path", path)]

    def front(worlds: int) -> Model:
        model = Model("front", function=replicated)
        given = {"path": path, "weeks": weeks, "replications": worlds}
        model.constants = [Constant(name, value) for name, value in given.items()]
        return model

    ways = [
        ("plain Python, a world a run", whole, runs, 1),
        ("NumPy, a world a run", front(1), runs, 1),
        (f"NumPy, {REPLICATIONS:,} worlds a run", front(REPLICATIONS), many, REPLICATIONS),
    ]
    found = [
        {
            "model": model.name,
            "way": way,
            "world_weeks": count * worlds * weeks,
            "seconds": seconds(model, path, count, repeats),
        }
        for way, model, count, worlds in ways
    ]
    print(json.dumps({"version": version("ema_workbench"), "ways": found}))


if __name__ == "__main__":
    main()
