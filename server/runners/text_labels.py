"""Texts to labels, by transformers pipelines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from server.core.job import TaskResult, TaskWork
from server.runners.ports import text_input
from server.runners.runner import Reporter


def labelled(found: Sequence[dict[str, Any]], task: str) -> TaskResult:
    """Labels with scores, best first; the text is the best label."""
    data = [{"label": item["label"], "score": round(float(item["score"]), 4)} for item in found]
    return TaskResult(text=data[0]["label"] if data else f"{task} found nothing", data=data)


def _classify(pipe: Any, work: TaskWork, _reporter: Reporter) -> TaskResult:
    # The beginning of a text that is too long still tells its sentiment.
    settings = {"truncation": True, **work.parameters}
    return labelled(pipe([text_input(work)], **settings), work.task)


HANDLERS = {"text-classification": _classify}
