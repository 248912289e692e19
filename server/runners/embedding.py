"""sentence-similarity, feature-extraction: encoders whose states become one vector."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModel, AutoTokenizer

from server.core.job import TaskResult, TaskWork, Work
from server.core.lane import Weights
from server.errors import LoadError
from server.runners.context import bounded
from server.runners.loading import bytes_of, dtype_of, spec_of, torch_device
from server.runners.ports import task_work, text_input
from server.runners.runner import Reporter

_POOLINGS = {"pooling_mode_mean_tokens", "pooling_mode_cls_token"}
_SHOWN = 5
_WORDS = (
    (0.8, "nearly the same meaning"),
    (0.6, "much alike"),
    (0.3, "somewhat alike"),
    (-1.0, "hardly alike"),
)


class EmbeddingRunner:
    """Text to vector, pooled as the repository's sentence-transformers settings say."""

    def __init__(self, weights: Weights, device: str) -> None:
        path, spec = str(weights.path), spec_of(weights)
        self._tokenizer: Any = AutoTokenizer.from_pretrained(path, local_files_only=True)
        model: Any = AutoModel.from_pretrained(
            path,
            local_files_only=True,
            use_safetensors=True,
            variant=spec.variant,
            dtype=dtype_of(spec),
        )
        self._model = model.to(torch_device(device))
        bounded(self._tokenizer, model)
        self._first_token = _pooling(weights.path) == "pooling_mode_cls_token"
        self._normalize = _normalizes(weights.path)

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers."""
        return bytes_of([self._model])

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """The vector of a text, or the cosine of two. What is too long is told by its beginning."""
        task = task_work(work)
        reporter.check()
        return self._compare(task) if task.task == "sentence-similarity" else self._embed(task)

    def _embed(self, task: TaskWork) -> TaskResult:
        vector = self._vector(text_input(task))
        if task.parameters.get("normalize", self._normalize):
            vector = torch.nn.functional.normalize(vector, dim=0)
        data = [round(number, 6) for number in vector.tolist()]
        shown = ", ".join(f"{number:.2f}" for number in data[:_SHOWN])
        return TaskResult(f"a vector of {len(data)} numbers: {shown}, …", data)

    def _compare(self, task: TaskWork) -> TaskResult:
        one, other = (self._vector(text_input(task, port)) for port in ("text1", "text2"))
        cosine = float(torch.nn.functional.cosine_similarity(one, other, dim=0).clamp(-1, 1))
        meaning = next(word for least, word in _WORDS if cosine >= least)
        return TaskResult(f"{cosine:.2f} ({meaning})", [round(cosine, 4)])

    def _vector(self, text: str) -> torch.Tensor:
        """The pooled states of a text: float32 numbers [width] in main memory."""
        inputs = self._tokenizer(text, truncation=True, return_tensors="pt").to(self._model.device)
        with torch.inference_mode():
            states = self._model(**inputs).last_hidden_state[0].float().cpu()
        # One text has no padding: all of its tokens count.
        return states[0] if self._first_token else states.mean(dim=0)


def _pooling(folder: Path) -> str:
    """How states become one: by their mean, as is usual, or by the first. Raises LoadError."""
    file = folder / "1_Pooling" / "config.json"
    said = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    modes = {name for name, on in said.items() if name.startswith("pooling_mode_") and on is True}
    if not modes <= _POOLINGS or len(modes) > 1:
        raise LoadError(f"{file} asks for {', '.join(sorted(modes))}; mean or cls alone is known")
    return next(iter(modes), "pooling_mode_mean_tokens")


def _normalizes(folder: Path) -> bool:
    """Whether the repository's vectors are of length 1."""
    file = folder / "modules.json"
    modules = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
    return any(module["type"].endswith("Normalize") for module in modules)
