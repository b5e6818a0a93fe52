"""The prior check: what it must say where we know the answer, and from end to end."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from running import Command, MadeOnce
from scipy import stats

from ripeness.case.observed import Observed
from ripeness.record.observations import Observations
from ripeness.record.priorcheck import (
    INSIDE,
    OUTSIDE,
    VERY_WIDE,
    WIDE,
    SeriesCheck,
    check_durations,
    check_series,
)

DECIDED = date(2030, 5, 6)
WORLDS, WEEKS = 2000, 40


def observed(values: np.ndarray, error: float, bias: float = 0.0, name: str = "ground"):
    declared = Observed.model_validate(
        {
            "name": "Ground",
            "series": "ground_plain",
            "unit": "km²",
            "table": "front",
            "date": "date",
            "value": "km2",
            "how": "change",
            "error": error / np.sqrt(2),
            "bias": bias,
            "because": "invented",
            "sources": ("invention",),
            "confidence": "judgement",
        }
    )
    weeks = np.arange(1.0, len(values) + 1)
    dates = tuple(DECIDED + timedelta(weeks=int(week)) for week in weeks)
    return Observations(name, declared, dates, weeks, values, np.full(len(values), error))


@pytest.fixture(scope="module")
def walks() -> np.ndarray:
    """Worlds that walk at random by a km² a week, from 100 km²."""
    steps = np.random.default_rng(1).standard_normal((WORLDS, WEEKS))
    return 100.0 + np.pad(np.cumsum(steps, axis=1), ((0, 0), (1, 0)))


def check(paths: np.ndarray, seen: Observations, seed: int = 1) -> SeriesCheck:
    return check_series(seen, "held in the plain", paths, seed)


def test_a_record_like_the_worlds_lies_in_each_band_as_often_as_the_band_says(walks: np.ndarray):
    """Worlds' own paths, measured with error, as records: ranks are uniform in every week."""
    luck = np.random.default_rng(2)
    checks = []
    for world in range(200):
        truth = walks[world, 1:] - 100.0
        record = truth * (1 + 0.2 * luck.standard_normal()) + luck.standard_normal(WEEKS)
        checks.append(check(walks, observed(record, error=1.0, bias=0.2), seed=world))
    for week in (0, 9, 39):
        ranks = [one.ranks[week] for one in checks]
        assert stats.kstest(ranks, "uniform").pvalue > 0.01
    for share in (0.5, 0.9):
        inside = np.mean([one.inside(share)[[0, 13, 26, 39]] for one in checks])
        assert inside == pytest.approx(share, abs=0.04)


def test_a_record_outside_is_said_to_be(walks: np.ndarray):
    far = check(walks, observed(np.linspace(10, 60, WEEKS), error=1.0))
    assert far.verdict == OUTSIDE
    assert not far.inside(0.9).any()
    assert far.ranks.min() > 0.99


def test_a_band_is_as_wide_as_its_error_where_worlds_agree():
    same = np.full((WORLDS, WEEKS + 1), 100.0)
    found = check(same, observed(np.zeros(WEEKS), error=5.0))
    assert found.width == pytest.approx(3.29 * 5, rel=0.05)
    assert found.verdict == INSIDE
    assert found.relative_width == pytest.approx(1, rel=0.05)


def test_a_band_that_dwarfs_the_record_is_called_very_wide(walks: np.ndarray):
    still = observed(np.zeros(WEEKS), error=0.01)
    found = check(100 * walks, still)
    assert found.verdict == f"{INSIDE}, {WIDE}"
    assert found.relative_width > VERY_WIDE
    # where the record moved as much as the worlds do, the same band is not
    moved = check(100 * walks, observed(np.linspace(0, 600, WEEKS), error=0.01))
    assert moved.verdict == INSIDE


def test_the_same_seed_gives_the_same_numbers(walks: np.ndarray):
    seen = observed(np.zeros(WEEKS), error=1.0)
    first, again, other = (check(walks, seen, seed) for seed in (1, 1, 2))
    assert first.record() == again.record()
    assert first.record() != other.record()


def test_fans_show_the_worlds_without_their_error(walks: np.ndarray):
    fan = check(walks, observed(np.zeros(WEEKS), error=50.0)).fan
    assert fan["week"].tolist() == list(range(WEEKS + 1))
    assert fan.iloc[0].tolist() == [0] * 6
    assert fan["q95"].iloc[-1] == pytest.approx(1.645 * WEEKS**0.5, rel=0.05)


def test_lengths_of_wars_are_compared_as_far_as_worlds_run():
    lasted = np.array([10.0] * 20 + [30.0] * 40 + [np.inf] * 40)
    recorded = np.array([15.0] * 20 + [90.0] * 40 + [200.0] * 40)
    found = check_durations(lasted, recorded, horizon=104, within=2)
    assert found.simulated == (10, 30, np.inf)
    assert found.recorded == (15, 90, 200)
    assert found.verdicts == ("within", "apart", "beyond the horizon")
    # wars that should have ended long before the horizon, and did not
    assert check_durations(lasted, recorded / 10, 104, 2).verdicts[2] == "apart"
    assert json.loads(json.dumps(found.record()))["quantiles"][2]["simulated_weeks"] is None


FOLLOWED = """
followed:
  plan: push
  until: 2030-08-01
  because: Arden went into the valley
  sources: [invention]

observed:
  valley:
    name: Ground in the valley
    series: ground_valley
    unit: km²
    table: front
    date: date
    value: km2
    how: level
    error: 10
    because: invented
    sources: [invention]
    confidence: judgement

durations:
  table: wars
  column: days
  unit: days
  within: 2
  because: invented
  sources: [invention]
  confidence: judgement
"""


@pytest.fixture(scope="module")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """The invented case with what was observed of it, after an edit; its folder."""

    def make(old: str = "", new: str = "") -> Path:
        folder = tmp_path_factory.mktemp("cases") / "minimal"
        (folder / "record").mkdir(parents=True)
        minimal = Path(__file__).parents[1] / "case" / "minimal.yaml"
        assert old in FOLLOWED
        text = minimal.read_text(encoding="utf-8") + FOLLOWED.replace(old, new)
        (folder / "case.yaml").write_text(text, encoding="utf-8")
        front = "date,km2\n2030-05-20,300\n2030-07-01,9000\n2030-09-01,1\n"
        (folder / "record" / "front.csv").write_text(front, encoding="utf-8")
        (folder / "record" / "wars.csv").write_text("days\n20\n40\n60\n", encoding="utf-8")
        return folder

    return make


@pytest.fixture(scope="module")
def checked(
    made_once: MadeOnce, pushed: Callable[..., Path], command: Command
) -> tuple[dict[str, Any], Path]:
    """What the command prints as data about the invented case, and the folder of its page."""

    def fill(folder: Path) -> None:
        words = ("prior-check", pushed(), "--worlds", "300", "--json")
        done = command(*words, "--out", folder / "page.html")
        assert (done.returncode, done.stderr) == (0, "")
        (folder / "printed.json").write_text(done.stdout, encoding="utf-8")

    folder = made_once("prior-check", fill)
    return json.loads((folder / "printed.json").read_text(encoding="utf-8")), folder


def test_the_command_as_data(checked: tuple[dict[str, Any], Path]):
    printed, folder = checked
    assert (printed["schema_version"], printed["plan"]) == (1, "push")
    assert 0 < printed["worlds_kept"] <= printed["worlds"] == 300
    (valley,) = printed["series"]
    assert [row["date"] for row in valley["record"]] == ["2030-05-20", "2030-07-01"]
    assert valley["record"][1]["rank"] == 1  # 9,000 km² in a valley of 800
    assert valley["verdict"] == OUTSIDE
    assert valley["inside_90"] == 0.5
    assert printed["durations"]["wars"] == 3
    assert printed["page"] == str(folder / "page.html")


def test_only_worlds_in_which_the_plan_was_followed_count(kursk: Any):
    """The Kursk plan needs leave; what it sends is in every world that counts, and only there."""
    from ripeness.record.followed import _took_place

    moved = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])  # worlds by sides
    assert _took_place(kursk, "none", moved).all()
    assert _took_place(kursk, "hold", moved).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("ground_valley", "ground_valey", "no series 'ground_valey'; did you mean 'ground_valley'"),
        ("unit: km²", "unit: km2", "the unit of 'ground_valley' is not 'km2'; write 'unit: km²'"),
    ],
)
def test_series_that_worlds_do_not_have_are_said(
    pushed: Callable[..., Path], old: str, new: str, message: str
):
    import ripeness
    from ripeness.errors import UsageError

    with pytest.raises(UsageError, match=f"^observed.valley: .*{message}"):
        ripeness.load(pushed(old, new)).prior_check(300)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--worlds 100", "worlds must be from 200 to 1,000,000, not 100"),
        ("--seed -1", "seed must be from 0 to 2147483647, not -1"),
        ("--out nowhere/page.html", "there is no folder 'nowhere'; make it, or name another"),
    ],
)
def test_wrong_words(command: Command, tmp_path: Path, words: str, expected: str):
    done = command("prior-check", "kursk-2024", *words.split(" "), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{expected}\n"


def test_a_case_that_observed_nothing_is_told_what_to_add(command: Command, small_case: Path):
    done = command("prior-check", small_case)
    assert (done.returncode, done.stdout) == (2, "")
    assert "does not say what was observed; add 'followed'" in done.stderr
    assert done.stderr.count("\n") == 1
