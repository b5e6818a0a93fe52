"""The server: listens on this machine only, and ends with nothing half-written."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from uvicorn.protocols.http.h11_impl import H11Protocol

from ripeness.app.aside import Aside, Kept, TooLong
from ripeness.app.cases import Cases
from ripeness.app.desk import Desk
from ripeness.app.guard import ENTER, HEADERS, SECONDS, Guard
from ripeness.app.jobs import Jobs
from ripeness.app.keys import Keys
from ripeness.app.problems import answered
from ripeness.app.routes import ROUTES
from ripeness.app.runs import Runs
from ripeness.app.static import Static
from ripeness.errors import RipenessError, UsageError

HOST = "127.0.0.1"
PORT = 8765
TRIED = 20
"""Ports that are tried, from the first one on, if none is named."""

MOST_CONNECTIONS = 64
MOST_KEPT = 64
"""Answers of runs that are kept."""


class Protocol(H11Protocol):
    """HTTP, from clients that are to say what they want within some seconds."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Begin to wait."""
        super().connection_made(transport)
        self.loop.call_later(SECONDS, self._gone_unless_asked)

    def _gone_unless_asked(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, with what every answer bears."""
        headers = {**HEADERS, "content-type": "text/plain", "connection": "close"}
        lines = [f"{name}: {value}" for name, value in headers.items()]
        answer = "\r\n".join(["HTTP/1.1 400 Bad Request", *lines, "", msg])
        self.transport.write(answer.encode("ascii"))
        self.transport.close()


class Server:
    """The app on a port of this machine.

    Parameters
    ----------
    runs
        The folder of runs.
    cases
        Names or paths of cases to offer beside those that come with Ripeness.
    port
        Where to listen: 0 for any free one, None for the first free one from `PORT` on.

    Raises
    ------
    UsageError
        If a case is wrong, `runs` is no folder, or the port is taken.
    """

    def __init__(self, runs: Path, cases: Sequence[str] = (), port: int | None = None) -> None:
        if runs.exists() and not runs.is_dir():
            raise UsageError(f"{runs} is not a folder of runs; name another with --runs")
        known = Cases(cases)
        self._socket = _listening(port)
        self.port: int = self._socket.getsockname()[1]
        self._keys = Keys(self.port)
        self._jobs = Jobs()
        quick, slow = Aside(1), Aside()
        self._asides = (quick, slow)
        pages = Starlette(
            routes=ROUTES,
            lifespan=self._lifespan,
            exception_handlers=dict.fromkeys(
                (HTTPException, RipenessError, TooLong, Exception), answered
            ),
        )
        pages.router.redirect_slashes = False
        pages.state.desk = Desk(
            keys=self._keys,
            cases=known,
            runs=Runs(runs.absolute(), slow),
            jobs=self._jobs,
            static=Static(slow),
            quick=quick,
            slow=slow,
            answers=Kept(slow, MOST_KEPT),
        )
        self._server = uvicorn.Server(
            uvicorn.Config(
                Guard(pages, self.port, self._keys),
                loop="asyncio",
                http=Protocol,
                ws="none",
                lifespan="on",
                interface="asgi3",
                log_config=None,
                log_level="critical",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                headers=list(HEADERS.items()),
                limit_concurrency=MOST_CONNECTIONS,
                timeout_keep_alive=15,
                timeout_graceful_shutdown=2,
                h11_max_incomplete_event_size=16 * 1024,
            )
        )

    @property
    def address(self) -> str:
        """Where it is, without what lets one in."""
        return f"http://{HOST}:{self.port}"

    @property
    def link(self) -> str:
        """What opens it, once."""
        return f"{self.address}{ENTER}?token={self._keys.token}"

    def run(self) -> None:
        """Serve until it is told to stop, then stop what is being run."""
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._close()

    def stop(self) -> None:
        """Tell it to stop, from another thread."""
        self._server.should_exit = True

    @asynccontextmanager
    async def _lifespan(self, _pages: Starlette) -> AsyncIterator[None]:
        self._jobs.start()
        yield
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._jobs.close()
        for aside in self._asides:
            aside.close()


def _listening(port: int | None) -> socket.socket:
    """Take a port of this machine.

    Raises
    ------
    UsageError
        If it is taken, or none.
    """
    if port is not None:
        try:
            return _bound(port)
        except OverflowError:
            raise UsageError(f"port {port}: name one from 0 to 65535; 0 is any free one") from None
        except OSError as error:
            what = f"port {port} cannot be had: {error.strerror}"
            raise UsageError(f"{what}; name another with --port, or leave it out") from None
    for each in range(PORT, PORT + TRIED):
        try:
            return _bound(each)
        except OSError:
            continue
    return _bound(0)


def _bound(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if hasattr(socket, "SO_REUSEPORT"):  # not Windows, where it would share a port in use
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen()
    except BaseException:
        listening.close()
        raise
    return listening
