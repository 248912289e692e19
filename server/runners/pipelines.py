"""Tasks that a transformers pipeline carries out: one handler a task says what it means by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from transformers import pipeline

from server.core.job import TaskResult, TaskWork, Work
from server.core.lane import Weights
from server.errors import RunError
from server.runners import (
    picture_labels,
    picture_maps,
    sound_labels,
    text_labels,
    video_labels,
)
from server.runners.loading import bytes_of, dtype_of, spec_of, torch_device
from server.runners.ports import task_work
from server.runners.runner import Reporter

Handler = Callable[[Any, TaskWork, Reporter], TaskResult]
"""Calls a loaded pipeline with the work's inputs, and turns what it gives into a result."""

HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        **text_labels.HANDLERS,
        **picture_labels.HANDLERS,
        **picture_maps.HANDLERS,
        **sound_labels.HANDLERS,
        **video_labels.HANDLERS,
    }
)
# Tasks that transformers knows by another's name.
_NAMES = {"depth-control": "depth-estimation", "seg-control": "image-segmentation"}


class PipelineRunner:
    """Whatever transformers has a pipeline for."""

    def __init__(self, weights: Weights, device: str) -> None:
        spec = spec_of(weights)
        task: Any = _NAMES.get(spec.tasks[0], spec.tasks[0])
        # HF_HUB_OFFLINE is set: a local directory is all it can read.
        self._pipeline: Any = pipeline(
            task=task,
            model=str(weights.path),
            device=torch_device(device),
            dtype=dtype_of(spec),
            model_kwargs={"use_safetensors": True, "variant": spec.variant},
        )

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers."""
        return bytes_of([self._pipeline.model])

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Do the task."""
        task = task_work(work)
        handler = HANDLERS.get(task.task)
        if handler is None:
            raise RunError(f"no transformers pipeline does {task.task}")
        reporter.check()
        return handler(self._pipeline, task, reporter)
