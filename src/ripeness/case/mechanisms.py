"""Mechanisms that a run can do without, and what it takes to switch each of them off.

A mechanism is switched off by the values of quantities at which it does nothing. The model has no
other way without it, so what is left works exactly as before; which equation a value silences
stands beside it where it is not plain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ripeness.case.quantities import QUANTITIES
from ripeness.errors import UsageError, suggest


@dataclass(frozen=True)
class Mechanism:
    """A mechanism that can be switched off.

    Attributes
    ----------
    without
        How things go without it, in one sentence.
    neutral
        The value of each quantity at which it does nothing, or the word.
    """

    without: str
    neutral: Mapping[str, float | str]


WAR = {
    "attrition": Mechanism(
        "Nobody falls, though recruits keep coming; materiel and cost do not follow the fighting.",
        # wear, and the share of cost that moves with casualties, are measured against the losses of
        # the decision date: without losses both would count as a gain
        {"loss_rate": 0, "wear": 0, "casualty_share": 0},
    ),
    "recruitment": Mechanism(
        "Nobody is called up; the wounded still come back to duty.", {"recruits": 0}
    ),
    "ground": Mechanism(
        "No ground changes hands, whatever the balance of forces.",
        {"gain_scale": 0, "ground_noise": 0},
    ),
    "surprise": Mechanism("No attack surprises.", {"surprise": 0}),
    "fortification": Mechanism("Nobody's lines gain by digging in.", {"fort_strength": 0}),
    "season": Mechanism("Every week of the year is as good for attacking.", {"season_depth": 0}),
    "redeployment": Mechanism(
        "Own soil lost draws no troops from other sectors.",
        # not shift_limit: at 0 the fallen of a sector would not be replaced either
        {"home_priority": 0},
    ),
    "materiel": Mechanism(
        "Neither aid nor wear makes an army stronger or weaker.", {"materiel_power": 0}
    ),
    "aid": Mechanism(
        "Aid stays as it is, whoever governs, and supporters send no troops.",
        {
            "aid_fatigue": 0,
            "aid_volatility": 0,
            "election_stop": 0,
            "aid_follows_success": 0,
            "reinforcement": 0,
        },
    ),
    "leave": Mechanism(
        "Moves on the ground go ahead without the supporters' leave.",
        {"autonomy": 1},
    ),
    "deep-strikes": Mechanism(
        "Deep strikes with suppliers' weapons neither hurt nor provoke.",
        # not permission_benefit: supporters weigh it too when a move on the ground needs leave
        {"deep_strike_effect": 0, "provocation_strikes": 0},
    ),
    "homefront": Mechanism(
        "Support for going on stays as it is in both societies.",
        {
            "casualty_sensitivity": 0,
            "prospects_sensitivity": 0,
            "weariness": 0,
            "support_noise": 0,
            "rally": 0,
            "humiliation": 0,
            "lift": 0,
        },
    ),
    "escalation": Mechanism(
        "Nothing provokes, so nobody responds, and supporters know it.",
        {
            "provocation_invasion": 0,
            "provocation_strikes": 0,
            "provocation_attack": 0,
            "accident_rate": 0,
        },
    ),
    "erosion": Mechanism(
        "No crossing wears patience away: every line stays where it is.", {"erosion": 0}
    ),
    "strikes": Mechanism(
        "Nobody strikes the other's rear but in response to a provocation, and no strike hurts.",
        {"strike_rate": 0, "strike_echo": 0, "strike_answer": 0, "strike_damage": 0},
    ),
    "anger": Mechanism(
        "An invasion of own soil neither ends talks nor puts them off.",
        {"anger_jump": 0, "scuttle": 0},
    ),
    "weariness": Mechanism(
        "Support that is lost brings talks no nearer.",
        {"weariness_weight": 0},
    ),
    "talks": Mechanism(
        "Talks never open, so no deal is struck.",
        {"opening_rate_full": 0, "opening_rate_partial": 0, "partial_open_at_start": 0},
    ),
    "truces": Mechanism("No truce on strikes is struck.", {"truce_rate": 0}),
}

SETTLEMENT = {
    "learning": Mechanism(
        "Neither battles nor offers teach anybody the balance of power.", {"learning": "none"}
    ),
    "optimism": Mechanism("Nobody overrates his strength at the start.", {"optimism": 0}),
    "breach": Mechanism("Nobody ever breaks a deal.", {"breach": 0}),
    "rearming": Mechanism("Nobody uses a deal to rearm for the next war.", {"rearmed_loss": 0}),
    "private-information": Mechanism(
        "Each side knows what going on is worth to the other.", {"private_cost": 0}
    ),
    "impatience": Mechanism("A deal put off loses nothing of its worth.", {"impatience": 0}),
    "leaders": Mechanism(
        "Leaders feel what their states feel, and forbid no deal.",
        # support never exceeds a veto at 1; without doves the price of ceding is felt in full
        {"insulation": 0, "office_stake": 0, "leader_veto": 1, "doves": 0},
    ),
    "concession-price": Mechanism(
        "Ceding own soil costs no more at home than the soil is worth.", {"concession_price": 0}
    ),
    "third-parties": Mechanism("No third party blocks a term of a deal.", {"term_blocked": 0}),
    "growing-cost": Mechanism(
        "A long war costs no more a year than a short one.", {"war_cost_growth": 0}
    ),
    "collapse": Mechanism(
        "Nobody gives way, however little support or strength is left.",
        {"support_floor": 0, "strength_floor": 0},
    ),
}

MECHANISMS: Mapping[str, Mechanism] = {**WAR, **SETTLEMENT}
"""By name, in the order in which a week happens, then settlement."""

_CHOICES = {quantity.name: quantity.choices for quantity in QUANTITIES}


def known(names: Iterable[str]) -> tuple[str, ...]:
    """Put names of mechanisms in the order of `MECHANISMS`, each once.

    Raises
    ------
    UsageError
        If there is no such mechanism; the message lists those there are.
    """
    asked = set(names)
    for name in sorted(asked - set(MECHANISMS)):
        listed = ", ".join(MECHANISMS)
        what = f"there is no mechanism {name!r}{suggest(name, MECHANISMS)}"
        raise UsageError(f"{what.rstrip('?')}; there are {listed}")
    return tuple(name for name in MECHANISMS if name in asked)


def neutral_values(names: Iterable[str]) -> dict[str, float]:
    """Give the values that switch mechanisms off; for words their place in the catalogue."""
    values = {}
    for name in names:
        for quantity, value in MECHANISMS[name].neutral.items():
            place = _CHOICES[quantity].index(value) if isinstance(value, str) else value
            values[quantity] = float(place)
    return values
