"""Writing a run folder: whole or not at all, and readable only as what it is."""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ripeness.errors import RipenessError, UsageError
from ripeness.worlds import store

LARGE = pd.DataFrame({"x": np.random.default_rng(1).normal(size=50_000)})


def everything_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def write_run(place: Path, frame: pd.DataFrame) -> None:
    with store.whole_folder(place) as folder:
        store.write_table(frame, folder / "worlds" / "block-00000.parquet")
        store.write_json({"format": store.FORMAT, "plans": ["none"]}, folder / "run.json")


@contextmanager
def no_room() -> Iterator[None]:
    """No file can grow beyond 20 kB, as if the disk were full."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_folder_takes_its_place_when_it_is_whole(tmp_path: Path):
    place = tmp_path / "runs" / "one"
    with store.whole_folder(place) as folder:
        store.write_json({"format": store.FORMAT}, folder / "run.json")
        assert not place.exists()
        assert folder.parent == place.parent, "on the same disk, so that it can be moved"
    assert everything_in(tmp_path) == {"runs", "runs/one", "runs/one/run.json"}


def test_an_earlier_run_stays_until_the_new_one_is_whole(tmp_path: Path):
    place = tmp_path / "run"
    write_run(place, pd.DataFrame({"x": [1.0]}))

    def fail_half_way() -> None:
        with store.whole_folder(place) as folder:
            store.write_json({}, folder / "half.json")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert store.read_columns(place, ["x"])["x"].tolist() == [1.0]
    write_run(place, pd.DataFrame({"x": [2.0]}))
    assert store.read_columns(place, ["x"])["x"].tolist() == [2.0]
    assert {path.name for path in tmp_path.iterdir()} == {"run"}


@pytest.mark.parametrize("what", ["table", "text"])
def test_without_room_nothing_is_kept(tmp_path: Path, what: str):
    place = tmp_path / "runs" / "new" / "run"

    def write() -> None:
        with store.whole_folder(place) as folder:
            if what == "table":
                store.write_table(LARGE, folder / "large.parquet")
            else:
                store.write_json({"large": "x" * 100_000}, folder / "large.json")

    with pytest.raises(RipenessError) as caught, no_room():
        write()
    message = str(caught.value)
    assert message.startswith(f"cannot write {place}: ")
    assert message.endswith("; nothing was kept")
    assert "\n" not in message
    assert caught.value.exit_code == 1
    assert everything_in(tmp_path) == set()


def test_places_that_cannot_be_written(tmp_path: Path):
    (tmp_path / "file").write_text("mine")
    for place, code in ((tmp_path / "file", 2), (tmp_path / "file" / "run", 1)):
        with pytest.raises(RipenessError) as caught, store.whole_folder(place):
            pytest.fail("the work began")
        assert str(place) in str(caught.value)
        assert caught.value.exit_code == code
    assert everything_in(tmp_path) == {"file"}
    assert (tmp_path / "file").read_text() == "mine"


def test_the_same_rows_are_the_same_bytes(tmp_path: Path):
    for name in ("one", "two"):
        store.write_table(LARGE, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_names_with_quotes_are_names(tmp_path: Path):
    place = tmp_path / "O'Hara's \"run\""
    write_run(place, pd.DataFrame({"x": [1.0]}))
    assert len(store.read_columns(place, [])) == 1


def test_unknown_columns_are_named_with_what_was_meant(tmp_path: Path):
    write_run(tmp_path / "run", pd.DataFrame({"leverage_ukraine_w4": [1.0]}))
    with pytest.raises(UsageError, match="no column 'leverage_ukrain_w4'; did you mean"):
        store.read_columns(tmp_path / "run", ["leverage_ukrain_w4"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, "is not a run folder: it has no run.json"),
        ("{}", "cannot be read as a run"),
        ("[1]", "cannot be read as a run"),
        ("{", "cannot be read as a run"),
        (json.dumps({"format": 99, "ripeness": "9.0"}), "format 99"),
        (json.dumps({"format": "one"}), "format one"),
    ],
)
def test_what_is_no_run_is_refused(tmp_path: Path, text: str | None, expected: str):
    if text is not None:
        (tmp_path / "run.json").write_text(text)
    with pytest.raises(UsageError) as caught:
        store.read_run(tmp_path)
    assert expected in str(caught.value)
    assert str(tmp_path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_run_without_worlds_is_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="has no worlds: run the case again"):
        store.parts(tmp_path)
