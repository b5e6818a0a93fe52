"""Work done beside the server, in threads and within a limit of time, so that it stays responsive.

A computation cannot be stopped from outside. One that takes too long goes on in its thread, and
who asks for the same again gets its answer when it is there; there are few threads, so that what
was given up cannot pile up.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

THREADS = 3
SECONDS = 60.0


class TooLong(Exception):
    """It took longer than it may; it may be there later."""


class Aside:
    """A few threads beside the server."""

    def __init__(self, threads: int = THREADS) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="aside")

    def begin(self, work: Callable[[], T]) -> Future[T]:
        """Begin something, without waiting for it."""
        return self._pool.submit(work)

    async def run(self, work: Callable[[], T], seconds: float = SECONDS) -> T:
        """Do something and wait for it.

        Raises
        ------
        TooLong
            If it takes longer than so many seconds; what has not begun by then never does.
        """
        future = self.begin(work)
        try:
            return await awaited(future, seconds)
        except TooLong:
            future.cancel()
            raise

    def close(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class Kept:
    """What was found last, each found once even if several ask for it at the same time.

    Parameters
    ----------
    aside
        Where it is found.
    most
        How many are kept.
    """

    def __init__(self, aside: Aside, most: int) -> None:
        self._aside = aside
        self._most = most
        self._found: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    async def get(self, key: Hashable, find: Callable[[], T], seconds: float = SECONDS) -> T:
        """Give what belongs to a key, and find it if it is not kept; for one event loop.

        Raises
        ------
        TooLong
            If it takes longer than so many seconds; it is kept when it is found.
        """
        future = self._found.get(key)
        if future is None or _failed(future):
            future = self._found[key] = self._aside.begin(find)
        self._found.move_to_end(key)
        while len(self._found) > self._most:
            self._found.popitem(last=False)
        return await awaited(future, seconds)


async def awaited(future: Future[T], seconds: float = SECONDS) -> T:
    """Wait for something that was begun; it goes on if it takes too long.

    Raises
    ------
    TooLong
        If it does.
    """
    waiting = asyncio.wrap_future(future)
    done, _ = await asyncio.wait([waiting], timeout=seconds)
    if not done:
        waiting.add_done_callback(lambda late: late.cancelled() or late.exception())  # heard
        raise TooLong
    return done.pop().result()


def _failed(future: Future[Any]) -> bool:
    return future.done() and (future.cancelled() or future.exception() is not None)
