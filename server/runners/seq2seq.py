"""translation, summarization, text2text-generation: encoder-decoders that turn text into text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer, StoppingCriteriaList

from server.core.job import TaskResult, TaskWork, Work
from server.core.lane import Weights
from server.errors import TooLarge
from server.runners.context import bounded
from server.runners.generating import StopOnCancel, take_seed
from server.runners.languages import Languages
from server.runners.loading import bytes_of, dtype_of, spec_of, torch_device
from server.runners.ports import task_work, text_input
from server.runners.runner import Reporter

_KEYS = {"translation": "translation_text", "summarization": "summary_text"}
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])|\n+")
# A summary is not forced to be longer than this part of its text.
_SHORTEST = 2
# For models whose positions have no end.
_MOST = 1 << 16


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
        self._room = bounded(self._tokenizer, model)
        self._usual, self._most = _lengths(model, self._room)
        self._languages = Languages(self._tokenizer, model.config)

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers."""
        return bytes_of([self._model])

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Rewrite the text. One that is too long is taken sentence by sentence, as many as fit.

        The parameter `prefix` goes before each piece, in place of what the languages would put
        there: models trained on several tasks are told so which one is meant. Raises InvalidInput
        for a language the model does not know, TooLarge where a sentence to translate does not fit.
        """
        task = task_work(work)
        settings, seed = take_seed(task.parameters)
        prefix, settings = self._addressed(task, settings)
        longest = min(settings.get("max_new_tokens", self._usual), self._most)
        lines = [self._pieces(task, prefix, line) for line in _lines(task)]
        stop = StopOnCancel(reporter, sum(map(len, lines)) * longest)
        settings["max_new_tokens"] = longest
        torch.manual_seed(seed)
        told = [" ".join(self._written(piece, settings, stop) for piece in line) for line in lines]
        text = "\n".join(told).strip()
        sampled = settings.get("do_sample", self._model.generation_config.do_sample)
        named = {"seed": seed} if sampled else {}
        return TaskResult(text, [{_KEYS.get(task.task, "generated_text"): text, **named}])

    def _addressed(self, task: TaskWork, settings: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """What goes before each piece, and the settings `generate` knows."""
        prefix = settings.pop("prefix", None)
        source, target = settings.pop("src_lang", None), settings.pop("tgt_lang", None)
        if task.task != "translation":
            return prefix or "", settings
        address = self._languages.address(source, target)
        return address.prefix if prefix is None else prefix, {**settings, **address.settings}

    def _pieces(self, task: TaskWork, prefix: str, line: str) -> list[str]:
        if not line.strip():
            return []
        if self._fits(prefix + line):
            return [prefix + line]
        pieces: list[str] = []
        for sentence in self._sentences(task, prefix, line):
            if pieces and self._fits(f"{pieces[-1]} {sentence}"):
                pieces[-1] = f"{pieces[-1]} {sentence}"
            else:
                pieces.append(prefix + sentence)
        return pieces

    def _sentences(self, task: TaskWork, prefix: str, line: str) -> Iterator[str]:
        """The sentences of a line, those that do not fit cut; half a sentence is not translated."""
        for sentence in filter(None, _SENTENCE_END.split(line)):
            if self._fits(prefix + sentence):
                yield sentence
            elif task.task == "translation":
                raise TooLarge(
                    f"a sentence of the text has {self._tokens(prefix + sentence)} tokens,"
                    f" {self._spec.id} takes {self._room}; send a shorter text"
                )
            else:
                yield from self._cut(sentence, self._room - self._tokens(prefix))

    def _cut(self, text: str, tokens: int) -> Iterator[str]:
        pieces, step = self._tokenizer.tokenize(text, verbose=False), max(1, tokens)
        for start in range(0, len(pieces), step):
            yield self._tokenizer.convert_tokens_to_string(pieces[start : start + step])

    def _fits(self, text: str) -> bool:
        return self._tokens(text) <= self._room

    def _tokens(self, text: str) -> int:
        return len(self._tokenizer(text, verbose=False)["input_ids"])

    def _written(self, text: str, settings: dict[str, Any], stop: StopOnCancel) -> str:
        inputs = self._tokenizer(text, return_tensors="pt", truncation=True)
        inputs = inputs.to(self._model.device)
        asked = self._model.generation_config.min_length or 0
        least = min(asked, inputs["input_ids"].shape[1] // _SHORTEST, settings["max_new_tokens"])
        with torch.inference_mode():
            tokens = self._model.generate(
                input_ids=inputs["input_ids"],
                attention_mask=inputs["attention_mask"],
                **settings,
                min_length=least,
                stopping_criteria=StoppingCriteriaList([stop]),
            )
        return self._tokenizer.decode(tokens[0], skip_special_tokens=True).strip()


def _lengths(model: Any, room: int) -> tuple[int, int]:
    """The tokens an answer usually may have, and those it may at most: its positions end there."""
    config = model.generation_config
    most = getattr(model.config, "max_position_embeddings", _MOST) - 1
    usual = min(config.max_new_tokens or config.max_length or room, most)
    # Lengths are told at every call.
    config.max_length = None
    return usual, most


def _lines(task: TaskWork) -> list[str]:
    """What is taken by itself: translators lose what stands after a line end, others need it."""
    text = text_input(task)
    return text.splitlines() if task.task == "translation" else [text]
