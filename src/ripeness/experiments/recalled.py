"""What verdicts rest on memory: the same worlds with only the recalled assumptions drawn anew.

The share of the variance of a claim's answer, over worlds, that comes from a group of assumptions
is its total index, by the estimator of M. Jansen, "Analysis of variance designs for model output",
1999 (also Saltelli and others 2010, table 2): half the mean squared difference between worlds that
differ in the group alone, over the variance. It counts what the group does together with all else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ripeness.case.measures import tables_of
from ripeness.claims.answers import Answers, answers
from ripeness.claims.estimates import Estimate
from ripeness.claims.judge import FEWEST_WORLDS
from ripeness.claims.language import Claim, Claims
from ripeness.claims.queries import measures_named, tables_read
from ripeness.claims.table import open_worlds
from ripeness.worlds import store
from ripeness.worlds.request import Request
from ripeness.worlds.run import rows_of_block
from ripeness.worlds.simulate import BLOCK, block_of, train
from ripeness.worlds.variants import as_it_is, drawn_anew

ANEW = 0xA4E7
"""Makes the second draw's seed another than any other's; what it is does not matter."""

RESAMPLES = 2_000

FEWEST_OTHERWISE = 20
"""Answers of the rarer kind, in both draws together, that a share of their variance needs."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class ReadTable:
    """A table of the record that a verdict was read from: rows recalled, and all its rows."""

    table: str
    recalled: int
    rows: int


@dataclass(frozen=True)
class Rests:
    """What a claim's two verdicts rest on memory.

    Attributes
    ----------
    id, essay, says
        Of the claim.
    tested
        Whether it has a test in the model.
    share
        Of the variance of its answer over worlds, what comes from recalled assumptions (total
        index), with a 95 % bootstrap interval; None without a test, if fewer than fifty worlds
        answer, or nearly all of them answer the same.
    worlds
        How many answered in both draws.
    record
        The tables that its record verdict was read from; empty if it has none.
    """

    id: str
    essay: str
    says: str
    tested: bool
    share: Estimate | None
    worlds: int
    record: tuple[ReadTable, ...]

    def as_record(self) -> dict[str, Any]:
        """Return all of it as one record, ready for JSON."""
        return asdict(self)


def rest_on_recalled(
    asked: Request,
    claims: Claims,
    recalled: Sequence[str],
    rows: Mapping[str, tuple[int, int]],
    progress: Progress,
) -> tuple[Rests, ...]:
    """Run worlds twice, the second time with the recalled assumptions drawn anew.

    Sides value going on as fitted once: the second draw is from the same distribution.

    Parameters
    ----------
    asked
        The run; its plans are those that claims are about. Without plans nothing is run.
    claims
        The claims, checked against the case.
    recalled
        Names of the recalled assumptions.
    rows
        For each table of the record how many rows are only recalled, and how many it has.
    """
    first, second = _said_twice(asked, claims, recalled, progress) if asked.plans else ({}, {})
    rng = np.random.default_rng([asked.seed, ANEW])
    progress("comparing the answers", 0.98)
    made_from = {name: tables_of(measure) for name, measure in asked.case.measures.items()}
    return tuple(_rests(claim, first, second, made_from, rows, rng) for claim in claims.claims)


def total_index(
    first: NDArray[np.bool_], second: NDArray[np.bool_], rng: np.random.Generator
) -> Estimate | None:
    """Estimate a total index of a yes or no from worlds that answered it in two draws.

    Parameters
    ----------
    first, second
        The answers of each world, before and after the group was drawn anew.
    rng
        For the bootstrap over worlds.

    Returns
    -------
    The index with its 95 % interval; None if nearly all answers are the same.
    """
    # A world is one of four kinds, so that a resample of worlds is one of their counts.
    counts = np.bincount(2 * first.astype(int) + second.astype(int), minlength=4)
    yes = int(first.sum() + second.sum())
    if min(yes, 2 * len(first) - yes) < FEWEST_OTHERWISE:
        return None
    again = rng.multinomial(len(first), counts / len(first), RESAMPLES)
    low, high = np.nanquantile(_index(again), [0.025, 0.975])
    # The estimator can be above 1, which no index is.
    return Estimate(*(min(float(x), 1.0) for x in (_index(counts[None])[0], low, high)))


def _index(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Jansen's estimator from counts of worlds that said no-no, no-yes, yes-no, yes-yes."""
    worlds = counts.sum(1)
    differ = (counts[:, 1] + counts[:, 2]) / worlds
    yes = (counts[:, 1] + counts[:, 2] + 2 * counts[:, 3]) / (2 * worlds)
    with np.errstate(divide="ignore", invalid="ignore"):  # a resample in which all are the same
        return differ / (2.0 * yes * (1.0 - yes))


def _rests(
    claim: Claim,
    first: Mapping[str, Answers],
    second: Mapping[str, Answers],
    made_from: Mapping[str, set[str]],
    rows: Mapping[str, tuple[int, int]],
    rng: np.random.Generator,
) -> Rests:
    queries = [figure.sql for figure in claim.record.figures.values()] if claim.record else []
    read = {table for query in queries for table in tables_read(query)}
    for measure in {name for query in queries for name in measures_named(query)}:
        read |= made_from.get(measure, set())
    share, worlds = None, 0
    if claim.id in first:
        before, after = first[claim.id], second[claim.id]
        both = before.asked & after.asked
        worlds = int(both.sum())
        if worlds >= FEWEST_WORLDS:
            share = total_index(before.holds[both], after.holds[both], rng)
    return Rests(
        id=claim.id,
        essay=claim.essay,
        says=claim.says,
        tested=claim.id in first,
        share=share,
        worlds=worlds,
        record=tuple(ReadTable(table, *rows[table]) for table in sorted(read) if table in rows),
    )


def _said_twice(
    asked: Request, claims: Claims, recalled: Sequence[str], progress: Progress
) -> tuple[dict[str, Answers], dict[str, Answers]]:
    """What worlds answer as they are, and with the recalled assumptions drawn anew."""
    progress("fitting what going on is worth", 0.0)
    going_on = train(asked.case, asked.seed, list(asked.plans))
    blocks = -(-asked.worlds // BLOCK)
    with TemporaryDirectory(prefix="ripeness-") as place:
        said = []
        for draw in range(2):
            folder = Path(place) / str(draw)
            for number in range(blocks):
                progress("running worlds twice", 0.4 + 0.55 * (draw + number / blocks) / 2)
                anew = drawn_anew(recalled, [asked.seed, ANEW, number])
                variant = anew if draw else as_it_is
                block = block_of(asked.case, asked.seed, number, variant)
                frame, _ = rows_of_block(asked, going_on, block)
                store.write_table(frame, folder / "worlds" / f"block-{number:05d}.parquet")
            said.append(answers(claims, open_worlds(store.parts(folder))))
        return said[0], said[1]
