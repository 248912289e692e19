"""What the catalog says of models and devices: immutable specs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class Precision(StrEnum):
    """The number type weights are loaded in."""

    FLOAT32 = "float32"
    FLOAT16 = "float16"
    BFLOAT16 = "bfloat16"


class PromptStyle(StrEnum):
    """How an LLM is addressed: `full` explains itself, `compact` is for models trained on it."""

    FULL = "full"
    COMPACT = "compact"


class TextArguments(StrEnum):
    """Where a planner takes text arguments from: `free` writes them, `span` quotes the request."""

    FREE = "free"
    SPAN = "span"


class Family(StrEnum):
    """How a model is loaded and run. Most tasks have one way, which needs no saying."""

    PIPELINE = "pipeline"
    """The transformers pipeline of the task's name: labels, boxes, segments, transcripts."""
    SEQ2SEQ = "seq2seq"
    """An encoder-decoder that turns one text into another."""
    CAUSAL = "causal"
    """A decoder that goes on with a text, or replies by its chat template."""
    EMBEDDING = "embedding"
    """An encoder whose states are averaged into one vector."""
    EXTRACTIVE = "extractive"
    """An encoder that points at the answer in a text."""
    TABULAR = "tabular"
    """A scikit-learn estimator stored by skops."""
    CAPTION = "caption"
    """Describes a picture without being asked anything."""
    VISUAL_QUESTION = "visual-question"
    """Answers a question about a picture, without chat."""
    VISION_CHAT = "vision-chat"
    """A chat model that sees: captions, questions, documents."""
    DOCUMENT = "document"
    """Reads a page and answers a question (Donut)."""
    RESTORATION = "restoration"
    """A picture in, a larger and cleaner one out (Swin2SR)."""
    SPEECH = "speech"
    """Text read aloud."""
    MUSIC = "music"
    """Music or sounds by a transformers model."""
    VOICE = "voice"
    """Speech in, speech out."""
    DIFFUSION = "diffusion"
    """Pictures by diffusers, from a text or from a text and a picture."""
    CONTROLNET = "controlnet"
    """Pictures by diffusers, guided by a picture of edges, poses, depth, …"""
    NORMALS = "normals"
    """Surface normals by diffusers (Marigold)."""
    SOUND_DIFFUSION = "sound-diffusion"
    """Music or sounds by diffusers."""
    VIDEO_DIFFUSION = "video-diffusion"
    """Videos by diffusers."""
    POSE = "pose"
    """Finds people, then their joints, and draws them as OpenPose does."""
    ANNOTATOR = "annotator"
    """Classical image processing; needs no weights."""


@dataclass(frozen=True, slots=True)
class PartSpec:
    """Another repository that an entry needs: a vocoder, a base model, a person detector."""

    id: str
    revision: str
    licence: str
    size_bytes: int
    variant: str | None = None
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One Hugging Face model of the catalog.

    `path` is set for a model that ships beside its catalog; otherwise the weights lie in the hub
    cache under `id` and `revision`. `size_bytes` is what the weights take at `precision`, those of
    its `parts` included. `variant` names the weight files to load (`fp16`). `tier_gb` is the
    smallest GPU it fits. `parameters` are call defaults (steps, guidance, …). `family` is how it is
    run where its tasks leave that open.
    """

    id: str
    tasks: tuple[str, ...]
    revision: str
    licence: str
    downloads: int
    likes: int
    description: str
    size_bytes: int
    precision: Precision
    variant: str | None = None
    tier_gb: int = 8
    path: Path | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    family: Family | None = None
    parts: Mapping[str, PartSpec] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlannerSpec:
    """The LLM: one GGUF file, the device it is a tenant of, and how it is addressed."""

    id: str
    revision: str
    file: str
    licence: str
    description: str
    size_bytes: int
    device: str
    context_tokens: int
    prompt: PromptStyle
    text_arguments: TextArguments
    tier_gb: int = 8
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class DeviceSpec:
    """A GPU or CPU slot. `id` is `cuda:N` or `cpu:N`; its lane may hold `memory_bytes` at most."""

    id: str
    memory_bytes: int

    @property
    def is_cuda(self) -> bool:
        """Whether this is a GPU."""
        return self.id.startswith("cuda:")


@dataclass(frozen=True, slots=True)
class ResidencySpec:
    """How many models, and how many bytes in host memory, may stay loaded."""

    top_k: int
    host_memory_bytes: int


class SelectionMode(StrEnum):
    """`llm` asks the LLM where there is a choice; `rank` takes the most downloaded."""

    LLM = "llm"
    RANK = "rank"


@dataclass(frozen=True, slots=True)
class SelectionSpec:
    """How many candidates a step has, and who chooses."""

    top_k: int
    mode: SelectionMode


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """How much of a picture, a recording or a video is decoded."""

    max_image_pixels: int
    max_audio_seconds: float
    max_video_seconds: float


@dataclass(frozen=True, slots=True)
class LimitsSpec:
    """Bounds on what a turn may bring and take."""

    max_steps: int
    max_request_chars: int
    max_resources: int
    max_upload_bytes: int
    media: MediaLimits
    max_queued_jobs: int
    max_active_turns: int
    load_seconds: float
    job_seconds: float


@dataclass(frozen=True, slots=True)
class Catalog:
    """The whole of models_config.yaml, validated."""

    source: Path
    planners: tuple[PlannerSpec, ...]
    models: tuple[ModelSpec, ...]
    devices: tuple[DeviceSpec, ...]
    residency: ResidencySpec
    selection: SelectionSpec
    limits: LimitsSpec

    def model(self, model_id: str) -> ModelSpec | None:
        """The model of that id, or None."""
        return next((model for model in self.models if model.id == model_id), None)

    def for_task(self, task: str) -> tuple[ModelSpec, ...]:
        """Models that can do a task, most downloaded first, ties by id."""
        able = (model for model in self.models if task in model.tasks)
        return tuple(sorted(able, key=lambda model: (-model.downloads, model.id)))
