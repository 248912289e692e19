"""The execution stage: every step starts as soon as its inputs exist, and ends exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from server.artifacts.store import ArtifactStore
from server.core.event import (
    Event,
    StepFailed,
    StepFinished,
    StepProgressed,
    StepSkipped,
    StepStarted,
)
from server.core.job import MediaFile, TaskResult, TaskWork, Value
from server.core.model import MediaLimits, ModelSpec
from server.core.parameters import defaults
from server.core.plan import Argument, Literal, Plan, ResourceRef, Step, StepRef
from server.core.resource import AliasBook, Resource
from server.core.task import Media
from server.errors import BatonError, Cancelled, ErrorInfo, NoCandidate, RunError
from server.scheduling.messages import Span

_TRIES = 2

Emit = Callable[[Event], Awaitable[None]]


class RunTask(Protocol):
    """Runs one task on one model through the scheduler."""

    async def __call__(
        self,
        model: ModelSpec,
        work: TaskWork,
        owner: str,
        progress: Callable[[int, int], Awaitable[None]],
    ) -> tuple[TaskResult, Span]:
        """The result, and where and when it ran. Raises BatonError."""
        ...


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """How a step ended: with outputs, with an error, or skipped because of an earlier step."""

    step: Step
    outputs: tuple[Resource, ...] = ()
    error: ErrorInfo | None = None
    skipped: str | None = None

    @property
    def failure(self) -> str | None:
        """Why the step gave nothing; None where it did."""
        return self.error.message if self.error else self.skipped


class Executor:
    """Runs plans. `clock` is the scheduler's, so that spans can be told in turn time."""

    def __init__(
        self,
        run_task: RunTask,
        store: ArtifactStore,
        scratch: Path,
        limits: MediaLimits,
        clock: Callable[[], float],
    ) -> None:
        self._run_task = run_task
        self._store = store
        self._scratch = scratch
        self._limits = limits
        self._clock = clock

    async def execute(
        self,
        plan: Plan,
        models: Mapping[int, Sequence[ModelSpec]],
        resources: Sequence[Resource],
        owner: str,
        emit: Emit,
    ) -> tuple[StepOutcome, ...]:
        """Run the plan to its end. `models` gives each step's models in the order to try them.

        A step whose input failed is skipped; everything else still runs. Never raises for a step's
        failure: that is an outcome.
        """
        run = _Run(self, plan, models, resources, owner, emit, self._clock())
        async with asyncio.TaskGroup() as group:
            for step in plan.steps:
                run.tasks[step.id] = group.create_task(run.step(step), name=f"step {step.id}")
        return tuple(run.tasks[step.id].result() for step in plan.steps)

    async def attempt(
        self, step: Step, model: ModelSpec, inputs: Mapping[str, Value], run: _Run
    ) -> tuple[tuple[Resource, ...], TaskResult, Span]:
        """One try of a step on one model; its outputs are stored. Raises BatonError."""

        async def progress(done: int, total: int) -> None:
            await run.emit(StepProgressed(step.id, done, total))

        with TemporaryDirectory(dir=self._scratch, prefix="job-") as folder:
            name = step.task.name
            work = TaskWork(name, inputs, defaults(model, name), Path(folder), self._limits)
            result, ran = await self._run_task(model, work, run.owner, progress)
            aliases = run.aliases[step.id]
            if result.files:
                outputs = await asyncio.to_thread(self._keep, step, result, aliases)
            else:
                outputs = self._keep(step, result, aliases)
        return outputs, result, ran

    def value(self, resource: Resource) -> Value:
        """What a runner is given of a resource. Raises NotFound when its file is gone."""
        if resource.text is not None or resource.artifact_id is None:
            return resource.text or ""
        artifact = self._store.get(resource.artifact_id)
        return MediaFile(artifact.media, artifact.path, artifact.mime)

    def _keep(
        self, step: Step, result: TaskResult, aliases: Mapping[Media, str]
    ) -> tuple[Resource, ...]:
        """The result's outputs as resources, in the order the task declares them."""
        origin = step.task.name
        kept: dict[Media, Resource] = {}
        if result.told is not None:
            kept[Media.TEXT] = Resource(aliases[Media.TEXT], Media.TEXT, origin, text=result.told)
        for file in result.files:
            alias = aliases[file.media]
            name = f"{alias}{file.path.suffix}"
            artifact = self._store.adopt(file.path, file.media, file.mime, name)
            kept[file.media] = Resource(alias, file.media, origin, artifact_id=artifact.id)
        if missing := [media for media in step.task.outputs if media not in kept]:
            raise RunError(f"{origin} gave no {' and no '.join(missing)}")
        return tuple(kept[media] for media in step.task.outputs)


class _Run:
    """One plan being executed."""

    def __init__(
        self,
        executor: Executor,
        plan: Plan,
        models: Mapping[int, Sequence[ModelSpec]],
        resources: Sequence[Resource],
        owner: str,
        emit: Emit,
        began_at: float,
    ) -> None:
        self._executor = executor
        self._models = models
        self._resources = {resource.alias: resource for resource in resources}
        self._began_at = began_at
        self.owner = owner
        self.emit = emit
        # Named in the plan's order, so that the same plan gives the same names on every run.
        book = AliasBook(self._resources)
        self.aliases = {
            step.id: {media: book.next(media) for media in step.task.outputs} for step in plan.steps
        }
        self.tasks: dict[int, asyncio.Task[StepOutcome]] = {}

    async def step(self, step: Step) -> StepOutcome:
        """Wait for the step's inputs, then try its models."""
        for index in step.depends_on:
            before = await asyncio.shield(self.tasks[index])
            if not before.outputs:
                how = "failed" if before.error else "was skipped"
                reason = f"step {index} ({before.step.task.name}) {how}"
                await self.emit(StepSkipped(step.id, reason))
                return StepOutcome(step, skipped=reason)
        return await self._try_models(step)

    async def _try_models(self, step: Step) -> StepOutcome:
        models = self._models[step.id][:_TRIES]
        error = NoCandidate(
            f"no installed model can do {step.task.name}; fetch one with"
            f" scripts/download_models --task {step.task.name}"
        ).info()
        if not models:
            await self.emit(StepFailed(step.id, "", error, None))
        for attempt, model in enumerate(models, start=1):
            await self.emit(StepStarted(step.id, model.id, attempt))
            try:
                return await self._attempt(step, model)
            except Cancelled:
                raise
            except BatonError as failure:
                error = failure.info()
            after = models[attempt].id if attempt < len(models) else None
            await self.emit(StepFailed(step.id, model.id, error, after))
        return StepOutcome(step, error=error)

    async def _attempt(self, step: Step, model: ModelSpec) -> StepOutcome:
        inputs = {
            port.name: self._input(step.args[port.name], port.media) for port in step.task.inputs
        }
        outputs, result, ran = await self._executor.attempt(step, model, inputs, self)
        began_s = ran.began_at - self._began_at
        seconds = ran.ended_at - ran.began_at
        await self.emit(
            StepFinished(step.id, model.id, ran.device, outputs, began_s, seconds, result.data)
        )
        return StepOutcome(step, outputs)

    def _input(self, arg: Argument, media: Media) -> Value:
        match arg:
            case Literal(text):
                return text
            case ResourceRef(alias):
                return self._executor.value(self._resources[alias])
            case StepRef(index):
                outputs = self.tasks[index].result().outputs
                return self._executor.value(next(r for r in outputs if r.media is media))
