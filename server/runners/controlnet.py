"""canny-, hed-, mlsd-, normal-, openpose-, depth- and seg-text-to-image: ControlNets."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from diffusers import AutoPipelineForText2Image, ControlNetModel, ControlNetUnionModel

from server.core.job import TaskResult, TaskWork, Work
from server.core.lane import Weights
from server.errors import LoadError
from server.runners.denoising import Denoiser, grain, load_settings, native_side, scaled
from server.runners.generating import take_seed
from server.runners.loading import spec_of
from server.runners.ports import image_input, image_output, task_work, text_input
from server.runners.runner import Reporter

_STEPS = 30
# The number by which a ControlNet that knows several controls is told which one is meant.
_MODES: Mapping[str, int] = MappingProxyType(
    {
        "openpose-text-to-image": 0,
        "depth-text-to-image": 1,
        "hed-text-to-image": 2,
        "canny-text-to-image": 3,
        "mlsd-text-to-image": 3,
        "normal-text-to-image": 4,
        "seg-text-to-image": 5,
    }
)


class ControlNetRunner:
    """Text and a picture of edges, poses, depth, … in, image out.

    The entry's own weights are the ControlNet, its part `base` the model that draws. An entry with
    several tasks is a union: one ControlNet for all of them.
    """

    def __init__(self, weights: Weights, device: str) -> None:
        spec = spec_of(weights)
        base = spec.parts.get("base")
        if base is None:
            raise LoadError(f"{spec.id} draws nothing by itself; name its base model: parts.base")
        self._is_union = len(spec.tasks) > 1
        kind: Any = ControlNetUnionModel if self._is_union else ControlNetModel
        control = kind.from_pretrained(str(weights.path), **load_settings(weights, spec.variant))
        pipeline = AutoPipelineForText2Image.from_pretrained(
            str(weights.parts["base"]), controlnet=control, **load_settings(weights, base.variant)
        )
        self._denoiser = Denoiser(pipeline, device)

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers of the ControlNet and of its base model."""
        return self._denoiser.resident_bytes

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Draw the text along the guiding picture, in its shape.

        The picture is scaled until it fits into `width` by `height`, or into the square the base
        model was made for, and that is the size of the result. `seed` makes it reproducible.
        Raises InvalidInput for a parameter that this model has no use for.
        """
        task = task_work(work)
        self._denoiser.check_accepts(task)
        given, seed = take_seed(task.parameters)
        settings = {"num_inference_steps": _STEPS, **given, **self._guided(task)}
        image = self._denoiser.run(settings, seed, reporter).images[0]
        return TaskResult(files=(image_output(image, task),), data={"seed": seed})

    def _guided(self, task: TaskWork) -> dict[str, Any]:
        pipeline = self._denoiser.pipeline
        side = native_side(pipeline)
        within = (task.parameters.get("width", side), task.parameters.get("height", side))
        guide = scaled(image_input(task), within, grain(pipeline))
        size = {"prompt": text_input(task), "width": guide.width, "height": guide.height}
        if self._is_union:
            return {**size, "control_image": [guide], "control_mode": [_MODES[task.task]]}
        return {**size, "image": guide}
