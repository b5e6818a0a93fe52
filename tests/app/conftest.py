"""The app as it is served, with a real run in its folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from served import Served, folder_of_runs


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, kursk_run: Path) -> Iterator[Served]:
    """The app, with a run of 300 worlds under the plans none and hold; tests share it."""
    served = Served(*folder_of_runs(tmp_path_factory.mktemp("served"), kursk_run))
    yield served
    served.close()
