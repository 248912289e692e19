"""Train the starter kit's English to French translator: MarianMT on a generated corpus."""

import argparse
import io
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import sentencepiece
import torch
from torch import Tensor
from transformers import (
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    MarianConfig,
    MarianMTModel,
    MarianTokenizer,
    PreTrainedModel,
)

from scripts.starter.french_corpus import Pair, corpus, held_out
from scripts.starter.training import listed, prepare, size_of, store, write_card

_PAIRS = 260_000
_EPOCHS = 2
_BATCH = 96
_RATE = 2.5e-3
_PIECES = 1_800
_LONGEST = 64
_POSITIONS = 512
_END, _UNKNOWN, _PAD = 0, 1, 2
_SPECIAL = {"</s>": _END, "<unk>": _UNKNOWN, "<pad>": _PAD}
_LETTERS = "abcdefghijklmnopqrstuvwxyzàâæçéèêëîïôœùûüÿ"
# Curly quotes, odd spaces and line ends are read as their plain fellows.
_PLAIN = {
    "\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " ", "\u202f": " ",
    "\n": " ", "\t": " ",
}  # fmt: skip

Rows = list[tuple[list[int], list[int]]]


def _train_pieces(texts: list[str], folder: Path) -> bytes:
    """Train a unigram SentencePiece model; return it as a file's bytes."""
    rules = folder / "rules.tsv"
    rules.write_text("".join(f"{ord(a):X}\t{ord(b):X}\n" for a, b in _PLAIN.items()))
    written = io.BytesIO()
    printable = "".join(chr(code) for code in range(33, 127)) + _LETTERS + _LETTERS.upper()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_writer=written,
        vocab_size=_PIECES,
        hard_vocab_limit=False,
        split_digits=True,
        required_chars=printable,
        normalization_rule_tsv=str(rules),
        num_threads=1,
        minloglevel=2,
    )
    return written.getvalue()


def _vocabulary(models: list[bytes]) -> dict[str, int]:
    """One numbering of the pieces of both languages."""
    numbers = dict(_SPECIAL)
    for model in models:
        pieces = sentencepiece.SentencePieceProcessor(model_proto=model)
        for piece in (pieces.id_to_piece(i) for i in range(pieces.get_piece_size())):
            if piece != "<s>":
                numbers.setdefault(piece, len(numbers))
    return numbers


def build_tokenizer(pairs: list[Pair]) -> MarianTokenizer:
    """Train both languages' pieces and make the tokenizer."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sides = [list({pair[side] for pair in pairs}) for side in (0, 1)]
        # The order of a set changes from run to run.
        models = [_train_pieces(sorted(side), folder) for side in sides]
        for file, model in zip(("source.spm", "target.spm"), models, strict=True):
            (folder / file).write_bytes(model)
        (folder / "vocab.json").write_text(json.dumps(_vocabulary(models)))
        return MarianTokenizer(
            source_spm=str(folder / "source.spm"),
            target_spm=str(folder / "target.spm"),
            vocab=str(folder / "vocab.json"),
            source_lang="en",
            target_lang="fr",
            model_max_length=_POSITIONS,
            clean_up_tokenization_spaces=False,
        )


def build_model(pieces: int) -> MarianMTModel:
    """A small encoder and decoder that share their embeddings."""
    config = MarianConfig(
        vocab_size=pieces,
        decoder_vocab_size=pieces,
        d_model=128,
        encoder_layers=3,
        decoder_layers=2,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=384,
        decoder_ffn_dim=384,
        max_position_embeddings=_POSITIONS,
        dropout=0.05,
        attention_dropout=0.0,
        activation_function="silu",
        scale_embedding=True,
        init_std=0.06,
        pad_token_id=_PAD,
        eos_token_id=_END,
        forced_eos_token_id=_END,
        decoder_start_token_id=_PAD,
    )
    model = MarianMTModel(config)
    model.generation_config.update(
        max_new_tokens=200, num_beams=1, bad_words_ids=[[_PAD], [_UNKNOWN]]
    )
    return model


def encode(tokenizer: MarianTokenizer, pairs: list[Pair]) -> Rows:
    """Pairs as numbers, each side with its end mark; overlong ones are left out."""
    sources = tokenizer([pair[0] for pair in pairs])["input_ids"]
    targets = tokenizer(text_target=[pair[1] for pair in pairs])["input_ids"]
    rows = zip(sources, targets, strict=True)
    return [row for row in rows if max(len(row[0]), len(row[1])) <= _LONGEST]


def batches(rows: Rows, rng: random.Random) -> list[Rows]:
    """Batches of rows alike in length, in random order."""
    keyed = sorted(rows, key=lambda row: (len(row[1]), len(row[0]), rng.random()))
    cut = [keyed[i : i + _BATCH] for i in range(0, len(keyed), _BATCH)]
    rng.shuffle(cut)
    return cut


def _padded(sequences: list[list[int]], filling: int) -> Tensor:
    longest = max(map(len, sequences))
    return torch.tensor([numbers + [filling] * (longest - len(numbers)) for numbers in sequences])


def train(model: MarianMTModel, rows: Rows, seed: int) -> float:
    """Minimise the cross-entropy of the French side; return the processor minutes it took."""
    rng = random.Random(seed)
    plan: Iterator[Rows] = iter([part for _ in range(_EPOCHS) for part in batches(rows, rng)])
    steps = _EPOCHS * -(-len(rows) // _BATCH)
    optimiser = torch.optim.AdamW(model.parameters(), _RATE, betas=(0.9, 0.98), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, _RATE, total_steps=steps, pct_start=0.08
    )
    started, total = time.process_time(), 0.0
    model.train()
    for step, part in enumerate(plan, start=1):
        sources = _padded([row[0] for row in part], _PAD)
        targets = _padded([row[1] for row in part], -100)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = model(sources, attention_mask=(sources != _PAD).long(), labels=targets).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        total += loss.item()
        if step % 100 == 0:
            minutes = (time.process_time() - started) / 60
            print(f"step {step} of {steps} loss {total / 100:.4f} {minutes:.1f} min", flush=True)
            total = 0.0
    return (time.process_time() - started) / 60


@torch.inference_mode()
def translate(
    model: PreTrainedModel, tokenizer: MarianTokenizer, texts: list[str], batch: int = 50
) -> list[str]:
    """Translate texts greedily."""
    done: list[str] = []
    for i in range(0, len(texts), batch):
        inputs = tokenizer(texts[i : i + batch], return_tensors="pt", padding=True, truncation=True)
        done += tokenizer.batch_decode(model.generate(**inputs), skip_special_tokens=True)
    return done


def chrf(guesses: list[str], truths: list[str]) -> float:
    """Character n-gram F-score (chrF2) of a whole set, from 0 to 1."""
    scores = []
    for n in range(1, 7):
        common = guessed = true = 0
        for guess, truth in zip(guesses, truths, strict=True):
            left, right = (
                Counter(text[i : i + n] for i in range(len(text) - n + 1))
                for text in (guess.replace(" ", ""), truth.replace(" ", ""))
            )
            common += (left & right).total()
            guessed, true = guessed + left.total(), true + right.total()
        precision, recall = common / max(guessed, 1), common / max(true, 1)
        scores.append(5 * precision * recall / max(4 * precision + recall, 1e-9))
    return sum(scores) / len(scores)


def measure(out: Path) -> dict[str, float]:
    """Exact matches and chrF of a stored model on the held-out pairs."""
    tokenizer = AutoTokenizer.from_pretrained(out, local_files_only=True)
    model = AutoModelForSeq2SeqLM.from_pretrained(out, local_files_only=True).eval()
    figures: dict[str, float] = {}
    for sort, pairs in held_out().items():
        truths = [french for _, french in pairs]
        guesses = translate(model, tokenizer, [english for english, _ in pairs])
        right = sum(guess == truth for guess, truth in zip(guesses, truths, strict=True))
        figures[f"{sort} ({len(pairs)}), exact match"] = right / len(pairs)
        figures[f"{sort} ({len(pairs)}), chrF"] = chrf(guesses, truths)
    return figures


_CARD = """# english-to-french

Translates English into French within a small world: captions, labels and questions about
pictures of coloured shapes ("a big blue square and two red stars on a grey background"), and
short everyday sentences about people, animals, food, things, places, weather and time. "you" is
always "vous". Case and final punctuation of the English text carry over.

Outside that world it still answers, but do not trust it: unknown words and names are guessed at.
Give it one sentence or one line at a time; it has seen at most three in a row, and no line ends.

A MarianMT of {size} parameters (3 encoder and 2 decoder layers, 128 wide) with SentencePiece
models of its own.

## Training

Random weights, then {pairs:,} pairs, seen {epochs} times each: a parallel grammar in Python, with
agreement, elision and contraction, and some 340 hand-written pairs. AdamW, peak rate
{rate}, batch {batch}, bf16 autocast, seed {seed}; {minutes:.0f} minutes of one processor core.

    python -m scripts.starter.translation --out server/starter/models/english-to-french --seed {seed}

## Held-out figures

{figures}

Generated held-out pairs are of six words or more and were kept from training; the hand-written
sentences were never trained on, and an exact match there means word for word.

## Use

    tokenizer = AutoTokenizer.from_pretrained("english-to-french")
    model = AutoModelForSeq2SeqLM.from_pretrained("english-to-french")
    inputs = tokenizer("a small red circle", return_tensors="pt", truncation=True)
    tokenizer.decode(model.generate(**inputs, max_new_tokens=128)[0], skip_special_tokens=True)

Greedy decoding is the default. Weights are stored as float16 and load as float32.
"""  # noqa: E501


def main() -> None:
    """Train, store, measure, and write the model card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    prepare(options.seed)
    pairs = corpus(_PAIRS, options.seed)
    tokenizer = build_tokenizer(pairs[:60_000])
    model = build_model(len(tokenizer))
    size = size_of(model)
    print(f"{size} parameters, {len(tokenizer)} pieces", flush=True)
    minutes = train(model, encode(tokenizer, pairs), options.seed)
    store(model, [tokenizer], options.out)
    text = _CARD.format(
        size=size,
        pairs=_PAIRS,
        epochs=_EPOCHS,
        rate=_RATE,
        batch=_BATCH,
        seed=options.seed,
        minutes=minutes,
        figures=listed(measure(options.out)),
    )
    write_card(options.out, "translation", text)


if __name__ == "__main__":
    main()
