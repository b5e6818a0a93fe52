"""From the words of the Kursk case to the arrays of the model."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from ripeness.case.schema import CaseFile
from ripeness.worlds import translate

UKRAINE, RUSSIA = 0, 1


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2024, 8, 5), translate.NEVER),
        (date(2024, 8, 6), 0),
        (date(2024, 8, 12), 0),
        (date(2024, 8, 13), 1),
        (date(2025, 1, 20), 23),
        (None, translate.NEVER),
    ],
)
def test_weeks_are_counted_from_the_decision_date(kursk: CaseFile, day: date | None, week: int):
    assert translate.week_of(kursk, day) == week


def test_facts(kursk: CaseFile):
    facts, sectors = translate.setting(kursk), list(kursk.sectors)
    assert (facts.own_soil.sum(axis=0) == 1).all(), "every sector is one side's own soil"
    assert facts.own_soil[RUSSIA].tolist() == [float(name == "kursk") for name in sectors]
    assert facts.share[sectors.index("kursk")] == 0
    assert facts.fought[sectors.index("crimea")] == 0
    assert (facts.backs.sum(axis=0) == 1).all()
    supporters = list(kursk.supporters)
    assert facts.election_week[supporters.index("us")] == 23
    assert facts.election_week[supporters.index("europe")] == translate.NEVER
    assert facts.reinforcement_week[supporters.index("north_korea")] == 12


def test_orders_of_a_raid(kursk: CaseFile):
    """In at once, there for four weeks, home in the fifth; nothing else is ordered."""
    orders = translate.orders(kursk, kursk.plans["raid"])
    k = list(kursk.sectors).index("kursk")
    there = orders.commit[:, UKRAINE, k]
    assert np.flatnonzero(there).tolist() == [0, 1, 2, 3]
    assert np.flatnonzero(orders.opens[:, UKRAINE, k]).tolist() == [0]
    assert np.flatnonzero(orders.withdraws[:, UKRAINE, k]).tolist() == [4]
    assert np.flatnonzero(orders.needs_leave[:, UKRAINE]).tolist() == [0, 1, 2, 3]
    for name in ("dig_in", "strike_deep", "publicise", "offer_talks"):
        assert not getattr(orders, name).any(), name
    assert orders.commit.sum() == 4
    assert (orders.aid_factor == 1).all()


def test_orders_of_a_hold_that_outlasts_the_horizon(kursk: CaseFile):
    orders = translate.orders(kursk, kursk.plans["hold-and-strike"])
    k = list(kursk.sectors).index("kursk")
    assert orders.commit[:, UKRAINE, k].all()
    assert orders.dig_in[:, UKRAINE, k].all()
    assert not orders.withdraws.any()
    assert orders.strike_deep[:, UKRAINE].all()
    assert not orders.strike_deep[:, RUSSIA].any()
    assert np.flatnonzero(orders.publicise[:, UKRAINE]).tolist() == list(range(8))


def test_nothing_is_ordered_where_there_is_no_move(kursk: CaseFile):
    orders = translate.orders(kursk, kursk.plans["none"])
    for name, ordered in vars(orders).items():
        assert (ordered == (1 if name == "aid_factor" else 0)).all(), name


def test_deals(kursk: CaseFile):
    deals, names = translate.deals(kursk), translate.whole_deals(kursk)
    sectors, terms = list(kursk.sectors), list(kursk.terms)
    assert "no_strikes" not in names

    def after(deal: str, line: np.ndarray) -> dict[str, float]:
        d = names.index(deal)
        return dict(zip(sectors, deals.follows[d] * line + deals.fixed[d], strict=True))

    line = np.linspace(0.1, 0.6, len(sectors))
    assert list(after("freeze", line).values()) == pytest.approx(line)
    swap = after("land_for_land", line)
    assert swap.pop("crimea") == pytest.approx(line[sectors.index("crimea")])
    assert swap.pop("kursk") == 0
    assert set(swap.values()) == {1}
    dictated = after("dictated", line)
    kept = dictated.pop("kharkiv_sumy_border")
    assert kept == pytest.approx(line[sectors.index("kharkiv_sumy_border")])
    assert set(dictated.values()) == {0}

    has = {terms[t] for t in np.flatnonzero(deals.terms[names.index("dictated")])}
    assert has == {"neutrality", "force_limits", "sanctions_relief"}
    assert deals.benefits[UKRAINE].tolist() == [float(t == "guarantees") for t in terms]
    assert [names[d] for d in deals.dictated_by] == ["land_for_land", "dictated"]
