"""Scripts and styles, read once at the start: a name is looked up among them, never on the disk."""

from __future__ import annotations

import hashlib
from concurrent.futures import Future
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ripeness.app.aside import Aside, awaited
from ripeness.views.page import WEB, chart_bundle

VEGA = "vega.js"
KINDS = {".js": "text/javascript", ".css": "text/css"}


@dataclass(frozen=True)
class File:
    """A file that pages load.

    Attributes
    ----------
    content
        All of it.
    kind
        Its media type.
    tag
        Differs from that of any other content.
    """

    content: bytes
    kind: str
    tag: str

    @classmethod
    def of(cls, content: bytes, kind: str) -> File:
        """Give a file its tag."""
        return cls(content, kind, f'"{hashlib.sha256(content).hexdigest()[:32]}"')


class Static:
    """The files that there are; what draws charts takes seconds to make, and is made aside."""

    def __init__(self, aside: Aside) -> None:
        self._files = {
            file.name: File.of(file.read_bytes(), KINDS[file.suffix])
            for file in sorted(WEB.iterdir())
            if file.suffix in KINDS
        }
        self._vega: Future[File] = aside.begin(_vega)

    async def answer(self, name: str, request: Request) -> Response:
        """Give a file, or say that the browser has it already.

        Raises
        ------
        HTTPException
            If there is none of that name.
        """
        file = await awaited(self._vega) if name == VEGA else self._files.get(name)
        if file is None:
            raise HTTPException(404, "There is no such file.")
        headers = {"etag": file.tag, "cache-control": "private, no-cache"}
        if request.headers.get("if-none-match") == file.tag:
            return Response(status_code=304, headers=headers)
        return Response(file.content, media_type=file.kind, headers=headers)


def _vega() -> File:
    return File.of(chart_bundle().encode("utf-8"), KINDS[".js"])
