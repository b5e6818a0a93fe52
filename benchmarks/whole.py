"""The whole war: the same worlds and the same luck for Ripeness and for plain Python.

In: a case, a plan, a block of worlds, the fitted values of going on. Out: how their wars stand at
the horizon by `ripeness.worlds.simulate.simulate`, and the same by whole_in_python.py.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import whole_in_python

from ripeness.case.schema import CaseFile
from ripeness.settlement.continuation import Continuation
from ripeness.war.noise import Noise, Purpose
from ripeness.worlds import translate
from ripeness.worlds.simulate import Block, simulate

Plain = dict[str, np.ndarray]
"""Arrays by name."""

FIRST = {
    "autonomy": Purpose.AUTONOMY,
    "election": Purpose.ELECTION,
    "partial_start": Purpose.PARTIAL_START,
    "term_blocked": Purpose.TERM_BLOCKED,
    "private_cost": Purpose.PRIVATE_COST,
}
NORMAL = {
    "ground": Purpose.GROUND,
    "aid": Purpose.AID,
    "materiel": Purpose.MATERIEL,
    "support": Purpose.SUPPORT,
    "signal": Purpose.BATTLE_SIGNAL,
}
UNIFORM = {
    "escalation": {
        Purpose.RESPONSE: 2,
        Purpose.CLIMB: 2,
        Purpose.CALM: 1,
        Purpose.ATTACKS: 2,
        Purpose.STRIKES: 2,
    },
    "talks": {
        Purpose.TALKS_OPEN: 2,
        Purpose.TALKS_CLOSE: 2,
        Purpose.SCUTTLE: 1,
        Purpose.TRUCE: 1,
        Purpose.TRUCE_BREAK: 1,
    },
    "offer": {Purpose.NERVE: 1, Purpose.PROPOSER: 1},
}
"""The purposes of Ripeness that the names of `whole_in_python.draw` stand for, and how many numbers
of each: those of the first week, normal and uniform ones of every week."""


def same_in_all(case: CaseFile, plan: str, continuation: Continuation) -> dict[str, Plain]:
    """Give what is the same in all worlds, as `whole_in_python.case_of` takes it."""
    fitted = {  # worlds last, apart from the curvature
        name: x if name == "curvature" else x[..., 0]
        for name, x in _named(continuation.weekly()).items()
    }
    return {
        "facts": _named(translate.setting(case)),
        "deals": _named(translate.deals(case)),
        "orders": _named(translate.orders(case, case.plans[plan])),
        "continuation": fitted,
    }


def parameters(block: Block, count: int) -> Plain:
    """Give the parameters of the first `count` worlds of a block, worlds last."""
    return {name: x[..., :count] for name, x in _named(block.parameters).items()}


def _named(x: Any) -> Plain:
    return {part.name: np.asarray(getattr(x, part.name)) for part in fields(x)}


def luck(case: CaseFile, block: Block, count: int) -> tuple[Plain, Plain]:
    """Give Ripeness' luck of the first `count` worlds under the names of `whole_in_python.draw`.

    Returns
    -------
    That of the first week, and that of every week with the weeks as first axis; worlds last.
    """
    supporters = len(case.supporters)
    once = whole_in_python.first_lanes(supporters, len(case.terms))
    lanes = whole_in_python.normal_lanes(len(case.sectors), supporters)
    key = jnp.asarray(block.luck[0, :count])

    @jax.jit
    def of_week(week: Any) -> dict[str, Any]:
        noise = Noise(key, jnp.full(key.shape, week))
        normal = {name: noise.normal(NORMAL[name], size) for name, size in lanes.items()}
        uniform = {
            name: jnp.concatenate([noise.uniform(purpose, size) for purpose, size in each.items()])
            for name, each in UNIFORM.items()
        }
        return normal | uniform

    first = Noise(key, jnp.zeros(key.shape, jnp.int32))
    weekly = jax.device_get([of_week(np.int32(week)) for week in range(case.weeks)])
    return (
        {name: np.asarray(first.uniform(FIRST[name], size)) for name, size in once.items()},
        {name: np.stack([each[name] for each in weekly]) for name in (*lanes, *UNIFORM)},
    )


def in_plain_python(
    case: CaseFile, plan: str, block: Block, continuation: Continuation, count: int
) -> Plain:
    """Run the first `count` worlds of a block in plain Python with Ripeness' luck; worlds last."""
    arranged = whole_in_python.case_of(**same_in_all(case, plan, continuation))
    given = (parameters(block, count), *luck(case, block, count))

    def alone(world: int) -> whole_in_python.Plain:
        of_it = ({name: x[..., world].tolist() for name, x in part.items()} for part in given)
        return whole_in_python.course(arranged, *of_it)

    each = [alone(world) for world in range(count)]
    return {name: np.stack([np.array(one[name], float) for one in each], -1) for name in each[0]}


def simulated(
    case: CaseFile, plan: str, block: Block, continuation: Continuation, count: int
) -> Plain:
    """Run a block as Ripeness does; give its first `count` worlds as the peer does, worlds last."""
    record, totals = simulate(case, plan, block, continuation, at=[case.weeks])
    last = jax.tree.map(lambda x: x[:count, -1], record)
    added = jax.tree.map(lambda x: x[:count], totals)
    found = {
        "share": last.ground / translate.setting(case).area,
        "troops": last.troops,
        "casualties": last.casualties,
        "materiel": last.seen.materiel,
        "aid": last.seen.aid,
        "support": last.seen.support,
        "anger": last.seen.anger,
        "rung": last.rung,
        "talks_open": last.seen.talks_open,
        "truce": last.truce,
        "belief_mean": last.belief,
        "kind": last.kind,
        "end_week": last.end_week,
        "deal": last.deal,
        "war_cost": added.war_cost,
        "flow": added.flow,
        "strikes": added.strikes,
        "responses": added.responses,
        "aid_sent": added.aid,
        "talks_weeks": added.talks_weeks,
    }
    return {name: np.moveaxis(x, 0, -1) for name, x in found.items()}
