"""Running blocks of worlds: the one place where a world becomes many.

Every block has the same size, so a world's row does not depend on how many worlds, cores or
machines there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from ripeness.case.schema import CaseFile
from ripeness.settlement import course
from ripeness.settlement.bargaining import Manner
from ripeness.settlement.books import Record, Totals
from ripeness.settlement.continuation import (
    Continuation,
    Fitted,
    PerSideFeature,
    untrained,
)
from ripeness.settlement.course import Given, Glimpse
from ripeness.settlement.deals import Deals
from ripeness.settlement.fitting import TrainingWars, fit, knots
from ripeness.settlement.negotiation import bargaining_manner
from ripeness.settlement.seen import Seen, known
from ripeness.war.arrays import WEEKS_A_YEAR, Array, PerSide
from ripeness.war.noise import Noise, world_key
from ripeness.war.parameters import Orders, Parameters, Setting
from ripeness.worlds import translate
from ripeness.worlds.compiled import advanced, begun, followed, followed_on, foreseen
from ripeness.worlds.sampling import (
    PRODUCTION,
    TRAINING,
    Sample,
    parameters,
    sample,
    unsampled,
)
from ripeness.worlds.variants import Variant, as_it_is

BLOCK = 2048
"""Worlds simulated together: more take as long a world, and more memory."""

TRAINING_WORLDS = 8 * BLOCK
"""Worlds that going on is fitted on, each under every plan."""

TRAINING_SEED = 0x5EED
"""Added to the seed of the luck of training wars, which no reported world shares."""


@dataclass(frozen=True)
class Block:
    """Worlds that are run together.

    Attributes
    ----------
    worlds
        Their numbers.
    luck
        Keys of their luck: weeks by worlds, the first row that of the decision date.
    values
        Their assumptions, as from `sample`.
    parameters
        The same by quantity, worlds last.
    """

    worlds: np.ndarray
    luck: np.ndarray
    values: Sample
    parameters: Parameters

    @classmethod
    def of(cls, case: CaseFile, seed: int, worlds: np.ndarray, values: Sample) -> Block:
        """Arrange worlds; `seed` is that of their luck, whose key is the same in every week."""
        placed = jax.device_put(parameters(case, values))
        numbers = worlds.astype(np.uint32)
        keys = np.asarray(world_key(seed, numbers))
        luck = np.broadcast_to(keys, (case.weeks + 1, len(worlds)))
        return cls(numbers, luck, values, placed)


@dataclass(frozen=True)
class Shared:
    """What all worlds that run one plan share, as in `Given`."""

    setting: Setting
    deals: Deals
    orders: Orders
    continuation: Fitted


def shared(case: CaseFile, plan: str, continuation: Continuation) -> Shared:
    """Arrange what all worlds that run a plan share."""

    def one_for_all(x: Any) -> Any:
        return jax.tree.map(lambda leaf: leaf[..., None], x)

    return Shared(
        one_for_all(translate.setting(case)),
        one_for_all(translate.deals(case)),
        one_for_all(translate.orders(case, case.plans[plan])),
        continuation.weekly(),
    )


def block_of(
    case: CaseFile,
    seed: int,
    number: int,
    variant: Variant = as_it_is,
    sequence: int = PRODUCTION,
) -> Block:
    """Sample the worlds of a block; those of the training sequence have luck of their own."""
    first = number * BLOCK
    values = variant(case, sample(case, seed, first, BLOCK, sequence))
    luck = seed + TRAINING_SEED if sequence == TRAINING else seed
    return Block.of(case, luck, np.arange(first, first + BLOCK), values)


def simulate(
    case: CaseFile,
    plan: str,
    block: Block,
    continuation: Continuation,
    settles: bool = True,
    at: Sequence[int] | None = None,
) -> tuple[Record, Totals]:
    """Run one plan in a block of worlds.

    Parameters
    ----------
    settles
        Whether deals can end wars; not so in training wars.
    at
        Weeks to record, ascending; every week from 0 to the horizon if not said.

    Returns
    -------
    The record (worlds by weeks) and what had added up by the last of them, as NumPy arrays.
    """
    given = jax.device_put(_given(shared(case, plan, continuation), block, settles))
    war, records, now = begun()(given), [], 0
    for week in range(case.weeks + 1) if at is None else at:
        war, record = advanced()(given, war, np.int32(week - now))
        records.append(record)
        now = week
    together = jax.tree.map(lambda *weeks: np.stack([np.asarray(x) for x in weeks]), *records)
    return jax.tree.map(_worlds_first, together), jax.tree.map(_worlds_first, war.totals)


@dataclass(frozen=True)
class Followed:
    """A block of worlds that was followed up to a week, and can be followed on."""

    given: Given
    so_far: course.Followed
    week: int

    @property
    def came(self) -> Glimpse:
        """What the record could tell, as NumPy arrays.

        Weeks (from 0 to the last that the block has luck for) first, worlds last; nothing happens
        after the week reached.
        """
        return jax.tree.map(np.asarray, self.so_far.came)

    def on(self, luck: np.ndarray, week: int) -> Followed:
        """Follow the worlds on to a week, no earlier, which uses up this object.

        Parameters
        ----------
        luck
            That of all weeks, as a block's.
        """
        given = eqx.tree_at(lambda given: given.luck, self.given, luck)
        return Followed(given, followed_on()(given, self.so_far, np.int32(week)), week)

    def tried(self, keys: np.ndarray) -> Glimpse:
        """Try several lucks (tries by worlds) in the next week: tries first, worlds last."""
        return jax.tree.map(np.asarray, foreseen()(self.given, self.so_far.war, keys))


def follow(common: Shared, block: Block, week: int) -> Followed:
    """Follow a block of worlds from the decision date up to a week, and perhaps on from there."""
    given = jax.device_put(_given(common, block, settles=True))
    return Followed(given, followed()(given, np.int32(week)), week)


def glimpse(common: Shared, block: Block, week: int) -> Glimpse:
    """Follow a block of worlds from the decision date up to a week and no further.

    Returns
    -------
    What the record could tell, as `Followed.came`.
    """
    given = _given(common, block, settles=True)
    return jax.tree.map(np.asarray, followed()(given, np.int32(week)).came)


def blank(case: CaseFile, weeks: int) -> tuple[Record, Totals]:
    """Give what `simulate` gives, for one world and with zeros in it: a cheap look at its shape."""
    plan = next(iter(case.plans))
    values = unsampled(case, BLOCK)
    luck = np.zeros((case.weeks + 1, BLOCK), np.uint32)
    block = Block(luck[0], luck, values, parameters(case, values))
    common = shared(case, plan, untrained(case.weeks + 1))
    given = _given(common, block, settles=True)
    war = begun().eval_shape(given)  # of a whole block: the run then need not trace again
    war, record = advanced().eval_shape(given, war, np.int32(0))

    def zeros(leaf: Any, *shape: int) -> np.ndarray:
        return np.zeros((1, *shape, *leaf.shape[:-1]), leaf.dtype)

    return jax.tree.map(lambda x: zeros(x, weeks), record), jax.tree.map(zeros, war.totals)


def _given(common: Shared, block: Block, settles: bool) -> Given:
    return Given(
        parameters=block.parameters,
        setting=common.setting,
        deals=common.deals,
        orders=common.orders,
        continuation=common.continuation,
        luck=block.luck,
        settles=np.array(settles, np.float32),
    )


def _worlds_first(x: Any) -> np.ndarray:
    return np.moveaxis(np.asarray(x), -1, 0)


def train(case: CaseFile, seed: int, plans: list[str], variant: Variant = as_it_is) -> Continuation:
    """Fit what going on is worth, on wars of all plans together that no deal ends.

    One fit serves all plans: a side does not know what the other has planned, only what it sees.
    Leaders know the world they live in, so a variant has a fit of its own.
    """
    blocks = [
        block_of(case, seed, number, variant, TRAINING)
        for number in range(TRAINING_WORLDS // BLOCK)
    ]
    at, before = knots(case.weeks), untrained(case.weeks + 1)

    parts = [(plan, block) for plan in plans for block in blocks]

    def wars(plan: str, block: Block) -> dict[str, np.ndarray]:
        record, _ = simulate(case, plan, block, before, settles=False, at=at)
        return _training_wars(block, record)

    def keep(part: int, found: dict[str, np.ndarray]) -> None:
        for name, x in found.items():
            kept[name][part] = x  # at once: to hold all parts and then to join them takes twice

    first = wars(*parts[0])  # alone, so that it compiles once
    kept = {name: np.empty((len(parts), *x.shape), x.dtype) for name, x in first.items()}
    keep(0, first)
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(lambda n: keep(n, wars(*parts[n])), range(1, len(parts))))
    together = {name: x.reshape(-1, *x.shape[2:]) for name, x in kept.items()}
    manners = [_manner(block.parameters, block.luck[0]) for block in blocks]
    manner = jax.tree.map(lambda *x: np.concatenate(x * len(plans), axis=-1), *manners)
    return fit(TrainingWars(knots=at, manner=manner, **together))


def _training_wars(block: Block, record: Record) -> dict[str, np.ndarray]:
    """What `TrainingWars` takes from the wars of one plan in a block; worlds first."""
    given = block.parameters
    truth = np.broadcast_to(record.seen.balance[..., None], record.seen.line.shape)
    beyond = np.asarray(given.tail_years)[:, None] * WEEKS_A_YEAR
    over = record.over[:, -1:] > 0
    cost_beyond = np.where(over, 0.0, record.seen.felt_cost[:, -1] * beyond)
    return {
        "features": np.asarray(_known_at_knots(given, record.seen, truth)),
        "believed": np.asarray(_known_at_knots(given, record.seen, record.belief)),
        "deal_value": np.asarray(record.deal_value),
        "deal_allowed": np.asarray(record.deal_allowed),
        "flow": np.asarray(record.felt_flow + record.misfortune),
        "talks_weeks": np.asarray(record.talks_weeks),
        "over": np.asarray(record.over),
        "end_week": np.asarray(record.end_week)[:, -1],
        "left": np.asarray(record.left)[:, -1] - cost_beyond,
        "discount": np.asarray(given.discount),
        "nerve": np.asarray(given.nerve),
        "world": block.worlds,
    }


@jax.jit
def _known_at_knots(p: Parameters, seen: Seen, balance: PerSide) -> PerSideFeature:
    """What each side knows in every world (first axis) at every knot (second)."""
    of_world = jax.vmap(known, in_axes=(None, 0, 0))
    return jax.vmap(of_world, in_axes=(-1, 0, 0))(p, seen, balance)


@jax.jit
def _manner(p: Parameters, key: Array) -> Manner:
    """How the sides of a block's worlds bargain."""
    return bargaining_manner(p, Noise(key, jnp.zeros(key.shape, jnp.int32)))
