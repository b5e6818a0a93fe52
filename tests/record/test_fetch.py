"""A fetch brings a table up to date, or it changes nothing: against a server that misbehaves."""

import gzip
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from shutil import copytree
from threading import Thread
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ripeness.errors import RipenessError, UsageError
from ripeness.record.fetch.download import Client
from ripeness.record.fetch.fetching import fetch, fetch_all
from ripeness.record.fetch.series import ECONOMIST
from ripeness.record.fetch.source import Source
from ripeness.record.fetch.sources import fetch_record, public_sources
from ripeness.record.tables import read_table

SHIPPED = Path(str(files("ripeness"))) / "cases" / "kursk-2024" / "record"
CLIENT = Client(timeout=0.3, total=0.8, size=400_000, tries=3, pause=0.01, chance=lambda: 0.5)
Answer = Callable[[BaseHTTPRequestHandler], None]


def sends(body: bytes, status: int = 200, **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def trickles(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    for _ in range(100):
        request.wfile.write(b"1")
        request.wfile.flush()
        time.sleep(0.05)


class Server:
    """Gives the answers that a test puts at its paths; the last of several again and again."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[str] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                answers = server.answers[self.path]
                answer = answers.pop(0) if len(answers) > 1 else answers[0]
                with suppress(OSError):  # the client has hung up
                    answer(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.thread = Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01})

    def at(self, path: str, *answers: Answer) -> str:
        self.answers[path] = list(answers)
        return f"http://127.0.0.1:{self.http.server_address[1]}{path}"


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    server.thread.start()
    yield server
    server.http.shutdown()
    server.http.server_close()
    server.thread.join()


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return Path(copytree(SHIPPED, tmp_path / "record"))


def known(name: str, record: Path, *urls: str) -> Source:
    sources = public_sources(record, date(2026, 1, 20))
    source = next(each for each in sources if each.name == name)
    return replace(source, urls=urls)


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def isw_csv(days: int = 1_470, column: str = "area_assessed_as_russia_controlled") -> bytes:
    dates = pd.date_range("2022-02-22", periods=days).strftime("%Y-%m-%d")
    rows = [f"{day},120471500000.0,0.0,0.0,0.0,19.96" for day in dates]
    change = "change_in_area_assessed_as_russia_controlled"
    head = (
        f"date,{column},{change},{change}_in_past_7_days,{change}_in_past_30_days,"
        "area_assessed_as_russia_controlled_percent"
    )
    return "\n".join([head, *rows, ""]).encode()


def square(*points: tuple[float, float]) -> bytes:
    geometry = {"type": "Polygon", "coordinates": [[*points, points[0]]]}
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


FAULTS: dict[str, tuple[list[Answer], str, int]] = {
    "no such file": ([sends(b"no", 404)], "has no such file", 1),
    "always failing": ([sends(b"no", 500)], "answered 500", 3),
    "forbidden": ([sends(b"no", 403)], "answered 403", 1),
    "a slow trickle": ([trickles], "not whole after 0.8 s", 1),
    "silence": ([lambda _: time.sleep(0.6)], "said nothing", 3),
    "cut mid-body": ([sends(isw_csv(), Content_Length="999999")], "cut before", 3),
    "a web page": ([sends(b"<!doctype html><p>Log in")], "web page instead of data", 1),
    "a page by its type": ([sends(b"a,b", Content_Type="text/html")], "web page instead", 1),
    "an empty file": ([sends(b"")], "empty file", 1),
    "too large": ([sends(b"1" * 500_000)], "larger than 0.4 MB", 1),
    "a gzip bomb": ([sends(gzip.compress(bytes(10_000_000)))], "compressed", 1),
    "a zip": ([sends(b"PK\x03\x04" + bytes(100))], "compressed", 1),
    "compressed": ([sends(isw_csv(), Content_Encoding="gzip")], "compressed", 1),
    "sent in circles": ([sends(b"", 302, Location="/isw.csv")], "sent us on too often", 5),
    "sent to a file": ([sends(b"", 302, Location="file:///etc/hosts")], "no web address", 1),
    "a renamed column": ([sends(isw_csv(column="area"))], "lacks the columns area_assessed", 1),
    "too few rows": ([sends(isw_csv(days=300))], "43 rows where the table has 202", 1),
    "in another unit": (
        [sends(isw_csv().replace(b"120471500000.0", b"120471500000000.0"))],
        "'km2' is 1.20472e+08, and can be",
        1,
    ),
    "a date that is none": ([sends(isw_csv() + b"soon,1,0,0,0,1\n")], "else than dates", 1),
    "a day twice": ([sends(isw_csv() + b"2022-02-22,1,0,0,0,1\n")], "two rows are about", 1),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_changes_nothing_and_is_explained(fault: str, server: Server, record: Path) -> None:
    answers, said, asked = FAULTS[fault]
    source = known("isw-area", record, server.at("/isw.csv", *answers))
    before = contents(record)
    began = time.monotonic()
    with pytest.raises(RipenessError) as caught:
        fetch(source, record, CLIENT)
    assert said in str(caught.value)
    assert str(caught.value).startswith("isw-area: ")
    assert str(caught.value).endswith("; nothing was changed")
    assert contents(record) == before
    assert len(server.asked) == asked
    assert time.monotonic() - began < 2.0


def test_truncated_json_changes_nothing(server: Server, record: Path) -> None:
    url = server.at("/losses.json", sends(b'[{"date": "2022-02-25", "personnel": 28'))
    before = contents(record)
    with pytest.raises(RipenessError, match="losses: the file is no list of days"):
        fetch(known("losses", record, url, url), record, CLIENT)
    assert contents(record) == before


def test_losses_without_their_totals_change_nothing(server: Server, record: Path) -> None:
    url = server.at("/losses.json", sends(b'[{"date": "2022-02-25", "day": 2, "men": 2800}]'))
    before = contents(record)
    with pytest.raises(RipenessError, match="no totals of personnel, tank"):
        fetch(known("losses", record, url, url), record, CLIENT)
    assert contents(record) == before


def test_a_full_disk_changes_nothing(
    server: Server, record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    before = contents(record)
    source = known("isw-area", record, server.at("/isw.csv", sends(isw_csv())))
    with pytest.raises(RipenessError, match=r"No space left on device.*nothing was changed"):
        fetch(source, record, CLIENT)
    assert contents(record) == before


def test_polygons_say_what_they_need(
    server: Server, record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "shapely", None)
    url = server.at("/20251229.geojson", sends(square((0, 0), (1, 0), (1, 1))))
    with pytest.raises(UsageError, match=r"pip install 'ripeness\[record\]'"):
        fetch(known("deepstate-area", record, url), record, CLIENT)


@pytest.mark.parametrize("body", [b'{"features": [{"geometry": {"ty', b"[]", b'{"features": []}'])
def test_broken_polygons_change_nothing(body: bytes, server: Server, record: Path) -> None:
    url = server.at("/20251229.geojson", sends(body))
    before = contents(record)
    with pytest.raises(RipenessError, match=r"no GeoJSON|no polygons"):
        fetch(known("deepstate-area", record, url), record, CLIENT)
    assert contents(record) == before


def test_ground_is_asked_for_weekly_since_the_last_date() -> None:
    sources = {each.name: each for each in public_sources(SHIPPED, date(2026, 1, 13))}
    days = [url[-len("20260112.geojson") :] for url in sources["deepstate-area"].urls]
    assert days == ["20251229.geojson", "20260105.geojson", "20260112.geojson"]


def test_a_server_that_fails_once_is_asked_again(server: Server, record: Path) -> None:
    url = server.at("/isw.csv", sends(b"no", 503), sends(isw_csv()))
    pauses: list[float] = []
    client = replace(CLIENT, sleep=pauses.append)
    old = read_table(record, "control_isw")
    done = fetch(known("isw-area", record, url), record, client)
    new = read_table(record, "control_isw")
    assert pauses == [0.01]
    assert len(server.asked) == 2
    assert (done.rows_before, done.rows_after) == (len(old), len(new))
    assert set(old["date"]) <= set(new["date"])
    assert new["date"].is_monotonic_increasing
    log = json.loads((record / "fetched.json").read_text())["isw-area"]
    assert log["sha256"] == list(done.sha256)
    assert log["rows_after"] == len(new)
    assert not [name for name in contents(record) if name.startswith(".")]


def test_pauses_double(server: Server, record: Path) -> None:
    pauses: list[float] = []
    client = replace(CLIENT, tries=4, sleep=pauses.append)
    with pytest.raises(RipenessError):
        fetch(known("isw-area", record, server.at("/x", sends(b"", 500))), record, client)
    assert pauses == [0.01, 0.02, 0.04]


def test_a_second_fetch_changes_no_row(server: Server, record: Path) -> None:
    source = known("isw-area", record, server.at("/isw.csv", sends(isw_csv())))
    fetch(source, record, CLIENT)
    once = (record / "control_isw.csv").read_bytes()
    assert fetch(source, record, CLIENT).rows_changed == 0
    assert (record / "control_isw.csv").read_bytes() == once


def test_only_rows_of_the_estimator_are_updated(server: Server, record: Path) -> None:
    dates = pd.date_range("2022-02-24", "2026-01-31").strftime("%Y-%m-%d")[::-1]
    head = "date,days_since_invasion,estimate,ci_lower,ci_upper,pi_low,pi_high,type,country"

    def csv(measure: str) -> bytes:
        rows = [f"{day},1,1000.4,900.2,1100.9,1,2,{measure},russia" for day in dates]
        return "\n".join([head, *rows, ""]).encode()

    urls = [server.at(f"/{name}", sends(csv(name))) for name in ("casualties", "deaths")]
    old = read_table(record, "casualties")
    done = fetch(known("casualties", record, *urls), record, CLIENT)
    new: Any = read_table(record, "casualties")
    theirs = new["estimator"] == ECONOMIST
    assert (new.loc[theirs, "estimate"] == 1000).all()
    assert len(new) == len(old) + 2
    assert done.rows_changed == 94
    assert (new.loc[theirs, "known"] == pd.Timestamp("2026-01-31")).all()
    others = old.loc[(old["estimator"] != ECONOMIST).to_numpy()].reset_index(drop=True)
    kept = new.loc[(~theirs).to_numpy()].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, others, check_dtype=False)


def test_losses_of_a_week_are_differences_of_totals(server: Server, record: Path) -> None:
    # Totals of the General Staff on the first eleven days, as published; what the table has of
    # the same weeks was computed from them by someone else.
    days = ["2022-02-25", "2022-02-26", "2022-02-27", "2022-03-06", "2022-03-07"]
    names = ("tank", "APC", "military auto", "fuel tank", "drone", "field artillery")
    totals = [(80, 516, 100, 60, 0, 49), (146, 706, 130, 60, 2, 49), (150, 706, 130, 60, 2, 50)]
    totals += [(285, 985, 447, 60, 4, 109), (290, 999, 454, 60, 7, 117)]
    equipment = [
        {"date": day, "day": 2, **dict(zip(names, row, strict=True))}
        for day, row in zip(days, totals, strict=True)
    ]
    people = [
        {"date": day, "day": 2, "personnel": number, "personnel*": "about"}
        for day, number in zip(days, (2800, 4300, 4500, 11000, 11000), strict=True)
    ]
    urls = [
        server.at(f"/{name}", sends(json.dumps(body).encode()))
        for name, body in (("people", people), ("equipment", equipment))
    ]
    short = record / "losses.csv"
    short.write_text("".join(short.read_text().splitlines(keepends=True)[:3]))
    columns = ["personnel_claimed_week", "tanks_week", "armoured_vehicles_week", "vehicles_week"]
    columns += ["artillery_week", "uav_operational_week"]
    expected = read_table(record, "losses").filter(columns)
    done = fetch(known("losses", record, *urls), record, CLIENT)
    assert done.rows_after == 2  # the week of 7 March is not over
    pd.testing.assert_frame_equal(read_table(record, "losses").filter(columns), expected)


def test_strikes_are_summed_by_the_day_they_ended(server: Server, record: Path) -> None:
    head = "time_start,time_end,model,launch_place,target,carrier,launched,destroyed"
    rows = [
        "2026-01-01 18:00,2026-01-02 08:00,Shahed-136/131,Primorsk,Ukraine,,205,176",
        "2026-01-01 18:00,2026-01-02 08:00,X-101/X-555 and Kalibr,,Ukraine,Tu-95,7,5",
        "2026-01-02,2026-01-02,Orlan-10,,south,,3,3",
        "2026-01-04,2026-01-04,Iskander-M,Kursk oblast,Kharkiv,,2,0",
    ]
    (record / "strikes.csv").write_text(
        "date,missiles_launched,drones_launched,n_records,source,confidence,known,licence\n"
        "2025-12-31,0,127,1,Air Force,claimed,2026-01-01,not stated\n"
    )
    url = server.at("/strikes.csv", sends("\n".join([head, *rows]).encode()))
    done = fetch(known("strikes", record, url), record, CLIENT)
    table: Any = read_table(record, "strikes")
    found = table[["missiles_launched", "drones_launched", "n_records"]].to_numpy().tolist()
    assert found == [[0, 127, 1], [7, 205, 2], [0, 0, 0], [2, 0, 1]]
    assert "Orlan-10" in done.notes[0]
    assert (table["known"] - table["date"] == pd.Timedelta(days=1)).all()
    assert table["confidence"].eq("claimed").all()


def test_aid_is_read_from_an_export(record: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="pass a CSV export"):
        fetch(known("aid", record), record, CLIENT)
    export = tmp_path / "kiel.csv"
    text = (record / "aid.csv").read_text()
    export.write_text(text + '2026-01,US,0.5,0.5,0.0,0.0,0.1,"release 30"\n')
    done = fetch(known("aid", record), record, CLIENT, export)
    assert (done.rows_after - done.rows_before, done.rows_changed) == (1, 0)
    assert (record / "aid.csv").read_text().startswith(text.rstrip("\n"))
    newest = (record / "aid.csv").read_text().splitlines()[-1]
    assert newest.endswith("release 30,found,2026-03-31,not stated; to be cited")


def test_rows_that_change_in_nothing_stay_known_from_the_day_they_were(
    server: Server, record: Path
) -> None:
    table: Any = read_table(record, "casualties")
    theirs = table[table["estimator"] == ECONOMIST]
    columns = {"estimate": "estimate", "estimate_low": "ci_lower", "estimate_high": "ci_upper"}
    given = theirs.rename(columns=columns | {"measure": "type"})
    given["date"] = given["date"].dt.strftime("%Y-%m-%d")
    newest = given.tail(2).assign(date="2026-04-30", estimate=2_000_000.0)
    body = pd.concat([given, newest]).to_csv(index=False).encode()
    half = server.at("/half", sends(body.splitlines(keepends=True)[0]))
    done = fetch(known("casualties", record, server.at("/all", sends(body)), half), record, CLIENT)
    assert (done.rows_after - done.rows_before, done.rows_changed) == (2, 0)
    after: Any = read_table(record, "casualties")
    days = after.loc[(after["estimator"] == ECONOMIST).to_numpy(), "known"]
    assert days.value_counts().to_dict() == {
        pd.Timestamp("2026-04-21"): len(theirs),
        pd.Timestamp("2026-04-30"): 2,
    }


def test_a_table_of_an_older_version_is_left_alone(server: Server, record: Path) -> None:
    old = "date,km2,pct_of_ukraine,source\n2025-12-30,1,1,ISW\n"
    (record / "control_isw.csv").write_text(old)
    with pytest.raises(UsageError, match="another version of ripeness; name a new folder"):
        fetch(known("isw-area", record, server.at("/isw.csv", sends(isw_csv()))), record, CLIENT)
    assert (record / "control_isw.csv").read_text() == old


def test_ground_that_was_taken_since_is_added(server: Server, record: Path) -> None:
    first = square((37.5, 48.3), (38.0, 48.3), (38.0, 48.5), (37.5, 48.5))
    later = square((37.5, 48.3), (38.0, 48.3), (38.0, 48.6), (37.5, 48.6))
    urls = [
        server.at("/deepstatemap_data_20251229.geojson", sends(first)),
        server.at("/deepstatemap_data_20260105.geojson", sends(b"", 404)),
        server.at("/deepstatemap_data_20260112.geojson", sends(later)),
    ]
    done = fetch(known("deepstate-area", record, *urls), record, CLIENT)
    table = read_table(record, "control")
    areas = table.pivot(index="date", columns="oblast", values="km2")
    assert done.notes == ("not on the server: deepstatemap_data_20260105.geojson",)
    assert done.rows_after - done.rows_before == 10
    assert done.rows_changed == 0
    gains = areas.loc["2026-01-12"] - areas.loc["2025-12-29"]
    # A strip of 0.1° by 0.5° at 48.55° N: 11.12 km by 36.9 km.
    assert gains.sum() == pytest.approx(11.12 * 36.9, rel=0.01)
    assert gains["Donetsk"] == pytest.approx(gains.sum())


def test_polygons_that_cross_themselves_are_repaired(server: Server, record: Path) -> None:
    bow = square((38.0, 48.5), (38.5, 48.7), (38.5, 48.5), (38.0, 48.7))
    url = server.at("/20251229.geojson", sends(bow))
    done = fetch(known("deepstate-area", record, url), record, CLIENT)
    assert done.notes == ("2025-12-29: 1 polygons crossed themselves and were repaired",)


def last_shares(record: Path) -> np.ndarray:
    table = read_table(record, "control_cells").drop_duplicates("h3_cell", keep="last")
    return table["share_occupied"].to_numpy(float)


def test_cells_get_a_row_when_their_share_changes(server: Server, record: Path) -> None:
    before = last_shares(record)
    nothing = square((0.0, 0.0), (0.1, 0.0), (0.1, 0.1))
    url = server.at("/20260112.geojson", sends(nothing))
    done = fetch(known("deepstate-cells", record, url), record, CLIENT)
    assert done.rows_after - done.rows_before == np.count_nonzero(before >= 0.02)
    assert last_shares(record).max() < 0.02
    later = server.at("/20260119.geojson", sends(nothing))
    quiet = fetch(known("deepstate-cells", record, later), record, CLIENT)
    assert (quiet.rows_after - quiet.rows_before, quiet.rows_changed) == (0, 0)


def test_one_failing_series_leaves_the_others_alone(server: Server, record: Path) -> None:
    good = known("isw-area", record, server.at("/isw.csv", sends(isw_csv())))
    bad = known("strikes", record, server.at("/none", sends(b"", 404)))
    done, failed = fetch_all(record, (bad, good), CLIENT)
    assert [each.source for each in done] == ["isw-area"]
    assert failed == ("strikes: the server has no such file (404); nothing was changed",)


def test_the_command_copies_what_the_folder_lacks(record: Path, tmp_path: Path) -> None:
    into = tmp_path / "mine"
    (done,), failed = fetch_record(record, into, only="aid", export=record / "aid.csv")
    assert (done.rows_changed, failed) == (0, ())
    assert {name: into / name for name in contents(into)}.keys() == {
        *contents(record),
        "fetched.json",
    }
    with pytest.raises(UsageError, match="did you mean 'losses'"):
        fetch_record(record, into, only="loses")
