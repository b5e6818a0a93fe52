"""The command that opens the app: serve."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from ripeness.console import JsonFlag, WholeNumber, print_json

INTERRUPTED = 130
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")


def register(app: App) -> None:
    """Add the command to the command line."""
    app.command(serve)


def serve(
    *,
    runs: Path = Path("runs"),
    case: Annotated[list[str] | None, Parameter(name="--case")] = None,
    port: WholeNumber | None = None,
    open_: Annotated[bool, Parameter(name="--open")] = True,
    as_json: JsonFlag = False,
) -> None:
    """Open the app in the browser: run cases, look at runs, move assumptions.

    It listens on this machine only, and lets in the one browser that opens the link it prints.

    Parameters
    ----------
    runs
        The folder of runs: those in it are shown, new ones go there.
    case
        A case to offer beside those that come with Ripeness: a folder with a case.yaml, or a case
        file. Can be given several times.
    port
        Where to listen; 0 is any free port. From 8765 on the first free one, if not said.
    open_
        Whether to open the browser.
    as_json
        Print the link as a JSON object.
    """
    from ripeness.app.server import Server

    server = Server(runs, case or (), port)
    if as_json:
        print_json({"address": server.address, "link": server.link, "runs": str(runs)})
    else:
        print(f"Ripeness is open at {server.link}")
        print("The link works once; keep it to yourself. Ctrl-C stops Ripeness.", file=sys.stderr)
    sys.stdout.flush()
    if open_ and _has_a_screen():
        threading.Thread(target=webbrowser.open, args=[server.link], daemon=True).start()
    try:
        server.run()
    except KeyboardInterrupt:
        sys.stderr.flush()
        os._exit(INTERRUPTED)  # an answer that nobody waits for any more would keep it


def _has_a_screen() -> bool:
    """Whether a browser has where to open; in a terminal alone one of text would take it over."""
    return sys.platform != "linux" or any(map(os.environ.get, SCREENS))
