"""What the server and its worker processes say to each other, over one pipe each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from server.core.job import Result, Work
from server.core.model import ModelSpec, PlannerSpec
from server.errors import ErrorInfo


@dataclass(frozen=True, slots=True)
class Weights:
    """A model whose files were found on disk: a directory, or for a planner one GGUF file. `parts`
    are the directories of a model's parts, by role."""

    spec: ModelSpec | PlannerSpec
    path: Path
    parts: Mapping[str, Path] = field(default_factory=dict)


# Commands, server to worker


@dataclass(frozen=True, slots=True)
class Load:
    """Bring a model onto the device."""

    weights: Weights


@dataclass(frozen=True, slots=True)
class Evict:
    """Free a model."""

    model: str


@dataclass(frozen=True, slots=True)
class Run:
    """Run a job on a resident model."""

    job_id: str
    model: str
    work: Work


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop that job if it is the one running."""

    job_id: str


Command = Load | Evict | Run | Cancel


# Reports, worker to server


@dataclass(frozen=True, slots=True)
class Started:
    """The process is up."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model is resident; its measured bytes and the seconds it took."""

    model: str
    resident_bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class LoadFailed:
    """A model could not be loaded."""

    model: str
    error: ErrorInfo


@dataclass(frozen=True, slots=True)
class Evicted:
    """A model is gone from the device."""

    model: str


@dataclass(frozen=True, slots=True)
class Progressed:
    """A job has done `done` of `total` units."""

    job_id: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Wrote:
    """A generation wrote a piece of text."""

    job_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """A job ran to its end."""

    job_id: str
    result: Result


@dataclass(frozen=True, slots=True)
class Failed:
    """A job raised, or obeyed a cancel."""

    job_id: str
    error: ErrorInfo


Report = Started | Loaded | LoadFailed | Evicted | Progressed | Wrote | Finished | Failed
