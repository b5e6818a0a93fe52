"""The pages of the four questions: of a table with a known rule, and of what there is none of."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import vl_convert

from ripeness.claims.inquiry import ask
from ripeness.errors import RipenessError
from ripeness.views import questions_page
from ripeness.views.answered import TITLES
from ripeness.views.charts import questions as charts
from ripeness.views.charts.theme import page_spec
from ripeness.views.page import chart_bundle
from ripeness.views.questions_page import render, write_questions_page

Records = dict[str, list[dict[str, Any]]]

HOSTILE = "<img src=x onerror='document.title=1'></script><script>alert(1)</script>"
LONG = "worth of own soil, which has a name so long that it takes two lines"
ABOUT = "worlds.parquet: 1,500 worlds & more"
WORLDS = 1_500
CLAIMS = f"""\
columns:
  decided: 52
  assumptions:
    soil: {{unit: times, means: "{LONG}"}}
    press: {{unit: points, means: "{HOSTILE}"}}
    kind: {{means: kind of line}}
  outcomes:
    y: {{}}
    coin: {{}}
    early_w4: {{unit: km², means: ground taken by week 4}}
    late_w8: {{unit: km², means: ground taken by week 8}}
claims:
- {{id: pays, says: "It pays {HOSTILE}", holds: y = 1, against: kindly}}
- {{id: kindly, says: The kind decides, holds: "kind = 'eroding'"}}
- {{id: always, says: It always happens, holds: soil > 0}}
- {{id: luck, says: It is luck, holds: coin = 1}}
- {{id: recorded, says: The record decides, kind: record, untested: No figures here, against: pays}}
"""

LIMIT = {"means": "", "unit": "", "quasi_p": 0.0, "found": 1.0, "phrase": "as said"}


@pytest.fixture(scope="module", autouse=True)
def bundle() -> Iterator[None]:
    """Make what draws charts once: it takes seconds."""
    made = chart_bundle()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(questions_page, "chart_bundle", lambda: made)
        yield


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Records:
    """What is found where a claim hangs on two assumptions and shows early, and another on luck."""
    draw = np.random.default_rng(1)
    soil, press = 1 + draw.random(WORLDS), draw.random(WORLDS)
    y = draw.random(WORLDS) < np.where((soil > 1.5) & (press < 0.6), 0.9, 0.1)
    frame = pd.DataFrame(
        {
            "soil": soil,
            "press": press,
            "kind": draw.choice(["eroding", "fixed", "none"], WORLDS),
            "y": y.astype(int),
            "coin": draw.integers(0, 2, WORLDS),
            "early_w4": 300 * y + 200 * draw.standard_normal(WORLDS),
            "late_w8": 300 * y + 100 * draw.standard_normal(WORLDS),
        }
    )
    file = tmp_path_factory.mktemp("asked") / "claims.yaml"
    file.write_text(CLAIMS, encoding="utf-8")
    found = ask(frame, file)
    pairs = (("pays", "kindly"), ("recorded", "pays"), ("luck", "always"))
    return {
        "believe": [found.believe(name).as_record() for name in ("pays", "always", "kindly")],
        "crux": [found.crux(*pair).as_record() for pair in pairs],
        "matter": [found.matter(name).as_record() for name in ("pays", "luck")],
        "watch": [found.watch(name).as_record() for name in ("pays", "luck")],
    }


@pytest.fixture(scope="module")
def pages(asked: Records, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    return {
        question: write_questions_page(folder / f"{question}.html", question, records, ABOUT)
        for question, records in asked.items()
    }


def drawn(chart: Any) -> str:
    """The chart as the renderer draws it; fails on a specification that is wrong."""
    return vl_convert.vegalite_to_svg(page_spec(chart), vl_version="6.4")


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("question", "width", "scheme"),
    [*((question, 390, "light") for question in TITLES), ("believe", 1280, "dark")],
)
def test_every_page_opens_offline_and_fits(pages, browser, question, width, scheme):
    complaints = []
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url))
    page.goto(pages[question].as_uri())
    page.wait_for_selector(".screen:not(:has(svg))", state="detached")
    assert page.locator(".screen svg").count() >= 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    too_wide = "all => all.filter((chart) => chart.scrollWidth > chart.clientWidth + 1).length"
    assert page.eval_on_selector_all(".chart", too_wide) == 0
    # What stands beyond the edge of its picture is cut off.
    cut = """all => all.filter((text) => {
      const mine = text.getBoundingClientRect();
      const whole = text.closest("svg").getBoundingClientRect();
      return mine.left < whole.left - 1 || mine.right > whole.right + 1;
    }).map((text) => text.textContent)"""
    assert page.eval_on_selector_all(".screen svg text", cut) == []
    assert page.title() == TITLES[question]
    assert page.locator("main img").count() == 0
    assert [text for text in complaints if not text.startswith(("file:", "data:"))] == []
    page.close()


def test_tooltips_show_hostile_text_as_text(pages, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(pages["believe"].as_uri())
    page.wait_for_selector(".screen:not(:has(svg))", state="detached")
    page.locator("#at-1-holds .mark-rect.role-mark path").last.hover()
    page.wait_for_selector("#vg-tooltip-element.visible")
    assert "<img src=x" in page.locator("#vg-tooltip-element").text_content()
    assert page.locator("#vg-tooltip-element img").count() == 0
    assert page.title() == TITLES["believe"]
    page.close()


@pytest.mark.parametrize("question", TITLES)
def test_text_of_a_claims_file_is_not_taken_for_markup(pages, question):
    page = pages[question].read_text(encoding="utf-8")
    assert "<img" not in page.split("<script>", 1)[0]
    assert "</script><script>alert" not in page
    assert "1,500 worlds &amp; more; Ripeness" in page


def test_a_claim_without_a_box_says_so_and_has_no_chart(asked, pages):
    page = plain(pages["believe"].read_text(encoding="utf-8"))
    assert "too few differ to say what it takes" in page
    assert 'id="at-1-holds"' in page
    assert 'id="at-2-' not in page
    assert "help to tell where 2 of 3 claims hold or fail" in page
    none = render("believe", asked["believe"][1:2], ABOUT)
    assert "no few assumptions tell" in none


def test_a_box_of_words_names_them(asked):
    kindly = asked["believe"][2]
    assert kindly["holds"]["limits"][0]["words"] == ["eroding"]
    assert ">eroding<" in drawn(charts.box_chart(kindly["holds"]["limits"], "holds"))


def test_two_limits_of_one_assumption_share_a_bar():
    limits = [
        LIMIT | {"assumption": "x", "side": "above", "keeps": 0.8, "value": 2, "low": 1, "high": 3},
        LIMIT | {"assumption": "x", "side": "below", "keeps": 0.7, "value": 9, "low": 7, "high": 9},
        LIMIT | {"assumption": "z", "side": "above", "keeps": 0.4, "value": 5, "low": 5, "high": 5},
    ]
    spec = charts.box_chart(limits, "fails").to_dict(validate=False)
    bars = next(rows for rows in spec["datasets"].values() if "from" in rows[0])
    assert [(row["from"], row["to"]) for row in bars] == [(0.2, 0.7), (0.6, 1.0)]
    svg = drawn(charts.box_chart(limits, "fails"))
    assert all(
        f">{text}<" in svg for text in ("x", "z", "above 2 (1–3)", "under 9 (7–9)", "above 5")
    )


def test_the_curve_marks_the_box_and_what_is_without_it(asked):
    box = asked["believe"][0]["holds"]
    svg = plain(drawn(charts.curve_chart(box, "holds", 0.34)))
    assert all(
        f">{text}<" in svg for text in ("this box", "overall, in this half 34 %", "100%", "0%")
    )
    assert svg.count('aria-roledescription="circle"') == len(box["curve"])


def test_a_crux_without_deciders_has_none_and_without_shares_no_bar(asked, pages):
    page = plain(pages["crux"].read_text(encoding="utf-8"))
    assert "decide 2 of 3 pairs" in page
    assert 'id="at-1-parts"' in page
    assert 'id="at-1-deciders"' in page
    assert 'id="at-2-parts"' not in page
    assert "What does it hang on?" in page
    assert asked["crux"][2]["deciders"] == []
    assert 'id="at-3-parts"' in page
    assert 'id="at-3-deciders"' not in page
    silent = asked["crux"][2] | dict.fromkeys(("only_first", "only_second", "both", "neither"))
    page = render("crux", [silent], ABOUT)
    assert "no single assumption decides" in page
    assert "<figure" not in page


def test_deciders_are_dots_on_both_sides_of_a_reference_and_parts_make_up_all(asked):
    crux = asked["crux"][0]
    svg = plain(drawn(charts.deciders_chart(crux, ["worlds", "(%)"])))
    assert all(f">{text}<" in svg for text in ("if so", "otherwise", "worlds", "(%)"))
    dots = 2 * len(crux["deciders"])
    assert svg.count('aria-roledescription="point"') == dots
    spec = charts.parts_chart(crux).to_dict(validate=False)
    parts = next(iter(spec["datasets"].values()))
    assert parts[-1]["end"] == pytest.approx(1.0)
    assert [row["text"].split(":")[0] for row in parts] == [
        "only pays",
        "both",
        "neither",
        "only kindly",
    ]


def test_what_matters_ends_with_random_numbers_and_shows_twelve_at_most(asked):
    matter = copy.deepcopy(asked["matter"][0])
    extra = [{**matter["rows"][0], "assumption": f"x{n}", "means": ""} for n in range(20)]
    matter["rows"] += extra
    for chart in (charts.value_chart(matter), charts.indices_chart(matter)):
        svg = drawn(chart)
        assert ">x8<" in svg
        assert ">x9<" not in svg
        assert svg.index(">random numbers<") > svg.index(">x8<")
    page = render("matter", [matter], ABOUT)
    assert "The table has 11 more assumptions" in page
    assert ">x19 (times)</th>" in page
    nothing = {"value": {"value": 0.0, "low": 0.0, "high": 0.0004}}
    rows = [row | nothing for row in matter["rows"]]
    page = render("matter", [matter | {"rows": rows, "dummy": rows[0]}], ABOUT)
    assert "Knowing any one of them would help in fewer than 1 of 1,000 worlds." in page
    assert 'id="at-1-value"' not in page
    unknown = [{**row, "value": None} for row in matter["rows"]]
    matter |= {"rows": unknown, "dummy": matter["dummy"] | {"value": None}}
    page = render("matter", [matter], ABOUT)
    assert 'id="at-1-value"' not in page
    assert "no single assumption would change" in page


@pytest.mark.parametrize(
    ("low", "value", "high", "said"),
    [
        (0.136, 0.1727, 0.2094, "170 (140–210)"),
        (0.0, 0.012, 0.0368, "at most 37"),
        (0.0, 0.0, 0.0003, "fewer than 1"),
        (-0.001, 0.0, 0.0018, "at most 2"),
    ],
)
def test_what_knowing_is_worth_has_no_more_digits_than_its_interval_allows(low, value, high, said):
    assert charts.worth({"value": {"value": value, "low": low, "high": high}}) == said


def test_a_watch_without_signs_says_so(asked, pages):
    assert asked["watch"][1]["indicators"] == []
    page = plain(pages["watch"].read_text(encoding="utf-8"))
    assert "Nothing that can be seen so early changes its odds." in page
    assert "change the odds of 1 of 2 claims" in page
    assert 'id="at-2-' not in page
    assert "nothing that can be seen early" in render("watch", asked["watch"][1:], ABOUT)


def test_signs_are_told_time_by_time_against_unchanged_odds(asked):
    watch = asked["watch"][0]
    times = list(dict.fromkeys(one["by"] for one in watch["indicators"]))
    svg = plain(drawn(charts.signs_chart(watch)))
    assert svg.count(">In the first ") == len(times) > 1
    assert svg.count('aria-roledescription="point"') == 2 * len(watch["indicators"])
    assert ">1<" in svg
    assert "48 weeks ahead" in " ".join(svg.split())


@pytest.mark.parametrize(("low", "high"), [(0.9, 1.1), (0.05, 300.0), (1e-4, 1e5), (0.4, 1.8)])
def test_a_logarithmic_axis_has_a_few_round_ticks(low, high):
    ticks = charts._ticks(low, high)
    assert 1.0 in ticks
    assert 1 <= len(ticks) <= 10
    assert all(low <= tick <= high for tick in ticks)


def test_rows_do_not_cover_each_other():
    row = {"lines": ["a", "b"], "soft": ["c"], "room": 16}
    rows, height = charts.placed([row | {"head": "first"}, row | {"head": ""}])
    below = [place for one in rows for place in (one["text_y"], one["soft_y"], one["mark_y"])]
    assert below == sorted(below)
    assert below[3] >= below[2] + 16
    assert height >= below[-1] + 16


def test_many_claims_begin_with_links(asked):
    def links(count: int) -> int:
        return render("watch", asked["watch"][1:] * count, ABOUT).count('<li><a href="#at-')

    assert (links(6), links(7)) == (0, 7)


def test_a_file_that_cannot_be_written(asked, tmp_path: Path):
    with pytest.raises(RipenessError, match="the page cannot be written to"):
        write_questions_page(tmp_path / "none" / "page.html", "watch", asked["watch"], ABOUT)
