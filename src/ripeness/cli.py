"""The command line: run, serve, judge, believe, crux, matter, watch, hindcast, and more.

Exit codes: 0 done, 1 failed, 2 wrong usage or an invalid file, 130 interrupted. Results go to
standard output, all else to standard error. Everything heavy is imported by the command that needs
it.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

from cyclopts import App, CycloptsError, Parameter

from ripeness import questions, serving
from ripeness.console import (
    PIPED_WIDTH,
    JsonFlag,
    QuietFlag,
    WholeNumber,
    names,
    print_json,
    progress,
    the_console,
)
from ripeness.errors import RipenessError
from ripeness.interrupts import hear_every_interrupt

if TYPE_CHECKING:
    import pandas as pd

INTERRUPTED = 130
USAGE = 2
DATABASE_INTERRUPTED = ("INTERRUPT Error", "Query interrupted")  # how DuckDB reports Ctrl-C

app = App(
    name="ripeness",
    help="A workbench for arguments about wars and how they end.",
    version=lambda: version("ripeness"),
    version_flags=["--version"],
    suppress_keyboard_interrupt=False,
)


questions.register(app)
serving.register(app)


def main() -> NoReturn:
    """Run the command line; no traceback ever reaches a user."""
    hear_every_interrupt()
    try:
        app(exit_on_error=False, print_error=False)
    except CycloptsError as error:
        _fail(f"{error} (see ripeness --help)", USAGE)
    except RipenessError as error:
        _leave_if_interrupted(error)
        _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        _leave()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        _fail(f"{error.filename or 'file'}: {error.strerror}", 1)
    except MemoryError:
        _fail("out of memory; run fewer worlds with --worlds", 1)
    except Exception as error:
        _leave_if_interrupted(error)
        at = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(at.filename).name}:{at.lineno}"
        _fail(f"a fault of ripeness itself, please report it: {error!r} at {place}", 1)
    sys.exit(0)


@app.command
def run(
    case: str,
    /,
    *,
    worlds: WholeNumber = 8_192,
    seed: WholeNumber = 1,
    plans: Annotated[str | None, Parameter(name="--plans")] = None,
    without: str | None = None,
    as_of: str | None = None,
    out: Path | None = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Run a case in many worlds, judge its claims, and write a report.

    Parameters
    ----------
    case
        A shipped case's name, a folder with a case.yaml, or a case file.
    worlds
        How many worlds; each is run under every plan.
    seed
        The same seed gives the same rows on any number of cores.
    plans
        Plans to run, separated by commas; all of the case if not said.
    without
        Mechanisms to switch off, separated by commas, such as escalation or leaders.
    as_of
        A day such as 2024-12-31: worlds agree with what was known then, and nothing later counts.
    out
        The run folder; runs/<case>-<run id> if not said.
    as_json
        Print the verdicts as one JSON object.
    quiet
        Print no progress, and only where the run lies.
    """
    from ripeness import workbench

    loaded = workbench.load(case)
    with progress(quiet or as_json) as told:
        made = loaded.run(worlds, seed, names(plans), out, told, names(without) or (), as_of)
    if as_json:
        print_json(
            {
                "run": str(made.folder),
                **_about(made),
                "verdicts": made.records() if made.has_claims else [],
            }
        )
    elif quiet:
        print(made.folder)
    else:
        _show(made)


@app.command(name="prior-check")
def prior_check(
    case: str,
    /,
    *,
    worlds: WholeNumber = 2_048,
    seed: WholeNumber = 1,
    out: Path | None = None,
    as_json: JsonFlag = False,
) -> None:
    """See where what really happened lies among worlds that know nothing of it.

    Parameters
    ----------
    case
        A shipped case's name, a folder with a case.yaml, or a case file.
    worlds
        How many worlds run under the plan that was really followed.
    seed
        The same seed gives the same numbers.
    out
        A page with charts to write: one HTML file that opens offline.
    as_json
        Print the check as one JSON object.
    """
    from ripeness import workbench

    loaded = workbench.load(case)
    with progress(as_json) as told:
        checked = loaded.prior_check(worlds, seed, out, told)
    if as_json:
        print_json({**checked.record(), "page": str(out) if out else None})
        return
    from ripeness.views.prior_terminal import print_prior_check

    console = the_console()
    print_prior_check(checked, console)
    if out:
        console.print(f"Page: {out}", soft_wrap=True, highlight=False)


@app.command
def hindcast(
    case: str,
    /,
    *,
    worlds: WholeNumber = 2_048,
    seed: WholeNumber = 1,
    out: Path | None = None,
    as_json: JsonFlag = False,
) -> None:
    """See how good forecasts from past quarters were, next to simple ones.

    Parameters
    ----------
    case
        A shipped case's name, a folder with a case.yaml, or a case file.
    worlds
        How many worlds forecast.
    seed
        The same seed gives the same numbers.
    out
        A page with charts to write: one HTML file that opens offline; Markdown if it ends in .md;
        what reports of runs show of it, for the folder of the case, if it ends in .json.
    as_json
        Print all scores as one JSON object.
    """
    from ripeness import workbench

    loaded = workbench.load(case)
    with progress(as_json) as told:
        found = loaded.hindcast(worlds, seed, out, told)
    if as_json:
        print_json({**found.record(), "page": str(out) if out else None})
        return
    from ripeness.views.hindcast_terminal import print_hindcast

    console = the_console()
    print_hindcast(found, console)
    if out:
        console.print(f"Page: {out}", soft_wrap=True, highlight=False)


@app.command
def forecast(
    case: str,
    /,
    *,
    as_of: str,
    weeks: WholeNumber = 13,
    worlds: WholeNumber = 2_048,
    seed: WholeNumber = 1,
    out: Path | None = None,
    as_json: JsonFlag = False,
) -> None:
    """Forecast the figures that were not known yet on a day, beside simple forecasts.

    Parameters
    ----------
    case
        A shipped case's name, a folder with a case.yaml, or a case file.
    as_of
        A day such as 2025-12-31; nothing that became known later counts.
    weeks
        How far ahead.
    worlds
        How many worlds forecast.
    seed
        The same seed gives the same numbers.
    out
        A page with charts to write: one HTML file that opens offline; a table if it ends in .csv.
    as_json
        Print all forecasts as one JSON object.
    """
    from ripeness import workbench

    loaded = workbench.load(case)
    with progress(as_json) as told:
        found = loaded.forecast(as_of, weeks, worlds, seed, out, told)
    if as_json:
        print_json({**found.record(), "page": str(out) if out else None})
        return
    from ripeness.views.forecast_terminal import print_forecast

    console = the_console()
    print_forecast(found, console)
    if out:
        console.print(f"Page: {out}", soft_wrap=True, highlight=False)


@app.command
def timeline(
    case: str,
    /,
    *,
    dates: str | None = None,
    worlds: WholeNumber = 2_048,
    seed: WholeNumber = 1,
    out: Path | None = None,
    as_json: JsonFlag = False,
) -> None:
    """See each claim's verdicts over time: when did the record turn it, and did it?

    Parameters
    ----------
    case
        A shipped case's name, a folder with a case.yaml, or a case file.
    dates
        Days such as 2024-12-31, separated by commas; the ends of half-years if not said.
    worlds
        How many worlds; each is run under every plan that a claim is about.
    seed
        The same seed gives the same numbers.
    out
        A page with charts to write: one HTML file that opens offline; what is shown of it with the
        claims of runs, for the folder of the case, if it ends in .json.
    as_json
        Print it all as one JSON object.
    """
    from ripeness import workbench

    loaded = workbench.load(case)
    with progress(as_json) as told:
        found = loaded.timeline(names(dates), worlds, seed, out, told)
    if as_json:
        print_json({**found.record(), "page": str(out) if out else None})
        return
    from ripeness.views.timeline_terminal import print_timeline

    console = the_console()
    print_timeline(found.record(), found.claims, found.essays, console)
    if out:
        console.print(f"Page: {out}", soft_wrap=True, highlight=False)


@app.command
def ablate(
    case: str,
    /,
    *,
    worlds: WholeNumber = 2_048,
    seed: WholeNumber = 1,
    without: str | None = None,
    out: Path | None = None,
    as_json: JsonFlag = False,
) -> None:
    """See which mechanisms the claims rest on: judge them without each in turn.

    Parameters
    ----------
    case
        A shipped case's name, a folder with a case.yaml, or a case file.
    worlds
        How many worlds; each is run under every plan that a claim is about.
    seed
        The same seed gives the same numbers.
    without
        Only these mechanisms, separated by commas, are switched off one at a time; all if not said.
    out
        A folder to write the table and all runs to; nothing is kept if not said.
    as_json
        Print it all as one JSON object.
    """
    from ripeness import workbench

    loaded = workbench.load(case)
    with progress(as_json) as told:
        found = loaded.ablate(worlds, seed, names(without), out, told).as_record()
    if as_json:
        print_json(found)
        return
    from ripeness.views.ablation import print_ablation

    print_ablation(found, the_console())


@app.command
def mirror(
    case: str,
    /,
    *,
    worlds: WholeNumber = 2_048,
    seed: WholeNumber = 1,
    plans: Annotated[str | None, Parameter(name="--plans")] = None,
    out: Path | None = None,
    as_json: JsonFlag = False,
) -> None:
    """Turn a case round: what would each side answer with the other's tolerance?

    Parameters
    ----------
    case
        A shipped case's name, a folder with a case.yaml, or a case file.
    worlds
        How many worlds; each is run under every plan, as it is and mirrored.
    seed
        The same seed gives the same numbers.
    plans
        Plans to run, separated by commas; all of the case if not said.
    out
        A JSON file to write: what is shown of it with runs, for the folder of the case.
    as_json
        Print it all as one JSON object.
    """
    from ripeness import workbench

    loaded = workbench.load(case)
    with progress(as_json) as told:
        found = loaded.mirror(worlds, seed, names(plans), out, told).as_record()
    if as_json:
        print_json({**found, "page": str(out) if out else None})
        return
    from ripeness.views.mirror import print_mirror

    console = the_console()
    print_mirror(found, console)
    if out:
        console.print(f"File: {out}", soft_wrap=True, highlight=False)


@app.command
def report(
    run: Path,
    /,
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    as_json: JsonFlag = False,
) -> None:
    """Write the report of a run: one HTML file that opens offline.

    Parameters
    ----------
    run
        The run folder.
    output
        The file to write; report.html in the run folder if not said.
    as_json
        Print where it was written as a JSON object.
    """
    from ripeness import workbench

    written = workbench.open_run(run).report(output)
    if as_json:
        print_json({"report": str(written)})
    else:
        print(written)


@app.command
def learned(run: Path, /, *, as_json: JsonFlag = False) -> None:
    """See what the record taught about each assumption in a run made with --as-of.

    Parameters
    ----------
    run
        The run folder.
    as_json
        Print it all as one JSON object, with how the filter fared week by week.
    """
    from ripeness import workbench

    made = workbench.open_run(run)
    if as_json:
        print_json({"run": str(made.folder), **made.learned})
        return
    from ripeness.views.learned import print_learned
    from ripeness.views.rundata import RunCard

    console = the_console()
    print_learned(made.learned, RunCard.of(made.about), console, min(PIPED_WIDTH, console.width))


@app.command
def sources(case: str, /, *, worlds: WholeNumber = 4_096, as_json: JsonFlag = False) -> None:
    """List what a case rests on, and how far its verdicts rest on what is only recalled.

    Parameters
    ----------
    case
        A shipped case's name, a folder with a case.yaml, or a case file.
    worlds
        How many worlds are run twice, the second time with the recalled assumptions drawn anew.
    as_json
        Print it all as one JSON object, with where each row of the record was read.
    """
    from ripeness import workbench

    loaded = workbench.load(case)
    listed = loaded.sources().as_record()
    rests = []
    if loaded.has_claims:
        with progress(as_json) as told:
            rests = [each.as_record() for each in loaded.rest_on_recalled(worlds, 1, told)]
    if as_json:
        print_json({"case": loaded.file.id, "worlds": worlds, **listed, "claims": rests})
        return
    from ripeness.views.sources import sources_text

    print(sources_text(loaded.file.title, listed, rests, worlds))


record = App(name="record", help="What happened: the record's tables, as of any day.")
app.command(record)


@record.command(name="list")
def list_(case: str, /, *, as_json: JsonFlag = False) -> None:
    """List the tables of a case's record: rows, span, what they hold, how much is only recalled.

    Parameters
    ----------
    case
        A shipped case's name, a folder with a case.yaml, or a case file.
    as_json
        Print them as one JSON object.
    """
    from dataclasses import asdict

    from ripeness import workbench
    from ripeness.views.record import table_list

    loaded = workbench.load(case)
    tables = [asdict(each) for each in loaded.tables()]
    if as_json:
        print_json({"case": loaded.file.id, "tables": tables})
    elif not tables:
        print(f"{loaded.file.id} has no record")
    else:
        print(table_list(tables))
        print("\nrecalled: rows written from memory at least in part, to be checked before use")


@record.command
def show(case: str, table: str, /, *, as_of: str | None = None, as_json: JsonFlag = False) -> None:
    """Print a table of what happened, all of it or what was known on a day.

    Parameters
    ----------
    case
        A shipped case's name, a folder with a case.yaml, or a case file.
    table
        A table's name, such as control or polls; `ripeness record list` has them all.
    as_of
        A day, as 2024-08-10: rows and values that became known later are left out.
    as_json
        Print every column as one JSON object.
    """
    from ripeness import workbench

    loaded = workbench.load(case)
    frame = loaded.record(table, as_of)
    unknown = len(loaded.record(table)) - len(frame) if as_of else 0
    rows, columns = _plain(frame), [str(column) for column in frame.columns]
    if as_json:
        about = {"case": loaded.file.id, "table": table, "as_of": as_of}
        print_json({**about, "rows_not_yet_known": unknown, "rows": rows})
        return
    from ripeness.views.record import table_text

    print(table_text(rows, columns, as_of, unknown))


@record.command
def fetch(
    case: str,
    /,
    *,
    into: Path | None = None,
    only: str | None = None,
    file: Path | None = None,
    as_json: JsonFlag = False,
) -> None:
    """Bring the public series of a case up to date, in a copy of its record.

    A series that cannot be had, or is not what it should be, changes nothing.

    Parameters
    ----------
    case
        A shipped case's name, a folder with a case.yaml, or a case file.
    into
        The folder of the copy; record-<case> if not said. Tables that it lacks are copied there.
    only
        One series, such as losses or isw-area.
    file
        A file of that series that you have downloaded yourself, read in place of its source's.
    as_json
        Print what was done as one JSON object.
    """
    from dataclasses import asdict

    from ripeness import workbench

    loaded = workbench.load(case)
    place = into or Path(f"record-{loaded.file.id}")
    with progress(as_json) as told:
        told("fetching", 0.0)
        done, failed = loaded.fetch(place, only, file)
    if as_json:
        print_json({"record": str(place), "fetched": list(map(asdict, done)), "failed": failed})
    else:
        for each in done:
            added = each.rows_after - each.rows_before
            print(f"{each.source}: {added:,} rows added, {each.rows_changed:,} changed")
            print(*(f"  {note}\n" for note in each.notes), sep="", end="")
        if done:
            print(f"Record: {place}")
    if failed:
        raise RipenessError("\n".join(failed))


@app.command
def check(case: str, /, *, as_json: JsonFlag = False) -> None:
    """Check a case and its claims, and report all that is wrong at once.

    Parameters
    ----------
    case
        A shipped case's name, a folder with a case.yaml, or a case file.
    as_json
        Print what was found as one JSON object.
    """
    from ripeness import workbench
    from ripeness.case.load import CLAIMS_FILE
    from ripeness.errors import InvalidFile

    try:
        with progress(as_json) as told:
            told("checking the case and its claims", 0.1)
            loaded = workbench.load(case)
            told("checking the case and its claims", 0.2)
            has_claims = (loaded.path.parent / CLAIMS_FILE).is_file()
            claims = len(loaded.claims.claims) if has_claims else 0
    except InvalidFile as error:
        if as_json:
            print_json({"valid": False, "problems": list(error.problems)})
            sys.exit(USAGE)
        raise
    file = loaded.file
    counts = {
        "plans": len(file.plans),
        "deals": len(file.deals),
        "sectors": len(file.sectors),
        "assumptions": len(file.assumptions),
        "sources": len(file.sources),
        "claims": claims,
    }
    if as_json:
        print_json({"valid": True, "case": file.id, **counts})
    else:
        listed = ", ".join(f"{count} {name}" for name, count in counts.items())
        print(f"{file.id}: nothing wrong ({listed})")


@app.command
def schema(*, as_json: JsonFlag = False) -> None:
    """Print the JSON Schema of case files, by which editors complete and check them.

    Parameters
    ----------
    as_json
        Accepted for uniformity: the schema is JSON anyway.
    """
    from ripeness.case.editors import json_schema

    del as_json
    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@app.command
def cases(*, as_json: JsonFlag = False) -> None:
    """List the cases that come with Ripeness.

    Parameters
    ----------
    as_json
        Print them as one JSON object.
    """
    from ripeness import workbench
    from ripeness.case.load import shipped

    found = [workbench.load(name).file for name in shipped()]
    if as_json:
        print_json(
            {"cases": [{"id": f.id, "title": f.title, "question": f.question} for f in found]}
        )
        return
    for file in found:
        print(f"{file.id}  {file.title}\n  {file.question}")


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows ready for JSON: days as text, None where there is nothing."""
    days = {
        column: frame[column].dt.strftime("%Y-%m-%d") for column in frame.select_dtypes("datetime")
    }
    rows = frame.assign(**days).astype(object).to_dict("records")
    return [
        {str(name): None if value != value else value for name, value in row.items()}
        for row in rows
    ]


def _show(made: Any) -> None:
    if not made.has_claims:
        print(made.folder)
        return
    from ripeness.views.terminal import print_verdicts

    console = the_console()
    print_verdicts(made.shown, console)
    console.print(f"Run:    {made.folder}", soft_wrap=True, highlight=False)
    console.print(f"Report: {(made.folder / 'report.html')}", soft_wrap=True, highlight=False)


def _about(made: Any) -> dict[str, Any]:
    wanted = ("run_id", "case", "case_hash", "seed", "worlds", "plans", "ripeness")
    return {name: made.about[name] for name in wanted}


def _leave() -> NoReturn:
    """Go at once after Ctrl-C: a computation still under way would not survive a usual exit."""
    print("interrupted; nothing was kept", file=sys.stderr, flush=True)
    os._exit(INTERRUPTED)


def _leave_if_interrupted(error: Exception) -> None:
    if any(sign in str(error) for sign in DATABASE_INTERRUPTED):
        _leave()


def _fail(message: str, code: int) -> NoReturn:
    print(message, file=sys.stderr)
    sys.exit(code)
