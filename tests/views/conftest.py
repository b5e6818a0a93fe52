"""A small run folder of the Kursk case, with real names and made-up numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from made_up import (
    DEALS,
    MILESTONES,
    PLANS,
    SECTORS,
    SIDES,
    entries,
    modelled,
    negotiation,
    trajectories,
    verdict,
    weekly,
    write,
)

from ripeness.views import rundata
from ripeness.views.rundata import RunCard
from ripeness.views.shown import Shown


@pytest.fixture(scope="session")
def verdicts() -> list[dict[str, Any]]:
    """One claim of each sort, and two opposed pairs."""
    return [
        verdict(
            "L1",
            says="In four days Ukraine made the largest gain of ground since autumn 2022",
            kinds=["record"],
            record_verdict="supported",
            record_found="Ukraine gained about 480 km² in a week, more than anyone else.",
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
            says="It did not draw Russian forces from the east",
            kinds=["record", "model"],
            against=["L9"],
            record_verdict="mixed",
            record_found="Russia gained 12.7 km² a day in the month after, 5.5 before.",
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
            "L": {
                "title": "the leverage essay",
                "summary": "Land can now be swapped for land.",
                "date": "2024-08-20",
            },
            "R": {
                "title": "the restraint essay",
                "summary": "It makes a longer, wider war likelier.",
                "date": None,
            },
        },
    }


@pytest.fixture(scope="session")
def record_folder() -> Path:
    """The record of the Kursk case, as shipped."""
    return Path(rundata.__file__).parents[1] / "cases" / "kursk-2024" / "record"


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
        "charted_worlds": 1000,
        "plans": PLANS,
        "weeks": 104,
        "decision_date": "2024-08-06",
        "milestones": MILESTONES,
        "sides": entries(SIDES),
        "sectors": entries(SECTORS),
        "supporters": entries({"us": "United States"}),
        "deals": entries(DEALS),
        "settlement": {
            "r2_out_of_sample": {"ukraine": 0.43, "russia": 0.32},
            "error_points": {"ukraine": 1.7, "russia": 1.5},
        },
        "columns": {
            "own_soil_worth_russia": {
                "role": "assumption",
                "unit": "ratio",
                "meaning": "worth of own soil to Russia, against annexed soil",
            }
        },
    }
    (folder / "run.json").write_text(json.dumps(card), encoding="utf-8")
    write(folder / "weekly.parquet", weekly())
    write(folder / "trajectories.parquet", trajectories())
    write(folder / "negotiation.parquet", negotiation())
    return folder


@pytest.fixture(scope="session")
def shown(run_folder: Path, verdicts, case, record_folder: Path) -> Shown:
    """The run with its verdicts, its case and the record."""
    card = RunCard.of(json.loads((run_folder / "run.json").read_text(encoding="utf-8")))
    return Shown(run_folder, card, case, verdicts, record=record_folder)
