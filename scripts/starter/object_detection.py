"""Train the detector of the starter kit: a box, a colour and a kind for every shape."""

import argparse
import math
import random
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy
import torch
import transformers
from PIL import Image
from torch import Tensor
from transformers import (
    DetrConfig,
    DetrForObjectDetection,
    DetrImageProcessorPil,
    ResNetConfig,
    ResNetForImageClassification,
)

from scripts.starter.detection_examples import Example, clean_example, spoiled_example
from scripts.starter.detection_loss import (
    NOTHING_WEIGHT,
    assign,
    cell_cost,
    corners_of,
    detection_loss,
    match_cost,
    overlap,
)
from scripts.starter.image_classification import LABELS
from scripts.starter.training import (
    HELD_OUT_SEED,
    Plan,
    fit,
    listed,
    normalise,
    prepare,
    size_of,
    store,
    write_card,
)

SIDE = 96
WIDTH = 96
STAGES = 3
CELLS = 4
MOST_SHAPES = 3
PLAN = Plan(pictures=20_000, epochs=6, batch=64, rate=1e-3)
# The share of training in which each query keeps to its own cell of the picture.
_CELLS_UNTIL = 0.4
_LEAST_OVERLAP = 0.5


def build(classifier: Path) -> DetrForObjectDetection:
    """A detection transformer on the convolutions of a shape classifier."""
    trained = ResNetForImageClassification.from_pretrained(classifier)
    widths = trained.config.hidden_sizes[:STAGES]
    backbone = ResNetConfig(
        embedding_size=trained.config.embedding_size,
        hidden_sizes=widths,
        depths=[1] * STAGES,
        layer_type="basic",
        out_features=[f"stage{STAGES}"],
    )
    names = dict(enumerate(LABELS))
    model = DetrForObjectDetection(
        DetrConfig(
            use_timm_backbone=False,
            backbone=None,
            backbone_config=backbone,
            num_queries=CELLS * CELLS,
            d_model=WIDTH,
            encoder_layers=1,
            decoder_layers=2,
            encoder_attention_heads=3,
            decoder_attention_heads=3,
            encoder_ffn_dim=2 * WIDTH,
            decoder_ffn_dim=2 * WIDTH,
            dropout=0.0,
            id2label=names,
            label2id={name: number for number, name in names.items()},
        )
    )
    convolutions = model.model.backbone.model
    weights = trained.resnet.state_dict()
    convolutions.load_state_dict({name: weights[name] for name in convolutions.state_dict()})
    model.model.unfreeze_backbone()
    return model


def render(count: int, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """Spoiled pictures, the labels of their shapes, absent ones marked -1, and their boxes."""
    rng = random.Random(seed)
    pixels = torch.empty((count, 3, SIDE, SIDE), dtype=torch.uint8)
    labels = torch.full((count, MOST_SHAPES), -1)
    corners = torch.zeros((count, MOST_SHAPES, 4))
    for row in range(count):
        example = spoiled_example(rng)
        image = example.image.resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        pixels[row] = torch.from_numpy(numpy.array(image)).permute(2, 0, 1)
        shapes = len(example.labels)
        labels[row, :shapes] = torch.tensor([LABELS.index(name) for name in example.labels])
        corners[row, :shapes] = torch.tensor(example.boxes)
    return pixels, labels, corners


def train(model: DetrForObjectDetection, seed: int) -> float:
    """Train on spoiled pictures; return the minutes it took."""
    pixels, labels, corners = render(PLAN.pictures, seed)
    model.train()

    def loss_of(rows: Tensor, progress: float) -> Tensor:
        out = model(pixel_values=normalise(pixels[rows]))
        scores, found = out.logits.float(), corners_of(out.pred_boxes.float())
        truth = labels[rows], corners[rows]
        # Fixed cells teach fast; free matching then settles who answers on their borders.
        free = progress >= _CELLS_UNTIL
        cost = match_cost(scores, found, *truth) if free else cell_cost(truth[1], CELLS)
        return detection_loss(scores, found, *truth, assign(cost.detach()))

    minutes = fit([model], loss_of, PLAN)
    # The loss made little of false alarms; with this the scores are true shares again.
    model.class_labels_classifier.bias.data[-1] -= math.log(NOTHING_WEIGHT)
    return minutes


def overlaps_of(answers: list[dict], example: Example) -> list[float]:
    """The overlaps of right answers with their shapes; each shape is found once at most."""
    left = list(zip(example.labels, example.boxes, strict=True))
    overlaps = []
    for answer in answers:
        edges = [answer["box"][edge] for edge in ("xmin", "ymin", "xmax", "ymax")]
        found = torch.tensor(edges) / example.image.width
        near = [
            (overlap(found, torch.tensor(box))[0].item(), place)
            for place, (label, box) in enumerate(left)
            if label == answer["label"]
        ]
        best, place = max(near, default=(0.0, -1))
        if best >= _LEAST_OVERLAP:
            overlaps.append(best)
            del left[place]
    return overlaps


def evaluate(out: Path, count: int = 500) -> dict[str, float]:
    """Precision, recall and overlap of the stored model, through the pipeline."""
    detect = transformers.pipeline("object-detection", model=str(out), device="cpu")
    kinds: dict[str, Callable[[random.Random], Example]] = {
        "clean": clean_example,
        "spoiled": spoiled_example,
    }
    figures = {}
    for name, sampler in kinds.items():
        rng = random.Random(HELD_OUT_SEED)
        examples = [sampler(rng) for _ in range(count)]
        answers = [detect(example.image, threshold=0.5) for example in examples]
        overlaps = [
            part
            for found, example in zip(answers, examples, strict=True)
            for part in overlaps_of(found, example)
        ]
        figures[f"{name}: precision"] = len(overlaps) / max(1, sum(map(len, answers)))
        figures[f"{name}: recall"] = len(overlaps) / sum(len(e.labels) for e in examples)
        figures[f"{name}: mean overlap of those found"] = sum(overlaps) / max(1, len(overlaps))
    return figures


CARD = """# {name}

Finds the shapes in a picture: a box, a score and a label such as "red circle" for each, of
{labels} labels. A DETR model of {size} parameters with {queries} queries that looks at
{side} x {side} pixels; the image processor resizes any picture.

It knows drawings of one to three plain shapes on plain backgrounds, and nothing else.

## Training

The convolutions are those of the kit's {classifier}, the rest starts from random weights;
then {pictures:,} rendered scenes, seen {epochs} times each, drawn at several resolutions and
spoiled by warping, turning, blur, noise, colour shifts and JPEG, with the boxes moved along.
At first each query answers for its own cell of the picture, later shapes and queries are
matched by what the model says. AdamW, peak rate {rate}, batch {batch}, seed {seed};
{minutes:.1f} minutes on one busy processor core, besides rendering and the classifier.

    python -m scripts.starter.object_detection --classifier {source} --out {out} --seed {seed}

## Held-out figures

{figures}

500 unseen scenes each, at a score of 0.5 and an overlap (intersection over union) of 0.5;
an answer is right if its label is right too.

## Use

    transformers.pipeline("object-detection", model="{name}")(image, threshold=0.5)

Weights are stored as float16 and load as float32.
"""


def main() -> None:
    """Train, store and measure the detector."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--classifier", type=Path, required=True, help="the large classifier")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    prepare(options.seed)
    model = build(options.classifier)
    minutes = train(model, options.seed)
    processor = DetrImageProcessorPil(
        size={"height": SIDE, "width": SIDE}, image_mean=[0.5] * 3, image_std=[0.5] * 3
    )
    store(model, [processor], options.out)
    text = CARD.format(
        name=options.out.name,
        labels=len(LABELS),
        size=size_of(model),
        queries=CELLS * CELLS,
        side=SIDE,
        classifier=options.classifier.name,
        **asdict(PLAN),
        seed=options.seed,
        minutes=minutes,
        source=options.classifier,
        out=options.out,
        figures=listed(evaluate(options.out)),
    )
    write_card(options.out, "object-detection", text)


if __name__ == "__main__":
    main()
