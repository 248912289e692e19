"""Pictures to maps of themselves (segments, masks, depth), by transformers pipelines."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from server.core.job import TaskResult, TaskWork
from server.runners.drawing import depth_in_colours, with_masks
from server.runners.palette import PALETTE
from server.runners.ports import image_input, image_output
from server.runners.runner import Reporter
from server.runners.seeing import fitted

# A map of every class in every pixel of a large photo would not fit a GPU: what is larger is looked
# at in this size, and the map enlarged.
_LONGEST = 1024
_POINTS_PER_BATCH = 64
_POINTS_PER_SIDE = 32
# Masks that share this much of their boxes are one: SAM's own limit.
_SAME = 0.7
_WHERE = (("upper left", "top", "upper right"), ("left", "middle", "right"),
          ("lower left", "bottom", "lower right"))  # fmt: skip
# Depth in metres, larger where it is farther; other models tell nearness without a unit.
_METRIC_MODELS = ("zoedepth", "glpn", "depth_pro")


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a picture: 255 in its pixels, 0 elsewhere, in the picture's size."""

    label: str
    score: float | None
    mask: Image.Image

    @property
    def share(self) -> float:
        """How much of the picture it takes, 0 to 1."""
        return float((np.asarray(self.mask) > 0).mean())

    def data(self) -> dict[str, Any]:
        """As JSON, its mask as a PNG in base64."""
        encoded = BytesIO()
        self.mask.save(encoded, "PNG", compress_level=1)
        mask = base64.b64encode(encoded.getvalue()).decode("ascii")
        return {"label": self.label, "score": self.score, "mask": mask}


def _segments(pipe: Any, image: Image.Image, parameters: Mapping[str, Any]) -> list[Segment]:
    found = pipe(fitted(image, _LONGEST), **parameters)
    return [_segment(item["label"], item["score"], item["mask"], image) for item in found]


def _segment(label: str, score: float | None, mask: Image.Image, image: Image.Image) -> Segment:
    # A semantic map has no scores.
    rounded = None if score is None else round(float(score), 4)
    return Segment(label, rounded, mask.resize(image.size, Image.Resampling.NEAREST))


def _segment_all(pipe: Any, work: TaskWork, _reporter: Reporter) -> TaskResult:
    image = image_input(work)
    segments = _segments(pipe, image, work.parameters)
    shown = with_masks(image, [each.mask for each in segments], [each.label for each in segments])
    data = [segment.data() for segment in segments]
    return TaskResult(_shares(segments), data, (image_output(shown, work),))


def _shares(segments: Sequence[Segment]) -> str:
    """The labels with their share of the picture, largest first."""
    shares: dict[str, float] = {}
    for segment in segments:
        shares[segment.label] = shares.get(segment.label, 0) + segment.share
    ranked = sorted(shares.items(), key=lambda item: -item[1])
    return ", ".join(f"{label} {share:.0%}" for label, share in ranked) or "nothing was found"


def _palette_of_segments(pipe: Any, work: TaskWork, _reporter: Reporter) -> TaskResult:
    """Each segment flat in the colour of its label; black where there is none."""
    image = image_input(work)
    flat = np.zeros((image.height, image.width, 3), np.uint8)
    ids = pipe.model.config.label2id
    for segment in _segments(pipe, image, work.parameters):
        flat[np.asarray(segment.mask) > 0] = PALETTE[ids[segment.label] % len(PALETTE)]
    return TaskResult(files=(image_output(Image.fromarray(flat), work),))


def _cut_out(pipe: Any, work: TaskWork, reporter: Reporter) -> TaskResult:
    image = image_input(work)
    masks = [
        _segment(f"mask {number}", score, Image.fromarray(mask), image)
        for number, (score, mask) in enumerate(_masks(pipe, image, work.parameters, reporter), 1)
    ]
    shown = with_masks(image, [each.mask for each in masks])
    text = "1 mask" if len(masks) == 1 else f"{len(masks)} masks"
    return TaskResult(text, [each.data() for each in masks], (image_output(shown, work),))


def _masks(
    pipe: Any, image: Image.Image, parameters: Mapping[str, Any], reporter: Reporter
) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """Masks of everything with their scores, largest first, so that small ones lie on top.

    The pipeline's own steps, without its last one, which needs torchvision.
    """
    settings = dict(parameters)
    per_side = settings.pop("points_per_side", _POINTS_PER_SIDE)
    total = -(-(per_side**2) // _POINTS_PER_BATCH)
    batches = pipe.preprocess(
        fitted(image, _LONGEST), points_per_batch=_POINTS_PER_BATCH, points_per_crop=per_side
    )
    masks: list[Any] = []
    scores: list[float] = []
    boxes: list[list[float]] = []
    for done, batch in enumerate(batches):
        reporter.progress(done, total)
        found = pipe.forward(batch, **settings)
        masks += found["masks"]
        scores += found["iou_scores"].float().tolist()
        boxes += found["boxes"].tolist()
    reporter.progress(total, total)
    kept = [(scores[index], _decoded(masks[index])) for index in _different(boxes, scores)]
    return iter(sorted(kept, key=lambda item: -int(item[1].sum(dtype=np.int64))))


def _different(boxes: Sequence[Sequence[float]], scores: Sequence[float]) -> list[int]:
    """The best of each group of boxes that are nearly the same: non-maximum suppression."""
    kept: list[int] = []
    for index in sorted(range(len(scores)), key=lambda index: -scores[index]):
        if all(_overlap(boxes[index], boxes[other]) <= _SAME for other in kept):
            kept.append(index)
    return kept


def _overlap(one: Sequence[float], other: Sequence[float]) -> float:
    """What two boxes share, as a part of what they cover together."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(width, 0) * max(height, 0)
    covered = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)) - shared
    return shared / covered if covered else 0.0


def _decoded(runs: Mapping[str, Any]) -> NDArray[np.uint8]:
    """A mask from its run lengths, which go down the columns and begin with zeros."""
    height, width = runs["size"]
    values = np.arange(len(runs["counts"])) % 2 * 255
    return np.repeat(values, runs["counts"]).astype(np.uint8).reshape(width, height).T.copy()


def _estimate_depth(pipe: Any, work: TaskWork, _reporter: Reporter) -> TaskResult:
    image = image_input(work)
    depth = _depth(pipe, image)
    text, data = _ends(depth, _is_metric(pipe.model.config))
    shown = depth_in_colours(_nearness(depth, pipe.model.config, image))
    return TaskResult(text, data, (image_output(shown, work),))


def _depth_picture(pipe: Any, work: TaskWork, _reporter: Reporter) -> TaskResult:
    image = image_input(work)
    grey = _nearness(_depth(pipe, image), pipe.model.config, image)
    return TaskResult(files=(image_output(grey, work),))


def _depth(pipe: Any, image: Image.Image) -> NDArray[np.float32]:
    found = pipe(fitted(image, _LONGEST))["predicted_depth"]
    return np.nan_to_num(found.squeeze().float().cpu().numpy())


def _is_metric(config: Any) -> bool:
    kind = getattr(config, "depth_estimation_type", None)
    return kind == "metric" or config.model_type in _METRIC_MODELS


def _nearness(depth: NDArray[np.float32], config: Any, image: Image.Image) -> Image.Image:
    """Depth as a grey picture of the image's size, the nearest white, the farthest black."""
    low, high = float(depth.min()), float(depth.max())
    share = (depth - low) / ((high - low) or 1.0)
    near = 1 - share if _is_metric(config) else share
    grey = Image.fromarray((near * 255).round().astype(np.uint8))
    return grey.resize(image.size, Image.Resampling.BICUBIC)


def _ends(depth: NDArray[np.float32], is_metric: bool) -> tuple[str, dict[str, Any]]:
    """Which ninth of the picture is nearest and which farthest, in words and as data."""
    ninths = {
        name: float(part.mean())
        for names, row in zip(_WHERE, np.array_split(depth, 3), strict=True)
        for name, part in zip(names, np.array_split(row, 3, axis=1), strict=True)
    }
    low, high = min(ninths, key=ninths.__getitem__), max(ninths, key=ninths.__getitem__)
    near, far = (low, high) if is_metric else (high, low)
    unit = "m" if is_metric else None
    data = {
        "nearest": {"place": near, "value": round(ninths[near], 4)},
        "farthest": {"place": far, "value": round(ninths[far], 4)},
        "unit": unit,
    }
    ends = f"nearest: {near}, {ninths[near]:.2f}; farthest: {far}, {ninths[far]:.2f}"
    return f"{ends} ({'in metres' if is_metric else 'without a unit, larger is nearer'})", data


HANDLERS = {
    "image-segmentation": _segment_all,
    "seg-control": _palette_of_segments,
    "mask-generation": _cut_out,
    "depth-estimation": _estimate_depth,
    "depth-control": _depth_picture,
}
