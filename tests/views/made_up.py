"""Made-up numbers under real names: verdict records, and the tables of a small run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

PLANS = ["none", "raid", "hold", "hold-and-strike", "talks-first"]
SECTORS = {
    "donetsk": "Donetsk",
    "luhansk_kharkiv": "Luhansk and Kharkiv",
    "zaporizhzhia_kherson": "Zaporizhzhia and Kherson",
    "kharkiv_sumy_border": "Kharkiv and Sumy border",
    "kursk": "Kursk",
    "crimea": "Crimea",
}
DEALS = {
    "freeze": "freeze on the line of contact",
    "land_for_peace": "land for peace",
    "land_for_land": "land for land",
    "partial_swap": "partial swap",
    "dictated": "dictated terms",
    "minsk_like": "Minsk-like autonomy",
    "raid_withdrawal": "withdrawal of the raid",
}
SIDES = {"ukraine": "Ukraine", "russia": "Russia"}
MILESTONES = [4, 8, 13, 26, 52, 104]
LEVELS = {
    "ground_donetsk": (8500.0, -14.0),
    "ground_kursk": (0.0, 5.0),
    "ground_crimea": (0.0, 0.0),
    "leverage_ukraine": (35.0, -0.05),
    "leverage_russia": (55.0, 0.04),
    "support_ukraine": (0.8, -0.002),
    "support_russia": (0.7, -0.001),
    "ended": (0.0, 0.002),
    "talks_open": (0.1, 0.002),
    "rung": (0.0, 0.006),
}
NOTHING = {
    "essay": "L",
    "says": "Something holds",
    "made": None,
    "horizon": None,
    "kinds": ["model"],
    "against": [],
    "hinges": [],
    "record_verdict": None,
    "record_found": None,
    "record_objection": None,
    "record_begins": None,
    "record_as_of": None,
    "record_figures": [],
    "compare": [],
    "given": None,
    "holds": None,
    "model_verdict": None,
    "share": None,
    "effect_mean_low": None,
    "effect_mean_high": None,
    "share_low": None,
    "share_high": None,
    "share_words": None,
    "worlds": None,
    "opposite_share": None,
    "same_share": None,
    "effect_median": None,
    "effect_mean": None,
    "effect_low": None,
    "effect_high": None,
    "effect_quantiles": [],
    "before_share": None,
    "before_share_low": None,
    "before_share_high": None,
    "before_words": None,
    "families": [],
    "effect_unit": None,
    "effect_says": None,
    "value": None,
    "hinge": None,
    "hinge_assumption": None,
    "why_untested": None,
    "hinge_of": [],
}


def verdict(identifier: str, **known: Any) -> dict[str, Any]:
    """A verdict record in which only some things are known."""
    return NOTHING | {"id": identifier} | known


def modelled(share: float, effect: float, **known: Any) -> dict[str, Any]:
    """The part of a verdict record that a model claim fills."""
    return {
        "compare": ["hold", "none"],
        "given": "a.moved = 1",
        "holds": "a.x > b.x",
        "model_verdict": "holds in most worlds" if share > 0.5 else "fails in most worlds",
        "share": share,
        "share_low": max(0.0, share - 0.03),
        "share_high": min(1.0, share + 0.03),
        "share_words": "about two in three worlds" if share > 0.5 else "about one in ten worlds",
        "worlds": 1000,
        "opposite_share": 1 - share - 0.02,
        "same_share": 0.02,
        "effect_median": effect,
        "effect_mean": effect,
        "effect_low": effect - 3,
        "effect_high": effect + 5,
        "effect_quantiles": [effect - 3.9 + 0.45 * step for step in range(20)],
        "effect_unit": "points of the stake",
        "effect_says": "change in Ukraine's leverage half a year on",
    } | known


def entries(names: dict[str, str]) -> list[dict[str, str]]:
    return [{"id": key, "name": name} for key, name in names.items()]


def write(file: Path, frame: pd.DataFrame) -> None:
    with duckdb.connect() as connection:
        connection.register("frame", frame)
        connection.sql("select * from frame").write_parquet(str(file))


def _middle(series: str, plan: str) -> np.ndarray:
    level, slope = LEVELS[series]
    weeks = np.arange(105.0)
    moves = {"ground_kursk", "leverage_ukraine", "ended"}
    pull = PLANS.index(plan) if series in moves else 1
    shape = np.minimum(weeks, 40) * 2 if series == "ground_kursk" else weeks
    return level + slope * shape * pull


def weekly() -> pd.DataFrame:
    parts = []
    for plan in PLANS:
        for series, (level, slope) in LEVELS.items():
            middle = _middle(series, plan)
            width = (abs(level) * 0.05 + abs(slope) * 20) * np.sqrt(np.arange(105) / 104)
            steps = {
                "q025": -2,
                "q10": -1.3,
                "q25": -0.7,
                "q50": 0,
                "q75": 0.7,
                "q90": 1.3,
                "q975": 2,
            }
            low = 0.0 if level == 0 else -np.inf
            columns = {name: np.maximum(middle + step * width, low) for name, step in steps.items()}
            parts.append(
                pd.DataFrame(
                    {
                        "plan": plan,
                        "series": series,
                        "week": np.arange(105),
                        **columns,
                        "mean": middle,
                    }
                )
            )
    return pd.concat(parts)


def trajectories() -> pd.DataFrame:
    noise = np.random.default_rng(1)
    parts = []
    for plan in PLANS:
        for world in range(6):
            walk = noise.normal(size=105).cumsum() / 10
            columns = {
                series: _middle(series, plan) + walk * (abs(level) * 0.05 + abs(slope) * 20)
                for series, (level, slope) in LEVELS.items()
            }
            parts.append(
                pd.DataFrame({"plan": plan, "world": world, "week": np.arange(105), **columns})
            )
    return pd.concat(parts)


def negotiation() -> pd.DataFrame:
    worth = {
        "freeze": (42, 58, 0.35),
        "land_for_peace": (25, 70, 0.01),
        "land_for_land": (62, 38, 0.2),
        "partial_swap": (50, 50, 0.4),
        "dictated": (8, 88, 0.0),
        "minsk_like": (30, 65, 0.05),
        "raid_withdrawal": (39, 60, 0.15),
    }
    rows = []
    for step, plan in enumerate(PLANS):
        for week in MILESTONES:
            going_on = (36.0 + 2 * step, 52.0 - 2 * step)
            for deal, (ukraine, russia, share) in worth.items():
                row: dict[str, Any] = {"plan": plan, "week": week, "deal": deal}
                for side, value, reserve in zip(SIDES, (ukraine, russia), going_on, strict=True):
                    row |= {
                        f"value_{side}": float(value),
                        f"value_{side}_low": value - 6.0,
                        f"value_{side}_high": value + 6.0,
                        f"reservation_{side}": reserve,
                        f"reservation_{side}_low": reserve - 7,
                        f"reservation_{side}_high": reserve + 9,
                    }
                row |= {
                    "feasible_share": share * step / 4,
                    "best_share": share * step / 8,
                    "struck_share": share * step / 16,
                    "range_share": 0.15 * step,
                }
                rows.append(row)
    return pd.DataFrame(rows)
