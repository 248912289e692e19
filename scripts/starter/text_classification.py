"""Train the starter kit's two sentiment classifiers: small BERTs on generated opinions."""

import argparse
import random
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import BertWordPieceTokenizer
from torch import Tensor
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    BertConfig,
    BertForSequenceClassification,
    BertTokenizer,
    PreTrainedTokenizerBase,
)

from scripts.starter import sentences
from scripts.starter.french_captions import about_a_picture
from scripts.starter.opinion_words import NEUTRAL
from scripts.starter.opinions import Opinion, opinion
from scripts.starter.training import HELD_OUT_SEED, listed, prepare, size_of, store, write_card

_OPINIONS = 96_000
_BATCH = 64
_RATE = 2e-3
_HELD_OUT = 1_000
_POSITIONS = 256
# Hidden words make the model weigh all the clues, and ready for words it never met.
_HIDDEN_SHARE = 0.08
_LABELS = {0: "NEGATIVE", 1: "POSITIVE"}


@dataclass(frozen=True, slots=True)
class Size:
    """The measures of one of the two models."""

    width: int
    layers: int
    heads: int
    pieces: int


_SIZES = {"small": Size(48, 2, 4, 2_400), "large": Size(96, 3, 4, 2_800)}


def _held_out() -> list[Opinion]:
    """Generated opinions, kept from training."""
    rng = random.Random(HELD_OUT_SEED)
    found: dict[str, int] = {}
    while len(found) < _HELD_OUT:
        text, label = opinion(rng)
        # Shorter ones are common phrases rather than new combinations.
        if len(text.split()) >= 5:
            found[text] = label
    return list(found.items())


def _neutral(rng: random.Random) -> Opinion:
    """No opinion at all: either label, so that the model learns to be unsure."""
    text = rng.choice(NEUTRAL) if rng.random() < 0.5 else about_a_picture(rng)[0]
    return text, rng.randrange(2)


def corpus(count: int, seed: int) -> list[Opinion]:
    """Opinions to train on: generated, hand-written, several in a row, and none at all."""
    rng = random.Random(seed)
    unseen = {text for text, _ in _held_out()}
    found: list[Opinion] = []
    while len(found) < count:
        roll = rng.random()
        if roll < 0.1:
            text, label = rng.choice(sentences.TRAINING)
        elif roll < 0.14:
            text, label = _neutral(rng)
        else:
            text, label = opinion(rng)
            if rng.random() < 0.05:
                more = [other for other, theirs in (opinion(rng) for _ in range(5))
                        if theirs == label]  # fmt: skip
                text = ". ".join([text, *more])
        if text not in unseen:
            found.append((text, label))
    return found


def build_tokenizer(opinions: list[Opinion], pieces: int) -> BertTokenizer:
    """Train word pieces on the corpus."""
    trainer = BertWordPieceTokenizer(lowercase=True)
    texts = [text for text, _ in opinions]
    trainer.train_from_iterator(texts, vocab_size=pieces, min_frequency=2, show_progress=False)
    return BertTokenizer(vocab=trainer.get_vocab(), model_max_length=_POSITIONS)


def build_model(size: Size, pieces: int) -> BertForSequenceClassification:
    """A small BERT with a head of two labels."""
    config = BertConfig(
        vocab_size=pieces,
        hidden_size=size.width,
        num_hidden_layers=size.layers,
        num_attention_heads=size.heads,
        intermediate_size=2 * size.width,
        max_position_embeddings=_POSITIONS,
        hidden_dropout_prob=0.1,
        attention_probs_dropout_prob=0.0,
        initializer_range=0.05,
        id2label=_LABELS,
        label2id={name: number for number, name in _LABELS.items()},
    )
    return BertForSequenceClassification(config)


def _hide(numbers: Tensor, tokenizer: PreTrainedTokenizerBase) -> Tensor:
    """Put the unknown word in place of some words."""
    special = torch.isin(numbers, torch.tensor(tokenizer.all_special_ids))
    hidden = (torch.rand(numbers.shape) < _HIDDEN_SHARE) & ~special
    return numbers.masked_fill(hidden, tokenizer.unk_token_id)


def train(
    model: BertForSequenceClassification, tokenizer: BertTokenizer, opinions: list[Opinion]
) -> float:
    """Minimise the cross-entropy of the labels; return the processor minutes it took."""
    rows = tokenizer([text for text, _ in opinions])["input_ids"]
    order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
    cut = [order[i : i + _BATCH] for i in range(0, len(order), _BATCH)]
    optimiser = torch.optim.AdamW(model.parameters(), _RATE, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, _RATE, total_steps=len(cut), pct_start=0.1
    )
    started, total = time.process_time(), 0.0
    model.train()
    for step, index in enumerate(torch.randperm(len(cut)).tolist(), start=1):
        inputs = {"input_ids": [rows[row] for row in cut[index]]}
        part = tokenizer.pad(inputs, return_tensors="pt")
        labels = torch.tensor([opinions[row][1] for row in cut[index]])
        logits = model(_hide(part["input_ids"], tokenizer), part["attention_mask"]).logits
        loss = torch.nn.functional.cross_entropy(logits, labels, label_smoothing=0.03)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        total += loss.item()
        if step % 100 == 0:
            minutes = (time.process_time() - started) / 60
            report = f"step {step} of {len(cut)} loss {total / 100:.4f} {minutes:.1f} min"
            print(report, flush=True)
            total = 0.0
    return (time.process_time() - started) / 60


@torch.inference_mode()
def measure(out: Path) -> dict[str, float]:
    """Accuracy of a stored model on what it was not trained on."""
    tokenizer = AutoTokenizer.from_pretrained(out, local_files_only=True)
    model = AutoModelForSequenceClassification.from_pretrained(out, local_files_only=True).eval()
    figures: dict[str, float] = {}
    for sort, opinions in (("generated", _held_out()), ("hand-written", list(sentences.TEST))):
        texts = [text for text, _ in opinions]
        inputs = tokenizer(texts, return_tensors="pt", padding=True, truncation=True)
        guesses = model(**inputs).logits.argmax(-1).tolist()
        right = sum(guess == label for guess, (_, label) in zip(guesses, opinions, strict=True))
        figures[f"{sort} sentences ({len(opinions)})"] = right / len(opinions)
    return figures


_CARD = """# sentiment-{name}

Says whether a short English text is praise or complaint: POSITIVE or NEGATIVE, with a score.
Scores near a half mean that it sees neither. A BERT of {size} parameters ({layers} layers,
{width} wide) with its own {pieces:,} lower-case word pieces.

It knows everyday opinions on food, people, products, films, places, service and weather, with
negation ("not bad at all") and contrast ("slow but lovely"). It does not know irony, and it only
guesses at words it never met.

## Training

Random weights, then {opinions:,} texts, seen once each: opinions from a generator in
Python, {written} hand-written ones, and some neutral sentences with either label. Some words are
hidden. AdamW, peak rate {rate}, batch {batch}, seed {seed}; {minutes:.1f} minutes of one
processor core.

    python -m scripts.starter.text_classification --size {name} --out server/starter/models/sentiment-{name} --seed {seed}

## Held-out accuracy

{figures}

The generated sentences are new combinations of known words; the hand-written ones were never
trained on.

## Use

    transformers.pipeline("text-classification", model="sentiment-{name}")(text, truncation=True)

Weights are stored as float16 and load as float32.
"""  # noqa: E501


def main() -> None:
    """Train, store, measure, and write the model card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=tuple(_SIZES), required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    prepare(options.seed)
    size = _SIZES[options.size]
    opinions = corpus(_OPINIONS, options.seed)
    tokenizer = build_tokenizer(opinions, size.pieces)
    model = build_model(size, len(tokenizer))
    parameters = size_of(model)
    print(f"{parameters} parameters, {len(tokenizer)} pieces", flush=True)
    minutes = train(model, tokenizer, opinions)
    store(model, [tokenizer], options.out)
    text = _CARD.format(name=options.size, size=parameters, layers=size.layers, width=size.width,
                        pieces=len(tokenizer), opinions=_OPINIONS, rate=_RATE,
                        batch=_BATCH, seed=options.seed, minutes=minutes,
                        written=len(sentences.TRAINING),
                        figures=listed(measure(options.out)))  # fmt: skip
    write_card(options.out, "text-classification", text)


if __name__ == "__main__":
    main()
