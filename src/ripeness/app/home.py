"""The first page: choose a case and how to run it; what is being run, and what was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from ripeness.app.cases import Cases, Offered
from ripeness.app.desk import desk
from ripeness.app.problems import door, templates
from ripeness.app.runs import Listed
from ripeness.app.wanted import MOST_WORLDS, Wanted, json_object, wanted
from ripeness.errors import RipenessError
from ripeness.views.words import quantity

WORLDS = (2_048, 8_192, 65_536)
"""How many worlds are offered: a first look, the default, and for rare outcomes."""


@dataclass(frozen=True)
class Pace:
    """How long runs take, in seconds.

    Attributes
    ----------
    start
        Whatever is run: loading, judging, writing.
    plan
        To fit what going on is worth, each plan.
    world
        To run one world under one plan.
    learn
        To hold worlds to the record.
    """

    start: float = 17.0
    plan: float = 4.0
    world: float = 0.0002
    learn: float = 30.0


def pace(case: str, runs: Sequence[Listed]) -> Pace:
    """How long runs of a case take on this machine, by the last one that says so."""
    for run in runs:
        if run.card.case != case or run.card.as_of:
            continue
        fitted, worlds = (run.seconds.get(name) for name in ("continuation values", "worlds"))
        if fitted and worlds:
            plans = len(run.card.plans)
            return Pace(plan=fitted / plans, world=worlds / plans / max(run.card.worlds, 2_048))
    return Pace()


async def enter(request: Request) -> Response:
    """Exchange the token for the cookie."""
    keys = desk(request).keys
    home_page = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    if keys.admits(request.cookies.get(keys.cookie)):
        return home_page
    # HEAD, which programs send to look at a link, does not spend the token
    token = request.query_params.get("token", "") if request.method == "GET" else ""
    value = keys.exchange(token)
    if value is None:
        return door(request, HTTPStatus.FORBIDDEN, spent=True)
    home_page.set_cookie(keys.cookie, value, path="/", httponly=True, samesite="strict")
    return home_page


async def home(request: Request) -> Response:
    """Show the first page, with the case and the choices that the address names."""
    at, query = desk(request), request.query_params
    name = query.get("case", next(iter(at.cases.sources)))
    if name not in at.cases:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no case {name[:60]!r}.")
    titles = await at.quick.run(at.cases.titles)
    offered, wrong = await at.quick.run(lambda: _read(at.cases, name))
    runs = at.runs.listed()
    page = templates().get_template("app/home.html.j2")
    return HTMLResponse(
        page.render(
            title="Cases and runs",
            titles=titles,
            name=name,
            wrong=wrong,
            case=offered.case.file if offered else None,
            last_day=offered.last_day if offered else None,
            chosen=choices(query, offered) if offered else None,
            presets=WORLDS,
            most_worlds=MOST_WORLDS,
            pace=asdict(pace(name, runs)),
            runs=runs,
            folder=at.runs.folder,
        )
    )


def choices(query: QueryParams, offered: Offered) -> dict[str, Any]:
    """What is chosen beforehand: what the address says, as far as that can be had."""
    plans = [plan for plan in query.getlist("plans") if plan in offered.case.file.plans]
    return {
        "plans": plans or list(offered.case.file.plans),
        "worlds": _number(query.get("worlds"), WORLDS[1], 1, MOST_WORLDS),
        "seed": _number(query.get("seed"), 1, 0, 2**31 - 1),
        "as_of": query.get("as_of", ""),
    }


async def jobs(request: Request) -> Response:
    """Say how all that is being run stands."""
    return JSONResponse({"jobs": desk(request).jobs.shown()})


async def start(request: Request) -> Response:
    """Put a run into the queue; where there is the same already, give that."""
    at, body = desk(request), await request.body()
    run, source, title, run_id = await at.quick.run(lambda: _checked(body, at.cases))
    if at.runs.find(run_id) is not None:
        return JSONResponse({"run": run_id})
    task = {
        "do": "run",
        "case": source,
        "runs": str(at.runs.folder),
        "plans": list(run.plans),
        "worlds": run.worlds,
        "seed": run.seed,
        "as_of": run.as_of,
    }
    return JSONResponse({"job": at.jobs.add(_titled(title, run), task)}, HTTPStatus.ACCEPTED)


async def cancel(request: Request) -> Response:
    """Stop a run, or take it out of the queue."""
    json_object(await request.body(), ())
    job = desk(request).jobs.cancel(request.path_params["job"])
    if job is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "There is no such run in the queue.")
    return JSONResponse({"job": job})


async def static(request: Request) -> Response:
    """Give a script or a style sheet."""
    return await desk(request).static.answer(request.path_params["name"], request)


def _read(cases: Cases, name: str) -> tuple[Offered | None, str]:
    """Give a case, or what is wrong with it by now."""
    try:
        return cases[name], ""
    except RipenessError as error:
        return None, str(error)


def _checked(body: bytes, cases: Cases) -> tuple[Wanted, str, str, str]:
    """Read what is asked for: the run, where its case lies, the case's title, the run's id."""
    run = wanted(body, cases)
    case = cases[run.case].case
    return run, str(case.path.absolute()), case.file.title, run.run_id(case)


def _titled(title: str, run: Wanted) -> str:
    """Name a run for people, in a line."""
    plans = "1 plan" if len(run.plans) == 1 else f"{len(run.plans)} plans"
    day = f", as of {run.as_of}" if run.as_of else ""
    seed = f", seed {run.seed}" if run.seed != 1 else ""
    return f"{title}: {quantity(run.worlds)} worlds, {plans}{day}{seed}"


def _number(word: str | None, otherwise: int, least: int, most: int) -> int:
    known = word is not None and word.isdecimal() and len(word) < 12
    return min(max(int(word), least), most) if known and word else otherwise
