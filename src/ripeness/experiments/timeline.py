"""The timeline: every claim's verdicts before the record, and as of one day after the other.

What going on is worth is fitted once, as a run fits it; then every day is what a run as of it is.
Worlds that a filter has moved descend from few, so they tell less than their weights let expect.
How much less is found out by a second filter, with another seed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from importlib.metadata import version
from itertools import accumulate, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ripeness.claims.judge import judge
from ripeness.claims.language import Claims
from ripeness.claims.table import open_worlds
from ripeness.claims.turning import Course, courses, dispersion
from ripeness.claims.verdicts import Verdict
from ripeness.record import measures
from ripeness.record.learning import MOST_WEIGHED, learn
from ripeness.record.tables import cut
from ripeness.settlement.continuation import Continuation
from ripeness.views.timeline import sentence
from ripeness.worlds import store
from ripeness.worlds.request import Request
from ripeness.worlds.run import rows_of_block
from ripeness.worlds.simulate import BLOCK, Block, block_of, train

if TYPE_CHECKING:
    import pandas as pd

FITTING = 0.4
"""Share of the time that fitting what going on is worth takes."""

ANOTHER_FILTER = 0xF117
"""Added to the seed for the second filter; what it is does not matter."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Timeline:
    """How a case's claims stand as of one day after the other.

    Attributes
    ----------
    asked
        What was run on each day: seed, worlds, plans.
    essays
        What each text whose claims are judged is called, by its id.
    effective
        By day, how many independent worlds those asked are worth.
    claims
        How each claim stands before the record and on each day; those left out that neither the
        record nor worlds are asked about.
    """

    asked: Request
    essays: dict[str, str]
    effective: dict[date, float]
    claims: tuple[Course, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The days, ascending."""
        return tuple(self.effective)

    def record(self) -> dict[str, Any]:
        """Give it as plain data, ready for JSON."""
        asked = self.asked
        return {
            "case": asked.case.id,
            "title": asked.case.title,
            "case_hash": asked.case_hash,
            "seed": asked.seed,
            "worlds": asked.worlds,
            "plans": list(asked.plans),
            "ripeness": version("ripeness"),
            "dates": [
                {"as_of": day.isoformat(), "effective_worlds": round(size)}
                for day, size in self.effective.items()
            ],
            "claims": [{**one.as_record(), "sentence": sentence(one)} for one in self.claims],
        }

    def to_frame(self) -> pd.DataFrame:
        """Return one row a claim and day."""
        import pandas as pd

        return pd.DataFrame.from_records(
            {"claim": one.id, "essay": one.essay, **at.as_record()}
            for one in self.claims
            for at in one.at
        )


def timeline(asked: Request, claims: Claims, days: Sequence[date], progress: Progress) -> Timeline:
    """Judge claims before the record, and on what was known on each day.

    Parameters
    ----------
    asked
        The run, with the whole record; its plans are those that claims are about.
    claims
        The claims, checked against the case.
    days
        After the decision, ascending.

    Raises
    ------
    UsageError
        If the case does not say what was observed, or no world agrees with it on one of the days.
    """
    whole = asked.record
    assert whole is not None, "there is no timeline without a record"
    case = asked.case
    progress("fitting what going on is worth", 0.0)
    inquiry = _Inquiry(claims, train(case, asked.seed, list(case.plans)))
    seed = (asked.seed + ANOTHER_FILTER) % 2**31
    # as many as the first: what they are worth is in no proportion to how many are kept
    another = replace(asked, seed=seed, worlds=min(asked.worlds, MOST_WEIGHED))
    progress("before the record", FITTING)
    prior = inquiry.judged(asked, partial(block_of, case, asked.seed))
    found: dict[date | None, tuple[tuple[Verdict, ...], float]] = {None: (prior, 1.0)}
    effective = {}
    shares = _spent([(day - case.decision_date).days / 7 for day in days])
    for day, (begin, end) in zip(days, pairwise(shares), strict=True):
        told = _within(f"as of {day}", begin, end, progress)
        with TemporaryDirectory(prefix="ripeness-") as place:
            record = Path(place) / "record"
            cut(whole, day, record)
            measures.write(case, record, day)
            as_of = replace(asked, as_of=day, record=record)
            verdicts, worth = inquiry.learned(as_of, told)
            again = replace(another, as_of=day, record=record)
            others, their_worth = inquiry.learned(again, lambda _what, _done: None)
        worth /= dispersion(verdicts, others, (worth, their_worth))
        found[day], effective[day] = (verdicts, worth), asked.worlds * worth
    progress("done", 1.0)
    titles = claims.titles
    return Timeline(asked, titles, effective, courses(found))


@dataclass(frozen=True)
class _Inquiry:
    """Asks worlds about claims, with one fit of what going on is worth."""

    claims: Claims
    going_on: Continuation

    def learned(self, asked: Request, told: Progress) -> tuple[tuple[Verdict, ...], float]:
        """Judge as of a day; say what part of their number the worlds nominally are worth."""
        day, record = asked.as_of, asked.record
        assert day is not None, "asked as of a day"
        assert record is not None, "which takes a record"
        count = -(-asked.worlds // BLOCK) * BLOCK
        weighed = min(count, MOST_WEIGHED)
        learned = learn(asked.case, record, day, self.going_on, weighed, asked.seed, told)
        block = partial(learned.block, learned.drawn(count))
        return self.judged(asked, block), _worth(asked.worlds, learned.worlds.effective)

    def judged(self, asked: Request, block: Callable[[int], Block]) -> tuple[Verdict, ...]:
        """Run blocks of worlds under all plans asked for, and judge the claims."""
        not_run = [plan for plan in asked.case.plans if plan not in asked.plans]
        record = asked.record if asked.as_of else None
        with TemporaryDirectory(prefix="ripeness-") as place:
            for number in range(-(-asked.worlds // BLOCK)):
                frame, _ = rows_of_block(asked, self.going_on, block(number))
                part = Path(place) / "worlds" / f"block-{number:05d}.parquet"
                store.write_table(frame, part)
            parts = store.parts(Path(place))
            return judge(self.claims, open_worlds(parts), record, not_run, asked.as_of).rows


def _worth(worlds: int, effective: float) -> float:
    """Part of the worlds' number that they are worth, drawn from those that were weighed.

    Two errors add up: that of the worlds weighed, and that of drawing from them.
    """
    return 1.0 / (1.0 + worlds / effective)


def _spent(weeks: Sequence[float]) -> list[float]:
    """Share of the whole that is done before each day, and at the end; later days take longer."""
    # a filter that moves worlds runs all weeks so far again
    costs = [30.0 + each**1.5 for each in weeks]
    begin = FITTING + 0.05
    return [begin + (1.0 - begin) * done / sum(costs) for done in accumulate(costs, initial=0.0)]


def _within(what: str, begin: float, end: float, progress: Progress) -> Progress:
    """Tell of a part of the whole; the first filter takes some two fifths of a day's time."""
    return lambda _what, done: progress(what, begin + 0.4 * done * (end - begin))
