"""A run whose claims worlds really answer: a small table with a known rule, and what is shown."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from ripeness.claims.ends import ends
from ripeness.claims.inquiry import ask
from ripeness.views.rundata import RunCard
from ripeness.views.shown import Shown

WORLDS = 2_000
CLAIMS = """\
columns:
  decided: 52
  families: [kind]
  assumptions:
    soil: {unit: times, means: worth of own soil}
    press: {unit: points, means: pressure at home}
    kind: {means: kind of red line}
  outcomes:
    gain: {unit: km²}
    taken: {}
    early_w4: {unit: km², means: ground taken by week 4}
essays:
  L: {title: the leverage essay, date: 2024-08-20, summary: It pays.}
  R: {title: the restraint essay, date: 2024-08-20, summary: It does not.}
claims:
- {id: L1, essay: L, says: Going in <b>pays</b>, compare: [go, stay], holds: a.gain > b.gain,
   unit: km², effect_says: ground gained, against: R1, hinges: [soil, press]}
- {id: L2, essay: L, says: Going in takes the town, compare: [go, stay], holds: a.taken > b.taken,
   effect: 100 * (a.taken - b.taken), unit: percentage points,
   effect_says: rise in the chance of taking the town}
- id: R1
  essay: R
  says: Going in costs more than it brings
  kind: [record, model]
  compare: [go, stay]
  holds: a.gain < b.gain
  record:
    as_of: 2024-12-31
    figures: {most: {sql: select max(km2) from ground, unit: km², is: the most that was held}}
    supported: most < 100
    contradicted: most > 500
    found: "At most {most:,.0f} km² were held."
    objection: Ground is not all.
- {id: R2, essay: R, says: It is wrong, kind: value, value: a judgement about ends}
- {id: R3, essay: R, says: It will be regretted, kind: model, untested: no rule for regret}
- {id: R4, essay: R, says: Own soil is worth most, kind: hinge, hinge: what own soil is worth,
   assumption: soil}
"""
CASE = {
    "question": "Is it wise to go in?",
    "plans": {
        "go": {"name": "go in", "meaning": "It goes in"},
        "stay": {"name": "stay", "meaning": "It stays"},
    },
    "measures": {},
    "sources": {
        "map": {
            "title": "A map of the war",
            "url": "https://example.org/map",
            "licence": "MIT",
            "confidence": "found",
            "table": "ground",
        },
        "us": {
            "title": "Judgement of the authors",
            "url": None,
            "licence": None,
            "confidence": "judgement",
            "table": None,
        },
    },
    "assumptions": {
        "soil": {"because": "own soil is dear", "sources": ["us"], "confidence": "judgement"},
        "press": {"because": "voters grumble", "sources": ["map"], "confidence": "found"},
    },
}


def shown_run(folder: Path) -> Shown:
    """Make the run: going in gains where own soil is dear and nobody presses, and shows early."""
    draw = np.random.default_rng(1)
    soil, press = 1 + draw.random(WORLDS), draw.random(WORLDS)
    pays = draw.random(WORLDS) < np.where((soil > 1.5) & (press < 0.6), 0.9, 0.1)
    gain = np.where(pays, 1, -1) * draw.exponential(100, WORLDS)
    luck = draw.random(WORLDS)
    stay = pd.DataFrame(
        {
            "world": np.arange(WORLDS),
            "plan": "stay",
            "soil": soil,
            "press": press,
            "kind": draw.choice(["fixed", "eroding"], WORLDS),
            "gain": 0.0,
            "taken": (luck > 0.8).astype(int),
            "early_w4": 0.0,
        }
    )
    early = 300 * pays + 150 * draw.standard_normal(WORLDS)
    go = stay.assign(plan="go", gain=gain, early_w4=early, taken=(luck > 0.5).astype(int))
    record = folder / "record"
    record.mkdir()
    (record / "ground.csv").write_text("date,km2\n2024-08-12,480\n2024-12-31,300\n")
    (folder / "claims.yaml").write_text(CLAIMS, encoding="utf-8")
    asked = ask(pd.concat([go, stay]), folder / "claims.yaml", record=record)
    verdicts = asked.judge().records()
    columns = {
        "soil": {"unit": "times", "meaning": "worth of own soil", "assumed": "1 to 2 (judgement)"},
        "press": {"unit": "points", "meaning": "pressure at home", "assumed": "0 to 1 (found)"},
        "kind": {"unit": "word", "meaning": "kind of red line"},
    }
    card = RunCard(
        run_id="0123456789",
        case="a-case",
        title="A case",
        case_hash="abc",
        version="0.1.0",
        seed=1,
        worlds=WORLDS,
        charted_worlds=WORLDS,
        weeks=52,
        decision_date="2024-08-06",
        plans=("stay", "go"),
        milestones=(4, 26, 52),
        sides={"a": "Arden", "b": "Belmar"},
        sectors={},
        deals={},
        columns=columns,
        fit={},
        fit_error={},
    )
    essays = {
        key: {"title": essay.title, "summary": essay.summary, "date": "2024-08-20"}
        for key, essay in asked.claims.essays.items()
    }
    return Shown(
        folder=folder,
        card=card,
        case={**CASE, "essays": essays},
        verdicts=json.loads(json.dumps(verdicts)),
        ends=[one.as_record() for one in ends(asked)],
        cruxes=[one.as_record() for one in asked.cruxes()],
        record=record,
        ask=lambda: asked,
    )


TIMELINE = {
    "case": "a-case",
    "case_hash": "other",
    "seed": 2,
    "worlds": 512,
    "plans": ["stay", "go"],
    "ripeness": "0.1.0",
    "dates": [],
    "claims": [
        {
            "id": "R1",
            "says": "Going in costs more than it brings",
            "sentence": "R1: the record first spoke as of 31 December 2024 (mixed).",
            "at": [
                {
                    "as_of": None,
                    "record": None,
                    "share": 0.6,
                    "share_low": 0.55,
                    "share_high": 0.65,
                },
                {
                    "as_of": "2024-12-31",
                    "record": "mixed",
                    "share": 0.4,
                    "share_low": 0.3,
                    "share_high": 0.5,
                },
            ],
        }
    ],
}
