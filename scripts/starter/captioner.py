"""The captioner of the starter kit: its words, its parts and its size."""

import torch
from PIL import Image
from torch import Tensor
from transformers import (
    BertTokenizer,
    BlipConfig,
    BlipForConditionalGeneration,
    BlipImageProcessorPil,
    BlipProcessor,
    GenerationConfig,
)

from scripts.starter.world import BACKGROUNDS, COLOURS, KINDS, SIZES

SIDE, PATCH = 64, 8
GRID = SIDE // PATCH
WIDTH = 96
LONGEST = 32
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


def vocabulary() -> dict[str, int]:
    """Every word that a caption may hold, numbered."""
    words = [*SPECIAL, ",", "a", "an", "two", "three", "and", "on", "background"]
    words += [*filter(None, SIZES), *COLOURS, *KINDS, *(f"{kind}s" for kind in KINDS)]
    words += [word for background in BACKGROUNDS for word in background.split()]
    return {word: number for number, word in enumerate(dict.fromkeys(words))}


def build_processor() -> BlipProcessor:
    """The image processor and the tokenizer, which takes whole words."""
    tokenizer = BertTokenizer(vocab=vocabulary(), model_max_length=LONGEST)
    images = BlipImageProcessorPil(
        size={"height": SIDE, "width": SIDE},
        resample=Image.Resampling.BILINEAR,
        image_mean=[0.5] * 3,
        image_std=[0.5] * 3,
    )
    return BlipProcessor(image_processor=images, tokenizer=tokenizer)


def build(tokenizer: BertTokenizer) -> BlipForConditionalGeneration:
    """A vision transformer and a text decoder that looks at it, with random weights."""
    transformer = {
        "hidden_size": WIDTH,
        "intermediate_size": 2 * WIDTH,
        "num_attention_heads": 3,
        "projection_dim": WIDTH,
        # The vision part's default is next to nothing: fit only for weights loaded over it.
        "initializer_range": 0.05,
    }
    vision = transformer | {"num_hidden_layers": 4, "image_size": SIDE, "patch_size": PATCH}
    text = transformer | {
        "num_hidden_layers": 2,
        "encoder_hidden_size": WIDTH,
        "vocab_size": len(tokenizer),
        "max_position_embeddings": LONGEST,
        "bos_token_id": tokenizer.cls_token_id,
        "eos_token_id": tokenizer.sep_token_id,
        "sep_token_id": tokenizer.sep_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    model = BlipForConditionalGeneration(
        BlipConfig(text_config=text, vision_config=vision, projection_dim=WIDTH)
    )
    places = model.vision_model.embeddings.position_embedding
    # Knowing from the start which patches are neighbours saves most of the training.
    places.data[0, 1:] = wave_positions()
    model.generation_config = GenerationConfig(
        max_new_tokens=LONGEST - 2,
        bos_token_id=tokenizer.cls_token_id,
        eos_token_id=tokenizer.sep_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return model


def wave_positions() -> Tensor:
    """A position for each patch of the grid, made of waves across and down."""
    frequencies = torch.pi * 2.0 ** torch.linspace(-2, 2, WIDTH // 4)
    waves = torch.outer((torch.arange(GRID) + 0.5) / GRID, frequencies)
    waves = torch.cat((waves.sin(), waves.cos()), 1) / 2
    across, down = waves.repeat(GRID, 1), waves.repeat_interleave(GRID, 0)
    return torch.cat((across, down), 1)
