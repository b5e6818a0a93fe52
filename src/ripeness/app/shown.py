"""The pages of a run: its panels, its claims, and its report."""

from __future__ import annotations

import re
import tempfile
from http import HTTPStatus
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ripeness.app.desk import asked, listed
from ripeness.workbench import Run

FIRST = "question"
"""The panel that a run opens with."""

NO_NAME = re.compile(r"[^A-Za-z0-9-]")
"""What does not go into the name of a file: a run may be a stranger's."""

MINUTES = 300.0
"""Seconds for what takes long, such as the report of a large run."""


async def first(request: Request) -> Response:
    """Lead to the panel that a run opens with."""
    return RedirectResponse(f"/runs/{listed(request).id}/{FIRST}", HTTPStatus.SEE_OTHER)


async def panel(request: Request) -> Response:
    """Show a panel, with what the address says was chosen in it."""
    from ripeness.views.app_page import PANELS, render_panel

    name, query = request.path_params["panel"], dict(request.query_params)
    if name not in PANELS:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"A run has no page {name[:60]!r}.")
    chosen = str(request.query_params)

    def made(run: Run) -> str:
        return render_panel(run.shown, name, query)

    return HTMLResponse(await asked(request, made, "panel", name, chosen))


async def claim(request: Request) -> Response:
    """Show a claim."""
    from ripeness.views.app_page import render_claim

    claim_id = await _claim(request)
    return HTMLResponse(await asked(request, lambda run: render_claim(run.shown, claim_id)))


async def answer(request: Request) -> Response:
    """Ask the run's worlds about a claim: a part of its page, which takes seconds and is kept."""
    from ripeness.views.panels.claim import QUESTIONS, fragment

    question, claim_id = request.path_params["question"], await _claim(request)
    if question not in QUESTIONS:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no question {question[:60]!r}.")

    def found(run: Run) -> str:
        return fragment(run.shown, claim_id, question)

    return HTMLResponse(await asked(request, found, "claim", claim_id, question))


async def _claim(request: Request) -> str:
    """The id of the claim that the address names.

    Raises
    ------
    HTTPException
        If the run has none of that id.
    """
    claim_id = request.path_params["claim"]
    if claim_id not in await asked(request, lambda run: run.shown.by_id):
        raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no claim {claim_id[:60]!r}.")
    return claim_id


async def report(request: Request) -> Response:
    """Give the report as a file to keep."""
    its = listed(request)
    content = await asked(request, _report, seconds=MINUTES)
    name = f"{NO_NAME.sub('-', its.card.case)}-{its.id}.html"
    return HTMLResponse(content, headers={"content-disposition": f'attachment; filename="{name}"'})


def _report(run: Run) -> bytes:
    with tempfile.TemporaryDirectory(prefix="ripeness-") as place:
        return run.report(Path(place) / "report.html").read_bytes()
