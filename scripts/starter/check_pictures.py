"""Score the picture maker by simple rules: are the asked colours and shapes there?

python -m scripts.starter.check_pictures server/starter/models/shape-painter
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoPipelineForText2Image, DiffusionPipeline
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from scripts.starter.prompts import EXAM_SIZE, exam_scenes
from scripts.starter.world import (
    BACKGROUNDS,
    COLOURS,
    KINDS,
    Colour,
    Scene,
    Shape,
    boxes,
    describe,
    draw,
)

_CONTRAST = 60
_LEAST_AREA = 50
_MASK = (32, 32)


@dataclass(frozen=True, slots=True)
class Found:
    """A shape seen in a picture."""

    kind: str
    colour: str


def look(image: Image.Image) -> tuple[str, list[Found]]:
    """The background and the shapes of a picture."""
    pixels = np.asarray(image).astype(float)
    rim = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    ground = np.median(rim, axis=0)
    mask = Image.fromarray(np.linalg.norm(pixels - ground, axis=2) > _CONTRAST).convert("L")
    found = []
    for blob in _blobs(mask):
        core = np.asarray(blob.filter(ImageFilter.MinFilter(3))) > 0
        paint = np.median(pixels[core if core.any() else np.asarray(blob) > 0], axis=0)
        found.append(Found(_kind(blob), _nearest(paint, COLOURS)))
    return _nearest(ground, BACKGROUNDS), found


def _blobs(mask: Image.Image) -> Iterator[Image.Image]:
    """Masks of the connected parts of a mask, specks aside."""
    while mask.getbbox():
        start = divmod(int(np.argmax(np.asarray(mask))), mask.width)[::-1]
        rest = mask.copy()
        ImageDraw.floodfill(rest, start, 0)
        blob = ImageChops.difference(mask, rest)
        if blob.histogram()[255] >= _LEAST_AREA:
            yield blob
        mask = rest


def _nearest(colour: np.ndarray, names: dict[str, Colour]) -> str:
    """The name of the nearest colour."""
    return min(names, key=lambda name: float(np.linalg.norm(colour - names[name])))


def _kind(blob: Image.Image) -> str:
    """The kind whose outline, stretched to the same box, overlaps the blob best."""
    mask = np.asarray(blob.crop(blob.getbbox()).resize(_MASK)) > 127
    return max(KINDS, key=lambda kind: _overlap(mask, _template(kind)))


def _overlap(one: np.ndarray, other: np.ndarray) -> float:
    return float((one & other).sum() / (one | other).sum())


@cache
def _template(kind: str) -> np.ndarray:
    """The mask of a kind of shape, filling its box."""
    scene = Scene((Shape(kind, "black", "", 0.5, 0.5, 0.35),), "white")
    (box,) = boxes(scene)
    return np.asarray(draw(scene).crop(tuple(map(round, box))).resize(_MASK).convert("L")) < 128


def score(scene: Scene, image: Image.Image) -> dict[str, bool]:
    """What is right about a picture of a scene."""
    ground, found = look(image)
    asked = [Found(shape.kind, shape.colour) for shape in scene.shapes]
    return {
        "colours": Counter(f.colour for f in found) == Counter(a.colour for a in asked),
        "kinds": Counter(f.kind for f in found) == Counter(a.kind for a in asked),
        "both": Counter(found) == Counter(asked),
        "background": ground == scene.background,
    }


def paint_all(
    pipeline: DiffusionPipeline, prompts: list[str], steps: int, guidance: float
) -> list[Image.Image]:
    """A picture for each prompt, each from its own seed."""
    images: list[Image.Image] = []
    for start in range(0, len(prompts), 20):
        batch = prompts[start : start + 20]
        seeds = [torch.Generator("cpu").manual_seed(start + i) for i in range(len(batch))]
        images += pipeline(
            batch, num_inference_steps=steps, guidance_scale=guidance, generator=seeds
        ).images
    return images


def sheet(images: list[Image.Image], columns: int = 20) -> Image.Image:
    """All pictures on one page."""
    side = images[0].width + 2
    page = Image.new("RGB", (columns * side, -(-len(images) // columns) * side), (128, 128, 128))
    for i, image in enumerate(images):
        page.paste(image, (i % columns * side, i // columns * side))
    return page


def main() -> None:
    """Draw the exam and the 32 plainest prompts, and print the share that is right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--guidance", type=float, default=3.0)
    parser.add_argument("--sheet", type=Path, help="write all pictures on one page here")
    options = parser.parse_args()

    torch.set_num_threads(1)
    pipeline = AutoPipelineForText2Image.from_pretrained(
        options.model, local_files_only=True, dtype=torch.float32
    )
    pipeline.set_progress_bar_config(disable=True)
    plain = [
        Scene((Shape(kind, colour, "", 0.5, 0.5, 0.17),), "white")
        for colour in COLOURS
        for kind in KINDS
    ]
    scenes = exam_scenes() + plain
    images = paint_all(pipeline, [describe(s) for s in scenes], options.steps, options.guidance)
    marks = [score(scene, image) for scene, image in zip(scenes, images, strict=True)]
    parts = {f"{n} shapes": marks[(n - 1) * EXAM_SIZE : n * EXAM_SIZE] for n in (1, 2, 3)}
    for name, part in (parts | {"plain": marks[-len(plain) :]}).items():
        shares = (f"{key} {sum(m[key] for m in part) / len(part):.1%}" for key in part[0])
        print(f"{name} ({len(part)}): {', '.join(shares)}")
    if options.sheet:
        sheet(images).save(options.sheet)


if __name__ == "__main__":
    main()
