"""The app in a thread, and a client of it: what the tests of the app share."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from ripeness.app.server import Server


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Served:
    """The app on a port of this machine, in a thread.

    Attributes
    ----------
    address
        Such as http://127.0.0.1:8765.
    runs
        The folder of runs.
    run_id
        The id of the run that lies in it from the start.
    link
        What lets a browser in, once; it is spent if this client entered.
    cookie
        The header that lets a client in.
    """

    def __init__(
        self, runs: Path, run_id: str, cases: Sequence[str] = (), enter: bool = True
    ) -> None:
        self.runs = runs
        self.run_id = run_id
        self.server = Server(runs, cases, port=0)
        self.port = self.server.port
        self.address, self.link = self.server.address, self.server.link
        self._thread = threading.Thread(target=self.server.run, daemon=True)
        self._thread.start()
        if not enter:
            return
        self.entered = self.ask("GET", self.link.removeprefix(self.address), cookie="")
        self.cookie = self.entered.headers["set-cookie"].partition(";")[0]

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        cookie: str | None = None,
        **headers: str,
    ) -> Answer:
        """Send a request as a page of the app would; an empty header is left out."""
        sent = {"Cookie": self.cookie if cookie is None else cookie}
        content = None
        if method == "POST":
            sent |= {"Origin": self.address, "Content-Type": "application/json"}
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            sent = {name: value for name, value in sent.items() if value}
            connection.request(method, path, content, sent)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8")
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, text)
        finally:
            connection.close()

    def fetch(self, path: str) -> bytes:
        """Get something that is no text."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request("GET", path, headers={"Cookie": self.cookie})
            return connection.getresponse().read()
        finally:
            connection.close()

    def open(self, page: Page, path: str = "/") -> None:
        """Let a page of a browser in, and go to an address of the app."""
        name, _, value = self.cookie.partition("=")
        page.context.add_cookies(
            [
                {
                    "name": name,
                    "value": value,
                    "url": self.address,
                    "httpOnly": True,
                    "sameSite": "Strict",
                }
            ]
        )
        page.goto(f"{self.address}{path}")

    def close(self) -> None:
        self.server.stop()
        self._thread.join(20)
        assert not self._thread.is_alive(), "the server does not end"


def folder_of_runs(place: Path, run: Path) -> tuple[Path, str]:
    """Make a folder of runs with a copy of one, and give that one's id too."""
    runs = place / "runs"
    runs.mkdir()
    run_id = json.loads((run / "run.json").read_text(encoding="utf-8"))["run_id"]
    shutil.copytree(run, runs / f"kursk-2024-{run_id}")
    return runs, run_id
