"""Pictures for the detector, each with the labels and the boxes of its shapes."""

import random
from dataclasses import dataclass, replace

import numpy
from PIL import Image

from scripts.starter.world import Scene, Shape, boxes, draw, jitter, sample_scene

Box = tuple[float, ...]

_DRAWN_SIDES = (64, 96, 128)


@dataclass(frozen=True, slots=True)
class Example:
    """A picture, and the label and box of every shape in it; boxes are fractions of the side."""

    image: Image.Image
    labels: list[str]
    boxes: list[Box]


def label_of(shape: Shape) -> str:
    """The colour and kind of a shape."""
    return f"{shape.colour} {shape.kind}"


def clean_example(rng: random.Random) -> Example:
    """A random scene as it is drawn."""
    scene = sample_scene(rng)
    return Example(draw(scene), [label_of(shape) for shape in scene.shapes], boxes(scene, 1))


def spoiled_example(rng: random.Random) -> Example:
    """A random scene, drawn at a random resolution and jittered."""
    scene, side = sample_scene(rng), rng.choice(_DRAWN_SIDES)
    state = rng.getstate()
    image = jitter(draw(scene, side), rng)
    return Example(
        image,
        [label_of(shape) for shape in scene.shapes],
        [seen_box(shape, side, state) for shape in scene.shapes],
    )


def seen_box(shape: Shape, side: int, state: tuple[object, ...]) -> Box:
    """The box of a shape after the jitter that starts from a state of the random numbers."""
    rng = random.Random()
    rng.setstate(state)
    alone = Scene((replace(shape, colour="black"),), "white")
    mask = numpy.array(jitter(draw(alone, side), rng).convert("L")) < 128
    rows, columns = mask.any(1).nonzero()[0], mask.any(0).nonzero()[0]
    edges = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    return tuple(edge / side for edge in edges)
