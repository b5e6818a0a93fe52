"""Judging on small tables of worlds whose verdicts are known by construction."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import ArrayLike

from ripeness.claims.judge import judge
from ripeness.claims.language import read_claims
from ripeness.claims.table import open_worlds
from ripeness.errors import UsageError

COUNT = 400


def pair(gain: ArrayLike, **columns: ArrayLike) -> pd.DataFrame:
    """Make worlds under two plans, in which plan `go` gains as told over plan `stay`."""
    worlds = np.arange(np.size(gain))
    stay = pd.DataFrame({"world": worlds, "plan": "stay", "gain": np.float32(0), **columns})
    go = stay.assign(plan="go", gain=np.asarray(gain, np.float32))
    # Rows out of order: worlds are paired by their number.
    return pd.concat([go.iloc[::-1], stay], ignore_index=True)


def claim(**test: str) -> str:
    parts = {
        "compare": "[go, stay]",
        "holds": "a.gain > b.gain",
        "effect": "a.gain - b.gain",
        "unit": "km²",
        "effect_says": "ground gained",
    } | test
    lines = "".join(f"  {name}: {text}\n" for name, text in parts.items())
    return f"- id: C1\n  essay: E\n  says: Going gains ground\n  kind: [model]\n{lines}"


@pytest.fixture
def judged(write_worlds, write_claims) -> Callable[..., dict[str, Any]]:
    def run(frame: pd.DataFrame, text: str, **options: Any) -> dict[str, Any]:
        verdicts = judge(
            read_claims(write_claims(text)), open_worlds(write_worlds(frame)), **options
        )
        return verdicts.records()[0]

    return run


def test_share_and_effect_come_from_paired_worlds(judged):
    gain = np.where(np.arange(COUNT) < 300, 2.0, np.where(np.arange(COUNT) < 380, 0.0, -1.0))
    verdict = judged(pair(gain), claim())
    assert verdict["model_verdict"] == "holds in most worlds"
    assert verdict["share"] == 0.75
    assert verdict["share_low"] < 0.75 < verdict["share_high"]
    assert verdict["share_words"] == "about three in four worlds"
    assert (verdict["worlds"], verdict["same_share"], verdict["opposite_share"]) == (400, 0.2, 0.05)
    assert (verdict["effect_low"], verdict["effect_median"], verdict["effect_high"]) == (-1, 2, 2)
    assert verdict["effect_mean"] == pytest.approx(1.45)
    assert verdict["effect_mean_low"] < 1.45 < verdict["effect_mean_high"]
    assert verdict["effect_quantiles"] == [-1.0] + [0.0] * 4 + [2.0] * 15
    assert verdict["compare"] == ["go", "stay"]


def test_weights_count(judged):
    weight = np.where(np.arange(COUNT) < 100, 3.0, 1.0)
    verdict = judged(pair(np.arange(COUNT) < 100, weight=weight), claim())
    assert verdict["share"] == 0.5
    assert verdict["effect_quantiles"] == [0.0] * 10 + [1.0] * 10


def test_given_narrows_the_worlds(judged):
    odd = np.arange(COUNT) % 2
    verdict = judged(pair(odd, odd=odd), claim(given="a.odd = 1"))
    assert (verdict["worlds"], verdict["share"]) == (200, 1.0)
    assert verdict["share_words"] == "nearly all worlds (all but fewer than 1 in 50)"


def test_fewer_than_fifty_worlds_give_no_verdict(judged):
    verdict = judged(pair(np.ones(COUNT)), claim(given="a.world < 49"))
    assert verdict["model_verdict"] is None
    assert verdict["share"] is None
    assert verdict["worlds"] == 49
    assert "speaks about 49 of these worlds" in verdict["why_untested"]


def test_a_plan_that_was_not_run_is_said(judged):
    verdict = judged(pair(np.ones(COUNT)), claim(compare="[raid, stay]"), not_run=["raid"])
    assert verdict["model_verdict"] is None
    assert verdict["why_untested"] == "This run leaves out the plan 'raid'."
    assert verdict["compare"] == ["raid", "stay"]


def test_what_is_not_a_number_answers_nothing(judged):
    # SQL takes a float that is not a number for a very large one.
    gain = np.where(np.arange(COUNT) < 100, np.nan, 0.0)
    verdict = judged(pair(gain), claim())
    assert (verdict["worlds"], verdict["share"]) == (300, 0.0)


def test_small_integers_do_not_overflow(judged):
    struck = np.full(COUNT, 100, np.int8)
    effect = "100 * (a.struck + b.struck)"
    verdict = judged(pair(np.ones(COUNT), struck=struck), claim(effect=effect))
    assert verdict["effect_median"] == 20_000


def test_one_plan_is_judged_with_plain_names(judged):
    text = claim(holds="gain > 0.5", effect="gain").replace("compare: [go, stay]", "plan: go")
    assert judged(pair(np.arange(COUNT) < 200), text)["share"] == 0.5


def test_a_claim_that_changes_nothing_is_said_to(judged):
    verdict = judged(pair(np.arange(COUNT) < 40), claim())
    assert verdict["model_verdict"] == "makes no difference in most worlds"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            claim(compare="[goes, stay]"),
            "speaks of plan 'goes', which the run lacks; it has go, st",
        ),
        (claim(holds="a.gian > 0"), "'a.gian', which the table lacks; did you mean 'gain'?"),
        (claim(holds="a.gain"), "has 'a.gain', which is not true or false (DOUBLE)"),
        (claim(effect="a.gain > 0"), "has 'a.gain > 0', which is not a number (BOOLEAN)"),
        (claim(holds="a.gain > a.colour"), "cannot be run: Binder Error: Cannot compare"),
        (claim(holds="cast(a.colour as double) > 1"), "cannot be judged: Conversion Error"),
        (claim(effect="abs(a.colour)"), "cannot be run: Binder Error"),
    ],
)
def test_claims_that_cannot_be_judged_are_named(judged, text: str, said: str):
    with pytest.raises(UsageError) as caught:
        judged(pair(np.ones(COUNT), colour=["red"] * COUNT), text)
    assert str(caught.value).startswith("claim 'C1' ")
    assert said in str(caught.value)


def test_two_rows_for_one_world_are_refused(judged):
    frame = pair(np.ones(COUNT))
    with pytest.raises(UsageError, match=r"plan 'go' has 401 rows for 400 worlds"):
        judged(pd.concat([frame, frame.head(1)]), claim())


def test_a_column_of_plans_that_nobody_named_is_asked_for(judged):
    with pytest.raises(UsageError, match=r"800 rows for 400 worlds.* under 'columns: plan'"):
        judged(pair(np.ones(COUNT)).drop(columns="plan"), claim())


RECORD = """
- id: C2
  essay: E
  says: It rained
  kind: [record]
  record:
    as_of: 2024-12-31
    figures:
      rain: {sql: "select sum(mm) from rain where mm > LIMIT", unit: mm, is: rain in all}
    supported: rain > 10
    contradicted: rain < 5
    found: "{rain:.1f} mm fell"
    objection: One gauge
"""


@pytest.mark.parametrize(
    ("limit", "verdict", "found"),
    [
        ("0", "supported", "15.0 mm fell"),
        ("4", "mixed", "9.0 mm fell"),
        ("20", "not testable", None),
    ],
)
def test_the_record_decides_or_has_nothing_to_say(
    judged, tmp_path: Path, limit: str, verdict: str, found: str | None
):
    (tmp_path / "rain.csv").write_text("day,mm\n2024-01-01,2\n2024-01-02,4\n2024-01-03,9\n")
    record = judged(pair(np.ones(COUNT)), RECORD.replace("LIMIT", limit), record=tmp_path)
    assert (record["record_verdict"], record["record_found"]) == (verdict, found)
    assert record["record_as_of"] == "2024-12-31"
    assert record["record_objection"] == "One gauge"
    assert (record["why_untested"] is None) == (found is not None)


def test_without_a_record_claims_about_it_are_not_testable(judged):
    record = judged(pair(np.ones(COUNT)), RECORD)
    assert record["record_verdict"] == "not testable"
    assert "lacks a figure" in record["why_untested"]
