"""image-to-text: models that describe a picture, or read the line of text in it."""

from __future__ import annotations

from typing import Any

from transformers import AutoImageProcessor, AutoModelForImageTextToText, AutoTokenizer

from server.core.job import TaskResult, Work
from server.core.lane import Weights
from server.runners.loading import bytes_of
from server.runners.ports import image_input, task_work
from server.runners.runner import Reporter
from server.runners.seeing import fitted, vision_model, write

_LONGEST = 64
# What BLIP's decoder begins with counts among its positions.
_BEGINNING = 2


class CaptionRunner:
    """Image in, sentence out, by `generate`."""

    def __init__(self, weights: Weights, device: str) -> None:
        path = str(weights.path)
        # Apart, as not every captioner has a processor class that joins the two.
        self._eyes: Any = AutoImageProcessor.from_pretrained(path, local_files_only=True)
        self._tokenizer: Any = AutoTokenizer.from_pretrained(path, local_files_only=True)
        self._model = vision_model(AutoModelForImageTextToText, weights, device)

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers."""
        return bytes_of([self._model])

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Describe the picture."""
        task = task_work(work)
        seen = self._eyes(images=fitted(image_input(task)), return_tensors="pt")
        inputs = {"pixel_values": seen["pixel_values"].to(self._model.device, self._model.dtype)}
        settings = {"max_new_tokens": _LONGEST, **task.parameters}
        written = write(self._model, inputs, settings, reporter, self._positions())
        text = self._tokenizer.decode(written.tokens, skip_special_tokens=True).strip()
        return TaskResult(text, [{"generated_text": text, **written.seed}])

    def _positions(self) -> int:
        """The tokens a caption may have: a model that went past its positions would fail."""
        decoder = self._model.config.get_text_config(decoder=True)
        positions = getattr(decoder, "max_position_embeddings", None)
        return _LONGEST if positions is None else positions - _BEGINNING
