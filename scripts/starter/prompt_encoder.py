"""The reading half of the picture maker: its tokenizer, its text encoder and their training."""

import json
import random

import torch
from tokenizers.pre_tokenizers import ByteLevel
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.optim import AdamW
from torch.optim.lr_scheduler import OneCycleLR
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from scripts.starter.prompts import ask, compose
from scripts.starter.world import BACKGROUNDS, COLOURS, KINDS, SIZES, Scene

TOKENS = 40
WIDTH = 64
_MOST_SHAPES = 3
_READ = 6


def build_tokenizer(rng: random.Random) -> CLIPTokenizer:
    """A CLIP tokenizer whose words are those of the prompts; any byte has a token too."""
    specials = ("<|startoftext|>", "<|endoftext|>")
    blank = CLIPTokenizer(
        vocab={word: i for i, word in enumerate(specials)}, merges=[], model_max_length=TOKENS
    )
    corpus = [ask(compose(rng), rng) for _ in range(5000)]
    model = json.loads(blank.train_new_from_iterator(corpus, 700).backend_tokenizer.to_str())[
        "model"
    ]
    vocab: dict[str, int] = model["vocab"]
    # A byte that ends no word of the corpus may still end one of a user's.
    for byte in sorted(ByteLevel.alphabet()):
        vocab.setdefault(f"{byte}</w>", len(vocab))
    merges = [tuple(pair) for pair in model["merges"]]
    return CLIPTokenizer(vocab=vocab, merges=merges, model_max_length=TOKENS)


def build_text_encoder(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    """Two layers are enough to bind a colour to its shape."""
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=WIDTH,
            intermediate_size=4 * WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=TOKENS,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
            projection_dim=WIDTH,
        )
    )


def tokenize(tokenizer: CLIPTokenizer, prompts: list[str]) -> Tensor:
    """Prompts as the pipeline will tokenize them."""
    return tokenizer(prompts, padding="max_length", truncation=True, return_tensors="pt").input_ids


def train_text_encoder(
    text_encoder: CLIPTextModel, tokenizer: CLIPTokenizer, steps: int, rng: random.Random
) -> None:
    """Teach the encoder to read before anything is drawn.

    The last tokens must tell what stands where. Starting from an encoder that reads, the
    painter follows prompts hundreds of steps sooner.
    """
    widths = [1 + len(KINDS), 1 + len(COLOURS), 1 + len(SIZES)] * _MOST_SHAPES + [len(BACKGROUNDS)]
    head = nn.Linear(WIDTH, sum(widths))
    weights = [*text_encoder.parameters(), *head.parameters()]
    optimizer = AdamW(weights, lr=2e-3, weight_decay=0.01)
    schedule = OneCycleLR(optimizer, 2e-3, total_steps=steps, pct_start=0.1)
    for step in range(1, steps + 1):
        scenes = [compose(rng) for _ in range(64)]
        tokens = tokenize(tokenizer, [ask(scene, rng) for scene in scenes])
        answers = torch.tensor([_facts(scene) for scene in scenes])
        states = text_encoder(tokens).last_hidden_state[:, -_READ:]
        guesses = head(states).split(widths, -1)
        loss = torch.stack(
            [
                cross_entropy(guess.transpose(1, 2), answers[:, i : i + 1].expand(-1, _READ))
                for i, guess in enumerate(guesses)
            ]
        ).sum()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        schedule.step()
        if step % 50 == 0:
            print(f"text encoder {step}: {loss.item():.3f}", flush=True)


def _facts(scene: Scene) -> list[int]:
    """Kind, colour and size of each shape from left to right, zeros for none; the background."""
    facts: list[int] = []
    for shape in sorted(scene.shapes, key=lambda shape: shape.x):
        facts.append(1 + KINDS.index(shape.kind))
        facts.append(1 + list(COLOURS).index(shape.colour))
        facts.append(1 + SIZES.index(shape.size))
    facts += [0] * (3 * _MOST_SHAPES - len(facts))
    return [*facts, list(BACKGROUNDS).index(scene.background)]
