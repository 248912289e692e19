"""canny-, hed- and mlsd-control: classical image processing, white lines on black.

Soft edges stand in for those of the HED network, whose weights are only published as pickles, which
this server does not load: they are gradients of brightness and colour over several scales. Straight
lines are found by the line segment detector of von Gioi et al. in place of the MLSD network. Both
give ControlNets the kind of picture they were trained on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from server.core.job import TaskResult, Work
from server.core.lane import Weights
from server.runners.ports import image_input, image_output, task_work
from server.runners.runner import Reporter

Pixels = NDArray[np.uint8]
Annotator = Callable[[Pixels, Mapping[str, Any], Reporter], Pixels]
"""Takes RGB of shape (height, width, 3), gives lines of shape (height, width)."""

_LOW, _HIGH = 100, 200
# Soft edges and lines are looked for in a copy that is no longer than this.
_LONGEST = 768
# Widths of blur in pixels.
_SCALES = (1.0, 2.0, 4.0)
# What counts as a full edge in a picture that has hardly any: noise stays dim.
_FAINTEST_PEAK = 24.0
# The shortest line, as a share of the diagonal.
_SHORTEST_LINE = 0.06


class AnnotatorRunner:
    """Image in, image of its lines out, of the same size. There are no weights."""

    def __init__(self, weights: Weights, device: str) -> None:
        pass

    @property
    def resident_bytes(self) -> int:
        """Nothing."""
        return 0

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Draw the lines; the same picture gives the same lines."""
        task = task_work(work)
        reporter.check()
        image = np.asarray(image_input(task))
        lines = _ANNOTATORS[task.task](image, task.parameters, reporter)
        drawn = Image.fromarray(lines).convert("RGB")
        return TaskResult(files=(image_output(drawn, task),), data={})


def _canny(image: Pixels, parameters: Mapping[str, Any], _reporter: Reporter) -> Pixels:
    low = parameters.get("low_threshold", _LOW)
    high = parameters.get("high_threshold", max(low, _HIGH))
    return _pixels(cv2.Canny(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), low, high))


def _soft_edges(image: Pixels, _parameters: Mapping[str, Any], reporter: Reporter) -> Pixels:
    height, width = image.shape[:2]
    colours = cv2.cvtColor(_reduced(image), cv2.COLOR_RGB2LAB).astype(np.float32)
    total = np.zeros(colours.shape[:2], np.float32)
    for sigma in _SCALES:
        reporter.check()
        # A blurred edge is flatter by its width: times sigma, scales weigh the same.
        total += sigma * _gradient(cv2.GaussianBlur(colours, (0, 0), sigma))
    total /= len(_SCALES)
    peak = max(float(np.percentile(total, 99.5)), _FAINTEST_PEAK)
    return _pixels(cv2.resize(np.clip(total / peak, 0, 1) * 255, (width, height)))


def _gradient(colours: NDArray[Any]) -> NDArray[Any]:
    """How fast the colour changes at each pixel, by the channel that changes most."""
    across = cv2.Sobel(colours, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(colours, cv2.CV_32F, 0, 1, scale=1 / 8)
    return np.hypot(across, down).max(axis=2)


def _straight_lines(image: Pixels, _parameters: Mapping[str, Any], reporter: Reporter) -> Pixels:
    height, width = image.shape[:2]
    grey = cv2.cvtColor(_reduced(image), cv2.COLOR_RGB2GRAY)
    found = cv2.createLineSegmentDetector().detect(grey)[0]
    reporter.check()
    lines = np.zeros((height, width), np.uint8)
    scale = np.tile((width / grey.shape[1], height / grey.shape[0]), 2)
    for x1, y1, x2, y2 in () if found is None else found.reshape(-1, 4) * scale:
        if np.hypot(x2 - x1, y2 - y1) >= _SHORTEST_LINE * np.hypot(width, height):
            cv2.line(lines, (round(x1), round(y1)), (round(x2), round(y2)), 255, 1, cv2.LINE_AA)
    return lines


def _reduced(image: Pixels) -> Pixels:
    height, width = image.shape[:2]
    scale = min(1.0, _LONGEST / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return _pixels(cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def _pixels(levels: Any) -> Pixels:
    return np.asarray(levels).round().astype(np.uint8)


_ANNOTATORS: Mapping[str, Annotator] = MappingProxyType(
    {"canny-control": _canny, "hed-control": _soft_edges, "mlsd-control": _straight_lines}
)
