"""Small real files of every type that is accepted."""

from __future__ import annotations

import io
import wave
from typing import Any, cast

import av
import numpy as np
from PIL import Image

IMAGE_MIMES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
}
AUDIO_CODECS = {
    "audio/flac": ("flac", "flac"),
    "audio/ogg": ("ogg", "libopus"),
    "audio/mpeg": ("mp3", "libmp3lame"),
    "audio/mp4": ("ipod", "aac"),
}
VIDEO_CODECS = {"video/mp4": ("mp4", "libx264"), "video/webm": ("webm", "libvpx")}
_RATE = 48_000


def encoded(image: Image.Image, image_format: str = "PNG", **options: Any) -> bytes:
    """An image as the bytes of a file."""
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def image_bytes(image_format: str) -> bytes:
    """A small red image."""
    return encoded(Image.new("RGB", (12, 8), (255, 0, 0)), image_format)


def wav_bytes() -> bytes:
    """A tenth of a second of silence."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, _RATE, 0, "NONE", ""))
        file.writeframes(bytes(2 * _RATE // 10))
    return buffer.getvalue()


def audio_bytes(mime: str) -> bytes:
    """A tenth of a second of silence, compressed."""
    container_format, codec = AUDIO_CODECS[mime]
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container_format) as container:
        stream = cast("av.AudioStream", container.add_stream(codec, rate=_RATE))
        stream.layout = "stereo"
        silence = np.zeros((1, 2 * _RATE // 10), np.int16)
        frame = av.AudioFrame.from_ndarray(silence, format="s16", layout="stereo")
        frame.sample_rate = _RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return buffer.getvalue()


def video_bytes(mime: str, width: int = 64, height: int = 48) -> bytes:
    """Three black frames."""
    container_format, codec = VIDEO_CODECS[mime]
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container_format) as container:
        stream = cast("av.VideoStream", container.add_stream(codec, rate=10))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for _ in range(3):
            picture = np.zeros((height, width, 3), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
        container.mux(stream.encode(None))
    return buffer.getvalue()
