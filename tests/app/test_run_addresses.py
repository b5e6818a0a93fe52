"""The addresses of a run: what each gives, and how long it may take."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest
from served import Served

import ripeness
from ripeness.app.aside import Aside, Kept, TooLong
from ripeness.views import explored
from ripeness.views.app_page import PANELS
from ripeness.views.panels import claim


@pytest.mark.parametrize("panel", PANELS)
def test_each_panel_has_a_page(served: Served, panel: str):
    answer = served.ask("GET", f"/runs/{served.run_id}/{panel}")
    assert answer.status == 200
    assert f'<section class="panel" id="{panel}"' in answer.text
    assert "style=" not in answer.text.partition("<main")[2].partition("data-specs")[0]


def test_a_run_opens_with_the_question(served: Served):
    for end in ("", "/"):
        answer = served.ask("GET", f"/runs/{served.run_id}{end}")
        assert (answer.status, answer.headers["location"]) == (
            303,
            f"/runs/{served.run_id}/question",
        )


def test_a_claim_has_a_page_and_answers(served: Served):
    place = f"/runs/{served.run_id}/claims/L2"
    page = served.ask("GET", place)
    assert page.status == 200
    assert 'data-claim="L2"' in page.text
    run = ripeness.open_run(served.runs / f"kursk-2024-{served.run_id}")
    found = served.ask("GET", f"{place}/matter")
    assert found.status == 200
    assert found.text == claim.fragment(run.shown, "L2", "matter")


def test_the_explorer_gets_columns_and_exact_answers(served: Served):
    place = f"/runs/{served.run_id}/explorer"
    run = ripeness.open_run(served.runs / f"kursk-2024-{served.run_id}")
    names = ["anger_halflife", "hold:end_week", "claim/L2"]
    content = served.fetch(f"{place}/columns?{urlencode({'names': ','.join(names)})}")
    assert content == explored.packed(run.shown, names)
    ranges = {"anger_halflife": [None, 10], "hold:end_week": [20, 80.5]}
    answer = served.ask("POST", f"{place}/exact", {"ranges": ranges, "outcome": "end_week"})
    assert answer.status == 200
    found = explored.exact(run.shown, ranges, "end_week")
    assert answer.json == found
    assert 0 < answer.json["worlds"] < answer.json["of"] == 300


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ({}, "ranges: is missing"),
        ({"ranges": [1]}, "ranges: is missing"),
        ({"ranges": {"nothing": [0, 1]}}, "there is no column 'nothing'"),
        ({"ranges": {"anger_halflife": "1=1"}}, "give two numbers, or a list of words"),
        ({"ranges": {"anger_halflife": [0, 10**400]}}, "give two numbers"),
        ({"ranges": {'anger_halflife" or 1=1 --': [0, 1]}}, "there is no column"),
        ({"ranges": {}, "outcome": ["end_week"]}, "outcome: give the name of a column"),
        ({"ranges": {}, "outcome": "1; select 1"}, "there is no outcome"),
        ({"ranges": {}, "where": "1=1"}, "unknown field 'where'"),
    ],
)
def test_the_explorer_takes_ranges_and_nothing_else(served: Served, body: object, what: str):
    answer = served.ask("POST", f"/runs/{served.run_id}/explorer/exact", body)
    assert answer.status == 400
    assert what in answer.json["problem"]


@pytest.mark.parametrize(
    ("place", "status", "what"),
    [
        ("claims/L99", 404, "There is no claim &#39;L99&#39;."),
        ("claims/L99/believe", 404, "There is no claim"),
        ("claims/L9/why", 404, "There is no question &#39;why&#39;."),
        ("claims/L1/believe", 400, "has no test over worlds"),
        ("claims/L9/matter", 400, "it takes at least 100 to ask"),
        ("explorer/columns", 400, "name columns, separated by commas"),
        ("explorer/columns?names=nothing", 400, "there is no column"),
        ("explorer/exact", 405, "This address does not take that."),
        ("claims/R1/", 404, "This address leads nowhere."),
    ],
)
def test_what_a_run_does_not_have_is_told(served: Served, place: str, status: int, what: str):
    answer = served.ask("GET", f"/runs/{served.run_id}/{place}")
    assert answer.status == status
    assert what in answer.text


def test_the_report_is_a_file_to_keep(served: Served, tmp_path: Path):
    answer = served.ask("GET", f"/runs/{served.run_id}/report")
    run = ripeness.open_run(served.runs / f"kursk-2024-{served.run_id}")
    assert answer.text == run.report(tmp_path / "report.html").read_text(encoding="utf-8")
    named = f'attachment; filename="kursk-2024-{served.run_id}.html"'
    assert answer.headers["content-disposition"] == named


def test_the_server_answers_while_a_run_is_being_asked(served: Served):
    took = []

    def ask_for_the_report() -> None:
        began = time.monotonic()
        served.ask("GET", f"/runs/{served.run_id}/report")
        took.append(time.monotonic() - began)

    asking = threading.Thread(target=ask_for_the_report)
    asking.start()
    waits = []
    while asking.is_alive():
        began = time.monotonic()
        assert served.ask("GET", "/jobs").status == 200
        waits.append(time.monotonic() - began)
        time.sleep(0.02)
    assert took[0] > 0.5, "the report takes long enough to tell"
    assert sorted(waits)[len(waits) // 2] < 0.1
    assert max(waits) < took[0] / 2


def test_what_takes_long_says_so(served: Served, monkeypatch: pytest.MonkeyPatch):
    def late(*_: object) -> None:
        raise TooLong

    monkeypatch.setattr("ripeness.app.runs.Runs.find", late)
    answer = served.ask("GET", f"/runs/{served.run_id}/question")
    assert answer.status == 503
    assert "It goes on; ask again in a minute." in answer.text


def test_work_aside_has_a_limit_and_goes_on():
    aside, begun, go_on = Aside(1), [], threading.Event()

    def slow() -> str:
        begun.append("slow")
        go_on.wait(10)
        return "found"

    async def ask() -> None:
        kept = Kept(aside, most=2)
        with pytest.raises(TooLong):
            await kept.get("key", slow, seconds=0.05)
        with pytest.raises(TooLong):
            await kept.get("key", slow, seconds=0.05)
        with pytest.raises(TooLong):  # the one thread is busy
            await aside.run(lambda: begun.append("never"), seconds=0.05)
        go_on.set()
        assert await kept.get("key", slow) == "found"
        assert await kept.get("key", slow) == "found"
        assert begun == ["slow"], "it was found once, and what was given up never began"

        def fails() -> None:
            begun.append("fails")
            raise ZeroDivisionError

        for _ in range(2):  # a failure is not kept
            with pytest.raises(ZeroDivisionError):
                await kept.get("wrong", fails)
        assert begun.count("fails") == 2
        both = await asyncio.gather(
            *(
                kept.get(
                    "same",
                    lambda: begun.append("same"),
                )
                for _ in "ab"
            )
        )
        assert (both, begun.count("same")) == ([None, None], 1)
        await kept.get("key", slow)
        assert begun.count("slow") == 2, "only the last two are kept"

    asyncio.run(ask())
    aside.close()
