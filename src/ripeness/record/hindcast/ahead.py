"""A forecast of figures that nobody knows yet, by worlds and by simple forecasters.

In: draws of what worlds say of each series. Out: medians and bands by day and forecaster, in the
terms in which forecasts of the past are scored, and as the tables of the record would have them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ripeness.case.observed import Observed
from ripeness.case.schema import CaseFile
from ripeness.record.followed import Progress
from ripeness.record.hindcast.baselines import BASELINES, forecast
from ripeness.record.hindcast.hindcast import StandIn
from ripeness.record.hindcast.past import past
from ripeness.record.hindcast.scores import band
from ripeness.record.hindcast.skill import WORLDS
from ripeness.record.hindcast.targets import Forecasts, Target, with_ground
from ripeness.record.observations import Observations, figures

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Forecast:
    """What figures will be, as far as could be known on a day.

    Attributes
    ----------
    case, title
        What is forecast.
    as_of
        The day: nothing that became known later counts.
    weeks
        How far ahead.
    seed, worlds
        What was run; the same seed gives the same numbers.
    ended
        Share of worlds in which the war has ended by the last day that is forecast.
    declared
        What the case says of each series, by name, and of ground in total.
    known
        One row a figure known on the day, since the decision: series, date, value.
    rows
        One row a day to come and forecaster: series, date, week (since the day), forecaster,
        median, low_50, high_50, low_90 and high_90 in the unit of the series; where the record has
        levels, also record_median, record_low_90 and record_high_90, as its table would have them.
    stand_ins
        Where persistence stands in for another simple forecaster.
    left_out
        Names of series of which too little is known to forecast them, by id.
    """

    case: str
    title: str
    as_of: date
    weeks: int
    seed: int
    worlds: int
    ended: float
    declared: dict[str, Observed]
    known: pd.DataFrame
    rows: pd.DataFrame
    stand_ins: tuple[StandIn, ...]
    left_out: dict[str, str]

    def record(self) -> dict[str, Any]:
        """Give the whole forecast as plain data, ready for JSON."""
        import pandas as pd

        def plain(table: pd.DataFrame) -> list[dict[Any, Any]]:
            told = table.assign(date=table["date"].map(date.isoformat)).astype(object)
            return told.where(pd.notna(told), None).to_dict("records")

        return {
            "case": self.case,
            "as_of": self.as_of.isoformat(),
            "weeks": self.weeks,
            "seed": self.seed,
            "worlds": self.worlds,
            "ended": round(self.ended, 4),
            "series": [
                {
                    "id": name,
                    "name": one.name,
                    "how": one.how,
                    "unit": one.unit,
                    "table": one.table,
                    "value": one.value,
                }
                for name, one in self.declared.items()
            ],
            "forecasts": plain(self.rows),
            "known": plain(self.known),
            "stand_ins": [
                asdict(each) | {"origin": each.origin.isoformat()} for each in self.stand_ins
            ],
            "left_out": list(self.left_out),
        }


def forecast_by_all(
    case: CaseFile,
    record: Path,
    found: Sequence[Target],
    drawn: Forecasts,
    observed: Sequence[Observations],
    ended: float,
    weeks: int,
    seed: int,
    progress: Progress,
) -> Forecast:
    """Say what worlds and simple forecasters expect of figures to come.

    Parameters
    ----------
    record
        The case's record folder; simple forecasters get what was known at the origin.
    found
        What is to be forecast, from one origin.
    drawn
        What worlds say of each of these.
    observed
        The figures known at the origin.
    ended
        Share of worlds in which the war has ended by the end.
    weeks
        How far ahead.
    seed
        Of the draws of simple forecasters.
    """
    import pandas as pd

    found, drawn = with_ground(case, found, drawn)
    origin = found[0].origin
    rows, known, stand_ins = [], [], []
    some_known = {one.name for one in observed}
    left_out = {name: one.name for name, one in case.observed.items() if name not in some_known}
    for number, target in enumerate(found):
        progress("simple forecasts", number / len(found))
        given = past(target, case, record)
        if given is None:
            left_out[target.name] = target.figures.declared.name
            continue
        told, base = _so_far(target, case, record, observed)
        known.append(told)
        rows.append(_row(target, WORLDS, drawn[origin, target.name], base))
        for baseline in BASELINES:
            simple = forecast(baseline, given, seed)
            if simple.stands_in:
                stand_ins.append(StandIn(target.name, origin, baseline, simple.stands_in))
            rows.append(_row(target, baseline, given.told(simple.paths), base))
    return Forecast(
        case=case.id,
        title=case.title,
        as_of=origin,
        weeks=weeks,
        seed=seed,
        worlds=max(len(draws) for draws in drawn.values()),
        ended=ended,
        declared={
            target.name: target.figures.declared for target in found if target.name not in left_out
        },
        known=pd.concat(known, ignore_index=True),
        rows=pd.concat(rows, ignore_index=True),
        stand_ins=tuple(stand_ins),
        left_out=left_out,
    )


def _so_far(
    target: Target, case: CaseFile, record: Path, observed: Sequence[Observations]
) -> tuple[pd.DataFrame, float | None]:
    """Give the figures known since the decision, and what a table has where the series has 0."""
    import pandas as pd

    declared, decided = target.figures.declared, case.decision_date
    if declared.how not in ("level", "change"):
        seen = next(one for one in observed if one.name == target.name)
        return pd.DataFrame({"series": target.name, "date": seen.dates, "value": seen.values}), None
    days, values = figures(target.name, declared, decided, record, target.origin)
    base = float(values[days < 0][-1]) if declared.how == "change" else 0.0
    since = days > 0
    dates = [decided + timedelta(days=int(day)) for day in days[since]]
    told = {"series": target.name, "date": dates, "value": (values[since] - base) * declared.times}
    return pd.DataFrame(told), base


def _row(target: Target, forecaster: str, draws: np.ndarray, base: float | None) -> pd.DataFrame:
    import pandas as pd

    (low_50, high_50), (low_90, high_90) = band(draws, 0.5), band(draws, 0.9)
    said: Mapping[str, np.ndarray] = {
        "median": np.median(draws, axis=0),
        "low_50": low_50,
        "high_50": high_50,
        "low_90": low_90,
        "high_90": high_90,
    }
    tabled = {}
    if base is not None:
        names = ("median", "low_90", "high_90")
        times = target.figures.declared.times
        ends = np.sort([base + said[name] / times for name in names], axis=0)
        tabled = dict(zip(("record_low_90", "record_median", "record_high_90"), ends, strict=True))
    return pd.DataFrame(
        {
            "series": target.name,
            "date": target.figures.dates,
            "week": target.leads,
            "forecaster": forecaster,
            **said,
            **tabled,
        }
    )
