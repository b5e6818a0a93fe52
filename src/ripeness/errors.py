"""What goes wrong, said to a person: every error that a user can cause is one of these."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class RipenessError(Exception):
    """Something failed; the message is one clear text for a person."""

    exit_code = 1


class UsageError(RipenessError):
    """The input is wrong: a name, an option, a file."""

    exit_code = 2


class InvalidFile(UsageError):
    """A file that a user wrote is wrong in one or more places.

    Parameters
    ----------
    problems
        All that is wrong, each as ``file:line:column: path: what; what would be right``.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def suggest(word: str, candidates: Iterable[str]) -> str:
    """Say which of `candidates` the user may have meant by `word`, or nothing.

    Returns
    -------
    str
        ``"; did you mean 'x'?"`` with up to three names, or the empty string.
    """
    near = get_close_matches(word, list(candidates), n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(repr(name) for name in near)}?" if near else ""
