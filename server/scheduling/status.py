"""The scheduler's state as an operator sees it."""

from __future__ import annotations

from collections.abc import Mapping

from server.core.status import DeviceStatus, JobStatus, ResidentModel, WorkerStatus
from server.scheduling.messages import WorkerKind
from server.scheduling.scheduler import Scheduler
from server.scheduling.state import Device, Verb, Worker


def device_status(scheduler: Scheduler, pids: Mapping[str, int | None]) -> tuple[DeviceStatus, ...]:
    """Every device with its workers and what is on it; `pids` are the workers' processes."""
    return tuple(_device(device, pids) for device in scheduler.devices)


def job_status(scheduler: Scheduler, at: float) -> tuple[JobStatus, ...]:
    """Every job that has not ended, oldest first."""
    return tuple(
        JobStatus(
            id=ticket.job.id,
            model=ticket.need.model,
            state=ticket.state,
            priority=ticket.job.priority.name.lower(),
            owner=ticket.job.owner,
            waited_s=round(at - ticket.admitted_at, 3),
            device=ticket.device,
        )
        for ticket in scheduler.tickets
    )


def is_loaded(scheduler: Scheduler, model: str) -> bool:
    """Whether a model is on some device and ready to run."""
    workers = (worker for device in scheduler.devices for worker in device.workers)
    return any(worker.ledger.is_ready(model) for worker in workers)


def resident_models(scheduler: Scheduler) -> frozenset[str]:
    """The pipelines that are on some device and ready to run."""
    lanes = (w for d in scheduler.devices for w in d.workers if w.spec.kind is WorkerKind.LANE)
    return frozenset(
        entry.model
        for worker in lanes
        for entry in worker.ledger.entries
        if worker.ledger.is_ready(entry.model)
    )


def _device(device: Device, pids: Mapping[str, int | None]) -> DeviceStatus:
    ledgers = [worker.ledger for worker in device.workers]
    leased = device.active.need.model if device.active else None
    return DeviceStatus(
        id=device.id,
        workers=tuple(_worker(worker, pids) for worker in device.workers),
        budget_bytes=sum(ledger.budget_bytes for ledger in ledgers),
        reserved_bytes=sum(ledger.reserved_bytes for ledger in ledgers),
        models=tuple(
            ResidentModel(entry.model, entry.state, entry.bytes, entry.model == leased)
            for ledger in ledgers
            for entry in ledger.entries
        ),
        active_job=device.active.job.id if device.active else None,
    )


def _worker(worker: Worker, pids: Mapping[str, int | None]) -> WorkerStatus:
    starting = worker.operation is not None and worker.operation.verb is Verb.START
    state = "starting" if starting else "up"
    name = worker.spec.name
    return WorkerStatus(name, state, worker.epoch, worker.deaths, pids.get(name))
