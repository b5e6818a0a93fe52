"""What scores come to: who forecast best, by how much, and how sure that is.

Figures of one origin stray together, so an origin is one draw: intervals of skill are of a paired
bootstrap over whole origins (Efron and Tibshirani 1993, section 8.6, blocks as units). With a
handful of origins they are rough, and rather too narrow than too wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ripeness.record.hindcast.baselines import BASELINES
from ripeness.record.hindcast.scores import Murphy, murphy, wilson

if TYPE_CHECKING:
    import pandas as pd

WORLDS = "worlds"
"""The forecaster that all others are set against: the model's worlds."""

FORECASTERS = (WORLDS, *BASELINES)

RESAMPLES = 10_000
FEWEST_ORIGINS = 3
"""Fewer give no interval."""

INTERVAL = (0.05, 0.95)


@dataclass(frozen=True)
class Skill:
    """By what share worlds err less than a simple forecaster: `1 - CRPS / its CRPS`.

    Attributes
    ----------
    value
        The nearer to 1 the better, 0 is no better, below 0 worse; NaN if either never erred.
    low, high
        90 % interval; NaN where there are too few origins for one.
    """

    value: float
    low: float
    high: float

    def record(self) -> dict[str, float | None]:
        """Give it as plain data, ready for JSON; null where there is none."""
        named = {"skill": self.value, "low_90": self.low, "high_90": self.high}
        return {name: value if np.isfinite(value) else None for name, value in named.items()}


@dataclass(frozen=True)
class Coverage:
    """How many figures lay inside the central band of a forecast.

    Attributes
    ----------
    band
        Share of probability that the band holds.
    inside, figures
        Counts.
    """

    band: float
    inside: int
    figures: int

    @property
    def share(self) -> float:
        """Share of figures inside."""
        return self.inside / self.figures

    @property
    def interval(self) -> tuple[float, float]:
        """90 % interval of the share (Wilson), as if figures were independent."""
        return wilson(self.inside, self.figures)

    def record(self) -> dict[str, float]:
        """Give it as plain data, ready for JSON."""
        low, high = self.interval
        return {"inside": self.inside, "share": self.share, "low_90": low, "high_90": high}


@dataclass(frozen=True)
class SeriesScore:
    """How well one series was forecast.

    Attributes
    ----------
    name
        Of the series.
    figures, origins
        How many were scored, from how many days.
    crps, log_score
        Means by forecaster; CRPS in the unit of the series.
    coverage
        Of the bands of 50 and 90 %, by forecaster.
    skills
        Of worlds, by simple forecaster.
    """

    name: str
    figures: int
    origins: int
    crps: dict[str, float]
    log_score: dict[str, float]
    coverage: dict[str, tuple[Coverage, Coverage]]
    skills: dict[str, Skill]

    @property
    def best(self) -> str:
        """The simple forecaster with the least CRPS."""
        return min(BASELINES, key=self.crps.__getitem__)

    @property
    def winner(self) -> str:
        """The forecaster with the least CRPS of all."""
        return min(FORECASTERS, key=self.crps.__getitem__)

    def record(self) -> dict[str, Any]:
        """Give it as plain data, ready for JSON."""
        return {
            "figures": self.figures,
            "origins": self.origins,
            "best_baseline": self.best,
            "winner": self.winner,
            "crps": self.crps,
            "log_score": self.log_score,
            "coverage": {
                forecaster: {f"{each.band:.0%}": each.record() for each in both}
                for forecaster, both in self.coverage.items()
            },
            "skill": {name: skill.record() for name, skill in self.skills.items()},
        }


@dataclass(frozen=True)
class Summary:
    """What all scores come to.

    Attributes
    ----------
    series
        By series.
    skills
        Of worlds in all series, by simple forecaster: one less the geometric mean of the ratios of
        CRPS (Fleming and Wallace 1986), in which every series counts the same.
    relative_crps
        Geometric mean over series of CRPS in times of that of persistence, by forecaster.
    more
        What the Brier score of 'more than if the last value known had stayed' is made of, by
        forecaster, with chances in tenths.
    """

    series: tuple[SeriesScore, ...]
    skills: dict[str, Skill]
    relative_crps: dict[str, float]
    more: dict[str, Murphy]

    def record(self) -> dict[str, Any]:
        """Give it, but for the series, as plain data, ready for JSON."""
        return {
            "all_series": {
                "skill": {name: skill.record() for name, skill in self.skills.items()},
                "relative_crps": self.relative_crps,
            },
            "more_than_last": {
                name: {
                    "brier": each.brier,
                    "reliability": each.reliability,
                    "resolution": each.resolution,
                    "uncertainty": each.uncertainty,
                }
                for name, each in self.more.items()
            },
        }


def summarize(scores: pd.DataFrame, seed: int) -> Summary:
    """Sum up scores.

    Parameters
    ----------
    scores
        As in `Hindcast.scores`.
    seed
        Of the bootstrap.
    """
    sums = scores.pivot_table("crps", ["series", "origin"], "forecaster", "sum", sort=False)
    sums = sums[list(FORECASTERS)]
    by_series = scores.groupby("series", sort=False)
    series = tuple(
        _series(str(name), rows, sums.loc[name].to_numpy(), seed) for name, rows in by_series
    )
    origins = sums.index.unique("origin")
    whole = np.stack([sums.loc[one.name].reindex(origins, fill_value=0.0) for one in series])
    times = {name: _mean_ratio(whole.sum(1), name, "persistence") for name in FORECASTERS}
    return Summary(
        series=series,
        skills=_skills(whole, seed),
        relative_crps={name: float(ratio) for name, ratio in times.items()},
        more={str(name): _more(rows) for name, rows in scores.groupby("forecaster", sort=False)},
    )


def _series(name: str, rows: pd.DataFrame, sums: np.ndarray, seed: int) -> SeriesScore:
    """Sum up one series; `sums` of CRPS are origins by forecasters."""
    by = {who: rows.loc[rows["forecaster"] == who] for who in FORECASTERS}
    figures = len(by[WORLDS])

    def mean(who: str, column: str) -> float:
        return float(by[who][column].to_numpy(float).mean())

    def coverage(who: str, band: float, column: str) -> Coverage:
        return Coverage(band, int(by[who][column].to_numpy(int).sum()), figures)

    return SeriesScore(
        name=name,
        figures=figures,
        origins=len(sums),
        crps={who: mean(who, "crps") for who in FORECASTERS},
        log_score={who: mean(who, "log_score") for who in FORECASTERS},
        coverage={
            who: (coverage(who, 0.5, "in_50"), coverage(who, 0.9, "in_90")) for who in FORECASTERS
        },
        skills=_skills(sums[None], seed),
    )


def _skills(sums: np.ndarray, seed: int) -> dict[str, Skill]:
    """Skill of worlds against each baseline; sums of CRPS are series by origins by forecasters."""
    origins = sums.shape[1]
    luck = np.random.default_rng([seed, 0x5C111])
    counts = luck.multinomial(origins, np.full(origins, 1.0 / origins), RESAMPLES)
    drawn = np.einsum("ro,sof->srf", counts, sums)
    found = {}
    for name in BASELINES:
        value = 1.0 - _mean_ratio(sums.sum(1), WORLDS, name)
        low, high = np.full(2, np.nan)
        if origins >= FEWEST_ORIGINS:
            skills = 1.0 - _mean_ratio(drawn, WORLDS, name)
            low, high = np.quantile(skills, INTERVAL)
        found[name] = Skill(float(value), float(low), float(high))
    return found


def _mean_ratio(sums: np.ndarray, first: str, second: str) -> np.ndarray:
    """Geometric mean over series (the first axis) of the ratio of CRPS of two forecasters.

    A series in which either never erred says nothing of a ratio, and is left out.
    """
    one, other = (sums[..., FORECASTERS.index(name)] for name in (first, second))
    says = (one > 0) & (other > 0)
    logs = np.log(np.where(says, one, 1.0)) - np.log(np.where(says, other, 1.0))
    with np.errstate(invalid="ignore"):
        return np.exp(logs.sum(0) / says.sum(0))


def _more(rows: pd.DataFrame) -> Murphy:
    return murphy(rows["chance_more"].round(1).to_numpy(float), rows["more"].to_numpy(float))
