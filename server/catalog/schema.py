"""The wire form of models_config.yaml, strict, and its turning into specs.

Descriptions complete the sentence "write …": error messages and the JSON Schema both use them.
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError

from server.core.model import (
    Catalog,
    DeviceSpec,
    Family,
    LimitsSpec,
    MediaLimits,
    ModelSpec,
    PartSpec,
    PlannerSpec,
    Precision,
    PromptStyle,
    ResidencySpec,
    SelectionMode,
    SelectionSpec,
    TextArguments,
)
from server.core.parameters import PARAMETERS, check_parameters
from server.core.task import TASKS
from server.errors import InvalidInput

_UNITS = {
    "B": 1,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "KiB": 1 << 10,
    "MiB": 1 << 20,
    "GiB": 1 << 30,
}
_SIZE = re.compile(rf"(\d{{1,12}}(?:\.\d{{1,6}})?) ?({'|'.join(_UNITS)})", re.ASCII)
_MAX_BYTES = 1 << 50
_NAME = r"[A-Za-z0-9]+((\.|-|_+)[A-Za-z0-9]+)*"


def _size_bytes(value: object) -> int:
    """Bytes of `6.9 GB`, `512 MB` or an integer."""
    size = value if isinstance(value, int) and not isinstance(value, bool) else None
    if isinstance(value, str) and (match := _SIZE.fullmatch(value)):
        size = round(float(match[1]) * _UNITS[match[2]])
    if size is None or not 0 < size <= _MAX_BYTES:
        raise PydanticCustomError("size", "should be a size above 0")
    return size


def _known_task(name: str) -> str:
    if name not in TASKS:
        near = difflib.get_close_matches(name, TASKS, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"known tasks: {', '.join(TASKS)}"
        raise PydanticCustomError("task", "no such task; {hint}", {"hint": hint})
    return name


def _distinct(names: list[str]) -> list[str]:
    if len(set(names)) < len(names):
        raise PydanticCustomError("distinct", "should name each task once")
    return names


Size = Annotated[
    int,
    BeforeValidator(_size_bytes),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "exclusiveMinimum": 0},
                {"type": "string", "pattern": f"^{_SIZE.pattern}$"},
            ]
        }
    ),
]
TaskName = Annotated[
    str, AfterValidator(_known_task), WithJsonSchema({"type": "string", "enum": list(TASKS)})
]
RepositoryId = Annotated[str, Field(pattern=f"^({_NAME}/)?{_NAME}$", max_length=120)]
Revision = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+([./-][A-Za-z0-9_]+)*$", max_length=120)]
DeviceId = Annotated[str, Field(pattern=r"^(cuda|cpu):[0-9]{1,2}$")]
Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\r\n]+$")]
Folder = Annotated[str, Field(min_length=1, max_length=400, pattern=r"^[^\x00-\x1f]+$")]
Variant = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,30}$")]
Role = Annotated[str, Field(pattern=r"^[a-z_]{1,30}$")]
Tier = Literal[8, 16, 24, 80]


class _Strict(BaseModel):
    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, title=None
    )


class PlannerSchema(_Strict):
    """An LLM that plans, chooses and answers: one GGUF file."""

    id: RepositoryId = Field(
        description="the Hugging Face repository of the GGUF file, such as Qwen/Qwen3-8B-GGUF"
    )
    revision: Revision = Field(
        default="main", description="a branch, a tag or, best, a commit of the repository"
    )
    file: str = Field(
        pattern=r"^\w[\w.-]*(/\w[\w.-]*)*\.gguf$",
        max_length=200,
        description="the name of the .gguf file within the repository",
    )
    licence: Line = Field(description="the licence of the weights, such as Apache-2.0")
    description: Line = Field(description="one line that says what it is good for")
    size: Size = Field(description='the size of the file, such as "5.0 GB" or an integer of bytes')
    device: DeviceId = Field(
        description="the id of one of the devices below, which it shares with the pipelines"
    )
    context_tokens: int = Field(
        ge=256, le=1 << 20, description="how many tokens a conversation may hold, at least 256"
    )
    prompt: PromptStyle = Field(
        strict=False,
        description="full, or compact for a model that was trained on the compact prompt",
    )
    text_arguments: TextArguments = Field(
        strict=False,
        description="free where it may write text arguments, span where it must quote the request",
    )
    tier_gb: Tier = Field(default=8, description="the smallest GPU it fits, in GB: 8, 16, 24 or 80")
    path: Folder | None = Field(
        default=None,
        description="a folder beside this file that holds the weights, instead of the hub cache",
    )

    def to_spec(self, folder: Path) -> PlannerSpec:
        """The same as a spec; `folder` is where a relative path starts."""
        return PlannerSpec(
            **self.model_dump(exclude={"size", "path"}),
            size_bytes=self.size,
            path=_within(folder, self.path),
        )


class PartSchema(_Strict):
    """Another repository that a model needs."""

    id: RepositoryId = Field(description="the Hugging Face repository of the part")
    revision: Revision = Field(
        default="main", description="a branch, a tag or, best, a commit of the repository"
    )
    licence: Line = Field(description="the licence of its weights, such as Apache-2.0")
    size: Size = Field(description='its weights in memory, such as "2.5 GB"')
    variant: Variant | None = Field(
        default=None, description="the variant of its weight files, such as fp16"
    )
    path: Folder | None = Field(
        default=None,
        description="a folder beside this file that holds the weights, instead of the hub cache",
    )

    def to_spec(self, folder: Path) -> PartSpec:
        """The same as a spec; `folder` is where a relative path starts."""
        fields = self.model_dump(exclude={"size", "path"})
        return PartSpec(**fields, size_bytes=self.size, path=_within(folder, self.path))


class ModelSchema(_Strict):
    """A Hugging Face model that does one or more tasks."""

    id: RepositoryId = Field(
        description="the Hugging Face repository, such as google/vit-base-patch16-224"
    )
    tasks: Annotated[list[TaskName], AfterValidator(_distinct)] = Field(
        min_length=1, description="a list of task names, such as [image-classification]"
    )
    revision: Revision = Field(
        default="main", description="a branch, a tag or, best, a commit of the repository"
    )
    licence: Line = Field(description="the licence of the weights, such as Apache-2.0")
    downloads: int = Field(
        ge=0, description="downloads in the last month: candidates are ranked by it"
    )
    likes: int = Field(ge=0, description="likes on the hub")
    description: Line = Field(description="one line that tells the LLM when to choose it")
    size: Size = Field(
        description='the weights in memory at this precision, such as "6.9 GB" or a number of bytes'
    )
    precision: Precision = Field(strict=False, description="float32, float16 or bfloat16")
    variant: Variant | None = Field(
        default=None, description="the variant of the weight files to fetch and load, such as fp16"
    )
    tier_gb: Tier = Field(default=8, description="the smallest GPU it fits, in GB: 8, 16, 24 or 80")
    path: Folder | None = Field(
        default=None,
        description="a folder beside this file that holds the weights, instead of the hub cache",
    )
    parameters: dict[str, JsonValue] = Field(
        default_factory=dict, description="defaults of its calls, such as num_inference_steps"
    )
    family: Family | None = Field(
        default=None,
        strict=False,
        description="how it is run, where its tasks leave that open, such as vision-chat",
    )
    parts: dict[Role, PartSchema] = Field(
        default_factory=dict, description="other repositories that it needs, by role"
    )

    @field_validator("parameters")
    @classmethod
    def _fit(cls, given: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        tasks = info.data.get("tasks", [])
        known = {name for task in tasks for name in PARAMETERS[task].model_fields}
        for task in tasks:
            here = PARAMETERS[task].model_fields
            meant = {name: v for name, v in given.items() if name in here or name not in known}
            try:
                check_parameters(task, meant)
            except InvalidInput as error:
                raise PydanticCustomError("parameters", "{why}", {"why": str(error)}) from None
        return given

    def to_spec(self, folder: Path) -> ModelSpec:
        """The same as a spec; `folder` is where a relative path starts."""
        return ModelSpec(
            **self.model_dump(exclude={"size", "path", "tasks", "parts"}),
            tasks=tuple(self.tasks),
            size_bytes=self.size,
            path=_within(folder, self.path),
            parts={role: part.to_spec(folder) for role, part in self.parts.items()},
        )


class DeviceSchema(_Strict):
    """A GPU, or a share of the CPU, with its own worker process."""

    id: DeviceId = Field(description="cuda:0, cuda:1, … or cpu:0, cpu:1, …")
    memory: Size = Field(description='the most bytes its models may take, such as "22 GB"')
    exclusive: Literal[True] = Field(
        default=True,
        description="true, or leave it out: a device always runs one job at a time",
    )


class ResidencySchema(_Strict):
    """How much stays loaded."""

    top_k: int = Field(
        ge=1, le=64, description="how many models may stay on one device, at least 1"
    )
    host_memory: Size = Field(
        description='host memory for models waiting off the device, such as "32 GB"'
    )


class SelectionSchema(_Strict):
    """How a model is chosen for a step."""

    top_k: int = Field(ge=1, le=16, description="how many candidates a step has, 1 to 16")
    mode: SelectionMode = Field(
        strict=False, description="llm to let the LLM choose, or rank for the most downloaded"
    )


class LimitsSchema(_Strict):
    """Bounds on what a turn may bring and take."""

    max_steps: int = Field(default=8, ge=1, le=32, description="the most steps of a plan, 1 to 32")
    max_request_chars: int = Field(
        default=20_000, ge=1, description="the most characters of a message"
    )
    max_resources: int = Field(
        default=16, ge=1, le=256, description="the most resources of a turn, 1 to 256"
    )
    max_upload: Size = Field(
        default=64 * 10**6, description='the most bytes of an upload, such as "64 MB"'
    )
    max_image_pixels: int = Field(
        default=40_000_000, ge=1, description="the most pixels of an image"
    )
    max_audio_seconds: float = Field(
        default=1800, gt=0, description="the most seconds of a recording that are listened to"
    )
    max_video_seconds: float = Field(
        default=300, gt=0, description="the most seconds of a video that are looked at"
    )
    max_queued_jobs: int = Field(default=256, ge=1, description="the most jobs that wait at a time")
    max_active_turns: int = Field(
        default=16, ge=1, description="the most turns under way at a time"
    )
    load_seconds: float = Field(
        default=600, gt=0, description="the most seconds a model may take to load"
    )
    job_seconds: float = Field(default=600, gt=0, description="the most seconds a job may run")

    def to_spec(self) -> LimitsSpec:
        """The same as a spec."""
        media = ("max_image_pixels", "max_audio_seconds", "max_video_seconds")
        return LimitsSpec(
            **self.model_dump(exclude={"max_upload", *media}),
            max_upload_bytes=self.max_upload,
            media=MediaLimits(**self.model_dump(include=set(media))),
        )


class CatalogSchema(_Strict):
    """What this server may use: planners, models, devices, and how much of each."""

    planners: list[PlannerSchema] = Field(
        min_length=1, description="a list of planners; the first installed one is used"
    )
    models: list[ModelSchema] = Field(min_length=1, description="a list of models")
    devices: list[DeviceSchema] = Field(
        min_length=1, description="a list of devices, each with its memory"
    )
    residency: ResidencySchema = Field(description="a mapping with top_k and host_memory")
    selection: SelectionSchema = Field(description="a mapping with top_k and mode")
    limits: LimitsSchema = Field(default_factory=LimitsSchema, description="a mapping of limits")

    def to_catalog(self, source: Path) -> Catalog:
        """The same as immutable specs; relative paths start at the catalog's own folder."""
        folder = source.parent
        return Catalog(
            source=source,
            planners=tuple(planner.to_spec(folder) for planner in self.planners),
            models=tuple(model.to_spec(folder) for model in self.models),
            devices=tuple(DeviceSpec(device.id, device.memory) for device in self.devices),
            residency=ResidencySpec(self.residency.top_k, self.residency.host_memory),
            selection=SelectionSpec(self.selection.top_k, self.selection.mode),
            limits=self.limits.to_spec(),
        )


def _within(folder: Path, path: str | None) -> Path | None:
    return None if path is None else (folder / path).resolve()


def known_keys(location: tuple[str | int, ...]) -> dict[str, Any]:
    """The fields of the mapping at a location, by name; empty where there is no such mapping."""
    schema: Any = CatalogSchema
    for part in location:
        if isinstance(part, int):
            continue
        field = schema.model_fields.get(part)
        schema = None if field is None else _mapping_of(field.annotation)
        if schema is None:
            return {}
    return dict(schema.model_fields)


def _mapping_of(annotation: object) -> type[BaseModel] | None:
    options = (annotation, *getattr(annotation, "__args__", ()))
    return next(
        (kind for kind in options if isinstance(kind, type) and issubclass(kind, BaseModel)), None
    )
