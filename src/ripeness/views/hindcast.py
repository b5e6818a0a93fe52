"""The hindcast in words: numbers as they are shown, and sentences that say who forecast better."""

from __future__ import annotations

import math
from collections import Counter

from ripeness.record.hindcast.baselines import BASELINES
from ripeness.record.hindcast.hindcast import Hindcast
from ripeness.record.hindcast.skill import WORLDS, SeriesScore, Skill
from ripeness.views.prior import times_of, unit_of
from ripeness.views.words import SPACE, long_date, percent, quantity

READING = (
    "Each forecast is made from what was known at an origin, and scored against the figures of the "
    "weeks after it. CRPS: the mean error of a forecast that gives chances, in the unit of the "
    "series; less is better. Skill: by what share the worlds' error is less than that of the best "
    "simple forecaster, which is chosen in hindsight; below 0 that one wins. Its interval draws "
    "whole origins anew, for figures of one origin stray together: few origins leave it rough, and "
    "rather too narrow. In 50 and in 90: how many figures lay in the worlds' central bands of 50 "
    f"and 90{SPACE}%, as many as that should, give or take an interval that takes figures for "
    "independent."
)
LOG_SCORE_READ = (
    "Log score: minus the logarithm of the chance density given to what came, by normal kernels "
    "around the draws; less is better, and who was certain and wrong pays most."
)
BASELINES_READ = (
    "Simple forecasters know the past of one series and nothing else. Persistence: the last value, "
    "give or take what it changed before. Drift: the mean past change goes on. Local level: a "
    "random walk seen with noise. ETS: exponential smoothing, with a trend if that fits better. "
    "Totals and means are forecast by their weekly or monthly amounts."
)


FORECASTER_HEADS = ("forecaster", "error", "in 50", "in 90", "Brier", "reliability", "resolution")
FORECASTERS_READ = (
    "Error: CRPS in times of that of persistence, a geometric mean over series. Brier score: of "
    "the chance given to more than if the last value known had stayed; 0 is perfect. It is "
    "reliability (chances that were said and did not come true, less is better) less resolution "
    "(telling one case from another, more is better) plus what nobody could know."
)


def what_was_run(found: Hindcast) -> str:
    """Say what was forecast from when, and by whom."""
    first, last = (long_date(found.origins[end].isoformat()) for end in (0, -1))
    several = f"{len(found.origins)} ends of quarters, {first} to {last}"
    origins = several if len(found.origins) > 1 else f"one end of a quarter, {first}"
    return (
        f"Forecasts {found.weeks} weeks ahead from {origins}, by {quantity(found.worlds)} worlds "
        f"and {len(BASELINES)} simple forecasters; seed {found.seed}."
    )


def summary(found: Hindcast) -> str:
    """Say who forecast better in how many series, and in all of them together."""
    made = found.summary
    won = sum(one.winner == WORLDS for one in made.series)
    best = min(BASELINES, key=made.relative_crps.__getitem__)
    held = [one.coverage[WORLDS][1] for one in made.series]
    inside, figures = sum(one.inside for one in held), sum(one.figures for one in held)
    return (
        f"The worlds forecast best in {won} of {len(made.series)} series, a simple forecaster in "
        f"{len(made.series) - won}. Over all series, each counting the same, the error of the "
        f"worlds is {times(made.skills[best])} that of {best}, the best simple forecaster in all. "
        f"Their 90{SPACE}% bands held {percent(inside / figures)} of {quantity(figures)} figures."
    )


def sentence(found: Hindcast, one: SeriesScore) -> str:
    """Say who forecast a series best, by how much and how sure that is."""
    skill, unit = one.skills[one.best], unit_of(found.declared[one.name])
    ours, other = crps(found, one, WORLDS), crps(found, one, one.best)
    luck = ", so that it may be luck" if skill.low < 0 < skill.high else ""
    if not math.isfinite(skill.low):
        winner = "The worlds win" if one.winner == WORLDS else "A simple forecaster wins"
        told = f"{winner}: CRPS {ours} ({unit}) of the worlds, {other} of {one.best}"
        luck = ", too few figures to tell it from luck"
    elif one.winner == WORLDS:
        told = f"The worlds win: CRPS {ours} ({unit}), {times(skill)} that of {one.best}"
    else:
        told = (
            f"A simple forecaster wins: {one.best}, CRPS {other} ({unit}); that of the worlds, "
            f"{ours}, is {times(skill)} as much"
        )
    inside = one.coverage[WORLDS][1]
    return (
        f"{told}{luck}. Inside the worlds' 90{SPACE}% band: {inside.inside} of {inside.figures} "
        f"figures, from {one.origins} of {len(found.origins)} origins."
    )


def times(skill: Skill) -> str:
    """Write how large the worlds' error is beside another: ``1.9 times (1.4 to 3.8)``."""
    if not math.isfinite(skill.value):
        return "an unknown number of times"
    if not math.isfinite(skill.low):
        return f"{_two(1.0 - skill.value)} times"
    return f"{_two(1.0 - skill.value)} times ({_two(1.0 - skill.high)} to {_two(1.0 - skill.low)})"


def skill_shown(skill: Skill) -> tuple[str, str]:
    """Write a skill and its interval, empty if it has none: ``−0.88``, ``−2.8 to −0.42``."""
    if not math.isfinite(skill.value):
        return "none", ""
    spread = f"{_two(skill.low)} to {_two(skill.high)}" if math.isfinite(skill.low) else ""
    return _two(skill.value), spread


def crps(found: Hindcast, one: SeriesScore, forecaster: str) -> str:
    """Write the CRPS of a series in the unit in which it is shown."""
    return shown(found, one.name, one.crps[forecaster])


def log_scores(one: SeriesScore) -> str:
    """Write the log score of the worlds, and that of the best simple forecaster: ``8.9 (43)``."""
    ours, other = (quantity(one.log_score[who], 2) for who in (WORLDS, one.best))
    return f"{ours} ({other})"


def shown(found: Hindcast, series: str, value: float) -> str:
    """Write a value of a series to three digits, in the unit in which it is shown."""
    value *= times_of(found.declared[series])
    return quantity(float(f"{value:.3g}"), 12)


def inside(one: SeriesScore, band: int) -> str:
    """How many figures lay in the worlds' band (0: of 50 %, 1: of 90 %): ``37 of 65``."""
    held = one.coverage[WORLDS][band]
    return f"{held.inside}{SPACE}of{SPACE}{held.figures}"


def coverage_interval(one: SeriesScore, band: int) -> str:
    """The interval of the share of figures inside: ``47 to 67 %``."""
    low, high = one.coverage[WORLDS][band].interval
    return f"{100 * low:.0f} to {100 * high:.0f}{SPACE}%"


def forecaster_rows(found: Hindcast) -> list[tuple[str, ...]]:
    """Every forecaster over all series: relative error, coverage, Brier score and its parts."""
    made = found.summary
    rows = []
    for who, ratio in made.relative_crps.items():
        held = [one.coverage[who] for one in made.series]
        figures = sum(both[0].figures for both in held)
        shares = (sum(both[band].inside for both in held) / figures for band in (0, 1))
        more = made.more[who]
        parts = (more.brier, more.reliability, more.resolution)
        rows.append(
            (
                who,
                f"{_two(ratio)}×",
                *map(percent, shares),
                *(f"{part:.3f}" for part in parts),
            )
        )
    return rows


def exceptions(found: Hindcast) -> list[str]:
    """Say where persistence stood in for another forecaster, and what could not be scored."""
    times_in = Counter((each.series, each.forecaster) for each in found.stand_ins)
    fits = [
        f"{found.declared[series].name}, {forecaster} from {count} of {len(found.origins)} origins"
        for (series, forecaster), count in times_in.items()
    ]
    left = [
        f"{found.declared[series].name} from {long_date(origin.isoformat())}"
        for series, origin in found.left_out
    ]
    said = (
        ("Persistence stood in for what could not be fitted, for want of values or change", fits),
        ("Left out, as no figure to start from was known", left),
    )
    return [f"{what}: {'; '.join(each)}." for what, each in said if each]


def _two(value: float) -> str:
    return quantity(float(f"{value:.2g}"), 12)
