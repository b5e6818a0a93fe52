"""Judge claims: what the record says, and in what share of paired worlds each of them holds.

Worlds are paired across plans by their luck, so a test compares two plans in the same world, and
two plans of one world are one draw.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ripeness.claims import checks, estimates, words
from ripeness.claims.answers import Answers, answers
from ripeness.claims.database import open_record
from ripeness.claims.families import by_family, rival_families
from ripeness.claims.language import Claim, Claims, ModelTest
from ripeness.claims.record import NOT_TESTABLE, judge_record
from ripeness.claims.table import Worlds
from ripeness.claims.verdicts import ModelVerdict, RecordVerdict, Verdict, Verdicts
from ripeness.errors import UsageError

FEWEST_WORLDS = 50

DOTS = tuple((place + 0.5) / 20 for place in range(20))
"""Shares of worlds below each of 20 values that stand for one world in 20 each."""


def judge(
    claims: Claims,
    worlds: Worlds,
    record: Path | None = None,
    not_run: Collection[str] = (),
    as_of: date | None = None,
    before: Worlds | None = None,
    said: Mapping[str, Answers] | None = None,
) -> Verdicts:
    """Judge every claim of a file.

    Parameters
    ----------
    claims
        The claims.
    worlds
        The table of worlds.
    record
        The folder of the record's tables.
    not_run
        Plans that exist but that these worlds leave out; claims about them say so.
    as_of
        The day at which the record was cut; None if it is whole.
    before
        Worlds that know nothing of the record, where `worlds` agree with it.
    said
        What the worlds answer, if they were asked already.

    Raises
    ------
    UsageError
        The claims speak of plans, columns or tables that there are not, or cannot be run; holds
        everything that is wrong.
    """
    tables = open_record(record) if record else None
    wrong = checks.sql(
        claims.model_dump(mode="json"), worlds.columns, [*worlds.plans, *not_run], tables
    )
    if told := [problem.what for problem in wrong]:
        raise UsageError("\n".join(told))
    modelled = {claim.id: _not_judged(claim.model) for claim in claims.claims}
    found = answers(claims, worlds) if said is None else said
    families = rival_families(worlds)

    def summed(answer: Answers) -> ModelVerdict:
        verdict = replace(sum_up(answer), families=by_family(answer, families))
        return _with_before(verdict, answer) if worlds.weighted else verdict

    with ThreadPoolExecutor(2) as pool:
        modelled |= zip(found, pool.map(summed, found.values()), strict=True)
    for name, answer in answers(claims, before).items() if before is not None else ():
        modelled[name] = _with_before(modelled[name], answer)
    return Verdicts(
        tuple(
            _verdict(
                claim, claims, judge_record(claim, tables, as_of), modelled[claim.id], worlds.plans
            )
            for claim in claims.claims
        )
    )


def _verdict(
    claim: Claim,
    claims: Claims,
    recorded: RecordVerdict,
    modelled: ModelVerdict,
    plans: Collection[str],
) -> Verdict:
    hung = [other.id for other in claims.claims if claim.assumption in other.hinges]
    made = claims.made(claim)
    return Verdict(
        id=claim.id,
        essay=claim.essay,
        says=claim.says,
        made=made.isoformat() if made else None,
        horizon=claim.horizon.isoformat() if claim.horizon else None,
        kinds=claim.kinds,
        against=claims.against(claim),
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
        effect_says=test.says,
    )


def sum_up(said: Answers) -> ModelVerdict:
    """Sum up what worlds answer: a verdict, unless the claim speaks about too few of them."""
    told, kept = _not_judged(said.test), said.asked
    count = int(kept.sum())
    if count < FEWEST_WORLDS:
        return replace(told, worlds=count)
    kept = kept if count < len(kept) else slice(None)
    flags, weights = said.holds[kept], said.weights[kept]
    share = estimates.share(flags, weights)
    unmoved = 0.0
    if said.effect is not None:
        values = said.effect[kept]
        told = _with_effect(told, values, weights)
        # Only a comparison can come out the same: one plan alone makes no difference.
        if len(said.test.plans) == 2:
            unmoved = estimates.share((values == 0) & ~flags, weights).value
    return replace(
        told,
        model_verdict=words.verdict(share.low, share.high, unmoved),
        share=share.value,
        share_low=share.low,
        share_high=share.high,
        share_words=words.share(share.value, share.low, share.high),
        worlds=count,
    )


def _with_effect(
    told: ModelVerdict, values: NDArray[np.float64], weights: NDArray[np.float64]
) -> ModelVerdict:
    average = estimates.mean(values, weights)
    low, median, high, *dots = estimates.quantiles(values, weights, (0.05, 0.5, 0.95, *DOTS))
    return replace(
        told,
        opposite_share=estimates.share(values < 0, weights).value,
        same_share=estimates.share(values == 0, weights).value,
        effect_median=median,
        effect_low=low,
        effect_high=high,
        effect_mean=average.value,
        effect_mean_low=average.low,
        effect_mean_high=average.high,
        effect_quantiles=tuple(dots),
    )


def _with_before(told: ModelVerdict, said: Answers) -> ModelVerdict:
    """Add the share before the record: of worlds that know nothing of it, or without weights."""
    kept = said.asked
    if told.share is None or kept.sum() < FEWEST_WORLDS:
        return told
    share = estimates.share(said.holds[kept], np.ones(int(kept.sum())))
    return replace(
        told,
        before_share=share.value,
        before_share_low=share.low,
        before_share_high=share.high,
        before_words=words.share(share.value, share.low, share.high),
    )
