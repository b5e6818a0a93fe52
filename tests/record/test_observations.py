"""Observations: figures and paths go through the same comparison."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ripeness.case.observed import Durations, Observed
from ripeness.case.schema import CaseFile
from ripeness.errors import UsageError
from ripeness.record.observations import Observations, compared, lengths, observations, observe

DECIDED = date(2030, 5, 6)
ROUND = {"because": "invented", "sources": ("invention",), "confidence": "judgement"}


def declared(**fields: Any) -> Observed:
    given = {
        "name": "Ground",
        "series": "ground_plain",
        "unit": "km²",
        "table": "front",
        "date": "date",
        "value": "km2",
        "how": "level",
        "error": 2.0,
    }
    return Observed.model_validate(given | ROUND | fields)


@pytest.fixture
def seen(tmp_path: Path):
    """Observe a table of invented rows, of which each may be a figure `day` days on."""

    def observed(rows: list[tuple[Any, ...]], last: float = 1000, **fields: Any) -> Observations:
        lines = [",".join(map(str, row)) for row in [("date", "km2", "where"), *rows]]
        lines[0] = lines[0].replace("date", fields.get("date", "date"))
        (tmp_path / "front.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return observe("ground", declared(**fields), DECIDED, last, tmp_path)

    return observed


def on(day: int) -> date:
    return DECIDED + timedelta(days=day)


def test_a_level_is_the_figure_itself_in_the_unit_of_the_series(seen):
    found = seen([(on(-3), 10, "a"), (on(7), 30, "a"), (on(21), 50, "a")], times=-0.5)
    assert found.dates == (on(7), on(21))
    assert found.weeks == pytest.approx([1, 3])
    assert found.values == pytest.approx([-15, -25])
    assert found.errors == pytest.approx([2, 2])


def test_a_change_counts_from_the_last_figure_before_the_decision(seen):
    rows = [(on(-9), 8, "a"), (on(-1), 10, "a"), (on(0), 99, "a"), (on(7), 30, "a")]
    found = seen(rows, how="change")
    assert found.values == pytest.approx([20])
    assert found.errors == pytest.approx([2 * np.sqrt(2)])  # both figures may be off


def test_a_total_takes_of_the_first_amount_what_fell_after_the_decision(seen):
    found = seen([(on(-2), 1, "a"), (on(5), 7, "a"), (on(12), 10, "a")], how="total")
    assert found.values == pytest.approx([5, 15])
    assert found.errors == pytest.approx([2 * 5 / 7, 2 * np.hypot(5 / 7, 1)])


def test_a_pace_is_measured_in_the_mean_of_the_year_before(seen):
    rows = [(on(28 * month), 3 if month <= 0 else 6, "a") for month in range(-14, 4)]
    found = seen(rows, how="pace", error=0.5)
    assert found.values == pytest.approx([2, 2, 2])
    # thirteen months before; those since the decision add up one by one
    assert found.errors == pytest.approx([0.5 * np.sqrt(1 / n + 4 / 13) for n in (1, 2, 3)])


def test_parts_of_a_figure_are_added_and_dates_that_lack_one_left_out(seen):
    rows = [(on(7), 1, "a"), (on(7), 2, "b"), (on(7), 4, "c"), (on(14), 8, "a")]
    rows += [(on(21), 16, "a"), (on(21), 32, "b")]
    found = seen(rows, where={"where": ["a", "b"]}, sum=True)
    assert found.dates == (on(7), on(21))
    assert found.values == pytest.approx([3, 48])


def test_one_figure_a_week_counts_the_last_and_none_after_the_end(seen):
    rows = [(on(1), 1, "a"), (on(7), 2, "a"), (on(8), 3, "a"), (on(10), "", "a"), (on(12), 5, "a")]
    assert seen(rows, last=10).values == pytest.approx([2, 3])


def test_a_month_stands_for_its_last_day(seen):
    found = seen([("2030-05", 1, "a"), ("2030-06", 2, "a"), ("2031", 3, "a")], date="when")
    assert found.dates == (date(2030, 5, 31), date(2030, 6, 30), date(2031, 12, 31))


def curve(days: np.ndarray) -> np.ndarray:
    """A truth that is straight between weeks, so that weekly paths miss nothing of it."""
    weeks = days / 7
    corners = np.arange(-60.0, 30.0)
    return np.interp(weeks, corners, 100 + np.cumsum(np.sin(corners) + 2))


def test_a_world_that_is_the_truth_is_measured_as_the_record(seen):
    """For levels, changes and totals: the same terms on both sides, whatever the dates."""
    days = np.array([-11, 3, 12, 18, 40, 41, 77])
    path = curve(7.0 * np.arange(13))[None]
    levels = [(on(int(day)), level, "a") for day, level in zip(days, curve(days), strict=True)]
    found = seen(levels)
    assert compared("level", path, found.weeks)[0] == pytest.approx(found.values)
    found = seen([(on(-1), curve(np.zeros(1))[0], "a"), *levels[1:]], how="change")
    assert compared("change", path, found.weeks)[0] == pytest.approx(found.values)
    ends = np.array([0, 3, 12, 18, 40, 77])
    amounts = [(on(int(a)), b, "a") for a, b in zip(ends[1:], np.diff(curve(ends)), strict=True)]
    found = seen([(on(0), 1, "a"), *amounts], how="total")
    assert compared("total", path, found.weeks)[0] == pytest.approx(found.values)


def test_a_pace_that_rises_by_a_tenth_a_week(seen):
    weekly = [(on(7 * week), 2.0, "a") for week in range(-60, 1)]
    weekly += [(on(7 * week), 2.0 * (1 + 0.1 * (week - 0.5)), "a") for week in range(1, 9)]
    found = seen(weekly, how="pace")
    path = 5.0 * (1 + 0.1 * np.arange(9.0))[None]  # in any unit: its first value is the year before
    assert compared("pace", path, found.weeks)[0] == pytest.approx(found.values)


@pytest.mark.parametrize(
    ("rows", "fields", "message"),
    [
        ([("May", 1, "a")], {"date": "when"}, "'May' in the column 'when' is no date"),
        ([("", 1, "a")], {}, "in the column 'date' is no date"),
        ([(on(7), 1, "a")], {"value": "where"}, "the column 'where' does not hold numbers"),
        ([(on(7), 1, "a")], {"value": "km"}, "no column 'km'; did you mean 'km2'"),
        ([(on(7), 1, "a")], {"how": "change"}, "lacks a figure before the decision"),
        ([(on(-7), 1, "a")], {}, "lacks a figure after the decision"),
        ([(on(7), 1, "a")], {"how": "total"}, "that reach back to 0 days before the decision"),
        ([(on(-7), 1, "a"), (on(7), 1, "a")], {"how": "pace"}, "reach back to 364 days"),
        ([(on(-7), 1, "a"), (on(7), 1, "a"), (on(7), 1, "b")], {"how": "total"}, "one a date"),
    ],
)
def test_what_the_record_lacks_is_said(seen, rows, fields, message):
    with pytest.raises(UsageError, match=f"^'ground': .*{message}"):
        seen(rows, **fields)


def test_a_word_in_a_column_of_dates_is_said(seen):
    with pytest.raises(UsageError, match=r"front.csv:\d+: the column 'date' holds '.*May"):
        seen([("May", 1, "a")])


def test_lengths_of_wars(tmp_path: Path):
    (tmp_path / "wars.csv").write_text(
        "war,kind,years\na,land,1\nb,land,0.5\nc,sea,9\nd,land,\n", encoding="utf-8"
    )
    given = {"table": "wars", "column": "years", "unit": "years", "within": 2}
    wars = Durations.model_validate({**given, "where": {"kind": "land"}, **ROUND})
    assert lengths(wars, tmp_path) == pytest.approx([365.25 / 14, 365.25 / 7])


@pytest.fixture(scope="module")
def kursk_observed(kursk: CaseFile) -> dict[str, Observations]:
    from ripeness.case.load import RECORD_FOLDER, case_file

    folder = case_file("kursk-2024").parent / RECORD_FOLDER
    return {found.name: found for found in observations(kursk, folder)}


@pytest.mark.parametrize(
    ("name", "day", "value"),
    [
        ("donetsk", date(2024, 12, 30), 15869.87 - 17865.58),
        ("luhansk_kharkiv", date(2024, 12, 30), 26263.20 + 906.39 - 26384.07 - 1074.79),
        ("zaporizhzhia_kherson", date(2024, 12, 30), 19668.33 - 19729.11),
        ("kursk_held", date(2024, 11, 22), 560),
        ("kursk_claimed", date(2024, 8, 27), 0.69 * 1294),
        ("russian_losses", date(2024, 8, 11), 8.01 * 5 / 7),
        ("ukrainian_support", date(2024, 12, 31), 0.51 - 0.55),
        ("russian_support", date(2024, 8, 31), 0.41 - 0.37),
    ],
)
def test_what_was_observed_of_kursk(
    kursk_observed: dict[str, Observations], name: str, day: date, value: float
):
    found = kursk_observed[name]
    assert found.values[found.dates.index(day)] == pytest.approx(value, abs=1e-6)


def test_every_figure_of_kursk_has_a_date_an_error_and_a_source(
    kursk: CaseFile, kursk_observed: dict[str, Observations]
):
    assert kursk.followed is not None
    for found in kursk_observed.values():
        assert kursk.decision_date < min(found.dates)
        assert max(found.dates) <= kursk.followed.until
        weeks = np.ceil(found.weeks)
        assert len(set(weeks)) == len(weeks)
        assert (found.error > 0).all()
        assert set(found.to_frame()["source"].tolist()) == {", ".join(found.declared.sources)}
