"""What each world answers to each claim: is it asked, does the claim hold, and by how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from ripeness.claims.checks import NUMBERS
from ripeness.claims.database import described, first_line, no_rows
from ripeness.claims.language import Claims, ModelTest
from ripeness.claims.predicates import Refused, margin, parse
from ripeness.claims.table import CELLS, Worlds
from ripeness.errors import UsageError

BYTES = 12
"""What an answer takes: two truths, with a mark where they are missing, and a number."""

Tests = Sequence[tuple[str, ModelTest]]
"""Claims' ids with their tests."""


@dataclass(frozen=True)
class Answers:
    """What each world answers to a model test, in the order of the worlds.

    Attributes
    ----------
    test
        The test.
    worlds
        The worlds, by their number or name.
    asked
        The worlds that it speaks about and that give an answer.
    holds, effect
        Whether it holds, and the effect in its unit; anything where it was not asked. There is no
        effect (None) if the claim has none.
    weights
        What each world counts, under the first of the plans.
    """

    test: ModelTest
    worlds: NDArray[Any]
    asked: NDArray[np.bool_]
    holds: NDArray[np.bool_]
    effect: NDArray[np.float64] | None
    weights: NDArray[np.float64]


def answers(claims: Claims, worlds: Worlds) -> dict[str, Answers]:
    """Ask each world about each claim whose plans were run.

    Parameters
    ----------
    claims
        Claims that were checked against these worlds' columns.
    worlds
        The table of worlds.

    Returns
    -------
    The answers by the claim's id.

    Raises
    ------
    UsageError
        A test cannot be run, or takes too long.
    """
    groups: dict[tuple[str, ...], list[tuple[str, ModelTest]]] = {}
    for claim in claims.claims:
        test = claim.model
        if test is not None and all(plan in worlds.plans for plan in test.plans):
            groups.setdefault(test.plans, []).append((claim.id, test))
    at_once = max(1, 8 * CELLS // (BYTES * worlds.rows))
    batches = [
        (tests[start : start + at_once], plans)
        for plans, tests in groups.items()
        for start in range(0, len(tests), at_once)
    ]
    with ThreadPoolExecutor(worlds.threads) as pool:
        found = pool.map(lambda batch: _asked(batch[0], batch[1], worlds), batches)
        return {name: answer for batch in found for name, answer in batch.items()}


def _asked(tests: Tests, plans: Sequence[str], worlds: Worlds) -> dict[str, Answers]:
    """Evaluate tests that compare the same plans in one pass over the worlds."""
    weight = f"{_first(plans)}weight" if worlds.weighted else "1.0"
    effects = {name: _effect(test, plans, worlds) for name, test in tests}
    try:
        sql = {
            name: (
                f"coalesce(({parse(test.given).sql}), FALSE)" if test.given else "TRUE",
                parse(test.holds).sql,
                effects[name] or "NULL",
            )
            for name, test in tests
        }
        # Claims share much of what they ask.
        fields = dict.fromkeys([weight, *(field for texts in sql.values() for field in texts)])
        numbers, columns = worlds.fetch(list(fields), plans, _columns(tests, effects, worlds))
    except (duckdb.Error, UsageError, Refused) as error:
        if len(tests) > 1:  # which one was it?
            return {k: v for test in tests for k, v in _asked([test], plans, worlds).items()}
        raise UsageError(f"claim {tests[0][0]!r} cannot be judged: {first_line(error)}") from None
    found = dict(zip(fields, columns, strict=True))
    weights = np.ma.filled(found[weight], 0.0).astype(np.float64)
    said = {}
    for name, test in tests:
        given, holds, effect = (found[field] for field in sql[name])
        effect = effect if effects[name] else None
        asked = np.ma.filled(given, False).astype(bool) & ~np.ma.getmaskarray(holds) & (weights > 0)
        if effect is not None:
            asked &= ~np.isnan(np.ma.filled(effect, np.nan))
            if np.isinf(np.ma.getdata(effect)[asked]).any():
                effect = _infinite(name, test)
        said[name] = Answers(
            test=test,
            worlds=numbers,
            asked=asked,
            holds=np.ma.getdata(holds).astype(bool),
            effect=None if effect is None else np.ma.getdata(effect).astype(np.float64),
            weights=weights,
        )
    return said


def _columns(tests: Tests, effects: Mapping[str, str | None], worlds: Worlds) -> set[str]:
    """The columns that tests name, and the weight."""
    texts = [text for _, test in tests for text in (test.given, test.holds) if text]
    texts += [test.effect for name, test in tests if test.effect and effects[name]]
    named = {name for text in texts for _, name in parse(text).columns}
    return named | ({"weight"} if worlds.weighted else set())


def _effect(test: ModelTest, plans: Sequence[str], worlds: Worlds) -> str | None:
    """Give the effect as SQL; none if it was only taken from 'holds' and is no number."""
    if test.effect is None:
        return None
    try:
        expression = parse(test.effect)
        rows = no_rows({name: worlds.columns[name] for _, name in expression.columns})
        table = f"{rows} a, {rows} b" if len(plans) == 2 else rows
        query = f"SELECT ({expression.sql}) AS it FROM {table}"
        number = NUMBERS.match(described(worlds.database.cursor(), query)["it"])
    except (duckdb.Error, Refused):
        return None
    return f"({expression.sql})::DOUBLE" if number else None


def _infinite(name: str, test: ModelTest) -> None:
    """Give no effect where one that was only taken from 'holds' is infinite in some world."""
    if test.effect != margin(test.holds):
        what = "is infinite in some worlds; let 'given' leave them out, or bound it with 'least'"
        raise UsageError(f"claim {name!r} cannot be judged: its effect {what}")


def _first(plans: Sequence[str]) -> str:
    return "a." if len(plans) == 2 else ""
