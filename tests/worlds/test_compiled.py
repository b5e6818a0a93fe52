"""Compiled programs are kept between runs where that is possible, and missed nowhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ASK = """
import jax
from ripeness.worlds.compiled import begun
begun()
print(jax.config.jax_compilation_cache_dir)
"""


def place_kept(**environment: str | Path) -> str:
    without = {name: word for name, word in os.environ.items() if not name.startswith("JAX_")}
    said = {name: str(word) for name, word in environment.items()}
    done = subprocess.run(
        [sys.executable, "-c", ASK], capture_output=True, text=True, env=without | said, check=True
    )
    return done.stdout.strip()


def test_in_the_users_cache(tmp_path: Path):
    assert place_kept(XDG_CACHE_HOME=tmp_path) == str(tmp_path / "ripeness" / "jax")
    assert (tmp_path / "ripeness" / "jax").is_dir()


def test_where_the_user_says(tmp_path: Path):
    place = place_kept(JAX_COMPILATION_CACHE_DIR=tmp_path / "mine", XDG_CACHE_HOME=tmp_path)
    assert place == str(tmp_path / "mine")
    assert not (tmp_path / "ripeness").exists()


@pytest.mark.parametrize("place", ["/dev/null", "/proc"])
def test_nowhere_if_nothing_can_be_written(place: str):
    assert place_kept(XDG_CACHE_HOME=place) == "None"
