"""Files are what their bytes say, and images are decoded under limits or not at all."""

from __future__ import annotations

import struct
import tempfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from server.artifacts.media import open_image, sniff, verify
from server.core.model import MediaLimits
from server.core.task import Media
from server.errors import MediaError, TooLarge
from tests.fakes import samples
from tests.fakes.samples import encoded

LIMITS = MediaLimits(max_image_pixels=250_000, max_audio_seconds=10, max_video_seconds=10)
RED, GREEN, WHITE = (255, 0, 0), (0, 255, 0), (255, 255, 255)
UPSIDE_DOWN, TURNED_RIGHT = 3, 6
ORIENTATION = 0x0112


def stored(folder: Path, content: bytes) -> Path:
    path = folder / "upload"
    path.write_bytes(content)
    return path


def opened(folder: Path, content: bytes) -> Image.Image:
    return open_image(stored(folder, content), LIMITS.max_image_pixels)


def png_header(width: int, height: int) -> bytes:
    """A PNG that announces a size and has next to no pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(10))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def accepted_files() -> list[tuple[str, bytes]]:
    images = [(mime, samples.image_bytes(name)) for name, mime in samples.IMAGE_MIMES.items()]
    audios = [(mime, samples.audio_bytes(mime)) for mime in samples.AUDIO_CODECS]
    videos = [(mime, samples.video_bytes(mime)) for mime in samples.VIDEO_CODECS]
    texts = [("text/plain", "Zwölf Boxkämpfer jagen Viktor".encode())]
    return [*images, *audios, *videos, *texts, ("audio/wav", samples.wav_bytes())]


@pytest.mark.parametrize(("mime", "content"), accepted_files())
def test_every_accepted_type_is_known_by_its_bytes_alone(
    tmp_path: Path, mime: str, content: bytes
) -> None:
    file = verify(stored(tmp_path, content), LIMITS)
    assert (file.media, file.mime) == (Media(mime.partition("/")[0]), mime)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n",
        b"text with a \x00 in it",
        "utf sixteen".encode("utf-16"),
        b"\x7fELF\x02\x01\x01" + bytes([200] * 40),
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
        encoded(Image.new("RGB", (4, 4)), "ICO"),
        encoded(Image.new("RGB", (4, 4)), "PPM") + b"\xff",
        b"\x00\x00\x00\x18ftypavif" + bytes(16),
    ],
)
def test_what_is_no_accepted_media_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(MediaError):
        verify(stored(tmp_path, content), LIMITS)


@pytest.mark.parametrize(("mime", "content"), accepted_files())
def test_a_file_cut_off_after_its_first_bytes_is_refused(
    tmp_path: Path, mime: str, content: bytes
) -> None:
    if mime == "text/plain":
        content = content[:3] + b"\xc3"
    with pytest.raises(MediaError):
        verify(stored(tmp_path, content[:40]), LIMITS)


def test_a_playlist_is_a_text_and_nothing_it_names_is_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.wav"
    secret.write_bytes(samples.wav_bytes())
    playlist = f"#EXTM3U\n#EXTINF:1,\nfile://{secret}\n".encode()
    assert verify(stored(tmp_path, playlist), LIMITS).mime == "text/plain"


def test_a_film_without_pictures_is_no_video(tmp_path: Path) -> None:
    audio_in_mp4 = samples.audio_bytes("audio/mp4").replace(b"M4A ", b"isom")
    with pytest.raises(MediaError, match="holds no video"):
        verify(stored(tmp_path, audio_in_mp4), LIMITS)


@pytest.mark.parametrize("size", [(501, 500), (50_000, 50_000), (2**31 - 1, 1)])
def test_a_bomb_is_refused_by_its_header_naming_pixels_and_limit(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    pixels = f"{size[0] * size[1]:,}"
    with pytest.raises(TooLarge, match=rf"{pixels} pixels .*limit is 250,000 pixels"):
        opened(tmp_path, png_header(*size))


@pytest.mark.parametrize("image_format", samples.IMAGE_MIMES)
def test_the_pixel_limit_holds_for_every_format(tmp_path: Path, image_format: str) -> None:
    just_over = encoded(Image.new("RGB", (1001, 250)), image_format)
    with pytest.raises(TooLarge, match="250,250 pixels"):
        opened(tmp_path, just_over)
    just_fits = encoded(Image.new("RGB", (1000, 250)), image_format)
    assert opened(tmp_path, just_fits).size == (1000, 250)


def test_a_gif_whose_frame_outgrows_its_screen_is_held_to_the_limit(tmp_path: Path) -> None:
    gif = bytearray(encoded(Image.new("P", (4, 4)), "GIF"))
    frame = gif.index(b"\x2c")
    gif[frame + 5 : frame + 9] = struct.pack("<HH", 60_000, 60_000)
    with pytest.raises((TooLarge, MediaError)):
        opened(tmp_path, bytes(gif))


def test_a_video_is_held_to_the_pixel_limit(tmp_path: Path) -> None:
    video = stored(tmp_path, samples.video_bytes("video/mp4", 640, 480))
    with pytest.raises(TooLarge, match=r"307,200 pixels \(640 x 480\)"):
        verify(video, LIMITS)


@pytest.mark.parametrize(
    ("orientation", "red_at"), [(1, (0, 0)), (UPSIDE_DOWN, (2, 1)), (TURNED_RIGHT, (1, 0))]
)
def test_an_image_stands_upright_whatever_way_the_camera_lay(
    tmp_path: Path, orientation: int, red_at: tuple[int, int]
) -> None:
    image = Image.new("RGB", (3, 2), WHITE)
    image.putpixel((0, 0), RED)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    upright = opened(tmp_path, encoded(image, exif=exif))
    assert upright.size == ((2, 3) if orientation == TURNED_RIGHT else (3, 2))
    assert upright.getpixel(red_at) == RED


def test_broken_metadata_does_not_cost_the_picture(tmp_path: Path) -> None:
    image = Image.new("RGB", (3, 2), RED)
    content = encoded(image, "PNG", exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff")
    assert opened(tmp_path, content).getpixel((0, 0)) == RED


def test_transparent_parts_become_white(tmp_path: Path) -> None:
    image = Image.new("RGBA", (2, 1), (255, 0, 0, 255))
    image.putpixel((1, 0), (255, 0, 0, 0))
    flat = opened(tmp_path, encoded(image))
    assert [flat.getpixel((x, 0)) for x in (0, 1)] == [RED, WHITE]


def test_half_transparent_parts_are_mixed_with_white(tmp_path: Path) -> None:
    flat = opened(tmp_path, encoded(Image.new("RGBA", (1, 1), (255, 0, 0, 128))))
    assert flat.getpixel((0, 0)) == (255, 127, 127)


def test_a_palette_with_a_transparent_colour_is_flattened(tmp_path: Path) -> None:
    image = Image.new("P", (2, 1), 1)
    image.putpalette([0, 0, 0, 255, 0, 0])
    image.putpixel((0, 0), 0)
    flat = opened(tmp_path, encoded(image, transparency=0))
    assert [flat.getpixel((x, 0)) for x in (0, 1)] == [WHITE, RED]


def test_grey_with_alpha_is_flattened(tmp_path: Path) -> None:
    flat = opened(tmp_path, encoded(Image.new("LA", (1, 1), (0, 0))))
    assert flat.getpixel((0, 0)) == WHITE


@pytest.mark.parametrize(
    ("mode", "level", "grey"), [("L", 77, 77), ("1", 1, 255), ("I;16", 77 * 256 + 9, 77)]
)
def test_grey_levels_keep_their_brightness(
    tmp_path: Path, mode: str, level: int, grey: int
) -> None:
    image = opened(tmp_path, encoded(Image.new(mode, (2, 2), level)))
    assert (image.mode, image.getpixel((0, 0))) == ("RGB", (grey, grey, grey))


def test_levels_without_a_range_are_spread_from_black_to_white(tmp_path: Path) -> None:
    levels = np.array([[-2.0, 0.0, 2.0]], np.float32)
    image = opened(tmp_path, encoded(Image.fromarray(levels), "TIFF"))
    assert np.asarray(image)[0, :, 0].tolist() == [0, 127, 255]


def test_cmyk_keeps_its_colours(tmp_path: Path) -> None:
    image = opened(tmp_path, encoded(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG"))
    red, green, blue = np.asarray(image)[4, 4]
    assert red > 245
    assert max(green, blue) < 10


@pytest.mark.parametrize("image_format", ["GIF", "WEBP", "PNG", "TIFF"])
def test_an_animation_gives_its_first_frame(tmp_path: Path, image_format: str) -> None:
    first, second = (Image.new("RGB", (8, 8), colour) for colour in (RED, GREEN))
    options = {"lossless": True} if image_format == "WEBP" else {}
    content = encoded(first, image_format, save_all=True, append_images=[second], **options)
    assert opened(tmp_path, content).getpixel((4, 4)) == RED


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP", "BMP"])
def test_an_image_that_ends_too_early_is_refused(tmp_path: Path, image_format: str) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    content = encoded(Image.fromarray(noise), image_format)
    with pytest.raises(MediaError, match="cannot be decoded"):
        opened(tmp_path, content[: len(content) // 2])


@given(st.binary(max_size=200))
def test_sniffing_never_fails(head: bytes) -> None:
    assert sniff(head) is None or "/" in str(sniff(head))


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(accepted_files()),
    st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 255)), min_size=1, max_size=12),
    st.binary(max_size=40),
)
def test_damaged_files_are_either_still_media_or_refused(
    file: tuple[str, bytes], flips: list[tuple[int, int]], tail: bytes
) -> None:
    content = bytearray(file[1])
    for position, value in flips:
        content[position % len(content)] = value
    with tempfile.TemporaryDirectory() as folder:
        path = stored(Path(folder), bytes(content) + tail)
        try:
            found = verify(path, LIMITS)
        except (MediaError, TooLarge):
            return
    assert found.mime.startswith(found.media)
