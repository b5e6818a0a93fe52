"""PRIM of EMA Workbench: run by claims.py with the Python that has EMA Workbench.

In: repeats, and files of worlds that claims.py wrote. Out, as JSON: its version, and for each file
and share that is peeled at a time, the seconds that each repeat took and the boxes of its
trajectory.

As its documentation and its own examples go: the objective that is the default, a threshold of 0.8,
and 0.05 (the default) or 0.1 (its examples) peeled at a time; no logging. Making the table of
experiments is not timed.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
from ema_workbench.analysis import prim  # pyright: ignore[reportMissingImports]

THRESHOLD = 0.8
PEEL = (0.05, 0.1)

Limits = dict[int, list[float | None]]
"""The least and the greatest value of each assumption that a box limits."""


def find(path: str, peel: float, repeats: int) -> dict[str, Any]:
    """Time the finding of a box, and give the trajectory."""
    with np.load(path) as file:
        experiments = pd.DataFrame(file["x"], columns=[f"x{n}" for n in range(file["x"].shape[1])])
        wanted = file["y"].astype(int)
    took, found = [], []
    for _ in range(repeats):
        begun = time.perf_counter()
        box = prim.Prim(experiments, wanted, threshold=THRESHOLD, peel_alpha=peel).find_box()
        took.append(time.perf_counter() - begun)
        found = [limits(each, box.prim.box_init) for each in box.box_lims]
    return {"file": path, "peel": peel, "seconds": took, "boxes": found}


def limits(box: pd.DataFrame, ends: pd.DataFrame) -> Limits:
    """Give the assumptions that a box limits; None at an end that it leaves free."""
    kept = box.to_numpy() != ends.to_numpy()
    return {
        int(n): [float(box.iloc[end, n]) if kept[end, n] else None for end in (0, 1)]
        for n in np.flatnonzero(kept.any(axis=0))
    }


def main() -> None:
    """Run: repeats, and the files; all as arguments."""
    repeats, *paths = sys.argv[1:]
    found = [find(path, peel, int(repeats)) for path in paths for peel in PEEL]
    print(json.dumps({"version": version("ema_workbench"), "found": found}))


if __name__ == "__main__":
    main()
