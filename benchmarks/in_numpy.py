"""The front in NumPy, in double precision: a model that EMA Workbench runs.

The equations of war/attrition.py, ground.py, battle.py and forces.py as a modeller would write
them for speed in NumPy: what does not change from week to week is computed once, and all sectors
of both sides at once. The same lines run one world or many: further axes of the luck and, if they
differ, of the parameters come last. Knows neither JAX nor Ripeness.
"""

from __future__ import annotations

import numpy as np

Plain = dict[str, np.ndarray]

THIN, SMALLEST_REFERENCE, NO_GROUND = 0.25, 10.0, 1e-3
WEEKS_A_YEAR = 365.25 / 7.0


def course(facts: Plain, p: Plain, start: Plain, luck: np.ndarray) -> Plain:
    """Run the front for as many weeks as there is luck.

    Parameters
    ----------
    facts
        What is the same in all worlds; sides, sectors and supporters as in the case.
    p, start
        Parameters and first stand of the world or worlds.
    luck
        Standard normal numbers: weeks by sectors, and by worlds if there are many.
    """
    facts = {name: _with_worlds(x, luck.ndim - 2) for name, x in facts.items()}
    fixed = _fixed(facts, p)
    stand = dict(start)
    for week, draw in enumerate(luck):
        losses = _fight(facts, p, fixed, stand, week, draw)
        _replace(facts, p, fixed, stand, week, losses)
    return stand


def _with_worlds(x: np.ndarray, axes: int) -> np.ndarray:
    return np.asarray(x, float).reshape(*x.shape, *[1] * axes)


def _fixed(facts: Plain, p: Plain) -> Plain:
    """Compute what does not change from week to week."""
    troops, law = p["troops"], p["attrition_law"]
    reference = np.maximum(troops.sum(0) / 2, SMALLEST_REFERENCE)
    fixed = {
        "powers": np.minimum(law, 1.0),
        "own_powers": np.minimum(2.0 - law, 1.0),
        "log_reference": np.log(reference),
        "scale": p["loss_rate"][:, None] * reference,
        "line": troops.sum(1),
        "committed": facts["commit"] * p["commitment"],
        "defence": p["defence_advantage"] + p["terrain"],
        "tempo": p["tempo"] / np.maximum(p["gain_scale"], 1.0),
        "pace": p["gain_scale"] * facts["fought"],
        "kept": 0.5 ** (1.0 / p["surprise_halflife"]),
        "grown": facts["dig_in"] * (1.0 - 0.5 ** (1.0 / p["fort_weeks"])),
        "low": 2.0 * np.pi / WEEKS_A_YEAR * p["season_low_week"],
        "first_week": np.minimum(facts["reinforcement_week"], np.inf),
    }
    own = np.log(troops + THIN)
    usual = _losses(troops, own, own, fixed, _engaged(facts, troops))
    fixed["first_losses"] = np.maximum(usual.sum(1), 1e-3)
    return fixed


def _engaged(facts: Plain, troops: np.ndarray) -> np.ndarray:
    presence = troops / (troops + 1.0)
    return presence[0] * presence[1] * facts["fought"]


def _losses(
    troops: np.ndarray, own: np.ndarray, power: np.ndarray, fixed: Plain, tempo: np.ndarray
) -> np.ndarray:
    """Casualties by the generalised Lanchester law, from logarithms of troops and of power."""
    scale = fixed["log_reference"]
    law = fixed["powers"] * (power[::-1] - scale) + fixed["own_powers"] * (own - scale)
    return np.minimum(fixed["scale"] * tempo * np.exp(law), 0.5 * troops)


def _fight(
    facts: Plain, p: Plain, fixed: Plain, stand: Plain, week: int, draw: np.ndarray
) -> np.ndarray:
    """Combat and ground: the losses of both sides; share, surprise and lines are moved on."""
    troops, fort, surprise = stand["troops"], stand["fort"], stand["surprise"]
    own = np.log(troops + THIN)
    power = own + (p["materiel_power"] * np.log(stand["materiel"]))[:, None]
    engaged = _engaged(facts, troops)
    phase = 2.0 * np.pi / WEEKS_A_YEAR * week - fixed["low"]
    season = 1.0 - p["season_depth"] * 0.5 * (1.0 + np.cos(phase))

    rho, soft = power[0] - power[1] + surprise, p["ground_softness"]
    forward = np.logaddexp(0.0, (rho - fort[1] - fixed["defence"]) / soft)
    backward = np.logaddexp(0.0, (-rho - fort[0] - fixed["defence"]) / soft)
    push = fixed["pace"] * season * soft * (forward - backward)
    spread = p["ground_noise"] * engaged * np.sqrt(np.abs(push) + p["ground_noise_floor"])
    wanted = push + spread * draw

    held = stand["share"] * facts["area"]
    left = facts["area"] - held
    room = np.maximum(np.where(wanted > 0, left, held), NO_GROUND)
    bounded = np.where(room > NO_GROUND, -room * np.expm1(-np.abs(wanted) / room), 0.0)
    gain = np.copysign(bounded, wanted)

    gone = np.stack([-gain / np.maximum(held, 1.0), gain / np.maximum(left, 1.0)])
    dug = fort + fixed["grown"] * (p["fort_strength"][:, None] - fort)
    stand["fort"] = dug * (1.0 - np.minimum(np.maximum(gone, 0.0), 1.0))
    stand["surprise"] = surprise * fixed["kept"]
    stand["share"] = np.minimum(np.maximum(stand["share"] + gain / facts["area"], 0.0), 1.0)
    tempo = engaged * (1.0 + fixed["tempo"] * np.abs(gain))
    return _losses(troops, own, power, fixed, tempo)


def _replace(
    facts: Plain, p: Plain, fixed: Plain, stand: Plain, week: int, losses: np.ndarray
) -> None:
    """Forces: recruits, the healed and reinforcements come; troops go where they are asked for."""
    casualties = losses.sum(1)
    taken = (facts["share"] - stand["share"]) * facts["area"]
    soil = np.maximum(np.stack([taken, -taken]), 0.0) * facts["own_soil"]
    invaded = np.maximum(stand["invaded"], (soil.sum(1) > 0) * facts["invades"][::-1])
    returning = stand["hospital"] / p["return_weeks"]
    kept = p["return_share"] * casualties
    due = facts["reinforcement_week"]
    arrive = (week >= due) * (invaded[:, None] - (week > due) * stand["invaded"][:, None])
    sent = (facts["backs"] * p["reinforcement"] * arrive).sum(1)
    fresh = p["recruits"] + returning
    reserve = stand["reserve"] + fresh + sent
    troops = stand["troops"] - losses

    line, there = fixed["line"], troops.sum(1)
    spare = np.maximum(there + reserve - line - p["reserve"], 0.0)
    home = p["home_priority"][:, None] * soil / (soil + p["home_priority_area"])
    share = 1.0 + spare / np.maximum(line, 1e-6)
    wanted = p["troops"] * share[:, None] + fixed["committed"] + home
    need = np.maximum(wanted - troops, 0.0)
    lacking = need.sum(1)
    moved = np.minimum(np.minimum(reserve, lacking), fresh + p["shift_limit"])
    troops = troops + need * (moved / np.maximum(lacking, 1e-6))[:, None]
    asked = wanted.sum(1)
    met = (there + moved) / np.maximum(asked, 1e-6)
    gap = np.where(asked[:, None] > 1e-6, wanted * met[:, None] - troops, 0.0)
    moving = np.maximum(gap, 0.0).sum(1)
    left = p["shift_limit"] - np.maximum(moved - fresh, 0.0)
    pace = np.minimum(left / np.maximum(moving, 1e-6), 1.0)

    carried = 1.0 - p["wear"] * (casualties / fixed["first_losses"] - 1.0)
    followed = stand["materiel"] + p["materiel_speed"] * (carried - stand["materiel"])
    stand.update(
        troops=troops + gap * pace[:, None],
        reserve=reserve - moved,
        hospital=stand["hospital"] - returning + kept,
        dead=stand["dead"] + casualties - kept,
        materiel=np.maximum(followed, 0.05),
        invaded=invaded,
    )
