"""Published series into the shapes of the tables: area, casualties, losses, strikes, aid."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ripeness.errors import RipenessError
from ripeness.record.fetch.download import Download
from ripeness.record.fetch.source import PROVENANCE, UNSTATED, Parsed, Schema

if TYPE_CHECKING:
    import pandas as pd

KM2 = 1e-6  # km² a m²
SUNDAY = 6
UKRAINE_KM2 = 603_628.0
"""Area of Ukraine in its borders of 1991, km² (State Statistics Service of Ukraine)."""

ECONOMIST = "The Economist meta-estimate (95% CI)"
ECONOMIST_LICENCE = "MIT (The Economist)"
HINDSIGHT = "a figure of hindsight, known from the latest day that the compilation names"
EQUIPMENT = {
    "tanks_week": "tank",
    "armoured_vehicles_week": "APC",
    "artillery_week": "field artillery",
    "mlrs_week": "MRL",
    "air_defence_week": "anti-aircraft warfare",
    "aircraft_week": "aircraft",
    "helicopters_week": "helicopter",
    "uav_operational_week": "drone",
    "cruise_missiles_week": "cruise missiles",
    "ships_week": "naval ship",
    "submarines_week": "submarines",
    "vehicles_week": "vehicles and fuel tanks",
    "special_equipment_week": "special equipment",
    "ground_robots_week": "ground robotic systems",
}
"""Columns of `losses` and the names of the published totals."""

MISSILES = (
    r"X-\d|Kh-\d|Х-\d|Kalibr|Iskander|Kinzhal|[CS]-[34]00|Oni[kx]s|Zircon|KN-23|P-800|Missile"
)
DRONES = r"Shahed|Geran"

AREA_SCHEMA = Schema(
    columns=("date", "km2", "pct_of_ukraine", *PROVENANCE),
    key=("date",),
    ranges={"km2": (0.0, UKRAINE_KM2), "pct_of_ukraine": (0.0, 100.0)},
    required=("km2", "pct_of_ukraine"),
)
CASUALTIES_SCHEMA = Schema(
    columns=(
        "date",
        "country",
        "measure",
        "estimate_low",
        "estimate",
        "estimate_high",
        "estimator",
        "warring_party_claim",
        "compiled_by",
        *PROVENANCE,
        "note",
    ),
    key=("date", "country", "measure", "estimator"),
    ranges=dict.fromkeys(("estimate_low", "estimate", "estimate_high"), (0.0, 1e7)),
    required=("estimate_low", "estimate", "estimate_high"),
    part={"estimator": ECONOMIST},
)
LOSSES_SCHEMA = Schema(
    columns=(
        "week_end",
        "days_in_week",
        "personnel_claimed_week",
        *EQUIPMENT,
        "personnel_claimed_cumulative",
        *PROVENANCE,
    ),
    key=("week_end",),
    # Corrections make weeks negative; more than this in a week is a slip of a digit.
    ranges={
        "days_in_week": (1, 7),
        "personnel_claimed_week": (-50_000, 50_000),
        **dict.fromkeys(EQUIPMENT, (-50_000, 50_000)),
        "personnel_claimed_cumulative": (0, 1e7),
    },
    required=("days_in_week", "personnel_claimed_week", "personnel_claimed_cumulative"),
)
STRIKES_SCHEMA = Schema(
    columns=("date", "missiles_launched", "drones_launched", "n_records", *PROVENANCE),
    key=("date",),
    ranges={
        "missiles_launched": (0, 1_000),
        "drones_launched": (0, 10_000),
        "n_records": (0, 500),
    },
    required=("missiles_launched", "drones_launched", "n_records"),
)
AID = (
    "allocations_total_eur_bn",
    "allocations_military_eur_bn",
    "allocations_financial_eur_bn",
    "allocations_humanitarian_eur_bn",
    "commitments_eur_bn",
)
MONTHS_TO_RELEASE = 2
"""From a month's end to the release of the Ukraine Support Tracker that has it, about."""

AID_SCHEMA = Schema(
    columns=("month", "donor_group", *AID, *PROVENANCE),
    key=("month", "donor_group"),
    # Corrections make months negative.
    ranges=dict.fromkeys(AID, (-200.0, 200.0)),
    required=AID,
)


def isw_area(files: Sequence[Download], _: Path) -> Parsed:
    """Read the area assessed as held by Russia, m² a day, into km² on every Tuesday."""
    import pandas as pd

    area, percent = (
        "area_assessed_as_russia_controlled",
        "area_assessed_as_russia_controlled_percent",
    )
    table = _csv(files[0], ("date", area, percent))
    days = _days(table, "date")
    rows = table.loc[(days.dt.day_of_week == 1).to_numpy()]
    return Parsed(
        pd.DataFrame(
            {
                "date": rows["date"],
                "km2": (_numbers(rows, area) * KM2).round(1),
                "pct_of_ukraine": _numbers(rows, percent).round(2),
                "source": "ISW assessed Russian-controlled area, compiled by The Economist (MIT)",
                "confidence": "estimated",
                "known": rows["date"],
                "licence": ECONOMIST_LICENCE,
            }
        )
    )


def economist_casualties(files: Sequence[Download], _: Path) -> Parsed:
    """Read The Economist's cumulative estimates of a day, at the ends of months.

    Each release estimates all days anew, so that a figure is known from the release's last day.
    """
    import pandas as pd

    columns = ("date", "estimate", "ci_lower", "ci_upper", "type", "country")
    table = pd.concat([_csv(file, columns) for file in files])
    ends = _days(table, "date").dt.is_month_end
    rows = table.loc[ends.to_numpy()].sort_values(by=["date", "country", "type"])
    return Parsed(
        pd.DataFrame(
            {
                "date": rows["date"],
                "country": rows["country"],
                "measure": rows["type"],
                "estimate_low": _numbers(rows, "ci_lower").round(),
                "estimate": _numbers(rows, "estimate").round(),
                "estimate_high": _numbers(rows, "ci_upper").round(),
                "estimator": ECONOMIST,
                "warring_party_claim": "no",
                "compiled_by": "The Economist github, MIT",
                "source": "https://github.com/TheEconomist/"
                "the-economist-ukraine-war-dead-and-wounded-estimates",
                "confidence": "found",
                "known": str(table["date"].max()),
                "licence": ECONOMIST_LICENCE,
                "note": HINDSIGHT,
            }
        )
    )


def general_staff_losses(files: Sequence[Download], _: Path) -> Parsed:
    """Read totals of personnel and equipment claimed by a day, into losses of whole weeks.

    Weeks end on Sunday. A series that starts during the war has no losses in the week in which its
    first total was given, since that total goes back to the war's start.
    """
    import pandas as pd

    people, equipment = (_totals(file) for file in files)
    days = people.filter(["personnel"]).join(equipment, how="inner")
    needed = [name for name in ("personnel", "tank", "APC", "drone") if name not in days]
    if needed:
        raise RipenessError(f"it has no totals of {', '.join(needed)}")
    if days.empty:
        raise RipenessError("its files have no day in common")
    if {"military auto", "fuel tank"} <= set(days.columns):
        apart = days["military auto"] + days["fuel tank"]
        together = "vehicles and fuel tanks"
        days[together] = days[together].fillna(apart) if together in days else apart
    dates = pd.DatetimeIndex(days.index)
    weeks = days.groupby(dates + pd.to_timedelta(SUNDAY - dates.day_of_week, unit="D"))
    ends = weeks.last()
    losses = ends.diff()
    # The first total of all counts from the war's start, two or three days before.
    losses.iloc[0] = ends.iloc[0]
    rows = pd.DataFrame(
        {
            "week_end": pd.DatetimeIndex(ends.index).strftime("%Y-%m-%d"),
            "days_in_week": weeks.size().to_numpy(),
            "personnel_claimed_week": losses["personnel"].to_numpy(),
            **{
                column: losses[name].to_numpy() if name in losses else float("nan")
                for column, name in EQUIPMENT.items()
            },
            "personnel_claimed_cumulative": ends["personnel"].to_numpy(),
            "source": "General Staff of Ukraine, claims",
            "confidence": "claimed",
            "known": pd.DatetimeIndex(ends.index).strftime("%Y-%m-%d"),
            "licence": UNSTATED,
        }
    )
    finished = len(rows) if dates.day_of_week.to_numpy()[-1] == SUNDAY else len(rows) - 1
    return Parsed(rows.head(finished))


def air_force_strikes(files: Sequence[Download], _: Path) -> Parsed:
    """Read the attacks reported by the Ukrainian Air Force into launches by the day they ended."""
    import pandas as pd

    table = _csv(files[0], ("time_start", "time_end", "model", "launched"))
    dates = table["time_end"].map(str).str[:10]
    table = table.assign(date=dates, launched=_numbers(table, "launched").fillna(0.0))
    days = _days(table, "date")
    model = table["model"].map(str)
    drone = model.str.contains(DRONES, case=False)
    missile = model.str.contains(MISSILES, case=False) & ~drone
    counted = drone | missile
    chosen = pd.DataFrame(
        {
            "missiles_launched": table["launched"].where(missile, 0.0),
            "drones_launched": table["launched"].where(drone, 0.0),
            "n_records": counted.astype(float),
        }
    )
    every = pd.date_range(days.min(), days.max())
    sums = pd.DataFrame(chosen.groupby(days).sum()).reindex(every, fill_value=0.0)
    rows = sums.reset_index(drop=True)
    rows.insert(0, "date", every.strftime("%Y-%m-%d"))
    rows = rows.assign(
        source="Ukrainian Air Force daily reports",
        confidence="claimed",
        known=(every + pd.Timedelta(days=1)).strftime("%Y-%m-%d"),
        licence=UNSTATED,
    )
    other = sorted(set(model[~counted]))
    note = f"neither missiles nor long-range drones, so not counted: {', '.join(other)}"
    return Parsed(rows, (note,) if other else ())


def kiel_aid(files: Sequence[Download], _: Path) -> Parsed:
    """Read an export of the Ukraine Support Tracker that has the columns of the table `aid`.

    A month is known two months after its end, about when a release has it.
    """
    import pandas as pd

    given = ["month", "donor_group", *AID, "source"]
    rows = _csv(files[0], given).filter(given)
    ends = _days(rows, "month") + pd.offsets.MonthEnd(1 + MONTHS_TO_RELEASE)
    return Parsed(
        rows.assign(
            confidence="found",
            known=ends.dt.strftime("%Y-%m-%d"),
            licence=f"{UNSTATED}; to be cited",
        )
    )


def _csv(file: Download, columns: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    try:
        table = pd.read_csv(io.BytesIO(file.body))
    except ValueError as error:
        raise RipenessError(f"the file is no table ({error})") from None
    lacking = [column for column in columns if column not in table.columns]
    if lacking:
        raise RipenessError(f"the file lacks the columns {', '.join(lacking)}")
    return table


def _totals(file: Download) -> pd.DataFrame:
    """Totals by day, in the order of days, from a JSON list of one object a day."""
    import pandas as pd

    try:
        table = pd.DataFrame(json.loads(file.body))
        table.index = pd.DatetimeIndex(pd.to_datetime(table.pop("date"), format="ISO8601"))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise RipenessError(f"the file is no list of days ({error})") from None
    if table.index.has_duplicates:
        raise RipenessError("two totals are of the same day")
    numbers = {name: pd.to_numeric(table[name], errors="coerce") for name in table.columns}
    return pd.DataFrame(numbers).drop(columns="day", errors="ignore").sort_index()


def _days(table: pd.DataFrame, column: str) -> pd.Series:
    import pandas as pd

    days = pd.to_datetime(table[column], format="ISO8601", errors="coerce")
    if days.isna().any():
        raise RipenessError(f"the column {column!r} holds something else than dates")
    return days


def _numbers(table: pd.DataFrame, column: str) -> pd.Series:
    import pandas as pd

    try:
        return pd.Series(table[column].to_numpy(float), index=table.index)
    except ValueError:
        raise RipenessError(f"the column {column!r} holds something else than numbers") from None
