"""The main function of a worker process: one command after the other, one model at work at a time.

The process ends when its pipe closes, so it never outlives the server. A second thread reads the
pipe, so that a cancel reaches a job that is running.
"""

from __future__ import annotations

import gc
import logging
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection

from server.core.lane import (
    Cancel,
    Command,
    Evict,
    Evicted,
    Failed,
    Finished,
    Load,
    Loaded,
    LoadFailed,
    Progressed,
    Report,
    Run,
    Started,
    Wrote,
)
from server.errors import BatonError, ErrorInfo, LoadError, OutOfMemory, RunError
from server.runners.runner import Loader, Reporter, Runner

_LOG = logging.getLogger(__name__)


class WorkerMain:
    """Holds the loaded runners and answers commands on the pipe."""

    def __init__(self, pipe: Connection, device: str, load: Loader) -> None:
        self._pipe = pipe
        self._device = device
        self._load = load
        self._runners: dict[str, Runner] = {}
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._sending = threading.Lock()
        self._running: dict[str, Reporter] = {}
        self._cancelled: set[str] = set()

    def serve(self) -> None:
        """Run until the pipe closes."""
        threading.Thread(target=self._read, name="pipe", daemon=True).start()
        self._report(Started())
        while True:
            self._report(self._do(self._commands.get()))

    def _read(self) -> None:
        try:
            while True:
                command = self._pipe.recv()
                if isinstance(command, Cancel):
                    self._cancel(command.job_id)
                else:
                    self._commands.put(command)
        except (EOFError, OSError):
            # The server is gone. A model at work may not look up for minutes: leave at once.
            os._exit(0)

    def _cancel(self, job_id: str) -> None:
        # The job may still lie in the queue: remember the cancel until it is taken up.
        self._cancelled.add(job_id)
        if reporter := self._running.get(job_id):
            reporter.cancel()

    def _report(self, report: Report) -> None:
        with self._sending:
            self._pipe.send(report)

    def _do(self, command: Command) -> Report:
        match command:
            case Load():
                return self._do_load(command)
            case Evict(model):
                self._runners.pop(model, None)
                free_memory()
                return Evicted(model)
            case Run():
                return self._do_run(command)
            case _:
                raise TypeError(f"not a command: {command!r}")

    def _do_load(self, command: Load) -> Report:
        model = command.weights.spec.id
        began = time.monotonic()
        try:
            runner = self._load(command.weights, self._device)
        except Exception as error:
            return LoadFailed(model, as_info(error, model, LoadError))
        finally:
            free_memory()
        self._runners[model] = runner
        return Loaded(model, runner.resident_bytes, time.monotonic() - began)

    def _do_run(self, command: Run) -> Report:
        job_id = command.job_id
        reporter = Reporter(
            lambda done, total: self._report(Progressed(job_id, done, total)),
            lambda text: self._report(Wrote(job_id, text)),
        )
        self._running[job_id] = reporter
        if job_id in self._cancelled:
            reporter.cancel()
        try:
            reporter.check()
            return Finished(job_id, self._runners[command.model].run(command.work, reporter))
        except Exception as error:
            return Failed(job_id, as_info(error, command.model, RunError))
        finally:
            del self._running[job_id]
            self._cancelled.discard(job_id)


def as_info(error: Exception, model: str, otherwise: type[BatonError]) -> ErrorInfo:
    """Any exception as typed data that names the model; unknown ones become `otherwise`."""
    if isinstance(error, BatonError):
        return error.info()
    _LOG.warning("%s: %s", model, error, exc_info=error)
    told = f"{type(error).__name__}: {error}"[:500]
    # torch.OutOfMemoryError is matched by name: this module serves workers without torch too.
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return OutOfMemory(f"{model} ran out of memory ({told}); use a smaller model").info()
    return otherwise(f"{model}: {told}").info()


def free_memory() -> None:
    """Return freed weights to the device at once, so that the next reservation holds."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        torch.cuda.empty_cache()


def lane_main(pipe: Connection, device: str, threads: int) -> None:
    """Entry point of a lane: transformers and diffusers pipelines."""
    prepare_process()
    import torch
    from transformers.utils.logging import disable_progress_bar

    from server.runners.registry import load_runner

    disable_progress_bar()

    if device.startswith("cpu"):
        torch.set_num_threads(threads)
    WorkerMain(pipe, device, load_runner).serve()


def llm_main(pipe: Connection, device: str, threads: int) -> None:
    """Entry point of the LLM worker: llama.cpp."""
    prepare_process()
    from server.runners.llm import load_llm

    WorkerMain(pipe, device, partial(load_llm, threads=threads)).serve()


def prepare_process() -> None:
    """Interrupts are the server's affair: a worker ends when its pipe does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


WorkerEntry = Callable[[Connection, str, int], None]
