"""The bodies that go over the wire, in and out."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from server.conversation.request import TurnStatus
from server.core.generation import Role
from server.core.status import DeviceStatus, InstalledModel, JobStatus
from server.core.task import Media

StepState = Literal["waiting", "selected", "running", "finished", "failed", "skipped", "cancelled"]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _if_known() -> Any:
    """A field that is left out where there is nothing to say."""
    return Field(default=None, exclude_if=lambda value: value is None)


class MessageSchema(_Wire):
    """One message of the conversation."""

    role: Role
    content: str


class ResourceDraftSchema(_Wire):
    """Something a turn may use: a stored artifact, or a text. `alias` is chosen when not given."""

    artifact_id: str | None = None
    text: str | None = None
    alias: str | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.artifact_id is None) == (self.text is None):
            raise ValueError("give either artifact_id or text")
        return self


class TurnRequestSchema(_Wire):
    """The conversation so far, ending with the user's message, and the resources it may use."""

    messages: list[MessageSchema] = Field(min_length=1)
    resources: list[ResourceDraftSchema] = []

    @model_validator(mode="after")
    def _ends_with_user(self) -> Self:
        if self.messages[-1].role != "user":
            raise ValueError("the last message must be the user's")
        return self


class ErrorInfoSchema(_Wire):
    """`code` is stable; `message` is for people."""

    code: str
    message: str


class ErrorSchema(_Wire):
    """Every response that is not a success."""

    error: ErrorInfoSchema


class ResourceSchema(_Wire):
    """A resource of a turn: a text, or a file to fetch from `url`."""

    alias: str
    media: Media
    origin: str
    text: str | None = _if_known()
    url: str | None = _if_known()
    mime: str | None = _if_known()


class PlanStepSchema(_Wire):
    """One step as HuggingGPT writes it: `<GENERATED>-k` stands for the output of step k."""

    task: str
    id: int
    dep: list[int]
    args: dict[str, str]


class PlanSchema(_Wire):
    """A plan; an empty one means plain chat."""

    plan: list[PlanStepSchema]


class ProgressSchema(_Wire):
    """How many units of its work a step has done."""

    done: int
    total: int


class AttemptSchema(_Wire):
    """A model that was tried for a step and failed."""

    model: str
    error: ErrorInfoSchema


class StepSchema(_Wire):
    """How one step stands.

    `reason` says why this model, `skipped` why it did not run; `began_s` is when it got its device,
    counted from the turn's start, and `seconds` how long it ran there.
    """

    id: int
    task: str
    state: StepState = "waiting"
    model: str | None = None
    reason: str | None = None
    candidates: list[str] = []
    device: str | None = None
    began_s: float | None = None
    seconds: float | None = None
    progress: ProgressSchema | None = None
    outputs: list[ResourceSchema] = []
    data: Any = None
    failures: list[AttemptSchema] = []
    skipped: str | None = None


class LinksSchema(_Wire):
    """Where to look next."""

    self: str
    events: str
    cancel: str


class TurnAcceptedSchema(_Wire):
    """A turn that was taken on, or told to stop."""

    id: str
    status: TurnStatus
    links: LinksSchema


class TurnRequestEchoSchema(_Wire):
    """What the turn was made from, its resources under their aliases."""

    messages: list[MessageSchema]
    resources: list[ResourceSchema]


class TurnSchema(TurnAcceptedSchema):
    """A turn in full; `created_at` in seconds since 1970."""

    created_at: float
    request: TurnRequestEchoSchema
    plan: list[PlanStepSchema] | None = None
    steps: list[StepSchema] = []
    answer: str | None = None
    results: list[ResourceSchema] = []
    error: ErrorInfoSchema | None = None


class ArtifactSchema(_Wire):
    """A stored file."""

    id: str
    media: Media
    mime: str
    size_bytes: int
    name: str
    url: str


class ModelSchema(_Wire):
    """One model of the catalog."""

    object: Literal["model"] = "model"
    id: str
    tasks: list[str]
    installed: bool
    missing: str | None
    resident_on: list[str]
    downloads: int
    likes: int
    licence: str
    size_bytes: int
    description: str

    @classmethod
    def of(cls, model: InstalledModel) -> ModelSchema:
        """The wire form of one entry."""
        return cls.model_validate(model, from_attributes=True)


class ModelListSchema(_Wire):
    """Every model of the catalog, installed or not."""

    object: Literal["list"] = "list"
    data: list[ModelSchema]


class DeviceListSchema(_Wire):
    """Every device, with its workers and what is on it."""

    object: Literal["list"] = "list"
    data: list[DeviceStatus]


class QueueSchema(_Wire):
    """Every job that has not ended, first to run first."""

    object: Literal["list"] = "list"
    data: list[JobStatus]


class HealthSchema(_Wire):
    """The process lives (`alive`), or takes turns (`ready`)."""

    status: Literal["alive", "ready"]
