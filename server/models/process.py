"""One worker process, seen from the server: start it, tell it, hear it, kill it.

Workers come from a forkserver that has the heavy libraries imported already: the first answer of
a new worker takes a quarter of a second instead of ten.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

from server.core.lane import Command, Report

WorkerEntry = Callable[[Connection, str, int], None]
Heard = Callable[[Report], None]
Ended = Callable[[str], None]


def forkserver(preload: list[str]) -> ForkServerContext:
    """The context workers are started from, with these modules imported in advance."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(preload)
    return context


class WorkerProcess:
    """One run of one worker. `heard` and `ended` are called on the event loop, `ended` once and
    last, with the reason in words."""

    def __init__(self, process: ForkServerProcess, pipe: Connection, name: str) -> None:
        self._process = process
        self._pipe = pipe
        self._name = name

    @classmethod
    async def start(
        cls,
        context: ForkServerContext,
        entry: WorkerEntry,
        name: str,
        device: str,
        threads: int,
        heard: Heard,
        ended: Ended,
    ) -> WorkerProcess:
        """Start a process that runs `entry(pipe, device, threads)`. Raises OSError."""
        loop = asyncio.get_running_loop()
        ours, theirs = context.Pipe()
        process = context.Process(
            target=entry, args=(theirs, device, threads), name=f"baton-{name}", daemon=True
        )
        try:
            # The first start waits for the forkserver's imports.
            await asyncio.to_thread(process.start)
        finally:
            # While we hold their end too, the end of the process would never read as EOF.
            theirs.close()
        worker = cls(process, ours, name)
        reader = threading.Thread(
            target=worker._read, args=(loop, heard, ended), name=f"hear-{name}", daemon=True
        )
        reader.start()
        return worker

    @property
    def pid(self) -> int | None:
        """The process id."""
        return self._process.pid

    def send(self, command: Command) -> None:
        """Send a command. A worker that is gone hears nothing: its end is told by `ended`."""
        try:
            self._pipe.send(command)
        except OSError:
            pass

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def _read(self, loop: asyncio.AbstractEventLoop, heard: Heard, ended: Ended) -> None:
        try:
            while True:
                self._post(loop, heard, self._pipe.recv())
        except (EOFError, OSError):
            pass
        self._process.join()
        self._pipe.close()
        self._post(loop, ended, _reason(self._process.exitcode))

    @staticmethod
    def _post(loop: asyncio.AbstractEventLoop, call: Callable[[Any], None], value: object) -> None:
        try:
            loop.call_soon_threadsafe(call, value)
        except RuntimeError:
            pass  # the loop has closed: the server is going down and nobody listens


def _reason(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        return f"killed by signal {-exit_code}"
    return f"exit code {exit_code}"
