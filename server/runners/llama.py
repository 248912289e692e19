"""llama.cpp behind a few words: tokens in, logits out. One context, one sequence.

This is llama-cpp-python's low-level API. Its high-level `Llama` is not used: it masks the whole
vocabulary in Python for every constrained token, and swallows exceptions raised while sampling.
"""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import llama_cpp as c
import numpy as np

from server.errors import LoadError, OutOfMemory, RunError

_LOG = logging.getLogger(__name__)
_BATCH = 512
_ERROR_LEVEL = 4


class Llama:
    """A GGUF model with one context on one device.

    Raises LoadError when the file is not a usable GGUF, OutOfMemory when its context does not fit.
    """

    def __init__(self, path: Path, device: str, context_tokens: int, threads: int) -> None:
        self._problems: list[str] = []
        # llama.cpp keeps the pointer: the callback must live as long as the library logs.
        self._log = c.llama_log_callback(self._on_log)
        c.llama_log_set(self._log, ctypes.c_void_p(0))
        _check_magic(path)
        self._model = self._load(path, device)
        self._vocab: Any = c.llama_model_get_vocab(self._model)
        self._context = self._new_context(path, context_tokens, threads)
        self._memory: Any = c.llama_get_memory(self._context)
        self._cached: list[int] = []
        self.context_tokens = context_tokens
        self.vocab_size: int = c.llama_vocab_n_tokens(self._vocab)

    @property
    def vocab(self) -> Any:
        """The `llama_vocab` pointer, for llguidance."""
        return self._vocab

    @property
    def resident_bytes(self) -> int:
        """Weights and key-value cache (two tensors of 16 bits a layer)."""
        model = self._model
        width = c.llama_model_n_embd(model) // max(c.llama_model_n_head(model), 1)
        per_token = 4 * c.llama_model_n_layer(model) * c.llama_model_n_head_kv(model) * width
        return int(c.llama_model_size(model)) + per_token * self.context_tokens

    @property
    def chat_template(self) -> str | None:
        """The Jinja template the file carries, or None."""
        template = c.llama_model_chat_template(self._model, None)
        return template.decode() if template else None

    @property
    def bos(self) -> str:
        """The text of the beginning-of-sequence token where the model wants one, else ''."""
        if not c.llama_vocab_get_add_bos(self._vocab):
            return ""
        return c.llama_vocab_get_text(self._vocab, c.llama_vocab_bos(self._vocab)).decode()

    @property
    def eos(self) -> str:
        """The text of the end-of-sequence token."""
        return c.llama_vocab_get_text(self._vocab, c.llama_vocab_eos(self._vocab)).decode()

    def control_texts(self) -> list[str]:
        """The texts of all control tokens: what a message must not be able to smuggle in."""
        attr = c.LLAMA_TOKEN_ATTR_CONTROL
        marked = (
            i for i in range(self.vocab_size) if c.llama_vocab_get_attr(self._vocab, i) & attr
        )
        texts = (c.llama_vocab_get_text(self._vocab, i).decode(errors="replace") for i in marked)
        return [text for text in texts if text]

    def is_end(self, token: int) -> bool:
        """Whether the token ends the generation."""
        return bool(c.llama_vocab_is_eog(self._vocab, token))

    def tokenize(self, text: str) -> list[int]:
        """Tokens of a rendered prompt; control tokens in it count as such."""
        data = text.encode(errors="replace")
        room = len(data) + 8
        tokens = (c.llama_token * room)()
        count = c.llama_tokenize(self._vocab, data, len(data), tokens, room, False, True)
        if count < 0:
            raise RunError(f"llama.cpp cannot tokenize a prompt of {len(data)} bytes")
        return list(tokens[:count])

    def piece(self, token: int) -> bytes:
        """The bytes a token stands for; control tokens stand for nothing."""
        buffer = ctypes.create_string_buffer(512)
        size = c.llama_token_to_piece(self._vocab, token, buffer, len(buffer), 0, False)
        return buffer.raw[: max(size, 0)]

    def rewind(self, tokens: Sequence[int]) -> int:
        """Make the context hold a prefix of `tokens`; return how many of them it holds already.

        At least one token is left to evaluate, so that there are logits to sample from.
        """
        kept = 0
        for old, new in zip(self._cached, tokens[:-1], strict=False):
            if old != new:
                break
            kept += 1
        # A recurrent memory cannot drop part of a sequence; then all of it goes.
        if not c.llama_memory_seq_rm(self._memory, 0, kept, -1):
            c.llama_memory_clear(self._memory, True)
            kept = 0
        self._cached = list(tokens[:kept])
        return kept

    def evaluate(self, tokens: Sequence[int]) -> None:
        """Append at most `batch_tokens` tokens to the context. Raises RunError."""
        array = (c.llama_token * len(tokens))(*tokens)
        status = c.llama_decode(self._context, c.llama_batch_get_one(array, len(tokens)))
        if status != 0:
            self._cached = []
            c.llama_memory_clear(self._memory, True)
            raise RunError(f"llama.cpp cannot decode (status {status}): {self._told()}")
        self._cached.extend(tokens)

    @property
    def batch_tokens(self) -> int:
        """How many tokens `evaluate` takes at once."""
        return _BATCH

    def logits(self) -> np.ndarray:
        """A copy of the last token's logits, float32 of shape (vocab_size,)."""
        pointer = c.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(pointer, shape=(self.vocab_size,)).copy()

    def close(self) -> None:
        """Free context and weights."""
        c.llama_free(self._context)
        c.llama_model_free(self._model)

    def _load(self, path: Path, device: str) -> Any:
        params = c.llama_model_default_params()
        params.n_gpu_layers = 0
        if device.startswith("cuda:"):
            params.n_gpu_layers = 999
            params.split_mode = c.LLAMA_SPLIT_MODE_NONE
            params.main_gpu = int(device.removeprefix("cuda:"))
        c.llama_backend_init()
        model = c.llama_model_load_from_file(str(path).encode(), params)
        if not model:
            raise LoadError(
                f"{path.name} cannot be loaded: {self._told()};"
                " check it with scripts/download_models --verify"
            )
        return model

    def _new_context(self, path: Path, context_tokens: int, threads: int) -> Any:
        params = c.llama_context_default_params()
        params.n_ctx = context_tokens
        params.n_batch = params.n_ubatch = _BATCH
        params.n_threads = params.n_threads_batch = threads
        context = c.llama_init_from_model(self._model, params)
        if not context:
            c.llama_model_free(self._model)
            raise OutOfMemory(
                f"{path.name}: no memory for a context of {context_tokens} tokens"
                f" ({self._told()}); lower context_tokens or take a smaller planner"
            )
        return context

    def _on_log(self, level: int, text: bytes, _: object) -> None:
        line = text.decode(errors="replace").strip()
        if level == _ERROR_LEVEL and line:
            self._problems.append(line)
            _LOG.warning("llama.cpp: %s", line)

    def _told(self) -> str:
        told, self._problems = "; ".join(self._problems[-3:]), []
        return told[:400] or "llama.cpp gives no reason"


def _check_magic(path: Path) -> None:
    # Read here because llama.cpp can abort the process on a file that is no GGUF at all.
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise LoadError(f"{path.name} cannot be read: {error.strerror}") from None
    if magic != b"GGUF":
        raise LoadError(
            f"{path.name} is not a GGUF file (it begins with {magic!r});"
            " fetch it again with scripts/download_models"
        )
