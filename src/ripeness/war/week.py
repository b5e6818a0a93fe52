"""One week of one world: the mechanisms in the order in which a week happens."""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from ripeness.war import attrition, escalation, forces, ground, homefront, moves, supporters, talks
from ripeness.war.noise import Noise, Purpose
from ripeness.war.parameters import (
    Orders,
    Parameters,
    PerSector,
    PerSide,
    PerSideSector,
    PerSupporter,
    Scalar,
    Setting,
    State,
)


class Happened(eqx.Module):
    """What a week brought, for whoever keeps the books.

    Attributes
    ----------
    gain
        km² a sector, positive for side 0.
    balance
        True log power ratio of each fought sector's battle, and the share of fighting there.
    casualties
        Thousands of each side.
    intensity
        Casualties against those of the decision date.
    support
        Share of society for going on.
    aid
        Times its level at the decision date.
    strikes, steps, responses, harsher
        Mass strikes made, provocation suffered (points), responses made, responses that stayed below a rung.
    permitted
        1 if the side may strike deep this week.
    believed_chance
        Belief of each side's supporters that its next invasion-sized step meets a response.
    own_soil_lost
        km², since the decision date.
    """

    gain: PerSector
    balance: PerSector
    engaged: PerSector
    casualties: PerSide
    intensity: PerSide
    support: PerSide
    aid: PerSupporter
    strikes: PerSide
    steps: PerSide
    responses: PerSide
    harsher: PerSide
    permitted: PerSide
    believed_chance: PerSide
    own_soil_lost: PerSideSector


def first_state(p: Parameters, setting: Setting, noise: Noise) -> State:
    """How a world stands at the decision date; `noise` is that of week 0."""
    sides = jnp.zeros_like(p.reserve)
    none = jnp.zeros_like(p.nerve)
    supporters_zero = jnp.zeros_like(p.dependence)
    rho = overall_balance(
        attrition.balance(attrition.power(p.troops, sides + 1.0, p.materiel_power)),
        attrition.engaged(p.troops) * setting.fought,
        p.troops,
    )
    hope = jnp.array([1.0, -1.0], jnp.float32) * p.optimism
    return State(
        week=jnp.int32(0),
        share=setting.share,
        troops=p.troops,
        reserve=p.reserve,
        hospital=sides,
        dead=sides,
        casualties=sides,
        materiel=sides + 1.0,
        surprise=jnp.zeros_like(p.gain_scale),
        fort=jnp.zeros_like(p.troops),
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
        rung=none,
        excitation=sides,
        talks_open=none,
        partial_open=noise.happens(Purpose.PARTIAL_START, p.partial_open_at_start),
        truce=none,
        belief_mean=rho + hope,
        belief_var=p.belief_sd**2,
        weak_weeks=sides,
    )


def overall_balance(balance: PerSector, engaged: PerSector, troops: PerSideSector) -> Scalar:
    """Log power ratio of the whole front: sectors weighed by the troops that fight there."""
    weight = engaged * troops.sum(axis=0)
    return (weight * balance).sum() / jnp.maximum(weight.sum(), 1e-6)


def week(
    p: Parameters,
    setting: Setting,
    orders: Orders,
    state: State,
    noise: Noise,
    first_losses: PerSide,
) -> tuple[State, Happened]:
    """Step one world by one week.

    Parameters
    ----------
    first_losses
        Casualties a week of each side with the forces of the decision date, from `usual_losses`.
    """
    other = slice(None, None, -1)
    believed = _believed_chance(p, state, p.provocation_invasion)

    # 1 Moves
    benefit_of_move = p.permission_benefit
    may_move = supporters.leave(
        benefit_of_move, p.clash_stake, p.dependence, setting.backs, believed
    )
    authorised = moves.authorise(
        state.authorised,
        orders.opens.max(axis=1),
        may_move,
        orders.needs_leave,
        noise_of_world(noise).happens(Purpose.AUTONOMY, p.autonomy),
    )
    opens = orders.opens * authorised[:, None]
    committed = orders.commit * authorised[:, None]
    troops, reserve = moves.withdraw(
        state.troops, state.reserve, orders.withdraws * authorised[:, None]
    )
    troops, reserve = moves.commit(troops, reserve, opens * p.commitment)
    invades = (opens * setting.own_soil[other]).max(axis=1)
    invaded_now = invades[other]
    surprise = state.surprise + (opens * p.surprise[:, None] * _sign()[:, None]).sum(axis=0)
    steady = p.provocation_strikes * p.provocation_halflife / jnp.log(2.0)
    may_strike = supporters.leave(
        p.permission_benefit,
        p.clash_stake,
        p.dependence,
        setting.backs,
        _believed_chance(p, state, steady),
    )
    permitted = orders.strike_deep * may_strike

    # 2 Combat and 3 ground
    power = attrition.power(troops, state.materiel, p.materiel_power)
    rho = attrition.balance(power)
    engaged = attrition.engaged(troops) * setting.fought
    defence = p.defence_advantage + p.terrain
    pace = ground.season(state.week.astype(jnp.float32), p.season_depth, p.season_low_week)
    drive = ground.drive(rho, surprise, state.fort, defence, p.ground_softness)
    push = p.gain_scale * setting.fought * pace * drive
    spread = ground.noise_scale(push, engaged, p.ground_noise, p.ground_noise_floor)
    held = state.share * setting.area
    left = setting.area - held
    gain = ground.saturate(push + spread * noise.normal(Purpose.GROUND, *push.shape), left, held)
    share = jnp.clip(state.share + gain / setting.area, 0.0, 1.0)
    lost_share = jnp.clip(
        jnp.stack([-gain / jnp.maximum(held, 1.0), gain / jnp.maximum(left, 1.0)]), 0.0, 1.0
    )
    fort = ground.dig(
        state.fort, orders.dig_in * authorised[:, None], lost_share, p.fort_strength, p.fort_weeks
    )
    reference = attrition.reference_strength(p.troops)
    tempo = engaged * (1.0 + p.tempo * jnp.abs(gain) / jnp.maximum(p.gain_scale, 1.0))
    losses = attrition.losses(troops, power, reference, p.loss_rate, p.attrition_law, tempo)
    casualties = losses.sum(axis=1)
    intensity = casualties / first_losses

    # 4 Replacement and redeployment
    returning, hospital, lost = forces.heal(
        state.hospital, casualties, p.return_share, p.return_weeks
    )
    lost_soil = forces.own_soil_lost(share, setting.share, setting.area, setting.own_soil)
    ever_invaded = jnp.maximum(state.invaded, (lost_soil.sum(axis=1) > 0) * invaded_now)
    sent = jnp.where(
        setting.reinforcement_week == state.week,
        p.reinforcement * (setting.backs * ever_invaded[:, None]).sum(axis=0),
        0.0,
    )
    reserve = reserve + p.recruits + returning + (setting.backs * sent).sum(axis=1)
    extra = committed * p.commitment + forces.home_demand(
        lost_soil, p.home_priority, p.home_priority_area
    )
    wanted = forces.demand(troops - losses, reserve, p.troops, p.reserve, extra)
    troops, reserve = forces.redeploy(troops - losses, reserve, wanted, p.shift_limit)

    # 5 Supporters
    side_gain = jnp.stack([gain.sum(), -gain.sum()])
    level = supporters.drift(
        state.aid_level,
        p.aid_fatigue,
        p.aid_follows_success,
        (setting.backs * side_gain[:, None]).sum(axis=0),
    )
    stops = noise_of_world(noise).happens(Purpose.ELECTION, p.election_stop)
    level = level * jnp.where(
        (setting.election_week == state.week) & (stops > 0), p.election_cut, 1.0
    )
    shock = supporters.waver(
        state.aid_shock,
        noise.normal(Purpose.AID, *level.shape),
        p.aid_volatility,
        p.aid_memory,
    )
    aid = level * jnp.exp(shock) * orders.aid_factor
    supply = supporters.supply(
        aid, p.dependence, setting.backs, p.deep_strike_effect * permitted[other]
    )
    materiel = forces.follow_supply(
        state.materiel, supply, intensity, p.wear, p.materiel_speed
    ) * jnp.exp(p.materiel_noise * noise.normal(Purpose.MATERIEL, *supply.shape))

    # 6 Home front
    total_casualties = state.casualties + casualties
    net_gain = ((share - setting.share) * setting.area).sum() * _sign()
    taken = jnp.stack([gain, -gain]) * setting.own_soil[other]
    support_shock = homefront.shocks(
        state.support_shock,
        p.support_return,
        p.support_noise * noise.normal(Purpose.SUPPORT, *state.support_shock.shape),
        p.rally * invaded_now * (1.0 - state.invaded),
        p.humiliation * ever_invaded * (lost_soil.sum(axis=1) > 1.0),
        p.lift * jnp.maximum(taken.sum(axis=1), 0.0) / 1000.0,
    )
    support = homefront.support(
        p.support_start,
        p.support_driver,
        homefront.casualty_effect(total_casualties, p.casualties_start, p.casualty_sensitivity),
        homefront.prospects_effect(net_gain, p.prospects_sensitivity),
        p.weariness,
        state.week.astype(jnp.float32) + 1.0,
        support_shock,
    )

    # 7 Escalation
    attacks = noise.count(Purpose.ATTACKS, p.attack_rate) + invades
    blame = jnp.clip(p.blame + p.publicity * orders.publicise, 0.0, 1.0)
    made = blame * (
        p.provocation_invasion * invades
        + p.provocation_strikes * permitted
        + p.provocation_attack * attacks
    )
    steps = made[other]
    provocation = escalation.add_provocation(state.provocation, steps, p.provocation_halflife)
    patience = escalation.wear_patience(state.patience, steps, p.tolerance_kind, p.erosion)
    line = escalation.tolerance(p.tolerance, p.tolerance_luck, p.tolerance_prior, p.bluff_chance)
    responses = noise.happens(
        Purpose.RESPONSE,
        escalation.response_chance(provocation, line * patience, p.response_width, p.accident_rate),
    )
    climbs = responses * noise.happens(
        Purpose.CLIMB, escalation.climb_chance(p.climb, state.rung) + 0.0 * responses
    )
    harsher = responses - climbs
    calms = noise.happens(Purpose.CALM, p.calm) * (responses.sum() == 0)
    rung = escalation.next_rung(state.rung, jnp.minimum(climbs.sum(), 1.0), calms)
    survived = jnp.maximum(state.survived, provocation * (1.0 - responses))
    answered = jnp.where(responses > 0, jnp.minimum(state.answered, provocation), state.answered)
    strikes = noise.count(
        Purpose.STRIKES,
        escalation.strike_intensity(p.strike_rate, state.excitation, state.truce) + harsher,
    )
    excitation = escalation.excite(
        state.excitation, strikes, attacks[other], p.strike_echo, p.strike_answer, p.strike_decay
    )

    # 8 Talks
    anger = talks.add_anger(state.anger, invaded_now, p.anger_jump, p.anger_halflife)
    talks_open, partial_open, truce = _talks(
        p, state, orders, noise, support, anger, rung, invaded_now.max()
    )

    weak = (support < p.support_floor) | (
        troops.sum(axis=1) + reserve < p.strength_floor * (p.troops.sum(axis=1) + p.reserve)
    )
    after = State(
        week=state.week + 1,
        share=share,
        troops=troops,
        reserve=reserve,
        hospital=hospital,
        dead=state.dead + lost,
        casualties=total_casualties,
        materiel=materiel,
        surprise=ground.fade(surprise, p.surprise_halflife),
        fort=fort,
        authorised=authorised,
        moved=jnp.maximum(state.moved, opens.max(axis=1)),
        aid_level=level,
        aid_shock=shock,
        support_shock=support_shock,
        invaded=ever_invaded,
        anger=anger,
        provocation=jnp.where(responses > 0, 0.0, provocation),
        survived=survived,
        answered=answered,
        patience=patience,
        rung=rung,
        excitation=excitation,
        talks_open=talks_open,
        partial_open=partial_open,
        truce=truce,
        belief_mean=state.belief_mean,
        belief_var=state.belief_var,
        weak_weeks=jnp.where(weak, state.weak_weeks + 1.0, 0.0),
    )
    happened = Happened(
        gain=gain,
        balance=rho,
        engaged=engaged,
        casualties=casualties,
        intensity=intensity,
        support=support,
        aid=aid,
        strikes=strikes,
        steps=steps,
        responses=responses,
        harsher=harsher,
        permitted=permitted,
        believed_chance=believed,
        own_soil_lost=lost_soil,
    )
    return after, happened


def quiet_week(p: Parameters, setting: Setting, state: State) -> Happened:
    """The week before the decision date, for books that begin there."""
    sides = jnp.zeros_like(p.reserve)
    power = attrition.power(p.troops, sides + 1.0, p.materiel_power)
    return Happened(
        gain=jnp.zeros_like(state.share),
        balance=attrition.balance(power),
        engaged=attrition.engaged(p.troops) * setting.fought,
        casualties=sides,
        intensity=sides + 1.0,
        support=p.support_start,
        aid=state.aid_level,
        strikes=sides,
        steps=sides,
        responses=sides,
        harsher=sides,
        permitted=sides,
        believed_chance=_believed_chance(p, state, p.provocation_invasion),
        own_soil_lost=jnp.zeros_like(p.troops),
    )


def usual_losses(p: Parameters, setting: Setting) -> PerSide:
    """Casualties a week of each side with the forces of the decision date, thousands."""
    power = attrition.power(p.troops, jnp.ones_like(p.reserve), p.materiel_power)
    losses = attrition.losses(
        p.troops,
        power,
        attrition.reference_strength(p.troops),
        p.loss_rate,
        p.attrition_law,
        attrition.engaged(p.troops) * setting.fought,
    )
    return jnp.maximum(losses.sum(axis=1), 1e-3)


def noise_of_world(noise: Noise) -> Noise:
    """Luck that is drawn once a world: that of week 0, whatever the week."""
    return Noise(noise.key, jnp.zeros_like(noise.week))


def _sign() -> Float[Array, "sides"]:
    return jnp.array([1.0, -1.0], jnp.float32)


def _believed_chance(p: Parameters, state: State, step: Scalar) -> PerSide:
    """Belief of each side's supporters that its step, laid at their door, meets the other side's response."""
    other = slice(None, None, -1)
    return supporters.chance_of_crossing(
        state.survived[other],
        state.answered[other],
        jnp.maximum(state.provocation[other] + p.blame * step, state.survived[other]),
        p.tolerance[other],
        p.tolerance_prior,
        p.bluff_chance,
    )


def _talks(
    p: Parameters,
    state: State,
    orders: Orders,
    noise: Noise,
    support: PerSide,
    anger: PerSide,
    rung: Scalar,
    invasion: Scalar,
) -> tuple[Scalar, Scalar, Scalar]:
    """Whether talks on the war, talks on a partial deal, and a truce are there after this week."""
    rates = jnp.stack([p.opening_rate_full, p.opening_rate_partial])
    opens = noise.happens(
        Purpose.TALKS_OPEN,
        talks.opening_chance(
            rates,
            p.support_start - support,
            p.weariness_weight,
            anger,
            rung,
            p.rung_weight,
            p.offer_push * orders.offer_talks.max(),
        ),
    )
    closes = noise.happens(Purpose.TALKS_CLOSE, talks.rate_to_chance(p.closing_rate) + 0.0 * rates)
    scuttled = noise.happens(Purpose.SCUTTLE, p.scuttle)
    was_open = jnp.stack([state.talks_open, state.partial_open])
    is_open = talks.step_channel(was_open, opens, closes, invasion, scuttled)
    struck = noise.happens(Purpose.TRUCE, talks.rate_to_chance(p.truce_rate))
    breaks = noise.happens(Purpose.TRUCE_BREAK, talks.rate_to_chance(p.truce_break))
    truce = jnp.where(state.truce > 0, state.truce * (1.0 - breaks), is_open[1] * struck)
    return is_open[0], is_open[1], truce
