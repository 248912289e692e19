"""Direct calls: one task on one model that the caller names, with no plan around it.

They are jobs as the steps of a turn are, behind those of turns in the line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from server.artifacts.media import verify
from server.core.ids import new_id
from server.core.job import MediaFile, TaskResult, TaskWork, Value
from server.core.model import Catalog, LimitsSpec, ModelSpec
from server.core.parameters import check_parameters, defaults
from server.core.task import TASKS, Media, Port, Task
from server.errors import InvalidInput, NoCandidate, NotFound, NotInstalled, TooLarge
from server.execution.executor import RunTask

Inputs = Mapping[str, str | bytes]
"""What goes into each port of a task: a text, or the bytes of a file."""


class Shelf(Protocol):
    """Which models of the catalog are installed."""

    def candidates(self, task: str) -> Sequence[ModelSpec]:
        """Installed models that can do a task, the best first."""
        ...

    def missing(self, spec: ModelSpec) -> str | None:
        """Why an entry cannot be used and what to do; None where it can."""
        ...


@dataclass(frozen=True, slots=True)
class Target:
    """An installed model, and the task it is to do."""

    model: ModelSpec
    task: Task


@dataclass(frozen=True, slots=True)
class DirectCall:
    """What a model is to do: the task once for each of `jobs`, with the same parameters."""

    jobs: tuple[Inputs, ...]
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DirectFile:
    """A media output, in full."""

    media: Media
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class DirectResult:
    """What the task gave for one job."""

    text: str | None
    data: Any
    files: tuple[DirectFile, ...]


class DirectCalls:
    """Carries out direct calls under the catalog's limits. Files live in `scratch` meanwhile."""

    def __init__(self, run_task: RunTask, catalog: Catalog, shelf: Shelf, scratch: Path) -> None:
        self._run_task = run_task
        self._catalog = catalog
        self._shelf = shelf
        self._scratch = scratch

    def of_model(self, model_id: str, task: str | None = None) -> Target:
        """That model for one of its tasks, the first where none is named.

        Raises NotFound for a model the catalog does not hold, InvalidInput for a task it cannot
        do, NotInstalled.
        """
        spec = self._catalog.model(model_id)
        if spec is None:
            raise NotFound(f"the catalog holds no model {model_id[:120]!r}; see GET /v1/models")
        name = task or spec.tasks[0]
        if name not in spec.tasks:
            raise InvalidInput(f"{spec.id} cannot do {name[:60]!r}; it does {_listed(spec.tasks)}")
        if reason := self._shelf.missing(spec):
            raise NotInstalled(reason)
        return Target(spec, TASKS[name])

    def of_task(self, task: str) -> Target:
        """The best installed model of a task. Raises NotFound for no task, NoCandidate."""
        if task not in TASKS:
            raise NotFound(f"there is no task {task[:60]!r}; there are {_listed(TASKS)}")
        model = next(iter(self._shelf.candidates(task)), None)
        if model is None:
            raise NoCandidate(
                f"no installed model can do {task}; fetch one with"
                f" scripts/download_models --task {task}"
            )
        return Target(model, TASKS[task])

    async def run(self, target: Target, call: DirectCall) -> tuple[DirectResult, ...]:
        """The result of each job, one after the other; leaving early cancels the running one.

        Raises InvalidInput for parameters that the task does not take, and whatever the inputs or
        the job end with.
        """
        name = target.task.name
        parameters = defaults(target.model, name) | check_parameters(name, call.parameters)
        owner = new_id("call")
        return tuple([await self._job(target, job, parameters, owner) for job in call.jobs])

    async def _job(
        self, target: Target, inputs: Inputs, parameters: Mapping[str, Any], owner: str
    ) -> DirectResult:
        # A thread may still be writing into it when a call is cancelled.
        with TemporaryDirectory(
            dir=self._scratch, prefix="call-", ignore_cleanup_errors=True
        ) as name:
            folder = Path(name)
            limits = self._catalog.limits
            values = await asyncio.to_thread(_admit, target.task, inputs, folder, limits)
            work = TaskWork(target.task.name, values, parameters, folder, limits.media)
            result, _ = await self._run_task(target.model, work, owner, _unheard)
            return await asyncio.to_thread(_in_full, result)


def _admit(task: Task, inputs: Inputs, folder: Path, limits: LimitsSpec) -> dict[str, Value]:
    """The inputs as a runner takes them: files written down, decoded once, and of the right type.

    Raises InvalidInput, MediaError, TooLarge.
    """
    return {port.name: _value(port, inputs[port.name], folder, limits) for port in task.inputs}


def _value(port: Port, given: str | bytes, folder: Path, limits: LimitsSpec) -> Value:
    if isinstance(given, str):
        _check_size("the text", len(given), limits.max_request_chars, "characters")
        return given
    _check_size("the file", len(given), limits.max_upload_bytes, "bytes")
    path = folder / f"input-{port.name}"
    path.write_bytes(given)
    file = verify(path, limits.media)
    if file.media is not port.media:
        raise InvalidInput(f"the file for {port.name!r} is {file.mime}; send {port.media}")
    return file


def _check_size(what: str, size: int, limit: int, unit: str) -> None:
    if size > limit:
        raise TooLarge(f"{what} has {size:,} {unit}; the limit is {limit:,}. Send a smaller one.")


def _in_full(result: TaskResult) -> DirectResult:
    return DirectResult(result.text, result.data, tuple(_read(file) for file in result.files))


def _read(file: MediaFile) -> DirectFile:
    return DirectFile(file.media, file.mime, file.path.read_bytes())


def _listed(names: Collection[str]) -> str:
    return ", ".join(names)


async def _unheard(_done: int, _total: int) -> None:
    """A direct call has nobody who could be told of progress."""
