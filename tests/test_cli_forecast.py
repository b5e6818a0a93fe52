"""Hindcasts and forecasts as a user has them: on a small case with a record of half a year."""

# pandas 3 types what a frame yields as unions that hardly any comparison passes.
# pyright: reportGeneralTypeIssues=false, reportAttributeAccessIssue=false

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from observing import FIRST, observe
from running import Command, MadeOnce, few_training_wars

from ripeness import cli
from ripeness.record.hindcast.baselines import BASELINES
from ripeness.record.hindcast.skill import FORECASTERS, WORLDS

ORIGIN, WEEKS = date(2030, 6, 30), 13
HELD = tuple(3000 - 5 * week - (week % 3) for week in range(24))


@pytest.fixture(scope="module")
def made(small_case: Path, made_once: MadeOnce) -> Path:
    """A hindcast, and forecasts from the same day with and without what came later.

    All in one process, so that the case is compiled once.
    """

    def fill(folder: Path) -> None:
        whole, cut = (
            observe(small_case, folder / name / "minimal", held)
            for name, held in (("whole", HELD), ("cut", HELD[:9]))
        )

        def say(name: str, command: Callable[..., None], case: Path, **options: object) -> None:
            with (
                (folder / name).open("w", encoding="utf-8") as out,
                redirect_stdout(out),
                few_training_wars(),
            ):
                command(str(case), worlds=300, **options)

        say("hindcast.json", cli.hindcast, whole, as_json=True, out=folder / "hindcast.html")
        say("beside", cli.hindcast, whole, out=whole / "hindcast.json")
        day = ORIGIN.isoformat()
        say("whole.json", cli.forecast, whole, as_of=day, as_json=True, out=folder / "page.html")
        say("cut.json", cli.forecast, cut, as_of=day, as_json=True, out=folder / "rows.csv")
        say("printed", cli.forecast, whole, as_of=day, weeks=4)

    return made_once("forecast", fill)


def data(made: Path, name: str) -> dict[str, Any]:
    return json.loads((made / f"{name}.json").read_text(encoding="utf-8"))


def test_a_hindcast_scores_what_came(made: Path):
    found = data(made, "hindcast")
    assert (found["schema_version"], found["case"], found["weeks"]) == (1, "minimal", WEEKS)
    assert found["origins"] == [ORIGIN.isoformat()]
    assert found["worlds"] == 300
    assert found["page"] == str(made / "hindcast.html")
    scores = pd.DataFrame(found["scores"])
    assert sorted(scores["forecaster"].unique()) == sorted(FORECASTERS)
    for one in found["series"]:
        rows = scores.loc[scores["series"] == one["id"]]
        means = rows.groupby("forecaster")["crps"].mean()
        assert one["crps"] == pytest.approx(means.to_dict())
        assert one["winner"] == means.idxmin()
        best = means.drop(WORLDS).idxmin()
        assert one["best_baseline"] == best
        assert one["skill"][best]["skill"] == pytest.approx(1 - means[WORLDS] / means[best])
        ours = rows.loc[rows["forecaster"] == WORLDS]
        inside = ours["value"].between(ours["low_90"], ours["high_90"])
        assert one["coverage"][WORLDS]["90%"]["inside"] == inside.sum()


def test_nothing_that_became_known_later_changes_a_forecast(made: Path):
    whole, cut = data(made, "whole"), data(made, "cut")
    assert whole["forecasts"] == cut["forecasts"]
    assert whole["known"] == cut["known"]


def test_a_forecast_is_what_the_hindcast_scored(made: Path):
    scored = pd.DataFrame(data(made, "hindcast")["scores"])
    ahead = pd.DataFrame(data(made, "whole")["forecasts"])
    assert ahead["week"].unique().tolist() == list(range(1, WEEKS + 1))
    # figures are of Sundays, as the day that is forecast from is
    both = scored.merge(ahead, on=["date", "forecaster"])
    assert len(both) == WEEKS * len(FORECASTERS)
    for name in ("median", "low_90", "high_90"):
        np.testing.assert_allclose(both[f"{name}_x"], both[f"{name}_y"], rtol=1e-9, err_msg=name)


def test_forecasts_are_told_as_the_table_has_figures_too(made: Path):
    found = data(made, "whole")
    (series,) = found["series"]
    assert (series["table"], series["value"]) == ("front", "km2")
    rows = pd.DataFrame(found["forecasts"])
    np.testing.assert_allclose(rows["record_median"], 3000 + rows["median"])
    known = pd.DataFrame(found["known"])
    assert known["date"].tolist() == [
        (FIRST + timedelta(weeks=week)).isoformat() for week in range(1, 9)
    ]
    assert known["value"].tolist() == [held - 3000 for held in HELD[1:9]]


def test_bands_begin_at_the_record_and_widen(made: Path):
    ours = pd.DataFrame(data(made, "whole")["forecasts"]).query("forecaster == @WORLDS")
    first, last = ours.iloc[0], ours.iloc[-1]
    assert first["low_90"] < HELD[8] - 3000 < first["high_90"]
    assert last["high_90"] - last["low_90"] > first["high_90"] - first["low_90"]
    assert 0 <= data(made, "whole")["ended"] <= 1


def test_a_table_for_who_scores_forecasts_elsewhere(made: Path):
    rows = pd.read_csv(made / "rows.csv")
    assert len(rows) == WEEKS * len(FORECASTERS)
    said = pd.DataFrame(data(made, "cut")["forecasts"])
    np.testing.assert_allclose(rows["median"], said["median"], rtol=1e-5)


def test_a_forecast_is_printed_within_100_columns(made: Path):
    text = (made / "printed").read_text(encoding="utf-8")
    assert max(map(len, text.splitlines())) <= 100
    words = " ".join(text.split())
    assert "Forecasts 4 weeks ahead of what was known on 30 June 2030, by 300 worlds" in words
    assert "Ground in the plain: On 28 July 2030: " in words
    assert "on 30 June 2030, the last figure known" in words


def test_a_page_says_how_good_such_forecasts_were_if_that_is_known(made: Path):
    page = (made / "page.html").read_text(encoding="utf-8")
    assert "What will figures be that nobody knew on 30 June 2030?" in page
    assert "How good such forecasts were: " in page
    assert "In forecasts from past quarters: " in page
    for baseline in BASELINES:
        assert f">{baseline}</th>" in page


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2030-05-06", "as of 2030-05-06: the decision is of 2030-05-06; name a later day"),
        ("soon", "'soon' is no day"),
        ("2030-06-30 --weeks 19", "19 weeks after 2030-06-30: worlds run to 2030-11-04; name 1 to"),
        ("2030-06-30 --weeks 0", "0 weeks after 2030-06-30"),
        ("2031-01-01", "13 weeks after 2031-01-01: worlds run to 2030-11-04; name an earlier day"),
        ("2030-06-30 --worlds 9", "worlds must be from 200 to 1,000,000, not 9"),
        ("2030-06-30 --out nowhere/page.html", "there is no folder 'nowhere'"),
        ("2030-05-07", "no figure of what is observed was known yet; name a later day"),
    ],
)
def test_what_cannot_be_forecast_is_said_in_a_line(
    command: Command, made: Path, words: str, expected: str
):
    done = command("forecast", made / "whole" / "minimal", "--as-of", *words.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert expected in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
