"""An interrupt that falls where Python drops it is heard all the same."""

from __future__ import annotations

import subprocess
import sys

DROPPED = """
import signal, time
from ripeness.interrupts import hear_every_interrupt

class Falls:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

hear_every_interrupt()
began = time.monotonic()
try:
    Falls()
    time.sleep(30)
except KeyboardInterrupt:
    print("heard at once" if time.monotonic() - began < 10 else "heard at last")
"""

OTHER = """
from ripeness.interrupts import hear_every_interrupt

class Falls:
    def __del__(self):
        raise ValueError("a fault")

hear_every_interrupt()
Falls()
"""


def python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )


def test_an_interrupt_in_a_callback_is_raised_anew_and_nothing_is_said_of_it():
    process = python(DROPPED)
    assert (process.stdout, process.stderr) == ("heard at once\n", "")


def test_any_other_fault_in_a_callback_is_told_as_before():
    assert "ValueError: a fault" in python(OTHER).stderr
