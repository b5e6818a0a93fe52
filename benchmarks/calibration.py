"""Simulation-based calibration: does a truth lie anywhere among the worlds that its figures leave?

Again and again a truth is drawn from the prior, figures of it with the errors that are declared,
and worlds are weighed by these figures. If the filter is right, the share of worlds that lie below
the truth is uniform, for each assumption and whatever follows from them, and 90 % intervals hold
90 % of truths (Talts, Betancourt, Simpson, Vehtari and Gelman, "Validating Bayesian inference
algorithms with simulation-based calibration", 2018).

In: how often. Out: a table on standard output, how far it is on standard error.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from random_walk import ASSUMPTIONS, DRIFT, ERROR, Walk, levels
from scipy.stats import chisquare
from threadpoolctl import threadpool_limits

import ripeness
from ripeness.case.schema import CaseFile
from ripeness.record.assimilation import Likelihood, assimilate, path
from ripeness.record.errors import bias, terms
from ripeness.record.filtering import Worlds, filter_worlds
from ripeness.record.observations import Observations, observed_by
from ripeness.settlement.continuation import untrained

CASE, UNTIL = "kursk-2024", date(2024, 9, 17)
SEEN = ("donetsk", "kursk_held", "kursk_claimed", "russian_losses")
"""What is observed of each simulated war, on the dates of the record; two are of one series."""

FOLLOWED = ("ground_donetsk", "ground_kursk", "casualties_russia", "support_ukraine")
"""Series of which the last week is ranked; nothing was observed of the last."""

WALK_WEEKS, WALK_WORLDS, WAR_WORLDS = 20, 1024, 2048

BINS = 10
"""Of the chi-square test of uniformity: 20 truths each of 200."""

Ranks = dict[str, float]
"""By quantity, the share of worlds, by weight, that lie below the truth."""

THREADS = 2

MOST, LEAST = 8, 4
"""Assumptions of wars shown one by one: those of which most is learned, and least."""


@dataclass(frozen=True)
class Calibrated:
    """How truths lay among worlds in one quantity.

    Attributes
    ----------
    ranks
        By repetition, the share of worlds that lay below the truth.
    """

    ranks: np.ndarray

    @property
    def coverage(self) -> float:
        """Share of truths within the 90 % interval."""
        return float(np.mean(np.abs(self.ranks - 0.5) < 0.45))

    @property
    def error(self) -> float:
        """Standard error of a coverage that is right."""
        return float(np.sqrt(0.9 * 0.1 / len(self.ranks)))

    @property
    def uniform(self) -> float:
        """Probability of ranks at least as uneven as these, if the filter is right."""
        counts, _ = np.histogram(self.ranks, BINS, (0.0, 1.0))
        return float(chisquare(counts).pvalue)


def rank(truth: float, values: np.ndarray, worlds: Worlds) -> float:
    """Give the share of worlds, by weight, that lie below the truth."""
    return float(worlds.weight @ (values < truth))


def walk(repetition: int) -> Ranks:
    """Draw a random walk and its figures, filter, and rank what is known of it."""
    chance = np.random.default_rng([repetition, 0])
    z = chance.standard_normal((1, ASSUMPTIONS))
    luck = _lucks(chance, (1, WALK_WEEKS + 1))
    level = levels(z, luck)[0]
    figures = level + ERROR * chance.standard_normal(WALK_WEEKS + 1)
    prior = chance.standard_normal((WALK_WORLDS, ASSUMPTIONS))
    found = filter_worlds(Walk(figures), prior, WALK_WEEKS, [WALK_WEEKS], repetition)
    worlds = found.at[WALK_WEEKS]
    paths = levels(worlds.assumptions, worlds.luck)
    return {
        "drift": rank(z[0, 0], worlds.assumptions[:, 0], worlds),
        "first level": rank(z[0, 1], worlds.assumptions[:, 1], worlds),
        "assumption without effect": rank(z[0, 2], worlds.assumptions[:, 2], worlds),
        "level in the last week": rank(level[-1], paths[:, -1], worlds),
        "level in the week before the middle": rank(level[9], paths[:, 9], worlds),
        "drift times level": rank(DRIFT * z[0, 0] * level[-1], _product(worlds, paths), worlds),
    }


def _product(worlds: Worlds, paths: np.ndarray) -> np.ndarray:
    return DRIFT * worlds.assumptions[:, 0] * paths[:, -1]


class Wars:
    """Simulated wars of the Kursk case as truths, with figures such as the record has.

    Attributes
    ----------
    truths
        How many there are: of so many worlds drawn from the prior as are weighed, those in which
        the war goes on and the incursion takes place, as the record says.
    names
        Of the assumptions, and of what sources are off by, as a share of the truth.
    """

    def __init__(self, case: CaseFile, worlds: int, seed: int) -> None:
        assert case.followed is not None, "the case says which plan was followed"
        self.case, self.plan, self.worlds = case, case.followed.plan, worlds
        record = Path(ripeness.__file__).parent / "cases" / case.id / "record"
        self.dated = [seen for seen in observed_by(case, record, UNTIL) if seen.name in SEEN]
        self.week = -(-(UNTIL - case.decision_date).days // 7)
        likelihood = self._likelihood(self.dated)
        self._bias = {seen.name: share for seen in self.dated if (share := bias(seen))}
        self.names = [*likelihood.names, *(_off(name) for name in self._bias)]
        chance = np.random.default_rng([seed, 1])
        z = chance.standard_normal((worlds, len(likelihood.names)))
        luck = _lucks(chance, (worlds, self.week + 1))
        paths = self._paths(likelihood, z, luck)
        can_be = np.isfinite(likelihood.until(z, luck, self.week)).all(1)
        self._z, self._luck = z[can_be], luck[can_be]
        self._true = {name: values[:, can_be] for name, values in paths.items()}
        self.truths = int(can_be.sum())

    def __call__(self, repetition: int) -> tuple[Ranks, dict[str, float]]:
        """Rank a truth among the worlds that its figures leave; say what was learned as well.

        Returns
        -------
        Ranks, and by assumption the share of its variance that is gone.
        """
        chance, weeks = np.random.default_rng([repetition, 3]), self.week
        true_off = {name: share * chance.standard_normal() for name, share in self._bias.items()}
        likelihood = self._likelihood(self._figures(repetition, true_off))
        found = assimilate(likelihood, self.worlds, weeks, [weeks], repetition, lambda _week: None)
        worlds = found.at[weeks]
        ranks = {
            name: rank(truth, values, worlds)
            for name, truth, values in zip(
                likelihood.names, self._z[repetition], worlds.assumptions.T, strict=True
            )
        }
        mean = worlds.weight @ worlds.assumptions
        variance = worlds.weight @ (worlds.assumptions - mean) ** 2
        gone = dict(zip(likelihood.names, 1.0 - variance, strict=True))
        paths = self._paths(likelihood, worlds.assumptions, worlds.luck)
        for figures in likelihood.observed:
            off = figures.off(paths[figures.series], chance)
            for name, values in zip(figures.sources, off, strict=True):
                if share := self._bias.get(name):
                    ranks[_off(name)] = rank(true_off[name], values, worlds)
                    spread = worlds.weight @ (values - worlds.weight @ values) ** 2
                    gone[_off(name)] = 1.0 - float(spread) / share**2
        for name, series in paths.items():
            truth = self._true[name][weeks, repetition]
            ranks[f"{name} in the last week"] = rank(truth, series[weeks], worlds)
        logs = likelihood.until(worlds.assumptions, worlds.luck, weeks).sum(1)
        ranks["log likelihood of all figures"] = rank(
            self._log(likelihood, repetition), logs, worlds
        )
        return ranks, gone

    def _likelihood(self, seen: Sequence[Observations]) -> Likelihood:
        return Likelihood(self.case, self.plan, seen, untrained(self.case.weeks + 1))

    def _paths(
        self, likelihood: Likelihood, z: np.ndarray, luck: np.ndarray
    ) -> dict[str, np.ndarray]:
        """Follow worlds: by series, weeks by worlds."""
        seen = likelihood.follow(z, luck, self.week)
        return {name: path(self.case, seen, name)[: self.week + 1] for name in FOLLOWED}

    def _log(self, likelihood: Likelihood, repetition: int) -> float:
        """Log likelihood of all figures in the truth itself."""
        # as many times as there are worlds, for another number would have to be compiled anew
        z, luck = (np.repeat(x[[repetition]], self.worlds, 0) for x in (self._z, self._luck))
        return float(likelihood.until(z, luck, self.week)[0].sum())

    def _figures(self, repetition: int, off: dict[str, float]) -> list[Observations]:
        """Draw figures of one war, with the errors and the drift that the case declares."""
        chance = np.random.default_rng([repetition, 2])
        drawn = []
        for name in dict.fromkeys(one.declared.series for one in self.dated):
            sources = [one for one in self.dated if one.declared.series == name]
            of_series = terms(sources)
            scales = np.array([1.0 + off.get(one.name, 0.0) for one in sources])
            weeks = of_series.sums.shape[1]
            shown = of_series.sums @ self._true[name][:weeks, repetition]
            error = np.linalg.cholesky(of_series.covariance) @ chance.standard_normal(len(shown))
            values = shown * scales[of_series.source] + error
            for place, one in enumerate(sources):
                mine = values[of_series.source == place]
                total = one.declared.how == "total"
                drawn.append(replace(one, values=np.cumsum(mine) if total else mine))
        return drawn


def ranked(of: Callable[[int], Ranks], repetitions: int, what: str) -> dict[str, Calibrated]:
    """Repeat, on two threads, and gather ranks by quantity."""
    found = list(_told(of, repetitions, what))
    return {name: Calibrated(np.array([ranks[name] for ranks in found])) for name in found[0]}


def main() -> None:
    """Measure and show it."""
    parser = argparse.ArgumentParser(description="Simulation-based calibration of the filter.")
    parser.add_argument("--repetitions", type=int, default=200, help="truths of each kind")
    repetitions = parser.parse_args().repetitions
    walks = ranked(walk, repetitions, "random walks")
    case = ripeness.load(CASE).file
    wars = Wars(case, WAR_WORLDS, seed=1)
    repetitions = min(repetitions, wars.truths)
    learned: list[dict[str, float]] = []

    def war(repetition: int) -> Ranks:
        ranks, gone = wars(repetition)
        learned.append(gone)
        return ranks

    of_wars = ranked(war, repetitions, "simulated wars")
    gone = {name: float(np.mean([one[name] for one in learned])) for name in wars.names}
    by_gone = sorted(wars.names, key=lambda name: -gone[name])
    followed = [name for name in of_wars if name not in gone]
    print(f"{'':<44}{'variance gone':>14}{'in 90 % interval':>20}{'p, uniform':>12}")
    for heading, found, names in (
        ("Random walks", walks, list(walks)),
        ("Simulated wars, what is learned most", of_wars, by_gone[:MOST]),
        ("what is learned least", of_wars, by_gone[-LEAST:]),
        ("what follows", of_wars, followed),
    ):
        print(f"\n{heading}")
        for name in names:
            print(_line(name, found[name], gone.get(name)))
    every = [of_wars[name] for name in wars.names]
    shares = np.array([one.coverage for one in every])
    smallest = min(one.uniform for one in every)
    print(
        f"\nAll {len(every)} assumptions and biases of wars: {100 * shares.mean():.1f} % of truths"
    )
    print(f"in the 90 % interval, {100 * shares.min():.0f} to {100 * shares.max():.0f} % by one;")
    print(
        f"the least even has p = {smallest:.4f}, among so many {min(1, smallest * len(every)):.2f}"
    )


def _line(name: str, found: Calibrated, gone: float | None) -> str:
    learned = "" if gone is None else f"{100 * gone:.0f} %"
    covered = f"{100 * found.coverage:.1f} ± {100 * found.error:.1f} %"
    return f"  {name:<42}{learned:>14}{covered:>20}{found.uniform:>12.3f}"


def _told(of: Callable[[int], Ranks], repetitions: int, what: str) -> Iterator[Ranks]:
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(max_workers=THREADS) as pool:
        for done, ranks in enumerate(pool.map(of, range(repetitions)), start=1):
            print(f"\r{what}: {done} of {repetitions}", end="", file=sys.stderr, flush=True)
            yield ranks
    print(file=sys.stderr)


def _off(source: str) -> str:
    return f"what {source} is off by"


def _lucks(chance: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return chance.integers(0, 2**32, shape, dtype=np.uint32)


if __name__ == "__main__":
    main()
