"""The generic case: simulated wars last as long as the wars of the Correlates of War did."""

# pandas 3 types what a frame yields as unions that hardly any comparison passes.
# pyright: reportGeneralTypeIssues=false, reportAttributeAccessIssue=false
# pyright: reportOptionalOperand=false

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from running import Command, MadeOnce

import ripeness
from ripeness import Run

CASE = "two-sided-war"
WORLDS = 2048
WITHIN = 2.0
QUANTILES = (0.1, 0.5, 0.9)
KNOWN_MONTHS = (0.6, 4.9, 39.6)
DAYS_A_MONTH = 365.25 / 12


@pytest.fixture(scope="module")
def real_days() -> np.ndarray:
    return ripeness.load(CASE).record("wars")["days"].to_numpy(float)


@pytest.fixture(scope="module")
def run(made_once: MadeOnce) -> Run:
    def fill(folder: Path) -> None:
        ripeness.load(CASE).run(worlds=WORLDS, plans=["fight"], out=folder / "run")

    return ripeness.open_run(made_once("two-sided-war", fill) / "run")


@pytest.fixture(scope="module")
def days(run: Run) -> np.ndarray:
    """Durations; a war still going at the horizon counts as ending just after it."""
    return 7.0 * run.table("end_week")["end_week"].to_numpy(float)


def off_by(simulated: np.ndarray, real: np.ndarray) -> np.ndarray:
    """Simulated over real quantiles: bounds (2.5 and 97.5 %) of their Monte Carlo error."""
    draws = np.random.default_rng(0).choice(simulated, (400, len(simulated)))
    again = np.quantile(draws, QUANTILES, axis=1)
    return np.quantile(again, [0.025, 0.975], axis=1) / np.quantile(real, QUANTILES)


def agree(simulated: np.ndarray, real: np.ndarray) -> bool:
    ratio = off_by(simulated, real)
    return bool((ratio > 1 / WITHIN).all() and (ratio < WITHIN).all())


def monthly_hazard(days: np.ndarray, first: float, last: float) -> float:
    """Mean chance a month of ending between two ages, in months."""
    alive = [(days > age * DAYS_A_MONTH).mean() for age in (first, last)]
    return float(np.log(alive[0] / alive[1]) / (last - first))


def test_the_record_has_the_known_durations(real_days: np.ndarray):
    assert len(real_days) == 95
    months = np.quantile(real_days, QUANTILES) / DAYS_A_MONTH
    assert months == pytest.approx(KNOWN_MONTHS, abs=0.05)


def test_the_record_has_the_known_winners():
    wars = ripeness.load(CASE).record("wars")
    decisive = wars[wars["outcome"] == "decisive"]
    assert len(decisive) == 77
    assert (decisive["initiator"] == decisive["winner"]).sum() == 51
    assert wars["winner"].notna().sum() == len(decisive)
    assert (wars["days"] <= wars["span_days"]).all()


def test_durations_are_those_of_real_wars(days: np.ndarray, real_days: np.ndarray):
    assert agree(days, real_days), off_by(days, real_days)


@pytest.mark.parametrize(
    "other",
    [
        lambda real: 2.5 * real,
        lambda real: real / 2.5,
        # the right median, but wars that age does not make harder to end
        lambda real: np.random.default_rng(1).exponential(np.median(real) / np.log(2), size=WORLDS),
    ],
    ids=["too long", "too short", "exponential"],
)
def test_other_durations_would_be_found_out(
    other: Callable[[np.ndarray], np.ndarray], real_days: np.ndarray
):
    assert agree(real_days.repeat(20), real_days)
    assert not agree(other(real_days.repeat(20)), real_days)


def test_old_wars_are_harder_to_end(days: np.ndarray, real_days: np.ndarray):
    for wars in (days, real_days):
        assert monthly_hazard(wars, 0, 3) > 1.5 * monthly_hazard(wars, 12, 24)


def test_wars_end_in_more_than_one_way(run: Run):
    ends = run.table("end_kind", "deal")
    share = ends["end_kind"].value_counts(normalize=True)
    assert share["deal"] > 0.2
    assert share["dictated"] > 0.2
    assert share.get("still going", 0.0) < 0.05
    agreed = ends[ends["end_kind"] == "deal"]["deal"].value_counts(normalize=True)
    assert len(agreed) >= 4
    assert (agreed < 0.8).all()


def test_either_side_can_win(run: Run):
    ends = run.table("end_kind", "deal")
    imposed = ends[ends["end_kind"] == "dictated"]["deal"].value_counts(normalize=True)
    assert set(imposed.index) == {"attacker_dictates", "defender_dictates"}
    assert (imposed > 0.2).all()


def test_nothing_is_wrong_with_the_case(command: Command):
    done = command("check", CASE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{CASE}: nothing wrong" in done.stdout
