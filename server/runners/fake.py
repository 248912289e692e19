"""A test double of the runners: a lane whose models take as long, and fail, as they are told.

What a job does is in its parameters: `seconds` to run, `error` a code to fail with, `die` to kill
the process, `bytes` to say what the model takes. It is for tests and benchmarks of everything
around the runners; no catalog can name it.
"""

from __future__ import annotations

import os
import signal
import time
from multiprocessing.connection import Connection

from server.core.job import GenerationResult, Result, TaskResult, TaskWork, Work
from server.core.lane import Weights
from server.errors import ErrorInfo, LoadError, error_from
from server.runners.runner import Reporter, Runner
from server.runners.worker import WorkerMain

_TICK_S = 0.005


class FakeRunner:
    """Answers with what it was given, after the time it was told."""

    def __init__(self, weights: Weights, device: str) -> None:
        self._weights = weights
        self._device = device

    @property
    def resident_bytes(self) -> int:
        """What the catalog says."""
        return self._weights.spec.size_bytes

    def run(self, work: Work, reporter: Reporter) -> Result:
        """Wait, then echo the inputs; or fail in the way asked for."""
        if not isinstance(work, TaskWork):
            text = work.messages[-1].content
            reporter.write(text)
            return GenerationResult(text, 0, 0)
        reporter.progress(0, 1)
        self._wait(float(work.parameters.get("seconds", 0.0)), reporter)
        if work.parameters.get("die"):
            os.kill(os.getpid(), signal.SIGKILL)
        if code := work.parameters.get("error"):
            raise error_from(ErrorInfo(str(code), f"{self._weights.spec.id} was told to fail"))
        return TaskResult(text=" ".join(str(value) for value in work.inputs.values()))

    def _wait(self, seconds: float, reporter: Reporter) -> None:
        ends_at = time.monotonic() + seconds
        while (left_s := ends_at - time.monotonic()) > 0:
            reporter.check()
            time.sleep(min(left_s, _TICK_S))


def load_fake(weights: Weights, device: str) -> Runner:
    """Load a fake; one whose description is `broken` refuses."""
    if weights.spec.description == "broken":
        raise LoadError(f"{weights.spec.id} was told not to load")
    return FakeRunner(weights, device)


def fake_main(pipe: Connection, device: str, threads: int) -> None:
    """Entry point of a fake lane."""
    WorkerMain(pipe, device, load_fake).serve()
