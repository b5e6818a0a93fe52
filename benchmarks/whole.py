"""The whole war: worlds of a case for Ripeness and for the same war in plain Python.

In: a case, a plan, a block of worlds, the fitted values of going on. Out: how their wars stand by
Ripeness' own compiled functions, and the same worlds and their luck as plain arrays for the peer.
"""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import whole_in_python

from ripeness.case.schema import CaseFile
from ripeness.settlement.continuation import Continuation
from ripeness.settlement.course import Given
from ripeness.war.noise import Noise, Purpose, world_key
from ripeness.worlds import translate
from ripeness.worlds.compiled import advanced, begun
from ripeness.worlds.simulate import Block

Plain = dict[str, np.ndarray]
"""Arrays by name."""

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
FIRST = {
    "autonomy": Purpose.AUTONOMY,
    "election": Purpose.ELECTION,
    "partial_start": Purpose.PARTIAL_START,
    "term_blocked": Purpose.TERM_BLOCKED,
    "private_cost": Purpose.PRIVATE_COST,
}
"""What the peer's names for luck are in Ripeness."""


def same_in_all(case: CaseFile, plan: str, continuation: Continuation) -> dict[str, Plain]:
    """Give what is the same in all worlds, as `whole_in_python.case_of` takes it."""

    def named(x: Any) -> Plain:
        return {part.name: np.asarray(getattr(x, part.name)) for part in fields(x)}

    weekly = named(continuation.weekly())
    # a last axis for worlds, of one, which the curvature does not have
    weekly = {name: x if name == "curvature" else x[..., 0] for name, x in weekly.items()}
    return {
        "facts": named(translate.setting(case)),
        "deals": named(translate.deals(case)),
        "orders": named(translate.orders(case, case.plans[plan])),
        "continuation": weekly,
    }


def parameters(block: Block, count: int) -> Plain:
    """Give the parameters of the first `count` worlds of a block, worlds last."""
    p = block.parameters
    return {part.name: np.asarray(getattr(p, part.name))[..., :count] for part in fields(p)}


def luck(case: CaseFile, block: Block, count: int) -> tuple[Plain, Plain]:
    """Give the luck of the first `count` worlds: of the first week, and of every week.

    Worlds come last, weeks first; names and numbers are those of `whole_in_python.draw`.
    """
    sectors, supporters = len(case.sectors), len(case.supporters)
    once = whole_in_python.first_lanes(supporters, len(case.terms))
    lanes = whole_in_python.normal_lanes(sectors, supporters)
    key = world_key(block.seed, block.worlds[:count])

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


def expected(
    case: CaseFile, plan: str, block: Block, continuation: Continuation, weeks: int
) -> Plain:
    """Run a block for a number of weeks as Ripeness does; worlds last, names as the peer has them."""

    def one_for_all(x: Any) -> Any:
        return jax.tree.map(lambda leaf: leaf[..., None], x)

    given = Given(
        parameters=block.parameters,
        setting=one_for_all(translate.setting(case)),
        deals=one_for_all(translate.deals(case)),
        orders=one_for_all(translate.orders(case, case.plans[plan])),
        continuation=continuation.weekly(),
        seed=block.seed,
        worlds=block.worlds,
        settles=np.array(True, np.float32),
    )
    given = jax.device_put(given)
    war, _ = advanced()(given, begun()(given), np.int32(weeks))
    found = {
        **{part.name: getattr(war.state, part.name) for part in fields(war.state)},
        **{name: getattr(war.totals, name) for name in TOTALS},
        "aid": war.seen.aid,
        "support": war.seen.support,
        "aid_sent": war.totals.aid,
        "kind": war.ending.kind,
        "end_week": war.ending.week,
        "deal": war.ending.deal,
    }
    return {name: np.asarray(x) for name, x in found.items()}


TOTALS = ("war_cost", "flow", "strikes", "responses", "talks_weeks")


def in_plain_python(
    case: CaseFile, plan: str, block: Block, continuation: Continuation, weeks: int, count: int
) -> Plain:
    """Run the first `count` worlds of a block in plain Python with the same luck; worlds last."""
    arranged = whole_in_python.case_of(**same_in_all(case, plan, continuation))
    p, (first, weekly) = parameters(block, count), luck(case, block, count)

    def alone(world: int) -> whole_in_python.Plain:
        given, once, later = (
            {name: x[..., world].tolist() for name, x in part.items()}
            for part in (p, first, weekly)
        )
        return whole_in_python.course(
            arranged, given, once, {n: x[:weeks] for n, x in later.items()}, weeks
        )

    each = [alone(world) for world in range(count)]
    return {name: np.stack([np.array(one[name], float) for one in each], -1) for name in each[0]}
