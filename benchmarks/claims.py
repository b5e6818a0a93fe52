"""How long claims take to judge and to explain, and boxes beside PRIM of EMA Workbench.

In: options. Out: a table on standard output (or JSON), what is being done on standard error. What
is compared, and how, stands in README.md beside this file.

Everything is measured in one run: the claims of Kursk over a table as long as that of a large run,
believe, matter and watch on 100,000 worlds, and PRIM on worlds with a box hidden in them. Tables go
to a temporary folder; the largest takes some 3 GB.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from table import Row, table

from ripeness.claims import boxes, prim
from ripeness.claims.assumptions import Assumption
from ripeness.claims.binned import Binned, binned
from ripeness.claims.columns import Columns
from ripeness.claims.inquiry import ask
from ripeness.claims.judge import judge
from ripeness.claims.language import Claims, read_claims
from ripeness.claims.predicates import parse
from ripeness.claims.table import open_worlds
from ripeness.errors import RipenessError, UsageError
from ripeness.worlds.store import write_table

HERE = Path(__file__).parent
KURSK = Path(str(files("ripeness"))) / "cases" / "kursk-2024"
SEED, CORES = 1, 2

PLANS = ("none", "raid", "hold", "hold-and-strike", "talks-first")
PART = 65_536  # worlds in a file, as a run writes them
FEW_PARTS, MANY_PARTS = 16, 31  # a million worlds and two, or a few more
FAMILIES = {
    "support_driver": ("casualties", "prospects"),
    "tolerance_prior": ("uniform", "exponential", "bluff", "humped"),
    "tolerance_kind": ("fixed", "eroding"),
    "learning": ("none", "battles", "battles and offers"),
    "bargaining_protocol": ("nash", "proposer", "ultimatum"),
}
ENDS = {
    "end_kind": ("deal", "exhaustion", "open", "wider war"),
    "deal": ("none", "dictated", "land_for_land", "partial_swap", "land_for_peace"),
}

ASKED_WORLDS, SIGNS = 100_000, 40
QUESTIONS = ("believe", "matter", "watch")
WEEKS = (4, 8, 13)

Numbers, Flags = NDArray[np.float64], NDArray[np.bool_]
Runs = list[dict[str, Any]]
"""Of EMA Workbench: the seconds and the boxes of each file and share that is peeled at a time."""

GIB = 2.0**30
JUDGE_AIM, QUESTION_AIM, MEMORY_AIM = 5.0, 3.0, 2.0  # seconds, seconds, GiB
EMA_AIM = 20.0  # times as long


@dataclass(frozen=True)
class Task:
    """Worlds with a box hidden in them: the first assumption under 0.3, the second above 0.6.

    Attributes
    ----------
    name
        What it is called.
    worlds, assumptions
        How many; the assumptions are uniform on (0, 1) and independent.
    outside, within
        Share of wanted worlds outside the box, and within.
    """

    name: str
    worlds: int
    assumptions: int
    outside: float
    within: float

    def draw(self, seed: int, worlds: int) -> tuple[Numbers, Flags]:
        """Draw worlds: their assumptions, shape (worlds, assumptions), and which are wanted."""
        draw = np.random.default_rng(seed)
        x = draw.random((worlds, self.assumptions))
        share = np.where(held(HIDDEN, x), self.within, self.outside)
        return x, draw.random(worlds) < share


Limits = dict[int, tuple[float | None, float | None]]
"""The least and the greatest value of each assumption that a box limits; None at a free end."""

HIDDEN: Limits = {0: (None, 0.3), 1: (0.6, None)}
TASKS = (
    Task("100,000 worlds by 20, noise", 100_000, 20, 0.1, 0.9),
    Task("20,000 worlds by 5, noise", 20_000, 5, 0.1, 0.9),
    Task("20,000 worlds by 5, no noise", 20_000, 5, 0.0, 1.0),
)
OTHER_WORLDS = 400_000


@dataclass(frozen=True)
class Box:
    """A box, and how it fares on worlds that nobody has seen.

    Attributes
    ----------
    task, name
        In which worlds it was found, and by whom.
    density, coverage
        Share of its worlds that are wanted, and share of all wanted worlds that it holds.
    limits
        Its limits.
    """

    task: str
    name: str
    density: float
    coverage: float
    limits: Limits


Measured = tuple[dict[str, list[Row]], list[Box]]


def main() -> None:
    """Measure everything and show it."""
    options = _options()
    try:
        found, compared = measure(options)
    except RipenessError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    if options.json:
        groups = {name: [row.as_json() for row in rows] for name, rows in found.items()}
        told = {"machine": machine(), "measured": groups, "boxes": [asdict(x) for x in compared]}
        print(json.dumps(told, indent=1))
    else:
        print("\n".join([*(f"{name}: {word}" for name, word in machine().items()), ""]))
        print(f"{table(found)}\n\n{box_table(compared)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How long claims take, and boxes beside a peer's.")
    parser.add_argument("--repeats", type=int, default=3, help="times that each is measured")
    parser.add_argument(
        "--ema-python",
        type=Path,
        default=HERE / ".venv" / "bin" / "python",
        help="a Python that has EMA Workbench",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args()


def measure(options: argparse.Namespace) -> Measured:
    """Measure all, each alone on the machine.

    Raises
    ------
    RipenessError
        If an option or a tool is wrong or missing, or the invented table decides nothing.
    """
    if options.repeats < 1:
        raise UsageError("repeats must be 1 or more")
    if not options.ema_python.exists():
        raise UsageError(
            f"no Python with EMA Workbench at {options.ema_python}; `make bench` sets one up"
        )
    with tempfile.TemporaryDirectory() as place:
        judged = _judging(Path(place), options.repeats)
        asked = _asking(Path(place), options.repeats)
        found, compared = _boxes(Path(place), options)
    return {"All claims of Kursk": judged, "A question to 100,000 worlds": asked, **found}, compared


def machine() -> dict[str, str]:
    """Say what was measured on, and how busy it was at the end."""
    names = [
        line.split(":")[1].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    versions = ", ".join(f"{name} {version(name)}" for name in ("ripeness", "duckdb", "numpy"))
    return {
        "processor": f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores",
        "software": f"Python {platform.python_version()}, {versions}",
        "load": f"{os.getloadavg()[0]:.1f} over the last minute (1 is this alone)",
    }


def _say(what: str) -> None:
    print(f"{what} ...", file=sys.stderr, flush=True)


def timed(act: Callable[[], Any], repeats: int) -> tuple[float, ...]:
    """Seconds that each of a few repeats takes."""
    took = []
    for _ in range(repeats):
        begun = time.perf_counter()
        act()
        took.append(time.perf_counter() - begun)
    return tuple(took)


def _judging(folder: Path, repeats: int) -> list[Row]:
    """Judge the claims of Kursk over a million worlds and over two, in processes of their own."""
    _say("writing a table of two million worlds by five plans")
    numbers = range(MANY_PARTS)
    with processes(CORES) as pool:
        parts = list(pool.map(write_part, [folder] * MANY_PARTS, numbers))
    rows = []
    for count in (FEW_PARTS, MANY_PARTS):
        _say(f"judging claims over {count * PART:,} worlds")
        found = [alone(judged, parts[:count]) for _ in range(repeats)]
        tested, seconds, memory = zip(*found, strict=True)
        about = f"{tested[0]} claims, {count * PART * len(PLANS) / 1e6:.1f} M rows"
        quick = f"under {JUDGE_AIM:g} s", float(np.median(seconds)) < JUDGE_AIM
        small = f"under {MEMORY_AIM:g} GiB", max(memory) < MEMORY_AIM
        few = count == FEW_PARTS
        rows += [
            Row(about, "s", seconds, None, *(quick if few else ("", None))),
            Row("  peak memory", "GiB", memory, None, *(("", None) if few else small)),
        ]
    return rows


def alone(act: Callable[..., Any], *given: Any) -> Any:
    """Do it in a process of its own, so that the memory is its own.

    A process counts what the one that started it held at its peak if that is more; here it is less.
    """
    with processes(1) as pool:
        return pool.submit(act, *given).result()


def processes(count: int) -> ProcessPoolExecutor:
    """Start processes that hold nothing yet, and whose standard output goes nowhere.

    DuckDB takes a process without a main file for a person's, and shows how far it has come.
    """
    return ProcessPoolExecutor(count, get_context("spawn"), _silence)


def _silence() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def write_part(folder: Path, number: int) -> Path:
    """Write a part of a table like that of a run of Kursk, with invented numbers.

    It has the columns that claims name, the assumptions that they hang on, and the words of rival
    mechanisms. All rows of a plan come together; numbers are in single precision, as in a run.
    """
    draw = np.random.default_rng([SEED, number])
    claims = read_claims(KURSK / "claims.yaml")
    same = {
        "world": np.arange(PART, dtype=np.int64) + number * PART,
        "weight": np.ones(PART, np.float32),
        **{name: draw.random(PART, np.float32) for name in hinges(claims)},
        **{name: _words(words, draw) for name, words in FAMILIES.items()},
    }
    outcomes = [name for name in tested(claims) if name not in same]
    frames = [
        pd.DataFrame({**same, "plan": plan, **{name: invented(name, draw) for name in outcomes}})
        for plan in PLANS
    ]
    path = folder / f"block-{number:05}.parquet"
    write_table(pd.concat(frames, ignore_index=True), path)
    return path


def tested(claims: Claims) -> list[str]:
    """List the columns that model tests name."""
    tests = [claim.model for claim in claims.claims if claim.model]
    texts = [text for test in tests for text in (test.given, test.holds, test.effect) if text]
    return sorted({name for text in texts for _, name in parse(text).columns})


def hinges(claims: Claims) -> list[str]:
    """List the numbers that claims hang on."""
    named = {name for claim in claims.claims for name in (*claim.hinges, claim.assumption) if name}
    return sorted(named - {*FAMILIES, *tested(claims)})


def invented(column: str, draw: np.random.Generator) -> NDArray[Any]:
    """Draw values of an outcome such that claims hold in some worlds and fail in others."""
    if column in ENDS:
        return _words(ENDS[column], draw)
    if column.startswith(("feasible_", "moved", "truce_struck", "direct_clash")):
        return (draw.random(PART) < 0.4).astype(np.float32)
    return draw.random(PART, np.float32) * np.float32(1 if column.startswith("aid_") else 100)


def _words(words: Sequence[str], draw: np.random.Generator) -> NDArray[Any]:
    return np.array(words)[draw.integers(0, len(words), PART)]


def judged(parts: Sequence[Path]) -> tuple[int, float, float]:
    """Judge all claims of Kursk, its record too.

    Returns
    -------
    How many claims were tested over worlds, the seconds from opening the table to the verdicts, and
    the peak memory of this process (GiB).
    """
    claims = read_claims(KURSK / "claims.yaml")
    assumed = [*hinges(claims), *FAMILIES]
    about = Columns.model_validate({"assumptions": assumed, "families": list(FAMILIES)})
    begun = time.perf_counter()
    worlds = open_worlds(list(parts), about)
    verdicts = judge(claims, worlds, KURSK / "record")
    seconds = time.perf_counter() - begun
    shares = {row.id: row.model.share for row in verdicts.rows if row.model.share is not None}
    if dull := [name for name, share in shares.items() if not 0.01 < share < 0.99]:
        raise RipenessError(f"the invented worlds all answer the same to {', '.join(dull)}")
    if len(shares) < sum(claim.model is not None for claim in claims.claims):
        raise RipenessError("the invented worlds leave claims unanswered")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / GIB
    return len(shares), seconds, memory


def _asking(folder: Path, repeats: int) -> list[Row]:
    """Ask what to believe, what matters and what to watch, each from opening the table on."""
    _say(f"asking {ASKED_WORLDS:,} worlds")
    worlds, claims = folder / "asked.parquet", folder / "asked.yaml"
    write_table(with_signs(), worlds)
    claims.write_text(json.dumps(asked_claims()), encoding="utf-8")

    def seconds(question: str) -> tuple[float, ...]:
        def answer() -> None:
            getattr(ask(worlds, claims), question)("wins")

        answer()  # loads what it needs
        return timed(answer, repeats)

    found = {name: seconds(name) for name in QUESTIONS}
    aim = f"under {QUESTION_AIM:g} s"
    return [
        Row(name, "s", took, None, aim, float(np.median(took)) < QUESTION_AIM)
        for name, took in found.items()
    ]


def with_signs() -> pd.DataFrame:
    """Invent worlds with a hidden box, and early outcomes of which every fourth tells something."""
    x, wanted = TASKS[0].draw(SEED, ASKED_WORLDS)
    draw = np.random.default_rng(SEED + 1)
    columns = {f"x{n + 1}": values for n, values in enumerate(x.T)}
    for number in range(SIGNS):
        tells = x[:, number // 4 % 2] if number % 4 == 0 else 0.0
        name = f"sign_{number}_w{WEEKS[number % len(WEEKS)]}"
        columns[name] = draw.normal(tells, 0.1 + 0.02 * number, ASKED_WORLDS)
    return pd.DataFrame({"world": np.arange(ASKED_WORLDS), **columns, "result": wanted * 1.0})


def asked_claims() -> dict[str, Any]:
    """One claim, and what the columns are; JSON of it is a claims file."""
    assumed = [f"x{n + 1}" for n in range(TASKS[0].assumptions)]
    return {
        "columns": {"decided": 52, "assumptions": assumed},
        "claims": [{"id": "wins", "says": "The result is a win", "holds": "result > 0.5"}],
    }


def _boxes(folder: Path, options: argparse.Namespace) -> tuple[dict[str, list[Row]], list[Box]]:
    """Find boxes beside EMA Workbench, which gets the half that ours are found on."""
    _say("running PRIM of EMA Workbench")
    drawn = [task.draw(SEED, task.worlds) for task in TASKS]
    halves, whole = [folder / f"half-{n}.npz" for n in range(len(TASKS))], folder / "whole.npz"
    for path, (x, y) in zip(halves, drawn, strict=True):
        np.savez(path, x=x[: len(y) // 2], y=y[: len(y) // 2])
    np.savez(whole, x=drawn[0][0], y=drawn[0][1])
    theirs = _ema([*halves, whole], options)
    _say("finding boxes")
    rows: dict[str, list[Row]] = {}
    compared: list[Box] = []
    for task, (x, y), half in zip(TASKS, drawn, halves, strict=True):
        same = [one for one in theirs if one["file"] == str(half)]
        more = [one for one in theirs if one["file"] == str(whole) and task is TASKS[0]]
        columns = [Assumption(f"x{n + 1}", values) for n, values in enumerate(x.T.copy())]
        rows[f"A box in {task.name}"] = _rows(columns, y, same, more, options.repeats)
        found = {
            "Ripeness, pasted": pasted(columns, y),
            "Ripeness, believed": believed(columns, y),
            **{f"EMA Workbench, {one['peel']:g}": best_of(one["boxes"], x, y) for one in same},
            "the one that is hidden": HIDDEN,
        }
        others = task.draw(SEED + 1, OTHER_WORLDS)
        compared += [weighed(task.name, name, limits, *others) for name, limits in found.items()]
    return rows, compared


def _ema(paths: Sequence[Path], options: argparse.Namespace) -> Runs:
    """Run EMA Workbench in its own Python."""
    command = [str(options.ema_python), str(HERE / "claims_in_ema.py"), str(options.repeats)]
    quiet = os.environ | {"PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [*command, *map(str, paths)], stdout=subprocess.PIPE, env=quiet, text=True, check=False
    )
    if done.returncode:
        raise RipenessError("claims_in_ema.py failed")
    return json.loads(done.stdout)["found"]


def pasted(columns: Sequence[Assumption], y: Flags) -> Limits:
    """Find a box on the first half: bins, peeling that the second half stops, pasting."""
    grain = binned(columns)
    worlds = prim.data(grain, y, np.ones(len(y)))
    finding, held_out = (worlds.of(part) for part in np.array_split(np.arange(len(y)), 2))
    best = max(prim.peel(finding, held_out), key=lambda step: step.held_out.explained)
    return limits_of(prim.paste(best.box, finding), grain)


def limits_of(box: prim.Box, grain: Binned) -> Limits:
    """Give the limits of a box in bins."""
    found: Limits = {}
    for row in prim.limited(box):
        kept, edges = np.flatnonzero(box[row]), grain.edges[row]
        low = float(edges[kept[0] - 1]) if kept[0] > 0 else None
        found[row] = low, float(edges[kept[-1]]) if kept[-1] < len(edges) else None
    return found


def believed(columns: Sequence[Assumption], y: Flags) -> Limits:
    """Find the box to believe in; it parts the worlds itself."""
    box = boxes.find(binned(columns), y, np.ones(len(y)), SEED)
    limits: Limits = {}
    for one in box.limits if box else ():
        low, high = limits.get(one.assumption, (None, None))
        limits[one.assumption] = (one.value, high) if one.side == "above" else (low, one.value)
    return limits


def best_of(trajectory: Sequence[Any], x: Numbers, y: Flags) -> Limits:
    """Take the box of a trajectory that explains most of the half on which it was not found."""
    half = len(y) // 2
    boxes = [{int(row): tuple(ends) for row, ends in box.items()} for box in trajectory]
    return max(boxes, key=lambda box: explained(held(box, x[half:]), y[half:]))


def held(limits: Limits, x: Numbers) -> Flags:
    """Say which worlds a box holds."""
    inside = np.ones(len(x), bool)
    for row, (low, high) in limits.items():
        inside &= True if low is None else x[:, row] >= low
        inside &= True if high is None else x[:, row] <= high
    return inside


def explained(inside: Flags, wanted: Flags) -> float:
    """Share of the variance between wanted and other worlds that a box explains."""
    if inside.all() or not inside.any():
        return 0.0
    return float(np.corrcoef(inside, wanted)[0, 1] ** 2)


def weighed(task: str, name: str, limits: Limits, x: Numbers, y: Flags) -> Box:
    """Say how a box fares."""
    inside = held(limits, x)
    both = float((inside & y).sum())
    return Box(task, name, both / max(inside.sum(), 1), both / y.sum(), limits)


def _rows(
    columns: Sequence[Assumption], y: Flags, same: Runs, more: Runs, repeats: int
) -> list[Row]:
    """Time ours, and set beside it EMA Workbench on the same half and on all of the worlds."""
    ours, whole = (timed(partial(find, columns, y), repeats) for find in (pasted, believed))
    base = float(np.median(ours))

    def theirs(one: dict[str, Any], which: str, aimed: bool) -> Row:
        took = tuple(one["seconds"])
        ratio = float(np.median(took)) / base
        aim = (f"at least {EMA_AIM:g}", ratio >= EMA_AIM) if aimed else ("", None)
        return Row(f"EMA Workbench, {one['peel']:g}{which}", "s", took, ratio, *aim)

    return [
        Row("Ripeness: bins, peeling, pasting", "s", ours, 1.0),
        Row("Ripeness: tested, found 20 times", "s", whole, float(np.median(whole)) / base),
        # The aim is against the share that we peel at a time.
        *(theirs(one, "", bool(more) and one["peel"] == prim.PEEL) for one in same),
        *(theirs(one, ", both halves", False) for one in more),
    ]


def box_table(compared: Sequence[Box]) -> str:
    """Lay out boxes under the worlds in which they were found."""
    lines = [f"{'The boxes, on other worlds':<36}{'density':>8}{'coverage':>10}  limits"]
    for task in dict.fromkeys(box.task for box in compared):
        lines += ["", task]
        for box in (box for box in compared if box.task == task):
            told = [_limit(row, *ends) for row, ends in sorted(box.limits.items())]
            more = f" and {len(told) - 2} more" if len(told) > 2 else ""
            numbers = f"{box.density:>8.3f}{box.coverage:>10.3f}"
            lines.append(f"  {box.name:<34}{numbers}  {', '.join(told[:2])}{more}")
    return "\n".join(lines)


def _limit(row: int, low: float | None, high: float | None) -> str:
    name = f"x{row + 1}"
    if low is None:
        return f"{name} < {high:.3f}"
    return f"{name} > {low:.3f}" if high is None else f"{low:.3f} < {name} < {high:.3f}"


if __name__ == "__main__":
    main()
