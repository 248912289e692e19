"""The LLM runner: one chat at a time, constrained by llguidance where the call asks for it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

import numpy as np
from jinja2 import Template
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from llguidance import LLMatcher
from llguidance.llamacpp import lltokenizer_from_vocab
from llguidance.numpy import allocate_token_bitmask, fill_next_token_bitmask

from server.core.generation import Generation, Message
from server.core.job import GenerationResult, Work
from server.core.lane import Weights
from server.core.model import PlannerSpec
from server.errors import LoadError, RunError, TooLarge
from server.runners.llama import Llama
from server.runners.runner import Reporter

_CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def load_llm(weights: Weights, device: str, threads: int) -> LlmRunner:
    """Load a planner's GGUF. Raises LoadError, OutOfMemory."""
    if not isinstance(weights.spec, PlannerSpec):
        raise LoadError(f"{weights.spec.id} is not a planner; the LLM worker runs GGUF files only")
    return LlmRunner(Llama(weights.path, device, weights.spec.context_tokens, threads))


class LlmRunner:
    """Renders the chat template, decodes, and writes text as it comes."""

    def __init__(self, llama: Llama) -> None:
        self._llama = llama
        self._tokenizer = lltokenizer_from_vocab(llama.vocab)
        self._template = _template(llama.chat_template or _CHATML)
        texts = sorted(llama.control_texts(), key=len, reverse=True)
        self._control = re.compile("|".join(map(re.escape, texts))) if texts else None

    @property
    def resident_bytes(self) -> int:
        """Weights and key-value cache."""
        return self._llama.resident_bytes

    def run(self, work: Work, reporter: Reporter) -> GenerationResult:
        """Generate. Raises TooLarge when the prompt leaves no room in the context, RunError."""
        if not isinstance(work, Generation):
            raise RunError("the LLM worker runs generations only")
        prompt = self._llama.tokenize(self._render(work.messages))
        self._check_room(len(prompt), work.max_tokens)
        matcher = self._matcher(work.grammar)
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        sampler = _Sampler(work.temperature, work.seed)
        self._prefill(prompt, reporter)
        text, count = "", 0
        while count < work.max_tokens:
            tokens = self._next(matcher, sampler, work.max_tokens - count)
            fresh = [token for token in tokens if not self._llama.is_end(token)]
            count += len(fresh)
            piece = decoder.decode(b"".join(map(self._llama.piece, fresh)))
            if piece:
                text += piece
                reporter.write(piece)
            if len(fresh) < len(tokens) or (matcher is not None and matcher.is_stopped()):
                break
            self._llama.evaluate(fresh)
        return GenerationResult(text, len(prompt), count)

    def _prefill(self, prompt: Sequence[int], reporter: Reporter) -> None:
        kept = self._llama.rewind(prompt)
        step = self._llama.batch_tokens
        for start in range(kept, len(prompt), step):
            reporter.check()
            self._llama.evaluate(prompt[start : start + step])

    def _next(self, matcher: LLMatcher | None, sampler: _Sampler, room: int) -> list[int]:
        """The next token, and with a grammar all tokens that are forced after it."""
        logits = self._llama.logits()
        if matcher is None:
            return [sampler.pick(logits)]
        mask = allocate_token_bitmask(1, self._llama.vocab_size)
        fill_next_token_bitmask(matcher, mask, 0)
        allowed = np.unpackbits(mask.view(np.uint8), bitorder="little")[: self._llama.vocab_size]
        token = sampler.pick(np.where(allowed, logits, -np.inf))
        matcher.consume_token(token)
        forced = [] if matcher.is_stopped() else matcher.compute_ff_tokens()
        forced = forced[: max(min(room, self._llama.batch_tokens) - 1, 0)]
        matcher.consume_tokens(forced)
        if matcher.is_error():
            raise RunError(f"the grammar cannot go on: {matcher.get_error()[:300]}")
        return [token, *forced]

    def _matcher(self, grammar: str | None) -> LLMatcher | None:
        if grammar is None:
            return None
        matcher = LLMatcher(self._tokenizer, grammar, log_level=0)
        if matcher.is_error():
            raise RunError(f"the grammar is wrong: {matcher.get_error()[:300]}")
        return matcher

    def _check_room(self, prompt_tokens: int, max_tokens: int) -> None:
        limit = self._llama.context_tokens
        if prompt_tokens + max_tokens > limit:
            raise TooLarge(
                f"the prompt has {prompt_tokens} tokens and {max_tokens} are kept for the output,"
                f" the context holds {limit}; shorten the request or raise context_tokens"
            )

    def _render(self, messages: Sequence[Message]) -> str:
        told = [{"role": m.role, "content": self._without_control(m.content)} for m in messages]
        try:
            rendered = self._template.render(
                messages=told,
                add_generation_prompt=True,
                bos_token=self._llama.bos,
                eos_token=self._llama.eos,
                enable_thinking=False,
            )
        except TemplateError as error:
            raise RunError(f"the chat template of the GGUF failed: {error}") from None
        bos = self._llama.bos
        return rendered if rendered.startswith(bos) else bos + rendered

    def _without_control(self, text: str) -> str:
        # A blank keeps the neighbours from forming another control token.
        return self._control.sub(" ", text) if self._control else text


class _Sampler:
    """Greedy at temperature 0, otherwise draws from the softmax."""

    def __init__(self, temperature: float, seed: int) -> None:
        self._temperature = temperature
        self._random = np.random.default_rng(seed)

    def pick(self, logits: np.ndarray) -> int:
        """The chosen token id."""
        if self._temperature <= 0:
            return int(np.argmax(logits))
        scaled = (logits - logits.max()) / self._temperature
        weights = np.exp(scaled)
        return int(self._random.choice(len(weights), p=weights / weights.sum()))


def _template(source: str) -> Template:
    # Templates come with downloaded files: the sandbox keeps them from reaching Python.
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)

    def refuse(message: str) -> None:
        raise TemplateError(message)

    environment.globals["raise_exception"] = refuse
    try:
        return environment.from_string(source)
    except TemplateError as error:
        raise LoadError(f"the chat template of the GGUF is wrong: {error}") from None
