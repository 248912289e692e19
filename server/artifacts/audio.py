"""Recordings: an accepted file as mono samples at the rate a model wants, and back to a file."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import cast

import av
import numpy as np
from numpy.typing import NDArray

from server.artifacts.media import SUFFIXES, check_seconds, open_container
from server.core.job import MediaFile
from server.core.task import Media
from server.errors import MediaError

# Container and codec of each type that can be written.
_WRITTEN = {
    "audio/wav": ("wav", "pcm_s16le"),
    "audio/flac": ("flac", "flac"),
    "audio/mpeg": ("mp3", "libmp3lame"),
}


def read_audio(file: MediaFile, rate: int, max_seconds: float) -> NDArray[np.float32]:
    """The recording as mono samples from -1 to 1, shape (count,), at `rate` samples a second.

    Channels are averaged; of a video its sound is taken. Raises MediaError for what cannot be
    decoded or holds no sound, TooLarge past `max_seconds`, as soon as that much is decoded.
    """
    pieces: list[NDArray[np.float32]] = []
    count = 0
    with open_container(file.path, file.mime) as container:
        if not container.streams.audio:
            raise MediaError(f"the {file.media} holds no sound; send one that does")
        # Its own mix of channels to mono is louder than each of them.
        resampler = av.AudioResampler(format="fltp", rate=rate)
        # The None at the end has the resampler give out what it held back.
        for frame in chain(container.decode(container.streams.audio[0]), (None,)):
            for channels in resampler.resample(frame):
                pieces.append(channels.to_ndarray().mean(axis=0))
                count += channels.samples
            check_seconds(Media.AUDIO, count / rate, max_seconds)
    if not count:
        raise MediaError(f"the {file.media} holds no sound; send one that does")
    # Files of floating point numbers may hold anything.
    return np.clip(np.nan_to_num(np.concatenate(pieces)), -1, 1)


def at_least(samples: NDArray[np.float32], seconds: float, rate: int) -> NDArray[np.float32]:
    """The samples, followed by silence where they last less than `seconds`."""
    return np.pad(samples, (0, max(0, math.ceil(seconds * rate) - len(samples))))


def pieces_of(
    samples: NDArray[np.float32], seconds: float, rate: int
) -> Iterator[NDArray[np.float32]]:
    """The samples in order, in pieces of `seconds` at most, cut where it is most quiet.

    A cut is looked for in the last fifth of a piece, so that words stay whole.
    """
    longest, moment = int(seconds * rate), max(1, rate // 20)
    while len(samples) > longest:
        first = longest - longest // 5
        loudness = np.convolve(np.abs(samples[first:longest]), np.ones(moment), mode="same")
        cut = first + int(loudness.argmin())
        yield samples[:cut]
        samples = samples[cut:]
    yield samples


def write_audio(
    path: Path, samples: NDArray[np.float32], rate: int, mime: str = "audio/wav"
) -> MediaFile:
    """Write mono samples from -1 to 1 as WAV, FLAC or MP3; the suffix of `path` follows the type.

    What is louder than 1 is clipped. There must be one sample at least.
    """
    container_format, codec = _WRITTEN[mime]
    path = path.with_suffix(SUFFIXES[mime])
    loud = np.clip(np.nan_to_num(samples.reshape(1, -1)), -1, 1)
    pcm = np.ascontiguousarray(np.rint(loud * 32767).astype(np.int16))
    with av.open(str(path), "w", format=container_format) as container:
        stream = cast("av.AudioStream", container.add_stream(codec, rate=rate, layout="mono"))
        # The encoder says which format and frame size it wants.
        resampler = av.AudioResampler(
            format=stream.format, layout="mono", rate=rate, frame_size=stream.frame_size
        )
        whole = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
        whole.sample_rate = rate
        for given in (whole, None):
            for frame in resampler.resample(given):
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return MediaFile(Media.AUDIO, path, mime)
