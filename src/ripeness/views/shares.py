"""Shares of all worlds under each plan in which a column has a value, with their error."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from ripeness.claims.estimates import Estimate, Z, wilson
from ripeness.errors import UsageError
from ripeness.views.words import DOTS, SPACE, in_twenty
from ripeness.worlds.store import parts

Shares = Mapping[str, Mapping[Any, Estimate]]
"""By plan and value: the share of its worlds, with the 95 % Monte Carlo interval."""


def shares_of(
    folder: Path, column: str, values: Sequence[Any], among: str = "true"
) -> dict[str, dict[Any, Estimate]]:
    """Give the share of all worlds that has each value of a column; nothing if there is no such.

    Parameters
    ----------
    folder
        A run folder.
    column
        Of the table of worlds.
    values
        Which values, in their order; one that no world has gets a share of 0 with its interval.
    among
        Only worlds for which this holds (SQL) count as having a value; shares are of all worlds.
    """
    sums = f"sum(weight) filter ({among}) as held, sum(weight) as whole"
    query = f"select plan, {column} as value, {sums}, sum(weight * weight) as squares from t"
    rows: list[dict[str, Any]] = _asked(folder, f"{query} group by all order by all").to_dict(
        "records"
    )
    found: dict[str, dict[Any, Estimate]] = {}
    for plan in dict.fromkeys(row["plan"] for row in rows):
        mine = [row for row in rows if row["plan"] == plan]
        whole, squares = (sum(row[name] for row in mine) for name in ("whole", "squares"))
        held = {row["value"]: row["held"] for row in mine if row["held"] == row["held"]}
        size = whole**2 / squares  # as Kish counts worlds that are weighted
        found[plan] = {value: wilson(held.get(value, 0.0) / whole, size) for value in values}
    return found


def means_by(
    folder: Path, values: Sequence[str], group: str
) -> list[tuple[str, Any, dict[str, Estimate]]]:
    """Give plan, group and the means of columns in its worlds; none if they are not there.

    Parameters
    ----------
    values, group
        Columns of the table of worlds.
    """
    sums = ", ".join(
        f"sum({name}::double * weight) / sum(weight) as mean_{name}, "
        f"sum({name}::double ** 2 * weight) / sum(weight) as square_{name}"
        for name in values
    )
    size = "sum(weight) ** 2 / sum(weight ** 2) as size"  # as Kish counts worlds that are weighted
    query = f"select plan, {group} as of, {size}, {sums} from t group by all order by all"
    rows: list[dict[str, Any]] = _asked(folder, query).to_dict("records") if values else []

    def estimate(row: dict[str, Any], name: str) -> Estimate:
        mean = row[f"mean_{name}"]
        half = Z * math.sqrt(max(row[f"square_{name}"] - mean**2, 0.0) / row["size"])
        return Estimate(mean, mean - half, mean + half)

    return [
        (row["plan"], row["of"], {name: estimate(row, name) for name in values}) for row in rows
    ]


def _asked(folder: Path, query: str) -> pd.DataFrame:
    try:
        files = [str(part) for part in parts(folder)]
        # one thread: sums are to come to the same every time, to the last digit
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.read_parquet(files).create_view("t")
            return connection.execute(query).df()
    except (UsageError, duckdb.BinderException):  # no worlds, or none with such a column
        return pd.DataFrame({"plan": []})


def twenty(shares: Mapping[Any, Estimate]) -> list[Any]:
    """Give twenty dots, each the value of one world in 20: those at evenly spaced quantiles.

    Parameters
    ----------
    shares
        Of each value, from the lowest to the highest.
    """
    dots, reached = [], 0.0
    for value in shares:
        reached += shares[value].value
        while len(dots) < DOTS and (len(dots) + 0.5) / DOTS <= reached:
            dots.append(value)
    return dots


def across_plans(shares: Mapping[str, float]) -> str:
    """Say in how many worlds something is, under the plans where it is most and least often.

    Examples
    --------
    >>> across_plans({"hold": 0.31, "raid": 0.3}), across_plans({"hold": 0.4, "raid": 0.2})
    ('in 6 in 20 worlds under every plan', 'in 8 in 20 worlds under hold and in 4 in 20 under raid')
    """
    high, low = (pick(shares, key=lambda plan: shares[plan]) for pick in (max, min))
    most, least = in_twenty(shares[high]), in_twenty(shares[low])
    if most == least:
        return f"in {most} worlds under every plan"
    return f"in {most} worlds under {high} and in {least} under {low}"


def exact(share: Estimate) -> str:
    """Write a share with its interval, and no digit finer than its error: ``8.5 % (7.9–9.1 %)``.

    Examples
    --------
    >>> exact(Estimate(0.0847, 0.0789, 0.0909)).replace(SPACE, " ")
    '8.5 % (7.9–9.1 %)'
    >>> exact(Estimate(0.0, 0.0, 0.00047)).replace(SPACE, " ")
    'below 0.05 %'
    """
    half = 50 * (share.high - share.low)
    digits = max(0, -math.floor(math.log10(half))) if half > 0 else 2
    if share.value <= 0.0:
        return f"below {_up(100 * share.high, digits)}{SPACE}%"
    if share.value >= 1.0:
        return f"above {100 - float(_up(100 - 100 * share.low, digits)):.{digits}f}{SPACE}%"
    low, value, high = (100 * end for end in (share.low, share.value, share.high))
    return f"{value:.{digits}f}{SPACE}% ({low:.{digits}f}–{high:.{digits}f}{SPACE}%)"


def _up(value: float, digits: int) -> str:
    return f"{math.ceil(value * 10**digits) / 10**digits:.{digits}f}"
