"""The tables of the terminal."""

import io
import re
from dataclasses import replace
from statistics import fmean

import pytest
from rich.console import Console

import ripeness
from ripeness.views.judged_terminal import print_judged
from ripeness.views.plans_terminal import plan_tables
from ripeness.views.rundata import RunCard
from ripeness.views.small_charts import STEPS, bar
from ripeness.views.terminal import print_verdicts


@pytest.fixture
def printed(shown):
    def at(width, said=None, **options):
        text = io.StringIO()
        console = Console(file=text, width=width, **options)
        print_verdicts(shown if said is None else replace(shown, verdicts=said), console)
        return text.getvalue()

    return at


def test_every_claim_is_printed_and_no_line_is_wider_than_100(printed, verdicts):
    text = printed(160)
    assert all(verdict["id"] in text for verdict in verdicts)
    assert max(map(len, text.splitlines())) <= 100


def test_verdicts_stand_apart_with_words_figures_and_the_opposed_claim(printed):
    text = " ".join(printed(100).split())
    for part in (
        "± mixed",
        "holds in most",
        "against R6",
        "+4.2 points of the",
        "On it: L9",
    ):
        assert part in text
    assert "A share of worlds is not a probability" in text
    assert "Intervals count worlds alone" in text


def test_text_of_a_claims_file_is_not_taken_for_markup(printed, verdicts):
    said = [verdicts[0] | {"says": "[bold]shown[/bold]"}]
    assert "[bold]shown[/bold]" in printed(100, said)


def test_no_color_is_respected(printed, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in printed(100, force_terminal=True).replace("\x1b[3m", "")


def test_a_share_stands_as_a_bar_beside_its_figures(printed):
    text = printed(100)
    assert "██████▌░░░" in text
    assert "66 % (63–70 %)" in text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("width", [80, 100])
def test_what_comes_of_each_plan_fits_a_terminal(kursk_run, width):
    text = io.StringIO()
    console = Console(file=text, width=width)
    run = ripeness.open_run(kursk_run)
    for table in plan_tables(run.folder, RunCard.of(run.about)):
        console.print(table, width=width)
    told = text.getvalue().replace("\N{NO-BREAK SPACE}", " ")
    lines = told.splitlines()
    assert max(map(len, lines)) <= width
    rows = run.table("plan", "ended_w104").to_dict("records")
    ended = fmean(row["ended_w104"] for row in rows if row["plan"] == "none")
    begin = next(place for place, line in enumerate(lines) if line.startswith("none"))
    assert lines[begin].rstrip().endswith(bar(ended))
    assert f"{100 * ended:.0f} % (" in lines[begin + 1]
    for plan in ("none", "hold"):
        (row,) = [line for line in lines if line.startswith(plan) and "○" in line]
        assert sum(row.count(mark) for mark in STEPS) == 20
        assert f"{row.count('○')} as before" in row
    for side in ("Ukraine", "Russia"):
        begin = lines.index(
            next(line for line in lines if line.startswith(f"Leverage of {side} half a year on"))
        )
        drawn = lines[begin + 2]
        assert drawn.index("├") < drawn.index("●") < drawn.index("┤")
        assert re.search(r"┤ +−?[\d.]+ \(−?[\d.]+ to −?[\d.]+\)", drawn)


def test_plans_are_told_of_before_the_answer(printed):
    told = printed(100)
    assert told.index("Leverage of Ukraine") < told.index("The answer so far")
    assert "Worlds in which the war has ended" not in told  # this run has no table of worlds


def test_opposed_claims_stand_below_each_other_with_their_bars(verdicts):
    text = io.StringIO()
    print_judged(verdicts, "a table", [], Console(file=text, width=80))
    lines = text.getvalue().replace("\N{NO-BREAK SPACE}", " ").splitlines()
    (first,) = [place for place, line in enumerate(lines) if line.startswith("L9 against R6")]
    assert "██████▌░░░ L9 holds in 66 % (63–70 %) of worlds" in lines[first]
    assert "█░░░░░░░░░ R6 holds in 8 % (5–11 %) of worlds, the record:" in lines[first + 1]
    assert max(map(len, lines)) <= 80
