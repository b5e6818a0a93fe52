"""Running a case: fit what going on is worth, stream blocks of worlds, write the run folder."""

from __future__ import annotations

import os
import platform
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jax
import numpy as np

from ripeness.case.mechanisms import MECHANISMS
from ripeness.case.schema import CaseFile
from ripeness.settlement.books import Record, Totals
from ripeness.settlement.continuation import Continuation
from ripeness.war.arrays import Array
from ripeness.worlds import columns, store
from ripeness.worlds.columns import Column
from ripeness.worlds.request import Request
from ripeness.worlds.sampling import Sample, parameters, quantity_of, unsampled
from ripeness.worlds.simulate import BLOCK, TRAINING_WORLDS, Block, blank, block_of, simulate, train
from ripeness.worlds.translate import whole_deals
from ripeness.worlds.variants import without

# pandas is imported where tables are made: loading it would keep worlds waiting
if TYPE_CHECKING:
    import pandas as pd

WorldsOf = Callable[[Continuation], Callable[[int], Block]]
"""Makes blocks of worlds by number, given what going on is worth in them."""

Progress = Callable[[str, float], None]
"""Told what is being done, and what share of the whole is done (0 to 1)."""


def run(
    asked: Request,
    folder: Path,
    progress: Progress,
    charted: bool = True,
    training_seed: int | None = None,
    worlds_of: WorldsOf | None = None,
) -> None:
    """Run a case and write the worlds and their summaries into a new folder.

    Parameters
    ----------
    charted
        Whether to write what charts need too; it takes twice as long.
    training_seed
        Seed of the wars on which what going on is worth is fitted; that of the run if not said.
    worlds_of
        Makes blocks of worlds by number; they are sampled as the case says if this is not given.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    case = asked.case
    blocks = -(-asked.worlds // BLOCK)
    progress("fitting what going on is worth", 0.0)
    seed = asked.seed if training_seed is None else training_seed
    continuation = train(case, seed, list(asked.plans), without(asked.without))
    if worlds_of is None:
        variant = without(asked.without)
        block = partial(block_of, case, asked.seed, variant=variant)
    else:
        block = worlds_of(continuation)
    trained = time.perf_counter()
    import pandas as pd

    shown: dict[str, list[pd.DataFrame]] = {"weekly": [], "trajectories": [], "negotiation": []}
    described: dict[str, dict[str, str]] = {}
    for number in range(blocks):
        progress("running worlds", (1 + number) / (1 + blocks))
        feeds = shown if charted and number == 0 else None
        frame, described = rows_of_block(asked, continuation, block(number), feeds)
        store.write_table(frame, folder / "worlds" / f"block-{number:05d}.parquet")
    for name, frames in shown.items() if charted else ():
        store.write_table(pd.concat(frames, ignore_index=True), folder / f"{name}.parquet")
    for name, text in asked.texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    if asked.record is not None:
        shutil.copytree(asked.record, folder / "record")
    np.savez(folder / "continuation.npz", **vars(continuation))
    store.write_json(_about(asked, continuation, described), folder / "run.json")
    finished = time.perf_counter()
    log = {
        "started": started.isoformat(timespec="seconds"),
        "seconds": {
            "continuation values": round(trained - clock, 1),
            "worlds": round(finished - trained, 1),
        },
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "versions": {name: version(name) for name in ("jax", "numpy", "scipy", "duckdb")},
    }
    store.write_json(log, folder / "log.json")
    progress("running worlds", 1.0)


def rows_of_block(
    asked: Request,
    continuation: Continuation,
    block: Block,
    shown: dict[str, list[pd.DataFrame]] | None = None,
) -> tuple[pd.DataFrame, dict[str, dict[str, str]]]:
    """Run all plans in one block.

    Parameters
    ----------
    block
        Worlds, of which those count whose number is below that of the worlds asked for.
    shown
        Where to add what charts need, if it is wanted.

    Returns
    -------
    Rows of the table of worlds, and what its columns are.
    """
    import pandas as pd

    keep = min(asked.worlds - int(block.worlds[0]), BLOCK)
    kept_values = {name: column[:keep] for name, column in block.values.items()}

    at = recorded_weeks(asked.case) if shown is None else range(asked.case.weeks + 1)

    def of_plan(plan: str) -> tuple[list[Column], dict[str, pd.DataFrame]]:
        came = simulate(asked.case, plan, block, continuation, at=at)
        record, totals = jax.tree.map(lambda column: column[:keep], came)
        found = _columns(asked.case, kept_values, record, totals, at)
        if shown is None:
            return found, {}
        return found, _summary(asked.case, plan, block.worlds[:keep], record)

    with ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(of_plan, asked.plans))
    if shown is not None:
        for _, summary in results:
            for name, frame in summary.items():
                shown[name].append(frame)
    assumptions = list(columns.assumption_columns(asked.case, kept_values))
    frames = [
        pd.DataFrame(
            {
                "world": block.worlds[:keep].astype(np.int64),
                "plan": plan,
                "weight": np.float32(1.0),
                **{column.name: column.values for column in assumptions},
                **{column.name: column.values for column in found},
            }
        )
        for plan, (found, _) in zip(asked.plans, results, strict=True)
    ]
    described = _describe(asked.case, assumptions, results[0][0], asked.without)
    return pd.concat(frames, ignore_index=True), described


def recorded_weeks(case: CaseFile) -> list[int]:
    """Weeks that rows need: the milestones and the horizon."""
    return sorted({*case.milestones, case.weeks})


def _columns(
    case: CaseFile, values: Sample, record: Record, totals: Totals, at: Sequence[int]
) -> list[Column]:
    """Give the columns of one plan in a block whose record has the weeks `at`."""
    found = [
        *columns.at_milestones(case, columns.series(case, record), at),
        *columns.outcomes(case, parameters(case, values), record, totals),
    ]
    return [replace(column, values=_compact(column.values)) for column in found]


def _summary(
    case: CaseFile, plan: str, worlds: np.ndarray, record: Record
) -> dict[str, pd.DataFrame]:
    """Give what charts need of one plan."""
    from ripeness.worlds import summaries

    followed = list(columns.series(case, record))
    return {
        "weekly": summaries.weekly(plan, followed),
        "trajectories": summaries.trajectories(plan, worlds, followed),
        "negotiation": summaries.negotiation(case, plan, record),
    }


def _compact(values: Array) -> np.ndarray:
    """Numbers in single precision; words as they are."""
    column = np.asarray(values)
    return column if column.dtype.kind == "U" else column.astype(np.float32)


def described_columns(case: CaseFile) -> dict[str, dict[str, str]]:
    """Say, without simulating, which columns a run will have: role, unit and meaning by name."""
    at = recorded_weeks(case)
    record, totals = blank(case, len(at))
    values = unsampled(case, 1)
    found = _columns(case, values, record, totals, at)
    assumptions = columns.assumption_columns(case, values)
    return _describe(case, list(assumptions), found)


def _describe(
    case: CaseFile,
    assumptions: Sequence[Column],
    found: Sequence[Column],
    without: Sequence[str] = (),
) -> dict[str, dict[str, str]]:
    keys = {
        "world": ("number of the world, the same under every plan", "number"),
        "plan": ("the plan", "word"),
        "weight": ("what the world counts, given the record", "times"),
    }
    described = {n: {"role": "key", "unit": u, "meaning": m} for n, (m, u) in keys.items()}
    for role, group in (("assumption", assumptions), ("outcome", found)):
        for column in group:
            described[column.name] = {"role": role, "unit": column.unit, "meaning": column.meaning}
    switched_off = {
        quantity: f"{value} (without {mechanism})"
        for mechanism in without
        for quantity, value in MECHANISMS[mechanism].neutral.items()
    }
    for name, assumption in case.assumptions.items():
        assumed = f"{assumption.distribution.describe()} ({assumption.confidence})"
        described[columns.column_name(name)]["assumed"] = switched_off.get(
            quantity_of(name).name, assumed
        )
    return described


def _about(
    asked: Request, continuation: Continuation, described: dict[str, dict[str, str]]
) -> dict[str, Any]:
    """Say what was run, without a clock time: equal runs have equal files."""
    case = asked.case

    def named(entries: dict[str, Any]) -> list[dict[str, str]]:
        return [{"id": key, "name": entry.name} for key, entry in entries.items()]

    return {
        "format": store.FORMAT,
        "run_id": asked.run_id,
        "ripeness": version("ripeness"),
        "case": case.id,
        "title": case.title,
        "question": case.question,
        "summary": case.summary,
        "case_hash": asked.case_hash,
        "seed": asked.seed,
        "worlds": asked.worlds,
        "charted_worlds": min(asked.worlds, BLOCK),
        "weeks": case.weeks,
        "decision_date": case.decision_date.isoformat(),
        "milestones": list(case.milestones),
        "plans": list(asked.plans),
        "without": list(asked.without),
        "as_of": asked.as_of.isoformat() if asked.as_of else None,
        "sides": named(case.sides),
        "supporters": named(case.supporters),
        "sectors": named(case.sectors),
        "deals": [{"id": deal, "name": case.deals[deal].name} for deal in whole_deals(case)],
        "settlement": {
            "training_wars": TRAINING_WORLDS * len(asked.plans),
            **{
                name: {side: round(float(values[i]), 2) for i, side in enumerate(case.sides)}
                for name, values in (
                    ("r2_out_of_sample", continuation.r2),
                    ("bias_points", continuation.bias),
                    ("error_points", continuation.error),
                    ("value_points", continuation.value),
                    ("fresh_value_points", continuation.fresh),
                    ("fresh_value_error", continuation.fresh_error),
                )
            },
        },
        "columns": described,
    }
