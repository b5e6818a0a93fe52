"""What a case rests on, for a terminal: its sources, and how far verdicts rest on memory."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ripeness.views.record import RECALLED_MARK, laid_out
from ripeness.views.terminal import WIDTH

Record = Mapping[str, Any]

HALF = 0.5

LEGEND = (
    "Share: of the variance of a claim's answer over worlds, what comes from the recalled "
    "assumptions, by themselves and together with all else (total index); it needs fifty worlds "
    "that answer, and twenty answers of the rarer kind. Recalled rows: of the tables that the "
    "verdict of the record was read from, not only of the rows it uses."
)


def sources_text(title: str, listed: Record, claims: Sequence[Record], worlds: int) -> str:
    """Lay out sources and what verdicts rest on them.

    Parameters
    ----------
    title
        Of the case.
    listed
        As `ripeness.record.provenance.Sources.as_record` gives it.
    claims
        As `ripeness.experiments.recalled.Rests.as_record` gives them; none if there are no claims.
    worlds
        How many were run twice.
    """
    recalled = listed["recalled_assumptions"]
    parts = [title, ""]
    for source in listed["sources"]:
        parts += _source(source)
    parts += ["", f"{RECALLED_MARK} rests on memory, at least in part: check it before you cite it"]
    parts += ["", f"Assumptions whose range is recalled ({len(recalled)}):"]
    parts += _wrapped(", ".join(recalled) or "none", 2)
    if claims:
        parts += ["", f"What verdicts rest on them ({worlds:,} worlds, run twice):", ""]
        parts += [laid_out([_claim(claim) for claim in claims], right=("share of variance",)), ""]
        parts += [*_wrapped(LEGEND, 0), "", *_wrapped(sentence(claims), 0)]
    return "\n".join(parts)


def sentence(claims: Sequence[Record]) -> str:
    """Say which claims' answers hang more on recalled assumptions than on all else."""
    known = [claim for claim in claims if claim["share"] is not None]
    most = [claim["id"] for claim in known if claim["share"]["low"] > HALF]
    if not known:
        return "No claim's answer differs between enough worlds to say what it rests on."
    least = [claim["id"] for claim in known if claim["share"]["high"] < HALF]
    named = f" ({', '.join(most)})" if most else ""
    return (
        f"Of {len(known)} claims of which the model can tell, {len(most)} rest on recalled "
        f"assumptions for more than half of the variance{named}; {len(least)} surely do not."
    )


def _source(source: Record) -> Iterator[str]:
    mark = RECALLED_MARK if source["recalled"] else " "
    yield from _wrapped(f"{mark} {source['name']}: {source['title']}", 4, first=0)
    about = [source["confidence"]]
    if source["licence"]:
        about.append(source["licence"])
    if source["table"]:
        rows = f"{source['rows']:,} rows"
        if source["recalled_rows"]:
            rows += f", {source['recalled_rows']} recalled"
        about.append(rows)
    count = len(source["figures"])
    figures = f"{count} figure{'' if count == 1 else 's'} of the case"
    if source["recalled_figures"]:
        figures += f", {len(source['recalled_figures'])} recalled"
    about.append(figures)
    yield from _wrapped("; ".join(about), 4)
    if source["url"]:
        yield f"    {source['url']}"


def _claim(claim: Record) -> dict[str, str]:
    share = claim["share"]
    if share is not None:
        told = f"{share['value']:.0%} ({share['low']:.0%} to {share['high']:.0%})"
    else:
        told = "–" if claim["tested"] else ""
    tables = [
        f"{read['table']} {read['recalled']} of {read['rows']}"
        for read in claim["record"]
        if read["recalled"]
    ]
    return {"claim": claim["id"], "share of variance": told, "recalled rows": ", ".join(tables)}


def _wrapped(text: str, indent: int, first: int | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=" " * (indent if first is None else first),
        subsequent_indent=" " * indent,
        break_long_words=False,
    )
