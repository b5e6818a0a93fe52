"""What is wrong with a file, in words for the person who wrote it.

A `Wrong` says what is wrong at a path of the data. Most come from pydantic, whose errors
`from_pydantic` puts into plain words: what was found, and what would be right, with the names and
meanings of the fields taken from the model's own JSON Schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ripeness.errors import suggest

DataPath = tuple[str | int, ...]


@dataclass(frozen=True)
class Wrong:
    """Something wrong with the data of a file.

    Parameters
    ----------
    path
        The keys and list indices that lead to it.
    what
        ``what is wrong; what would be right``.
    at_key
        Point at the key rather than at its value.
    """

    path: DataPath
    what: str
    at_key: bool = False


def dotted(path: DataPath) -> str:
    """Write a path as people read it: ``plans.hold.moves[0].sector``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def one_of(words: list[str]) -> str:
    """Write words as a choice: ``a, b or c``."""
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def from_pydantic(error: ValidationError, model: type[BaseModel]) -> Iterator[Wrong]:
    """Put each of pydantic's errors into plain words."""
    schema = model.model_json_schema()
    for detail in error.errors(include_url=False):
        if not _only_for_want_of_its_items(detail):
            yield _in_words(detail, schema)


def _only_for_want_of_its_items(detail: ErrorDetails) -> bool:
    """Whether something is too short only because pydantic does not count its invalid items."""
    if detail["type"] != "too_short":
        return False
    return len(detail["input"]) >= detail.get("ctx", {})["min_length"]


def _in_words(detail: ErrorDetails, schema: dict[str, Any]) -> Wrong:
    location, found, context = detail["loc"], detail["input"], detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            return Wrong(location, _unknown_field(location, schema), at_key=True)
        case "missing":
            in_list = isinstance(location[-1], int)
            return Wrong(location[:-1], _missing(location, schema), at_key=not in_list)
        case "union_tag_not_found":
            tag, words = context["discriminator"].strip("'"), _tags(schema, location)
            return Wrong(location, f"the field {tag!r} is missing; it is {one_of(words)}")
        case "union_tag_invalid":
            tag, words = context["discriminator"].strip("'"), _quoted(context["expected_tags"])
            return Wrong((*location, tag), _not_among(context["tag"], words))
        case "literal_error":
            what = _not_among(found, _quoted(context["expected"]))
        case "string_too_long":
            most = context["max_length"]
            what = f"has {len(found):,} characters; it may have at most {most:,}"
        case "too_short" | "too_long" | "string_too_short":
            what = _wrong_length(detail)
        case "string_pattern_mismatch":
            what = f"{found[:40]!r} is not written as it must be: {context['pattern']}"
        case kind if kind in _WANTED:
            right = "; put it in quotes" if kind == "string_type" and _is_scalar(found) else ""
            what = f"expected {_WANTED[kind]}, found {_shown(found)}{right}"
        case kind if kind in _BOUNDS:
            wanted, limit = _BOUNDS[kind]
            what = f"{_shown(found)} is out of range; it must be {wanted} {context[limit]:g}"
        case _:  # raised by a validator of ours, in plain words already
            what = str(context.get("error", detail["msg"]))
    return Wrong(location, what, at_key="[key]" in location)


_WANTED = {
    "string_type": "text",
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "fields ('name: value')",
    "model_type": "fields ('name: value')",
    "model_attributes_type": "fields ('name: value')",
}

_BOUNDS = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}


def _unknown_field(location: DataPath, schema: dict[str, Any]) -> str:
    word, fields = str(location[-1]), _fields(schema, location[:-1])
    right = suggest(word, fields) or f"; the fields here are {', '.join(fields)}"
    if " " in word:
        right = "; if it belongs to the text before it, put that text in quotes"
    return f"unknown field {word!r}{right}"


def _missing(location: DataPath, schema: dict[str, Any]) -> str:
    last = location[-1]
    if isinstance(last, int):
        return f"the list is too short; it has no item {last + 1}"
    meaning = _fields(schema, location[:-1]).get(last, "")
    return f"the field {last!r} is missing; add it" + (f": {meaning}" if meaning else "")


def _wrong_length(detail: ErrorDetails) -> str:
    context, found = detail.get("ctx", {}), len(detail["input"])
    if detail["type"] == "string_too_short":
        return "this text is empty; write it"
    if detail["type"] == "too_long":
        return f"has {found}; it may have at most {context['max_length']}"
    if found == 0:
        return f"is empty; give at least {context['min_length']}"
    return f"has {found}; it must have at least {context['min_length']}"


def _not_among(found: Any, words: list[str]) -> str:
    if not isinstance(found, str):
        return f"expected {one_of(words)}, found {_shown(found)}"
    right = suggest(found, words) or f"; it must be {one_of(words)}"
    return f"{found[:40]!r} is not known here{right}"


def _quoted(text: str) -> list[str]:
    return re.findall(r"'([^']*)'", text)


def _is_scalar(value: object) -> bool:
    return isinstance(value, bool | int | float)


def _shown(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case str():
            return f"the text {value[:40]!r}"
        case int() | float():
            return f"{value:.6g}"
        case dict():
            return "fields"
        case _:
            return "a list"


# The part of a JSON Schema that pydantic's error locations lead to.


def _fields(schema: dict[str, Any], location: DataPath) -> dict[str, str]:
    """Return the fields at a location, with their meaning."""
    return {
        name: part.get("description", "")
        for place in _at(schema, location)
        for name, part in place.get("properties", {}).items()
    }


def _tags(schema: dict[str, Any], location: DataPath) -> list[str]:
    return [
        tag
        for place in _at(schema, location)
        for tag in place.get("discriminator", {}).get("mapping", {})
    ]


def _at(schema: dict[str, Any], location: DataPath) -> list[dict[str, Any]]:
    places = list(_unfold(schema, schema))
    for step in location:
        places = [
            found
            for place in places
            for part in _step(place, step)
            for found in _unfold(part, schema)
        ]
    return places


def _unfold(part: dict[str, Any], schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Follow references, and open alternatives."""
    if "$ref" in part:
        yield from _unfold(schema["$defs"][part["$ref"].rsplit("/", 1)[-1]], schema)
    elif "anyOf" in part:
        for alternative in part["anyOf"]:
            yield from _unfold(alternative, schema)
    else:
        yield part


def _step(place: dict[str, Any], step: str | int) -> Iterator[dict[str, Any]]:
    tagged = place.get("discriminator", {}).get("mapping", {})
    if step in tagged:
        yield {"$ref": tagged[step]}
    elif isinstance(step, int):
        yield from [place["items"]] if "items" in place else place.get("prefixItems", [])[step:][:1]
    elif step in place.get("properties", {}):
        yield place["properties"][step]
    else:
        yield from place.get("patternProperties", {}).values()
        if isinstance(rest := place.get("additionalProperties"), dict):
            yield rest
