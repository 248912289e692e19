"""Results as pictures, for people who would rather look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw

_BOX_COLOUR = "#e6007e"


def with_boxes(image: Image.Image, data: Sequence[dict[str, Any]]) -> Image.Image:
    """The picture with boxes and their labels, enlarged where it is too small for letters."""
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
