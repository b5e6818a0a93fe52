"""From tables of events and of what may follow them to the numbers of an event study."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np

from ripeness.case.measures import EventStudy
from ripeness.record.measures.aftermath import Aftermath, aftermath
from ripeness.record.measures.counts import share
from ripeness.record.measures.number import Number, ordinals
from ripeness.record.observations import matching, numbers_of, rows_of


def event_study(name: str, declared: EventStudy, record: Path) -> Iterator[Number]:
    """Give what followed the events of each list, by amount and window.

    All there is to say is said of the first list and window; of the others ratio and p.
    """
    until = declared.until.toordinal()
    rows = rows_of(name, declared, record)
    rows = rows.loc[ordinals(name, declared.date, rows) <= until]
    outcome = rows_of(name, declared.outcome, record)
    outcome = outcome.loc[ordinals(name, declared.outcome.date, outcome) <= until]
    if rows.empty or outcome.empty:
        return
    days = ordinals(name, declared.outcome.date, outcome)
    order = np.argsort(days)
    lists = {
        label: ordinals(name, declared.date, matching(name, rows, where))
        for label, where in declared.lists.items()
    }
    for amount, columns in declared.outcome.amounts.items():
        amounts = np.sum([numbers_of(name, outcome, column) for column in columns], axis=0)
        study = _Study(
            amount,
            ordinals(name, declared.date, rows),
            days[order],
            amounts[order],
            declared.heavy_from,
        )
        for place, (chosen, window) in enumerate(product(lists.items(), declared.windows)):
            yield from study.numbers(*chosen, window, in_full=place == 0)
    answered = len(matching(name, rows, declared.declared))
    says = "share of events to which an answer was announced or declared"
    ends = share(answered, len(rows))
    yield Number("declared", answered / len(rows), "share", says, *ends, len(rows))


@dataclass(frozen=True)
class _Study:
    """An amount a day, and the events of the whole table; days as ordinals, ascending."""

    amount: str
    listed: np.ndarray
    days: np.ndarray
    amounts: np.ndarray
    heavy_from: float

    def numbers(
        self, label: str, events: np.ndarray, window: int, in_full: bool
    ) -> Iterator[Number]:
        found = self._after(events, self.listed, window)
        if found is None:
            return
        number = f"{self.amount}_{window}d_{label}"
        said = f"{self.amount} in {window} days after ({label})"
        yield from _in_brief(number, said, found)
        if in_full:
            yield from _in_full(number, said, found, self.heavy_from)
            earlier = window + 1
            eve = self._after(events - earlier, self.listed - earlier, window)
            if eve is not None:
                said = f"{self.amount} in {window} days before ({label})"
                yield next(_in_brief(f"before_{number}", said, eve))

    def _after(self, events: np.ndarray, listed: np.ndarray, window: int) -> Aftermath | None:
        return aftermath(
            _dates(events), _dates(listed), _dates(self.days), self.amounts, window, self.heavy_from
        )


def _in_brief(number: str, said: str, found: Aftermath) -> Iterator[Number]:
    n = found.attacks
    says = f"{said}: mean over events, in times of the mean of the quarter"
    yield Number(f"{number}_ratio", found.ratio, "times", says, found.low, found.high, n)
    says = f"{said}: chance of as much or more if events fell on days like any other"
    yield Number(f"{number}_p", found.p, "chance", says, n=n)


def _in_full(number: str, said: str, found: Aftermath, heavy_from: float) -> Iterator[Number]:
    n = found.attacks
    says = f"{said}: the mean with one event left out, from the least to the most"
    yield Number(f"{number}_without_one", found.ratio, "times", says, found.least, found.most, n)
    if found.quiet is not None:
        says = f"{said}: the mean in times of days of the quarter that follow no event"
        yield Number(f"{number}_quiet", found.quiet, "times", says, n=n)
    says = f"{said}: share of events with {heavy_from:g} times the mean of the quarter or more"
    ends = share(round(found.heavy * n), n)
    yield Number(f"{number}_heavy", found.heavy, "share", says, *ends, n)
    says = f"{said}: the same share of all days of these quarters"
    yield Number(f"{number}_usual", found.usual, "share", says)


def _dates(days: np.ndarray) -> np.ndarray:
    return (days - date(1970, 1, 1).toordinal()).astype("datetime64[D]")
