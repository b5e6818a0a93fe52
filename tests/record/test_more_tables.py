"""Security events, statements and attacks on nuclear powers: every row is dated and sourced."""

from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ripeness import errors
from ripeness.record.tables import read_table

RECORD = Path(errors.__file__).parent / "cases" / "kursk-2024" / "record"
STARTS, INVASION = "2014-02-24", "2022-02-24"
SOURCED = ["source", "confidence", "known", "licence", "note"]
COLUMNS = {
    "security_events": ["date", "category", "place", "event", "dead"],
    "security_counts": ["start_date", "measure", "end_date", "count", "dead"],
    "statements": ["date", "speaker", "side", "about", "statement"],
    "nuclear_soil": [
        *("date", "place", "attacker", "nuclear_power", "aid_by", "kind_of_aid", "core_soil"),
    ],
}
WORDS = {
    ("security_events", "category"): {
        *("terror attack", "assassination", "mutiny", "ground incursion", "sabotage"),
        *("drone attack on the capital", "disputed"),
    },
    ("statements", "about"): {
        *("blame of NATO", "British vehicles", "call to negotiate", "criticism of Kyiv"),
        *("refusal of talks", "support", "denial of a part"),
    },
    ("nuclear_soil", "core_soil"): {"yes", "no", "disputed"},
}


def table(name: str) -> Any:
    """Read a table; pandas' own types are too wide for what the tests do with it."""
    return read_table(RECORD, name)


@pytest.fixture(params=sorted(COLUMNS))
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def test_every_row_says_what_it_is_and_where_it_was_read(name: str):
    rows = table(name)
    own = [column for column in rows.columns if not column.endswith("_known")]
    assert own == COLUMNS[name] + SOURCED
    assert set(rows["confidence"]) <= {"found", "recalled"}
    assert rows["source"].str.match(r"https?://\S+").all()
    assert rows["licence"].notna().all()


def test_what_was_only_recalled_is_named(name: str):
    rows = table(name)
    unsure = rows[rows["confidence"] != "found"]
    assert unsure["note"].str.contains("recalled").all()


def test_nothing_is_known_before_it_happened(name: str):
    rows = table(name)
    happened = pd.to_datetime(rows["end_date" if name == "security_counts" else "date"])
    assert (rows["known"] >= happened).all()


def test_no_row_stands_twice(name: str):
    rows = table(name)
    assert not rows.duplicated(COLUMNS[name][:3]).any()


@pytest.mark.parametrize(("name", "column"), sorted(WORDS))
def test_codings_use_the_words_that_are_documented(name: str, column: str):
    assert set(table(name)[column]) == WORDS[name, column]


def test_security_events_cover_eight_years_before_the_invasion_and_the_time_since():
    days = table("security_events")["date"]
    assert (days >= STARTS).all()
    assert (days < INVASION).any()
    assert (days >= INVASION).any()


def test_the_rule_of_the_list_holds_on_both_sides_of_the_invasion():
    events = table("security_events")
    assert (events[events["category"] == "terror attack"]["dead"] >= 5).all()
    assert (events[events["category"].isin(["assassination", "sabotage"])]["dead"] >= 1).all()


def test_counted_periods_of_one_measure_do_not_overlap():
    for _, rows in table("security_counts").groupby("measure"):
        spans = rows[["start_date", "end_date"]].itertuples(index=False, name=None)
        assert all(a[1] < b[0] for a, b in combinations(sorted(spans), 2))


def test_statements_and_attacks_come_from_both_sides_of_their_question():
    statements = table("statements")
    assert {"Russia", "UK", "US", "Ukraine", "Europe", "global south"} <= set(statements["side"])
    assert (statements["date"] < "2024-08-06").any()
    assert (statements["date"] >= "2024-08-06").any()
    attacks = table("nuclear_soil")
    assert (attacks["date"] < "1991-12-26").any()
    assert (attacks["date"] > "1991-12-26").any()
    assert attacks["aid_by"].isna().any()
    assert attacks["aid_by"].notna().any()
