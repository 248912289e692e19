"""question-answering: encoders that point at the answer in a text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from server.core.job import TaskResult, Work
from server.core.lane import Weights
from server.runners.context import bounded, cut
from server.runners.loading import bytes_of, dtype_of, spec_of, torch_device
from server.runners.ports import task_work, text_input
from server.runners.runner import Reporter

_LONGEST = 15
_SILENCE = "The text does not say."


class _Span(NamedTuple):
    score: float
    start: int
    end: int


class ExtractiveRunner:
    """A question and a text in, the piece of the text that answers it out."""

    def __init__(self, weights: Weights, device: str) -> None:
        path, spec = str(weights.path), spec_of(weights)
        self._tokenizer: Any = AutoTokenizer.from_pretrained(path, local_files_only=True)
        model: Any = AutoModelForQuestionAnswering.from_pretrained(
            path,
            local_files_only=True,
            use_safetensors=True,
            variant=spec.variant,
            dtype=dtype_of(spec),
        )
        self._model = model.to(torch_device(device))
        self._room = bounded(self._tokenizer, model)

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers."""
        return bytes_of([self._model])

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Answer the question, the best answer first; a long text is read in windows.

        `handle_impossible_answer` lets the empty answer win where the model finds none; a text in
        which there is nothing to point at always gives it.
        """
        task = task_work(work)
        settings = task.parameters
        count, longest = settings.get("top_k", 1), settings.get("max_answer_len", _LONGEST)
        context = text_input(task, "context")
        windows = self._windows(text_input(task), context)
        found, none = self._read(windows, count, longest, reporter)
        spans = [span for span in found if context[span.start : span.end].strip()]
        if settings.get("handle_impossible_answer") or not spans:
            spans.append(none)
        answers = [_answer(context, span) for span in _distinct(spans)[:count]]
        text = answers[0]["answer"] or _SILENCE
        return TaskResult(text, answers[0] if count == 1 else answers)

    def _windows(self, question: str, context: str) -> Any:
        """The question with one piece of the text after the other; pieces overlap."""
        return self._tokenizer(
            cut(self._tokenizer, question, self._room // 2),
            context,
            truncation="only_second",
            stride=self._room // 4,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
        )

    def _read(
        self, windows: Any, count: int, longest: int, reporter: Reporter
    ) -> tuple[list[_Span], _Span]:
        """Spans that may be the answer, the best `count` of each window, and the empty one."""
        found: list[_Span] = []
        none, total = 1.0, len(windows["input_ids"])
        for index in range(total):
            scores, nothing = self._scores(windows, index, longest)
            found += _best(scores, windows["offset_mapping"][index], count)
            none = min(none, nothing)
            reporter.progress(index + 1, total)
        return found, _Span(none, 0, 0)

    def _scores(self, windows: Any, index: int, longest: int) -> tuple[torch.Tensor, float]:
        """How likely each (first token, last token) of a window is, and that it holds no answer.

        Models point at the first token of all where a window holds none, so it takes its share.
        """
        names = self._tokenizer.model_input_names
        inputs = {name: torch.tensor([windows[name][index]]) for name in names}
        with torch.inference_mode():
            output = self._model(**{k: v.to(self._model.device) for k, v in inputs.items()})
        inside = torch.tensor([part == 1 for part in windows.sequence_ids(index)])
        first = int(inputs["input_ids"][0].tolist().index(self._tokenizer.cls_token_id))
        allowed = inside.clone()
        allowed[first] = True
        begins, ends = (
            logits[0].float().cpu().masked_fill(~allowed, -torch.inf).softmax(-1)
            for logits in (output.start_logits, output.end_logits)
        )
        nothing = float(begins[first] * ends[first])
        begins, ends = begins * inside, ends * inside
        return torch.outer(begins, ends).triu().tril(longest - 1), nothing


def _best(scores: torch.Tensor, offsets: list[tuple[int, int]], count: int) -> Iterator[_Span]:
    """The likeliest spans of a window as places in the text."""
    width = scores.shape[1]
    best = scores.flatten().topk(min(count, scores.numel()))
    for score, at in zip(best.values.tolist(), best.indices.tolist(), strict=True):
        if score > 0:
            yield _Span(score, offsets[at // width][0], offsets[at % width][1])


def _distinct(spans: list[_Span]) -> list[_Span]:
    """The best of each place, for windows overlap; best first."""
    ranked = sorted(spans, reverse=True)
    return list({(span.start, span.end): span for span in reversed(ranked)}.values())[::-1]


def _answer(context: str, span: _Span) -> dict[str, Any]:
    found = context[span.start : span.end]
    start = span.start + len(found) - len(found.lstrip())
    answer = found.strip()
    return {
        "answer": answer,
        "score": round(span.score, 4),
        "start": start,
        "end": start + len(answer),
    }
