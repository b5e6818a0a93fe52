"""The map: who held what over the record, and who holds it in the worlds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from ripeness.views import rundata
from ripeness.views.ground_ahead import PROBABILITIES
from ripeness.views.map_data import (
    EIGHTY,
    STEPS,
    MovingGround,
    SectorGround,
    payload,
    read_moving_ground,
)
from ripeness.views.map_picture import Picture, draw_map
from ripeness.views.panels.panel import Panel
from ripeness.views.shown import Shown
from ripeness.views.words import SPACE, listed, long_date, quantity, signed

Row = tuple[str, ...]


def panel(shown: Shown) -> Panel | None:
    """Give the map; None if the record has no cells, or none of the first side's soil."""
    if shown.record is None or not rundata.has_map(shown.record):
        return None
    card = shown.card
    first, second = card.sides.values()
    control = rundata.read_control(shown.record, card.decision_date)
    if not any(cell.country == first for cell in control):
        return None
    ground = read_moving_ground(shown, shown.record, control)
    regions = {sector.name: shown.case["sectors"][sector.id]["map"] for sector in ground.sectors}
    picture = draw_map(shown.record, first, regions, control, ground.changing())
    plans = {plan: _plan_name(shown, plan) for plan in card.plans}
    data = payload(ground, plans) | {
        "sides": [first, second],
        "views": list(picture.views.values()),
    }
    heads, rows = _table(ground, plans, card.weeks)
    return Panel(
        id="map",
        title="Who holds what, and how it may move",
        lead=_lead(shown, ground),
        content={
            "picture": picture,
            "cells": _cells(ground, picture),
            "views": list(picture.views),
            "plans": plans if ground.has_worlds else {},
            "plan": _really_followed(shown),
            "first": first,
            "second": second,
            "data": data,
            "sentence": _picture_sentence(shown, ground),
            "told": (
                f"On {long_date(card.decision_date)} {second} held about "
                f"{_thousands(data['held'][-data['first']])} km² of {first}."
            ),
            "placed": _placed(ground, first),
            "steps": STEPS,
            "ends": [f"{day:%B %Y}" for day in _ends(ground, data["last"])],
            "heads": heads,
            "rows": rows,
        },
        data={"map": data},
    )


def _ends(ground: MovingGround, last: int) -> tuple[date, date]:
    """The first day of the record, and that of a week after the decision."""
    return ground.record.known[0], ground.decision + timedelta(weeks=last)


def _plan_name(shown: Shown, plan: str) -> str:
    return shown.case["plans"].get(plan, {}).get("name", plan)


def _really_followed(shown: Shown) -> str:
    """The plan that comes nearest to what was done, if the case says and it was run."""
    plan = (shown.case.get("followed") or {}).get("plan")
    return plan if plan in shown.card.plans else shown.card.plans[0]


def _cells(ground: MovingGround, picture: Picture) -> dict[str, list[tuple[str, int]]]:
    """The paths of the cells of both soils, each with its share on the day of the decision."""
    now = -ground.record.weeks[0]
    found: dict[str, list[tuple[str, int]]] = {"home": [], "abroad": []}
    for kind, paths in (("home", picture.home), ("abroad", picture.abroad)):
        for mover in ground.movers:
            if mover.cell.h3 in paths:
                found[kind].append((paths[mover.cell.h3], mover.recorded[now]))
    return found


def _lead(shown: Shown, ground: MovingGround) -> str:
    """Say what the record found, on either side's soil."""
    first, second = shown.card.sides.values()
    held = ground.record.held_km2()
    now, last = held[-ground.record.weeks[0]], held[-1]
    told = (
        f"{second} held about {_thousands(now)}{SPACE}km² of {first} on "
        f"{long_date(shown.card.decision_date)}, and about {_thousands(last)} on "
        f"{long_date(ground.record.known[-1].isoformat())}"
    )
    gained = [
        f"up to about {quantity(round(max(sector.recorded), -1))}{SPACE}km² in {sector.name}"
        for sector in ground.sectors
        if sector.recorded and max(sector.recorded) > 0 and _is_abroad(sector, first)
    ]
    return f"{told}; meanwhile {first} held {listed(gained)}." if gained else f"{told}."


def _is_abroad(sector: SectorGround, first: str) -> bool:
    return any(cell.country != first for cell in sector.front.cells.values())


def _picture_sentence(shown: Shown, ground: MovingGround) -> str:
    """What the picture shows before anybody moves it, for who does not see it."""
    first, second = shown.card.sides.values()
    now = -ground.record.weeks[0]
    front = {mover.cell.oblast for mover in ground.movers if 0 < mover.recorded[now] < STEPS}
    return (
        f"Map of {first} on {long_date(shown.card.decision_date)}: {second} holds about "
        f"{_thousands(ground.record.held_km2()[now])} km² of it; the front, where both hold a "
        f"part of a cell, runs through {listed(sorted(front))}."
    )


def _placed(ground: MovingGround, first: str) -> list[str]:
    """The sectors of which the record knows areas, which the map has to place."""
    return [
        sector.name for sector in ground.sectors if sector.recorded and _is_abroad(sector, first)
    ]


def _table(
    ground: MovingGround, plans: Mapping[str, str], weeks: int
) -> tuple[Row, tuple[Row, ...]]:
    """By sector, the change of what the first side holds: in the record, and under each plan."""
    last = long_date(ground.record.known[-1].isoformat())
    end = long_date((ground.decision + timedelta(weeks=weeks)).isoformat())
    heads = ("Sector", f"Record, by {last}")
    if ground.has_worlds:
        heads += tuple(f"{name}, by {end}" for name in plans.values())
    rows = []
    for sector in ground.sectors:
        recorded = "not known" if sector.recorded is None else _change([sector.recorded[-1]])
        worlds = [_eighty(sector, plan) for plan in plans if ground.has_worlds]
        rows.append((sector.name, recorded, *worlds))
    return heads, tuple(rows)


def _eighty(sector: SectorGround, plan: str) -> str:
    if not sector.worlds:
        return "not known"
    at = [list(PROBABILITIES).index(name) for name in EIGHTY]
    low, middle, high = sector.worlds[plan][-1][at].tolist()
    return _change([middle, low, high])


def _change(values: list[float]) -> str:
    """Write a change, and the range about it if there is one, to tens of km², or to hundreds."""
    rounded = [round(value, -2 if abs(value) >= 1000 else -1) + 0.0 for value in values]
    middle, *ends = [signed(quantity(value)) for value in rounded]
    return f"{middle} ({ends[0]} to {ends[1]})" if ends else middle


def _thousands(km2: float) -> str:
    return quantity(round(km2, -2))
