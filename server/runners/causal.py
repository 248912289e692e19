"""conversational, text-generation: decoders that reply to a text or go on with it."""

from __future__ import annotations

from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, StoppingCriteriaList

from server.core.job import TaskResult, Work
from server.core.lane import Weights
from server.runners.context import bounded, cut
from server.runners.generating import StopOnCancel, take_seed
from server.runners.loading import bytes_of, dtype_of, spec_of, torch_device
from server.runners.ports import task_work, text_input
from server.runners.runner import Reporter

_LONGEST = 512


class CausalRunner:
    """Text in, reply or continuation out, by `generate` with the model's own settings."""

    def __init__(self, weights: Weights, device: str) -> None:
        path, spec = str(weights.path), spec_of(weights)
        self._tokenizer: Any = AutoTokenizer.from_pretrained(path, local_files_only=True)
        model: Any = AutoModelForCausalLM.from_pretrained(
            path,
            local_files_only=True,
            use_safetensors=True,
            variant=spec.variant,
            dtype=dtype_of(spec),
        )
        self._model = model.to(torch_device(device))
        self._room = bounded(self._tokenizer, model)
        # Lengths are told at every call.
        model.generation_config.max_length = None

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers."""
        return bytes_of([self._model])

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Reply to the text, or go on with it where the model has no chat template.

        At least half of the model's context is left to the text; what is longer is cut.
        """
        task = task_work(work)
        settings, seed = take_seed(task.parameters)
        longest = min(settings.pop("max_new_tokens", _LONGEST), self._room // 2)
        prompt = self._prompt(text_input(task), self._room - longest).to(self._model.device)
        torch.manual_seed(seed)
        with torch.inference_mode():
            tokens = self._model.generate(
                prompt,
                attention_mask=torch.ones_like(prompt),
                pad_token_id=self._padding(),
                max_new_tokens=longest,
                **settings,
                stopping_criteria=StoppingCriteriaList([StopOnCancel(reporter, longest)]),
            )
        new = tokens[0, prompt.shape[1] :]
        text = self._tokenizer.decode(new, skip_special_tokens=True).strip()
        sampled = settings.get("do_sample", self._model.generation_config.do_sample)
        named = {"seed": seed} if sampled else {}
        return TaskResult(text, [{"generated_text": text, **named}])

    def _prompt(self, text: str, room: int) -> torch.Tensor:
        """Token ids [1, n] of the prompt, 1 <= n <= room.

        A message begins with what is asked, so its beginning is kept; a text to go on with is
        gone on with at its end.
        """
        if self._tokenizer.chat_template:
            around = len(self._ids(self._chat("")))
            ids = self._ids(self._chat(cut(self._tokenizer, text, max(0, room - around))))
        else:
            ids = self._tokenizer(text, verbose=False)["input_ids"] or [self._beginning()]
        return torch.tensor([ids[-room:]])

    def _chat(self, text: str) -> str:
        # Models that can think aloud are asked for the reply alone; others ignore the word.
        return self._tokenizer.apply_chat_template(
            [{"role": "user", "content": text}],
            add_generation_prompt=True,
            tokenize=False,
            enable_thinking=False,
        )

    def _ids(self, text: str) -> list[int]:
        return self._tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]

    def _beginning(self) -> int:
        first = self._tokenizer.bos_token_id
        return self._tokenizer.eos_token_id if first is None else first

    def _padding(self) -> int:
        padding = self._tokenizer.pad_token_id
        return self._tokenizer.eos_token_id if padding is None else padding
