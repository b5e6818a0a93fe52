"""The hindcast: what may be known at an origin, what is forecast, and who is said to have won."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from running import Command

from ripeness.case.load import RECORD_FOLDER, case_file
from ripeness.case.schema import CaseFile
from ripeness.errors import UsageError
from ripeness.record.hindcast.baselines import BASELINES, forecast
from ripeness.record.hindcast.hindcast import WEEKS, Hindcast, hindcast
from ripeness.record.hindcast.past import past
from ripeness.record.hindcast.skill import WORLDS, summarize
from ripeness.record.hindcast.targets import GROUND, Forecasts, Target, origins, targets
from ripeness.record.observations import figures

QUARTERS = (
    date(2024, 9, 30),
    date(2024, 12, 31),
    date(2025, 3, 31),
    date(2025, 6, 30),
    date(2025, 9, 30),
)
RECORD = case_file("kursk-2024").parent / RECORD_FOLDER


def no_progress(_what: str, _done: float) -> None:
    """Tell nobody."""


@pytest.fixture(scope="module")
def found(kursk: CaseFile) -> tuple[Target, ...]:
    return targets(kursk, RECORD, QUARTERS, WEEKS)


def around(found: tuple[Target, ...], times: float) -> Forecasts:
    """Forecasts that are right, but for so many times each figure's own error."""
    luck = np.random.default_rng(7)
    return {
        (target.origin, target.name): target.figures.values
        + times * target.figures.errors * luck.standard_normal((400, len(target.leads)))
        for target in found
    }


@pytest.fixture(scope="module")
def scored(kursk: CaseFile, found: tuple[Target, ...]) -> Hindcast:
    """A hindcast by forecasters that know all."""
    return hindcast(kursk, RECORD, found, around(found, 0.01), 1, no_progress)


def test_origins_are_the_ends_of_quarters_that_have_figures_after_them(kursk: CaseFile):
    assert origins(kursk, RECORD, WEEKS) == QUARTERS
    assert origins(kursk, RECORD, 60) == QUARTERS[:1]
    with pytest.raises(UsageError, match="no end of a quarter since 2024-08-06 has 80 weeks"):
        origins(kursk, RECORD, 80)


def test_what_is_forecast_lies_in_the_quarter_after_the_origin(found: tuple[Target, ...]):
    assert {target.name for target in found} == {
        *("donetsk", "luhansk_kharkiv", "zaporizhzhia_kherson", "sumy_border"),
        *("kursk_held", "kursk_claimed", "russian_losses", "ukrainian_support"),
        *("russian_support", "american_aid", "european_aid"),
    }
    for target in found:
        days = [(day - target.origin).days for day in target.figures.dates]
        assert min(days) > 0
        assert max(days) <= 7 * WEEKS
        assert target.leads == pytest.approx(np.array(days) / 7)


def test_ground_in_total_is_the_sum_of_the_sectors_figure_by_figure(scored: Hindcast):
    rows = scored.scores.loc[scored.scores["forecaster"] == WORLDS]
    parts = ["donetsk", "luhansk_kharkiv", "zaporizhzhia_kherson", "sumy_border"]
    total = rows.loc[rows["series"] == GROUND].set_index("date")["value"]
    summed = rows.loc[rows["series"].isin(parts)].groupby("date")["value"].sum()
    assert len(total) > 50
    assert total.to_dict() == pytest.approx(summed.to_dict())
    table = pd.read_csv(RECORD / "control.csv")
    held = (
        table.loc[
            table["oblast"].isin(
                ["Donetsk", "Luhansk", "Kharkiv", "Zaporizhzhia", "Kherson", "Sumy"]
            )
        ]
        .groupby("date")["km2"]
        .sum()
    )
    before = held.loc[:"2024-08-05"].iloc[-1]
    assert total[date(2025, 12, 29)] == pytest.approx(before - held["2025-12-29"])


@pytest.mark.parametrize("name", ["russian_losses", "american_aid", "european_aid"])
def test_amounts_that_come_as_they_came_are_told_as_the_record_tells_them(
    kursk: CaseFile, found: tuple[Target, ...], name: str
):
    """Totals and means since the decision, out of what was known and what then came."""
    for target in [target for target in found if target.name == name]:
        given = past(target, kursk, RECORD)
        assert given is not None
        declared = target.figures.declared
        _, amounts = figures(name, declared, kursk.decision_date, RECORD)
        came = amounts[len(given.values) :][: given.steps] * declared.times
        assert given.told(came[None])[0] == pytest.approx(target.figures.values)


def test_what_came_later_moves_no_forecast(
    kursk: CaseFile, found: tuple[Target, ...], tmp_path: Path
):
    """Every number of the record that became known after the origin is changed."""
    origin = QUARTERS[1]
    changed = tmp_path / "record"
    shutil.copytree(RECORD, changed)
    luck = np.random.default_rng(1)
    for name in ("control", "kursk_area", "losses", "polls", "aid"):
        table = pd.read_csv(changed / f"{name}.csv")
        later = pd.to_datetime(table["known"]) > pd.Timestamp(origin)
        assert later.any()
        for column in table.select_dtypes("number"):
            table[column] = table[column].where(~later, table[column] * luck.uniform(2, 9))
        table.to_csv(changed / f"{name}.csv", index=False)
    for target in [target for target in found if target.origin == origin]:
        given, other = (past(target, kursk, record) for record in (RECORD, changed))
        assert given is not None
        assert other is not None
        for baseline in BASELINES:
            one, two = (forecast(baseline, each, 1).paths for each in (given, other))
            assert (given.told(one) == other.told(two)).all()


def test_a_figure_that_was_not_yet_known_is_not_used(kursk: CaseFile, found: tuple[Target, ...]):
    """Aid of a month is published later: at an origin some months before it have to be forecast."""
    for target in [target for target in found if target.name == "american_aid"]:
        given = past(target, kursk, RECORD)
        assert given is not None
        assert given.steps > len(target.leads)


def test_forecasters_that_know_all_win_everywhere(scored: Hindcast):
    for one in scored.summary.series:
        assert one.winner == WORLDS
        assert one.skills[one.best].value > 0.9
        assert one.coverage[WORLDS][1].share > 0.5
    assert all(skill.low > 0.9 for skill in scored.summary.skills.values())


def test_ranks_say_where_among_the_draws_a_figure_lies(kursk: CaseFile, found: tuple[Target, ...]):
    some = tuple(target for target in found if target.origin == QUARTERS[1])
    ladder = {
        (target.origin, target.name): target.figures.values + np.arange(-3.0, 1.0)[:, None]
        for target in some
    }
    scores = hindcast(kursk, RECORD, some, ladder, 1, no_progress).scores
    ours = scores.loc[(scores["forecaster"] == WORLDS) & (scores["series"] != GROUND)]
    assert ours["rank"].tolist() == pytest.approx([3.5 / 4] * len(ours))


def test_a_simple_forecaster_that_wins_is_said_to(kursk: CaseFile, found: tuple[Target, ...]):
    wild = {key: 50.0 + 900.0 * draws for key, draws in around(found, 1.0).items()}
    lost = hindcast(kursk, RECORD, found, wild, 1, no_progress)
    for one in lost.summary.series:
        assert one.winner == one.best in BASELINES
        assert one.skills[one.best].value < 0
    assert all(skill.high < 0 for skill in lost.summary.skills.values())


def test_simple_forecasts_do_not_depend_on_ours(
    kursk: CaseFile, found: tuple[Target, ...], scored: Hindcast
):
    some = tuple(target for target in found if target.origin == QUARTERS[1])
    again = hindcast(kursk, RECORD, some, around(some, 3.0), 1, no_progress).scores
    before = scored.scores.loc[scored.scores["origin"] == QUARTERS[1]].reset_index(drop=True)
    simple = before["forecaster"] != WORLDS
    pd.testing.assert_frame_equal(again.loc[simple], before.loc[simple])


def invented(ours: list[float], other: list[float]) -> pd.DataFrame:
    """Scores of one series, three figures from each origin, by their CRPS at each."""
    crps = {WORLDS: ours} | dict.fromkeys(BASELINES, other)
    rows = [
        {
            "series": "plain",
            "origin": date(2030, 1, 1) + timedelta(days=91 * place),
            "forecaster": who,
            "crps": each,
            "log_score": 1.0,
            "in_50": True,
            "in_90": True,
            "chance_more": 0.7,
            "more": True,
        }
        for who, errors in crps.items()
        for place, each in enumerate(errors)
        for _ in range(3)
    ]
    return pd.DataFrame(rows)


def test_skill_and_its_interval_draw_whole_origins():
    (same,) = summarize(invented([1, 2, 3, 4], [2, 4, 6, 8]), 1).series
    skill = same.skills["drift"]
    assert (skill.value, skill.low, skill.high) == pytest.approx((0.5, 0.5, 0.5))
    (varied,) = summarize(invented([1, 1, 1, 1, 9], [2] * 5), 1).series
    skill = varied.skills["drift"]
    assert skill.value == pytest.approx(1 - 13 / 10)
    # of five draws none is the bad origin in 33 of a hundred cases, three or more in 5.8
    assert (skill.low, skill.high) == pytest.approx((1 - 29 / 10, 1 - 5 / 10))


def test_two_origins_give_no_interval():
    (one,) = summarize(invented([1, 2], [2, 2]), 1).series
    expected = {"skill": pytest.approx(0.25), "low_90": None, "high_90": None}
    assert one.skills["ETS"].record() == expected


def test_a_source_of_the_same_level_is_part_of_the_past(kursk: CaseFile, found: tuple[Target, ...]):
    """In September 2024 only claims spoke of the area held in Kursk; they count, corrected."""
    (target,) = (t for t in found if (t.name, t.origin) == ("kursk_held", QUARTERS[0]))
    given = past(target, kursk, RECORD)
    assert given is not None
    assert given.values[-1] == pytest.approx(0.69 * 1294)
    alone = kursk.model_copy(update={"observed": {"kursk_held": kursk.observed["kursk_held"]}})
    assert past(target, alone, RECORD) is None


def test_where_nothing_was_known_nothing_is_scored(kursk: CaseFile, found: tuple[Target, ...]):
    alone = kursk.model_copy(update={"observed": {"kursk_held": kursk.observed["kursk_held"]}})
    held = tuple(target for target in found if target.name == "kursk_held")
    made = hindcast(alone, RECORD, held, around(held, 1.0), 1, no_progress)
    assert made.left_out == (("kursk_held", QUARTERS[0]),)
    assert min(made.scores["origin"]) == QUARTERS[1]
    early = replace(held[0], origin=date(2024, 8, 7))
    with pytest.raises(UsageError, match="at no origin was a figure known"):
        hindcast(alone, RECORD, [early], around((early,), 1.0), 1, no_progress)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--worlds 100", "worlds must be from 200 to 1,000,000, not 100"),
        ("--out nowhere/page.html", "there is no folder 'nowhere'; make it, or name another"),
    ],
)
def test_wrong_words(command: Command, tmp_path: Path, words: str, expected: str):
    done = command("hindcast", "kursk-2024", *words.split(" "), cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"{expected}\n")


@pytest.mark.parametrize("name", ["two-sided-war", "minimal"])
def test_a_case_that_observed_nothing_is_told_what_to_add(
    command: Command, small_case: Path, name: str
):
    done = command("hindcast", small_case if name == "minimal" else name)
    assert (done.returncode, done.stdout) == (2, "")
    assert "add 'observed'" in done.stderr or "and 'observed'" in done.stderr
    assert done.stderr.count("\n") == 1
