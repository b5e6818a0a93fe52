"""The package as a whole: its version, its pins, and how little it takes to say hello."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import ripeness

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
HEAVY = {"altair", "duckdb", "equinox", "jax", "pandas", "scipy", "vl_convert"}


def modules_after(code: str) -> set[str]:
    """The top-level modules that a fresh Python has loaded after running `code`."""
    program = (
        "import atexit, json, sys\n"
        "atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))\n" + code
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    return {name.partition(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}


def pins(name: str) -> dict[str, str]:
    """Package -> version of a file in requirements/."""
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    entries = [line.partition("#")[0].strip() for line in lines]
    found = {}
    for entry in filter(None, entries):
        pin = re.fullmatch(r"([a-z0-9-]+)==([0-9][0-9a-z.]*)", entry)
        assert pin, f"{name}: {entry!r} is more, or less, than a name and a version"
        found[pin[1]] = pin[2]
    return found


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_version_has_one_source():
    assert ripeness.__version__ == version("ripeness") == PROJECT["version"]


def test_citation_and_changes_speak_of_this_version():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\nversion: {PROJECT['version']}\n" in citation
    assert f"\n## {PROJECT['version']}" in changes


def test_import_is_light():
    """What takes seconds to import waits until it is used."""
    assert not modules_after("import ripeness") & HEAVY


def test_help_is_light():
    """The command itself, as installed: help must not wait for what only a run needs."""
    code = (
        "import sys\n"
        "from importlib.metadata import entry_points\n"
        "main = entry_points(group='console_scripts', name='ripeness')['ripeness'].load()\n"
        "sys.argv = ['ripeness', '--help']\n"
        "main()\n"
    )
    loaded = modules_after(code)
    assert "ripeness" in loaded
    assert not loaded & HEAVY


@pytest.mark.parametrize(
    ("file", "requirements"),
    [
        ("run.txt", PROJECT["dependencies"]),
        ("test.txt", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]),
    ],
)
def test_pins_fit_what_the_project_asks_for(file: str, requirements: list[str]):
    pinned = pins(file)
    for requirement in map(Requirement, requirements):
        assert requirement.specifier.contains(pinned[normal(requirement.name)]), requirement


def test_test_pins_include_those_of_a_run():
    assert pins("run.txt").items() <= pins("test.txt").items()
