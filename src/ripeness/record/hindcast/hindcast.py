"""The hindcast: forecasts from past days, scored against what then came, beside simple ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ripeness.case.observed import Observed
from ripeness.case.schema import CaseFile
from ripeness.errors import UsageError
from ripeness.record.followed import Progress
from ripeness.record.hindcast.baselines import BASELINES, forecast
from ripeness.record.hindcast.past import past
from ripeness.record.hindcast.scores import band, crps, log_score
from ripeness.record.hindcast.skill import WORLDS, Summary, summarize
from ripeness.record.hindcast.targets import Forecasts, Target, with_ground
from ripeness.record.priorcheck import answerable as run_answerable

if TYPE_CHECKING:
    import pandas as pd

WEEKS = 13
"""How far ahead: a quarter."""


@dataclass(frozen=True)
class StandIn:
    """Where persistence stands in for another simple forecaster, and why."""

    series: str
    origin: date
    forecaster: str
    reason: str


@dataclass(frozen=True)
class Hindcast:
    """How good forecasts from past days were, next to simple ones.

    Attributes
    ----------
    case, title
        What was forecast.
    origins
        The days from which.
    weeks
        How far ahead.
    seed, worlds
        What was run; the same seed gives the same numbers.
    declared
        What the case says of each series, by name, and of ground in total.
    scores
        One row a figure and forecaster: origin, series, date, week (since the origin), forecaster,
        value, median, low_50, high_50, low_90, high_90 and crps (in the unit of the series),
        log_score, rank (share of draws below the value, and half of those at it), in_50, in_90,
        chance_more and more (than if the last value known had stayed).
    stand_ins
        Where a simple forecaster could not be fitted.
    left_out
        Series and origins at which nothing was known to forecast from.
    """

    case: str
    title: str
    origins: tuple[date, ...]
    weeks: int
    seed: int
    worlds: int
    declared: dict[str, Observed]
    scores: pd.DataFrame
    stand_ins: tuple[StandIn, ...]
    left_out: tuple[tuple[str, date], ...]

    @cached_property
    def summary(self) -> Summary:
        """What the scores come to, by series and in all."""
        return summarize(self.scores, self.seed)

    def record(self) -> dict[str, Any]:
        """Give the whole hindcast as plain data, ready for JSON."""
        series = [
            {
                "id": one.name,
                "name": self.declared[one.name].name,
                "how": self.declared[one.name].how,
                "unit": self.declared[one.name].unit,
                **one.record(),
            }
            for one in self.summary.series
        ]
        rows = self.scores.assign(
            origin=self.scores["origin"].map(date.isoformat),
            date=self.scores["date"].map(date.isoformat),
        )
        return {
            "case": self.case,
            "origins": [origin.isoformat() for origin in self.origins],
            "weeks": self.weeks,
            "seed": self.seed,
            "worlds": self.worlds,
            "series": series,
            **self.summary.record(),
            "stand_ins": [
                asdict(each) | {"origin": each.origin.isoformat()} for each in self.stand_ins
            ],
            "left_out": [
                {"series": name, "origin": origin.isoformat()} for name, origin in self.left_out
            ],
            "scores": rows.to_dict("records"),
        }


def answerable(case: CaseFile, worlds: int, seed: int) -> None:
    """Check what is asked for, before worlds are made.

    Raises
    ------
    UsageError
        If the case does not say what was observed, or a number is out of bounds.
    """
    run_answerable(case, worlds, seed)
    if not case.observed:
        raise UsageError(
            f"case {case.id!r} has nothing to forecast; add 'observed' (which figures of the "
            "record speak of which series)"
        )


def hindcast(
    case: CaseFile,
    record: Path,
    found: Sequence[Target],
    forecasts: Forecasts,
    seed: int,
    progress: Progress,
) -> Hindcast:
    """Score forecasts of figures, and simple forecasts of the same figures.

    Parameters
    ----------
    record
        The case's record folder, from which simple forecasters get what was known at each origin.
    found
        What was to be forecast.
    forecasts
        Draws for each of these.
    seed
        Of the draws of simple forecasters and of the bootstrap.
    """
    import pandas as pd

    found, forecasts = with_ground(case, found, forecasts)
    parts, stand_ins, left_out = [], [], []
    for number, target in enumerate(found):
        progress("simple forecasts", number / len(found))
        given = past(target, case, record)
        if given is None:
            left_out.append((target.name, target.origin))
            continue
        steady = given.told(np.full((1, given.steps), given.values[-1]))[0]
        ours = forecasts[target.origin, target.name]
        parts.append(_scored(target, WORLDS, ours, steady))
        for baseline in BASELINES:
            drawn = forecast(baseline, given, seed)
            if drawn.stands_in:
                stand_ins.append(StandIn(target.name, target.origin, baseline, drawn.stands_in))
            parts.append(_scored(target, baseline, given.told(drawn.paths), steady))
    if not parts:
        raise UsageError("at no origin was a figure known to forecast from; look at the record")
    return Hindcast(
        case=case.id,
        title=case.title,
        origins=tuple(dict.fromkeys(target.origin for target in found)),
        weeks=WEEKS,
        seed=seed,
        worlds=max(len(draws) for draws in forecasts.values()),
        declared={target.name: target.figures.declared for target in found},
        scores=pd.concat(parts, ignore_index=True),
        stand_ins=tuple(stand_ins),
        left_out=tuple(left_out),
    )


def _scored(target: Target, forecaster: str, draws: np.ndarray, steady: np.ndarray) -> pd.DataFrame:
    """Score draws of a target; `steady` is what its figures are if the last value known stays."""
    import pandas as pd

    seen = target.figures
    (low_50, high_50), (low_90, high_90) = band(draws, 0.5), band(draws, 0.9)
    return pd.DataFrame(
        {
            "origin": target.origin,
            "series": target.name,
            "date": seen.dates,
            "week": target.leads,
            "forecaster": forecaster,
            "value": seen.values,
            "median": np.median(draws, axis=0),
            "low_50": low_50,
            "high_50": high_50,
            "low_90": low_90,
            "high_90": high_90,
            "crps": crps(draws, seen.values),
            "log_score": log_score(draws, seen.values, seen.errors),
            "rank": ((draws < seen.values).mean(0) + (draws <= seen.values).mean(0)) / 2.0,
            "in_50": (low_50 <= seen.values) & (seen.values <= high_50),
            "in_90": (low_90 <= seen.values) & (seen.values <= high_90),
            "chance_more": (draws > steady).mean(0),
            "more": seen.values > steady,
        }
    )
