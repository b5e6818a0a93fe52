"""Exact answers within ranges: the same as judging the worlds that remain by themselves."""

import numpy as np
import pandas as pd
import pytest

from ripeness.claims.inquiry import ask
from ripeness.claims.within import ranges, spreads, within
from ripeness.errors import UsageError

CLAIMS = """\
columns:
  assumptions: {grit: {}, kind: {}}
  outcomes: {score: {}}
claims:
- {id: pays, says: It pays, compare: [go, stay], holds: a.score > b.score, given: a.grit > 1}
- {id: hard, says: It is hard, plan: stay, holds: kind = 'hard'}
"""
DEMANDED = {"grit": [2.0, 7.5], "go:score": [None, 9.0], "kind": ["hard", "soft"]}


@pytest.fixture(scope="module", params=["even", "weighted"])
def table(request):
    rng = np.random.default_rng(2)
    count = 4000
    grit = rng.uniform(0, 9, count).astype(np.float32)
    kind = rng.choice(["hard", "soft", "odd"], count)
    weight = rng.uniform(0.2, 3, count) if request.param == "weighted" else np.ones(count)
    plans = {"stay": rng.normal(3, 2, count), "go": rng.normal(3 + grit / 4, 2, count)}
    parts = [
        pd.DataFrame(
            {"world": np.arange(count), "plan": plan, "grit": grit, "kind": kind, "score": score}
            | {"weight": weight}
        )
        for plan, score in plans.items()
    ]
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def claims(tmp_path_factory):
    file = tmp_path_factory.mktemp("claims") / "claims.yaml"
    file.write_text(CLAIMS, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def asked(table, claims):
    return ask(table, claims)


@pytest.fixture(scope="module")
def remaining(table):
    """The worlds that meet the demands, found by hand."""
    go = table[table["plan"] == "go"].set_index("world")
    kept = go[
        (go["grit"] >= 2.0) & (go["grit"] < 7.5) & (go["score"] < 9.0) & (go["kind"] != "odd")
    ]
    return table[table["world"].isin(kept.index)]


def test_claims_are_judged_as_if_the_others_were_not_there(asked, claims, remaining):
    found = within(asked, ranges(asked, DEMANDED))
    assert (found.worlds, found.of) == (remaining["world"].nunique(), 4000)
    for verdict in ask(remaining, claims).judge().records():
        share, worlds = found.claims[verdict["id"]]
        assert worlds == verdict["worlds"]
        assert share is not None
        assert share.value == pytest.approx(verdict["share"], abs=1e-12)
        assert share.low == pytest.approx(verdict["share_low"], abs=1e-12)


def test_outcomes_are_held_against_the_first_plan_in_the_same_world(asked, remaining):
    found = spreads(asked, ranges(asked, DEMANDED), "score", ["stay", "go"])
    wide = remaining.pivot(index="world", columns="plan", values="score")
    weight = remaining[remaining["plan"] == "go"].set_index("world")["weight"]
    more = np.average(wide["go"] > wide["stay"], weights=weight)
    assert found["go"].more.value == pytest.approx(more)
    assert found["go"].more.value + found["go"].less.value == pytest.approx(1.0)
    assert found["stay"].same.value == 1.0
    order = wide["go"].sort_values()
    reached = weight[order.index].cumsum() / weight.sum()
    assert found["go"].middle == order[reached >= 0.5].iloc[0]


def test_where_no_world_remains_nothing_is_said(asked):
    found = within(asked, ranges(asked, {"grit": [20.0, None]}))
    assert found.worlds == 0
    assert set(found.claims.values()) == {(None, 0)}
    assert spreads(asked, ranges(asked, {"grit": [20.0, None]}), "score", ["stay"]) == {}


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ({"grti": [0, 1]}, "did you mean 'grit'"),
        ({"gone:score": [0, 1]}, "there is no plan 'gone'"),
        ({"grit": [0]}, "give two numbers"),
        ({"grit": ["0", 1]}, "give two numbers"),
        ({"grit": [True, 1]}, "give two numbers"),
        ({"grit": [float("nan"), 1]}, "give two numbers"),
        ({"grit": [10**400, None]}, "give two numbers"),
        ({"grit": "0 or 1=1"}, "give two numbers, or a list of words"),
        ({"kind": ["'; drop table worlds"]}, "it is one of hard, odd, soft"),
        ({"kind": [[]]}, "it is one of"),
        ({f"grit{n}": [0, 1] for n in range(40)}, "31 are the most"),
    ],
)
def test_a_wrong_range_is_told(asked, told, what):
    with pytest.raises(UsageError, match=what):
        ranges(asked, told)


def test_an_outcome_that_there_is_not_is_told(asked):
    with pytest.raises(UsageError, match="did you mean 'score'"):
        spreads(asked, (), "scroe", ["stay"])
