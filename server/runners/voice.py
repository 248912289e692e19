"""audio-to-audio: speech in one voice turned into speech in another, by SpeechT5."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from transformers import SpeechT5FeatureExtractor, SpeechT5ForSpeechToSpeech, SpeechT5HifiGan

from server.artifacts.audio import at_least, pieces_of
from server.core.job import TaskResult, Work
from server.core.lane import Weights
from server.errors import InvalidInput, LoadError
from server.runners.generating import take_seed
from server.runners.loading import bytes_of, dtype_of, spec_of, torch_device
from server.runners.ports import audio_input, audio_output, task_work
from server.runners.runner import Reporter
from server.runners.sounding import mono, watched

VOICES = ("alder", "birch", "cedar", "elm", "hazel", "rowan")
"""The names of SpeechT5's voices here, the usual one first."""

_VOCODER = "vocoder"
_SHORTEST_S = 0.1
_PIECE_S = 15
# How much longer than what it is made of speech may grow, in frames of the encoder (20 ms) and
# of the spectrogram (16 ms): about twice as long.
_GROWTH = 2.5


def voice_vector(name: str, model: Any) -> torch.Tensor:
    """The voice of that name as SpeechT5 wants it: a vector of length 1, shape (1, dimensions).

    Recorded speakers' vectors are in none of its repositories, so these are drawn: by a generator
    whose numbers stay the same for ever.
    """
    drawn = np.random.RandomState(VOICES.index(name)).standard_normal(
        model.config.speaker_embedding_dim
    )
    vector = torch.from_numpy(drawn / np.linalg.norm(drawn)).reshape(1, -1)
    return vector.to(model.device, model.dtype)


def load_vocoder(weights: Weights, device: str) -> Any:
    """The part that turns SpeechT5's spectrograms into sound. Raises LoadError without one."""
    spec = spec_of(weights)
    if _VOCODER not in weights.parts:
        raise LoadError(f"{spec.id} has no vocoder; name one in its catalog entry under parts")
    vocoder: Any = SpeechT5HifiGan.from_pretrained(
        weights.parts[_VOCODER],
        local_files_only=True,
        use_safetensors=True,
        variant=spec.parts[_VOCODER].variant,
        dtype=dtype_of(spec),
    )
    return vocoder.to(torch_device(device))


class VoiceRunner:
    """Speech in, speech out; `voice` names the new voice, `seed` makes it reproducible."""

    def __init__(self, weights: Weights, device: str) -> None:
        spec = spec_of(weights)
        self._extractor: Any = SpeechT5FeatureExtractor.from_pretrained(
            weights.path, local_files_only=True
        )
        model: Any = SpeechT5ForSpeechToSpeech.from_pretrained(
            weights.path,
            local_files_only=True,
            use_safetensors=True,
            variant=spec.variant,
            dtype=dtype_of(spec),
        )
        self._model = model.to(torch_device(device))
        self._vocoder = load_vocoder(weights, device)

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers, the vocoder's included."""
        return bytes_of([self._model, self._vocoder])

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Say it again in the other voice, a long recording in pieces."""
        task = task_work(work)
        settings, seed = take_seed(task.parameters)
        voice = _known(settings.get("voice", VOICES[0]))
        rate = self._extractor.sampling_rate
        pieces = list(pieces_of(audio_input(task, rate), _PIECE_S, rate))
        torch.manual_seed(seed)
        said = []
        for done, piece in enumerate(pieces, start=1):
            said.append(self._said(at_least(piece, _SHORTEST_S, rate), voice, reporter))
            reporter.progress(done, len(pieces))
        sound = audio_output(np.concatenate(said), self._vocoder.config.sampling_rate, task)
        return TaskResult(files=(sound,), data=[{"label": voice, "seed": seed}])

    def _said(self, samples: np.ndarray, voice: str, reporter: Reporter) -> np.ndarray:
        heard = self._extractor(
            audio=samples, sampling_rate=self._extractor.sampling_rate, return_tensors="pt"
        ).to(self._model.device, self._model.dtype)
        loop = self._model.speecht5.decoder.wrapped_decoder
        with torch.inference_mode(), watched(loop, reporter):
            waveform = self._model.generate_speech(
                heard["input_values"],
                voice_vector(voice, self._model),
                maxlenratio=_GROWTH,
                vocoder=self._vocoder,
            )
        return mono(waveform)


def _known(voice: str) -> str:
    if voice not in VOICES:
        raise InvalidInput(f"there is no voice {voice!r}; the voices: {', '.join(VOICES)}")
    return voice
