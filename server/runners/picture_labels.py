"""Pictures to labels and boxes, by transformers pipelines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PIL import Image

from server.core.job import TaskResult, TaskWork
from server.runners.context import bounded
from server.runners.drawing import with_boxes
from server.runners.naming import labels_input
from server.runners.ports import image_input, image_output
from server.runners.runner import Reporter
from server.runners.seeing import fitted, shortened
from server.runners.text_labels import labelled

# Pictures are prepared anew for each thing looked for; no such model looks at more than this.
_LONGEST = 1333
_HYPOTHESIS = "This is a photo of {}."
# Text models that learned phrases in lower case, each with a full stop, name them so.
_PHRASE_MODELS = ("grounding-dino", "mm-grounding-dino")


def boxed(
    found: Iterable[dict[str, Any]], seen: Image.Image, image: Image.Image, work: TaskWork
) -> TaskResult:
    """Labelled boxes, found in `seen`, on the picture that this is a copy of.

    The text lists the labels, the picture shows the boxes.
    """
    data = [
        {
            "label": item["label"],
            "score": round(float(item["score"]), 4),
            "box": _on(image, seen, item["box"]),
        }
        for item in found
    ]
    text = ", ".join(item["label"] for item in data) or "nothing was found"
    return TaskResult(text, data, (image_output(with_boxes(image, data), work),))


def _on(image: Image.Image, seen: Image.Image, box: dict[str, float]) -> dict[str, int]:
    """A box in a copy as whole pixels within the picture itself."""
    left, right = _ends(box["xmin"], box["xmax"], image.width / seen.width, image.width)
    top, bottom = _ends(box["ymin"], box["ymax"], image.height / seen.height, image.height)
    return {"xmin": left, "ymin": top, "xmax": right, "ymax": bottom}


def _ends(low: float, high: float, scale: float, length: int) -> tuple[int, int]:
    begin, end = (min(max(int(at * scale), 0), length) for at in (low, high))
    return min(begin, end), max(begin, end)


def _classify(pipe: Any, work: TaskWork, _reporter: Reporter) -> TaskResult:
    return labelled(pipe(fitted(image_input(work)), **work.parameters), work.task)


def _detect(pipe: Any, work: TaskWork, _reporter: Reporter) -> TaskResult:
    image = image_input(work)
    seen = fitted(image)
    return boxed(pipe(seen, **work.parameters), seen, image, work)


def _sort(pipe: Any, work: TaskWork, _reporter: Reporter) -> TaskResult:
    template = work.parameters.get("hypothesis_template", _HYPOTHESIS)
    room = bounded(pipe.tokenizer, pipe.model)
    # Filled in here: the pipeline would take other braces in a template or a label for its own.
    labels = {
        shortened(pipe.tokenizer, template.replace("{}", label), room): label
        for label in labels_input(work)
    }
    image = fitted(image_input(work))
    found = pipe(image, candidate_labels=list(labels), hypothesis_template="{}")
    return labelled([{**item, "label": labels[item["label"]]} for item in found], work.task)


def _find(pipe: Any, work: TaskWork, reporter: Reporter) -> TaskResult:
    labels = labels_input(work)
    image = image_input(work)
    seen = fitted(image, _LONGEST)
    found: list[dict[str, Any]] = []
    for done, label in enumerate(labels):
        reporter.progress(done, len(labels))
        boxes = pipe(seen, candidate_labels=[_phrase(pipe, label)], **work.parameters)
        found += [{**item, "label": label} for item in boxes]
    reporter.progress(len(labels), len(labels))
    found.sort(key=lambda item: -item["score"])
    return boxed(found, seen, image, work)


def _phrase(pipe: Any, label: str) -> str:
    """The label as the model's texts name things, cut to what the model takes."""
    room = bounded(pipe.tokenizer, pipe.model)
    if pipe.model.config.model_type not in _PHRASE_MODELS:
        return shortened(pipe.tokenizer, label, room)
    return shortened(pipe.tokenizer, label.lower(), room - 1) + "."


HANDLERS = {
    "image-classification": _classify,
    "object-detection": _detect,
    "zero-shot-image-classification": _sort,
    "zero-shot-object-detection": _find,
}
