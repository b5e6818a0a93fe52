"""How far verdicts go from one end of an assumption to the other."""

import numpy as np
import pandas as pd
import pytest

from ripeness.claims.ends import ends
from ripeness.claims.inquiry import ask
from ripeness.views.turns import differs, leading, told, turned

CLAIMS = """\
columns:
  assumptions: {grit: {unit: times}, idle: {}, kind: {}}
  outcomes: {won: {}}
claims:
- id: grit-wins
  says: Grit wins
  plan: go
  holds: won = 1
  hinges: [grit, idle, kind]
  against: luck
- {id: luck, says: It is luck, plan: go, holds: idle < 0.5, hinges: [idle]}
- {id: alone, says: Grit is much, plan: go, holds: grit > 5, hinges: [grit]}
"""


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    rng = np.random.default_rng(1)
    grit, idle = rng.uniform(0, 9, 3000), rng.random(3000)
    worlds = pd.DataFrame(
        {
            "world": np.arange(3000),
            "plan": "go",
            "grit": grit,
            "idle": idle,
            "kind": "hard",
            "won": (grit > 4.5) | (rng.random(3000) < 0.1),
            "weight": np.where(idle < 0.5, 2.0, 1.0),
        }
    )
    file = tmp_path_factory.mktemp("claims") / "claims.yaml"
    file.write_text(CLAIMS, encoding="utf-8")
    return ask(worlds, file), worlds


def test_a_claim_is_judged_in_the_lowest_and_the_highest_third(asked):
    inquiry, worlds = asked
    found = {(one.claim, one.assumption): one for one in ends(inquiry)}
    assert set(found) == {
        ("grit-wins", "grit"),
        ("grit-wins", "idle"),
        ("luck", "idle"),
        ("alone", "grit"),
    }
    of_grit = found["grit-wins", "grit"]
    low = worlds[worlds["grit"] <= of_grit.under]
    assert low["weight"].sum() / worlds["weight"].sum() == pytest.approx(1 / 3, abs=0.002)
    assert of_grit.lowest.value == pytest.approx(np.average(low["won"], weights=low["weight"]))
    assert of_grit.highest.value == 1.0
    assert (found["luck", "idle"].lowest.value, found["luck", "idle"].highest.value) == (1.0, 0.0)


def test_what_turns_most_is_told_of_claims_that_stand_against_each_other(asked):
    inquiry, _ = asked
    records = [one.as_record() for one in ends(inquiry)]
    verdicts = inquiry.judge().records()
    first, second = leading(records, verdicts, 4)
    assert (first["claim"], second["claim"]) == ("luck", "grit-wins")
    assert turned(first) == 1.0
    assert told(second, "times").startswith("grit-wins holds in ")
    assert "where it is high (above 5.9)" in told(second, "times")
    assert not any(
        differs(one)
        for one in records
        if one["claim"] == "grit-wins" and one["assumption"] == "idle"
    )
