"""What the columns of a table of worlds are: which names the world, the plan, the weight and so on.

In: the ``columns`` of a claims file, or what a run says of its table. Out: a `Columns`, by which a
table that anybody made is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ripeness.errors import suggest
from ripeness.problems import Wrong
from ripeness.yamlfile import each

Text = Annotated[str, Field(min_length=1, max_length=2_000)]
ColumnName = Annotated[str, Field(min_length=1, max_length=200)]

_VISIBLE = re.compile(r"_w(\d{1,4})$")


class Part(BaseModel):
    """A part of a claims file: unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class About(Part):
    """What a column holds."""

    unit: str = Field("", max_length=200, description="its unit")
    means: str = Field("", max_length=2_000, description="what it is, in words")
    visible: float | None = Field(
        None, ge=0, description="when it can be seen, in the unit of 'time'; _w8 in a name says 8"
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

    world: ColumnName = Field("world", description="the column that numbers the worlds")
    plan: ColumnName = Field("plan", description="the column that names the plan")
    weight: ColumnName = Field("weight", description="the column that says what a world counts")
    time: str = Field("weeks", max_length=60, description="the unit of 'visible'")
    decided: float | None = Field(
        None, ge=0, description="when outcomes that are not dated are known, in the unit of 'time'"
    )
    assumptions: Described = Field(
        {}, description="columns that were assumed; all that are not outcomes, if not said"
    )
    outcomes: Described = Field(
        {}, description="columns that came out; all that are not assumptions, if not said"
    )
    families: Annotated[
        tuple[ColumnName, ...], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)
    ] = Field((), description="columns whose words name families of priors, judged one by one too")

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
        return [name for name in table if name not in self.outcomes and name not in self.keys]

    def came_out(self, table: Mapping[str, str]) -> list[str]:
        """Which columns of a table are outcomes; none if nobody said what is what."""
        if self.outcomes:
            return [name for name in table if name in self.outcomes]
        if not self.assumptions:
            return []
        return [name for name in table if name not in self.assumptions and name not in self.keys]


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


def wrong_columns(data: Any, table: Mapping[str, str]) -> Iterator[Wrong]:
    """Find columns that a claims file names and the table lacks.

    Parameters
    ----------
    data
        The plain data of the file.
    table
        The columns that there are, with their types.
    """
    named = [("world",), ("plan",), ("weight",), ("families", "*")]
    for role in ("assumptions", "outcomes"):
        for path, about in each(data, "columns", role, "*"):
            name = about if isinstance(path[-1], int) else path[-1]
            yield from _missing(path, name, table, at_key=not isinstance(path[-1], int))
    for pattern in named:
        for path, name in each(data, "columns", *pattern):
            yield from _missing(path, name, table)
    both = {p[-1] for p, _ in each(data, "columns", "assumptions", "*")} & {
        p[-1] for p, _ in each(data, "columns", "outcomes", "*")
    }
    for name in sorted(n for n in both if isinstance(n, str)):
        what = f"{name!r} is an assumption and an outcome; it can be one of them"
        yield Wrong(("columns", "outcomes", name), what, at_key=True)


def _missing(
    path: tuple[str | int, ...], name: object, table: Mapping[str, str], at_key: bool = False
) -> Iterator[Wrong]:
    if isinstance(name, str) and name not in table:
        right = suggest(name, table) or f"; it has {', '.join(list(table)[:12])}"
        yield Wrong(path, f"the table has no column {name!r}{right}", at_key=at_key)
