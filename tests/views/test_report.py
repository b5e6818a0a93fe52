"""The report as a text: whole, self-contained, safe, written at once or not at all."""

import base64
import gzip
import json
import re
import shutil
from dataclasses import replace

import pytest
from made_up import negotiation, write

from ripeness.errors import RipenessError, UsageError
from ripeness.views.deals import negotiation_figures
from ripeness.views.report import render, write_report
from ripeness.views.rundata import RunCard


@pytest.fixture(scope="module")
def page(shown):
    return render(shown)


def specs(page):
    text = re.search(r'<script type="text/plain" id="packed-specs">(.*?)</script>', page)
    assert text
    return json.loads(gzip.decompress(base64.b64decode(text[1])))


def test_the_page_is_self_contained_and_small(page):
    markup = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    outside = re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"([^\"]+)", markup)
    assert outside == ["data:,"]
    assert "default-src 'none'" in page
    assert len(page.encode()) < 3_000_000


def test_every_claim_and_its_opponent_is_on_it(page, verdicts):
    assert all(f'id="{verdict["id"]}"' in page for verdict in verdicts)
    assert 'Against it, <a class="id" href="#R6">R6</a>' in page


def test_texts_of_a_claims_file_are_escaped(page):
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_every_chart_has_its_question_sentence_and_table(page):
    drawn = specs(page)
    expected = {"ended", "talks_open", "ground_kursk", "leverage_ukraine", "support_russia"}
    assert expected | {"deals-hold", "deals-talks-first"} <= set(drawn)
    assert page.count("data-chart=") == len(drawn)
    assert page.count("Show as table") == len(drawn) + 1  # the map has one too
    assert "Half a year on there is one in 6 in 20 worlds; most often it is partial swap" in page
    assert "Russia held about 104,800 km² of Ukraine" in page


def test_ground_that_no_plan_moves_gets_no_chart(page):
    assert "ground_crimea" not in specs(page)


def test_a_week_by_which_every_war_has_ended_gets_no_negotiation_chart(run_folder, tmp_path):
    folder = shutil.copytree(run_folder, tmp_path / "run")
    write(folder / "negotiation.parquet", negotiation().assign(range_share=float("nan")))
    card = RunCard.of(json.loads((folder / "run.json").read_text()))
    assert negotiation_figures(folder, card) == []


def test_the_page_says_what_was_run_and_what_a_share_is_not(page):
    for text in ("0123456789", "sha256:abcdef", "seed 1", "1,000 worlds", "Ripeness 0.1.0"):
        assert text in page
    assert "of its variance for Ukraine" in page
    assert "A share of worlds is not a probability" in page


def test_the_same_run_gives_the_same_page(page, shown):
    assert render(shown) == page


def test_a_record_without_cells_gives_a_report_without_a_map(shown, tmp_path):
    page = render(replace(shown, record=tmp_path))
    assert 'id="map"' not in page


def test_the_report_is_written_whole(tmp_path, shown):
    file = write_report(tmp_path / "page.html", shown)
    assert file.read_text(encoding="utf-8").endswith("</html>")
    assert list(tmp_path.iterdir()) == [file]


def test_a_place_that_cannot_be_written_is_named(tmp_path, shown):
    (tmp_path / "page.html").mkdir()
    with pytest.raises(RipenessError, match=r"cannot be written to '.*page\.html'"):
        write_report(tmp_path / "page.html", shown)
    assert list(tmp_path.iterdir()) == [tmp_path / "page.html"]


def test_a_run_that_lacks_a_table_is_refused(tmp_path, shown):
    with pytest.raises(UsageError, match=r"weekly\.parquet"):
        render(replace(shown, folder=tmp_path))
