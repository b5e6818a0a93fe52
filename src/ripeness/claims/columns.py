"""What the columns of a table of worlds are: which names the world, the plan, the weight and so on.

In: the ``columns`` of a claims file, or what a run says of its table. Out: a `Columns`, by which a
table that anybody made is read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ripeness.errors import UsageError, suggest
from ripeness.problems import Wrong, dotted, from_pydantic
from ripeness.yamlfile import each

Text = Annotated[str, Field(min_length=1, max_length=2_000)]
ColumnName = Annotated[str, Field(min_length=1, max_length=200)]

KEYS = frozenset({"world", "plan", "weight"})
"""What the columns that a table is read by are called in it, whatever they were called before."""

_VISIBLE = re.compile(r"_w([0-9]{1,4})\Z")


class Part(BaseModel):
    """A part of a claims file: unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class About(Part):
    """What a column holds."""

    unit: str = Field(default="", max_length=200, description="its unit")
    means: str = Field(default="", max_length=2_000, description="what it is, in words")
    visible: float | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        description="when it can be seen, in the unit of 'time'; _w8 in a name says 8",
    )


def _described(value: Any) -> Any:
    """Take a list of names for columns of which nothing more is said."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list):
        return {name: {} for name in value if isinstance(name, str)}
    if isinstance(value, dict):
        return {name: {} if about is None else about for name, about in value.items()}
    return value


Described = Annotated[dict[ColumnName, About], BeforeValidator(_described)]


class Columns(Part):
    """What the columns of a table of worlds are."""

    world: ColumnName = Field(default="world", description="the column that numbers the worlds")
    plan: ColumnName = Field(default="plan", description="the column that names the plan")
    weight: ColumnName = Field(
        default="weight", description="the column that says what a world counts"
    )
    time: str = Field(default="weeks", max_length=60, description="the unit of 'visible'")
    decided: float | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        description="when outcomes that are not dated are known, in the unit of 'time'",
    )
    assumptions: Described = Field(
        default={}, description="columns that were assumed; all that are not outcomes, if not said"
    )
    outcomes: Described = Field(
        default={}, description="columns that came out; all that are not assumptions, if not said"
    )
    families: Annotated[
        tuple[ColumnName, ...], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)
    ] = Field(
        default=(), description="columns whose words name families of priors, judged one by one too"
    )

    @property
    def keys(self) -> tuple[str, str, str]:
        """The columns that name the world, the plan and the weight."""
        return self.world, self.plan, self.weight

    def about(self, name: str) -> About:
        """What is known of a column."""
        return self.assumptions.get(name) or self.outcomes.get(name) or About()

    def visible(self, name: str) -> float | None:
        """When a column can be seen: as said, or else by a name such as ``x_w8``; None if never."""
        found = _VISIBLE.search(name)
        said = self.about(name).visible
        return said if said is not None else float(found[1]) if found else None

    def assumed(self, table: Mapping[str, str]) -> list[str]:
        """Which columns of a table are assumptions; none if nobody said what is what."""
        if self.assumptions:
            return [name for name in table if name in self.assumptions]
        if not self.outcomes:
            return []
        return self._others(table, self.outcomes)

    def came_out(self, table: Mapping[str, str]) -> list[str]:
        """Which columns of a table are outcomes; none if nobody said what is what."""
        if self.outcomes:
            return [name for name in table if name in self.outcomes]
        if not self.assumptions:
            return []
        return self._others(table, self.assumptions)

    def _others(self, table: Mapping[str, str], said: Mapping[str, About]) -> list[str]:
        other = {*said, *self.keys, *KEYS}
        return [name for name in table if name not in other]


def of_run(described: Mapping[str, Mapping[str, str]], weeks: int) -> Columns:
    """Take what the columns are from what a run says of them.

    Parameters
    ----------
    described
        By column: its role, unit and meaning.
    weeks
        Until the horizon, when all that is not dated is known.
    """
    roles: dict[str, dict[str, About]] = {"assumption": {}, "outcome": {}, "key": {}}
    for name, about in described.items():
        unit = "" if about["unit"] == "word" else about["unit"]
        roles[about["role"]][name] = About(unit=unit, means=about["meaning"])
    rivals = [name for name in roles["assumption"] if described[name]["unit"] == "word"]
    return Columns(
        decided=weeks,
        assumptions=roles["assumption"],
        outcomes=roles["outcome"],
        families=tuple(rivals),
    )


def valid_columns(data: Any) -> Columns | None:
    """Take the columns from the plain data of a claims file; None if they are not well formed."""
    said = data.get("columns") if isinstance(data, dict) else None
    try:
        return Columns.model_validate(said or {})
    except ValidationError:  # the reader of the file says what is wrong
        return None


def columns_of(said: Mapping[str, Any], table: Mapping[str, str]) -> Columns:
    """Take the columns from what is said in Python.

    Raises
    ------
    UsageError
        They are not well formed, or the table lacks them; says all that is wrong.
    """
    if not isinstance(said, Mapping):
        right = "{'world': 'run', 'assumptions': ['luck']}"
        raise UsageError(f"columns: expected fields such as {right}, found {said!r:.60}")
    said = {name: _listed(value) for name, value in said.items()}
    try:
        about = Columns.model_validate(said)
    except ValidationError as error:
        problems = list(from_pydantic(error, Columns))
        wrongs = [replace(one, path=("columns", *one.path)) for one in problems]
    else:
        wrongs = list(wrong_columns({"columns": said}, table))
        if not wrongs:
            return about
    raise UsageError("\n".join(f"{dotted(one.path)}: {one.what}" for one in wrongs))


def wrong_columns(data: Any, table: Mapping[str, str]) -> Iterator[Wrong]:
    """Find columns that a claims file names and the table lacks.

    Parameters
    ----------
    data
        The plain data of the file.
    table
        The columns that there are, with their types.
    """
    for pattern in (("world",), ("plan",), ("weight",), ("families",), ("families", "*")):
        for path, name in each(data, "columns", *pattern):
            yield from _missing(path, name, table)
    kept = KEYS | {name for key in KEYS for _, name in each(data, "columns", key) if _word(name)}
    assumed = {name for _, name, _ in _named(data, "assumptions") if _word(name)}
    for role in ("assumptions", "outcomes"):
        for path, name, at_key in _named(data, role):
            yield from _missing(path, name, table, at_key)
            if not _word(name):
                what = "expected the name of a column; if it is a number, put it in quotes"
                yield Wrong(path, what)
            elif name in kept:
                what = (
                    f"{name!r} is for worlds, plans or weights; leave it out or rename the column"
                )
                yield Wrong(path, what, at_key)
            elif role == "outcomes" and name in assumed:
                what = f"{name!r} is an assumption and an outcome; it can be one of them"
                yield Wrong(path, what, at_key)


def _named(data: Any, role: str) -> Iterator[tuple[tuple[str | int, ...], Any, bool]]:
    """Give the columns that are named as assumptions or outcomes: alone, in a list, or as keys."""
    for path, value in each(data, "columns", role):
        if isinstance(value, str):
            yield path, value, False
    for path, value in each(data, "columns", role, "*"):
        in_list = isinstance(path[-1], int)
        yield path, value if in_list else path[-1], not in_list


def _listed(value: Any) -> Any:
    """Take any collection of names for a list of them, such as the columns of a frame."""
    plain = isinstance(value, str | Mapping) or not isinstance(value, Collection)
    return value if plain else list(value)


def _word(value: Any) -> bool:
    return isinstance(value, str)


def _missing(
    path: tuple[str | int, ...], name: object, table: Mapping[str, str], at_key: bool = False
) -> Iterator[Wrong]:
    if isinstance(name, str) and name not in table:
        right = suggest(name, table) or f"; it has {', '.join(list(table)[:12])}"
        yield Wrong(path, f"the table has no column {name!r}{right}", at_key=at_key)
