"""Judge claims: what the record says, and in what share of paired worlds each of them holds.

Worlds are paired across plans by their luck, so a test compares two plans in the same world, and
two plans of one world are one draw.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from ripeness.claims import checks, estimates, words
from ripeness.claims.database import (
    described,
    first_line,
    literal,
    open_record,
    open_worlds,
)
from ripeness.claims.language import Claim, Claims, ModelTest
from ripeness.claims.predicates import parse
from ripeness.claims.record import NOT_TESTABLE, judge_record
from ripeness.claims.verdicts import ModelVerdict, RecordVerdict, Verdict, Verdicts
from ripeness.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

FEWEST_WORLDS = 50


def judge(
    claims: Claims,
    worlds: Sequence[Path],
    record: Path | None = None,
    not_run: Collection[str] = (),
    as_of: date | None = None,
) -> Verdicts:
    """Judge every claim of a file.

    Parameters
    ----------
    claims
        The claims.
    worlds
        Parquet files of the table of worlds: a row a world and plan, with the columns ``world``,
        ``plan``, perhaps ``weight``, and what the claims name.
    record
        The folder of the record's tables.
    not_run
        Plans that exist but that these worlds leave out; claims about them say so.
    as_of
        The day at which the record was cut; None if it is whole.

    Raises
    ------
    UsageError
        The claims speak of plans, columns or tables that there are not, or cannot be run; holds
        everything that is wrong.
    """
    database = open_worlds(worlds)
    columns = described(database, "SELECT * FROM worlds")
    plans = _plans(database)
    tables = open_record(record) if record else None
    wrong = checks.sql(claims.model_dump(mode="json"), columns, [*plans, *not_run], tables)
    if told := [problem.what for problem in wrong]:
        raise UsageError("\n".join(told))
    said = _answers(claims, database, columns, plans)
    modelled = {claim.id: _not_judged(claim.model) for claim in claims.claims}
    modelled |= {name: sum_up(answer) for name, answer in said.items()}
    return Verdicts(
        tuple(
            _verdict(claim, claims, judge_record(claim, tables, as_of), modelled[claim.id], plans)
            for claim in claims.claims
        )
    )


@dataclass(frozen=True)
class Answers:
    """What each world answers to a model test, in the order of the worlds.

    Attributes
    ----------
    test
        The test.
    asked
        The worlds that it speaks about and that give an answer.
    holds, effect
        Whether it holds, and the effect in its unit; anything where it was not asked.
    weights
        What each world counts.
    """

    test: ModelTest
    asked: NDArray[np.bool_]
    holds: NDArray[np.bool_]
    effect: NDArray[np.float64]
    weights: NDArray[np.float64]


def answers(claims: Claims, worlds: Sequence[Path]) -> dict[str, Answers]:
    """Ask each world about each claim whose plans were run.

    Parameters
    ----------
    claims
        Claims that were checked against these worlds' columns.
    worlds
        Parquet files, as for `judge`.

    Returns
    -------
    The answers by the claim's id.
    """
    database = open_worlds(worlds)
    columns = described(database, "SELECT * FROM worlds")
    return _answers(claims, database, columns, _plans(database))


def _verdict(
    claim: Claim,
    claims: Claims,
    recorded: RecordVerdict,
    modelled: ModelVerdict,
    plans: Collection[str],
) -> Verdict:
    hung = [other.id for other in claims.claims if claim.assumption in other.hinges]
    made = claims.essays[claim.essay].date_
    return Verdict(
        id=claim.id,
        essay=claim.essay,
        says=claim.says,
        made=made.isoformat() if made else None,
        horizon=claim.horizon.isoformat() if claim.horizon else None,
        kinds=claim.kind,
        against=claim.against,
        hinges=claim.hinges,
        record=recorded,
        model=modelled,
        value=claim.value,
        hinge=claim.hinge,
        hinge_assumption=claim.assumption,
        why_untested=" ".join(_reasons(claim, recorded.record_verdict, modelled, plans)) or None,
        hinge_of=tuple(name for name in hung if name != claim.id),
    )


def _reasons(
    claim: Claim, recorded: str | None, modelled: ModelVerdict, plans: Collection[str]
) -> list[str]:
    reasons = [claim.untested] if claim.untested else []
    if recorded == NOT_TESTABLE and claim.record is not None:
        reasons.append("The record, as far as it is given, lacks a figure that would decide it.")
    if claim.model is not None and modelled.model_verdict is None:
        left_out = [plan for plan in claim.model.plans if plan not in plans]
        if left_out:
            reasons.append(f"This run leaves out the plan {' and '.join(map(repr, left_out))}.")
        else:
            reasons.append(
                f"The claim speaks about {modelled.worlds} of these worlds; "
                f"a verdict takes at least {FEWEST_WORLDS}."
            )
    return reasons


def _not_judged(test: ModelTest | None) -> ModelVerdict:
    """Say what a test is, before any world was asked."""
    if test is None:
        return ModelVerdict()
    return ModelVerdict(
        compare=test.plans,
        given=test.given,
        holds=test.holds,
        effect_unit=test.unit,
        effect_says=test.effect_says,
    )


def _answers(
    claims: Claims,
    database: DuckDBPyConnection,
    columns: Mapping[str, str],
    plans: Collection[str],
) -> dict[str, Answers]:
    """Evaluate all model tests in one pass over the worlds for each set of plans they compare."""
    groups: dict[tuple[str, ...], list[tuple[str, ModelTest]]] = {}
    for claim in claims.claims:
        if claim.model is not None:
            groups.setdefault(claim.model.plans, []).append((claim.id, claim.model))
    said = {}
    for pair, tests in groups.items():
        if all(plan in plans for plan in pair):
            found = _evaluate(tests, pair, database, "weight" in columns)
            for number, (name, test) in enumerate(tests):
                said[name] = _of_test(test, number, found)
    return said


def _evaluate(
    tests: Sequence[tuple[str, ModelTest]],
    pair: Sequence[str],
    database: DuckDBPyConnection,
    weighted: bool,
) -> Mapping[str, NDArray[Any] | pd.Categorical]:
    """Return, for each world, its weight and each test's three expressions."""
    try:
        return database.execute(_query(tests, pair, weighted)).fetchnumpy()
    except duckdb.Error:
        for name, test in tests:  # which one was it?
            try:
                database.execute(_query([(name, test)], pair, weighted)).fetchnumpy()
            except duckdb.Error as error:
                what = f"claim {name!r} cannot be judged: {first_line(error)}"
                raise UsageError(what) from None
        raise


def _query(tests: Sequence[tuple[str, ModelTest]], pair: Sequence[str], weighted: bool) -> str:
    first = "a." if len(pair) == 2 else ""
    parts = [f"{first}weight AS weight" if weighted else "1.0 AS weight"]
    for number, (_, test) in enumerate(tests):
        given = parse(test.given).sql if test.given else "TRUE"
        parts.append(f"coalesce(({given}), FALSE) AS given{number}")
        parts.append(f"({parse(test.holds).sql}) AS holds{number}")
        parts.append(f"({parse(test.effect).sql})::DOUBLE AS effect{number}")
    return f"SELECT {', '.join(parts)} FROM {_source(pair)}"


def _source(pair: Sequence[str]) -> str:
    """Say where the worlds come from, in a fixed order, so that sums are the same every time."""
    if len(pair) == 1:
        return f"worlds WHERE plan = {literal(pair[0])} ORDER BY world"
    where = f"a.plan = {literal(pair[0])} AND b.plan = {literal(pair[1])}"
    return f"worlds a JOIN worlds b USING (world) WHERE {where} ORDER BY world"


def _of_test(test: ModelTest, number: int, found: Mapping[str, Any]) -> Answers:
    """Take one test's answers out of what was evaluated."""
    holds, effect = found[f"holds{number}"], found[f"effect{number}"]
    weights = np.ma.filled(found["weight"], 0.0).astype(np.float64)
    answered = ~(np.ma.getmaskarray(holds) | np.ma.getmaskarray(effect))
    given = np.ma.filled(found[f"given{number}"], False).astype(bool)
    return Answers(
        test=test,
        asked=given & answered & (weights > 0),
        holds=np.ma.getdata(holds).astype(bool),
        effect=np.ma.getdata(effect).astype(np.float64),
        weights=weights,
    )


def sum_up(said: Answers) -> ModelVerdict:
    """Sum up what worlds answer: a verdict, unless the claim speaks about too few of them."""
    told, kept = _not_judged(said.test), said.asked
    count = int(kept.sum())
    if count < FEWEST_WORLDS:
        return replace(told, worlds=count)
    flags, values, weights = said.holds[kept], said.effect[kept], said.weights[kept]
    share = estimates.share(flags, weights)
    same = values == 0
    # Only a comparison can come out the same: one plan alone makes no difference.
    unmoved = same & ~flags if len(said.test.plans) == 2 else np.zeros_like(same)
    average = estimates.mean(values, weights)
    low, median, high = estimates.quantiles(values, weights, (0.05, 0.5, 0.95))
    return replace(
        told,
        model_verdict=words.verdict(share.low, share.high, estimates.share(unmoved, weights).value),
        share=share.value,
        share_low=share.low,
        share_high=share.high,
        share_words=words.share(share.value, share.low, share.high),
        worlds=count,
        opposite_share=estimates.share(values < 0, weights).value,
        same_share=estimates.share(same, weights).value,
        effect_median=median,
        effect_low=low,
        effect_high=high,
        effect_mean=average.value,
        effect_mean_low=average.low,
        effect_mean_high=average.high,
    )


def _plans(database: DuckDBPyConnection) -> list[str]:
    """Return the plans of the worlds; refuse a table that has two rows for one world and plan."""
    query = "SELECT plan, count(*), count(DISTINCT world) FROM worlds GROUP BY plan ORDER BY plan"
    plans = []
    for plan, rows, distinct in database.execute(query).fetchall():
        if rows != distinct:
            raise UsageError(
                f"plan {plan!r} has {rows:,} rows for {distinct:,} worlds; "
                "a table of worlds has one row a world and plan"
            )
        plans.append(str(plan))
    return plans
