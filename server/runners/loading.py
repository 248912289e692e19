"""What every runner does with weights and inputs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import torch
from PIL import Image

from server.artifacts.media import open_image
from server.core.job import MediaFile, TaskWork, Work
from server.core.lane import Weights
from server.core.model import ModelSpec
from server.core.task import Media
from server.errors import InvalidInput, RunError


def spec_of(weights: Weights) -> ModelSpec:
    """The catalog entry of a pipeline's weights."""
    assert isinstance(weights.spec, ModelSpec), "the registry hands on nothing else"
    return weights.spec


def dtype_of(spec: ModelSpec) -> torch.dtype:
    """The number type the catalog asks for."""
    return {
        "float32": torch.float32,
        "float16": torch.float16,
        "bfloat16": torch.bfloat16,
    }[spec.precision]


def torch_device(device: str) -> torch.device:
    """`cuda:1` as it is; every `cpu:N` is the one CPU torch knows."""
    return torch.device("cpu" if device.startswith("cpu") else device)


def bytes_of(modules: Iterable[torch.nn.Module]) -> int:
    """What parameters and buffers take, each tensor once."""
    tensors = {t.data_ptr(): t for m in modules for t in (*m.parameters(), *m.buffers())}
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())


def task_work(work: Work) -> TaskWork:
    """The work as a task. Raises RunError for anything else."""
    if not isinstance(work, TaskWork):
        raise RunError("a lane runs tasks only")
    return work


def image_input(work: TaskWork, port: str = "image") -> Image.Image:
    """A port's image, decoded under the limit. Raises InvalidInput, MediaError, TooLarge."""
    value = work.inputs[port]
    if not isinstance(value, MediaFile):
        raise InvalidInput(f"{work.task} needs an image as {port!r}, not a text")
    return open_image(value.path, work.max_image_pixels)


def text_input(work: TaskWork, port: str = "text") -> str:
    """A port's text. Raises InvalidInput."""
    value = work.inputs[port]
    if not isinstance(value, str):
        raise InvalidInput(f"{work.task} needs a text as {port!r}, not {value.media}")
    return value


def image_output(image: Image.Image, work: TaskWork, name: str = "image") -> MediaFile:
    """Write an image for the server to take over."""
    path = Path(work.output_dir) / f"{name}.png"
    image.save(path)
    return MediaFile(Media.IMAGE, path, "image/png")
