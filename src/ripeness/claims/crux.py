"""The crux between two who disagree: the assumptions that decide which of two claims is right.

In: what worlds answer to both claims. Out: how often the two part, and for the worlds in which only
one of them holds, the assumptions that best tell which, each with the value where it switches.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ripeness.claims import estimates
from ripeness.claims.answers import Answers
from ripeness.claims.believe import FEWEST_EITHER
from ripeness.claims.binned import Binned, binned
from ripeness.claims.estimates import Estimate, effective_size
from ripeness.claims.language import Claim
from ripeness.claims.phrases import called, either, near, of_worlds, percent, with_unit
from ripeness.claims.sample import Sample, sample
from ripeness.claims.splits import best_split, explained
from ripeness.claims.table import Worlds
from ripeness.claims.verdicts import Verdict

if TYPE_CHECKING:
    import pandas as pd

MOST = 5
CHANCE = 12.0
"""A decider must explain so much, times the held-out worlds: chance alone reaches it once in two
thousand times (chi-square with one degree of freedom)."""

LEAST_EXPLAINED = 0.005
"""And at least so much of the variance: less is no crux, however sure."""


@dataclass(frozen=True)
class Decider:
    """An assumption that tells which of two claims is right.

    Attributes
    ----------
    assumption, unit, means
        Its column, unit and meaning.
    value, low, high
        The value where it switches, and the range of that in 90 % of resamples; None for words.
    words
        Of words, those with which the first claim is right more often.
    above
        Whether the first claim is right more often above the value.
    first_if, first_else
        Share of worlds, of those in which only one holds, in which it is the first: on that side of
        the value, and on the other.
    explained
        Share of the variance that it explains.
    turns
        Whether the likelier of the two is another one on the other side.
    """

    assumption: str
    unit: str
    means: str
    value: float | None
    low: float | None
    high: float | None
    words: tuple[str, ...]
    above: bool
    first_if: Estimate
    first_else: Estimate
    explained: float
    turns: bool

    @property
    def condition(self) -> str:
        """When the first claim is right more often, in words."""
        what = called(self.assumption, self.unit, self.means)
        if self.value is None or self.low is None or self.high is None:
            return f"{what} is {either(self.words)}"
        side = "above" if self.above else "under"
        number = near(self.value, self.low, self.high)
        return f"{what} is {side} {with_unit(number, self.unit, self.means)}"


@dataclass(frozen=True)
class Crux:
    """What decides between two claims.

    Attributes
    ----------
    first, second
        Their ids.
    says
        What each says.
    worlds
        How many worlds both speak about; 0 if they speak about no world together.
    only_first, only_second, both, neither
        Shares of these worlds; None without such worlds.
    asked
        What the deciders tell apart: ``which`` of the two is right where only one is; ``whether``
        they part at all, where it is always the same one that is right then; or, where only one of
        the two is tested over worlds, whether that one ``holds``.
    tested
        The only one of the two that is tested over worlds; empty if both are, or neither.
    deciders
        The assumptions that tell, the strongest first.
    sentence
        All of it in plain words.
    """

    first: str
    second: str
    says: tuple[str, str]
    worlds: int
    only_first: Estimate | None
    only_second: Estimate | None
    both: Estimate | None
    neither: Estimate | None
    asked: str
    deciders: tuple[Decider, ...]
    sentence: str
    tested: str

    def as_record(self) -> dict[str, Any]:
        """Return it as one record, ready for JSON."""
        record = asdict(self)
        record["says"] = list(self.says)
        record["deciders"] = [
            {**asdict(one), "words": list(one.words), "condition": one.condition}
            for one in self.deciders
        ]
        return record

    def to_frame(self) -> pd.DataFrame:
        """Return one row a decider."""
        import pandas as pd

        rows = [
            {
                "assumption": one.assumption,
                "condition": one.condition,
                "value": one.value,
                "low": one.low,
                "high": one.high,
                "first_if": one.first_if.value,
                "first_else": one.first_else.value,
                "explained": one.explained,
                "turns": one.turns,
            }
            for one in self.deciders
        ]
        return pd.DataFrame.from_records(rows)

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        from html import escape

        return f"<p>{escape(self.sentence)}</p>{self.to_frame().to_html(index=False)}"


def crux(
    worlds: Worlds,
    claims: tuple[Claim, Claim],
    said: tuple[Answers | None, Answers | None],
    judged: tuple[Verdict, Verdict] | None = None,
    seed: int = 1,
) -> Crux:
    """Find what decides between two claims.

    Parameters
    ----------
    worlds
        The table of worlds.
    claims, said
        The two, and what the worlds answer to each; None to one that worlds were not asked about.
    judged
        Their verdicts, for what the record says where worlds say nothing.
    seed
        Parts the worlds into those that find a split and those that weigh it.
    """
    first, second = said
    if first is None and second is None:
        return _apart(claims, "Worlds were asked about neither of the two", judged)
    if first is None or second is None:
        return _one_sided(worlds, claims, said, judged, seed)
    shared, at_first, at_second = np.intersect1d(
        first.worlds[first.asked], second.worlds[second.asked], return_indices=True
    )
    if len(shared) < 2 * FEWEST_EITHER:
        told = f"The two speak about {len(shared) or 'no'} worlds together, too few to compare them"
        return _apart(claims, told, judged)
    common = _only(first, shared)
    asked = sample(worlds, common, seed)
    places = np.searchsorted(shared, asked.worlds)
    one = first.holds[first.asked][at_first][places]
    other = second.holds[second.asked][at_second][places]
    shares = {
        "only_first": estimates.share(one & ~other, asked.weights),
        "only_second": estimates.share(other & ~one, asked.weights),
        "both": estimates.share(one & other, asked.weights),
        "neither": estimates.share(~one & ~other, asked.weights),
    }
    apart = one != other
    fewest = min((one & ~other).sum(), (other & ~one).sum())
    if apart.sum() < FEWEST_EITHER or (~apart).sum() < FEWEST_EITHER > fewest:
        kind, found = "which", ()
    elif fewest < FEWEST_EITHER:
        kind, found = "whether", deciders(asked, apart, seed)
    else:
        kind, found = "which", deciders(asked.of(np.flatnonzero(apart)), one[apart], seed)
    return Crux(
        first=claims[0].id,
        second=claims[1].id,
        says=(claims[0].says, claims[1].says),
        worlds=len(asked.worlds),
        asked=kind,
        deciders=found,
        sentence=_sentence(claims[0].id, claims[1].id, kind, found, shares),
        tested="",
        only_first=shares["only_first"],
        only_second=shares["only_second"],
        both=shares["both"],
        neither=shares["neither"],
    )


def deciders(asked: Sample, wanted: NDArray[np.bool_], seed: int) -> tuple[Decider, ...]:
    """Find the assumptions that best tell wanted worlds from others, the strongest first.

    A split is found on half of the worlds, and weighed on the other half.
    """
    draw = np.random.default_rng(seed)
    finding = np.zeros(len(wanted), bool)
    finding[draw.permutation(len(wanted))[: len(wanted) // 2]] = True
    columns = binned(asked.assumptions)
    weights = asked.weights
    size = effective_size(weights[~finding])
    scored = []
    for row in range(len(columns.assumptions)):
        split = best_split(columns, row, wanted, weights, finding, None)
        if split is None:
            continue
        held_out = explained(split.rich[~finding], wanted[~finding], weights[~finding])
        if held_out * size >= CHANCE and held_out >= LEAST_EXPLAINED:
            scored.append((held_out, row))
    scored.sort(key=lambda each: -each[0])
    return tuple(
        _decider(columns, row, wanted, weights, finding, draw, held_out)
        for held_out, row in scored[:MOST]
    )


def _decider(
    columns: Binned,
    row: int,
    wanted: NDArray[np.bool_],
    weights: NDArray[np.float64],
    finding: NDArray[np.bool_],
    draw: np.random.Generator,
    held_out: float,
) -> Decider:
    split = best_split(columns, row, wanted, weights, finding, draw)
    assert split is not None, "it was found before"
    rich, poor = split.rich & ~finding, ~split.rich & ~finding
    if_so = estimates.share(wanted[rich], weights[rich])
    otherwise = estimates.share(wanted[poor], weights[poor])
    number = not split.words
    return Decider(
        assumption=split.column.name,
        unit=split.column.unit,
        means=split.column.means,
        value=split.value if number else None,
        low=split.low if number else None,
        high=split.high if number else None,
        words=split.words,
        above=split.above,
        first_if=if_so,
        first_else=otherwise,
        explained=held_out,
        turns=if_so.value > 0.5 > otherwise.value,
    )


def _only(said: Answers, shared: NDArray[Any]) -> Answers:
    """Ask only the worlds that the other claim speaks about too."""
    asked = said.asked & np.isin(said.worlds, shared)
    return Answers(said.test, said.worlds, asked, said.holds, said.effect, said.weights)


def _one_sided(
    worlds: Worlds,
    claims: tuple[Claim, Claim],
    said: tuple[Answers | None, Answers | None],
    judged: tuple[Verdict, Verdict] | None,
    seed: int,
) -> Crux:
    """Where only one of the two is tested over worlds: what that one hangs on."""
    place = 0 if said[0] is not None else 1
    tested, other, answer = claims[place], claims[1 - place], said[place]
    assert answer is not None, "one of them is"
    asked = sample(worlds, answer, seed)
    found = ()
    if min(asked.holds.sum(), (~asked.holds).sum()) >= FEWEST_EITHER:
        found = deciders(asked, asked.holds, seed)
    share = of_worlds(estimates.share(asked.holds, asked.weights))
    sentence = (
        f"Worlds were not asked about {other.id}{_of_the_record(1 - place, judged)}, so "
        f"between the two stands {tested.id}, which holds in {share}"
    )
    if found:
        sentence += f": it holds in {_odds(found[0])}"
    else:
        sentence += "; no single assumption tells in which"
    return Crux(
        first=claims[0].id,
        second=claims[1].id,
        says=(claims[0].says, claims[1].says),
        worlds=len(asked.worlds),
        only_first=None,
        only_second=None,
        both=None,
        neither=None,
        asked="holds",
        deciders=found,
        sentence=f"{sentence}.",
        tested=tested.id,
    )


def _apart(claims: tuple[Claim, Claim], told: str, judged: tuple[Verdict, Verdict] | None) -> Crux:
    recorded = [
        f"{claim.id} {judged[place].record.record_verdict}"
        for place, claim in enumerate(claims)
        if judged is not None and judged[place].record.record_verdict
    ]
    of_record = f"; the record finds {' and '.join(recorded)}" if recorded else ""
    return Crux(
        first=claims[0].id,
        second=claims[1].id,
        says=(claims[0].says, claims[1].says),
        worlds=0,
        only_first=None,
        only_second=None,
        both=None,
        neither=None,
        asked="which",
        deciders=(),
        sentence=f"{told}{of_record}.",
        tested="",
    )


def _of_the_record(place: int, judged: tuple[Verdict, Verdict] | None) -> str:
    word = judged[place].record.record_verdict if judged is not None else None
    return f" (the record: {word})" if word else ""


def _sentence(
    first: str,
    second: str,
    kind: str,
    found: tuple[Decider, ...],
    shares: dict[str, Estimate],
) -> str:
    only, other = shares["only_first"], shares["only_second"]
    part = f"Only {first} holds in {of_worlds(only)}, only {second} in {of_worlds(other)}"
    if kind == "whether":
        right = first if only.value > other.value else second
        part += f": where they part it is {right} that is right"
        if not found:
            return f"{part}, and no single assumption tells where that is."
        return f"{part}. They part in {_odds(found[0])}."
    if not found:
        return f"{part}; no single assumption tells which."
    lead = found[0]
    told = (
        f"{part}. What decides is whether {lead.condition}: then only {first} holds in "
        f"{percent(lead.first_if)} of the worlds in which one of them does, otherwise in "
        f"{percent(lead.first_else)}"
    )
    if not lead.turns:
        likelier = first if lead.first_else.value > 0.5 else second
        told += f", so {likelier} stays the likelier either way"
    if len(found) > 1:
        told += f". Next comes whether {found[1].condition}"
    return f"{told}."


def _odds(decider: Decider) -> str:
    return (
        f"{of_worlds(decider.first_if)} if {decider.condition}, otherwise in "
        f"{percent(decider.first_else)}"
    )
