"""What followed attacks: the rule by brute force, planted effects, and chance alone."""

from __future__ import annotations

import numpy as np
import pytest

from ripeness.record.measures import aftermath as studied
from ripeness.record.measures.aftermath import aftermath

BEGIN = np.datetime64("2023-01-01", "D")
DAYS = BEGIN + np.arange(365)


def days(*numbers: int) -> np.ndarray:
    return BEGIN + np.array(numbers)


def test_when_every_day_is_alike_nothing_follows():
    found = aftermath(days(20, 150, 260), days(20, 150, 260), DAYS, np.full(365, 4.0), 7, 1.5)
    assert found is not None
    assert (found.ratio, found.quiet, found.heavy, found.usual) == (1, 1, 0, 0)
    assert (found.p, found.attacks) == (1.0, 3)


def test_ratios_by_brute_force():
    amounts = np.random.default_rng(5).poisson(6.0, 365).astype(float)
    attacks = [40, 44, 200]
    found = aftermath(days(*attacks), days(*attacks), DAYS, amounts, 7, 1.2)
    assert found is not None
    whole = {day: amounts[day + 1 : day + 8].sum() for day in range(365 - 7)}
    quarter = {day: (DAYS[day].astype("datetime64[M]").astype(int)) // 3 for day in whole}
    ratios, usual, quiet = [], [], []
    for attack in attacks:
        matched = {d: whole[d] for d in whole if quarter[d] == quarter[attack]}
        mean = np.mean(list(matched.values()))
        ratios.append(whole[attack] / mean)
        usual.append(np.mean([value / mean >= 1.2 for value in matched.values()]))
        calm = [v for d, v in matched.items() if not any(0 <= d - a <= 7 for a in attacks)]
        quiet.append(whole[attack] / np.mean(calm))
    assert found.ratio == pytest.approx(np.mean(ratios))
    assert found.quiet == pytest.approx(np.mean(quiet))
    assert found.heavy == pytest.approx(np.mean(np.array(ratios) >= 1.2))
    assert found.usual == pytest.approx(np.mean(usual))
    pairs = [np.mean(np.delete(ratios, place)) for place in range(3)]
    assert (found.least, found.most) == pytest.approx((min(pairs), max(pairs)))


def test_the_chance_by_trying_every_shift():
    """One attack in each of two quarters: all pairs of places are as likely."""
    amounts = np.random.default_rng(6).gamma(0.5, 4.0, 181)
    found = aftermath(days(30, 120), days(30, 120), DAYS[:181], amounts, 3, 1.5)
    assert found is not None
    after = np.array([amounts[day + 1 : day + 4].sum() for day in range(178)])
    first, second = after[:90] / after[:90].mean(), after[90:] / after[90:].mean()
    as_much = (first[:, None] + second[None, :]) / 2 >= found.ratio - 1e-12
    assert found.p == pytest.approx(as_much.mean(), abs=4 * 0.5 / np.sqrt(studied.DRAWS))


def test_planted_answers_are_found():
    amounts = np.random.default_rng(7).poisson(5.0, 365).astype(float)
    attacks = days(20, 75, 150, 210, 260, 330)
    for day in (attacks - BEGIN).astype(int):
        amounts[day + 2] += 60
    found = aftermath(attacks, attacks, DAYS, amounts, 7, 1.5)
    assert found is not None
    assert found.p < 0.001
    assert found.heavy == 1
    assert 1.5 < found.low < found.ratio < found.high
    assert found.quiet is not None
    assert found.quiet > found.ratio  # days before and in an attack's window are not matched


def test_chance_alone_seldom_looks_like_an_answer():
    """Strikes that come in spells, and attacks at random, some of them close together."""
    draw = np.random.default_rng(11)
    small = 0
    for _ in range(200):
        spells = np.convolve(draw.gamma(0.2, 20.0, 374), np.full(10, 0.1), "valid")
        attacks = BEGIN + np.sort(draw.choice(350, 6, replace=False))
        attacks = np.concatenate([attacks, attacks[:3] + 2])
        found = aftermath(attacks, attacks, DAYS, draw.poisson(spells).astype(float), 7, 1.5)
        assert found is not None
        small += found.p <= 0.1
    assert small <= 200 * 0.1 + 3 * np.sqrt(200 * 0.1 * 0.9)


def test_attacks_whose_aftermath_is_not_known_are_left_out():
    known = np.arange(365) != 100  # one day without a report
    found = aftermath(
        *(days(50, 96, 100, 150, 362, 400), days(50, 96, 100, 150, 362, 400)),
        *(DAYS[known], np.ones(364), 7, 1.5),
    )
    assert found is not None
    assert found.attacks == 2
    assert aftermath(days(50), days(50), DAYS, np.ones(365), 7, 1.5) is None
    assert aftermath(days(50, 60), days(50), DAYS, np.zeros(365), 7, 1.5) is None


def test_what_came_before_is_the_aftermath_of_earlier_days():
    amounts = np.ones(365)
    amounts[143:150] = 5  # in the week before the attack, and not on its day
    attacks = days(150, 250)
    found = aftermath(attacks - 8, attacks - 8, DAYS, amounts, 7, 1.5)
    assert found is not None
    assert found.heavy == 0.5
    after = aftermath(attacks, attacks, DAYS, amounts, 7, 1.5)
    assert after is not None
    assert after.ratio < 1
