"""What a world is given: its setting, the orders of a plan, and one number for every quantity.

Shapes: ``sides`` is 2, ``sectors``, ``supporters``, ``terms`` as many as the case has. Side 0 is
the first of the case. The meaning and unit of each parameter stand in the case's catalogue of
quantities.
"""

from __future__ import annotations

import equinox as eqx
from jaxtyping import Float, Int

from ripeness.war.arrays import (
    Array,
    PerSector,
    PerSide,
    PerSideSector,
    PerSideSupporter,
    PerSupporter,
    PerTerm,
    Scalar,
    Word,
)


class Setting(eqx.Module):
    """The facts of a case, the same in every world.

    Attributes
    ----------
    area
        Contested area of each sector, km².
    share
        Share of it that side 0 holds at the decision date.
    own_soil
        1 where the sector is recognised soil of the side.
    fought
        1 where ground can change hands by fighting.
    backs
        1 where a supporter backs the side.
    election_week, reinforcement_week
        Week in which the next government takes office, in which troops may be sent; -1 for never.
    """

    area: PerSector
    share: PerSector
    own_soil: PerSideSector
    fought: PerSector
    backs: PerSideSupporter
    election_week: Int[Array, "supporters *worlds"]
    reinforcement_week: Int[Array, "supporters *worlds"]


class Orders(eqx.Module):
    """What a plan orders in one week; 1 for yes.

    Attributes
    ----------
    commit, opens, withdraws, dig_in
        A side's move in a sector: goes on this week, begins, ends, digs in.
    needs_leave
        The side's move waits for its supporters' leave.
    strike_deep, publicise, offer_talks
        Ask for deep strikes, advertise the supporters' part, offer talks.
    aid_factor
        Aid of each supporter against what it would be.
    """

    commit: PerSideSector
    opens: PerSideSector
    withdraws: PerSideSector
    dig_in: PerSideSector
    needs_leave: PerSide
    strike_deep: PerSide
    publicise: PerSide
    offer_talks: PerSide
    aid_factor: PerSupporter


class Parameters(eqx.Module):
    """A world's number for every quantity of the catalogue, by its name there."""

    troops: PerSideSector
    reserve: PerSide
    recruits: PerSide
    return_share: PerSide
    return_weeks: Scalar
    shift_limit: PerSide
    home_priority: PerSide
    home_priority_area: Scalar
    commitment: PerSideSector

    loss_rate: PerSide
    attrition_law: Scalar
    tempo: Scalar
    materiel_power: Scalar
    gain_scale: PerSector
    terrain: PerSector
    defence_advantage: Scalar
    ground_softness: Scalar
    ground_noise: Scalar
    ground_noise_floor: Scalar
    season_depth: Scalar
    season_low_week: Scalar
    surprise: PerSide
    surprise_halflife: Scalar
    fort_strength: PerSide
    fort_weeks: Scalar

    dependence: PerSupporter
    aid_fatigue: PerSupporter
    aid_volatility: PerSupporter
    aid_memory: Scalar
    election_stop: PerSupporter
    election_cut: PerSupporter
    aid_follows_success: PerSupporter
    reinforcement: PerSupporter
    deep_strike_effect: Scalar
    materiel_speed: PerSide
    wear: PerSide
    materiel_noise: Scalar
    autonomy: PerSide
    permission_benefit: PerSupporter
    clash_stake: PerSupporter
    client_worth: PerSupporter
    aid_price: PerSupporter

    support_start: PerSide
    casualties_start: PerSide
    support_driver: Word
    casualty_sensitivity: PerSide
    prospects_sensitivity: PerSide
    weariness: PerSide
    support_return: Scalar
    support_noise: Scalar
    rally: PerSide
    humiliation: PerSide
    lift: PerSide
    doves: PerSide

    tolerance: PerSide
    tolerance_luck: PerSide
    tolerance_prior: Word
    bluff_chance: Scalar
    tolerance_kind: Word
    erosion: Scalar
    provocation_invasion: Scalar
    provocation_strikes: Scalar
    provocation_attack: Scalar
    provocation_halflife: Scalar
    blame: Scalar
    publicity: Scalar
    response_width: Scalar
    accident_rate: Scalar
    climb: Scalar
    calm: Scalar
    attack_rate: PerSide
    strike_rate: PerSide
    strike_echo: PerSide
    strike_answer: PerSide
    strike_decay: Scalar
    strike_damage: PerSide

    opening_rate_full: Scalar
    opening_rate_partial: Scalar
    partial_open_at_start: Scalar
    closing_rate: Scalar
    weariness_weight: PerSide
    anger_jump: PerSide
    anger_halflife: Scalar
    rung_weight: Scalar
    scuttle: Scalar
    offer_push: Scalar
    truce_rate: Scalar
    truce_break: Scalar

    own_soil_worth: PerSide
    foreign_soil_worth: PerSide
    sector_worth: PerSector
    term_worth: Float[Array, "sides terms *worlds"]
    concession_price: PerSide
    war_cost: PerSide
    casualty_share: Scalar
    war_cost_growth: PerSide
    discount: Scalar
    breach: PerSide
    renewed_war_years: Scalar
    rearmed_loss: PerSide
    optimism: PerSide
    belief_sd: PerSide
    signal_sd: Scalar
    learning: Word
    offer_sd: Scalar
    bargaining_protocol: Word
    bargaining_power: Scalar
    impatience: PerSide
    private_cost: PerSide
    insulation: PerSide
    office_stake: PerSide
    office_loss: PerSide
    nerve: Scalar
    tail_years: Scalar
    leader_veto: PerSide
    term_blocked: PerTerm
    support_floor: PerSide
    strength_floor: PerSide
    wider_war_loss: PerSide
    collapse_weeks: Scalar


class State(eqx.Module):
    """How a world stands at the beginning of a week.

    Attributes
    ----------
    week
        Weeks since the decision date.
    share
        Share of each sector's contested area held by side 0.
    troops, reserve, hospital, dead
        Thousands: in sectors, uncommitted, wounded who will return, lost for good (since the
        decision date).
    casualties
        Thousands, since the decision date.
    materiel
        1 at the decision date.
    surprise
        Log power, positive for side 0.
    fort
        Log power of the prepared lines of each side.
    autonomous, cutting
        1 if the side would act against its supporters' wish; if a supporter's next government cuts
        aid.
    authorised
        1 once a side's move has its supporters' leave, or went ahead without.
    moved
        1 once a move took place.
    aid_level, aid_shock
        Times its level at the decision date; log deviation from it.
    support_shock
        Logit, what events added to support.
    invaded
        1 once the side's own soil was invaded.
    anger
        Log, by which the opening of talks is less likely.
    provocation, survived, answered, patience
        Provocation points laid at the door of the other side's supporters; the most of them that
        met no response; the fewest that met one; what erosion left of tolerance, 1 at first.
    tolerance
        Provocation points that the side bears, before erosion.
    rung
        0 as before, 1 sabotage, 2 strikes on supplies outside, 3 direct clash, 4 nuclear use.
    excitation
        Strikes a week added by what went before.
    talks_open, truce
        1 if open: talks on the war, talks on a partial deal; 1 if a truce on strikes holds.
    belief_mean, belief_var
        What each side thinks of the log power ratio, positive for side 0; its variance.
    first_belief
        What it thought at the decision date.
    refused
        Up to where in the range within which the other side knows the worth of going on to it its
        refusals have shown that it does not lie.
    weak_weeks
        Weeks that a side has been under one of its floors.
    """

    week: Word
    share: PerSector
    troops: PerSideSector
    reserve: PerSide
    hospital: PerSide
    dead: PerSide
    casualties: PerSide
    materiel: PerSide
    surprise: PerSector
    fort: PerSideSector
    autonomous: PerSide
    cutting: PerSupporter
    authorised: PerSide
    moved: PerSide
    aid_level: PerSupporter
    aid_shock: PerSupporter
    support_shock: PerSide
    invaded: PerSide
    anger: PerSide
    provocation: PerSide
    survived: PerSide
    answered: PerSide
    patience: PerSide
    tolerance: PerSide
    rung: Scalar
    excitation: PerSide
    talks_open: Scalar
    partial_open: Scalar
    truce: Scalar
    belief_mean: PerSide
    belief_var: PerSide
    first_belief: PerSide
    refused: PerSide
    weak_weeks: PerSide
