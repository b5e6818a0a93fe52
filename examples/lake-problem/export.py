"""Run the shallow lake problem with EMA Workbench and write its worlds as one table.

`ripeness judge --worlds` reads a table with one row a world and plan; this is one way to make one:

    pip install ema_workbench pyarrow
    python export.py    # writes worlds.parquet beside this file, within ten seconds

A town lets phosphorus run into a lake. Some of it is washed out again, but past a critical level
the sediment gives back more than that, and the lake turns murky even if nothing more flows in
(Carpenter, Ludwig and Brock, "Management of eutrophication for lakes subject to potentially
irreversible change", 1999). Five numbers are assumptions, with the ranges that EMA Workbench's own
example gives them (Kwakkel, "The Exploratory Modeling Workbench", 2017).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import brentq

SCENARIOS = 1_500
SEED = 1999
YEARS = 100
SEEN = (4, 8, 13, YEARS)
"""Years whose pollution is a column of its own: early ones, when it may warn, and the last."""
LAG = 3
"""Years from a survey of the lake to what the town does about it."""
GAIN = 0.4
"""What a unit of release is worth to the town."""
DAMAGE = 0.002
"""What pollution costs a year, times its square: our own number, so small that camps can differ."""

ASSUMED = {
    "b": (0.1, 0.45),
    "q": (2.0, 4.5),
    "mean": (0.01, 0.05),
    "stdev": (0.001, 0.005),
    "delta": (0.93, 0.99),
}
OUTCOMES = ["max_P", "utility", "net_utility", "inertia", "reliability", "tipped", "tipped_year"]
OUTCOMES += [f"pollution_w{year}" for year in SEEN]
NEVER = 99.0
PLANS = {
    "low": {"release": 0.02, "cut": 0.0, "level": NEVER},
    "high": {"release": 0.06, "cut": 0.0, "level": NEVER},
    "falling": {"release": 0.06, "cut": 0.06 / 50, "level": NEVER},
    "watchful": {"release": 0.06, "cut": 0.0, "level": 0.4},
}
"""Release in the first year, what is cut from it each year, and the pollution that stops it."""


def lake(
    b: float, q: float, mean: float, stdev: float, delta: float, luck: int, **plan: float
) -> dict[str, float]:
    """Follow one lake for a century under one plan: X' = X + a + X^q / (1 + X^q) - b X + inflow."""
    # Paired worlds: `luck` belongs to the scenario, and all inflow is drawn from it before the plan
    # does anything. So a scenario has the same weather under every plan, and where it comes out
    # differently under two of them, the plans did it. With fresh draws in every run, a comparison
    # of plans would count mere luck as an effect.
    spread = np.log1p((stdev / mean) ** 2)
    weather = np.random.default_rng(int(luck))
    inflows = weather.lognormal(np.log(mean) - spread / 2, np.sqrt(spread), YEARS).tolist()

    pollution, releases = [0.0], []
    for year, inflow in enumerate(inflows):
        x, surveyed = pollution[-1], pollution[max(year - LAG, 0)]
        release = max(plan["release"] - plan["cut"] * year, 0.0)
        releases.append(release if surveyed <= plan["level"] else 0.0)
        pollution.append(x + releases[-1] + x**q / (1 + x**q) - b * x + inflow)

    # The critical level is the first root of X^q / (1 + X^q) = b X. It lies below the level at
    # which the sediment gives back most for what is there.
    critical = brentq(lambda x: x**q / (1 + x**q) - b * x, 1e-3, (q - 1) ** (1 / q))
    x, a = np.array(pollution[1:]), np.array(releases)
    above = np.flatnonzero(x > critical)
    discount = delta ** np.arange(YEARS)
    utility = GAIN * float(a @ discount)
    return {
        "max_P": max(pollution),
        "utility": utility,
        "net_utility": utility - DAMAGE * float(x**2 @ discount),
        "inertia": float(np.mean(np.abs(np.diff(a)) > 0.02)),
        "reliability": 1 - len(above) / YEARS,
        "tipped": float(len(above) > 0),
        "tipped_year": float(above[0] + 1) if len(above) else np.nan,
        **{f"pollution_w{year}": pollution[year] for year in SEEN},
    }


def experiments() -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Run every scenario under every plan: EMA's table of experiments, and outcomes by name."""
    import ema_workbench as ema  # pyright: ignore[reportMissingImports]

    model = ema.Model("lake", function=lake)
    model.uncertainties = [ema.RealParameter(name, *between) for name, between in ASSUMED.items()]
    model.uncertainties += [ema.IntegerParameter("luck", 0, 999_999)]
    model.levers = [ema.RealParameter(name, 0, NEVER) for name in PLANS["low"]]
    model.outcomes = [ema.ScalarOutcome(name) for name in OUTCOMES]
    policies = [ema.Policy(name, **levers) for name, levers in PLANS.items()]
    np.random.seed(SEED)  # EMA Workbench draws its scenarios from NumPy's global numbers
    with ema.SequentialEvaluator(model) as evaluator:
        return evaluator.perform_experiments(SCENARIOS, policies)


def main() -> None:
    """Write worlds.parquet: one row a scenario and policy, assumptions beside outcomes."""
    scenarios, outcomes = experiments()
    table = pd.concat([scenarios, pd.DataFrame(outcomes)], axis="columns")
    # Without EMA's column `model`, of which there is one, and the levers: the policy names them.
    table = table[["scenario", "policy", *ASSUMED, "luck", *OUTCOMES]]
    types = dict.fromkeys(table, "float32") | {"scenario": "int32", "luck": "int32"}
    types |= {"policy": "str", "tipped": "int8", "tipped_year": "Int16"}  # empty if it never tips
    path = Path(__file__).with_name("worlds.parquet")
    table.astype(types).to_parquet(path, index=False, compression="zstd")
    print(f"{path.name}: {len(table):,} rows, {path.stat().st_size / 1000:,.0f} kB")


if __name__ == "__main__":
    main()
