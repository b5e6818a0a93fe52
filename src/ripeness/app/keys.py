"""Who may come in: a token that is good once, for a cookie that is good until the server ends."""

from __future__ import annotations

import secrets
from hmac import compare_digest
from threading import Lock


class Keys:
    """The secrets of one launch.

    Parameters
    ----------
    port
        Where the server listens. Browsers send a cookie to every port of a machine, so each server
        has a name of its own for it.

    Attributes
    ----------
    token
        What the address that is printed at the start bears.
    cookie
        What the cookie is called.
    """

    def __init__(self, port: int) -> None:
        self.token = secrets.token_urlsafe(32)
        self.cookie = f"ripeness-{port}"
        self._pass = secrets.token_urlsafe(32)
        self._spent = False
        self._lock = Lock()

    def exchange(self, token: str) -> str | None:
        """Give the value of the cookie for the token, the first time; otherwise None."""
        right = compare_digest(token.encode(), self.token.encode())
        with self._lock:
            if not right or self._spent:
                return None
            self._spent = True
            return self._pass

    def admits(self, value: str | None) -> bool:
        """Whether a cookie has the right value."""
        return compare_digest((value or "").encode(), self._pass.encode())
