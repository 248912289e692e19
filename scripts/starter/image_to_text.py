"""Train the captioner of the starter kit: a picture in, a sentence about its shapes out."""

import argparse
import random
from dataclasses import asdict
from pathlib import Path

import torch
from PIL import Image, ImageDraw
from torch import Tensor, nn
from transformers import (
    AutoModelForImageTextToText,
    AutoProcessor,
    BertTokenizer,
    BlipForConditionalGeneration,
)

from scripts.starter.captioner import (
    GRID,
    LONGEST,
    PATCH,
    SIDE,
    SPECIAL,
    WIDTH,
    build,
    build_processor,
    vocabulary,
)
from scripts.starter.training import (
    HELD_OUT_SEED,
    Pictures,
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
from scripts.starter.world import (
    BACKGROUNDS,
    COLOURS,
    KINDS,
    Scene,
    describe,
    draw,
    outline,
    sample_scene,
)

PLAN = Plan(pictures=40_000, epochs=6, batch=64, rate=1.5e-3)
# How much naming what each patch shows counts, beside the caption itself.
_PATCH_WEIGHT = 0.5


def patch_labels(scene: Scene) -> list[int]:
    """What each patch shows: a background, or the colour and kind of a shape."""
    image = Image.new("L", (GRID, GRID), list(BACKGROUNDS).index(scene.background))
    pencil = ImageDraw.Draw(image)
    for shape in scene.shapes:
        look = list(COLOURS).index(shape.colour) * len(KINDS) + KINDS.index(shape.kind)
        # A pixel's number names its middle, so half a patch is taken off.
        corners = [(x * GRID - 0.5, y * GRID - 0.5) for x, y in outline(shape)]
        pencil.polygon(corners, fill=len(BACKGROUNDS) + look)
    return list(image.tobytes())


def tokenise(tokenizer: BertTokenizer, pictures: Pictures) -> Tensor:
    """The captions as rows of numbers, padded to the longest."""
    captions = [describe(scene) for scene in pictures.scenes]
    return tokenizer(captions, padding=True, return_tensors="pt")["input_ids"]


def train(model: BlipForConditionalGeneration, tokenizer: BertTokenizer, seed: int) -> float:
    """Train on spoiled pictures; return the minutes it took."""
    pictures = render(PLAN.pictures, seed, SIDE, sample_scene)
    tokens = tokenise(tokenizer, pictures)
    labels = torch.tensor([patch_labels(scene) for scene in pictures.scenes])
    # Only for training: it tells the vision part what to look for long before words could.
    patch_head = nn.Linear(WIDTH, len(BACKGROUNDS) + len(COLOURS) * len(KINDS))
    model.train()

    def loss_of(rows: Tensor, _progress: float) -> Tensor:
        present = tokens[rows] != tokenizer.pad_token_id
        words = int(present.sum(1).max())
        ids, mask = tokens[rows, :words], present[:, :words]
        out = model(
            pixel_values=normalise(pictures.pixels[rows]),
            input_ids=ids,
            attention_mask=mask.long(),
            labels=ids.masked_fill(~mask, -100),
        )
        seen = patch_head(out.last_hidden_state[:, 1:]).float()
        patches = nn.functional.cross_entropy(seen.flatten(0, 1), labels[rows].flatten())
        return out.loss + _PATCH_WEIGHT * patches

    return fit([model, patch_head], loss_of, PLAN)


def captions_of(out: Path, images: list[Image.Image]) -> list[str]:
    """What the stored model says about pictures."""
    processor = AutoProcessor.from_pretrained(out)
    model = AutoModelForImageTextToText.from_pretrained(out).eval()
    captions = []
    for start in range(0, len(images), 50):
        inputs = processor(images=images[start : start + 50], return_tensors="pt")
        tokens = model.generate(**inputs, max_new_tokens=LONGEST - 2)
        captions += processor.batch_decode(tokens, skip_special_tokens=True)
    return captions


def words_right(expected: str, caption: str) -> bool:
    """Whether the caption names the same colours and kinds, in the same order."""
    known = {*COLOURS, *KINDS, *(f"{kind}s" for kind in KINDS)}
    left, right = (
        [word for word in text.split(" on a ")[0].replace(",", "").split() if word in known]
        for text in (expected, caption)
    )
    return left == right


def evaluate(out: Path, count: int = 500) -> dict[str, float]:
    """Exact captions, and captions with the right colours and kinds, on unseen scenes."""
    figures = {}
    for shapes, spoil in ((1, False), (1, True), (2, False), (3, False)):
        rng = random.Random(HELD_OUT_SEED)
        scenes = [sample_scene(rng, shapes) for _ in range(count)]
        images = [spoiled(scene, rng) if spoil else draw(scene) for scene in scenes]
        pairs = list(zip(map(describe, scenes), captions_of(out, images), strict=True))
        name = f"{shapes} shape{'s' * (shapes > 1)}, {'spoiled' if spoil else 'clean'}"
        figures[f"{name}: whole caption"] = sum(a == b for a, b in pairs) / count
        figures[f"{name}: colours and kinds"] = sum(words_right(a, b) for a, b in pairs) / count
    return figures


CARD = """# {name}

Describes a picture of one to three plain shapes, from left to right: "a big blue square and a
small yellow star on a grey background". A BLIP model of {size} parameters that looks at
{side} x {side} pixels in patches of {patch}; the image processor resizes any picture. Its
vocabulary is {words} whole words.

It knows drawings of plain shapes on plain backgrounds, and nothing else: of any other picture
it says something just as short, and wrong.

## Training

Random weights, then {pictures:,} rendered scenes of one to three shapes, seen {epochs} times
each, drawn at several resolutions and spoiled by warping, turning, blur, noise, colour shifts
and JPEG. The loss is on the caption, and on what each patch shows by a head that was thrown
away. AdamW, peak rate {rate}, batch {batch}, seed {seed}; {minutes:.1f} minutes on one
busy processor core, besides rendering.

    python -m scripts.starter.image_to_text --out {out} --seed {seed}

## Held-out accuracy

{figures}

Each line is 500 unseen scenes, captioned greedily.

## Use

    processor = AutoProcessor.from_pretrained("{name}")
    model = AutoModelForImageTextToText.from_pretrained("{name}")
    tokens = model.generate(**processor(images=image, return_tensors="pt"))
    processor.decode(tokens[0], skip_special_tokens=True)

or `transformers.pipeline("image-text-to-text", model="{name}")(images=image, text="")`.
Weights are stored as float16 and load as float32.
"""


def main() -> None:
    """Train, store and measure the captioner."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    prepare(options.seed)
    processor = build_processor()
    model = build(processor.tokenizer)
    minutes = train(model, processor.tokenizer, options.seed)
    store(model, [processor], options.out)
    text = CARD.format(
        name=options.out.name,
        size=size_of(model),
        side=SIDE,
        patch=PATCH,
        words=len(vocabulary()) - len(SPECIAL),
        **asdict(PLAN),
        seed=options.seed,
        minutes=minutes,
        out=options.out,
        figures=listed(evaluate(options.out)),
    )
    write_card(options.out, "image-to-text", text)


if __name__ == "__main__":
    main()
