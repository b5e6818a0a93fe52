"""Speed and memory of Ripeness beside its peers, measured in one run: ``make bench``.

In: options. Out: a table on standard output (or JSON), what is being done on standard error. What
is compared, and how each is tuned, stands in README.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

import agreement
import front
import in_c
import in_numpy
import jax
import numpy as np
import whole
from table import Row, table

import ripeness
from ripeness.case.schema import CaseFile
from ripeness.errors import RipenessError, UsageError
from ripeness.settlement.continuation import Continuation
from ripeness.worlds.run import recorded_weeks
from ripeness.worlds.simulate import BLOCK, Block, block_of, simulate, train

CASE, PLAN, SEED = "kursk-2024", "hold", 1
THREADS = 2
HERE = Path(__file__).parent

AGREE_WEEKS, AGREE_WORLDS = 26, 32
"""Half a year of the front is compared; in NumPy in this many worlds, in C in a block."""

WHOLE_WARS = 256
"""Whole wars that are compared, from the decision date to the horizon."""

Groups = dict[str, dict[str, np.ndarray]]
"""Arrays by group and name."""

RunBlock = Callable[[int], None]
"""Runs the block of a number."""

MILLION, GIB = 1_000_000, 2.0**30

FULL_AIM = 5.0  # million world-weeks a second
C_AIM = 3.0  # times as fast as Ripeness
EMA_AIM = 1e-3  # of Ripeness
TRAINING_AIM = 10.0  # seconds a plan
MEMORY_AIM = 2.0  # GiB
START_AIM = 3.0  # seconds


def main() -> None:
    """Measure everything and show it."""
    options = _options()
    try:
        found = measure(options)
    except RipenessError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    if options.json:
        groups = {name: [row.as_json() for row in rows] for name, rows in found.items()}
        print(json.dumps({"machine": machine(), "measured": groups}, indent=1))
    else:
        print("\n".join([*(f"{name}: {word}" for name, word in machine().items()), ""]))
        print(table(found))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Speed and memory of Ripeness beside its peers.")
    parser.add_argument("--worlds", type=int, default=65_536, help="worlds in each measurement")
    parser.add_argument("--repeats", type=int, default=5, help="times that each is measured")
    parser.add_argument(
        "--ema-python",
        type=Path,
        default=HERE / ".venv" / "bin" / "python",
        help="a Python that has EMA Workbench",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args()


def measure(options: argparse.Namespace) -> dict[str, list[Row]]:
    """Measure all, each alone on the machine.

    Raises
    ------
    RipenessError
        If a peer computes something else, or an option or a tool is wrong or missing.
    """
    if options.worlds < 1 or options.repeats < 1:
        raise UsageError("worlds and repeats must be 1 or more")
    if not options.ema_python.exists():
        raise UsageError(
            f"no Python with EMA Workbench at {options.ema_python}; `make bench` sets one up"
        )
    case, blocks = ripeness.load(CASE).file, -(-options.worlds // BLOCK)
    _say("running whole runs, for their memory and start-up")
    costs = _json_of(
        [sys.executable, str(HERE / "run_costs.py"), str(blocks * BLOCK), str(MILLION)]
    )
    _say("compiling, and checking that all compute the same")
    scene = front.scene(case, PLAN)
    worlds = [front.worlds_of(case, SEED, n * BLOCK, BLOCK) for n in range(blocks)]
    library = in_c.Library(len(case.sectors), len(case.supporters))
    _check_fronts(scene, worlds[0], library)
    sampled = [block_of(case, SEED, n) for n in range(blocks)]
    continuation = train(case, SEED, [PLAN])
    _check_whole(case, sampled[0], continuation)
    _say("running EMA Workbench")
    given = {
        "whole": _whole_war(case, sampled[0], continuation),
        "front": _front_alone(scene, worlds[0]),
    }
    ema = _ema(given, options, case.weeks)
    _say("running Ripeness and C in turn")
    full, ours, theirs = _rates(
        [
            lambda n: _full_week(case, sampled[n], continuation),
            *_fronts(scene, worlds, library, case.weeks),
        ],
        blocks,
        case.weeks,
        options.repeats,
    )
    return {
        "The full week with settlement": _full_rows(full, ema["ways"]),
        "Combat, ground and forces only": _front_rows(ours, theirs, ema["ways"]),
        "Whole runs": _run_rows(costs),
    }


def machine() -> dict[str, str]:
    """Say what was measured on."""
    names = [
        line.split(":")[1].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    versions = ", ".join(f"{name} {version(name)}" for name in ("ripeness", "jax", "numpy"))
    return {
        "processor": f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores",
        "software": f"Python {platform.python_version()}, {versions}",
    }


def _say(what: str) -> None:
    print(f"{what} ...", file=sys.stderr, flush=True)


def _json_of(command: list[str], **environment: str) -> Any:
    done = subprocess.run(
        command, stdout=subprocess.PIPE, env=os.environ | environment, text=True, check=False
    )
    if done.returncode:
        raise RipenessError(f"{Path(command[1]).name} failed")
    return json.loads(done.stdout)


def _check_fronts(scene: front.Scene, worlds: front.Worlds, library: in_c.Library) -> None:
    """Refuse to compare fronts that compute different things."""
    expected = front.plain(front.course(scene, worlds, AGREE_WEEKS))
    prepared = _prepared(library, scene, worlds)
    found = prepared.named(library.course(prepared, AGREE_WEEKS))
    agreement.check("C", found, expected)

    def some(named: front.Plain) -> front.Plain:
        return {name: x[..., :AGREE_WORLDS].astype(float) for name, x in named.items()}

    facts, p, start = (
        front.facts(scene),
        some(front.given(worlds)),
        some(front.start(scene, worlds)),
    )
    luck = front.luck(worlds, AGREE_WEEKS, len(facts["area"]))[..., :AGREE_WORLDS].astype(float)
    agreement.check("NumPy", in_numpy.course(facts, p, start, luck), some(expected))


def _check_whole(case: CaseFile, block: Block, continuation: Continuation) -> None:
    """Refuse to compare whole wars that are different wars."""
    found, expected = (
        run(case, PLAN, block, continuation, WHOLE_WARS)
        for run in (whole.in_plain_python, whole.simulated)
    )
    agreement.check_whole("Python", found, expected)


def _prepared(library: in_c.Library, scene: front.Scene, worlds: front.Worlds) -> in_c.Prepared:
    return library.prepare(
        front.facts(scene), front.given(worlds), np.asarray(worlds.key), front.start(scene, worlds)
    )


def _whole_war(case: CaseFile, block: Block, continuation: Continuation) -> Groups:
    """Give what EMA Workbench's model of the whole war is given."""
    same = whole.same_in_all(case, PLAN, continuation)
    return {**same, "given": whole.parameters(block, BLOCK)}


def _front_alone(scene: front.Scene, worlds: front.Worlds) -> Groups:
    """Give what EMA Workbench's model of the front is given."""
    return {
        "facts": front.facts(scene),
        "given": front.given(worlds),
        "start": front.start(scene, worlds),
    }


def _ema(models: dict[str, Groups], options: argparse.Namespace, weeks: int) -> dict[str, Any]:
    """Run EMA Workbench in its own Python, on a few of the worlds."""
    few = min(max(options.worlds // 128, 16), BLOCK)
    flat = {
        f"{model}.{group}.{name}": x[..., :few] if group in ("given", "start") else x
        for model, groups in models.items()
        for group, arrays in groups.items()
        for name, x in arrays.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "worlds.npz"
        np.savez(path, **flat)  # pyright: ignore[reportArgumentType]
        command = [str(options.ema_python), str(HERE / "ema_peer.py"), str(path)]
        command += [str(weeks), str(few), str(options.repeats)]
        return _json_of(command, TQDM_DISABLE="1", PYTHONWARNINGS="ignore")


def _fronts(
    scene: front.Scene, worlds: list[front.Worlds], library: in_c.Library, weeks: int
) -> list[RunBlock]:
    """Give how a block of fronts is run by Ripeness, and in C."""
    resident = jax.device_put((scene, worlds))
    rows = [_prepared(library, scene, block) for block in worlds]

    def ours(number: int) -> None:
        jax.block_until_ready(front.course(resident[0], resident[1][number], weeks))

    def theirs(number: int) -> None:
        library.course(rows[number], weeks)

    return [ours, theirs]


def _rates(
    ways: Sequence[RunBlock], blocks: int, weeks: int, repeats: int
) -> tuple[tuple[float, ...], ...]:
    """Million world-weeks a second of each way to run a block, measured in turn."""
    for way in ways:
        way(0)  # compiles
    found = [[_seconds(way, blocks) for way in ways] for _ in range(repeats)]
    return tuple(
        tuple(blocks * BLOCK * weeks / took / MILLION for took in way)
        for way in zip(*found, strict=True)
    )


def _full_week(case: CaseFile, block: Block, continuation: Continuation) -> None:
    """Run a block of worlds as `ripeness run` does."""
    simulate(case, PLAN, block, continuation, at=recorded_weeks(case))


def _seconds(run_block: RunBlock, blocks: int) -> float:
    """Time all blocks on two threads, as `ripeness run` has two."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        list(pool.map(run_block, range(blocks)))
    return time.perf_counter() - begun


def _full_rows(ours: tuple[float, ...], ways: list[dict[str, Any]]) -> list[Row]:
    base = float(np.median(ours))
    row = Row("Ripeness", "M/s", ours, 1.0, f"at least {FULL_AIM:g} M/s", base >= FULL_AIM)
    return [row, *_ema_rows("whole", ways, base, EMA_AIM)]


def _front_rows(
    ours: tuple[float, ...], theirs: tuple[float, ...], ways: list[dict[str, Any]]
) -> list[Row]:
    base = float(np.median(ours))
    ratio = float(np.median(theirs)) / base
    return [
        Row("Ripeness", "M/s", ours, 1.0),
        Row("C, vectorised by hand", "M/s", theirs, ratio, "at most 3", ratio <= C_AIM),
        *_ema_rows("front", ways, base),
    ]


def _ema_rows(
    model: str, ways: list[dict[str, Any]], base: float, aim: float | None = None
) -> list[Row]:
    """EMA Workbench on a model, in each way under the evaluator that is faster."""

    def row(way: dict[str, Any]) -> Row:
        took = min(way["seconds"].values(), key=lambda repeats: float(np.median(repeats)))
        rates = tuple(way["world_weeks"] / seconds / MILLION for seconds in took)
        ratio = float(np.median(rates)) / base
        judged = ("", None) if aim is None else (f"at most {aim:g}", ratio <= aim)
        return Row(f"EMA: {way['way']}", "M/s", rates, ratio, *judged)

    return [row(way) for way in ways if way["model"] == model]


def _run_rows(costs: dict[str, Any]) -> list[Row]:
    first, second = costs["one_world"]
    runs = costs["many_worlds"]
    training = tuple(run["training_seconds"] / run["plans"] for run in runs)
    memory = [(run["worlds"], run["peak_bytes"] / GIB) for run in runs]
    return [
        *(
            Row(
                f"peak memory, {worlds:,} worlds",
                "GiB",
                (peak,),
                None,
                f"under {MEMORY_AIM:g} GiB",
                peak < MEMORY_AIM,
            )
            for worlds, peak in memory
        ),
        Row(
            "training, a plan",
            "s",
            training,
            None,
            f"under {TRAINING_AIM:g} s",
            max(training) < TRAINING_AIM,
        ),
        Row("first run of one world, all of it", "s", (first["seconds"],)),
        Row("second run of one world", "s", (second["seconds"],)),
        Row(
            "until it simulates",
            "s",
            tuple(costs["begins"]),
            None,
            f"under {START_AIM:g} s",
            float(np.median(costs["begins"])) < START_AIM,
        ),
    ]


if __name__ == "__main__":
    main()
