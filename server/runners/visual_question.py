"""visual-question-answering: models that answer one question about a picture in a word or two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from transformers import AutoModelForVisualQuestionAnswering, AutoProcessor

from server.core.job import TaskResult, Work
from server.core.lane import Weights
from server.runners.loading import bytes_of
from server.runners.ports import image_input, task_work, text_input
from server.runners.runner import Reporter
from server.runners.seeing import check_tokens, fitted, vision_model, write

_LONGEST = 20
_TOP_K = 5


class VisualQuestionRunner:
    """Image and question in, answer out: chosen among known answers, or written."""

    def __init__(self, weights: Weights, device: str) -> None:
        self._processor: Any = AutoProcessor.from_pretrained(
            str(weights.path), local_files_only=True
        )
        self._model = vision_model(AutoModelForVisualQuestionAnswering, weights, device)

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers."""
        return bytes_of([self._model])

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Answer the question. Raises TooLarge for a question longer than the model takes."""
        task = task_work(work)
        inputs = self._processor(
            images=fitted(image_input(task)), text=text_input(task), return_tensors="pt"
        ).to(self._model.device, self._model.dtype)
        positions = self._model.config.get_text_config().max_position_embeddings
        check_tokens(inputs["input_ids"].shape[1], positions, "the question")
        reporter.check()
        if self._model.can_generate():
            return self._written(inputs, task.parameters, reporter)
        return self._chosen(inputs, task.parameters.get("top_k", _TOP_K))

    def _written(
        self, inputs: Mapping[str, Any], parameters: Mapping[str, Any], reporter: Reporter
    ) -> TaskResult:
        written = write(self._model, inputs, parameters, reporter, _LONGEST, scored=True)
        text = self._processor.decode(written.tokens, skip_special_tokens=True).strip()
        return TaskResult(text, [{"answer": text, "score": written.score, **written.seed}])

    def _chosen(self, inputs: Mapping[str, Any], top_k: int) -> TaskResult:
        with torch.inference_mode():
            # Answers do not exclude each other, so each has a score of its own.
            scores = self._model(**inputs).logits[0].float().sigmoid()
        best = scores.topk(min(top_k, len(scores)))
        names = self._model.config.id2label
        data = [
            {"answer": names[index], "score": round(score, 4)}
            for score, index in zip(best.values.tolist(), best.indices.tolist(), strict=True)
        ]
        return TaskResult(data[0]["answer"], data)
