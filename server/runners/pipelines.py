"""Tasks that a transformers pipeline carries out as they are: labels and boxes."""

from __future__ import annotations

from typing import Any

from PIL import Image, ImageDraw
from transformers import pipeline

from server.core.job import TaskResult, TaskWork, Work
from server.core.lane import Weights
from server.runners.loading import (
    bytes_of,
    dtype_of,
    image_input,
    image_output,
    spec_of,
    task_work,
    text_input,
    torch_device,
)
from server.runners.runner import Reporter

_BOX_COLOUR = "#e6007e"


class PipelineRunner:
    """image-classification, text-classification, object-detection."""

    def __init__(self, weights: Weights, device: str) -> None:
        spec = spec_of(weights)
        task: Any = spec.tasks[0]
        # HF_HUB_OFFLINE is set: a local directory is all it can read.
        self._pipeline: Any = pipeline(
            task=task,
            model=str(weights.path),
            device=torch_device(device),
            dtype=dtype_of(spec),
            model_kwargs={"use_safetensors": True, "variant": spec.variant},
        )

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers."""
        return bytes_of([self._pipeline.model])

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Label or box the input."""
        task = task_work(work)
        reporter.check()
        match task.task:
            case "text-classification":
                # The beginning of a text that is too long still tells its sentiment.
                settings = {"truncation": True, **task.parameters}
                return _labels(self._pipeline([text_input(task)], **settings), task)
            case "object-detection":
                image = image_input(task)
                return _boxes(self._pipeline(image, **task.parameters), image, task)
            case _:
                return _labels(self._pipeline(image_input(task), **task.parameters), task)


def _labels(found: list[dict[str, Any]], work: TaskWork) -> TaskResult:
    data = [{"label": item["label"], "score": round(float(item["score"]), 4)} for item in found]
    return TaskResult(text=data[0]["label"] if data else f"{work.task} found nothing", data=data)


def _boxes(found: list[dict[str, Any]], image: Image.Image, work: TaskWork) -> TaskResult:
    data = [
        {
            "label": item["label"],
            "score": round(float(item["score"]), 4),
            "box": {side: int(at) for side, at in item["box"].items()},
        }
        for item in found
    ]
    text = ", ".join(item["label"] for item in data) or "nothing was found"
    return TaskResult(text, data, (image_output(_drawn(image, data), work),))


def _drawn(image: Image.Image, data: list[dict[str, Any]]) -> Image.Image:
    """The picture with its boxes, enlarged where it is too small for letters."""
    scale = max(1, round(512 / max(image.size)))
    shown = image.resize((image.width * scale, image.height * scale), Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(shown)
    for item in data:
        box = [item["box"][side] * scale for side in ("xmin", "ymin", "xmax", "ymax")]
        draw.rectangle(box, outline=_BOX_COLOUR, width=3)
        label = f"{item['label']} {item['score']:.0%}"
        corner = (max(box[0], 0), max(box[1] - 20, 0))
        draw.rectangle(draw.textbbox(corner, label, font_size=16), fill=_BOX_COLOUR)
        draw.text(corner, label, fill="white", font_size=16)
    return shown
