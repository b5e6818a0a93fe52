"""Exact answers within ranges: the same as judging the worlds that remain by themselves."""

import numpy as np
import pandas as pd
import pytest

from ripeness.claims.inquiry import ask
from ripeness.claims.within import ranges, remaining, spreads, within
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


def left(asked, told):
    return remaining(asked, ranges(asked, told))


@pytest.fixture(scope="module")
def apart(table):
    """The worlds that meet the demands, found by hand."""
    go = table[table["plan"] == "go"].set_index("world")
    kept = go[
        (go["grit"] >= 2.0) & (go["grit"] < 7.5) & (go["score"] < 9.0) & (go["kind"] != "odd")
    ]
    return table[table["world"].isin(kept.index)]


def test_claims_are_judged_as_if_the_others_were_not_there(asked, claims, apart):
    found = left(asked, DEMANDED)
    assert (found.kept.sum(), len(found.worlds)) == (apart["world"].nunique(), 4000)
    judged = within(asked, found)
    for verdict in ask(apart, claims).judge().records():
        share, worlds = judged[verdict["id"]]
        assert worlds == verdict["worlds"]
        assert share is not None
        assert share.value == pytest.approx(verdict["share"], abs=1e-12)
        assert share.low == pytest.approx(verdict["share_low"], abs=1e-12)


def test_outcomes_are_held_against_the_first_plan_in_the_same_world(asked, apart):
    found = spreads(asked, left(asked, DEMANDED), "score", ["stay", "go"])
    wide = apart.pivot(index="world", columns="plan", values="score")
    weight = apart[apart["plan"] == "go"].set_index("world")["weight"]
    more = np.average(wide["go"] > wide["stay"], weights=weight)
    assert found["go"].more.value == pytest.approx(more)
    assert found["go"].more.value + found["go"].less.value == pytest.approx(1.0)
    assert found["stay"].same.value == 1.0
    order = wide["go"].sort_values()
    reached = weight[order.index].cumsum() / weight.sum()
    assert found["go"].middle == order[reached >= 0.5].iloc[0]


def test_where_no_world_remains_nothing_is_said(asked):
    none = left(asked, {"grit": [20.0, None]})
    assert not none.kept.any()
    assert set(within(asked, none).values()) == {(None, 0)}
    assert spreads(asked, none, "score", ["stay"]) == {}


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
        spreads(asked, left(asked, {}), "scroe", ["stay"])


def test_a_world_that_one_plan_lacks_does_not_meet_what_is_demanded_there(claims, table):
    some = table[(table["plan"] == "stay") | (table["world"] % 3 == 0)]
    asked = ask(some, claims)
    found = left(asked, {"stay:score": [None, None]})
    # worlds are those of the first plan; each has a row under the other too
    assert len(found.worlds) == found.kept.sum() == (some["plan"] == "go").sum()
    judged = within(asked, found)
    assert judged["hard"][1] == len(found.worlds)  # of 4,000 that answer, those that remain
