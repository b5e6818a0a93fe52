"""Whole weeks of the Kursk war: men are accounted for, nothing breaks, and the sides are alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ripeness.case.quantities import QUANTITIES
from ripeness.case.schema import CaseFile
from ripeness.war.battle import usual_losses
from ripeness.war.noise import Noise, world_key
from ripeness.war.parameters import Orders, Parameters, Setting, State
from ripeness.war.week import Happened, first_state, week
from ripeness.worlds import translate
from ripeness.worlds.sampling import parameters, sample

WORLDS = 256
SEED = 3
PLANS = ("raid", "hold-and-strike")

NOTHING_HAPPENS = """
    aid_volatility ground_noise materiel_noise support_noise accident_rate attack_rate strike_rate
    strike_answer election_stop opening_rate_full opening_rate_partial partial_open_at_start
"""
WITHOUT_LUCK = dict.fromkeys(NOTHING_HAPPENS.split(), 0.0) | {"autonomy": 1.0, "tolerance": 1e9}
"""Quantities at which nothing depends on a draw."""


class War(NamedTuple):
    """Many worlds of one plan: what they were given, and every week (second axis, from 0)."""

    given: Parameters
    setting: Setting
    states: State
    weeks: Happened


@jax.jit
def course(
    p: Parameters, setting: Setting, orders: Orders, key: jax.Array
) -> tuple[State, Happened]:
    """Every state from the decision date on, and what every week brought; no deal is struck."""

    def world(p: Parameters, key: jax.Array) -> tuple[State, Happened]:
        def step(state: State, orders: Orders) -> tuple[State, tuple[State, Happened]]:
            noise = Noise(key, state.week)
            after, happened = week(p, setting, orders, state, noise, first_losses)
            return after, (after, happened)

        first_losses = usual_losses(p, setting)
        first = first_state(p, setting, Noise(key, jnp.int32(0)))
        _, (states, happened) = jax.lax.scan(step, first, orders)
        return jax.tree.map(lambda a, b: jnp.concatenate([a[None], b]), first, states), happened

    return jax.vmap(world, in_axes=(-1, 0))(p, key)


@pytest.fixture(scope="module")
def war_of(kursk: CaseFile) -> Callable[[str], War]:
    given = parameters(kursk, sample(kursk, SEED, 0, WORLDS))
    setting = translate.setting(kursk)
    keys = jax.vmap(world_key, (None, 0))(SEED, jnp.arange(WORLDS, dtype=jnp.uint32))

    def run(plan: str) -> War:
        orders = translate.orders(kursk, kursk.plans[plan])
        states, happened = course(given, setting, orders, keys)
        return War(given, setting, *jax.tree.map(np.asarray, (states, happened)))

    return run


@pytest.fixture(scope="module", params=PLANS)
def war(request: pytest.FixtureRequest, war_of: Callable[[str], War]) -> War:
    return war_of(request.param)


def test_every_man_is_accounted_for(war: War):
    """At the front, in reserve, in hospital or lost: those of the start and who joined since."""
    s, given, setting = war.states, war.given, war.setting
    there = s.troops.sum(axis=-1) + s.reserve + s.hospital + s.dead
    week = np.arange(there.shape[1])
    joined = week[:, None] * np.asarray(given.recruits).T[:, None]
    backs, due = np.asarray(setting.backs), np.asarray(setting.reinforcement_week)
    assert (due >= 0).any(), "no reinforcement is ever due: the case does not test it"
    for supporter in np.flatnonzero(due >= 0):
        invaded = s.invaded[:, due[supporter] + 1] @ backs[:, supporter]
        sent = np.asarray(given.reinforcement)[supporter] * invaded
        joined = (
            joined + (week > due[supporter])[:, None] * sent[:, None, None] * backs[:, supporter]
        )
    # a hundred weeks of some ten roundings, 6e-8 each, on a side of several hundred thousand
    np.testing.assert_allclose(there, there[:, :1] + joined, rtol=2e-5)
    assert (s.invaded[:, -1, 1] > 0).any(), "no world in which the move took place"


def test_troops_and_ground_stay_within_what_there_is(war: War):
    s = war.states
    for share in (s.share, war.weeks.support):
        assert share.min() >= 0
        assert share.max() <= 1
    for name in ("troops", "reserve", "hospital", "dead", "materiel", "fort", "anger", "patience"):
        assert getattr(s, name).min() >= -1e-3, name
    assert set(np.unique(s.rung)) <= {0.0, 1.0, 2.0, 3.0, 4.0}
    assert (np.diff(s.casualties, axis=1) >= 0).all()


def test_ground_moves_as_it_was_gained(war: War):
    area = np.asarray(war.setting.area)
    moved = np.diff(war.states.share, axis=1) * area
    # shares are rounded at 6e-8 of tens of thousands of km²
    np.testing.assert_allclose(moved, war.weeks.gain, atol=0.02)
    still = np.asarray(war.setting.fought) == 0
    assert still.any()
    assert (moved[..., still] == 0).all(), "only a deal moves ground that is not fought over"


def test_nothing_is_undefined(war: War):
    for name, values in {**vars(war.states), **vars(war.weeks)}.items():
        if name != "answered":
            assert np.isfinite(values).all(), name
    never = np.isinf(war.states.answered)  # no provocation has met a response yet
    assert np.isfinite(war.states.answered[~never]).all()
    assert never[:, 0].all()


def test_exchanging_the_sides_exchanges_what_happens_to_them(
    kursk: CaseFile, war_of: Callable[[str], War]
):
    """The same war with the parties' names exchanged is the same war: no side is special.

    Without luck, as each side has its own; over half a year, before roundings add up.
    """
    war = war_of("hold-and-strike")
    lucky = [getattr(war.given, name) for name in WITHOUT_LUCK]
    given = eqx.tree_at(
        lambda p: [getattr(p, name) for name in WITHOUT_LUCK],
        war.given,
        [jnp.full_like(x, value) for x, value in zip(lucky, WITHOUT_LUCK.values(), strict=True)],
    )
    setting, orders = war.setting, translate.orders(kursk, kursk.plans["hold-and-strike"])
    keys = jnp.zeros(WORLDS, jnp.uint32)
    states, _ = course(given, setting, orders, keys)

    other_given = Parameters(
        **{
            q.name: getattr(given, q.name)[::-1] if "side" in q.over else getattr(given, q.name)
            for q in QUANTITIES
        }
    )
    other_setting = eqx.tree_at(
        lambda s: (s.share, s.own_soil, s.backs),
        setting,
        (1 - setting.share, setting.own_soil[::-1], setting.backs[::-1]),
    )
    other_orders = jax.tree.map(lambda x: x[:, ::-1], orders)
    other_orders = eqx.tree_at(lambda o: o.aid_factor, other_orders, orders.aid_factor)
    others, _ = course(other_given, other_setting, other_orders, keys)

    for name, there in vars(states).items():
        here = getattr(others, name)
        if there.ndim > 2 and there.shape[2] == 2:
            here = here[:, :, ::-1]
        if name == "share":
            here = 1 - here
        if name in ("surprise", "belief_mean", "first_belief"):
            here = -here
        np.testing.assert_allclose(here[:, :27], there[:, :27], rtol=1e-3, atol=1e-3, err_msg=name)
