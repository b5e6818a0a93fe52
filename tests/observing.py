"""A record for the invented small case: what Arden holds in the plain, week by week."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

OBSERVED = """
followed:
  plan: push
  until: 2030-07-08
  because: Arden went.
  sources: [invention]

observed:
  plain:
    name: Ground in the plain
    series: ground_plain
    unit: km²
    table: front
    date: date
    value: km2
    how: change
    error: 10
    drift: 5
    because: invented
    sources: [invention]
    confidence: judgement
"""
FIRST = date(2030, 5, 5)  # the day before the decision


def observe(small_case: Path, case: Path, held: Sequence[int], late: int = 0) -> Path:
    """Copy the small case and let it observe figures, one a week; the last known some days later.

    Parameters
    ----------
    held
        km², from the day before the decision on.
    """
    shutil.copytree(small_case, case)
    with (case / "case.yaml").open("a", encoding="utf-8") as file:
        file.write(OBSERVED)
    days = [FIRST + timedelta(weeks=week) for week in range(len(held))]
    known = [*days[:-1], days[-1] + timedelta(days=late)]
    rows = [f"{day},{since},{km2}" for day, since, km2 in zip(days, known, held, strict=True)]
    (case / "record").mkdir()
    text = "\n".join(["date,known,km2", *rows, ""])
    (case / "record" / "front.csv").write_text(text, encoding="utf-8")
    return case
