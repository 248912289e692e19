"""text-to-image and image-to-image: diffusers pipelines that draw, and that edit pictures."""

from __future__ import annotations

import math
from typing import Any

from diffusers import AutoPipelineForImage2Image, DiffusionPipeline

from server.core.job import TaskResult, TaskWork, Work
from server.core.lane import Weights
from server.runners.denoising import (
    Denoiser,
    accepted,
    check_size,
    grain,
    load_settings,
    native_side,
    scaled,
)
from server.runners.generating import take_seed
from server.runners.loading import spec_of
from server.runners.ports import image_input, image_output, task_work, text_input
from server.runners.runner import Reporter

_STEPS = 30
# How far to go from the picture given: when told what to make of it, and when not.
_EDIT, _ENHANCE = 0.65, 0.25
_ENHANCED = "a sharp, clean and detailed picture of high quality"


class DiffusionRunner:
    """Text in, image out; or image and text in, image out, by the same weights."""

    def __init__(self, weights: Weights, device: str) -> None:
        spec = spec_of(weights)
        # As what the repository is: it may be one that edits pictures and does nothing else.
        loaded = DiffusionPipeline.from_pretrained(
            str(weights.path), **load_settings(weights, spec.variant)
        )
        self._denoisers = {
            task: Denoiser(_editing(loaded) if task == "image-to-image" else loaded, device)
            for task in spec.tasks
        }

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers of every component, which all tasks share."""
        return next(iter(self._denoisers.values())).resident_bytes

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Draw the picture, or draw it anew; `seed` makes it reproducible.

        A picture given is scaled until it fits into `width` by `height`, or into the square the
        model was made for, and that is the size of the result. With an empty text it is enhanced.
        Raises InvalidInput for a parameter that this model has no use for.
        """
        task = task_work(work)
        denoiser = self._denoisers[task.task]
        given, seed = take_seed(task.parameters)
        settings = {"num_inference_steps": _STEPS, **given}
        if task.task == "image-to-image":
            denoiser.check_accepts(task, further=("width", "height"))
            settings |= _edit(task, denoiser.pipeline, settings)
        else:
            denoiser.check_accepts(task)
            check_size(task, grain(denoiser.pipeline))
            settings["prompt"] = text_input(task)
        image = denoiser.run(settings, seed, reporter).images[0]
        return TaskResult(files=(image_output(image, task),), data={"seed": seed})


def _editing(pipeline: Any) -> Any:
    """The pipeline itself if it takes pictures, else its sibling on the same components."""
    if "image" in accepted(pipeline):
        return pipeline
    return AutoPipelineForImage2Image.from_pipe(pipeline)


def _edit(task: TaskWork, pipeline: Any, settings: dict[str, Any]) -> dict[str, Any]:
    side = native_side(pipeline)
    within = (settings.get("width", side), settings.get("height", side))
    image = scaled(image_input(task), within, grain(pipeline))
    text = text_input(task).strip()
    strength = settings.get("strength", _EDIT if text else _ENHANCE)
    return {
        "prompt": text or _ENHANCED,
        "image": image,
        "width": image.width,
        "height": image.height,
        # Of all the steps this share is taken: at least one of them.
        "strength": max(strength, math.nextafter(1 / settings["num_inference_steps"], 1)),
    }
