"""Videos: frames spread over a clip, and frames as an MP4 file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
from PIL import Image

from server.artifacts.media import check_pixels, check_seconds, check_video_size, open_container
from server.core.job import MediaFile
from server.core.model import MediaLimits
from server.core.task import Media
from server.errors import MediaError

# No film shows more pictures a second.
_FASTEST_FPS = 240


def read_frames(file: MediaFile, count: int, limits: MediaLimits) -> list[Image.Image]:
    """`count` RGB frames spread evenly over a video, in order, upright; a short video repeats some.

    The frames are decoded one after the other and only those wanted are kept. Raises MediaError
    for what cannot be decoded, TooLarge past the seconds or pixels of `limits`.
    """
    total = _count(file, limits)
    wanted = np.linspace(0, total - 1, count).round().astype(int).tolist()
    found: dict[int, Image.Image] = {}
    with open_container(file.path, file.mime) as container:
        for index, frame in enumerate(container.decode(container.streams.video[0])):
            if index in wanted:
                found[index] = frame.to_image().rotate(frame.rotation, expand=True)
        return [found[index] for index in wanted]


def _count(file: MediaFile, limits: MediaLimits) -> int:
    """How many frames there are; headers do not always say, and may lie."""
    total = 0
    with open_container(file.path, file.mime) as container:
        if not container.streams.video:
            raise MediaError(f"the {file.media} holds no pictures; send a video")
        check_video_size(container, limits.max_image_pixels)
        for frame in container.decode(container.streams.video[0]):
            total += 1
            # A stream may change its size on the way, and its clock may stand still.
            check_pixels(frame.width, frame.height, limits.max_image_pixels)
            seconds = max(frame.time or 0.0, total / _FASTEST_FPS)
            check_seconds(Media.VIDEO, seconds, limits.max_video_seconds)
    if not total:
        raise MediaError("the video holds no pictures; send an intact one")
    return total


def write_mp4(path: Path, frames: Sequence[Image.Image], fps: int) -> MediaFile:
    """Write RGB frames of one size as H.264 in MP4, which every browser plays.

    Sides are cut to even numbers, as its colour format wants; each is two pixels or more.
    """
    width, height = (side - side % 2 for side in frames[0].size)
    path = path.with_suffix(".mp4")
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=fps, options={"crf": "20"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.thread_count = 1  # the same bytes on every run
        for image in frames:
            cut = image.convert("RGB").crop((0, 0, width, height))
            container.mux(stream.encode(av.VideoFrame.from_image(cut)))
        container.mux(stream.encode(None))
    return MediaFile(Media.VIDEO, path, "video/mp4")
