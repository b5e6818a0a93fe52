"""One small table of worlds in every dress: the same verdicts, or a sentence that says why not."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import dataset, feather, parquet

import ripeness as rp
from ripeness.errors import UsageError

WORLDS = 300

CLAIMS = """\
columns: {assumptions: [word, flag], outcomes: [gain, number], families: word}
claims:
- id: gains
  says: Going gains
  compare: [go, stay]
  holds: a.gain > b.gain
- id: more
  says: Going gives more where the flag is up
  compare: [go, stay]
  given: a.flag
  holds: a.number > b.number
  effect: a.number - b.number
- id: red
  says: Going gains under red
  plan: go
  holds: word = 'red' and gain > 0
- id: not-green
  says: Nothing is green
  plan: stay
  holds: word in ('red', 'blue') and not word = 'green'
- id: never
  says: Staying never gains very much, not even where it is not known how much it gains
  plan: stay
  holds: gain > 1000000
"""

Verdicts = list[dict[str, Any]]
Ask = Callable[..., Verdicts]


def as_csv(frame: pd.DataFrame, path: Path, index: bool = False, **options: Any) -> Path:
    frame.to_csv(path, index=index, **options)
    return path


def as_feather(table: Any, path: Path) -> Path:
    feather.write_feather(table, str(path))
    return path


def as_parquet(frame: pd.DataFrame, path: Path) -> Path:
    duckdb.from_df(frame).write_parquet(str(path))
    return path


def with_nan(frame: pd.DataFrame) -> pa.Table:
    """Keep what is not a number as such, where pandas would make it missing."""
    return pa.table({name: pa.array(frame[name].to_numpy()) for name in frame})


def in_parts(frame: pd.DataFrame, folder: Path) -> Path:
    """Three parts, one of them with its columns in another order."""
    folder.mkdir()
    for place in range(3):
        part = frame.iloc[place::3]
        as_parquet(part[part.columns[:: 1 if place else -1]], folder / f"{place}.parquet")
    (folder / "README.txt").write_text("No table.")
    return folder


def written(write: Callable[[Path], object], path: Path) -> Path:
    write(path)
    return path


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    gain = rng.normal(size=2 * WORLDS).round(3)
    gain[rng.random(2 * WORLDS) < 0.1] = np.nan
    return pd.DataFrame(
        {
            "world": np.tile(np.arange(WORLDS), 2),
            "plan": np.repeat(["go", "stay"], WORLDS),
            "weight": np.tile(rng.integers(1, 4, WORLDS) / 2, 2),
            "gain": gain,
            "number": rng.integers(0, 9, 2 * WORLDS),
            "word": np.tile(rng.choice(["red", "blue"], WORLDS), 2),
            "flag": np.tile(rng.random(WORLDS) > 0.5, 2),
        }
    )


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("claims") / "claims.yaml"
    path.write_text(CLAIMS)
    return path


@pytest.fixture(scope="module")
def expected(frame: pd.DataFrame, claims: Path) -> Verdicts:
    """The verdicts, with shares that were counted without Ripeness."""
    verdicts = rp.ask(frame, claims).judge().records()
    go, stay = (part.reset_index() for _, part in frame.groupby("plan"))
    known = go.gain.notna() & stay.gain.notna()
    share = go.weight[known & (go.gain > stay.gain)].sum() / go.weight[known].sum()
    assert verdicts[0]["share"] == pytest.approx(share)
    assert verdicts[0]["worlds"] == known.sum()
    assert verdicts[1]["worlds"] == go.flag.sum()
    assert [verdict["share"] for verdict in verdicts[3:]] == [1, 0]
    assert verdicts[4]["worlds"] == stay.gain.notna().sum()
    assert [family["word"] for family in verdicts[0]["families"]] == ["blue", "red"]
    return verdicts


@pytest.fixture
def one(tmp_path: Path) -> Ask:
    """Ask a table about one claim: it holds."""

    def one(table: Any, holds: str, columns: dict[str, Any] | None = None, **more: Any) -> Verdicts:
        claim = {"id": "C", "says": "x", "compare": ["go", "stay"], "holds": holds} | more
        claim = {name: value for name, value in claim.items() if value is not None}
        path = tmp_path / "claims.yaml"
        path.write_text(f"claims: {json.dumps([claim], ensure_ascii=False)}", encoding="utf-8")
        return rp.ask(table, path, columns).judge().records()

    return one


class Dress(NamedTuple):
    """How somebody hands the table over: a file in a folder, or an object."""

    name: str
    made: Callable[[pd.DataFrame, Path], Any]


DRESSES = [
    Dress("parquet by duckdb", lambda f, p: as_parquet(f, p / "w.parquet")),
    Dress("parquet by pandas", lambda f, p: written(f.to_parquet, p / "w.parquet")),
    Dress("parquet by polars", lambda f, p: written(pl.from_pandas(f).write_parquet, p / "w.pq")),
    Dress(
        "parquet by pyarrow, with what is not a number",
        lambda f, p: written(lambda q: parquet.write_table(with_nan(f), q), p / "w.parquet"),
    ),
    Dress(
        "parquet by polars, with what is not a number",
        lambda f, p: written(pl.from_dict(f.to_dict("list")).write_parquet, p / "w.PARQUET"),
    ),
    Dress("its name as a text", lambda f, p: str(as_parquet(f, p / "w.parquet"))),
    Dress("csv", lambda f, p: as_csv(f, p / "w.csv")),
    Dress("csv with semicolons", lambda f, p: as_csv(f, p / "w.csv", sep=";")),
    Dress("csv with tabs", lambda f, p: as_csv(f, p / "w.tsv", sep="\t")),
    Dress("csv with bars", lambda f, p: as_csv(f, p / "w.txt", sep="|")),
    Dress("csv by R", lambda f, p: as_csv(f, p / "w.csv", na_rep="NA", quoting=2, index=True)),
    Dress("csv with NaN", lambda f, p: as_csv(f, p / "w.csv", na_rep="NaN")),
    Dress("csv with NULL", lambda f, p: as_csv(f, p / "w.csv", na_rep="NULL")),
    Dress("csv with all in quotes", lambda f, p: as_csv(f, p / "w.csv", quoting=1)),
    Dress("csv by Windows", lambda f, p: as_csv(f, p / "w.csv", lineterminator="\r\n")),
    Dress("csv by Excel", lambda f, p: as_csv(f, p / "w.csv", encoding="utf-8-sig", sep=";")),
    Dress("csv.gz", lambda f, p: as_csv(f, p / "w.csv.gz")),
    Dress(
        "csv of true and false", lambda f, p: as_csv(f.assign(flag=f.flag.astype(str)), p / "w.csv")
    ),
    Dress("two csvs", lambda f, p: [as_csv(f[::2], p / "0.csv"), as_csv(f[1::2], p / "1.csv")]),
    Dress("feather by pandas", lambda f, p: as_feather(f, p / "w.feather")),
    Dress("feather by pyarrow", lambda f, p: as_feather(pa.Table.from_pandas(f), p / "w.arrow")),
    Dress("feather by polars", lambda f, p: written(pl.from_pandas(f).write_ipc, p / "w.feather")),
    Dress(
        "two feathers, one without fractions",
        lambda f, p: [
            as_feather(f.iloc[:WORLDS], p / "0.feather"),
            as_feather(f.iloc[WORLDS:].astype({"number": float}), p / "1.feather"),
        ],
    ),
    Dress("a folder of parts", lambda f, p: in_parts(f, p / "parts")),
    Dress("a list of parts", lambda f, p: sorted(in_parts(f, p / "parts").glob("*.parquet"))),
    Dress(
        "parts named by texts",
        lambda f, p: tuple(str(part) for part in in_parts(f, p / "parts").glob("*.parquet")),
    ),
    Dress(
        "parts of other types, the smaller first",
        lambda f, p: [
            as_parquet(f.iloc[:0].astype({"gain": "int8", "number": "int8"}), p / "0.parquet"),
            as_parquet(f, p / "1.parquet"),
        ],
    ),
    Dress("pandas", lambda f, _: f),
    Dress("pandas without order", lambda f, _: f.sample(frac=1, random_state=1)),
    Dress("pandas in another order of columns", lambda f, _: f[f.columns[::-1]]),
    Dress("pandas categories", lambda f, _: f.astype(dict.fromkeys(("plan", "word"), "category"))),
    Dress("categories of numbers", lambda f, _: f.astype(dict.fromkeys(("world",), "category"))),
    Dress("pandas objects", lambda f, _: f.astype(object).where(f.notna(), None)),
    Dress("pandas nullable", lambda f, _: f.convert_dtypes()),
    Dress("pandas small", lambda f, _: f.astype({"world": "int16", "number": "uint8"})),
    Dress("polars", lambda f, _: pl.from_pandas(f)),
    Dress("polars with what is not a number", lambda f, _: pl.from_dict(f.to_dict("list"))),
    Dress("polars lazy", lambda f, _: pl.from_pandas(f).lazy()),
    Dress(
        "polars categories",
        lambda f, _: pl.from_pandas(f).cast(
            {"plan": pl.Categorical, "word": pl.Enum(["red", "blue"])}
        ),
    ),
    Dress("arrow", lambda f, _: pa.Table.from_pandas(f)),
    Dress("arrow with what is not a number", lambda f, _: with_nan(f)),
    Dress("arrow in chunks", lambda f, _: pa.concat_tables([with_nan(f[:99]), with_nan(f[99:])])),
    Dress(
        "arrow dictionary",
        lambda f, _: pa.table(
            {n: pa.array(f[n]).dictionary_encode() if n == "word" else f[n] for n in f}
        ),
    ),
    Dress("arrow dataset", lambda f, p: dataset.dataset(str(as_parquet(f, p / "w.parquet")))),
]


@pytest.mark.parametrize("dress", DRESSES, ids=lambda dress: dress.name)
def test_the_verdicts_are_the_same_in_every_dress(
    frame: pd.DataFrame, claims: Path, expected: Verdicts, tmp_path: Path, dress: Dress
):
    assert rp.ask(dress.made(frame, tmp_path), claims).judge().records() == expected


@pytest.mark.parametrize(
    "named",
    [
        lambda f: f.assign(world="w" + f.world.astype(str).str.zfill(3)),
        lambda f: f.assign(world=f.world / 4),
        lambda f: f.assign(world=f.world - 10_000_000_000),
        lambda f: f.assign(world=f.world.astype("uint64") + 2**63),
        lambda f: f.assign(world=[10**30 + world for world in f.world.tolist()]),
        lambda f: f.assign(world=[Decimal(world) / 8 for world in f.world.tolist()]),
        lambda f: f.assign(world=pd.Timestamp("2020-01-01") + pd.to_timedelta(f.world, "D")),
        lambda f: f.assign(world=[[world // 256, world % 256] for world in f.world]),
        lambda f: f.assign(world=[{"set": 1, "number": world} for world in f.world]),
        lambda f: f.assign(world=[b"%03d" % world for world in f.world]),
        lambda f: f.assign(world=("w" + f.world.astype(str).str.zfill(3)).astype("category")),
    ],
    ids=[
        "text",
        "float",
        "negative",
        "unsigned",
        "huge",
        "decimal",
        "day",
        "list",
        "struct",
        "bytes",
        "category",
    ],
)
def test_worlds_may_be_named_by_anything(frame, claims, expected, named):
    odd = named(frame).sample(frac=1, random_state=2)
    for found, right in zip(rp.ask(odd, claims).judge().rows, expected, strict=True):
        assert found.model.share == pytest.approx(right["share"])
        assert found.model.worlds == right["worlds"]
        assert found.model.effect_median == right["effect_median"]
        counts = [family["worlds"] for family in found.model.families]
        assert counts == [family["worlds"] for family in right["families"]]


@pytest.mark.parametrize(
    ("plans", "names"),
    [
        ([1, 0], ["1", "0"]),
        ([True, False], ["true", "false"]),
        ([0.5, 2.0], ["0.5", "2.0"]),
        (["Go on", "Go on!"], ["Go on", "Go on!"]),
        (["go", "GO"], ["go", "GO"]),
        (["go", " go"], ["go", " go"]),
        (["Größe", "戦"], ["Größe", "戦"]),
    ],
)
def test_plans_may_be_named_by_anything(frame, expected, one, plans: list[Any], names: list[str]):
    odd = frame.assign(plan=[plans[plan == "stay"] for plan in frame.plan])
    (verdict,) = one(odd, "a.gain > b.gain", compare=names)
    assert verdict["share"] == expected[0]["share"]


def test_rows_in_any_order_give_the_same_to_the_last_digit(frame, claims, expected, tmp_path):
    for seed in (1, 2):
        mixed = frame.sample(frac=1, random_state=seed)
        assert rp.ask(mixed, claims).judge().records() == expected
        path = as_parquet(mixed, tmp_path / f"{seed}.parquet")
        assert rp.ask(path, claims).judge().records() == expected


def test_only_worlds_that_both_plans_have_are_compared(frame, one):
    go, stay = frame.plan == "go", frame.plan == "stay"
    some = frame[(go & (frame.world < 200)) | (stay & (frame.world >= 50))]
    (verdict,) = one(some, "a.number >= b.number")
    assert verdict["worlds"] == 150
    (verdict,) = one(some, "number >= 0", compare=None, plan="stay")
    assert verdict["worlds"] == 250
    apart = frame[(go & (frame.world < 100)) | (stay & (frame.world >= 200))]
    (verdict,) = one(apart, "a.number >= b.number")
    assert (verdict["worlds"], verdict["model_verdict"]) == (0, None)
    assert "speaks about 0 of these worlds" in verdict["why_untested"]


def test_a_family_is_told_by_the_world_and_not_by_its_place(one):
    """The first of the plans, from which families are read, has other worlds than the claim."""
    worlds = np.arange(WORLDS)
    word = np.where(worlds < 150, "blue", "red")
    base = pd.DataFrame({"world": worlds, "word": word, "gain": np.where(word == "red", 1, -1)})
    table = pd.concat(
        [
            base.assign(plan="already")[60:260],
            base.assign(plan="go"),
            base.assign(plan="stay", gain=0),
        ]
    )
    (verdict,) = one(table, "a.gain > b.gain", {"families": "word"})
    found = {family["word"]: (family["share"], family["worlds"]) for family in verdict["families"]}
    assert found == {"blue": (0, 90), "red": (1, 110)}


def test_a_table_without_a_column_of_plans_or_of_worlds(frame, one, tmp_path: Path):
    go = frame[frame.plan == "go"]
    (right,) = one(frame, "gain > 0", compare=None, plan="go")
    without = go.drop(columns="plan")
    bare = without.drop(columns="world")
    for table in (without, bare, as_csv(bare, tmp_path / "w.csv"), pl.from_pandas(bare)):
        (verdict,) = one(table, "gain > 0", compare=None)
        assert (verdict["share"], verdict["worlds"]) == (right["share"], right["worlds"])
    (verdict,) = one(go.drop(columns="world"), "gain > 0", compare=None, plan="go")
    assert verdict["share"] == right["share"]


def test_weights_count_if_there_are_any(frame, one):
    plain = one(frame.drop(columns="weight"), "a.gain > b.gain")
    assert one(frame.assign(weight=2.5), "a.gain > b.gain") == plain
    assert one(frame.assign(weight=3), "a.gain > b.gain") == plain
    assert one(frame.assign(weight=Decimal("0.1")), "a.gain > b.gain") == plain
    assert one(frame.assign(weight="1.5"), "a.gain > b.gain") == plain
    (half,) = one(frame.assign(weight=frame.world < 150), "a.world >= 0")
    assert half["worlds"] == 150
    (weighed,) = one(frame.assign(weight=np.where(frame.world < 150, 3.0, 1.0)), "a.world < 150")
    assert (weighed["share"], weighed["before_share"]) == (0.75, 0.5)


def test_keys_may_be_called_otherwise_while_other_columns_have_their_names(frame, one):
    odd = frame.rename(columns={"world": "run", "plan": "policy", "weight": "w"})
    odd = odd.assign(world="no world", plan=7, weight=-5)
    keys = {"world": "run", "plan": "policy", "weight": "w"}
    (verdict,) = one(odd, "a.gain > b.gain", keys)
    (right,) = one(frame, "a.gain > b.gain")
    assert verdict == right
    swapped = frame.rename(columns={"world": "plan", "plan": "world"})
    assert one(swapped, "a.gain > b.gain", {"world": "plan", "plan": "world"}) == [right]
    large = frame.rename(columns=str.upper)
    keys = {"world": "WORLD", "plan": "PLAN", "weight": "WEIGHT"}
    (verdict,) = one(large, "a.GAIN > b.GAIN", keys)
    assert verdict["share"] == right["share"]


NAMES = [
    "count turtles",
    "count turtles with [color = red]",
    "[run number]",
    "order",
    "select",
    "from",
    "values",
    "null",
    "true",
    "user",
    "rowid",
    "a",
    "b",
    "worlds",
    "given",
    "x.y",
    "a.x",
    "x-y",
    "1",
    "2 %",
    "x'y",
    'x"y',
    "Größe",
    "戦",
    "İ",
    "e\u0301",
    "x\ty",
    "x" * 300,
]


@pytest.mark.parametrize("kind", ["parquet", "csv", "frame"])
def test_columns_may_have_any_name_in_quotes(frame, tmp_path: Path, kind: str):
    table: Any = frame.assign(**dict.fromkeys(NAMES, frame.gain))
    quoted = ['"' + name.replace('"', '""') + '"' for name in ["gain", *NAMES]]
    listed = [
        {"id": f"C{n}", "says": "x", "compare": ["go", "stay"], "holds": f"a.{name} > b.{name}"}
        for n, name in enumerate(quoted)
    ]
    path = tmp_path / "claims.yaml"
    path.write_text(f"claims: {json.dumps(listed, ensure_ascii=False)}", encoding="utf-8")
    if kind == "parquet":
        table = as_parquet(table, tmp_path / "w.parquet")
    elif kind == "csv":
        table = as_csv(table, tmp_path / "w.csv")
    plain, *others = rp.ask(table, path).judge().rows
    for other, name in zip(others, NAMES, strict=True):
        assert other.model.share == plain.model.share, name
        assert other.model.effect_median == plain.model.effect_median, name


@pytest.mark.parametrize(
    "name", ["order", "values", "a", "given", "count", "date", "user", "Größe"]
)
def test_a_keyword_is_a_column_without_quotes_too(frame, one, name: str):
    """Also where the effect, which is made of both sides, would not be SQL."""
    alone = frame[frame.plan == "go"].drop(columns="plan").rename(columns={"gain": name})
    (verdict,) = one(alone, f"{name} > 0", compare=None)
    assert verdict["worlds"] == alone[name].notna().sum()


def test_names_that_differ_in_case_only_are_told_apart_by_a_number(frame, one):
    odd = frame.assign(Gain=-frame.gain)
    (right,) = one(frame, "a.gain > b.gain")
    for table in (odd, pl.from_pandas(odd), pa.Table.from_pandas(odd)):
        assert one(table, "a.gain > b.gain") == [right]
        (verdict,) = one(table, "a.Gain_1 < b.Gain_1")
        assert verdict["share"] == right["share"]
        with pytest.raises(UsageError, match=r"'a\.Gain', which the table lacks; did you mean"):
            one(table, "a.Gain > b.Gain")


def test_a_table_of_behaviorspace_is_read_below_its_head(one, tmp_path: Path):
    head = [
        '"BehaviorSpace results (NetLogo 6.4.0)"',
        '"fire.nlogo"',
        '"experiment"',
        '"01/01/2024 10:00:00:000 +0000"',
        '"min-pxcor","max-pxcor","min-pycor","max-pycor"',
        '"-125","125","-125","125"',
        '"[run number]","policy","seed","wind?","[step]","count turtles","burned %"',
    ]
    rows = [
        f'"{2 * seed + late}","{"late" if late else "soon"}","{seed}","{seed % 2 == 0!s}","500",'
        f'"{seed % 17}","{seed / 4 + late}"'.lower()
        for seed in range(100)
        for late in (0, 1)
    ]
    path = tmp_path / "fire.csv"
    path.write_text("\n".join([*head, *rows]) + "\n")
    keys = {"world": "seed", "plan": "policy", "outcomes": ["count turtles", "burned %"]}
    plans = ["late", "soon"]
    (verdict,) = one(path, 'a."burned %" > b."burned %"', keys, compare=plans, given='a."wind?"')
    assert (verdict["share"], verdict["worlds"], verdict["effect_median"]) == (1, 50, 1)
    (verdict,) = one(path, '"count turtles" > 8', keys, compare=None, plan="late")
    assert verdict["share"] == 0.46


def test_names_of_folders_add_no_columns(frame, claims, expected, tmp_path: Path):
    for name in ("world=5", "plan=stay", "gain=1"):
        (tmp_path / name).mkdir()
        path = as_parquet(frame, tmp_path / name / "w.parquet")
        for table in (path, path.parent, as_csv(frame, tmp_path / name / "w.csv")):
            assert rp.ask(table, claims).judge().records() == expected


def test_whole_numbers_in_one_part_take_none_of_the_others_fractions(one, tmp_path: Path):
    part = pd.DataFrame({"world": range(100), "gain": np.zeros(100, "int8")})
    as_parquet(part, tmp_path / "0.parquet")
    as_parquet(part.assign(world=part.world + 100, gain=0.4), tmp_path / "1.parquet")
    (verdict,) = one(tmp_path, "gain > 0.3", compare=None)
    assert (verdict["share"], verdict["worlds"]) == (0.5, 200)
    as_parquet(part.assign(gain=None), tmp_path / "0.parquet")
    (verdict,) = one(tmp_path, "gain > 0.3", compare=None)
    assert (verdict["share"], verdict["worlds"]) == (1, 100)


def test_what_is_infinite_is_compared_and_has_no_average(frame, one):
    odd = frame.assign(gain=frame.gain.where(frame.world % 10 != 3, np.inf))
    (verdict,) = one(odd, "a.gain >= b.gain")
    assert verdict["effect_mean"] is None or np.isfinite(verdict["effect_mean"])
    (verdict,) = one(odd, "gain > 5", compare=None, plan="go")
    assert verdict["share"] > 0.05
    assert verdict["effect_mean"] is None
    with pytest.raises(UsageError, match=r"claim 'C' cannot be judged: its effect is infinite"):
        one(odd, "a.gain > 5", effect="a.gain", given="b.gain < 5 or b.gain > 5")
    (verdict,) = one(odd, "a.gain > 0", effect="a.gain", given="a.gain < 5")
    assert np.isfinite(verdict["effect_mean"])


@pytest.mark.parametrize(
    ("column", "holds"),
    [
        (pd.to_timedelta(np.arange(2 * WORLDS), "h"), "a.it < b.it"),
        (pd.Timestamp("2024-08-06"), "a.it > '2024-01-01'"),
        (date(2024, 8, 6), "a.it > '2024-01-01'"),
        (time(12), "a.it > '09:30:00'"),
        (True, "a.it >= b.it"),
        ([[1.0, 2.0]] * 2 * WORLDS, "a.it >= b.it"),
        ("b", "a.it > 'a'"),
    ],
    ids=["span", "time", "day", "hour", "truth", "list", "text"],
)
def test_what_is_no_number_can_be_compared_and_has_no_effect(frame, one, column, holds: str):
    (verdict,) = one(frame.assign(it=column), holds)
    assert (verdict["share"], verdict["effect_median"]) == (1, None)


# What is refused, each in one sentence.


def lines(*rows: str, head: str = "world,plan,gain", encoding: str = "utf-8") -> bytes:
    return "\n".join([head, *rows, ""]).encode(encoding)


ROWS = [f"{world},{plan},{world % 7 - 3}" for plan in ("go", "stay") for world in range(60)]
LATIN = lines(*(f"{row},Größe" for row in ROWS), head="world,plan,gain,wört", encoding="latin-1")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("w.xlsx", b"PK", "worlds are read from files that end in .parquet, .csv"),
        ("w.csv.zst", b"x", "worlds are read from files that end in .parquet, .csv"),
        ("w", b"x", "worlds are read from files that end in .parquet, .csv"),
        ("w.parquet", b"", "cannot be read as worlds: .*too small to be a Parquet file"),
        ("w.parquet", b"world,plan,gain\n1,go,2\n", "cannot be read as worlds: .*No magic bytes"),
        ("w.parquet", b"PAR1" + b"x" * 99 + b"PAR1", "cannot be read as worlds: .*Footer"),
        ("w.feather", b"", "cannot be read as worlds: File is too small"),
        ("w.arrow", b"ARROW1" + b"x" * 99, "cannot be read as worlds: Not a"),
        ("w.csv", b"", "it has no rows"),
        ("w.csv", lines(), "it has no rows"),
        ("w.csv", bytes(range(256)) * 9, "its cells cannot be told apart; write a line of names"),
        ("w.csv", LATIN, "it is not UTF-8; save it as UTF-8"),
        ("w.csv", lines(*ROWS, encoding="utf-16"), "it is not UTF-8; save it as UTF-8"),
        ("w.csv.gz", lines(*ROWS), "cannot be read as worlds: .*not a GZIP stream"),
        ("w.csv.gz", gzip.compress(lines(*ROWS))[:-9], "cannot be read as worlds: .*end of GZIP"),
        ("w.csv", lines(*ROWS, "60,go"), "more or fewer cells than the first, 'world,plan,gain'"),
        ("w.csv", lines(*ROWS[:9], "9,go,1,2", *ROWS[10:]), "more or fewer cells than the first"),
        (
            "w.csv",
            lines(*(row + ",1" * (n % 2) for n, row in enumerate(ROWS))),
            "more or fewer cells",
        ),
        (
            "w.csv",
            lines(*(f"{row},5".replace(",", ";", 2) for row in ROWS), head="world;plan;gain"),
            "the numbers in 'gain' have a comma, such as '-1,5'; write them with a point",
        ),
        (
            "w.tsv",
            lines(*(f"{row},5".replace(",", "\t", 2) for row in ROWS), head="world\tplan\tgain"),
            "the numbers in 'gain' have a comma",
        ),
        (
            "w.csv",
            lines(*(f'{n},go,"1,{n:03}"' for n in range(60))),
            "the numbers in 'gain' have a",
        ),
        ("w.csv", lines(*ROWS, ",go,1"), "some rows lack their 'world'"),
        ("w.csv", lines(*ROWS, "60,,1"), "some rows lack their 'plan'"),
        ("w.csv", lines(*ROWS, "60,NA,1"), "some rows lack their 'plan'"),
        (
            "w.csv",
            lines(*ROWS, "59,go,1"),
            "plan 'go' has 61 rows for 60 worlds; a table of worlds",
        ),
        (
            "w.csv",
            lines(*(row.split(",", 1)[1] for row in ROWS), head="plan,gain"),
            "2 plans but no column 'world' that says .*; name it under 'columns: world'",
        ),
        (
            "w.csv",
            lines(*ROWS, head="world,policy,gain"),
            "120 rows for 60 worlds; .*; name its column of plans under 'columns: plan'",
        ),
        *(
            (
                "w.csv",
                lines(*(f"{row},{weight if row == ROWS[3] else 1}" for row in ROWS), head=head),
                r"the weights \('weight'\) must be numbers that are not negative, and not all zero",
            )
            for weight in ("-1", "", "NaN", "inf", "heavy", "1.2.3")
            for head in ("world,plan,gain,weight",)
        ),
        (
            "w.csv",
            lines(*(f"{row},0" for row in ROWS), head="world,plan,gain,weight"),
            r"the weights \('weight'\) must be numbers",
        ),
    ],
)
def test_a_file_that_is_no_table_of_worlds_is_named(one, tmp_path: Path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        one(path, "a.gain > b.gain")
    message = str(caught.value)
    assert message.startswith(str(path))
    assert re.search(said, message), message
    assert "\n" not in message


def test_a_file_that_was_cut_short_or_written_over_is_named(frame, one, tmp_path: Path):
    whole = as_parquet(frame, tmp_path / "whole.parquet").read_bytes()
    table = as_feather(frame, tmp_path / "whole.feather").read_bytes()
    for name, content in (
        ("half.parquet", whole[: len(whole) // 2]),
        ("spoilt.parquet", whole[:60] + bytes(300) + whole[360:]),
        ("half.feather", table[: len(table) // 2]),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UsageError, match=rf"^{tmp_path / name} (cannot be read|is no table)"):
            one(tmp_path / name, "a.gain > b.gain")


@pytest.mark.parametrize(
    ("cells", "worlds"),
    [("NA", 59), ("", 59), ("NaN", 59), ("NULL", 59), ("#N/A", None), (".", None), ("none", None)],
)
def test_cells_that_are_no_numbers_are_missing_or_said(one, tmp_path: Path, cells: str, worlds):
    """Numbers that became texts would be compared by the alphabet: 10 before 9."""
    path = tmp_path / "w.csv"
    path.write_bytes(lines(*(re.sub(r"^7,go,.*", f"7,go,{cells}", row) for row in ROWS)))
    if worlds is not None:
        assert one(path, "a.gain >= b.gain")[0]["worlds"] == worlds
        return
    for holds in ("a.gain > b.gain", "(a.gain) >= b.gain", "a.world > 3 and not b.gain < a.gain"):
        with pytest.raises(UsageError, match=r"compares texts, .* leave those empty"):
            one(path, holds)
    assert one(path, "a.gain = b.gain")[0]["worlds"] == 60
    with pytest.raises(UsageError, match="Cannot compare values of type VARCHAR"):
        one(path, "a.gain > 1")


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda p: p / "none.parquet", "none.parquet: there is no such file of worlds"),
        (lambda p: p / "none", "none: there is no such file of worlds"),
        (lambda p: p, "there are no Parquet files in this folder; name the files"),
        (lambda p: [p], "there are no Parquet files in this folder; name the files"),
        (lambda _: "", "there are no Parquet files in this folder|no such file"),
        (lambda _: [], "the list of files is empty"),
        (
            lambda p: [as_csv(pd.DataFrame({"x": [1]}), p / "x.csv"), p / "y.csv"],
            "y.csv: there is no",
        ),
        (
            lambda _: "world,plan,gain\n" * 999,
            "'world,plan,gain.*' is no file of worlds: File name",
        ),
        (lambda _: "https://127.0.0.1:1/w.parquet", "there is no such file of worlds"),
        (lambda _: "a\0b.parquet", "there is no such file of worlds"),
    ],
)
def test_a_file_that_is_not_there_is_named(one, tmp_path: Path, monkeypatch, made, said: str):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    with pytest.raises(UsageError, match=said) as caught:
        one(made(tmp_path / "empty"), "a.gain > b.gain")
    assert len(str(caught.value)) < 300


def test_parts_that_do_not_fit_together_are_named(frame, one, tmp_path: Path):
    first = as_parquet(frame[:9], tmp_path / "0.parquet")
    for other, column in (
        (frame[9:].drop(columns="gain"), "gain"),
        (frame[9:].assign(more=1), "more"),
        (frame[9:].rename(columns={"gain": "gian"}), "gian"),
    ):
        second = as_parquet(other, tmp_path / "1.parquet")
        with pytest.raises(
            UsageError, match=f"{second} has other columns than {first} .*'{column}'"
        ):
            one(tmp_path, "a.gain > b.gain")
    two = [as_csv(frame[:9], tmp_path / "0.csv"), as_csv(frame[9:][["world"]], tmp_path / "1.csv")]
    with pytest.raises(UsageError, match=r"1\.csv has other columns than .*0\.csv"):
        one(two, "a.gain > b.gain")
    two = [
        as_feather(frame[:9], tmp_path / "0.feather"),
        as_feather(frame[["world"]], tmp_path / "1.feather"),
    ]
    with pytest.raises(UsageError, match=r"1\.feather has other columns than .*0\.feather"):
        one(two, "a.gain > b.gain")
    with pytest.raises(UsageError, match="cannot be read as worlds"):
        one([first, two[0]], "a.gain > b.gain")
    with pytest.raises(UsageError, match=r"0\.parquet: plan 'go' has 18 rows for 9 worlds"):
        one([first, first], "a.gain > b.gain")


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda _: None, "a thing of type NoneType cannot be read as worlds"),
        (lambda _: 5, "a thing of type int cannot be read as worlds"),
        (lambda f: f.to_dict("records"), "a thing of type list cannot be read as worlds"),
        (lambda f: [f, f], "a thing of type list cannot be read as worlds"),
        (lambda _: [1, 2], "a thing of type list cannot be read as worlds"),
        (lambda _: ["w.parquet", None], "a thing of type list cannot be read as worlds"),
        (lambda f: f.to_dict("list"), "a thing of type dict cannot be read as worlds"),
        (lambda f: f.to_numpy(), r"type numpy\.ndarray cannot be read as worlds"),
        (
            lambda f: f[["gain", "number"]].to_numpy(),
            r"type numpy\.ndarray cannot be read as worlds",
        ),
        (lambda f: f.to_records(index=False), r"type numpy\.recarray cannot be read as worlds"),
        (lambda f: f.groupby("plan"), r"type pandas\.\w+ cannot be read as worlds"),
        (lambda _: {"w.parquet"}, "a thing of type set cannot be read as worlds"),
        (lambda _: b"w.parquet", "a thing of type bytes cannot be read as worlds"),
        (lambda _: (name for name in "ab"), "a thing of type generator cannot be read as worlds"),
        (lambda f: duckdb.from_df(f), r"type duckdb\.\w+ cannot be read as worlds"),
        (lambda _: pd.DataFrame(), "DataFrame cannot be read as worlds .*at least one column"),
        (lambda f: f.assign(gain=1j), "DataFrame cannot be read as worlds .*complex128"),
    ],
)
def test_an_object_that_is_no_table_is_refused(frame, one, made, said: str):
    with pytest.raises(UsageError, match=said) as caught:
        one(made(frame), "a.gain > b.gain")
    assert "give a file, a pandas or polars frame, or an Arrow table" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_frame_that_is_no_table_of_worlds_is_refused(frame, one):
    for table, said in (
        (frame[:0], "the DataFrame is no table of worlds: it has no rows"),
        (frame[["gain"]][:0], "the DataFrame is no table of worlds: it has no rows"),
        (pd.concat([frame, frame[:1]]), "the DataFrame: plan 'go' has 301 rows for 300 worlds"),
        (frame.assign(world=1), "the DataFrame: plan 'go' has 300 rows for 1 worlds"),
        (frame.assign(world=frame.world.where(frame.world != 5)), "some rows lack their 'world'"),
        (frame.assign(plan=frame.plan.where(frame.world != 5)), "some rows lack their 'plan'"),
        (with_nan(frame.assign(world=frame.world.where(frame.world != 5))), "lack their 'world'"),
        (frame.drop(columns="plan"), "600 rows for 300 worlds; .* under 'columns: plan'"),
        (frame.assign(weight=pd.Timestamp("2024-01-01")), "weights|no table of worlds"),
    ):
        with pytest.raises(UsageError, match=said):
            one(table, "a.gain > b.gain")


def test_a_plan_without_rows_is_lacking(frame, one):
    for table in (
        frame[frame.plan == "go"],
        frame[frame.plan == "go"].astype({"plan": "category"}),
        frame[frame.plan == "go"].assign(plan=pd.Categorical(["go"] * WORLDS, ["go", "stay"])),
    ):
        with pytest.raises(
            UsageError, match="speaks of plan 'stay', which the run lacks; it has go"
        ):
            one(table, "a.gain > b.gain")


def test_a_reader_that_can_be_read_once_says_so(frame, one):
    with pytest.raises(
        UsageError, match=r"RecordBatchReader is no table of worlds: .*read_all\(\)"
    ):
        one(pa.Table.from_pandas(frame).to_reader(), "a.gain > b.gain")
