"""What every runner on a diffusers pipeline has in common: loading, sizes, progress, cancel."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from PIL import Image

from server.core.job import TaskWork
from server.core.lane import Weights
from server.core.parameters import PARAMETERS
from server.errors import InvalidInput
from server.runners.loading import bytes_of, dtype_of, spec_of, torch_device
from server.runners.runner import Reporter

Size = tuple[int, int]
"""Width and height in pixels."""

# No model draws well on less, or on a strip longer than this many times its breadth.
_SHORTEST = 64
_SLIMMEST = 6


def load_settings(weights: Weights, variant: str | None) -> dict[str, Any]:
    """What every `from_pretrained` of diffusers is told."""
    return {
        "local_files_only": True,
        "use_safetensors": True,
        "variant": variant,
        "dtype": dtype_of(spec_of(weights)),
    }


def accepted(pipeline: Any) -> Mapping[str, inspect.Parameter]:
    """What a call of the pipeline takes, by name."""
    return inspect.signature(pipeline.__call__).parameters


class Denoiser:
    """A diffusers pipeline on its device, called with progress and cancel at every step."""

    def __init__(self, pipeline: Any, device: str) -> None:
        self.pipeline: Any = pipeline.to(torch_device(device))
        self.pipeline.set_progress_bar_config(disable=True)
        self._accepted = accepted(pipeline)

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers of every component."""
        parts = self.pipeline.components.values()
        return bytes_of(part for part in parts if isinstance(part, torch.nn.Module))

    def check_accepts(self, task: TaskWork, further: Collection[str] = ()) -> None:
        """Raises InvalidInput for a parameter of the task that neither the pipeline takes nor the
        runner, `further`: what was asked for would silently not be done."""
        known = {"seed", *further, *self._accepted} & set(PARAMETERS[task.task].model_fields)
        for name in task.parameters:
            if name not in known:
                kind = type(self.pipeline).__name__
                raise InvalidInput(
                    f"{task.task}: this model ({kind}) has no use for {name!r}; leave it out, or "
                    f"give {', '.join(sorted(known))}"
                )

    def run(self, settings: Mapping[str, Any], seed: int, reporter: Reporter) -> Any:
        """What the pipeline gives for those of the settings that it takes.

        Raising in a callback is a clean cancel: the pipeline stays usable.
        """
        reporter.check()
        self._check_steps(settings)
        generator = torch.Generator("cpu").manual_seed(seed)  # the same noise on every device
        told = {**settings, "generator": generator, "callback_on_step_end": _after_step(reporter)}
        taken = {name: value for name, value in told.items() if name in self._accepted}
        if "callback_on_step_end" in taken:
            return self.pipeline(**taken)
        with _watched(self.pipeline.scheduler, reporter):
            return self.pipeline(**taken)

    def _check_steps(self, settings: Mapping[str, Any]) -> None:
        """A schedule stretched to end at a given level divides by zero where it has one step."""
        is_stretched = self.pipeline.scheduler.config.get("shift_terminal")
        if is_stretched and settings.get("num_inference_steps") == 1:
            raise InvalidInput("this model cannot do with one step; give it num_inference_steps: 2")


def _after_step(reporter: Reporter) -> Callable[..., dict[str, Any]]:
    def after_step(pipeline: Any, step: int, _time: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        reporter.progress(step + 1, pipeline.num_timesteps)
        return tensors

    return after_step


@contextmanager
def _watched(scheduler: Any, reporter: Reporter) -> Iterator[None]:
    """Take each step of a scheduler for one of the job's, for pipelines without callbacks."""
    original = scheduler.step
    done = 0

    @functools.wraps(original)
    def step(*given: Any, **named: Any) -> Any:
        nonlocal done
        result = original(*given, **named)
        done += 1
        reporter.progress(done, len(scheduler.timesteps))
        return result

    scheduler.step = step
    try:
        yield
    finally:
        del scheduler.step


def native_side(pipeline: Any) -> int:
    """The side in pixels of the square pictures that a model was made for."""
    parts = pipeline.components
    cells = (parts.get("unet") or parts["transformer"]).config.get("sample_size") or 128
    return (cells if isinstance(cells, int) else max(cells)) * pipeline.vae_scale_factor


def grain(pipeline: Any) -> int:
    """What the sides of a model's pictures are multiples of: transformers see tiles of 2 by 2."""
    return pipeline.vae_scale_factor * (2 if "transformer" in pipeline.components else 1)


def check_size(task: TaskWork, multiple: int) -> None:
    """Raises InvalidInput for a width or height that is no such multiple."""
    for name in ("width", "height"):
        side = task.parameters.get(name, multiple)
        if side % multiple:
            near = max(1, round(side / multiple)) * multiple
            raise InvalidInput(
                f"{task.task}: this model draws in multiples of {multiple} pixels, and the {name} "
                f"{side} is none; take {near}"
            )


def scaled(image: Image.Image, within: Size, multiple: int) -> Image.Image:
    """The picture, made smaller or larger to fit into `within`, its sides such multiples.

    It keeps its shape as far as multiples allow; strips are broadened to where models can draw.
    """
    width, height = image.size
    width, height = max(width, height / _SLIMMEST), max(height, width / _SLIMMEST)
    scale = min(within[0] / width, within[1] / height)
    return image.resize(
        (
            _side(width * scale, within[0], multiple),
            _side(height * scale, within[1], multiple),
        ),
        Image.Resampling.LANCZOS,
    )


def _side(wanted: float, most: int, multiple: int) -> int:
    rounded = min(round(wanted / multiple), most // multiple) * multiple
    return max(rounded, _SHORTEST)
