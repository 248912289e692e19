"""Real lane processes under the real scheduler, with models that wait, fail or die as told."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.artifacts.store import ArtifactStore
from server.core.event import Event, StepStarted
from server.core.lane import Report, Weights
from server.core.model import ModelSpec, Precision
from server.core.plan import Plan
from server.core.resource import Resource
from server.errors import NotInstalled
from server.execution.executor import Executor, StepOutcome
from server.execution.jobs import ScheduledTasks
from server.models.process import WorkerProcess, forkserver
from server.runners.fake import fake_main
from server.scheduling.loop import SchedulerLoop
from server.scheduling.messages import WorkerKind, WorkerSpec
from server.scheduling.policy import PolicySpec
from server.scheduling.scheduler import Scheduler
from tests.fakes.services import LIMITS


def model(name: str, size_bytes: int = 10, description: str = "", **parameters: Any) -> ModelSpec:
    """A model that does as its parameters say; a `description` of `broken` does not load."""
    return ModelSpec(
        id=name,
        tasks=("summarization",),
        revision="main",
        licence="Apache-2.0",
        downloads=0,
        likes=0,
        description=description,
        size_bytes=size_bytes,
        precision=Precision.FLOAT32,
        parameters=parameters,
    )


@dataclass
class Lanes:
    """A running scheduler with its lanes, and all events of the plans it ran."""

    loop: SchedulerLoop
    executor: Executor
    models: dict[str, ModelSpec]
    processes: dict[str, WorkerProcess]
    events: list[Event] = field(default_factory=list)
    told: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def run(
        self, plan: Plan, *candidates: ModelSpec, resources: tuple[Resource, ...] = ()
    ) -> tuple[StepOutcome, ...]:
        """Run a plan, every step with the same candidates."""
        return await self.run_with(plan, {step.id: candidates for step in plan.steps}, resources)

    async def run_with(
        self,
        plan: Plan,
        candidates: dict[int, tuple[ModelSpec, ...]],
        resources: tuple[Resource, ...] = (),
    ) -> tuple[StepOutcome, ...]:
        """Run a plan, each step with its own candidates."""
        for models in candidates.values():
            self.models |= {spec.id: spec for spec in models}

        async def emit(event: Event) -> None:
            async with self.told:
                self.events.append(event)
                self.told.notify_all()

        return await self.executor.execute(plan, candidates, resources, "turn_test", emit)

    def kill(self, lane: str) -> None:
        """kill -9 the process of a lane."""
        pid = self.processes[lane].pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    def of(self, kind: type) -> list[Any]:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    async def until(self, kind: type) -> None:
        """Wait for one more event of this kind than there has been."""
        seen = len(self.of(kind))
        async with self.told, asyncio.timeout(30):
            await self.told.wait_for(lambda: len(self.of(kind)) > seen)

    def started(self) -> list[StepStarted]:
        """The steps handed to the scheduler, in order."""
        return self.of(StepStarted)


@asynccontextmanager
async def fake_lanes(
    folder: Path, *devices: str, budget_bytes: int = 100, top_k: int = 4, job_s: float = 20.0
) -> AsyncIterator[Lanes]:
    """Lanes on these devices, gone at the end of the block."""
    context = forkserver(["server.runners.fake"])
    processes: dict[str, WorkerProcess] = {}
    models: dict[str, ModelSpec] = {}

    async def launch(
        worker: str, heard: Callable[[Report], None], ended: Callable[[str], None]
    ) -> WorkerProcess:
        processes[worker] = await WorkerProcess.start(
            context, fake_main, worker, worker, 1, heard, ended
        )
        return processes[worker]

    def weights(model_id: str) -> Weights:
        if models[model_id].description == "missing":
            raise NotInstalled(f"{model_id} is not installed")
        return Weights(models[model_id], folder)

    specs = [WorkerSpec(name, WorkerKind.LANE, name, budget_bytes, top_k) for name in devices]
    policy = PolicySpec(max_jobs=200, load_s=20.0, job_s=job_s, cancel_s=0.5)
    loop = SchedulerLoop(Scheduler(specs, policy), launch, weights)
    executor = Executor(
        ScheduledTasks(loop, lambda spec: spec.size_bytes),
        ArtifactStore(folder / "artifacts", LIMITS),
        folder,
        LIMITS.media,
        loop.clock,
    )
    async with loop.running():
        yield Lanes(loop, executor, models, processes)
