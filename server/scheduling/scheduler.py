"""The scheduler: a pure state machine. `handle(event)` returns the effects to carry out.

Invariants, held by property tests over random event orders with faults:
every admitted job ends exactly once; what is leased is never evicted; the bytes reserved on a
worker stay within its budget, loads in flight included; a job holds its device before its load
begins; two tenants of one device never work at once; stale and repeated reports change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from server.core.job import Result
from server.errors import (
    BatonError,
    Busy,
    Cancelled,
    DeadlineExceeded,
    ErrorInfo,
    ModelTooLarge,
    WorkerLost,
)
from server.scheduling.ledger import Ledger
from server.scheduling.messages import (
    CancelJob,
    ClockTicked,
    Effect,
    EndJob,
    Event,
    EvictModel,
    JobCancelRequested,
    JobFailed,
    JobFinished,
    JobSubmitted,
    KillWorker,
    LoadModel,
    ModelEvicted,
    ModelLoaded,
    ModelLoadFailed,
    ModelNeed,
    RunJob,
    Span,
    StartWorker,
    WorkerDied,
    WorkerSpec,
    WorkerStarted,
)
from server.scheduling.policy import PolicySpec, choose, restart_pause_s
from server.scheduling.state import Device, Operation, Ticket, TicketState, Verb, Worker


class Scheduler:
    """Owns tickets, devices and ledgers. Not thread-safe: one loop calls it."""

    def __init__(self, workers: Iterable[WorkerSpec], policy: PolicySpec) -> None:
        self._policy = policy
        self._workers: dict[str, Worker] = {}
        self._devices: dict[str, Device] = {}
        self._tickets: dict[str, Ticket] = {}
        self._sequence = 0
        self._effects: list[Effect] = []
        for spec in workers:
            worker = Worker(spec, Ledger(spec.budget_bytes, spec.top_k))
            self._workers[spec.name] = worker
            self._devices.setdefault(spec.device, Device(spec.device)).workers.append(worker)

    @property
    def devices(self) -> tuple[Device, ...]:
        """Every device, for reading."""
        return tuple(self._devices.values())

    @property
    def tickets(self) -> tuple[Ticket, ...]:
        """Every admitted job that has not ended, for reading."""
        return tuple(self._tickets.values())

    def start(self, at: float) -> list[Effect]:
        """The first effects: one process for each worker."""
        for worker in self._workers.values():
            self._start(worker, at)
        return self._flush()

    def next_deadline_at(self) -> float | None:
        """When a `ClockTicked` is next worth sending, or None while nothing can be overdue."""
        operations = (worker.operation for worker in self._workers.values())
        due = [op.deadline_at for op in operations if op is not None and not op.killed]
        return min(due, default=None)

    def handle(self, event: Event) -> list[Effect]:
        """Take in what happened and return what to do about it, in order."""
        match event:
            case JobSubmitted():
                self._admit(event)
            case JobCancelRequested(job_id, at):
                self._cancel(job_id, at)
            case ClockTicked(at):
                self._kill_overdue(at)
            case _:
                self._report(event)
        self._advance(event.at)
        return self._flush()

    # Admission and cancellation

    def _admit(self, event: JobSubmitted) -> None:
        refusal = self._refusal(event.need)
        if refusal is not None:
            self._effects.append(EndJob(event.job.id, refusal.info()))
            return
        self._sequence += 1
        ticket = Ticket(event.job, event.need, event.at, self._sequence)
        self._tickets[event.job.id] = ticket

    def _refusal(self, need: ModelNeed) -> BatonError | None:
        if len(self._tickets) >= self._policy.max_jobs:
            return Busy(
                f"{len(self._tickets)} jobs are waiting, the limit is {self._policy.max_jobs};"
                " try again later, or raise limits.max_queued_jobs"
            )
        budgets = [
            worker.ledger.budget_bytes
            for worker in self._workers.values()
            if worker.spec.kind is need.kind
        ]
        if need.footprint_bytes > max(budgets, default=0):
            return _too_large(need.model, need.footprint_bytes, max(budgets, default=0))
        return None

    def _cancel(self, job_id: str, at: float) -> None:
        ticket = self._tickets.get(job_id)
        if ticket is None or ticket.verdict is not None:
            return
        cancelled = Cancelled(f"job {job_id} was cancelled").info()
        if ticket.state is not TicketState.RUNNING:
            self._end(ticket, cancelled)
            return
        worker = self._worker_of(ticket)
        ticket.verdict = cancelled
        self._effects.append(CancelJob(worker.spec.name, worker.epoch, job_id))
        if worker.operation is not None:
            overdue_at = at + self._policy.cancel_s
            worker.operation.deadline_at = min(worker.operation.deadline_at, overdue_at)

    # Reports of workers

    def _report(
        self,
        event: WorkerStarted
        | WorkerDied
        | ModelLoaded
        | ModelLoadFailed
        | ModelEvicted
        | JobFinished
        | JobFailed,
    ) -> None:
        worker = self._workers.get(event.worker)
        if worker is None or worker.epoch != event.epoch:
            return
        match event:
            case WorkerStarted():
                if worker.is_doing(Verb.START, worker.spec.name):
                    worker.operation = None
            case WorkerDied():
                self._bury(worker, event)
            case ModelLoaded(model=model) if worker.is_doing(Verb.LOAD, model):
                worker.operation = None
                worker.ledger.confirm(model, event.resident_bytes, event.seconds)
            case ModelLoadFailed(model=model) if worker.is_doing(Verb.LOAD, model):
                worker.operation = None
                worker.ledger.drop(model)
                self._fail_active(worker, model, event.error)
            case ModelEvicted(model=model) if worker.is_doing(Verb.EVICT, model):
                worker.operation = None
                worker.ledger.drop(model)
            case JobFinished(job_id=job_id) if worker.is_doing(Verb.RUN, job_id):
                self._end_run(worker, job_id, event.result, event.at)
            case JobFailed(job_id=job_id) if worker.is_doing(Verb.RUN, job_id):
                self._end_run(worker, job_id, event.error, event.at)
            case _:
                pass  # a repeated report: what it tells has been taken in already

    def _fail_active(self, worker: Worker, model: str, error: ErrorInfo) -> None:
        active = self._devices[worker.spec.device].active
        # The job that asked for the load may have been cancelled since.
        if active is not None and active.need.model == model:
            self._end(active, error)

    def _end_run(self, worker: Worker, job_id: str, outcome: Result | ErrorInfo, at: float) -> None:
        ticket = self._tickets[job_id]
        worker.operation = None
        worker.deaths_in_a_row = 0
        worker.ledger.touch(ticket.need.model)
        self._end(ticket, outcome, Span(worker.spec.device, ticket.started_at, at))

    def _bury(self, worker: Worker, event: WorkerDied) -> None:
        active = self._devices[worker.spec.device].active
        worker.ledger.clear()
        worker.operation = None
        worker.epoch += 1
        worker.deaths += 1
        worker.deaths_in_a_row += 1
        self._start(worker, event.at)
        if active is not None and active.need.kind is worker.spec.kind:
            self._survive(active, worker, event.reason)

    def _survive(self, ticket: Ticket, worker: Worker, reason: str) -> None:
        """Its worker died under this job: once more, or a typed end."""
        ticket.deaths += 1
        if ticket.verdict is not None:
            self._end(ticket, ticket.verdict)
        elif ticket.deaths >= self._policy.attempts:
            lost = WorkerLost(
                f"worker {worker.spec.name} died {ticket.deaths} times under this job"
                f" on {ticket.need.model} ({reason}); it has been restarted"
            )
            self._end(ticket, lost.info())
        else:
            self._release(ticket)
            ticket.state = TicketState.QUEUED

    def _kill_overdue(self, at: float) -> None:
        for worker in self._workers.values():
            operation = worker.operation
            if operation is None or operation.killed or operation.deadline_at > at:
                continue
            operation.killed = True
            self._effects.append(KillWorker(worker.spec.name, worker.epoch))
            active = self._devices[worker.spec.device].active
            owns = active is not None and active.need.kind is worker.spec.kind
            if owns and active is not None and active.verdict is None:
                active.verdict = DeadlineExceeded(
                    f"{operation.verb} of {operation.subject} on {worker.spec.device} took longer"
                    f" than its limit; worker {worker.spec.name} is restarted"
                ).info()

    # Moving forward: assign idle devices, then let each active job take its next step

    def _advance(self, at: float) -> None:
        while any(self._assign(device, at) for device in self._devices.values()):
            pass
        for device in self._devices.values():
            while device.active is not None and not self._step(device, device.active, at):
                self._assign(device, at)

    def _assign(self, device: Device, at: float) -> bool:
        """Give an idle device its next job; tell whether there was one."""
        if device.active is not None:
            return False
        waiting = [t for t in self._tickets.values() if self._may_run(t, device)]
        ticket = choose(waiting, at, self._policy, lambda t: _is_ready(device, t.need))
        if ticket is None:
            return False
        ticket.state = TicketState.PREPARING
        ticket.device = device.id
        device.active = ticket
        return True

    def _may_run(self, ticket: Ticket, device: Device) -> bool:
        worker = device.worker(ticket.need.kind)
        if ticket.state is not TicketState.QUEUED or worker is None:
            return False
        if ticket.need.footprint_bytes > worker.ledger.budget_bytes:
            return False
        if _is_ready(device, ticket.need):
            return True
        # An idle device that has the model already is the better place.
        idle = (other for other in self._devices.values() if other.active is None)
        return not any(_is_ready(other, ticket.need) for other in idle)

    def _step(self, device: Device, ticket: Ticket, at: float) -> bool:
        """Bring the active job one step on; False when it ended instead and the device is free."""
        worker = device.worker(ticket.need.kind)
        if worker is None or worker.operation is not None or device.busy:
            return True
        ledger, need = worker.ledger, ticket.need
        if ledger.is_ready(need.model) and ledger.free_bytes >= 0:
            self._run(worker, ticket, at)
        elif not ledger.is_ready(need.model) and ledger.has_room(need.footprint_bytes):
            self._load(worker, need, at)
        else:
            return self._make_room(worker, ticket, at)
        return True

    def _make_room(self, worker: Worker, ticket: Ticket, at: float) -> bool:
        ledger, need = worker.ledger, ticket.need
        victim = ledger.victim(self._wanted(), leased=need.model)
        if victim is not None:
            self._evict(worker, victim, at)
            return True
        # Nothing else is there: the model itself was measured larger than its device.
        taken_bytes = ledger.reserved_bytes or need.footprint_bytes
        if ledger.is_ready(need.model):
            self._evict(worker, need.model, at)
        self._end(ticket, _too_large(need.model, taken_bytes, ledger.budget_bytes).info())
        return False

    def _wanted(self) -> set[str]:
        return {ticket.need.model for ticket in self._tickets.values()}

    # Small verbs

    def _start(self, worker: Worker, at: float) -> None:
        pause_s = restart_pause_s(worker.deaths_in_a_row, self._policy)
        deadline_at = at + pause_s + self._policy.start_s
        worker.operation = Operation(Verb.START, worker.spec.name, deadline_at)
        self._effects.append(StartWorker(worker.spec.name, worker.epoch, pause_s))

    def _load(self, worker: Worker, need: ModelNeed, at: float) -> None:
        worker.ledger.reserve(need.model, need.footprint_bytes)
        worker.operation = Operation(Verb.LOAD, need.model, at + self._policy.load_s)
        self._effects.append(LoadModel(worker.spec.name, worker.epoch, need.model))

    def _evict(self, worker: Worker, model: str, at: float) -> None:
        worker.ledger.begin_eviction(model)
        worker.operation = Operation(Verb.EVICT, model, at + self._policy.load_s)
        self._effects.append(EvictModel(worker.spec.name, worker.epoch, model))

    def _run(self, worker: Worker, ticket: Ticket, at: float) -> None:
        ticket.state = TicketState.RUNNING
        ticket.started_at = at
        worker.operation = Operation(Verb.RUN, ticket.job.id, at + self._policy.job_s)
        self._effects.append(RunJob(worker.spec.name, worker.epoch, ticket.job))

    def _end(self, ticket: Ticket, outcome: Result | ErrorInfo, ran: Span | None = None) -> None:
        self._release(ticket)
        del self._tickets[ticket.job.id]
        self._effects.append(EndJob(ticket.job.id, outcome, ran))

    def _release(self, ticket: Ticket) -> None:
        if ticket.device is not None:
            self._devices[ticket.device].active = None
            ticket.device = None

    def _worker_of(self, ticket: Ticket) -> Worker:
        device = self._devices[ticket.device or ""]
        worker = device.worker(ticket.need.kind)
        assert worker is not None, "a ticket is only given to a device that has its worker"
        return worker

    def _flush(self) -> list[Effect]:
        effects, self._effects = self._effects, []
        return effects


def _is_ready(device: Device, need: ModelNeed) -> bool:
    worker = device.worker(need.kind)
    return worker is not None and worker.ledger.is_ready(need.model)


def _too_large(model: str, needed_bytes: int, budget_bytes: int) -> ModelTooLarge:
    return ModelTooLarge(
        f"{model} needs {needed_bytes / 1e9:.2f} GB and the largest device it may use has"
        f" {budget_bytes / 1e9:.2f} GB; choose a smaller model or precision, or raise"
        " devices[].memory"
    )
