"""What the explorer of a run asks for: columns of the sample, and exact answers from all worlds."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ripeness.app.desk import asked
from ripeness.app.wanted import json_object
from ripeness.errors import UsageError
from ripeness.workbench import Run


async def columns(request: Request) -> Response:
    """Give columns of the sample of worlds, as bytes."""
    from ripeness.views.explored import packed

    names = [name for name in request.query_params.get("names", "").split(",") if name]
    if not names:
        raise UsageError("name columns, separated by commas")
    content = await asked(request, lambda run: packed(run.shown, names))
    return Response(content, media_type="application/octet-stream")


async def exact(request: Request) -> Response:
    """Answer ranges from all worlds: only ranges and names are taken, never an expression."""
    from ripeness.views.explored import exact

    told = json_object(await request.body(), ("ranges", "outcome"))
    ranges, outcome = told.get("ranges"), told.get("outcome")
    if not isinstance(ranges, dict):
        raise UsageError("ranges: is missing; give an object of ranges by column")
    if outcome is not None and not isinstance(outcome, str):
        raise UsageError("outcome: give the name of a column")

    def found(run: Run) -> dict[str, object]:
        return exact(run.shown, ranges, outcome or None)

    return JSONResponse(await asked(request, found))
