"""text-to-audio: music and sounds by transformers models of the MusicGen kind."""

from __future__ import annotations

import math
from typing import Any

import torch
from transformers import AutoModelForTextToWaveform, AutoTokenizer

from server.core.job import TaskResult, Work
from server.core.lane import Weights
from server.core.parameters import Writing
from server.errors import TooLarge
from server.runners.generating import take_seed
from server.runners.loading import bytes_of, dtype_of, spec_of, torch_device
from server.runners.ports import audio_output, task_work
from server.runners.runner import Reporter
from server.runners.sounding import check_taken, mono, wanted_text, watched

_SECONDS = 10.0
_TAKEN = frozenset({"seconds", "guidance_scale", *Writing.model_fields}) - {"num_beams"}


class MusicRunner:
    """Text in, sound out: a decoder writes the frames of an audio codec."""

    def __init__(self, weights: Weights, device: str) -> None:
        path = str(weights.path)
        self._spec = spec_of(weights)
        self._tokenizer: Any = AutoTokenizer.from_pretrained(path, local_files_only=True)
        model: Any = AutoModelForTextToWaveform.from_pretrained(
            path,
            local_files_only=True,
            use_safetensors=True,
            variant=self._spec.variant,
            dtype=dtype_of(self._spec),
        )
        self._model = model.to(torch_device(device))
        self._codec = self._model.config.audio_encoder

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers."""
        return bytes_of([self._model])

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Make the sound; `seconds` says how long it lasts, `seed` makes it reproducible."""
        task = task_work(work)
        settings, seed = take_seed(task.parameters)
        check_taken(settings, _TAKEN, task.task, self._spec.id)
        inputs = self._tokenizer(wanted_text(task), return_tensors="pt").to(self._model.device)
        rate, seconds = self._codec.sampling_rate, self._seconds(settings)
        tokens = self._tokens(seconds)
        torch.manual_seed(seed)
        reporter.check()
        with torch.inference_mode(), watched(self._model.decoder, reporter, tokens):
            waveforms = self._model.generate(**inputs, **settings, max_new_tokens=tokens)
        samples = mono(waveforms[0])[: round(seconds * rate)]
        return TaskResult(files=(audio_output(samples, rate, task),), data={"seed": seed})

    def _seconds(self, settings: dict[str, Any]) -> float:
        """How long the sound is to be; what says so is taken out of the settings."""
        tokens = settings.pop("max_new_tokens", None)
        usual = _SECONDS if tokens is None else tokens / self._codec.frame_rate
        return settings.pop("seconds", usual)

    def _tokens(self, seconds: float) -> int:
        """Frames of the codec; its books lag behind each other by one each. Raises TooLarge."""
        decoder = self._model.config.decoder
        tokens = math.ceil(seconds * self._codec.frame_rate) + decoder.num_codebooks
        if tokens >= decoder.max_position_embeddings:
            most = (decoder.max_position_embeddings - decoder.num_codebooks - 1) / (
                self._codec.frame_rate
            )
            raise TooLarge(
                f"{seconds:g} s are more than {self._spec.id} makes at once; "
                f"ask for {math.floor(most)} s or less"
            )
        return tokens
