"""The scheduler's words: events (what happened) in, effects (what to do) out.

Every report of a worker carries the worker's epoch; a report from before a restart is stale and
is dropped. Times (`at`) are seconds of one monotonic clock, passed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from server.core.job import Job, Result
from server.errors import ErrorInfo


class WorkerKind(StrEnum):
    """A `lane` runs pipelines; `llm` runs the language model. Both are tenants of a device."""

    LANE = "lane"
    LLM = "llm"


@dataclass(frozen=True, slots=True)
class WorkerSpec:
    """One worker process: its name, its device, and how many bytes its models may take."""

    name: str
    kind: WorkerKind
    device: str
    budget_bytes: int
    top_k: int


@dataclass(frozen=True, slots=True)
class ModelNeed:
    """What a job needs in memory before it can run."""

    model: str
    footprint_bytes: int
    kind: WorkerKind = WorkerKind.LANE


# Events


@dataclass(frozen=True, slots=True)
class JobSubmitted:
    """A job asks to be admitted."""

    job: Job
    need: ModelNeed
    at: float


@dataclass(frozen=True, slots=True)
class JobCancelRequested:
    """Somebody no longer wants a job."""

    job_id: str
    at: float


@dataclass(frozen=True, slots=True)
class WorkerStarted:
    """A worker process is up and waits for commands."""

    worker: str
    epoch: int
    at: float


@dataclass(frozen=True, slots=True)
class WorkerDied:
    """A worker process ended, for whatever reason."""

    worker: str
    epoch: int
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class ModelLoaded:
    """A model is resident; `resident_bytes` is what it was measured to take."""

    worker: str
    epoch: int
    model: str
    resident_bytes: int
    seconds: float
    at: float


@dataclass(frozen=True, slots=True)
class ModelLoadFailed:
    """A model could not be loaded; nothing of it is left in memory."""

    worker: str
    epoch: int
    model: str
    error: ErrorInfo
    at: float


@dataclass(frozen=True, slots=True)
class ModelEvicted:
    """A model's memory is free again."""

    worker: str
    epoch: int
    model: str
    at: float


@dataclass(frozen=True, slots=True)
class JobFinished:
    """A job ran to its end."""

    worker: str
    epoch: int
    job_id: str
    result: Result
    at: float


@dataclass(frozen=True, slots=True)
class JobFailed:
    """A job raised, or obeyed a cancel."""

    worker: str
    epoch: int
    job_id: str
    error: ErrorInfo
    at: float


@dataclass(frozen=True, slots=True)
class ClockTicked:
    """Time passed; deadlines are due for a look."""

    at: float


Event = (
    JobSubmitted
    | JobCancelRequested
    | WorkerStarted
    | WorkerDied
    | ModelLoaded
    | ModelLoadFailed
    | ModelEvicted
    | JobFinished
    | JobFailed
    | ClockTicked
)


# Effects


@dataclass(frozen=True, slots=True)
class StartWorker:
    """Start a worker process, after a pause that grows while it keeps dying."""

    worker: str
    epoch: int
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class KillWorker:
    """End a worker process that does not obey."""

    worker: str
    epoch: int


@dataclass(frozen=True, slots=True)
class LoadModel:
    """Bring a model onto a worker's device. Its bytes are already reserved."""

    worker: str
    epoch: int
    model: str


@dataclass(frozen=True, slots=True)
class EvictModel:
    """Free a model's memory."""

    worker: str
    epoch: int
    model: str


@dataclass(frozen=True, slots=True)
class RunJob:
    """Run a job on a model that is resident and leased to it."""

    worker: str
    epoch: int
    job: Job


@dataclass(frozen=True, slots=True)
class CancelJob:
    """Tell a worker to stop the job it runs."""

    worker: str
    epoch: int
    job_id: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time a job had a device for, on the scheduler's clock."""

    device: str
    began_at: float
    ended_at: float


@dataclass(frozen=True, slots=True)
class EndJob:
    """A job's one outcome, and where and when it ran, if it did."""

    job_id: str
    outcome: Result | ErrorInfo
    ran: Span | None = None


Effect = StartWorker | KillWorker | LoadModel | EvictModel | RunJob | CancelJob | EndJob
