"""Verdict records in order, and the answer made from them."""

import pytest
from made_up import modelled, verdict

from ripeness.views import verdicts as order
from ripeness.views.answer import answer
from ripeness.views.words import SPACE

ESSAYS = {"L": "the leverage essay", "R": "the restraint essay"}


def ids(found):
    return [one["id"] for one in found]


def test_every_claim_stands_in_some_list(verdicts):
    listed = {
        *ids(order.tested(verdicts)),
        *ids(order.judgements(verdicts)),
        *ids(order.untested(verdicts)),
        *(hinge.claim["id"] for hinge in order.hinges(verdicts, {}) if hinge.claim),
    }
    assert listed == set(ids(verdicts))


def test_a_claim_without_any_test_is_listed_with_a_reason(verdicts):
    by_id = {one["id"]: one for one in order.untested(verdicts)}
    assert order.reason(by_id["L7"]) == "no rule for it yet"
    assert order.reason(by_id["L11"]) == "the claims file gives no test"


def test_opposed_claims_pair_once(verdicts):
    pairs = [(left["id"], right["id"]) for left, right in order.opposed_pairs(verdicts)]
    assert pairs == [("L9", "R6"), ("R7", "L11")]


def test_hinges_name_the_claims_that_hang_on_them(verdicts):
    first, second = order.hinges(verdicts, {})
    assert (first.name, first.meaning) == (
        "own soil worth russia",
        "how much more own soil is worth to Russia than annexed soil",
    )
    assert ids(first.dependents) == ["L9"]
    assert (second.column, second.dependents) == ("anger_half_life", ())


@pytest.mark.parametrize(
    ("unit", "meaning", "phrase"),
    [
        ("weeks", "in which surprise halves", "weeks in which surprise halves"),
        ("logit", "support gained at first", "support gained at first (logit)"),
    ],
)
def test_a_hinge_that_no_claim_asserts_is_told_by_unit_and_meaning(unit, meaning, phrase):
    columns = {"surprise_halflife": {"unit": unit, "meaning": meaning}}
    (hinge,) = order.hinges([verdict("L2", hinges=["surprise_halflife"])], columns)
    assert hinge.claim is None
    assert hinge.meaning == phrase


def test_effects_carry_unit_sign_and_range():
    found = modelled(0.664, 4.23)
    assert order.share_figures(found).replace(SPACE, " ") == "66 % (63–70 %)"
    assert order.effect(found) == "+4.2 points of the stake"
    assert order.effect_range(found) == f"+1.2 to +9.2 in 90{SPACE}% of worlds"


def test_percentage_points_are_a_mean_with_its_monte_carlo_interval():
    found = modelled(
        0.7,
        0.0,
        effect_unit="percentage points",
        effect_mean=3.1,
        effect_mean_low=2.2,
        effect_mean_high=4.0,
    )
    assert order.effect(found) == "+3.1 percentage points"
    assert order.effect_range(found) == "+2.2 to +4, Monte Carlo interval"


def test_figures_without_a_value_say_so():
    assert order.figure({"value": 12.66, "unit": "km² a day"}) == "12.7 km² a day"
    assert order.figure({"value": None, "unit": "km²"}) == "no figure"


def test_the_answer_counts_names_the_widest_claim_and_the_hinge(verdicts):
    record, model, doubt = answer(verdicts, ESSAYS, {})
    assert "supports 1 of 1 testable claims by the leverage essay and contradicts none" in record
    assert "supports 0 of 1 testable claims by the restraint essay" in record
    assert "1 of 1 testable claims by the leverage essay" in model
    assert "1 of 2 testable claims by the restraint essay" in model
    assert "(L9: about two in three worlds)" in model
    assert "Of 8 claims 1 hangs on how much more own soil is worth to Russia" in doubt
    assert "1 can only be judged and 2 cannot be tested yet" in doubt


def test_the_answer_stands_before_anything_is_tested():
    record, model, doubt = answer([verdict("L7")], ESSAYS, {})
    assert record == "The record decides none of the claims yet."
    assert model == "The model tests none of the claims yet."
    assert doubt == ("Of 1 claims none names an assumption it hangs on; 1 cannot be tested yet.")


def test_what_happened_stands_beside_what_the_worlds_said_once_it_can_be_looked_up():
    def claim(name, share, record, horizon: str | None = "2024-10-01", as_of="2024-12-31"):
        fields = {"horizon": horizon, "record_as_of": as_of, "record_verdict": record}
        return verdict(name, **{**modelled(share, 1.0), "id": name, **fields})

    claims = [
        claim("right", 0.8, "supported"),
        claim("right-too", 0.2, "contradicted"),
        claim("wrong", 0.7, "contradicted"),
        claim("open", 0.7, "mixed"),
        claim("later", 0.7, "supported", horizon="2026-08-04"),
        claim("never", 0.7, "supported", horizon=None),
        claim("unknown", 0.7, "not testable"),
    ]
    assert ids(order.past_horizon(claims)) == ["right", "right-too", "wrong", "open"]
    told = "Of 4 such claims the record then bore out or contradicted 3; most worlds had gone "
    assert order.foresight(claims) == f"{told}the same way in 2 of them."
