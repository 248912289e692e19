"""What the scheduler remembers: tickets, workers and devices."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from server.core.job import Job
from server.errors import ErrorInfo
from server.scheduling.ledger import Ledger
from server.scheduling.messages import ModelNeed, WorkerKind, WorkerSpec


class TicketState(StrEnum):
    """Where an admitted job is."""

    QUEUED = "queued"
    PREPARING = "preparing"
    RUNNING = "running"


@dataclass(slots=True)
class Ticket:
    """An admitted job. `verdict` is the error it ends with once its worker is down."""

    job: Job
    need: ModelNeed
    admitted_at: float
    sequence: int
    state: TicketState = TicketState.QUEUED
    device: str | None = None
    started_at: float = 0.0
    deaths: int = 0
    verdict: ErrorInfo | None = None


class Verb(StrEnum):
    """What a worker can be doing; it does one thing at a time."""

    START = "start"
    LOAD = "load"
    EVICT = "evict"
    RUN = "run"


@dataclass(slots=True)
class Operation:
    """What a worker is doing, on which model or job, and when that is overdue."""

    verb: Verb
    subject: str
    deadline_at: float
    killed: bool = False


@dataclass(slots=True)
class Worker:
    """One worker process as the scheduler sees it."""

    spec: WorkerSpec
    ledger: Ledger
    epoch: int = 1
    operation: Operation | None = None
    deaths: int = 0
    deaths_in_a_row: int = 0

    def is_doing(self, verb: Verb, subject: str) -> bool:
        """Whether this is what the worker is at; a report of anything else is stale."""
        operation = self.operation
        return operation is not None and (operation.verb, operation.subject) == (verb, subject)


@dataclass(slots=True)
class Device:
    """A device, its tenants, and the one job that has it."""

    id: str
    workers: list[Worker] = field(default_factory=list)
    active: Ticket | None = None

    def worker(self, kind: WorkerKind) -> Worker | None:
        """The tenant of that kind, or None."""
        return next((worker for worker in self.workers if worker.spec.kind is kind), None)

    @property
    def busy(self) -> bool:
        """Whether any tenant is loading, evicting or running: two never do at once."""
        return any(
            worker.operation is not None and worker.operation.verb is not Verb.START
            for worker in self.workers
        )
