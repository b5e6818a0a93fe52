"""The front in plain Python, one world at a time: a part of whole_in_python.py.

On arrays of two sides by a few sectors, NumPy spends its time on calls: plain numbers are several
times as fast. The equations are those of war/attrition.py, ground.py, battle.py and forces.py. What
does not change from week to week is computed once: each mechanism is a function that is given the
facts and a world's parameters and gives the function that steps it by a week. Knows neither JAX nor
Ripeness.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from math import copysign, cos, exp, expm1, log, log1p, pi, sqrt
from operator import mul
from typing import Any

import numpy as np

Plain = dict[str, Any]
"""Numbers and lists of numbers by name; sides come before sectors."""

PerSector = list[float]
PerSide = list[float]
PerSideSector = list[list[float]]

THIN, SMALLEST_REFERENCE, NO_GROUND = 0.25, 10.0, 1e-3
WEEKS_A_YEAR = 365.25 / 7.0
LARGE = 500.0
"""From here on an exponential might be too large for a number."""


@dataclass(slots=True)
class Stand:
    """How the front stands; names and units as in `ripeness.war.parameters.State`."""

    share: PerSector
    troops: PerSideSector
    reserve: PerSide
    hospital: PerSide
    dead: PerSide
    materiel: PerSide
    surprise: PerSector
    fort: PerSideSector
    invaded: PerSide


@dataclass(slots=True)
class Fought:
    """What the fighting of a week brought: losses and gains by sector, casualties in all.

    ``balance`` and ``engaged`` as in `ripeness.war.battle.Fought`.
    """

    losses: PerSideSector
    casualties: PerSide
    gain: PerSector
    balance: PerSector
    engaged: PerSector


Fight = Callable[[Stand, int, PerSideSector, PerSector], Fought]
Replace = Callable[[Stand, int, Fought, PerSector, float], float]


def as_lists(arrays: dict[str, np.ndarray]) -> Plain:
    """Turn arrays of one world into numbers and lists of numbers."""
    return {name: np.asarray(x, float).tolist() for name, x in arrays.items()}


def course(facts: Plain, p: Plain, start: Plain, luck: list[list[float]]) -> Plain:
    """Run the front of one world, where nobody moves, for as many weeks as there is luck.

    Nobody is timed with this: it holds the front alone against that in NumPy.

    Parameters
    ----------
    facts, p, start
        As `front` gives them, for one world.
    luck
        Weeks by sectors.
    """
    fight, replaces = fighting(facts, p), [replacing(facts, p, side) for side in range(2)]
    usual = usual_losses(facts, p)
    stand = Stand(**{name: _copy(x) for name, x in start.items()})
    digging, invades = facts["dig_in"], facts["invades"]
    committed = [
        list(map(mul, ordered, sizes))
        for ordered, sizes in zip(facts["commit"], p["commitment"], strict=True)
    ]
    for week, draw in enumerate(luck):
        fought = fight(stand, week, digging, draw)
        for i, replace in enumerate(replaces):
            replace(stand, week, fought, committed[i], invades[1 - i])
            intensity = fought.casualties[i] / usual[i]
            wear, speed = p["wear"][i], p["materiel_speed"][i]
            stand.materiel[i] = follow_supply(stand.materiel[i], 1.0, intensity, wear, speed)
    return {field.name: getattr(stand, field.name) for field in fields(stand)}


def _copy(x: list[Any]) -> list[Any]:
    return [list(part) if isinstance(part, list) else part for part in x]


def reference_strengths(p: Plain) -> PerSector:
    """Strength of each sector at which a loss rate means the same under every law, thousands."""
    first, second = p["troops"]
    return [max((a + b) / 2, SMALLEST_REFERENCE) for a, b in zip(first, second, strict=True)]


def loss_scales(p: Plain) -> PerSideSector:
    """Casualties where both powers are 1 and the tempo is 1, by sector.

    ``rate N (P / N)**p (T / N)**q`` is this times ``P**p T**q``.
    """
    powers = sum(loss_powers(p))
    return [[rate * n ** (1.0 - powers) for n in reference_strengths(p)] for rate in p["loss_rate"]]


def loss_powers(p: Plain) -> tuple[float, float]:
    """Exponents of the enemy's power and of one's own troops in the generalised Lanchester law."""
    return min(p["attrition_law"], 1.0), min(2.0 - p["attrition_law"], 1.0)


def engaged_share(troops: float, other: float) -> float:
    """Share of a sector's fighting that takes place."""
    return troops * other / ((troops + 1.0) * (other + 1.0))


def usual_losses(facts: Plain, p: Plain) -> PerSide:
    """Casualties a week of each side with the forces of the decision date, thousands."""
    theirs, ours = loss_powers(p)
    scales, usual = loss_scales(p), [0.0, 0.0]
    for i in range(2):
        for k, fought in enumerate(facts["fought"]):
            own, other = p["troops"][i][k], p["troops"][1 - i][k]
            law = (other + THIN) ** theirs * (own + THIN) ** ours
            usual[i] += min(scales[i][k] * fought * engaged_share(own, other) * law, 0.5 * own)
    return [max(lost, 1e-3) for lost in usual]


def first_balance(facts: Plain, p: Plain) -> float:
    """Log power ratio of the whole front at the decision date, positive for side 0."""
    weighed = weights = 0.0
    for first, second, fought in zip(*p["troops"], facts["fought"], strict=True):
        weight = fought * engaged_share(first, second) * (first + second)
        weighed += weight * log((first + THIN) / (second + THIN))
        weights += weight
    return weighed / max(weights, 1e-6)


def fighting(facts: Plain, p: Plain) -> Fight:
    """Give the function that fights for a week.

    It takes the stand, the week, where each side digs in (1) and the draws of the ground, and moves
    on share, surprise and lines. Where nobody can fight, nothing of this matters.
    """
    scales0, scales1 = loss_scales(p)
    theirs, ours = loss_powers(p)
    sectors = [
        (
            k,
            area,
            p["defence_advantage"] + p["terrain"][k],
            p["gain_scale"][k] * facts["fought"][k] * p["ground_softness"],
            p["tempo"] / max(p["gain_scale"][k], 1.0),
            facts["fought"][k],
            scales0[k],
            scales1[k],
        )
        for k, area in enumerate(facts["area"])
        if facts["fought"][k]
    ]
    none = [0.0] * len(facts["area"])
    materiel_power, sharpness = p["materiel_power"], 1.0 / p["ground_softness"]
    noise, floor = p["ground_noise"], p["ground_noise_floor"]
    half_depth, low, phase = 0.5 * p["season_depth"], p["season_low_week"], 2 * pi / WEEKS_A_YEAR
    kept = 0.5 ** (1.0 / p["surprise_halflife"])
    grown = 1.0 - 0.5 ** (1.0 / p["fort_weeks"])
    strength0, strength1 = p["fort_strength"]

    def fight(stand: Stand, week: int, digging: PerSideSector, draw: PerSector) -> Fought:
        (troops0, troops1), (fort0, fort1) = stand.troops, stand.fort
        (digging0, digging1), share, surprise = digging, stand.share, stand.surprise
        materiel0, materiel1 = stand.materiel
        materiel0, materiel1 = materiel_power * log(materiel0), materiel_power * log(materiel1)
        season = 1.0 - half_depth * (1.0 + cos(phase * (week - low)))
        losses0, losses1, gains = none[:], none[:], none[:]
        balances, engagements = none[:], none[:]
        casualties0 = casualties1 = 0.0
        for k, area, defence, pace, tempo, fought, scale0, scale1 in sectors:
            there0, there1 = troops0[k], troops1[k]
            own0, own1 = log(there0 + THIN), log(there1 + THIN)
            power0, power1 = own0 + materiel0, own1 + materiel1
            engaged = fought * there0 * there1 / ((there0 + 1.0) * (there1 + 1.0))
            balance = power0 - power1
            rho, fort_of0, fort_of1 = balance + surprise[k], fort0[k], fort1[k]
            forward = (rho - fort_of1 - defence) * sharpness
            backward = (-rho - fort_of0 - defence) * sharpness
            if forward < LARGE and backward < LARGE:
                drive = log((1.0 + exp(forward)) / (1.0 + exp(backward)))
            else:
                drive = _softplus(forward) - _softplus(backward)
            push = pace * season * drive
            gain = push + noise * engaged * sqrt(abs(push) + floor) * draw[k]

            held = share[k] * area
            left = area - held
            room = left if gain > 0.0 else held
            gain = copysign(room * expm1(-abs(gain) / room), gain) if room > NO_GROUND else 0.0

            if digging0[k]:
                fort_of0 += grown * digging0[k] * (strength0 - fort_of0)
            if digging1[k]:
                fort_of1 += grown * digging1[k] * (strength1 - fort_of1)
            if fort_of1 and gain > 0.0:
                fort_of1 *= 1.0 - (min(gain / left, 1.0) if left > 1.0 else min(gain, 1.0))
            elif fort_of0 and gain < 0.0:
                fort_of0 *= 1.0 + (max(gain / held, -1.0) if held > 1.0 else max(gain, -1.0))
            fort0[k], fort1[k] = fort_of0, fort_of1
            surprise[k] *= kept
            now = share[k] + gain / area
            share[k] = 0.0 if now < 0.0 else 1.0 if now > 1.0 else now
            gains[k], balances[k] = gain, balance
            if engaged:
                engagements[k] = engaged
                speed = engaged * (1.0 + tempo * abs(gain))
                loss = scale0 * speed * exp(theirs * power1 + ours * own0)
                losses0[k] = loss = loss if loss + loss < there0 else 0.5 * there0
                casualties0 += loss
                loss = scale1 * speed * exp(theirs * power0 + ours * own1)
                losses1[k] = loss = loss if loss + loss < there1 else 0.5 * there1
                casualties1 += loss
        lost = [casualties0, casualties1]
        return Fought([losses0, losses1], lost, gains, balances, engagements)

    return fight


def _softplus(x: float) -> float:
    return x + log1p(exp(-x)) if x > 0.0 else log1p(exp(x))


def replacing(facts: Plain, p: Plain, i: int) -> Replace:
    """Give the function that replaces and shifts the forces of side `i` after the fighting.

    It takes the stand, the week, what the fighting brought, thousands that moves keep committed to
    each sector and whether the other side steps onto the side's own soil. It moves the side's
    numbers on, apart from its materiel, and gives the km² of own soil that it has lost.
    """
    sign = -1.0 if i else 1.0
    soil = [
        (k, sign * facts["share"][k] * area, sign * area, own)
        for k, (area, own) in enumerate(zip(facts["area"], facts["own_soil"][i], strict=True))
        if own
    ]
    sent = [
        (due, size)
        for backs, due, size in zip(
            facts["backs"][i], facts["reinforcement_week"], p["reinforcement"], strict=True
        )
        if backs and size
    ]
    first = p["troops"][i]
    line, limit, recruits = sum(first), p["shift_limit"][i], p["recruits"][i]
    usual, some_line = line + p["reserve"][i], max(line, 1e-6)
    priority, half_area = p["home_priority"][i], p["home_priority_area"]
    heal, return_share = 1.0 / p["return_weeks"], p["return_share"][i]

    def replace(
        stand: Stand, week: int, fought: Fought, committed: PerSector, invades: float
    ) -> float:
        share, reserve, lost_area = stand.share, stand.reserve[i], 0.0
        extra = committed[:]
        for k, first_held, area, own in soil:
            lost = (first_held - area * share[k]) * own
            if lost > 0.0:
                lost_area += lost
                extra[k] += priority * lost / (lost + half_area)
        before = now = stand.invaded[i]
        if invades > now and lost_area > 0.0:
            stand.invaded[i] = now = invades
        casualties = fought.casualties[i]
        returning, kept = stand.hospital[i] * heal, return_share * casualties
        stand.hospital[i] += kept - returning
        stand.dead[i] += casualties - kept
        fresh = recruits + returning
        reserve += fresh
        for due, size in sent:
            if week >= due:
                reserve += size * (now - before if week > due else now)

        troops = stand.troops[i]
        there = sum(troops) - casualties
        spare = there + reserve - usual
        swollen = 1.0 + spare / some_line if spare > 0.0 else 1.0
        asked = lacking = 0.0
        wanted, left = [], []
        for of_first, more, have, lost in zip(first, extra, troops, fought.losses[i], strict=True):
            want = of_first * swollen + more
            have -= lost
            asked += want
            if want > have:
                lacking += want - have
            wanted.append(want)
            left.append(have)
        moved = min(reserve, lacking, fresh + limit)
        part = moved / lacking if lacking > 1e-6 else moved / 1e-6
        met = (there + moved) / asked if asked > 1e-6 else 0.0
        stand.reserve[i] = reserve - moved
        stand.troops[i] = shift(wanted, left, part, met, limit - max(moved - fresh, 0.0))
        return lost_area

    return replace


def shift(wanted: PerSector, troops: PerSector, part: float, met: float, limit: float) -> PerSector:
    """Send troops where they lack, then even out the share of the demand that is met.

    Parameters
    ----------
    wanted, troops
        Thousands asked for, and there.
    part, met
        Of what lacks, the share that comes from the reserve; of what is asked for, that is there
        then.
    limit
        Thousands that may change sector.
    """
    moving = 0.0
    for want, have in zip(wanted, troops, strict=True):
        if want > have:
            have += (want - have) * part
        gap = want * met - have
        if gap > 0.0:
            moving += gap
    if moving <= limit and met > 0.0:  # most weeks
        return [want * met for want in wanted]
    pace = limit / max(moving, 1e-6) if met > 0.0 else 0.0
    there = [have + max(want - have, 0.0) * part for want, have in zip(wanted, troops, strict=True)]
    return [have + (want * met - have) * pace for want, have in zip(wanted, there, strict=True)]


def follow_supply(
    materiel: float, supply: float, intensity: float, wear: float, speed: float
) -> float:
    """Materiel of a side a week later (1 = as at the decision date)."""
    followed = materiel + speed * (supply - wear * (intensity - 1.0) - materiel)
    return followed if followed > 0.05 else 0.05
