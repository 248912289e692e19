"""What a file really is, by its first bytes; images decoded under limits (see also audio, video).

Nothing here trusts a name or a Content-Type, and every file is decoded by exactly the decoder
its first bytes ask for: none of them can be talked into opening a path or a URL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import cast

import av
from av.container import InputContainer
from PIL import Image, ImageOps

from server.core.job import MediaFile
from server.core.model import MediaLimits
from server.core.task import Media
from server.errors import BatonError, MediaError, TooLarge

# Pillow's own limit is one for the whole process and only warns at first; `open_image` takes a
# limit with every call and checks it before it decodes anything.
Image.MAX_IMAGE_PIXELS = None

_HEAD_BYTES = 64
# The first two bytes of an MPEG frame: eleven bits that are all set, then "layer III".
_MPEG_MASK, _MPEG_LAYER_3 = 0xFFE6, 0xFFE2
_IMAGE_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
)
# The demuxer each audio or video type is given to, by name, so that it cannot pick another.
_DEMUXERS: Mapping[str, str] = MappingProxyType(
    {
        "audio/wav": "wav",
        "audio/flac": "flac",
        "audio/ogg": "ogg",
        "audio/mpeg": "mp3",
        "audio/mp4": "mp4",
        "video/mp4": "mp4",
        "video/webm": "matroska",
    }
)
SUFFIXES: Mapping[str, str] = MappingProxyType(
    {
        "image/png": ".png",
        "image/jpeg": ".jpg",
        "image/webp": ".webp",
        "image/gif": ".gif",
        "image/bmp": ".bmp",
        "image/tiff": ".tiff",
        "audio/wav": ".wav",
        "audio/flac": ".flac",
        "audio/ogg": ".ogg",
        "audio/mpeg": ".mp3",
        "audio/mp4": ".m4a",
        "video/mp4": ".mp4",
        "video/webm": ".webm",
        "text/plain": ".txt",
    }
)
_ACCEPTED = "PNG, JPEG, WebP, GIF, BMP, TIFF, WAV, FLAC, OGG, MP3, MP4, WebM or UTF-8 text"


def sniff(head: bytes) -> str | None:
    """The MIME type the first 64 bytes of a file show; None for text and for everything unknown."""
    for signature, mime in _SIGNATURES:
        if head.startswith(signature):
            return mime
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return "image/bmp"
    if head.startswith(b"RIFF"):
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _sniff_mp4(head[8:12])
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head:
        return "video/webm"
    is_mpeg_frame = int.from_bytes(head[:2]) & _MPEG_MASK == _MPEG_LAYER_3
    return "audio/mpeg" if is_mpeg_frame else None


def _sniff_mp4(brand: bytes) -> str | None:
    if brand in (b"M4A ", b"M4B "):
        return "audio/mp4"
    known = (b"iso", b"mp4", b"avc", b"M4V", b"dash", b"MSNV")
    return "video/mp4" if brand.startswith(known) else None


def verify(path: Path, limits: MediaLimits) -> MediaFile:
    """What the file at `path` is, having decoded it (audio and video: the first frame).

    Raises MediaError for anything that is not the media it looks like, TooLarge for more pixels
    or, where its header says how long it is, more seconds than `limits` allow.
    """
    with path.open("rb") as file:
        mime = sniff(file.read(_HEAD_BYTES))
    if mime is None:
        read_text(path)
        return MediaFile(Media.TEXT, path, "text/plain")
    media = Media(mime.partition("/")[0])
    if media is Media.IMAGE:
        open_image(path, limits.max_image_pixels)
    else:
        with open_container(path, mime) as container:
            _first_frame(container, media, limits)
    return MediaFile(media, path, mime)


def read_text(path: Path) -> str:
    """The UTF-8 text in a file, without its byte order mark. Raises MediaError when it is none."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MediaError(f"the file is none of the types accepted; send {_ACCEPTED}") from error
    if not text.strip():
        raise MediaError("the file is empty; send one with content")
    if "\x00" in text:
        raise MediaError(f"the file holds zero bytes, so it is no text; send {_ACCEPTED}")
    return text


def open_image(path: Path, max_pixels: int) -> Image.Image:
    """The first frame of an image, as RGB, upright, transparent parts white.

    Raises TooLarge when its header announces more than `max_pixels` pixels, before any is decoded;
    MediaError when it cannot be decoded.
    """
    try:
        with Image.open(path, formats=_IMAGE_FORMATS) as image:
            check_pixels(*image.size, max_pixels)
            return _to_rgb(_upright(image))
    except BatonError:
        raise
    # Hostile bytes make decoders raise almost anything; whatever it is, the image is unusable.
    except Exception as error:
        raise MediaError(f"the image cannot be decoded ({error}); send an intact one") from error


def check_pixels(width: int, height: int, max_pixels: int) -> None:
    """Raises TooLarge for a picture of more than `max_pixels` pixels."""
    pixels = width * height
    if pixels > max_pixels:
        raise TooLarge(
            f"the picture has {pixels:,} pixels ({width} x {height}); the limit is "
            f"{max_pixels:,} pixels. Send a smaller one."
        )


def _upright(image: Image.Image) -> Image.Image:
    image.load()
    try:
        return ImageOps.exif_transpose(image)
    # The pixels are fine: a picture with broken metadata is taken as it lies.
    except Exception:
        return image


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
    if image.mode.startswith("I;16"):
        return image.point(lambda level: level / 256).convert("L").convert("RGB")
    if image.mode in ("I", "F"):
        return _stretched(image).convert("RGB")
    return image.convert("RGB")


def _stretched(image: Image.Image) -> Image.Image:
    """Levels of no fixed range, spread over black to white."""
    low, high = cast("tuple[float, float]", image.getextrema())
    scale = 255 / ((high - low) or 1)
    return image.point(lambda level: level * scale - low * scale).convert("L")


@contextmanager
def open_container(path: Path, mime: str) -> Iterator[InputContainer]:
    """An audio or video file, opened by the demuxer of its type and no other.

    Whatever goes wrong in the block is a MediaError, as hostile bytes make decoders raise almost
    anything; Baton's own errors pass.
    """
    try:
        # Playlists and references to other files stay closed: the demuxer is named.
        with closing(av.open(str(path), format=_DEMUXERS[mime], mode="r")) as container:
            yield container
    except BatonError:
        raise
    except Exception as error:
        kind = mime.partition("/")[0]
        raise MediaError(f"the {kind} cannot be decoded ({error}); send an intact one") from error


def check_video_size(container: InputContainer, max_pixels: int) -> None:
    """Raises TooLarge when a frame has more than `max_pixels` pixels."""
    for stream in container.streams.video:
        check_pixels(stream.width, stream.height, max_pixels)


def _first_frame(container: InputContainer, media: Media, limits: MediaLimits) -> None:
    is_video = media is Media.VIDEO
    streams = container.streams.video if is_video else container.streams.audio
    if not streams:
        raise MediaError(f"the file holds no {media}; send one that does")
    check_video_size(container, limits.max_image_pixels)
    longest_s = limits.max_video_seconds if is_video else limits.max_audio_seconds
    check_seconds(media, (container.duration or 0) / av.time_base, longest_s)
    if next(container.decode(streams[0]), None) is None:
        raise MediaError(f"the file holds no {media}; send one that does")


def check_seconds(media: Media, seconds: float, limit_s: float) -> None:
    """Raises TooLarge for a recording or video longer than the limit."""
    if seconds > limit_s:
        raise TooLarge(
            f"the {media} is longer than {limit_s:g} s, the limit; send a shorter one, or raise "
            f"limits.max_{media}_seconds in the catalog"
        )
