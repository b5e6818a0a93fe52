"""Interrupts that are heard wherever they fall: Python drops one in a library's callback."""

from __future__ import annotations

import _thread
import signal
import sys
import threading

SOON = 0.05
"""Seconds until a dropped one is raised anew: the callback is over by then."""


def hear_every_interrupt() -> None:
    """Raise an interrupt anew that Python would drop, with no word about it on standard error."""
    sys.unraisablehook = _not_raised


def interrupt() -> None:
    """Interrupt the main thread as Ctrl-C does; a system call that it waits in comes to its end."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()


def _not_raised(event: sys.UnraisableHookArgs) -> None:
    if event.exc_type is KeyboardInterrupt:
        threading.Timer(SOON, interrupt).start()
    else:
        sys.__unraisablehook__(event)
