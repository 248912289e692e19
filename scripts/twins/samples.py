"""Something of every type, to run models on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from server.artifacts.audio import write_audio
from server.artifacts.video import write_mp4
from server.core.job import MediaFile, TaskWork, Value
from server.core.model import MediaLimits
from server.core.parameters import PARAMETERS
from server.core.task import TASKS, Media, Port

LIMITS = MediaLimits(max_image_pixels=1_000_000, max_audio_seconds=60, max_video_seconds=60)
# Little work for every kind of generation; models of sound refuse what they have no use for.
_QUICK = {
    "num_inference_steps": 2,
    "max_new_tokens": 6,
    "width": 64,
    "height": 64,
    "num_frames": 5,
    "points_per_side": 2,
    "seed": 1,
}
_QUICK_SOUND = {"seconds": 0.5, "seed": 1}
_TEXTS = {
    "labels": "a cat, a dog or a red ball",
    "table": "corners,fill\n4,0.99\n0,0.78",
    "context": "John Smith lives in New York.",
}


def picture(folder: Path, size: tuple[int, int] = (64, 48), seed: int = 0) -> MediaFile:
    """Noise with a red patch in it."""
    pixels = np.random.default_rng(seed).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    pixels[size[1] // 4 : size[1] // 2, size[0] // 4 : size[0] // 2] = (255, 0, 0)
    path = folder / f"picture-{seed}.png"
    Image.fromarray(pixels).save(path)
    return MediaFile(Media.IMAGE, path, "image/png")


def tone(folder: Path, seconds: float = 1.0, rate: int = 22_050) -> MediaFile:
    """A sine of 440 Hz, at a rate no speech model uses."""
    samples = 0.3 * np.sin(2 * np.pi * 440 * np.arange(int(rate * seconds)) / rate)
    return write_audio(folder / "tone", samples.astype(np.float32), rate)


def clip(folder: Path, frames: int = 8) -> MediaFile:
    """A video that turns from black to red."""
    shades = [Image.new("RGB", (64, 48), (index * 30, 0, 0)) for index in range(frames)]
    return write_mp4(folder / "clip", shades, fps=4)


def sample_input(media: Media, folder: Path) -> Value:
    """Something of that type."""
    match media:
        case Media.TEXT:
            return "The quick brown fox jumps over the lazy dog."
        case Media.IMAGE:
            return picture(folder)
        case Media.AUDIO:
            return tone(folder)
        case Media.VIDEO:
            return clip(folder)


def _sample_of(port: Port, folder: Path) -> Value:
    return _TEXTS.get(port.name) or sample_input(port.media, folder)


def sample_work(task: str, folder: Path) -> TaskWork:
    """A task's work on samples, as little of it as there can be."""
    inputs = {port.name: _sample_of(port, folder) for port in TASKS[task].inputs}
    media = {*TASKS[task].outputs, *(port.media for port in TASKS[task].inputs)}
    offered = _QUICK_SOUND if Media.AUDIO in media else _QUICK
    known = PARAMETERS[task].model_fields
    quick = {name: value for name, value in offered.items() if name in known}
    return TaskWork(task, inputs, quick, folder, LIMITS)
