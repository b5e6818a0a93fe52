"""The claims of the Kursk case: all there, opposed in pairs, and judged on the real record."""

import json
import re
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ripeness.claims.database import open_record
from ripeness.claims.judge import judge
from ripeness.claims.language import Claims, read_claims
from ripeness.claims.predicates import parse
from ripeness.claims.record import judge_record
from ripeness.claims.table import open_worlds

KINDS = {
    "record": "L1 L2 L3 L4 L5 L6 L12 L13 L14 L15 L16 L17 L23 R1 R2 R3 R4 R6 R8 R9 R13 R16 R18",
    "model": "L2 L3 L6 L7 L8 L9 L10 L11 L14 L15 L16 L17 L18 L20 L22 "
    "R3 R5 R6 R7 R8 R10 R11 R12 R14 R17 R18 R19",
    "hinge": "L13 L19 L21 L23 R7 R13 R20",
    "value": "R5 R10 R15 R16",
}
PAIRS = "L6-R18, L7-R7, L7-R8, L9-R6, L11-R7, L18-R7, L14-R10, L8-R9, L8-R17, L5-R11, L5-R12"
RECORD = {
    **dict.fromkeys(["L1", "L2", "L3", "L4", "L12", "L13", "L14", "L15", "L16"], "supported"),
    **dict.fromkeys(["R2", "R4", "R6", "R8"], "supported"),
    **dict.fromkeys(["L5", "L6", "L23", "R1", "R3", "R9", "R13", "R16", "R18"], "mixed"),
    "L17": "not testable",
}
KEYS = (  # of a verdict record
    "id essay says made horizon kinds against hinges record_verdict record_found "
    "record_objection record_begins "
    "record_as_of record_figures compare given holds model_verdict share share_low share_high "
    "share_words worlds opposite_share same_share effect_median effect_low effect_high "
    "effect_mean effect_mean_low effect_mean_high effect_quantiles effect_unit effect_says "
    "before_share before_share_low before_share_high before_words families value hinge "
    "hinge_assumption why_untested hinge_of"
)


@pytest.fixture(scope="module")
def claims(case: Path) -> Claims:
    return read_claims(case / "claims.yaml", record=case / "record")


def test_every_claim_of_both_essays_is_there_with_its_kinds(claims: Claims):
    ids = [claim.id for claim in claims.claims]
    assert ids == [f"L{n}" for n in range(1, 24)] + [f"R{n}" for n in range(1, 21)]
    for kind, named in KINDS.items():
        assert [claim.id for claim in claims.claims if kind in claim.kind] == named.split()
    assert all(claim.essay == claim.id[0] for claim in claims.claims)


def test_opposed_claims_name_each_other(claims: Claims):
    listed = {frozenset(pair.split("-")) for pair in PAIRS.split(", ")}
    named = {(claim.id, other) for claim in claims.claims for other in claim.against}
    assert {frozenset(pair) for pair in named} == listed
    assert all((other, one) in named for one, other in named)


def test_claims_are_sentences_of_one_line_that_differ(claims: Claims):
    said = [claim.says for claim in claims.claims]
    assert len(set(said)) == len(said)
    assert all("\n" not in text and len(text) < 150 for text in said)


def test_record_verdicts(claims: Claims, record: Path):
    with open_record(record) as tables:
        found = {claim.id: judge_record(claim, tables).record_verdict for claim in claims.claims}
    assert {name: verdict for name, verdict in found.items() if verdict} == RECORD


def test_no_verdict_before_the_day_from_which_its_test_says_anything(claims: Claims, record: Path):
    with open_record(record) as tables:
        for claim in claims.claims:
            if claim.record is None:
                continue
            eve = judge_record(claim, tables, claim.record.begins - timedelta(days=1))
            assert eve.record_verdict == "not yet"
            assert eve.record_found is None
            assert eve.record_figures == ()
            on_its_day = judge_record(claim, tables, claim.record.as_of)
            assert on_its_day.record_verdict == RECORD[claim.id]
            assert on_its_day.record_as_of == claim.record.as_of.isoformat()


def test_without_measures_what_rests_on_them_is_not_testable(claims: Claims, case: Path):
    with open_record(case / "record") as tables:
        found = {claim.id: judge_record(claim, tables).record_verdict for claim in claims.claims}
    assert {found[name] for name in ("L12", "R4", "R6", "R9", "R18")} == {"not testable"}
    assert found["L1"] == "supported"


@pytest.mark.parametrize(
    ("claim", "figure", "value"),
    [
        ("L1", "kursk_low", 480),
        ("L1", "rival_week", 383.1),
        ("L12", "ready_2022", 10),
        ("L12", "ready_2024", 32),
        ("L12", "ready_latest", 38),
        ("L14", "us_2024", 46.4),
        ("L14", "us_2025", 0.5),
        ("R2", "settlements_kyiv", 74),
        ("R6", "donetsk_before", 35.1),
        ("R6", "donetsk_after", 79.8),
        ("R4", "before", 0.9),
        ("R4", "after", 8.1),
        ("R4", "incidents_2010", 183.5),
        ("R4", "incidents_2014", 38.25),
        ("L4", "earlier_incursions", 5),
        ("L13", "critics", 4),
        ("L13", "calls_south", 9),
        ("R13", "accusers", 7),
        ("R13", "planners", 5),
        ("R13", "british", 4),
        ("R13", "named", 0),
        ("R16", "aided", 3),
        ("R16", "open", 0),
        ("R16", "open_since", 2),
        ("R9", "attacks_seen", 23),
        ("R9", "followed", 12),
    ],
)
def test_figures_of_the_record(claims: Claims, record: Path, claim: str, figure: str, value: float):
    with open_record(record) as tables:
        asked = next(one for one in claims.claims if one.id == claim)
        figures = {f["name"]: f["value"] for f in judge_record(asked, tables).record_figures}
    assert figures[figure] == pytest.approx(value, abs=0.05)


def test_record_tests_could_come_out_either_way(claims: Claims):
    # No test may be decided by its form: both outcomes name figures, and not the same condition.
    for claim in claims.claims:
        if claim.record:
            assert parse(claim.record.supported).columns
            assert parse(claim.record.contradicted).columns
            assert claim.record.supported != claim.record.contradicted


def columns_of(claims: Claims) -> set[str]:
    tests = [claim.model for claim in claims.claims if claim.model]
    texts = [text for test in tests for text in (test.given, test.holds, test.effect) if text]
    named = {name for text in texts for _, name in parse(text).columns}
    hinges = {name for claim in claims.claims for name in claim.hinges}
    return named | hinges | {claim.assumption for claim in claims.claims if claim.assumption}


def synthetic_worlds(columns: set[str], count: int = 300) -> pd.DataFrame:
    """Make worlds of pure noise with the columns given; what they say has no meaning."""
    draw = np.random.default_rng(6)
    words = {
        "tolerance_kind": ["fixed", "eroding"],
        "tolerance_prior": ["uniform", "exponential", "bluff"],
        "end_kind": ["deal", "dictated", "wider war", "still going"],
        "deal": ["none", "dictated", "land_for_land", "partial_swap"],
    }
    frames = []
    for plan in ("none", "raid", "hold", "hold-and-strike", "talks-first"):
        frame: dict[str, object] = {"world": np.arange(count, dtype=np.int32), "plan": plan}
        for name in sorted(columns):
            if name in words:
                frame[name] = draw.choice(words[name], count)
            elif re.match(r"feasible|truce_struck|direct_clash", name):
                frame[name] = draw.integers(0, 2, count).astype(np.int8)
            elif re.search(r"week|responses|strikes_russia|permissions|rung", name):
                frame[name] = draw.integers(0, 106, count).astype(np.int16)
            else:
                frame[name] = draw.random(count, dtype=np.float32)
        frame["moved"] = 1
        frames.append(pd.DataFrame(frame))
    return pd.concat(frames, ignore_index=True)


def test_every_claim_gets_a_verdict_or_a_reason(claims: Claims, record: Path, write_worlds):
    worlds = write_worlds(synthetic_worlds(columns_of(claims)))
    verdicts = judge(claims, open_worlds(worlds), record)
    records = verdicts.records()
    assert [list(row) for row in records] == [KEYS.split()] * 43
    json.dumps(records, allow_nan=False)
    for row in records:
        wanted = {"record": "record_verdict", "model": "model_verdict", "value": "value"}
        missing = [kind for kind in row["kinds"] if kind in wanted and not row[wanted[kind]]]
        assert not missing or row["why_untested"], row["id"]
    by_id = {row["id"]: row for row in records}
    assert {"L9", "L11", "L18", "L22"} <= set(by_id["L19"]["hinge_of"])
    assert len(verdicts.to_frame()) == 43


def test_the_same_worlds_give_the_same_verdicts(claims: Claims, record: Path, write_worlds):
    worlds = write_worlds(synthetic_worlds(columns_of(claims)))
    first, second = (judge(claims, open_worlds(worlds), record).records() for _ in range(2))
    assert json.dumps(first) == json.dumps(second)


def test_claims_stand_as_they_were_made_and_some_can_be_looked_up(
    claims: Claims, case: Path, write_worlds
):
    """Both essays were written in the fortnight from 6 August 2024."""
    worlds = write_worlds(synthetic_worlds(columns_of(claims)))
    records = {
        one["id"]: one for one in judge(claims, open_worlds(worlds), case / "record").records()
    }
    assert {one["made"] for one in records.values()} == {"2024-08-20"}
    assert (records["R6"]["horizon"], records["L9"]["horizon"]) == ("2024-11-05", None)
