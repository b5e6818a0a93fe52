"""The app as it is served, with a real run in its folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import Served, folder_of_runs

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, kursk_run: Path) -> Iterator[Served]:
    """The app, with a run of 300 worlds under the plans none and hold; tests share it."""
    served = Served(*folder_of_runs(tmp_path_factory.mktemp("served"), kursk_run))
    yield served
    served.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, which finds what is hard to use for some."""
    if not AXE.is_file() and os.environ.get("RIPENESS_REQUIRE_BROWSER") != "1":
        pytest.skip(
            "no axe-core found; make node_modules/.installed, or set RIPENESS_REQUIRE_BROWSER"
        )
    return AXE.read_text(encoding="utf-8")
