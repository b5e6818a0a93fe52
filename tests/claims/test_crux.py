"""The crux between two claims: who is right where they part, and on what that hangs."""

from pathlib import Path

import pandas as pd
import pytest
from asking import inquiry, table

from ripeness.claims.inquiry import Inquiry
from ripeness.errors import UsageError


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Inquiry:
    return inquiry(tmp_path_factory.mktemp("asked"))


def test_the_assumption_that_decides_and_the_value_where_it_switches(asked: Inquiry):
    crux = asked.crux("box", "high")
    # Where x2 <= 1.2 only 'box' can be right; above, only 'high' unless y is 1.
    assert crux.asked == "which"
    lead = crux.deciders[0]
    assert (lead.assumption, lead.above, lead.turns) == ("x2", False, True)
    assert lead.value == pytest.approx(1.2, abs=0.01)
    assert (lead.low, lead.high) == pytest.approx((1.2, 1.2), abs=0.01)
    assert lead.first_if.value > 0.97
    assert lead.first_else.value == 0.0
    assert "x3" not in {one.assumption for one in crux.deciders[:1]}
    assert "What decides is whether worth of own soil is under 1.2" in crux.sentence


def test_shares_are_of_the_worlds_that_both_speak_about(asked: Inquiry):
    crux = asked.crux("box", "high")
    frame = table().query("plan == 'go'")
    one, other = frame["y"] == 1, frame["x2"] > 1.2
    assert crux.worlds == len(frame)
    assert crux.only_first is not None
    assert crux.both is not None
    assert crux.only_first.value == pytest.approx((one & ~other).mean())
    assert crux.both.value == pytest.approx((one & other).mean())


def test_opposites_part_in_every_world(asked: Inquiry):
    crux = asked.crux("box", "never")
    assert crux.only_first is not None
    assert crux.only_second is not None
    assert crux.only_first.value + crux.only_second.value == pytest.approx(1.0)
    assert {one.assumption for one in crux.deciders[:2]} <= {"x1", "x2", "x3"}


def test_where_it_is_always_the_same_one_that_is_right(asked: Inquiry):
    crux = asked.crux("always", "high")
    assert crux.asked == "whether"
    assert crux.deciders[0].assumption == "x2"
    assert "it is always that is right" in crux.sentence
    assert "They part in more than 99" in crux.sentence


def test_claims_under_other_plans_are_compared_world_by_world(asked: Inquiry):
    crux = asked.crux("kindly", "high")
    lead = crux.deciders[0]
    assert {one.assumption for one in crux.deciders} == {"kind", "x2"}
    assert lead.explained > 0.1
    words = next(one for one in crux.deciders if one.assumption == "kind")
    assert words.words == ("eroding",)
    assert words.condition == "kind of line is eroding"
    assert words.value is None


def test_the_record_stands_where_worlds_were_not_asked(asked: Inquiry):
    crux = asked.crux("recorded", "high")
    assert crux.asked == "holds"
    assert crux.sentence.startswith(
        "Worlds were not asked about recorded (the record: not testable), so between the two stands"
    )
    assert crux.deciders[0].assumption == "x2"


def test_every_opposed_pair_has_a_crux_whoever_said_it(asked: Inquiry):
    assert [(one.first, one.second) for one in asked.cruxes()] == [
        ("box", "never"),
        ("high", "recorded"),
    ]


def test_claims_that_share_no_worlds(tmp_path: Path):
    frame = table(worlds=600)
    claims = """\
columns: {assumptions: [x1, x2]}
claims:
- {id: low, says: Low, plan: go, given: x1 < 0.5, holds: y = 1}
- {id: high, says: High, plan: go, given: x1 > 0.5, holds: y = 1}
"""
    crux = inquiry(tmp_path, frame, claims).crux("low", "high")
    assert crux.sentence == "The two speak about no worlds together, too few to compare them."
    assert (crux.worlds, crux.only_first, crux.deciders) == (0, None, ())


def test_worlds_with_names_are_matched_by_name(tmp_path: Path):
    frame = table(worlds=2000)
    named = frame.assign(world="w" + frame["world"].astype(str)).sample(frac=1, random_state=1)
    by_name = inquiry(tmp_path, named).crux("kindly", "high")
    by_number = inquiry(tmp_path, frame).crux("kindly", "high")
    assert by_name.both == by_number.both
    assert {one.assumption for one in by_name.deciders} == {"kind", "x2"}


def test_a_claim_cannot_disagree_with_itself(asked: Inquiry):
    with pytest.raises(UsageError, match="cannot disagree with itself"):
        asked.crux("box", "box")


def test_as_a_table_and_as_a_record(asked: Inquiry):
    crux = asked.crux("box", "high")
    frame = crux.to_frame()
    assert isinstance(frame, pd.DataFrame)
    assert frame.loc[0, "condition"] == crux.deciders[0].condition
    assert crux.as_record()["deciders"][0]["words"] == []
    assert crux.sentence in crux._repr_html_()
