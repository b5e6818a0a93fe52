"""What matters, and what to watch: on tables where it is known by construction."""

from pathlib import Path

import numpy as np
import pytest
from asking import CLAIMS, inquiry, table

from ripeness.claims.inquiry import Inquiry
from ripeness.claims.watch import likelihood_ratio
from ripeness.errors import UsageError


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Inquiry:
    return inquiry(tmp_path_factory.mktemp("asked"))


def test_the_agenda_is_led_by_what_is_worth_most(asked: Inquiry):
    matter = asked.matter("high")
    lead = matter.rows[0]
    assert lead.assumption == "x2"
    assert lead.value is not None
    # Without knowing, "it holds" is right in 0.8 of worlds; knowing x2, always.
    assert lead.value.value == pytest.approx(0.2, abs=0.02)
    # All of it, but for the bin in which 1.2 lies.
    assert lead.first.value == pytest.approx(1.0, abs=0.05)
    assert matter.rows[1].first.value < 0.03
    assert matter.dummy.first.value < 0.01
    assert "To find out first: worth of own soil" in matter.sentence


def test_a_copy_that_does_nothing_has_no_total(asked: Inquiry):
    rows = {row.assumption: row for row in asked.matter("box").rows}
    assert rows["x3"].first.value > 0.05
    assert rows["x3"].total.value < 0.02 < rows["x2"].total.value
    assert rows["idle"].total.low <= 0.002


def test_what_luck_decides_is_not_explained(asked: Inquiry):
    matter = asked.matter("box")
    # The rule explains .8² * .12 * .88 of a variance of .196 * .804, luck the rest.
    true = 0.64 * 0.12 * 0.88 / (0.196 * 0.804)
    assert matter.explained.value == pytest.approx(true, abs=0.05)


def test_the_table_ends_with_random_numbers(asked: Inquiry):
    matter = asked.matter("box")
    frame = matter.to_frame()
    assert frame["assumption"].tolist()[-1] == matter.dummy.assumption
    assert len(frame) == 6
    for row in matter.rows:
        assert row.first.low <= row.first.value <= row.first.high


def test_the_signs_that_show_it_and_how_much_they_tell(asked: Inquiry):
    watch = asked.watch("box")
    first = [one for one in watch.indicators if one.by == 4]
    assert [one.outcome for one in first] == ["early_w4"]
    sign = first[0]
    assert sign.above
    assert sign.value == pytest.approx(250, abs=60)
    assert (sign.visible, sign.lead) == (4.0, 48.0)
    frame = table().query("plan == 'go'")
    seen = frame["early_w4"].to_numpy() > sign.value
    holds = frame["y"].to_numpy() == 1
    ratio = seen[holds].mean() / seen[~holds].mean()
    assert sign.ratio.low < ratio < sign.ratio.high
    assert sign.frequency.low < seen.mean() < sign.frequency.high
    assert sign.absent.high < 1 < sign.ratio.low
    assert sign.if_seen.value > watch.share.value > sign.if_not.value
    assert sign.sign.startswith("ground taken by week 4 is above ")


def test_signs_that_say_the_same_are_told_once_and_the_stronger_first(asked: Inquiry):
    third = [one.outcome for one in asked.watch("box").indicators if one.by == 13]
    assert third[0] in ("late_w13", "copy_w8")
    assert not {"late_w13", "copy_w8"} <= set(third)


def test_what_a_claim_names_itself_is_no_sign_of_it(tmp_path: Path):
    claims = CLAIMS + "- {id: self, says: Self, plan: go, holds: late_w13 > 0.5}\n"
    watch = inquiry(tmp_path, claims=claims).watch("self")
    assert watch.decided == 13
    assert {one.outcome for one in watch.indicators} <= {"early_w4", "copy_w8"}
    assert {one.lead for one in watch.indicators} <= {9.0, 5.0}


def test_nothing_to_see_in_time_is_said(asked: Inquiry):
    with pytest.raises(UsageError, match="no outcome can be seen by weeks 2 and before"):
        asked.watch("box", by=[2])


def test_a_sign_is_told_with_its_times(asked: Inquiry):
    frame = asked.watch("box", by=[8, 4]).to_frame()
    assert frame["by"].tolist() == sorted(frame["by"])
    assert {"ratio", "ratio_low", "ratio_high", "frequency", "lead", "sign"} <= set(frame.columns)


def test_likelihood_ratio_of_a_known_table():
    # 80 of 100 with the sign where it holds, 10 of 100 where not.
    holds = np.repeat([True, False], 100)
    sign = np.concatenate([np.arange(100) < 80, np.arange(100) < 10])
    ratio = likelihood_ratio(sign, holds, np.ones(200))
    assert ratio.value == pytest.approx(80.5 / 10.5)
    # Simel and others 1991: exp(±1.96 sqrt((1-.8)/80 + (1-.1)/10)), but for the half worlds.
    assert ratio.low == pytest.approx(8 / np.exp(1.96 * np.sqrt(0.0025 + 0.09)), rel=0.05)


@pytest.mark.parametrize("question", ["matter", "watch"])
def test_the_same_seed_gives_the_same_answer(asked: Inquiry, question: str):
    ask = getattr(asked, question)
    assert ask("box", seed=3).as_record() == ask("box", seed=3).as_record()
