"""What goes into a runner and comes out of it: the ports of a task as Python values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from server.artifacts.audio import read_audio, write_audio
from server.artifacts.media import open_image
from server.artifacts.video import read_frames, write_mp4
from server.core.job import MediaFile, TaskWork, Work
from server.core.task import Media
from server.errors import InvalidInput, RunError


def task_work(work: Work) -> TaskWork:
    """The work as a task. Raises RunError for anything else."""
    if not isinstance(work, TaskWork):
        raise RunError("a lane runs tasks only")
    return work


def image_input(work: TaskWork, port: str = "image") -> Image.Image:
    """A port's image, decoded under the limit. Raises InvalidInput, MediaError, TooLarge."""
    return open_image(_media(work, port, Media.IMAGE).path, work.limits.max_image_pixels)


def text_input(work: TaskWork, port: str = "text") -> str:
    """A port's text. Raises InvalidInput."""
    value = work.inputs[port]
    if not isinstance(value, str):
        raise InvalidInput(f"{work.task} needs a text as {port!r}, not {value.media}")
    return value


def audio_input(work: TaskWork, rate: int, port: str = "audio") -> NDArray[np.float32]:
    """A port's sound as mono samples at that rate. Raises InvalidInput, MediaError, TooLarge."""
    return read_audio(_media(work, port, Media.AUDIO), rate, work.limits.max_audio_seconds)


def video_input(work: TaskWork, frames: int, port: str = "video") -> list[Image.Image]:
    """That many frames, spread over a port's video. Raises InvalidInput, MediaError, TooLarge."""
    return read_frames(_media(work, port, Media.VIDEO), frames, work.limits)


def _media(work: TaskWork, port: str, media: Media) -> MediaFile:
    value = work.inputs[port]
    if not isinstance(value, MediaFile):
        article = "an" if media in (Media.IMAGE, Media.AUDIO) else "a"
        raise InvalidInput(f"{work.task} needs {article} {media} as {port!r}, not a text")
    return value


def image_output(image: Image.Image, work: TaskWork, name: str = "image") -> MediaFile:
    """Write an image for the server to take over."""
    path = Path(work.output_dir) / f"{name}.png"
    image.save(path)
    return MediaFile(Media.IMAGE, path, "image/png")


def audio_output(samples: NDArray[np.float32], rate: int, work: TaskWork) -> MediaFile:
    """Write mono samples for the server to take over."""
    return write_audio(Path(work.output_dir) / "audio", samples, rate)


def video_output(frames: Sequence[Image.Image], fps: int, work: TaskWork) -> MediaFile:
    """Write a video for the server to take over."""
    return write_mp4(Path(work.output_dir) / "video", frames, fps)
