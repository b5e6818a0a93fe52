"""What a page or a script is told when it cannot have what it asks for."""

from __future__ import annotations

import sys
import traceback
from functools import cache
from http import HTTPStatus
from pathlib import Path

from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from ripeness.app.aside import TooLong
from ripeness.app.jobs import QueueFull
from ripeness.errors import RipenessError, UsageError
from ripeness.views.page import environment

FAULT = "Something went wrong in Ripeness itself; the terminal says more."
LATER = "This takes longer than a page should wait. It goes on; ask again in a minute."
UNSAID = {
    "Not Found": "This address leads nowhere.",
    "Method Not Allowed": "This address does not take that.",
}
"""What is said for what the router says."""
HEADINGS = {
    400: "That cannot be shown",
    404: "There is no such page",
    500: "Something went wrong",
    503: "That takes long",
}


@cache
def templates() -> Environment:
    """The templates of the app's own pages."""
    return environment()


async def answered(request: Request, error: Exception) -> Response:
    """Answer a request with what went wrong; what nobody foresaw is told on standard error too."""
    match error:
        case HTTPException():
            what = UNSAID.get(error.detail, error.detail)
            response = problem(request, error.status_code, what)
            response.headers.update(error.headers or {})
            return response
        case QueueFull():
            return problem(request, HTTPStatus.TOO_MANY_REQUESTS, str(error))
        case UsageError():
            return problem(request, HTTPStatus.BAD_REQUEST, str(error))
        case RipenessError():
            return problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, str(error))
        case TooLong():
            return problem(request, HTTPStatus.SERVICE_UNAVAILABLE, LATER)
        case _:
            _tell(request, error)
            return problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, FAULT)


def problem(request: Request, status: int, what: str) -> Response:
    """Say what is wrong: to scripts as JSON, to people as a page."""
    if _by_script(request):
        return JSONResponse({"problem": what}, status)
    if status == HTTPStatus.FORBIDDEN:  # who is not let in gets no style sheet either
        return PlainTextResponse(what, status)
    heading = HEADINGS.get(status, HTTPStatus(status).phrase.capitalize())
    page = templates().get_template("app/problem.html.j2")
    return HTMLResponse(page.render(title=heading, what=what), status)


def door(request: Request, status: int, spent: bool = False) -> Response:
    """Say to somebody without the cookie how to come in.

    Parameters
    ----------
    spent
        Whether a token was tried.
    """
    if _by_script(request):
        what = "This browser was not let in; open the link that `ripeness serve` printed."
        return JSONResponse({"problem": what}, status)
    page = templates().get_template("app/door.html.j2")
    return HTMLResponse(page.render(spent=spent), status)


def _by_script(request: Request) -> bool:
    accepted = request.headers.get("accept", "")
    return request.method == "POST" or accepted.startswith("application/json")


def _tell(request: Request, error: Exception) -> None:
    at = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(at.filename).name}:{at.lineno}"
    asked = f"{request.method} {request.url.path!r}"
    print(
        f"a fault of ripeness itself, please report it: {error!r} at {place}, by {asked}",
        file=sys.stderr,
        flush=True,
    )
