"""The table of measures: what the case declares, computed from a folder of the record.

A measure whose figures the folder lacks (because it was cut at an early date) gives no rows. The
tables themselves, and their columns, must be there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ripeness.case.measures import (
    CountChange,
    EventStudy,
    Measure,
    PaceChange,
    RedLines,
    SurveyChange,
    SurveyTrend,
)
from ripeness.case.schema import CaseFile
from ripeness.record.measures.number import Number
from ripeness.record.measures.read import (
    count_change,
    pace_change,
    survey_change,
    survey_trend,
)
from ripeness.record.measures.study import event_study

if TYPE_CHECKING:
    import pandas as pd

TABLE = "measures.csv"
ODDS = "red_lines.json"
"""In the folder of a run: the odds of red lines that erode, as crossings pass."""

COLUMNS = ("measure", "number", "value", "low", "high", "n", "unit", "is")


def measure(case: CaseFile, record: Path, as_of: date | None = None) -> pd.DataFrame:
    """Compute every measure that the case declares.

    Parameters
    ----------
    record
        A record folder, whole or cut at a date.
    as_of
        The date at which it was cut, if it was. Counts of events up to a later day are then left
        out: that a day has no row would only mean that it has not come.

    Returns
    -------
    DataFrame
        One row a number, in the order of the case file: the measure's and the number's name, value,
        95 % interval or range (``low``, ``high``), how many rows it rests on (``n``), unit, and
        what it ``is``.

    Raises
    ------
    UsageError
        If a measure names a table or column that the folder does not have.
    """
    import pandas as pd

    rows = [
        (name, it.number, it.value, it.low, it.high, it.n, it.unit, it.says)
        for name, declared in case.measures.items()
        for it in _numbers(case, name, declared, record, as_of)
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({"value": float, "low": float, "high": float, "n": "Int64"})


def write(case: CaseFile, record: Path, as_of: date | None = None) -> None:
    """Write the table of measures into a record folder, for claims to read.

    Parameters
    ----------
    record, as_of
        As for `measure`.
    """
    measure(case, record, as_of).to_csv(record / TABLE, index=False)


def write_odds(case: CaseFile, record: Path, folder: Path) -> None:
    """Write what the record says of red lines as their crossings pass, if it says anything.

    Parameters
    ----------
    record
        As for `measure`.
    folder
        The folder of a run.
    """
    odds = _odds(case, record)
    if odds:
        text = json.dumps({"odds": odds}, indent=1, ensure_ascii=False)
        (folder / ODDS).write_text(text + "\n", encoding="utf-8")


def _odds(case: CaseFile, record: Path) -> list[dict[str, Any]]:
    """Give one record a week, coding and family of priors."""
    declared = {name: it for name, it in case.measures.items() if isinstance(it, RedLines)}
    if not declared:
        return []
    from ripeness.record.measures.evidence import odds_as_crossings_pass  # it loads JAX

    return [
        {
            "measure": it.name,
            "side": it.side,
            "coding": passed.coding,
            "prior": passed.prior,
            "date": passed.day.isoformat(),
            "crossings": passed.crossings,
            "answered": passed.answered,
            **{end: float(f"{getattr(passed.odds, end):.4g}") for end in ("value", "low", "high")},
        }
        for name, it in declared.items()
        for passed in odds_as_crossings_pass(name, it, record, case)
    ]


def _numbers(
    case: CaseFile, name: str, declared: Measure, record: Path, as_of: date | None
) -> Iterator[Number]:
    match declared:
        case PaceChange():
            return pace_change(name, declared, record)
        case CountChange():
            known = as_of is None or declared.until <= as_of
            return count_change(name, declared, record) if known else iter(())
        case EventStudy():
            return event_study(name, declared, record)
        case SurveyChange():
            return survey_change(name, declared, record)
        case SurveyTrend():
            return survey_trend(name, declared, record)
        case RedLines():
            from ripeness.record.measures.evidence import red_lines  # it loads JAX

            return red_lines(name, declared, record, case)
