"""text-to-audio: diffusers pipelines that make music and sounds, step by step."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import torch
from diffusers import DiffusionPipeline

from server.core.job import TaskResult, Work
from server.core.lane import Weights
from server.runners.generating import take_seed
from server.runners.loading import bytes_of, dtype_of, spec_of, torch_device
from server.runners.ports import audio_output, task_work
from server.runners.runner import Reporter
from server.runners.sounding import check_taken, mono, wanted_text

# What pipelines call the length of the sound in seconds.
_LENGTHS = ("audio_end_in_s", "audio_length_in_s", "audio_duration")
_SETTINGS = ("num_inference_steps", "guidance_scale", "negative_prompt")
_SECONDS = 10.0


class SoundDiffusionRunner:
    """Text in, sound out."""

    def __init__(self, weights: Weights, device: str) -> None:
        self._spec = spec_of(weights)
        # AutoPipelineForText2Audio does not know all of them.
        self._pipeline: Any = DiffusionPipeline.from_pretrained(
            str(weights.path),
            local_files_only=True,
            use_safetensors=True,
            variant=self._spec.variant,
            dtype=dtype_of(self._spec),
        ).to(torch_device(device))
        self._pipeline.set_progress_bar_config(disable=True)
        self._call = inspect.signature(self._pipeline.__call__).parameters
        self._length = next(name for name in _LENGTHS if name in self._call)

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers of every component."""
        parts = self._pipeline.components.values()
        return bytes_of(part for part in parts if isinstance(part, torch.nn.Module))

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Make the sound; `seconds` says how long it lasts, `seed` makes it reproducible."""
        task = task_work(work)
        settings, seed = take_seed(task.parameters)
        taken = ["seconds", *(name for name in _SETTINGS if name in self._call)]
        check_taken(settings, taken, task.task, self._spec.id)
        seconds = settings.pop("seconds", _SECONDS)

        def after_step(step: int, *_: Any) -> None:
            # Raising here is a clean cancel: the pipeline stays usable.
            reporter.progress(step + 1, len(self._pipeline.scheduler.timesteps))

        reporter.check()
        waveforms = self._pipeline(
            prompt=wanted_text(task),
            generator=torch.Generator("cpu").manual_seed(seed),
            callback=after_step,
            output_type="pt",
            **{self._length: seconds},
            **settings,
        ).audios
        samples = mono(waveforms[0])[: round(seconds * self._rate)]
        return TaskResult(files=(audio_output(samples, self._rate, task),), data={"seed": seed})

    @property
    def _rate(self) -> int:
        """Samples a second: the vocoder's where there is one, else the decoder's."""
        parts: Mapping[str, Any] = self._pipeline.components
        return int(parts.get("vocoder", parts["vae"]).config.sampling_rate)
