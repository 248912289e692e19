"""Runs single tasks on runners: works, sample inputs, reporters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.twins.samples import LIMITS, clip, picture, sample_input, tone
from server.core.job import TaskResult, TaskWork
from server.errors import Cancelled
from server.runners.runner import Reporter, Runner

__all__ = [
    "LIMITS",
    "cancelled_at",
    "clip",
    "picture",
    "run",
    "sample_input",
    "silent",
    "tone",
    "work",
]


def work(task: str, folder: Path, inputs: dict, **parameters: object) -> TaskWork:
    """One task's work; its outputs go into `folder`."""
    return TaskWork(task, inputs, parameters, folder, LIMITS)


def silent() -> Reporter:
    """A reporter that nobody listens to."""
    return Reporter(lambda _done, _total: None, lambda _text: None)


def run(runner: Runner, job: TaskWork, reporter: Reporter | None = None) -> TaskResult:
    """The result of one job."""
    result = runner.run(job, reporter or silent())
    assert isinstance(result, TaskResult)
    return result


def cancelled_at(runner: Runner, make: Callable[[], TaskWork], at: int) -> list[int]:
    """Cancel a job when it has reported `at` units; the units it reported in all."""
    told: list[int] = []

    def heard(done: int, _total: int) -> None:
        told.append(done)
        if done >= at:
            reporter.cancel()

    reporter = Reporter(heard, lambda _: None)
    with pytest.raises(Cancelled):
        runner.run(make(), reporter)
    return told
