"""Tables of worlds with a known rule behind them, and inquiries into them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from ripeness.claims.inquiry import Inquiry, ask

WORLDS = 6_000

CLAIMS = """\
columns:
  assumptions:
    x1: {means: pressure on the border}
    x2: {unit: times, means: worth of own soil}
    x3: {}
    kind: {means: kind of line}
    idle: {}
  outcomes:
    y: {}
    early_w4: {unit: km², means: ground taken by week 4}
    late_w13: {}
    copy_w8: {}
    score: {}
  decided: 52
claims:
- id: box
  says: It pays
  plan: go
  holds: y = 1
  against: never
- id: never
  says: It never pays
  plan: go
  holds: y = 0
- id: high
  says: Much soil makes it pay
  plan: go
  holds: x2 > 1.2
- id: kindly
  says: The kind decides
  compare: [go, stay]
  holds: a.score > b.score
- id: always
  says: It always happens
  plan: go
  holds: x1 >= 0
- id: few
  says: Of few worlds
  plan: go
  given: x1 < 0.005
  holds: y = 1
- id: recorded
  says: The record decides
  kind: record
  untested: No table of figures here
  against: high
"""


def table(seed: int = 1, worlds: int = WORLDS, weights: bool = False) -> pd.DataFrame:
    """Make worlds in which y is 1 nine times in ten if x1 < 0.3 and x2 > 1.6, else once in ten.

    x3 nearly equals x1 and does nothing; copy_w8 hardly differs from late_w13, which shows y.
    """
    draw = np.random.default_rng(seed)
    x1, x2, idle = draw.random(worlds), 1 + draw.random(worlds), draw.random(worlds)
    x3 = x1 + 0.05 * draw.standard_normal(worlds)
    kind = draw.choice(["eroding", "fixed", "none"], worlds)
    inside = (x1 < 0.3) & (x2 > 1.6)
    y = np.where(inside, draw.random(worlds) < 0.9, draw.random(worlds) < 0.1)
    late = y + 0.5 * draw.standard_normal(worlds)
    both = {
        "world": np.arange(worlds),
        **{"x1": x1, "x2": x2, "x3": x3, "kind": kind, "idle": idle, "y": y.astype(int)},
        "early_w4": np.where(y, 300, 200) + 100 * draw.standard_normal(worlds),
        "late_w13": late,
        "copy_w8": late + 0.05 * draw.standard_normal(worlds),
    }
    if weights:
        both["weight"] = np.where(x2 > 1.5, 3.0, 1.0)
    go = pd.DataFrame({**both, "plan": "go", "score": np.where(kind == "eroding", 1.0, -1.0)})
    return pd.concat([go, go.assign(plan="stay", score=0.0)], ignore_index=True)


def inquiry(folder: Path, frame: pd.DataFrame | None = None, claims: str = CLAIMS) -> Inquiry:
    """Ask a table about the claims above."""
    file = folder / "claims.yaml"
    file.write_text(claims, encoding="utf-8")
    return ask(table() if frame is None else frame, file)
