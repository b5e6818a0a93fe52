"""The tables of the terminal."""

import io
import json

import pytest
from rich.console import Console

from ripeness.views.terminal import print_verdicts

ESSAYS = {"L": "the leverage essay", "R": "the restraint essay"}


@pytest.fixture
def printed(run_folder, verdicts):
    run = json.loads((run_folder / "run.json").read_text())

    def at(width, said=None, **options):
        text = io.StringIO()
        console = Console(file=text, width=width, **options)
        print_verdicts(said or verdicts, run, console, ESSAYS)
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
