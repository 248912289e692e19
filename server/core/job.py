"""Jobs: what a worker process is asked to do, and what comes back. Media travel by file path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any

from server.core.generation import Generation
from server.core.model import MediaLimits
from server.core.task import Media


class Priority(IntEnum):
    """Lower runs first; waiting jobs age towards the front."""

    LLM = 0
    TURN = 1
    DIRECT = 2


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A media input or output, as a file the server wrote itself."""

    media: Media
    path: Path
    mime: str


Value = str | MediaFile


@dataclass(frozen=True, slots=True)
class TaskWork:
    """Run one task on one model. The runner writes media outputs into `output_dir`, and decodes
    no more of an input than `limits` say."""

    task: str
    inputs: Mapping[str, Value]
    parameters: Mapping[str, Any]
    output_dir: Path
    limits: MediaLimits


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What a task gave: a text rendering, the structured data behind it, and media files."""

    text: str | None = None
    data: Any = None
    files: tuple[MediaFile, ...] = ()

    @property
    def told(self) -> str | None:
        """The text as later steps read it: never blank, for a model may have written nothing."""
        return self.text if self.text is None or self.text.strip() else "(nothing)"


@dataclass(frozen=True, slots=True)
class GenerationResult:
    """What the LLM wrote, and the token counts."""

    text: str
    prompt_tokens: int
    completion_tokens: int


Work = TaskWork | Generation
Result = TaskResult | GenerationResult


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work on one model, as the scheduler sees it."""

    id: str
    model: str
    work: Work = field(repr=False)
    priority: Priority = Priority.TURN
    owner: str = ""
