"""A week's fighting: combat losses and the ground that changes hands, in every sector."""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp

from ripeness.war import attrition, ground
from ripeness.war.apart import apart, mechanism
from ripeness.war.arrays import PerSector, PerSide, PerSideSector, Scalar, total
from ripeness.war.moves import Moved
from ripeness.war.noise import Noise, Purpose
from ripeness.war.parameters import Orders, Parameters, Setting, State


class Fought(eqx.Module):
    """What the fighting of a week brought.

    Attributes
    ----------
    gain, share
        km², positive for side 0; share of each sector's contested area that side 0 then holds.
    losses, casualties
        Thousands, by sector and in all.
    intensity
        Casualties against those of the decision date.
    balance, engaged
        Log power ratio, positive for side 0; share of the fighting that takes place (0 to 1).
    surprise, fort
        Log power left for the next week.
    """

    gain: PerSector
    share: PerSector
    losses: PerSideSector
    casualties: PerSide
    intensity: PerSide
    balance: PerSector
    engaged: PerSector
    surprise: PerSector
    fort: PerSideSector


@mechanism
def step(
    p: Parameters,
    setting: Setting,
    orders: Orders,
    state: State,
    noise: Noise,
    moved: Moved,
    first_losses: PerSide,
) -> Fought:
    """Fight for a week.

    Parameters
    ----------
    first_losses
        Casualties a week with the forces of the decision date, from `usual_losses`.
    """
    power = apart(attrition.log_power(moved.troops, state.materiel, p.materiel_power))
    balance = attrition.balance(power)
    engaged = attrition.engaged(moved.troops) * setting.fought
    week = state.week.astype(jnp.float32)
    pace = apart(ground.season(week, p.season_depth, p.season_low_week))
    defence = p.defence_advantage + p.terrain
    drive = ground.drive(balance, moved.surprise, state.fort, defence, p.ground_softness)
    push = p.gain_scale * setting.fought * pace * drive
    spread = ground.noise_scale(push, engaged, p.ground_noise, p.ground_noise_floor)
    held = state.share * setting.area
    left = setting.area - held
    draw = noise.normal(Purpose.GROUND, len(push))
    gain = ground.saturate(push + spread * draw, left, held)
    gone = jnp.stack([-gain / jnp.maximum(held, 1.0), gain / jnp.maximum(left, 1.0)])
    digging = orders.dig_in * moved.authorised[:, None]
    tempo = engaged * (1.0 + p.tempo * jnp.abs(gain) / jnp.maximum(p.gain_scale, 1.0))
    reference = attrition.reference_strength(p.troops)
    losses = attrition.losses(moved.troops, power, reference, p.loss_rate, p.attrition_law, tempo)
    casualties = total(losses, 1)
    return Fought(
        gain=gain,
        share=jnp.clip(state.share + gain / setting.area, 0.0, 1.0),
        losses=losses,
        casualties=casualties,
        intensity=casualties / first_losses,
        balance=balance,
        engaged=engaged,
        surprise=ground.fade(moved.surprise, p.surprise_halflife),
        fort=ground.dig(
            state.fort, digging, jnp.clip(gone, 0.0, 1.0), p.fort_strength, p.fort_weeks
        ),
    )


def usual_losses(p: Parameters, setting: Setting) -> PerSide:
    """Casualties a week of each side with the forces of the decision date, thousands."""
    power = attrition.log_power(p.troops, jnp.ones_like(p.reserve), p.materiel_power)
    engaged = attrition.engaged(p.troops) * setting.fought
    reference = attrition.reference_strength(p.troops)
    losses = attrition.losses(p.troops, power, reference, p.loss_rate, p.attrition_law, engaged)
    return jnp.maximum(total(losses, 1), 1e-3)


def overall_balance(balance: PerSector, engaged: PerSector, troops: PerSideSector) -> Scalar:
    """Log power ratio of the whole front: sectors weighed by the troops that fight there."""
    weight = engaged * total(troops, 0)
    return total(weight * balance, 0) / jnp.maximum(total(weight, 0), 1e-6)
