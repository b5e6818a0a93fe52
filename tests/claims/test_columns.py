"""What the columns of a table are: said in a claims file or in Python, in part or wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import ripeness as rp
from ripeness.claims.columns import About, Columns
from ripeness.claims.inquiry import Inquiry
from ripeness.errors import InvalidFile, UsageError

WORLDS = 120
CLAIM = {"id": "C", "says": "x", "compare": ["go", "stay"], "holds": "a.gain > b.gain"}

Ask = Callable[[Any], Inquiry]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "world": np.tile(np.arange(WORLDS), 2),
            "plan": np.repeat(["go", "stay"], WORLDS),
            "weight": 1.0,
            "luck": np.tile(rng.random(WORLDS), 2),
            "word": np.tile(["red", "blue"], WORLDS),
            "kind": np.tile(["new", "new", "old"], 2 * WORLDS // 3),
            "gain": rng.normal(size=2 * WORLDS),
            "seen_w8": rng.normal(size=2 * WORLDS),
        }
    )


@pytest.fixture
def in_file(frame: pd.DataFrame, tmp_path: Path) -> Ask:
    """Say what the columns are in the file, at its first line."""

    def ask(said: Any) -> Inquiry:
        path = tmp_path / "claims.yaml"
        path.write_text(f"columns: {json.dumps(said)}\nclaims: {json.dumps([CLAIM])}\n")
        return rp.ask(frame, path)

    return ask


@pytest.fixture
def in_python(frame: pd.DataFrame, tmp_path: Path) -> Ask:
    """Say what the columns are in Python, to a file that says it otherwise."""

    def ask(said: Any) -> Inquiry:
        path = tmp_path / "claims.yaml"
        other = json.dumps({"world": "none", "assumptions": ["nothing"]})
        path.write_text(f"columns: {other}\nclaims: {json.dumps([CLAIM])}\n")
        return rp.ask(frame, path, columns=said)

    return ask


@pytest.mark.parametrize(
    ("said", "assumptions", "outcomes"),
    [
        ({}, "", ""),
        ({"assumptions": [], "outcomes": {}}, "", ""),
        ({"assumptions": ["luck"]}, "luck", "word kind gain seen_w8"),
        ({"assumptions": "luck"}, "luck", "word kind gain seen_w8"),
        ({"assumptions": {"luck": None}}, "luck", "word kind gain seen_w8"),
        ({"assumptions": {"word": {}, "luck": {}}}, "luck word", "kind gain seen_w8"),
        ({"assumptions": ["luck", "luck"]}, "luck", "word kind gain seen_w8"),
        ({"outcomes": ["seen_w8", "gain"]}, "luck word kind", "gain seen_w8"),
        ({"outcomes": {"gain": {"unit": "km²"}}}, "luck word kind seen_w8", "gain"),
        ({"assumptions": ["luck"], "outcomes": ["gain"]}, "luck", "gain"),
        ({"assumptions": {"luck": {}}, "outcomes": ["gain"]}, "luck", "gain"),
        ({"families": ["word"]}, "", ""),
        ({"world": "world", "plan": "plan", "weight": "weight"}, "", ""),
    ],
)
def test_what_is_not_said_to_be_one_is_the_other(
    in_file, in_python, said: dict[str, Any], assumptions: str, outcomes: str
):
    for ask in (in_file, in_python):
        worlds = ask(said).worlds
        assert worlds.assumptions == assumptions.split()
        assert worlds.outcomes == outcomes.split()


def test_keys_are_neither_assumptions_nor_outcomes(frame, tmp_path: Path):
    odd = frame.rename(columns={"world": "run", "plan": "policy", "weight": "w"}).assign(plan=1)
    path = tmp_path / "claims.yaml"
    path.write_text(f"claims: {json.dumps([CLAIM])}\n")
    keys = {"world": "run", "plan": "policy", "weight": "w"}
    worlds = rp.ask(odd, path, columns={**keys, "outcomes": ["gain"]}).worlds
    assert worlds.assumptions == ["luck", "word", "kind", "seen_w8"]
    assert worlds.about.keys == ("run", "policy", "w")


def test_the_units_and_meanings_of_columns_are_kept(in_file, in_python):
    said = {
        "time": "years",
        "decided": 100,
        "assumptions": {"luck": {"unit": "share", "means": "luck of the draw"}},
        "outcomes": {"gain": {"unit": "km²", "means": "ground gained", "visible": 4}},
    }
    for ask in (in_file, in_python):
        about = ask(said).worlds.about
        assert (about.time, about.decided) == ("years", 100)
        assert about.about("luck") == About(unit="share", means="luck of the draw")
        assert about.about("gain").visible == 4
        assert about.about("word") == About()


def test_nothing_said_in_a_file_is_all_by_default(in_file):
    assert in_file(None).worlds.about == Columns()
    assert in_file({}).worlds.about == Columns()
    assert Columns().keys == ("world", "plan", "weight")


@pytest.mark.parametrize(
    ("name", "visible"),
    [
        ("x_w8", 8),
        ("x_w0", 0),
        ("x_w0013", 13),
        ("x_w8_w13", 13),
        ("_w8", 8),
        ("Größe_w100", 100),
        ("x_w12345", None),
        ("x_w", None),
        ("x_w-8", None),
        ("x_w8.5", None),
        ("x_w8_more", None),
        ("x_W8", None),
        ("xw8", None),
        ("w8", None),
        ("x_w٨", None),
        ("x_w8\n", None),
        ("x", None),
    ],
)
def test_a_name_says_when_a_column_can_be_seen(name: str, visible: float | None):
    assert Columns().visible(name) == visible
    assert Columns(outcomes={name: About(unit="km²")}).visible(name) == visible


def test_what_is_said_of_a_column_counts_for_more_than_its_name():
    said = Columns.model_validate(
        {"outcomes": {"x_w8": {"visible": 2.5}, "y": {"visible": 0}, "z_w4": {}}}
    )
    seen = {name: said.visible(name) for name in ("x_w8", "y", "z_w4", "other_w3")}
    assert seen == {"x_w8": 2.5, "y": 0, "z_w4": 4, "other_w3": 3}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("word", {"word": ["blue", "red"]}),
        (["word", "kind"], {"word": ["blue", "red"], "kind": ["new", "old"]}),
        (["kind", "kind"], {"kind": ["new", "old"]}),
        (["luck"], {}),
        (["weight", "gain"], {}),
        ([], {}),
    ],
)
def test_families_are_columns_of_a_few_words(in_file, in_python, said: Any, words: dict[str, Any]):
    for ask in (in_file, in_python):
        found: dict[str, list[str]] = {}
        for family in ask({"families": said}).judge().records()[0]["families"]:
            if family["word"] != "old":  # of which there are too few
                found.setdefault(family["family"], []).append(family["word"])
        assert found == {
            name: [word for word in told if word != "old"] for name, told in words.items()
        }


@pytest.mark.parametrize("kind", [list, tuple, set, np.array, pd.Index, pd.Series])
def test_any_collection_of_names_will_do_in_python(in_python, kind: Callable[[Any], Any]):
    worlds = in_python({"assumptions": kind(["luck", "word"]), "families": kind(["word"])}).worlds
    assert worlds.assumptions == ["luck", "word"]
    assert worlds.about.families == ("word",)


def test_what_is_known_of_columns_will_do_in_python(in_python):
    worlds = in_python(
        {"assumptions": {"luck": About(unit="share")}, "decided": np.int64(4)}
    ).worlds
    assert worlds.about.about("luck").unit == "share"
    assert worlds.about.decided == 4


WRONG = [
    # names that the table lacks
    ({"world": "wrold"}, 20, "world: the table has no column 'wrold'; did you mean 'world' or"),
    ({"plan": "plna"}, 19, "plan: the table has no column 'plna'; did you mean 'plan'?"),
    ({"weight": "wieght"}, 21, "weight: the table has no column 'wieght'; did you mean 'weight'?"),
    ({"weight": "W"}, 21, "weight: the table has no column 'W'; it has world, plan, weight, luck"),
    ({"world": "World"}, 20, "world: the table has no column 'World'; did you mean 'world'"),
    (
        {"assumptions": "lukc"},
        26,
        "assumptions: the table has no column 'lukc'; did you mean 'luck'",
    ),
    (
        {"assumptions": ["luck", "lukc"]},
        35,
        "assumptions[1]: the table has no column 'lukc'; did you mean 'luck'?",
    ),
    (
        {"assumptions": {"lukc": {}}},
        27,
        "assumptions.lukc: the table has no column 'lukc'; did you mean 'luck'?",
    ),
    (
        {"outcomes": {"gain": {}, "gian": {"unit": "km²"}}},
        36,
        "outcomes.gian: the table has no column 'gian'; did you mean 'gain'?",
    ),
    (
        {"families": ["wrod"]},
        24,
        "families[0]: the table has no column 'wrod'; did you mean 'word'",
    ),
    ({"families": "wrod"}, 23, "families: the table has no column 'wrod'; did you mean 'word'"),
    ({"world": "luck\n"}, 20, "world: the table has no column 'luck\\n'; did you mean 'luck'?"),
    # names that say two things
    (
        {"assumptions": ["gain"], "outcomes": ["luck", "gain"]},
        57,
        "outcomes[1]: 'gain' is an assumption and an outcome; it can be one of them",
    ),
    (
        {"assumptions": {"gain": {}}, "outcomes": {"gain": {}}},
        53,
        "outcomes.gain: 'gain' is an assumption and an outcome; it can be one of them",
    ),
    (
        {"assumptions": "gain", "outcomes": ["gain"]},
        47,
        "outcomes[0]: 'gain' is an assumption and an outcome; it can be one of them",
    ),
    (
        {"assumptions": ["world"]},
        27,
        "assumptions[0]: 'world' is for worlds, plans or weights; leave",
    ),
    (
        {"outcomes": {"plan": {}}},
        24,
        "outcomes.plan: 'plan' is for worlds, plans or weights; leave",
    ),
    (
        {"weight": "luck", "assumptions": ["luck"]},
        45,
        "assumptions[0]: 'luck' is for worlds, plans or weights; leave it out or rename the column",
    ),
    # fields and types
    ({"wrold": "world"}, 11, "wrold: unknown field 'wrold'; did you mean 'world'?"),
    ({"assumption": ["luck"]}, 11, "assumption: unknown field 'assumption'; did you mean"),
    (
        {"outcomes": {"gain": {"visble": 4}}},
        33,
        "outcomes.gain.visble: unknown field 'visble'; did you mean 'visible'?",
    ),
    ({"world": 5}, 20, "world: expected text, found 5; put it in quotes"),
    ({"world": True}, 20, "world: expected text, found true; put it in quotes"),
    ({"world": None}, 20, "world: expected text, found nothing"),
    ({"world": ["world"]}, 20, "world: expected text, found a list"),
    ({"world": {"world": 1}}, 20, "world: expected text, found fields"),
    ({"world": ""}, 20, "world: this text is empty; write it"),
    ({"world": "x" * 201}, 20, "world: has 201 characters; it may have at most 200"),
    ({"time": 5}, 19, "time: expected text, found 5; put it in quotes"),
    ({"time": "x" * 61}, 19, "time: has 61 characters; it may have at most 60"),
    ({"decided": "soon"}, 22, "decided: expected a number, found the text 'soon'"),
    ({"decided": -1}, 22, "decided: -1 is out of range; it must be at least 0"),
    ({"decided": [4]}, 22, "decided: expected a number, found a list"),
    ({"assumptions": 5}, 26, "assumptions: expected fields ('name: value'), found 5"),
    ({"assumptions": True}, 26, "assumptions: expected fields ('name: value'), found true"),
    ({"assumptions": None}, 26, "assumptions: expected fields ('name: value'), found nothing"),
    ({"assumptions": ["luck", 5]}, 35, "assumptions[1]: expected the name of a column; if it is a"),
    ({"assumptions": [None]}, 27, "assumptions[0]: expected the name of a column; if it is a"),
    ({"outcomes": [["gain"]]}, 24, "outcomes[0]: expected the name of a column; if it is a number"),
    ({"outcomes": [{"gain": {}}]}, 24, "outcomes[0]: expected the name of a column; if it is a"),
    ({"outcomes": {"gain": 5}}, 32, "outcomes.gain: expected fields ('name: value'), found 5"),
    (
        {"outcomes": {"gain": "km²"}},
        32,
        "outcomes.gain: expected fields ('name: value'), found the",
    ),
    ({"outcomes": {"gain": {"unit": 5}}}, 41, "outcomes.gain.unit: expected text, found 5; put it"),
    (
        {"outcomes": {"gain": {"visible": -1}}},
        44,
        "outcomes.gain.visible: -1 is out of range; it must be at least 0",
    ),
    (
        {"outcomes": {"gain": {"visible": "early"}}},
        44,
        "outcomes.gain.visible: expected a number, found the text 'early'",
    ),
    ({"families": 5}, 23, "families: expected a list, found 5"),
    ({"families": None}, 23, "families: expected a list, found nothing"),
    ({"families": {"word": {}}}, 23, "families: expected a list, found fields"),
    ({"families": ["word", 5]}, 32, "families[1]: expected text, found 5; put it in quotes"),
]


@pytest.mark.parametrize(("said", "column", "what"), WRONG, ids=lambda said: ascii(said)[:50])
def test_what_is_wrong_with_columns_is_said_at_its_place(
    in_file, in_python, said: dict[str, Any], column: int, what: str
):
    with pytest.raises(InvalidFile) as caught:
        in_file(said)
    path = re.escape(str(caught.value).split(":", 1)[0])
    assert re.match(rf"{path}:1:{column}: columns\.{re.escape(what)}", str(caught.value))
    with pytest.raises(UsageError) as caught:
        in_python(said)
    assert str(caught.value).startswith(f"columns.{what}")


def test_numbers_that_are_none_are_refused(tmp_path: Path, frame):
    path = tmp_path / "claims.yaml"
    for number in (".inf", ".nan", "-.inf"):
        path.write_text(f"columns: {{decided: {number}}}\nclaims: {json.dumps([CLAIM])}\n")
        with pytest.raises(InvalidFile, match=r":1:20: columns\.decided: "):
            rp.ask(frame, path)
    with pytest.raises(UsageError, match=r"columns\.decided: expected a finite number"):
        rp.ask(frame, path, columns={"decided": float("inf")})


@pytest.mark.parametrize("said", ["world", 5, True, ["luck"], [("world", "world")], Columns(), {1}])
def test_what_is_no_mapping_is_refused_in_python(in_python, said: Any):
    with pytest.raises(UsageError, match=r"^columns: expected fields such as \{'world': 'run', "):
        in_python(said)


@pytest.mark.parametrize("said", [{5: "x"}, {None: "x"}, {("world",): "x"}])
def test_a_field_that_is_no_text_is_refused_in_python(in_python, said: Any):
    with pytest.raises(UsageError, match=r"^columns.*Keys should be strings"):
        in_python(said)


@pytest.mark.parametrize("said", [[], "world", 5, True, [{"world": "world"}]])
def test_a_section_that_is_none_is_refused_in_a_file(in_file, said: Any):
    with pytest.raises(InvalidFile, match=r":1:10: columns: expected fields"):
        in_file(said)


def test_everything_that_is_wrong_is_said_at_once(in_file, in_python):
    said = {
        "world": "wrold",
        "plan": "plna",
        "weight": "wieght",
        "assumptions": ["luck", "lukc", "gain", "plan"],
        "outcomes": {"gain": {}, "gian": {}},
        "families": ["wrod"],
    }
    with pytest.raises(InvalidFile) as caught:
        in_file(said)
    assert len(caught.value.problems) == 8
    places = [int(problem.split(":")[2]) for problem in caught.value.problems]
    assert places == sorted(places)
    with pytest.raises(UsageError) as caught:
        in_python(said)
    assert len(str(caught.value).splitlines()) == 8


def test_columns_in_python_stand_for_those_of_the_file(in_python):
    worlds = in_python({"outcomes": ["gain"]}).worlds
    assert worlds.outcomes == ["gain"]
    assert worlds.about.world == "world"
    with pytest.raises(InvalidFile, match="no column 'nothing'"):
        in_python(None)
