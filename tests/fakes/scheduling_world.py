"""A simulated world around the scheduler: workers that load, run, fail and die on command.

It carries out effects the way the real loop does, but nothing happens by itself: a test picks what
is reported next. Every invariant of the scheduler is checked after every event.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from server.core.generation import Generation
from server.core.job import Job, Priority, Result, TaskResult, TaskWork
from server.errors import ErrorInfo
from server.scheduling import messages as m
from server.scheduling.policy import PolicySpec
from server.scheduling.scheduler import Scheduler
from tests.fakes.services import LIMITS

POLICY = PolicySpec(max_jobs=50, load_s=60.0, job_s=60.0)
RESULT = TaskResult(text="done")


def job(name: str, priority: Priority = Priority.TURN) -> Job:
    if priority is Priority.LLM:
        return Job(name, "planner", Generation(()), priority)
    work = TaskWork("summarization", {"text": "x"}, {}, Path(), LIMITS.media)
    return Job(name, "model", work, priority)


@dataclass(slots=True)
class Process:
    """One worker process: what it holds and the one command it is at."""

    epoch: int
    up: bool = False
    resident: set[str] = field(default_factory=set)
    command: m.LoadModel | m.EvictModel | m.RunJob | None = None


class World:
    def __init__(self, *workers: m.WorkerSpec, policy: PolicySpec = POLICY) -> None:
        self.specs = {spec.name: spec for spec in workers}
        self.scheduler = Scheduler(workers, policy)
        self.at = 0.0
        self.processes: dict[str, Process] = {}
        self.outcomes: dict[str, Result | ErrorInfo] = {}
        self.submitted: dict[str, m.ModelNeed] = {}
        self.order: list[str] = []
        self.cancels: list[str] = []
        self.killed: list[str] = []
        self.overshot = False
        self._carry_out(self.scheduler.start(self.at))

    def send(self, event: m.Event) -> None:
        self._carry_out(self.scheduler.handle(event))
        self.check()

    def submit(self, name: str, model: str, size: int, priority: Priority = Priority.TURN) -> None:
        kind = m.WorkerKind.LLM if priority is Priority.LLM else m.WorkerKind.LANE
        need = m.ModelNeed(model, size, kind)
        self.submitted[name] = need
        self.send(m.JobSubmitted(job(name, priority), need, self.at))

    def cancel(self, name: str) -> None:
        self.send(m.JobCancelRequested(name, self.at))

    def start(self, *workers: str) -> None:
        for worker in workers or tuple(self.specs):
            process = self.processes[worker]
            process.up = True
            self.send(m.WorkerStarted(worker, process.epoch, self.at))

    def finish(self, worker: str, measured: int | None = None) -> None:
        """The worker does what it was told and reports so."""
        process = self.processes[worker]
        command, process.command = process.command, None
        match command:
            case m.LoadModel(_, epoch, model):
                process.resident.add(model)
                sizes = [
                    need.footprint_bytes for need in self.submitted.values() if need.model == model
                ]
                size = measured if measured is not None else sizes[-1]
                self.overshot |= size > sizes[-1]
                self.send(m.ModelLoaded(worker, epoch, model, size, 1.0, self.at))
            case m.EvictModel(_, epoch, model):
                process.resident.discard(model)
                self.send(m.ModelEvicted(worker, epoch, model, self.at))
            case m.RunJob(_, epoch, running):
                self.send(m.JobFinished(worker, epoch, running.id, RESULT, self.at))
            case None:
                raise AssertionError(f"{worker} has nothing to do")

    def fail(self, worker: str, code: str = "load_error") -> None:
        """The worker reports that its load or its job failed."""
        process = self.processes[worker]
        command, process.command = process.command, None
        error = ErrorInfo(code, "told to fail")
        match command:
            case m.LoadModel(_, epoch, model):
                self.send(m.ModelLoadFailed(worker, epoch, model, error, self.at))
            case m.RunJob(_, epoch, running):
                self.send(m.JobFailed(worker, epoch, running.id, error, self.at))
            case _:
                raise AssertionError(f"{worker} cannot fail at {command}")

    def die(self, worker: str) -> None:
        epoch = self.processes[worker].epoch
        self.send(m.WorkerDied(worker, epoch, "killed by signal 9", self.at))

    def tick(self, seconds: float) -> None:
        self.at += seconds
        self.send(m.ClockTicked(self.at))

    def settle(self, limit: int = 1000) -> None:
        """Let every worker do all it is told until nothing is left to do."""
        for _ in range(limit):
            for worker, process in tuple(self.processes.items()):
                if not process.up:
                    self.start(worker)
                elif process.command is not None:
                    self.finish(worker)
            if not self.scheduler.tickets:
                return
        raise AssertionError(f"stuck: {self.scheduler.tickets}")

    def doing(self, worker: str) -> object:
        return self.processes[worker].command

    def _carry_out(self, effects: list[m.Effect]) -> None:
        for effect in effects:
            match effect:
                case m.StartWorker(worker, epoch):
                    self.processes[worker] = Process(epoch)
                case m.KillWorker(worker):
                    self.killed.append(worker)
                case m.CancelJob(_, _, job_id):
                    self.cancels.append(job_id)
                case m.EndJob(job_id, outcome):
                    assert job_id not in self.outcomes, f"{job_id} ended twice"
                    self.outcomes[job_id] = outcome
                case m.LoadModel(worker) | m.EvictModel(worker) | m.RunJob(worker):
                    process = self.processes[worker]
                    assert process.up, f"{worker} is told {effect} before it is up"
                    assert process.epoch == effect.epoch, "a command for a dead process"
                    assert process.command is None, f"{worker} gets a second command"
                    process.command = effect
                    if isinstance(effect, m.RunJob):
                        self.order.append(effect.job.id)
                    self._check_command(effect, process)

    def _check_command(self, effect: m.Effect, process: Process) -> None:
        match effect:
            case m.RunJob(_, _, running):
                assert self.submitted[running.id].model in process.resident
            case m.EvictModel(worker, _, model):
                assert model in process.resident
                assert not self._runs_on(worker, model), f"{model} is evicted under its job"
            case m.LoadModel(_, _, model):
                assert model not in process.resident

    def _runs_on(self, worker: str, model: str) -> bool:
        command = self.processes[worker].command
        return isinstance(command, m.RunJob) and self.submitted[command.job.id].model == model

    def check(self) -> None:
        """The invariants that hold after every event."""
        for device in self.scheduler.devices:
            at_work = [w.spec.name for w in device.workers if self.processes[w.spec.name].command]
            assert len(at_work) <= 1, f"{at_work} work at once on {device.id}"
            for worker in device.workers:
                ledger = worker.ledger
                held = {entry.model for entry in ledger.entries}
                assert self.processes[worker.spec.name].resident <= held
                assert len(held) <= ledger.top_k
                assert self.overshot or ledger.reserved_bytes <= ledger.budget_bytes
        admitted = {ticket.job.id for ticket in self.scheduler.tickets}
        assert admitted.isdisjoint(self.outcomes), "a job ended and is still admitted"
        assert admitted | set(self.outcomes) == set(self.submitted), "a job was lost"
