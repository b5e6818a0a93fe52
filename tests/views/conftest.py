"""A small run folder of the Kursk case, with real names and made-up numbers, as the views read it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

import ripeness

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
    "kinds": ["model"],
    "against": [],
    "hinges": [],
    "record_verdict": None,
    "record_found": None,
    "record_objection": None,
    "record_as_of": None,
    "record_figures": [],
    "compare": [],
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
        "effect_unit": "points of the stake",
        "effect_says": "change in Ukraine's leverage half a year on",
    } | known


@pytest.fixture(scope="session")
def verdicts() -> list[dict[str, Any]]:
    """One claim of each sort, and two opposed pairs."""
    return [
        verdict(
            "L1",
            says="In four days Ukraine made the largest gain of ground by either side since autumn 2022",
            kinds=["record"],
            record_verdict="supported",
            record_found="Ukraine gained about 480 km² in the first week, more than either side in any other.",
            record_objection="Early figures are a belligerent's claims.",
            record_as_of="2025-12-31",
            record_figures=[
                {"name": "gain", "value": 480.2, "unit": "km²", "is": "ground gained in a week"}
            ],
        ),
        verdict("L7", says="The operation brings a quicker end", why_untested="no rule for it yet"),
        verdict(
            "L9",
            says="Holding the ground strengthens Ukraine's hand in talks",
            against=["R6"],
            hinges=["own_soil_worth_russia"],
            **modelled(0.664, 4.23),
        ),
        verdict(
            "L19",
            says="Russia puts getting back its own soil before keeping what it annexed",
            kinds=["hinge"],
            hinge="how much more own soil is worth to Russia than annexed soil",
            hinge_assumption="own_soil_worth_russia",
            hinge_of=["L9"],
        ),
        verdict(
            "R6",
            essay="R",
            says="It did not draw Russian forces from the east, where Russia kept gaining",
            kinds=["record", "model"],
            against=["L9"],
            record_verdict="mixed",
            record_found="Russia gained 12.7 km² a day in the month after, 5.5 in the month before.",
            record_as_of="2024-10-31",
            **modelled(0.08, -0.4),
        ),
        verdict(
            "R7",
            essay="R",
            says="It made Putin less willing to talk <script>alert(1)</script>",
            kinds=["model", "hinge"],
            against=["L11"],
            hinge="how long anger lasts",
            hinge_assumption="anger_half_life",
            **modelled(
                0.71,
                -12.0,
                effect_unit="percentage points",
                effect_says="change in the chance that talks are open after three months",
            ),
        ),
        verdict("L11", says="Occupied Russia can be traded for occupied Ukraine", against=["R7"]),
        verdict(
            "R15",
            essay="R",
            says="Being morally right does not make it wise policy",
            kinds=["value"],
            value="whether a policy is wise is a judgement about ends",
        ),
    ]


@pytest.fixture(scope="session")
def case() -> dict[str, Any]:
    """What the report says of the case: the content of its files, as far as it is shown."""
    regions = {
        sector: name.removesuffix(" border").split(" and ") for sector, name in SECTORS.items()
    }
    return {
        "sectors": {key: {"name": name, "map": regions[key]} for key, name in SECTORS.items()},
        "plans": {"none": {"name": "no incursion", "meaning": "Ukraine defends on its own soil"}},
        "sources": {
            "deepstate": {
                "title": "DeepState, map of the war",
                "url": "https://deepstatemap.live",
                "licence": None,
                "confidence": "found",
            }
        },
        "question": "Did taking Russian ground strengthen Ukraine's hand?",
        "essays": {
            "L": {"title": "the leverage essay", "summary": "Land can now be swapped for land."},
            "R": {
                "title": "the restraint essay",
                "summary": "It makes a longer, wider war likelier.",
            },
        },
    }


@pytest.fixture(scope="session")
def record_folder() -> Path:
    """The record of the Kursk case, as shipped."""
    return Path(ripeness.__file__).parent / "cases" / "kursk-2024" / "record"


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of 1000 worlds and five plans over 104 weeks."""
    folder = tmp_path_factory.mktemp("runs") / "kursk-2024-0123456789"
    folder.mkdir()
    card = {
        "format": 1,
        "run_id": "0123456789",
        "ripeness": "0.1.0",
        "case": "kursk-2024",
        "title": "Kursk, August 2024",
        "case_hash": "sha256:abcdef",
        "seed": 1,
        "worlds": 1000,
        "plans": PLANS,
        "weeks": 104,
        "decision_date": "2024-08-06",
        "milestones": MILESTONES,
        "sides": _entries(SIDES),
        "sectors": _entries(SECTORS),
        "supporters": _entries({"us": "United States"}),
        "deals": _entries(DEALS),
        "columns": {
            "own_soil_worth_russia": {
                "role": "assumption",
                "unit": "ratio",
                "meaning": "worth of own soil to Russia, against annexed soil",
            }
        },
    }
    (folder / "run.json").write_text(json.dumps(card), encoding="utf-8")
    _write(folder / "weekly.parquet", _weekly())
    _write(folder / "trajectories.parquet", _trajectories())
    _write(folder / "negotiation.parquet", _negotiation())
    return folder


@pytest.fixture(scope="session")
def each_week() -> Callable[[], pd.DataFrame]:
    """The weekly quantiles of the small run, as a frame."""
    return _weekly


def _entries(names: dict[str, str]) -> list[dict[str, str]]:
    return [{"id": key, "name": name} for key, name in names.items()]


def _write(file: Path, frame: pd.DataFrame) -> None:
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


def _weekly() -> pd.DataFrame:
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


def _trajectories() -> pd.DataFrame:
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


def _negotiation() -> pd.DataFrame:
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
