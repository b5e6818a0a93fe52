"""Running blocks of worlds: the one place where a world becomes many.

Every block has the same size, so a world's row does not depend on how many worlds, cores or
machines there are.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import jax
import numpy as np

from ripeness.case.schema import CaseFile
from ripeness.settlement import books
from ripeness.settlement.books import Record, Totals
from ripeness.settlement.continuation import Continuation, untrained
from ripeness.settlement.course import Ending, course
from ripeness.settlement.fitting import TrainingWars, fit, knots
from ripeness.war.arrays import PerSide
from ripeness.war.noise import world_key
from ripeness.war.parameters import Parameters
from ripeness.worlds import translate
from ripeness.worlds.sampling import PRODUCTION, TRAINING, Sample, parameters, sample

BLOCK = 2048
"""Worlds simulated together: more take as long a world, and more memory."""

TRAINING_SEED = 0x5EED
"""Added to the seed of the luck of training wars, which no reported world shares."""


@cache
def _run_worlds():
    """Compile the course of a block of worlds, once a process."""
    return jax.jit(course)


def simulate(
    case: CaseFile,
    plan: str,
    values: Sample,
    worlds: np.ndarray,
    seed: int,
    continuation: Continuation,
    settles: bool = True,
) -> tuple[Record, Totals, Ending]:
    """Run one plan in a block of worlds.

    Parameters
    ----------
    values
        The worlds' assumptions, from `sample`.
    worlds
        Their numbers, which give them their luck.
    settles
        Whether deals can end wars; not so in training wars.

    Returns
    -------
    The record (worlds by weeks), totals and endings, as NumPy arrays.
    """
    given = _arguments(case, plan, values, worlds, seed, continuation, settles)
    return jax.tree.map(lambda came: np.moveaxis(np.asarray(came), -1, 0), _run_worlds()(*given))


def blank(case: CaseFile) -> tuple[Record, Totals, Ending]:
    """Give what `simulate` gives, for one world and with zeros in it: a cheap look at its shape."""
    plan, values = next(iter(case.plans)), sample(case, 0, 0, BLOCK)
    given = _arguments(case, plan, values, np.arange(BLOCK), 0, untrained(case.weeks + 1), True)
    shapes = _run_worlds().eval_shape(*given)  # of a whole block: the run then need not trace again
    return jax.tree.map(lambda leaf: np.zeros((1, *leaf.shape[:-1]), leaf.dtype), shapes)


def _arguments(
    case: CaseFile,
    plan: str,
    values: Sample,
    worlds: np.ndarray,
    seed: int,
    continuation: Continuation,
    settles: bool,
) -> tuple[Any, ...]:
    same_in_all = (
        translate.setting(case),
        translate.deals(case),
        translate.orders(case, case.plans[plan]),
    )
    return (
        _worlds_last(parameters(case, values)),
        *jax.tree.map(lambda x: x[..., None], same_in_all),
        world_key(seed, worlds.astype(np.uint32)),
        continuation.weekly(),
        np.float32(settles),
    )


def _worlds_last(p: Parameters) -> Parameters:
    return jax.tree.map(lambda x: np.ascontiguousarray(np.moveaxis(x, 0, -1)), p)


def block_of(case: CaseFile, seed: int, number: int) -> tuple[Sample, np.ndarray]:
    """Give the assumptions and the numbers of the worlds of a block."""
    first = number * BLOCK
    return sample(case, seed, first, BLOCK, PRODUCTION), np.arange(first, first + BLOCK)


def train(case: CaseFile, seed: int, plans: list[str]) -> Continuation:
    """Fit what going on is worth, on wars of all plans together that no deal ends.

    One fit serves all plans: a side does not know what the other has planned, only what it sees.
    """
    values = sample(case, seed, 0, BLOCK, TRAINING)
    given = parameters(case, values)
    worlds = np.arange(BLOCK)
    before = untrained(case.weeks + 1)

    def wars(plan: str) -> TrainingWars:
        came = simulate(case, plan, values, worlds, seed + TRAINING_SEED, before, settles=False)
        return _training_wars(given, *came)

    first, *others = plans
    parts = [wars(first)]  # alone, so that it compiles once
    with ThreadPoolExecutor(max_workers=2) as pool:
        parts += pool.map(wars, others)
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in TrainingWars.__dataclass_fields__
    }
    return fit(TrainingWars(**joined))


def _training_wars(given: Parameters, record: Record, _: Totals, ending: Ending) -> TrainingWars:
    at = knots(record.over.shape[1] - 1)
    seen = jax.tree.map(lambda column: column[:, at], record.seen)
    truth = np.broadcast_to(record.balance[:, at, None], seen.line.shape)

    def known(balance: PerSide) -> np.ndarray:
        of_world = jax.vmap(books.known, in_axes=(None, 0, 0))
        return np.asarray(jax.vmap(of_world)(given, seen, balance))

    return TrainingWars(
        features=known(truth),
        believed=known(record.belief[:, at]),
        deal_value=np.asarray(record.deal_value[:, at]),
        deal_allowed=np.asarray(record.deal_allowed[:, at]),
        line=np.asarray(record.seen.line),
        cost=np.asarray(record.seen.cost),
        talks_open=np.asarray(record.seen.talks_open),
        over=np.asarray(record.over),
        left=np.asarray(ending.left),
        discount=np.asarray(given.discount),
        nerve=np.asarray(given.nerve),
        power=np.asarray(given.bargaining_power),
        tail_years=np.asarray(given.tail_years),
        world=np.arange(BLOCK),
    )
