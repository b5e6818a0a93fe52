"""What the schema of a case file cannot check by itself: names against names and the catalogue.

Each check gets the file's plain data and gives what is wrong. It passes over what is missing or has
another shape, because the schema reports that, and a user wants all problems at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, product
from typing import Any

from ripeness.case.assumption import FORMS
from ripeness.case.deals import CONTROL_WORDS, REST
from ripeness.case.observed import plan_given
from ripeness.case.quantities import QUANTITIES, Quantity
from ripeness.case.resolve import SECTIONS, first_given
from ripeness.errors import suggest
from ripeness.problems import Wrong, one_of
from ripeness.yamlfile import each

Check = Callable[[Any], Iterator[Wrong]]

_CATALOGUE = {quantity.name: quantity for quantity in QUANTITIES}


def check_case(data: Any) -> Iterator[Wrong]:
    """Yield all that is wrong with a case beyond its schema."""
    checks: tuple[Check, ...] = (
        _names_unambiguous,
        _dictated_deals_whole,
        _assumptions_known,
        _quantities_given,
        _commitments_given,
        plan_given,
    )
    for check in checks:
        yield from check(data)


def _names_unambiguous(data: Any) -> Iterator[Wrong]:
    """A word in an assumption's name, or in a deal's control, must mean one thing."""
    for path, _ in each(data, "deals", "none"):
        yield Wrong(path, "'none' means that no deal was struck; use another name", at_key=True)
    seen = {REST: "the other sectors", **dict.fromkeys(CONTROL_WORDS, "who holds a sector")}
    for kind, section in SECTIONS.items():
        for path, _ in each(data, section, "*"):
            name = str(path[-1])
            if name in seen:
                yield Wrong(
                    path, f"{name!r} already means {seen[name]}; use another name", at_key=True
                )
            seen[name] = f"a {kind}"


def _dictated_deals_whole(data: Any) -> Iterator[Wrong]:
    deals = dict(_entries(data, "deals"))
    for path, deal in each(data, "sides", "*", "dictates"):
        if isinstance(deal, str) and deals.get(deal, {}).get("partial") is True:
            yield Wrong(path, f"{deal!r} is a truce on strikes; name a deal that settles the war")


def _assumptions_known(data: Any) -> Iterator[Wrong]:
    for name, assumption in _entries(data, "assumptions"):
        path = ("assumptions", name)
        quantity = _CATALOGUE.get(name.split(".")[0])
        if quantity is None:
            word = name.split(".")[0]
            what = suggest(word, _CATALOGUE) or "; `ripeness schema` lists those there are"
            yield Wrong(path, f"there is no quantity {word!r}{what}", at_key=True)
            continue
        yield from _index_known(data, path, quantity)
        yield from _unit_right(path, quantity, assumption)
        given_rightly = _word_given if quantity.choices else _number_given
        yield from given_rightly(path, quantity, assumption)


def _index_known(data: Any, path: tuple[str, str], quantity: Quantity) -> Iterator[Wrong]:
    """The words after the quantity must name what it is over, in the order of the catalogue."""
    index = tuple(path[1].split(".")[1:])
    known = {kind: _names(data, SECTIONS[kind]) for kind in quantity.over}
    if any(
        all(word in known[kind] for word, kind in zip(index, kinds, strict=True))
        for kinds in combinations(quantity.over, len(index))
    ):
        return
    everything = [name for names in known.values() for name in names]
    strange = next((word for word in index if word not in everything), None)
    if not quantity.over:
        what = f"{quantity.name!r} is given once for the whole case; write '{quantity.name}'"
    elif strange is not None and len(index) <= len(quantity.over):
        there_are = f"; there are {', '.join(everything)}"
        what = f"there is no {one_of(list(quantity.over))} {strange!r}"
        what += suggest(strange, everything) or there_are
    else:
        form = ".".join((quantity.name, *(f"<{kind}>" for kind in quantity.over)))
        what = f"{quantity.name!r} is given by {' and '.join(quantity.over)}; write {form}"
    yield Wrong(path, what, at_key=True)


def _unit_right(path: tuple[str, str], quantity: Quantity, assumption: Any) -> Iterator[Wrong]:
    unit = assumption.get("unit")
    if isinstance(unit, str) and unit.strip() != quantity.unit:
        what = f"the unit of {quantity.name!r} is not {unit!r}; write 'unit: {quantity.unit}'"
        yield Wrong((*path, "unit"), what)


def _number_given(path: tuple[str, str], quantity: Quantity, assumption: Any) -> Iterator[Wrong]:
    value = assumption.get("value")
    if isinstance(value, str):
        yield Wrong((*path, "value"), f"{quantity.name!r} is a number, not {value!r}; write one")
    if "choice" in assumption:
        what = f"{quantity.name!r} is a number; give it by value, between or another form"
        yield Wrong((*path, "choice"), what, at_key=True)


def _word_given(path: tuple[str, str], quantity: Quantity, assumption: Any) -> Iterator[Wrong]:
    words = list(quantity.choices)

    def unless_known(word: Any, *place: str) -> Iterator[Wrong]:
        if word not in words:
            right = suggest(str(word), words) or f"; it is {one_of(words)}"
            what = f"{word!r} is no choice for {quantity.name!r}{right}"
            yield Wrong((*path, *place), what, at_key=place[0] == "choice")

    if assumption.get("value") is not None:
        yield from unless_known(assumption["value"], "value")
    for (word,), _ in each(assumption.get("choice"), "*"):
        yield from unless_known(word, "choice", str(word))
    for form in set(assumption) & set(FORMS) - {"value", "choice"}:
        what = f"{quantity.name!r} is {one_of(words)}; write 'choice: {{{words[0]}: 1}}'"
        yield Wrong((*path, form), what, at_key=True)


def _quantities_given(data: Any) -> Iterator[Wrong]:
    """What has no default must be given, for everything that it is over."""
    given = set(_names(data, "assumptions"))
    if not given:  # the whole section is missing, or is no mapping
        return
    for quantity in QUANTITIES:
        if quantity.default is not None:
            continue
        wanted = list(product(*(_names(data, SECTIONS[kind]) for kind in quantity.over)))
        lacking = [index for index in wanted if not first_given(given, quantity.name, index)]
        if not lacking:
            continue
        missing = [".".join((quantity.name, *index)) for index in lacking]
        listed = ", ".join(missing[:3]) + (", ..." if len(missing) > 3 else "")
        meaning = f"{quantity.unit}, {quantity.meaning}"
        what = f"nothing gives {quantity.name!r} ({meaning}); add {listed}"
        yield Wrong(("assumptions",), what, at_key=True)


def _commitments_given(data: Any) -> Iterator[Wrong]:
    """A move that commits troops needs to know how many."""
    given = set(_names(data, "assumptions"))
    fought = [name for name, sector in _entries(data, "sectors") if sector.get("fought", True)]
    for path, move in each(data, "plans", "*", "moves", "*"):
        if not isinstance(move, dict) or move.get("do") != "commit":
            continue
        side, sector = str(move.get("side")), str(move.get("sector"))
        known = side in _names(data, "sides") and sector in fought
        if known and not first_given(given, "commitment", (side, sector)):
            right = f"add the assumption 'commitment.{side}.{sector}'"
            yield Wrong(path, f"nothing says how many troops it commits; {right}")


def _entries(data: Any, section: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the entries of a section that are mappings, with their names."""
    for path, entry in each(data, section, "*"):
        if isinstance(entry, dict):
            yield str(path[-1]), entry


def _names(data: Any, section: str) -> list[str]:
    return [str(path[-1]) for path, _ in each(data, section, "*")]
