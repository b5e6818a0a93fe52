"""What the panels say of a run: negotiation, escalation, the record, the hindcast."""

from __future__ import annotations

import doctest
import json
import re
import shutil
from dataclasses import astuple, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from made_up import MILESTONES, PLANS, write

import ripeness
from ripeness.claims import estimates
from ripeness.claims.estimates import wilson
from ripeness.errors import UsageError
from ripeness.record.tables import cut
from ripeness.views import beside, happened, shares
from ripeness.views.charts import events as events_chart
from ripeness.views.hindcast_summary import read_hindcast_summary
from ripeness.views.panels import escalation, hindcast, negotiation, record
from ripeness.views.panels.panel import Panel
from ripeness.views.sections import in_app, templates, told
from ripeness.views.shown import Shown
from ripeness.views.words import SPACE

SECTIONS = '{% include "sections.html.j2" %}'
RUNGS = [0.0] * 14 + [1.0] * 4 + [2.0, 3.0]
"""Highest rungs of twenty worlds."""


def page(panel: Panel | None, shown: Shown) -> str:
    """The panel as its page in the app has it, in one line of plain text and tags."""
    assert panel is not None
    context = told([panel], shown, in_app(shown.card.run_id))
    text = templates().from_string(SECTIONS).render(**context)
    return " ".join(text.replace(SPACE, " ").split())


def numbers(text: str) -> list[float]:
    return [float(each) for each in re.findall(r"\d+(?:\.\d+)?", text)]


@pytest.fixture(scope="module")
def worlds() -> pd.DataFrame:
    """Twenty worlds a plan, of which the first two count four times as much as the others."""
    kinds = ["deal", "deal", "dictated", *["still going"] * 17]
    parts = [
        pd.DataFrame(
            {
                "plan": plan,
                "world": np.arange(20),
                "weight": [4.0, 4.0, *[1.0] * 18],
                "end_kind": kinds,
                "deal": ["freeze", "freeze", "dictated", *["none"] * 17],
                "highest_rung": RUNGS[::-1] if plan == "hold" else RUNGS,
            }
        )
        for plan in PLANS
    ]
    return pd.concat(parts)


@pytest.fixture(scope="module")
def made_up(shown: Shown, worlds: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The made-up run with its worlds."""
    folder = tmp_path_factory.mktemp("with-worlds") / "run"
    shutil.copytree(shown.folder, folder)
    (folder / "worlds").mkdir()
    write(folder / "worlds" / "block-00000.parquet", worlds)
    return replace(shown, folder=folder)


@pytest.fixture(scope="module")
def real(kursk_run: Path) -> Shown:
    """The run of the Kursk case, as it was made."""
    return ripeness.open_run(kursk_run).shown


def asked(shown: Shown, what: str, where: str) -> list[tuple[Any, ...]]:
    """Ask a run's table of worlds, a row a plan."""
    with duckdb.connect() as connection:
        table = f"'{shown.folder}/worlds/*.parquet'"
        query = f"select {what} from {table} where {where} group by plan"
        return connection.execute(query).fetchall()


def figure(panel: Panel | None, id_: str) -> Any:
    assert panel is not None
    return next(one for one in panel.figures if one.id == id_)


def test_examples_in_docstrings_hold():
    assert doctest.testmod(shares).failed == 0
    assert doctest.testmod(events_chart).failed == 0


def test_shares_weigh_worlds_and_know_what_none_has(made_up: Shown):
    found = shares.shares_of(made_up.folder, "deal", ["freeze", "minsk_like"], "end_kind = 'deal'")
    worth = 26**2 / (2 * 4**2 + 18)  # worlds of equal weight, by Kish
    assert found["raid"] == {"freeze": wilson(8 / 26, worth), "minsk_like": wilson(0, worth)}
    assert shares.shares_of(made_up.folder, "no_such_column", ["a"]) == {}


def test_twenty_dots_are_the_quantiles(made_up: Shown):
    found = shares.shares_of(made_up.folder, "highest_rung::int", [0, 1, 2, 3, 4])
    assert shares.twenty(found["hold"]) == [0] * 11 + [1] * 3 + [2] * 3 + [3] * 3
    # Unweighted, the twenty worlds would be their own dots.
    assert shares.twenty(found["none"]) == [0] * 15 + [1] * 3 + [2] + [3]


def test_the_ladder_counts_who_reaches_a_rung(made_up: Shown):
    ladder = figure(escalation.panel(made_up), "ladder")
    rows = {row[0]: row[1:] for row in ladder.rows}
    assert numbers(rows["hold"][0])[0] == pytest.approx(100 * 12 / 26, abs=0.5)  # sabotage or worse
    assert numbers(rows["none"][2])[0] == pytest.approx(100 / 26, abs=0.5)  # direct clash or worse
    assert rows["none"][3].startswith("below")  # nuclear use
    few = [row for row in _rows(ladder) if row["kind"] == "few" and row["plan"] == "none"]
    assert [(row["rung"], row["says"]) for row in few] == [(4, "fewer than 1 in 20")]
    dots = [row for row in _rows(ladder) if row["kind"] == "dot" and row["plan"] == "none"]
    assert len(dots) == 20


def _rows(ladder: Any) -> list[dict[str, Any]]:
    (rows,) = ladder.spec["datasets"].values()
    return rows


def test_wars_end_in_one_of_the_ways(real: Shown):
    endings = figure(negotiation.panel(real), "endings")
    counts = asked(real, "plan, avg((end_kind = 'still going')::int)", "true")
    told = {row[0]: numbers(row[-1])[0] for row in endings.rows}
    assert told == {plan: pytest.approx(100 * share, abs=0.51) for plan, share in counts}


def test_deals_can_be_chosen_by_plan_and_week(made_up: Shown):
    panel = negotiation.panel(made_up, "talks-first", "52")
    assert panel is not None
    assert [one.id for one in panel.figures if one.id.startswith("deals-")] == [
        "deals-talks-first",
        "deals-struck",
    ]
    assert figure(panel, "deals-talks-first").sentence.startswith("A year on there is one in 12 in")
    html = page(panel, made_up)
    assert "<option selected>talks-first</option>" in html
    assert '<option value="52" selected>52, a year on</option>' in html
    every = negotiation.panel(made_up)
    assert every is not None
    assert len([one for one in every.figures if one.id.startswith("deals-")]) == len(PLANS) + 1


@pytest.mark.parametrize(
    ("choices", "says"),
    [
        ({"plan": "hodl"}, "it has none, raid, hold, hold-and-strike and talks-first"),
        ({"week": "27"}, "it keeps those of 4, 8, 13, 26, 52 and 104"),
    ],
)
def test_a_choice_that_there_is_not_is_told(made_up: Shown, choices: dict[str, str], says: str):
    with pytest.raises(UsageError, match=re.escape(says)):
        negotiation.panel(made_up, **choices)


def test_the_plan_that_claims_speak_of_comes_first(made_up: Shown):
    assert negotiation.most_spoken_of(made_up) == "hold"


def test_a_week_without_war_says_so(made_up: Shown, tmp_path: Path):
    folder = tmp_path / "run"
    shutil.copytree(made_up.folder, folder)
    table = duckdb.read_parquet(str(folder / "negotiation.parquet")).df()
    write(folder / "negotiation.parquet", table[table["week"] != MILESTONES[-1]])
    over = replace(made_up, folder=folder)
    html = page(negotiation.panel(over, "hold", str(MILESTONES[-1])), over)
    assert "In week 104 the war goes on in no world" in html


def test_odds_of_red_lines_end_where_the_measures_are(real: Shown):
    odds = json.loads((real.folder / "red_lines.json").read_text(encoding="utf-8"))["odds"]
    measures = pd.read_csv(real.folder / "record" / "measures.csv").set_index("number")["value"]
    last = {f"{row['coding']}_{row['prior']}": row["value"] for row in odds}
    assert len(last) == 10
    for number, value in last.items():
        assert value == pytest.approx(measures[number], rel=1e-3), number
    silence = [row["value"] for row in odds if (row["coding"], row["prior"]) == ("none", "uniform")]
    assert silence == sorted(silence, reverse=True), "each silent crossing speaks for lines"
    shown = figure(escalation.panel(real), "odds-0")
    assert "3.6 : 1 if 9 of 17 crossings count as answered" in shown.sentence


def test_beliefs_are_those_of_the_worlds(real: Shown):
    belief = figure(escalation.panel(real), "belief-ukraine")
    where = "plan = 'hold' and tolerance_prior = 'bluff'"
    ((_, values),) = asked(real, "plan, list(believed_chance_ukraine_w26)", where)
    mean = estimates.mean(np.array(values, float), np.ones(len(values)))
    row = next(row for row in belief.rows if row[0] == "hold, bluff")
    at = belief.heads.index("week 26")
    low, middle, high = (f"{100 * end:.0f}" for end in (mean.low, mean.value, mean.high))
    assert row[at].replace(SPACE, " ") == f"{middle} % ({low}–{high} %)"


def test_means_of_weighted_worlds_have_the_error_of_estimates(made_up: Shown):
    found = {
        plan: means["highest_rung"]
        for plan, _, means in shares.means_by(made_up.folder, ["highest_rung"], "plan")
    }
    expected = estimates.mean(np.array(RUNGS), np.array([4.0, 4.0, *[1.0] * 18]))
    assert astuple(found["raid"]) == pytest.approx(astuple(expected))
    assert shares.means_by(made_up.folder, ["no_such_column"], "plan") == []


def test_the_mirror_says_what_it_rests_on(real: Shown):
    html = page(escalation.panel(real), real)
    assert "Model, not of this run: 2,048 worlds under each plan, seed 1, case " in html
    assert "all else the same." in html
    other = replace(real, card=replace(real.card, case_hash="another"))
    text = page(escalation.panel(other), other)
    assert "The case has changed since: this run is of another." in text


def test_what_lies_beside_a_case_is_kept_short(tmp_path: Path):
    file = beside.write_beside(tmp_path / "mirror.json", {"a": [{"b": 0.123456789, "c": 7}]}, "it")
    assert beside.read_beside(tmp_path, file.name) == {"a": [{"b": 0.1235, "c": 7}]}
    assert beside.read_beside(tmp_path, "other.json") is None


def test_the_record_tells_what_happened(shown: Shown):
    panel = record.panel(shown)
    html = page(panel, shown)
    assert "Ukrainian forces cross from Sumy into Kursk oblast near Sudzha" in html
    assert "Minsk II (Package of Measures)" in html
    assert "<dt>ukraine position</dt>" in html
    assert "ground invasion of Russian territory" in html
    assert 'href="https://deepstatemap.live"' in html
    chosen = page(record.panel(shown, "escalation"), shown)
    assert "Oreshnik" in chosen
    assert "near Sudzha" not in chosen
    with pytest.raises(UsageError, match="no events of the kind 'escalations'"):
        record.panel(shown, "escalations")


def test_series_of_the_record_share_the_time_of_the_events(real: Shown):
    shown = figure(record.panel(real), "record-over-time")
    rows = {row[0].partition(" (")[0]: row for row in shown.rows}
    assert list(rows) == [
        "Ground in Donetsk",
        "Area held in Kursk",
        "Russian losses",
        "Support for the war in Ukraine",
        "American aid",
    ]
    assert rows["Area held in Kursk"][1] == "none"  # nothing was held before the decision


def test_a_record_as_of_a_day_knows_nothing_later(shown: Shown, tmp_path: Path):
    assert shown.record is not None
    folder = tmp_path / "record"
    cut(shown.record, date(2024, 8, 20), folder)
    early = replace(shown, record=folder, card=replace(shown.card, as_of="2024-08-20"))
    panel = record.panel(early)
    assert panel is not None
    assert panel.lead.endswith("as known on 20 August 2024.")
    assert max(event.when for event in happened.events(folder)) <= "2024-08-20"
    html = page(panel, early)
    assert "near Sudzha" in html
    assert "Oreshnik" not in html


def test_sources_of_a_row_are_taken_apart():
    first, second = happened.links("https://www.a.org/x?y=1 ; general knowledge")
    assert (first.name, first.url) == ("a.org", "https://www.a.org/x?y=1")
    assert (second.name, second.url) == ("general knowledge", None)


def test_the_hindcast_shows_losses_as_plainly_as_wins(real: Shown):
    panel = hindcast.panel(real)
    html = page(panel, real)
    scored = read_hindcast_summary(real.folder / "hindcast.json")
    assert scored is not None
    for name, sentence in scored["sentences"]:
        shown = next(one for one in scored["figures"] if one.question == name)
        assert shown.sentence == sentence
    assert html.count("<figcaption><h3>") == 1 + len(scored["sentences"])
    assert "A simple forecaster wins:" in html
    assert "Model, not of this run: 4,096 worlds" in html


def test_forecasts_are_shown_with_what_came(real: Shown):
    aid = figure(hindcast.panel(real), "hindcast-american_aid")
    assert len(aid.rows) == 12
    assert aid.rows[0][0] == "31 October 2024"
    assert aid.rows[0][1] == "30 September 2024"


def test_panels_cope_with_a_run_that_has_nothing_of_them(shown: Shown):
    bare = replace(
        shown,
        record=None,
        case={**shown.case, "sources": {}},
        card=replace(shown.card, deals={}, columns={}),
    )
    assert negotiation.panel(bare) is None
    assert record.panel(bare) is None
    assert hindcast.panel(bare) is None
    assert escalation.panel(bare) is None
