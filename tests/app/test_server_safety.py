"""Who the server answers, and what it takes: by real requests over a real port."""

from __future__ import annotations

import json
import socket
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest
from served import Served, folder_of_runs

from ripeness.app import guard
from ripeness.app.keys import Keys
from ripeness.app.server import MOST_CONNECTIONS, Server
from ripeness.errors import UsageError

ALWAYS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
RUN = {"case": "kursk-2024", "plans": ["none"], "worlds": 100, "seed": 1, "as_of": None}


def raw(served: Served, request: str) -> bytes:
    """Send what no client library would, and give all that comes back."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        connection.sendall(request.encode("latin-1"))
        pieces = []
        while piece := connection.recv(65536):
            pieces.append(piece)
        return b"".join(pieces)


def head(served: Served, *lines: str) -> str:
    """The head of a request of somebody who is let in."""
    return "\r\n".join((*lines, f"Host: 127.0.0.1:{served.port}", f"Cookie: {served.cookie}", ""))


def test_it_listens_on_this_machine_only(served: Served):
    (listening,) = served.server._server.servers[0].sockets
    assert listening.getsockname() == ("127.0.0.1", served.port)


def test_the_link_gives_a_cookie_that_scripts_and_other_sites_cannot_use(served: Served):
    assert served.entered.status == 303
    assert served.entered.headers["location"] == "/"
    value, *flags = served.entered.headers["set-cookie"].split("; ")
    assert value.startswith(f"ripeness-{served.port}=")
    assert {flag.lower() for flag in flags} == {"httponly", "samesite=strict", "path=/"}
    assert served.ask("GET", "/").status == 200


def test_the_link_works_once(served: Served):
    again = served.ask("GET", served.link.removeprefix(served.address), cookie="")
    assert again.status == 403
    assert "set-cookie" not in again.headers
    assert "This link was used already" in again.text
    assert "start it again" in again.text


def test_who_has_the_cookie_may_open_the_link_again(served: Served):
    again = served.ask("GET", served.link.removeprefix(served.address))
    assert (again.status, again.headers["location"]) == (303, "/")


@pytest.mark.parametrize("token", ["", "x", "é", "%00", "A" * 43, "A" * 5000])
def test_a_wrong_token_does_not_work_and_spends_nothing(token: str):
    keys = Keys(8765)
    assert keys.exchange(token) is None
    assert not keys.admits(token)
    assert not keys.admits(None)
    value = keys.exchange(keys.token)
    assert value
    assert keys.admits(value)
    assert keys.exchange(keys.token) is None


@pytest.mark.parametrize(
    "path", ["/", "/jobs", "/runs/{run}/question", "/static/style.css", "/static/vega.js", "/no"]
)
@pytest.mark.parametrize("cookie", ["", "{name}=", "{name}=wrong", "other={value}", "{name}=é"])
def test_everything_else_needs_the_cookie(served: Served, path: str, cookie: str):
    name, _, value = served.cookie.partition("=")
    bad = cookie.format(name=name, value=value)
    answer = served.ask("GET", path.format(run=served.run_id), cookie=bad)
    assert answer.status == 401
    assert "Ripeness does not know this browser" in answer.text
    assert "Traceback" not in answer.text
    post = served.ask("POST", "/jobs", RUN, cookie=bad)
    assert post.status == 401
    assert "ripeness serve" in post.json["problem"]


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1:{port}.evil.example",
        "[::1]:{port}",
        "0.0.0.0:{port}",
        "localhost.:{port}",
    ],
)
def test_only_its_own_name_is_answered(served: Served, host: str):
    answer = served.ask("GET", "/", Host=host.format(port=served.port))
    assert answer.status == 403
    assert served.run_id not in answer.text
    link = served.link.removeprefix(served.address)
    assert served.ask("GET", link, Host=host.format(port=served.port)).status == 403


def test_it_has_two_names(served: Served):
    for host in (f"127.0.0.1:{served.port}", f"localhost:{served.port}"):
        assert served.ask("GET", "/jobs", Host=host).status == 200
        posted = served.ask("POST", "/jobs/none/cancel", {}, Host=host, Origin=f"http://{host}")
        assert posted.status == 404


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "http://evil.example",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "https://127.0.0.1:{port}",
        "http://localhost:{port}",
        "http://127.0.0.1:{port}.evil.example",
    ],
)
def test_only_its_own_pages_may_post(served: Served, origin: str):
    answer = served.ask("POST", "/jobs", RUN, Origin=origin.format(port=served.port))
    assert answer.status == 403
    assert "page of Ripeness" in answer.json["problem"]
    assert served.ask("GET", "/jobs").json == {"jobs": []}


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_other_sites_may_neither_post_nor_load_parts(served: Served, site: str):
    assert served.ask("POST", "/jobs", RUN, Sec_Fetch_Site=site).status == 403
    part = {"Sec_Fetch_Site": site, "Sec_Fetch_Mode": "no-cors"}
    assert served.ask("GET", "/static/style.css", **part).status == 403
    visit = {"Sec_Fetch_Site": site, "Sec_Fetch_Mode": "navigate"}
    assert served.ask("GET", "/", **visit).status == 200, "a link to it may stand elsewhere"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_pages_take_few_methods(served: Served, method: str):
    answer = served.ask(method, "/jobs", Origin="http://evil.example")
    assert answer.status == 405
    assert not any(name.startswith("access-control") for name in answer.headers)
    assert served.ask("POST", "/", {}).status == 405
    assert served.ask("GET", "/jobs/1/cancel").status == 405


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "text/plain; application/json",
    ],
)
def test_only_json_is_taken(served: Served, kind: str):
    answer = served.ask("POST", "/jobs", RUN, Content_Type=kind)
    assert answer.status == 415
    assert "application/json" in answer.json["problem"]


def test_json_may_say_its_letters(served: Served):
    kind = "Application/JSON; charset=utf-8"
    assert served.ask("POST", "/jobs/none/cancel", {}, Content_Type=kind).status == 404


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff{}", "not JSON"),
        (b'{"worlds": NaN}', "not JSON"),
        (b"[" * 60_000, "not JSON"),
        (b'{"case": ' + b"9" * 60_000 + b"}", "case: is not; give the id of a case"),
        (b"[]", "not a JSON object"),
        (b'"x"', "not a JSON object"),
        ({**RUN, "wrlds": 5}, "unknown field 'wrlds'; did you mean 'worlds'?"),
        ({**RUN, "out": "/tmp/x"}, "unknown field 'out'"),
        ({**RUN, "case": "kursk"}, "there is no case 'kursk'; did you mean 'kursk-2024'?"),
        ({**RUN, "case": "../kursk-2024"}, "there is no case '../kursk-2024'"),
        ({**RUN, "case": "/etc/passwd"}, "there is no case '/etc/passwd'"),
        ({**RUN, "case": 3}, "case: is not; give the id of a case"),
        ({**RUN, "plans": []}, "choose at least one plan"),
        ({**RUN, "plans": "none"}, "plans: is not; give a list"),
        ({**RUN, "plans": ["nine"]}, "has no plan 'nine'; it has none, raid, hold"),
        ({**RUN, "plans": [{}]}, "has no plan {}"),
        ({**RUN, "worlds": 0}, "worlds must be from 1 to 1,000,000"),
        ({**RUN, "worlds": 1_000_001}, "worlds must be from 1 to 1,000,000"),
        ({**RUN, "worlds": 2.5}, "worlds: is not; give a whole number"),
        ({**RUN, "worlds": 10**400}, "worlds: is not; give a whole number"),
        ({**RUN, "worlds": True}, "worlds: is not; give a whole number"),
        ({**RUN, "seed": -1}, "seed must be from 0"),
        ({**RUN, "seed": None}, "seed: is missing"),
        ({**RUN, "as_of": "2024-08-06"}, "name a day after 2024-08-06 and up to 2025-12-31"),
        ({**RUN, "as_of": "2026-01-01"}, "name a day after 2024-08-06 and up to 2025-12-31"),
        ({**RUN, "as_of": "soon"}, "name a day after"),
        ({**RUN, "as_of": 20250101}, "name a day after"),
        ({**RUN, "case": "two-sided-war", "plans": ["fight-on"]}, "has no plan 'fight-on'"),
    ],
)
def test_what_is_wrong_with_a_request_is_told_in_words(served: Served, body: object, what: str):
    answer = served.ask("POST", "/jobs", body)
    assert answer.status == 400
    assert list(answer.json) == ["problem"]
    assert what in answer.json["problem"]
    assert len(answer.json["problem"]) < 400
    assert served.ask("GET", "/jobs").json == {"jobs": []}


def test_a_case_without_a_record_knows_no_day(served: Served):
    plan = "none"
    asked = {**RUN, "case": "two-sided-war", "as_of": "2001-01-01"}
    found = served.ask("GET", "/?case=two-sided-war").text
    plan = found.partition('name="plans" value="')[2].partition('"')[0]
    answer = served.ask("POST", "/jobs", {**asked, "plans": [plan]})
    assert answer.status == 400
    assert "has no record that worlds can be held to" in answer.json["problem"]
    assert 'type="date"' not in found


def test_a_large_body_is_not_read(served: Served):
    said = head(
        served,
        "POST /jobs HTTP/1.1",
        f"Origin: {served.address}",
        "Content-Type: application/json",
        f"Content-Length: {guard.MOST_BYTES + 1}",
    )
    answer = raw(served, said + "\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"65,536 bytes" in answer


@pytest.mark.parametrize("length", ["-1", "1e3", "9" * 5000])
def test_a_length_that_is_none_is_refused(served: Served, length: str):
    said = head(
        served,
        "POST /jobs HTTP/1.1",
        f"Origin: {served.address}",
        "Content-Type: application/json",
        f"Content-Length: {length}",
    )
    assert raw(served, said + "\r\n").split(b" ", 2)[1] in (b"400", b"413")


def test_a_body_in_pieces_is_counted(served: Served):
    said = head(
        served,
        "POST /jobs HTTP/1.1",
        f"Origin: {served.address}",
        "Content-Type: application/json",
        "Transfer-Encoding: chunked",
    )
    pieces = "1000\r\n" + " " * 4096 + "\r\n"
    answer = raw(served, said + "\r\n" + pieces * 17)
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_body_must_come_soon(served: Served, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(guard, "SECONDS", 0.3)
    said = head(
        served,
        "POST /jobs HTTP/1.1",
        f"Origin: {served.address}",
        "Content-Type: application/json",
        "Content-Length: 10",
    )
    began = time.monotonic()
    answer = raw(served, said + "\r\n{")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert 0.2 < time.monotonic() - began < 5


@pytest.mark.parametrize(
    "path",
    [
        "/runs/../question",
        "/runs/..%2F..%2Fetc/question",
        "/runs/%2e%2e/question",
        "/runs/{run}/../../etc/passwd",
        "/runs/{run}%2F..%2F{run}/question",
        "/runs/{run}%00/question",
        "/runs/kursk-2024-{run}/question",
        "/runs/linked/question",
        "/runs/./question",
        "/runs/~/question",
        "/runs//question",
        "/runs/{run}/nothing",
        "/runs/{run}/question%00",
        "/static/..%2Fpage.py",
        "/static/../page.py",
        "/static/%2e%2e/page.py",
        "/static/style.css%00",
        "/static//etc/passwd",
        "/static/C:%5Cwindows",
        "/static/globals.d.ts",
        "//evil.example/",
        "/?case=..%2Fkursk-2024",
        "/?case=%00",
        "/docs",
        "/openapi.json",
    ],
)
def test_no_name_from_outside_reaches_the_disk(served: Served, path: str):
    answer = served.ask("GET", path.format(run=served.run_id))
    assert answer.status == 404
    assert "root:" not in answer.text
    assert "Traceback" not in answer.text


def test_links_in_the_folder_of_runs_are_not_followed(tmp_path: Path, kursk_run: Path):
    runs, run_id = folder_of_runs(tmp_path, kursk_run)
    outside = tmp_path / "outside"
    (runs / f"kursk-2024-{run_id}").rename(outside)
    (runs / "linked").symlink_to(outside)
    (runs / ".kursk-2024.1.partial").mkdir()
    (runs / "odd").mkdir()
    about = json.loads((outside / "run.json").read_text())
    for name, text in {
        "odd": json.dumps({**about, "run_id": "../../etc"}),
        "torn": "{",
        "old": json.dumps({**about, "format": 0}),
        "damaged": json.dumps({**about, "sides": 3, "run_id": "abcdef0123"}),
        "dateless": json.dumps({**about, "as_of": "soon", "run_id": "abcdef0124"}),
        "numberless": json.dumps({**about, "worlds": "many", "run_id": "abcdef0125"}),
        "deep": "[" * 100_000,
    }.items():
        (runs / name).mkdir(exist_ok=True)
        (runs / name / "run.json").write_text(text)
    served = Served(runs, run_id)
    try:
        page = served.ask("GET", "/")
        assert (page.status, "There is no run yet" in page.text) == (200, True)
        for name in (run_id, "linked", "odd", "torn"):
            assert served.ask("GET", f"/runs/{name}/question").status == 404
    finally:
        served.close()


def test_every_answer_bears_the_headers(served: Served):
    large = f"Content-Length: {guard.MOST_BYTES + 1}"
    posted = ("POST /jobs HTTP/1.1", f"Origin: {served.address}", "Content-Type: application/json")
    answers = {
        "page": served.ask("GET", "/"),
        "data": served.ask("GET", "/jobs"),
        "static": served.ask("GET", "/static/home.js"),
        "entered": served.entered,
        "no cookie": served.ask("GET", "/", cookie=""),
        "no page": served.ask("GET", "/none"),
        "wrong host": served.ask("GET", "/", Host="evil.example"),
        "wrong method": served.ask("PUT", "/"),
        "wrong kind": served.ask("POST", "/jobs", {}, Content_Type="text/plain"),
        "wrong words": served.ask("POST", "/jobs", {}),
    }
    for name, answer in answers.items():
        assert {key: answer.headers.get(key) for key in ALWAYS} == ALWAYS, name
        kept = "private, no-cache" if name == "static" else "no-store"
        assert answer.headers["cache-control"] == kept, name
        assert "server" not in answer.headers
    for text in (
        raw(served, head(served, *posted, large) + "\r\n"),
        raw(served, "no http\r\n\r\n"),
    ):
        for name, value in ALWAYS.items():
            assert f"{name}: {value}\r\n".encode() in text.lower().replace(
                value.lower().encode(), value.encode()
            )


def test_static_files_are_asked_for_again_only_if_they_changed(served: Served):
    first = served.ask("GET", "/static/home.js")
    assert first.headers["content-type"].startswith("text/javascript")
    again = served.ask("GET", "/static/home.js", If_None_Match=first.headers["etag"])
    assert (again.status, again.text) == (304, "")
    assert {name: again.headers.get(name) for name in ALWAYS} == ALWAYS
    charts = served.ask("GET", "/static/vega.js")
    assert charts.status == 200
    assert "vegaEmbed" in charts.text


def test_a_fault_shows_no_traceback(
    served: Served, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("ripeness.app.runs.Runs.listed", broken)
    answer = served.ask("GET", "/")
    assert answer.status == 500
    assert "Something went wrong in Ripeness itself" in answer.text
    assert "secret" not in answer.text
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    told = capfd.readouterr().err
    assert told.count("\n") == 1
    assert "ZeroDivisionError('secret')" in told
    assert "'/'" in told
    monkeypatch.undo()
    assert served.ask("GET", "/").status == 200


def test_one_that_says_nothing_is_sent_away(served: Served, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ripeness.app.server.SECONDS", 0.3)
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as idle:
        idle.sendall(b"GET / HTTP/1.1\r\nHost:")
        assert idle.recv(100) == b""


def test_what_is_no_request_is_refused(served: Served):
    two_hosts = head(served, "GET / HTTP/1.1", "Host: evil.example") + "\r\n"
    assert raw(served, two_hosts).startswith(b"HTTP/1.1 400 ")
    assert raw(served, f"GET / HTTP/1.0\r\nCookie: {served.cookie}\r\n\r\n").split()[1] == b"403"
    long = head(served, f"GET /{'x' * 70_000} HTTP/1.1", "Connection: close") + "\r\n"
    assert raw(served, long).split()[1] in (b"400", b"404")


def test_too_many_at_once_are_sent_away(served: Served):
    idle = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(MOST_CONNECTIONS)]
    try:
        answer = served.ask("GET", "/jobs")
        assert answer.status == 503
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    finally:
        for connection in idle:
            connection.close()
    for _ in range(100):
        if served.ask("GET", "/jobs").status == 200:
            return
        time.sleep(0.05)
    raise AssertionError("it does not recover")


def test_a_connection_may_ask_several_times(served: Served):
    connection = HTTPConnection("127.0.0.1", served.port, timeout=10)
    for _ in range(3):
        connection.request("GET", "/jobs", headers={"Cookie": served.cookie})
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b'{"jobs":[]}')
    connection.close()


def test_a_port_that_is_taken_is_told(served: Served, tmp_path: Path):
    with pytest.raises(UsageError, match=rf"port {served.port} cannot be had: .*--port"):
        Server(tmp_path, port=served.port)
    with pytest.raises(UsageError, match="name one from 0 to 65535"):
        Server(tmp_path, port=70_000)
    with pytest.raises(UsageError, match="is not a folder of runs"):
        Server(Path(__file__))
