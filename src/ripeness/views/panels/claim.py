"""One claim: both verdicts, how they come about, what it takes to believe it, what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from ripeness.errors import UsageError, suggest
from ripeness.views import answered
from ripeness.views.answered import Section
from ripeness.views.behind import assumed, record_sources
from ripeness.views.effects import effect_figure
from ripeness.views.figures import Figure
from ripeness.views.overtime import overtime_figure
from ripeness.views.panels.claims import KINDS
from ripeness.views.panels.panel import Panel
from ripeness.views.sections import templates
from ripeness.views.shown import Shown
from ripeness.views.verdicts import Verdict, meaning, reason
from ripeness.views.words import listed, percent, plain, worlds_in_twenty

QUESTIONS: dict[str, tuple[Callable[[str, Mapping[str, Any]], Section], str, str]] = {
    "believe": (
        answered.believe,
        answered.TITLES["believe"],
        "The few assumptions that best tell the worlds in which it holds, and those in which it "
        "fails.",
    ),
    "matter": (
        answered.matter,
        answered.TITLES["matter"],
        "How far each assumption moves the answer, and what it would help to know it.",
    ),
    "watch": (
        answered.watch,
        answered.TITLES["watch"],
        "What can be seen early that makes it likelier, or less likely, that the claim will hold.",
    ),
}
"""What worlds are asked about a claim when somebody looks: what shows it, title, and meaning."""

RECORDED = {
    "supported": "The record bears it out",
    "contradicted": "The record speaks against it",
    "mixed": "The record speaks both for and against it",
    "not testable": "The record cannot decide it",
    "not yet": "The record cannot say so early",
}


def panel(shown: Shown, claim_id: str) -> Panel:
    """Give all about a claim that need not be asked of worlds first.

    Raises
    ------
    UsageError
        If there is no such claim.
    """
    verdict = named(shown, claim_id)
    effect = effect_figure(verdict, shown.card)
    overtime = overtime_figure(shown.folder, shown.card, verdict)
    against = [shown.by_id[other] for other in verdict["against"] if other in shown.by_id]
    cruxes = _cruxes(shown, verdict)
    figures = [figure for figure in (effect, overtime) if figure is not None]
    for _, section in cruxes:
        figures += [figure for figure in section.figures if isinstance(figure, Figure)]
    before, after = _neighbours(shown.verdicts, claim_id)
    return Panel(
        id="claim",
        title=f"{verdict['id']}: {verdict['says']}",
        lead=lead(verdict),
        content={
            "verdict": verdict,
            "essay": shown.essays.get(verdict["essay"], ""),
            "sides": {one["id"]: _side(shown, one) for one in (verdict, *against)},
            "kinds": [KINDS[kind].partition(": ") for kind in verdict["kinds"]],
            "previous": before,
            "next": after,
            "against": against,
            "in_twenty": None if verdict["share"] is None else worlds_in_twenty(verdict["share"]),
            "compared": compared(verdict, shown.case["plans"]),
            "families": families(verdict, shown.card.columns),
            "effect": effect,
            "questions": [
                (name, title, means)
                for name, (_, title, means) in QUESTIONS.items()
                if verdict["share"] is not None
            ],
            "cruxes": cruxes,
            "overtime": overtime,
            "assumed": assumed(shown, verdict),
            "sources": record_sources(shown, claim_id),
        },
        figures=tuple(figures),
    )


def named(shown: Shown, claim_id: str) -> Verdict:
    """Give the verdict on a claim.

    Raises
    ------
    UsageError
        If there is no such claim.
    """
    if claim_id not in shown.by_id:
        raise UsageError(f"there is no claim {claim_id!r}{suggest(claim_id, shown.by_id)}")
    return shown.by_id[claim_id]


def fragment(shown: Shown, claim_id: str, question: str) -> str:
    """Ask worlds a question about a claim, which takes seconds, and write the answer.

    Parameters
    ----------
    question
        One of `QUESTIONS`.

    Returns
    -------
    str
        HTML to be put into the claim's page, with the specifications of its charts.

    Raises
    ------
    UsageError
        If there is no such claim or question, or worlds do not answer to the claim.
    """
    named(shown, claim_id)
    if question not in QUESTIONS:
        raise UsageError(f"there is no question {question!r}{suggest(question, QUESTIONS)}")
    if shown.asked is None:
        raise UsageError("this run has no worlds to ask")
    told, _, _ = QUESTIONS[question]
    section = told(f"asked-{question}", getattr(shown.asked, question)(claim_id).as_record())
    drawn = {one.id: one.spec for one in section.figures if isinstance(one, Figure)}
    page = templates().get_template("panels/answer.html.j2")
    return page.render(section=section, question=question, specs=drawn)


def lead(verdict: Verdict) -> str:
    """Say in a sentence or two what a claim comes to."""
    parts = []
    if verdict["record_verdict"]:
        parts.append(f"{RECORDED[verdict['record_verdict']]}.")
    if verdict["share"] is not None:
        said = verdict["model_verdict"]
        parts.append(f"In this model it {said}: it holds in {verdict['share_words']}.")
    if not parts and verdict["hinge"]:
        parts.append("It is an assumption, which worlds are given and cannot test.")
    if not parts and verdict["value"]:
        parts.append("It is a judgement of value, which neither record nor worlds decide.")
    if not parts:
        parts.append(f"It is not tested: {reason(verdict)}")
    return " ".join(parts)


def compared(verdict: Verdict, plans: Mapping[str, Mapping[str, Any]]) -> str:
    """Say which plans its test compares."""
    names = [
        f"plan ‘{plan}’" + (f" ({plans[plan]['name']})" if plan in plans else "")
        for plan in verdict["compare"] or ()
    ]
    if len(names) == 2:
        return f"Each world is run twice, with the same luck: under {names[0]} and {names[1]}."
    return f"Each world is run under {names[0]}." if names else ""


def families(
    verdict: Verdict, columns: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, list[dict[str, Any]], str]]:
    """Set the shares of rival mechanisms and priors beside each other, the furthest apart first.

    Returns
    -------
    list
        For each family what its rivals are rivals in, its words, each with its share as verdicts
        have them, and the difference in a sentence, empty if it may be luck.
    """
    told = []
    for family, words in groupby(verdict["families"], key=itemgetter("family")):
        rows = [{**one, "share_low": one["low"], "share_high": one["high"]} for one in words]
        told.append((meaning(columns.get(family, {})) or plain(family), rows, _apart(rows)))
    return sorted(told, key=lambda one: -_spread(one[1]))


def _apart(rows: Sequence[Mapping[str, Any]]) -> str:
    least, most = min(rows, key=itemgetter("share")), max(rows, key=itemgetter("share"))
    if most["low"] <= least["high"]:
        return ""
    each = [f"{percent(one['share'])} if it is {one['word']}" for one in rows]
    return f"it holds in {listed(each)}."


def _spread(rows: Sequence[Mapping[str, Any]]) -> float:
    shares = [one["share"] for one in rows]
    return max(shares) - min(shares)


def _cruxes(shown: Shown, verdict: Verdict) -> list[tuple[Verdict, Section]]:
    """What decides between a claim and each that stands against it."""
    told = []
    for place, one in enumerate(shown.cruxes, 1):
        pair = (one["first"], one["second"])
        if verdict["id"] in pair:
            other = pair[pair[0] == verdict["id"]]
            told.append((shown.by_id[other], answered.crux(f"crux-{place}", one)))
    return told


def _side(shown: Shown, verdict: Verdict) -> int:
    """The place of the text that makes a claim, from 1."""
    return [*shown.essays].index(verdict["essay"]) + 1 if verdict["essay"] in shown.essays else 1


def _neighbours(verdicts: Sequence[Verdict], claim_id: str) -> tuple[str | None, str | None]:
    """The claims before and after one, in the order of the file."""
    ids = [None, *(verdict["id"] for verdict in verdicts), None]
    place = ids.index(claim_id)
    return ids[place - 1], ids[place + 1]
