"""document-question-answering: models that read a page by themselves and write the answer."""

from __future__ import annotations

import re
from typing import Any

from transformers import AutoModelForImageTextToText, AutoProcessor

from server.core.job import TaskResult, Work
from server.core.lane import Weights
from server.runners.loading import bytes_of
from server.runners.ports import image_input, task_work, text_input
from server.runners.runner import Reporter
from server.runners.seeing import check_tokens, fitted, vision_model, write

# Small print is lost in less.
_LONGEST_SIDE = 4096
# Positions kept free for the answer.
_ROOM = 16
_PROMPT = "<s_docvqa><s_question>{}</s_question><s_answer>"
_MARKS = re.compile(r"<[^<>]*>")


class DocumentRunner:
    """Page and question in, answer out, by Donut's task prompt."""

    def __init__(self, weights: Weights, device: str) -> None:
        self._processor: Any = AutoProcessor.from_pretrained(
            str(weights.path), local_files_only=True
        )
        self._model = vision_model(AutoModelForImageTextToText, weights, device)

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers."""
        return bytes_of([self._model])

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Answer the question. Raises TooLarge for a question longer than the model takes."""
        task = task_work(work)
        prompt = self._prompt(text_input(task))
        begun = prompt.shape[1]
        positions = self._model.config.decoder.max_position_embeddings
        check_tokens(begun, positions - _ROOM, "the question")
        page = fitted(image_input(task), _LONGEST_SIDE)
        seen = self._processor.image_processor(images=page, return_tensors="pt")
        inputs = {
            "pixel_values": seen["pixel_values"].to(self._model.device, self._model.dtype),
            "decoder_input_ids": prompt,
        }
        # The token that starts the decoder is put before the prompt.
        room = positions - begun - 1
        written = write(self._model, inputs, task.parameters, reporter, room, scored=True)
        text = self._answer(written.tokens[begun:])
        return TaskResult(text, [{"answer": text, "score": written.score, **written.seed}])

    def _prompt(self, question: str) -> Any:
        # A question that held marks of its own would end too soon.
        prompt = _PROMPT.format(_MARKS.sub(" ", question))
        tokens = self._processor.tokenizer(prompt, add_special_tokens=False, return_tensors="pt")
        return tokens["input_ids"].to(self._model.device)

    def _answer(self, tokens: Any) -> str:
        said = self._processor.tokenizer.decode(tokens)
        return _MARKS.sub("", said.partition("</s_answer>")[0]).strip()
