"""The report: one HTML file that opens offline, with the verdicts, the charts and their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ripeness.views import learned as taught
from ripeness.views import verdicts as order
from ripeness.views.answer import CAUTION, answer
from ripeness.views.figures import Figure, map_figure, negotiation_figures
from ripeness.views.hindcast_summary import read_hindcast_summary
from ripeness.views.page import asset, chart_bundle, environment, write_page
from ripeness.views.paths import fan_figures, line_figures
from ripeness.views.rundata import RunCard, has_map
from ripeness.views.shown import Shown
from ripeness.views.verdicts import Verdict

KINDS = {
    "record": "record: decided by dated facts",
    "model": "model: decided over simulated worlds",
    "hinge": "hinge: an assumption that others hang on",
    "value": "value: a judgement",
}


def render(shown: Shown) -> str:
    """Make the report of a run.

    Returns
    -------
    str
        A page that asks the network for nothing.
    """
    card, case, verdicts, learned = shown.card, shown.case, shown.verdicts, shown.learned
    with ThreadPoolExecutor(max_workers=1) as aside:  # it takes seconds, and leaves Python alone
        bundle = aside.submit(chart_bundle)
        sections = _figures(shown.folder, card, case, shown.record)
    scored = read_hindcast_summary(shown.folder / "hindcast.json")
    if scored:
        sections["scored"] = [scored["figure"]]
    filters = (order.share_figures, order.effect, order.effect_range, order.figure)
    told = (order.compared, order.other_ways, order.reason, order.begins)
    page = environment(*filters, *told).get_template("report.html.j2")
    return page.render(
        title=card.title,
        card=card,
        case=case,
        essays=shown.essays,
        caution=CAUTION,
        answer=answer(verdicts, shown.essays, card.columns),
        as_of=max((v["record_as_of"] for v in verdicts if v["record_as_of"]), default=None),
        verdicts=verdicts,
        by_id=shown.by_id,
        kinds=KINDS,
        pairs=_pairs(verdicts, shown.cruxes),
        past=order.past_horizon(verdicts),
        foresight=order.foresight(verdicts),
        hinges=order.hinges(verdicts, card.columns),
        judgements=order.judgements(verdicts),
        early=order.early(verdicts),
        untested=order.untested(verdicts),
        learned=_taught(learned, card) if learned is not None else None,
        scored=scored,
        sections=sections,
        specs={figure.id: figure.spec for figures in sections.values() for figure in figures},
        css=asset("report.css"),
        scripts=[asset("charts.js"), asset("report.js")],
        vega=bundle.result(),
    )


def write_report(file: Path, shown: Shown) -> Path:
    """Write the report of a run to a file, whole or not at all.

    Raises
    ------
    RipenessError
        If the run cannot be read or the file cannot be written.
    """
    return write_page(file, render(shown), "the report")


def _pairs(
    verdicts: Sequence[Verdict], cruxes: Sequence[Mapping[str, Any]]
) -> list[tuple[Verdict, Verdict, str]]:
    """Opposed claims, with what decides between them."""
    told = {frozenset((one["first"], one["second"])): one["sentence"] for one in cruxes}
    return [
        (a, b, told.get(frozenset((a["id"], b["id"])), ""))
        for a, b in order.opposed_pairs(verdicts)
    ]


def _taught(learned: Mapping[str, Any], card: RunCard) -> dict[str, Any]:
    found = taught.lessons(learned, card)
    return {
        "weighed": taught.weighed(learned),
        "heads": taught.HEADS,
        "lessons": taught.leading(found),
        "unidentified": taught.unidentified(found),
        "fared": taught.fared(learned),
        "reading": taught.READING,
    }


def _figures(
    run_folder: Path, card: RunCard, case: Mapping[str, Any], record_folder: Path | None
) -> dict[str, list[Figure]]:
    regions = {sector["name"]: sector.get("map", ()) for sector in case["sectors"].values()}
    ground = []
    if record_folder is not None and has_map(record_folder):
        ground.append(map_figure(record_folder, card, regions))
    return {
        "ground": ground,
        "lines": line_figures(run_folder, card),
        "fans": fan_figures(run_folder, card),
        "deals": negotiation_figures(run_folder, card),
    }
