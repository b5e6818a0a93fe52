"""The public series of the Kursk case, where each lies, and the command that fetches them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from ripeness.errors import UsageError, suggest
from ripeness.record.fetch import polygons, series
from ripeness.record.fetch.download import Client
from ripeness.record.fetch.fetching import Fetched, copy_record, fetch, fetch_all
from ripeness.record.fetch.source import Source
from ripeness.record.tables import read_text

GITHUB = "https://raw.githubusercontent.com"
DEEPSTATE = f"{GITHUB}/cyterat/deepstate-map-data/main/data/deepstatemap_data_"
ECONOMIST = f"{GITHUB}/TheEconomist/the-economist-ukraine-war-dead-and-wounded-estimates/main"
GENERAL_STAFF = f"{GITHUB}/PetroIvaniuk/2022-Ukraine-Russia-War-Dataset/main/data"
AIR_FORCE = (
    "https://www.kaggle.com/api/v1/datasets/download/piterfm/massive-missile-attacks-on-ukraine/"
)

GROUND = ("control_cells", "control")
"""Tables from whose last date on ground is asked for."""


def public_sources(record: Path, today: date) -> tuple[Source, ...]:
    """Give the series; ground is asked for weekly, from its table's last date."""
    return (
        Source(
            "deepstate-cells",
            "control_cells",
            _weekly(record, "control_cells", today),
            polygons.share_of_cells,
            polygons.CELLS_SCHEMA,
            gaps=True,
        ),
        Source(
            "deepstate-area",
            "control",
            _weekly(record, "control", today),
            polygons.area_by_oblast,
            polygons.AREA_SCHEMA,
            gaps=True,
        ),
        Source(
            "isw-area",
            "control_isw",
            (
                f"{ECONOMIST}/source-data/deaths-and-casualties-data/"
                "area_assessed_as_controlled_by_russia.csv",
            ),
            series.isw_area,
            series.AREA_SCHEMA,
        ),
        Source(
            "casualties",
            "casualties",
            tuple(
                f"{ECONOMIST}/output-data/tracker/meta-estimate-{measure}.csv"
                for measure in ("casualties", "deaths")
            ),
            series.economist_casualties,
            series.CASUALTIES_SCHEMA,
        ),
        Source(
            "losses",
            "losses",
            tuple(
                f"{GENERAL_STAFF}/russia_losses_{what}.json" for what in ("personnel", "equipment")
            ),
            series.general_staff_losses,
            series.LOSSES_SCHEMA,
        ),
        Source("aid", "aid", (), series.kiel_aid, series.AID_SCHEMA),
        Source(
            "strikes",
            "strikes",
            (f"{AIR_FORCE}missile_attacks_daily.csv",),
            series.air_force_strikes,
            series.STRIKES_SCHEMA,
        ),
    )


def fetch_record(
    record: Path, into: Path, only: str | None = None, export: Path | None = None
) -> tuple[tuple[Fetched, ...], tuple[str, ...]]:
    """Bring the user's copy of a record up to date.

    Parameters
    ----------
    record
        The case's record folder, which is only read.
    into
        The user's folder; tables that it lacks are copied there first.
    only
        The name of one series.
    export
        A file of that series that the user has downloaded.

    Returns
    -------
    What was done, and for each series that could not be had why.

    Raises
    ------
    UsageError
        If the record is of another war, or there is no such series.
    RipenessError
        If the one series asked for cannot be had.
    """
    lacking = [table for table in GROUND if not (record / f"{table}.csv").is_file()]
    if lacking:
        raise UsageError(
            f"the public series are of the war in Ukraine: this record has no table {lacking[0]!r}"
        )
    sources = {source.name: source for source in public_sources(record, date.today())}
    if export is not None and only is None:
        raise UsageError("an export is of one series: say which")
    if only is not None and only not in sources:
        right = suggest(only, sources) or f"; there are {', '.join(sources)}"
        raise UsageError(f"there is no series {only!r}{right}")
    copy_record(record, into)
    if only is not None:
        source = {each.name: each for each in public_sources(into, date.today())}[only]
        return (fetch(source, into, Client(), export),), ()
    wanted = [each for each in public_sources(into, date.today()) if each.urls]
    return fetch_all(into, wanted, Client())


def _weekly(record: Path, table: str, today: date) -> tuple[str, ...]:
    """Addresses of the polygons of every seventh day, from the last date of a table."""
    last = date.fromisoformat(str(read_text(record / f"{table}.csv")["date"].max()))
    days = [last + timedelta(weeks=week) for week in range((today - last).days // 7 + 1)]
    return tuple(f"{DEEPSTATE}{day:%Y%m%d}.geojson" for day in days)
