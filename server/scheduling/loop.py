"""The scheduler's owner: events in through one queue, effects out to the worker processes.

Nothing else touches the scheduler. Whoever wants work done calls `submitted`, and hears of it
through the handle.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Protocol

from server.core.job import Job, Result
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
    Weights,
    Wrote,
)
from server.errors import BatonError, ErrorInfo, error_from
from server.scheduling import messages as m
from server.scheduling.scheduler import Scheduler

_LOG = logging.getLogger(__name__)

Update = Progressed | Wrote | m.RunJob


class WorkerLink(Protocol):
    """A running worker process."""

    @property
    def pid(self) -> int | None:
        """The process id."""
        ...

    def send(self, command: Command) -> None:
        """Send a command."""
        ...

    def kill(self) -> None:
        """End the process."""
        ...


class Launcher(Protocol):
    """Starts worker processes."""

    def __call__(
        self, worker: str, heard: Callable[[Report], None], ended: Callable[[str], None]
    ) -> Coroutine[Any, Any, WorkerLink]:
        """Start that worker; `heard` and `ended` are called on the event loop."""
        ...


class JobHandle:
    """One submitted job: its updates while it runs, then its outcome."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.ended: m.EndJob | None = None
        self._updates: asyncio.Queue[Update | m.EndJob] = asyncio.Queue()

    def put(self, update: Update | m.EndJob) -> None:
        """Hand on what happened to the job."""
        if isinstance(update, m.EndJob):
            self.ended = update
        self._updates.put_nowait(update)

    async def updates(self) -> AsyncIterator[Update]:
        """Yield what happens until the job ends."""
        while True:
            update = await self._updates.get()
            if isinstance(update, m.EndJob):
                return
            yield update

    def result(self) -> tuple[Result, m.Span]:
        """What the ended job gave, and where and when. Raises the error it ended with."""
        if self.ended is None:
            raise RuntimeError(f"job {self.job.id} has not ended")
        outcome, ran = self.ended.outcome, self.ended.ran
        if isinstance(outcome, ErrorInfo):
            raise error_from(outcome)
        assert ran is not None, "a job that gave a result has run"
        return outcome, ran


class SchedulerLoop:
    """Runs the scheduler against real processes."""

    def __init__(
        self,
        scheduler: Scheduler,
        launch: Launcher,
        weights: Callable[[str], Weights],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.scheduler = scheduler
        self.clock = clock
        self._launch = launch
        self._weights = weights
        self._events: asyncio.Queue[m.Event] = asyncio.Queue()
        self._links: dict[tuple[str, int], WorkerLink] = {}
        self._doomed: set[tuple[str, int]] = set()
        self._handles: dict[str, JobHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    def pids(self) -> dict[str, int | None]:
        """The process id of each worker that runs."""
        return {worker: link.pid for (worker, _), link in self._links.items()}

    @asynccontextmanager
    async def submitted(self, job: Job, need: m.ModelNeed) -> AsyncIterator[JobHandle]:
        """Submit a job; leaving the block before it ended cancels it."""
        handle = JobHandle(job)
        self._handles[job.id] = handle
        self._events.put_nowait(m.JobSubmitted(job, need, self.clock()))
        try:
            yield handle
        finally:
            if handle.ended is None:
                self._events.put_nowait(m.JobCancelRequested(job.id, self.clock()))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Own the scheduler for the length of this block; at its end the workers are gone."""
        owner = asyncio.create_task(self._own(), name="scheduler")
        try:
            yield
        finally:
            self._closing = True
            for task in (owner, *self._tasks):
                task.cancel()
            await asyncio.gather(owner, *self._tasks, return_exceptions=True)
            for link in self._links.values():
                link.kill()

    async def _own(self) -> None:
        effects = self.scheduler.start(self.clock())
        while True:
            for effect in effects:
                self._carry_out(effect)
            effects = self.scheduler.handle(await self._next_event())

    async def _next_event(self) -> m.Event:
        due_at = self.scheduler.next_deadline_at()
        if due_at is None:
            return await self._events.get()
        try:
            # Not wait_for: before Python 3.12 it swallows a cancel that comes with an event.
            async with asyncio.timeout(max(due_at - self.clock(), 0.0)):
                return await self._events.get()
        except TimeoutError:
            return m.ClockTicked(self.clock())

    def _carry_out(self, effect: m.Effect) -> None:
        match effect:
            case m.StartWorker():
                self._spawn(self._start(effect))
            case m.LoadModel():
                self._spawn(self._load(effect))
            case m.EvictModel(worker, epoch, model):
                self._send(worker, epoch, Evict(model))
            case m.RunJob(worker, epoch, job):
                self._tell(job.id, effect)
                self._send(worker, epoch, Run(job.id, job.model, job.work))
            case m.CancelJob(worker, epoch, job_id):
                self._send(worker, epoch, Cancel(job_id))
            case m.KillWorker(worker, epoch):
                self._kill(worker, epoch)
            case m.EndJob(job_id):
                self._tell(job_id, effect)
                self._handles.pop(job_id, None)

    async def _start(self, effect: m.StartWorker) -> None:
        name, epoch = effect.worker, effect.epoch
        await asyncio.sleep(effect.delay_s)
        try:
            link = await self._launch(
                name,
                lambda report: self._heard(name, epoch, report),
                lambda reason: self._ended(name, epoch, reason),
            )
        except OSError as error:
            self._ended(name, epoch, f"it cannot be started: {error}")
            return
        self._links[name, epoch] = link
        if (name, epoch) in self._doomed:
            link.kill()

    def _kill(self, worker: str, epoch: int) -> None:
        _LOG.warning("worker %s does not answer in time and is killed", worker)
        if link := self._links.get((worker, epoch)):
            link.kill()
        else:
            self._doomed.add((worker, epoch))
            self._ended(worker, epoch, "it did not start in time")

    async def _load(self, effect: m.LoadModel) -> None:
        try:
            weights = await asyncio.to_thread(self._weights, effect.model)
        except BatonError as error:
            self._heard(effect.worker, effect.epoch, LoadFailed(effect.model, error.info()))
        else:
            self._send(effect.worker, effect.epoch, Load(weights))

    def _heard(self, worker: str, epoch: int, report: Report) -> None:
        match report:
            case Progressed(job_id) | Wrote(job_id):
                self._tell(job_id, report)
            case _:
                self._events.put_nowait(_as_event(worker, epoch, report, self.clock()))

    def _ended(self, worker: str, epoch: int, reason: str) -> None:
        if not self._closing:
            _LOG.warning("worker %s ended: %s", worker, reason)
        self._links.pop((worker, epoch), None)
        self._events.put_nowait(m.WorkerDied(worker, epoch, reason, self.clock()))

    def _tell(self, job_id: str, update: Update | m.EndJob) -> None:
        if handle := self._handles.get(job_id):
            handle.put(update)

    def _send(self, worker: str, epoch: int, command: Command) -> None:
        # A worker restarted in the meantime must not get what its predecessor was to do.
        if link := self._links.get((worker, epoch)):
            link.send(command)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _as_event(worker: str, epoch: int, report: Report, at: float) -> m.Event:
    match report:
        case Started():
            return m.WorkerStarted(worker, epoch, at)
        case Loaded(model, resident_bytes, seconds):
            return m.ModelLoaded(worker, epoch, model, resident_bytes, seconds, at)
        case LoadFailed(model, error):
            return m.ModelLoadFailed(worker, epoch, model, error, at)
        case Evicted(model):
            return m.ModelEvicted(worker, epoch, model, at)
        case Finished(job_id, result):
            return m.JobFinished(worker, epoch, job_id, result, at)
        case Failed(job_id, error):
            return m.JobFailed(worker, epoch, job_id, error, at)
        case _:
            raise TypeError(f"not a scheduler event: {report!r}")
