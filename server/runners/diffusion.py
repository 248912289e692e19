"""text-to-image: diffusers pipelines that draw, with progress and cancel at every step."""

from __future__ import annotations

from typing import Any

import torch
from diffusers import AutoPipelineForText2Image

from server.core.job import TaskResult, TaskWork, Work
from server.core.lane import Weights
from server.runners.loading import bytes_of, dtype_of, spec_of, torch_device
from server.runners.ports import image_output, task_work, text_input
from server.runners.runner import Reporter

_STEPS = 30


class DiffusionRunner:
    """Text in, image out."""

    def __init__(self, weights: Weights, device: str) -> None:
        spec = spec_of(weights)
        self._pipeline: Any = AutoPipelineForText2Image.from_pretrained(
            str(weights.path),
            local_files_only=True,
            use_safetensors=True,
            variant=spec.variant,
            dtype=dtype_of(spec),
        ).to(torch_device(device))
        self._pipeline.set_progress_bar_config(disable=True)

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers of every component."""
        parts = self._pipeline.components.values()
        return bytes_of(part for part in parts if isinstance(part, torch.nn.Module))

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Draw the picture; `seed` makes it reproducible."""
        task = task_work(work)
        settings, generator = _settings(task)
        total = settings["num_inference_steps"]

        def after_step(_pipe: object, step: int, _time: object, tensors: dict) -> dict:
            # Raising here is a clean cancel: the pipeline stays usable.
            reporter.progress(step + 1, total)
            return tensors

        reporter.check()
        image = self._pipeline(
            prompt=text_input(task),
            generator=generator,
            callback_on_step_end=after_step,
            **settings,
        ).images[0]
        return TaskResult(
            files=(image_output(image, task),), data={"seed": generator.initial_seed()}
        )


def _settings(task: TaskWork) -> tuple[dict[str, Any], torch.Generator]:
    settings = {"num_inference_steps": _STEPS, **task.parameters}
    generator = torch.Generator("cpu")
    seed = settings.pop("seed", None)
    if seed is None:
        generator.seed()
    else:
        generator.manual_seed(int(seed))
    return settings, generator
