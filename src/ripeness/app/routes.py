"""The addresses of the app."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from ripeness.app import explorer, home, shown
from ripeness.app.guard import ENTER

GET, POST = ["GET"], ["POST"]

ROUTES: list[BaseRoute] = [
    Route(ENTER, home.enter, methods=GET),
    Route("/", home.home, methods=GET),
    Route("/jobs", home.jobs, methods=GET),
    Route("/jobs", home.start, methods=POST),
    Route("/jobs/{job}/cancel", home.cancel, methods=POST),
    Route("/static/{name}", home.static, methods=GET),
    Route("/runs/{run}", shown.first, methods=GET),
    Route("/runs/{run}/", shown.first, methods=GET),
    Route("/runs/{run}/report", shown.report, methods=GET),
    Route("/runs/{run}/explorer/columns", explorer.columns, methods=GET),
    Route("/runs/{run}/explorer/exact", explorer.exact, methods=POST),
    Route("/runs/{run}/{panel}", shown.panel, methods=GET),
    Route("/runs/{run}/claims/{claim}", shown.claim, methods=GET),
    Route("/runs/{run}/claims/{claim}/{question}", shown.answer, methods=GET),
]
