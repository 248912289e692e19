"""Train a picture classifier of the starter kit: colour and kind of the largest shape."""

import argparse
import random
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import transformers
from torch import Tensor, nn, tensor
from transformers import ResNetConfig, ResNetForImageClassification, ViTImageProcessorPil

from scripts.starter.training import (
    HELD_OUT_SEED,
    Plan,
    fit,
    listed,
    normalise,
    prepare,
    render,
    size_of,
    spoiled,
    store,
    write_card,
)
from scripts.starter.world import COLOURS, KINDS, Scene, draw, sample_scene

SIDE = 64
LABELS = tuple(f"{colour} {kind}" for colour in COLOURS for kind in KINDS)
# Below this ratio of radii nobody could say which of two shapes is the largest.
_PROMINENCE = 1.2


@dataclass(frozen=True, slots=True)
class Size:
    """The width of each stage of the network, and how long it is trained."""

    stem: int
    stages: tuple[int, ...]
    plan: Plan


SIZES = {
    "small": Size(16, (16, 32, 48, 64), Plan(pictures=24_000, epochs=4, batch=64, rate=4e-3)),
    "large": Size(32, (32, 64, 96, 160), Plan(pictures=48_000, epochs=6, batch=64, rate=3e-3)),
}


def largest_first(scene: Scene) -> list[float]:
    """The radii of a scene, from the largest on."""
    return sorted((shape.radius for shape in scene.shapes), reverse=True)


def sample_prominent(rng: random.Random, single: float = 0.7) -> Scene:
    """A scene in which one shape stands out; `single` is the share of scenes with only one."""
    if rng.random() < single:
        return sample_scene(rng, 1)
    while True:
        scene = sample_scene(rng, rng.choice((2, 3)))
        first, second, *_ = largest_first(scene)
        if first >= _PROMINENCE * second:
            return scene


def label_of(scene: Scene) -> str:
    """The colour and kind of the largest shape."""
    shape = max(scene.shapes, key=lambda shape: shape.radius)
    return f"{shape.colour} {shape.kind}"


def build(size: Size) -> ResNetForImageClassification:
    """A residual network with random weights."""
    names = dict(enumerate(LABELS))
    return ResNetForImageClassification(
        ResNetConfig(
            embedding_size=size.stem,
            hidden_sizes=list(size.stages),
            depths=[1] * len(size.stages),
            layer_type="basic",
            id2label=names,
            label2id={name: number for number, name in names.items()},
        )
    )


def train(model: ResNetForImageClassification, plan: Plan, seed: int) -> float:
    """Train on spoiled pictures; return the minutes it took."""
    pictures = render(plan.pictures, seed, SIDE, sample_prominent)
    targets = tensor([LABELS.index(label_of(scene)) for scene in pictures.scenes])
    model.train()

    def loss_of(rows: Tensor, _progress: float) -> Tensor:
        logits = model(normalise(pictures.pixels[rows])).logits
        return nn.functional.cross_entropy(logits.float(), targets[rows], label_smoothing=0.05)

    return fit([model], loss_of, plan)


def evaluate(out: Path, count: int = 1000) -> dict[str, float]:
    """The share of right answers of the stored model, through the pipeline, on unseen scenes."""
    classify = transformers.pipeline("image-classification", model=str(out), device="cpu")
    kinds = {
        "one shape, clean": (partial(sample_prominent, single=1.0), False),
        "one shape, spoiled": (partial(sample_prominent, single=1.0), True),
        "two or three shapes, clean": (partial(sample_prominent, single=0.0), False),
    }
    figures = {}
    for name, (sampler, spoil) in kinds.items():
        rng = random.Random(HELD_OUT_SEED)
        scenes = [sampler(rng) for _ in range(count)]
        images = [spoiled(scene, rng) if spoil else draw(scene) for scene in scenes]
        answers = classify(images, top_k=1, batch_size=50)
        right = sum(
            answer[0]["label"] == label_of(scene)
            for answer, scene in zip(answers, scenes, strict=True)
        )
        figures[name] = right / count
    return figures


CARD = """# {name}

Names the colour and the kind of the largest shape in a picture, such as "red circle":
{colours} colours and {kinds} kinds, {labels} labels. A residual network of {size} parameters
that looks at {side} x {side} pixels; the image processor resizes any picture.

It knows drawings of plain shapes on plain backgrounds, and nothing else: any other picture
gets one of the same labels.

## Training

Random weights, then {pictures:,} rendered scenes of one to three shapes, seen {epochs} times
each, drawn at several resolutions and spoiled by warping, turning, blur, noise, colour shifts
and JPEG. AdamW, peak rate {rate}, batch {batch}, seed {seed}; {minutes:.1f} minutes on one
busy processor core, besides rendering.

    python -m scripts.starter.image_classification --size {word} --out {out} --seed {seed}

## Held-out accuracy

{figures}

Each line is 1,000 unseen scenes; with several shapes, one is clearly the largest.

## Use

    transformers.pipeline("image-classification", model="{name}")(image, top_k=3)

Weights are stored as float16 and load as float32.
"""


def main() -> None:
    """Train, store and measure one classifier."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    prepare(options.seed)
    model = build(SIZES[options.size])
    minutes = train(model, SIZES[options.size].plan, options.seed)
    processor = ViTImageProcessorPil(
        size={"height": SIDE, "width": SIDE}, image_mean=[0.5] * 3, image_std=[0.5] * 3
    )
    store(model, [processor], options.out)
    text = CARD.format(
        name=options.out.name,
        colours=len(COLOURS),
        kinds=len(KINDS),
        labels=len(LABELS),
        size=size_of(model),
        side=SIDE,
        **asdict(SIZES[options.size].plan),
        seed=options.seed,
        minutes=minutes,
        word=options.size,
        out=options.out,
        figures=listed(evaluate(options.out)),
    )
    write_card(options.out, "image-classification", text)


if __name__ == "__main__":
    main()
