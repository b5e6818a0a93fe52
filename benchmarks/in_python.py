"""The front in plain Python, one world at a time: what EMA Workbench runs fastest.

On arrays of two sides by a few sectors, NumPy spends its time on calls: plain numbers are more
than twice as fast. The equations are those of war/attrition.py, ground.py, battle.py and
forces.py; what does not change from week to week is computed once. Knows neither JAX nor Ripeness.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import copysign, cos, exp, expm1, log, log1p, pi, sqrt
from typing import Any

import numpy as np

Plain = dict[str, Any]
"""Numbers and lists of numbers by name; sides come before sectors."""

THIN, SMALLEST_REFERENCE, NO_GROUND = 0.25, 10.0, 1e-3
RADIANS_A_WEEK = 2.0 * pi / (365.25 / 7.0)


@dataclass
class Fixed:
    """What does not change from week to week; lists over sides, sectors, or both."""

    power: float
    own_power: float
    log_reference: list[float]
    scale: list[list[float]]
    line: list[float]
    committed: list[list[float]]
    defence: list[float]
    tempo: list[float]
    pace: list[float]
    kept: float
    grown: list[list[float]]
    first_losses: list[float]


def as_lists(arrays: dict[str, np.ndarray]) -> Plain:
    """Turn arrays of one world into numbers and lists of numbers."""
    return {name: np.asarray(x, float).tolist() for name, x in arrays.items()}


def course(facts: Plain, p: Plain, start: Plain, luck: list[list[float]]) -> Plain:
    """Run the front of one world for as many weeks as there is luck (weeks by sectors)."""
    fixed = _fixed(facts, p)
    stand = {name: _copy(x) for name, x in start.items()}
    for week, draw in enumerate(luck):
        losses = _fight(facts, p, fixed, stand, week, draw)
        for side in range(2):
            _replace(facts, p, fixed, stand, week, side, losses[side])
    return stand


def _copy(x: list[Any]) -> list[Any]:
    return [list(part) if isinstance(part, list) else part for part in x]


def _fixed(facts: Plain, p: Plain) -> Fixed:
    """Compute what does not change from week to week."""
    troops, rate, law = p["troops"], p["loss_rate"], p["attrition_law"]
    sectors = range(len(facts["area"]))
    reference = [max((troops[0][k] + troops[1][k]) / 2, SMALLEST_REFERENCE) for k in sectors]
    grown = 1.0 - 0.5 ** (1.0 / p["fort_weeks"])
    fixed = Fixed(
        power=min(law, 1.0),
        own_power=min(2.0 - law, 1.0),
        log_reference=[log(n) for n in reference],
        scale=[[rate[i] * n for n in reference] for i in range(2)],
        line=[sum(troops[i]) for i in range(2)],
        committed=[
            [facts["commit"][i][k] * p["commitment"][i][k] for k in sectors] for i in (0, 1)
        ],
        defence=[p["defence_advantage"] + rough for rough in p["terrain"]],
        tempo=[p["tempo"] / max(scale, 1.0) for scale in p["gain_scale"]],
        pace=[p["gain_scale"][k] * facts["fought"][k] for k in sectors],
        kept=0.5 ** (1.0 / p["surprise_halflife"]),
        grown=[[grown * digs for digs in facts["dig_in"][i]] for i in range(2)],
        first_losses=[0.0, 0.0],
    )
    for k in sectors:
        own = log(troops[0][k] + THIN), log(troops[1][k] + THIN)
        tempo = _engaged(troops[0][k], troops[1][k], facts["fought"][k])
        for i in range(2):
            lost = _loss(fixed, k, i, troops[i][k], own[i], own[1 - i], tempo)
            fixed.first_losses[i] += lost
    fixed.first_losses = [max(lost, 1e-3) for lost in fixed.first_losses]
    return fixed


def _engaged(troops: float, other: float, fought: float) -> float:
    return fought * troops * other / ((troops + 1.0) * (other + 1.0))


def _loss(
    fixed: Fixed, k: int, i: int, troops: float, own: float, enemy: float, tempo: float
) -> float:
    """Casualties by the generalised Lanchester law, from logarithms of troops and of power."""
    scale = fixed.log_reference[k]
    law = fixed.power * (enemy - scale) + fixed.own_power * (own - scale)
    return min(fixed.scale[i][k] * tempo * exp(law), 0.5 * troops)


def _softplus(x: float) -> float:
    return x + log1p(exp(-x)) if x > 0.0 else log1p(exp(x))


def _fight(
    facts: Plain, p: Plain, fixed: Fixed, stand: Plain, week: int, draw: list[float]
) -> tuple[list[float], list[float]]:
    """Combat and ground: the losses of both sides; share, surprise and lines are moved on."""
    (troops0, troops1), (fort0, fort1) = stand["troops"], stand["fort"]
    share, surprise = stand["share"], stand["surprise"]
    materiel0, materiel1 = (p["materiel_power"] * log(m) for m in stand["materiel"])
    season = 0.5 * (1.0 + cos(RADIANS_A_WEEK * (week - p["season_low_week"])))
    season = 1.0 - p["season_depth"] * season
    soft, noise, floor = p["ground_softness"], p["ground_noise"], p["ground_noise_floor"]
    strength0, strength1 = p["fort_strength"]
    losses: tuple[list[float], list[float]] = [], []
    for k, area in enumerate(facts["area"]):
        own0, own1 = log(troops0[k] + THIN), log(troops1[k] + THIN)
        power0, power1 = own0 + materiel0, own1 + materiel1
        engaged = _engaged(troops0[k], troops1[k], facts["fought"][k])
        rho, defence = power0 - power1 + surprise[k], fixed.defence[k]
        forward = _softplus((rho - fort1[k] - defence) / soft)
        backward = _softplus((-rho - fort0[k] - defence) / soft)
        push = fixed.pace[k] * season * soft * (forward - backward)
        wanted = push + noise * engaged * sqrt(abs(push) + floor) * draw[k]

        held = share[k] * area
        left = area - held
        room = left if wanted > 0.0 else held
        gain = 0.0
        if room > NO_GROUND:
            gain = copysign(-room * expm1(-abs(wanted) / room), wanted)

        gone0 = min(max(-gain / max(held, 1.0), 0.0), 1.0)
        gone1 = min(max(gain / max(left, 1.0), 0.0), 1.0)
        fort0[k] = (fort0[k] + fixed.grown[0][k] * (strength0 - fort0[k])) * (1.0 - gone0)
        fort1[k] = (fort1[k] + fixed.grown[1][k] * (strength1 - fort1[k])) * (1.0 - gone1)
        surprise[k] *= fixed.kept
        share[k] = min(max(share[k] + gain / area, 0.0), 1.0)
        tempo = engaged * (1.0 + fixed.tempo[k] * abs(gain))
        losses[0].append(_loss(fixed, k, 0, troops0[k], own0, power1, tempo))
        losses[1].append(_loss(fixed, k, 1, troops1[k], own1, power0, tempo))
    return losses


def _replace(
    facts: Plain, p: Plain, fixed: Fixed, stand: Plain, week: int, i: int, losses: list[float]
) -> None:
    """Forces of one side: newcomers, the healed, reinforcements; then troops go where asked for."""
    casualties = sum(losses)
    sign = -1.0 if i else 1.0
    soil = [
        max(sign * (first - now) * area, 0.0) * own
        for first, now, area, own in zip(
            facts["share"], stand["share"], facts["area"], facts["own_soil"][i], strict=True
        )
    ]
    before = stand["invaded"][i]
    now = max(before, facts["invades"][1 - i] if sum(soil) > 0.0 else 0.0)
    returning = stand["hospital"][i] / p["return_weeks"]
    kept = p["return_share"][i] * casualties
    fresh = p["recruits"][i] + returning
    reserve = stand["reserve"][i] + fresh
    for backs, due, size in zip(
        facts["backs"][i], facts["reinforcement_week"], p["reinforcement"], strict=True
    ):
        if backs and week >= due:
            reserve += backs * size * (now - before if week > due else now)
    troops = [there - lost for there, lost in zip(stand["troops"][i], losses, strict=True)]

    there = sum(troops)
    line, area, priority = fixed.line[i], p["home_priority_area"], p["home_priority"][i]
    swollen = 1.0 + max(there + reserve - line - p["reserve"][i], 0.0) / max(line, 1e-6)
    wanted = [
        first * swollen + committed + priority * lost / (lost + area)
        for first, committed, lost in zip(p["troops"][i], fixed.committed[i], soil, strict=True)
    ]
    need = [max(asked - have, 0.0) for asked, have in zip(wanted, troops, strict=True)]
    lacking, limit = sum(need), p["shift_limit"][i]
    moved = min(reserve, lacking, fresh + limit)
    part = moved / max(lacking, 1e-6)
    troops = [have + lack * part for have, lack in zip(troops, need, strict=True)]
    asked = sum(wanted)
    met = (there + moved) / max(asked, 1e-6)
    gap = [
        want * met - have if asked > 1e-6 else 0.0
        for want, have in zip(wanted, troops, strict=True)
    ]
    moving = sum(short for short in gap if short > 0.0)
    pace = min((limit - max(moved - fresh, 0.0)) / max(moving, 1e-6), 1.0)

    materiel = stand["materiel"][i]
    carried = 1.0 - p["wear"][i] * (casualties / fixed.first_losses[i] - 1.0)
    stand["troops"][i] = [have + short * pace for have, short in zip(troops, gap, strict=True)]
    stand["reserve"][i] = reserve - moved
    stand["hospital"][i] += kept - returning
    stand["dead"][i] += casualties - kept
    stand["invaded"][i] = now
    stand["materiel"][i] = max(materiel + p["materiel_speed"][i] * (carried - materiel), 0.05)
