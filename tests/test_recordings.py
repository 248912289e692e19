"""Recordings as samples and videos as frames, decoded under limits; both written and read again."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from server.artifacts.audio import at_least, pieces_of, read_audio, write_audio
from server.artifacts.media import verify
from server.artifacts.video import read_frames, write_mp4
from server.core.job import MediaFile
from server.core.model import MediaLimits
from server.core.task import Media
from server.errors import MediaError, TooLarge
from tests.fakes import samples

LIMITS = MediaLimits(max_image_pixels=100_000, max_audio_seconds=10, max_video_seconds=10)
RATE = 16_000
FORMATS = {
    "audio/wav": ("wav", "pcm_s16le"),
    "audio/flac": ("flac", "flac"),
    "audio/mpeg": ("mp3", "libmp3lame"),
    "audio/ogg": ("ogg", "libopus"),
    "audio/mp4": ("ipod", "aac"),
}
LOSSY = 0.05


def sine(length_s: float = 0.5, rate: int = 48_000, loudness: float = 0.5) -> NDArray[np.float32]:
    times = np.arange(round(rate * length_s)) / rate
    return (loudness * np.sin(2 * np.pi * 440 * times)).astype(np.float32)


def stored(
    folder: Path,
    channels: NDArray[Any],
    rate: int = 48_000,
    mime: str = "audio/wav",
    codec: str | None = None,
) -> MediaFile:
    """A recording of samples of shape (channels, count), as another program might write it."""
    container_format, usual = FORMATS[mime]
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[len(channels)]
    path = folder / "recording"
    with av.open(str(path), "w", format=container_format) as container:
        stream = cast("av.AudioStream", container.add_stream(codec or usual, rate=rate))
        stream.layout = layout
        resampler = av.AudioResampler(
            format=stream.format, layout=layout, rate=rate, frame_size=stream.frame_size
        )
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(channels.astype(np.float32)), format="fltp", layout=layout
        )
        frame.sample_rate = rate
        for given in (frame, None):
            for part in resampler.resample(given):
                container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return MediaFile(Media.AUDIO, path, mime)


def loudness(heard: NDArray[np.float32]) -> float:
    """A sine's amplitude, told from its middle, where no codec fades in or out."""
    quarter = len(heard) // 4
    return float(np.sqrt(2 * np.square(heard[quarter:-quarter]).mean()))


def pitch(heard: NDArray[np.float32], rate: int = RATE) -> float:
    strengths = np.abs(np.fft.rfft(heard))
    return float(np.fft.rfftfreq(len(heard), 1 / rate)[strengths.argmax()])


# --- recordings in


@pytest.mark.parametrize("mime", FORMATS)
@pytest.mark.parametrize("count", [1, 2])
def test_a_recording_keeps_pitch_loudness_and_length_in_every_format(
    tmp_path: Path, mime: str, count: int
) -> None:
    file = stored(tmp_path, np.stack([sine()] * count), mime=mime)
    heard = read_audio(verify(file.path, LIMITS), RATE, 10)
    assert (heard.dtype, heard.ndim) == (np.float32, 1)
    assert len(heard) / RATE == pytest.approx(0.5, abs=0.1)
    assert pitch(heard) == pytest.approx(440, abs=5)
    assert loudness(heard) == pytest.approx(0.5, abs=LOSSY)


@pytest.mark.parametrize("rate", [8_000, 11_025, 44_100, 48_000])
@pytest.mark.parametrize("wanted", [16_000, 22_050, 48_000])
def test_any_rate_becomes_the_rate_wanted(tmp_path: Path, rate: int, wanted: int) -> None:
    heard = read_audio(stored(tmp_path, sine(rate=rate)[None], rate), wanted, 10)
    assert len(heard) == pytest.approx(0.5 * wanted, abs=4)
    assert pitch(heard, wanted) == pytest.approx(440, abs=3)


@pytest.mark.parametrize(
    "codec", ["pcm_u8", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le", "pcm_mulaw"]
)
def test_a_wav_of_any_depth_is_read(tmp_path: Path, codec: str) -> None:
    file = stored(tmp_path, sine()[None], codec=codec)
    assert loudness(read_audio(file, RATE, 10)) == pytest.approx(0.5, abs=LOSSY)


def test_channels_are_averaged(tmp_path: Path) -> None:
    left, silent = sine(loudness=0.9), np.zeros_like(sine())
    alike = read_audio(stored(tmp_path, np.stack([left, left])), RATE, 10)
    assert loudness(alike) == pytest.approx(0.9, abs=0.01)
    half = read_audio(stored(tmp_path, np.stack([left, silent])), RATE, 10)
    assert loudness(half) == pytest.approx(0.45, abs=0.01)
    none = read_audio(stored(tmp_path, np.stack([left, -left])), RATE, 10)
    assert loudness(none) < 0.001


def test_surround_sound_is_averaged_too(tmp_path: Path) -> None:
    heard = read_audio(stored(tmp_path, np.stack([sine()] * 6)), RATE, 10)
    assert loudness(heard) == pytest.approx(0.5, abs=0.01)


def test_numbers_that_are_no_sound_become_sound(tmp_path: Path) -> None:
    wild = sine()
    wild[1000], wild[2000], wild[3000] = np.nan, np.inf, 50
    heard = read_audio(stored(tmp_path, wild[None], codec="pcm_f32le"), 48_000, 10)
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() <= 1


def test_silence_is_all_zeros(tmp_path: Path) -> None:
    heard = read_audio(stored(tmp_path, np.zeros((1, 4800))), RATE, 10)
    assert len(heard) == pytest.approx(1600, abs=4)
    assert not heard.any()


def test_a_single_sample_is_a_recording(tmp_path: Path) -> None:
    assert len(read_audio(stored(tmp_path, np.ones((1, 1)), RATE), RATE, 10)) == 1


def test_a_wav_without_samples_holds_no_sound(tmp_path: Path) -> None:
    path = tmp_path / "empty.wav"
    path.write_bytes(samples.wav_bytes()[:40] + bytes(4))
    with pytest.raises(MediaError, match="holds no sound"):
        read_audio(MediaFile(Media.AUDIO, path, "audio/wav"), RATE, 10)


@pytest.mark.parametrize("mime", FORMATS)
def test_a_recording_that_breaks_off_gives_what_is_there_or_is_refused(
    tmp_path: Path, mime: str
) -> None:
    file = stored(tmp_path, sine(2)[None], mime=mime)
    content = file.path.read_bytes()
    file.path.write_bytes(content[: len(content) // 2])
    try:
        heard = read_audio(file, RATE, 10)
    except MediaError:
        return
    assert 0.5 < len(heard) / RATE < 1.5


@pytest.mark.parametrize(
    "content",
    [
        b"RIFF\x24\x00\x00\x00WAVEfmt, said the text, is how I begin. I am no recording at all.",
        b"RIFF----WAVE",
        b"ID3 is what this text begins with, and nothing else in it is music." * 20,
        b"OggS, and then some words that are no page of any stream." * 20,
        b"fLaC as a text" * 20,
    ],
)
def test_a_text_that_pretends_to_be_a_recording_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)
    with pytest.raises(MediaError):
        verify(path, LIMITS)


def test_a_recording_longer_than_the_limit_is_refused(tmp_path: Path) -> None:
    file = stored(tmp_path, sine(3)[None])
    with pytest.raises(TooLarge, match=r"longer than 2 s.*limits\.max_audio_seconds"):
        read_audio(file, RATE, 2)
    assert len(read_audio(file, RATE, 3)) == pytest.approx(3 * RATE, abs=4)


def test_decoding_stops_at_the_limit_whatever_the_header_says(tmp_path: Path) -> None:
    """What follows the limit is damaged; it would be refused for that, were it decoded."""
    file = stored(tmp_path, sine(6)[None], mime="audio/flac")
    content = bytearray(file.path.read_bytes())
    assert content[4] & 0x7F == 0, "STREAMINFO comes first"
    content[21] &= 0xF0  # its count of samples, 36 bits: "not known"
    content[22:26] = bytes(4)
    content[-len(content) // 3 :] = bytes(len(content) // 3 + 1)
    file.path.write_bytes(bytes(content))
    with pytest.raises(TooLarge):
        read_audio(verify(file.path, LIMITS), RATE, 1)
    with pytest.raises(MediaError):
        read_audio(file, RATE, 10)


# --- recordings out


@pytest.mark.parametrize("mime", ["audio/wav", "audio/flac", "audio/mpeg"])
@pytest.mark.parametrize("rate", [16_000, 24_000, 44_100])
def test_what_is_written_is_read_again(tmp_path: Path, mime: str, rate: int) -> None:
    file = write_audio(tmp_path / "sound", sine(rate=rate), rate, mime)
    assert verify(file.path, LIMITS).mime == mime
    heard = read_audio(file, rate, 10)
    assert len(heard) / rate == pytest.approx(0.5, abs=0.1)
    assert loudness(heard) == pytest.approx(0.5, abs=LOSSY)


def test_a_written_wav_is_exact_to_16_bits(tmp_path: Path) -> None:
    given = np.array([0, 1 / 32767, -1 / 32767, 0.5, -1, 1], np.float32)
    file = write_audio(tmp_path / "sound", given, RATE)
    assert np.abs(read_audio(file, RATE, 10) - given).max() < 1 / 16384


def test_what_is_too_loud_is_clipped_and_what_is_no_number_is_silent(tmp_path: Path) -> None:
    file = write_audio(tmp_path / "sound", np.array([3, -3, np.nan, 0], np.float32), RATE)
    heard = read_audio(file, RATE, 10)
    assert heard.round(2).tolist() == [1, -1, 0, 0]


@pytest.mark.parametrize("mime", ["audio/wav", "audio/flac", "audio/mpeg"])
def test_a_recording_written_twice_is_the_same_bytes(tmp_path: Path, mime: str) -> None:
    first, second = (
        write_audio(tmp_path / name, sine(), 48_000, mime).path.read_bytes() for name in "ab"
    )
    assert first == second


# --- samples


def test_short_samples_are_followed_by_silence_and_long_ones_left_alone() -> None:
    one = np.ones(10, np.float32)
    assert at_least(one, 1, 16).tolist() == [1] * 10 + [0] * 6
    assert at_least(one, 0.5, 16) is not None
    assert len(at_least(one, 0.5, 16)) == 10


def test_pieces_are_cut_where_it_is_most_quiet_and_lose_nothing() -> None:
    spoken = np.ones(1000, np.float32)
    spoken[175:185] = spoken[370:380] = 0
    pieces = list(pieces_of(spoken, 2, 100))
    assert np.concatenate(pieces).tolist() == spoken.tolist()
    assert 175 <= len(pieces[0]) <= 185
    assert 370 <= len(pieces[0]) + len(pieces[1]) <= 380
    assert all(0 < len(piece) <= 200 for piece in pieces)


# --- videos


def shades(count: int, size: tuple[int, int] = (64, 48)) -> list[Image.Image]:
    return [
        Image.new("RGB", size, (index * 255 // max(1, count - 1),) * 3) for index in range(count)
    ]


def brightness(frames: list[Image.Image]) -> list[int]:
    return [round(float(np.asarray(frame).mean())) for frame in frames]


def test_frames_are_spread_over_the_whole_clip_in_order(tmp_path: Path) -> None:
    clip = write_mp4(tmp_path / "clip", shades(31), fps=10)
    found = brightness(read_frames(clip, 4, LIMITS))
    assert found == pytest.approx([0, 85, 170, 255], abs=6)


def test_one_frame_is_the_first(tmp_path: Path) -> None:
    clip = write_mp4(tmp_path / "clip", shades(5), fps=10)
    assert brightness(read_frames(clip, 1, LIMITS)) == pytest.approx([0], abs=6)


def test_a_short_clip_repeats_its_frames(tmp_path: Path) -> None:
    clip = write_mp4(tmp_path / "clip", shades(2), fps=10)
    found = brightness(read_frames(clip, 6, LIMITS))
    assert found == pytest.approx([0, 0, 0, 255, 255, 255], abs=6)


@pytest.mark.parametrize("mime", samples.VIDEO_CODECS)
def test_frames_of_every_accepted_type_are_rgb_and_of_its_size(tmp_path: Path, mime: str) -> None:
    path = tmp_path / "upload"
    path.write_bytes(samples.video_bytes(mime))
    (frame,) = read_frames(verify(path, LIMITS), 1, LIMITS)
    assert (frame.mode, frame.size) == ("RGB", (64, 48))


@pytest.mark.parametrize(
    ("size", "kept"), [((65, 49), (64, 48)), ((2, 2), (2, 2)), ((3, 101), (2, 100))]
)
def test_odd_sides_are_cut_to_even_ones(
    tmp_path: Path, size: tuple[int, int], kept: tuple[int, int]
) -> None:
    clip = write_mp4(tmp_path / "clip", shades(3, size), fps=10)
    assert {frame.size for frame in read_frames(clip, 3, LIMITS)} == {kept}


def test_frames_of_other_modes_are_written_too(tmp_path: Path) -> None:
    frames = [Image.new(mode, (64, 48), 255 if mode == "L" else "white") for mode in ("L", "RGBA")]
    clip = write_mp4(tmp_path / "clip", frames, fps=10)
    assert brightness(read_frames(clip, 2, LIMITS)) == pytest.approx([255, 255], abs=6)


def test_a_video_lasts_as_long_as_its_frames_do(tmp_path: Path) -> None:
    clip = write_mp4(tmp_path / "clip", shades(8), fps=4)
    with av.open(str(clip.path)) as container:
        assert (container.duration or 0) / av.time_base == pytest.approx(2, abs=0.01)
        assert container.streams.video[0].codec_context.name == "h264"
        assert container.streams.video[0].pix_fmt == "yuv420p"


def test_a_video_written_twice_is_the_same_bytes(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (12, 96, 128, 3), dtype=np.uint8)
    frames = [Image.fromarray(pixels) for pixels in noise]
    first, second = (write_mp4(tmp_path / name, frames, 8).path.read_bytes() for name in "ab")
    assert first == second


def test_a_video_longer_than_the_limit_is_refused(tmp_path: Path) -> None:
    clip = write_mp4(tmp_path / "clip", shades(50), fps=1)
    with pytest.raises(TooLarge, match=r"longer than 10 s.*limits\.max_video_seconds"):
        read_frames(clip, 4, LIMITS)


def test_a_video_whose_clock_stands_still_is_held_to_the_limit(tmp_path: Path) -> None:
    clip = write_mp4(tmp_path / "clip", shades(60), fps=10)
    content = bytearray(clip.path.read_bytes())
    at = content.index(b"mdhd") + 16
    content[at : at + 4] = struct.pack(">I", 2**31 - 1)  # ticks a second
    clip.path.write_bytes(bytes(content))
    short = MediaLimits(100_000, 10, max_video_seconds=0.2)
    with pytest.raises(TooLarge, match=r"longer than 0\.2 s"):
        read_frames(clip, 4, short)


def test_frames_larger_than_the_limit_are_refused(tmp_path: Path) -> None:
    clip = write_mp4(tmp_path / "clip", shades(2, (400, 300)), fps=10)
    with pytest.raises(TooLarge, match=r"120,000 pixels \(400 x 300\)"):
        read_frames(clip, 2, LIMITS)


def test_a_video_filmed_on_its_side_stands_upright(tmp_path: Path) -> None:
    red_on_top = Image.new("RGB", (64, 48), "blue")
    red_on_top.paste("red", (0, 0, 64, 24))
    clip = write_mp4(tmp_path / "clip", [red_on_top] * 3, fps=10)
    content = bytearray(clip.path.read_bytes())
    matrix = content.index(b"tkhd") + 44
    one = 1 << 16
    quarter_turn = struct.pack(">9i", 0, one, 0, -one, 0, 0, 0, 0, 1 << 30)  # clockwise
    content[matrix : matrix + 36] = quarter_turn
    clip.path.write_bytes(bytes(content))
    (frame,) = read_frames(clip, 1, LIMITS)
    assert frame.size == (48, 64)
    left, right = (np.asarray(frame)[32, x] for x in (6, 42))
    assert right.tolist() == pytest.approx([255, 0, 0], abs=30)
    assert left.tolist() == pytest.approx([0, 0, 255], abs=30)


@pytest.mark.parametrize("share", [0.3, 0.7])
def test_a_video_that_breaks_off_gives_frames_or_is_refused(tmp_path: Path, share: float) -> None:
    path = tmp_path / "upload"
    content = samples.video_bytes("video/webm")
    path.write_bytes(content[: int(len(content) * share)])
    try:
        frames = read_frames(MediaFile(Media.VIDEO, path, "video/webm"), 2, LIMITS)
    except MediaError:
        return
    assert len(frames) == 2


def test_a_damaged_video_is_refused(tmp_path: Path) -> None:
    clip = write_mp4(tmp_path / "clip", shades(8), fps=4)
    content = bytearray(clip.path.read_bytes())
    start = content.index(b"mdat") + 4
    content[start:] = bytes([0x5A]) * (len(content) - start)
    clip.path.write_bytes(bytes(content))
    with pytest.raises(MediaError, match="send an intact one"):
        read_frames(clip, 2, LIMITS)


def test_a_recording_holds_no_pictures(tmp_path: Path) -> None:
    file = stored(tmp_path, sine()[None], mime="audio/mp4")
    with pytest.raises(MediaError, match="holds no pictures"):
        read_frames(MediaFile(Media.VIDEO, file.path, "video/mp4"), 2, LIMITS)


# --- a video's sound


def film(folder: Path, sound: NDArray[np.float32]) -> MediaFile:
    path = folder / "film.mp4"
    with av.open(str(path), "w", format="mp4") as container:
        pictures = cast("av.VideoStream", container.add_stream("libx264", rate=10))
        pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
        voice = cast("av.AudioStream", container.add_stream("aac", rate=48_000))
        for shade in shades(10):
            container.mux(pictures.encode(av.VideoFrame.from_image(shade)))
        container.mux(pictures.encode(None))
        frame = av.AudioFrame.from_ndarray(np.stack([sound] * 2), format="fltp", layout="stereo")
        frame.sample_rate = 48_000
        container.mux(voice.encode(frame))
        container.mux(voice.encode(None))
    return MediaFile(Media.VIDEO, path, "video/mp4")


def test_a_videos_sound_is_heard_and_its_pictures_are_seen(tmp_path: Path) -> None:
    file = film(tmp_path, sine(1))
    assert verify(file.path, LIMITS).media is Media.VIDEO
    heard = read_audio(file, RATE, 10)
    assert pitch(heard) == pytest.approx(440, abs=5)
    assert len(read_frames(file, 3, LIMITS)) == 3


def test_a_video_without_sound_says_so(tmp_path: Path) -> None:
    clip = write_mp4(tmp_path / "clip", shades(3), fps=10)
    with pytest.raises(MediaError, match="the video holds no sound"):
        read_audio(clip, RATE, 10)
