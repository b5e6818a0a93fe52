"""A run in its folder: what came of a case in many worlds, judged, asked and shown."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ripeness.case.checks import check_case
from ripeness.case.load import CASE_FILE, CLAIMS_FILE, RECORD_FOLDER
from ripeness.case.schema import CaseFile
from ripeness.errors import UsageError, suggest
from ripeness.yamlfile import read_model

if TYPE_CHECKING:
    import pandas as pd

    from ripeness.claims.inquiry import Inquiry
    from ripeness.claims.language import Claims, Essay
    from ripeness.claims.verdicts import Verdicts
    from ripeness.views.figures import Figure
    from ripeness.views.shown import Shown

REPORT = "report.html"
VERDICTS = "verdicts.json"
CRUXES = "cruxes.json"
LEARNED = "learned.json"
SCHEMA_VERSION = 1
"""Version of the layout of ``--json`` output and of verdicts.json."""


def open_run(folder: str | Path) -> Run:
    """Open the folder of a run.

    Raises
    ------
    UsageError
        If it is not a run folder, or was written by a version with another layout.
    """
    from ripeness.worlds.store import read_run

    return Run(Path(folder), read_run(Path(folder)))


class Run:
    """What came of a case in many worlds.

    Attributes
    ----------
    folder
        The run folder.
    about
        What was run (the content of run.json).
    """

    def __init__(self, folder: Path, about: dict[str, Any]) -> None:
        self.folder = folder
        self.about = about

    @cached_property
    def case_file(self) -> CaseFile:
        """The case file as it was when the run was made."""
        return read_model(self.folder / CASE_FILE, CaseFile, check_case)

    @cached_property
    def _claims(self) -> Claims:
        from ripeness.claims.language import read_claims

        path = self.folder / CLAIMS_FILE
        if not path.is_file():
            raise UsageError(f"{self.folder} has no claims to judge")
        return read_claims(path)

    @property
    def has_claims(self) -> bool:
        """Whether there is anything to judge."""
        return (self.folder / CLAIMS_FILE).is_file()

    @property
    def essays(self) -> dict[str, str]:
        """What each text whose claims are judged is called, by its id."""
        return self._claims.titles

    @property
    def as_of(self) -> date | None:
        """The day to whose knowledge it was held; None if worlds know nothing of the record."""
        day = self.about.get("as_of")
        return date.fromisoformat(day) if day else None

    @property
    def learned(self) -> dict[str, Any]:
        """What the record taught by the day (the content of learned.json).

        Raises
        ------
        UsageError
            If the run was not made as of a day.
        """
        if self.as_of is None:
            raise UsageError(f"{self.folder} was not run as of a day; run it with --as-of")
        return json.loads((self.folder / LEARNED).read_text(encoding="utf-8"))

    @cached_property
    def asked(self) -> Inquiry:
        """The run's claims and worlds: judge, believe, crux, matter, watch."""
        return self.ask()

    def ask(self, claims: str | Path | None = None) -> Inquiry:
        """Ask the run's worlds about claims: its own, or those of another file.

        Raises
        ------
        InvalidFile
            If the file is wrong; the message lists all that is.
        """
        from ripeness.claims.columns import of_run
        from ripeness.claims.inquiry import Inquiry
        from ripeness.claims.language import read_claims
        from ripeness.claims.table import open_worlds
        from ripeness.worlds.store import BEFORE, parts

        about = of_run(self.about["columns"], self.about["weeks"])
        worlds = open_worlds(parts(self.folder), about)
        plans = [*worlds.plans, *(p for p in self.case_file.plans if p not in worlds.plans)]
        record = self._record()
        asked = (
            self._claims
            if claims is None
            else read_claims(Path(claims), columns=worlds.columns, plans=plans, record=record)
        )
        before = self.folder / BEFORE
        return Inquiry(
            asked,
            worlds,
            record,
            plans[len(worlds.plans) :],
            self.as_of,
            open_worlds(parts(before), about) if before.is_dir() else None,
        )

    def judge(self) -> Verdicts:
        """Judge every claim on the record and over the worlds."""
        return self.asked.judge()

    def cruxes(self) -> dict[str, Any]:
        """Give what decides between claims that stand against each other, ready for JSON."""
        found = self.folder / CRUXES
        if found.is_file():
            return json.loads(found.read_text(encoding="utf-8"))
        return {"cruxes": [crux.as_record() for crux in self.asked.cruxes()]}

    def records(self) -> list[dict[str, Any]]:
        """Give the verdicts as plain records, one a claim, ready for JSON."""
        kept = self._kept()
        return kept["verdicts"] if kept else self.judge().records()

    def verdicts(self) -> pd.DataFrame:
        """Give the verdicts, one row a claim: the record's, and the share of worlds it holds in."""
        return self.judge().to_frame()

    def table(self, *columns: str) -> pd.DataFrame:
        """Read columns of the table of worlds (all, if none is named), one row a world and plan.

        Raises
        ------
        UsageError
            If there is no such column.
        """
        from ripeness.worlds.store import read_columns

        return read_columns(self.folder, columns)

    def judged(self) -> dict[str, Any]:
        """Give the verdicts, the texts they are about, and what turns them, ready for JSON."""
        from ripeness.claims.ends import ends

        essays = {
            name: _essay(title, self._claims.essays.get(name))
            for name, title in self._claims.titles.items()
        }
        turned = [each.as_record() for each in ends(self.asked)]
        return {"essays": essays, "verdicts": self.judge().records(), "ends": turned}

    @cached_property
    def shown(self) -> Shown:
        """What the report, the app and notebooks show of it."""
        from ripeness.views.rundata import RunCard
        from ripeness.views.shown import Shown

        judged = self._kept() or (
            self.judged() if self.has_claims else {"essays": {}, "verdicts": [], "ends": []}
        )
        return Shown(
            folder=self.folder,
            card=RunCard.of(self.about),
            case={**self.case_file.model_dump(mode="json"), "essays": judged["essays"]},
            verdicts=judged["verdicts"],
            ends=judged["ends"],
            cruxes=self.cruxes()["cruxes"] if self.has_claims else [],
            record=self._record(),
            learned=self.learned if self.as_of else None,
            ask=(lambda: self.asked) if self.has_claims else None,
        )

    def _kept(self) -> dict[str, Any] | None:
        """The verdicts that were written with the run, unless another version wrote other ones."""
        from ripeness.claims.verdicts import ModelVerdict, RecordVerdict, Verdict

        parts = (Verdict, RecordVerdict, ModelVerdict)
        told = {each.name for part in parts for each in fields(part)} - {"record", "model"}
        file = self.folder / VERDICTS
        kept = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        whole = "ends" in kept and kept["verdicts"]
        return kept if whole and set(kept["verdicts"][0]) == told else None

    def figures(self, panel: str) -> tuple[Figure, ...]:
        """Give the charts of a panel, which a notebook shows; each with its data as a table.

        Parameters
        ----------
        panel
            Such as ``course``, ``negotiation``, ``escalation``, ``record`` or ``hindcast``.

        Raises
        ------
        UsageError
            If there is no such panel.
        """
        from ripeness.views.panels.choose import PANELS

        if panel not in PANELS:
            hint = suggest(panel, PANELS) or f"; there are {', '.join(PANELS)}"
            raise UsageError(f"there is no panel {panel!r}{hint}")
        _, make = PANELS[panel]
        made = make(self.shown, None)
        return made.figures if made is not None else ()

    def report(self, path: str | Path | None = None) -> Path:
        """Write the report, one HTML file that opens offline; into the run folder by default."""
        from ripeness.views.report import write_report

        target = Path(path) if path is not None else self.folder / REPORT
        return write_report(target, self.shown)

    def _record(self) -> Path | None:
        folder = self.folder / RECORD_FOLDER
        return folder if folder.is_dir() else None

    def __repr__(self) -> str:
        """Say what was run in a line."""
        about = self.about
        return (
            f"<Run {about['run_id']} of {about['case']}: {about['worlds']:,} worlds, "
            f"{len(about['plans'])} plans, seed {about['seed']}; {self.folder}>"
        )

    def _repr_html_(self) -> str:
        """Show the verdicts in a notebook."""
        shown = ["id", "says", "record_verdict", "model_verdict", "share_words"]
        table = self.verdicts()[shown].fillna("").to_html(index=False)
        return f"<p>{escape(repr(self))}</p>{table}"


def _essay(title: str, essay: Essay | None) -> dict[str, str | None]:
    """What is shown of a text whose claims are judged; its file may say no more than a title."""
    if essay is None:
        return {"title": title, "summary": "", "date": None}
    date_ = essay.date_.isoformat() if essay.date_ else None
    return {"title": title, "summary": essay.summary, "date": date_}
