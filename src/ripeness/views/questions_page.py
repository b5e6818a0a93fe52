"""What the four questions find, as a page: one HTML file that opens offline, a section a claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from ripeness.claims.phrases import called
from ripeness.views import answered
from ripeness.views.answer import CAUTION
from ripeness.views.answered import TITLES, Record, Section, called_as, worth_knowing
from ripeness.views.figures import Figure
from ripeness.views.page import chart_bundle, environment, script, style, write_page

LINKS_FROM = 6
"""With more sections than this, the page begins with links to them."""

WRAP = "header, main { overflow-wrap: break-word; }"
"""A stranger's text may have no place to break."""


def render(question: str, records: Sequence[Record], about: str) -> str:
    """Make the page of a question, which asks the network for nothing.

    Parameters
    ----------
    question
        ``believe``, ``crux``, ``matter`` or ``watch``.
    records
        What was found, a record a claim or a pair, as `as_record` gives them.
    about
        Which worlds were asked.
    """
    section, summary = _QUESTIONS[question]
    sections = [section(f"at-{place}", record) for place, record in enumerate(records, 1)]
    figures = [each for one in sections for each in one.figures if isinstance(each, Figure)]
    return (
        environment()
        .get_template("questions.html.j2")
        .render(
            question=question,
            title=TITLES[question],
            summary=summary(records),
            sections=sections,
            links_from=LINKS_FROM,
            caution=CAUTION,
            about=about,
            ripeness=version("ripeness"),
            specs={figure.id: figure.spec for figure in figures},
            css=style("style.css") + WRAP,
            script=script("page.js"),
            vega=chart_bundle(),
        )
    )


def write_questions_page(file: Path, question: str, records: Sequence[Record], about: str) -> Path:
    """Write the page of a question to a file, whole or not at all.

    Raises
    ------
    RipenessError
        If the file cannot be written.
    """
    return write_page(file, render(question, records, about), "the page")


def _beliefs(records: Sequence[Record]) -> str:
    found = [one for one in records if one["holds"]["limits"] or one["fails"]["limits"]]
    if not found:
        return "In this model no few assumptions tell where these claims hold, and where they fail."
    limits = [
        {called_as(limit) for limit in (*one["holds"]["limits"], *one["fails"]["limits"])}
        for one in found
    ]
    return (
        f"In this model limits on a few assumptions help to tell where "
        f"{_of(found, records, 'claim')} {'holds or fails' if len(found) == 1 else 'hold or fail'}"
        f"{_most(limits)}."
    )


def _cruxes(records: Sequence[Record]) -> str:
    found = [one for one in records if one["deciders"]]
    if not found:
        return "In this model no single assumption decides between the two."
    leads = [{called_as(one["deciders"][0])} for one in found]
    return (
        f"In this model single assumptions help to decide {_of(found, records, 'pair')}"
        f"{_most(leads)}."
    )


def _matters(records: Sequence[Record]) -> str:
    worth = [[row for row in one["rows"] if worth_knowing(row)] for one in records]
    found = [rows[0] for rows in worth if rows]
    if not found:
        return "In this model knowing no single assumption would change the best call on any claim."
    return (
        f"In this model knowing one assumption would change the best call on "
        f"{_of(found, records, 'claim')}{_most([{called_as(row)} for row in found])}."
    )


def _watches(records: Sequence[Record]) -> str:
    found = [one for one in records if one["indicators"]]
    if not found:
        return "In this model nothing that can be seen early changes the odds."
    leads = [
        {called(lead["outcome"], lead["unit"], lead["means"])}
        for lead in (one["indicators"][0] for one in found)
    ]
    return (
        f"In this model early signs change the odds of {_of(found, records, 'claim')}"
        f"{_most(leads)}."
    )


_QUESTIONS: dict[
    str, tuple[Callable[[str, Record], Section], Callable[[Sequence[Record]], str]]
] = {
    "believe": (answered.believe, _beliefs),
    "crux": (answered.crux, _cruxes),
    "matter": (answered.matter, _matters),
    "watch": (answered.watch, _watches),
}


def _of(found: Sequence[Record], records: Sequence[Record], what: str) -> str:
    """Say how many of all: ``this claim``, ``each of 6 claims``, ``4 of 6 claims``."""
    if len(records) == 1:
        return f"this {what}"
    every = len(found) == len(records)
    return f"{f'all {len(records)}' if every else f'{len(found)} of {len(records)}'} {what}s"


def _most(names: Sequence[set[str]]) -> str:
    """Name what comes up most often, if it comes up more than once."""
    counted = Counter(sorted(name for each in names for name in each))
    if not counted:
        return ""
    name, times = counted.most_common(1)[0]
    if len(names) == 1:
        return f"; first of all {name}" if len(counted) == 1 else ""
    return f"; most often {name} ({times} of them)" if times > 1 else ""
