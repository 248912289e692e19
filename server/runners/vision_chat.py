"""Chat models that see: they describe a picture, answer questions about it, and read pages."""

from __future__ import annotations

from typing import Any

from transformers import AutoConfig, AutoModelForImageTextToText
from transformers.models.auto.processing_auto import PROCESSOR_MAPPING

from server.core.job import TaskResult, TaskWork, Work
from server.core.lane import Weights
from server.runners.loading import bytes_of
from server.runners.ports import image_input, task_work, text_input
from server.runners.runner import Reporter
from server.runners.seeing import check_tokens, fitted, vision_model, write

_DESCRIBE = "Describe this image."
_LONGEST = 512


class VisionChatRunner:
    """Image and perhaps a question in, text out, by the model's chat template."""

    def __init__(self, weights: Weights, device: str) -> None:
        path = str(weights.path)
        config = AutoConfig.from_pretrained(path, local_files_only=True)
        reader: Any = _without_videos(PROCESSOR_MAPPING[type(config)])
        self._processor = reader.from_pretrained(path, local_files_only=True)
        self._marks = _marks(self._processor.tokenizer)
        self._model = vision_model(AutoModelForImageTextToText, weights, device)

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers."""
        return bytes_of([self._model])

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Describe the picture or answer the question. Raises TooLarge for a question longer than
        the model takes."""
        task = task_work(work)
        is_asked = task.task != "image-to-text"
        inputs = self._inputs(task, text_input(task) if is_asked else _DESCRIBE)
        begun = inputs["input_ids"].shape[1]
        positions = self._model.config.get_text_config().max_position_embeddings
        check_tokens(begun, positions - 1, "the question, with the picture,")
        settings = {"max_new_tokens": _LONGEST, **task.parameters}
        written = write(self._model, inputs, settings, reporter, positions - begun)
        text = self._processor.tokenizer.decode(
            written.tokens[begun:], skip_special_tokens=True
        ).strip()
        if is_asked:
            return TaskResult(text, [{"answer": text, "score": None, **written.seed}])
        return TaskResult(text, [{"generated_text": text, **written.seed}])

    def _inputs(self, task: TaskWork, text: str) -> Any:
        content = [
            {"type": "image", "image": fitted(image_input(task))},
            {"type": "text", "text": self._plain(text)},
        ]
        inputs = self._processor.apply_chat_template(
            [{"role": "user", "content": content}],
            add_generation_prompt=True,
            tokenize=True,
            return_dict=True,
            return_tensors="pt",
        )
        return inputs.to(self._model.device, self._model.dtype)

    def _plain(self, text: str) -> str:
        """The text without the marks of the chat: one that stands for a picture would be missed."""
        for mark in self._marks:
            text = text.replace(mark, " ")
        return text


def _marks(tokenizer: Any) -> list[str]:
    """What the tokenizer takes for more than text, longest first."""
    return sorted({*tokenizer.all_special_tokens, *tokenizer.get_added_vocab()}, key=len)[::-1]


def _without_videos(processor: Any) -> Any:
    """The processor class without its part for videos, which needs torchvision."""

    class Pictures(processor):
        video_processor = None

        @classmethod
        def get_attributes(cls) -> list[str]:
            return [part for part in processor.get_attributes() if part != "video_processor"]

    return Pictures
