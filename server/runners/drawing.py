"""Results as pictures, for people who would rather look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from server.runners.palette import distinct

_BOX_COLOUR = "#e6007e"
# Far, middle and near.
_DEPTH_COLOURS = ("#1b0c41", "#d1426f", "#fcfdbf")
_OVERLAY = 0.55


def with_boxes(image: Image.Image, data: Sequence[dict[str, Any]]) -> Image.Image:
    """The picture with boxes and their labels, enlarged where it is too small for letters."""
    shown, scale = _enlarged(image)
    draw = ImageDraw.Draw(shown)
    letters = _letter_size(shown)
    for item in data:
        box = [item["box"][side] * scale for side in ("xmin", "ymin", "xmax", "ymax")]
        draw.rectangle(box, outline=_BOX_COLOUR, width=max(3, letters // 6))
        label = f"{item['label']} {item['score']:.0%}"
        corner = (max(box[0], 0), max(box[1] - letters * 5 // 4, 0))
        draw.rectangle(draw.textbbox(corner, label, font_size=letters), fill=_BOX_COLOUR)
        draw.text(corner, label, fill="white", font_size=letters)
    return shown


def with_masks(
    image: Image.Image, masks: Sequence[Image.Image], labels: Sequence[str] = ()
) -> Image.Image:
    """The picture under its masks, each in a colour of its own, with a legend of their labels."""
    tinted = np.array(image)
    for index, mask in enumerate(masks):
        tinted[np.asarray(mask) > 0] = distinct(index)
    shown, _ = _enlarged(Image.blend(image, Image.fromarray(tinted), _OVERLAY))
    _draw_legend(shown, labels)
    return shown


def depth_in_colours(depth: Image.Image) -> Image.Image:
    """A grey picture of depth, near white, as one that goes from violet (far) to yellow (near)."""
    far, middle, near = _DEPTH_COLOURS
    return ImageOps.colorize(depth, black=far, mid=middle, white=near)


def _enlarged(image: Image.Image) -> tuple[Image.Image, int]:
    """A copy, enlarged so that letters can be read in it, and how many times."""
    scale = max(1, round(512 / max(image.size)))
    size = (image.width * scale, image.height * scale)
    return image.resize(size, Image.Resampling.LANCZOS), scale


def _letter_size(image: Image.Image) -> int:
    return max(16, max(image.size) // 64)


def _draw_legend(image: Image.Image, labels: Sequence[str]) -> None:
    """A line with a square of its colour for each label, down the left side while there is room."""
    draw = ImageDraw.Draw(image)
    letters = _letter_size(image)
    line = letters * 3 // 2
    for index, label in enumerate(labels[: image.height // line]):
        top = index * line
        corner = (line, top + letters // 8)
        right = draw.textbbox(corner, label, font_size=letters)[2] + letters // 2
        draw.rectangle((0, top, right, top + line), fill="black")
        square = (letters // 4, top + letters // 4, letters * 5 // 4, top + letters * 5 // 4)
        draw.rectangle(square, fill=distinct(index))
        draw.text(corner, label, fill="white", font_size=letters)
