"""The timeline: every claim's verdicts before the record, and as of one day after the other.

What going on is worth is fitted once, as a run fits it; then every day is what a run as of it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ripeness.claims.judge import judge
from ripeness.claims.language import Claims
from ripeness.claims.turning import Course, courses
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
        By day, how many independent worlds those that were weighed are worth.
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
    blocks = -(-asked.worlds // BLOCK)
    progress("fitting what going on is worth", 0.0)
    going_on = train(case, asked.seed, list(case.plans))
    not_run = [plan for plan in case.plans if plan not in asked.plans]

    def judged(
        block: Callable[[int], Block], record: Path | None, day: date | None
    ) -> tuple[Verdict, ...]:
        with TemporaryDirectory(prefix="ripeness-") as place:
            parts = _run(asked, going_on, block, blocks, Path(place))
            return judge(claims, parts, record, not_run, day).rows

    progress("before the record", FITTING)
    prior = judged(partial(block_of, case, asked.seed), None, None)
    found: dict[date | None, tuple[tuple[Verdict, ...], float]] = {None: (prior, 1.0)}
    effective = {}
    spent = _spent([day - case.decision_date for day in days])
    for day, begin, end in zip(days, spent, spent[1:], strict=False):

        def told(_what: str, done: float, day: date = day, begin: float = begin, end: float = end):
            progress(f"as of {day}", begin + 0.9 * done * (end - begin))

        with TemporaryDirectory(prefix="ripeness-") as place:
            record = Path(place) / "record"
            cut(whole, day, record)
            weighed = min(blocks * BLOCK, MOST_WEIGHED)
            learned = learn(case, record, day, going_on, weighed, asked.seed, told)
            measures.write(case, record, day)
            block = partial(learned.block, learned.drawn(blocks * BLOCK))
            effective[day] = learned.worlds.effective
            found[day] = judged(block, record, day), _worth(asked.worlds, effective[day])
    progress("done", 1.0)
    titles = {name: essay.title for name, essay in claims.essays.items()}
    return Timeline(replace(asked, record=None), titles, effective, courses(found))


def _run(
    asked: Request,
    going_on: Continuation,
    block: Callable[[int], Block],
    blocks: int,
    place: Path,
) -> list[Path]:
    """Run blocks of worlds under all plans asked for; give their tables."""
    for number in range(blocks):
        frame, _ = rows_of_block(asked, going_on, block(number))
        store.write_table(frame, place / "worlds" / f"block-{number:05d}.parquet")
    return store.parts(place)


def _worth(worlds: int, effective: float) -> float:
    """Part of the worlds' number that they are worth, drawn from those that were weighed.

    Two errors add up: that of the worlds weighed, and that of drawing from them.
    """
    return 1.0 / (1.0 + worlds / effective)


def _spent(since: Sequence[Any]) -> list[float]:
    """Share of the whole that is done before each day, and at the end; later days take longer."""
    # a filter that moves worlds runs all weeks so far again
    costs = [30.0 + (each.days / 7) ** 1.5 for each in since]
    total, done = sum(costs), [0.0]
    for cost in costs:
        done.append(done[-1] + cost)
    begin = FITTING + 0.05
    return [begin + (1.0 - begin) * part / total for part in done]
