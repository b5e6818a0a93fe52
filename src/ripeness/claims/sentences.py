"""Sentences with figures in braces, such as ``gained {gain:,.0f} km²``: plain numbers only."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from string import Formatter

from ripeness.errors import suggest

_FORMAT = re.compile(r"[+]?,?(\.[0-3])?[f%]?")


def wrong_sentence(text: str, figures: Collection[str]) -> str:
    """Say what is wrong with a sentence, or nothing."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        return f"has a sentence whose braces do not match ({error}); write {{figure:.0f}}"
    for _, name, form, conversion in parts:
        if name is None:
            continue
        if name not in figures:
            known = suggest(name, figures) or f"; there are {', '.join(figures)}"
            return f"has a sentence with {name!r}, which is no figure{known}"
        if conversion or not _FORMAT.fullmatch(form or ""):
            return f"has a sentence with a form that is none for a number; write {{{name}:.0f}}"
    return ""


def filled(text: str, figures: Mapping[str, float]) -> str:
    """Fill a sentence that `wrong_sentence` found nothing wrong with."""
    return text.format_map(figures)
