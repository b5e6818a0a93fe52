"""Everything that can be asked of claims and a table of worlds, whoever made the table.

>>> import ripeness as rp
>>> asked = rp.ask("worlds.parquet", "claims.yaml")
>>> asked.judge().to_frame()
>>> asked.believe("restraint-saves")
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ripeness.claims.answers import Answers, answers
from ripeness.claims.language import Claim, Claims, read_claims_on
from ripeness.claims.table import Worlds
from ripeness.claims.verdicts import Verdict, Verdicts
from ripeness.errors import UsageError

if TYPE_CHECKING:
    from ripeness.claims.believe import Belief
    from ripeness.claims.crux import Crux
    from ripeness.claims.matter import Matter
    from ripeness.claims.watch import Watch


@dataclass(frozen=True)
class Inquiry:
    """Claims, and the worlds that are asked about them.

    Attributes
    ----------
    claims
        The claims, checked against the worlds' columns and plans.
    worlds
        The table of worlds.
    record
        The folder of the record's tables; None if there is none.
    not_run
        Plans that exist but that these worlds leave out.
    as_of
        The day at which the record was cut; None if it is whole.
    before
        Worlds that know nothing of the record, where `worlds` agree with it.
    """

    claims: Claims
    worlds: Worlds
    record: Path | None = None
    not_run: Sequence[str] = field(default=())
    as_of: date | None = None
    before: Worlds | None = None

    def judge(self) -> Verdicts:
        """Judge every claim: in what share of worlds it holds, and what the record says."""
        return self._verdicts

    def believe(self, claim: str, seed: int = 1) -> Belief:
        """Find what one would have to believe for a claim to hold, and for it to fail."""
        from ripeness.claims.believe import believe

        named = self.claims.named(claim)
        return believe(named, self.worlds, self._said(named), seed)

    def matter(self, claim: str, seed: int = 1) -> Matter:
        """Find which assumptions move a claim, and what it is worth to know each."""
        from ripeness.claims.matter import matter

        named = self.claims.named(claim)
        return matter(named, self.worlds, self._said(named), seed)

    def watch(self, claim: str, by: Sequence[float] = (4, 8, 13), seed: int = 1) -> Watch:
        """Find what to watch for a claim: the early signs that most change its odds."""
        from ripeness.claims.watch import watch

        named = self.claims.named(claim)
        return watch(named, self.worlds, self._said(named), by, seed)

    def crux(self, first: str, second: str, seed: int = 1) -> Crux:
        """Find what decides between two claims."""
        from ripeness.claims.crux import crux

        claims = self.claims.named(first), self.claims.named(second)
        if first == second:
            raise UsageError(f"claim {first!r} cannot disagree with itself; name two")
        said = self._answers.get(first), self._answers.get(second)
        return crux(self.worlds, claims, said, (self._verdict(first), self._verdict(second)), seed)

    def cruxes(self, seed: int = 1) -> tuple[Crux, ...]:
        """Find what decides between the two claims of every opposed pair."""
        return tuple(self.crux(a.id, b.id, seed) for a, b in self.claims.opposed)

    @property
    def tested(self) -> tuple[str, ...]:
        """The ids of the claims that worlds answer to."""
        return tuple(self._answers)

    @property
    def said(self) -> Mapping[str, Answers]:
        """What each world answers, by the ids of the claims that worlds answer to."""
        return self._answers

    @cached_property
    def _answers(self) -> dict[str, Answers]:
        return answers(self.claims, self.worlds)

    @cached_property
    def _verdicts(self) -> Verdicts:
        from ripeness.claims.judge import judge

        return judge(
            self.claims,
            self.worlds,
            self.record,
            self.not_run,
            self.as_of,
            self.before,
            said=self._answers,
        )

    def _verdict(self, claim: str) -> Verdict:
        return next(verdict for verdict in self._verdicts.rows if verdict.id == claim)

    def _said(self, claim: Claim) -> Answers:
        said = self._answers.get(claim.id)
        if said is not None:
            return said
        if claim.model is None:
            raise UsageError(f"claim {claim.id!r} has no test over worlds; it has no 'holds'")
        lacking = [plan for plan in claim.model.plans if plan not in self.worlds.plans]
        raise UsageError(f"claim {claim.id!r} needs plan {lacking[0]!r}, which was not run")

    def __repr__(self) -> str:
        """Say what is asked of what in a line."""
        worlds = f"{self.worlds.rows:,} worlds"
        plans = f", {len(self.worlds.plans)} plans" if self.worlds.plans else ""
        return f"<Inquiry: {len(self.claims.claims)} claims, {worlds}{plans}>"


def ask(
    worlds: Any,
    claims: str | Path,
    columns: Mapping[str, Any] | None = None,
    record: str | Path | None = None,
) -> Inquiry:
    """Ask a table of worlds about claims.

    Parameters
    ----------
    worlds
        A Parquet, CSV or Feather file, several of them, a folder of Parquet files, a pandas or
        polars frame, or an Arrow table.
    claims
        A claims file.
    columns
        What the columns are, as under ``columns`` in a claims file; as the file says, if not said.
    record
        A folder of tables of what happened, CSV files, for claims that have a record test.

    Raises
    ------
    UsageError
        The table or the claims are wrong; the message lists all that is.
    """
    folder = Path(record) if record is not None else None
    if folder is not None and not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder of a record")
    found, opened = read_claims_on(Path(claims), worlds, columns, folder)
    return Inquiry(found, opened, folder)
