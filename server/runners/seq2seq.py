"""translation: encoder-decoder models that turn one text into another."""

from __future__ import annotations

from typing import Any

import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer, StoppingCriteriaList

from server.core.job import TaskResult, Work
from server.core.lane import Weights
from server.errors import TooLarge
from server.runners.generating import StopOnCancel
from server.runners.loading import bytes_of, dtype_of, spec_of, torch_device
from server.runners.ports import task_work, text_input
from server.runners.runner import Reporter


class Seq2SeqRunner:
    """Text in, text out, by `generate` with the model's own generation settings."""

    def __init__(self, weights: Weights, device: str) -> None:
        path = str(weights.path)
        self._spec = spec_of(weights)
        self._tokenizer: Any = AutoTokenizer.from_pretrained(path, local_files_only=True)
        model: Any = AutoModelForSeq2SeqLM.from_pretrained(
            path,
            local_files_only=True,
            use_safetensors=True,
            variant=self._spec.variant,
            dtype=dtype_of(self._spec),
        )
        self._model = model.to(torch_device(device))

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers."""
        return bytes_of([self._model])

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Translate the text, line by line: these models lose what stands after a line end.

        The parameter `prefix` goes before each line: models trained on several tasks are told so
        which one is meant. Raises TooLarge where a line does not fit the model.
        """
        task = task_work(work)
        settings = dict(task.parameters)
        prefix = settings.pop("prefix", "")
        lines = text_input(task).splitlines()
        told = [
            self._translated(prefix + line, settings, reporter) if line.strip() else ""
            for line in lines
        ]
        text = "\n".join(told).strip()
        return TaskResult(text, [{"translation_text": text}])

    def _translated(self, text: str, settings: dict[str, Any], reporter: Reporter) -> str:
        inputs = self._tokenizer(text, return_tensors="pt").to(self._model.device)
        self._check_length(inputs["input_ids"].shape[1])
        with torch.inference_mode():
            tokens = self._model.generate(
                **inputs,
                **settings,
                stopping_criteria=StoppingCriteriaList([StopOnCancel(reporter)]),
            )
        return self._tokenizer.decode(tokens[0], skip_special_tokens=True).strip()

    def _check_length(self, tokens: int) -> None:
        limit = getattr(self._model.config, "max_position_embeddings", None)
        if limit is not None and tokens > limit:
            raise TooLarge(
                f"the text has {tokens} tokens, {self._spec.id} takes {limit}; send a shorter text"
            )
