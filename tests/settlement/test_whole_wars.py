"""What must be true of whole wars, whatever the figures: of a war between sides that are alike."""

from __future__ import annotations

from collections.abc import Mapping

import even_war
import numpy as np
import pytest
from numpy.typing import ArrayLike

import ripeness
from ripeness.case.schema import CaseFile
from ripeness.settlement.books import Record, Totals
from ripeness.settlement.continuation import untrained
from ripeness.settlement.ending import DEAL, GOING_ON, WIDER_WAR
from ripeness.war.arrays import WEEKS_A_YEAR
from ripeness.worlds import columns
from ripeness.worlds.sampling import Sample
from ripeness.worlds.simulate import BLOCK, block_of, simulate, train
from ripeness.worlds.variants import Variant

SEED = 3
UNPROVOKED = dict.fromkeys(
    ("provocation_invasion", "provocation_strikes", "provocation_attack"), 0.0
)
NO_QUARREL = UNPROVOKED | {
    "accident_rate": 0.0,
    "tail_years": 0.5,
    "signal_sd": 0.02,
    "optimism": 0.0,
    "breach": 0.0,
    "nerve": 1.0,
    "opening_rate_full": 0.02,
    "closing_rate": 3.0,
    "war_cost": 20.0,
    "war_cost_growth": 0.0,
    "own_soil_worth": 1.0,
    "foreign_soil_worth": 1.0,
    "term_blocked": 0.0,
    "leader_veto": 1.0,
    "concession_price": 0.0,
    "weariness": 0.0,
    "support_floor": 0.0,
    "strength_floor": 0.0,
}
"""No optimism, no breach, nothing that forbids a deal. Talks not used are gone for a year or so, so
that going on costs both far more than the error of the fit."""


def with_values(changed: Mapping[str, float]) -> Variant:
    """Give quantities other values than the case does, for whatever they are given."""

    def variant(_case: CaseFile, values: Sample) -> Sample:
        count = len(next(iter(values.values())))
        kept = {name: x for name, x in values.items() if name.split(".")[0] not in changed}
        return kept | {name: np.full(count, x, np.float32) for name, x in changed.items()}

    return variant


@pytest.fixture(scope="module")
def even(tmp_path_factory: pytest.TempPathFactory) -> CaseFile:
    return ripeness.load(even_war.write(tmp_path_factory.mktemp("even"))).file


def ran(case: CaseFile, plan: str, changed: Mapping[str, float]) -> tuple[Record, Totals]:
    variant = with_values(changed)
    continuation = train(case, SEED, ["wait"], variant)
    return simulate(case, plan, block_of(case, SEED, 0, variant), continuation)


@pytest.mark.parametrize("protocol", [0.0, 1.0, 2.0])
def test_with_nothing_to_quarrel_about_the_first_talks_end_the_war(even: CaseFile, protocol: float):
    """Fearon's puzzle (1995): who knows the same and is bound by his word need not fight on."""
    record, totals = ran(even, "wait", NO_QUARREL | {"bargaining_protocol": protocol})
    talked = np.isfinite(totals.first_talks)
    assert talked.sum() > BLOCK / 4
    assert (record.kind[talked, -1] == DEAL).all()
    assert (record.end_week[talked, -1] == totals.first_talks[talked]).all()
    assert (record.kind[~talked, -1] == GOING_ON).all()


def test_optimism_keeps_wars_going(even: CaseFile):
    """Where ground is worth what fighting costs, who overrates himself does not sign at once."""

    def later(optimism: float) -> float:
        sure = {"war_cost": 5.0, "learning": 0.0, "belief_sd": 0.01, "optimism": optimism}
        record, totals = ran(even, "wait", NO_QUARREL | sure)
        talked = np.isfinite(totals.first_talks)
        return float((record.end_week[talked, -1] > totals.first_talks[talked]).mean())

    assert later(optimism=0.0) < 0.01
    assert later(optimism=1.0) > 0.2


def test_what_war_costs_widens_the_range(even: CaseFile):
    cheap, _ = ran(even, "wait", NO_QUARREL | {"war_cost": 8.0})
    dear, _ = ran(even, "wait", NO_QUARREL | {"war_cost": 20.0})
    assert (dear.width[:, 0] > cheap.width[:, 0]).mean() > 0.99


def means(rows: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Mean over worlds, and its standard error."""
    rows = np.asarray(rows, np.float64)
    return rows.mean(axis=0), rows.std(axis=0) / np.sqrt(len(rows))


@pytest.fixture(scope="module")
def both_ways(even: CaseFile) -> tuple[Record, Totals, Record, Totals]:
    continuation = train(even, SEED, list(even.plans))
    block = block_of(even, SEED, 0)
    here = simulate(even, "arden-goes", block, continuation)
    there = simulate(even, "borea-goes", block, continuation)
    return *here, *there


def test_it_does_not_matter_what_the_sides_are_called(
    both_ways: tuple[Record, Totals, Record, Totals],
):
    """Exchanging who begins exchanges what both get, within the error of the mean."""
    one, one_sum, other, other_sum = both_ways
    compared = {
        "casualties": (one.casualties[:, -1], other.casualties[:, -1]),
        "support": (one.seen.support[:, -1], other.seen.support[:, -1]),
        "responses": (one_sum.responses, other_sum.responses),
        "reservation": (one.reservation[:, 13], other.reservation[:, 13]),
        "leverage": (one.leverage[:, 13], other.leverage[:, 13]),
        "flow": (one_sum.flow, other_sum.flow),
    }
    for name, (here, there) in compared.items():
        mean, error = means(np.asarray(here) - np.asarray(there)[:, ::-1])
        assert (np.abs(mean) <= 4 * error).all(), (name, mean, error)
    gained = one.ground[:, -1] - one.ground[:, 0]
    lost = (other.ground[:, -1] - other.ground[:, 0])[:, ::-1]
    mean, error = means(gained + lost)
    assert (np.abs(mean) <= 4 * error).all()
    for kind in range(4):
        share, error = means((one.kind[:, -1] == kind) - 1.0 * (other.kind[:, -1] == kind))
        assert abs(share) <= 4 * error


def test_ground_and_money_balance(both_ways: tuple[Record, Totals, Record, Totals], even: CaseFile):
    """What was held and paid, week by week, is what the totals and the payoffs say."""
    record, totals, *_ = both_ways
    area = np.array([sector.area.value for sector in even.sectors.values()])
    assert (record.ground >= 0).all()
    assert (record.ground <= area).all()
    p = block_of(even, SEED, 0).parameters
    before = record.over[:, :-1, None] == 0
    cost = np.where(before, record.seen.cost[:, 1:], 0.0)
    np.testing.assert_allclose(totals.war_cost, cost.sum(axis=1), rtol=1e-4, atol=1e-4)
    rate = np.asarray(p.discount)[:, None, None] / WEEKS_A_YEAR
    weeks = np.arange(even.weeks)[:, None]
    held = np.where(before, rate * record.seen.line[:, 1:], 0.0)
    flow = (np.exp(-rate * weeks) * (held - cost)).sum(axis=1)
    np.testing.assert_allclose(totals.flow, flow, rtol=1e-3, atol=1e-3)
    last = record.end_week[:, -1]
    tail = WEEKS_A_YEAR * np.asarray(p.tail_years)[:, None] * record.seen.cost[:, -1]
    left = record.states_left[:, -1] - np.where(record.over[:, -1:] > 0, 0.0, tail)
    payoff = flow + np.exp(-rate[:, 0] * last[:, None]) * left
    found = {c.name: c.values for c in columns.outcomes(even, p, record, totals)}
    for i, side in enumerate(even.sides):
        np.testing.assert_allclose(found[f"payoff_{side}"], payoff[:, i], rtol=1e-3, atol=1e-2)


def test_wider_war_comes_as_often_as_was_to_be_expected(even: CaseFile):
    """What it took beyond its chance is zero in the mean, and much of a payoff's luck."""
    heated = {"accident_rate": 0.1, "climb": 0.6, "calm": 0.2, "wider_war_loss": 200.0}
    block = block_of(even, SEED, 0, with_values(heated))
    record, totals = simulate(even, "wait", block, untrained(even.weeks + 1), settles=False)
    came = np.asarray(record.kind[:, -1] == WIDER_WAR)
    assert 0.01 < came.mean() < 0.2
    mean, error = means(totals.misfortune)
    assert (np.abs(mean) <= 4 * error).all()
    luck = np.asarray(totals.misfortune)
    left = np.asarray(totals.felt_flow + record.left[:, -1])
    assert ((left + luck).std(axis=0) < 0.7 * left.std(axis=0)).all()


def test_escalation_calms_down_as_often_as_accidents_raise_it(even: CaseFile):
    """No ratchet: with nothing but accidents the share of worlds on a rung settles."""
    never_ends = {"support_floor": 0.0, "strength_floor": 0.0}
    accidents = {"accident_rate": 0.05, "climb": 0.3, "calm": 0.25}
    block = block_of(even, SEED, 0, with_values(UNPROVOKED | never_ends | accidents))
    untold = untrained(even.weeks + 1)
    record, _ = simulate(even, "wait", block, untold, settles=False)
    raised = record.rung >= 1
    early, late = raised[:, 20:28].mean(axis=1), raised[:, 44:52].mean(axis=1)
    mean, error = means(late - early)
    assert abs(mean) <= 4 * error
    assert 0.02 < late.mean() < 0.5
    assert (raised[:, :-1] & ~raised[:, 1:]).any(axis=1).mean() > 0.3, "worlds do come down again"
