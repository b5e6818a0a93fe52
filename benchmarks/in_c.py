"""The front in C: compiles combat.c on this machine and calls it.

In: worlds as plain arrays. Out: how their front stands. The library lives in a temporary folder
for as long as the process does.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ripeness.errors import UsageError

Plain = dict[str, np.ndarray]

SOURCE = Path(__file__).with_name("combat.c")
FLAGS = ("-O3", "-march=native", "-ffast-math", "-shared", "-fPIC")
TILE = 64
"""Worlds that go through their weeks together: fastest of 8, 16, 32, 64 and 128."""


@dataclass(frozen=True)
class Prepared:
    """Worlds as the library reads them, and the shapes of what it gives."""

    facts: np.ndarray
    given: np.ndarray
    key: np.ndarray
    start: np.ndarray
    shapes: dict[str, tuple[int, ...]]

    def named(self, stand: np.ndarray) -> Plain:
        """Give the rows of a stand their names and shapes back."""
        ends = np.cumsum([int(np.prod(shape[:-1])) for shape in self.shapes.values()])
        parts = np.split(stand, ends[:-1])
        return {
            name: part.reshape(shape)
            for (name, shape), part in zip(self.shapes.items(), parts, strict=True)
        }


class Library:
    """combat.c, compiled for a number of sectors and supporters.

    Raises
    ------
    UsageError
        If there is no gcc, or it cannot compile the file.
    """

    def __init__(self, sectors: int, supporters: int) -> None:
        if shutil.which("gcc") is None:
            raise UsageError("comparing with C needs gcc, which is not installed")
        sizes = f"-DSECTORS={sectors}", f"-DSUPPORTERS={supporters}", f"-DTILE={TILE}"
        self._folder = tempfile.TemporaryDirectory()
        target = Path(self._folder.name) / "combat.so"
        command = ["gcc", *FLAGS, *sizes, str(SOURCE), "-o", str(target), "-lm"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise UsageError(f"gcc could not compile {SOURCE.name}:\n{done.stderr}")
        self._c = ctypes.CDLL(str(target))

    def prepare(self, facts: Plain, given: Plain, key: np.ndarray, start: Plain) -> Prepared:
        """Lay out worlds, a multiple of `TILE`, as the library reads them: a row a number."""
        count = key.size
        prepared = Prepared(
            np.concatenate([x.ravel() for x in facts.values()]).astype(np.float32),
            _rows(given, count),
            np.ascontiguousarray(key, np.uint32),
            _rows(start, count),
            {name: x.shape for name, x in start.items()},
        )
        expected = (
            self._number("facts_size"),
            self._number("given_rows"),
            self._number("state_rows"),
        )
        found = prepared.facts.size, len(prepared.given), len(prepared.start)
        if found != expected or count % TILE:
            raise ValueError(f"combat.c reads {expected} numbers of each world, not {found}")
        return prepared

    def course(self, worlds: Prepared, weeks: int) -> np.ndarray:
        """Run the front for a number of weeks; gives its last stand, row by row."""
        stand = worlds.start.copy()
        pointers = [
            x.ctypes.data_as(ctypes.c_void_p)
            for x in (worlds.facts, worlds.given, worlds.key, stand)
        ]
        self._c.front(worlds.key.size, weeks, *pointers)
        return stand

    def _number(self, name: str) -> int:
        return ctypes.c_int.in_dll(self._c, name).value


def _rows(named: Plain, count: int) -> np.ndarray:
    return np.concatenate([x.reshape(-1, count) for x in named.values()]).astype(np.float32)
