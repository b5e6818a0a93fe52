"""What one would have to believe: the box behind a claim, in words, and how sure it is."""

from pathlib import Path

import numpy as np
import pytest
from asking import CLAIMS, inquiry, table

from ripeness.claims.believe import Belief
from ripeness.claims.estimates import Estimate
from ripeness.claims.inquiry import Inquiry
from ripeness.claims.phrases import SPACE, near, percent
from ripeness.errors import UsageError


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Inquiry:
    return inquiry(tmp_path_factory.mktemp("asked"))


@pytest.fixture(scope="module")
def box(asked: Inquiry) -> Belief:
    return asked.believe("box")


def test_the_box_behind_a_claim_is_found_and_nothing_else(box: Belief):
    assert box.holds is not None
    limits = {(box.assumptions[one.assumption].name, one.side): one for one in box.holds.limits}
    assert set(limits) == {("x1", "below"), ("x2", "above")}
    assert limits["x1", "below"].value == pytest.approx(0.3, abs=0.02)
    assert limits["x2", "above"].value == pytest.approx(1.6, abs=0.02)
    for one in limits.values():
        assert one.low <= one.value <= one.high <= one.low + 0.1
        assert one.quasi_p < 0.001
        assert one.found >= 0.9
    assert limits["x1", "below"].keeps == pytest.approx(0.3, abs=0.03)


def test_its_figures_are_those_of_the_true_box(box: Belief):
    assert box.holds is not None
    density, coverage, base = box.holds.density, box.holds.coverage, box.holds.base
    assert density.low < 0.9 < density.high
    assert coverage.low < 0.12 * 0.9 / 0.196 < coverage.high
    assert base.low < 0.196 < base.high


def test_it_says_so_in_a_sentence(box: Belief):
    holds, fails = (said.replace(SPACE, " ") for said in box.sentences)
    assert holds.startswith("holds in 9")
    assert "(against " in holds
    assert "% overall) if pressure on the border is under 0.3" in holds
    assert "worth of own soil is above 1.6" in holds
    assert holds.count(" times") == 1
    assert holds.endswith("of all worlds in which it holds")
    assert fails.startswith("fails in ")
    assert "of all worlds in which it fails" in fails


def test_the_trade_off_runs_from_all_worlds_to_small_dense_boxes(box: Belief):
    steps = box.as_record()["holds"]["curve"]
    assert len(steps) > 10
    first, last = steps[0], steps[-1]
    assert (first["assumptions"], first["mass"], first["coverage"]) == (0, 1.0, 1.0)
    assert last["coverage"] < 0.35
    coverages = [step["coverage"] for step in steps]
    assert coverages == sorted(coverages, reverse=True)
    assert max(step["density"] for step in steps) > 0.8
    assert len(box.curve().query("box == 'holds'")) == len(steps)


def test_another_sample_names_the_same_limits(box: Belief, tmp_path: Path):
    other = inquiry(tmp_path, table(seed=2)).believe("box", seed=5)
    assert other.holds is not None
    assert box.holds is not None

    def named(belief: Belief) -> dict[tuple[str, str], float]:
        found = belief.holds
        assert found is not None
        return {(belief.assumptions[o.assumption].name, o.side): o.value for o in found.limits}

    assert named(other) == pytest.approx(named(box), abs=0.03)


def test_the_same_seed_gives_the_same_box(asked: Inquiry, box: Belief):
    assert asked.believe("box").as_record() == box.as_record()


def test_words_are_limits_too(asked: Inquiry):
    belief = asked.believe("kindly")
    holds, fails = belief.sentences
    assert "if kind of line is eroding; that is all but fewer than 1 in " in holds.replace(
        "nearly all", "all but fewer than 1 in 1,000"
    )
    assert "kind of line is fixed or none" in fails
    assert belief.to_frame()["words"].tolist() == [["eroding"], ["fixed", "none"]]


def test_weights_count(tmp_path: Path):
    belief = inquiry(tmp_path, table(weights=True)).believe("box")
    # Worlds with x2 above 1.5 weigh three times: 0.3 * 0.4 * 3 / 2 of the weight is in the box.
    assert belief.holds is not None
    assert belief.share.value == pytest.approx(0.1 + 0.8 * 0.18, abs=0.02)
    assert belief.holds.mass.value == pytest.approx(0.18, abs=0.02)
    assert belief.holds.density.value == pytest.approx(0.9, abs=0.04)


def test_a_claim_that_always_holds_has_no_box(asked: Inquiry):
    belief = asked.believe("always")
    assert (belief.holds, belief.fails) == (None, None)
    assert belief.sentences == (
        "holds in all but fewer than 1 in 1,000 worlds: too few differ to say what it takes",
        "fails in fewer than 1 in 1,000 worlds: too few differ to say what it takes",
    )
    assert belief.as_record()["holds"]["limits"] == []
    assert belief.to_frame().empty


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("few", "claim 'few' speaks about "),
        ("recorded", "claim 'recorded' has no test over worlds; it has no 'holds'"),
        ("boxx", "there is no claim 'boxx'; did you mean 'box'?"),
    ],
)
def test_what_cannot_be_answered_is_said(asked: Inquiry, claim: str, said: str):
    with pytest.raises(UsageError, match=said):
        asked.believe(claim)


def test_assumptions_must_be_named(tmp_path: Path):
    claims = "claims:\n" + CLAIMS.split("claims:\n", 1)[1]
    with pytest.raises(UsageError, match="say which are under 'columns: assumptions'"):
        inquiry(tmp_path, claims=claims).believe("box")


@pytest.mark.parametrize(
    ("share", "said"),
    [
        ((0.913, 0.905, 0.92), "91 %"),
        ((0.43, 0.3, 0.57), "about 45 %"),
        ((0.0, 0.0, 0.0005), "fewer than 1 in 1,000"),
        ((0.0, 0.0, 0.01), "hardly any"),
        ((1.0, 0.9995, 1.0), "all but fewer than 1 in 1,000"),
        ((0.004, 0.002, 0.007), "less than 1 %"),
    ],
)
def test_shares_have_the_digits_that_their_error_allows(
    share: tuple[float, float, float], said: str
):
    assert percent(Estimate(*share)).replace(SPACE, " ") == said


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (1.4372, 1.38, 1.49, "1.44"),
        (0.298, 0.298, 0.298, "0.298"),
        (5.0, 5.0, 5.0, "5"),
        (13.8, 10.0, 22.0, "14"),
        (-1234.0, -1300.0, -1100.0, "−1,200"),
        (0.0, 0.0, 0.0, "0"),
        (0.0004, -0.01, 0.01, "0"),
    ],
)
def test_limits_have_the_digits_that_their_range_allows(
    value: float, low: float, high: float, said: str
):
    assert near(value, low, high) == said


def test_worlds_that_lack_an_assumption_are_left_out_if_they_are_few(tmp_path: Path):
    frame = table()
    frame.loc[frame["world"] < 300, "idle"] = None
    found = inquiry(tmp_path, frame).believe("box")
    assert found.worlds == 5_700
    assert found.holds is not None


def test_an_assumption_that_many_worlds_lack_is_named(tmp_path: Path):
    frame = table()
    frame.loc[frame["world"] < 1_500, "idle"] = None
    frame.loc[frame["world"] == 5_000, "x3"] = None
    with pytest.raises(UsageError, match=r"25% of the worlds lack .* most often 'idle' \(25%\)"):
        inquiry(tmp_path, frame).believe("box")


def test_assumptions_that_are_the_same_in_all_worlds_are_told_from_none(tmp_path: Path):
    frame = table().assign(x1=1.0, x2=1.0, x3=1.0, idle=1.0, kind="none")
    with pytest.raises(UsageError, match="no assumption differs between the 6,000 worlds"):
        inquiry(tmp_path, frame).believe("box")


def test_a_limit_at_a_value_that_many_worlds_share_is_exact(tmp_path: Path):
    frame = table()
    frame["idle"] = (frame["idle"] - 0.5).clip(lower=0.0)
    draw = np.random.default_rng(2).random(len(frame))
    frame["y"] = np.where(frame["idle"] > 0, draw < 0.9, draw < 0.1).astype(int)
    found = inquiry(tmp_path, frame).believe("box")
    assert found.holds is not None
    (limit,) = found.holds.limits
    assert found.assumptions[limit.assumption].name == "idle"
    go = frame[frame["plan"] == "go"]
    assert 0.0 < limit.value < go["idle"][go["idle"] > 0].min()


def test_a_claim_about_no_worlds_is_told_so(tmp_path: Path):
    claims = CLAIMS.replace("given: x1 < 0.005", "given: x1 < -1")
    with pytest.raises(UsageError, match="claim 'few' speaks about 0 worlds; it takes at least"):
        inquiry(tmp_path, claims=claims).believe("few")
