"""What the pages of the app work with, and how they come by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request

from ripeness.app.aside import SECONDS, Aside, Kept
from ripeness.app.cases import Cases
from ripeness.app.jobs import Jobs
from ripeness.app.keys import Keys
from ripeness.app.runs import Listed, Runs
from ripeness.app.static import Static
from ripeness.workbench import Run

T = TypeVar("T")


@dataclass(frozen=True)
class Desk:
    """What the pages work with.

    Attributes
    ----------
    keys
        Who may come in.
    cases, runs, jobs
        What can be run, what was run, what is being run.
    static
        Scripts and styles.
    quick, slow
        Threads for what takes a moment, and for what may take a minute.
    answers
        What runs were asked last, and what they answered.
    """

    keys: Keys
    cases: Cases
    runs: Runs
    jobs: Jobs
    static: Static
    quick: Aside
    slow: Aside
    answers: Kept


def desk(request: Request) -> Desk:
    """What a page works with."""
    return cast(Desk, request.app.state.desk)


def listed(request: Request) -> Listed:
    """Look up the run that the address names.

    Raises
    ------
    HTTPException
        If there is none.
    """
    found = desk(request).runs.find(request.path_params["run"])
    if found is None:
        raise HTTPException(404, "There is no such run.")
    return found


async def asked(
    request: Request, question: Callable[[Run], T], *key: str, seconds: float = SECONDS
) -> T:
    """Ask the run that the address names something, in a thread.

    Parameters
    ----------
    question
        Is given the run, with all that is shown of it at hand.
    key
        What the question is: its answer is kept, and found once. Without one it is asked anew.

    Raises
    ------
    HTTPException
        If there is no such run.
    TooLong
        If it takes longer than so many seconds.
    """
    its, at = listed(request), desk(request)
    run = await at.runs.opened(its)
    if not key:
        return await at.slow.run(lambda: question(run), seconds)
    kept = (its.folder, its.version, *key)
    return await at.answers.get(kept, lambda: question(run), seconds)
