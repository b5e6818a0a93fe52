"""What claims rest on, as sentences and as a table."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from ripeness.case.mechanisms import MECHANISMS
from ripeness.views.ablation import finding, print_ablation
from ripeness.views.words import SPACE


def shares(value: float | None) -> dict[str, Any]:
    if value is None:
        return dict.fromkeys(("share", "share_low", "share_high"))
    return {"share": value, "share_low": value - 0.0195, "share_high": value + 0.0195}


def claim(
    whole: float | None, needs=(), hindered_by=(), most=None, fit=0.005, **without: float | None
):
    turned = {*needs, *hindered_by}
    return {
        "id": "L9",
        "essay": "L",
        **shares(whole),
        "fit_error": fit,
        "needs": list(needs),
        "hindered_by": list(hindered_by),
        "moved_most_by": most,
        "without": [
            {
                "mechanism": name,
                **shares(share),
                "difference": share - whole if share and whole else None,
                "moved": name == most or name in turned,
                "turned": name in turned,
            }
            for name, share in without.items()
        ],
    }


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            claim(0.8, needs=["leaders"], most="leaders", leaders=0.35, talks=0.8),
            "L9 holds in 80 % (78–82 %) of worlds, but in 35 % (33–37 %) without leaders: it holds "
            "in most worlds only because of that mechanism.",
        ),
        (
            claim(0.3, hindered_by=["anger"], most="anger", anger=0.9),
            "L9 holds in 30 % (28–32 %) of worlds, but in 90 % (88–92 %) without anger: only "
            "without that mechanism does it hold in most worlds.",
        ),
        (
            claim(0.8, needs=["leaders", "talks"], most="leaders", leaders=0.1, talks=0.5),
            "L9 holds in 80 % (78–82 %) of worlds; without any one of leaders (10 %) or talks "
            "(50 %) it no longer does so in most worlds.",
        ),
        (
            claim(0.7, needs=["talks"], most="anger", anger=0.97, talks=0.6),
            "L9 holds in 70 % (68–72 %) of worlds, but in 60 % (58–62 %) without talks: it holds "
            "in most worlds only because of that mechanism. It is moved most by anger: "
            "97 % (95–99 %) without it.",
        ),
        (
            claim(0.5, most="third-parties", **{"third-parties": 0.6}),
            "L9 holds in 50 % (48–52 %) of worlds, moved most by third parties: 60 % (58–62 %) "
            "without it.",
        ),
        (
            claim(0.5, ground=0.5, talks=None),
            "L9 holds in 50 % (48–52 %) of worlds; no mechanism moves it beyond the error.",
        ),
        (
            claim(0.5, fit=0.05, ground=0.5),
            "L9 holds in 50 % (48–52 %) of worlds, give or take 10 points for the fit; no "
            "mechanism moves it beyond the error.",
        ),
        (claim(None, ground=0.5), "L9 speaks about too few of these worlds to be judged."),
    ],
)
def test_findings(said: dict[str, Any], expected: str):
    assert finding(said).replace(SPACE, " ") == expected


@pytest.fixture
def printed() -> str:
    names = list(MECHANISMS)
    some = dict.fromkeys(names, 0.8) | {"leaders": 0.35, "talks": None, "anger": 0.85}
    whole = claim(0.8, needs=["leaders"], most="leaders", **some)
    anger = next(entry for entry in whole["without"] if entry["mechanism"] == "anger")
    anger["moved"] = True
    claims = [
        {**whole, "id": f"{essay}{n}", "essay": essay, "finding": f"{essay}{n} is found."}
        for essay in "LR"
        for n in range(1, 23)
    ]
    text = io.StringIO()
    about = {"title": "A war", "worlds": 2048, "seed": 1, "plans": ["none", "hold"]}
    mechanisms = [{"name": name, "without": MECHANISMS[name].without} for name in names]
    record = {**about, "mechanisms": mechanisms, "claims": claims}
    print_ablation(record, Console(file=text, width=160))
    return text.getvalue()


def test_every_claim_has_its_column_and_no_line_is_wider_than_100(printed: str):
    lines = printed.splitlines()
    assert max(map(len, lines)) <= 100
    heads = [line.split()[1:] for line in lines if line.startswith("without  ")]
    assert [name for head in heads for name in head] == [
        f"{essay}{n}" for essay in "LR" for n in range(1, 23)
    ]
    assert len(heads) > 2
    assert all(len({name[0] for name in head}) == 1 for head in heads), "a text's claims together"
    assert "L1 is found." in printed


def test_cells_show_what_moved_and_what_turned(printed: str):
    rows = {}
    for line in printed.splitlines():
        rows.setdefault(line.strip().split("  ")[0].split(" ±")[0], line.split())
    assert set(rows["fit"][2:]) == {"1"}, "two standard errors"
    assert set(rows["leaders"][1:]) == {"35*"}
    assert set(rows["talks"][1:]) == {"–"}
    assert set(rows["anger"][1:]) == {"85"}
    assert set(rows["ground"][1:]) == {"·"}
    assert rows["every mechanism"][2:] == ["80"] * len(rows["ground"][1:])
