"""The prior check in words: numbers as they are shown, and sentences made from them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ripeness.case.observed import Observed
from ripeness.record.priorcheck import (
    INSIDE,
    MOST_WEEKS,
    VERY_WIDE,
    DurationCheck,
    PriorCheck,
    SeriesCheck,
)
from ripeness.views.words import SPACE, long_date, percent, quantity

HOW = {
    "level": "",
    "change": "change",
    "total": "total",
    "pace": "against the year before",
}
FIGURE = {
    "level": "{} {}",
    "change": "a change of {} {}",
    "total": "a total of {} {}",
    "pace": "{} {} the year before",
}
POINTS, PERCENT = "percentage points", "%"
QUANTILES = ("one in ten ends within", "half end within", "nine in ten end within")
CAUTION = (
    "Inside means that the prior allows what happened, not that it foresaw it: a wide enough band "
    "holds anything, and who wrote the ranges may have known the record."
)
READING = (
    f"Changes, totals and means count from the decision. 90{SPACE}% band: where nine of ten worlds "
    "would have been measured, each with its own error of measurement. Figures of one series stray "
    "together, so many weeks are not as many tests. Rank: the share of worlds "
    "in which less would have been measured. Width: of that band, in times of what the record "
    f"itself moved and its error spreads; from {VERY_WIDE:.0f} on it counts as very wide."
)


def times_shown(check: SeriesCheck) -> float:
    """What turns a value into the unit in which it is shown: shares become percent."""
    return times_of(check.observations.declared)


def times_of(declared: Observed) -> float:
    """The same of any observed series."""
    return 100.0 if declared.unit == "share" else 1.0


def unit_shown(check: SeriesCheck) -> str:
    """The unit in which a series is shown, and what of it is compared: ``km², change``."""
    return unit_of(check.observations.declared)


def unit_of(declared: Observed) -> str:
    """The same of any observed series."""
    return ", ".join(part for part in (_unit(declared), HOW[declared.how]) if part)


def _unit(declared: Observed) -> str:
    shares = PERCENT if declared.how == "level" else POINTS
    return shares if declared.unit == "share" else declared.unit


def written(check: SeriesCheck, values: Sequence[float], finer: int = 0) -> list[str]:
    """Write values of a series, to some hundredth of its band: less is Monte Carlo error."""
    times = times_shown(check)
    place = 1 + finer - math.floor(math.log10(max(check.width * times, 1e-9)))
    return [quantity(round(value * times, place), 12) for value in values]


def span(check: SeriesCheck, figure: int) -> str:
    """The 90 % band at a figure: ``−2,700 to 400``."""
    low, high = written(check, check.bands[0.9][figure].tolist())
    return f"{low} to {high}"


def value(check: SeriesCheck, figure: int) -> str:
    """A figure of the record, which has no Monte Carlo error."""
    return written(check, [float(check.observations.values[figure])], finer=1)[0]


def inside(check: SeriesCheck, share: float) -> str:
    """How many figures lie in the middle 50 or 90 % of worlds: ``3 of 21``."""
    found = check.inside(share)
    return f"{int(found.sum())}{SPACE}of{SPACE}{len(found)}"


def relative_width(check: SeriesCheck) -> str:
    """Width of the 90 % band in times of what the record moved: ``1.4×``."""
    return f"{quantity(float(f'{check.relative_width:.2g}'))}×"


def sentence(check: SeriesCheck) -> str:
    """Say where the record lies: outside where it does most, or else at its last figure."""
    seen = check.observations
    low, high = check.bands[0.9].T
    beyond = np.maximum(seen.values - high, low - seen.values) / np.maximum(high - low, 1e-12)
    outside = int((~check.inside(0.9)).sum())
    at = int(beyond.argmax()) if outside else len(seen.dates) - 1
    figure = FIGURE[seen.declared.how].format(value(check, at), _unit(seen.declared))
    day = long_date(seen.dates[at].isoformat())
    fact = f"on {day} the record has {figure}, nine of ten worlds {span(check, at)}"
    count = len(seen.dates)
    if outside == 0:
        told = f"All {count} figures lie inside the 90{SPACE}% band; {fact}."
    else:
        sides = [(seen.values > high).any(), (seen.values < low).any()]
        where = "above and below it" if all(sides) else "above it" if sides[0] else "below it"
        told = f"Outside the 90{SPACE}% band at {outside} of {count} figures, {where}; {fact}."
    if check.relative_width > VERY_WIDE:
        wide = relative_width(check)
        told += f" The band is very wide: {wide} what the record moved and its error spreads."
    return told


def summary(check: PriorCheck) -> str:
    """Say in how many series the record lies inside, and how often in the middle half."""
    inside = sum(one.inside(0.9).mean() >= MOST_WEEKS for one in check.series)
    middle = sum(bool(one.inside(0.5)[-1]) for one in check.series)
    count = len(check.series)
    return (
        f"The record is {INSIDE} in {inside} of {count} series. The last figure of {middle} of "
        f"{count} lies in the middle half of worlds, where half of them should be."
    )


def what_was_run(check: PriorCheck) -> str:
    """Say which worlds there are, and over what time they are compared."""
    left_out = "" if check.kept == check.worlds else ", those in which its moves took place"
    ran = (
        f"{quantity(check.kept)} of {quantity(check.worlds)} worlds under plan {check.plan}"
        f"{left_out}; seed {check.seed}."
    )
    if not check.series:
        return ran
    return (
        f"{ran} Compared from {long_date(check.decided.isoformat())} to "
        f"{long_date(check.until.isoformat())}; in {percent(check.over)} of them the war had ended "
        "by then."
    )


def duration_rows(check: DurationCheck) -> list[tuple[str, str, str, str]]:
    """How soon wars end: in the worlds, in the record, and whether both agree."""
    rows = zip(QUANTILES, check.simulated, check.recorded, check.verdicts, strict=True)
    beyond = f"over {quantity(check.horizon)} weeks"
    return [
        (
            share,
            _weeks(simulated) if math.isfinite(simulated) else beyond,
            _weeks(recorded),
            {"within": f"within a factor of {check.within:g}", "apart": "further apart"}.get(
                verdict, verdict
            ),
        )
        for share, simulated, recorded, verdict in rows
    ]


def _weeks(weeks: float) -> str:
    return f"{quantity(float(f'{weeks:.2g}'))} weeks"
