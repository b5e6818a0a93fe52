"""One week of one world: the mechanisms in the order in which a week happens."""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp

from ripeness.war import (
    attrition,
    battle,
    escalation,
    forces,
    homefront,
    moves,
    supporters,
    talks,
)
from ripeness.war.arrays import (
    PerSector,
    PerSide,
    PerSideSector,
    PerSupporter,
    Scalar,
    largest,
    total,
)
from ripeness.war.battle import overall_balance
from ripeness.war.noise import Noise, Purpose
from ripeness.war.parameters import Orders, Parameters, Setting, State


class Happened(eqx.Module):
    """What a week brought, for whoever keeps the books.

    Attributes
    ----------
    gain
        km² a sector, positive for side 0.
    balance
        True log power ratio of the whole front, positive for side 0.
    fighting
        Share of the fighting that takes place where most of it does.
    casualties
        Thousands of each side.
    intensity
        Casualties against those of the decision date.
    support
        Share of society for going on.
    aid
        Times its level at the decision date.
    strikes, steps, responses, harsher
        Mass strikes made, provocation suffered (points), responses made, responses that stayed
        below a rung.
    wider_war_chance
        With which the top rung was to be reached this week.
    permitted
        1 if the side may strike deep this week.
    own_soil_lost
        km², since the decision date.
    """

    gain: PerSector
    balance: Scalar
    fighting: Scalar
    casualties: PerSide
    intensity: PerSide
    support: PerSide
    aid: PerSupporter
    strikes: PerSide
    steps: PerSide
    responses: PerSide
    harsher: PerSide
    wider_war_chance: Scalar
    permitted: PerSide
    own_soil_lost: PerSideSector


def first_state(p: Parameters, setting: Setting, noise: Noise) -> State:
    """How a world stands at the decision date; `noise` is that of week 0."""
    sides = jnp.zeros_like(p.reserve)
    none = jnp.zeros_like(p.nerve)
    supporters_zero = jnp.zeros_like(p.dependence)
    rho, _ = _first_front(p, setting)
    believed = jnp.stack([rho + p.optimism[0], rho - p.optimism[1]])
    return State(
        week=jnp.zeros_like(p.nerve, jnp.int32),
        share=jnp.broadcast_to(setting.share, p.sector_worth.shape),
        troops=p.troops,
        reserve=p.reserve,
        hospital=sides,
        dead=sides,
        casualties=sides,
        materiel=sides + 1.0,
        surprise=jnp.zeros_like(p.gain_scale),
        fort=jnp.zeros_like(p.troops),
        autonomous=noise.happens(Purpose.AUTONOMY, p.autonomy),
        cutting=noise.happens(Purpose.ELECTION, p.election_stop),
        authorised=sides,
        moved=sides,
        aid_level=supporters_zero + 1.0,
        aid_shock=supporters_zero,
        support_shock=sides,
        invaded=sides,
        anger=sides,
        provocation=sides,
        survived=sides,
        answered=sides + jnp.inf,
        patience=sides + 1.0,
        tolerance=escalation.tolerance(
            p.tolerance, p.tolerance_luck, p.tolerance_prior, p.bluff_chance
        ),
        rung=none,
        excitation=sides,
        talks_open=none,
        partial_open=noise.happens(Purpose.PARTIAL_START, p.partial_open_at_start),
        truce=none,
        belief_mean=believed,
        belief_var=p.belief_sd**2,
        first_belief=believed,
        refused=sides,
        weak_weeks=sides,
    )


def _first_front(p: Parameters, setting: Setting) -> tuple[Scalar, Scalar]:
    """Log power ratio of the front at the decision date, and the share of fighting there."""
    power = attrition.log_power(p.troops, jnp.ones_like(p.reserve), p.materiel_power)
    engaged = attrition.engaged(p.troops) * setting.fought
    return overall_balance(attrition.balance(power), engaged, p.troops), largest(engaged, 0)


def week(
    p: Parameters,
    setting: Setting,
    orders: Orders,
    state: State,
    noise: Noise,
    first_losses: PerSide,
) -> tuple[State, Happened]:
    """Step worlds by one week.

    Parameters
    ----------
    first_losses
        Casualties a week of each side with the forces of the decision date, from
        `battle.usual_losses`.
    """
    moved = moves.step(p, setting, orders, state)
    fought = battle.step(p, setting, orders, state, noise, moved, first_losses)
    placed = forces.step(p, setting, state, moved, fought)
    sent = supporters.step(p, setting, orders, state, noise, fought.gain, moved.permitted)
    felt = homefront.step(p, setting, state, noise, moved, fought, placed)
    risen = escalation.step(p, orders, state, noise, moved)
    talked = talks.step(p, orders, state, noise, moved, felt.support, risen.rung)
    after = State(
        week=state.week + 1,
        share=fought.share,
        troops=placed.troops,
        reserve=placed.reserve,
        hospital=placed.hospital,
        dead=placed.dead,
        casualties=state.casualties + fought.casualties,
        materiel=forces.resupply(p, state, sent.supply, fought.intensity, noise),
        surprise=fought.surprise,
        fort=fought.fort,
        autonomous=state.autonomous,
        cutting=state.cutting,
        authorised=moved.authorised,
        moved=jnp.maximum(state.moved, largest(moved.opens, 1)),
        aid_level=sent.aid_level,
        aid_shock=sent.aid_shock,
        support_shock=felt.shock,
        invaded=placed.invaded,
        anger=talked.anger,
        provocation=risen.provocation,
        survived=risen.survived,
        answered=risen.answered,
        patience=risen.patience,
        tolerance=state.tolerance,
        rung=risen.rung,
        excitation=risen.excitation,
        talks_open=talked.talks_open,
        partial_open=talked.partial_open,
        truce=talked.truce,
        belief_mean=state.belief_mean,
        belief_var=state.belief_var,
        first_belief=state.first_belief,
        refused=state.refused,
        weak_weeks=_weak_weeks(p, state, felt.support, placed),
    )
    happened = Happened(
        gain=fought.gain,
        balance=overall_balance(fought.balance, fought.engaged, placed.troops),
        fighting=largest(fought.engaged, 0),
        casualties=fought.casualties,
        intensity=fought.intensity,
        support=felt.support,
        aid=sent.aid,
        strikes=risen.strikes,
        steps=risen.steps,
        responses=risen.responses,
        harsher=risen.harsher,
        wider_war_chance=risen.wider_war_chance,
        permitted=moved.permitted,
        own_soil_lost=placed.own_soil_lost,
    )
    return after, happened


def _weak_weeks(p: Parameters, state: State, support: PerSide, placed: forces.Replaced) -> PerSide:
    """Weeks on end that a side has been under its floor of support or of strength."""
    strength = total(placed.troops, 1) + placed.reserve
    first_strength = total(p.troops, 1) + p.reserve
    weak = (support < p.support_floor) | (strength < p.strength_floor * first_strength)
    return jnp.where(weak, state.weak_weeks + 1.0, 0.0)


def quiet_week(p: Parameters, setting: Setting, state: State) -> Happened:
    """The week before the decision date, for books that begin there."""
    sides = jnp.zeros_like(p.reserve)
    balance, fighting = _first_front(p, setting)
    return Happened(
        gain=jnp.zeros_like(state.share),
        balance=balance,
        fighting=fighting,
        casualties=sides,
        intensity=sides + 1.0,
        support=p.support_start,
        aid=state.aid_level,
        strikes=sides,
        steps=sides,
        responses=sides,
        harsher=sides,
        wider_war_chance=jnp.zeros_like(p.nerve),
        permitted=sides,
        own_soil_lost=jnp.zeros_like(p.troops),
    )
