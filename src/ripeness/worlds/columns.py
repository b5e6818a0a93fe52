"""The columns of the table: what a block of worlds leaves behind, one row a world and plan.

In: records and endings as arrays. Out: named columns with their unit and meaning. Claims speak of
these names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ripeness.case.distributions import Choice
from ripeness.case.quantities import Quantity
from ripeness.case.schema import CaseFile
from ripeness.settlement.books import Record, Totals
from ripeness.settlement.course import DEAL, DICTATED, GOING_ON, WIDER_WAR, Ending
from ripeness.war.arrays import WEEKS_A_YEAR, Array
from ripeness.war.parameters import Parameters
from ripeness.worlds.sampling import Sample, quantity_of
from ripeness.worlds.translate import whole_deals

HELD_AREA = 50.0
"""km² of ground gained from which on a gain counts as held: less is the noise of maps."""

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
    """Give what is followed week by week: arrays of worlds by weeks (0 to the horizon)."""
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
            f"what {who} would get from talks now: the Nash deal, else going on",
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
            f"support_{side}", "share", f"for going on, in {who}", record.seen.support[..., i]
        )
        yield Column(f"anger_{side}", "log", f"of {who} at an invasion", record.seen.anger[..., i])
        yield Column(
            f"casualties_{side}",
            "thousand",
            f"of {who} since the decision date",
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
            record.aid[..., m],
        )
    yield Column("range_width", POINTS, "width of the bargaining range", record.width)
    yield Column("rung", "0-4", "of the escalation ladder", record.rung)
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


def at_milestones(case: CaseFile, followed: list[Column]) -> Iterator[Column]:
    """Give the series at the case's milestones, as columns ``<series>_w<week>``."""
    for column in followed:
        for week in case.milestones:
            yield Column(
                f"{column.name}_w{week}",
                column.unit,
                f"{column.meaning}, after {week} weeks",
                column.values[:, week],
            )


def outcomes(
    case: CaseFile, parameters: Parameters, record: Record, totals: Totals, ending: Ending
) -> Iterator[Column]:
    """Give the outcomes of whole wars: one value a world."""
    yield from _endings(case, ending)
    yield from _ground_taken(case, record)
    yield from _counts(case, record, totals)
    yield from _payoffs(case, parameters, record, totals, ending)


def _endings(case: CaseFile, ending: Ending) -> Iterator[Column]:
    ended = ending.kind != GOING_ON
    kinds = np.array([END_KINDS[kind] for kind in range(len(END_KINDS))])
    names = np.array([*whole_deals(case), "none"])
    never = case.weeks + 1
    yield Column("ended", YES, "the war ended before the horizon", ended.astype(np.float32))
    yield Column(
        "end_week", "weeks", f"when it ended; {never} if not", np.where(ended, ending.week, never)
    )
    yield Column("end_kind", "word", "how it ended", kinds[ending.kind])
    yield Column("deal", "word", "the deal struck or dictated, or none", names[ending.deal])
    yield Column("deal_kept_weeks", "weeks", "that the deal lasted", ending.kept_weeks)


def _ground_taken(case: CaseFile, record: Record) -> Iterator[Column]:
    gained = record.ground - record.ground[:, :1]
    for sign, (side, entry) in zip((1.0, -1.0), case.sides.items(), strict=True):
        for k, sector in enumerate(case.sectors):
            gain, where = sign * gained[..., k], case.sectors[sector].name
            tag = f"{side}_{sector}"
            yield Column(
                f"peak_gain_{tag}", "km²", f"most that {entry.name} gained in {where}", gain.max(1)
            )
            yield Column(
                f"peak_week_{tag}",
                "weeks",
                f"until {entry.name} had gained most in {where}",
                gain.argmax(1),
            )
            yield Column(
                f"weeks_held_{tag}",
                "weeks",
                f"in which {entry.name} held over {HELD_AREA:.0f} km² gained in {where}",
                (gain[:, 1:] > HELD_AREA).sum(1),
            )
        weekly = np.diff(sign * gained.sum(2), axis=1)
        yield Column(
            f"best_week_{side}", "km²", f"largest net gain of {entry.name} in a week", weekly.max(1)
        )


def _counts(case: CaseFile, record: Record, totals: Totals) -> Iterator[Column]:
    for i, (side, entry) in enumerate(case.sides.items()):
        who = entry.name
        counted = (
            ("provocations", "provocation points", f"suffered by {who}", totals.provoked),
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
            ("moved", YES, f"a move of {who} took place", totals.moved),
        )
        for name, unit, meaning, values in counted:
            yield Column(f"{name}_{side}", unit, meaning, values[:, i])
    highest = totals.highest_rung
    talks, truce = record.seen.talks_open > 0, record.truce > 0
    never = record.truce.shape[1]
    yield Column("moved", YES, "a move of the plan took place", totals.moved.max(1))
    yield Column("highest_rung", "0-4", "of the escalation ladder", highest)
    yield Column("direct_clash", YES, "direct clash with a supporter", (highest >= 3).astype("f4"))
    yield Column("nuclear_use", YES, "nuclear use", (highest >= 4).astype("f4"))
    yield Column(
        "first_talks_week",
        "weeks",
        f"until talks on the war first opened; {never} if never",
        np.where(talks.any(1), talks.argmax(1), never),
    )
    yield Column("talks_weeks", "weeks", "of talks on the war", totals.talks_weeks)
    yield Column("truce_struck", YES, "a truce on strikes was struck", truce.any(1).astype("f4"))
    yield Column("truce_weeks", "weeks", "of truce on strikes", totals.truce_weeks)


def _payoffs(
    case: CaseFile, p: Parameters, record: Record, totals: Totals, ending: Ending
) -> Iterator[Column]:
    """What the war was worth to everyone, in points: flows, then what is left at its end."""
    over = record.over[:, -1] > 0
    lasted = np.where(over, record.over.argmax(1), case.weeks)
    discount = np.exp(-np.asarray(p.discount) * lasted / WEEKS_A_YEAR)[:, None]
    years_left = np.asarray(p.tail_years)[:, None]
    going_on = record.seen.line[:, -1] - record.seen.cost[:, -1] * WEEKS_A_YEAR * years_left
    left = np.where(over[:, None], ending.left, going_on)
    payoff = totals.flow + discount * left
    for i, (side, entry) in enumerate(case.sides.items()):
        yield Column(f"payoff_{side}", POINTS, f"result for {entry.name}", payoff[:, i])
    clash = (totals.highest_rung >= 3).astype("f4")
    sides = list(case.sides)
    for m, (supporter, entry) in enumerate(case.supporters.items()):
        client = sides.index(entry.backs)
        aid = record.aid[:, 1:, m] * (1.0 - record.over[:, :-1])
        permitted = totals.permitted[:, client] > 0
        result = (
            np.asarray(p.client_worth)[:, m] * payoff[:, client]
            - np.asarray(p.aid_price)[:, m] * aid.sum(1) / WEEKS_A_YEAR
            - np.asarray(p.clash_stake)[:, m] * clash
            + np.asarray(p.permission_benefit)[:, m] * permitted
        )
        yield Column(f"payoff_{supporter}", POINTS, f"result for {entry.name}", result)
