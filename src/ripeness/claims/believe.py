"""What you would have to believe: the simplest box of assumptions where a claim holds, or fails."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ripeness.claims import estimates
from ripeness.claims.answers import Answers
from ripeness.claims.assumptions import Assumption
from ripeness.claims.binned import binned
from ripeness.claims.boxes import Found, find
from ripeness.claims.estimates import Estimate
from ripeness.claims.language import Claim
from ripeness.claims.phrases import both, limit_phrase, of_worlds, percent
from ripeness.claims.sample import sample
from ripeness.claims.table import Worlds
from ripeness.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

FEWEST_EITHER = 50
"""Worlds in which the claim holds, and in which it fails, that a box needs."""


@dataclass(frozen=True)
class Belief:
    """What one would have to believe for a claim to hold, and for it to fail.

    Attributes
    ----------
    id, says
        Of the claim.
    worlds
        How many worlds were asked.
    share
        Of them, those in which it holds.
    differing
        In how many worlds it does not do what it does in most.
    assumptions
        Which assumptions there are.
    holds, fails
        The box in which it holds, and the one in which it fails; None if there is none.
    """

    id: str
    says: str
    worlds: int
    share: Estimate
    differing: int
    assumptions: tuple[Assumption, ...]
    holds: Found | None
    fails: Found | None

    @property
    def sentences(self) -> tuple[str, ...]:
        """The boxes in words."""
        return (self._sentence("holds", self.holds), self._sentence("fails", self.fails))

    def _sentence(self, verb: str, box: Found | None) -> str:
        if box is None:
            share = of_worlds(_mirrored(self.share) if verb == "fails" else self.share)
            if self.differing < FEWEST_EITHER:
                return f"{verb} in {share}: too few differ to say what it takes"
            return f"{verb} in {share}, and no single box of assumptions was found that tells which"
        overall = _mirrored(self.share) if verb == "fails" else self.share
        limits = both([limit_phrase(one, self.assumptions[one.assumption]) for one in box.limits])
        return (
            f"{verb} in {of_worlds(box.density)} (against {percent(overall)} overall) if "
            f"{limits}; that is {percent(box.coverage)} of all worlds in which it {verb}"
        )

    def as_record(self) -> dict[str, Any]:
        """Return it as one record, ready for JSON."""
        return {
            "id": self.id,
            "says": self.says,
            "worlds": self.worlds,
            "share": asdict(self.share),
            "holds": self._box(self.holds, self.sentences[0]),
            "fails": self._box(self.fails, self.sentences[1]),
        }

    def _box(self, box: Found | None, sentence: str) -> dict[str, Any]:
        if box is None:
            return {"sentence": sentence, "limits": []}
        return {
            "sentence": sentence,
            "limits": [
                {
                    "assumption": self.assumptions[one.assumption].name,
                    "means": self.assumptions[one.assumption].means,
                    "unit": self.assumptions[one.assumption].unit,
                    "side": one.side,
                    **(
                        {"words": list(one.words)}
                        if one.words
                        else {"value": one.value, "low": one.low, "high": one.high}
                    ),
                    "phrase": limit_phrase(one, self.assumptions[one.assumption]),
                    "quasi_p": one.quasi_p,
                    "found": one.found,
                    "keeps": one.keeps,
                }
                for one in box.limits
            ],
            **{
                name: asdict(getattr(box, name)) for name in ("density", "coverage", "mass", "base")
            },
            "explained": box.explained,
            "curve": [
                {
                    "assumptions": count,
                    **{f"{name}_found": value for name, value in asdict(found).items()},
                    **asdict(held_out),
                }
                for count, found, held_out in box.curve
            ],
        }

    def to_frame(self) -> pd.DataFrame:
        """Return one row a limit."""
        import pandas as pd

        record = self.as_record()
        rows = [
            {"box": box, **limit} for box in ("holds", "fails") for limit in record[box]["limits"]
        ]
        return pd.DataFrame.from_records(rows)

    def curve(self) -> pd.DataFrame:
        """Return the trade-off: one row a box that peeling passed through."""
        import pandas as pd

        record = self.as_record()
        rows = [
            {"box": box, **step}
            for box in ("holds", "fails")
            for step in record[box].get("curve", ())
        ]
        return pd.DataFrame.from_records(rows)

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        from html import escape

        said = "".join(f"<li>{escape(one)}</li>" for one in self.sentences)
        return f"<p>{escape(self.says)}</p><ul>{said}</ul>{self.to_frame().to_html(index=False)}"


def believe(claim: Claim, worlds: Worlds, said: Answers, seed: int = 1) -> Belief:
    """Find what one would have to believe for a claim to hold, and for it to fail.

    Parameters
    ----------
    claim
        The claim.
    worlds, said
        The table of worlds, and what they answer to it.
    seed
        Parts the worlds into those that find a box and those that weigh it.

    Raises
    ------
    UsageError
        No column is known to be an assumption, or the claim speaks about too few worlds.
    """
    enough(claim, said)
    asked = sample(worlds, said, seed)
    share = estimates.share(asked.holds, asked.weights)
    boxes: dict[bool, Found | None] = {True: None, False: None}
    differing = int(min(asked.holds.sum(), (~asked.holds).sum()))
    if differing >= FEWEST_EITHER:
        grain = binned(asked.assumptions)
        boxes = {way: find(grain, asked.holds == way, asked.weights, seed) for way in (True, False)}
    return Belief(
        claim.id,
        claim.says,
        len(asked.worlds),
        share,
        differing,
        asked.assumptions,
        boxes[True],
        boxes[False],
    )


def enough(claim: Claim, said: Answers) -> None:
    """Refuse to answer from too few worlds."""
    count = int(said.asked.sum())
    if count < 2 * FEWEST_EITHER:
        raise UsageError(
            f"claim {claim.id!r} speaks about {count} worlds; "
            f"it takes at least {2 * FEWEST_EITHER} to ask what it hangs on"
        )


def _mirrored(share: Estimate) -> Estimate:
    return Estimate(1 - share.value, 1 - share.high, 1 - share.low)
