"""The Python face, as in a notebook."""

# pandas 3 types what a frame yields as unions that hardly any comparison passes.
# pyright: reportGeneralTypeIssues=false, reportAttributeAccessIssue=false
# pyright: reportArgumentType=false, reportCallIssue=false, reportOptionalOperand=false

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

import ripeness as rp
from ripeness.errors import RipenessError, UsageError

CLAIMS = 43


@pytest.fixture(scope="module")
def run(kursk_run: Path) -> rp.Run:
    return rp.open_run(kursk_run)


def text_of(page: str) -> str:
    """The text of a piece of HTML, after checking that every tag that opens is closed."""
    open_tags: list[str] = []
    texts: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            del attrs
            open_tags.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert open_tags.pop() == tag

        def handle_data(self, data: str) -> None:
            texts.append(data)

    Reader().feed(page)
    assert open_tags == []
    return " ".join(texts)


def test_a_case_says_what_it_is():
    case = rp.load("kursk-2024")
    assert repr(case).startswith("<Case kursk-2024: Kursk, August 2024; 5 plans, ")
    shown = text_of(case._repr_html_())
    assert case.file.question in shown
    for plan in case.file.plans.values():
        assert plan.name in shown
        assert plan.meaning in shown


def test_a_case_is_found_by_name_folder_and_file(small_case: Path):
    by_name = rp.load("kursk-2024")
    assert rp.load(by_name.path.parent).file == rp.load(str(by_name.path)).file == by_name.file
    assert rp.load(small_case).file.id == "minimal"


def test_the_record_of_a_case_as_of_a_day():
    case = rp.load("kursk-2024")
    whole = case.record("polls")
    before = case.record("polls", as_of="2024-08-06")
    assert 0 < len(before) < len(whole)
    assert before["known"].max() <= pd.Timestamp("2024-08-06")
    pd.testing.assert_frame_equal(before, case.record("polls", date(2024, 8, 6)))
    assert {each.table: each.rows for each in case.tables()}["polls"] == len(whole)
    with pytest.raises(UsageError, match="write it as year-month-day"):
        case.record("polls", as_of="August 2024")


def test_unknown_case():
    with pytest.raises(UsageError, match="no case 'kursk-2023'; did you mean 'kursk-2024'"):
        rp.load("kursk-2023")


def test_a_run_says_what_it_is(run: rp.Run, kursk_run: Path):
    assert re.fullmatch(
        rf"<Run [0-9a-f]{{10}} of kursk-2024: 300 worlds, 2 plans, seed 1; {kursk_run}>", repr(run)
    )
    shown = text_of(run._repr_html_())
    for verdict in run.records():
        assert verdict["says"] in shown


def test_verdicts_as_a_frame(run: rp.Run):
    frame = run.verdicts()
    assert isinstance(frame, pd.DataFrame)
    assert len(frame) == CLAIMS
    assert frame["id"].is_unique
    assert list(frame.columns) == list(run.records()[0])
    tested = frame[frame["share"].notna()]
    assert len(tested) > 5
    assert (tested["share_low"] <= tested["share"]).all()
    assert (tested["share"] <= tested["share_high"]).all()
    assert tested["worlds"].between(50, 300).all()
    assert tested["share_words"].notna().all()
    untested = frame[frame["share"].isna() & frame["record_verdict"].isna()]
    explained = untested["why_untested"].notna() | untested["value"].notna()
    assert (explained | untested["hinge"].notna()).all(), "no claim is left without a word"


def test_a_verdict_is_what_the_table_of_worlds_says(run: rp.Run):
    """L9 by hand: in how many of the worlds where ground was held leverage grew, and by what."""
    verdict = run.verdicts().set_index("id").loc["L9"]
    table = run.table(
        "world", "plan", "moved", "weeks_held_ukraine_kursk", "leverage_ukraine_w26"
    ).set_index("world")
    hold, none = (table[table["plan"] == plan].sort_index() for plan in ("hold", "none"))
    held = (hold["moved"] == 1) & (hold["weeks_held_ukraine_kursk"] >= 26)
    effect = (hold["leverage_ukraine_w26"] - none["leverage_ukraine_w26"])[held]
    assert list(verdict["compare"]) == ["hold", "none"]
    assert verdict["worlds"] == len(effect)
    assert verdict["share"] == pytest.approx((effect > 0).mean())
    assert verdict["effect_median"] == pytest.approx(
        effect.quantile(0.5, interpolation="lower"), rel=1e-6
    )


def test_plans_that_were_not_run_are_named_as_the_reason(run: rp.Run):
    """The run has none and hold only; a claim on another plan says why it has no verdict."""
    frame = run.verdicts().set_index("id")
    missing = {
        claim.id: sorted(set(claim.model.plans) - {"none", "hold"})
        for claim in rp.load("kursk-2024").claims.claims
        if claim.model and set(claim.model.plans) - {"none", "hold"}
    }
    assert missing
    for claim, plans in missing.items():
        assert pd.isna(frame.loc[claim, "share"])
        for plan in plans:
            assert plan in str(frame.loc[claim, "why_untested"])


def test_table(run: rp.Run):
    whole = run.table()
    assert len(whole) == 600
    some = run.table("world", "plan", "leverage_ukraine_w26")
    assert list(some.columns) == ["world", "plan", "leverage_ukraine_w26"]
    pd.testing.assert_frame_equal(some, whole[list(some.columns)])
    with pytest.raises(UsageError, match="did you mean 'leverage_ukraine_w26'"):
        run.table("leverage_ukrain_w26")


def test_the_case_of_a_run_is_that_of_its_time(run: rp.Run):
    assert run.case_file == rp.load("kursk-2024").file


def test_report(run: rp.Run, kursk_run: Path, tmp_path: Path):
    written = run.report(tmp_path / "report.html")
    assert written == tmp_path / "report.html"
    assert written.read_bytes() == (kursk_run / "report.html").read_bytes()


def test_charts_in_a_notebook(run: rp.Run):
    figures = {figure.id: figure for figure in run.figures("negotiation")}
    shown = figures["deals-hold"]._repr_mimebundle_()
    assert "vega" in str(shown)
    assert "var(--ink)" not in str(shown)  # colours for white paper, not those of a page
    assert figures["deals-hold"].sentence.startswith("Half a year on there is")
    with pytest.raises(UsageError, match="did you mean 'negotiation'"):
        run.figures("negotiations")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"worlds": 0}, "worlds must be from 1 to 10,000,000, not 0"),
        ({"worlds": 10**8}, "worlds must be from 1 to 10,000,000, not 100,000,000"),
        ({"seed": -1}, "seed must be from 0 to 2147483647, not -1"),
        ({"seed": 2**31}, "seed must be from 0 to 2147483647, not 2147483648"),
        ({"plans": ["push", "psuh"]}, "no plan 'psuh'; did you mean 'push'"),
        ({"plans": [""]}, "no plan ''; it has wait, push, wait-too, push-later"),
        ({"plans": []}, "no plan to run; case 'minimal' has wait, push, wait-too, push-later"),
    ],
)
def test_what_cannot_be_run(
    small_case: Path, tmp_path: Path, asked: dict[str, object], expected: str
):
    case = rp.load(small_case)
    with pytest.raises(RipenessError) as caught:
        case.run(out=tmp_path / "run", **asked)  # pyright: ignore[reportArgumentType]: wrong on purpose
    assert expected in str(caught.value)
    assert caught.value.exit_code == 2
    assert list(tmp_path.iterdir()) == []
