"""How long worlds of the Kursk case take to be weighed by the whole record, beside being run.

In: how many worlds. Out: seconds of each, on standard output. The second of two is timed, when all
is compiled.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import ripeness
from ripeness.record.learning import learn
from ripeness.record.tables import cut
from ripeness.settlement.continuation import untrained
from ripeness.worlds.simulate import BLOCK, block_of, glimpse, shared

CASE, DAY = "kursk-2024", date(2025, 12, 31)


def seconds(of: Callable[[], object]) -> float:
    """Time the second of two calls."""
    of()
    begin = time.perf_counter()
    of()
    return time.perf_counter() - begin


def main() -> None:
    """Measure and show it."""
    parser = argparse.ArgumentParser(description="Time assimilation beside a run of the worlds.")
    parser.add_argument("--worlds", type=int, default=16_384, help="a multiple of 2,048")
    worlds = parser.parse_args().worlds
    case = ripeness.load(CASE).file
    record = Path(ripeness.__file__).parent / "cases" / CASE / "record"
    weeks = -(-(DAY - case.decision_date).days // 7)
    continuation = untrained(case.weeks + 1)
    with TemporaryDirectory() as place:
        cut(record, DAY, Path(place) / "record")

        def weigh() -> object:
            known = Path(place) / "record"
            return learn(case, known, DAY, continuation, worlds, 1, lambda _what, _done: None)

        weighed = seconds(weigh)

    common = shared(case, "hold", continuation)

    def follow() -> None:
        for number in range(worlds // BLOCK):
            glimpse(common, block_of(case, 1, number), weeks)

    followed = seconds(follow)
    print(f"{worlds:,} worlds, {weeks} weeks: weighed in {weighed:.0f} s, followed once in")
    print(f"{followed:.1f} s on one thread; weighing takes {weighed / followed:.0f} times as long")


if __name__ == "__main__":
    main()
