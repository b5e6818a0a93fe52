"""What every request must be before a page sees it, and what every answer bears.

The server listens on this machine only, yet any page in the same browser can send it requests, and
a name of the internet can be made to point here (DNS rebinding). So the Host must be this one, a
POST must come from a page of this server, and everything but the exchange of the token needs the
cookie. See OWASP, "Cross-Site Request Forgery Prevention", and W3C, "Fetch Metadata".
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ripeness.app.keys import Keys
from ripeness.app.problems import answered, door

ENTER = "/enter"
"""Where the token is exchanged."""

MOST_BYTES = 64 * 1024
"""Of a body."""

SECONDS = 10.0
"""In which a body must be there."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
"""What the server is to put on every answer, its own included."""


class Guard:
    """Stands before the pages.

    Parameters
    ----------
    pages
        What it guards.
    port
        Where the server listens.
    keys
        Who may come in.
    """

    def __init__(self, pages: ASGIApp, port: int, keys: Keys) -> None:
        self._pages = pages
        at = "" if port == 80 else f":{port}"  # browsers leave the usual port out
        self._hosts = {f"127.0.0.1{at}", f"localhost{at}"}
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it with what is wrong with it."""
        if scope["type"] != "http":
            await self._pages(scope, receive, send)
            return
        request = Request(scope, receive)
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        try:
            self._check(request)
            if not self._keys.admits(request.cookies.get(self._keys.cookie)):
                if scope["path"] != ENTER:
                    await door(request, HTTPStatus.UNAUTHORIZED)(scope, receive, answer)
                    return
            elif request.method == "POST":
                receive = _again(await _body(request), receive)
            await self._pages(scope, receive, answer)
        except ClientDisconnect:
            pass
        except Exception as error:
            if not begun:  # otherwise it was told already
                response = await answered(request, error)
                await response(scope, receive, answer)

    def _check(self, request: Request) -> None:
        """Refuse what does not come from a page of this server, or is no method of its pages."""
        headers = request.headers
        host = headers.get("host", "")
        if host not in self._hosts:
            raise HTTPException(HTTPStatus.FORBIDDEN, "This address is not that of Ripeness.")
        if request.method not in ("GET", "HEAD", "POST"):
            raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED, "Pages take GET and POST only.")
        site = headers.get("sec-fetch-site", "same-origin")
        visit = request.method != "POST" and headers.get("sec-fetch-mode") == "navigate"
        if site not in ("same-origin", "none") and not visit:
            raise HTTPException(HTTPStatus.FORBIDDEN, "Another page may not ask for this.")
        if request.method == "POST" and headers.get("origin") != f"http://{host}":
            raise HTTPException(HTTPStatus.FORBIDDEN, "This must come from a page of Ripeness.")


async def _body(request: Request) -> bytes:
    """Read a body that is JSON, not large and soon there.

    Raises
    ------
    HTTPException
        If it is not; what follows on the connection is not read.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise _closing(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The request must be application/json.")
    large = _closing(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The request has more than {MOST_BYTES:,} bytes."
    )
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length[:20]) > MOST_BYTES:
        raise large
    body = bytearray()
    try:
        async with asyncio.timeout(SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > MOST_BYTES:
                    raise large
    except TimeoutError:
        what = f"The request was not whole after {SECONDS:g} seconds."
        raise _closing(HTTPStatus.REQUEST_TIMEOUT, what) from None
    return bytes(body)


def _closing(status: HTTPStatus, what: str) -> HTTPException:
    return HTTPException(status, what, {"connection": "close"})


def _again(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read already, then what comes after it."""
    left = [body]

    async def given() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    return given
