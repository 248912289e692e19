"""The composition root: every object of the server is built here, and handed what it needs."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI

from server.api.routes import build_api
from server.api.wire import artifact_url
from server.artifacts.store import ArtifactStore
from server.catalog import load_catalog
from server.conversation.turn import Stages
from server.conversation.turns import TurnService
from server.core.generation import Generation, Message
from server.core.job import Priority
from server.core.lane import Report
from server.core.model import Catalog
from server.core.resource import Resource
from server.core.status import DeviceStatus, InstalledModel, JobStatus
from server.errors import BatonError
from server.execution.direct import DirectCalls
from server.execution.executor import Executor
from server.execution.jobs import ScheduledTasks
from server.models.install import Installation
from server.models.manager import ModelManager
from server.models.process import WorkerEntry, WorkerProcess, forkserver
from server.planning.planner import Planner
from server.responding.responder import Responder
from server.runners.worker import lane_main, llm_main
from server.scheduling.generation import ScheduledGenerator
from server.scheduling.loop import Launcher, SchedulerLoop
from server.scheduling.messages import ModelNeed, WorkerKind, WorkerSpec
from server.scheduling.policy import PolicySpec
from server.scheduling.scheduler import Scheduler
from server.scheduling.status import device_status, is_loaded, job_status, resident_models
from server.selection.selector import Selector
from server.settings import Settings

_PRELOAD = "server.runners.preload"


@dataclass(frozen=True, slots=True)
class Server:
    """The running parts, for whoever embeds or tests the server."""

    catalog: Catalog
    manager: ModelManager
    loop: SchedulerLoop
    generator: ScheduledGenerator
    store: ArtifactStore
    stages: Stages
    turns: TurnService
    calls: DirectCalls


def create_app(settings: Settings) -> FastAPI:
    """The server as an application. Raises CatalogError."""
    return create_api(build_server(load_catalog(settings.catalog), settings))


def build_server(
    catalog: Catalog, settings: Settings, entries: Mapping[WorkerKind, WorkerEntry] | None = None
) -> Server:
    """Build every part; nothing runs yet. `entries` are the workers' main functions."""
    manager = ModelManager(catalog, Installation(settings.hub_cache))
    limits = catalog.limits
    workers = worker_specs(catalog, manager)
    policy = PolicySpec(limits.max_queued_jobs, limits.load_seconds, limits.job_seconds)
    scheduler = Scheduler(workers, policy)
    mains = entries or {WorkerKind.LANE: lane_main, WorkerKind.LLM: llm_main}
    loop = SchedulerLoop(
        scheduler, _launcher(workers, mains, len(catalog.devices)), manager.weights
    )
    planner = manager.planner
    need = ModelNeed(planner.id, manager.planner_bytes(), WorkerKind.LLM)
    generator = ScheduledGenerator(loop, need)
    store = ArtifactStore(settings.artifact_dir, limits)
    scratch = _empty_folder(settings.data_dir / "scratch")
    stages = Stages(
        Planner(generator, planner, manager.installed_tasks, limits.max_steps),
        Selector(
            generator,
            planner,
            catalog.selection,
            manager.candidates,
            lambda: resident_models(scheduler),
        ),
        Executor(
            ScheduledTasks(loop, manager.footprint_bytes),
            store,
            scratch,
            limits.media,
            loop.clock,
        ),
        Responder(generator, planner, link),
    )
    direct = ScheduledTasks(loop, manager.footprint_bytes, Priority.DIRECT)
    calls = DirectCalls(direct, catalog, manager, scratch)
    turns = TurnService(stages, limits)
    return Server(catalog, manager, loop, generator, store, stages, turns, calls)


def create_api(server: Server) -> FastAPI:
    """The HTTP side of a server; its lifespan runs the scheduler and the workers."""
    operations = _Operations(server)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with server.loop.running(), server.turns.running():
            # The first look finds the language model not loaded, and has it loaded.
            operations.ready()
            yield
            await operations.stop()

    limits = server.catalog.limits
    return build_api(server.turns, server.store, operations, server.calls, limits, lifespan)


def worker_specs(catalog: Catalog, manager: ModelManager) -> tuple[WorkerSpec, ...]:
    """One lane for each device; the LLM is a tenant of its device and its share comes off."""
    planner_bytes = manager.planner_bytes()
    home = manager.planner.device
    lanes = tuple(
        WorkerSpec(
            device.id,
            WorkerKind.LANE,
            device.id,
            max(device.memory_bytes - (planner_bytes if device.id == home else 0), 0),
            catalog.residency.top_k,
        )
        for device in catalog.devices
    )
    return (*lanes, WorkerSpec("llm", WorkerKind.LLM, home, planner_bytes, 1))


def link(resource: Resource) -> str:
    """A media result where an answer cites it: a Markdown link to its artifact."""
    return f"[{resource.alias}]({artifact_url(resource.artifact_id or '')})"


def _launcher(
    workers: tuple[WorkerSpec, ...], mains: Mapping[WorkerKind, WorkerEntry], devices: int
) -> Launcher:
    context = forkserver([_PRELOAD])
    specs = {spec.name: spec for spec in workers}
    # One tenant of a device works at a time, so the cores are shared between devices. Both torch
    # and llama.cpp spin: more threads than cores would make everything ten times slower.
    threads = max((os.cpu_count() or 1) // devices, 1)

    async def launch(
        worker: str, heard: Callable[[Report], None], ended: Callable[[str], None]
    ) -> WorkerProcess:
        spec = specs[worker]
        main = mains[spec.kind]
        return await WorkerProcess.start(context, main, worker, spec.device, threads, heard, ended)

    return launch


def _empty_folder(path: Path) -> Path:
    # What lies there is left from jobs that a crash cut off.
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


class _Operations:
    """What an operator asks of the server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._reason = "the language model is loading"
        self._warming: asyncio.Task[None] | None = None

    def ready(self) -> str | None:
        """None when turns can be taken, otherwise why not yet. A look that finds the language model
        not loaded asks for it, so a server mends itself once what was wrong is mended."""
        if is_loaded(self._server.loop.scheduler, self._server.manager.planner.id):
            return None
        if self._warming is None or self._warming.done():
            self._warming = asyncio.create_task(self._warm_up())
        return self._reason

    async def stop(self) -> None:
        """Give up warming."""
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.wait([self._warming])

    async def _warm_up(self) -> None:
        call = Generation((Message("user", "Hello"),), max_tokens=1)
        try:
            async for _ in self._server.generator.stream(call):
                pass
        except BatonError as error:
            self._reason = f"the language model cannot be used: {error}"

    def models(self) -> tuple[InstalledModel, ...]:
        """Every model of the catalog."""
        devices = self.devices()
        manager = self._server.manager
        return tuple(
            InstalledModel(
                id=spec.id,
                tasks=spec.tasks,
                installed=(missing := manager.missing(spec)) is None,
                missing=missing,
                resident_on=tuple(
                    device.id for device in devices if spec.id in {m.id for m in device.models}
                ),
                downloads=spec.downloads,
                likes=spec.likes,
                licence=spec.licence,
                size_bytes=spec.size_bytes,
                description=spec.description,
            )
            for spec in self._server.catalog.models
        )

    def devices(self) -> tuple[DeviceStatus, ...]:
        """Every device, with what is on it."""
        return device_status(self._server.loop.scheduler, self._server.loop.pids())

    def queue(self) -> tuple[JobStatus, ...]:
        """Every job that has not ended."""
        return job_status(self._server.loop.scheduler, self._server.loop.clock())
