"""The benchmarks compare only what is the same, and their table fits a terminal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import agreement
import claims
import in_numpy
import in_python
import numpy as np
import pytest
import whole
from table import Row, table

from ripeness.case.schema import CaseFile
from ripeness.errors import RipenessError
from ripeness.settlement.continuation import FEATURES, Continuation, basis_size, untrained
from ripeness.settlement.ending import DEAL
from ripeness.worlds.simulate import block_of

SECTORS, SUPPORTERS, WEEKS = 3, 2, 52
WORLD = np.random.default_rng(1)


def numbers(low: float, high: float, *shape: int) -> np.ndarray:
    return WORLD.uniform(low, high, shape)


@pytest.fixture(scope="module")
def world() -> tuple[dict[str, np.ndarray], ...]:
    """An invented world, in which every mechanism of the front has work to do."""
    both = 2, SECTORS
    facts = {
        "area": numbers(1e3, 3e4, SECTORS),
        "share": np.array([0.4, 0.6, 0.0]),
        "own_soil": np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        "fought": np.array([1.0, 1.0, 1.0]),
        "backs": np.array([[1.0, 0.0], [0.0, 1.0]]),
        "reinforcement_week": np.array([-1.0, 12.0]),
        "commit": np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]),
        "dig_in": np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]),
        "invades": np.array([1.0, 0.0]),
    }
    given = {
        "troops": numbers(0, 200, *both),
        "commitment": numbers(5, 20, *both),
        **{name: numbers(20, 60, 2) for name in ("reserve", "home_priority")},
        **{name: numbers(1, 9, 2) for name in ("recruits", "shift_limit")},
        **{name: numbers(0.01, 0.5, 2) for name in ("return_share", "materiel_speed", "wear")},
        "loss_rate": numbers(0.01, 0.03, 2),
        "fort_strength": numbers(0.3, 1, 2),
        "gain_scale": numbers(20, 200, SECTORS),
        "terrain": numbers(0, 0.5, SECTORS),
        "reinforcement": numbers(5, 15, SUPPORTERS),
        **{name: numbers(4, 12) for name in ("return_weeks", "surprise_halflife", "fort_weeks")},
        **{
            name: numbers(0.2, 1) for name in ("attrition_law", "materiel_power", "ground_softness")
        },
        **{name: numbers(0.1, 0.5) for name in ("tempo", "defence_advantage", "season_depth")},
        "ground_noise": numbers(0.5, 2),
        "ground_noise_floor": numbers(1, 5),
        "season_low_week": numbers(20, 40),
        "home_priority_area": numbers(500, 2000),
    }
    start = {
        "share": facts["share"],
        "troops": given["troops"],
        "reserve": given["reserve"],
        **{name: np.zeros(2) for name in ("hospital", "dead", "invaded")},
        "materiel": np.ones(2),
        "surprise": np.array([0.0, 0.0, 1.5]),
        "fort": np.zeros(both),
    }
    return facts, given, start, {"luck": WORLD.standard_normal((WEEKS, SECTORS))}


def in_plain_python(world: tuple[dict[str, np.ndarray], ...]) -> dict[str, np.ndarray]:
    facts, given, start = (in_python.as_lists(part) for part in world[:3])
    stand = in_python.course(facts, given, start, world[3]["luck"].tolist())
    return {name: np.array(x)[..., None] for name, x in stand.items()}


def test_the_peers_of_ema_workbench_agree(world: tuple[dict[str, np.ndarray], ...]):
    """The two models it runs are written apart and give the same, of many worlds and of one."""
    facts, given, start = (
        {name: x[..., None] for name, x in part.items()} if n else part
        for n, part in enumerate(world[:3])
    )
    found = in_numpy.course(facts, given, start, world[3]["luck"][..., None])
    expected = in_plain_python(world)
    agreement.check("NumPy", found, expected)
    assert found["invaded"][0, 0] == 0.0
    assert found["invaded"][1, 0] == 1.0, "its soil was invaded, so the check has seen that too"


def made_up(weeks: int) -> Continuation:
    """Going on is worth a little less than the line, and something of all else that is known."""
    any_number = np.random.default_rng(2).normal
    coefficients = any_number(0.0, 0.3, (weeks + 1, 2, basis_size()))
    coefficients[..., :2] = -15.0, 50.0
    line = np.zeros((2, len(FEATURES)))
    line[:, 0] = 50.0
    return replace(
        untrained(weeks + 1),
        coefficients=coefficients,
        scale=np.maximum(line, 1.0),
        low=np.full((weeks + 1, 2), -50.0),
        high=np.full((weeks + 1, 2), 90.0),
    )


def test_whole_wars_in_plain_python_are_those_of_ripeness(kursk: CaseFile):
    """Every week of war and every offer, written a second time, with the same luck."""
    worlds = 128
    given = kursk, "hold-and-strike", block_of(kursk, 3, 0), made_up(kursk.weeks), worlds
    found, expected = whole.in_plain_python(*given), whole.simulated(*given)
    agreement.check_whole("Python", found, expected)
    assert (expected["kind"] == DEAL).mean() > 0.1, "some wars were settled"
    assert (expected["rung"] > 0).any(), "and some escalated"

    others = {name: np.roll(x, 1, axis=-1) for name, x in found.items()}
    with pytest.raises(RipenessError, match="compute different things"):
        agreement.check_whole("Python", others, expected)


def test_other_luck_is_told_apart(world: tuple[dict[str, np.ndarray], ...]):
    expected = in_plain_python(world)
    other = in_plain_python((*world[:3], {"luck": -world[3]["luck"]}))
    with pytest.raises(RipenessError, match="compute different things"):
        agreement.check("Python", other, expected)


def test_one_world_in_a_thousand_may_tip_over():
    expected = {name: np.zeros((2, 4000)) for name in agreement.TOLERANCES}
    found = {name: x.copy() for name, x in expected.items()}
    found["troops"][0, :4] = 9.0
    agreement.check("C", found, expected)
    found["troops"][1, 4] = 9.0
    with pytest.raises(RipenessError, match=r"'troops' in 0\.1% of worlds, by 9 at most"):
        agreement.check("C", found, expected)


def test_what_is_no_number_does_not_agree():
    expected = {name: np.zeros((2, 10)) for name in agreement.TOLERANCES}
    with pytest.raises(RipenessError):
        agreement.check("C", {name: x * np.nan for name, x in expected.items()}, expected)


def test_the_table_fits_a_terminal():
    rows = [
        Row("EMA Workbench, 1,000 worlds a run", "M/s", (0.123, 0.1, 0.4), 0.0123),
        Row("C, vectorised by hand", "M/s", (0.0047, 0.0041, 0.0048), 13.1, "at most 3", False),
    ]
    lines = table({"Combat, ground and forces only": rows}).splitlines()
    assert max(map(len, lines)) <= 100
    assert "0.12 (0.1-0.4) M/s" in lines[-2]
    assert lines[-1].endswith("13  missed: at most 3")


def test_a_box_is_found_weighed_and_laid_out():
    """Ours is about the one that is hidden, and a peer's trajectory is weighed where it is not."""
    task = claims.TASKS[1]
    x, y = task.draw(3, 4_000)
    columns = [claims.Assumption(f"x{n + 1}", values) for n, values in enumerate(x.T)]
    ours = claims.pasted(columns, y)
    assert ours == {
        0: (None, pytest.approx(0.3, abs=0.03)),
        1: (pytest.approx(0.6, abs=0.03), None),
    }
    trajectory = [{}, {"0": [None, 0.31], "1": [0.61, None]}, {"3": [0.2, 0.7]}]
    theirs = claims.best_of(trajectory, x, y)
    assert theirs == {0: (None, 0.31), 1: (0.61, None)}

    hidden = claims.weighed(
        task.name, "the one that is hidden", claims.HIDDEN, *task.draw(4, 50_000)
    )
    assert hidden.density == pytest.approx(0.9, abs=0.02)
    assert hidden.coverage == pytest.approx(0.551, abs=0.02)
    lines = claims.box_table([hidden]).splitlines()
    assert lines[-1].endswith("x1 < 0.300, x2 > 0.600")
    assert max(map(len, lines)) <= 100


def test_claims_are_decided_over_the_invented_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Every claim of Kursk holds in some of the invented worlds and fails in others."""
    monkeypatch.setattr(claims, "PART", 2_048)
    tested, _, _ = claims.judged([claims.write_part(tmp_path, 0)])
    assert tested >= 20
