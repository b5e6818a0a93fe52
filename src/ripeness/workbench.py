"""The Python face of Ripeness: load a case, run it, read its verdicts, write its report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from html import escape
from importlib.metadata import version
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ripeness.case.load import (
    CASE_FILE,
    CLAIMS_FILE,
    HINDCAST_FILE,
    MIRROR_FILE,
    RECORD_FOLDER,
    TIMELINE_FILE,
    case_file,
)
from ripeness.case.load import load as load_case_file
from ripeness.case.mechanisms import MECHANISMS, known
from ripeness.case.schema import CaseFile
from ripeness.errors import UsageError
from ripeness.runs import CRUXES, LEARNED, REPORT, SCHEMA_VERSION, VERDICTS
from ripeness.runs import Run as Run
from ripeness.runs import open_run as open_run

if TYPE_CHECKING:
    import pandas as pd

    from ripeness.claims.language import Claims
    from ripeness.experiments.ablation import Ablation
    from ripeness.experiments.mirror import Mirror
    from ripeness.experiments.recalled import Rests
    from ripeness.experiments.timeline import Timeline
    from ripeness.record.fetch.fetching import Fetched
    from ripeness.record.hindcast.ahead import Forecast
    from ripeness.record.hindcast.hindcast import Hindcast
    from ripeness.record.listing import Held
    from ripeness.record.priorcheck import PriorCheck
    from ripeness.record.provenance import Sources
    from ripeness.worlds.request import Request

DEFAULT_WORLDS = 8_192
CHECKED_WORLDS = 2_048
ABLATED_WORLDS = 2_048
MIRRORED_WORLDS = 2_048
DATED_WORLDS = 2_048
DRAWN_TWICE = 4_096
WEEKS_AHEAD = 13
RUNS = Path("runs")


def load(name_or_path: str | Path) -> Case:
    """Load a case: a shipped one by name, a folder that holds a case.yaml, or a case file.

    Raises
    ------
    UsageError
        If there is no such case.
    InvalidFile
        If its case file is wrong; the message lists all that is.
    """
    return Case(case_file(name_or_path), load_case_file(name_or_path))


class Case:
    """A conflict, and what people claim about it.

    Attributes
    ----------
    path
        Its case file; claims and record lie beside it.
    file
        What the case file says.
    """

    def __init__(self, path: Path, file: CaseFile) -> None:
        self.path = path
        self.file = file

    @cached_property
    def columns(self) -> dict[str, dict[str, str]]:
        """The columns that a run will have: role, unit and meaning by name."""
        from ripeness.worlds.run import described_columns

        return described_columns(self.file)

    @cached_property
    def claims(self) -> Claims:
        """The claims about the case, checked against its columns, plans and record.

        Raises
        ------
        InvalidFile
            If the claims file is wrong; the message lists all that is.
        """
        from ripeness.claims.language import read_claims

        words = {name for name, about in self.columns.items() if about["unit"] == "word"}
        types = {
            name: "VARCHAR" if name in words or name == "plan" else "FLOAT" for name in self.columns
        }
        return read_claims(
            self.path.parent / CLAIMS_FILE,
            columns=types,
            plans=list(self.file.plans),
            record=self._record(),
            measures=list(self.file.measures),
        )

    def run(
        self,
        worlds: int = DEFAULT_WORLDS,
        seed: int = 1,
        plans: Iterable[str] | None = None,
        out: str | Path | None = None,
        progress: Callable[[str, float], None] | None = None,
        without: Iterable[str] = (),
        as_of: str | date | None = None,
    ) -> Run:
        """Run the case in many worlds, judge its claims and write a report.

        Parameters
        ----------
        worlds
            How many worlds, each under every plan.
        seed
            The same seed gives the same rows.
        plans
            Which plans; all of the case if not said.
        out
            The run folder; ``runs/<case>-<run id>`` if not said.
        progress
            Told what is being done and the share of the whole that is done.
        without
            Mechanisms to switch off, by their names in `ripeness.case.mechanisms`.
        as_of
            A day since the decision: worlds agree with what was known then, and claims are judged
            by it; worlds that know nothing of the record, and all of the record, if not said.

        Raises
        ------
        RipenessError
            For an unknown plan or mechanism, a number out of bounds, a wrong day, wrong claims, or
            a place that cannot be written. Nothing half-written stays.
        """
        with self._requested(worlds, seed, plans, without, as_of) as asked:
            return self._run(asked, out, progress)

    def run_id(
        self,
        worlds: int = DEFAULT_WORLDS,
        seed: int = 1,
        plans: Iterable[str] | None = None,
        without: Iterable[str] = (),
        as_of: str | date | None = None,
    ) -> str:
        """The id that `run` would give: runs with the same id have the same rows.

        Raises
        ------
        UsageError
            If `run` would refuse what is asked for.
        """
        with self._requested(worlds, seed, plans, without, as_of) as asked:
            return asked.run_id

    @contextmanager
    def _requested(
        self,
        worlds: int,
        seed: int,
        plans: Iterable[str] | None,
        without: Iterable[str],
        as_of: str | date | None,
    ) -> Iterator[Request]:
        """Check what is asked for; as of a day its record is a copy that lasts as long as this."""
        if as_of is None:
            yield self._asked(seed, worlds, plans, without)
            return
        from ripeness.record.tables import cut, day_of

        day = day_of(as_of) if isinstance(as_of, str) else as_of
        asked, whole = self._asked_as_of(day, seed, worlds, plans, without)
        with TemporaryDirectory(prefix="ripeness-") as place:
            record = Path(place) / RECORD_FOLDER
            cut(whole, day, record)
            yield replace(asked, record=record, as_of=day)

    def _asked_as_of(
        self,
        day: date,
        seed: int,
        worlds: int,
        plans: Iterable[str] | None,
        without: Iterable[str],
    ) -> tuple[Request, Path]:
        """Check what is asked for as of a day; give the whole record too."""
        asked = self._asked(seed, worlds, plans, without)
        decided = self.file.decision_date
        if asked.record is None:
            raise UsageError(f"case {self.file.id!r} has no record to know anything from")
        if day <= decided:
            raise UsageError(f"as of {day}: the decision is of {decided}; name a later day")
        if asked.without:
            raise UsageError(
                "worlds that agree with the record have all mechanisms; "
                "leave out either --as-of or --without"
            )
        return asked, asked.record

    def _run(
        self,
        asked: Request,
        out: str | Path | None,
        progress: Callable[[str, float], None] | None,
    ) -> Run:
        from ripeness.worlds.store import whole_folder, write_json

        def told(what: str, done: float) -> None:
            if progress is not None:
                progress(what, done)

        from ripeness.record import measures
        from ripeness.worlds.run import run  # it loads JAX: not before what is asked for is right

        told("checking the claims", 0.0)
        claims = self.claims if self.has_claims else None
        place = Path(out) if out is not None else RUNS / f"{self.file.id}-{asked.run_id}"
        with whole_folder(place) as folder:
            if asked.as_of is None:
                run(asked, folder, lambda what, done: told(what, 0.9 * done))
            else:
                from ripeness.record.learning import run_as_of

                learned = run_as_of(asked, folder, lambda what, done: told(what, 0.9 * done))
                write_json(learned.record(), folder / LEARNED)
            if asked.record is not None:
                measures.write(self.file, folder / RECORD_FOLDER, asked.as_of)
                measures.write_odds(self.file, folder / RECORD_FOLDER, folder)
            for beside in (HINDCAST_FILE, MIRROR_FILE, TIMELINE_FILE):
                if (self.path.parent / beside).is_file():
                    copyfile(self.path.parent / beside, folder / beside)
            made = open_run(folder)
            if claims is not None:
                told("judging the claims", 0.9)
                write_json({"schema_version": SCHEMA_VERSION, **made.judged()}, folder / VERDICTS)
                told("finding what decides between opposed claims", 0.92)
                write_json({"schema_version": SCHEMA_VERSION, **made.cruxes()}, folder / CRUXES)
                told("writing the report", 0.96)
                made.report(folder / REPORT)
        told("done", 1.0)
        return open_run(place)  # what was read of it was read before it took its place

    def prior_check(
        self,
        worlds: int = CHECKED_WORLDS,
        seed: int = 1,
        out: str | Path | None = None,
        progress: Callable[[str, float], None] | None = None,
    ) -> PriorCheck:
        """Run the plan that was really followed, and see where the record lies among its worlds.

        Parameters
        ----------
        worlds
            How many; those in which the plan's moves do not take place are left out.
        seed
            The same seed gives the same numbers.
        out
            A page to write, one HTML file that opens offline; none if not said.
        progress
            Told what is being done and the share of the whole that is done.

        Raises
        ------
        UsageError
            If the case does not say what was observed, names what its record or its worlds do not
            have, a number is out of bounds, or the page has no folder to go to.
        """
        page = _page(out)
        from ripeness.record.priorcheck import answerable

        answerable(self.file, worlds, seed)
        from ripeness.record.followed import prior_check  # it loads JAX, as `run` does

        folder = self.path.parent / RECORD_FOLDER
        check = prior_check(self.file, folder, worlds, seed, progress or (lambda *_: None))
        if page is not None:
            from ripeness.views.prior_page import write_prior_page

            write_prior_page(page, check, self._titles)
        return check

    def hindcast(
        self,
        worlds: int = CHECKED_WORLDS,
        seed: int = 1,
        out: str | Path | None = None,
        progress: Callable[[str, float], None] | None = None,
    ) -> Hindcast:
        """Forecast from past quarters, and score that against what came, beside simple forecasts.

        Parameters
        ----------
        worlds
            How many.
        seed
            The same seed gives the same numbers.
        out
            A page to write, one HTML file that opens offline; Markdown with a picture beside it if
            its name ends in ``.md``; what the reports of runs show of it, to lie beside the case
            file as hindcast.json, if it ends in ``.json``; none if not said.
        progress
            Told what is being done and the share of the whole that is done.

        Raises
        ------
        UsageError
            If the case does not say what was observed, names what its record or its worlds do not
            have, no quarter has figures after it, a number is out of bounds, or the page has no
            folder to go to.
        """
        page = _page(out)
        from ripeness.record.hindcast.hindcast import WEEKS, answerable, hindcast
        from ripeness.record.hindcast.targets import origins, targets

        answerable(self.file, worlds, seed)
        told = progress or (lambda _what, _done: None)
        folder = self.path.parent / RECORD_FOLDER
        days = origins(self.file, folder, WEEKS)
        to_forecast = targets(self.file, folder, days, WEEKS)
        from ripeness.record.forecasts import forecasts  # it loads JAX

        def told_of_worlds(what: str, done: float) -> None:
            told(what, 0.6 * done)

        def told_of_baselines(what: str, done: float) -> None:
            told(what, 0.6 + 0.35 * done)

        drawn = forecasts(self.file, folder, days, WEEKS, worlds, seed, told_of_worlds)
        found = hindcast(self.file, folder, to_forecast, drawn, seed, told_of_baselines)
        if page is not None:
            from ripeness.views.hindcast_notes import write_hindcast_notes
            from ripeness.views.hindcast_page import write_hindcast_page
            from ripeness.views.hindcast_summary import write_hindcast_summary

            told("writing the page", 0.95)
            if page.suffix == ".md":
                write_hindcast_notes(page, found)
            elif page.suffix == ".json":
                asked = self._asked(seed, worlds, None)
                rests = {"case_hash": asked.case_hash, "worlds": worlds, "seed": seed}
                write_hindcast_summary(page, found, {**rests, "ripeness": version("ripeness")})
            else:
                write_hindcast_page(page, found, self._titles)
        return found

    def forecast(
        self,
        as_of: str | date,
        weeks: int = WEEKS_AHEAD,
        worlds: int = CHECKED_WORLDS,
        seed: int = 1,
        out: str | Path | None = None,
        progress: Callable[[str, float], None] | None = None,
    ) -> Forecast:
        """Forecast the figures that were not known yet on a day, beside simple forecasts.

        Parameters
        ----------
        as_of
            A day since the decision; nothing that became known later counts.
        weeks
            How far ahead.
        worlds
            How many, under the plan that was really followed.
        seed
            The same seed gives the same numbers.
        out
            A page to write, one HTML file that opens offline; a table if its name ends in ``.csv``;
            none if not said.
        progress
            Told what is being done and the share of the whole that is done.

        Raises
        ------
        UsageError
            If the case does not say what was observed, for a wrong day or a number out of bounds,
            if the weeks reach beyond the time that worlds run, nothing was known, or the page has
            no folder to go to.
        """
        page = _page(out)
        from ripeness.record.hindcast.hindcast import answerable
        from ripeness.record.tables import day_of

        day = day_of(as_of) if isinstance(as_of, str) else as_of
        answerable(self.file, worlds, seed)
        self._asked_as_of(day, seed, worlds, None, ())
        end = self.file.decision_date + timedelta(weeks=self.file.weeks)
        most = (end - day).days // 7
        if not 1 <= weeks <= most:
            allowed = f"name 1 to {most} weeks" if most > 0 else "name an earlier day"
            raise UsageError(f"{weeks} weeks after {day}: worlds run to {end}; {allowed}")
        from ripeness.record.forecasts import forecast  # it loads JAX

        told = progress or (lambda _what, _done: None)
        record = self.path.parent / RECORD_FOLDER
        found = forecast(self.file, record, day, weeks, worlds, seed, told)
        if page is not None:
            from ripeness.views.forecast_page import write_forecast_page, write_forecast_table

            scored = self.path.parent / HINDCAST_FILE
            if page.suffix == ".csv":
                write_forecast_table(page, found)
            else:
                write_forecast_page(page, found, self._titles, scored)
        return found

    @property
    def _titles(self) -> dict[str, str]:
        """Titles of the sources by id."""
        return {name: source.title for name, source in self.file.sources.items()}

    def timeline(
        self,
        dates: Iterable[str | date] | None = None,
        worlds: int = DATED_WORLDS,
        seed: int = 1,
        out: str | Path | None = None,
        progress: Callable[[str, float], None] | None = None,
    ) -> Timeline:
        """Judge every claim as of one day after the other: when did the record turn it, and did it?

        Parameters
        ----------
        dates
            The days; if not said four days after the decision, then the end of every half-year up
            to the last day that the record knows.
        worlds
            How many worlds, each under every plan that a claim is about.
        seed
            The same seed gives the same numbers; on each day they are those of `run` as of it with
            as many worlds.
        out
            A page to write, one HTML file that opens offline; what is shown of it with each claim
            of a run, to lie beside the case file as timeline.json, if its name ends in ``.json``;
            none if not said.
        progress
            Told what is being done and the share of the whole that is done.

        Raises
        ------
        UsageError
            For a wrong day, a number out of bounds, a case without a record, without a claim to
            test in the model or that does not say what was observed, or a page whose folder is not
            there.
        """
        page = _page(out)
        plans = self._plans_of_claims()
        from ripeness.record.days import half_years
        from ripeness.record.tables import day_of

        if dates is None:
            record = self._record()
            days = half_years(record, self.file.decision_date) if record else ()
        else:
            named = (day_of(day) if isinstance(day, str) else day for day in dates)
            days = tuple(sorted(set(named)))
        if not days and self._record() is not None:
            raise UsageError("no day to judge claims as of; name one such as 2024-12-31")
        asked, _ = self._asked_as_of(min(days, default=date.max), seed, worlds, plans, ())
        from ripeness.experiments.timeline import timeline  # it loads JAX

        found = timeline(asked, self.claims, days, progress or (lambda _what, _done: None))
        if page is not None:
            from ripeness.views.beside import write_beside
            from ripeness.views.timeline_page import write_timeline_page

            if page.suffix == ".json":
                write_beside(page, found.record(), "the timeline")
            else:
                write_timeline_page(page, found.record(), found.claims, found.essays)
        return found

    def _plans_of_claims(self) -> tuple[str, ...]:
        """Give the plans that claims are tested under, in the order of the case."""
        if not self.has_claims:
            raise UsageError(f"case {self.file.id!r} has no claims whose verdicts could change")
        tests = [claim.model for claim in self.claims.claims if claim.model]
        if not tests:
            raise UsageError(f"no claim of case {self.file.id!r} is tested in the model")
        needed = {plan for test in tests for plan in test.plans}
        return tuple(plan for plan in self.file.plans if plan in needed)

    def ablate(
        self,
        worlds: int = ABLATED_WORLDS,
        seed: int = 1,
        without: Iterable[str] | None = None,
        out: str | Path | None = None,
        progress: Callable[[str, float], None] | None = None,
    ) -> Ablation:
        """See what becomes of the claims in the same worlds without one mechanism after the other.

        Parameters
        ----------
        worlds
            How many worlds, each under every plan that a claim is about.
        seed
            The same seed gives the same numbers.
        without
            The mechanisms to switch off, one at a time; all there are if not said.
        out
            A folder for the table and all runs; nothing is kept if not said.
        progress
            Told what is being done and the share of the whole that is done.

        Raises
        ------
        RipenessError
            For an unknown mechanism, a number out of bounds, a case without a claim to test in the
            model, or a place that cannot be written. Nothing half-written stays.
        """
        plans = self._plans_of_claims()
        asked = self._asked(seed, worlds, plans)
        names = known(MECHANISMS if without is None else without)
        if not names:
            raise UsageError(f"no mechanism to switch off; there are {', '.join(MECHANISMS)}")
        from ripeness.experiments.ablation import ablate  # it loads JAX

        place = Path(out) if out is not None else None
        told = progress or (lambda _what, _done: None)
        return ablate(asked, self.claims, names, place, told)

    def mirror(
        self,
        worlds: int = MIRRORED_WORLDS,
        seed: int = 1,
        plans: Iterable[str] | None = None,
        out: str | Path | None = None,
        progress: Callable[[str, float], None] | None = None,
    ) -> Mirror:
        """See what each side would answer with the other's tolerance, in the same worlds.

        Parameters
        ----------
        worlds
            How many worlds, each under every plan.
        seed
            The same seed gives the same numbers.
        plans
            Which plans; all of the case if not said.
        out
            What reports of runs and the app show of it, to lie beside the case file as mirror.json;
            none if not said.
        progress
            Told what is being done and the share of the whole that is done.

        Raises
        ------
        UsageError
            For an unknown plan, a number out of bounds, or a file that is not to end in ``.json``
            or has no folder to go to.
        """
        file = _page(out)
        if file is not None and file.suffix != ".json":
            raise UsageError(f"the mirror is written as JSON: {str(file)!r} must end in .json")
        asked = self._asked(seed, worlds, plans)
        from ripeness.experiments.mirror import mirror  # it loads JAX

        found = mirror(asked, progress or (lambda _what, _done: None))
        if file is not None:
            from ripeness.views.beside import write_beside

            write_beside(file, found.as_record(), "the mirror")
        return found

    @property
    def has_claims(self) -> bool:
        """Whether there is anything to judge."""
        return (self.path.parent / CLAIMS_FILE).is_file()

    def _asked(
        self, seed: int, worlds: int, plans: Iterable[str] | None, without: Iterable[str] = ()
    ) -> Request:
        """Check what is asked for, before the model is loaded."""
        from ripeness.worlds.request import request

        texts = {CASE_FILE: self.path.read_text(encoding="utf-8")}
        if self.has_claims:
            claims_file = self.path.parent / CLAIMS_FILE
            texts[CLAIMS_FILE] = claims_file.read_text(encoding="utf-8")
        return request(self.file, texts, self._record(), seed, worlds, plans, without)

    def tables(self) -> tuple[Held, ...]:
        """List the tables of the record: rows, span, what each holds, how much is recalled."""
        from ripeness.record.listing import held

        folder = self._record()
        return held(self.file, folder) if folder is not None else ()

    def record(self, table: str, as_of: str | date | None = None) -> pd.DataFrame:
        """Read a table of what happened, one row a figure.

        Parameters
        ----------
        table
            Its name.
        as_of
            Only what was known on that day, as "2024-08-10"; everything if not said.

        Raises
        ------
        UsageError
            If there is no such table, or the day is none; the message says what would be right.
        """
        from ripeness.record.tables import day_of, read_table

        day = day_of(as_of) if isinstance(as_of, str) else as_of
        return read_table(self.path.parent / RECORD_FOLDER, table, day)

    def sources(self) -> Sources:
        """List what the case and its record rest on, and what of it is only recalled."""
        from ripeness.record.provenance import sources

        return sources(self.file, self._record())

    def rest_on_recalled(
        self,
        worlds: int = DRAWN_TWICE,
        seed: int = 1,
        progress: Callable[[str, float], None] | None = None,
    ) -> tuple[Rests, ...]:
        """See what share of each verdict's variance comes from recalled assumptions.

        Parameters
        ----------
        worlds
            How many worlds are run twice, each under every plan that a claim is about.
        seed
            The same seed gives the same numbers.
        progress
            Told what is being done and the share of the whole that is done.

        Returns
        -------
        One entry a claim.

        Raises
        ------
        UsageError
            If the case has no claims, or a number is out of bounds.
        """
        if not self.has_claims:
            raise UsageError(f"case {self.file.id!r} has no claims that could rest on anything")
        asked = self._asked(seed, worlds, None)
        from ripeness.experiments.recalled import rest_on_recalled  # it loads JAX
        from ripeness.record.provenance import recalled_assumptions, recalled_rows

        tests = [claim.model for claim in self.claims.claims if claim.model]
        needed = {plan for test in tests for plan in test.plans}
        plans = tuple(plan for plan in self.file.plans if plan in needed)
        folder = self._record()
        return rest_on_recalled(
            replace(asked, plans=plans),
            self.claims,
            recalled_assumptions(self.file),
            recalled_rows(folder) if folder is not None else {},
            progress or (lambda _what, _done: None),
        )

    def fetch(
        self, into: str | Path, only: str | None = None, file: str | Path | None = None
    ) -> tuple[tuple[Fetched, ...], tuple[str, ...]]:
        """Bring the public series up to date, in a copy of the case's record.

        Parameters
        ----------
        into
            The folder of the copy; tables that it lacks are copied there first.
        only
            One series, such as losses; all that a program can fetch if not said.
        file
            A file of that series that you have downloaded yourself.

        Returns
        -------
        What was done, and for each series that could not be had why: it changed nothing.

        Raises
        ------
        UsageError
            If the case has no record, or there is no such series.
        RipenessError
            If the one series asked for cannot be had.
        """
        from ripeness.record.fetch.sources import fetch_record

        folder = self._record()
        if folder is None:
            raise UsageError(f"case {self.file.id!r} has no record to bring up to date")
        return fetch_record(folder, Path(into), only, Path(file) if file else None)

    def _record(self) -> Path | None:
        folder = self.path.parent / RECORD_FOLDER
        return folder if folder.is_dir() else None

    def __repr__(self) -> str:
        """Say what the case is in a line."""
        return (
            f"<Case {self.file.id}: {self.file.title}; {len(self.file.plans)} plans, "
            f"{len(self.file.assumptions)} assumptions>"
        )

    def _repr_html_(self) -> str:
        """Show the case in a notebook: its question, its plans and its deals."""
        plans = "".join(
            f"<tr><td>{escape(name)}</td><td>{escape(plan.name)}</td><td>{escape(plan.meaning)}</td></tr>"
            for name, plan in self.file.plans.items()
        )
        return (
            f"<h3>{escape(self.file.title)}</h3><p>{escape(self.file.question)}</p>"
            f"<table><tr><th>plan</th><th>name</th><th>what it does</th></tr>{plans}</table>"
        )


def _page(out: str | Path | None) -> Path | None:
    """Give the page that is to be written, if its folder is there."""
    page = Path(out) if out is not None else None
    if page is not None and not page.parent.is_dir():
        raise UsageError(f"there is no folder {str(page.parent)!r}; make it, or name another")
    return page
