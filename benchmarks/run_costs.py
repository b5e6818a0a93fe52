"""What whole runs cost: memory, start-up and training, each of a process of its own.

In: numbers of worlds. Out, as JSON: peak memory of runs with so many worlds, seconds that a first
and a second run of one world take on a machine that keeps compiled programs, and what the runs' own
logs say of training.

A script of its own, because a process counts as its own peak memory what the one that started it
held; this one holds next to nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

CASE = "kursk-2024"

BEGINS = f"""
import ripeness
from ripeness.settlement.continuation import untrained
from ripeness.worlds.simulate import TRAINING, block_of, simulate
case = ripeness.load({CASE!r}).file
block = block_of(case, 1, 0, sequence=TRAINING)
simulate(case, next(iter(case.plans)), block, untrained(case.weeks + 1), settles=False, at=[1])
"""
"""What a run does until the first week of its first wars has gone by."""


def run(folder: Path, worlds: int, cache: Path, *options: str) -> dict[str, Any]:
    """Run the case; gives seconds, peak memory (bytes) and the seconds of its log.

    Parameters
    ----------
    cache
        Where compiled programs are kept: empty for a first run.
    """
    command = [
        *(sys.executable, "-m", "ripeness", "run", CASE, "--quiet"),
        *("--worlds", str(worlds), "--out", str(folder), *options),
    ]
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=with_cache(cache), stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    took = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit("a run that was to be measured failed: " + " ".join(command[1:]))
    log = json.loads((folder / "log.json").read_text(encoding="utf-8"))
    plans = json.loads((folder / "run.json").read_text(encoding="utf-8"))["plans"]
    return {
        "worlds": worlds,
        "seconds": took,
        "peak_bytes": used.ru_maxrss * 1024,
        "training_seconds": log["seconds"]["continuation values"],
        "plans": len(plans),
    }


def with_cache(cache: Path) -> dict[str, str]:
    """Give an environment in which compiled programs are kept there."""
    without = {name: word for name, word in os.environ.items() if not name.startswith("JAX_")}
    return {**without, "XDG_CACHE_HOME": str(cache)}


def begins(cache: Path) -> float:
    """Seconds from the start of a process until the first week of wars has gone by."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", BEGINS], env=with_cache(cache), check=True)
    return time.perf_counter() - begun


def main() -> None:
    """Measure with the numbers of worlds that are the arguments."""
    with tempfile.TemporaryDirectory() as place:
        folder, cache = Path(place), Path(place) / "cache"
        cache.mkdir()
        one = [
            run(folder / name, 1, cache, "--plans", "none") for name in ("first run", "second run")
        ]
        begun = [begins(cache) for _ in range(3)]
        many = [run(folder / str(n), n, cache) for n in map(int, sys.argv[1:])]
    print(json.dumps({"one_world": one, "begins": begun, "many_worlds": many}))


if __name__ == "__main__":
    main()
