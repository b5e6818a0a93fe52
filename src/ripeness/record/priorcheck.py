"""The prior predictive check: where the record lies among worlds that know nothing of it.

Worlds run from the decision date, under the plan that was really followed, with assumptions as the
case gives them. Each figure of the record is held against what would have been measured in those
worlds: their series, with the figure's own error added. An honest prior holds the record inside
its 90 % band most weeks, in bands that are not absurdly wide (Gelman and others, Bayesian
workflow, 2020, section 2.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from ripeness.case.schema import CaseFile
from ripeness.errors import UsageError
from ripeness.record.observations import DAYS_A_WEEK, Observations, compared

if TYPE_CHECKING:
    import pandas as pd

MOST_WEEKS = 0.8
"""Share of figures inside the 90 % band from which on the record counts as inside: some may be
outside by luck, and figures of one series stray together."""

VERY_WIDE = 10.0
"""Times the record's own range from which on a band counts as very wide. Were a band right and
centred on no change, the record would still move by less than a tenth of its width in one case of
four, `2 * Phi(3.29 / 10) - 1`: a sign that the prior says little, no proof."""

NINE_TENTHS = 3.29
"""Width of the 90 % band of a normal distribution, in standard deviations."""

FAN = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
"""Quantiles of the worlds that are kept for each week."""

LENGTHS = (0.1, 0.5, 0.9)
"""Quantiles of the lengths of wars that are compared."""

FEWEST_WORLDS = 200
"""Fewer leave the ends of a 90 % band to a handful of worlds."""

MOST_WORLDS = 1_000_000
MOST_SEED = 2**31 - 1

INSIDE, OUTSIDE, WIDE = "inside most weeks", "often outside", "band very wide"


def answerable(case: CaseFile, worlds: int, seed: int) -> None:
    """Check what is asked for, before worlds are made.

    Raises
    ------
    UsageError
        If the case does not say what was observed, or a number is out of bounds.
    """
    if case.followed is None or not (case.observed or case.durations):
        raise UsageError(
            f"case {case.id!r} does not say what was observed; add 'followed' (the plan that was "
            "really followed) and 'observed' (which figures speak of which series) or 'durations'"
        )
    if not FEWEST_WORLDS <= worlds <= MOST_WORLDS:
        bounds = f"{FEWEST_WORLDS:,} to {MOST_WORLDS:,}"
        raise UsageError(f"worlds must be from {bounds}, not {worlds:,}")
    if not 0 <= seed <= MOST_SEED:
        raise UsageError(f"seed must be from 0 to {MOST_SEED}, not {seed}")


@dataclass(frozen=True)
class SeriesCheck:
    """Where the figures of one observed series lie among the worlds.

    Attributes
    ----------
    observations
        The figures.
    meaning
        What the series is.
    start
        Where record and worlds set out from, in the terms that are compared; NaN if they differ.
    ranks
        Share of worlds in which less would have been measured, one a figure.
    bands
        By share of worlds (0.5 and 0.9) the limits of what would have been measured: figures by
        two.
    fan
        Quantiles of the worlds themselves by week, without error of measurement: columns week and
        `FAN`.
    """

    observations: Observations
    meaning: str
    start: float
    ranks: np.ndarray
    bands: dict[float, np.ndarray]
    fan: pd.DataFrame

    def inside(self, share: float) -> np.ndarray:
        """Which figures lie in the middle 50 or 90 % of worlds."""
        low, high = self.bands[share].T
        values = self.observations.values
        return (low <= values) & (values <= high)

    @property
    def width(self) -> float:
        """Width of the 90 % band at the last figure, in the unit of the series."""
        low, high = self.bands[0.9][-1]
        return float(high - low)

    @property
    def relative_width(self) -> float:
        """The same in times of the record's own range and what error alone would spread."""
        reached = np.append(self.observations.values, self.start)
        own = np.nanmax(reached) - np.nanmin(reached)
        return self.width / float(own + NINE_TENTHS * self.observations.error[-1])

    @property
    def verdict(self) -> str:
        """What the check comes to, in words."""
        words = INSIDE if self.inside(0.9).mean() >= MOST_WEEKS else OUTSIDE
        return f"{words}, {WIDE}" if self.relative_width > VERY_WIDE else words

    def record(self) -> dict[str, Any]:
        """Give the check as plain data, ready for JSON."""
        seen, declared = self.observations, self.observations.declared
        figures = zip(seen.dates, seen.values, seen.error, self.bands[0.9], self.ranks, strict=True)
        return {
            "id": seen.name,
            "series": declared.series,
            "meaning": self.meaning,
            "how": declared.how,
            "unit": declared.unit,
            "figures": len(seen.dates),
            "inside_50": float(self.inside(0.5).mean()),
            "inside_90": float(self.inside(0.9).mean()),
            "median_rank": float(np.median(self.ranks)),
            "width_90": self.width,
            "relative_width": self.relative_width,
            "verdict": self.verdict,
            "record": [
                {
                    "date": day.isoformat(),
                    "value": float(value),
                    "error": float(error),
                    "low_90": float(band[0]),
                    "high_90": float(band[1]),
                    "rank": float(rank),
                }
                for day, value, error, band, rank in figures
            ],
        }


@dataclass(frozen=True)
class DurationCheck:
    """How long simulated wars last, against wars of the past.

    Attributes
    ----------
    simulated, recorded
        Weeks, at the quantiles `LENGTHS`; infinity for a war that outlasts the horizon.
    wars
        How many were recorded.
    horizon
        Weeks that worlds run.
    within
        By what factor the two may differ.
    """

    simulated: tuple[float, ...]
    recorded: tuple[float, ...]
    wars: int
    horizon: float
    within: float

    @property
    def verdicts(self) -> tuple[str, ...]:
        """Whether each quantile is within the factor; beyond the horizon nothing can be told."""
        return tuple(map(self._verdict, self.simulated, self.recorded))

    def _verdict(self, simulated: float, recorded: float) -> str:
        if np.isfinite(simulated):
            apart = max(simulated, recorded) / max(min(simulated, recorded), 1.0 / DAYS_A_WEEK)
            return "within" if apart <= self.within else "apart"
        return "apart" if self.horizon > self.within * recorded else "beyond the horizon"

    def record(self) -> dict[str, Any]:
        """Give the check as plain data, ready for JSON; null for beyond the horizon."""
        rows = zip(LENGTHS, self.simulated, self.recorded, self.verdicts, strict=True)
        return {
            "wars": self.wars,
            "within": self.within,
            "quantiles": [
                {
                    "quantile": quantile,
                    "simulated_weeks": simulated if np.isfinite(simulated) else None,
                    "recorded_weeks": recorded,
                    "verdict": verdict,
                }
                for quantile, simulated, recorded, verdict in rows
            ],
        }


@dataclass(frozen=True)
class PriorCheck:
    """What the prior of a case would have expected of the record.

    Attributes
    ----------
    case, title, plan
        What was run.
    decided, until
        The time that is compared.
    seed, worlds
        What was run; the same seed gives the same numbers.
    kept
        Of those worlds, in which the moves of the plan took place; the others are left out.
    over
        Share of kept worlds in which the war had ended by `until`; there a series stays as it was.
    series, durations
        The checks.
    """

    case: str
    title: str
    plan: str
    decided: date
    until: date
    seed: int
    worlds: int
    kept: int
    over: float
    series: tuple[SeriesCheck, ...]
    durations: DurationCheck | None

    def record(self) -> dict[str, Any]:
        """Give the whole check as plain data, ready for JSON."""
        return {
            "case": self.case,
            "plan": self.plan,
            "decided": self.decided.isoformat(),
            "until": self.until.isoformat(),
            "seed": self.seed,
            "worlds": self.worlds,
            "worlds_kept": self.kept,
            "share_over": self.over,
            "series": [check.record() for check in self.series],
            "durations": self.durations.record() if self.durations else None,
        }

    def to_frame(self) -> pd.DataFrame:
        """Give the checks of series, one row a series."""
        import pandas as pd

        rows = [check.record() for check in self.series]
        return pd.DataFrame(rows).drop(columns="record", errors="ignore")


def check_series(seen: Observations, meaning: str, paths: np.ndarray, seed: int) -> SeriesCheck:
    """Hold the figures of one series against the worlds.

    Parameters
    ----------
    paths
        The series: worlds by weeks, from week 0 past the last figure.
    seed
        Of the errors of measurement that are drawn for each world.
    """
    import pandas as pd

    how = seen.declared.how
    luck = np.random.default_rng([seed, *seen.name.encode()])
    measured = measure(compared(how, paths, seen.weeks), seen, luck)
    weeks = np.arange(1.0, paths.shape[1])
    alone = np.quantile(compared(how, paths, weeks), list(FAN.values()), axis=0)
    fan = pd.DataFrame({"week": weeks, **dict(zip(FAN, alone, strict=True))})
    start = {"level": paths[:, 0], "pace": np.ones(1)}.get(how, np.zeros(1))
    if np.ptp(start) == 0:
        fan = pd.concat([pd.DataFrame({"week": [0.0], **dict.fromkeys(FAN, start[0])}), fan])
    below, same = measured < seen.values, measured == seen.values
    return SeriesCheck(
        observations=seen,
        meaning=meaning,
        start=float(start[0]) if np.ptp(start) == 0 else float("nan"),
        ranks=below.mean(0) + same.mean(0) / 2.0,
        bands={
            share: np.quantile(measured, [(1.0 - share) / 2.0, (1.0 + share) / 2.0], axis=0).T
            for share in (0.5, 0.9)
        },
        fan=fan.reset_index(drop=True),
    )


def measure(truth: np.ndarray, seen: Observations, luck: np.random.Generator) -> np.ndarray:
    """What would have been measured in each world: its truth, with errors like the record's.

    Parameters
    ----------
    truth
        Worlds by figures.
    """
    shared = seen.declared.bias * luck.standard_normal((len(truth), 1))
    own = seen.errors * luck.standard_normal(truth.shape)
    return truth * (1.0 + shared) + own


def check_durations(
    lasted: np.ndarray, recorded: np.ndarray, horizon: float, within: float
) -> DurationCheck:
    """Hold the lengths of simulated wars against recorded ones.

    Parameters
    ----------
    lasted, recorded
        Weeks; infinity for a war still going at the horizon, which counts as longer than any.
    """

    def quantiles(weeks: np.ndarray) -> tuple[float, ...]:
        return tuple(map(float, np.quantile(weeks, LENGTHS, method="inverted_cdf")))

    return DurationCheck(quantiles(lasted), quantiles(recorded), len(recorded), horizon, within)
