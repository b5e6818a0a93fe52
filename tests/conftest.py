"""What the tests share: the Kursk case, an invented small one, and runs made once a session."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import settings
from playwright.sync_api import Page, sync_playwright
from running import ON_ONE_CORE, Command, MadeOnce, ParquetReader, command_line

import ripeness
from ripeness.case.schema import CaseFile

# The first use of an array function compiles it, which takes longer than an example may; the same
# examples every time, so that what passed passes again.
settings.register_profile("ripeness", deadline=None, derandomize=True)
settings.load_profile("ripeness")

PLANS = """\
  wait-too:
    name: Wait too
    meaning: The same as wait, under another name.
    moves: []
  push-later:
    name: Push later
    meaning: Arden waits for ten weeks before it goes into the valley.
    moves:
      - {do: commit, side: arden, sector: valley, from_week: 10, to_week: 20}
"""

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
  .filter((found) => ["serious", "critical"].includes(found.impact))
  .map((found) => [found.id, ...found.nodes.slice(0, 3).map((node) => node.html.slice(0, 200))])"""

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

KURSK_RUN = ("run", "kursk-2024", "--worlds", "300", "--plans", "none,hold")


@pytest.fixture(scope="session")
def command() -> Command:
    def run(
        *words: str | Path, before: str = "", cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command_line(*words, before=before),
            capture_output=True,
            text=True,
            timeout=300,
            cwd=cwd,
        )

    return run


@pytest.fixture(scope="session")
def parquet() -> ParquetReader:
    def read(path: Path) -> pd.DataFrame:
        with duckdb.connect() as connection:
            return connection.read_parquet(str(path)).df()

    return read


@pytest.fixture(scope="session")
def kursk() -> CaseFile:
    return ripeness.load("kursk-2024").file


@pytest.fixture(scope="session")
def small_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an invented case: four plans, two of which order nothing, and no claims."""
    folder = tmp_path_factory.mktemp("cases") / "minimal"
    folder.mkdir()
    text = (Path(__file__).parent / "case" / "minimal.yaml").read_text(encoding="utf-8")
    head, rest = text.split("  ask:\n")
    _, assumptions = rest.split("\nassumptions:\n")
    whole = f"{head}{PLANS}\nassumptions:\n{assumptions}"
    (folder / "case.yaml").write_text(whole, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def make(name: str, fill: Callable[[Path], object]) -> Path:
        folder, made, failed = shared / name, shared / f"{name}.made", shared / f"{name}.failed"
        try:
            folder.mkdir()
        except FileExistsError:
            while not made.exists():
                assert not failed.exists(), f"{name} could not be made, as another test shows"
                time.sleep(0.1)
            return folder
        try:
            fill(folder)
        except BaseException:
            failed.touch()
            raise
        made.touch()
        return folder

    return make


@pytest.fixture(scope="session")
def kursk_runs(made_once: MadeOnce) -> Path:
    """The same run made twice at once.

    ``first`` as data (``--json``); ``second`` on one core, as a table, with its standard error on
    a terminal. Beside the folders, what was printed: ``first.out``, ``second.err`` and so on.
    """

    def fill(folder: Path) -> None:
        import pty

        terminal, end = pty.openpty()
        shown: list[bytes] = []

        def read() -> None:
            while piece := _read(terminal):
                shown.append(piece)

        with (folder / "first.out").open("w") as out, (folder / "first.err").open("w") as err:
            words = (*KURSK_RUN, "--json", "--out", folder / "first")
            first = subprocess.Popen(command_line(*words), stdout=out, stderr=err)
        with (folder / "second.out").open("w") as out:
            words = (*KURSK_RUN, "--out", folder / "second")
            before = ON_ONE_CORE if hasattr(os, "sched_setaffinity") else ""
            second = subprocess.Popen(command_line(*words, before=before), stdout=out, stderr=end)
        os.close(end)
        reader = threading.Thread(target=read)
        reader.start()
        codes = (first.wait(300), second.wait(300))
        reader.join()
        os.close(terminal)
        (folder / "second.err").write_bytes(b"".join(shown))
        assert codes == (0, 0), (folder / "first.err").read_text() + b"".join(shown).decode()

    return made_once("kursk-runs", fill)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux says that nobody has the other end open any more
        return b""


@pytest.fixture(scope="session")
def kursk_run(kursk_runs: Path) -> Path:
    """The folder of a run of the Kursk case: 300 worlds under the plans none and hold."""
    return kursk_runs / "first"


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None and os.environ.get("RIPENESS_REQUIRE_BROWSER") != "1":
        pytest.skip("no chromium found; install it, or set RIPENESS_REQUIRE_BROWSER=1 to insist")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def serious() -> Callable[[Page], list[list[str]]]:
    """List what is hard to use for some in a page, as axe-core finds it."""
    if not AXE.is_file() and os.environ.get("RIPENESS_REQUIRE_BROWSER") != "1":
        pytest.skip(
            "no axe-core found; make node_modules/.installed, or set RIPENESS_REQUIRE_BROWSER"
        )
    script = AXE.read_text(encoding="utf-8")

    def found(page: Page) -> list[list[str]]:
        page.evaluate(script)
        return page.evaluate(SERIOUS)

    return found
