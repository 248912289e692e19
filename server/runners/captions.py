"""image-to-text: models that describe a picture."""

from __future__ import annotations

from typing import Any

import torch
from transformers import AutoModelForImageTextToText, AutoProcessor, StoppingCriteriaList

from server.core.job import TaskResult, Work
from server.core.lane import Weights
from server.runners.generating import StopOnCancel
from server.runners.loading import bytes_of, dtype_of, spec_of, torch_device
from server.runners.ports import image_input, task_work
from server.runners.runner import Reporter

_LONGEST = 64
# What BLIP's decoder begins with counts among its positions.
_BEGINNING = 2


class CaptionRunner:
    """Image in, sentence out, by `generate`."""

    def __init__(self, weights: Weights, device: str) -> None:
        path = str(weights.path)
        spec = spec_of(weights)
        self._processor: Any = AutoProcessor.from_pretrained(path, local_files_only=True)
        model: Any = AutoModelForImageTextToText.from_pretrained(
            path,
            local_files_only=True,
            use_safetensors=True,
            variant=spec.variant,
            dtype=dtype_of(spec),
        )
        self._model = model.to(torch_device(device))

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers."""
        return bytes_of([self._model])

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Describe the picture."""
        task = task_work(work)
        inputs = self._processor(images=image_input(task), return_tensors="pt")
        inputs = inputs.to(self._model.device, self._model.dtype)
        settings = {"max_new_tokens": self._longest(), **task.parameters}
        with torch.inference_mode():
            tokens = self._model.generate(
                **inputs,
                **settings,
                stopping_criteria=StoppingCriteriaList([StopOnCancel(reporter)]),
            )
        text = self._processor.decode(tokens[0], skip_special_tokens=True).strip()
        return TaskResult(text, [{"generated_text": text}])

    def _longest(self) -> int:
        """The tokens a caption may have: a model that went past its positions would fail."""
        decoder = self._model.config.get_text_config(decoder=True)
        positions = getattr(decoder, "max_position_embeddings", None)
        return _LONGEST if positions is None else min(_LONGEST, positions - _BEGINNING)
