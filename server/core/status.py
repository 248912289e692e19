"""What an operator sees of devices, models and jobs: read-only views."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResidentModel:
    """A model on a device: `loading`, `ready` or `evicting`; `leased` while a job uses it."""

    id: str
    state: str
    reserved_bytes: int
    leased: bool


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """One device: its workers, what is on it, and the job that has it."""

    id: str
    workers: tuple[WorkerStatus, ...]
    budget_bytes: int
    reserved_bytes: int
    models: tuple[ResidentModel, ...]
    active_job: str | None


@dataclass(frozen=True, slots=True)
class WorkerStatus:
    """One worker process: `starting`, `up`; `epoch` counts its starts, `deaths` its crashes; `pid`
    is None while there is no process."""

    name: str
    state: str
    epoch: int
    deaths: int
    pid: int | None = None


@dataclass(frozen=True, slots=True)
class JobStatus:
    """One admitted job that has not ended: `queued`, `preparing` (on a device) or `running`."""

    id: str
    model: str
    state: str
    priority: str
    owner: str
    waited_s: float
    device: str | None


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """One catalog entry: whether its weights are on disk (`missing` says what is not), and where
    it is resident."""

    id: str
    tasks: tuple[str, ...]
    installed: bool
    missing: str | None
    resident_on: tuple[str, ...]
    downloads: int
    likes: int
    licence: str
    size_bytes: int
    description: str
