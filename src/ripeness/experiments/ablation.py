"""Ablation: the same worlds without one mechanism after the other. What does a claim rest on?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ripeness.case.mechanisms import MECHANISMS
from ripeness.claims.ablation import Ablated, ablated
from ripeness.claims.answers import Answers, answers
from ripeness.claims.language import Claims
from ripeness.claims.table import open_worlds
from ripeness.views.ablation import finding
from ripeness.worlds import store
from ripeness.worlds.request import Request
from ripeness.worlds.run import run

if TYPE_CHECKING:
    import pandas as pd

KIND = "ablation"
"""The kind of the folder, and the name of its two tables."""

WHOLE = "whole"
"""The folder of the run with every mechanism at work; the others are called without-<mechanism>."""

FITTED_TWICE = 8
"""So many mechanisms, spread over the list, are run with a second fit of what going on is worth:
enough to see how far fits differ, and fitting is what takes most of the time."""

ANOTHER_FIT = 0xF17
"""Added to the seed of the wars that a second fit is made on; what it is does not matter."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Ablation:
    """What becomes of a case's claims without one mechanism after the other.

    Attributes
    ----------
    asked
        What was run with every mechanism at work.
    mechanisms
        Those that were switched off, one at a time.
    claims
        How each claim fared.
    """

    asked: Request
    mechanisms: tuple[str, ...]
    claims: tuple[Ablated, ...]

    def as_record(self) -> dict[str, Any]:
        """Return all of it as one record, ready for JSON."""
        asked = self.asked
        return {
            "case": asked.case.id,
            "title": asked.case.title,
            "case_hash": asked.case_hash,
            "seed": asked.seed,
            "worlds": asked.worlds,
            "plans": list(asked.plans),
            "ripeness": version("ripeness"),
            "mechanisms": [
                {
                    "name": name,
                    "without": MECHANISMS[name].without,
                    "neutral": dict(MECHANISMS[name].neutral),
                }
                for name in self.mechanisms
            ],
            "claims": [
                {**record, "finding": finding(record)}
                for record in (claim.as_record() for claim in self.claims)
            ],
        }

    def to_frame(self) -> pd.DataFrame:
        """Return one row a claim and mechanism."""
        import pandas as pd

        return pd.DataFrame(
            {"claim": claim.id, "share_with": claim.whole.share, **asdict(entry)}
            for claim in self.claims
            for entry in claim.without
        )


def ablate(
    asked: Request,
    claims: Claims,
    mechanisms: Sequence[str],
    out: Path | None,
    progress: Progress,
) -> Ablation:
    """Run a case with every mechanism at work, then without each, and judge its claims each time.

    Parameters
    ----------
    asked
        The run with every mechanism at work.
    claims
        The claims, checked against the case.
    mechanisms
        What to switch off, one at a time.
    out
        A folder for the table and for all runs; they are not kept if it is None.
    """
    every = max(1, ceil(len(mechanisms) / FITTED_TWICE))
    twice = {None, *mechanisms[::every]}
    last = 1 + len(mechanisms) + len(twice)
    steps = iter(range(last))

    def said(mechanism: str | None, fit: int, place: Path | None) -> dict[str, Answers]:
        what, done = f"without {mechanism}" if mechanism else "with every mechanism", next(steps)
        one = replace(asked, without=(mechanism,) if mechanism else ())
        seed = (asked.seed + fit * ANOTHER_FIT) % 2**31

        def told(_: str, share: float) -> None:
            progress(what, (done + share) / last)

        name = what.replace(" ", "-") if mechanism else WHOLE
        with _run_folder(place if fit == 0 else None, name) as folder:
            run(one, folder, told, charted=place is not None and fit == 0, training_seed=seed)
            return answers(claims, open_worlds(store.parts(folder)))

    def everything(place: Path | None) -> Ablation:
        def fits(mechanism: str | None) -> list[dict[str, Answers]]:
            return [said(mechanism, fit, place) for fit in range(2 if mechanism in twice else 1)]

        whole = fits(None)
        without = {name: fits(name) for name in mechanisms}
        return Ablation(asked, tuple(mechanisms), ablated(claims.claims, whole, without))

    if out is None:
        return everything(None)
    with store.whole_folder(out, KIND) as folder:
        found = everything(folder)
        store.write_json({"schema_version": 1, **found.as_record()}, folder / f"{KIND}.json")
        found.to_frame().to_csv(folder / f"{KIND}.csv", index=False)
        return found


@contextmanager
def _run_folder(place: Path | None, name: str) -> Iterator[Path]:
    """Give a folder for a run: one that stays in `place`, or one that goes again."""
    if place is not None:
        (place / name).mkdir()
        yield place / name
        return
    with TemporaryDirectory(prefix="ripeness-") as passing:
        yield Path(passing)
