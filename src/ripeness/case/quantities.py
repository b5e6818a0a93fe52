"""The catalogue of quantities: every number that a case may, or must, give as an assumption.

A case names an assumption ``quantity``, ``quantity.side``, ``quantity.side.sector`` and so on; the
most specific name wins. The war and the settlement have a field of the same name for each quantity,
so this file is also the list of the model's parameters, with their units.
"""

from __future__ import annotations

from dataclasses import dataclass

SIDE = ("side",)
SECTOR = ("sector",)
SUPPORTER = ("supporter",)


@dataclass(frozen=True)
class Quantity:
    """One quantity that the model needs.

    Attributes
    ----------
    name
        The name used in case files and in the model.
    over
        What it is given for: any of ``side``, ``sector``, ``supporter``, ``term``; empty if it is
        given once a case.
    unit
        Its unit, in words.
    meaning
        One sentence for a reader of the case file.
    default
        The value where a case gives none, for words their place in `choices`; ``None`` if a case
        must give one.
    choices
        The words to choose from, for a rival structure; empty for a number.
    """

    name: str
    over: tuple[str, ...]
    unit: str
    meaning: str
    default: float | None = None
    choices: tuple[str, ...] = ()


FORCES = (
    Quantity(
        "troops",
        ("side", "sector"),
        "thousand troops",
        "committed to the sector at the decision date",
    ),
    Quantity("reserve", SIDE, "thousand troops", "uncommitted at the decision date"),
    Quantity("recruits", SIDE, "thousand troops a week", "new troops"),
    Quantity("return_share", SIDE, "share of casualties", "come back to duty after a time"),
    Quantity("return_weeks", (), "weeks", "mean time until they come back"),
    Quantity(
        "shift_limit", SIDE, "thousand troops a week", "that can change sector or leave the reserve"
    ),
    Quantity(
        "home_priority",
        SIDE,
        "thousand troops",
        "drawn to a sector where much of the side's own soil is lost",
    ),
    Quantity("home_priority_area", (), "km²", "of own soil lost that draws half of home_priority"),
    Quantity(
        "commitment",
        ("side", "sector"),
        "thousand troops",
        "that a plan's move commits to the sector",
        0.0,
    ),
)

COMBAT = (
    Quantity(
        "loss_rate",
        SIDE,
        "share of the reference strength a week",
        "casualties at parity of forces",
    ),
    Quantity(
        "attrition_law",
        (),
        "0 logarithmic, 1 linear, 2 square",
        "which of Lanchester's laws losses follow, in between allowed",
    ),
    Quantity("tempo", (), "times", "added to losses when ground moves at the sector's gain_scale"),
    Quantity("materiel_power", (), "exponent", "of materiel in combat power"),
    Quantity("gain_scale", SECTOR, "km² a week", "gained per unit of log power beyond the defence"),
    Quantity("terrain", SECTOR, "log power", "added to whoever defends", 0.0),
    Quantity("defence_advantage", (), "log power", "that an attacker must overcome"),
    Quantity("ground_softness", (), "log power", "over which stalemate turns into movement"),
    Quantity("ground_noise", (), "√km²", "spread of weekly gains: s.d. = this × √(gain + floor)"),
    Quantity("ground_noise_floor", (), "km² a week", "of movement that even a quiet sector sees"),
    Quantity("season_depth", (), "share", "by which the worst season slows movement"),
    Quantity(
        "season_low_week", (), "weeks", "after the decision date at which movement is slowest"
    ),
    Quantity("surprise", SIDE, "log power", "gained by a move's attacker in the first week"),
    Quantity("surprise_halflife", (), "weeks", "in which surprise halves"),
    Quantity("fort_strength", SIDE, "log power", "of finished prepared lines on ground taken"),
    Quantity("fort_weeks", (), "weeks", "until half of that strength is dug"),
)

SUPPORTERS = (
    Quantity(
        "dependence", SUPPORTER, "share", "of the client's materiel that comes from this supporter"
    ),
    Quantity("aid_fatigue", SUPPORTER, "log a year", "by which aid drifts down"),
    Quantity("aid_volatility", SUPPORTER, "log", "weekly shock to aid"),
    Quantity("aid_memory", (), "weeks", "over which a shock to aid fades"),
    Quantity("election_stop", SUPPORTER, "chance", "that the next government cuts aid", 0.0),
    Quantity("election_cut", SUPPORTER, "times", "what remains of aid if it does", 1.0),
    Quantity(
        "aid_follows_success", SUPPORTER, "log per 1,000 km²", "aid follows the client's gains", 0.0
    ),
    Quantity(
        "reinforcement",
        SUPPORTER,
        "thousand troops",
        "sent if the client's own soil is invaded",
        0.0,
    ),
    Quantity(
        "deep_strike_effect",
        (),
        "share",
        "of the enemy's supply lost while deep strikes are permitted",
    ),
    Quantity("materiel_speed", SIDE, "a week", "rate at which materiel follows supply"),
    Quantity("wear", SIDE, "share", "of materiel lost at twice the losses of the decision date"),
    Quantity("materiel_noise", (), "log", "weekly shock to materiel"),
    Quantity("autonomy", SIDE, "chance", "that the side moves against its supporters' wish"),
    Quantity(
        "permission_benefit",
        SUPPORTER,
        "points of the stake",
        "of letting the client strike deep",
        0.0,
    ),
    Quantity(
        "clash_stake",
        SUPPORTER,
        "points of the stake",
        "lost by the supporter in a direct clash",
        0.0,
    ),
    Quantity(
        "client_worth",
        SUPPORTER,
        "points per point",
        "worth to the supporter of its client's result",
        0.0,
    ),
    Quantity(
        "aid_price", SUPPORTER, "points of the stake a year", "of aid at its present level", 0.0
    ),
)

HOME_FRONT = (
    Quantity("support_start", SIDE, "share", "of society for going on, at the decision date"),
    Quantity("casualties_start", SIDE, "thousand", "casualties before the decision date"),
    Quantity(
        "support_driver", (), "word", "what wears support down", choices=("casualties", "prospects")
    ),
    Quantity(
        "casualty_sensitivity", SIDE, "logit per tenfold", "support lost as casualties grow tenfold"
    ),
    Quantity(
        "prospects_sensitivity",
        SIDE,
        "logit per 1,000 km²",
        "support gained with net ground gained",
    ),
    Quantity("weariness", SIDE, "logit a year", "support lost to time alone"),
    Quantity("support_return", (), "a week", "rate at which shocks to support fade"),
    Quantity("support_noise", (), "logit", "weekly shock to support"),
    Quantity("rally", SIDE, "logit", "support gained when own soil is first invaded"),
    Quantity("humiliation", SIDE, "logit a week", "support lost while own soil stays lost"),
    Quantity("lift", SIDE, "logit per 1,000 km²", "support gained by taking the enemy's own soil"),
    Quantity("doves", SIDE, "share", "of the leadership that puts ending the war first"),
)

ESCALATION = (
    Quantity(
        "tolerance", SIDE, "provocation points", "scale of what the side bears without a response"
    ),
    Quantity("tolerance_luck", SIDE, "share", "place of the side's true tolerance in its prior"),
    Quantity(
        "tolerance_prior",
        (),
        "word",
        "the family of the prior of tolerance",
        choices=("uniform", "exponential", "bluff", "humped"),
    ),
    Quantity("bluff_chance", (), "chance", "that there is no line at all, under the bluff prior"),
    Quantity(
        "tolerance_kind",
        (),
        "word",
        "whether a line stays or wears away",
        choices=("fixed", "eroding"),
    ),
    Quantity("erosion", (), "share", "of an eroding tolerance that a crossing wears away"),
    Quantity(
        "provocation_invasion", (), "provocation points", "of a move onto the other's own soil"
    ),
    Quantity(
        "provocation_strikes",
        (),
        "provocation points a week",
        "of deep strikes with suppliers' weapons",
    ),
    Quantity("provocation_attack", (), "provocation points", "of one high-profile attack"),
    Quantity("provocation_halflife", (), "weeks", "in which provocation halves"),
    Quantity("blame", (), "share", "of a provocation laid at the supporters' door"),
    Quantity("publicity", (), "share", "added to blame when supporters' part is advertised"),
    Quantity(
        "response_width",
        (),
        "provocation points",
        "beyond tolerance at which a response grows likely",
    ),
    Quantity("accident_rate", (), "a week", "responses without cause"),
    Quantity(
        "climb", (), "chance", "that a response climbs a rung rather than strikes the client harder"
    ),
    Quantity("calm", (), "chance a week", "that the ladder goes down a rung when nothing is added"),
    Quantity("attack_rate", SIDE, "a week", "high-profile attacks that the side makes"),
    Quantity(
        "strike_rate", SIDE, "a week", "mass strikes on the rear that the side makes unprovoked"
    ),
    Quantity("strike_echo", SIDE, "strikes per strike", "that follow the side's own strikes"),
    Quantity(
        "strike_answer", SIDE, "strikes per attack", "that answer the other's high-profile attacks"
    ),
    Quantity("strike_decay", (), "weeks", "mean delay of those further strikes"),
    Quantity(
        "strike_damage",
        SIDE,
        "points of the stake",
        "lost by the side to one mass strike on its rear",
    ),
)

TALKS = (
    Quantity(
        "opening_rate_full",
        (),
        "a week",
        "rate at which talks on the war open, support even, no anger",
    ),
    Quantity("opening_rate_partial", (), "a week", "the same for talks on a partial deal"),
    Quantity("partial_open_at_start", (), "chance", "that talks on a partial deal are under way"),
    Quantity("closing_rate", (), "a week", "rate at which open talks break off"),
    Quantity(
        "weariness_weight", SIDE, "log per unit of support lost", "by which weariness opens talks"
    ),
    Quantity("anger_jump", SIDE, "log", "by which an invasion of own soil lowers the rate"),
    Quantity("anger_halflife", (), "weeks", "in which anger halves"),
    Quantity("rung_weight", (), "log per rung", "by which escalation lowers the rate"),
    Quantity("scuttle", (), "chance", "that an invasion ends open talks at once"),
    Quantity("offer_push", (), "log", "by which an offer of talks raises the rate"),
    Quantity("truce_rate", (), "a week", "rate at which open partial talks reach a truce"),
    Quantity("truce_break", (), "a week", "rate at which a truce breaks"),
)

SETTLEMENT = (
    Quantity("own_soil_worth", SIDE, "times", "worth of a km² of own soil against contested soil"),
    Quantity(
        "foreign_soil_worth",
        SIDE,
        "times",
        "worth of a km² of the other's soil against contested soil",
    ),
    Quantity("sector_worth", SECTOR, "times", "worth of a km² here against an average one", 1.0),
    Quantity(
        "term_worth", ("side", "term"), "points of the stake", "gained or conceded with the term"
    ),
    Quantity(
        "concession_price",
        SIDE,
        "times",
        "domestic price of own soil formally given up, against its worth",
    ),
    Quantity("war_cost", SIDE, "points of the stake a year", "cost of the war as it stands"),
    Quantity("casualty_share", (), "share", "of that cost that moves with casualties"),
    Quantity("war_cost_growth", SIDE, "share a year", "by which the rest of that cost grows"),
    Quantity("discount", (), "a year", "rate at which the future counts less"),
    Quantity("breach", SIDE, "a year", "hazard that the side breaks a deal"),
    Quantity("renewed_war_years", (), "years", "of war that a broken deal brings"),
    Quantity(
        "rearmed_loss",
        SIDE,
        "points of the stake",
        "that the side loses to a rearmed enemy if the other breaks a deal",
        0.0,
    ),
    Quantity(
        "optimism", SIDE, "log power", "by which the side overrates its strength at the start"
    ),
    Quantity("belief_sd", SIDE, "log power", "how unsure the side is of the balance at the start"),
    Quantity("signal_sd", (), "log power", "noise of one week's fighting as a sign of the balance"),
    Quantity(
        "learning",
        (),
        "word",
        "what teaches the sides the balance of power",
        1.0,
        choices=("none", "battles", "battles and offers"),
    ),
    Quantity(
        "offer_sd", (), "log power", "error of a week of talks as a sign of the other's belief", 1.0
    ),
    Quantity(
        "bargaining_protocol",
        (),
        "word",
        "how a deal is picked among those that both prefer",
        0.0,
        choices=("nash", "proposer", "ultimatum"),
    ),
    Quantity(
        "bargaining_power",
        (),
        "share",
        "of the surplus that goes to the first side, or of the offers that it makes",
    ),
    Quantity("impatience", SIDE, "a week", "rate at which a deal put off loses its worth", 0.0),
    Quantity(
        "private_cost",
        SIDE,
        "points of the stake",
        "by which the other side may mistake, either way, what going on is worth to the side",
        0.0,
    ),
    Quantity(
        "insulation", SIDE, "share", "of the war's cost that hawks in the leadership escape", 0.0
    ),
    Quantity(
        "office_stake",
        SIDE,
        "points of the stake",
        "that hawks in the leadership lose with their office",
        0.0,
    ),
    Quantity(
        "office_loss",
        SIDE,
        "points of the stake",
        "short of the decision date's holdings at which a leadership surely falls",
        5.0,
    ),
    Quantity(
        "nerve", (), "chance a week", "that a deal both prefer is struck while talks are open"
    ),
    Quantity("tail_years", (), "years", "of war still to be paid for at the horizon"),
    Quantity(
        "leader_veto",
        SIDE,
        "share",
        "support for going on above which no own soil can be ceded",
        1.0,
    ),
    Quantity(
        "term_blocked", ("term",), "chance", "that a third party will not allow the term", 0.0
    ),
    Quantity("support_floor", SIDE, "share", "support for going on under which the side gives way"),
    Quantity(
        "strength_floor", SIDE, "share of its first strength", "troops under which it gives way"
    ),
    Quantity("wider_war_loss", SIDE, "points of the stake", "that nuclear use costs the side"),
    Quantity("collapse_weeks", (), "weeks", "under a floor until the other side dictates"),
)

QUANTITIES: tuple[Quantity, ...] = (
    *FORCES,
    *COMBAT,
    *SUPPORTERS,
    *HOME_FRONT,
    *ESCALATION,
    *TALKS,
    *SETTLEMENT,
)
