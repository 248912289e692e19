"""text-to-video and image-to-video: diffusers pipelines that film."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from diffusers import (
    DiffusionPipeline,
    LTXImageToVideoPipeline,
    LTXPipeline,
    WanImageToVideoPipeline,
    WanPipeline,
)

from server.core.job import TaskResult, TaskWork, Work
from server.core.lane import Weights
from server.errors import LoadError
from server.runners.denoising import (
    Denoiser,
    Size,
    accepted,
    check_size,
    load_settings,
    scaled,
)
from server.runners.generating import take_seed
from server.runners.loading import spec_of
from server.runners.ports import image_input, task_work, text_input, video_output
from server.runners.runner import Reporter

_STEPS = 30
_FPS = 16
_MOTION = "the scene comes to life with smooth and natural motion"
_TRANSFORMER_GRAIN = 32
# Pipelines whose weights also film from a picture, and the pipelines that do it.
_FROM_IMAGE: Mapping[type, type] = MappingProxyType(
    {LTXPipeline: LTXImageToVideoPipeline, WanPipeline: WanImageToVideoPipeline}
)


class VideoDiffusionRunner:
    """Text or image in, video out."""

    def __init__(self, weights: Weights, device: str) -> None:
        spec = spec_of(weights)
        loaded = DiffusionPipeline.from_pretrained(
            str(weights.path), **load_settings(weights, spec.variant)
        )
        self._denoisers = {
            task: Denoiser(_from_image(loaded) if task == "image-to-video" else loaded, device)
            for task in spec.tasks
        }

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers of every component, which all tasks share."""
        return next(iter(self._denoisers.values())).resident_bytes

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Film the text or the picture; `seed` makes it reproducible.

        A picture is scaled until it fits into `width` by `height`, turned as the picture is; where
        they are not given, into the frame the model was made for. Models have favourite numbers of
        frames: `num_frames` is rounded to one. Raises InvalidInput for a parameter that this model
        has no use for.
        """
        task = task_work(work)
        denoiser = self._denoisers[task.task]
        denoiser.check_accepts(task, further=("fps",))
        given, seed = take_seed(task.parameters)
        fps = given.pop("fps", _FPS)
        settings = {
            "num_inference_steps": _STEPS,
            **given,
            **_scene(task, denoiser.pipeline),
            "fps": fps,
            "frame_rate": fps,
            "output_type": "pil",
        }
        frames = denoiser.run(settings, seed, reporter).frames[0]
        return TaskResult(files=(video_output(frames, fps, task),), data={"seed": seed})


def _from_image(pipeline: Any) -> Any:
    """The pipeline itself if it takes pictures, else its sibling on the same components."""
    if "image" in accepted(pipeline):
        return pipeline
    sibling: Any = _FROM_IMAGE.get(type(pipeline))
    if sibling is None:
        kind = type(pipeline).__name__
        raise LoadError(f"{kind} takes no pictures; leave image-to-video out of the entry's tasks")
    # Its own from_pipe would cast parts that must stay in 32 bits.
    held = {**pipeline.config, **pipeline.components}
    wanted = inspect.signature(sibling).parameters
    return sibling(**{name: value for name, value in held.items() if name in wanted})


def _scene(task: TaskWork, pipeline: Any) -> dict[str, Any]:
    multiple = _grain(pipeline)
    if task.task == "text-to-video":
        check_size(task, multiple)
        return {"prompt": text_input(task)}
    image = image_input(task)
    width, height = _frame(task, pipeline)
    is_upright = image.height > image.width
    image = scaled(image, (height, width) if is_upright else (width, height), multiple)
    return {"prompt": _MOTION, "image": image, "width": image.width, "height": image.height}


def _frame(task: TaskWork, pipeline: Any) -> Size:
    """The longer and the shorter side of the frame."""
    sides = [
        task.parameters.get(name, accepted(pipeline)[name].default) for name in ("width", "height")
    ]
    return max(sides), min(sides)


def _grain(pipeline: Any) -> int:
    """What the sides of frames are multiples of: a U-Net halves them at every level but one."""
    unet = pipeline.components.get("unet")
    if unet is None:
        return _TRANSFORMER_GRAIN
    return pipeline.vae_scale_factor * 2 ** (len(unet.config.block_out_channels) - 1)
