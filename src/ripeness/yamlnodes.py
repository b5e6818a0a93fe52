"""YAML 1.2 text as a tree of nodes that know where they stand in the file.

Composed here from ruamel.yaml's events rather than by its loader, for four things a loader hides:
the place of every key and value, duplicate keys (both places), limits that hold before memory is
spent, and the core schema of YAML 1.2 to the letter (``NO`` and ``12:30`` are text).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

MAX_NESTING = 20
MAX_ALIASES = 50
MAX_NODES = 200_000

Scalar = str | int | float | bool | None


@dataclass(frozen=True)
class Place:
    """A stretch of one line of the file: line and column from 1, width in characters."""

    line: int
    column: int
    width: int = 1


class NotYaml(Exception):
    """The text cannot be read as YAML, or goes beyond the limits; says where and why."""

    def __init__(self, place: Place, what: str) -> None:
        self.place = place
        self.what = what
        super().__init__(what)


@dataclass(frozen=True)
class Node:
    """A value of the file: a scalar, a list of nodes, or a mapping from key to node."""

    place: Place
    value: Scalar | list[Node] | dict[str, Node]
    key_places: dict[str, Place] = field(default_factory=dict)
    size: int = 1

    def child(self, step: str | int) -> Node | None:
        """Return the node under a key or at an index, or None."""
        if isinstance(self.value, dict):
            return self.value.get(str(step))
        if isinstance(self.value, list) and isinstance(step, int) and step < len(self.value):
            return self.value[step]
        return None

    def begins_under(self, key: Place) -> bool:
        """Whether this is a list or mapping that begins on a later line than its key."""
        return isinstance(self.value, dict | list) and self.place.line > key.line

    def plain(self) -> Any:
        """Return the value as plain Python lists, dicts and scalars."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


@dataclass(frozen=True)
class Duplicate:
    """A key that a mapping gives twice: the path of the mapping, the key, both places."""

    path: tuple[str | int, ...]
    key: str
    first: Place
    second: Place


@lru_cache(maxsize=4)  # a run reads a case and its claims, and then its own copies of them
def compose(text: str) -> tuple[Node | None, tuple[Duplicate, ...]]:
    """Read YAML 1.2 text.

    Returns
    -------
    node
        The file's one document, or None where it holds nothing but space and comments.
    duplicates
        Keys given twice; the tree holds the first of each.

    Raises
    ------
    NotYaml
        The text is not YAML, or is nested too deeply, or repeats itself beyond the limits.
    """
    composer = _Composer(text)
    try:
        return composer.document(), tuple(composer.duplicates)
    except MarkedYAMLError as error:
        raise _syntax_error(error) from None
    except ReaderError as error:
        place = place_at(text, error.position)
        raise NotYaml(place, "a control character; remove it") from None


def place_at(text: str, offset: int) -> Place:
    """Return the place of the character at `offset`."""
    lines = split_lines(text[:offset])
    return Place(len(lines), len(lines[-1]) + 1)


def split_lines(text: str) -> list[str]:
    """Split text into lines exactly where ruamel.yaml counts one."""
    return re.split(r"\r\n|[\n\r\x85\u2028\u2029]", text)


class _Composer:
    """One pass over the events of a text, kept in step by recursive descent."""

    def __init__(self, text: str) -> None:
        self.events: Iterator[Any] = iter(YAML(typ="safe", pure=True).parse(text))
        self.anchors: dict[str, Node | None] = {}  # None while the anchored value is still open
        self.aliases = 0
        self.nodes = 0
        self.duplicates: list[Duplicate] = []

    def document(self) -> Node | None:
        root = None
        for event in self.events:
            if not isinstance(event, DocumentStartEvent):
                continue
            if root is not None:
                raise NotYaml(_place(event), "a second document; a file holds one, so remove '---'")
            root = self.node(next(self.events), ())
        return root

    def node(self, event: Any, path: tuple[str | int, ...]) -> Node:
        if isinstance(event, AliasEvent):
            return self.alias(event)
        place = _place(event)
        if event.tag is not None:
            raise NotYaml(place, f"a tag ({event.tag}); write the value plainly, text in quotes")
        if len(path) > MAX_NESTING:
            raise NotYaml(place, f"nested more than {MAX_NESTING} deep; flatten it")
        self.count(1, place)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        if isinstance(event, ScalarEvent):
            plain = event.implicit[0]
            node = Node(place, core_scalar(event.value) if plain else event.value)
        elif isinstance(event, SequenceStartEvent):
            node = self.sequence(place, path)
        else:
            node = self.mapping(place, path)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def sequence(self, place: Place, path: tuple[str | int, ...]) -> Node:
        items: list[Node] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            items.append(self.node(event, (*path, len(items))))
        return Node(place, items, size=1 + sum(item.size for item in items))

    def mapping(self, place: Place, path: tuple[str | int, ...]) -> Node:
        entries: dict[str, Node] = {}
        places: dict[str, Place] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key_place = _place(event)
            if not isinstance(event, ScalarEvent):
                raise NotYaml(key_place, "this key is not a word; write 'name: value'")
            key = event.value
            value = self.node(next(self.events), (*path, key))
            if key in entries:
                self.duplicates.append(Duplicate(path, key, places[key], key_place))
            else:
                entries[key], places[key] = value, key_place
        size = 1 + sum(value.size for value in entries.values())
        return Node(place, entries, places, size)

    def alias(self, event: AliasEvent) -> Node:
        place = _place(event)
        if event.anchor not in self.anchors:
            raise NotYaml(place, f"'*{event.anchor}' refers to no '&{event.anchor}' before it")
        node = self.anchors[event.anchor]
        if node is None:
            raise NotYaml(place, f"'*{event.anchor}' refers to itself; write the value out")
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise NotYaml(place, f"more than {MAX_ALIASES} aliases; write the values out")
        self.count(node.size, place)
        return node

    def count(self, size: int, place: Place) -> None:
        self.nodes += size
        if self.nodes > MAX_NODES:
            raise NotYaml(place, f"more than {MAX_NODES:,} values; make the file smaller")


_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]{1,18}|0x[0-9a-fA-F]{1,15}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"([-+]?)\.(inf|Inf|INF)")
_NAMED: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}


def core_scalar(text: str) -> Scalar:
    """Return what an unquoted scalar means in the core schema (YAML 1.2.2, section 10.3.2)."""
    if text in _NAMED:
        return _NAMED[text]
    if _INTEGER.fullmatch(text):
        # beyond 18 digits Python's limit on int() is near, and no quantity needs them
        return int(text) if len(text) <= 18 else float(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    if match := _INFINITE.fullmatch(text):
        return float(match[1] + "inf")
    return text


def _place(event: Any) -> Place:
    start, end = event.start_mark, event.end_mark
    one_line = isinstance(event, ScalarEvent | AliasEvent) and end.line == start.line
    return Place(
        start.line + 1, start.column + 1, max(1, end.column - start.column if one_line else 1)
    )


_OUT_OF_LINE = "this does not line up with what stands before it; check indentation and quotes"

# What ruamel.yaml says, what to say instead, and whether to point at where the trouble began.
_SYNTAX = (
    ("found character '\\t'", "a tab; indent with spaces", False),
    ("while scanning a quoted scalar", "this quote is never closed; close it", True),
    (
        "mapping values are not allowed",
        "a ':' out of place; check the indentation, the space after each ':', "
        "and put text that holds ': ' in quotes",
        False,
    ),
    ("could not find expected ':'", "this line is no 'key: value'; add the ':' and a value", True),
    ("while parsing a flow sequence", "this '[' is not closed, or lacks a comma; close it", True),
    ("while parsing a flow mapping", "this '{' is not closed, or lacks a comma; close it", True),
    ("expected <block end>", _OUT_OF_LINE, False),
    ("<document start>", _OUT_OF_LINE, False),
    ("expected the node content", "a value is missing here; write it", False),
    ("expected chomping", "text after '|' or '>' begins on the next line; move it there", False),
    ("that cannot start any token", "text may not begin with this character; quote it", False),
)


def _syntax_error(error: MarkedYAMLError) -> NotYaml:
    said = f"{error.context}: {error.problem}"
    other = ("", f"this is not YAML: {error.problem}", False)
    _, what, at_start = next((row for row in _SYNTAX if row[0] in said), other)
    mark = (error.context_mark if at_start else None) or error.problem_mark or error.context_mark
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    return NotYaml(place, what)
