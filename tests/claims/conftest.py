from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import duckdb
import pandas as pd
import pytest

from ripeness import errors
from ripeness.case.load import load
from ripeness.record.measures import write

CASE = Path(errors.__file__).parent / "cases" / "kursk-2024"

Writer = Callable[[pd.DataFrame], Path]


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record of the Kursk case with its measures, as a run has it."""
    folder = tmp_path_factory.mktemp("run") / "record"
    copytree(CASE / "record", folder)
    write(load(CASE), folder)
    return folder


@pytest.fixture(scope="session")
def case() -> Path:
    return CASE


@pytest.fixture
def write_worlds(tmp_path: Path) -> Writer:
    """Write a table of worlds as Parquet."""

    def write(frame: pd.DataFrame) -> Path:
        path = tmp_path / "worlds.parquet"
        with duckdb.connect() as connection:
            connection.register("frame", frame)
            connection.execute(f"COPY frame TO '{path}' (FORMAT parquet)")
        return path

    return write


@pytest.fixture
def write_claims(tmp_path: Path) -> Callable[[str], Path]:
    """Write a claims file: the claims given, after an essay E."""

    def write(claims: str) -> Path:
        path = tmp_path / "claims.yaml"
        path.write_text("essays:\n  E: {title: t, summary: s}\nclaims:\n" + claims)
        return path

    return write
