"""The columns of the table: what a block of worlds leaves behind, one row a world and plan.

In: records and endings as arrays. Out: named columns with their unit and meaning. Claims speak of
these names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import jax
import numpy as np

from ripeness.case.distributions import Choice
from ripeness.case.quantities import Quantity
from ripeness.case.schema import CaseFile
from ripeness.settlement.books import HELD_AREA, Record, Totals
from ripeness.settlement.ending import DEAL, DICTATED, GOING_ON, WIDER_WAR
from ripeness.war.arrays import WEEKS_A_YEAR, Array
from ripeness.war.parameters import Parameters
from ripeness.worlds.sampling import Sample, quantity_of
from ripeness.worlds.translate import whole_deals

END_KINDS = {
    GOING_ON: "still going",
    DEAL: "deal",
    DICTATED: "dictated",
    WIDER_WAR: "wider war",
}

POINTS = "points of the stake"
YES = "0 or 1"


@dataclass(frozen=True)
class Column:
    """A column of the table, or one week's series of it."""

    name: str
    unit: str
    meaning: str
    values: Array


def assumption_columns(case: CaseFile, values: Sample) -> Iterator[Column]:
    """Give the assumptions of a block of worlds; words as text."""
    for name, assumption in case.assumptions.items():
        quantity = quantity_of(name)
        column = values[name]
        if isinstance(assumption.distribution, Choice):
            column = np.array(quantity.choices)[column.astype(int)]
        yield Column(column_name(name), quantity.unit, _meaning(case, name, quantity), column)


def _meaning(case: CaseFile, assumption: str, quantity: Quantity) -> str:
    """Say what an assumption is about, and of whom or where: "worth of own soil (Russia)"."""
    entries = {**case.sides, **case.sectors, **case.supporters, **case.terms}
    names = [entries[part].name for part in assumption.split(".")[1:]]
    meaning = quantity.meaning
    if names and "the side" in meaning:
        meaning = meaning.replace("the side", names.pop(0))
    return f"{meaning} ({', '.join(names)})" if names else meaning


def column_name(assumption: str) -> str:
    """Name of the column of an assumption."""
    return assumption.replace(".", "_")


def series(case: CaseFile, record: Record) -> Iterator[Column]:
    """Give what is followed week by week: arrays of worlds by the weeks of the record."""
    sides = list(enumerate(case.sides))
    sectors = list(enumerate(case.sectors))
    first = next(iter(case.sides.values())).name
    for k, sector in sectors:
        name = case.sectors[sector].name
        yield Column(f"ground_{sector}", "km²", f"held by {first} in {name}", record.ground[..., k])
    for i, side in sides:
        who = case.sides[side].name
        yield Column(
            f"leverage_{side}",
            POINTS,
            f"what {who} would get from talks now, or from going on where they fail",
            record.leverage[..., i],
        )
        yield Column(
            f"reservation_{side}",
            POINTS,
            f"what going on is worth to {who}",
            record.reservation[..., i],
        )
        yield Column(
            f"war_expected_cost_{side}",
            POINTS,
            f"what {who} expects the rest of the war to cost it",
            record.expected_cost[..., i],
        )
        yield Column(
            f"support_{side}",
            "share",
            f"support for going on, in {who}",
            record.seen.support[..., i],
        )
        yield Column(
            f"anger_{side}", "log", f"anger of {who} at an invasion", record.seen.anger[..., i]
        )
        yield Column(
            f"casualties_{side}",
            "thousand",
            f"casualties of {who} since the decision date",
            record.casualties[..., i],
        )
        yield Column(
            f"war_cost_{side}",
            POINTS,
            f"lost by {who} to the war since the decision date",
            record.war_cost[..., i],
        )
        yield Column(
            f"believed_chance_{side}",
            "chance",
            f"that a next invasion by {who} meets a response, as its supporters believe",
            record.believed_chance[..., i],
        )
        for k, sector in sectors:
            yield Column(
                f"troops_{side}_{sector}",
                "thousand troops",
                f"of {who} in {case.sectors[sector].name}",
                record.troops[..., i, k],
            )
    for m, (supporter, entry) in enumerate(case.supporters.items()):
        yield Column(
            f"aid_{supporter}",
            "times",
            f"aid of {entry.name} against the decision date",
            record.seen.aid[..., m],
        )
    yield Column("range_width", POINTS, "width of the bargaining range", record.width)
    yield Column("rung", "0-4", "rung of the escalation ladder", record.rung)
    yield Column("talks_open", YES, "talks on the war are open", record.seen.talks_open)
    yield Column("truce", YES, "a truce on strikes holds", record.truce)
    yield Column("ended", YES, "the war has ended", record.over)
    for d, deal in enumerate(whole_deals(case)):
        yield Column(
            f"feasible_{deal}",
            YES,
            f"both prefer to going on: {case.deals[deal].name}",
            record.feasible[..., d],
        )


def at_milestones(
    case: CaseFile, followed: Iterable[Column], at: Sequence[int]
) -> Iterator[Column]:
    """Give the series at the case's milestones, as columns ``<series>_w<week>``.

    Parameters
    ----------
    at
        The weeks that the series have.
    """
    for column in followed:
        for week in case.milestones:
            yield Column(
                f"{column.name}_w{week}",
                column.unit,
                f"{column.meaning}, after {week} weeks",
                column.values[:, at.index(week)],
            )


def outcomes(
    case: CaseFile, parameters: Parameters, record: Record, totals: Totals
) -> Iterator[Column]:
    """Give the outcomes of whole wars: one value a world.

    Parameters
    ----------
    record
        Of which the last week is the horizon.
    """
    last = jax.tree.map(lambda values: values[:, -1], record)
    yield from _endings(case, last)
    yield from _ground_taken(case, totals)
    yield from _counts(case, last, totals)
    yield from _payoffs(case, parameters, last, totals)


def _endings(case: CaseFile, last: Record) -> Iterator[Column]:
    ended = last.kind != GOING_ON
    kinds = np.array([END_KINDS[kind] for kind in range(len(END_KINDS))])
    names = np.array([*whole_deals(case), "none"])
    never = case.weeks + 1
    yield Column("ended", YES, "the war ended before the horizon", ended.astype(np.float32))
    yield Column(
        "end_week", "weeks", f"when it ended; {never} if not", np.where(ended, last.end_week, never)
    )
    yield Column("end_kind", "word", "how it ended", kinds[last.kind])
    yield Column("deal", "word", "the deal struck or dictated, or none", names[last.deal])
    yield Column("deal_kept_weeks", "weeks", "that the deal lasted", last.kept_weeks)


def _ground_taken(case: CaseFile, totals: Totals) -> Iterator[Column]:
    for i, (side, entry) in enumerate(case.sides.items()):
        for k, sector in enumerate(case.sectors):
            where, tag = case.sectors[sector].name, f"{side}_{sector}"
            yield Column(
                f"peak_gain_{tag}",
                "km²",
                f"most that {entry.name} gained in {where}",
                totals.peak_gain[:, i, k],
            )
            yield Column(
                f"peak_week_{tag}",
                "weeks",
                f"until {entry.name} had gained most in {where}",
                totals.peak_week[:, i, k],
            )
            yield Column(
                f"weeks_held_{tag}",
                "weeks",
                f"in which {entry.name} held over {HELD_AREA:.0f} km² gained in {where}",
                totals.weeks_held[:, i, k],
            )
        yield Column(
            f"best_week_{side}",
            "km²",
            f"largest net gain of {entry.name} in a week",
            totals.best_week[:, i],
        )


def _counts(case: CaseFile, last: Record, totals: Totals) -> Iterator[Column]:
    for i, (side, entry) in enumerate(case.sides.items()):
        who = entry.name
        counted = (
            (
                "provocations",
                "provocation points",
                f"provocation suffered by {who}",
                totals.provoked,
            ),
            (
                "responses",
                "responses",
                f"of {who} to provocation, be they strikes or a step up the ladder",
                totals.responses,
            ),
            (
                "harsher_strikes",
                "responses",
                f"of {who} that stayed harsher strikes on the other side",
                totals.harsher,
            ),
            ("strikes", "mass strikes", f"made by {who}", totals.strikes),
            ("permissions", "weeks", f"in which {who} could strike deep", totals.permitted),
            ("moved", YES, f"a move of {who} took place", last.moved),
        )
        for name, unit, meaning, values in counted:
            yield Column(f"{name}_{side}", unit, meaning, values[:, i])
    highest, never = totals.highest_rung, case.weeks + 1
    yield Column("moved", YES, "a move of the plan took place", last.moved.max(1))
    yield Column("highest_rung", "0-4", "highest rung of the escalation ladder", highest)
    yield Column("direct_clash", YES, "direct clash with a supporter", (highest >= 3).astype("f4"))
    yield Column("nuclear_use", YES, "nuclear use", (highest >= 4).astype("f4"))
    yield Column(
        "first_talks_week",
        "weeks",
        f"until talks on the war first opened; {never} if never",
        np.minimum(totals.first_talks, never),
    )
    yield Column("talks_weeks", "weeks", "of talks on the war", totals.talks_weeks)
    truce = (totals.truce_weeks > 0).astype("f4")
    yield Column("truce_struck", YES, "a truce on strikes was struck", truce)
    yield Column("truce_weeks", "weeks", "of truce on strikes", totals.truce_weeks)


def _payoffs(case: CaseFile, p: Parameters, last: Record, totals: Totals) -> Iterator[Column]:
    """What the war was worth to everyone, in points: flows, then what is left at its end."""
    over = last.over[:, None] > 0
    discount = np.exp(-np.asarray(p.discount) * last.end_week / WEEKS_A_YEAR)[:, None]
    years_left = np.asarray(p.tail_years)[:, None]
    going_on = np.where(over, 0.0, last.seen.cost * WEEKS_A_YEAR * years_left)
    payoff = totals.flow + discount * (last.states_left - going_on)
    for i, (side, entry) in enumerate(case.sides.items()):
        yield Column(f"payoff_{side}", POINTS, f"result for {entry.name}", payoff[:, i])
    clash = (totals.highest_rung >= 3).astype("f4")
    sides = list(case.sides)
    for m, (supporter, entry) in enumerate(case.supporters.items()):
        client = sides.index(entry.backs)
        permitted = totals.permitted[:, client] > 0
        result = (
            np.asarray(p.client_worth)[m] * payoff[:, client]
            - np.asarray(p.aid_price)[m] * totals.aid[:, m] / WEEKS_A_YEAR
            - np.asarray(p.clash_stake)[m] * clash
            + np.asarray(p.permission_benefit)[m] * permitted
        )
        yield Column(f"payoff_{supporter}", POINTS, f"result for {entry.name}", result)
