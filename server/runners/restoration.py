"""image-to-image: models that give a picture back larger and cleaner, tile by tile."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import torch
from PIL import Image
from transformers import AutoModelForImageToImage

from server.core.job import TaskResult, Work
from server.core.lane import Weights
from server.errors import TooLarge
from server.runners.loading import bytes_of
from server.runners.ports import image_input, image_output, task_work
from server.runners.runner import Reporter
from server.runners.seeing import vision_model

# Attention over a whole photo would not fit a GPU. Tiles see some pixels of their neighbours,
# so that no seams show.
_TILE = 192
_MARGIN = 16

Box = tuple[int, int, int, int]


class RestorationRunner:
    """Image in, image out, as many times larger as the model was trained for."""

    def __init__(self, weights: Weights, device: str) -> None:
        self._model = vision_model(AutoModelForImageToImage, weights, device)
        self._scale: int = self._model.config.upscale

    @property
    def resident_bytes(self) -> int:
        """Parameters and buffers."""
        return bytes_of([self._model])

    def run(self, work: Work, reporter: Reporter) -> TaskResult:
        """Restore the picture, whatever the text says.

        Raises TooLarge where the result would have more pixels than an image may have.
        """
        task = task_work(work)
        image = image_input(task)
        self._check_size(image, task.limits.max_image_pixels)
        result = Image.new("RGB", (image.width * self._scale, image.height * self._scale))
        corners = list(product(range(0, image.height, _TILE), range(0, image.width, _TILE)))
        for done, (top, left) in enumerate(corners):
            reporter.progress(done, len(corners))
            right, bottom = min(left + _TILE, image.width), min(top + _TILE, image.height)
            tile = self._restored(image, (left, top, right, bottom))
            result.paste(tile, (left * self._scale, top * self._scale))
        reporter.progress(len(corners), len(corners))
        return TaskResult(files=(image_output(result, task),))

    def _check_size(self, image: Image.Image, limit: int) -> None:
        pixels = image.width * image.height * self._scale**2
        if pixels > limit:
            raise TooLarge(
                f"the picture would grow to {pixels:,} pixels, {self._scale} times its sides; the "
                f"limit is {limit:,} pixels. Send a smaller one."
            )

    def _restored(self, image: Image.Image, box: Box) -> Image.Image:
        """The part of the picture within the box, restored with what stands around it in view."""
        left, top, right, bottom = box
        x, y = max(left - _MARGIN, 0), max(top - _MARGIN, 0)
        seen = image.crop(
            (x, y, min(right + _MARGIN, image.width), min(bottom + _MARGIN, image.height))
        )
        pixels = self._run(self._padded(np.asarray(seen)))
        inner: Any = [
            (side - start) * self._scale for side, start in zip(box, (x, y, x, y), strict=True)
        ]
        return Image.fromarray(pixels).crop(inner)

    def _padded(self, pixels: np.ndarray) -> np.ndarray:
        """The pixels, mirrored at the lower and right edge until whole windows cover them."""
        window = self._model.config.window_size
        missing = [-side % window for side in pixels.shape[:2]]
        return np.pad(pixels, ((0, missing[0]), (0, missing[1]), (0, 0)), mode="symmetric")

    def _run(self, pixels: np.ndarray) -> np.ndarray:
        """Height x width x 3 bytes in, the same times the scale out."""
        given: Any = torch.from_numpy(pixels / 255).permute(2, 0, 1)[None]
        with torch.inference_mode():
            made = self._model(given.to(self._model.device, self._model.dtype)).reconstruction[0]
        made = made.float().clamp(0, 1).permute(1, 2, 0).cpu().numpy()
        return (made * 255).round().astype(np.uint8)
