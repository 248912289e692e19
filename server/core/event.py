"""What happens in a turn, in order. Each has a `name`, which is also its name on the wire.

A turn ends with exactly one of `Answered`, `TurnFailed`, `TurnCancelled`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from server.core.plan import Plan
from server.core.resource import Resource
from server.errors import ErrorInfo


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan is known; an empty one means plain chat."""

    name: ClassVar[str] = "planned"
    plan: Plan


@dataclass(frozen=True, slots=True)
class StepSelected:
    """A model was chosen for a step, out of `candidates`, for `reason`."""

    name: ClassVar[str] = "selected"
    step: int
    model: str
    reason: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A step's inputs are there and its job is with the scheduler (`attempt` counts from 1)."""

    name: ClassVar[str] = "started"
    step: int
    model: str
    attempt: int


@dataclass(frozen=True, slots=True)
class StepProgressed:
    """A step has done `done` of `total` units."""

    name: ClassVar[str] = "progress"
    step: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class StepFinished:
    """A step is done; its outputs are resources of the turn from now on. `began_s` is when it got
    its device, in seconds from the turn's start; `seconds` is how long it ran there."""

    name: ClassVar[str] = "finished"
    step: int
    model: str
    device: str
    outputs: tuple[Resource, ...]
    began_s: float
    seconds: float
    data: Any = None


@dataclass(frozen=True, slots=True)
class StepFailed:
    """A step failed. With `next_model` it is tried again there, otherwise it is over."""

    name: ClassVar[str] = "failed"
    step: int
    model: str
    error: ErrorInfo
    next_model: str | None


@dataclass(frozen=True, slots=True)
class StepSkipped:
    """A step did not run because `because` of a step it depends on."""

    name: ClassVar[str] = "skipped"
    step: int
    reason: str


@dataclass(frozen=True, slots=True)
class TokenWritten:
    """A piece of the answer."""

    name: ClassVar[str] = "token"
    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The turn is over, and this is its answer, with every result whatever the LLM wrote."""

    name: ClassVar[str] = "answered"
    text: str
    results: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class TurnFailed:
    """The turn is over without an answer."""

    name: ClassVar[str] = "error"
    error: ErrorInfo


@dataclass(frozen=True, slots=True)
class TurnCancelled:
    """The turn is over because it was cancelled."""

    name: ClassVar[str] = "cancelled"


Event = (
    Planned
    | StepSelected
    | StepStarted
    | StepProgressed
    | StepFinished
    | StepFailed
    | StepSkipped
    | TokenWritten
    | Answered
    | TurnFailed
    | TurnCancelled
)
TERMINAL = (Answered, TurnFailed, TurnCancelled)
