"""What a runner is: a loaded model that carries out one kind of work."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Protocol

from server.core.job import Result, Work
from server.core.lane import Weights
from server.errors import Cancelled


class Reporter:
    """A running job's line to the outside: progress and text go out, a cancel comes in."""

    def __init__(
        self,
        progressed: Callable[[int, int], None],
        wrote: Callable[[str], None],
    ) -> None:
        self._cancelled = Event()
        self._progressed = progressed
        self._wrote = wrote

    def cancel(self) -> None:
        """Ask the job to stop; callable from another thread."""
        self._cancelled.set()

    def check(self) -> None:
        """Raise Cancelled once somebody asked for it; loops call this between steps."""
        if self._cancelled.is_set():
            raise Cancelled("the job was cancelled")

    def progress(self, done: int, total: int) -> None:
        """Report `done` of `total` units, and stop here if cancelled."""
        self.check()
        self._progressed(done, total)

    def write(self, text: str) -> None:
        """Report a piece of generated text, and stop here if cancelled."""
        self.check()
        self._wrote(text)


class Runner(Protocol):
    """A model on its device. Dropping the last reference frees it."""

    @property
    def resident_bytes(self) -> int:
        """What the weights take on the device, measured."""
        ...

    def run(self, work: Work, reporter: Reporter) -> Result:
        """Do the work. Raises InvalidInput, OutOfMemory, Cancelled, RunError."""
        ...


Loader = Callable[[Weights, str], Runner]
"""Load weights onto a device (`cuda:0`, `cpu:1`). Raises LoadError, OutOfMemory."""
