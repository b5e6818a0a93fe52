"""Make the pictures that the README shows: each page of the app, of a run of the Kursk case.

`make screenshots` runs it; it needs Chromium. `docs/screenshots.py --all DIR` takes all pages at
three widths, light and dark, whole, into a folder.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

import ripeness
from ripeness.app.server import Server
from ripeness.views.app_page import PANELS

HERE = Path(__file__).parent
SIZES = {"wide": (1280, 900), "tablet": (768, 1000), "phone": (390, 844)}
CLAIM = "claims/L9"
CHOSEN = {
    "explorer": "?b=home_priority_russia~0-36",
    "map": "?track=worlds&plan=hold&day=2025-02-11",
}
"""What is chosen on a page, as its address says it: under 23,000 troops drawn to lost soil."""
DRAWN = """() => !document.querySelector(
  ".room, [data-explorer]:not([data-ready]), [aria-busy=true]"
)"""


def main() -> None:
    """Run the case, serve it, and take the pictures."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit(
            "the pictures are taken with Chromium; install it (Debian: apt-get install chromium)"
        )
    with tempfile.TemporaryDirectory() as place:
        print("running the Kursk case (a minute)", file=sys.stderr)
        run = ripeness.load("kursk-2024").run(out=Path(place) / "run")
        server = Server(Path(place), port=0)
        threading.Thread(target=server.run, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            pages = [*PANELS, CLAIM]
            take(browser, server, run.about["run_id"], pages, sys.argv[1:])
        server.stop()


def take(
    browser: Browser, server: Server, run_id: str, names: list[str], arguments: list[str]
) -> None:
    """Take a picture of each page, or of all pages in all ways if a folder is named for them."""
    everything = arguments[:1] == ["--all"]
    folder = Path(arguments[1]) if everything else HERE / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    ways = (
        [(size, scheme) for size in SIZES for scheme in ("light", "dark")]
        if everything
        else [("wide", "light")]
    )
    state = None
    for size, scheme in ways:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, storage_state=state
        )
        page = context.new_page()
        if state is None:
            page.goto(server.link)
            state = context.storage_state()
        for name in ["home", *names]:
            place = "" if name == "home" else f"runs/{run_id}/{name}{CHOSEN.get(name, '')}"
            page.goto(f"{server.address}/{place}")
            page.wait_for_function(DRAWN, timeout=60_000)
            page.wait_for_timeout(1500)
            if name == "explorer" and not everything:
                page.locator("[data-explorer]").evaluate("(place) => place.scrollIntoView()")
            written = name.replace("/", "-") + (f"-{size}-{scheme}" if everything else "")
            page.screenshot(path=folder / f"{written}.png", full_page=everything)
            print(folder / f"{written}.png")
        context.close()


if __name__ == "__main__":
    main()
