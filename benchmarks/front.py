"""The front: combat, ground and forces, the part of a week that C and NumPy compute as peers.

In: a case and a plan. Out: worlds of it, the course of their front in JAX by Ripeness' own
functions, and the same worlds as plain arrays for the peers.

Nobody moves. The moves that the plan begins in its first week are under way in every world, all
weeks: those troops stay asked for, that sector is surprised and then dug in, that soil is invaded.
Materiel follows a supply that stays as it was. So everything that these mechanisms compute is
computed, and the ground moves as it does in a full run.
"""

from __future__ import annotations

from dataclasses import fields, replace
from functools import partial

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from ripeness.case.schema import CaseFile
from ripeness.war import battle, forces
from ripeness.war.arrays import OTHER, Array, largest
from ripeness.war.moves import Moved
from ripeness.war.noise import Noise, Purpose, world_key
from ripeness.war.parameters import Orders, Parameters, Setting, State
from ripeness.war.week import first_state
from ripeness.worlds import translate
from ripeness.worlds.compiled import WIDE
from ripeness.worlds.sampling import parameters, sample

Plain = dict[str, np.ndarray]
"""Arrays by name, worlds last."""

GIVEN = (
    *("troops", "reserve", "recruits", "return_share", "return_weeks", "shift_limit"),
    *("home_priority", "home_priority_area", "commitment"),
    *("loss_rate", "attrition_law", "tempo", "materiel_power", "gain_scale", "terrain"),
    *("defence_advantage", "ground_softness", "ground_noise", "ground_noise_floor"),
    *("season_depth", "season_low_week", "surprise_halflife", "fort_strength", "fort_weeks"),
    *("reinforcement", "materiel_speed", "wear"),
)
"""Parameters that the front needs."""


class Scene(eqx.Module):
    """What is the same in all worlds: the facts of the case, the plan's orders of its first week.

    ``invades`` is 1 for a side that steps onto the other's own soil.
    """

    setting: Setting
    orders: Orders
    invades: Array


class Worlds(eqx.Module):
    """A number of every parameter for each world, and the keys of their luck."""

    p: Parameters
    key: Array


class Stand(eqx.Module):
    """How the front stands; names, shapes and units as in `ripeness.war.parameters.State`."""

    share: Array
    troops: Array
    reserve: Array
    hospital: Array
    dead: Array
    materiel: Array
    surprise: Array
    fort: Array
    invaded: Array


def scene(case: CaseFile, plan: str) -> Scene:
    """Give what is the same in all worlds of a case under a plan."""
    setting, orders = jax.tree.map(
        lambda x: x[..., None],
        (translate.setting(case), translate.orders(case, case.plans[plan])),
    )
    orders = jax.tree.map(lambda x: x[0], orders)
    return Scene(setting, orders, np.asarray(largest(orders.opens * setting.own_soil[OTHER], 1)))


def worlds_of(case: CaseFile, seed: int, first: int, count: int) -> Worlds:
    """Give `count` worlds from number `first` on: those that a run with this seed has."""
    p = parameters(case, sample(case, seed, first, count))
    numbers = np.arange(first, first + count, dtype=np.uint32)
    return Worlds(p, np.asarray(world_key(seed, numbers)))


@partial(jax.jit, static_argnames="weeks", compiler_options=WIDE)
def course(scene: Scene, worlds: Worlds, weeks: int) -> Stand:
    """Run the front for a number of weeks."""
    begin = _begin(scene, worlds)
    first_losses = battle.usual_losses(worlds.p, scene.setting)

    def step(state: State, _: None) -> tuple[State, None]:
        return _week(scene, worlds, first_losses, state), None

    return _stand(jax.lax.scan(step, begin, None, weeks)[0])


def _begin(scene: Scene, worlds: Worlds) -> State:
    p = worlds.p
    state = first_state(p, scene.setting, Noise(worlds.key, jnp.zeros_like(worlds.key, jnp.int32)))
    surprised = scene.orders.opens * p.surprise[:, None]
    return replace(state, surprise=surprised[0] - surprised[1])


def _week(scene: Scene, worlds: Worlds, first_losses: Array, state: State) -> State:
    p, setting, orders = worlds.p, scene.setting, scene.orders
    sides = jnp.zeros_like(p.reserve)
    moved = Moved(
        troops=state.troops,
        reserve=state.reserve,
        authorised=sides + 1.0,
        opens=jnp.zeros_like(p.troops),
        committed=orders.commit * p.commitment,
        invades=sides + scene.invades,
        surprise=state.surprise,
        permitted=sides,
    )
    noise = Noise(worlds.key, state.week)
    fought = battle.step(p, setting, orders, state, noise, moved, first_losses)
    placed = forces.step(p, setting, state, moved, fought)
    return replace(
        state,
        week=state.week + 1,
        share=fought.share,
        troops=placed.troops,
        reserve=placed.reserve,
        hospital=placed.hospital,
        dead=placed.dead,
        materiel=forces.follow_supply(
            state.materiel, sides + 1.0, fought.intensity, p.wear, p.materiel_speed
        ),
        surprise=fought.surprise,
        fort=fought.fort,
        invaded=placed.invaded,
    )


def _stand(state: State) -> Stand:
    return Stand(**{part.name: getattr(state, part.name) for part in fields(Stand)})


def facts(scene: Scene) -> Plain:
    """Give what is the same in all worlds, for the peers."""
    setting, orders = scene.setting, scene.orders
    named = {
        "area": setting.area,
        "share": setting.share,
        "own_soil": setting.own_soil,
        "fought": setting.fought,
        "backs": setting.backs,
        "reinforcement_week": setting.reinforcement_week,
        "commit": orders.commit,
        "dig_in": orders.dig_in,
        "invades": scene.invades,
    }
    return {name: np.asarray(x, np.float32)[..., 0] for name, x in named.items()}


def given(worlds: Worlds) -> Plain:
    """Give the parameters of worlds, for the peers."""
    return {name: np.asarray(getattr(worlds.p, name)) for name in GIVEN}


def start(scene: Scene, worlds: Worlds) -> Plain:
    """Give how the front of worlds stands at the start, for the peers."""
    return plain(_stand(jax.jit(_begin)(scene, worlds)))


def luck(worlds: Worlds, weeks: int, sectors: int) -> np.ndarray:
    """Give the normal draws that move the ground: weeks by sectors by worlds."""

    def of_week(week: Array) -> Array:
        return Noise(worlds.key, week).normal(Purpose.GROUND, sectors)

    return np.stack([np.asarray(jax.jit(of_week)(np.int32(week))) for week in range(weeks)])


def plain(stand: Stand) -> Plain:
    """Give how the front stands as NumPy arrays by name."""
    return {part.name: np.asarray(getattr(stand, part.name)) for part in fields(Stand)}
