"""The page of one claim: what it says of each kind of claim, and what worlds answer when asked."""

import json
import re
from itertools import pairwise

import pytest
import vl_convert
from asked_claims import TIMELINE, shown_run

from ripeness.errors import UsageError
from ripeness.views.app_page import render_claim
from ripeness.views.charts import dotplot
from ripeness.views.panels.claim import QUESTIONS, fragment, panel


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    return shown_run(tmp_path_factory.mktemp("claim"))


def text(page):
    """What a reader reads of a page, in one line."""
    without = re.sub(r"<(script|style).*?</\1>", " ", page, flags=re.DOTALL)
    spaced = re.sub(r"<[^>]*>", " ", without).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r" ([.,])", r"\1", " ".join(spaced.split()))


def drawn(spec):
    return vl_convert.vegalite_to_svg(spec, vl_version="6.4")


def test_both_verdicts_stand_apart_with_the_claim_that_stands_against(asked):
    told = text(render_claim(asked, "R1"))
    share = asked.by_id["R1"]["share"]
    for part in (
        "the restraint essay, by 20 August 2024",
        "record : decided by dated facts",
        "mixed as of 31 December 2024",
        "At most 480 km² were held.",
        "480 km² the most that was held",
        "Strongest objection. Ground is not all.",
        "A map of the war (found in a source; MIT; table ground )",
        f"{round(share * 20)} in 20 worlds",
        "under plan ‘go’ (go in) and plan ‘stay’ (stay)",
        "Against L1 : Going in &lt;b&gt;pays&lt;/b&gt;",
    ):
        assert part in told
    assert told.index("What the record says") < told.index("What the model says")


def test_links_lead_to_the_claims_before_and_after(asked):
    def ways(claim):
        return re.findall(r'rel="(prev|next)" href="([^"]*)"', render_claim(asked, claim))

    assert ways("L1") == [("next", "/runs/0123456789/claims/L2")]
    assert ways("R1") == [
        ("prev", "/runs/0123456789/claims/L2"),
        ("next", "/runs/0123456789/claims/R2"),
    ]


def test_a_judgement_and_what_is_not_tested_say_so_and_why(asked):
    assert "It is a judgement of value" in text(render_claim(asked, "R2"))
    assert "listed and not tested. A judgement about ends." in text(render_claim(asked, "R2"))
    told = text(render_claim(asked, "R3"))
    assert "It is not tested: no rule for regret" in told
    assert "Worlds were not asked about it." in told
    assert "data-ask" not in render_claim(asked, "R3")
    told = text(render_claim(asked, "R4"))
    assert "An assumption about what own soil is worth. On it hang L1." in told


def test_an_unknown_claim_or_question_is_told_with_what_was_meant(asked):
    with pytest.raises(UsageError, match="no claim 'L11'; did you mean 'L1'"):
        panel(asked, "L11")
    with pytest.raises(UsageError, match="no question 'beleive'; did you mean 'believe'"):
        fragment(asked, "L1", "beleive")
    with pytest.raises(UsageError, match="has no test over worlds"):
        fragment(asked, "R2", "believe")


def test_dots_are_filled_on_the_claims_side_and_as_many_as_worlds_say(asked):
    figure = panel(asked, "L1").content["effect"]
    share = asked.by_id["L1"]["share"]
    dots = asked.by_id["L1"]["effect_quantiles"]
    filled = sum(value > 0 for value in dots)
    assert filled == pytest.approx(20 * share, abs=1)
    svg = drawn(figure.spec)
    assert svg.count('aria-roledescription="point"') == 20
    assert len(re.findall(r'as the claim says[^>]*"[^>]*fill="#0072B2"', svg)) >= filled
    assert f"{filled} in 20 worlds, the other way in {20 - filled} in 20" in figure.sentence
    assert len(figure.rows) == 20
    assert figure.spec["layer"][1]["encoding"]["x"]["axis"]["title"] == ["ground gained (km²)"]


def test_an_effect_that_is_all_or_nothing_is_told_in_worlds(asked):
    figure = panel(asked, "L2").content["effect"]
    assert figure.sentence == (
        "Counted: rise in the chance of taking the town. With plan ‘go’ instead of ‘stay’ it comes "
        "out as the claim says in 6 in 20 worlds, the opposite way in fewer than 1 in 20 worlds; "
        "the plan changes nothing in 14 in 20 worlds."
    )
    svg = drawn(figure.spec)
    assert "The plan makes the difference, as the claim says: 6 in 20 worlds" in svg
    assert svg.count('aria-roledescription="point"') == 20


@pytest.mark.parametrize(
    "values",
    [
        [-3.0, -0.01, -0.01, 0.01, 0.01, 7.0],
        [-2.0, -0.001, 0.0, 0.0, 0.001, 5.0],
        [0.0] * 20,
        [5.0] * 20,
        [-1.0, 0.0, 1.0, 2.0],
    ],
)
def test_stacks_are_apart_and_no_dot_crosses_zero(values):
    places = dotplot.stacked(values)
    assert len(set(places)) == len(values)
    step = (max(0.0, *values) - min(0.0, *values)) / dotplot.STEPS
    across = sorted({place for place, _ in places})
    assert all(b - a >= 0.999 * step for a, b in pairwise(across))
    for value, (place, _) in zip(values, places, strict=True):
        assert (place > 0) == (value > 0)
        assert (place < 0) == (value < 0)


def test_the_assumptions_are_told_with_reason_source_and_how_far_they_turn_it(asked):
    told = text(render_claim(asked, "L1"))
    for part in (
        "In the worlds: 1 to 2 (a judgement).",
        "Why: own soil is dear.",
        "Judgement of the authors",
        "move it in the explorer",
    ):
        assert part in told
    first, second = panel(asked, "L1").content["assumed"]
    assert re.search(r"^L1 holds in .* where it is low .* where it is high", first.turns)
    assert "luck" not in first.turns + second.turns


def test_rivals_are_told_apart_only_if_it_is_more_than_luck(asked):
    ((meaning, rows, sentence),) = panel(asked, "L1").content["families"]
    assert meaning == "kind of red line"
    assert [row["word"] for row in rows] == ["eroding", "fixed"]
    assert sentence == ""
    assert "none makes a difference beyond luck" in text(render_claim(asked, "L1"))


def test_a_timeline_is_shown_where_there_is_one_and_of_the_same_words_only(asked):
    assert panel(asked, "R1").content["overtime"] is None
    file = asked.folder / "timeline.json"
    file.write_text(json.dumps(TIMELINE), encoding="utf-8")
    try:
        figure = panel(asked, "R1").content["overtime"]
        assert panel(asked, "L1").content["overtime"] is None
        told = TIMELINE | {"claims": [TIMELINE["claims"][0] | {"says": "Something else"}]}
        file.write_text(json.dumps(told), encoding="utf-8")
        assert panel(asked, "R1").content["overtime"] is None
    finally:
        file.unlink()
    assert figure.sentence.startswith("The record first spoke as of 31 December 2024")
    assert "The case has changed since" in figure.source
    svg = drawn(figure.spec)
    assert "31 Dec 24" in svg
    assert ">mixed<" in svg


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_come_with_their_charts(asked, question):
    page = fragment(asked, "L1", question)
    (found,) = re.findall(r'class="specs">(.*?)</script>', page, re.DOTALL)
    specs = json.loads(found)
    assert sorted(specs) == sorted(re.findall(r'data-chart="([^"]*)"', page))
    assert all(name.startswith(f"asked-{question}") for name in specs)
    told = text(page)
    assert {
        "believe": "worth of own soil is above 1.",
        "matter": "pressure at home",
        "watch": "If ground taken by week 4 is above",
    }[question] in told
    assert "<b>" not in page
