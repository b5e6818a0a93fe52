"""What charts need of a run: quantiles by week, a few whole worlds, and deals against going on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ripeness.case.schema import CaseFile
from ripeness.settlement.books import Record
from ripeness.war.arrays import Array
from ripeness.worlds.columns import Column
from ripeness.worlds.translate import whole_deals

QUANTILES = {
    "q025": 0.025,
    "q10": 0.10,
    "q25": 0.25,
    "q50": 0.50,
    "q75": 0.75,
    "q90": 0.90,
    "q975": 0.975,
}
TRAJECTORIES = 64
"""Whole worlds that are kept for each plan."""


def weekly(plan: str, followed: list[Column]) -> pd.DataFrame:
    """Quantiles over worlds of each series in each week, one row a week."""
    frames = []
    for column in followed:
        ordered = np.sort(column.values.T, axis=1)
        last = ordered.shape[1] - 1
        rows: dict[str, Array] = {
            name: ordered[:, round(at * last)] for name, at in QUANTILES.items()
        }
        rows["mean"] = column.values.mean(axis=0, dtype=np.float64).astype(np.float32)
        frames.append(
            pd.DataFrame(
                {"plan": plan, "series": column.name, "week": np.arange(len(ordered)), **rows}
            )
        )
    return pd.concat(frames, ignore_index=True)


def trajectories(plan: str, worlds: Array, followed: list[Column]) -> pd.DataFrame:
    """The first whole worlds, one row a world and week."""
    kept = worlds[:TRAJECTORIES]
    weeks = followed[0].values.shape[1]
    return pd.DataFrame(
        {
            "plan": plan,
            "world": np.repeat(kept, weeks),
            "week": np.tile(np.arange(weeks), len(kept)),
            **{column.name: column.values[: len(kept)].ravel() for column in followed},
        }
    )


def negotiation(case: CaseFile, plan: str, record: Record) -> pd.DataFrame:
    """At each milestone, every deal's worth to both sides beside what going on is worth.

    Medians with the 10 and 90 % quantiles over worlds in which the war still goes on; shares over
    all worlds.
    """
    rows = []
    for week in case.milestones:
        going_on = record.over[:, week] == 0
        ranged = record.feasible[going_on, week].max(axis=1)
        for d, deal in enumerate(whole_deals(case)):
            row: dict[str, object] = {"plan": plan, "week": week, "deal": deal}
            for i, side in enumerate(case.sides):
                row |= _spread(f"value_{side}", record.deal_value[going_on, week, d, i])
                row |= _spread(f"reservation_{side}", record.reservation[going_on, week, i])
            struck = record.deal[:, week] == d
            row |= {
                "feasible_share": _share(record.feasible[going_on, week, d]),
                "best_share": _share(record.best[going_on, week] == d),
                "range_share": _share(ranged),
                "struck_share": _share(struck),
            }
            rows.append(row)
    return pd.DataFrame(rows)


def _spread(name: str, values: Array) -> dict[str, float]:
    if not values.size:
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"), float("nan"))
    low, middle, high = np.quantile(values.astype(np.float64), [0.1, 0.5, 0.9])
    return {name: float(middle), f"{name}_low": float(low), f"{name}_high": float(high)}


def _share(values: Array) -> float:
    return float(values.mean(dtype=np.float64)) if values.size else float("nan")
