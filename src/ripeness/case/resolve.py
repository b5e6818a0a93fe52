"""Which assumption gives a quantity: the most specific name wins."""

from __future__ import annotations

from collections.abc import Container, Iterator
from itertools import combinations, product

from ripeness.case.quantities import QUANTITIES, Quantity
from ripeness.case.schema import CaseFile

Index = tuple[str, ...]

# Where a case file gives the names that a quantity may be over.
SECTIONS = {"side": "sides", "sector": "sectors", "supporter": "supporters", "term": "terms"}


def names(quantity: str, index: Index) -> Iterator[str]:
    """Yield the names that may give a quantity, the most specific first.

    For ``troops`` over ``("ukraine", "kursk")``: ``troops.ukraine.kursk``, ``troops.ukraine``,
    ``troops.kursk``, ``troops``.
    """
    for length in range(len(index), -1, -1):
        for part in combinations(index, length):
            yield ".".join((quantity, *part))


def first_given(given: Container[str], quantity: str, index: Index) -> str | None:
    """Return the most specific name for a quantity that is among those given, or None."""
    return next((name for name in names(quantity, index) if name in given), None)


def indices(case: CaseFile, quantity: Quantity) -> list[Index]:
    """Return every combination of sides, sectors, ... that a quantity has a value for."""
    return list(product(*(getattr(case, SECTIONS[kind]) for kind in quantity.over)))


def resolve(
    case: CaseFile, names_given: Container[str] | None = None
) -> dict[tuple[str, Index], str | float]:
    """Return, for each quantity and index, the name of its assumption, or else its default.

    Parameters
    ----------
    names_given
        The names to choose from; those of the case's assumptions if not said.
    """
    known = case.assumptions if names_given is None else names_given
    resolved: dict[tuple[str, Index], str | float] = {}
    for quantity in QUANTITIES:
        for index in indices(case, quantity):
            given = first_given(known, quantity.name, index) or quantity.default
            assert given is not None, "a loaded case gives all that has no default"
            resolved[quantity.name, index] = given
    return resolved
