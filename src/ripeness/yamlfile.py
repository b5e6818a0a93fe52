"""Files that people write: YAML, checked against a pydantic model, every problem at its place.

`read_model` reports everything that is wrong with a file at once, each problem as
``file:line:column: path: what is wrong; what would be right``, with the line and a caret under it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import AfterValidator, BaseModel, ValidationError, ValidationInfo

from ripeness.errors import InvalidFile, UsageError, suggest
from ripeness.problems import DataPath, Wrong, dotted, from_pydantic
from ripeness.yamlnodes import Duplicate, Node, NotYaml, Place, compose, place_at, split_lines

MAX_BYTES = 2_000_000

Model = TypeVar("Model", bound=BaseModel)
Checks = Callable[[Any], Iterable[Wrong]]


def read_model(path: Path | str, model: type[Model], extra_checks: Checks | None = None) -> Model:
    """Read a YAML file into a model.

    Parameters
    ----------
    path
        The file; problems name it as it is written here.
    model
        What the file must hold. Names in it can be tied to where they are given by `refers_to`.
    extra_checks
        What the model cannot check by itself. It gets the file's plain data, whether or not the
        model found it valid (so it must expect anything; `each` helps), and gives what is wrong.

    Raises
    ------
    UsageError
        There is no such file, or it cannot be read.
    InvalidFile
        The file is wrong; holds all its problems.
    """
    document = read_document(path)
    data = document.root.plain()
    wrongs: list[Wrong] = []
    result = None
    try:
        result = model.model_validate(data, context={"document": data})
    except ValidationError as error:
        wrongs.extend(from_pydantic(error, model))
    if extra_checks:
        wrongs.extend(extra_checks(data))
    if wrongs or document.duplicates or result is None:
        raise InvalidFile(document.problems(wrongs))
    return result


def refers_to(section: str, kind: str) -> AfterValidator:
    """Tie a field to the names given elsewhere in the file.

    Use it as ``backs: Annotated[str, refers_to("sides", "side")]``.

    Parameters
    ----------
    section
        The top-level field that gives the names: the keys of a mapping, or the ``id`` of each item
        of a list.
    kind
        What one of them is called in problems.
    """

    def check(name: str, info: ValidationInfo) -> str:
        if info.context is None:  # a model made in Python, not read from a file
            return name
        given = info.context["document"].get(section)
        if isinstance(given, list):
            given = [item.get("id") for item in given if isinstance(item, dict)]
        if isinstance(given, dict | list) and name not in given:
            known = [str(word) for word in given]
            listed = f"; there are {', '.join(known)}" if known else f"; {section} gives none"
            raise ValueError(f"there is no {kind} {name!r}{suggest(name, known) or listed}")
        return name

    return AfterValidator(check)


def each(data: Any, *pattern: str | int) -> Iterator[tuple[DataPath, Any]]:
    """Walk plain data along a pattern, passing over what is not there or has another shape.

    Parameters
    ----------
    pattern
        Keys and indices; ``"*"`` stands for every key of a mapping or item of a list.

    Yields
    ------
    path, value
        Each place that fits the whole pattern.
    """
    if not pattern:
        yield (), data
        return
    here, *rest = pattern
    steps: Iterable[tuple[str | int, Any]]
    if isinstance(data, dict):
        steps = data.items()
    elif isinstance(data, list):
        steps = enumerate(data)
    else:
        steps = ()
    for step, value in steps:
        if here in ("*", step):
            for path, found in each(value, *rest):
                yield (step, *path), found


@dataclass(frozen=True)
class Document:
    """A YAML file with the place of everything in it."""

    label: str
    lines: list[str]
    root: Node
    duplicates: Sequence[Duplicate]

    def problems(self, wrongs: Iterable[Wrong]) -> list[str]:
        """Put what is wrong into words, duplicate keys too, in the order of the file."""
        found = [(*self.locate(wrong), wrong.what) for wrong in wrongs]
        for twice in self.duplicates:
            first = f"line {twice.first.line}, column {twice.first.column}"
            what = f"{twice.key!r} is given twice, first at {first}; keep one of them"
            found.append((twice.second, (*twice.path, twice.key), what))
        found.sort(key=lambda problem: (problem[0].line, problem[0].column))
        told = [_problem(self.label, self.lines, *problem) for problem in found]
        return list(dict.fromkeys(told))

    def locate(self, wrong: Wrong) -> tuple[Place, DataPath]:
        """Return where to point for something wrong, and the part of its path that is in the file.

        Steps that the file does not have are passed over: pydantic names the alternatives of a
        union in its paths, and a check may speak of what is missing.
        """
        node, place, path = self.root, self.root.place, []
        for step in wrong.path:
            below = node.child(step)
            if below is None:
                continue
            place, key = below.place, node.key_places.get(str(step))
            if key and (wrong.at_key or below.begins_under(key)):
                place = key
            node = below
            path.append(step)
        return place, tuple(path)


def read_document(path: Path | str) -> Document:
    """Read a YAML file with its places; raises as `read_model`."""
    label = str(path)
    content = _read_bytes(Path(path))
    if len(content) > MAX_BYTES:
        limit = f"{MAX_BYTES // 10**6} MB"
        raise InvalidFile([f"{label}: the file has more than {limit}; make it smaller"])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig")
        lines, place = split_lines(before), place_at(before, len(before))
        what = f"not UTF-8 text (byte {content[error.start]:#04x}); save the file as UTF-8"
        raise InvalidFile([_problem(label, lines, place, (), what)]) from None
    lines = split_lines(text)
    try:
        root, duplicates = compose(text)
    except NotYaml as error:
        raise InvalidFile([_problem(label, lines, error.place, (), error.what)]) from None
    if root is None or root.value is None:
        raise InvalidFile([f"{label}:1:1: the file is empty; write its fields as 'name: value'"])
    if not isinstance(root.value, dict):
        what = "the file must hold fields ('name: value') at its top, not a list or a single value"
        raise InvalidFile([_problem(label, lines, root.place, (), what)])
    return Document(label, lines, root, duplicates)


def _read_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UsageError(f"{path} is a folder; name the file in it")
        if not path.exists():
            raise UsageError(f"{path}: there is no such file")
        if not path.is_file():
            raise UsageError(f"{path} is not an ordinary file")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def _problem(label: str, lines: list[str], place: Place, path: DataPath, what: str) -> str:
    where = f"{label}:{place.line}:{place.column}:"
    said = " ".join(part for part in (where, dotted(path) and f"{dotted(path)}:", what) if part)
    return _printable(said) + "\n" + _excerpt(lines, place)


def _excerpt(lines: list[str], place: Place, width: int = 100) -> str:
    """Return the line in question with carets under the place, cut to a readable width."""
    start = max(0, place.column - 1 - width // 2) if place.column > width else 0
    line = lines[place.line - 1][start : start + width]
    before = place.column - 1 - start
    carets = "^" * max(1, min(place.width, len(line) - before))
    number = f"{place.line:>4}"
    return f"{number} | {_printable(line)}\n{' ' * len(number)} | {' ' * before}{carets}"


def _printable(text: str) -> str:
    """Keep a stranger's file from writing control characters to the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
