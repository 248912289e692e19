"""Pictures to labels and boxes, by transformers pipelines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PIL import Image

from server.core.job import TaskResult, TaskWork
from server.runners.drawing import with_boxes
from server.runners.ports import image_input, image_output
from server.runners.runner import Reporter
from server.runners.text_labels import labelled


def boxed(found: Sequence[dict[str, Any]], image: Image.Image, work: TaskWork) -> TaskResult:
    """Labelled boxes; the text lists the labels, the picture shows the boxes."""
    data = [
        {
            "label": item["label"],
            "score": round(float(item["score"]), 4),
            "box": {side: int(at) for side, at in item["box"].items()},
        }
        for item in found
    ]
    text = ", ".join(item["label"] for item in data) or "nothing was found"
    return TaskResult(text, data, (image_output(with_boxes(image, data), work),))


def _classify(pipe: Any, work: TaskWork, _reporter: Reporter) -> TaskResult:
    return labelled(pipe(image_input(work), **work.parameters), work.task)


def _detect(pipe: Any, work: TaskWork, _reporter: Reporter) -> TaskResult:
    image = image_input(work)
    return boxed(pipe(image, **work.parameters), image, work)


HANDLERS = {"image-classification": _classify, "object-detection": _detect}
