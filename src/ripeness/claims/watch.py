"""What to watch: among outcomes that can be seen early, the few that most change a claim's odds.

In: the table of worlds, and what they answer to a claim that is decided later. Out: indicators,
each with its threshold, how much it changes the odds, how often it occurs, and how early.

A threshold is found on half of the worlds and weighed on the other half. The likelihood ratio is
the odds of the claim once the sign is seen, over its odds before (I. J. Good, "Probability and the
Weighing of Evidence", 1950).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ripeness.claims import estimates
from ripeness.claims.answers import Answers
from ripeness.claims.believe import FEWEST_EITHER, enough
from ripeness.claims.binned import binned
from ripeness.claims.crux import CHANCE, LEAST_EXPLAINED
from ripeness.claims.estimates import Estimate, effective_size
from ripeness.claims.language import Claim, ModelTest
from ripeness.claims.phrases import called, either, near, with_unit
from ripeness.claims.predicates import parse
from ripeness.claims.sample import read, sample
from ripeness.claims.splits import Split, best_split, explained
from ripeness.claims.table import Worlds
from ripeness.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

TIMES = (4.0, 8.0, 13.0)
MOST = 3
"""So many indicators are told for each time."""

SAME = 0.5
"""A sign that shares more than this of its variance with a stronger one tells nothing new."""

BINS = 100


@dataclass(frozen=True)
class Indicator:
    """Something to watch for.

    Attributes
    ----------
    outcome, unit, means
        Its column, unit and meaning.
    by
        The time by which it was looked for: 4 finds what can be seen in the first four weeks.
    visible
        When it can be seen.
    lead
        How long before the claim is decided; None if nobody said when that is.
    value, low, high
        The threshold, and its range in 90 % of resamples; None for words.
    words
        Of words, those that are the sign.
    above
        Whether the sign is a value above the threshold.
    ratio
        Likelihood ratio of the sign, with its 95 % interval: by so much the odds that the claim
        holds are multiplied when it is seen.
    absent
        The same of its absence.
    frequency
        Share of worlds in which it is seen.
    if_seen, if_not
        Share of worlds in which the claim holds, with the sign and without.
    """

    outcome: str
    unit: str
    means: str
    by: float
    visible: float
    lead: float | None
    value: float | None
    low: float | None
    high: float | None
    words: tuple[str, ...]
    above: bool
    ratio: Estimate
    absent: Estimate
    frequency: Estimate
    if_seen: Estimate
    if_not: Estimate

    @property
    def sign(self) -> str:
        """The sign in words: ``held in Kursk, after 8 weeks, is above 940 km²``."""
        what = called(self.outcome, self.unit, self.means)
        if self.value is None or self.low is None or self.high is None:
            return f"{what} is {either(self.words)}"
        number = near(self.value, self.low, self.high)
        side = "above" if self.above else "under"
        return f"{what} is {side} {with_unit(number, self.unit, self.means)}"


@dataclass(frozen=True)
class Watch:
    """What to watch for a claim.

    Attributes
    ----------
    id, says
        Of the claim.
    worlds
        How many were asked.
    share
        Of them, those in which it holds.
    plan
        The plan under which signs are seen; empty if there is only one.
    time
        The unit of times.
    decided
        When the claim is decided; None if nobody said.
    indicators
        By time, and for each the strongest first.
    """

    id: str
    says: str
    worlds: int
    share: Estimate
    plan: str
    time: str
    decided: float | None
    indicators: tuple[Indicator, ...]

    def as_record(self) -> dict[str, Any]:
        """Return it as one record, ready for JSON."""
        record = asdict(self)
        record["indicators"] = [
            {**asdict(one), "words": list(one.words), "sign": one.sign} for one in self.indicators
        ]
        return record

    def to_frame(self) -> pd.DataFrame:
        """Return one row an indicator."""
        import pandas as pd

        estimates_ = ("ratio", "absent", "frequency", "if_seen", "if_not")
        rows = []
        for one in self.as_record()["indicators"]:
            flat = {name: value for name, value in one.items() if name not in estimates_}
            for name in estimates_:
                flat |= {name: one[name]["value"]}
                flat |= {f"{name}_{end}": one[name][end] for end in ("low", "high")}
            rows.append(flat)
        return pd.DataFrame.from_records(rows)

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        from html import escape

        shown = ["by", "sign", "ratio", "frequency", "lead"]
        table = self.to_frame()
        told = table[shown].to_html(index=False) if len(table) else "<p>Nothing early tells.</p>"
        return f"<p>{escape(self.says)}</p>{told}"


def watch(
    claim: Claim, worlds: Worlds, said: Answers, by: Sequence[float] = TIMES, seed: int = 1
) -> Watch:
    """Find what to watch for a claim.

    Parameters
    ----------
    claim
        The claim.
    worlds, said
        The table of worlds, and what they answer to it.
    by
        Times by which signs are looked for, in the unit of the table's times.
    seed
        Parts the worlds into those that find a threshold and those that weigh it.

    Raises
    ------
    UsageError
        No outcome can be seen by any of the times, or the claim speaks about too few worlds.
    """
    enough(claim, said)
    asked = sample(worlds, said, seed)
    decided = _decided(said.test, worlds)
    seen = _visible(said.test, worlds, max(by), decided)
    if not seen:
        raise UsageError(
            f"no outcome can be seen by {worlds.about.time} {max(by):g} and before claim "
            f"{claim.id!r} is decided; say when under 'columns: outcomes: <name>: visible'"
        )
    share = estimates.share(asked.holds, asked.weights)
    plans = said.test.plans[:1]
    told: tuple[Indicator, ...] = ()
    if min(asked.holds.sum(), (~asked.holds).sum()) >= FEWEST_EITHER:
        told = _indicators(
            worlds, seen, plans, asked.worlds, asked.holds, asked.weights, by, decided, seed
        )
    return Watch(
        claim.id,
        claim.says,
        len(asked.worlds),
        share,
        plans[0] if plans else "",
        worlds.about.time,
        decided,
        told,
    )


def _decided(test: ModelTest, worlds: Worlds) -> float | None:
    """When a claim is decided: when the last column that it names can be seen."""
    texts = [text for text in (test.given, test.holds) if text]
    names = {name for text in texts for _, name in parse(text).columns}
    outcomes = [name for name in names if name in worlds.outcomes]
    times = [worlds.about.visible(name) for name in outcomes]
    dated = [worlds.about.decided if time is None else time for time in times]
    return None if None in dated or not dated else max(time for time in dated if time is not None)


def _visible(
    test: ModelTest, worlds: Worlds, latest: float, decided: float | None
) -> dict[str, float]:
    """Outcomes that can be seen in time, and when; not those that the claim itself names."""
    texts = [text for text in (test.given, test.holds) if text]
    own = {name for text in texts for _, name in parse(text).columns}
    seen = {}
    for name in worlds.outcomes:
        time = worlds.about.visible(name)
        if time is None or time > latest or name in own:
            continue
        if decided is None or time < decided:
            seen[name] = time
    return seen


def _indicators(
    worlds: Worlds,
    seen: dict[str, float],
    plans: Sequence[str],
    numbers: NDArray[Any],
    holds: NDArray[np.bool_],
    weights: NDArray[np.float64],
    by: Sequence[float],
    decided: float | None,
    seed: int,
) -> tuple[Indicator, ...]:
    draw = np.random.default_rng(seed)
    finding = np.zeros(len(holds), bool)
    finding[draw.permutation(len(holds))[: len(holds) // 2]] = True
    size = effective_size(weights[~finding])
    scored: list[tuple[float, Split]] = []
    for column in read(worlds, list(seen), plans, numbers):
        if not np.isfinite(column.values).all():
            continue
        split = best_split(binned([column], BINS), 0, holds, weights, finding, draw)
        if split is not None:
            told = explained(split.rich[~finding], holds[~finding], weights[~finding])
            if told * size >= CHANCE and told >= LEAST_EXPLAINED:
                scored.append((told, split))
    scored.sort(key=lambda each: -each[0])
    found = []
    for time in sorted(by):
        chosen: list[Split] = []
        for _, split in scored:
            news = all(explained(split.rich, one.rich, weights) <= SAME for one in chosen)
            if len(chosen) < MOST and seen[split.column.name] <= time and news:
                chosen.append(split)
        for split in chosen:
            visible = seen[split.column.name]
            lead = decided - visible if decided is not None else None
            found.append(
                _indicator(split, time, visible, lead, holds[~finding], weights[~finding], ~finding)
            )
    return tuple(found)


def _indicator(
    split: Split,
    by: float,
    visible: float,
    lead: float | None,
    holds: NDArray[np.bool_],
    weights: NDArray[np.float64],
    held_out: NDArray[np.bool_],
) -> Indicator:
    sign = split.rich[held_out]
    number = not split.words
    column = split.column
    return Indicator(
        outcome=column.name,
        unit=column.unit,
        means=column.means,
        by=by,
        visible=visible,
        lead=lead,
        value=split.value if number else None,
        low=split.low if number else None,
        high=split.high if number else None,
        words=split.words,
        above=split.above,
        ratio=likelihood_ratio(sign, holds, weights),
        absent=likelihood_ratio(~sign, holds, weights),
        frequency=estimates.share(sign, weights),
        if_seen=estimates.share(holds[sign], weights[sign]),
        if_not=estimates.share(holds[~sign], weights[~sign]),
    )


def likelihood_ratio(
    sign: NDArray[np.bool_], holds: NDArray[np.bool_], weights: NDArray[np.float64]
) -> Estimate:
    """Estimate by how much a sign multiplies the odds that a claim holds.

    With its 95 % interval on the logarithmic scale (D. Simel, G. Samsa and D. Matchar, "Likelihood
    ratios with confidence", Journal of Clinical Epidemiology 44, 1991), and half a world more in
    each cell, so that it stays finite.
    """
    yes, no = (effective_size(weights[part]) for part in (holds, ~holds))
    seen = [
        float(weights[sign & part].sum() / weights[part].sum() * size) + 0.5
        for part, size in ((holds, yes), (~holds, no))
    ]
    shares = seen[0] / (yes + 1.0), seen[1] / (no + 1.0)
    spread = np.sqrt(sum((1 - share) / count for share, count in zip(shares, seen, strict=True)))
    ratio, half = shares[0] / shares[1], float(np.exp(estimates.Z * spread))
    return Estimate(ratio, ratio / half, ratio * half)
