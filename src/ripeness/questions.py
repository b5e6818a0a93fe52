"""Commands that ask worlds about claims: judge, believe, crux, matter and watch.

Each takes the folder of a run, or ``--worlds`` with any table of worlds and ``--claims``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from ripeness.console import JsonFlag, WholeNumber, names, print_json, progress, the_console
from ripeness.errors import UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from ripeness.claims.inquiry import Inquiry

Worlds = Annotated[Path | None, Parameter(name="--worlds")]
Claims = Annotated[Path | None, Parameter(name="--claims")]
Claim = Annotated[str | None, Parameter(name="--claim")]


def register(app: App) -> None:
    """Add the commands to the command line."""
    for command in (judge, believe, crux, matter, watch):
        app.command(command)


def judge(
    run: Path | None = None,
    /,
    *,
    worlds: Worlds = None,
    claims: Claims = None,
    record: Path | None = None,
    before: Path | None = None,
    as_json: JsonFlag = False,
) -> None:
    """Judge claims: in what share of worlds does each hold, by how much, and what says the record?

    Parameters
    ----------
    run
        A run folder, or one that `ripeness ablate --out` wrote.
    worlds
        Any table of worlds instead: Parquet, CSV or Feather, or a folder of Parquet files.
    claims
        A claims file; that of the run if not said.
    record
        A folder of the record's tables, CSV files, for claims that it decides.
    before
        Worlds, or a run, that know nothing of the record, for shares before it beside those after.
    as_json
        Print the verdicts as one JSON object.
    """
    with progress(as_json) as told:
        told("judging the claims", 0.1)
        asked = _asked(run, worlds, claims, record, before)
        verdicts = asked.judge().records()
    ablated = _ablation(run)
    if as_json:
        about = {"worlds": asked.worlds.rows, "plans": list(asked.worlds.plans)}
        print_json({**about, "verdicts": verdicts, **({"ablation": ablated} if ablated else {})})
        return
    from ripeness.views.judged_terminal import print_judged

    about = _about(asked, run, worlds)
    print_judged(verdicts, about, ablated, the_console(), _plans(run))


def believe(
    run: Path | None = None,
    /,
    *,
    worlds: Worlds = None,
    claims: Claims = None,
    claim: Claim = None,
    seed: WholeNumber = 1,
    out: Path | None = None,
    as_json: JsonFlag = False,
) -> None:
    """See what you would have to believe for a claim to hold, and for it to fail.

    Parameters
    ----------
    run
        A run folder.
    worlds
        Any table of worlds instead: Parquet, CSV or Feather, or a folder of Parquet files.
    claims
        A claims file; that of the run if not said.
    claim
        Claims' ids, separated by commas; all that worlds answer to if not said.
    seed
        Parts the worlds into those that find a box and those that weigh it.
    out
        A page with charts to write: one HTML file that opens offline.
    as_json
        Print it all as one JSON object, with the trade-off between coverage and density.
    """
    from ripeness.views.questions_terminal import print_beliefs

    def found(asked: Inquiry, name: str) -> dict[str, Any]:
        return asked.believe(name, seed).as_record()

    _each("believe", (run, worlds, claims, claim), found, out, as_json, print_beliefs)


def matter(
    run: Path | None = None,
    /,
    *,
    worlds: Worlds = None,
    claims: Claims = None,
    claim: Claim = None,
    seed: WholeNumber = 1,
    out: Path | None = None,
    as_json: JsonFlag = False,
) -> None:
    """See which assumptions move a claim, and which is most worth finding out.

    Parameters
    ----------
    run
        A run folder.
    worlds
        Any table of worlds instead: Parquet, CSV or Feather, or a folder of Parquet files.
    claims
        A claims file; that of the run if not said.
    claim
        Claims' ids, separated by commas; all that worlds answer to if not said.
    seed
        The same seed gives the same numbers.
    out
        A page with charts to write: one HTML file that opens offline.
    as_json
        Print it all as one JSON object.
    """
    from ripeness.views.questions_terminal import print_matters

    def found(asked: Inquiry, name: str) -> dict[str, Any]:
        return asked.matter(name, seed).as_record()

    _each("matter", (run, worlds, claims, claim), found, out, as_json, print_matters)


def watch(
    run: Path | None = None,
    /,
    *,
    worlds: Worlds = None,
    claims: Claims = None,
    claim: Claim = None,
    by: str = "4,8,13",
    seed: WholeNumber = 1,
    out: Path | None = None,
    as_json: JsonFlag = False,
) -> None:
    """See what to watch: the early signs that most change the odds of a claim.

    Parameters
    ----------
    run
        A run folder.
    worlds
        Any table of worlds instead: Parquet, CSV or Feather, or a folder of Parquet files.
    claims
        A claims file; that of the run if not said.
    claim
        Claims' ids, separated by commas; all that worlds answer to if not said.
    by
        Times by which signs are looked for, separated by commas; weeks, if a run is asked.
    seed
        Parts the worlds into those that find a threshold and those that weigh it.
    out
        A page with charts to write: one HTML file that opens offline.
    as_json
        Print it all as one JSON object.
    """
    from ripeness.views.questions_terminal import print_watches

    try:
        times = [float(word) for word in names(by) or []]
    except ValueError:
        raise UsageError(f"--by {by!r}: times are numbers separated by commas, as 4,8,13") from None
    if not times or min(times) < 0:
        raise UsageError(f"--by {by!r}: name at least one time, none before 0")

    def found(asked: Inquiry, name: str) -> dict[str, Any]:
        return asked.watch(name, times, seed).as_record()

    _each("watch", (run, worlds, claims, claim), found, out, as_json, print_watches)


def crux(
    run: Path | None = None,
    /,
    *,
    worlds: Worlds = None,
    claims: Claims = None,
    between: str | None = None,
    seed: WholeNumber = 1,
    out: Path | None = None,
    as_json: JsonFlag = False,
) -> None:
    """See the crux between claims that stand against each other: what decides which is right?

    Parameters
    ----------
    run
        A run folder.
    worlds
        Any table of worlds instead: Parquet, CSV or Feather, or a folder of Parquet files.
    claims
        A claims file; that of the run if not said.
    between
        Two claims' ids, separated by a comma; every opposed pair of the file if not said.
    seed
        Parts the worlds into those that find a value and those that weigh it.
    out
        A page with charts to write: one HTML file that opens offline.
    as_json
        Print it all as one JSON object.
    """
    with progress(as_json) as told:
        told("asking the worlds", 0.0)
        asked = _asked(run, worlds, claims)
        pairs = [(a.id, b.id) for a, b in asked.claims.opposed]
        if between is not None:
            pair = names(between) or []
            if len(pair) != 2:
                raise UsageError(f"--between {between!r}: name two claims, as L9,R6")
            pairs = [(pair[0], pair[1])]
        if not pairs:
            raise UsageError("no claim stands against another; name two with --between")
        found = []
        for place, (first, second) in enumerate(pairs):
            told(f"{first} against {second}", place / len(pairs))
            found.append(asked.crux(first, second, seed).as_record())
    page = _page("crux", found, _about(asked, run, worlds), out)
    if as_json:
        print_json({"cruxes": found, "page": page})
        return
    from ripeness.views.questions_terminal import print_cruxes

    console = the_console()
    console.print(_about(asked, run, worlds), highlight=False)
    print_cruxes(found, console)
    if page:
        console.print(f"Page: {page}", soft_wrap=True, highlight=False)


def _each(
    question: str,
    source: tuple[Path | None, Path | None, Path | None, str | None],
    found: Callable[[Inquiry, str], dict[str, Any]],
    out: Path | None,
    as_json: bool,
    show: Callable[..., None],
) -> None:
    """Ask one question about each claim, and show what comes of it."""
    run, worlds, claims, claim = source
    with progress(as_json) as told:
        told("asking the worlds", 0.0)
        asked = _asked(run, worlds, claims)
        wanted = names(claim) or list(asked.tested)
        if not wanted:
            raise UsageError("no claim has a test over worlds; add 'holds' to one")
        records = []
        for place, name in enumerate(wanted):
            told(f"claim {name}", place / len(wanted))
            try:
                records.append(found(asked, name))
            except UsageError:
                # Asked about all, those that cannot be answered are left out.
                if claim is not None or len(wanted) == 1:
                    raise
        if not records:
            raise UsageError(f"no claim speaks about enough worlds to {question}; run more")
    page = _page(question, records, _about(asked, run, worlds), out)
    if as_json:
        print_json({"claims": records, "page": page})
        return
    console = the_console()
    console.print(_about(asked, run, worlds), highlight=False)
    show(records, console)
    if page:
        console.print(f"Page: {page}", soft_wrap=True, highlight=False)


def _asked(
    run: Path | None,
    worlds: Path | None,
    claims: Path | None,
    record: Path | None = None,
    before: Path | None = None,
) -> Inquiry:
    """Open what is asked: a run, perhaps with other claims, or a table with a claims file."""
    from dataclasses import replace

    from ripeness import workbench
    from ripeness.claims.inquiry import ask
    from ripeness.claims.table import open_worlds

    if (run is None) == (worlds is None):
        raise UsageError("name either a run folder, or a table with --worlds and --claims")
    if worlds is not None:
        if claims is None:
            raise UsageError("a table of worlds needs a claims file; name it with --claims")
        asked = ask(worlds, claims, record=record)
    else:
        assert run is not None, "one of the two is given"
        whole = _whole(run)
        if record is not None:
            raise UsageError("a run has its record with it; leave out --record")
        asked = workbench.open_run(whole).ask(claims)
    if before is None:
        return asked
    if (before / "run.json").is_file():
        return replace(asked, before=workbench.open_run(before).asked.worlds)
    return replace(asked, before=open_worlds(before, asked.worlds.about))


def _about(asked: Inquiry, run: Path | None, worlds: Path | None) -> str:
    table = asked.worlds
    plans = f" under each of {len(table.plans)} plans" if len(table.plans) > 1 else ""
    weighted = ", weighted" if table.weighted else ""
    return f"{run or worlds}: {table.rows:,} worlds{plans}{weighted}"


def _plans(run: Path | None) -> list[Table]:
    """What comes of each plan of a run."""
    if run is None:
        return []
    from ripeness import workbench
    from ripeness.views.plans_terminal import plan_tables
    from ripeness.views.rundata import RunCard

    made = workbench.open_run(_whole(run))
    return plan_tables(made.folder, RunCard.of(made.about))


def _whole(run: Path) -> Path:
    """The run itself, or that with all mechanisms where some were left out of others."""
    return run / "whole" if (run / "ablation.json").is_file() else run


def _ablation(run: Path | None) -> list[dict[str, Any]]:
    """What each claim rests on, if the run was also made without its mechanisms."""
    file = run / "ablation.json" if run is not None else None
    if file is None or not file.is_file():
        return []
    wanted = ("id", "finding", "needs", "hindered_by", "moved_most_by")
    told = json.loads(file.read_text(encoding="utf-8"))["claims"]
    return [{name: one[name] for name in wanted} for one in told]


def _page(question: str, records: list[dict[str, Any]], about: str, out: Path | None) -> str | None:
    """Write the page, if one is wanted."""
    if out is None:
        return None
    if not out.parent.is_dir():
        raise UsageError(f"there is no folder {str(out.parent)!r}; make it, or name another")
    from ripeness.views.questions_page import write_questions_page

    return str(write_questions_page(out, question, records, about))
